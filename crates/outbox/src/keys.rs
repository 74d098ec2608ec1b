//! The keys of this origin, in their store: found, made, kept as they are or so that a PIN opens them, and
//! changed. What they encrypt is the matter of [`crate::rest`].

use std::cell::{Cell, RefCell};

use js_sys::{Array, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{
    StorageError,
    idb::{DRAFTS, FILES, KEYS, Mode, OUTBOX, Read, Writer},
    js, platform,
    rest::Ahead,
    stash,
    store::{Later, Store, text},
};

/// Bytes of a nonce.
const NONCE: u32 = 12;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    type Subtle;
    #[wasm_bindgen(method, catch)]
    fn encrypt(
        this: &Subtle,
        how: &JsValue,
        key: &JsValue,
        bytes: &Uint8Array,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn decrypt(
        this: &Subtle,
        how: &JsValue,
        key: &JsValue,
        bytes: &Uint8Array,
    ) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = generateKey)]
    fn generate(
        this: &Subtle,
        what: &JsValue,
        may_leave: bool,
        uses: &Array,
    ) -> Result<Promise, JsValue>;
}

/// None without TLS.
fn subtle() -> Option<Subtle> {
    js::object_member(&js::member(&js_sys::global(), "crypto"), "subtle")
}

/// A key as it is kept: `{ id, at, key }`, or, with a PIN, `{ id, at, salt, iterations, iv, wrapped }`.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: String,
    /// When it was made: the newest is the one to write with.
    pub(crate) at: f64,
    pub(crate) row: JsValue,
    /// The browser's handle of it; `undefined` until the PIN was entered.
    handle: JsValue,
}

impl Key {
    pub(crate) fn of(row: JsValue) -> Self {
        let at = js::member(&row, "at").as_f64().unwrap_or_default();
        Self { id: text(&row, "id"), at, handle: js::member(&row, "key"), row }
    }

    pub(crate) fn is_locked(&self) -> bool {
        !self.handle.is_object() && js::member(&self.row, "wrapped").is_object()
    }

    /// Whether the browser has lost it.
    pub(crate) fn is_lost(&self) -> bool {
        !self.handle.is_object() && !self.is_locked()
    }

    pub(crate) async fn encrypt(
        &self,
        what: &str,
        plain: &Uint8Array,
    ) -> Result<Uint8Array, StorageError> {
        let nonce = nonce();
        let secret = self.add(&how(&nonce, what), plain).await?;
        let both = Uint8Array::new_with_length(NONCE + secret.length());
        both.set(&nonce, 0);
        both.set(&secret, NONCE);
        Ok(both)
    }

    /// What the browser makes of it.
    pub(crate) async fn add(
        &self,
        how: &JsValue,
        plain: &Uint8Array,
    ) -> Result<Uint8Array, StorageError> {
        let asked = subtle().and_then(|subtle| subtle.encrypt(how, &self.handle, plain).ok());
        made(asked).await.map(|secret| Uint8Array::new(&secret)).ok_or_else(no_key)
    }

    pub(crate) async fn decrypt(&self, what: &str, secret: &Uint8Array) -> Option<Uint8Array> {
        let how = how(&secret.slice(0, NONCE), what);
        let secret = secret.subarray(NONCE, secret.length());
        let asked = subtle()?.decrypt(&how, &self.handle, &secret).ok();
        made(asked).await.map(|plain| Uint8Array::new(&plain))
    }
}

/// What a promise came to.
async fn made(asked: Option<Promise>) -> Option<JsValue> {
    JsFuture::from(asked?).await.ok()
}

pub(crate) fn nonce() -> Uint8Array {
    Uint8Array::from(&platform::random()[..NONCE as usize])
}

/// `what` it is, so that a row put in the place of another does not pass for it.
fn how(nonce: &Uint8Array, what: &str) -> JsValue {
    js::object(&[
        ("name", &"AES-GCM".into()),
        ("iv", nonce),
        ("additionalData", &Uint8Array::from(what.as_bytes())),
    ])
}

