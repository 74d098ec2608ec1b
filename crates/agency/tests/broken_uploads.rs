//! Whatever arrives about an upload, in any order and with headers of any sort: it is done or refused as
//! tus says, what counts is never more or less than was said, and nothing of it is logged. A file of its
//! own, because it takes over the process's log.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use eform::Problem;
use http_body_util::BodyExt as _;
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    test_runner::TestRunner,
};
use tower::ServiceExt as _;

mod support;
use support::{
    Client, ID, Place,
    captured::Captured,
    files::{bytes, metadata_of},
};

/// What a citizen chose, in each case somewhere.
const MARK: &str = "ลับมาก7f3a";

/// The bytes of the one file.
const LENGTH: usize = 5000;

/// A request, of parts that are right or anything.
#[derive(Debug, Clone)]
struct Sent {
    method: Method,
    /// The file that was announced, or something else.
    address: Option<String>,
    /// Where a piece begins: where the upload ends, or anywhere.
    at: Option<u64>,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: usize,
}

/// A header's value: mostly the right one, sometimes another, none, or anything.
fn value(right: &str, others: &[&str]) -> impl Strategy<Value = Option<Vec<u8>>> + use<> {
    let others: Vec<Vec<u8>> = others.iter().map(|other| other.as_bytes().to_vec()).collect();
    prop_oneof![
        20 => Just(Some(right.as_bytes().to_vec())),
        3 => select(others).prop_map(Some),
        1 => Just(None),
        1 => vec(any::<u8>(), 0..40).prop_map(Some),
    ]
}

/// A header that need not be there.
fn perhaps(others: &[&str]) -> impl Strategy<Value = Option<Vec<u8>>> + use<> {
    let others: Vec<Vec<u8>> = others.iter().map(|other| other.as_bytes().to_vec()).collect();
    prop_oneof![
        20 => Just(None),
        2 => select(others).prop_map(Some),
        1 => vec(any::<u8>(), 0..40).prop_map(Some),
    ]
}

fn sent() -> impl Strategy<Value = Sent> {
    let methods = prop_oneof![
        6 => Just(Method::POST),
        12 => Just(Method::PATCH),
        4 => Just(Method::HEAD),
        1 => select(vec![Method::DELETE, Method::OPTIONS, Method::GET, Method::PUT]),
    ];
    let escaped: String = MARK.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let addresses = prop_oneof![
        20 => Just(None),
        1 => Just(Some(escaped.clone())),
        1 => Just(Some(format!("0?name={escaped}"))),
        1 => Just(Some("%00".to_owned())),
        1 => "[a-z0-9%.-]{1,40}".prop_map(Some),
    ];
    let right = metadata_of(ID, &bytes(1, LENGTH));
    let named = format!("{right},filename {}", STANDARD.encode(MARK));
    let spoilt = (Just(right.clone()), any::<Index>(), any::<u8>()).prop_map(|(text, at, byte)| {
        let mut bytes = text.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        Some(bytes)
    });
    let metadata = prop_oneof![4 => value(&right, &[&named, MARK, "submission"]), 1 => spoilt];
    let headers = (
        value("1.0.0", &["0.2.2", MARK]),
        value("application/offset+octet-stream", &["application/json", MARK]),
        value(&LENGTH.to_string(), &["0", "-1", "5001", "99999999999999999999", MARK]),
        metadata,
        perhaps(&["sha1 AAAA", "sha256", "crc32 AAAA", MARK]),
        perhaps(&["PATCH", "DELETE", "HEAD", "OPTIONS", MARK]),
        perhaps(&["1", MARK]),
        perhaps(&["gzip", "identity"]),
    );
    let at = prop_oneof![10 => Just(None), 2 => (0..6000_u64).prop_map(Some)];
    let body = prop_oneof![8 => 1..600_usize, 1 => Just(0), 1 => 0..6000_usize];
    (methods, addresses, headers, at, body).prop_map(|(method, address, headers, at, body)| {
        let all = [
            ("tus-resumable", headers.0),
            ("content-type", headers.1),
            ("upload-length", headers.2),
            ("upload-metadata", headers.3),
            ("upload-checksum", headers.4),
            ("x-http-method-override", headers.5),
            ("upload-defer-length", headers.6),
            ("content-encoding", headers.7),
        ];
        let headers = all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        Sent { method, address, at, headers, body }
    })
}

