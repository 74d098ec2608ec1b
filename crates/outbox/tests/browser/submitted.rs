//! «Submit»: what is written is written once, and one sender at a time has it.

use std::cell::Cell;

use eform_outbox::{Enqueued, Record, State, Store, machine, platform};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::phone::{all, fresh, made_of, record, sleep, spoil, state, submission, wait};

#[wasm_bindgen_test]
async fn a_submission_that_is_being_written_as_the_page_is_left_is_written() {
    let outbox = fresh("down", 0).await;
    let (kept, undone) = (Cell::new(0), Cell::new(false));
    let record = record("a");
    let act = async |leaves: bool| {
        if leaves {
            undone.set(kept.get() == 0);
            outbox.store().let_go();
        } else if outbox.store().enqueue(&record, None, None).await.unwrap()
            == Enqueued::New(record.clone())
        {
            kept.set(kept.get() + 1);
        }
    };
    all(vec![act(false), act(true)]).await;
    assert!(undone.get() && kept.get() == 1);
    assert_eq!(state(&outbox, "a").await, State::Queued);
}

#[wasm_bindgen_test]
async fn the_second_tap_finds_the_first() {
    let outbox = fresh("down", 0).await;
    let first = record("a");
    let mut second = made_of(&submission("a", "somebody else"));
    second.saved_at += 5;
    outbox.store().enqueue(&first, None, None).await.unwrap();
    let enqueued = outbox.store().enqueue(&second, None, None).await.unwrap();
    let listed = Record { body: String::new(), ..first };
    assert_eq!(enqueued, Enqueued::Already(listed));
}

/// As after a write that was not what it said: who taps again has the same answers on the screen.
#[wasm_bindgen_test]
async fn the_second_tap_mends_what_the_phone_has_spoiled() {
    let outbox = fresh("down", 0).await;
    let record = record("a");
    outbox.store().enqueue(&record, None, None).await.unwrap();
    wait(spoil("bodies", "a")).await;
    assert!(!outbox.store().get("a").await.unwrap().unwrap().is_whole());
    outbox.store().enqueue(&record, None, None).await.unwrap();
    assert_eq!(outbox.store().get("a").await.unwrap(), Some(record));
}

/// The agency may have it by the time that somebody is sure.
#[wasm_bindgen_test]
async fn only_what_stands_as_it_was_read_is_deleted() {
    let outbox = fresh("down", 0).await;
    outbox.store().enqueue(&record("a"), None, None).await.unwrap();
    assert!(!outbox.delete("a", true).await.unwrap());
    assert_eq!(state(&outbox, "a").await, State::Queued);
    let outbox = fresh("ok", 0).await;
    outbox.store().enqueue(&record("b"), None, None).await.unwrap();
    // One that an earlier test started may hold the lock for a moment.
    while outbox.drain().await.busy {
        wait(sleep(10)).await;
    }
    assert!(!outbox.delete("b", false).await.unwrap());
    assert_eq!(state(&outbox, "b").await, State::Received);
    assert!(outbox.delete("b", true).await.unwrap());
}

#[wasm_bindgen_test]
async fn ten_taps_at_once_make_one_record() {
    let outbox = fresh("down", 0).await;
    let other = Store::open().await.unwrap();
    let record = record("a");
    let new = Cell::new(0);
    let tap = async |store: &Store| {
        if matches!(store.enqueue(&record, None, None).await.unwrap(), Enqueued::New(_)) {
            new.set(new.get() + 1);
        }
    };
    let here = outbox.store();
    all(vec![
        tap(here),
        tap(&other),
        tap(here),
        tap(&other),
        tap(here),
        tap(&other),
        tap(here),
        tap(&other),
        tap(here),
        tap(&other),
    ])
    .await;
    assert_eq!(new.get(), 1);
    assert_eq!(outbox.list().await.unwrap().len(), 1);
}

#[wasm_bindgen_test]
async fn of_two_that_claim_one_gets_the_lease() {
    let outbox = fresh("down", 0).await;
    let other = Store::open().await.unwrap();
    outbox.store().enqueue(&record("a"), None, None).await.unwrap();
    let occasion = machine::Occasion::timer(platform::now());
    let won = Cell::new(0);
    let claim = async |store: &Store, holder: &str| {
        let claim = |record: &Record| machine::claim(record, holder, occasion);
        if store.update("a", &claim).await.unwrap().is_some() {
            won.set(won.get() + 1);
        }
    };
    all(vec![claim(outbox.store(), "one"), claim(&other, "two")]).await;
    assert_eq!(won.get(), 1);
    assert_eq!(state(&outbox, "a").await, State::Sending);
}

#[wasm_bindgen_test]
fn ids_are_uuids_and_times_have_an_offset() {
    let id = platform::new_id();
    assert_eq!((id.len(), id.as_bytes()[14]), (36, b'7'));
    assert_ne!(id, platform::new_id());
    let time = platform::now_rfc3339_local();
    assert_eq!(time.len(), 25, "{time}");
    assert_eq!(js_sys::Date::parse(&time) as i64 / 1000, platform::now() / 1000);
}
