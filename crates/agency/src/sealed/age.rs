//! Files that a passphrase opens, in the format of age (age-encryption.org/v1, C2SP), so that an agency
//! can open its key with the standard tool when this program is gone: `age --decrypt FILE`. Only what
//! a key needs of it: one recipient, a passphrase, and one piece of at most 64 KiB. The crate `age`
//! brings 79 others, most of them for what is not needed here; `age` itself and the npm package
//! `age-encryption` are the second opinion in tests.

use base64::{
    Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::STANDARD_NO_PAD,
};
use chacha20poly1305::{ChaCha20Poly1305, Key, KeyInit as _, Nonce, aead::Aead as _};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// The first line.
const VERSION: &str = "age-encryption.org/v1";

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";

/// The base 64 of a line of the armour.
const COLUMNS: usize = 64;

/// The most of a piece, and so of a file here.
const PIECE: usize = 64 << 10;

/// scrypt's work for new files, as a power of two: what age takes. 256 MiB of memory, about a second.
pub(super) const WORK: u8 = 18;

/// The most work that a file may ask for: 1 GiB of memory.
const WORK_MOST: u8 = 20;

/// The random bytes of one file.
pub(super) struct Random {
    pub file_key: [u8; 16],
    pub salt: [u8; 16],
    pub nonce: [u8; 16],
}

/// Why a file was not opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unopened {
    /// It is not such a file, or one with other recipients than a passphrase.
    Format,
    /// It asks for more work than is reasonable.
    Work,
    /// The passphrase is another one, or the file was changed.
    Passphrase,
}

/// Text that only the passphrase turns into these bytes again.
pub(super) fn protect(bytes: &[u8], passphrase: &str, work: u8, random: &Random) -> Option<String> {
    let wrap = wrapping(passphrase, &random.salt, work)?;
    let wrapped = wrap.encrypt(&Nonce::default(), random.file_key.as_slice()).ok()?;
    let salt = STANDARD_NO_PAD.encode(random.salt);
    let header =
        format!("{VERSION}\n-> scrypt {salt} {work}\n{}\n---", STANDARD_NO_PAD.encode(wrapped));
    let mac = header_mac(&random.file_key, header.as_bytes())?.finalize().into_bytes();
    let payload = payload(&random.file_key, &random.nonce)?.encrypt(&last(), bytes).ok()?;
    let mut file = format!("{header} {}\n", STANDARD_NO_PAD.encode(mac)).into_bytes();
    file.extend_from_slice(&random.nonce);
    file.extend_from_slice(&payload);
    let mut text = format!("{BEGIN}\n");
    for line in STANDARD.encode(file).as_bytes().chunks(COLUMNS) {
        text.extend(line.iter().map(|letter| char::from(*letter)));
        text.push('\n');
    }
    Some(text + END + "\n")
}

/// The bytes that were protected, from a file with armour or without.
pub(super) fn reveal(file: &[u8], passphrase: &str) -> Result<Vec<u8>, Unopened> {
    let bare = unarmoured(file);
    let file = bare.as_deref().unwrap_or(file);
    let mut rest = file;
    let mut line = || {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let (line, later) = (std::str::from_utf8(&rest[..end]).ok()?, &rest[end + 1..]);
        rest = later;
        Some(line)
    };
    let mut header = || {
        let version = line()?;
        let mut stanza = line()?.strip_prefix("-> scrypt ")?.split(' ');
        let salt = STANDARD_NO_PAD.decode(stanza.next()?).ok()?;
        let work: u8 = stanza.next()?.parse().ok()?;
        let wrapped = STANDARD_NO_PAD.decode(line()?).ok()?;
        let mac = STANDARD_NO_PAD.decode(line()?.strip_prefix("--- ")?).ok()?;
        let fits = version == VERSION && salt.len() == 16 && stanza.next().is_none();
        fits.then_some((salt, work, wrapped, mac))
    };
    let (salt, work, wrapped, mac) = header().ok_or(Unopened::Format)?;
    if work > WORK_MOST {
        return Err(Unopened::Work);
    }
    let (nonce, sealed) = rest.split_first_chunk::<16>().ok_or(Unopened::Format)?;
    if sealed.len() > PIECE + 16 {
        return Err(Unopened::Format);
    }
    // Without the last line's MAC, and the space before it.
    let header = file.len() - rest.len() - STANDARD_NO_PAD.encode(&mac).len() - 2;
    let open = || {
        let wrap = wrapping(passphrase, &salt, work)?;
        let file_key: [u8; 16] =
            wrap.decrypt(&Nonce::default(), wrapped.as_slice()).ok()?.try_into().ok()?;
        header_mac(&file_key, &file[..header])?.verify_slice(&mac).ok()?;
        payload(&file_key, nonce)?.decrypt(&last(), sealed).ok()
    };
    open().ok_or(Unopened::Passphrase)
}

