//! `docs/openapi.json` says what our own endpoint answers, and what the page sends; and it says so
//! exactly enough to refuse what is neither.

use std::{collections::BTreeSet, time::Duration};

use axum::http::Method;
use eform::{Enclosed, Uploaded, limits::SUBMISSION_BYTES};
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::support::{
    Answer, ID, Place, Settings, body,
    files::{OCTETS, TUS, bytes, claim, metadata, metadata_of, sha256},
    right,
    sealing::{self, claim_form},
    submission,
};

const OTHER_ID: &str = "0197a1b2-c3d4-7e5f-8a6b-000000000000";

/// Comes after a minute of silence, which no test waits for.
const NOT_MET: [&str; 4] = [
    "put /api/submissions/{id} 408",
    "post /api/submissions 408",
    "post /api/uploads 408",
    "patch /api/uploads/{id} 408",
];

fn document() -> Value {
    serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap()
}

/// The schema at this place of the document.
fn schema(document: &Value, pointer: &str) -> Validator {
    assert!(document.pointer(pointer).is_some(), "there is no {pointer}");
    let root = json!({ "$ref": format!("#{pointer}"), "components": document["components"],
                       "paths": document["paths"] });
    jsonschema::draft202012::new(&root).unwrap()
}

fn named(document: &Value, name: &str) -> Validator {
    schema(document, &format!("/components/schemas/{name}"))
}

