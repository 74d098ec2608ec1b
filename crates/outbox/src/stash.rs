//! The last words of a page that is left: its draft in `localStorage`, which has it when the call
//! returns. A transaction of IndexedDB needs the page to the end, and a browser that keeps the page
//! for «back» lets it wait there, with all that other pages write (WebKit). The next page takes
//! the draft up (`keptDrafts` in `e-form.js`, [`crate::Outbox::load_draft`]); it is gone once the
//! draft is saved, submitted or deleted.

use js_sys::Object;
use wasm_bindgen::prelude::*;

use crate::{Draft, js};

const PREFIX: &str = "eform-draft:";

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    type Storage;
    #[wasm_bindgen(method, catch, js_name = setItem)]
    fn set(this: &Storage, key: &str, value: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, catch, js_name = removeItem)]
    fn remove(this: &Storage, key: &str) -> Result<(), JsValue>;
}

/// None in a worker, and where site data is blocked.
fn storage() -> Option<Storage> {
    js::object_member(&js_sys::global(), "localStorage")
}

fn name(key: &str) -> String {
    [PREFIX, key].concat()
}

/// Writes a draft; false where it cannot be.
pub fn put(draft: &Draft) -> bool {
    storage().is_some_and(|storage| storage.set(&name(&draft.key), &draft.to_json()).is_ok())
}

/// The draft under this key.
pub fn get(key: &str) -> Option<Draft> {
    // Items are members of the object, too.
    let json = js::member(storage()?.as_ref(), &name(key)).as_string()?;
    Draft::from_json(&json)
}

/// The keys of all that are there.
pub fn keys() -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let names = Object::keys(&storage);
    let names = names.iter().filter_map(|name| name.as_string());
    names.filter_map(|name| Some(name.strip_prefix(PREFIX)?.to_owned())).collect()
}

/// Takes the draft under this key away if it is the one that is meant. What is none at all goes too.
pub fn remove_if(key: &str, is_meant: impl FnOnce(&Draft) -> bool) {
    if let (Some(storage), None | Some(true)) = (storage(), get(key).as_ref().map(is_meant)) {
        // What cannot be removed is older than what is saved.
        let _ = storage.remove(&name(key));
    }
}

/// The newer one of a draft that is kept and the last words about it.
pub fn newer(kept: Option<Draft>, last: Option<Draft>) -> Option<Draft> {
    match (kept, last) {
        (Some(kept), Some(last)) if kept.id != last.id || kept.updated_at >= last.updated_at => {
            Some(kept)
        }
        (kept, last) => last.or(kept),
    }
}
