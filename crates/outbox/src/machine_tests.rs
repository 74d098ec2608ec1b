use eform::ProblemError;

use super::*;
pub(crate) use crate::end_examples::{NOW, receipt, submitted as record};
use crate::{NoAnswer, Trouble, TroubleKind};

const MINUTE: i64 = 60_000;

/// The record after the agency refused the answer `/name`.
pub(crate) fn refused(record: &Record) -> Record {
    let error = ProblemError { pointer: "/name".into(), ..ProblemError::default() };
    let mut trouble = Trouble::new(TroubleKind::Refused, 422);
    trouble.errors.push(error);
    sent(record, &Outcome::Attention(trouble), NOW)
}

fn trouble(kind: TroubleKind, status: u16) -> Outcome {
    Outcome::Attention(Trouble::new(kind, status))
}

fn sent(record: &Record, outcome: &Outcome, now: i64) -> Record {
    let claimed = claim(record, "me", Occasion::timer(now)).unwrap();
    settle(&claimed, "me", outcome, now, 0.5).unwrap()
}

#[test]
fn a_new_record_is_due_at_once_and_the_next_wake_is_now() {
    let record = record("a");
    assert!(is_due(&record, Occasion::timer(NOW)));
    assert_eq!(next_wake(&[record], NOW), Some(0));
    assert_eq!(next_wake(&[], NOW), None);
}

#[test]
fn a_receipt_makes_it_received_and_nothing_undoes_that() {
    let record = record("a");
    let done = sent(&record, &Outcome::Delivered(receipt(&record)), NOW);
    assert_eq!(done.state, State::Received);
    assert_eq!(done.receipt, Some(receipt(&record)));
    assert_eq!(done.body, record.body);
    assert!(!is_due(&done, Occasion { now: NOW, alone: true, signal: true }));
    assert_eq!(settle(&done, "me", &trouble(TroubleKind::Conflict, 409), NOW, 0.0), None);
    assert_eq!(send_now(&done, NOW), None);
}

#[test]
fn a_form_that_asks_for_it_has_its_answers_dropped_on_receipt_and_only_then() {
    let mut record = record("a");
    record.forget = true;
    let later = sent(&record, &Outcome::NoAnswer(NoAnswer::Network), NOW);
    assert!(!later.body.is_empty());
    let done = sent(&record, &Outcome::Delivered(receipt(&record)), NOW);
    assert_eq!((done.body.as_str(), &done.digest), ("", &record.digest));
}

#[test]
fn a_receipt_for_something_else_is_no_receipt() {
    let record = record("a");
    let mut other_id = receipt(&record);
    other_id.id = "b".into();
    let mut other_bytes = receipt(&record);
    other_bytes.digest = eform::digest(b"other");
    for receipt in [other_id, other_bytes] {
        let next = sent(&record, &Outcome::Delivered(receipt), NOW);
        assert_eq!((next.state, next.receipt), (State::Queued, None));
    }
}

#[test]
fn waits_grow_and_the_agencys_wish_is_honoured() {
    let mut record = record("a");
    let mut waits = Vec::new();
    let mut now = NOW;
    for _ in 0..10 {
        record = sent(&record, &Outcome::NoAnswer(NoAnswer::Timeout), now);
        waits.push(record.next_at - now);
        now = record.next_at;
    }
    assert_eq!(waits[..4], [1_500, 3_000, 6_000, 12_000]);
    assert_eq!(waits[9], 225_000);

    for (after, least) in [(None, 1_000), (Some(0), 1_000), (Some(10 * MINUTE), 10 * MINUTE)] {
        let later = sent(&self::record("a"), &Outcome::Later { status: 503, after }, NOW);
        assert_eq!(later.state, State::Queued);
        assert!(later.next_at - NOW >= least, "{after:?}");
        assert!(later.next_at - NOW <= least + least / 5 + 1_000, "{after:?}");
    }
}

