//! IndexedDB with promises: open, and one transaction at a time.
//!
//! A transaction closes as soon as nothing of its own is pending, so between
//! [`Transaction::begin`] and [`Transaction::commit`] nothing may be awaited but the
//! transaction's own reads. Nothing counts as written before `commit` returns.

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;

use crate::{StorageError, js};

/// Documents being filled in, by `key`: `{ key, json }` with a [`crate::Draft`] as JSON text.
pub const DRAFTS: &str = "drafts";
/// Submissions, by `id`: `{ id, json }` with a [`crate::Record`] as JSON text.
pub const OUTBOX: &str = "outbox";
/// Form definitions, by `digest`: `{ digest, url, text, at }`.
pub const DEFINITIONS: &str = "definitions";

const NAME: &str = "eform";
const VERSION: u32 = 1;
const STORES: [(&str, &str); 3] = [(DRAFTS, "key"), (OUTBOX, "id"), (DEFINITIONS, "digest")];

/// How long the browser may take for one step before the connection counts as dead, in
/// milliseconds. Safari has let requests hang for ever.
const PATIENCE_MS: i32 = 20_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    type Factory;
    #[wasm_bindgen(method, catch)]
    fn open(this: &Factory, name: &str, version: u32) -> Result<Request, JsValue>;

    #[wasm_bindgen(extends = Object)]
    #[derive(Clone)]
    type Request;
    #[wasm_bindgen(method, setter)]
    fn set_onsuccess(this: &Request, callback: &Function);
    #[wasm_bindgen(method, setter)]
    fn set_onerror(this: &Request, callback: &Function);
    #[wasm_bindgen(method, setter)]
    fn set_onupgradeneeded(this: &Request, callback: &Function);
    #[wasm_bindgen(method, getter, catch)]
    fn result(this: &Request) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn error(this: &Request) -> Result<JsValue, JsValue>;

    /// An open database.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone)]
    pub type Database;
    #[wasm_bindgen(method, getter, js_name = close)]
    fn closer(this: &Database) -> Function;
    #[wasm_bindgen(method)]
    pub fn close(this: &Database);
    #[wasm_bindgen(method, setter)]
    fn set_onversionchange(this: &Database, callback: &Function);
    #[wasm_bindgen(method, catch, js_name = createObjectStore)]
    fn create(this: &Database, name: &str, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &Database,
        stores: &Array,
        mode: &str,
        options: &JsValue,
    ) -> Result<RawTransaction, JsValue>;

    #[wasm_bindgen(extends = Object)]
    type RawTransaction;
    #[wasm_bindgen(method, catch, js_name = objectStore)]
    fn store(this: &RawTransaction, name: &str) -> Result<RawStore, JsValue>;
    #[wasm_bindgen(method, setter)]
    fn set_oncomplete(this: &RawTransaction, callback: &Function);
    #[wasm_bindgen(method, setter)]
    fn set_onabort(this: &RawTransaction, callback: &Function);
    #[wasm_bindgen(method, catch)]
    fn abort(this: &RawTransaction) -> Result<(), JsValue>;

    #[wasm_bindgen(extends = Object)]
    type RawStore;
    #[wasm_bindgen(method, catch)]
    fn get(this: &RawStore, key: &str) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getAll)]
    fn get_all(this: &RawStore) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn put(this: &RawStore, value: &JsValue) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn delete(this: &RawStore, key: &str) -> Result<Request, JsValue>;
}

/// Opens the database, and makes it the first time.
///
/// Another page that wants to upgrade it gets its way: the connection closes, the next
/// transaction fails, and the caller opens again.
pub async fn open() -> Result<Database, StorageError> {
    // Reading the name alone throws where site data is blocked.
    let Some(factory) = js::object_member::<Factory>(&js_sys::global(), "indexedDB") else {
        return Err(StorageError::Refused);
    };
    let refused = |error| fault(&error, true);
    let request = factory.open(NAME, VERSION).map_err(refused)?;
    let opening = request.clone();
    let upgrade = Closure::once_into_js(move |_: JsValue| {
        if let Ok(database) = opening.result() {
            let database: Database = database.unchecked_into();
            for (name, key) in STORES {
                let options = js::object(&[("keyPath", &key.into())]);
                // A store that cannot be made fails the transactions that name it, visibly.
                let _ = database.create(name, &options);
            }
        }
    });
    request.set_onupgradeneeded(upgrade.unchecked_ref());
    let database: Database = finish(&request).await.map_err(refused)?.unchecked_into();
    database.set_onversionchange(&database.closer().bind0(&database));
    Ok(database)
}

