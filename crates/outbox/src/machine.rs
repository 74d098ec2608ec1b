//! The outbox's decisions: given this record, this time and this outcome, what next? Pure
//! functions over one record; whoever calls them reads and writes it in one transaction.
//!
//! No decision waits for a clock that went backwards: a wait longer than was ever planned is over.
//! Nothing here expires and nothing is thrown away.

use crate::{
    Action, Lease, Outcome, PIECE_BYTES, Record, SCHEMA, State, Try, Upload, actions,
    backoff::{self, spread},
    protocol::{UPLOADS_MISSING, timeout_ms},
    retry_after,
};

/// How long a lease outlives the request that it covers, in milliseconds: time to store the
/// outcome on a slow phone.
const GRACE_MS: i64 = 30_000;

/// How the name of a holder begins who sends without the lock that somebody else has: such a lease ends with its
/// time, or once nobody is apart, see [`left_apart`].
pub const APART: &str = "apart-";

/// When to look whether whoever sends is gone, in milliseconds.
const GONE_MS: i64 = 30_000;

/// When and on what ground somebody looks at the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occasion {
    /// Milliseconds since 1970, by the phone's clock.
    pub now: i64,
    /// The looker holds the one lock of this origin, so whoever else held a lease with it is gone.
    pub alone: bool,
    /// Something suggests that the network is back (the page was opened or shown, `online`):
    /// waits that the phone chose are over, waits that the agency asked for are not.
    pub signal: bool,
}

impl Occasion {
    /// A timer went off: nothing is known but the time.
    pub fn timer(now: i64) -> Self {
        Self { now, alone: false, signal: false }
    }
}

/// How long a record's lease lasts, in milliseconds: longer than any one of its requests can. It is
/// renewed after each piece of a file.
pub fn lease_ms(record: &Record) -> i64 {
    let piece = if record.uploads.is_empty() { 0 } else { PIECE_BYTES as usize };
    timeout_ms(record.body_bytes.max(piece)) + GRACE_MS
}

/// Whether it is leased to somebody who sends without the lock.
pub fn is_apart(record: &Record) -> bool {
    record.lease.as_ref().is_some_and(|lease| lease.holder.starts_with(APART))
}

/// The record after it was found that whoever held this `lease` is apart no more: it is nobody's, and due.
/// `None` where nothing changes.
pub fn left_apart(record: &Record, lease: &Lease) -> Option<Record> {
    if record.schema > SCHEMA || !is_apart(record) || record.lease.as_ref() != Some(lease) {
        return None;
    }
    Some(Record { lease: Some(Lease { holder: String::new(), until: 0 }), ..record.clone() })
}

/// Whether the record should be sent now.
pub fn is_due(record: &Record, occasion: Occasion) -> bool {
    due_in(record, occasion) == Some(0)
}

/// Milliseconds until the record is due, 0 when it is; `None` when it is not the outbox's turn.
pub fn due_in(record: &Record, occasion: Occasion) -> Option<i64> {
    if record.schema > SCHEMA || record.locked {
        return None;
    }
    match record.state {
        State::Queued => {
            let asked = record.last.as_ref().is_some_and(|last| last.asked);
            if occasion.signal && !asked {
                return Some(0);
            }
            let from = record.last.as_ref().map_or(record.next_at, |last| last.at);
            let planned = record.next_at.saturating_sub(from).min(retry_after::LONGEST_MS);
            Some(left(record.next_at, occasion.now, planned))
        }
        State::Sending if occasion.alone && !is_apart(record) => Some(0),
        State::Sending => Some(
            record
                .lease
                .as_ref()
                .map_or(0, |lease| left(lease.until, occasion.now, lease_ms(record))),
        ),
        State::Received | State::Attention | State::Replaced => None,
    }
}

/// What is left of a wait that was planned to be at most `planned` long.
fn left(until: i64, now: i64, planned: i64) -> i64 {
    let left = until.saturating_sub(now);
    // Longer than it was ever meant to be: the clock went backwards.
    if left > planned { 0 } else { left.max(0) }
}

