//! The checks, in the order in which they are made. Each sends what it needs by itself; those that
//! need something that was received say so when nothing was.

mod elsewhere;
mod received;
mod refused;
mod uploads;

use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use eform::Submission;
use serde_json::Value;

use super::{
    Amiss, Check,
    client::{Answer, Came, Client},
    receipts,
    sample::{Sample, new_id},
};

const NOTHING_RECEIVED: &str = "nothing was received as it should be";

pub(super) const ALL: &[Check] = &[
    Check {
        name: "first",
        expected: "201 or 200, JSON, and a receipt for this id and these bytes",
        least: true,
        run: received::first,
    },
    Check {
        name: "created",
        expected: "201, not 200, for what was not there before",
        least: false,
        run: received::created,
    },
    Check {
        name: "again",
        expected: "200 or 201 and the same receipt for the same again",
        least: true,
        run: received::again,
    },
    Check {
        name: "at-once",
        expected: "one receipt for eight that are the same and come at once",
        least: true,
        run: received::at_once,
    },
    Check {
        name: "cut",
        expected: "a receipt for one whose first try was cut off",
        least: true,
        run: received::cut,
    },
    Check {
        name: "other-body",
        expected: "409 for another body under the same id, and the first stays",
        least: true,
        run: received::other_body,
    },
    Check {
        name: "post",
        expected: "for a POST with Idempotency-Key what a PUT gets, and for the PUT after it the same receipt",
        least: true,
        run: received::post,
    },
    Check {
        name: "large",
        expected: "a receipt for a submission of 12 MiB",
        least: false,
        run: received::large,
    },
    Check {
        name: "replaces",
        expected: "a receipt for one that mends another and names it",
        least: false,
        run: received::replaces,
    },
    Check {
        name: "readable",
        expected: "a reference of at least ten letters and digits, and `receivedAt` by RFC 3339",
        least: true,
        run: |probe| receipts::can_be_read(&probe.first()?.receipt),
    },
    Check {
        name: "cache",
        expected: "Cache-Control: no-store with a receipt",
        least: false,
        run: received::cache,
    },
    Check {
        name: "signed",
        expected: "a JWS of the receipt's other four members as `signature`",
        least: false,
        run: |probe| receipts::signs_the_receipt(&probe.first()?.receipt),
    },
    Check {
        name: "verifies",
        expected: "a signature of the key that is published",
        least: false,
        run: received::verifies,
    },
    Check {
        name: "broken-json",
        expected: "400 for half of a submission",
        least: true,
        run: refused::broken_json,
    },
    Check {
        name: "other-id",
        expected: "400 or 422 where the id in the address is not that of the submission",
        least: true,
        run: refused::other_id,
    },
    Check {
        name: "other-key",
        expected: "400 or 422 where the Idempotency-Key is not the id of the submission",
        least: false,
        run: refused::other_key,
    },
    Check {
        name: "no-key",
        expected: "400 for a POST without Idempotency-Key",
        least: false,
        run: refused::no_key,
    },
    Check {
        name: "digest",
        expected: "400 where Content-Digest is of another body",
        least: true,
        run: refused::digest,
    },
    Check {
        name: "wrong-answers",
        expected: "422 with the pointer and a code of the wrong answer among `errors`",
        least: false,
        run: refused::wrong_answers,
    },
    Check {
        name: "other-file",
        expected: "400 or 422 where a file is not the one that its answer names",
        least: false,
        run: refused::other_file,
    },
    Check {
        name: "unknown-form",
        expected: "404 or 422 for a form that is not there",
        least: false,
        run: refused::unknown_form,
    },
    Check {
        name: "too-large",
        expected: "413 for one byte more than 12 MiB",
        least: false,
        run: refused::too_large,
    },
    Check {
        name: "media-type",
        expected: "415 for text/plain",
        least: false,
        run: refused::media_type,
    },
    Check {
        name: "method",
        expected: "405 with Allow for a PATCH",
        least: false,
        run: refused::method,
    },
    Check {
        name: "uploads-created",
        expected: "with submit.uploads: 201 with Location for a file that is announced, and Upload-Offset 0 there",
        least: true,
        run: uploads::created,
    },
    Check {
        name: "uploads-cut",
        expected: "after a connection that broke in the middle: Upload-Offset, and the rest from there",
        least: true,
        run: uploads::goes_on,
    },
    Check {
        name: "uploads-again",
        expected: "for the same announcement again the upload that has begun, not another",
        least: false,
        run: uploads::again,
    },
    Check {
        name: "uploads-offset",
        expected: "409 for a piece at another offset than that of the upload",
        least: true,
        run: uploads::at_offset,
    },
    Check {
        name: "uploads-digest",
        expected: "460, or another 4xx, where what arrived is another file, and nothing of it is kept",
        least: true,
        run: uploads::digest,
    },
    Check {
        name: "uploads-version",
        expected: "412 without Tus-Resumable",
        least: false,
        run: uploads::version,
    },
    Check {
        name: "uploads-missing",
        expected: "424 that names by `sha256` in `params` each file that has not arrived",
        least: true,
        run: uploads::missing,
    },
    Check {
        name: "uploads-received",
        expected: "a receipt for a submission whose files went before it",
        least: true,
        run: uploads::received,
    },
    Check {
        name: "problems",
        expected: "application/problem+json with type, title and the status again at every refusal",
        least: false,
        run: refused::problems,
    },
    Check {
        name: "preflight",
        expected: "leave for the site's origin, for PUT and for the three headers",
        least: true,
        run: elsewhere::preflight,
    },
    Check {
        name: "cross-origin",
        expected: "receipts and refusals that the site's origin may read, with Date and Retry-After",
        least: true,
        run: elsewhere::cross_origin,
    },
    Check {
        name: "uploads-elsewhere",
        expected: "leave for the site's origin to send files, and to read Location, Upload-Offset and Upload-Expires",
        least: true,
        run: uploads::elsewhere,
    },
    Check {
        name: "retry-after",
        expected: "whole seconds or an HTTP date in every Retry-After",
        least: true,
        run: elsewhere::retry_after,
    },
];

