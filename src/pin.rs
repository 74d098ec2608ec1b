//! A PIN for what this phone keeps. The key of all that is kept is wrapped with one that is made from
//! the PIN (PBKDF2 with SHA-256, then AES-256-GCM): without the PIN nobody has it, and with it this
//! page does, for as long as it is open. How the key is used is in `crates/outbox/src/keys.rs`.

use eform::filed::ITERATIONS;
use eform_outbox::StorageError;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use crate::browser::member;
use crate::by_name::{self, Given, called, list};
use crate::locking;
use crate::outbox::{Outbox, outbox};

/// The fewest characters of a PIN.
pub const SHORTEST: usize = 6;

/// What is there of a PIN.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum State {
    /// This browser encrypts nothing.
    Impossible,
    /// There is none.
    None,
    /// There is one, and it was entered.
    Open,
    /// There is one that was not entered yet.
    Locked,
}

/// What a PIN was not good for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Failed {
    /// It is another.
    Wrong,
    /// The browser did not do it.
    NotDone,
}

impl From<StorageError> for Failed {
    fn from(_: StorageError) -> Self {
        Self::NotDone
    }
}

impl From<JsValue> for Failed {
    fn from(_: JsValue) -> Self {
        Self::NotDone
    }
}

/// What is there of a PIN.
pub async fn state() -> State {
    match newest().await {
        Ok((_, key)) if key.is_undefined() => State::Impossible,
        Ok((_, key)) if member(&key, "wrapped").is_undefined() => State::None,
        Ok((_, key)) if member(&key, "locked").is_truthy() => State::Locked,
        Ok(_) => State::Open,
        Err(_) => State::Impossible,
    }
}

async fn newest() -> Result<(Outbox, JsValue), StorageError> {
    let outbox = outbox().await?;
    let key = outbox.does("newestKey", &[]).await?;
    Ok((outbox, key))
}

/// Opens what is kept.
pub async fn unlock(pin: &str) -> Result<(), Failed> {
    let (outbox, kept) = newest().await?;
    // Another tab may have taken the PIN away.
    if member(&kept, "locked").is_truthy() {
        let wrapping = opening(&kept, pin).await?;
        let handle = unwrapped(&kept, &wrapping, false).await.map_err(|_| Failed::Wrong)?;
        outbox.does("unlock", &[member(&kept, "id"), handle]).await?;
    }
    locking::unlocked();
    Ok(())
}

/// Puts all that is kept under a PIN, where there was none.
pub async fn set(pin: &str) -> Result<(), Failed> {
    let key = new_key().await?;
    let (kept, wrapping) = wrapped(&key, pin).await?;
    let handle = unwrapped(&kept, &wrapping, false).await?;
    Ok(outbox().await?.does("changeKey", &[kept, handle]).await.map(drop)?)
}

/// Puts another PIN in the place of the one there is, or none. The key stays the same.
pub async fn change(old: &str, new: Option<&str>) -> Result<(), Failed> {
    let (outbox, kept) = newest().await?;
    let id = member(&kept, "id");
    let wrapping = opening(&kept, old).await?;
    // It leaves the browser as something wrapped, this once.
    let may_leave = new.is_some();
    let key = unwrapped(&kept, &wrapping, may_leave).await.map_err(|_| Failed::Wrong)?;
    let kept = match new {
        Some(pin) => wrapped(&key, pin).await?.0,
        None => object(&[("key", key)]),
    };
    Ok(outbox.does("rewrap", &[id, kept]).await.map(drop)?)
}

/// Deletes what is under a PIN that nobody knows any more.
pub async fn forget() -> Result<(), Failed> {
    if outbox().await?.does("forgetLocked", &[]).await?.is_truthy() {
        locking::unlocked();
        return Ok(());
    }
    Err(Failed::NotDone)
}

fn subtle() -> JsValue {
    member(&member(&by_name::window(), "crypto"), "subtle")
}

fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in members {
        // Setting a member of a fresh object cannot fail.
        _ = js_sys::Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

fn aes(more: &[(&str, JsValue)]) -> JsValue {
    let mut members = vec![("name", "AES-GCM".into()), ("length", 256.into())];
    members.extend_from_slice(more);
    object(&members)
}

fn uses(names: &[&str]) -> JsValue {
    list(&names.iter().map(|name| (*name).into()).collect::<Vec<_>>())
}

fn drawn(bytes: u32) -> Given {
    let room = by_name::make("Uint8Array", &[bytes.into()])?;
    by_name::call(&member(&by_name::window(), "crypto"), "getRandomValues", &[room])
}

async fn new_key() -> Given {
    let how = [aes(&[]), true.into(), uses(&["encrypt", "decrypt"])];
    called(&subtle(), "generateKey", &how).await
}

/// What is kept of a key under a PIN, and the key that wraps it.
async fn wrapped(key: &JsValue, pin: &str) -> Result<(JsValue, JsValue), JsValue> {
    let (salt, nonce) = (drawn(16)?, drawn(12)?);
    let iterations = f64::from(ITERATIONS);
    let wrapping = made_from(pin, &salt, iterations).await?;
    let how = ["raw".into(), key.clone(), wrapping.clone(), aes(&[("iv", nonce.clone())])];
    let wrapped = by_name::make("Uint8Array", &[called(&subtle(), "wrapKey", &how).await?])?;
    let kept =
        [("salt", salt), ("iterations", iterations.into()), ("iv", nonce), ("wrapped", wrapped)];
    Ok((object(&kept), wrapping))
}

/// The key that wraps the one that is kept so, if this is its PIN.
async fn opening(kept: &JsValue, pin: &str) -> Given {
    let iterations = member(kept, "iterations").as_f64().unwrap_or_default();
    made_from(pin, &member(kept, "salt"), iterations).await
}

/// The key that wraps the other, which costs the phone a second or so.
async fn made_from(pin: &str, salt: &JsValue, iterations: f64) -> Given {
    let pin = Uint8Array::from(pin.as_bytes()).into();
    let base = ["raw".into(), pin, "PBKDF2".into(), false.into(), uses(&["deriveKey"])];
    let base = called(&subtle(), "importKey", &base).await?;
    let how = object(&[
        ("name", "PBKDF2".into()),
        ("hash", "SHA-256".into()),
        ("salt", salt.clone()),
        ("iterations", iterations.into()),
    ]);
    let what = [how, base, aes(&[]), false.into(), uses(&["wrapKey", "unwrapKey"])];
    called(&subtle(), "deriveKey", &what).await
}

/// The browser's handle of the key, which it does not give away unless it may leave.
async fn unwrapped(kept: &JsValue, wrapping: &JsValue, may_leave: bool) -> Given {
    let how = aes(&[("iv", member(kept, "iv"))]);
    let uses = uses(&["encrypt", "decrypt"]);
    let what = ["raw".into(), member(kept, "wrapped"), wrapping.clone(), how, aes(&[])];
    let all: Vec<JsValue> = what.into_iter().chain([may_leave.into(), uses]).collect();
    called(&subtle(), "unwrapKey", &all).await
}
