//! What is sent, and what a reply means: section by section of HTTP, with no browser. Only a
//! receipt for this id and these bytes means «delivered»; every other reply leaves the submission
//! on the phone.

use eform::Receipt;

use crate::{NoAnswer, Outcome, Record, Trouble, TroubleKind, json::Members, retry_after};

/// The most of a reply's body that is read, in bytes: far above any receipt or list of errors.
pub const REPLY_LIMIT: usize = 1 << 20;

/// 424: the agency does not have the files that the submission names. They are asked after, and sent
/// again where it is true, with the next try.
pub const UPLOADS_MISSING: u16 = 424;

/// How long one try may take, in milliseconds: a minute, and half a second for each KiB of body,
/// so that 2 KiB/s is fast enough for any size, for less than two hours: a submission with
/// its files (12 MiB) begins anew when it is cut, so it must not be cut for being slow.
pub fn timeout_ms(body_bytes: usize) -> i64 {
    let kib = i64::try_from(body_bytes / 1024).unwrap_or(i64::MAX);
    kib.saturating_mul(500).saturating_add(60_000).min(6_204_000)
}

/// One request, ready for `fetch`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// `PUT`, or `POST` where the form says so.
    pub method: &'static str,
    /// `{url}/{id}`, or `{url}` for a `POST`.
    pub url: String,
    /// Names and values.
    pub headers: [(&'static str, String); 3],
    /// The stored bytes.
    pub body: &'a str,
    /// See [`credentials`].
    pub credentials: &'static str,
}

/// Whether cookies go along: those of this page's own origin, as in `fetch`, but none with what came
/// from another phone.
pub fn credentials(record: &Record) -> &'static str {
    if record.carried { "omit" } else { "same-origin" }
}

/// The request for a record.
///
/// # Errors
/// When the stored bytes are no longer what their digest was made of: they are not sent.
pub fn request(record: &Record) -> Result<Request<'_>, Trouble> {
    if !record.is_whole() {
        return Err(Trouble::unreadable());
    }
    let (method, url) = match record.post {
        true => ("POST", record.url.clone()),
        false => ("PUT", [record.url.trim_end_matches('/'), "/", &record.id].concat()),
    };
    Ok(Request {
        method,
        url,
        headers: [
            ("Content-Type", "application/json".into()),
            ("Content-Digest", content_digest(record.body.as_bytes())),
            // A structured-field string (draft-ietf-httpapi-idempotency-key-header); a UUID needs
            // no escapes.
            ("Idempotency-Key", ["\"", &record.id, "\""].concat()),
        ],
        body: &record.body,
        credentials: credentials(record),
    })
}

/// The value of `Content-Digest` (RFC 9530) for these bytes.
pub fn content_digest(bytes: &[u8]) -> String {
    ["sha-256=:", &eform::base64::encode(&eform::sha256(bytes)), ":"].concat()
}

/// What came back from `fetch` with `redirect: "manual"`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status; 0 for an opaque redirect.
    pub status: u16,
    /// The reply was redirected, or is an opaque redirect.
    pub redirected: bool,
    /// The `Content-Type`, as it came; empty if there was none.
    pub content_type: String,
    /// The `Retry-After`, as it came.
    pub retry_after: Option<String>,
    /// The `Date`, as it came.
    pub date: Option<String>,
    /// The body as text; empty when longer than [`REPLY_LIMIT`].
    pub body: String,
    /// What a reply by tus 1.0 says; none where it is not one (no `Tus-Resumable`).
    pub tus: Option<Tus>,
}

/// What a reply by tus 1.0 says of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tus {
    /// The `Location`, as it came.
    pub location: Option<String>,
    /// The `Upload-Offset`.
    pub offset: Option<u64>,
    /// The `Repr-Digest` (RFC 9530), as it came.
    pub digest: Option<String>,
}

/// What a reply, or its absence, means for the submission with this id and digest. `now` is
/// milliseconds since 1970.
///
/// | reply | outcome |
/// |---|---|
/// | 200, 201 with a JSON receipt for this id and digest, with reference and signature | delivered |
/// | any other 1xx, 2xx, 3xx, 407, 511, redirected, no status at all | not delivered: something on the way answered |
/// | a page of HTML with 401, 403 or any other 4xx but 409, 413, 415, 422 | not delivered: a portal, a proxy, the site in front of the endpoint |
/// | no answer | no answer |
/// | 408, 421, 423, 424, 425, 429, other 5xx | later |
/// | 409 | attention: conflict |
/// | 401, 403 | attention: not allowed |
/// | every other 4xx | attention: refused |
///
/// 407 and 511 are, by definition, said by a proxy or a portal, and 421 is about the connection. 423: a
/// file is being written by another request. 424: see [`UPLOADS_MISSING`]. An endpoint says why in
/// `application/problem+json`; a page is for people, and whoever shows one has read nothing of what was
/// sent. What it is about can only be a body that is too large or that an endpoint without the protocol's
/// words has looked at.
pub fn understand(id: &str, digest: &str, reply: Result<&Reply, NoAnswer>, now: i64) -> Outcome {
    let reply = match reply {
        Ok(reply) => reply,
        Err(kind) => return Outcome::NoAnswer(kind),
    };
    let status = reply.status;
    if reply.redirected {
        return Outcome::NotDelivered { status };
    }
    let refused = |kind| Outcome::Attention(trouble(kind, reply));
    match status {
        200 | 201 => match receipt(reply) {
            Some(receipt) if receipt.id == id && receipt.digest == digest => {
                Outcome::Delivered(receipt)
            }
            _ => Outcome::NotDelivered { status },
        },
        407 | 511 => Outcome::NotDelivered { status },
        408 | 421 | 423 | UPLOADS_MISSING | 425 | 429 | 500..=599 => Outcome::Later {
            status,
            after: reply
                .retry_after
                .as_deref()
                .and_then(|value| retry_after::wait_ms(value, reply.date.as_deref(), now)),
        },
        400..=499 if is_page(reply) && !matches!(status, 409 | 413 | 415 | 422) => {
            Outcome::NotDelivered { status }
        }
        409 => refused(TroubleKind::Conflict),
        401 | 403 => refused(TroubleKind::NotAllowed),
        400..=499 => refused(TroubleKind::Refused),
        _ => Outcome::NotDelivered { status },
    }
}

/// A receipt that says anything: JSON with a reference and a signature.
fn receipt(reply: &Reply) -> Option<Receipt> {
    let receipt = members(reply)?.receipt()?;
    let says = !receipt.reference.trim().is_empty() && !receipt.signature.trim().is_empty();
    says.then_some(receipt)
}

/// A refusal with what the agency says about it, if it says anything.
fn trouble(kind: TroubleKind, reply: &Reply) -> Trouble {
    let trouble = Trouble::new(kind, reply.status);
    match members(reply) {
        Some(problem) => trouble.with_problem(problem),
        None => trouble,
    }
}

fn members(reply: &Reply) -> Option<Members> {
    if is_json(&reply.content_type) { Members::read(&reply.body) } else { None }
}

/// `text/html`, with or without parameters.
fn is_page(reply: &Reply) -> bool {
    essence(&reply.content_type) == "text/html"
}

fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// `application/json` or `…+json`, with or without parameters.
fn is_json(content_type: &str) -> bool {
    let essence = essence(content_type);
    essence == "application/json"
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
#[path = "protocol_tests.rs"]
mod tests;