#[test]
fn a_returning_network_ends_the_waits_that_the_phone_chose_and_no_others() {
    let signal = Occasion { signal: true, ..Occasion::timer(NOW + 1) };
    for (outcome, due) in [
        (Outcome::NoAnswer(NoAnswer::Network), true),
        (Outcome::NotDelivered { status: 200 }, true),
        (Outcome::Later { status: 502, after: None }, true),
        (Outcome::Later { status: 503, after: Some(MINUTE) }, false),
    ] {
        let record = sent(&record("a"), &outcome, NOW);
        assert!(!is_due(&record, Occasion::timer(NOW + 1)));
        assert_eq!(is_due(&record, signal), due, "{outcome:?}");
    }
}

/// The wait of each of these records, and `None` for one that does not wait to be sent.
fn waits_of<const N: usize>(records: [&Record; N], occasion: Occasion) -> [Option<i64>; N] {
    let all = records.map(Record::clone);
    let waits = waits(&all, occasion);
    records.map(|one| waits.iter().find(|(it, _)| it.id == one.id).map(|(_, wait)| *wait))
}

#[test]
fn what_waits_for_an_address_that_asked_for_rest_waits_as_long() {
    let no_answer = Outcome::NoAnswer(NoAnswer::Network);
    let elsewhere = Record { url: "https://other.example/s".into(), ..record("elsewhere") };
    let new = record("new");
    let failed = sent(&record("failed"), &no_answer, NOW);
    let sending = claim(&record("sending"), "other", Occasion::timer(NOW)).unwrap();
    let received = Outcome::Delivered(receipt(&record("received")));
    let received = sent(&record("received"), &received, NOW);
    for (status, after, binds) in [
        (503, Some(10 * MINUTE), true),
        (429, Some(10 * MINUTE), true),
        (503, None, false),
        // These are about one request.
        (408, Some(10 * MINUTE), false),
        (424, Some(10 * MINUTE), false),
    ] {
        let asked = sent(&record("asked"), &Outcome::Later { status, after }, NOW + 1_000);
        assert_eq!(asks_for_rest(&asked), binds);
        // Also when the network comes back.
        let occasion = Occasion { signal: true, ..Occasion::timer(NOW + 2_000) };
        let all = [&asked, &new, &failed, &elsewhere, &sending, &received];
        let own = due_in(&asked, occasion).unwrap();
        let rest = Some(if binds { own } else { 0 });
        let lease = due_in(&sending, occasion);
        let waits = [Some(own), rest, rest, Some(0), lease, None];
        assert_eq!(waits_of(all, occasion), waits, "{status} {after:?}");
        // Nobody looks in vain meanwhile, and then it is over.
        let next = next_wake(&[asked.clone(), new.clone()], NOW + 2_000);
        assert_eq!(next, rest, "{status} {after:?}");
        let over = Occasion::timer(asked.next_at);
        assert_eq!(waits_of([&asked, &new, &failed], over), [Some(0); 3]);
    }
}

#[test]
fn rest_that_was_asked_for_by_the_address_of_the_files_binds_that_one_alone() {
    let outcome = Outcome::Later { status: 503, after: Some(10 * MINUTE) };
    for (sent_bytes, binds) in [(3, false), (7, true)] {
        let file = Upload { sent: sent_bytes, ..Upload::new("0".repeat(64), 7) };
        let with_file = Record { uploads: vec![file], ..record("with a file") };
        assert_eq!(asks_for_rest(&sent(&with_file, &outcome, NOW)), binds, "{sent_bytes}");
    }
}

