//! Is a receipt what `docs/protocol.md` says? With nothing but the receipt and the published keys.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, VerifyingKey};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Amiss, Outcome};

/// The members, in their order.
const MEMBERS: [&str; 5] = ["id", "reference", "receivedAt", "digest", "signature"];

/// How many letters and digits a reference has at least.
const REFERENCE: usize = 10;

pub(super) fn text<'a>(receipt: &'a Value, member: &str) -> &'a str {
    receipt.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// What the page would not take for a receipt of these bytes under this id.
pub(super) fn wrong(receipt: &Value, id: &str, digest: &str) -> Option<String> {
    for member in MEMBERS {
        match receipt.get(member) {
            None => return Some(format!("a receipt without `{member}`")),
            Some(Value::String(text)) if !text.trim().is_empty() => {}
            Some(_) => return Some(format!("a receipt whose `{member}` is blank or no text")),
        }
    }
    if text(receipt, "id") != id {
        return Some(format!("a receipt of another id, {}", text(receipt, "id")));
    }
    let told = text(receipt, "digest");
    (told != digest).then(|| format!("a receipt of other bytes, {told} instead of {digest}"))
}

/// What people and programs are to read of it.
pub(super) fn can_be_read(receipt: &Value) -> Outcome {
    let reference = text(receipt, "reference");
    let symbols = reference.chars().filter(|symbol| symbol.is_alphanumeric()).count();
    if symbols < REFERENCE {
        return Err(Amiss::Fails(format!("a reference of {symbols}, {reference}")));
    }
    let received_at = text(receipt, "receivedAt");
    let read = OffsetDateTime::parse(received_at, &Rfc3339);
    read.map(drop).map_err(|_| Amiss::Fails(format!("`receivedAt` {received_at}")))
}

/// A JWS of the receipt's other four members?
pub(super) fn signs_the_receipt(receipt: &Value) -> Outcome {
    let Jws { payload, .. } = jws(receipt)?;
    let mut signed = receipt.clone();
    if let Some(members) = signed.as_object_mut() {
        members.remove("signature");
    }
    let payload: Option<Value> = serde_json::from_slice(&payload).ok();
    if payload.as_ref() == Some(&signed) {
        return Ok(());
    }
    let came = "a signature of something else than the receipt's other members";
    Err(Amiss::Fails(came.to_owned()))
}

/// Signed by one of these keys (a JWK Set)?
pub(super) fn verifies(receipt: &Value, keys: &Value) -> Outcome {
    let Jws { header, message, signature, .. } = jws(receipt)?;
    let header: Value = serde_json::from_slice(&header).unwrap_or_default();
    if header.get("alg") != Some(&json!("EdDSA")) {
        let came = format!("only EdDSA is understood, not {}", header["alg"]);
        return Err(Amiss::NotTried(came));
    }
    let keys = keys.get("keys").and_then(Value::as_array).into_iter().flatten();
    let mut named = keys.filter(|key| key.get("kid") == header.get("kid"));
    let Some(key) = named.next() else {
        let came = format!("no key with the `kid` {} among those", header["kid"]);
        return Err(Amiss::Fails(came));
    };
    let key = URL_SAFE_NO_PAD.decode(text(key, "x")).ok();
    let key = key.and_then(|bytes| VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok());
    let signature = Signature::from_slice(&signature).ok();
    match key.zip(signature) {
        Some((key, signature)) if key.verify_strict(message.as_bytes(), &signature).is_ok() => {
            Ok(())
        }
        _ => Err(Amiss::Fails("a signature that this key did not make".to_owned())),
    }
}

/// The parts of a compact JWS.
struct Jws<'a> {
    header: Vec<u8>,
    payload: Vec<u8>,
    /// What is signed: the first two as they came.
    message: &'a str,
    signature: Vec<u8>,
}

fn jws(receipt: &Value) -> Result<Jws<'_>, Amiss> {
    let read = || {
        let (message, signature) = text(receipt, "signature").rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let decode = |part| URL_SAFE_NO_PAD.decode(part).ok();
        let (header, payload) = (decode(header)?, decode(payload)?);
        Some(Jws { header, payload, message, signature: decode(signature)? })
    };
    read().ok_or_else(|| Amiss::Fails("a signature that is not a compact JWS".to_owned()))
}
