//! The outbox as a wasm module of its own. The page loads it once its first field works, so that
//! what is needed only to keep and to send costs nothing before; there is one outbox in it for all
//! forms of the page. Drafts and records cross the border as JSON text, errors as
//! `StorageError`'s codes. It knows no screen.

#![cfg(target_arch = "wasm32")]

use std::cell::RefCell;
use std::rc::Rc;

use eform_outbox::{Change, Draft, Enqueued, Outbox, Record, Saved, StorageError, Subscription};
use js_sys::{Array, Function, JsString, Uint8Array};
use wasm_bindgen::prelude::*;

thread_local! {
    static OPEN: RefCell<Option<(Rc<Outbox>, Subscription)>> = const { RefCell::new(None) };
}

type Answer<T> = Result<T, JsValue>;

/// A storage error as its code.
fn thrown(error: StorageError) -> JsValue {
    JsValue::from_str(error.code())
}

fn outbox() -> Answer<Rc<Outbox>> {
    let open = OPEN.with_borrow(|open| open.as_ref().map(|(outbox, _)| Rc::clone(outbox)));
    open.ok_or_else(|| JsValue::from_str("storage-other"))
}

/// Opens the outbox and starts delivery. `changed` is called with the key of a draft that another
/// tab wrote or ended; with nothing and the id of a submission that has changed; and without an argument
/// when the list of submissions has.
#[wasm_bindgen]
pub async fn open(changed: Function) -> Answer<()> {
    if OPEN.with_borrow(Option::is_some) {
        return Ok(());
    }
    let outbox = Outbox::open().await.map_err(thrown)?;
    if OPEN.with_borrow(Option::is_some) {
        // Another form of the page was faster.
        return Ok(());
    }
    let tell = move |change: &Change| {
        let (mut key, mut id) = (JsValue::UNDEFINED, JsValue::UNDEFINED);
        match change {
            Change::Outbox => {}
            Change::Submission(changed) => id = JsValue::from_str(changed),
            Change::Draft(changed) => key = JsValue::from_str(changed),
        }
        // What the listener throws is its own affair.
        _ = changed.call2(&JsValue::NULL, &key, &id);
    };
    let subscription = outbox.subscribe(Rc::new(tell));
    outbox.start();
    OPEN.set(Some((outbox, subscription)));
    Ok(())
}

/// Keeps a draft. The answer: nothing; or `["submitted", id, record]`; or `["superseded", draft]`.
#[wasm_bindgen(js_name = saveDraft)]
pub async fn save_draft(draft: String) -> Answer<Array> {
    let draft = Draft::from_json(&draft).ok_or_else(|| JsValue::from_str("storage-other"))?;
    Ok(match outbox()?.save_draft(&draft).await.map_err(thrown)? {
        Saved::Saved => Array::new(),
        Saved::AlreadySubmitted(record) => texts(&["submitted", &record.id, &record.to_json()]),
        Saved::Superseded(draft) => texts(&["superseded", &draft.to_json()]),
    })
}

/// Keeps a draft before this returns; false where it cannot be kept in that way, or where no outbox
/// is open.
#[wasm_bindgen(js_name = stashDraft)]
pub fn stash_draft(draft: String) -> bool {
    let draft = Draft::from_json(&draft);
    draft.zip(outbox().ok()).is_some_and(|(draft, outbox)| outbox.stash_draft(&draft))
}

/// The draft under this key, if there is one.
#[wasm_bindgen(js_name = loadDraft)]
pub async fn load_draft(key: String) -> Answer<Option<String>> {
    let draft = outbox()?.load_draft(&key).await.map_err(thrown)?;
    Ok(draft.map(|draft| draft.to_json()))
}

/// Deletes the draft of this id under this key, with its files.
#[wasm_bindgen(js_name = deleteDraft)]
pub async fn delete_draft(key: String, id: String) -> Answer<()> {
    outbox()?.delete_draft(&key, &id).await.map_err(thrown)
}

/// The newest key as it is kept; `undefined` where there is none, or this browser encrypts nothing.
/// Where a PIN opens it that was not entered here yet, it has a member `locked`.
#[wasm_bindgen(js_name = newestKey)]
pub async fn newest_key() -> Answer<JsValue> {
    outbox()?.newest_key().await.map_err(thrown)
}

/// What the PIN opened.
#[wasm_bindgen]
pub async fn unlock(id: String, handle: JsValue) -> Answer<()> {
    outbox().map(|outbox| outbox.unlock(&id, &handle))
}

/// Keeps the key of this id otherwise; see `Store::rewrap`.
#[wasm_bindgen]
pub async fn rewrap(id: String, kept: JsValue) -> Answer<()> {
    outbox()?.rewrap(&id, &kept).await.map_err(thrown)
}

/// Encrypts everything under another key; see `Store::change_key`.
#[wasm_bindgen(js_name = changeKey)]
pub async fn change_key(kept: JsValue, handle: JsValue) -> Answer<()> {
    outbox()?.change_key(&kept, &handle).await.map_err(thrown)
}

/// Deletes what is under a PIN that nobody knows any more; false where that cannot be now.
#[wasm_bindgen(js_name = forgetLocked)]
pub async fn forget_locked() -> Answer<bool> {
    outbox()?.forget_locked().await.map_err(thrown)
}

