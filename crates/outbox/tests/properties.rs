//! Whatever happens in whatever order, nothing is lost, nothing is called received without its
//! receipt, and nothing is stuck. Events are drawn at random: several senders claim, crash and
//! settle, the clock jumps, the citizen taps, mends and deletes, and the agency answers anything.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use eform::{Receipt, Submission, Uploaded};
use eform_outbox::{
    Action, NoAnswer, Outcome, Record, Reply, State, Trouble, TroubleKind, Tus, actions,
    machine::{self, Occasion},
    retry_after,
    uploads::{Progress, Step},
};
use proptest::prelude::*;
use serde_json::{Map, Value};

const HOUR: i64 = 60 * 60_000;
const SENDERS: [&str; 3] = ["page", "other tab", "apart-page"];
/// The one of them that sends without the lock.
const APART: usize = 2;

/// Three random bytes: what happens, to which record or by which sender, and how.
type Event = (u8, u8, u8);

/// The phone, the agency, and what must stay true of them.
struct World {
    now: i64,
    phone: BTreeMap<String, Record>,
    /// Everything ever submitted: its bytes.
    submitted: BTreeMap<String, String>,
    deleted: BTreeSet<String>,
    /// What was submitted, and in whose stead.
    stands_for: BTreeMap<String, String>,
    /// What the agency holds: digests by id.
    agency: BTreeMap<String, String>,
    /// The files that the agency holds, by address.
    files: BTreeMap<String, File>,
    /// How many addresses it has given.
    announced: u32,
    /// The record that each sender believes it holds, and how far it is with the files.
    sending: [Option<(Record, Progress)>; 3],
}

/// A file at the agency.
struct File {
    submission: String,
    sha256: String,
    size: u64,
    arrived: u64,
    /// A received submission names it: it does not expire.
    claimed: bool,
}

/// How many bytes the agency takes in one request.
const AT_ONCE: u64 = 3;

impl World {
    fn new() -> Self {
        Self {
            now: 1_795_223_643_000,
            phone: BTreeMap::new(),
            submitted: BTreeMap::new(),
            deleted: BTreeSet::new(),
            stands_for: BTreeMap::new(),
            agency: BTreeMap::new(),
            files: BTreeMap::new(),
            announced: 0,
            sending: [None, None, None],
        }
    }

    fn happen(&mut self, (what, which, how): Event) {
        let sender = usize::from(which) % SENDERS.len();
        let id = self.pick(which);
        match what % 12 {
            // A mending draft may be older than what became of the record since.
            0 => self.submit(id.filter(|_| how & 3 == 0).as_deref(), how),
            1..=3 => self.claim(sender, id, how),
            4..=5 => self.go_on(sender, how),
            // A sender that is not disturbed.
            10 => (0..usize::from(how) % 12).for_each(|_| self.go_on(sender, 0)),
            11 => self.expire(which),
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
            uploads: (0..u64::from(how) % 3)
                .map(|file| Uploaded { sha256: format!("{id}-{file}"), size: file * 4 })
                .collect(),
        };
        // Another form may go to another address.
        let url = format!("https://agency.example/s{}", how & 8);
        let mut record = Record::new(&submission, Value::Null, url, self.now);
        record.forget = how & 1 == 1;
        record.uploads_url = "https://agency.example/u".into();
        self.submitted.insert(id.clone(), record.body.clone());
        self.phone.insert(id.clone(), record);
        if let Some(next) = replaces.and_then(|old| machine::mended(self.phone.get(old)?, &id)) {
            self.stands_for.insert(id, next.id.clone());
            self.phone.insert(next.id.clone(), next);
        }
    }

    fn claim(&mut self, sender: usize, id: Option<String>, how: u8) {
        let occasion = Occasion { now: self.now, alone: how & 3 == 0, signal: how & 4 == 0 };
        self.look_who_is_apart();
        let Some(record) = id.and_then(|id| self.phone.get(&id)) else { return };
        if let Some(claimed) = machine::claim(record, SENDERS[sender], occasion) {
            assert!(!claimed.body.is_empty(), "sends bytes");
            self.phone.insert(claimed.id.clone(), claimed.clone());
            self.sending[sender] = Some((claimed, Progress::default()));
        }
    }

    /// Whoever looks makes sure that nobody is apart, and what was left so is due.
    fn look_who_is_apart(&mut self) {
        if self.sending[APART].is_some() {
            return;
        }
        for record in self.phone.values_mut() {
            let Some(lease) = record.lease.clone() else { continue };
            if let Some(next) = machine::left_apart(record, &lease) {
                assert!(machine::is_due(&next, Occasion::timer(self.now)));
                *record = next;
            }
        }
    }

