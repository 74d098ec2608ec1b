//! What is kept is encrypted, and under a PIN nobody reads it who does not know that.

use std::rc::Rc;

use eform_outbox::{Draft, Outbox, Record, Saved, State, StorageError};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::phone::{
    agency, all, becomes, draft, forget, fresh, lose_keys, made_of, misreport, pin, record, sent,
    sleep, stash, submission, told_on_disk, wait,
};

/// A citizen with a draft, last words, a submission and files, all with this name in it.
async fn with_everything(name: &str) -> (Rc<Outbox>, Draft, Record, String) {
    let outbox = fresh("down", 0).await;
    let contents = name.repeat(20_000).into_bytes();
    let sha256 = eform::hex(&eform::sha256(&contents));
    let mut draft = draft("a");
    draft.entries.insert("name".into(), name.into());
    outbox.save_draft(&draft).await.unwrap();
    outbox.keep_file(&draft.key, &sha256, &Uint8Array::from(&*contents)).await.unwrap();
    let record = made_of(&submission("b", name));
    outbox.store().enqueue(&record, None, None).await.unwrap();
    draft.updated_at += 1;
    stash(&outbox, &draft).await;
    (outbox, draft, record, sha256)
}

async fn key_id(outbox: &Outbox) -> String {
    let key = outbox.newest_key().await.unwrap();
    js_sys::Reflect::get(&key, &"id".into()).unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
async fn nothing_typed_is_on_the_disk_in_the_clear() {
    let name = "สมหญิง ใจดี";
    let (outbox, draft, record, sha256) = with_everything(name).await;
    let disk = told_on_disk().await;
    assert!(disk.contains("farmer-registration") && !disk.contains(name) && !disk.contains("สมห"));
    // Another page, later.
    drop(outbox);
    let outbox = Outbox::open().await.unwrap();
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
    assert_eq!(outbox.get("b").await.unwrap(), Some(record));
    let file = outbox.file(&draft.key, &sha256).await.unwrap().unwrap();
    assert_eq!(file.to_vec(), name.repeat(20_000).into_bytes());
}

#[wasm_bindgen_test]
async fn under_a_pin_nothing_is_read_written_or_sent_before_it_was_entered() {
    let name = "สมหญิง ใจดี";
    let (outbox, draft, record, sha256) = with_everything(name).await;
    let pin: Array = JsFuture::from(pin()).await.unwrap().into();
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
    outbox.change_key(&pin.get(0), &pin.get(1)).await.unwrap();
    // Here it is open.
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
    assert!(outbox.file(&draft.key, &sha256).await.unwrap().is_some());
    let disk = told_on_disk().await;
    assert!(!disk.contains(name) && disk.matches("\"key\":{}").count() == 0, "{disk}");

    // Another tab, which has the old key, and a new page.
    let changed = Draft { updated_at: draft.updated_at + 5, ..draft.clone() };
    assert_eq!(other.save_draft(&changed).await, Err(StorageError::Locked));
    let closed = [other, Outbox::open().await.unwrap()];
    agency("works", 0);
    for outbox in &closed {
        assert_eq!(outbox.load_draft(&draft.key).await, Err(StorageError::Locked));
        assert_eq!(outbox.list_drafts().await, Err(StorageError::Locked));
        assert_eq!(outbox.get("b").await, Err(StorageError::Locked));
        assert_eq!(
            outbox.store().enqueue(&self::record("c"), None, None).await,
            Err(StorageError::Locked)
        );
        let listed = outbox.list().await.unwrap();
        assert!(listed.len() == 1 && listed[0].locked);
        let drained = outbox.drain().await;
        assert_eq!((drained.tried, drained.next, sent().len()), (0, None, 0));
        let key = outbox.newest_key().await.unwrap();
        assert_eq!(js_sys::Reflect::get(&key, &"locked".into()), Ok(JsValue::TRUE));
    }
    agency("down", 0);
    for outbox in &closed {
        outbox.unlock(&key_id(outbox).await, &pin.get(1));
        assert_eq!(outbox.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
        assert_eq!(outbox.get("b").await.unwrap().map(|it| it.body), Some(record.body.clone()));
        assert!(!outbox.list().await.unwrap()[0].locked);
    }
    agency("works", 0);
    closed[0].send_now("b").await.unwrap();
    becomes(&closed[0], "b", State::Received).await;
}

/// The PIN that was chosen counts, and the citizen is not told that there is none.
#[wasm_bindgen_test]
async fn a_pin_whose_writing_was_not_told_of_is_set() {
    let (outbox, draft, ..) = with_everything("สมหญิง ใจดี").await;
    let pin: Array = JsFuture::from(pin()).await.unwrap().into();
    misreport("keys");
    outbox.change_key(&pin.get(0), &pin.get(1)).await.unwrap();
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.load_draft(&draft.key).await, Err(StorageError::Locked));
    other.unlock(&key_id(&other).await, &pin.get(1));
    assert_eq!(other.load_draft(&draft.key).await.unwrap(), Some(draft));
}

#[wasm_bindgen_test]
async fn a_pin_that_nobody_knows_any_more_leaves_the_receipts() {
    let (outbox, draft, ..) = with_everything("สมหญิง ใจดี").await;
    agency("works", 0);
    outbox.submit(record("c"), None, None).await.unwrap();
    becomes(&outbox, "c", State::Received).await;
    agency("down", 0);
    let pin: Array = JsFuture::from(pin()).await.unwrap().into();
    outbox.change_key(&pin.get(0), &pin.get(1)).await.unwrap();
    // Not from where it was entered.
    assert!(!outbox.store().forget_locked().await.unwrap());
    assert_eq!(outbox.list().await.unwrap().len(), 2);
    let other = Outbox::open().await.unwrap();
    assert!(other.forget_locked().await.unwrap());
    let disk = told_on_disk().await;
    assert!(disk.contains("farmer-registration") && !disk.contains("\"secret\""), "{disk}");
    let left = other.list().await.unwrap();
    assert!(left.iter().any(|record| record.id == "c" && record.receipt.is_some()));
    assert!(left.iter().all(|record| record.state == State::Received && !record.locked));
    assert_eq!(other.list_drafts().await.unwrap(), []);
    assert_eq!(other.save_draft(&draft).await.unwrap(), Saved::Saved);
    assert_eq!(other.load_draft(&draft.key).await.unwrap(), Some(draft));
}

#[wasm_bindgen_test]
async fn a_key_that_went_with_the_database_is_written_again() {
    let outbox = fresh("down", 0).await;
    outbox.save_draft(&draft("a")).await.unwrap();
    wait(forget()).await;
    let later = Draft { updated_at: 9_999_999_999_999, ..draft("a") };
    outbox.save_draft(&later).await.unwrap();
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.load_draft(&later.key).await.unwrap(), Some(later));
}

