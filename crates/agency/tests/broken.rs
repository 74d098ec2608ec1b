//! Whatever arrives, as bytes that are no submission, as one that was changed on the way, with
//! headers of any sort: it is received or refused as the protocol says, and nothing of it is logged.
//! A file of its own, because it takes over the process's log.

use std::{fs, path::Path};

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use eform::{Date, Enclosed, Form, Problem, Receipt, Session, Submission};
use http_body_util::BodyExt as _;
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    test_runner::TestRunner,
};
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;

mod support;
use support::{
    ID, Place,
    captured::Captured,
    right,
    sealing::{claim, claim_form},
    submission,
};

/// What a citizen typed, in each case somewhere.
const MARK: &str = "ลับมาก7f3a";

const FORMS: [&str; 3] = ["egov-survey-citizen", "farmer-registration", "gcio-application"];

/// A request, of parts that are right or anything.
#[derive(Debug, Clone)]
struct Sent {
    method: Method,
    address: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

/// Right submissions of all forms that are there.
fn right_ones(place: &Place) -> Vec<Submission> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/forms");
    let mut all = vec![submission(right())];
    all[0].answers.as_mut().unwrap().insert("name".to_owned(), MARK.into());
    for name in FORMS {
        let bytes = fs::read(folder.join(format!("{name}.json"))).unwrap();
        place.write(&format!("forms/{name}.json"), std::str::from_utf8(&bytes).unwrap());
        let form = Form::parse(&bytes).unwrap();
        let cases = fs::read(folder.join(format!("{name}.cases.json"))).unwrap();
        let cases: Value = serde_json::from_slice(&cases).unwrap();
        let today = cases["today"].as_str().unwrap();
        let day = Date::parse_iso(today).unwrap();
        for case in cases["cases"].as_array().unwrap() {
            let session = Session::new(form.clone(), case["answers"].as_object().unwrap(), day);
            let Some(answers) = session.submission() else { continue };
            all.push(Submission {
                form: name.to_owned(),
                version: form.definition().version.clone(),
                definition: form.digest().to_owned(),
                completed_at: format!("{today}T08:00:00+07:00"),
                answers: Some(answers.clone()),
                ..all[0].clone()
            });
        }
    }
    let to = eform_seal::PrivateKey::new([1; 32]).seal_to("2569-1");
    let form = claim_form(&to);
    place.write("forms/claim.json", &form);
    all.push(claim(&to, &form, ID, serde_json::json!({ "name": MARK }), Some(MARK.as_bytes())));
    all
}

/// JSON that nobody meant, with the mark in names and texts, and as deep as readers bear or deeper.
fn tree() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        select(vec!["name", "members", "crops", "plots", "address", "code", MARK])
            .prop_map(str::to_owned),
        "\\PC{0,4}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(Value::from(MARK)),
        Just(Value::from("\0")),
        (0..3_000_usize).prop_map(|count| Value::from(MARK.repeat(count))),
        (1..120_usize).prop_map(|depth| (0..depth).fold(json!(MARK), |inside, _| json!([inside]))),
    ];
    leaf.prop_recursive(4, 30, 6, move |inside| {
        prop_oneof![
            vec(inside.clone(), 0..6).prop_map(Value::from),
            vec((name.clone(), inside), 0..6).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Every place in a tree, as pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                places(member, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                places(item, &format!("{at}/{n}"), found);
            }
        }
        _ => {}
    }
}