fn accepts(schema: &Validator, value: &Value) {
    let errors: Vec<String> = schema.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{value:#}");
}

/// Refuses the value once this is done to it.
fn refuses(schema: &Validator, value: &Value, what: &str, change: impl FnOnce(&mut Value)) {
    let mut wrong = value.clone();
    change(&mut wrong);
    assert!(!schema.is_valid(&wrong), "{what}: {wrong:#}");
}

/// Refuses it without any of these, and with another type of any.
fn needs(schema: &Validator, value: &Value, members: &[&str]) {
    accepts(schema, value);
    for member in members {
        refuses(schema, value, member, |value| {
            value.as_object_mut().unwrap().remove(*member).unwrap();
        });
        refuses(schema, value, member, |value| value[member] = json!(true));
    }
}

#[test]
fn what_the_page_sends_is_a_submission_and_what_it_could_not_send_is_none() {
    let document = document();
    let schema = named(&document, "Submission");
    let mut whole = submission(right());
    whole.replaces = Some(OTHER_ID.to_owned());
    whole.attachments = vec![Enclosed::new(b""), Enclosed::new(b"\0\xFF\n"), Enclosed::new(b"ab")];
    whole.uploads = vec![Uploaded { sha256: Enclosed::new(b"c").sha256, size: 1 }];
    let plain: Value = serde_json::from_str(&submission(right()).to_json()).unwrap();
    let whole: Value = serde_json::from_str(&whole.to_json()).unwrap();
    accepts(&schema, &whole);
    let members = ["id", "form", "version", "definition", "language", "completedAt", "answers"];
    needs(&schema, &plain, &members);
    for (member, wrong) in [
        ("id", json!(ID.to_uppercase())),
        ("definition", json!("sha256:00")),
        ("completedAt", json!("2026-11-20T08:14:03")),
        ("replaces", json!("")),
        ("answers", json!([])),
        ("attachments", json!([])),
        ("uploads", json!([])),
        ("uploads", json!([{ "sha256": "00", "size": 1 }])),
        ("more", json!(1)),
    ] {
        refuses(&schema, &whole, member, |value| value[member] = wrong);
    }
    for content in ["AP8", "AP8K=", "AP8K\n", "AP-_"] {
        refuses(&schema, &whole, content, |value| {
            value["attachments"][0]["content"] = json!(content);
        });
    }
    refuses(&schema, &whole, "name", |value| value["attachments"][0]["name"] = json!("a.pdf"));
    refuses(&schema, &whole, "name", |value| value["uploads"][0]["name"] = json!("a.pdf"));
    refuses(&schema, &whole, "size", |value| value["uploads"][0]["size"] = json!(-1));

    let to = eform_seal::PrivateKey::new([1; 32]).seal_to("2569-1");
    let sealed = sealing::claim(&to, &claim_form(&to), ID, json!({ "name": "ก" }), Some(b"card"));
    let sealed: Value = serde_json::from_str(&sealed.to_json()).unwrap();
    accepts(&schema, &sealed);
    refuses(&schema, &sealed, "both", |value| value["answers"] = json!({}));
    needs(&schema, &sealed, &["sealed"]);
    needs(&named(&document, "Sealed"), &sealed["sealed"], &["suite", "kid", "enc", "ciphertext"]);
}

#[tokio::test]
async fn receipts_problems_and_keys_are_what_their_schemas_say() {
    let document = document();
    let place = Place::new();
    let client = place.start().await;
    let receipt = client.put(ID, &body(&submission(right()))).await.json();
    let schema = named(&document, "Receipt");
    needs(&schema, &receipt, &["id", "reference", "receivedAt", "digest", "signature"]);
    for (member, wrong) in [
        ("id", "1"),
        ("reference", "K7M3-9QXT-2"),
        ("receivedAt", "20 November 2026"),
        ("digest", "44aff4ab"),
        ("signature", "signed"),
    ] {
        refuses(&schema, &receipt, member, |value| value[member] = json!(wrong));
    }

    let mut wrong = submission(right());
    wrong.id = OTHER_ID.to_owned();
    wrong.answers.as_mut().unwrap().insert("shoe/size".to_owned(), json!(40));
    wrong.answers.as_mut().unwrap().insert("members".to_owned(), json!(0));
    let problem = client.put(OTHER_ID, &body(&wrong)).await.json();
    let schema = named(&document, "WrongAnswers");
    needs(&schema, &problem, &["type", "status", "title", "errors"]);
    refuses(&schema, &problem, "status", |value| value["status"] = json!(200));
    refuses(&schema, &problem, "errors", |value| value["errors"] = json!([]));
    refuses(&schema, &problem, "pointer", |value| value["errors"][0]["pointer"] = json!("~a"));
    refuses(&schema, &problem, "code", |value| value["errors"][0]["code"] = json!(""));
    accepts(
        &named(&document, "Problem"),
        &json!({ "type": "about:blank", "title": "No", "status": 409 }),
    );

    let keys = client.get("/.well-known/eform-keys.json").await.json();
    let schema = named(&document, "Keys");
    needs(&schema, &keys, &["keys"]);
    refuses(&schema, &keys, "the private half", |value| value["keys"][0]["d"] = json!("AA"));
}

/// A response of the document with its references followed.
fn response<'a>(
    document: &'a Value,
    path: &str,
    method: &str,
    status: &str,
) -> (&'a Value, String) {
    let path = path.replace('~', "~0").replace('/', "~1");
    let pointer = format!("/paths/{path}/{method}/responses/{status}");
    let found = document.pointer(&pointer).unwrap_or_else(|| panic!("there is no {pointer}"));
    match found["$ref"].as_str() {
        Some(reference) => {
            let pointer = reference.trim_start_matches('#').to_owned();
            (document.pointer(&pointer).unwrap(), pointer)
        }
        None => (found, pointer),
    }
}

/// Which answers of the document were met.
struct Met {
    document: Value,
    met: BTreeSet<String>,
}

impl Met {
    /// The answer must be what the document says of it.
    fn meet(&mut self, method: &str, path: &str, answer: &Answer) {
        let status = answer.status.as_str().to_owned();
        let (response, pointer) = response(&self.document, path, method, &status);
        if response.get("content").is_some() {
            let media = answer.header("content-type").replace('~', "~0").replace('/', "~1");
            let schema = schema(&self.document, &format!("{pointer}/content/{media}/schema"));
            accepts(&schema, &answer.json());
        }
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let header = header["$ref"].as_str().map_or(header, |reference| {
                self.document.pointer(reference.trim_start_matches('#')).unwrap()
            });
            if header["required"] == false && answer.header(name).is_empty() {
                continue;
            }
            let there = answer.headers.contains_key(name);
            assert!(there, "{method} {path} {status} has no {name}: {header}");
            let schema = jsonschema::draft202012::new(&header["schema"]).unwrap();
            accepts(&schema, &answer.header(name).into());
        }
        self.met.insert(format!("{method} {path} {status}"));
    }
}

