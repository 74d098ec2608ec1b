//! IndexedDB as one function: open, read, decide, write, and wait until it is on the disk.
//!
//! A transaction closes as soon as something else is awaited in it. Here nothing can be: all
//! reads start at once, and what to write is decided by a plain function. Nothing counts as
//! written before the transaction says that it is complete.

use std::cell::RefCell;

use js_sys::{Array, Function, Object, Promise};
use wasm_bindgen::prelude::*;

use crate::{StorageError, js};

/// Forms being filled in, by `key`: `{ key, id, at, definition, kid, secret }` with a
/// [`crate::Draft`] as JSON text in the secret; `at` is when it was last changed.
pub const DRAFTS: &str = "drafts";
/// Submissions, by `id`: `{ id, json, kid }` with a [`crate::Record`] as JSON text without its body,
/// and the name of the key that the body is under.
pub const OUTBOX: &str = "outbox";
/// The bodies of submissions, by `id`: `{ id, kid, secret }`. They may hold megabytes of files, and all
/// that is in the outbox is read often.
pub const BODIES: &str = "bodies";
/// The files of drafts and submissions in pieces, by `key`, see [`crate::Store::keep_file`]: a file is
/// `{ key, size }` under `OWNER\nSHA256`, a piece `{ key, kid, secret, sha256 }` under that and
/// `\nNUMBER`.
pub const FILES: &str = "files";
/// The keys of what is secret in the others, by `id`: see [`crate::keys`].
pub const KEYS: &str = "keys";
/// Form definitions, by `digest`: `{ digest, url, text, at }`.
pub const DEFINITIONS: &str = "definitions";

const NAME: &str = "eform";
const VERSION: u32 = 4;
const STORES: [(&str, &str); 6] = [
    (DRAFTS, "key"),
    (OUTBOX, "id"),
    (BODIES, "id"),
    (DEFINITIONS, "digest"),
    (FILES, "key"),
    (KEYS, "id"),
];

/// How long the browser may take for one transaction before the connection counts as dead, in
/// milliseconds. Safari has let requests hang for ever.
const PATIENCE_MS: i32 = 20_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    type Factory;
    #[wasm_bindgen(method, catch)]
    fn open(this: &Factory, name: &str, version: &JsValue) -> Result<Request, JsValue>;

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
    #[wasm_bindgen(method, catch, js_name = deleteObjectStore)]
    fn remove(this: &Database, name: &str) -> Result<(), JsValue>;
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
    #[derive(Clone)]
    pub type RawTransaction;
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
    #[wasm_bindgen(method, catch, js_name = getAllKeys)]
    fn get_all_keys(this: &RawStore) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn put(this: &RawStore, value: &JsValue) -> Result<Request, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn delete(this: &RawStore, key: &JsValue) -> Result<Request, JsValue>;

    #[wasm_bindgen(catch, js_namespace = IDBKeyRange, js_name = bound)]
    fn range(first: &str, last: &str) -> Result<JsValue, JsValue>;
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
    match open_version(&factory, &VERSION.into()).await {
        // Newer code has been here. What it adds harms nobody who does not know it.
        Err(StorageError::Other(name)) if name == "VersionError" => {
            open_version(&factory, &JsValue::UNDEFINED).await
        }
        opened => opened,
    }
}

