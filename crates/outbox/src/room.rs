//! Room on the disk for what Chromium must write when a write has failed for want of it, see
//! [`crate::idb::begin_new_log`]. It is kept as an entry in Cache Storage, whose own files suffer
//! nothing from a disk that is full. Where there is no Cache Storage, nothing is kept and nothing
//! refused.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{StorageError, js, storage};

/// Not `eform-`: what begins so is a version of the kit.
const NAME: &str = "eform.room";
const KEPT: &str = "/eform.room";
const TRIED: &str = "/eform.room?tried";

/// The database's log is put into a table once it holds 4 MiB, and one write adds as much.
const LARGEST: f64 = 8_388_608.0;

/// In bytes. What is kept is more than what must be there when it is needed: more is written meanwhile.
const BESIDE_KEPT: f64 = 1_048_576.0;
const BESIDE_NEEDED: f64 = 262_144.0;

/// In which others take what is free on a disk that they are filling, in milliseconds.
const A_MOMENT_MS: i32 = 100;

#[wasm_bindgen]
extern "C" {
    type Caches;
    #[wasm_bindgen(method, catch)]
    fn open(this: &Caches, name: &str) -> Result<Promise, JsValue>;

    type Cache;
    #[wasm_bindgen(method, js_name = match)]
    fn find(this: &Cache, entry: &str) -> Promise;
    #[wasm_bindgen(method)]
    fn put(this: &Cache, entry: &str, response: &Filled) -> Promise;
    #[wasm_bindgen(method)]
    fn delete(this: &Cache, entry: &str) -> Promise;

    #[wasm_bindgen(js_name = Response)]
    type Filled;
    #[wasm_bindgen(constructor, js_class = "Response")]
    fn new(bytes: &Uint8Array) -> Filled;
}

/// Room for as much as the database has written.
pub struct Room {
    cache: Cache,
    /// In bytes.
    written: f64,
}

impl Room {
    /// Sees to it that there is room: gives up what is kept where it must. `None` where nothing is known.
    ///
    /// # Errors
    /// When there is none: nothing should be written now.
    pub async fn make() -> Result<Option<Self>, StorageError> {
        let caches = js::object_member::<Caches>(&js_sys::global(), "caches");
        let Some(opening) = caches.and_then(|caches| caches.open(NAME).ok()) else {
            return Ok(None);
        };
        // Where it has been once it can be opened on a disk that is full, too.
        let Ok(cache) = JsFuture::from(opening).await else { return Ok(None) };
        let written = storage::used_by_database().await.unwrap_or(LARGEST).min(LARGEST);
        let room = Self { cache: cache.unchecked_into(), written };
        let mut is_kept = true;
        loop {
            let fits = room.fill(TRIED, BESIDE_NEEDED).await;
            let given_up = if fits || !is_kept { TRIED } else { KEPT };
            // What cannot be deleted is in nobody's way but that of more to be kept.
            let _ = JsFuture::from(room.cache.delete(given_up)).await;
            if fits {
                return Ok(Some(room));
            }
            if !is_kept {
                return Err(StorageError::Quota);
            }
            is_kept = false;
            js::pause(A_MOMENT_MS).await;
        }
    }

    /// Keeps as much, and some more, if it is not kept already.
    ///
    /// # Errors
    /// When there is no room: nothing should be written now.
    pub async fn keep(&self) -> Result<(), StorageError> {
        let found = JsFuture::from(self.cache.find(KEPT)).await;
        match found.is_ok_and(|found| found.is_object()) || self.fill(KEPT, BESIDE_KEPT).await {
            true => Ok(()),
            false => Err(StorageError::Quota),
        }
    }

    async fn fill(&self, entry: &str, beside: f64) -> bool {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let bytes = Uint8Array::new_with_length((self.written + beside) as u32);
        JsFuture::from(self.cache.put(entry, &Filled::new(&bytes))).await.is_ok()
    }
}
