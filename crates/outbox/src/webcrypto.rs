//! The browser's own encryption (WebCrypto), for files: a key of a code, and pieces under it. It is not
//! there without TLS.

use eform::filed::Header;
use js_sys::{Array, ArrayBuffer, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{StorageError, js};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    type Subtle;
    #[wasm_bindgen(method, catch, js_name = importKey)]
    fn import_key(
        this: &Subtle,
        format: &str,
        key: &Uint8Array,
        algorithm: &str,
        extractable: bool,
        usages: &Array,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = deriveKey)]
    fn derive_key(
        this: &Subtle,
        algorithm: &JsValue,
        base: &JsValue,
        derived: &JsValue,
        extractable: bool,
        usages: &Array,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn encrypt(
        this: &Subtle,
        algorithm: &JsValue,
        key: &JsValue,
        data: &Uint8Array,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn decrypt(
        this: &Subtle,
        algorithm: &JsValue,
        key: &JsValue,
        data: &Uint8Array,
    ) -> Result<Promise, JsValue>;
}

/// The key of one file.
pub struct Key {
    subtle: Subtle,
    key: JsValue,
    header: Header,
}

impl Key {
    /// Of this code, which costs the phone a second or so.
    pub async fn of(code: &str, header: Header) -> Result<Self, StorageError> {
        let crypto = js::member(&js_sys::global(), "crypto");
        let subtle = js::object_member::<Subtle>(&crypto, "subtle");
        let subtle = subtle.ok_or_else(|| StorageError::Other("no webcrypto".into()))?;
        let code = Uint8Array::from(code.as_bytes());
        let use_it = Array::of1(&"deriveKey".into());
        let base = subtle.import_key("raw", &code, "PBKDF2", false, &use_it)?;
        let base = JsFuture::from(base).await?;
        let how = js::object(&[
            ("name", &"PBKDF2".into()),
            ("hash", &"SHA-256".into()),
            ("salt", &Uint8Array::from(&header.salt[..])),
            ("iterations", &header.iterations.into()),
        ]);
        let what = js::object(&[("name", &"AES-GCM".into()), ("length", &256.into())]);
        let use_it = Array::of2(&"encrypt".into(), &"decrypt".into());
        let key = subtle.derive_key(&how, &base, &what, false, &use_it)?;
        let key = JsFuture::from(key).await?;
        Ok(Self { subtle, key, header })
    }

    /// A piece of the contents, encrypted.
    pub async fn seal(&self, number: u64, piece: &[u8]) -> Result<Uint8Array, StorageError> {
        let piece = Uint8Array::from(piece);
        let sealed = self.subtle.encrypt(&self.how(number), &self.key, &piece)?;
        bytes(sealed).await
    }

    /// A piece of the file, decrypted; an error where it is not what was encrypted.
    pub async fn open(&self, number: u64, piece: &Uint8Array) -> Result<Vec<u8>, StorageError> {
        let opened = self.subtle.decrypt(&self.how(number), &self.key, piece)?;
        Ok(bytes(opened).await?.to_vec())
    }

    fn how(&self, number: u64) -> JsValue {
        js::object(&[
            ("name", &"AES-GCM".into()),
            ("iv", &Uint8Array::from(&self.header.nonce(number)[..])),
            ("additionalData", &Uint8Array::from(&self.header.to_bytes()[..])),
        ])
    }
}

async fn bytes(given: Promise) -> Result<Uint8Array, StorageError> {
    let buffer: ArrayBuffer = JsFuture::from(given).await?.unchecked_into();
    Ok(Uint8Array::new(&buffer))
}