/// An endpoint under test, and what it has shown so far.
pub(crate) struct Probe<'a> {
    client: &'a Client,
    sample: &'a Sample,
    origin: Option<&'a str>,
    keys: Option<&'a str>,
    first: Option<Received>,
    refusals: Vec<(&'static str, Answer)>,
    /// Ids, and references if any, of all that was received.
    pub received: Vec<(String, String)>,
}

/// What was sent, and the right receipt that came for it.
#[derive(Clone)]
struct Received {
    sent: Sending,
    status: u16,
    receipt: Value,
    cache: String,
}

/// A request that is right until something about it is changed.
#[derive(Clone)]
struct Sending {
    method: Method,
    url: String,
    headers: Vec<(&'static str, String)>,
    id: String,
    body: Vec<u8>,
}

impl Sending {
    /// As the page sends it.
    fn put(client: &Client, id: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let digest = format!("sha-256=:{}:", STANDARD.encode(eform::sha256(&body)));
        Self {
            method: Method::PUT,
            url: client.url_of(id),
            headers: vec![
                ("content-type", "application/json".to_owned()),
                ("content-digest", digest),
                ("idempotency-key", format!("\"{id}\"")),
            ],
            id: id.to_owned(),
            body,
        }
    }

    /// The same to the one address for all.
    fn post(self, client: &Client) -> Self {
        Self { method: Method::POST, url: client.url().to_owned(), ..self }
    }

    /// With another value of this header, or with one more.
    fn with(mut self, name: &'static str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name, value.to_owned()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| *other != name);
        self
    }

    fn digest(&self) -> String {
        eform::digest(&self.body)
    }
}

impl<'a> Probe<'a> {
    pub(super) fn new(
        client: &'a Client,
        sample: &'a Sample,
        origin: Option<&'a str>,
        keys: Option<&'a str>,
    ) -> Self {
        let (refusals, received) = (Vec::new(), Vec::new());
        Self { client, sample, origin, keys, first: None, refusals, received }
    }

