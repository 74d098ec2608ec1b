//! Whatever happens in whatever order, nothing is lost, nothing is called received without its
//! receipt, and nothing is stuck. Events are drawn at random: several senders claim, crash and
//! settle, the clock jumps, the citizen taps, mends and deletes, and the agency answers anything.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use eform::{Receipt, Submission};
use eform_outbox::{
    Action, NoAnswer, Outcome, Record, State, Trouble, TroubleKind, actions,
    machine::{self, Occasion},
    retry_after,
};
use proptest::prelude::*;
use serde_json::{Map, Value};

const HOUR: i64 = 60 * 60_000;
const SENDERS: [&str; 3] = ["page", "other tab", "worker"];

/// Three random bytes: what happens, to which record or by which sender, and how.
type Event = (u8, u8, u8);

/// The phone, the agency, and what must stay true of them.
struct World {
    now: i64,
    phone: BTreeMap<String, Record>,
    /// Everything ever submitted: its bytes.
    submitted: BTreeMap<String, String>,
    deleted: BTreeSet<String>,
    /// What the agency holds: digests by id.
    agency: BTreeMap<String, String>,
    /// The record that each sender believes it holds.
    sending: [Option<Record>; 3],
}

impl World {
    fn new() -> Self {
        Self {
            now: 1_795_223_643_000,
            phone: BTreeMap::new(),
            submitted: BTreeMap::new(),
            deleted: BTreeSet::new(),
            agency: BTreeMap::new(),
            sending: [None, None, None],
        }
    }

    fn happen(&mut self, (what, which, how): Event) {
        let sender = usize::from(which) % SENDERS.len();
        let id = self.pick(which);
        match what % 10 {
            // A mending draft may be older than what became of the record since.
            0 => self.submit(id.filter(|_| how & 3 == 0).as_deref(), how),
            1..=3 => self.claim(sender, id, how),
            4..=5 => self.settle(sender, how),
            // A crash: the sender forgets, the record keeps its lease.
            6 => self.sending[sender] = None,
            7 => self.jump(how),
            8 => self.act(id, how),
            _ => self.now += i64::from(how) * 1_000,
        }
    }

    fn pick(&self, which: u8) -> Option<String> {
        let ids: Vec<_> = self.phone.keys().collect();
        Some(ids.get(usize::from(which) % ids.len().max(1))?.to_string())
    }

    /// The citizen submits, perhaps in the stead of another.
    fn submit(&mut self, replaces: Option<&str>, how: u8) {
        let id = format!("{:04}", self.submitted.len());
        let mut answers = Map::new();
        answers.insert("n".into(), Value::from(self.submitted.len()));
        let submission = Submission {
            id: id.clone(),
            form: "f".into(),
            version: "1".into(),
            definition: "sha256:d".into(),
            language: "th".into(),
            completed_at: "2026-11-21T08:14:03+07:00".into(),
            replaces: replaces.map(Into::into),
            answers: Some(answers),
            sealed: None,
            attachments: Vec::new(),
            uploads: Vec::new(),
        };
        let url = "https://agency.example/s".into();
        let mut record = Record::new(&submission, Value::Null, url, self.now);
        record.forget = how & 1 == 1;
        self.submitted.insert(id.clone(), record.body.clone());
        self.phone.insert(id.clone(), record);
        if let Some(next) = replaces.and_then(|old| machine::mended(self.phone.get(old)?, &id)) {
            self.phone.insert(next.id.clone(), next);
        }
    }

    fn claim(&mut self, sender: usize, id: Option<String>, how: u8) {
        let occasion = Occasion { now: self.now, alone: how & 3 == 0, signal: how & 4 == 0 };
        let Some(record) = id.and_then(|id| self.phone.get(&id)) else { return };
        if let Some(claimed) = machine::claim(record, SENDERS[sender], occasion) {
            assert!(!claimed.body.is_empty(), "sends bytes");
            self.phone.insert(claimed.id.clone(), claimed.clone());
            self.sending[sender] = Some(claimed);
        }
    }

    /// The agency answers, or something else does, or nothing.
    fn settle(&mut self, sender: usize, how: u8) {
        let Some(sent) = self.sending[sender].take() else { return };
        let (id, digest) = (sent.id.clone(), sent.digest.clone());
        // Even when the answer does not come back.
        if matches!(how % 16, 0..=4) {
            self.agency.insert(id.clone(), digest.clone());
        }
        let attention = |kind, status| Outcome::Attention(Trouble::new(kind, status));
        let later = |after| Outcome::Later { status: 503, after };
        let outcome = match how % 16 {
            0..=3 => Outcome::Delivered(receipt(id, digest)),
            4 => Outcome::NoAnswer(NoAnswer::Timeout),
            5 => Outcome::Delivered(receipt("another".into(), digest)),
            6 => Outcome::Delivered(receipt(id, "sha256:of other bytes".into())),
            7 => Outcome::NotDelivered { status: 200 },
            8 => Outcome::NoAnswer(NoAnswer::Network),
            9 => later(None),
            10 => later(Some(i64::from(how) * HOUR)),
            11 => attention(TroubleKind::Conflict, 409),
            12 => attention(TroubleKind::NotAllowed, 403),
            13 => attention(TroubleKind::Refused, 422),
            14 => attention(TroubleKind::Refused, 404),
            _ => later(Some(i64::MAX)),
        };
        let Some(record) = self.phone.get(&sent.id) else { return };
        let jitter = f64::from(how) / 255.0;
        if let Some(next) = machine::settle(record, SENDERS[sender], &outcome, self.now, jitter) {
            self.phone.insert(next.id.clone(), next);
        }
    }

