use super::*;
use crate::machine::tests::record;

const ID: &str = "01932f3c-6f00-7000-8000-000000000001";
const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn receipt_json(id: &str, digest: &str, reference: &str, signature: &str) -> String {
    serde_json::json!({
        "id": id, "reference": reference, "receivedAt": "2026-11-20T01:14:05Z",
        "digest": digest, "signature": signature
    })
    .to_string()
}

fn reply(status: u16, content_type: &str, body: &str) -> Reply {
    Reply { status, content_type: content_type.into(), body: body.into(), ..Reply::default() }
}

fn code(reply: &Reply) -> &'static str {
    match understand(ID, DIGEST, Ok(reply), 0) {
        Outcome::Delivered(_) => "delivered",
        other => match other.code() {
            code @ ("not-delivered" | "later" | "conflict" | "not-allowed" | "refused") => code,
            code => panic!("unexpected {code}"),
        },
    }
}

#[test]
fn only_a_receipt_for_this_id_and_these_bytes_is_delivered() {
    let json = "application/json; charset=utf-8";
    let good = receipt_json(ID, DIGEST, "K7TQ-2M9X-4D", "eyJ.e30.c2ln");
    for (status, content_type, body, expected) in [
        (201, json, good.clone(), "delivered"),
        (200, json, good.clone(), "delivered"),
        (200, "application/vnd.agency.receipt+json", good.clone(), "delivered"),
        (200, "APPLICATION/JSON", good.clone(), "delivered"),
        // Another submission's receipt, other bytes, a receipt that says nothing.
        (201, json, receipt_json("other", DIGEST, "K7TQ", "s"), "not-delivered"),
        (201, json, receipt_json(ID, "sha256:00", "K7TQ", "s"), "not-delivered"),
        (201, json, receipt_json(ID, DIGEST, " ", "s"), "not-delivered"),
        (201, json, receipt_json(ID, DIGEST, "K7TQ", ""), "not-delivered"),
        // A receipt cut short, an answer that is no receipt, nothing at all.
        (201, json, good[..good.len() - 2].into(), "not-delivered"),
        (200, json, "{\"status\":\"ok\"}".into(), "not-delivered"),
        (200, json, String::new(), "not-delivered"),
        // A captive portal, whatever it says.
        (200, "text/html", "<html>ลงชื่อเข้าใช้ Wi-Fi</html>".into(), "not-delivered"),
        (200, "text/html", good.clone(), "not-delivered"),
        (200, "", good.clone(), "not-delivered"),
        // The right words under the wrong status.
        (202, json, good.clone(), "not-delivered"),
        (204, json, String::new(), "not-delivered"),
        (302, json, good.clone(), "not-delivered"),
    ] {
        assert_eq!(
            code(&reply(status, content_type, &body)),
            expected,
            "{status} {content_type} {body}"
        );
    }
}

#[test]
fn a_redirected_receipt_is_not_believed() {
    let mut redirected = reply(200, "application/json", &receipt_json(ID, DIGEST, "K7TQ", "s"));
    redirected.redirected = true;
    assert_eq!(code(&redirected), "not-delivered");
    redirected.status = 0;
    assert_eq!(code(&redirected), "not-delivered");
}

#[test]
fn every_status_means_something() {
    for status in 0..=999 {
        let expected = match status {
            401 | 403 => "not-allowed",
            409 => "conflict",
            407 | 511 => "not-delivered",
            408 | 421 | 423..=425 | 429 | 500..=599 => "later",
            400..=499 => "refused",
            _ => "not-delivered",
        };
        assert_eq!(code(&reply(status, "text/plain", "no")), expected, "{status}");
        // A page is not the endpoint's, except where it is about what was sent.
        let of_page = match (expected, status) {
            ("not-allowed" | "refused", 413 | 415 | 422) => expected,
            ("not-allowed" | "refused", _) => "not-delivered",
            _ => expected,
        };
        let page = reply(status, "Text/HTML; charset=utf-8", "<html>");
        assert_eq!(code(&page), of_page, "{status}, a page");
    }
    for kind in [NoAnswer::Network, NoAnswer::Timeout] {
        assert_eq!(understand(ID, DIGEST, Err(kind), 0), Outcome::NoAnswer(kind));
    }
}

