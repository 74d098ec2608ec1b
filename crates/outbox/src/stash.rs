//! The last words of a page that is left: its draft in `localStorage`, which has it when the call
//! returns. A transaction of IndexedDB needs the page to the end, and a browser that keeps the page
//! for «back» lets it wait there, with all that other pages write (WebKit). The next page takes
//! the draft up (`keptDrafts` in `e-form.js`, [`crate::Outbox::load_draft`]); it is gone once the
//! draft is saved, submitted or deleted.
//!
//! It is encrypted like all else, with what was made ready for it: see [`crate::rest`]. An item is
//! `{ id, at, kid, nonce, secret }`, the last two in hexadecimal digits; where the browser encrypts
//! nothing, it is the draft.

use js_sys::{Object, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::{
    Draft, StorageError, js,
    json::{self, Members},
    rest::Aside,
    store::Store,
};

/// How much more than the draft that was saved last may have to be encrypted at once, in bytes.
const MORE: usize = 16_384;

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

/// What is there of a draft.
pub struct Last {
    /// The draft's id.
    pub id: String,
    /// When it was last changed.
    pub updated_at: i64,
    item: String,
}

/// What there is under this key. What is none at all has no id.
pub fn get(key: &str) -> Option<Last> {
    // Items are members of the object, too.
    let item = js::member(storage()?.as_ref(), &name(key)).as_string()?;
    let mut members = Members::read(&item);
    let id = members.as_mut().and_then(|it| it.text("id")).unwrap_or_default();
    let mut at = |name| members.as_mut().and_then(|it| it.int(name));
    Some(Last { id, updated_at: at("at").or_else(|| at("updatedAt")).unwrap_or_default(), item })
}

impl Store {
    /// Writes a draft before this returns; false where it cannot be.
    pub(crate) fn stash(&self, draft: &Draft) -> bool {
        let json = draft.to_json();
        let item = match self.is_clear() {
            true => Some(json),
            false => self.encrypt_now(json.as_bytes()).map(|aside| {
                json::text(&json::object([
                    ("id", draft.id.as_str().into()),
                    ("at", draft.updated_at.into()),
                    ("kid", aside.kid.into()),
                    ("nonce", eform::hex(&aside.nonce.to_vec()).into()),
                    ("secret", eform::hex(&aside.bytes).into()),
                ]))
            }),
        };
        let put = |item: String| Some(storage()?.set(&name(&draft.key), &item).is_ok());
        item.and_then(put) == Some(true)
    }

    /// The draft that is there; none where it cannot be read.
    pub(crate) async fn stashed(&self, last: &Last) -> Result<Option<Draft>, StorageError> {
        let mut members = Members::read(&last.item);
        let mut member = |name| members.as_mut().and_then(|it| it.text(name));
        let Some((kid, secret)) = member("kid").zip(member("secret")) else {
            return Ok(Draft::from_json(&last.item));
        };
        let nonce = Uint8Array::from(&*unhex(&member("nonce").unwrap_or_default()));
        let plain = self.decrypt_aside(&Aside { kid, nonce, bytes: unhex(&secret) }).await?;
        Ok(plain.and_then(|json| Draft::from_json(&String::from_utf8(json).ok()?)))
    }

    /// Makes ready for the next [`Store::stash`] of a draft of about so many bytes.
    pub(crate) async fn be_ready_to_stash(&self, bytes: usize) {
        // Where nothing is ready, the draft is written as ever.
        _ = self.be_ahead(bytes + MORE).await;
    }
}

fn unhex(digits: &str) -> Vec<u8> {
    let pair = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map_while(pair).collect()
}

/// The keys of all that are there.
pub fn keys() -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let names = Object::keys(&storage);
    let names = names.iter().filter_map(|name| name.as_string());
    names.filter_map(|name| Some(name.strip_prefix(PREFIX)?.to_owned())).collect()
}

/// The names of the keys that something here is under.
pub fn kids() -> Vec<String> {
    let kid = |key: &String| Members::read(&get(key)?.item)?.text("kid");
    keys().iter().filter_map(kid).collect()
}

/// The ids of all drafts that are there.
pub fn ids() -> Vec<String> {
    keys().iter().filter_map(|key| Some(get(key)?.id)).collect()
}

/// Takes the draft under this key away if it is the one that is meant. What is none at all goes too.
pub fn remove_if(key: &str, is_meant: impl FnOnce(&Last) -> bool) {
    let is_meant = get(key).is_none_or(|last| last.id.is_empty() || is_meant(&last));
    if let (Some(storage), true) = (storage(), is_meant) {
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
