//! A PIN for what this phone keeps. The key of all that is kept is wrapped with one that is made from
//! the PIN (PBKDF2 with SHA-256, then AES-256-GCM): without the PIN nobody has it, and with it this
//! page does, for as long as it is open. How the key is used is in `crates/outbox/src/rest.rs`.

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
    let iterations = member(&kept, "iterations").as_f64().unwrap_or_default();
    let wrapping = made_from(pin, &member(&kept, "salt"), iterations).await?;
    let handle = unwrapped(&kept, &wrapping).await.map_err(|_| Failed::Wrong)?;
    outbox.does("unlock", &[handle]).await?;
    locking::unlocked();
    Ok(())
}

/// Puts all that is kept under a PIN, in place of one before or of none.
pub async fn set(pin: &str) -> Result<(), Failed> {
    let outbox = outbox().await?;
    let (salt, nonce) = (drawn(16)?, drawn(12)?);
    let iterations = f64::from(ITERATIONS);
    let wrapping = made_from(pin, &salt, iterations).await?;
    // It leaves the browser as something wrapped, this once.
    let key = new_key(true).await?;
    let how = aes(&[("iv", nonce.clone())]);
    let wrapped = called(&subtle(), "wrapKey", &["raw".into(), key, wrapping.clone(), how]).await?;
    let wrapped = by_name::make("Uint8Array", &[wrapped])?;
    let kept = object(&[
        ("salt", salt),
        ("iterations", iterations.into()),
        ("iv", nonce),
        ("wrapped", wrapped),
    ]);
    let handle = unwrapped(&kept, &wrapping).await?;
    Ok(outbox.does("changeKey", &[kept, handle]).await.map(drop)?)
}

/// Takes the PIN away.
pub async fn remove() -> Result<(), Failed> {
    let key = new_key(false).await?;
    let kept = object(&[("key", key.clone())]);
    Ok(outbox().await?.does("changeKey", &[kept, key]).await.map(drop)?)
}

/// Deletes what is under a PIN that nobody knows any more.
pub async fn forget() -> Result<(), Failed> {
    outbox().await?.does("forgetLocked", &[]).await?;
    locking::unlocked();
    Ok(())
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

async fn new_key(may_leave: bool) -> Given {
    let how = [aes(&[]), may_leave.into(), uses(&["encrypt", "decrypt"])];
    called(&subtle(), "generateKey", &how).await
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

/// The browser's handle of the key, which it does not give away.
async fn unwrapped(kept: &JsValue, wrapping: &JsValue) -> Given {
    let how = aes(&[("iv", member(kept, "iv"))]);
    let uses = uses(&["encrypt", "decrypt"]);
    let what = ["raw".into(), member(kept, "wrapped"), wrapping.clone(), how, aes(&[])];
    let all: Vec<JsValue> = what.into_iter().chain([false.into(), uses]).collect();
    called(&subtle(), "unwrapKey", &all).await
}