    /// A new submission that is right, changed by `change`, as the page sends it.
    fn new_one(&self, change: impl FnOnce(&mut Submission)) -> Result<Sending, Amiss> {
        let id = new_id().map_err(Amiss::NotTried)?;
        let mut submission = self.sample.submission(&id);
        match self.sample.seal_to() {
            None => change(&mut submission),
            Some(to) => {
                let names = Sample::seal_files(to, &mut submission).map_err(Amiss::NotTried)?;
                change(&mut submission);
                Sample::seal_answers(to, &mut submission, &names).map_err(Amiss::NotTried)?;
            }
        }
        Ok(Sending::put(self.client, &id, submission.to_json()))
    }

    fn send(&mut self, sending: &Sending) -> Came {
        let headers: Vec<_> = sending.headers.iter().map(|(name, v)| (*name, v.as_str())).collect();
        let came = self.client.send(&sending.method, &sending.url, &headers, &sending.body);
        self.note(&sending.id, &came);
        came
    }

    /// Keeps what must be removed later: whatever was not refused, with a receipt or without.
    fn note(&mut self, id: &str, came: &Came) {
        let Some(answer) = came.as_ref().ok().filter(|answer| answer.status < 300) else { return };
        if id.is_empty() {
            // An upload, which expires by itself.
            return;
        }
        let receipt = answer.json().unwrap_or_default();
        let told = (id.to_owned(), receipts::text(&receipt, "reference").to_owned());
        if !self.received.contains(&told) {
            self.received.push(told);
        }
    }

    /// Must be refused with one of these: what the body says, and `Allow`. What is refused is kept for
    /// `problems`.
    fn refused(
        &mut self,
        name: &'static str,
        sending: &Sending,
        statuses: &[u16],
    ) -> Result<(Option<Value>, String), Amiss> {
        let answer = self.send(sending).map_err(Amiss::Fails)?;
        let (status, said, json) = (answer.status, answer.said(), answer.json());
        let allow = answer.header("allow").to_owned();
        if status >= 400 {
            self.refusals.push((name, answer));
        }
        if statuses.contains(&status) { Ok((json, allow)) } else { Err(Amiss::Fails(said)) }
    }

    /// What was received first.
    fn first(&self) -> Result<Received, Amiss> {
        self.first.clone().ok_or_else(|| Amiss::NotTried(NOTHING_RECEIVED.to_owned()))
    }

    /// Must be received, with a receipt that the page takes.
    fn is_received(&mut self, sending: &Sending) -> Result<Received, Amiss> {
        let answer = self.send(sending).map_err(Amiss::Fails)?;
        let receipt = receipt_of(&answer, sending).map_err(Amiss::Fails)?;
        let cache = answer.header("cache-control").to_owned();
        Ok(Received { sent: sending.clone(), status: answer.status, receipt, cache })
    }
}

/// The receipt, as the page takes it, or what came instead.
fn receipt_of(answer: &Answer, sent: &Sending) -> Result<Value, String> {
    if !matches!(answer.status, 200 | 201) {
        return Err(answer.said());
    }
    let media = answer.media();
    let is_json = media == "application/json"
        || (media.starts_with("application/") && media.ends_with("+json"));
    let receipt = answer.json().filter(Value::is_object).filter(|_| is_json);
    let receipt = receipt.ok_or_else(|| format!("{}, no JSON object", answer.said()))?;
    match receipts::wrong(&receipt, &sent.id, &sent.digest()) {
        Some(wrong) => Err(format!("{} with {wrong}", answer.status)),
        None => Ok(receipt),
    }
}

/// The same with so many spaces behind it that it has this size.
fn of_size(probe: &Probe, mut sending: Sending, size: usize) -> Sending {
    sending.body.resize(size.max(sending.body.len()), b' ');
    Sending::put(probe.client, &sending.id, sending.body)
}
