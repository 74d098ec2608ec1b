//! The browser's own encryption (WebCrypto), for files: a key of a code, and pieces under it. It is not
//! there without TLS.
//!
//! Everything of the browser is called by its name: this is in the page's later part, and a binding for
//! each would be fetched with its first.

use eform::filed::Header;
use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::js::{member, object};

type Given = Result<JsValue, JsValue>;

/// The key of one file.
pub struct Key {
    subtle: JsValue,
    key: JsValue,
    header: Header,
}

impl Key {
    /// Of this code, which costs the phone a second or so.
    pub async fn of(code: &str, header: Header) -> Result<Self, JsValue> {
        let subtle = member(&member(&js_sys::global(), "crypto"), "subtle");
        let code = Uint8Array::from(code.as_bytes()).into();
        let never = JsValue::FALSE;
        let uses = list(&["deriveKey".into()]);
        let base = ["raw".into(), code, "PBKDF2".into(), never.clone(), uses];
        let base = called(&subtle, "importKey", &base).await?;
        let how = object(&[
            ("name", &"PBKDF2".into()),
            ("hash", &"SHA-256".into()),
            ("salt", &Uint8Array::from(&header.salt[..])),
            ("iterations", &header.iterations.into()),
        ]);
        let what = object(&[("name", &"AES-GCM".into()), ("length", &256.into())]);
        let uses = list(&["encrypt".into(), "decrypt".into()]);
        let key = called(&subtle, "deriveKey", &[how, base, what, never, uses]).await?;
        Ok(Self { subtle, key, header })
    }

    /// A piece of the contents, encrypted.
    pub async fn seal(&self, number: u64, piece: &[u8]) -> Given {
        let piece = Uint8Array::from(piece).into();
        called(&self.subtle, "encrypt", &[self.how(number), self.key.clone(), piece]).await
    }

    /// A piece of the file, decrypted; an error where it is not what was encrypted.
    pub async fn open(&self, number: u64, piece: JsValue) -> Result<Vec<u8>, JsValue> {
        let opened = [self.how(number), self.key.clone(), piece];
        let opened = called(&self.subtle, "decrypt", &opened).await?;
        Ok(bytes(opened)?.to_vec())
    }

    fn how(&self, number: u64) -> JsValue {
        object(&[
            ("name", &"AES-GCM".into()),
            ("iv", &Uint8Array::from(&self.header.nonce(number)[..])),
            ("additionalData", &Uint8Array::from(&self.header.to_bytes()[..])),
        ])
    }
}

/// Fills bytes by chance.
pub fn draw<const N: usize>() -> Result<[u8; N], JsValue> {
    let room = make("Uint8Array", &[(N as u32).into()])?;
    let crypto = member(&js_sys::global(), "crypto");
    let drawn: Uint8Array = call(&crypto, "getRandomValues", &[room])?.unchecked_into();
    drawn.to_vec().try_into().map_err(|_| JsValue::UNDEFINED)
}

/// The bytes of a buffer.
pub fn bytes(buffer: JsValue) -> Result<Uint8Array, JsValue> {
    Ok(make("Uint8Array", &[buffer])?.unchecked_into())
}

/// Bytes and blobs, one after the other, as one blob: the browser may keep it on the disk.
pub fn blob(parts: &[JsValue]) -> Given {
    make("Blob", &[list(parts)])
}

/// Calls a function of an object. What is no function throws.
pub fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Given {
    reflect("apply", &member(object, name), object, &list(arguments))
}

/// Calls a function that gives a promise, and waits for it.
pub async fn called(object: &JsValue, name: &str, arguments: &[JsValue]) -> Given {
    JsFuture::from(call(object, name, arguments)?.dyn_into::<Promise>()?).await
}

fn make(class: &str, arguments: &[JsValue]) -> Given {
    let class = member(&js_sys::global(), class);
    reflect("construct", &class, &list(arguments), &class)
}

fn list(items: &[JsValue]) -> JsValue {
    let list = Array::new();
    let push: Function = member(&list, "push").unchecked_into();
    for item in items {
        // An array of ours takes whatever it is given.
        _ = push.call1(&list, item);
    }
    list.into()
}

fn reflect(name: &str, first: &JsValue, second: &JsValue, third: &JsValue) -> Given {
    let reflect: Function = member(&member(&js_sys::global(), "Reflect"), name).unchecked_into();
    reflect.call3(&JsValue::UNDEFINED, first, second, third)
}