#[test]
fn what_the_citizen_sends_after_an_address_asked_for_rest_goes() {
    let rest = |minutes| Outcome::Later { status: 503, after: Some(minutes * MINUTE) };
    let asked = sent(&record("asked"), &rest(10), NOW + 1_000);
    let failed = sent(&record("failed"), &Outcome::NoAnswer(NoAnswer::Network), NOW);
    let occasion = Occasion::timer(NOW + 3_000);
    let tapped = send_now(&failed, NOW + 2_000).unwrap();
    let tapped_itself = send_now(&asked, NOW + 2_000).unwrap();
    let submitted = Record { next_at: NOW + 2_000, ..record("submitted") };
    let new = record("new");
    let all = [&asked, &tapped, &submitted, &new];
    let own = due_in(&asked, occasion);
    assert_eq!(waits_of(all, occasion), [own, Some(0), Some(0), own]);
    assert_eq!(waits_of([&tapped_itself, &new], occasion), [Some(0); 2]);

    // The address has asked once more since: that is its last word, whichever is longer.
    for minutes in [5, 20] {
        let again = sent(&record("again"), &rest(minutes), NOW + 2_500);
        let left = due_in(&again, occasion);
        let all = [&asked, &again, &tapped, &submitted, &new];
        let waits = [own.max(left), left, left, left, left];
        assert_eq!(waits_of(all, occasion), waits, "{minutes}");
        let [asked, again, ..] = all;
        assert_eq!(waits_of([again, asked, &new], occasion), [left, own.max(left), left]);
    }
}

#[test]
fn a_lease_keeps_others_away_until_it_ends() {
    let claimed = claim(&record("a"), "me", Occasion::timer(NOW)).unwrap();
    assert_eq!((claimed.state, claimed.attempts), (State::Sending, 1));
    let lasts = lease_ms(&claimed);
    assert!(lasts > timeout_ms(claimed.body.len()));
    for (after, taken) in [(0, false), (lasts - 1, false), (lasts, true), (lasts + MINUTE, true)] {
        let other = claim(&claimed, "other", Occasion::timer(NOW + after));
        assert_eq!(other.is_some(), taken, "after {after} ms");
    }
    assert!(claim(&claimed, "me", Occasion::timer(NOW + 1)).is_some());
    assert_eq!(next_wake(std::slice::from_ref(&claimed), NOW), Some(30_000), "it may be gone");
    assert_eq!(next_wake(&[claimed], NOW + lasts - 1), Some(1));
}

#[test]
fn whoever_holds_the_only_lock_takes_over_what_a_crash_left() {
    let claimed = claim(&record("a"), "crashed", Occasion::timer(NOW)).unwrap();
    let alone = Occasion { alone: true, ..Occasion::timer(NOW + 1) };
    let apart = claim(&record("a"), &[APART, "me"].concat(), Occasion::timer(NOW)).unwrap();
    assert!(!is_due(&apart, alone), "it was not under the lock");
    assert!(is_due(&apart, Occasion { now: NOW + lease_ms(&apart), ..alone }));
    let lease = apart.lease.clone().unwrap();
    let left = left_apart(&apart, &lease).unwrap();
    assert!(is_due(&left, Occasion::timer(NOW)) && may_delete(&left, NOW));
    assert!(claim(&left, "me", Occasion::timer(NOW)).is_some());
    assert_eq!(left_apart(&left, &lease), None);
    let renewed = Lease { until: lease.until + 1, ..lease.clone() };
    assert_eq!(left_apart(&Record { lease: Some(renewed), ..apart.clone() }, &lease), None);
    let newer = Record { schema: SCHEMA + 1, ..apart };
    assert_eq!(left_apart(&newer, &lease), None, "it would lose what this version does not know");
    assert!(claim(&claimed, "me", alone).is_some());
}

#[test]
fn after_the_lease_is_lost_only_a_receipt_counts() {
    let mine = claim(&record("a"), "me", Occasion::timer(NOW)).unwrap();
    let later = NOW + lease_ms(&mine);
    let theirs = claim(&mine, "other", Occasion::timer(later)).unwrap();
    let failed = Outcome::NoAnswer(NoAnswer::Timeout);
    assert_eq!(settle(&theirs, "me", &failed, later, 0.5), None);
    assert_eq!(settle(&theirs, "me", &trouble(TroubleKind::Refused, 422), later, 0.5), None);
    let done = settle(&theirs, "me", &Outcome::Delivered(receipt(&mine)), later, 0.5).unwrap();
    assert_eq!(done.state, State::Received);
}

