//! What a page of another origin needs, and when to come back.

use axum::http::Method;
use time::{PrimitiveDateTime, macros::format_description};

use super::{Probe, Sending};
use crate::conformance::{Amiss, Outcome, client::Answer};

/// What the page's own request has, which another origin must allow.
const HEADERS: [&str; 3] = ["content-digest", "content-type", "idempotency-key"];

/// What the page reads of an answer, and a browser hides from another origin unless told.
pub(super) const EXPOSED: [&str; 2] = ["date", "retry-after"];

/// Does a list in a header name this, in any case, or everything?
pub(super) fn lists(value: &str, name: &str) -> bool {
    value.split(',').map(str::trim).any(|one| one == "*" || one.eq_ignore_ascii_case(name))
}

pub(super) fn no_origin() -> Amiss {
    Amiss::NotTried("no other origin was named by --origin".to_owned())
}

pub(super) fn preflight(probe: &mut Probe) -> Outcome {
    let origin = probe.origin.ok_or_else(no_origin)?;
    let url = probe.new_one(|_| {})?.url;
    let asked = HEADERS.join(",");
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "PUT"),
        ("access-control-request-headers", &asked),
    ];
    let answer = probe.client.send(&Method::OPTIONS, &url, &headers, &[]);
    let answer = answer.map_err(Amiss::Fails)?;
    if !(200..300).contains(&answer.status) {
        return Err(Amiss::Fails(answer.said()));
    }
    may_read(&answer, origin)?;
    let methods = answer.header("access-control-allow-methods");
    if !lists(methods, "PUT") {
        return Err(Amiss::Fails(format!("Access-Control-Allow-Methods «{methods}»")));
    }
    let allowed = answer.header("access-control-allow-headers");
    match HEADERS.iter().find(|name| !lists(allowed, name)) {
        None => Ok(()),
        Some(name) => {
            let came = format!("Access-Control-Allow-Headers «{allowed}» without {name}");
            Err(Amiss::Fails(came))
        }
    }
}

pub(super) fn may_read(answer: &Answer, origin: &str) -> Outcome {
    let allowed = answer.header("access-control-allow-origin");
    if allowed == "*" || allowed == origin {
        return Ok(());
    }
    let came = format!("{} with Access-Control-Allow-Origin «{allowed}»", answer.said());
    Err(Amiss::Fails(came))
}

pub(super) fn cross_origin(probe: &mut Probe) -> Outcome {
    let origin = probe.origin.ok_or_else(no_origin)?;
    let first = probe.first()?.sent.with("origin", origin);
    let mut other = first.body.clone();
    other.push(b' ');
    let refused = Sending::put(probe.client, &first.id, other).with("origin", origin);
    for sending in [first, refused] {
        let answer = probe.send(&sending).map_err(Amiss::Fails)?;
        may_read(&answer, origin)?;
        let exposed = answer.all("access-control-expose-headers");
        if !EXPOSED.iter().all(|name| lists(&exposed, name)) {
            let came = format!("{} with Access-Control-Expose-Headers «{exposed}»", answer.said());
            return Err(Amiss::Fails(came));
        }
    }
    Ok(())
}

pub(super) fn retry_after(probe: &mut Probe) -> Outcome {
    let asked = probe.client.asked_to_wait();
    if asked.is_empty() {
        return Err(Amiss::NotTried("it never said «not now»".to_owned()));
    }
    match asked.iter().find(|value| !is_retry_after(value)) {
        Some(value) => Err(Amiss::Fails(format!("Retry-After: {value}"))),
        None => Ok(()),
    }
}

/// RFC 9110, section 10.2.3; the date in the one form that may be sent.
fn is_retry_after(value: &str) -> bool {
    let date = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    is_number || PrimitiveDateTime::parse(value, &date).is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_retry_after;

    #[test]
    fn retry_after_is_whole_seconds_or_a_date() {
        for value in ["0", "120", "Sun, 06 Nov 1994 08:49:37 GMT"] {
            assert!(is_retry_after(value), "{value}");
        }
        for value in ["", "-1", "1.5", "soon", "1 minute", "1994-11-06T08:49:37Z"] {
            assert!(!is_retry_after(value), "{value}");
        }
    }
}
