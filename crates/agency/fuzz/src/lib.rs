//! What is done with any bytes: as a request that brings a submission, as one about a file that goes
//! before. Whatever it is, it is taken or refused: no panic, no status of 500 and more, every refusal is
//! `application/problem+json`, and none says what a citizen typed.
//!
//! `cargo +nightly fuzz run submission` (or `upload`) in this folder's parent looks for bytes without end;
//! `tests/fuzz.rs` takes some thousand of them in every test.

mod request;

use std::time::Duration;

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use eform::{Problem, Receipt, Submission};
use eform_agency::{Agency, Database, Forms, Keys, UPLOAD_LIMIT, Uploads, app};
use http_body_util::BodyExt as _;
use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use request::Said;

const ID: &str = "0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

/// What a citizen typed.
const MARK: &str = "ลับมาก7f3a";

const FORM: &str = r#"{
  "id": "claim", "version": "1", "title": "Claim", "languages": ["en"],
  "submit": { "url": "/api/submissions", "uploads": { "url": "/api/uploads" } },
  "pages": [{ "id": "who", "title": "Who", "fields": [
    { "id": "name", "type": "text", "label": "Name", "required": true },
    { "id": "born", "type": "date", "label": "Born", "max": "today" },
    { "id": "plots", "type": "repeat", "label": "Plots", "max": 5, "fields": [
      { "id": "area", "type": "land-area", "label": "Area" } ] },
    { "id": "scan", "type": "attachment", "label": "Scan" }
  ] }]
}"#;

/// The file that goes before a submission: so many bytes.
const FILE: [u8; 2000] = [7; 2000];

thread_local! {
    static AGENCY: Running = Running::start();
}

/// An agency on a database of its own, and nothing of the network.
struct Running {
    runtime: Runtime,
    app: Router,
    _folder: TempDir,
}

/// An answer with its body.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

/// A request that brings a submission, by PUT or POST.
pub fn submission(bytes: &[u8]) {
    let right = right();
    let mut said = Said::of(bytes, &right);
    // Mostly one of few ids, so that some are there already.
    let id = format!("{}{:02x}", &ID[..34], said.throw() % 4);
    said.put_in(ID, &id);
    let digest = STANDARD.encode(eform::sha256(&said.body));
    let (method, address) = match said.throw() % 8 {
        0 => (Method::POST, "/api/submissions".to_owned()),
        1 => (Method::PUT, format!("/api/submissions/{}", said.word())),
        2 => (Method::PATCH, format!("/api/submissions/{id}")),
        _ => (Method::PUT, format!("/api/submissions/{id}")),
    };
    let request = said.request(
        &method,
        &address,
        &[
            ("content-type", "application/json"),
            ("idempotency-key", &format!("\"{id}\"")),
            ("content-digest", &format!("sha-256=:{digest}:")),
        ],
        &["content-encoding", "content-digest", "origin"],
    );
    let Some(request) = request else { return };
    let answer = AGENCY.with(|agency| agency.ask(request));
    if (200..300).contains(&answer.status) {
        assert!(matches!(answer.status, 200 | 201), "{}", answer.status);
        let receipt: Receipt = serde_json::from_slice(&answer.body).expect("a receipt");
        assert!(receipt.digest == eform::digest(&said.body) && receipt.id.len() == ID.len());
        return;
    }
    refusal(&answer);
}