/// How much of the file has arrived, and where it is.
async fn there(client: &Client) -> (String, u64) {
    let announced = client.announce(ID, &bytes(1, LENGTH)).await.is(201);
    (announced.header("location").to_owned(), announced.offset())
}

#[test]
fn anything_about_an_upload_is_done_or_refused_as_tus_says_and_not_logged() {
    let log = Captured::default();
    let writer = log.clone();
    eform_agency::start_log_to(move || writer.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let place = Place::new().with_files();
    let client = runtime.block_on(place.start());
    let config =
        ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() };
    let mut met = std::collections::BTreeMap::new();
    let counted = std::cell::RefCell::new(&mut met);
    let file = bytes(1, LENGTH);
    let result = TestRunner::new(config).run(&sent(), |sent| {
        let (location, before) = runtime.block_on(there(&client));
        let at = sent.at.unwrap_or(before);
        let address = match (&sent.method, &sent.address) {
            (&Method::POST, None) => "/api/uploads".to_owned(),
            (_, None) => location.clone(),
            (_, Some(other)) => format!("/api/uploads/{other}"),
        };
        let mut request = Request::builder().method(&sent.method).uri(&address);
        request = request.header("upload-offset", at);
        for (name, value) in &sent.headers {
            // What no server would hand on.
            let Ok(value) = HeaderValue::from_bytes(value) else { continue };
            request = request.header(HeaderName::from_static(name), value);
        }
        // The right bytes, as far as there are any.
        let from = file.len().min(usize::try_from(at).unwrap());
        let body = file.iter().skip(from).chain(&[0; 6000]).take(sent.body);
        let body: Vec<u8> = body.copied().collect();
        let Ok(request) = request.body(Body::from(body)) else { return Ok(()) };
        let (status, headers, body) = runtime.block_on(async {
            let response = client.app.clone().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            (parts.status.as_u16(), parts.headers, body.collect().await.unwrap().to_bytes())
        });
        *counted.borrow_mut().entry(status).or_insert(0) += 1;
        prop_assert_eq!(
            headers.get("tus-resumable").map(HeaderValue::as_bytes),
            Some(&b"1.0.0"[..])
        );
        if status < 300 {
            prop_assert!(body.is_empty());
            let said = headers.get("upload-offset").map(|said| said.to_str().unwrap().to_owned());
            let (after, now) = runtime.block_on(there(&client));
            let of_this = address == location && after == location;
            if let Some(said) = said.filter(|_| of_this) {
                prop_assert_eq!(said, now.to_string());
            }
            return Ok(());
        }
        prop_assert!((400..500).contains(&status), "{}", status);
        let (_, now) = runtime.block_on(there(&client));
        // A refusal changes nothing, but the last byte of another file begins it anew.
        prop_assert!(now == before || (status == 460 && now == 0), "{before} {now}");
        if sent.method == Method::HEAD {
            return Ok(());
        }
        prop_assert_eq!(headers.get("content-type").unwrap(), "application/problem+json");
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        prop_assert_eq!(problem.status, status);
        prop_assert!(!problem.title.is_empty() && !problem.title.contains(MARK));
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}\n{}", log.text()));
    // Otherwise little of it was tried.
    for status in [200, 201, 204, 400, 404, 405, 409, 412, 413, 415] {
        assert!(met.contains_key(&status), "no {status} among {met:?}");
    }
    let text = log.text();
    assert!(text.contains("/api/uploads/{id}"), "{text}");
    for secret in [MARK, &ID[..28], "%E0", "name=", &STANDARD.encode(MARK)] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}
