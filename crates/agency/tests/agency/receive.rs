//! `PUT /api/submissions/{id}`: exactly once, and why not.

use axum::http::{Method, StatusCode};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ed25519_dalek::{Signature, VerifyingKey};
use eform::{Receipt, Submission, limits::SUBMISSION_BYTES};
use serde_json::{Value, json};

use crate::support::{ID, Place, body, right, submission};

on_both![
    the_first_is_201_and_a_repeat_is_200_with_the_same_receipt,
    post_with_an_idempotency_key_does_the_same,
    every_refusal_is_a_problem_and_stores_nothing,
    what_is_wrong_with_answers_is_told_by_field,
    a_date_is_checked_by_the_day_the_form_was_completed,
    content_digest_that_matches_or_is_of_another_kind_is_accepted,
    a_body_of_exactly_the_limit_is_accepted,
    another_body_with_the_same_id_changes_nothing,
    a_restart_keeps_the_key_and_the_receipts,
    without_the_database_nothing_is_promised,
    thirty_two_that_are_the_same_make_one_row_and_one_receipt,
    of_thirty_two_that_differ_exactly_one_wins,
    the_signature_can_be_checked_with_the_published_key,
];

const OTHER_ID: &str = "0197a1b2-c3d4-7e5f-8a6b-000000000000";

/// Method, path, headers, body; then the status and the kind of the problem.
type Case<'a> = (Method, &'a str, Vec<(&'a str, &'a str)>, String, u16, &'a str);

async fn count(place: &Place) -> usize {
    let mut out = Vec::new();
    eform_agency::list(&place.database().await, None, &mut out).await.unwrap();
    String::from_utf8(out).unwrap().lines().count() - 1
}

async fn the_first_is_201_and_a_repeat_is_200_with_the_same_receipt(place: Place) {
    let client = place.start().await;
    let body = body(&submission(right()));
    let first = client.put(ID, &body).await;
    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(first.header("cache-control"), "no-store");
    let receipt: Receipt = serde_json::from_slice(&first.body).unwrap();
    assert_eq!(receipt.id, ID);
    assert_eq!(receipt.digest, eform::digest(body.as_bytes()));
    for _ in 0..3 {
        let again = client.put(ID, &body).await;
        assert_eq!(again.status, StatusCode::OK);
        assert_eq!(again.body, first.body);
    }
    assert_eq!(count(&place).await, 1);
}

async fn post_with_an_idempotency_key_does_the_same(place: Place) {
    let client = place.start().await;
    let body = body(&submission(right()));
    let quoted = format!("\"{ID}\"");
    let json = ("content-type", "application/json; charset=utf-8");
    let headers = [json, ("idempotency-key", quoted.as_str())];
    let post = || client.send(Method::POST, "/api/submissions", &headers, body.clone());
    let first = post().await;
    assert_eq!(first.status, StatusCode::CREATED);
    assert_eq!(post().await.body, first.body);
    assert_eq!(client.put(ID, &body).await.body, first.body);
    let without = client.send(Method::POST, "/api/submissions", &[json], body.clone()).await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST);
    assert_eq!(without.json()["type"], "/problems/no-idempotency-key");
    assert_eq!(count(&place).await, 1);
}