/// A request about a file that goes before.
pub fn upload(bytes: &[u8]) {
    let file = eform::hex(&eform::sha256(&FILE));
    let metadata =
        [("submission", ID), ("sha256", &file), ("definition", &eform::digest(FORM.as_bytes()))]
            .map(|(name, value)| format!("{name} {}", STANDARD.encode(value)))
            .join(",");
    let announce = || {
        let request = Request::post("/api/uploads").header("tus-resumable", "1.0.0");
        let request = request.header("upload-length", FILE.len());
        let request = request.header("upload-metadata", &metadata).body(Body::empty());
        let answer = AGENCY.with(|agency| agency.ask(request.expect("a right request")));
        assert_eq!(answer.status, 201);
        let text = |name: &str| answer.headers[name].to_str().expect("text").to_owned();
        (text("location"), text("upload-offset"))
    };
    let (location, before) = announce();
    let at = before.parse::<usize>().expect("a number");
    let mut said = Said::of(bytes, &FILE[at..FILE.len().min(at + 300)]);
    let (method, address) = match said.throw() % 10 {
        0 => (Method::POST, "/api/uploads".to_owned()),
        1 => (Method::HEAD, location.clone()),
        2 => (Method::DELETE, location.clone()),
        3 => (Method::OPTIONS, location.clone()),
        4 => (Method::POST, location.clone()),
        5 => (Method::PATCH, format!("/api/uploads/{}", said.word())),
        _ => (Method::PATCH, location.clone()),
    };
    let request = said.request(
        &method,
        &address,
        &[
            ("tus-resumable", "1.0.0"),
            ("content-type", "application/offset+octet-stream"),
            ("upload-offset", &before),
            ("upload-length", "2000"),
            ("upload-metadata", &metadata),
        ],
        &["upload-checksum", "x-http-method-override", "upload-defer-length", "content-length"],
    );
    let Some(request) = request else { return };
    let answer = AGENCY.with(|agency| agency.ask(request));
    assert_eq!(answer.headers["tus-resumable"], "1.0.0");
    if answer.status < 300 {
        assert!(answer.body.is_empty());
        announce();
        return;
    }
    if method == Method::HEAD {
        assert!((400..500).contains(&answer.status), "{}", answer.status);
    } else {
        refusal(&answer);
    }
    let (_, after) = announce();
    // A refusal changes nothing, but the last byte of another file begins it anew.
    assert!(after == before || (answer.status == 460 && after == "0"), "{before} {after}");
}

/// What holds of every refusal.
fn refusal(answer: &Answer) {
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    let problem: Problem = serde_json::from_slice(&answer.body).expect("a problem");
    assert_eq!(problem.status, answer.status);
    assert!(!problem.title.is_empty() && !problem.title.contains(MARK));
    assert!(problem.errors.iter().all(|error| !error.detail.contains(MARK)));
}

/// A submission that is right, without its file.
fn right() -> Vec<u8> {
    let answers = json!({ "name": MARK, "born": "1980-01-02", "plots": [{ "area": 400 }] });
    let submission = Submission {
        id: ID.to_owned(),
        form: "claim".to_owned(),
        version: "1".to_owned(),
        definition: eform::digest(FORM.as_bytes()),
        language: "th".to_owned(),
        completed_at: "2026-03-01T08:14:03+07:00".to_owned(),
        replaces: None,
        answers: answers.as_object().cloned(),
        sealed: None,
        attachments: Vec::new(),
        uploads: Vec::new(),
    };
    submission.to_json().into_bytes()
}

impl Running {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        for name in ["site", "forms"] {
            std::fs::create_dir(path(name)).expect("a folder");
        }
        std::fs::write(path("forms/claim.json"), FORM).expect("a file");
        let agency = runtime.block_on(async {
            let database = Database::create(&path("agency.db").into()).await.expect("a database");
            let keys = Keys::make(&database, &path("key"), false).await.expect("a key");
            let forms = Forms::load(path("forms"), &database, UPLOAD_LIMIT).await;
            let forms = forms.expect("forms");
            let (place, keep) = (path("uploads").into(), Duration::from_secs(1_000_000));
            let uploads = Uploads::open(&database, &place, UPLOAD_LIMIT, keep).await;
            let uploads = uploads.expect("a place of uploads");
            Agency::new(database, keys, forms, path("site"), uploads, Vec::new())
        });
        Self { runtime, app: app(agency), _folder: folder }
    }

    fn ask(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = self.app.clone().oneshot(request).await.expect("it never fails");
            let (parts, body) = response.into_parts();
            let body = body.collect().await.expect("a whole body").to_bytes();
            Answer { status: parts.status.as_u16(), headers: parts.headers, body }
        })
    }
}