#[test]
fn a_clock_that_goes_backwards_strands_nothing() {
    let day = 24 * 60 * MINUTE;
    let queued = sent(&record("a"), &Outcome::NoAnswer(NoAnswer::Network), NOW);
    let asked = Outcome::Later { status: 503, after: Some(MINUTE) };
    let asked = sent(&record("a"), &asked, NOW);
    let leased = claim(&record("a"), "crashed", Occasion::timer(NOW)).unwrap();
    for back in [3 * MINUTE, day, 365 * day, NOW, 2 * NOW] {
        for record in [&record("a"), &queued, &asked, &leased] {
            assert!(is_due(record, Occasion::timer(NOW - back)), "{back} {:?}", record.state);
        }
        let others = [&record("b"), &asked];
        assert_eq!(waits_of(others, Occasion::timer(NOW - back)), [Some(0); 2], "{back}");
    }
}

#[test]
fn sending_now_forgets_the_waits_and_the_trouble() {
    let refused = sent(&record("a"), &trouble(TroubleKind::NotAllowed, 403), NOW);
    assert_eq!(refused.state, State::Attention);
    assert!(!is_due(&refused, Occasion { now: NOW, alone: true, signal: true }));
    let again = send_now(&refused, NOW + 5).unwrap();
    assert_eq!((again.state, again.attempts, again.trouble.is_none()), (State::Queued, 0, true));
    assert!(is_due(&again, Occasion::timer(NOW + 5)));

    let waiting = Outcome::Later { status: 503, after: Some(60 * MINUTE) };
    let waiting = sent(&record("a"), &waiting, NOW);
    assert!(is_due(&send_now(&waiting, NOW + 5).unwrap(), Occasion::timer(NOW + 5)));

    let sending = claim(&record("a"), "me", Occasion::timer(NOW)).unwrap();
    assert_eq!(send_now(&sending, NOW), None);
    let invalid = sent(&record("a"), &trouble(TroubleKind::Refused, 422), NOW);
    assert_eq!(send_now(&invalid, NOW), None);
}

#[test]
fn a_mended_record_is_kept_and_never_sent_again() {
    let refused = sent(&record("a"), &trouble(TroubleKind::Refused, 422), NOW);
    let replaced = mended(&refused, "b").unwrap();
    assert_eq!(replaced.state, State::Replaced);
    assert_eq!((replaced.replaced_by.as_deref(), &replaced.body), (Some("b"), &refused.body));
    assert!(!is_due(&replaced, Occasion { now: NOW, alone: true, signal: true }));
    assert_eq!(mended(&replaced, "c"), None);
    let other = |id: &str| Record { id: id.into(), ..refused.clone() };
    assert_eq!(reinstated(&replaced, &other("b")).unwrap(), refused);
    assert_eq!(reinstated(&replaced, &other("c")), None);
    // Another stands in for the one in its stead.
    let next = reinstated(&replaced, &mended(&other("b"), "c").unwrap()).unwrap();
    assert_eq!(next, Record { replaced_by: Some("c".into()), ..replaced });
}

#[test]
fn a_receipt_that_arrives_after_mending_is_not_thrown_away() {
    let sending = claim(&record("a"), "me", Occasion::timer(NOW)).unwrap();
    let replaced = mended(&sending, "b").unwrap();
    let failed = Outcome::NoAnswer(NoAnswer::Network);
    assert_eq!(settle(&replaced, "me", &failed, NOW, 0.5), None);
    let done = settle(&replaced, "me", &Outcome::Delivered(receipt(&sending)), NOW, 0.5).unwrap();
    assert_eq!((done.state, done.replaced_by.as_deref()), (State::Received, Some("b")));
}

#[test]
fn nothing_is_deleted_while_it_may_be_arriving() {
    let sending = claim(&record("a"), "me", Occasion::timer(NOW)).unwrap();
    assert!(!may_delete(&sending, NOW + 1));
    assert!(may_delete(&sending, NOW + lease_ms(&sending)));
    assert!(may_delete(&record("a"), NOW));
}

#[test]
fn a_record_of_newer_code_is_shown_and_left_alone() {
    let mut record = record("a");
    record.schema = SCHEMA + 1;
    assert_eq!(claim(&record, "me", Occasion { now: NOW, alone: true, signal: true }), None);
    assert_eq!(send_now(&record, NOW), None);
}