/// A body: right, with something else in one place, with a byte changed, cut, or anything at all.
fn body(right: Vec<Submission>) -> impl Strategy<Value = Vec<u8>> {
    let values: Vec<Value> = right.iter().map(|one| serde_json::to_value(one).unwrap()).collect();
    let one = select(values);
    let written = one.clone().prop_map(|value| value.to_string().into_bytes());
    let at = any::<Index>();
    let replaced = (one.clone(), at, tree()).prop_map(|(mut value, at, other)| {
        let mut found = Vec::new();
        places(&value, "", &mut found);
        *value.pointer_mut(&found[at.index(found.len())]).unwrap() = other;
        value.to_string().into_bytes()
    });
    let with_more = (one.clone(), tree()).prop_map(|(mut value, other)| {
        let name = if value.get("sealed").is_some() { "sealed" } else { "answers" };
        let said = value[name].as_object_mut().unwrap();
        said.extend(other.as_object().cloned().unwrap_or_else(Map::new));
        value.to_string().into_bytes()
    });
    let members = ["id", "form", "version", "definition", "completedAt", "replaces", "language"];
    let otherwise =
        (one.clone(), select(members.to_vec()), tree()).prop_map(|(mut value, name, other)| {
            // A text is read further than what is none.
            value[name] = if other.is_string() { other } else { MARK.into() };
            value.to_string().into_bytes()
        });
    let with_files = (one.clone(), tree()).prop_map(|(mut value, other)| {
        value["attachments"] = json!([Enclosed::new(MARK.as_bytes()), other]);
        value.to_string().into_bytes()
    });
    let spoilt = (written.clone(), vec((any::<Index>(), any::<u8>()), 1..4));
    let spoilt = spoilt.prop_map(|(mut bytes, changes)| {
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    });
    let cut = (written.clone(), any::<Index>()).prop_map(|(mut bytes, at)| {
        bytes.truncate(at.index(bytes.len()));
        bytes
    });
    prop_oneof![
        2 => written,
        6 => replaced,
        2 => with_more,
        1 => with_files,
        2 => otherwise,
        2 => spoilt,
        1 => cut,
        1 => vec(any::<u8>(), 0..200),
        1 => "\\PC{0,200}".prop_map(String::into_bytes),
        1 => (1..100_000_usize).prop_map(|depth| b"[".repeat(depth)),
    ]
}

/// A header's value: mostly the right one, sometimes another, none, or anything.
fn value(right: &str, others: &[&str]) -> impl Strategy<Value = Option<Vec<u8>>> + use<> {
    let others: Vec<Vec<u8>> = others.iter().map(|other| other.as_bytes().to_vec()).collect();
    prop_oneof![
        30 => Just(Some(right.as_bytes().to_vec())),
        3 => select(others).prop_map(Some),
        1 => Just(None),
        1 => vec(any::<u8>(), 0..40).prop_map(Some),
    ]
}

fn sent(right: Vec<Submission>) -> impl Strategy<Value = Sent> {
    let methods = prop_oneof![
        12 => Just(Method::PUT),
        4 => Just(Method::POST),
        1 => select(vec![Method::GET, Method::PATCH]),
    ];
    let escaped: String = MARK.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let ids = prop_oneof![
        20 => Just(ID.to_owned()),
        1 => Just(escaped.clone()),
        1 => Just(format!("{ID}?name={escaped}")),
        1 => "[a-z0-9%.-]{1,40}",
    ];
    let quoted = format!("\"{ID}\"");
    let wrong = format!("sha-256=:{}:", STANDARD.encode(eform::sha256(MARK.as_bytes())));
    let headers = (
        value("application/json", &["application/json; charset=utf-8", "text/plain", MARK]),
        value(&quoted, &[ID, MARK]),
        value("right", &["sha-512=:AAAA:", &wrong, "sha-256=:", "=", MARK]),
        prop_oneof![30 => Just(None), 1 => Just(Some(b"gzip".to_vec()))],
    );
    // Mostly new ones, and one that comes again and again, also with another body.
    let first = serde_json::to_vec(&right[0]).unwrap();
    let bodies = prop_oneof![1 => Just((0, first)), 10 => (any::<u32>(), body(right.clone())), 1 => (Just(0), body(right))];
    (methods, ids, headers, bodies).prop_map(|(method, id, headers, (number, body))| {
        // The same length in all of them, and nothing else holds it.
        let own = numbered(number);
        let id = id.replace(ID, &own);
        let body = replace(&body, ID.as_bytes(), own.as_bytes());
        let digest = format!("sha-256=:{}:", STANDARD.encode(eform::sha256(&body))).into_bytes();
        let said = headers.2.map(|value| if value == b"right" { digest } else { value });
        let all = [
            ("content-type", headers.0),
            ("idempotency-key", headers.1),
            ("content-digest", said),
            ("content-encoding", headers.3),
        ];
        let with_own = |value: Vec<u8>| replace(&value, ID.as_bytes(), own.as_bytes());
        let headers = all.into_iter().filter_map(|(name, value)| Some((name, with_own(value?))));
        let headers = headers.collect();
        let address = match method {
            Method::POST => "/api/submissions".to_owned(),
            _ => format!("/api/submissions/{id}"),
        };
        Sent { method, address, headers, body }
    })
}

