//! Delivery: once, at the right time, and none held up by another.

use std::{cell::Cell, rc::Rc};

use eform_outbox::{Drained, Outbox, Record, State, TroubleKind, machine, platform};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::phone::{
    agency, all, becomes, body, fresh, header, hidden, hold_lock, hurry, in_line, made_of, offline,
    record, sent, share, signal, sleep, state, submission, wait,
};

#[wasm_bindgen_test]
async fn a_submission_is_delivered_and_keeps_its_receipt() {
    let outbox = fresh("ok", 10).await;
    let told = Rc::new(Cell::new(0));
    let count = Rc::clone(&told);
    let _subscription = outbox.subscribe(Rc::new(move |_| count.set(count.get() + 1)));
    let record = record("a");
    outbox.submit(record.clone(), None, None).await.unwrap();
    becomes(&outbox, "a", State::Received).await;
    let received = outbox.get("a").await.unwrap().unwrap();
    assert_eq!(received.receipt.unwrap().digest, record.digest);
    assert_eq!(sent(), ["https://a.example/s/a"]);
    assert_eq!(body(0), record.body);
    assert_eq!(header(0, "Idempotency-Key"), "\"a\"");
    assert!(header(0, "Content-Digest").starts_with("sha-256=:"));
    // Saved, claimed, received.
    assert_eq!(told.get(), 3);
}

#[wasm_bindgen_test]
async fn two_tabs_and_a_worker_send_once() {
    let outbox = fresh("ok", 200).await;
    let tabs = [Outbox::open().await.unwrap(), Outbox::open().await.unwrap()];
    for id in ["a", "b", "c"] {
        outbox.store().enqueue(&record(id), None, None).await.unwrap();
    }
    let results = all(vec![outbox.drain(), tabs[0].drain(), tabs[1].drain(), outbox.drain()]).await;
    assert_eq!(results.iter().filter(|drained| drained.busy).count(), 3);
    assert_eq!(results.iter().map(|drained| drained.tried).sum::<u32>(), 3);
    assert_eq!(sent().len(), 3);
    for id in ["a", "b", "c"] {
        assert_eq!(state(&outbox, id).await, State::Received);
    }
}

#[wasm_bindgen_test]
async fn no_network_and_a_captive_portal_leave_it_queued() {
    for mode in ["down", "portal"] {
        let outbox = fresh(mode, 0).await;
        outbox.store().enqueue(&record("a"), None, None).await.unwrap();
        let drained = outbox.drain().await;
        assert_eq!((drained.busy, drained.tried), (false, 1));
        assert!(drained.next.is_some_and(|next| (1..=2_000).contains(&next)), "{drained:?}");
        assert_eq!(state(&outbox, "a").await, State::Queued);
        // The same bytes go when it is back.
        agency("ok", 0);
        outbox.drain().await;
        assert_eq!(state(&outbox, "a").await, State::Received);
        assert_eq!(body(0), body(1));
    }
}

#[wasm_bindgen_test]
async fn a_refused_one_is_mended_and_holds_up_nobody() {
    let outbox = fresh("refuses-bad", 0).await;
    for id in ["bad", "good"] {
        outbox.store().enqueue(&record(id), None, None).await.unwrap();
    }
    outbox.drain().await;
    assert_eq!(state(&outbox, "good").await, State::Received);
    let refused = outbox.get("bad").await.unwrap().unwrap();
    assert_eq!(refused.state, State::Attention);
    assert_eq!(refused.trouble.unwrap().kind, TroubleKind::Refused);

    let draft = outbox.mend("bad").await.unwrap().unwrap();
    assert_eq!(outbox.mend("bad").await.unwrap().as_ref(), Some(&draft));
    assert_eq!(draft.replaces.as_deref(), Some("bad"));
    assert_eq!(draft.errors[0].pointer, "/name");
    let mut mended = submission(&draft.id, "สมหญิง รักดี");
    mended.replaces = draft.replaces.clone();
    outbox.submit(made_of(&mended), Some(&draft.key), None).await.unwrap();
    assert_eq!(state(&outbox, "bad").await, State::Replaced);
    becomes(&outbox, &draft.id, State::Received).await;
    assert_eq!(outbox.list_drafts().await.unwrap(), []);
}