    fn jump(&mut self, how: u8) {
        let far = if how & 1 == 0 { HOUR } else { 100 * 24 * HOUR };
        self.now += (i64::from(how) - 128) * far / 100;
    }

    /// The citizen does something that is offered.
    fn act(&mut self, id: Option<String>, how: u8) {
        let Some(record) = id.and_then(|id| self.phone.get(&id).cloned()) else { return };
        let offered = actions(&record);
        match offered[usize::from(how) % offered.len()] {
            Action::SendNow => {
                let next = machine::send_now(&record, self.now).expect("what is offered works");
                assert!(machine::is_due(&next, Occasion::timer(self.now)));
                self.phone.insert(next.id.clone(), next);
            }
            Action::Mend => self.submit(Some(&record.id), how),
            Action::Delete if machine::may_delete(&record, self.now) => self.delete(&record),
            Action::Delete | Action::SaveFile => {}
        }
    }

    fn delete(&mut self, record: &Record) {
        self.phone.remove(&record.id);
        self.deleted.insert(record.id.clone());
        if record.state != State::Received {
            for old in self.phone.values_mut() {
                if let Some(next) = machine::reinstated(old, &record.id) {
                    *old = next;
                }
            }
        }
    }

    fn check(&self) {
        for (id, body) in &self.submitted {
            let Some(record) = self.phone.get(id) else {
                assert!(self.deleted.contains(id), "{id} is lost");
                continue;
            };
            self.check_record(record, body);
        }
    }

    fn check_record(&self, record: &Record, body: &str) {
        let forgotten = record.forget && record.state == State::Received;
        assert_eq!(record.body, if forgotten { "" } else { body }, "the bytes stay");
        assert_eq!(record.receipt.is_some(), record.state == State::Received);
        assert_eq!(record.lease.is_some(), record.state == State::Sending);
        if let Some(receipt) = &record.receipt {
            assert_eq!((&receipt.id, &receipt.digest), (&record.id, &record.digest));
            assert_eq!(self.agency.get(&record.id), Some(&record.digest), "the agency has it");
        }
        match record.state {
            State::Queued | State::Sending => {
                let wait = machine::due_in(record, Occasion::timer(self.now)).expect("a due time");
                assert!((0..=retry_after::LONGEST_MS).contains(&wait), "{wait} ms");
                assert!(machine::is_due(record, Occasion::timer(self.now + wait)));
            }
            State::Attention => {
                assert!(record.trouble.is_some());
                let can = |action| actions(record).contains(&action);
                assert!(can(Action::SendNow) || can(Action::Mend), "a way on");
            }
            State::Replaced => {
                let by = record.replaced_by.as_ref().expect("what replaced it");
                // Deleted only after it was received.
                assert!(self.phone.contains_key(by) || self.agency.contains_key(by));
            }
            State::Received => {}
        }
    }

    /// From here on the network works and the agency takes everything: all that waits arrives.
    fn all_is_well_again(&mut self) {
        self.sending = [None, None, None];
        for _ in 0..self.phone.len() * 2 {
            let records: Vec<_> = self.phone.values().cloned().collect();
            let Some(wait) = machine::next_wake(&records, self.now) else { break };
            self.now += wait;
            for record in records {
                self.claim(0, Some(record.id), 1);
                self.settle(0, 0);
            }
        }
        for record in self.phone.values() {
            assert!(!matches!(record.state, State::Queued | State::Sending), "arrives");
        }
    }
}

fn receipt(id: String, digest: String) -> Receipt {
    Receipt {
        id,
        reference: "K7TQ2M9X4D".into(),
        received_at: "2026-11-21T01:14:05Z".into(),
        digest,
        signature: "eyJ.e30.c2ln".into(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost_nothing_is_stuck_and_received_means_received(
        events in proptest::collection::vec(any::<Event>(), 1..28),
    ) {
        let mut world = World::new();
        world.submit(None, 0);
        for event in events {
            world.happen(event);
            world.check();
        }
        for record in world.phone.values() {
            assert_eq!(&Record::from_json(&record.id, &record.to_json()), record);
        }
        world.all_is_well_again();
        world.check();
    }
}