    /// The next request of a sender: about a file, or for the submission once all files are there.
    fn go_on(&mut self, sender: usize, how: u8) {
        let Some((record, mut progress)) = self.sending[sender].take() else { return };
        let Some((index, step)) = progress.next(&record) else {
            return self.settle(sender, &record, how);
        };
        let answer = self.answer_about(&record, index, step, how);
        let reply = match how % 8 {
            0..=4 => Ok(&answer),
            // It was done, and nobody hears of it.
            _ => Err(NoAnswer::Network),
        };
        match progress.learn(&record, step, reply, self.now) {
            Ok(upload) => {
                let Some(known) = self.phone.get(&record.id) else { return };
                let next = machine::learned(known, SENDERS[sender], index, upload, self.now);
                if let Some(next) = next {
                    self.phone.insert(next.id.clone(), next.clone());
                    self.sending[sender] = Some((next, progress));
                }
            }
            Err(outcome) => self.conclude(sender, &record.id, &outcome, how),
        }
    }

    /// What the agency does about a file, and says.
    fn answer_about(&mut self, record: &Record, index: usize, step: Step, how: u8) -> Reply {
        let upload = &record.uploads[index];
        let said = |status, offset, location: Option<String>| Reply {
            status,
            tus: Some(Tus { offset, location, digest: None }),
            ..Reply::default()
        };
        match how % 64 {
            7 => return Reply { status: 200, ..Reply::default() },
            15 => return said(503, None, None),
            23 => return said(200, Some(u64::MAX), None),
            _ => {}
        }
        if step == Step::Announce {
            let same = self
                .files
                .iter()
                .find(|(_, file)| file.submission == record.id && file.sha256 == upload.sha256);
            let (address, arrived) = match same {
                Some((address, file)) => (address.clone(), file.arrived),
                None => {
                    self.announced += 1;
                    (format!("https://agency.example/u/{}", self.announced), 0)
                }
            };
            self.files.entry(address.clone()).or_insert_with(|| File {
                submission: record.id.clone(),
                sha256: upload.sha256.clone(),
                size: upload.size,
                arrived: 0,
                claimed: false,
            });
            // The standard does not ask for it.
            let told = (how & 64 == 0).then_some(arrived);
            return said(201, told, Some(address));
        }
        let address = upload.address.as_ref().expect("it has been announced");
        let Some(file) = self.files.get_mut(address) else { return said(404, None, None) };
        assert_eq!((&file.submission, &file.sha256), (&record.id, &upload.sha256));
        match step {
            Step::Append(from) if from != file.arrived => return said(409, None, None),
            Step::Append(_) => file.arrived = file.size.min(file.arrived + AT_ONCE),
            _ => {}
        }
        said(204, Some(file.arrived), None)
    }

    /// A file that nobody claims expires, and its address is given to no other.
    fn expire(&mut self, which: u8) {
        let unclaimed = self.files.iter().filter(|(_, file)| !file.claimed);
        let addresses: Vec<String> = unclaimed.map(|(address, _)| address.clone()).collect();
        if let Some(address) = addresses.get(usize::from(which) % addresses.len().max(1)) {
            self.files.remove(address);
        }
    }

    /// Whether the agency has all files that a submission names; then it keeps them.
    fn claims_files(&mut self, record: &Record) -> bool {
        let is_there = |sha256: &str, files: &BTreeMap<String, File>| {
            files.iter().find_map(|(address, file)| {
                let ours = file.submission == record.id && file.sha256 == sha256;
                (ours && file.arrived == file.size).then(|| address.clone())
            })
        };
        let addresses: Option<Vec<String>> =
            record.uploads.iter().map(|upload| is_there(&upload.sha256, &self.files)).collect();
        for address in addresses.iter().flatten() {
            self.files.get_mut(address).expect("it is there").claimed = true;
        }
        addresses.is_some()
    }