/// The records that wait to be sent, each with the milliseconds until it is due, 0 when it is. What one
/// was told, others heed: where an address asked for rest (429 or 503 with `Retry-After`), whatever was
/// waiting for it then waits at least as long, and no signal ends that. What the citizen has submitted, or
/// told to go, since then does not.
pub fn waits(records: &[Record], occasion: Occasion) -> Vec<(&Record, i64)> {
    let rests = rests(records, occasion.now);
    let wait = |record| {
        let own = due_in(record, occasion)?;
        let rest = rests.iter().find(|rest| rest.is_for(record));
        Some((record, rest.map_or(own, |rest| own.max(rest.left))))
    };
    records.iter().filter_map(wait).collect()
}

/// Milliseconds until the next record is due, or whoever sends one may be gone; `None` when none waits to be
/// sent.
pub fn next_wake(records: &[Record], now: i64) -> Option<i64> {
    let waits = waits(records, Occasion::timer(now)).into_iter();
    let is_sending = |record: &Record| record.state == State::Sending;
    waits.map(|(record, wait)| if is_sending(record) { wait.min(GONE_MS) } else { wait }).min()
}

/// An address that asked for rest.
struct Rest<'a> {
    url: &'a str,
    /// When it was asked, and how many milliseconds are left.
    at: i64,
    left: i64,
}

/// The last word of each address that asked for rest, while it holds.
fn rests(records: &[Record], now: i64) -> Vec<Rest<'_>> {
    let mut rests: Vec<Rest> = Vec::new();
    for record in records.iter().filter(|record| asks_for_rest(record)) {
        let (Some(last), Some(left)) = (&record.last, due_in(record, Occasion::timer(now))) else {
            continue;
        };
        let rest = Rest { url: &record.url, at: last.at, left };
        match rests.iter_mut().find(|other| other.url == rest.url) {
            Some(other) if other.at < rest.at => *other = rest,
            Some(_) => {}
            None => rests.push(rest),
        }
    }
    rests
}

/// Whether the last that was heard about this record asks everybody for rest, and not only the sender of
/// this one, as a 408 or a 424 does. Until all its files are there, that is the word of another address.
pub fn asks_for_rest(record: &Record) -> bool {
    let asks = |last: &Try| last.asked && matches!(last.status, 429 | 503);
    let is_of_url = record.uploads.iter().all(|file| file.sent == file.size);
    record.state == State::Queued && is_of_url && record.last.as_ref().is_some_and(asks)
}

impl Rest<'_> {
    /// Whether the record was waiting for this address when it asked.
    fn is_for(&self, record: &Record) -> bool {
        let is_since = record.last.is_none() && record.next_at >= self.at;
        record.state == State::Queued && record.url == self.url && !is_since
    }
}

/// The record leased to `holder` for one try, or `None` when it is not to be sent now. A crash
/// leaves the lease to run out, and the same id goes again. A holder may renew its own lease.
pub fn claim(record: &Record, holder: &str, occasion: Occasion) -> Option<Record> {
    let own = record.schema <= SCHEMA
        && record.state == State::Sending
        && record.lease.as_ref().is_some_and(|lease| lease.holder == holder);
    if !own && !is_due(record, occasion) {
        return None;
    }
    let until = occasion.now.saturating_add(lease_ms(record));
    Some(Record {
        state: State::Sending,
        attempts: record.attempts.saturating_add(1),
        lease: Some(Lease { holder: holder.into(), until }),
        ..record.clone()
    })
}

/// The record after `holder` learned something about its file at `index`, under a lease that begins
/// anew; `None` when the lease is not `holder`'s any more, or was never. Where more has arrived than
/// before, the line works: the wait after a failure is short again.
pub fn learned(
    record: &Record,
    holder: &str,
    index: usize,
    upload: Upload,
    now: i64,
) -> Option<Record> {
    let held = record.lease.as_ref().is_some_and(|lease| lease.holder == holder);
    let before = record.uploads.get(index)?;
    if record.state != State::Sending || !held {
        return None;
    }
    let mut next = record.clone();
    if upload.sent > before.sent {
        next.attempts = 1;
    }
    next.uploads[index] = upload;
    let until = now.saturating_add(lease_ms(record));
    next.lease = Some(Lease { holder: holder.into(), until });
    Some(next)
}