async fn open_version(factory: &Factory, version: &JsValue) -> Result<Database, StorageError> {
    let refused = |error| fault(&error, true);
    let request = factory.open(NAME, version).map_err(refused)?;
    let opening = request.clone();
    let upgrade = Closure::once_into_js(move |event: JsValue| {
        if let Ok(database) = opening.result() {
            let database: Database = database.unchecked_into();
            // What builds before the first release kept, nobody can read.
            let is_early = matches!(js::member(&event, "oldVersion").as_f64(), Some(1.0..=3.0));
            for (name, key) in STORES {
                if is_early {
                    let _ = database.remove(name);
                }
                let options = js::object(&[("keyPath", &key.into())]);
                // It may be there already, from an earlier version. A store that cannot be made
                // fails the transactions that name it, visibly.
                let _ = database.create(name, &options);
            }
        }
    });
    request.set_onupgradeneeded(upgrade.unchecked_ref());
    let (late, timer) = js::sleep(PATIENCE_MS);
    js::first(&[&answer(&request), &late]).await?;
    js::clear_timeout(&timer);
    let opened = result(&request);
    if opened.is_err() {
        // What comes after all must not stand in the way of who upgrades or deletes it.
        let late = request.clone();
        let close = Closure::once_into_js(move || {
            if let Ok(database) = late.result() {
                database.unchecked_into::<Database>().close();
            }
        });
        request.set_onsuccess(close.unchecked_ref());
    }
    // Not answered in time is `InvalidStateError` here too: nothing can be kept.
    let database: Database = opened.map_err(refused)?.unchecked_into();
    database.set_onversionchange(&database.closer().bind0(&database));
    Ok(database)
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

/// What a transaction reads before it decides.
#[derive(Clone, Copy)]
pub enum Read<'a> {
    /// The row of this store under this key; `undefined` when there is none.
    One(&'a str, &'a str),
    /// An array of all rows of this store, in the order of their keys.
    All(&'a str),
    /// An array of all keys of this store, in their order.
    Keys(&'a str),
    /// `undefined`: this store is only written.
    Nothing(&'a str),
}

/// What a transaction decides from what it read, in the order of the reads: it may write, and it
/// cannot wait. An error undoes everything.
pub type Decide<'a> = &'a mut dyn FnMut(&[JsValue], &Writer) -> Result<(), StorageError>;

/// The writing half of a transaction under way. Whether a write worked is known at the end.
pub struct Writer(RawTransaction);

impl Writer {
    /// Writes a row.
    pub fn put(&self, store: &str, row: &JsValue) -> Result<(), StorageError> {
        self.0.store(store)?.put(row)?;
        Ok(())
    }

    /// Deletes a row.
    pub fn delete(&self, store: &str, key: &str) -> Result<(), StorageError> {
        self.0.store(store)?.delete(&key.into())?;
        Ok(())
    }

    /// Deletes every row whose key begins so.
    pub fn delete_all(&self, store: &str, beginning: &str) -> Result<(), StorageError> {
        self.0.store(store)?.delete(&beginning_so(beginning)?)?;
        Ok(())
    }
}

/// The range of keys that begin so.
fn beginning_so(beginning: &str) -> Result<JsValue, JsValue> {
    range(beginning, &[beginning, "\u{FFFF}"].concat())
}

/// One transaction over the stores that are read.
pub async fn transact(
    database: &Database,
    mode: Mode,
    reads: &[Read<'_>],
    decide: Decide<'_>,
) -> Result<(), StorageError> {
    let names: Array = reads
        .iter()
        .map(|read| match read {
            Read::One(store, _) | Read::All(store) | Read::Keys(store) | Read::Nothing(store) => {
                JsValue::from_str(store)
            }
        })
        .collect();
    let (mode, durability) = match mode {
        Mode::Read => ("readonly", "default"),
        Mode::Relaxed => ("readwrite", "relaxed"),
        Mode::Strict => ("readwrite", "strict"),
    };
    let options = js::object(&[("durability", &durability.into())]);
    let writer = Writer(database.transaction(&names, mode, &options)?);
    let _live = Live::of(&writer.0);
    let (over, resolve) = js::deferred();
    writer.0.set_oncomplete(&resolve);
    writer.0.set_onabort(&resolve);
    let (late, timer) = js::sleep(PATIENCE_MS);
    let worked = carry_out(&writer, reads, decide, &late).await;
    if worked.is_err() {
        // It throws when the transaction is over already, which is as good.
        let _ = writer.0.abort();
    }
    let end = js::first(&[&over, &late]).await;
    js::clear_timeout(&timer);
    worked?;
    if js::member(&end?, "type") == "complete" {
        return Ok(());
    }
    Err(fault(&js::member(&writer.0, "error"), false))
}

thread_local! {
    static LIVE: RefCell<Vec<RawTransaction>> = const { RefCell::new(Vec::new()) };
}

/// A transaction that is not over.
struct Live(RawTransaction);

impl Live {
    fn of(transaction: &RawTransaction) -> Self {
        LIVE.with_borrow_mut(|live| live.push(transaction.clone()));
        Self(transaction.clone())
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        LIVE.with_borrow_mut(|live| live.retain(|other| !Object::is(other, &self.0)));
    }
}

/// Undoes every transaction of this page that is not over. One that the browser is writing already goes on.
pub fn abort_all() {
    for transaction in LIVE.with_borrow(Vec::clone) {
        // It throws when the transaction is over already, which is as good.
        let _ = transaction.abort();
    }
}

async fn carry_out(
    writer: &Writer,
    reads: &[Read<'_>],
    decide: Decide<'_>,
    late: &Promise,
) -> Result<(), StorageError> {
    let mut requests = Vec::new();
    for read in reads {
        let request = match read {
            Read::One(store, key) => Some(writer.0.store(store)?.get(key)?),
            Read::All(store) => Some(writer.0.store(store)?.get_all()?),
            Read::Keys(store) => Some(writer.0.store(store)?.get_all_keys()?),
            Read::Nothing(_) => None,
        };
        requests.push(request.map(|request| (answer(&request), request)));
    }
    let mut rows = Vec::new();
    for request in requests {
        rows.push(match request {
            Some((answered, request)) => {
                js::first(&[&answered, late]).await?;
                result(&request)?
            }
            None => JsValue::UNDEFINED,
        });
    }
    decide(&rows, writer)
}

/// A promise that is fulfilled when the request is answered, well or badly.
fn answer(request: &Request) -> Promise {
    let (answered, resolve) = js::deferred();
    request.set_onsuccess(&resolve);
    request.set_onerror(&resolve);
    answered
}

/// What an answered request came to. It throws when the request is not answered.
fn result(request: &Request) -> Result<JsValue, JsValue> {
    let error = request.error()?;
    if error.is_object() { Err(error) } else { request.result() }
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