    /// The agency answers, or something else does, or nothing.
    fn settle(&mut self, sender: usize, sent: &Record, how: u8) {
        let (id, digest) = (sent.id.clone(), sent.digest.clone());
        // Even when the answer does not come back.
        if matches!(how % 16, 0..=4) {
            // A repeat is answered before anything is looked at.
            if !self.agency.contains_key(&id) && !self.claims_files(sent) {
                let missing = Outcome::Later { status: 424, after: None };
                return self.conclude(sender, &id, &missing, how);
            }
            self.agency.insert(id.clone(), digest.clone());
        }
        let attention = |kind, status| Outcome::Attention(Trouble::new(kind, status));
        let later = |after| Outcome::Later { status: 503, after };
        let outcome = match how % 16 {
            0..=3 => Outcome::Delivered(receipt(id, digest)),
            4 => Outcome::NoAnswer(NoAnswer::Timeout),
            5 => Outcome::Delivered(receipt("another".into(), digest)),
            6 => Outcome::Delivered(receipt(id, "sha256:of other bytes".into())),
            7 => Outcome::NotDelivered { status: if how > 127 { 200 } else { 403 } },
            8 => Outcome::NoAnswer(NoAnswer::Network),
            9 => later(None),
            10 => later(Some(i64::from(how) * HOUR)),
            11 => attention(TroubleKind::Conflict, 409),
            12 => attention(TroubleKind::NotAllowed, 403),
            13 => attention(TroubleKind::Refused, 422),
            14 => attention(TroubleKind::Refused, 404),
            _ => later(Some(i64::MAX)),
        };
        self.conclude(sender, &sent.id, &outcome, how);
    }

    fn conclude(&mut self, sender: usize, id: &str, outcome: &Outcome, how: u8) {
        let Some(record) = self.phone.get(id) else { return };
        let jitter = f64::from(how) / 255.0;
        if let Some(next) = machine::settle(record, SENDERS[sender], outcome, self.now, jitter) {
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
                let id = next.id.clone();
                self.phone.insert(id.clone(), next);
                assert_eq!(self.waits().get(&id), Some(&0), "whatever others were told");
            }
            Action::Mend => self.submit(Some(&record.id), how),
            Action::Delete if machine::may_delete(&record, self.now) => self.delete(&record),
            // Signing in is between the citizen and the agency; «send now» follows it.
            Action::Delete | Action::SaveFile | Action::SignIn => {}
        }
    }

    fn delete(&mut self, record: &Record) {
        self.phone.remove(&record.id);
        self.deleted.insert(record.id.clone());
        if record.state != State::Received {
            for old in self.phone.values_mut() {
                if let Some(next) = machine::reinstated(old, record) {
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
        self.check_waits();
        // What another stands in for does not go, through however many, deleted or not.
        for id in self.phone.keys() {
            for old in
                std::iter::successors(self.stands_for.get(id), |old| self.stands_for.get(*old))
            {
                let stands_still =
                    |old: &Record| matches!(old.state, State::Replaced | State::Received);
                assert!(self.phone.get(old).is_none_or(stands_still), "{id} stands in for {old}");
            }
        }
    }

    /// How long each record waits that is to be sent, in milliseconds.
    fn waits(&self) -> BTreeMap<String, i64> {
        let records: Vec<_> = self.phone.values().cloned().collect();
        let waits = machine::waits(&records, Occasion::timer(self.now));
        waits.into_iter().map(|(record, wait)| (record.id.clone(), wait)).collect()
    }

    /// Nobody waits for others, but where their common address has asked for rest, and no longer.
    fn check_waits(&self) {
        let own = |record: &Record| machine::due_in(record, Occasion::timer(self.now));
        let waits = self.waits();
        for record in self.phone.values() {
            let (wait, own_wait) = (waits.get(&record.id).copied(), own(record));
            let asked_as_long = |other: &&Record| {
                other.url == record.url && machine::asks_for_rest(other) && own(other) == wait
            };
            let is_asked = || self.phone.values().find(asked_as_long).is_some();
            assert!(wait == own_wait || (wait > own_wait && is_asked()), "{record:?} {wait:?}");
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
            for upload in &record.uploads {
                let has = |file: &File| file.sha256 == upload.sha256 && file.arrived == file.size;
                assert!(self.files.values().any(|file| has(file) && file.claimed), "its files too");
            }
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
        for _ in 0..self.phone.len() * 3 {
            let records: Vec<_> = self.phone.values().cloned().collect();
            let Some(wait) = self.waits().into_values().min() else { break };
            let next = machine::next_wake(&records, self.now).expect("something waits");
            let is_sent = |record: &Record| record.state == State::Sending;
            assert!(next == wait || next < wait && records.iter().any(is_sent), "for nothing");
            self.now += wait;
            self.look_who_is_apart();
            for record in records {
                self.claim(0, Some(record.id), 1);
                for _ in 0..100 {
                    self.go_on(0, 0);
                }
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
        cases: std::env::var("EFORM_HISTORIES").map_or(20_000, |n| n.parse().expect("a number")),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn nothing_is_lost_nothing_is_stuck_and_received_means_received(
        events in proptest::collection::vec(any::<Event>(), 1..40),
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