#[wasm_bindgen_test]
async fn an_agency_that_asks_for_rest_is_asked_once_for_all_that_wait() {
    let outbox = fresh("rests", 0).await;
    for id in ["a", "b", "c", "d", "e"] {
        outbox.store().enqueue(&record(id), None, None).await.unwrap();
    }
    let there = "https://b.example/s/f";
    let elsewhere = Record { url: "https://b.example/s".into(), ..record("f") };
    outbox.store().enqueue(&elsewhere, None, None).await.unwrap();
    wait(sleep(5)).await;
    let drained = outbox.drain().await;
    assert_eq!(drained.tried, 2);
    assert_eq!(sent(), ["https://a.example/s/a", there]);
    assert!(drained.next.is_some_and(|next| next > 0), "{drained:?}");
    // Nor by another tab, whatever the network does.
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.drain().await.tried, 0);

    // But what the citizen says goes, and shows that the rest is not over.
    outbox.send_now("c").await.unwrap();
    while outbox.drain().await.busy {
        wait(sleep(10)).await;
    }
    assert_eq!(sent()[2..], ["https://a.example/s/c"]);

    // Nobody has to do anything for the others.
    agency("ok", 0);
    outbox.start();
    for id in ["a", "b", "c", "d", "e", "f"] {
        becomes(&outbox, id, State::Received).await;
    }
    assert_eq!(sent().len(), 3 + 6);
}

#[wasm_bindgen_test]
async fn deleting_the_unsent_mend_brings_the_old_one_back() {
    let outbox = fresh("refuses-bad", 0).await;
    outbox.store().enqueue(&record("bad"), None, None).await.unwrap();
    outbox.drain().await;
    let mut mended = submission("mended", "x");
    mended.replaces = Some("bad".into());
    outbox.store().enqueue(&made_of(&mended), None, None).await.unwrap();
    assert_eq!(state(&outbox, "bad").await, State::Replaced);
    assert!(outbox.delete("mended", false).await.unwrap());
    assert_eq!(state(&outbox, "bad").await, State::Attention);
    assert!(!outbox.delete("mended", false).await.unwrap());
}

#[wasm_bindgen_test]
async fn one_that_hangs_does_not_hold_up_a_new_one() {
    let outbox = fresh("hangs-on-bad", 0).await;
    outbox.submit(record("bad"), None, None).await.unwrap();
    wait(sleep(300)).await;
    assert_eq!(state(&outbox, "bad").await, State::Sending);
    assert!(!outbox.delete("bad", false).await.unwrap(), "it may be arriving");
    wait(sleep(8_000)).await;
    outbox.submit(record("good"), None, None).await.unwrap();
    becomes(&outbox, "good", State::Received).await;
    assert_eq!(state(&outbox, "bad").await, State::Sending);
}

/// Nobody says that its time has come.
#[wasm_bindgen_test]
async fn one_that_hangs_does_not_hold_up_one_that_is_due_meanwhile() {
    let outbox = fresh("hangs-on-bad", 0).await;
    outbox.submit(record("bad"), None, None).await.unwrap();
    becomes(&outbox, "bad", State::Sending).await;
    hurry(30_000);
    wait(sleep(8_200)).await;
    outbox.store().enqueue(&record("good"), None, None).await.unwrap();
    becomes(&outbox, "good", State::Received).await;
    assert_eq!(state(&outbox, "bad").await, State::Sending);
}

/// It may still arrive, so nobody else may think that it was left behind.
#[wasm_bindgen_test]
async fn the_lock_is_kept_without_a_network_as_long_as_something_is_under_way() {
    let outbox = fresh("hangs-on-bad", 0).await;
    outbox.submit(record("bad"), None, None).await.unwrap();
    becomes(&outbox, "bad", State::Sending).await;
    let other = Outbox::open().await.unwrap();
    offline(true);
    for _ in 0..5 {
        outbox.kick();
        assert!(other.drain().await.busy);
        wait(sleep(20)).await;
    }
    offline(false);
    assert_eq!((sent().len(), state(&outbox, "bad").await), (1, State::Sending));
}