/// Every draft.
#[wasm_bindgen(js_name = listDrafts)]
pub async fn list_drafts() -> Answer<Array> {
    let drafts = outbox()?.list_drafts().await.map_err(thrown)?;
    Ok(drafts.iter().map(|draft| JsString::from(draft.to_json())).collect())
}

/// Keeps a file of the draft under this key.
#[wasm_bindgen(js_name = keepFile)]
pub async fn keep_file(draft_key: String, sha256: String, bytes: Uint8Array) -> Answer<()> {
    outbox()?.keep_file(&draft_key, &sha256, &bytes).await.map_err(thrown)
}

/// A file of the draft under this key, if it is there.
#[wasm_bindgen]
pub async fn file(draft_key: String, sha256: String) -> Answer<Option<Uint8Array>> {
    outbox()?.file(&draft_key, &sha256).await.map_err(thrown)
}

/// Whether the draft under this key has a file of this digest and so many bytes.
#[wasm_bindgen(js_name = hasFile)]
pub async fn has_file(draft_key: String, sha256: String, size: f64) -> Answer<bool> {
    // Sizes are whole numbers, and far below 2^53.
    outbox()?.has_file(&draft_key, &sha256, size as u64).await.map_err(thrown)
}

/// Whether there is room for so many bytes more, as far as the browser says.
#[wasm_bindgen(js_name = hasRoom)]
pub async fn has_room(bytes: f64) -> Answer<bool> {
    Ok(outbox()?.has_room(bytes as u64).await)
}

/// Whether the browser has said that it keeps what is here.
#[wasm_bindgen(js_name = isPersistent)]
pub async fn is_persistent() -> Answer<bool> {
    Ok(outbox()?.is_persistent().await)
}

/// Deletes a file that the draft names no more.
#[wasm_bindgen(js_name = forgetFile)]
pub async fn forget_file(draft_key: String, sha256: String) -> Answer<()> {
    outbox()?.forget_file(&draft_key, &sha256).await.map_err(thrown)
}

/// Writes a submission to the phone, reads it back, and sends it when it can. False where there was one
/// of this id before, which stays. `as_of` is when the draft was changed last that it was made of; where the
/// one that is kept is newer, nothing is written. Without a number it does not matter.
#[wasm_bindgen]
pub async fn submit(
    id: String,
    record: String,
    draft_key: String,
    as_of: Option<f64>,
) -> Answer<bool> {
    let record = Record::from_json(&id, &record);
    // Milliseconds are whole numbers below 2^53.
    let as_of = as_of.map(|as_of| as_of as i64);
    let enqueued = outbox()?.submit(record, Some(&draft_key), as_of).await.map_err(thrown)?;
    Ok(matches!(enqueued, Enqueued::New(_)))
}

/// Every submission without its body, as id and record in turn, oldest first.
#[wasm_bindgen]
pub async fn list() -> Answer<Array> {
    let kept = outbox()?.list_as_kept().await.map_err(thrown)?;
    Ok(kept.into_iter().flat_map(|(id, json)| [id, json]).map(JsString::from).collect())
}

/// A submission as it is in the list, without its body, if it is there.
#[wasm_bindgen]
pub async fn listed(id: String) -> Answer<Option<String>> {
    outbox()?.listed(&id).await.map_err(thrown)
}

/// A submission with its body, if it is there.
#[wasm_bindgen]
pub async fn submission(id: String) -> Answer<Option<String>> {
    Ok(outbox()?.get(&id).await.map_err(thrown)?.map(|record| record.to_json()))
}

/// «Send now».
#[wasm_bindgen(js_name = sendNow)]
pub async fn send_now(id: String) -> Answer<()> {
    outbox()?.send_now(&id).await.map_err(thrown)
}

/// The draft that mends a refused submission.
#[wasm_bindgen]
pub async fn mend(id: String) -> Answer<Option<String>> {
    let draft = outbox()?.mend(&id).await.map_err(thrown)?;
    Ok(draft.map(|draft| draft.to_json()))
}

/// Deletes a submission of which was read that the agency has it, or not; false where that is no longer
/// so, and while it is being sent.
#[wasm_bindgen(js_name = deleteSubmission)]
pub async fn delete(id: String, received: bool) -> Answer<bool> {
    outbox()?.delete(&id, received).await.map_err(thrown)
}

/// Keeps a definition for as long as a draft or a submission needs it.
#[wasm_bindgen(js_name = keepDefinition)]
pub async fn keep_definition(digest: String, url: String, text: String) -> Answer<()> {
    outbox()?.keep_definition(&digest, &url, &text).await.map_err(thrown)
}

/// The definition of this digest, if it is kept.
#[wasm_bindgen]
pub async fn definition(digest: String) -> Answer<Option<String>> {
    Ok(outbox()?.definition(&digest).await.map_err(thrown)?.map(|kept| kept.text))
}

/// The newest definition kept from an address.
#[wasm_bindgen(js_name = definitionAt)]
pub async fn definition_at(url: String) -> Answer<Option<String>> {
    Ok(outbox()?.definition_at(&url).await.map_err(thrown)?.map(|kept| kept.text))
}

fn texts(texts: &[&str]) -> Array {
    texts.iter().map(|text| JsString::from(*text)).collect()
}
