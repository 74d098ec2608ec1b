//! The one outbox of this page, shared by all its forms. It is a wasm module of its own
//! (`crates/outbox-page`), loaded when it is first asked for: what is needed only to keep and to send
//! costs nothing before the first field works.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use eform::Uploaded;
use eform_outbox::{Change, Draft, Record, Saved, StorageError};
use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::by_name;

#[wasm_bindgen]
extern "C" {
    /// The module.
    #[derive(Clone)]
    type Module;
    #[wasm_bindgen(method)]
    fn open(this: &Module, changed: &Function) -> Promise;
    #[wasm_bindgen(method, js_name = saveDraft)]
    fn save_draft(this: &Module, draft: &str) -> Promise;
    #[wasm_bindgen(method, js_name = stashDraft)]
    fn stash_draft(this: &Module, draft: &str) -> bool;
    #[wasm_bindgen(method, js_name = loadDraft)]
    fn load_draft(this: &Module, key: &str) -> Promise;
    #[wasm_bindgen(method, js_name = deleteDraft)]
    fn delete_draft(this: &Module, key: &str, id: &str) -> Promise;
    #[wasm_bindgen(method)]
    fn submission(this: &Module, id: &str) -> Promise;
    #[wasm_bindgen(method, js_name = listDrafts)]
    fn list_drafts(this: &Module) -> Promise;
    #[wasm_bindgen(method, js_name = keepFile)]
    fn keep_file(this: &Module, draft_key: &str, sha256: &str, bytes: &Uint8Array) -> Promise;
    #[wasm_bindgen(method)]
    fn file(this: &Module, draft_key: &str, sha256: &str) -> Promise;
    #[wasm_bindgen(method, js_name = hasFile)]
    fn has_file(this: &Module, draft_key: &str, sha256: &str, size: f64) -> Promise;
    #[wasm_bindgen(method, js_name = hasRoom)]
    fn has_room(this: &Module, bytes: f64) -> Promise;
    #[wasm_bindgen(method, js_name = isPersistent)]
    fn is_persistent(this: &Module) -> Promise;
    #[wasm_bindgen(method, js_name = forgetFile)]
    fn forget_file(this: &Module, draft_key: &str, sha256: &str) -> Promise;
    #[wasm_bindgen(method)]
    fn submit(this: &Module, id: &str, record: &str, draft_key: &str, as_of: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn list(this: &Module) -> Promise;
    #[wasm_bindgen(method)]
    fn listed(this: &Module, id: &str) -> Promise;
    #[wasm_bindgen(method, js_name = sendNow)]
    fn send_now(this: &Module, id: &str) -> Promise;
    #[wasm_bindgen(method)]
    fn mend(this: &Module, id: &str) -> Promise;
    #[wasm_bindgen(method, js_name = deleteSubmission)]
    fn delete(this: &Module, id: &str, received: bool) -> Promise;
    #[wasm_bindgen(method, js_name = keepDefinition)]
    fn keep_definition(this: &Module, digest: &str, url: &str, text: &str) -> Promise;
    #[wasm_bindgen(method)]
    fn definition(this: &Module, digest: &str) -> Promise;
    #[wasm_bindgen(method, js_name = definitionAt)]
    fn definition_at(this: &Module, url: &str) -> Promise;
}

/// Called when something kept has changed.
pub type Listener = Rc<dyn Fn(&Change)>;

/// What of a listener does not keep it.
type WeakListener = Weak<dyn Fn(&Change)>;

thread_local! {
    static LOADER: RefCell<Option<Function>> = const { RefCell::new(None) };
    static OPEN: RefCell<Option<Module>> = const { RefCell::new(None) };
    static LISTENERS: RefCell<Vec<WeakListener>> = const { RefCell::new(Vec::new()) };
}

/// Says how the module is loaded: a function that gives a promise of it, the same each time.
pub fn load_with(loader: Function) {
    LOADER.set(Some(loader));
}

/// Listens for changes for as long as the listener is kept.
pub fn subscribe(listener: &Listener) {
    LISTENERS.with_borrow_mut(|listeners| {
        listeners.retain(|listener| listener.strong_count() > 0);
        listeners.push(Rc::downgrade(listener));
    });
}

fn tell(change: &Change) {
    // Copied: a listener may subscribe another.
    let listeners: Vec<_> =
        LISTENERS.with_borrow(|all| all.iter().filter_map(Weak::upgrade).collect());
    listeners.iter().for_each(|listener| listener(change));
}

/// The outbox of this page.
pub struct Outbox(Module);

/// The outbox. Delivery starts when it is first opened.
///
/// # Errors
/// The browser keeps nothing: storage is refused, full or broken, or the module cannot be loaded.
pub async fn outbox() -> Result<Outbox, StorageError> {
    thread_local! {
        static CHANGED: Function = Closure::<dyn Fn(JsValue, JsValue)>::new(|key: JsValue, id: JsValue| {
            tell(&match (key.as_string(), id.as_string()) {
                (Some(key), _) => Change::Draft(key),
                (None, Some(id)) => Change::Submission(id),
                (None, None) => Change::Outbox,
            });
        })
        .into_js_value()
        .unchecked_into();
    }
    let loading = LOADER
        .with_borrow(|loader| loader.as_ref().and_then(|load| load.call0(&JsValue::NULL).ok()));
    let loading = loading.ok_or_else(|| StorageError::Other("not loaded".to_owned()))?;
    let module: Module = settled(loading.unchecked_into()).await?.unchecked_into();
    settled(CHANGED.with(|changed| module.open(changed))).await?;
    OPEN.set(Some(module.clone()));
    Ok(Outbox(module))
}

/// Keeps a draft before this returns; false where it cannot be kept in that way.
pub fn stash_draft(draft: &Draft) -> bool {
    OPEN.with_borrow(|open| open.as_ref().is_some_and(|it| it.stash_draft(&draft.to_json())))
}

async fn settled(promise: Promise) -> Result<JsValue, StorageError> {
    JsFuture::from(promise).await.map_err(|thrown| match thrown.as_string().as_deref() {
        Some("storage-refused") => StorageError::Refused,
        Some("storage-quota") => StorageError::Quota,
        Some("storage-locked") => StorageError::Locked,
        code => StorageError::Other(code.unwrap_or("not loaded").to_owned()),
    })
}

fn texts(array: JsValue) -> Vec<String> {
    array.unchecked_into::<Array>().iter().filter_map(|text| text.as_string()).collect()
}

impl Outbox {
    /// Keeps a draft.
    pub async fn save_draft(&self, draft: &Draft) -> Result<Saved, StorageError> {
        let answer = texts(settled(self.0.save_draft(&draft.to_json())).await?);
        Ok(match answer.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["submitted", id, record] => {
                Saved::AlreadySubmitted(Box::new(Record::from_json(id, record)))
            }
            ["superseded", other] => {
                Draft::from_json(other).map_or(Saved::Saved, Saved::Superseded)
            }
            _ => Saved::Saved,
        })
    }

    /// The draft under this key.
    pub async fn load_draft(&self, key: &str) -> Result<Option<Draft>, StorageError> {
        let draft = settled(self.0.load_draft(key)).await?;
        Ok(draft.as_string().and_then(|json| Draft::from_json(&json)))
    }

    /// Every draft.
    pub async fn list_drafts(&self) -> Result<Vec<Draft>, StorageError> {
        let drafts = texts(settled(self.0.list_drafts()).await?);
        Ok(drafts.iter().filter_map(|json| Draft::from_json(json)).collect())
    }

    /// Keeps a file of the draft under this key until the draft ends.
    pub async fn keep_file(
        &self,
        draft_key: &str,
        sha256: &str,
        bytes: &Uint8Array,
    ) -> Result<(), StorageError> {
        settled(self.0.keep_file(draft_key, sha256, bytes)).await.map(drop)
    }

    /// A file of the draft under this key, if it is there.
    pub async fn file(
        &self,
        draft_key: &str,
        sha256: &str,
    ) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(self.file_bytes(draft_key, sha256).await?.map(|bytes| bytes.to_vec()))
    }

    /// The same, left in the browser's memory.
    pub async fn file_bytes(
        &self,
        draft_key: &str,
        sha256: &str,
    ) -> Result<Option<Uint8Array>, StorageError> {
        Ok(settled(self.0.file(draft_key, sha256)).await?.dyn_into().ok())
    }

    /// Whether the draft or the submission under this key has this file, whole.
    pub async fn has_file(&self, draft_key: &str, file: &Uploaded) -> Result<bool, StorageError> {
        // Sizes are far below 2^53.
        let asked = self.0.has_file(draft_key, &file.sha256, file.size as f64);
        Ok(settled(asked).await? == JsValue::TRUE)
    }

    /// Whether there is room for so many bytes more, as far as the browser says.
    pub async fn has_room(&self, bytes: u64) -> Result<bool, StorageError> {
        Ok(settled(self.0.has_room(bytes as f64)).await? == JsValue::TRUE)
    }

    /// Whether the browser has said that it keeps what is here, whatever happens.
    pub async fn is_persistent(&self) -> bool {
        settled(self.0.is_persistent()).await.is_ok_and(|is| is == JsValue::TRUE)
    }

    /// Deletes a file that the draft names no more.
    pub async fn forget_file(&self, draft_key: &str, sha256: &str) -> Result<(), StorageError> {
        settled(self.0.forget_file(draft_key, sha256)).await.map(drop)
    }

    /// Writes a submission to the phone, reads it back, and sends it when it can. Where there is one
    /// of the same id already, nothing is written, and false given; nor, as an error, where the draft that
    /// is kept was changed after `as_of`.
    pub async fn submit(
        &self,
        record: &Record,
        draft_key: &str,
        as_of: Option<i64>,
    ) -> Result<bool, StorageError> {
        // Milliseconds are whole numbers below 2^53.
        let as_of = as_of.map_or(JsValue::UNDEFINED, |as_of| (as_of as f64).into());
        let asked = self.0.submit(&record.id, &record.to_json(), draft_key, &as_of);
        Ok(settled(asked).await? == JsValue::TRUE)
    }

    /// Every submission without its body, oldest first.
    pub async fn list(&self) -> Result<Vec<Record>, StorageError> {
        let pairs = texts(settled(self.0.list()).await?);
        Ok(pairs.chunks_exact(2).map(|pair| Record::from_json(&pair[0], &pair[1])).collect())
    }

    /// A submission as it is in the list, if it is there.
    pub async fn listed(&self, id: &str) -> Result<Option<Record>, StorageError> {
        let json = settled(self.0.listed(id)).await?;
        Ok(json.as_string().map(|json| Record::from_json(id, &json)))
    }

    /// A submission with its body, if it is there.
    pub async fn submission(&self, id: &str) -> Result<Option<Record>, StorageError> {
        let json = settled(self.0.submission(id)).await?;
        Ok(json.as_string().map(|json| Record::from_json(id, &json)))
    }

    /// Deletes the draft of this id under this key, with its files.
    pub async fn delete_draft(&self, key: &str, id: &str) -> Result<(), StorageError> {
        settled(self.0.delete_draft(key, id)).await.map(drop)
    }

    /// «Send now».
    pub async fn send_now(&self, id: &str) -> Result<(), StorageError> {
        settled(self.0.send_now(id)).await.map(drop)
    }

    /// The draft that mends a refused submission.
    pub async fn mend(&self, id: &str) -> Result<Option<Draft>, StorageError> {
        let draft = settled(self.0.mend(id)).await?;
        Ok(draft.as_string().and_then(|json| Draft::from_json(&json)))
    }

    /// Deletes a submission of which was read that the agency has it, or not. False where it stays: that is
    /// no longer so, or it is being sent.
    pub async fn delete(&self, id: &str, received: bool) -> Result<bool, StorageError> {
        settled(self.0.delete(id, received)).await.map(|deleted| deleted == JsValue::TRUE)
    }

    /// What the outbox's module does of this name.
    ///
    /// # Errors
    /// When it could not.
    pub async fn does(&self, name: &str, with: &[JsValue]) -> Result<JsValue, StorageError> {
        let asked = by_name::call(self.0.as_ref(), name, with);
        settled(asked.map_err(|_| StorageError::Other(name.to_owned()))?.unchecked_into()).await
    }

    /// Keeps a definition for as long as a draft or a submission needs it.
    pub async fn keep_definition(
        &self,
        digest: &str,
        url: &str,
        text: &str,
    ) -> Result<(), StorageError> {
        settled(self.0.keep_definition(digest, url, text)).await.map(drop)
    }

    /// The definition of this digest, if it is kept.
    pub async fn definition(&self, digest: &str) -> Result<Option<String>, StorageError> {
        Ok(settled(self.0.definition(digest)).await?.as_string())
    }

    /// The newest definition kept from an address.
    pub async fn definition_at(&self, url: &str) -> Result<Option<String>, StorageError> {
        Ok(settled(self.0.definition_at(url)).await?.as_string())
    }
}