#[wasm_bindgen_test]
async fn what_a_crash_left_goes_at_once_and_as_the_same_bytes() {
    let outbox = fresh("ok", 0).await;
    let record = record("a");
    outbox.store().enqueue(&record, None, None).await.unwrap();
    let occasion = machine::Occasion::timer(platform::now());
    let claim = |record: &Record| machine::claim(record, "crashed", occasion);
    outbox.store().update("a", &claim).await.unwrap().unwrap();
    outbox.drain().await;
    assert_eq!(state(&outbox, "a").await, State::Received);
    assert_eq!(body(0), record.body);
}

/// Under a PIN it could not be seen before.
#[wasm_bindgen_test]
async fn what_a_crash_left_is_taken_over_at_a_signal_by_who_is_sending_already() {
    let outbox = fresh("ok", 500).await;
    outbox.start();
    outbox.submit(record("a"), None, None).await.unwrap();
    while sent().is_empty() {
        wait(sleep(10)).await;
    }
    outbox.store().enqueue(&record("b"), None, None).await.unwrap();
    let occasion = machine::Occasion::timer(platform::now());
    let claim = |record: &Record| machine::claim(record, "crashed", occasion);
    outbox.store().update("b", &claim).await.unwrap().unwrap();
    signal();
    becomes(&outbox, "b", State::Received).await;
}

#[wasm_bindgen_test]
async fn the_holder_of_the_lock_is_left_to_work() {
    let outbox = fresh("ok", 0).await;
    outbox.store().enqueue(&record("a"), None, None).await.unwrap();
    hold_lock(500);
    wait(sleep(50)).await;
    let drained = outbox.drain().await;
    assert_eq!((drained.busy, drained.next), (true, Some(30_000)));
    assert_eq!(sent().len(), 0);
    wait(sleep(600)).await;
    assert!(!outbox.drain().await.busy);
    assert_eq!(state(&outbox, "a").await, State::Received);
}

#[wasm_bindgen_test]
async fn a_page_is_next_when_the_holder_of_the_lock_is_done() {
    let outbox = fresh("ok", 0).await;
    hold_lock(1_000);
    wait(sleep(50)).await;
    let start = platform::now();
    outbox.submit(record("a"), None, None).await.unwrap();
    wait(sleep(300)).await;
    assert_eq!(state(&outbox, "a").await, State::Queued);
    becomes(&outbox, "a", State::Received).await;
    assert!(platform::now() - start < 4_000, "at once, and not when it is looked again");
}

/// Nor is what it sends taken over by who gets the lock meanwhile.
#[wasm_bindgen_test]
async fn what_goes_without_the_lock_is_left_to_go() {
    let outbox = fresh("hangs-on-bad", 0).await;
    hold_lock(1_500);
    hurry(59_000);
    outbox.submit(record("bad"), None, None).await.unwrap();
    becomes(&outbox, "bad", State::Sending).await;
    let other = Outbox::open().await.unwrap();
    while other.drain().await.busy {
        wait(sleep(50)).await;
    }
    assert_eq!((sent().len(), state(&outbox, "bad").await), (1, State::Sending));
}

/// What it had begun would have to wait for its lease, which for large files is long.
#[wasm_bindgen_test]
async fn what_was_left_by_who_went_without_the_lock_and_was_ended_goes_at_once() {
    let outbox = fresh("ok", 0).await;
    for id in ["a", "b"] {
        outbox.store().enqueue(&record(id), None, None).await.unwrap();
    }
    let occasion = machine::Occasion::timer(platform::now());
    let claim = |record: &Record| machine::claim(record, "apart-ended", occasion);
    outbox.store().update("a", &claim).await.unwrap().unwrap();
    // As long as anybody is apart, it may be that one's.
    wait(share(true)).await;
    let next = drained(&outbox).await.next;
    let sent_meanwhile = (sent().len(), state(&outbox, "a").await);
    wait(share(false)).await;
    assert_eq!(sent_meanwhile, (1, State::Sending));
    assert_eq!(next, Some(30_000), "to look again");
    drained(&outbox).await;
    assert_eq!((sent().len(), state(&outbox, "a").await), (2, State::Received));
}