/// Without armour, if there is any.
fn unarmoured(file: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(file).ok()?.trim();
    let inner = text.strip_prefix(BEGIN)?.strip_suffix(END)?;
    STANDARD.decode(inner.lines().map(str::trim).collect::<String>()).ok()
}

/// What the file's key is wrapped with.
fn wrapping(passphrase: &str, salt: &[u8], work: u8) -> Option<ChaCha20Poly1305> {
    let salt = [format!("{VERSION}/scrypt").as_bytes(), salt].concat();
    let params = scrypt::Params::new(work, 8, 1).ok()?;
    let mut key = Key::default();
    scrypt::scrypt(passphrase.as_bytes(), &salt, &params, &mut key).ok()?;
    Some(ChaCha20Poly1305::new(&key))
}

/// What proves the header.
fn header_mac(file_key: &[u8], header: &[u8]) -> Option<Hmac<Sha256>> {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, file_key).expand(b"header", &mut key).ok()?;
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key).ok()?;
    mac.update(header);
    Some(mac)
}

/// What the bytes are sealed with.
fn payload(file_key: &[u8], nonce: &[u8]) -> Option<ChaCha20Poly1305> {
    let mut key = Key::default();
    Hkdf::<Sha256>::new(Some(nonce), file_key).expand(b"payload", &mut key).ok()?;
    Some(ChaCha20Poly1305::new(&key))
}

/// The nonce of the first piece that is also the last.
fn last() -> Nonce {
    let mut nonce = Nonce::default();
    nonce[11] = 1;
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Little work, for a test.
    const QUICK: u8 = 4;

    const RANDOM: Random = Random { file_key: [1; 16], salt: [2; 16], nonce: [3; 16] };

    #[test]
    fn bytes_come_back_with_their_passphrase_and_no_other() {
        for bytes in [&b""[..], b"a secret", &[7; PIECE]] {
            let file = protect(bytes, "correct horse", QUICK, &RANDOM).unwrap();
            assert_eq!(reveal(file.as_bytes(), "correct horse").as_deref(), Ok(bytes));
            assert_eq!(reveal(file.as_bytes(), "correct horse "), Err(Unopened::Passphrase));
            let bare = unarmoured(file.as_bytes()).unwrap();
            assert_eq!(reveal(&bare, "correct horse").as_deref(), Ok(bytes));
        }
    }

    #[test]
    fn any_byte_that_is_changed_is_noticed() {
        let file = protect(b"a secret", "correct horse", QUICK, &RANDOM).unwrap();
        let bare = unarmoured(file.as_bytes()).unwrap();
        for at in 0..bare.len() {
            let mut changed = bare.clone();
            changed[at] ^= 1;
            assert!(reveal(&changed, "correct horse").is_err(), "{at}");
            assert!(reveal(&bare[..at], "correct horse").is_err(), "{at}");
        }
    }

    #[test]
    fn a_file_of_age_is_read() {
        // `age --encrypt --passphrase --armor` of version 1.1.1.
        let file = include_bytes!("../../tests/data/passphrase.age");
        assert_eq!(reveal(file, "correct horse battery").as_deref(), Ok(&b"a secret\n"[..]));
    }

    #[test]
    fn what_asks_for_too_much_or_is_something_else_is_refused() {
        let heavy = format!("{VERSION}\n-> scrypt {} 40\nAAAA\n--- AAAA\n", "A".repeat(22));
        for (file, error) in [
            (heavy.as_str(), Unopened::Work),
            ("", Unopened::Format),
            (BEGIN, Unopened::Format),
            (r#"{"kty":"OKP"}"#, Unopened::Format),
            ("age-encryption.org/v1\n-> X25519 AAAA\nAAAA\n--- AAAA\n", Unopened::Format),
        ] {
            assert_eq!(reveal(file.as_bytes(), ""), Err(error), "{file}");
        }
    }
}
