//! `eform-agency conformance`: our own endpoint passes, the smallest one of the document passes the
//! minimum, and one that is wrong in one way fails at the line that says so.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use eform::Enclosed;
use eform_agency::conformance::{ConformanceError, Options, run};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify};

use crate::support::{
    Place, Settings,
    program::{Server, serve},
};

const ORIGIN: &str = "https://forms.example.go.th";

/// The checks of files that go before their submission.
pub const UPLOADS: &[&str] = &[
    "uploads-created",
    "uploads-cut",
    "uploads-again",
    "uploads-offset",
    "uploads-digest",
    "uploads-version",
    "uploads-missing",
    "uploads-received",
    "uploads-elsewhere",
];

const FORM: &str = r#"{
  "id": "claim", "version": "1", "title": "Claim", "languages": ["en"],
  "submit": { "url": "/api/submissions", "uploads": { "url": "/api/uploads" } },
  "pages": [{ "id": "who", "title": "Who", "fields": [
    { "id": "members", "type": "number", "label": "Members", "required": true, "min": 1 },
    { "id": "card", "type": "attachment", "label": "Card", "required": true }
  ] }]
}"#;

/// With cases beside the form: the first of them is not right, and of the file of the second only
/// the name is known.
pub fn place() -> Place {
    let place = Place::new();
    let card = json!({ "name": "card.pdf", "type": "application/pdf", "size": 122_880,
                       "sha256": Enclosed::new(b"on another phone").sha256 });
    let cases = json!({ "today": "2026-03-01", "cases": [
        { "name": "Nothing is said", "answers": {}, "expect": { "submission": null } },
        { "name": "All is said", "answers": { "members": 4, "card": [card] },
          "expect": { "findings": [] } },
    ] });
    place.write("forms/claim.json", FORM);
    place.write("forms/claim.cases.json", &cases.to_string());
    place
}

pub fn options(place: &Place, url: String) -> Options {
    Options {
        url,
        form: Some(place.path("forms/claim.json")),
        answers: None,
        minimum: false,
        origin: None,
        keys: None,
        // What they show is shown once, by the program; files that go before have tests of their own.
        without: ["large", "too-large"]
            .iter()
            .chain(UPLOADS)
            .map(|name| (*name).to_owned())
            .collect(),
        yes: true,
    }
}

/// Ends well or not, and what it printed.
fn program(arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eform-agency"));
    let output = command.arg("conformance").args(arguments).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// The names of the lines that begin so.
pub fn lines<'a>(said: &'a str, mark: &str) -> Vec<&'a str> {
    let marked = said.lines().filter_map(|line| line.strip_prefix(mark));
    marked.filter_map(|line| Some(line.trim_start().split_once(':')?.0)).collect()
}

#[test]
fn our_own_endpoint_passes_all_of_it_and_what_was_received_is_told() {
    let place = place();
    let (_server, address) = serve(&place);
    let url = format!("http://{address}/api/submissions");
    let form = place.path("forms/claim.json");
    let form = form.to_str().unwrap();
    let (passed, said) = program(&[&url, "--form", form, "--yes"]);
    assert!(passed, "{said}");
    let not_tried = ["preflight", "cross-origin", "uploads-elsewhere", "retry-after"];
    assert_eq!(lines(&said, "- "), not_tried, "{said}");
    let listed = Command::new(env!("CARGO_BIN_EXE_eform-agency"))
        .args(["list", "--db"])
        .arg(place.path("data/agency.db"))
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let (_, told) = said.split_once("to be removed there:\n").unwrap();
    let references: Vec<&str> = told.lines().map(|line| line.rsplit_once(' ').unwrap().1).collect();
    assert_eq!(references.len(), listed.lines().count() - 1, "{said}\n{listed}");
    assert!(references.iter().all(|reference| listed.contains(reference)), "{said}\n{listed}");
}

