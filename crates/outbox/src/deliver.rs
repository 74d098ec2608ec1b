//! Delivery: one pass after another over what is due, until nothing is. Each record is claimed,
//! sent and settled on its own; a slow one goes on in the background while the next is sent, and
//! a broken one holds up nothing. What a reply means and what follows is decided in
//! [`crate::protocol`] and [`crate::machine`].

use std::{cell::Cell, rc::Rc};

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{
    Change, Outbox, Outcome, Record, StorageError, http, js,
    lock::{self, Ask, Hold},
    machine::{self, Occasion},
    platform, protocol,
};

/// How long one submission keeps the next waiting, in milliseconds: on a narrow line one after
/// the other arrives sooner than all at once, but one that hangs must not stop the rest.
const PATIENCE_MS: i32 = 8_000;
/// How long a page waits in line while another one or the worker sends, in milliseconds. Whoever has the
/// lock longer may have been put to sleep with it. No request has this for its time.
const TURN_MS: i32 = 59_000;
/// When to look again while something is under way, in milliseconds: another's time may have come, or whoever
/// sent it is gone.
const LOOK_MS: i32 = 30_000;
/// When to look again after storage failed, while offline, or while another page sends and this one is
/// hidden, in milliseconds. Coming online or being shown is also an event; this is for browsers that forget
/// to say so.
const TROUBLE_MS: i64 = 30_000;

/// What a delivery came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drained {
    /// Another page or the worker is sending (or this one already was, or waits in line).
    pub busy: bool,
    /// How many submissions were tried.
    pub tried: u32,
    /// Milliseconds until it should be looked again; `None` when none waits to be sent.
    pub next: Option<i64>,
}

impl Outbox {
    /// Starts delivery in the background: something was just queued.
    pub fn kick(self: &Rc<Self>) {
        self.wake(false);
    }

    /// Delivers everything that is due, as if the network had just come back, and returns when
    /// nothing more can be done now. For the worker's `sync` event; never fails, see
    /// [`Drained::next`] for what is left. It goes on if nobody waits for it.
    pub async fn drain(self: &Rc<Self>) -> Drained {
        let (over, drained) = self.start_run(true, false);
        // The promise is always fulfilled.
        let _ = JsFuture::from(over).await;
        drained.get()
    }

    /// Starts delivery in the background, or makes the running one look again.
    pub(crate) fn wake(self: &Rc<Self>, signal: bool) {
        let _ = self.start_run(signal, true);
    }

    pub(crate) fn look_again(&self, signal: bool) {
        self.again.set(Some(signal || self.again.get() == Some(true)));
        let nudge = self.nudge.take();
        if let Some(nudge) = nudge {
            let _ = nudge.call0(&JsValue::UNDEFINED);
        }
    }

    /// A delivery of its own, the promise of its end, and what it will have come to.
    fn start_run(self: &Rc<Self>, signal: bool, waits: bool) -> (Promise, Rc<Cell<Drained>>) {
        let (over, resolve) = js::deferred();
        let drained = Rc::new(Cell::new(Drained { busy: true, ..Drained::default() }));
        if self.running.replace(true) {
            self.look_again(signal);
            let _ = resolve.call0(&JsValue::UNDEFINED);
            return (over, drained);
        }
        let (outbox, result) = (Rc::clone(self), Rc::clone(&drained));
        spawn_local(async move {
            let drained = outbox.deliver_all(signal, waits).await;
            outbox.running.set(false);
            outbox.arm(drained.next);
            result.set(drained);
            let _ = resolve.call0(&JsValue::UNDEFINED);
        });
        (over, drained)
    }

    /// Takes the lock, for which a page `waits`, and keeps it until nothing is due, nothing is under way,
    /// and nobody asked to look again.
    async fn deliver_all(self: &Rc<Self>, signal: bool, waits: bool) -> Drained {
        let signal = self.again.take() == Some(true) || signal;
        self.apart.set(false);
        let mut hold = lock::hold(Ask::First).await;
        if waits && matches!(hold, Hold::Busy) {
            hold = self.waits_in_line().await;
        }
        if matches!(hold, Hold::Busy) {
            let again = self.again.take();
            let next = if again.is_some() { 0 } else { TROUBLE_MS };
            // For the next one to know that the network came back.
            self.again.set((signal || again == Some(true)).then_some(true));
            return Drained { busy: true, tried: 0, next: Some(next) };
        }
        let alone = matches!(hold, Hold::Mine(_)) && !self.apart.get();
        let mut tried = 0;
        // What was asked for meanwhile is done now.
        let signal = self.again.take() == Some(true) || signal;
        let mut occasion = Occasion { now: platform::now(), alone, signal };
        loop {
            let next = self.passes(occasion, alone, &mut tried).await;
            match self.again.take() {
                Some(signal) => occasion = once_more(alone, signal),
                None => return Drained { busy: false, tried, next },
            }
        }
    }