/// A transaction under way.
pub struct Transaction {
    raw: RawTransaction,
    over: Promise,
}

/// What a transaction may do, and how safely it ends.
#[derive(Clone, Copy)]
pub enum Mode {
    /// Reads only.
    Read,
    /// Writes; done when the system has the data. A flat battery may take the last second.
    Relaxed,
    /// Writes; done when the data is on the disk (browsers that do not know this ignore it).
    Strict,
}

impl Transaction {
    /// Starts a transaction over these stores.
    pub fn begin(database: &Database, stores: &[&str], mode: Mode) -> Result<Self, StorageError> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let (mode, durability) = match mode {
            Mode::Read => ("readonly", "default"),
            Mode::Relaxed => ("readwrite", "relaxed"),
            Mode::Strict => ("readwrite", "strict"),
        };
        let options = js::object(&[("durability", &durability.into())]);
        let raw = database.transaction(&names, mode, &options)?;
        let (over, resolve) = js::deferred();
        raw.set_oncomplete(&resolve);
        raw.set_onabort(&resolve);
        Ok(Self { raw, over })
    }

    /// The row under this key.
    pub async fn get(&self, store: &str, key: &str) -> Result<Option<JsValue>, StorageError> {
        let row = finish(&self.raw.store(store)?.get(key)?).await?;
        Ok((!row.is_undefined()).then_some(row))
    }

    /// All rows, in the order of their keys.
    pub async fn all(&self, store: &str) -> Result<Array, StorageError> {
        Ok(finish(&self.raw.store(store)?.get_all()?).await?.unchecked_into())
    }

    /// Writes a row; whether it worked is known at the end.
    pub fn put(&self, store: &str, row: &JsValue) -> Result<(), StorageError> {
        self.raw.store(store)?.put(row)?;
        Ok(())
    }

    /// Deletes a row; whether it worked is known at the end.
    pub fn delete(&self, store: &str, key: &str) -> Result<(), StorageError> {
        self.raw.store(store)?.delete(key)?;
        Ok(())
    }

    /// Waits until everything is written, or nothing.
    pub async fn commit(self) -> Result<(), StorageError> {
        let event = in_time(&self.over).await?;
        if js::member(&event, "type") == "complete" {
            return Ok(());
        }
        Err(fault(&js::member(&self.raw, "error"), false))
    }

    /// Undoes everything.
    pub fn abort(self) {
        // It throws when the transaction is over already, which is as good.
        let _ = self.raw.abort();
    }
}

/// Waits for a request.
async fn finish(request: &Request) -> Result<JsValue, JsValue> {
    let (over, resolve) = js::deferred();
    request.set_onsuccess(&resolve);
    request.set_onerror(&resolve);
    in_time(&over).await?;
    let error = request.error()?;
    if error.is_object() { Err(error) } else { request.result() }
}

/// Waits for a promise, but not for ever.
async fn in_time(promise: &Promise) -> Result<JsValue, JsValue> {
    let (sleep, timer) = js::sleep(PATIENCE_MS);
    let event = js::first(&[promise, &sleep]).await?;
    js::clear_timeout(&timer);
    if event.is_undefined() {
        return Err(js::object(&[("name", &"TimeoutError".into())]));
    }
    Ok(event)
}

/// What a `DOMException` means.
fn fault(error: &JsValue, opening: bool) -> StorageError {
    let name = js::member(error, "name").as_string();
    // A transaction that was aborted without an error lost its connection.
    StorageError::from_name(name.as_deref().unwrap_or("AbortError"), opening)
}

impl From<JsValue> for StorageError {
    fn from(error: JsValue) -> Self {
        fault(&error, false)
    }
}