#[test]
fn without_leave_or_anything_right_to_send_nothing_is_sent() {
    let place = place();
    place.write("wrong.json", r#"{ "members": 0 }"#);
    let path = |name: &str| place.path(name).to_str().unwrap().to_owned();
    let (form, wrong, none) = (path("forms/claim.json"), path("wrong.json"), path("none.json"));
    // Nobody is there: who sends says so.
    let url = "http://127.0.0.1:1/api/submissions";
    for (arguments, expected) in [
        (vec![url, "--form", &form], "say --yes where that is right"),
        (vec![url, "--yes"], "say which form by --form"),
        (vec![url, "--yes", "--form", &none], "none.json: No such file"),
        (vec![url, "--yes", "--form", &form, "--answers", &wrong], "has no answers that the form"),
        (vec!["ftp://127.0.0.1/", "--yes", "--minimum"], "is not an http or https address"),
        (vec![url, "--yes", "--minimum", "--without", "luck"], "no check of this name"),
    ] {
        let (passed, said) = program(&arguments);
        assert!(!passed && said.contains(expected), "{arguments:?}: {said}");
        assert!(!said.contains("FAILS"), "{said}");
    }
}

#[test]
fn the_smallest_endpoint_of_the_document_passes_the_minimum() {
    let document = include_str!("../../../../docs/protocol.md");
    let (_, code) = document.split_once("```python\n").unwrap();
    let (code, _) = code.split_once("```").unwrap();
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "there is no python3");
        println!("skipped: there is no python3");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new("python3")
        .args(["-u", "-c", code, "0"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let _server = Server(child);
    let mut port = String::new();
    BufReader::new(stdout).read_line(&mut port).unwrap();
    let url = format!("http://127.0.0.1:{}/submissions", port.trim());
    let (passed, said) = program(&[&url, "--minimum", "--yes"]);
    assert!(passed, "{said}");
    // What the document says that it leaves out.
    let left_out =
        ["wrong-answers", "unknown-form", "too-large", "media-type", "method", "problems"];
    assert_eq!(lines(&said, "not done "), left_out, "{said}");
}

/// With files that go before, to the server of tus that its authors wrote.
#[test]
fn an_endpoint_in_node_js_passes_the_minimum() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if !root.join("node_modules/@tus/server").is_dir() {
        assert!(std::env::var_os("CI").is_none(), "@tus/server is not installed: run `npm ci`");
        println!("skipped: @tus/server is not installed (`npm ci`)");
        return;
    }
    let (place, folder) = (place(), tempfile::tempdir().unwrap());
    let mut node = Command::new("node");
    node.arg(root.join("tests/other/endpoint.mjs")).args([folder.path(), folder.path()]);
    let mut child = node.stdout(Stdio::piped()).spawn().unwrap();
    let stdout = child.stdout.take().unwrap();
    let _server = Server(child);
    let mut port = String::new();
    BufReader::new(stdout).read_line(&mut port).unwrap();
    let url = format!("http://127.0.0.1:{}/api/submissions", port.trim());
    let form = place.path("forms/claim.json");
    let form = form.to_str().unwrap();
    let (passed, said) = program(&[&url, "--form", form, "--minimum", "--yes", "--origin", ORIGIN]);
    assert!(passed, "{said}");
    assert_eq!(lines(&said, "- "), ["verifies", "retry-after"], "{said}");
}

/// What was asked, and how often something with this id was received before, or refused at all.
struct Asked {
    method: Method,
    body: Bytes,
    received_before: usize,
    refused_before: usize,
}

/// The answer of our own endpoint, to be spoilt.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn set(&mut self, name: header::HeaderName, value: &'static str) {
        self.headers.insert(name, HeaderValue::from_static(value));
    }

    /// Changes the JSON of it.
    fn change(&mut self, change: impl FnOnce(&mut Value)) {
        let mut json = serde_json::from_slice(&self.body).unwrap();
        change(&mut json);
        self.body = json.to_string().into_bytes();
    }

    fn is_receipt(&self) -> bool {
        self.status.is_success()
    }
}

/// An endpoint that is wrong in one way.
#[derive(Clone, Copy)]
struct Wrong {
    what: &'static str,
    fails: &'static [&'static str],
    /// Takes what came of a body that was cut off for all of it.
    keeps_halves: bool,
    before: fn(&mut HeaderMap),
    after: fn(&Asked, &mut Answer),
}

const RIGHT: Wrong = Wrong {
    what: "does nothing wrong",
    fails: &[],
    keeps_halves: false,
    before: |_| {},
    after: |_, _| {},
};