    /// The lock, once whoever is before has done; without it after some time. A page that cannot be seen does
    /// not wait: it may be put to sleep with the lock.
    async fn waits_in_line(&self) -> Hold {
        if js::is_hidden() {
            return Hold::Busy;
        }
        let turn = js::AbortController::new();
        self.turn.replace(Some(turn.clone()));
        let timer = js::set_timeout(&turn.abort().bind0(&turn), TURN_MS);
        let hold = lock::hold(Ask::InLine(&turn)).await;
        js::clear_timeout(&timer);
        let has_left = self.turn.take().is_none();
        match hold {
            Hold::NoLocks if has_left => Hold::Busy,
            Hold::NoLocks if js::member(&turn.signal(), "aborted").is_truthy() => {
                // What another one left who went so, too.
                let _ = self.list_all().await;
                self.apart.set(true);
                lock::hold(Ask::Apart).await
            }
            // Where it was refused altogether, nobody can know, as ever.
            hold => hold,
        }
    }

    /// Leaves the line: the page is not seen any more.
    pub(crate) fn leave_the_line(&self) {
        if let Some(turn) = self.turn.take() {
            let _ = turn.abort().call0(&turn);
        }
    }

    /// The name under which this page or worker sends now.
    pub(crate) fn holder(&self) -> String {
        match self.apart.get() {
            true => [machine::APART, &self.holder].concat(),
            false => self.holder.clone(),
        }
    }

    /// Pass after pass until nothing is due and nothing is under way. Returns when the next is.
    async fn passes(
        self: &Rc<Self>,
        mut occasion: Occasion,
        alone: bool,
        tried: &mut u32,
    ) -> Option<i64> {
        self.storage_failed.set(false);
        loop {
            let is_offline = is_offline();
            let found = if is_offline { Ok(0) } else { self.pass(occasion).await };
            let is_over =
                is_offline || self.storage_failed.get() || matches!(found, Ok(0) | Err(_));
            match found {
                Ok(count) => *tried += count,
                Err(_) => self.storage_failed.set(true),
            }
            // The lock is kept as long as something may still arrive.
            if is_over && self.in_flight.borrow().is_empty() {
                break;
            }
            self.something_happens().await;
            occasion = once_more(alone, self.again.take() == Some(true));
        }
        match self.next_wake().await {
            Ok(next) if self.storage_failed.get() || is_offline() => {
                next.map(|next| next.max(TROUBLE_MS))
            }
            Ok(next) => next,
            Err(_) => Some(TROUBLE_MS),
        }
    }

    /// Starts everything that is due, the least tried first, of those the oldest. Returns how many.
    async fn pass(self: &Rc<Self>, occasion: Occasion) -> Result<u32, StorageError> {
        self.resting.take();
        // No more of each than that: there may be thousands, and a pass may take long.
        let records = self.list_all().await?;
        let mut due: Vec<(u32, String, String)> = machine::waits(&records, occasion)
            .into_iter()
            .filter(|(record, wait)| *wait == 0 && !self.is_in_flight(&record.id))
            .map(|(record, _)| (record.attempts, record.id.clone(), record.url.clone()))
            .collect();
        let mut started = 0;
        while !is_offline() {
            let resting = self.resting.take();
            due.retain(|(_, _, url)| !resting.contains(url));
            let Some(least) = least_tried(&due) else { break };
            let (_, id, _) = due.remove(least);
            let (under_way, over) = js::deferred();
            self.in_flight.borrow_mut().push((id.clone(), under_way.clone()));
            let outbox = Rc::clone(self);
            spawn_local(async move {
                if outbox.deliver(&id, occasion).await.is_err() {
                    outbox.storage_failed.set(true);
                }
                outbox.in_flight.borrow_mut().retain(|(other, _)| *other != id);
                let _ = over.call0(&JsValue::UNDEFINED);
            });
            started += 1;
            let (patience, timer) = js::sleep(PATIENCE_MS);
            // Deliveries do not reject.
            let _ = js::first(&[&under_way, &patience]).await;
            js::clear_timeout(&timer);
        }
        Ok(started)
    }

