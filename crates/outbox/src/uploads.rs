//! Files that go to the agency before the submission that names them, by tus 1.0: announced, sent
//! piece by piece, and asked after whenever it is not certain how much has arrived. With no browser;
//! [`crate::upload`] carries out what is decided here.

use eform::base64;

use crate::{
    NoAnswer, Outcome, Record, Reply,
    json::{self, Members},
    protocol,
};

/// How many bytes of a file are kept together on the phone, and sent in one request: on one bar of
/// signal two minutes, and less than what a proxy passes when nobody told it.
pub const PIECE_BYTES: u64 = 256 * 1024;

/// A file of a submission that goes before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// SHA-256 of the file in 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// The absolute URL that the agency gave it, once it has been announced.
    pub address: Option<String>,
    /// How many of its bytes the agency was last known to have.
    pub sent: u64,
}

impl Upload {
    /// A file that has not been announced yet.
    pub fn new(sha256: String, size: u64) -> Self {
        Self { sha256, size, address: None, sent: 0 }
    }

    pub(crate) fn to_value(&self) -> serde_json::Value {
        json::object([
            ("sha256", self.sha256.as_str().into()),
            ("size", self.size.into()),
            ("address", json::maybe(&self.address)),
            ("sent", self.sent.into()),
        ])
    }

    pub(crate) fn from_members(mut members: Members) -> Option<Self> {
        Some(Self {
            sha256: members.text("sha256")?,
            size: members.int("size").and_then(|size| u64::try_from(size).ok())?,
            address: members.text("address"),
            sent: members.small("sent"),
        })
    }
}

/// What to do next about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// `POST`: the agency gives it an address.
    Announce,
    /// `HEAD`: how much has arrived?
    Look,
    /// `PATCH`: the bytes from here to the end of their piece.
    Append(u64),
    /// Nothing: the agency has all of it.
    Done,
}

/// How often in one try a file may be announced, or asked after, once more.
const AGAIN: u32 = 3;

/// How far one try has come with the files of a record, one after the other. What it does not know, it
/// asks the agency.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    index: usize,
    /// How many bytes of this file have arrived, once the agency has said so.
    arrived: Option<u64>,
    again: u32,
}

impl Progress {
    /// The file and what to do about it; `None` when the agency has them all.
    pub fn next(&mut self, record: &Record) -> Option<(usize, Step)> {
        loop {
            match step(record.uploads.get(self.index)?, self.arrived) {
                Step::Done => *self = Self { index: self.index + 1, ..Self::default() },
                step => return Some((self.index, step)),
            }
        }
    }

    /// What the file is after a reply to that step, or its absence.
    ///
    /// # Errors
    /// How this try ended.
    pub fn learn(
        &mut self,
        record: &Record,
        step: Step,
        reply: Result<&Reply, NoAnswer>,
        now: i64,
    ) -> Result<Upload, Outcome> {
        let upload = &record.uploads[self.index];
        let mut next = upload.clone();
        match understand(step, upload, record, reply, now) {
            Learned::Announced(address, offset) => {
                self.arrived = offset;
                (next.address, next.sent) = (Some(address), offset.unwrap_or_default());
            }
            Learned::Arrived(offset) => {
                self.arrived = Some(offset);
                next.sent = offset;
            }
            Learned::Uncertain => (self.arrived, self.again) = (None, self.again + 1),
            Learned::Gone => {
                (self.arrived, self.again) = (None, self.again + 1);
                (next.address, next.sent) = (None, 0);
            }
            Learned::Failed(outcome) => return Err(outcome),
        }
        if self.again > AGAIN {
            // Two that write the same file, or an agency that keeps nothing: later.
            return Err(Outcome::NotDelivered { status: 0 });
        }
        Ok(next)
    }
}

/// What to do next about a file of which the agency has said, in this try, that it has so many bytes.
pub fn step(upload: &Upload, arrived: Option<u64>) -> Step {
    match (&upload.address, arrived) {
        (None, _) => Step::Announce,
        (Some(_), None) => Step::Look,
        (Some(_), Some(arrived)) if arrived < upload.size => Step::Append(arrived),
        (Some(_), Some(_)) => Step::Done,
    }
}

/// What a reply about a file means.
#[derive(Debug, Clone, PartialEq)]
pub enum Learned {
    /// It has this address, and so many bytes of it have arrived, if that was said.
    Announced(String, Option<u64>),
    /// So many bytes have arrived.
    Arrived(u64),
    /// It is not certain how many have: ask.
    Uncertain,
    /// The agency has it no more, or something else in its stead: announce it again.
    Gone,
    /// This try is over.
    Failed(Outcome),
}