/// Where somebody still sleeps with the lock, too.
#[wasm_bindgen_test]
async fn who_goes_without_the_lock_sends_what_another_left_who_went_so() {
    let outbox = fresh("ok", 0).await;
    outbox.store().enqueue(&record("left"), None, None).await.unwrap();
    let occasion = machine::Occasion::timer(platform::now());
    let claim = |record: &Record| machine::claim(record, "apart-ended", occasion);
    outbox.store().update("left", &claim).await.unwrap().unwrap();
    hold_lock(1_500);
    hurry(59_000);
    outbox.submit(record("a"), None, None).await.unwrap();
    becomes(&outbox, "left", State::Received).await;
    becomes(&outbox, "a", State::Received).await;
    assert!(outbox.drain().await.busy, "the other one has it still");
}

/// The network may have come back while somebody else had the lock.
#[wasm_bindgen_test]
async fn that_the_network_is_back_is_known_once_the_lock_is_free() {
    let outbox = fresh("down", 0).await;
    outbox.store().enqueue(&record("a"), None, None).await.unwrap();
    assert_eq!(drained(&outbox).await.tried, 1);
    for _ in 0..2 {
        hold_lock(300);
        wait(sleep(50)).await;
        assert!(outbox.drain().await.busy);
        wait(sleep(400)).await;
        let before = sent().len();
        outbox.kick();
        wait(sleep(300)).await;
        assert_eq!(sent().len(), before + 1, "though it was told nothing itself");
    }
    hold_lock(300);
    wait(sleep(50)).await;
    assert!(outbox.drain().await.busy);
    wait(sleep(400)).await;
    assert_eq!(drained(&outbox).await.tried, 1, "once for both");
}

/// What a delivery came to that was not held up by what an earlier test started.
async fn drained(outbox: &Rc<Outbox>) -> Drained {
    loop {
        let drained = outbox.drain().await;
        if !drained.busy {
            return drained;
        }
        wait(sleep(10)).await;
    }
}

/// It may be put to sleep, and keep the lock.
#[wasm_bindgen_test]
async fn a_page_that_cannot_be_seen_does_not_wait_for_the_lock() {
    let outbox = fresh("ok", 0).await;
    outbox.start();
    hold_lock(1_500);
    wait(sleep(50)).await;
    outbox.submit(record("a"), None, None).await.unwrap();
    while in_line().await == 0 {
        wait(sleep(10)).await;
    }
    hidden(true);
    while in_line().await > 0 {
        wait(sleep(10)).await;
    }
    outbox.kick();
    wait(sleep(50)).await;
    assert_eq!((in_line().await, state(&outbox, "a").await), (0, State::Queued));
    hidden(false);
    becomes(&outbox, "a", State::Received).await;
}

/// A page that the system has put to sleep keeps the lock. Leases keep two from sending the same.
#[wasm_bindgen_test]
async fn whoever_waits_too_long_for_the_lock_goes_without_it() {
    let outbox = fresh("ok", 0).await;
    outbox.store().enqueue(&record("held"), None, None).await.unwrap();
    let occasion = machine::Occasion::timer(platform::now());
    let claim = |record: &Record| machine::claim(record, "asleep", occasion);
    outbox.store().update("held", &claim).await.unwrap().unwrap();
    hold_lock(2_000);
    hurry(59_000);
    outbox.submit(record("a"), None, None).await.unwrap();
    becomes(&outbox, "a", State::Received).await;
    assert!(outbox.drain().await.busy, "the other one has it still");
    assert_eq!(state(&outbox, "held").await, State::Sending);
    // It has left the line: nobody waits behind it.
    wait(sleep(2_100)).await;
    assert!(!outbox.drain().await.busy);
    assert_eq!(state(&outbox, "held").await, State::Received);
}

#[wasm_bindgen_test]
async fn a_started_outbox_sends_by_timer_and_when_the_network_returns() {
    let outbox = fresh("down", 0).await;
    outbox.start();
    outbox.start();
    outbox.submit(record("a"), None, None).await.unwrap();
    wait(sleep(100)).await;
    assert_eq!(state(&outbox, "a").await, State::Queued);
    agency("ok", 0);
    becomes(&outbox, "a", State::Received).await;

    agency("down", 0);
    outbox.submit(record("b"), None, None).await.unwrap();
    wait(sleep(100)).await;
    agency("ok", 0);
    signal();
    wait(sleep(200)).await;
    assert_eq!(state(&outbox, "b").await, State::Received);
}
