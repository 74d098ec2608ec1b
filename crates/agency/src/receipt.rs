//! Receipts: a reference for people, and a signature for everybody else.
//!
//! The signature is a compact JWS (RFC 7515, EdDSA by RFC 8037) whose payload is the JSON of the
//! receipt's four other members. A receipt is made here and kept elsewhere.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use eform::Receipt;
use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::Keys;

/// The 25 characters of a reference. No `0 O` and no `1 I L`, which look alike; `5 8 2` without
/// `S B Z`, which look like them; and no vowel, so that chance spells no word. Twelve of them make
/// 55 bits, and the database refuses a second use.
const ALPHABET: &[u8; 25] = b"23456789CDFGHJKMNPQRTVWXY";

const REFERENCE_LENGTH: usize = 12;

/// Why a receipt is not this agency's word.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Invalid {
    /// The signature is not a compact JWS.
    #[error("the signature cannot be read")]
    Unreadable,
    /// Another key signed it.
    #[error("it was signed with another key")]
    OtherKey,
    /// The signature does not belong to what it signs.
    #[error("the signature is wrong")]
    Signature,
    /// The signature is right, but for other members than those of the receipt.
    #[error("the signature is of another receipt")]
    OtherReceipt,
}

#[derive(Serialize, Deserialize)]
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
}

/// What is signed: the members of [`Receipt`] without the signature.
#[derive(Serialize, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Payload {
    id: String,
    reference: String,
    received_at: String,
    digest: String,
}

impl Payload {
    fn of(receipt: &Receipt) -> Self {
        Self {
            id: receipt.id.clone(),
            reference: receipt.reference.clone(),
            received_at: receipt.received_at.clone(),
            digest: receipt.digest.clone(),
        }
    }
}

/// A signed receipt with a reference drawn by chance.
pub(crate) fn issue(
    keys: &Keys,
    id: &str,
    digest: &str,
    received_at: OffsetDateTime,
) -> Result<Receipt, String> {
    let mut receipt = Receipt {
        id: id.to_owned(),
        reference: reference().map_err(|error| error.to_string())?,
        received_at: timestamp(received_at).map_err(|error| error.to_string())?,
        digest: digest.to_owned(),
        signature: String::new(),
    };
    receipt.signature = sign(keys, &receipt).map_err(|error| error.to_string())?;
    Ok(receipt)
}

fn sign(keys: &Keys, receipt: &Receipt) -> serde_json::Result<String> {
    let header = serde_json::to_vec(&Header { alg: "EdDSA", kid: keys.kid() })?;
    let payload = serde_json::to_vec(&Payload::of(receipt))?;
    let mut jws = URL_SAFE_NO_PAD.encode(header);
    jws.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut jws);
    let signature = keys.sign(jws.as_bytes());
    jws.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut jws);
    Ok(jws)
}

/// Is this receipt, in every member, what `keys` signed?
pub fn verify(keys: &Keys, receipt: &Receipt) -> Result<(), Invalid> {
    let (message, signature) = receipt.signature.rsplit_once('.').ok_or(Invalid::Unreadable)?;
    let (header, payload) = message.split_once('.').ok_or(Invalid::Unreadable)?;
    let decode = |part| URL_SAFE_NO_PAD.decode(part).map_err(|_| Invalid::Unreadable);
    let header = decode(header)?;
    let header: Header = serde_json::from_slice(&header).map_err(|_| Invalid::Unreadable)?;
    if header.alg != "EdDSA" || header.kid != keys.kid() {
        return Err(Invalid::OtherKey);
    }
    if !keys.verifies(message.as_bytes(), &decode(signature)?) {
        return Err(Invalid::Signature);
    }
    let payload: Payload =
        serde_json::from_slice(&decode(payload)?).map_err(|_| Invalid::Unreadable)?;
    if payload != Payload::of(receipt) {
        return Err(Invalid::OtherReceipt);
    }
    Ok(())
}

/// RFC 3339 in UTC, in whole seconds: `2026-11-20T01:14:03Z`.
pub(crate) fn timestamp(time: OffsetDateTime) -> Result<String, time::error::Format> {
    time.to_offset(time::UtcOffset::UTC).truncate_to_second().format(&Rfc3339)
}

/// The reference as it is kept, from any way in which people write it: in small letters, without
/// hyphens, with `S B Z` for the digits that look like them.
pub(crate) fn normalise(reference: &str) -> String {
    let symbols = reference.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| {
        match c.to_ascii_uppercase() {
            'S' => '5',
            'B' => '8',
            'Z' => '2',
            c => c,
        }
    });
    group(symbols)
}

fn reference() -> Result<String, getrandom::Error> {
    let mut symbols = String::with_capacity(REFERENCE_LENGTH);
    while symbols.len() < REFERENCE_LENGTH {
        let mut bytes = [0; 2 * REFERENCE_LENGTH];
        getrandom::fill(&mut bytes)?;
        // 250 is a multiple of 25: a byte above would make the first symbols likelier.
        let drawn = bytes.iter().filter(|byte| **byte < 250);
        let wanted = REFERENCE_LENGTH - symbols.len();
        symbols.extend(drawn.take(wanted).map(|b| char::from(ALPHABET[usize::from(b % 25)])));
    }
    Ok(group(symbols.chars()))
}

/// In groups of four, as people read them out.
fn group(symbols: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    for (i, symbol) in symbols.enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push('-');
        }
        out.push(symbol);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_three_groups_of_the_alphabet() {
        for _ in 0..200 {
            let reference = reference().unwrap();
            let groups: Vec<&str> = reference.split('-').collect();
            assert_eq!(groups.len(), 3, "{reference}");
            assert!(groups.iter().all(|group| group.len() == 4), "{reference}");
            assert!(reference.bytes().all(|b| b == b'-' || ALPHABET.contains(&b)), "{reference}");
        }
    }

    #[test]
    fn every_spelling_of_a_reference_is_the_same() {
        for spelling in ["K7M3-9QXT-25F8", "k7m39qxt25f8", " K7M3 9QXT ZSFB ", "k7m3–9qxt–25f8"]
        {
            assert_eq!(normalise(spelling), "K7M3-9QXT-25F8", "{spelling}");
        }
    }

    #[test]
    fn a_changed_receipt_is_found_out() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::create(&folder.path().join("a")).unwrap();
        let other = Keys::create(&folder.path().join("b")).unwrap();
        let now = OffsetDateTime::now_utc();
        let receipt = issue(&keys, "id", "sha256:00", now).unwrap();
        assert_eq!(verify(&keys, &receipt), Ok(()));
        assert_eq!(verify(&other, &receipt), Err(Invalid::OtherKey));
        let forged = Receipt { digest: "sha256:01".to_owned(), ..receipt.clone() };
        assert_eq!(verify(&keys, &forged), Err(Invalid::OtherReceipt));
        let second = issue(&keys, "id", "sha256:01", now).unwrap();
        let tail = |r: &Receipt| r.signature.rsplit_once('.').unwrap().1.to_owned();
        let mixed = receipt.signature.replace(&tail(&receipt), &tail(&second));
        let mixed = Receipt { signature: mixed, ..receipt.clone() };
        assert_eq!(verify(&keys, &mixed), Err(Invalid::Signature));
        let none = Receipt { signature: "x".to_owned(), ..receipt };
        assert_eq!(verify(&keys, &none), Err(Invalid::Unreadable));
    }
}