/// One of many ids.
fn numbered(number: u32) -> String {
    format!("{}{number:08x}", &ID[..28])
}

/// The bytes with others of the same length where these stand.
fn replace(bytes: &[u8], these: &[u8], others: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut at = 0;
    while at + these.len() <= bytes.len() {
        if bytes[at..].starts_with(these) {
            bytes[at..at + others.len()].copy_from_slice(others);
            at += others.len();
        } else {
            at += 1;
        }
    }
    bytes
}

#[test]
fn anything_is_received_or_refused_as_the_protocol_says_and_not_logged() {
    let log = Captured::default();
    let writer = log.clone();
    eform_agency::start_log_to(move || writer.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let place = Place::new();
    let right = right_ones(&place);
    let client = runtime.block_on(place.start());
    // The one that comes again and again is there before all others.
    let mut first = right[0].clone();
    first.id = numbered(0);
    let there = serde_json::to_string(&first).unwrap();
    assert_eq!(runtime.block_on(client.put(&first.id, &there)).status.as_u16(), 201);
    let config =
        ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() };
    let mut met = std::collections::BTreeMap::new();
    let counted = std::cell::RefCell::new(&mut met);
    let result = TestRunner::new(config).run(&sent(right), |sent| {
        let mut request = Request::builder().method(&sent.method).uri(&sent.address);
        for (name, value) in &sent.headers {
            // What no server would hand on.
            let Ok(value) = HeaderValue::from_bytes(value) else { continue };
            request = request.header(HeaderName::from_static(name), value);
        }
        let Ok(request) = request.body(Body::from(sent.body)) else { return Ok(()) };
        let (status, media, body) = runtime.block_on(async {
            let response = client.app.clone().oneshot(request).await.unwrap();
            let media = response.headers().get("content-type").cloned();
            let status = response.status().as_u16();
            (status, media, response.into_body().collect().await.unwrap().to_bytes())
        });
        *counted.borrow_mut().entry(status).or_insert(0) += 1;
        let media = media.as_ref().and_then(|media| media.to_str().ok()).unwrap_or_default();
        if (200..300).contains(&status) {
            prop_assert_eq!(media, "application/json");
            let receipt: Receipt = serde_json::from_slice(&body).unwrap();
            prop_assert_eq!(&receipt.id[..28], &ID[..28]);
            return Ok(());
        }
        prop_assert!((400..500).contains(&status), "{}", status);
        prop_assert_eq!(media, "application/problem+json");
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        prop_assert_eq!(problem.status, status);
        prop_assert!(!problem.title.is_empty() && !problem.title.contains(MARK));
        for error in problem.errors {
            // A name that no field has is told as it came, for whoever sends it.
            prop_assert!(!error.detail.contains(MARK), "{}", error.detail);
        }
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}\n{}", log.text()));
    // Otherwise little of it was tried.
    for status in [200, 201, 400, 404, 405, 409, 415, 422] {
        assert!(met.contains_key(&status), "no {status} among {met:?}");
    }
    let text = log.text();
    assert!(text.contains("status=422"), "{text}");
    for secret in [MARK, &ID[..28], "%E0", "name=", "ใจดี", "ทดสอบ"] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}