/// The keys of this origin as far as this page knows them.
#[derive(Default)]
pub(crate) struct Keys {
    pub(crate) known: RefCell<Vec<Key>>,
    /// This browser cannot encrypt, or not keep a key.
    pub(crate) are_impossible: Cell<bool>,
    pub(crate) ahead: RefCell<Option<Ahead>>,
}

impl Store {
    pub(crate) async fn key_named(&self, id: &str) -> Result<Option<Key>, StorageError> {
        match self.find_key(id).await? {
            Some(key) if key.is_locked() => Err(StorageError::Locked),
            key => Ok(key),
        }
    }

    pub(crate) async fn find_key(&self, id: &str) -> Result<Option<Key>, StorageError> {
        let known = || self.keys.known.borrow().iter().find(|key| key.id == id).cloned();
        if known().is_none() {
            self.find_keys().await?;
        }
        Ok(known())
    }

    /// The key to write with; one is made where there is none. `None` where the browser cannot.
    pub(crate) fn key(&self) -> Later<'_, Option<Key>> {
        Box::pin(self.key_unboxed())
    }

    async fn key_unboxed(&self) -> Result<Option<Key>, StorageError> {
        if self.keys.newest().is_none() && !self.keys.are_impossible.get() {
            self.make_key().await?;
        }
        match self.keys.newest() {
            Some(key) if key.is_locked() => Err(StorageError::Locked),
            key => Ok(key),
        }
    }

    /// The keys that are kept: those that were unlocked here stay unlocked.
    pub(crate) fn find_keys(&self) -> Later<'_, ()> {
        Box::pin(self.find_keys_unboxed())
    }

    async fn find_keys_unboxed(&self) -> Result<(), StorageError> {
        let rows: Array = self.read(Read::All(KEYS)).await?.unchecked_into();
        let mut known: Vec<Key> = rows.iter().map(Key::of).collect();
        for key in &mut known {
            let known = self.keys.known.borrow();
            let before = known.iter().find(|it| it.id == key.id && it.handle.is_object());
            if let Some(before) = before {
                key.handle = before.handle.clone();
            }
        }
        let before = self.keys.newest();
        self.keys.known.replace(known);
        // What was made ready under another key could not be read again.
        if self.keys.newest().map(|key| key.id) != before.map(|key| key.id) {
            self.keys.ahead.take();
        }
        Ok(())
    }

    async fn make_key(&self) -> Result<(), StorageError> {
        self.find_keys().await?;
        if self.keys.newest().is_some() {
            return Ok(());
        }
        let what = js::object(&[("name", &"AES-GCM".into()), ("length", &256.into())]);
        let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
        let asked = subtle().and_then(|subtle| subtle.generate(&what, false, &uses).ok());
        let Some(handle) = made(asked).await else {
            self.keys.are_impossible.set(true);
            return Ok(());
        };
        let row = row_of(&handle);
        // Another tab may have been faster.
        let mut put = |rows: &[JsValue], writer: &Writer| match newest(rows[0].unchecked_ref()) {
            None => writer.put(KEYS, &row),
            Some(_) => Ok(()),
        };
        match self.run(Mode::Strict, &[Read::All(KEYS)], &mut put).await {
            Ok(()) => {}
            Err(StorageError::Other(_)) => {
                self.are_none();
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        self.find_keys().await?;
        // As it came back from the disk.
        match self.keys.newest() {
            Some(key) if key.is_locked() || key.encrypt("", &nonce()).await.is_ok() => Ok(()),
            _ => self.give_up_keys(&row).await,
        }
    }

    /// This browser cannot keep a key; unless another tab could, and something is under it by now.
    async fn give_up_keys(&self, row: &JsValue) -> Result<(), StorageError> {
        let (id, mut is_used) = (text(row, "id"), false);
        let reads = [Read::All(DRAFTS), Read::All(OUTBOX), Read::All(FILES), Read::Nothing(KEYS)];
        let aside = stash::kids();
        self.run(Mode::Strict, &reads, &mut |found, writer| {
            let mut rows = found[..3].iter().flat_map(|all| all.unchecked_ref::<Array>().iter());
            is_used = aside.contains(&id) || rows.any(|row| text(&row, "kid") == id);
            if is_used { Ok(()) } else { writer.delete(KEYS, &id) }
        })
        .await?;
        if is_used {
            return self.find_keys().await;
        }
        self.are_none();
        Ok(())
    }

    /// From now on nothing is encrypted here.
    fn are_none(&self) {
        self.keys.are_impossible.set(true);
        self.keys.known.take();
    }

    /// The newest key as it is kept; `undefined` where there is none. Where a PIN opens it that was not
    /// entered here yet, it has a member `locked`.
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn newest_key(&self) -> Result<JsValue, StorageError> {
        self.find_keys().await?;
        Ok(self.keys.newest().map_or(JsValue::UNDEFINED, |key| {
            js::with(&key.row, "locked", &key.is_locked().into())
        }))
    }

    /// What the PIN opened: from now on what is under the key of this id can be read and written here.
    pub fn unlock(&self, id: &str, handle: &JsValue) {
        if let Some(key) = self.keys.known.borrow_mut().iter_mut().find(|key| key.id == id) {
            key.handle = handle.clone();
        }
    }

    /// Keeps the newest key otherwise: itself as `key`, or what another PIN opens. It is the same key, so
    /// nothing else changes.
    ///
    /// # Errors
    /// When nothing was changed, or another tab was faster.
    pub async fn rewrap(&self, id: &str, kept: &JsValue) -> Result<(), StorageError> {
        let mut is_stale = false;
        self.run(Mode::Strict, &[Read::All(KEYS)], &mut |rows, writer| {
            let newest = newest(rows[0].unchecked_ref()).filter(|key| key.id == id);
            is_stale = newest.is_none();
            newest.map_or(Ok(()), |key| writer.put(KEYS, &named(kept, &key.id, key.at)))
        })
        .await?;
        if is_stale { Err(no_key()) } else { self.find_keys().await }
    }

    /// Puts all that is kept under a new key, which a PIN opens, in place of one that is kept as it is.
    /// A page that is closed in the middle leaves some under the old one and some under the new: who has
    /// entered the PIN has both, and it is gone on with.
    ///
    /// # Errors
    /// When it was not begun; or not all done, and then the rest is done later.
    pub async fn change_key(&self, kept: &JsValue, handle: &JsValue) -> Result<(), StorageError> {
        let old = self.key().await?;
        #[expect(clippy::cast_precision_loss)]
        let now = platform::now() as f64;
        let at = old.as_ref().map_or(now, |old| now.max(old.at + 1.0));
        let (id, mut is_stale) = (platform::new_id(), false);
        self.run(Mode::Strict, &[Read::All(KEYS)], &mut |rows, writer| {
            let newest = newest(rows[0].unchecked_ref()).map(|key| key.id);
            // It may have been written, and not have said so.
            let is_ours = newest.as_ref() == Some(&id);
            is_stale = !is_ours && newest != old.as_ref().map(|key| key.id.clone());
            if is_stale { Ok(()) } else { writer.put(KEYS, &named(kept, &id, at)) }
        })
        .await?;
        if is_stale {
            return Err(no_key());
        }
        let found = self.find_keys().await;
        self.unlock(&id, handle);
        found
    }
}

/// A key as it is kept, under this name.
fn named(kept: &JsValue, id: &str, at: f64) -> JsValue {
    js::with(&js::with(kept, "id", &id.into()), "at", &at.into())
}

impl Keys {
    pub(crate) fn newest(&self) -> Option<Key> {
        newest_of(self.known.borrow().iter().cloned())
    }
}

pub(crate) fn newest(rows: &Array) -> Option<Key> {
    newest_of(rows.iter().map(Key::of))
}

fn newest_of(keys: impl Iterator<Item = Key>) -> Option<Key> {
    keys.filter(|key| !key.is_lost()).max_by(|a, b| a.at.total_cmp(&b.at))
}

fn row_of(handle: &JsValue) -> JsValue {
    #[expect(clippy::cast_precision_loss)]
    let at = platform::now() as f64;
    js::object(&[("id", &platform::new_id().into()), ("at", &at.into()), ("key", handle)])
}

pub(crate) fn no_key() -> StorageError {
    StorageError::Other("key".into())
}