#[wasm_bindgen_test]
async fn what_is_under_a_key_that_the_browser_lost_is_not_hidden_and_new_things_are_kept() {
    let (outbox, draft, record, _) = with_everything("สมหญิง ใจดี").await;
    drop(outbox);
    wait(lose_keys()).await;
    let outbox = Outbox::open().await.unwrap();
    let listed = outbox.list_drafts().await.unwrap();
    assert!(listed.len() == 1 && !listed[0].is_readable() && listed[0].key == draft.key);
    // It cannot be sent, and says why.
    agency("works", 0);
    outbox.drain().await;
    let there = outbox.list().await.unwrap();
    assert_eq!((&*there[0].id, there[0].state), ("b", State::Attention));
    assert!(sent().is_empty() && there[0].digest == record.digest);
    let beside = Draft { key: Draft::key_beside(&draft.form, "c"), id: "c".into(), ..draft };
    assert_eq!(outbox.save_draft(&beside).await.unwrap(), Saved::Saved);
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.load_draft(&beside.key).await.unwrap().as_ref(), Some(&beside));
    outbox.submit(self::record("c"), Some(&beside.key), None).await.unwrap();
    becomes(&outbox, "c", State::Received).await;
}

#[wasm_bindgen_test]
async fn tabs_that_make_a_key_at_once_make_one() {
    let outbox = fresh("down", 0).await;
    let mut others = Vec::new();
    for _ in 0..5 {
        others.push(Outbox::open().await.unwrap());
    }
    let key = |at: usize| Draft { key: format!("form-{at}"), ..draft(&format!("id-{at}")) };
    let drafts: Vec<_> = (0..others.len()).map(key).collect();
    let saving = others.iter().zip(&drafts).map(|(outbox, draft)| outbox.save_draft(draft));
    for saved in all(saving.collect()).await {
        assert_eq!(saved.unwrap(), Saved::Saved);
    }
    assert_eq!(outbox.list_drafts().await.unwrap(), drafts);
    let disk = told_on_disk().await;
    assert_eq!(disk.matches("\"key\":{}").count(), 1, "{disk}");
}

/// As after a page that was closed in the middle of it: a part is under the old key.
#[wasm_bindgen_test]
async fn a_pin_that_was_set_by_halves_is_gone_on_with_once_it_was_entered() {
    let name = "สมหญิง ใจดี";
    let (outbox, draft, record, sha256) = with_everything(name).await;
    let pin: Array = JsFuture::from(pin()).await.unwrap().into();
    outbox.store().change_key(&pin.get(0), &pin.get(1)).await.unwrap();
    drop(outbox);
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.save_draft(&draft).await, Err(StorageError::Locked));
    other.unlock(&key_id(&other).await, &pin.get(1));
    while told_on_disk().await.contains("\"key\":{}") {
        wait(sleep(10)).await;
    }
    drop(other);
    let third = Outbox::open().await.unwrap();
    assert_eq!(third.load_draft(&draft.key).await, Err(StorageError::Locked));
    // The PIN is changed, and the key is the same; then it is taken away.
    let id = key_id(&third).await;
    third.rewrap(&id, &pin.get(0)).await.unwrap();
    assert_eq!(third.load_draft(&draft.key).await, Err(StorageError::Locked));
    let plain = js_sys::Object::new();
    js_sys::Reflect::set(&plain, &"key".into(), &pin.get(1)).unwrap();
    third.rewrap(&id, &plain).await.unwrap();
    assert_eq!(third.load_draft(&draft.key).await.unwrap(), Some(draft.clone()));
    assert_eq!(third.get("b").await.unwrap().map(|it| it.body), Some(record.body));
    assert!(third.file(&draft.key, &sha256).await.unwrap().is_some());
}