#[tokio::test]
async fn every_answer_of_ours_is_in_the_document_and_no_other() {
    let mut met = Met { document: document(), met: NOT_MET.map(str::to_owned).into() };
    let good = body(&submission(right()));
    let changed = format!("{good} ");
    let mut unknown = submission(right());
    unknown.form = "other".to_owned();
    let unknown = body(&unknown);
    let empty = body(&submission(json!({})));
    let huge = format!("{good}{}", " ".repeat(SUBMISSION_BYTES));
    let waits = claim(ID, &[b"has not arrived"]).to_json();
    let json = "application/json";
    // In this order: what is received first is there for the second.
    let asked = [
        (json, "{", 400),
        (json, &unknown, 404),
        (json, &huge, 413),
        ("text/plain", &good, 415),
        (json, &empty, 422),
        (json, &waits, 424),
        (json, &good, 201),
        (json, &good, 200),
        (json, &changed, 409),
        (json, &good, 503),
    ];
    for (method, path) in [("put", "/api/submissions/{id}"), ("post", "/api/submissions")] {
        // Each with a database of its own, in which nothing is yet.
        let place = Place::new().with_files();
        let client = place.start().await;
        for (media, body, status) in asked {
            if status == 503 {
                client.database.close().await;
            }
            let headers = [("content-type", media), ("idempotency-key", ID)];
            let address = path.replace("{id}", ID);
            let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let answer = client.send(verb, &address, &headers, body.to_owned()).await;
            assert_eq!(answer.status.as_u16(), status, "{method} {path}");
            met.meet(method, path, &answer);
        }
    }
    let keys = "/.well-known/eform-keys.json";
    let place = Place::new();
    met.meet("get", keys, &place.start().await.get(keys).await);
    uploads(&mut met).await;

    let mut said = BTreeSet::new();
    for (path, item) in met.document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for status in operation["responses"].as_object().into_iter().flat_map(|all| all.keys())
            {
                // What `--rate` has it say is in `command.rs`.
                if status != "429" {
                    said.insert(format!("{method} {path} {status}"));
                }
            }
        }
    }
    assert_eq!(met.met, said);
}