const WRONG: &[Wrong] = &[
    RIGHT,
    Wrong {
        what: "forgets the digest",
        fails: &["first"],
        after: |_, answer| {
            if answer.is_receipt() {
                answer.change(|receipt| drop(receipt.as_object_mut().unwrap().remove("digest")));
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "answers a page",
        fails: &["first"],
        after: |_, answer| {
            if answer.is_receipt() {
                answer.set(header::CONTENT_TYPE, "text/html");
                answer.body = b"<!doctype html><title>Thank you</title>".to_vec();
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "gives a receipt of another id",
        fails: &["first"],
        after: |_, answer| {
            if answer.is_receipt() {
                answer.change(|receipt| receipt["id"] = "0197a1b2-c3d4-7e5f-8a6b-0".into());
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "leads elsewhere",
        fails: &["first"],
        after: |_, answer| {
            if answer.is_receipt() {
                answer.status = StatusCode::TEMPORARY_REDIRECT;
                answer.set(header::LOCATION, "/elsewhere");
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "says 200 where it is new",
        fails: &["created"],
        after: |_, answer| {
            if answer.is_receipt() {
                answer.status = StatusCode::OK;
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "gives two receipts where many come at once",
        fails: &["at-once"],
        after: |asked, answer| {
            if answer.is_receipt() && asked.received_before == 5 {
                answer.change(|receipt| receipt["reference"] = "K7M3-9QXT-25F8".into());
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "gives another receipt each time",
        fails: &["again", "at-once", "other-body", "post"],
        after: |asked, answer| {
            if answer.is_receipt() && asked.received_before > 0 {
                answer.change(|receipt| receipt["reference"] = "K7M3-9QXT-25F8".into());
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "keeps half of a submission for it",
        fails: &["cut"],
        keeps_halves: true,
        ..RIGHT
    },
    Wrong {
        what: "takes another body under the same id",
        fails: &["other-body"],
        after: |asked, answer| {
            if answer.status == StatusCode::CONFLICT {
                let submission: Value = serde_json::from_slice(&asked.body).unwrap();
                let receipt = json!({
                    "id": submission["id"], "reference": "K7M3-9QXT-25F8",
                    "receivedAt": "2026-11-20T01:14:03Z", "digest": eform::digest(&asked.body),
                    "signature": "a.b.c",
                });
                answer.status = StatusCode::OK;
                answer.set(header::CONTENT_TYPE, "application/json");
                answer.body = receipt.to_string().into_bytes();
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "takes no POST",
        fails: &["post", "no-key"],
        after: |asked, answer| {
            if asked.method == Method::POST {
                answer.status = StatusCode::METHOD_NOT_ALLOWED;
                answer.set(header::CONTENT_TYPE, "application/problem+json");
                answer.change(|body| {
                    *body = json!({ "type": "about:blank", "title": "No", "status": 405 });
                });
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "gives short references",
        fails: &["readable", "signed"],
        after: |_, answer| {
            if answer.is_receipt() {
                answer.change(|receipt| receipt["reference"] = "K7M3".into());
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "lets receipts be cached",
        fails: &["cache"],
        after: |_, answer| {
            if answer.is_receipt() {
                answer.set(header::CACHE_CONTROL, "max-age=3600");
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "signs something else",
        fails: &["signed"],
        after: |_, answer| {
            if answer.is_receipt() {
                answer.change(|receipt| receipt["receivedAt"] = "2020-01-01T00:00:00Z".into());
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "signs with another key",
        fails: &["verifies"],
        after: |_, answer| {
            if answer.is_receipt() {
                answer.change(|receipt| {
                    let jws = receipt["signature"].as_str().unwrap();
                    let (signed, _) = jws.rsplit_once('.').unwrap();
                    receipt["signature"] = format!("{signed}.{}", "A".repeat(86)).into();
                });
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "does not look at Content-Digest",
        fails: &["digest"],
        before: |headers| drop(headers.remove("content-digest")),
        ..RIGHT
    },
    Wrong {
        what: "does not look at the media type",
        fails: &["media-type"],
        before: |headers| {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        },
        ..RIGHT
    },
    Wrong {
        what: "does not say which answer is wrong",
        fails: &["wrong-answers"],
        after: |_, answer| {
            if answer.status == StatusCode::UNPROCESSABLE_ENTITY {
                answer.change(|problem| problem["errors"] = json!([]));
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "takes any file for another",
        fails: &["other-file"],
        after: |asked, answer| {
            let other = Enclosed::new(b"another file").content;
            if String::from_utf8_lossy(&asked.body).contains(&other) {
                answer.status = StatusCode::CREATED;
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "does not say that a problem is one",
        fails: &["problems"],
        after: |_, answer| {
            if answer.status.is_client_error() {
                answer.headers.remove(header::CONTENT_TYPE);
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "says «not now» without saying when",
        fails: &["retry-after"],
        after: |asked, answer| {
            if answer.status.is_client_error() && asked.refused_before == 0 {
                answer.status = StatusCode::SERVICE_UNAVAILABLE;
                answer.set(header::RETRY_AFTER, "soon");
            }
        },
        ..RIGHT
    },
];

#[derive(Clone)]
struct Spoils {
    wrong: Wrong,
    /// By the id in the body; the refused without one.
    count: Arc<Mutex<HashMap<Option<String>, usize>>>,
    /// Half of a submission was kept.
    kept: Arc<Notify>,
}

/// The body, and whether that is all of it.
async fn read(mut body: Body) -> (Bytes, bool) {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes.extend(frame.into_data().unwrap_or_default()),
            Err(_) => return (bytes.into(), false),
        }
    }
    (bytes.into(), true)
}

/// A task of its own: it goes on when the connection breaks.
async fn spoil(State(spoils): State<Spoils>, request: Request, next: Next) -> Response {
    tokio::spawn(spoilt(spoils, request, next)).await.unwrap()
}

async fn spoilt(spoils: Spoils, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (body, is_whole) = read(body).await;
    let keeps_halves = spoils.wrong.keeps_halves;
    if !is_whole {
        if !keeps_halves {
            return StatusCode::BAD_REQUEST.into_response();
        }
        parts.headers.remove("content-digest");
        parts.headers.remove(header::CONTENT_LENGTH);
        let kept = next.run(Request::from_parts(parts, Body::from(body))).await;
        spoils.kept.notify_one();
        return kept;
    }
    // The whole one comes after the half, however slow this machine is.
    if keeps_halves && body.ends_with(b"  ") {
        spoils.kept.notified().await;
    }
    (spoils.wrong.before)(&mut parts.headers);
    let method = parts.method.clone();
    let response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    let (parts, answer) = response.into_parts();
    let mut answer = Answer {
        status: parts.status,
        headers: parts.headers,
        body: answer.collect().await.unwrap().to_bytes().to_vec(),
    };
    answer.headers.remove(header::CONTENT_LENGTH);
    if method != Method::GET {
        let submission: Value = serde_json::from_slice(&body).unwrap_or_default();
        let id = submission["id"].as_str().map(str::to_owned);
        let asked = {
            let mut count = spoils.count.lock().unwrap();
            let received_before = count.get(&id).copied().unwrap_or_default();
            let refused_before = count.get(&None).copied().unwrap_or_default();
            let counted = if answer.is_receipt() { id } else { None };
            *count.entry(counted).or_default() += 1;
            Asked { method, body, received_before, refused_before }
        };
        (spoils.wrong.after)(&asked, &mut answer);
    }
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

/// On a real port, for as long as the test lasts.
pub async fn listen(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/api/submissions")
}

/// How it ended, and what it printed.
pub async fn tested(options: Options) -> (Result<(), ConformanceError>, String) {
    let run = move || {
        let mut out = Vec::new();
        let result = run(&options, &mut out);
        (result, String::from_utf8(out).unwrap())
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_in_one_way_fails_at_the_line_that_says_so() {
    let place = place();
    let client = place.start().await;
    let mut tests = Vec::new();
    for wrong in WRONG {
        let spoils = Spoils { wrong: *wrong, count: Arc::default(), kept: Arc::default() };
        let url = listen(client.app.clone().layer(from_fn_with_state(spoils, spoil))).await;
        tests.push((wrong, tokio::spawn(tested(options(&place, url)))));
    }
    for (wrong, test) in tests {
        let (result, said) = test.await.unwrap();
        assert_eq!(lines(&said, "FAILS"), wrong.fails, "one that {}:\n{said}", wrong.what);
        match result {
            Ok(()) => assert!(wrong.fails.is_empty(), "{}", wrong.what),
            Err(ConformanceError::Failed(count)) => assert_eq!(count, wrong.fails.len()),
            Err(error) => panic!("{error}"),
        }
    }
}

/// What another origin may do, and what is left out of it.
async fn cross_origin(
    State((headers, refusals)): State<(&'static str, bool)>,
    request: Request,
    next: Next,
) -> Response {
    let preflight = request.method() == Method::OPTIONS;
    let mut response = next.run(request).await;
    if preflight {
        *response.status_mut() = StatusCode::NO_CONTENT;
        *response.body_mut() = Body::empty();
    }
    let refused = response.status().is_client_error();
    let answer = response.headers_mut();
    if refusals || !refused {
        answer.insert("access-control-allow-origin", HeaderValue::from_static(ORIGIN));
    }
    answer.insert("access-control-allow-methods", HeaderValue::from_static("PUT"));
    answer.insert("access-control-allow-headers", HeaderValue::from_static(headers));
    answer.insert("access-control-expose-headers", HeaderValue::from_static("Date, Retry-After"));
    response
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_origin_must_be_let_in_with_all_that_the_page_sends_and_reads() {
    let place = place();
    let client = place.start().await;
    let all = "Content-Digest, Content-Type, Idempotency-Key";
    let cases: [(_, _, &[&str]); 3] =
        [(all, true, &[]), ("Content-Type", true, &["preflight"]), (all, false, &["cross-origin"])];
    for (headers, refusals, fails) in cases {
        let allow = from_fn_with_state((headers, refusals), cross_origin);
        let url = listen(client.app.clone().layer(allow)).await;
        let options = Options { origin: Some(ORIGIN.to_owned()), ..options(&place, url) };
        let (_, said) = tested(options).await;
        assert_eq!(lines(&said, "FAILS"), fails, "{headers}:\n{said}");
    }
    // Ours says nothing about other origins, as the document says, unless it was told of one.
    let fails: &[&str] = &["preflight", "cross-origin", "uploads-elsewhere"];
    for (origins, fails) in [(vec![], fails), (vec![ORIGIN], &[])] {
        let client = place.start_with(Settings { origins, ..Settings::default() }).await;
        let mut options = options(&place, listen(client.app.clone()).await);
        options.without.retain(|name| name != "uploads-elsewhere");
        let (_, said) = tested(Options { origin: Some(ORIGIN.to_owned()), ..options }).await;
        assert_eq!(lines(&said, "FAILS"), fails, "{said}");
    }
}

/// What is sent is sealed too, with its file, and what cannot be tried is said.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_is_received_sealed_is_sent_sealed() {
    let place = place();
    let mut form: Value = serde_json::from_str(FORM).unwrap();
    let to = eform_seal::PrivateKey::new([1; 32]).seal_to("2569-1");
    form["submit"]["sealTo"] = json!({ "kid": to.kid, "publicKey": to.public_key });
    place.write("forms/claim.json", &form.to_string());
    let client = place.start().await;
    let url = listen(client.app.clone()).await;
    let (result, said) = tested(options(&place, url)).await;
    assert!(result.is_ok(), "{said}");
    let not_tried = "wrong-answers: not tried: no endpoint can read sealed answers";
    assert!(said.contains(not_tried) && said.contains("ok       other-file"), "{said}");
    let mut listed = Vec::new();
    eform_agency::list(&client.database, Some("claim"), &mut listed).await.unwrap();
    let listed = String::from_utf8(listed).unwrap();
    assert!(listed.lines().skip(1).all(|line| line.ends_with("  sealed")), "{listed}");
}

/// The forms of the kit have cases, so they can be sent with no more said.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_form_of_the_kit_can_be_sent() {
    let forms = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../public/forms");
    let place = place();
    for name in ["egov-survey-citizen", "farmer-registration", "gcio-application"] {
        let file = format!("{name}.json");
        let definition = std::fs::read_to_string(forms.join(&file)).unwrap();
        place.write(&format!("forms/{file}"), &definition);
    }
    let client = place.start().await;
    let url = listen(client.app.clone()).await;
    for name in ["egov-survey-citizen", "farmer-registration", "gcio-application"] {
        let form = Some(forms.join(format!("{name}.json")));
        let (result, said) = tested(Options { form, ..options(&place, url.clone()) }).await;
        assert!(result.is_ok(), "{name}:\n{said}");
    }
}
