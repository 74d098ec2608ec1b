//! Forms whose answers are sealed, at the server: it takes what officers can open, keeps it as it came,
//! and refuses the rest. It has no private key.

use std::fs;

use axum::http::Method;
use eform::{Enclosed, SealTo, Submission, Uploaded, base64};
use eform_agency::{Contents, Format, Lookup, NoPlace, attachments, export, list, show};
use eform_seal::PrivateKey;
use serde_json::{Value, json};

use crate::support::{
    Client, ID, Place, body,
    files::{TUS, metadata, sha256},
    right,
    sealing::{card, claim, claim_after, claim_form, claim_form_with_uploads, sealed_file},
    submission,
};

on_both![
    what_is_sealed_is_received_and_kept_as_it_came_and_called_sealed,
    what_no_officer_could_open_is_refused,
    what_went_before_and_is_not_sealed_is_refused,
    a_form_that_seals_to_no_key_is_not_offered,
];

const OTHER_ID: &str = "0197a1b2-c3d4-7e5f-8a6b-000000000000";

fn to() -> SealTo {
    PrivateKey::new([1; 32]).seal_to("2569-1")
}

async fn exported(client: &Client, format: Format, contents: Contents<'_>) -> String {
    let mut out = Vec::new();
    export(&client.database, "claim", format, contents, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

async fn what_is_sealed_is_received_and_kept_as_it_came_and_called_sealed(place: Place) {
    let definition = claim_form(&to());
    place.write("forms/claim.json", &definition);
    let client = place.start().await;
    let sealed = claim(&to(), &definition, ID, json!({ "name": "สมชาย" }), Some(&card()));
    let sent = body(&sealed);
    let received = client.put(ID, &sent).await;
    assert_eq!(received.status.as_u16(), 201, "{}", received.json());
    let receipt = received.json();
    assert_eq!(receipt["digest"], eform::digest(sent.as_bytes()));
    assert_eq!(client.put(ID, &sent).await.json(), receipt);
    assert_eq!(client.put(OTHER_ID, &body(&other())).await.status.as_u16(), 201);
    let reference = receipt["reference"].as_str().unwrap();

    let mut listed = Vec::new();
    list(&client.database, None, &mut listed).await.unwrap();
    let listed = String::from_utf8(listed).unwrap();
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines[1].starts_with(reference) && lines[1].ends_with("Z  sealed"), "{listed}");
    assert!(lines[2].ends_with('Z'), "{listed}");

    let mut shown = Vec::new();
    show(&client.database, ID, &mut shown).await.unwrap();
    let shown: Value = serde_json::from_slice(&shown).unwrap();
    assert_eq!(shown["sealed"], "to the key 2569-1: `eform-agency open` opens it");
    assert_eq!(shown["submission"]["sealed"]["kid"], "2569-1");
    assert!(!shown.to_string().contains(&sealed.sealed.as_ref().unwrap().ciphertext));
    let file = &sealed.attachments[0];
    let name = format!("{reference}-{}.sealed", file.sha256);
    let size = file.bytes().unwrap().len();
    assert_eq!(
        shown["files"],
        json!([{ "file": name, "pointer": "", "sha256": file.sha256, "size": size }])
    );

    let uploads = Lookup::new(Err(NoPlace));
    let whole = exported(&client, Format::Jsonl, Contents::Whole(&uploads)).await;
    let whole: Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(whole, json!({ "submission": sealed, "receipt": receipt }));
    let csv = exported(&client, Format::Csv, Contents::LeftOut).await;
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].ends_with(",language,sealed,name,age,card"), "{csv}");
    assert!(rows[1].ends_with(",th,'2569-1,,,"), "{csv}");

    let folder = place.path("files");
    assert_eq!(attachments(&client.database, &uploads, "claim", None, &folder).await.unwrap(), 1);
    assert_eq!(fs::read(folder.join(&name)).unwrap(), file.bytes().unwrap());
}

/// One that is not sealed, to a form that is not.
fn other() -> Submission {
    Submission { id: OTHER_ID.to_owned(), ..submission(right()) }
}

type Change = fn(&mut Submission);