/// What a reply, or its absence, to a step about a file of `record` means. `now` is milliseconds since
/// 1970.
///
/// | reply | means |
/// |---|---|
/// | `POST`: 201 of tus with a `Location` of the same origin, absolute or relative | announced |
/// | `HEAD`: 200 or 204 of tus with an `Upload-Offset` | so many have arrived |
/// | `PATCH`: 204 or 200 of tus with a larger `Upload-Offset` | so many have arrived |
/// | `PATCH`: 409 | uncertain |
/// | `HEAD`, `PATCH`: 403, 404, 410, 460; all there, and of another `Repr-Digest` | gone |
/// | everything else | as for a submission (see [`protocol::understand`]); never delivered |
pub fn understand(
    step: Step,
    upload: &Upload,
    record: &Record,
    reply: Result<&Reply, NoAnswer>,
    now: i64,
) -> Learned {
    let failed = || {
        Learned::Failed(match protocol::understand(&record.id, &record.digest, reply, now) {
            // Of the submission, which has not been sent.
            Outcome::Delivered(_) => Outcome::NotDelivered { status: 200 },
            outcome => outcome,
        })
    };
    let Ok(answer) = reply else { return failed() };
    let of_tus = answer.tus.as_ref().filter(|_| !answer.redirected);
    let offset = of_tus.and_then(|tus| tus.offset).filter(|offset| *offset <= upload.size);
    match (step, answer.status) {
        (Step::Announce, 201) => {
            let address = of_tus.and_then(|tus| tus.location.as_deref());
            match address.and_then(|address| absolute(address, &record.uploads_url)) {
                Some(address) => Learned::Announced(address, offset),
                None => failed(),
            }
        }
        (Step::Look | Step::Append(_), 200 | 204) => match offset {
            Some(offset) if offset == upload.size && is_another(answer, &upload.sha256) => {
                Learned::Gone
            }
            Some(offset) if !matches!(step, Step::Append(before) if offset <= before) => {
                Learned::Arrived(offset)
            }
            _ => failed(),
        },
        (Step::Append(_), 409) => Learned::Uncertain,
        (Step::Look | Step::Append(_), 403 | 404 | 410 | 460) => Learned::Gone,
        _ => failed(),
    }
}

/// Whether a reply says that what has arrived is not what it should be (RFC 9530).
fn is_another(reply: &Reply, sha256: &str) -> bool {
    let digest = reply.tus.as_ref().and_then(|tus| tus.digest.as_deref()).unwrap_or_default();
    let told = digest.split(',').find_map(|one| one.trim().strip_prefix("sha-256=:"));
    let told = told.and_then(|told| base64::decode(told.strip_suffix(':')?));
    told.is_some_and(|told| eform::hex(&told) != sha256)
}

/// `location` as an absolute address, read against `url` (RFC 3986, 5.2; dots in it are left to `fetch`), if
/// it is of the same origin: a file goes nowhere else.
fn absolute(location: &str, url: &str) -> Option<String> {
    let scheme = url.find("://")?;
    let host = scheme + 3;
    let end = url[host..].find('/').map_or(url.len(), |slash| host + slash);
    let origin = &url[..end];
    let whole = location.split(['/', '?', '#']).next()?.contains(':');
    let base = match location.as_bytes() {
        [] => return None,
        _ if whole => "",
        [b'/', b'/', ..] => &url[..=scheme],
        [b'/', ..] => origin,
        [first, ..] => {
            let path = url.find(['?', '#']).map_or(url, |query| &url[..query]);
            if *first == b'?' { path } else { &path[..=path.rfind('/')?] }
        }
    };
    let address = [base, location].concat();
    address.strip_prefix(origin)?.starts_with('/').then_some(address)
}

/// The headers of a step, names and values. `form` is the digest of the definition.
pub fn headers(step: Step, upload: &Upload, record: &Record) -> Vec<(&'static str, String)> {
    let mut headers = vec![("Tus-Resumable", "1.0.0".to_owned())];
    match step {
        Step::Announce => {
            headers.push(("Upload-Length", upload.size.to_string()));
            let told = [
                ("submission", &record.id),
                ("sha256", &upload.sha256),
                ("definition", &record.definition),
            ];
            let told = told.map(|(name, it)| [name, " ", &base64::encode(it.as_bytes())].concat());
            headers.push(("Upload-Metadata", told.join(",")));
        }
        Step::Append(from) => {
            headers.push(("Content-Type", "application/offset+octet-stream".to_owned()));
            headers.push(("Upload-Offset", from.to_string()));
        }
        Step::Look | Step::Done => {}
    }
    headers
}

#[cfg(test)]
#[path = "uploads_tests.rs"]
mod tests;
