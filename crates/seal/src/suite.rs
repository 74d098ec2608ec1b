//! The one suite, and what is the same for answers and files: keys, contexts, and how texts are put
//! together so that none can be taken for another.

use std::convert::Infallible;

use eform::{SealTo, base64};
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem as _, OpModeR, OpModeS, Serializable};

use crate::Error;

type Kem = hpke::kem::X25519HkdfSha256;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

/// What seals, one piece after another.
pub(crate) type Sealing = hpke::aead::AeadCtxS<Aead, Kdf, Kem>;

/// What opens in the same order.
pub(crate) type Opening = hpke::aead::AeadCtxR<Aead, Kdf, Kem>;

/// The name of the only way to seal that there is: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
/// ChaCha20-Poly1305 (RFC 9180, section 7), and the layout of what is sealed. Another one will have
/// another name.
pub const SUITE: &str = "X25519-SHA256-ChaCha20Poly1305";

/// The bytes that every piece grows by.
pub(crate) const TAG: usize = 16;

/// An agency's private key: whoever has it can read everything that was sealed to its public one.
pub struct PrivateKey(<Kem as hpke::Kem>::PrivateKey);

impl PrivateKey {
    /// A new key of 32 random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(Kem::derive_keypair(&random).0)
    }

    /// The key of these bytes; none where they are not 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Deserializable::from_bytes(bytes).ok().map(Self)
    }

    /// Its bytes: a secret.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes().into()
    }

    /// Its public half.
    pub fn public(&self) -> [u8; 32] {
        Kem::sk_to_pk(&self.0).to_bytes().into()
    }

    /// What a definition says of it under this name.
    pub fn seal_to(&self, kid: &str) -> SealTo {
        SealTo { kid: kid.to_owned(), public_key: base64::encode(&self.public()) }
    }
}

/// Random numbers that were given: as many as one encapsulation asks for.
struct Given([u8; 32]);

impl TryRng for Given {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        unreachable!("an encapsulation asks for 32 bytes at once")
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        unreachable!("an encapsulation asks for 32 bytes at once")
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Infallible> {
        into.copy_from_slice(&self.0);
        Ok(())
    }
}

impl TryCryptoRng for Given {}

/// Whether something can be sealed to this key.
pub fn is_key(to: &SealTo) -> bool {
    sealing(to, &[], [0; 32]).is_ok()
}

/// Begins to seal: the key that travels, in base 64, and what seals with it.
pub(crate) fn sealing(
    to: &SealTo,
    info: &[u8],
    random: [u8; 32],
) -> Result<(String, Sealing), Error> {
    let key = to.key().ok_or(Error::Key)?;
    let key = Deserializable::from_bytes(&key).map_err(|_| Error::Key)?;
    let (enc, context) =
        hpke::setup_sender_with_rng(&OpModeS::<Kem>::Base, &key, info, &mut Given(random))
            .map_err(|_| Error::Key)?;
    Ok((base64::encode(&enc.to_bytes()), context))
}

/// Begins to open what was sealed with the key that travelled.
pub(crate) fn opening(key: &PrivateKey, enc: &str, info: &[u8]) -> Result<Opening, Error> {
    let enc = base64::decode(enc).ok_or(Error::Shape)?;
    let enc = Deserializable::from_bytes(&enc).map_err(|_| Error::Shape)?;
    hpke::setup_receiver(&OpModeR::<Kem>::Base, &key.0, &enc, info).map_err(|_| Error::Changed)
}

/// Texts one after another, each as `LENGTH:TEXT,` with its length in bytes (a netstring): other
/// texts never give the same bytes.
pub(crate) fn together(texts: &[&str]) -> Vec<u8> {
    let mut out = Vec::new();
    for text in texts {
        for part in [&text.len().to_string(), ":", text, ","] {
            out.extend_from_slice(part.as_bytes());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(digits: &str) -> Vec<u8> {
        let pair = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        (0..digits.len()).step_by(2).map(pair).collect()
    }

    /// RFC 9180, appendix A.2.1.
    #[test]
    fn the_published_example_goes_both_ways() {
        let key = |ikm: &str| PrivateKey::new(hex(ikm).try_into().unwrap());
        let receiver = key("1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df");
        // The published bytes, of which X25519 does not use five bits.
        let bytes = hex("8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb");
        assert!(PrivateKey::from_bytes(&bytes).unwrap().to_bytes() == receiver.to_bytes());
        assert_eq!(
            eform::hex(&receiver.public()),
            "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a"
        );
        let random = "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b";
        let info = b"Ode on a Grecian Urn";
        let (enc, mut sealing) =
            sealing(&receiver.seal_to("a"), info, hex(random).try_into().unwrap()).unwrap();
        assert_eq!(
            eform::hex(&base64::decode(&enc).unwrap()),
            "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"
        );
        let mut opening = opening(&receiver, &enc, info).unwrap();
        let text = b"Beauty is truth, truth beauty";
        for number in 0..256 {
            let aad = format!("Count-{number}");
            let sealed = sealing.seal(text, aad.as_bytes()).unwrap();
            let published = match number {
                0 => {
                    "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce8188\
                     3d2dd1b51a28"
                }
                1 => {
                    "6b53c051e4199c518de79594e1c4ab18b96f081549d45ce015be002090bb119e85285337cc95ba\
                     5f59992dc98c"
                }
                2 => {
                    "71146bd6795ccc9c49ce25dda112a48f202ad220559502cef1f34271e0cb4b02b4f10ecac6f48c\
                     32f878fae86b"
                }
                255 => {
                    "18ab939d63ddec9f6ac2b60d61d36a7375d2070c9b683861110757062c52b8880a5f6b3936da9c\
                     d6c23ef2a95c"
                }
                _ => "",
            };
            if !published.is_empty() {
                assert_eq!(eform::hex(&sealed), published, "{number}");
            }
            assert_eq!(opening.open(&sealed, aad.as_bytes()).unwrap(), text);
        }
    }

    #[test]
    fn what_nothing_can_be_sealed_to_is_no_key() {
        let good = PrivateKey::new([1; 32]).seal_to("a");
        assert!(is_key(&good));
        // RFC 7748, section 6.1: with points of small order everybody has the same secret.
        let small = |first| base64::encode(&[&[first][..], &[0; 31]].concat());
        let keys = ["", "AAAA", &small(0), &small(1), &good.public_key[1..], "ก"];
        for key in keys.map(String::from) {
            assert!(!is_key(&SealTo { public_key: key.clone(), ..good.clone() }), "{key}");
        }
    }

    #[test]
    fn texts_together_are_never_those_of_others() {
        assert_eq!(together(&["id", "", "ก,1:"]), b"2:id,0:,6:\xE0\xB8\x81,1:,");
        assert_ne!(together(&["a", "b"]), together(&["ab", ""]));
    }
}