async fn what_no_officer_could_open_is_refused(place: Place) {
    let definition = claim_form(&to());
    place.write("forms/claim.json", &definition);
    let client = place.start().await;
    let right_one = claim(&to(), &definition, ID, json!({ "name": "ก" }), Some(b"card"));
    let changes: [(&str, Change); 17] = [
        ("not-sealed", |s| {
            s.sealed = None;
            s.answers = json!({ "name": "ก" }).as_object().cloned();
        }),
        ("malformed", |s| s.sealed = None),
        ("malformed", |s| s.answers = json!({ "name": "ก" }).as_object().cloned()),
        ("completed-at", |s| s.completed_at = "yesterday".to_owned()),
        ("unknown-form", |s| s.version = "2".to_owned()),
        ("wrongly-sealed", |s| s.sealed.as_mut().unwrap().kid = "2569-2".to_owned()),
        ("wrongly-sealed", |s| s.sealed.as_mut().unwrap().suite = "none".to_owned()),
        ("wrongly-sealed", |s| s.sealed.as_mut().unwrap().enc = base64::encode(&[0; 31])),
        ("wrongly-sealed", |s| s.sealed.as_mut().unwrap().enc = "?".to_owned()),
        ("wrongly-sealed", |s| s.sealed.as_mut().unwrap().ciphertext = base64::encode(&[0; 999])),
        ("wrongly-sealed", |s| s.sealed.as_mut().unwrap().ciphertext = String::new()),
        ("wrongly-sealed", |s| s.attachments[0] = Enclosed::new(b"in the clear")),
        ("wrongly-sealed", |s| s.attachments[0].sha256 = "0".repeat(64)),
        ("wrongly-sealed", |s| s.attachments.push(s.attachments[0].clone())),
        ("wrongly-sealed", |s| {
            let other = PrivateKey::new([9; 32]).seal_to("2569-2");
            s.attachments[0] = Enclosed::new(&sealed_file(&other, ID, b"card"));
        }),
        ("wrongly-sealed", |s| s.uploads.push(Uploaded { sha256: "a".repeat(64), size: 9 })),
        ("wrongly-sealed", |s| s.uploads.push(Uploaded { sha256: "a".repeat(64), size: 9 << 20 })),
    ];
    for (number, (problem, change)) in changes.iter().enumerate() {
        let mut changed = right_one.clone();
        change(&mut changed);
        let answer = client.put(ID, &body(&changed)).await;
        let status = if *problem == "unknown-form" { 404 } else { 400 };
        assert_eq!(answer.status.as_u16(), status, "change {number}: {}", answer.json());
        assert_eq!(answer.json()["type"], format!("/problems/{problem}"), "change {number}");
    }
    // What is wrong inside cannot be seen here.
    let wrong = claim(&to(), &definition, OTHER_ID, json!({ "age": "old" }), None);
    assert_eq!(client.put(OTHER_ID, &body(&wrong)).await.status.as_u16(), 201);
    assert_eq!(client.put(ID, &body(&right_one)).await.status.as_u16(), 201);

    // A form that is not received sealed.
    let mut sealed = other();
    sealed.id = ID.replace('0', "1");
    sealed.answers = None;
    sealed.sealed = right_one.sealed;
    let answer = client.put(&sealed.id, &body(&sealed)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["type"].as_str()),
        (400, Some("/problems/wrongly-sealed"))
    );
}

async fn what_went_before_and_is_not_sealed_is_refused(place: Place) {
    let definition = claim_form_with_uploads(&to(), 1 << 20);
    place.write("forms/claim.json", &definition);
    let client = place.start().await;
    let right_one = claim_after(&to(), &definition, ID, b"card");
    let sealed = sealed_file(&to(), ID, b"card");
    // Of the same length, and one to another key.
    let other = PrivateKey::new([9; 32]).seal_to("2569-2");
    for file in [&vec![7; sealed.len()], &sealed_file(&other, ID, b"card"), &sealed] {
        let (digest, length) = (sha256(file), file.len().to_string());
        let metadata = metadata(ID, &digest, &right_one.definition);
        let headers = [TUS, ("upload-length", &*length), ("upload-metadata", &*metadata)];
        let announced = client.send(Method::POST, "/api/uploads", &headers, "").await.is(201);
        client.patch(announced.header("location"), 0, file.clone()).await.is(204);
        let mut claim = right_one.clone();
        claim.uploads[0].sha256 = digest;
        let answer = client.put(ID, &body(&claim)).await;
        if *file == sealed {
            assert_eq!(answer.status.as_u16(), 201, "{}", answer.json());
        } else {
            assert_eq!(answer.json()["type"], "/problems/wrongly-sealed");
        }
    }
}

async fn a_form_that_seals_to_no_key_is_not_offered(place: Place) {
    for (name, key) in [("zeros", base64::encode(&[0; 32])), ("short", "AAAA".to_owned())] {
        let none = SealTo { kid: "2569-1".to_owned(), public_key: key };
        place.write(&format!("forms/{name}.json"), &claim_form(&none));
    }
    let client = place.start().await;
    for name in ["zeros", "short"] {
        assert_eq!(client.get(&format!("/forms/{name}.json")).await.status.as_u16(), 404);
    }
    assert_eq!(client.get("/forms/visit.json").await.status.as_u16(), 200);
}
