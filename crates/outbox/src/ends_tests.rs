use super::*;
use crate::{Action, actions, end_examples::examples, machine::send_now};

const NOW: i64 = 1_795_223_643_000;

/// Every end with a submission that comes to it, and whether its form says where to sign in.
fn all() -> impl Iterator<Item = (End, Record, bool)> {
    End::ALL.into_iter().flat_map(|end| {
        let examples = examples(end);
        assert!(!examples.is_empty(), "{end:?} cannot be reached");
        examples.into_iter().map(move |(record, can_sign_in)| (end, record, can_sign_in))
    })
}

#[test]
fn a_submission_stands_as_what_became_of_it_says() {
    for (end, record, can_sign_in) in all() {
        assert_eq!(End::of(&record, can_sign_in), end, "{record:?}");
    }
}

/// Two that are told in the same words must be the same to the citizen.
#[test]
fn every_end_has_words_of_its_own_in_both_languages() {
    let same = [End::Waiting, End::NoAnswer, End::Sending];
    for (at, end) in End::ALL.into_iter().enumerate() {
        let (th, en) = (end.words(true), end.words(false));
        assert!(!th.title.is_empty() && !th.text.is_empty() && th.text != en.text, "{end:?}");
        assert_eq!(th.why.is_empty(), en.why.is_empty(), "{end:?}");
        for other in &End::ALL[..at] {
            let may_be_same = same.contains(&end) && same.contains(other);
            for thai in [true, false] {
                assert_eq!(end.words(thai) == other.words(thai), may_be_same, "{end:?} {other:?}");
            }
        }
    }
}

#[test]
fn no_words_name_a_button_that_is_not_there() {
    for (end, record, can_sign_in) in all() {
        let offered = actions(&record);
        for action in [Action::SendNow, Action::SignIn, Action::Mend, Action::Delete] {
            let is_there = offered.contains(&action) && (action != Action::SignIn || can_sign_in);
            for thai in [true, false] {
                let label = ["“", action.label(thai), "”"].concat();
                let words = end.words(thai);
                let is_named = [words.text, words.why].iter().any(|words| words.contains(&label));
                assert!(!is_named || is_there, "{end:?} {action:?}");
            }
        }
    }
}

/// Nothing is stuck: it goes by itself, or there is something to do.
#[test]
fn every_end_has_a_way_out() {
    for (end, record, _) in all() {
        let goes = record.schema <= SCHEMA && record.state == State::Queued;
        let moves = goes || record.state == State::Sending;
        assert!(moves || !actions(&record).is_empty(), "{end:?}");
        let is_sent_by_tap = send_now(&record, NOW).is_some();
        assert_eq!(is_sent_by_tap, actions(&record).contains(&Action::SendNow), "{end:?}");
    }
}