async fn every_refusal_is_a_problem_and_stores_nothing(place: Place) {
    let client = place.start().await;
    let path = format!("/api/submissions/{ID}");
    let good = body(&submission(right()));
    let with = |change: &dyn Fn(&mut Submission)| {
        let mut submission = submission(right());
        change(&mut submission);
        body(&submission)
    };
    let json = ("content-type", "application/json");
    let digest_of =
        |text: &str| format!("sha-256=:{}:", STANDARD.encode(eform::sha256(text.as_bytes())));
    let wrong_digest = digest_of("another body");
    let huge = format!("{good}{}", " ".repeat(SUBMISSION_BYTES));
    let upper = ID.to_uppercase();
    let upper_path = format!("/api/submissions/{upper}");
    let other_path = format!("/api/submissions/{OTHER_ID}");
    let put = Method::PUT;
    let cases: Vec<Case> = vec![
        (put.clone(), &path, vec![], good.clone(), 415, "not-json"),
        (put.clone(), &path, vec![("content-type", "text/plain")], good.clone(), 415, "not-json"),
        (
            put.clone(),
            &path,
            vec![json, ("content-encoding", "gzip")],
            good.clone(),
            415,
            "not-json",
        ),
        (put.clone(), &path, vec![json], huge.clone(), 413, "too-large"),
        // The size comes before the digest, and the media type before the size.
        (
            put.clone(),
            &path,
            vec![json, ("content-digest", &wrong_digest)],
            huge.clone(),
            413,
            "too-large",
        ),
        (put.clone(), &path, vec![], huge, 415, "not-json"),
        (
            put.clone(),
            &path,
            vec![json, ("content-digest", &wrong_digest)],
            good.clone(),
            400,
            "digest-mismatch",
        ),
        (
            put.clone(),
            &path,
            vec![json, ("content-digest", "sha-256=abc")],
            good.clone(),
            400,
            "digest-malformed",
        ),
        (
            put.clone(),
            &path,
            vec![json, ("content-digest", "nonsense")],
            good.clone(),
            400,
            "digest-malformed",
        ),
        (put.clone(), &path, vec![json], "{".to_owned(), 400, "malformed"),
        (put.clone(), &path, vec![json], String::new(), 400, "malformed"),
        (put.clone(), &path, vec![json], "[]".to_owned(), 400, "malformed"),
        (put.clone(), &path, vec![json], "<html></html>".to_owned(), 400, "malformed"),
        (put.clone(), &path, vec![json], good.replacen('{', r#"{"more":1,"#, 1), 400, "malformed"),
        (put.clone(), &upper_path, vec![json], with(&|s| s.id = upper.clone()), 400, "id-not-uuid"),
        (
            put.clone(),
            "/api/submissions/1",
            vec![json],
            with(&|s| s.id = "1".into()),
            400,
            "id-not-uuid",
        ),
        (put.clone(), "/api/submissions/%FF", vec![json], good.clone(), 400, "id-not-uuid"),
        (put.clone(), &other_path, vec![json], good.clone(), 400, "id-mismatch"),
        (
            put.clone(),
            &path,
            vec![json, ("idempotency-key", OTHER_ID)],
            good.clone(),
            400,
            "id-mismatch",
        ),
        (
            put.clone(),
            &path,
            vec![json],
            with(&|s| s.completed_at = "yesterday".into()),
            400,
            "completed-at",
        ),
        (put.clone(), &path, vec![json], with(&|s| s.form = "other".into()), 404, "unknown-form"),
        (
            put.clone(),
            &path,
            vec![json],
            with(&|s| s.version = "2569.2".into()),
            404,
            "unknown-form",
        ),
        (
            put.clone(),
            &path,
            vec![json],
            with(&|s| s.definition = "sha256:00".into()),
            404,
            "unknown-form",
        ),
        // What PostgreSQL takes for no text at all.
        (
            put.clone(),
            &path,
            vec![json],
            with(&|s| s.definition = "\0".into()),
            404,
            "unknown-form",
        ),
        (
            put,
            &path,
            vec![json],
            with(&|s| s.answers.as_mut().unwrap().clear()),
            422,
            "invalid-answers",
        ),
        (Method::GET, &path, vec![], String::new(), 405, "method-not-allowed"),
        (Method::DELETE, &path, vec![], String::new(), 405, "method-not-allowed"),
        (Method::PUT, "/api/submissions", vec![json], good.clone(), 405, "method-not-allowed"),
        (Method::GET, "/api/other", vec![], String::new(), 404, "not-found"),
    ];
    for (i, (method, path, headers, body, status, kind)) in cases.into_iter().enumerate() {
        let answer = client.send(method, path, &headers, body).await;
        let problem = answer.json();
        assert_eq!(problem["type"], format!("/problems/{kind}"), "case {i}: {problem}");
        assert_eq!(answer.status.as_u16(), status, "case {i}");
        assert_eq!(problem["status"], status, "case {i}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "case {i}");
        assert_eq!(answer.header("cache-control"), "no-store", "case {i}");
        let allow = answer.headers.contains_key("allow");
        assert_eq!(allow, status == 405, "case {i}");
    }
    assert_eq!(count(&place).await, 0);
}

async fn what_is_wrong_with_answers_is_told_by_field(place: Place) {
    let client = place.start().await;
    for (field, value, pointer, code) in [
        ("name", json!(null), "/name", "required"),
        ("house", json!("1".repeat(21)), "/house", "too-long"),
        ("members", json!(0), "/members", "too-small"),
        ("members", json!("4"), "/members", "not-canonical"),
        ("crops", json!(["opium"]), "/crops", "option"),
        ("has_land", json!(false), "/crops", "not-shown"),
        ("shoe/size", json!(40), "/shoe~1size", "unknown-field"),
        // The day after the form was completed, in Thailand.
        ("born", json!("2026-03-02"), "/born", "date-future"),
    ] {
        let mut submission = submission(right());
        submission.answers.as_mut().unwrap().insert(field.to_owned(), value.clone());
        let answer = client.put(ID, &body(&submission)).await;
        let problem = answer.json();
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {problem}");
        let errors = problem["errors"].as_array().unwrap();
        let found = errors.iter().any(|e| e["pointer"] == pointer && e["code"] == code);
        assert!(found, "{field}: {problem}");
    }
}

async fn a_date_is_checked_by_the_day_the_form_was_completed(place: Place) {
    let client = place.start().await;
    for (n, (completed_at, born, status)) in [
        ("2026-03-01T23:59:00+07:00", "2026-03-01", 201),
        ("2026-03-01T23:59:00+07:00", "2026-03-02", 422),
        // Past midnight in Thailand, not yet in UTC: the phone's own date counts.
        ("2026-03-02T00:01:00+07:00", "2026-03-02", 201),
        ("2026-03-01T17:01:00Z", "2026-03-02", 422),
        // A clock that is years ahead is not believed.
        ("2569-03-01T08:00:00+07:00", "2560-01-01", 422),
        ("2569-03-01T08:00:00+07:00", "2026-01-01", 201),
    ]
    .into_iter()
    .enumerate()
    {
        let mut submission = submission(right());
        submission.id = format!("0197a1b2-c3d4-7e5f-8a6b-00000000000{n}");
        submission.completed_at = completed_at.to_owned();
        submission.answers.as_mut().unwrap().insert("born".to_owned(), json!(born));
        let answer = client.put(&submission.id, &body(&submission)).await;
        assert_eq!(answer.status.as_u16(), status, "{completed_at} {born}");
    }
}

async fn content_digest_that_matches_or_is_of_another_kind_is_accepted(place: Place) {
    let client = place.start().await;
    let body = body(&submission(right()));
    let digest = STANDARD.encode(eform::sha256(body.as_bytes()));
    for value in [
        format!("sha-256=:{digest}:"),
        format!("sha-512=:AAAA:, sha-256=:{digest}:"),
        "sha-512=:AAAA:".to_owned(),
    ] {
        let headers = [("content-type", "application/json"), ("content-digest", value.as_str())];
        let path = format!("/api/submissions/{ID}");
        let answer = client.send(Method::PUT, &path, &headers, body.clone()).await;
        assert!(answer.status.is_success(), "{value}");
    }
}

async fn a_body_of_exactly_the_limit_is_accepted(place: Place) {
    let client = place.start().await;
    let mut body = body(&submission(right()));
    body.push_str(&" ".repeat(SUBMISSION_BYTES - body.len()));
    assert_eq!(client.put(ID, &body).await.status, StatusCode::CREATED);
    body.push(' ');
    assert_eq!(client.put(ID, &body).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

async fn another_body_with_the_same_id_changes_nothing(place: Place) {
    let client = place.start().await;
    let first = body(&submission(right()));
    let receipt = client.put(ID, &first).await.body;
    // Wrong answers, unknown form: what the other body says is not even looked at.
    let mut other = submission(json!({}));
    other.form = "other".to_owned();
    for second in [format!("{first} "), body(&other)] {
        let answer = client.put(ID, &second).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert_eq!(answer.json()["type"], "/problems/other-body");
    }
    assert_eq!(client.put(ID, &first).await.body, receipt);
}

async fn a_restart_keeps_the_key_and_the_receipts(place: Place) {
    let body = body(&submission(right()));
    let client = place.start().await;
    let receipt = client.put(ID, &body).await.body;
    let keys = client.get("/.well-known/eform-keys.json").await.body;
    client.database.close().await;
    let client = place.start().await;
    let again = client.put(ID, &body).await;
    assert_eq!((again.status, again.body), (StatusCode::OK, receipt));
    assert_eq!(client.get("/.well-known/eform-keys.json").await.body, keys);
}

async fn without_the_database_nothing_is_promised(place: Place) {
    let client = place.start().await;
    client.database.close().await;
    let answer = client.put(ID, &body(&submission(right()))).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "30");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(client.get("/healthz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

async fn thirty_two_that_are_the_same_make_one_row_and_one_receipt(place: Place) {
    let client = place.start().await;
    let body = body(&submission(right()));
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let (client, body) = (client.clone(), body.clone());
            tokio::spawn(async move { client.put(ID, &body).await })
        })
        .collect();
    let mut created = 0;
    let mut receipts = Vec::new();
    for task in tasks {
        let answer = task.await.unwrap();
        created += usize::from(answer.status == StatusCode::CREATED);
        assert!(answer.status.is_success(), "{}", answer.status);
        receipts.push(answer.body);
    }
    receipts.dedup();
    assert_eq!((created, receipts.len()), (1, 1));
    assert_eq!(count(&place).await, 1);
}

async fn of_thirty_two_that_differ_exactly_one_wins(place: Place) {
    let client = place.start().await;
    let tasks: Vec<_> = (0..32)
        .map(|n| {
            let client = client.clone();
            let mut submission = submission(right());
            submission.answers.as_mut().unwrap().insert("members".to_owned(), json!(n + 1));
            let body = body(&submission);
            tokio::spawn(async move { (client.put(ID, &body).await, body) })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        let (answer, body) = task.await.unwrap();
        match answer.status {
            StatusCode::CREATED => winners.push((answer.json(), body)),
            status => assert_eq!(status, StatusCode::CONFLICT),
        }
    }
    assert_eq!(winners.len(), 1);
    let (receipt, body) = &winners[0];
    assert_eq!(receipt["digest"], eform::digest(body.as_bytes()));
    let again = client.put(ID, body).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(count(&place).await, 1);
}

/// As a stranger checks it: with nothing but the receipt and the published key.
async fn the_signature_can_be_checked_with_the_published_key(place: Place) {
    let client = place.start().await;
    let receipt = client.put(ID, &body(&submission(right()))).await.json();
    let keys = client.get("/.well-known/eform-keys.json").await;
    assert_eq!(keys.header("content-type"), "application/jwk-set+json");
    let keys = keys.json();
    let key = &keys["keys"][0];
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let mut jws = receipt["signature"].as_str().unwrap().split('.');
    let (header, payload, signature) =
        (jws.next().unwrap(), jws.next().unwrap(), jws.next().unwrap());
    assert_eq!(jws.next(), None);

    let parsed: Value = serde_json::from_slice(&decode(header)).unwrap();
    assert_eq!(parsed, json!({ "alg": "EdDSA", "kid": key["kid"] }));
    for (member, expected) in [("kty", "OKP"), ("crv", "Ed25519"), ("use", "sig"), ("alg", "EdDSA")]
    {
        assert_eq!(key[member], expected);
    }
    assert_eq!(key.get("d"), None, "the private half is never published");
    let public: [u8; 32] = decode(key["x"].as_str().unwrap()).try_into().unwrap();
    VerifyingKey::from_bytes(&public)
        .unwrap()
        .verify_strict(
            format!("{header}.{payload}").as_bytes(),
            &Signature::from_slice(&decode(signature)).unwrap(),
        )
        .unwrap();
    let payload: Value = serde_json::from_slice(&decode(payload)).unwrap();
    let mut expected = receipt.clone();
    expected.as_object_mut().unwrap().remove("signature");
    assert_eq!(payload, expected);
}