    /// All records. What pages that went apart left as they were ended is nobody's now, where none is apart.
    async fn list_all(&self) -> Result<Vec<Record>, StorageError> {
        let mut records = self.store.list().await?;
        if !records.iter().any(machine::is_apart) {
            return Ok(records);
        }
        // Held no longer than that: who is put to sleep with it would keep all others from going.
        let is_nobody = matches!(lock::hold(Ask::NobodyApart).await, Hold::Mine(_));
        if !is_nobody {
            return Ok(records);
        }
        for record in records.iter_mut().filter(|record| machine::is_apart(record)) {
            let Some(lease) = &record.lease else { continue };
            let left = |record: &Record| machine::left_apart(record, lease);
            if let Ok(Some(found)) = self.store.update(&record.id, &left).await {
                record.lease = found.lease;
            }
        }
        Ok(records)
    }

    /// One record: claim, send, settle. Each step is told, and the claim and the settlement are
    /// on the disk before they are.
    async fn deliver(&self, id: &str, occasion: Occasion) -> Result<(), StorageError> {
        let occasion = Occasion { now: platform::now(), ..occasion };
        let holder = self.holder();
        let claim = |record: &Record| machine::claim(record, &holder, occasion);
        // Before it is claimed: what cannot be read now is not «being sent».
        let Some(Record { body, .. }) = self.store.get(id).await? else { return Ok(()) };
        let Some(mut record) = self.store.update(id, &claim).await? else { return Ok(()) };
        let change = Change::Submission(id.into());
        self.channel.tell(&change);
        let outcome = match self.upload_all(&mut record).await? {
            Some(outcome) => outcome,
            None => self.send(&Record { body, ..record }).await,
        };
        let (now, jitter) = (platform::now(), platform::jitter());
        let settle = |record: &Record| machine::settle(record, &holder, &outcome, now, jitter);
        let settled = self.store.update(id, &settle).await?;
        if let Some(asking) = settled.filter(machine::asks_for_rest) {
            self.resting.borrow_mut().push(asking.url);
        }
        self.channel.tell(&change);
        Ok(())
    }

    async fn send(&self, record: &Record) -> Outcome {
        match protocol::request(record) {
            Ok(request) => {
                let reply = http::send(&request).await;
                let reply = reply.as_ref().map_err(|kind| *kind);
                protocol::understand(&record.id, &record.digest, reply, platform::now())
            }
            Err(trouble) => Outcome::Attention(trouble),
        }
    }

    fn is_in_flight(&self, id: &str) -> bool {
        self.in_flight.borrow().iter().any(|(other, _)| other == id)
    }

    /// Waits until a delivery under way is over, somebody asks to look again, or it is time to; not at all
    /// when nothing is under way.
    async fn something_happens(&self) {
        let under_way: Vec<_> =
            self.in_flight.borrow().iter().map(|(_, promise)| promise.clone()).collect();
        if under_way.is_empty() || self.again.get().is_some() {
            return;
        }
        let (nudged, nudge) = js::deferred();
        self.nudge.replace(Some(nudge));
        let mut any: Vec<_> = under_way.iter().collect();
        let (late, timer) = js::sleep(LOOK_MS);
        any.extend([&nudged, &late]);
        let _ = js::first(&any).await;
        js::clear_timeout(&timer);
        self.nudge.take();
    }

    async fn next_wake(&self) -> Result<Option<i64>, StorageError> {
        Ok(machine::next_wake(&self.store.list().await?, platform::now()))
    }
}

/// A look at the queue by who holds the lock already. What a crash left is taken over at the first look
/// and at a signal: it may have been under a PIN until now.
fn once_more(alone: bool, signal: bool) -> Occasion {
    Occasion { now: platform::now(), alone: alone && signal, signal }
}

/// The first of those that were tried least, so the oldest of them.
fn least_tried(due: &[(u32, String, String)]) -> Option<usize> {
    (0..due.len()).min_by_key(|i| due[*i].0)
}

/// Only a plain «no» is believed: browsers say «online» on any Wi-Fi that answers.
fn is_offline() -> bool {
    let navigator = js::member(&js_sys::global(), "navigator");
    js::member(&navigator, "onLine") == JsValue::FALSE
}