/// Meets every answer about files that go before.
async fn uploads(met: &mut Met) {
    let place = Place::new().with_files();
    let client = place.start().await;
    let hasty = place.start_with(Settings { keep: Duration::ZERO, ..Settings::default() }).await;
    let (file, late) = (bytes(1, 100), bytes(2, 100));
    let location = client.announce(ID, &file).await.header("location").to_owned();
    let expired = hasty.announce(ID, &late).await.header("location").to_owned();
    let (all, each) = ("/api/uploads", "/api/uploads/{id}");
    let (right, visit) = (metadata_of(ID, &file), eform::digest(crate::support::FORM.as_bytes()));
    let unknown = metadata(ID, &sha256(&file), "sha256:00");
    let without = metadata(ID, &sha256(&file), &visit);
    let length = |length| ("upload-length", length);
    fn of(metadata: &str) -> (&str, &str) {
        ("upload-metadata", metadata)
    }
    let at = |offset| ("upload-offset", offset);
    let body = ("content-length", "1");
    let [pdf, sum] = [("content-type", "application/pdf"), ("upload-checksum", "sha1 AAAA")];
    let wrong = ("upload-checksum", "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
    let other = bytes(3, 100);
    type Case<'a> = (&'a str, &'a str, &'a str, Vec<(&'a str, &'a str)>, &'a [u8], u16);
    let cases: Vec<Case> = vec![
        ("options", all, all, vec![], b"", 204),
        ("options", each, &location, vec![], b"", 204),
        ("post", all, all, vec![length("100"), of(&right)], b"", 412),
        ("post", all, all, vec![TUS, of(&right)], b"", 400),
        ("post", all, all, vec![TUS, length("100"), of(&unknown)], b"", 404),
        ("post", all, all, vec![TUS, length("20000001"), of(&right)], b"", 413),
        ("post", all, all, vec![TUS, length("100"), of(&right), pdf, body], b"x", 415),
        ("post", all, all, vec![TUS, length("100"), of(&without)], b"", 422),
        ("post", all, all, vec![TUS, length("100"), of(&right), OCTETS, wrong], b"x", 460),
        ("post", all, all, vec![TUS, length("100"), of(&right)], b"", 201),
        ("head", each, &location, vec![TUS], b"", 200),
        ("head", each, "/api/uploads/none", vec![TUS], b"", 404),
        ("head", each, &expired, vec![TUS], b"", 410),
        ("head", each, &location, vec![], b"", 412),
        ("patch", each, &location, vec![OCTETS, at("0")], b"x", 412),
        ("patch", each, &location, vec![TUS, OCTETS, at("0"), sum], b"x", 400),
        ("patch", each, "/api/uploads/none", vec![TUS, OCTETS, at("0")], b"x", 404),
        ("patch", each, &location, vec![TUS, OCTETS, at("1")], b"x", 409),
        ("patch", each, &expired, vec![TUS, OCTETS, at("0")], b"x", 410),
        ("patch", each, &location, vec![TUS, OCTETS, at("0")], &[0; 101], 413),
        ("patch", each, &location, vec![TUS, pdf, at("0")], b"x", 415),
        ("patch", each, &location, vec![TUS, OCTETS, at("0")], &other, 460),
        ("patch", each, &location, vec![TUS, OCTETS, at("0")], &file, 204),
        ("delete", each, &location, vec![], b"", 412),
        ("delete", each, "/api/uploads/none", vec![TUS], b"", 404),
        ("delete", each, &expired, vec![TUS], b"", 204),
    ];
    let mut ask = async |(method, path, address, headers, body, status): Case<'_>| {
        let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let answer = client.send(verb, address, &headers, body.to_owned()).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}");
        met.meet(method, path, &answer);
    };
    for case in cases {
        ask(case).await;
    }
    assert_eq!(client.put_claim(&[&file]).await.status.as_u16(), 201);
    ask(("delete", each, &location, vec![TUS], b"", 409)).await;
    client.database.close().await;
    ask(("post", all, all, vec![TUS, length("100"), of(&right)], b"", 503)).await;
    for method in ["head", "patch", "delete"] {
        ask((method, each, &location, vec![TUS, OCTETS, at("0")], b"", 503)).await;
    }
}

#[test]
fn the_examples_of_the_document_are_what_they_are_examples_of() {
    let document = document();
    let mut count = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let at = format!("/components/schemas/{name}");
        let members = schema["properties"].as_object().into_iter().flatten();
        let places = members.map(|(member, schema)| (format!("{at}/properties/{member}"), schema));
        for (pointer, part) in std::iter::once((at.clone(), schema)).chain(places) {
            for example in part["examples"].as_array().into_iter().flatten() {
                accepts(&self::schema(&document, &pointer), example);
                count += 1;
            }
        }
    }
    assert!(count > 5, "{count}");
    // And those of the prose.
    let prose = include_str!("../../../../docs/protocol.md");
    let blocks = prose.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let blocks: Vec<Value> = blocks.map(|block| serde_json::from_str(block).unwrap()).collect();
    let [receipt, problem] = &blocks[..] else { panic!("{blocks:?}") };
    let mut receipt = receipt.clone();
    // It is cut short there.
    receipt["signature"] = json!("a.b.c");
    accepts(&named(&document, "Receipt"), &receipt);
    accepts(&named(&document, "WrongAnswers"), problem);
}