/// The record after `holder`'s try came to `outcome`; `None` when nothing changes. `jitter` is a
/// random number from 0 to 1.
///
/// A receipt for this id and these bytes counts whatever happened to the record meanwhile.
/// Everything else counts only while the lease is still `holder`'s.
pub fn settle(
    record: &Record,
    holder: &str,
    outcome: &Outcome,
    now: i64,
    jitter: f64,
) -> Option<Record> {
    if record.state == State::Received {
        return None;
    }
    let mut next = record.clone();
    next.lease = None;
    next.last = Some(Try {
        at: now,
        status: outcome.status(),
        code: outcome.code().into(),
        asked: matches!(outcome, Outcome::Later { after: Some(_), .. }),
    });
    if let Outcome::Delivered(receipt) = outcome
        && receipt.id == record.id
        && receipt.digest == record.digest
    {
        next.state = State::Received;
        next.receipt = Some(receipt.clone());
        next.trouble = None;
        if record.forget {
            next.body = String::new();
        }
        return Some(next);
    }
    let held = record.lease.as_ref().is_some_and(|lease| lease.holder == holder);
    if record.state != State::Sending || !held {
        return None;
    }
    if let Outcome::Attention(trouble) = outcome {
        next.state = State::Attention;
        next.trouble = Some(trouble.clone());
        return Some(next);
    }
    if outcome.status() == UPLOADS_MISSING {
        // It may have others under these addresses, or say so of addresses that it still knows:
        // announced anew, they get new ones or the same.
        next.uploads.iter_mut().for_each(|upload| upload.address = None);
    }
    let chosen = backoff::wait_ms(record.attempts, jitter);
    let wait = match outcome {
        // Never sooner than asked, and not all phones in the same second.
        Outcome::Later { after: Some(after), .. } => {
            chosen.max(after.saturating_add(spread(after / 10, jitter)))
        }
        _ => chosen,
    };
    next.state = State::Queued;
    next.next_at = now.saturating_add(wait.min(retry_after::LONGEST_MS));
    Some(next)
}

/// The record after the citizen tapped «send now»: due at once, as if it had never been tried.
/// `None` when the state does not offer it.
pub fn send_now(record: &Record, now: i64) -> Option<Record> {
    if record.schema > SCHEMA || !actions(record).contains(&Action::SendNow) {
        return None;
    }
    Some(Record {
        state: State::Queued,
        attempts: 0,
        next_at: now,
        last: None,
        trouble: None,
        ..record.clone()
    })
}

/// The record after the citizen sent `by` in its stead: never sent again, kept. One that was
/// received stays received. `None` when another already stands in for it.
pub fn mended(record: &Record, by: &str) -> Option<Record> {
    if record.replaced_by.is_some() {
        return None;
    }
    let state = match record.state {
        State::Received => State::Received,
        _ => State::Replaced,
    };
    Some(Record { state, lease: None, replaced_by: Some(by.into()), ..record.clone() })
}

/// The record after the citizen deleted the unsent submission that stood in for it: whatever stands in for
/// that one does so now, or else the record stands for itself again. `None` when `deleted` never did.
pub fn reinstated(record: &Record, deleted: &Record) -> Option<Record> {
    if record.replaced_by.as_ref() != Some(&deleted.id) {
        return None;
    }
    let by = deleted.replaced_by.clone();
    let state = match (record.state, &record.trouble) {
        (State::Replaced, Some(_)) if by.is_none() => State::Attention,
        (State::Replaced, None) if by.is_none() => State::Queued,
        (state, _) => state,
    };
    Some(Record { state, replaced_by: by, ..record.clone() })
}

/// Whether the citizen's «delete» may be carried out: not while the record is being sent, when the
/// receipt may be on its way.
pub fn may_delete(record: &Record, now: i64) -> bool {
    record.state != State::Sending || is_due(record, Occasion::timer(now))
}

#[cfg(test)]
#[path = "machine_tests.rs"]
pub(crate) mod tests;