#[test]
fn a_refusal_keeps_what_the_agency_said_about_each_answer() {
    let body = r#"{"type":"/problems/invalid-answers","status":422,"title":"Invalid answers",
        "errors":[{"pointer":"/national_id","code":"checksum","detail":"…","params":{"n":1}}]}"#;
    let outcome = understand(ID, DIGEST, Ok(&reply(422, "application/problem+json", body)), 0);
    let Outcome::Attention(trouble) = outcome else { panic!("{outcome:?}") };
    assert_eq!((trouble.kind, trouble.status), (TroubleKind::Refused, 422));
    assert_eq!(trouble.errors[0].pointer, "/national_id");
    assert_eq!(trouble.errors[0].params["n"], 1);
}

#[test]
fn a_refusal_in_any_other_shape_is_still_a_refusal() {
    for (content_type, body) in [
        ("text/html", "<h1>413</h1>"),
        ("application/problem+json", "not json"),
        ("application/json", "[]"),
        ("application/json", r#"{"status":"four hundred"}"#),
    ] {
        let outcome = understand(ID, DIGEST, Ok(&reply(413, content_type, body)), 0);
        let Outcome::Attention(trouble) = outcome else { panic!("{outcome:?}") };
        assert_eq!((trouble.kind, trouble.status), (TroubleKind::Refused, 413), "{body}");
        assert!(trouble.errors.is_empty());
    }
}

#[test]
fn retry_after_is_understood() {
    let mut busy = reply(503, "text/plain", "");
    busy.retry_after = Some("120".into());
    let expected = Outcome::Later { status: 503, after: Some(120_000) };
    assert_eq!(understand(ID, DIGEST, Ok(&busy), 0), expected);
    busy.retry_after = Some("soon".into());
    assert_eq!(understand(ID, DIGEST, Ok(&busy), 0), Outcome::Later { status: 503, after: None });
}

#[test]
fn the_request_carries_the_stored_bytes_and_their_digest() {
    let mut record = record(ID);
    record.url = "https://agency.example/api/submissions/".into();
    record.body = "{\"hello\": \"world\"}\n".into();
    record.digest = eform::digest(record.body.as_bytes());
    let request = request(&record).unwrap();
    assert_eq!(request.url, ["https://agency.example/api/submissions/", ID].concat());
    assert_eq!(request.body, record.body);
    let header = |name| request.headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str());
    // RFC 9530, appendix D: the digest of this very body.
    assert_eq!(
        header("Content-Digest"),
        Some("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:")
    );
    assert_eq!(header("Content-Type"), Some("application/json"));
    assert_eq!(header("Idempotency-Key").map(|key| key.trim_matches('"')), Some(ID));
}

#[test]
fn where_the_form_says_so_it_is_a_post_to_the_address_itself() {
    let record = Record { post: true, ..record("a") };
    let request = request(&record).unwrap();
    assert_eq!((request.method, &*request.url), ("POST", &*record.url));
    assert_eq!(request.headers[2], ("Idempotency-Key", "\"a\"".to_owned()));
}

#[test]
fn no_cookies_go_with_what_came_from_another_phone() {
    let mut record = record(ID);
    assert_eq!(request(&record).unwrap().credentials, "same-origin");
    record.carried = true;
    assert_eq!(request(&record).unwrap().credentials, "omit");
    let kept = Record::from_json(ID, &record.to_json());
    assert_eq!(kept, record);
}

#[test]
fn bytes_that_changed_in_storage_are_not_sent() {
    let mut record = record(ID);
    record.body.push(' ');
    assert_eq!(request(&record).unwrap_err().kind, TroubleKind::Unreadable);
}

#[test]
fn a_big_body_on_a_slow_line_gets_the_time_it_needs() {
    assert_eq!(timeout_ms(0), 60_000);
    assert_eq!(timeout_ms(100 * 1024), 110_000);
    assert_eq!(timeout_ms(1 << 20), 572_000);
    assert_eq!(timeout_ms(usize::MAX), 6_204_000);
    assert_eq!(timeout_ms(eform::limits::SUBMISSION_BYTES), 6_204_000);
}
