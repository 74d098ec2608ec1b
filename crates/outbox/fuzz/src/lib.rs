//! What is done with any bytes: as a reply to a submission, with its `Retry-After`, its `Date` and its body,
//! whatever a server, a proxy or a captive portal may have written. It means something: delivered only by
//! a receipt, a wait of at most a day, or what the citizen can do; and what is kept of it reads again.
//!
//! `cargo +nightly fuzz run reply` in this folder's parent looks for bytes without end; `tests/fuzz.rs`
//! takes some thousand of them in every test.

use eform_outbox::{Outcome, Record, Reply, State, machine, protocol, retry_after};

const STATUSES: [u16; 16] =
    [0, 200, 201, 202, 302, 400, 401, 404, 408, 409, 413, 422, 424, 429, 503, 511];

const DAY: i64 = 24 * 60 * 60_000;

/// The first byte chooses the status, the second what sort of body it says it is; lines follow with
/// `Retry-After` and `Date`, and then the body.
pub fn reply(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes.get(2..).unwrap_or_default());
    let mut parts = text.splitn(3, '\n');
    let mut line = || parts.next().filter(|line| !line.is_empty()).map(str::to_owned);
    let (wait, date, body) = (line(), line(), line().unwrap_or_default());
    let chosen = |at: usize| bytes.get(at).copied().map_or(0, usize::from);
    let types = ["application/json", "application/problem+json", "text/html", ""];
    let record = record();
    let reply = Reply {
        status: STATUSES[chosen(0) % STATUSES.len()],
        redirected: chosen(1) >= 250,
        content_type: types[chosen(1) % types.len()].to_owned(),
        retry_after: wait.clone(),
        date: date.clone(),
        body: body.replace("ID", &record.id).replace("DIGEST", &record.digest),
        tus: None,
    };
    if let Some(wait) = wait {
        for now in [0, i64::MIN, i64::MAX, 1_700_000_000_000] {
            let ms = retry_after::wait_ms(&wait, date.as_deref(), now);
            assert!(ms.is_none_or(|ms| (0..=DAY).contains(&ms)), "{wait}");
        }
    }
    let now = 1_700_000_000_000;
    let outcome = protocol::understand(&record.id, &record.digest, Ok(&reply), now);
    if let Outcome::Delivered(receipt) = &outcome {
        assert!(matches!(reply.status, 200 | 201) && receipt.id == record.id);
        assert_eq!(receipt.digest, record.digest);
    }
    let claimed = machine::claim(&record, "me", machine::Occasion::timer(now));
    let claimed = claimed.expect("it is due");
    let settled = machine::settle(&claimed, "me", &outcome, now, 0.5).expect("it is held");
    match settled.state {
        State::Received => assert!(matches!(outcome, Outcome::Delivered(_))),
        State::Queued => assert!(settled.next_at > now && settled.next_at <= now + 2 * DAY),
        State::Attention => assert!(settled.trouble.is_some()),
        State::Sending | State::Replaced => panic!("{:?}", settled.state),
    }
    reads_again(&settled);
    // And as what was stored.
    let stored = Record::from_json("a", &text);
    reads_again(&stored);
}

/// What is written of a record says the same once it was read; 1e9 may come back as 1000000000.
fn reads_again(record: &Record) {
    let json = record.to_json();
    assert_eq!(Record::from_json(&record.id, &json).to_json(), json);
}

/// One that waits to be sent.
fn record() -> Record {
    let json = r#"{ "schema": 1, "id": "01932f3c-6f00-7000-8000-000000000001", "form": "f",
        "url": "https://a.example/s", "body": "{}", "digest": "DIGEST", "definition": "sha256:00",
        "language": "th", "completedAt": 1, "savedAt": 2, "state": "queued", "nextAt": 3 }"#;
    let json = json.replace("DIGEST", &eform::digest(b"{}"));
    Record::from_json("01932f3c-6f00-7000-8000-000000000001", &json)
}
