//! `eform-agency conformance` about files that go before their submission: an endpoint that is wrong in
//! one way fails at the lines that say so.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};

use super::conformance::{UPLOADS, lines, listen, options, place, tested};

/// An endpoint that is wrong in one way.
#[derive(Clone, Copy)]
struct Wrong {
    what: &'static str,
    fails: &'static [&'static str],
    before: fn(&Method, &mut HeaderMap),
    after: fn(&Method, &mut Response),
}

const RIGHT: Wrong =
    Wrong { what: "does nothing wrong", fails: &[], before: |_, _| {}, after: |_, _| {} };

const WRONG: &[Wrong] = &[
    RIGHT,
    Wrong {
        what: "does not say where an upload is",
        fails: &[
            "uploads-created",
            "uploads-cut",
            "uploads-again",
            "uploads-offset",
            "uploads-digest",
            "uploads-received",
        ],
        after: |_, answer| drop(answer.headers_mut().remove("location")),
        ..RIGHT
    },
    Wrong {
        what: "leads to where the page sends nothing",
        fails: &[
            "uploads-created",
            "uploads-cut",
            "uploads-again",
            "uploads-offset",
            "uploads-digest",
            "uploads-received",
        ],
        after: |_, answer| {
            let Some(location) = answer.headers_mut().get_mut("location") else { return };
            let whole = format!("https://api.example.go.th{}", location.to_str().unwrap());
            *location = whole.parse().unwrap();
        },
        ..RIGHT
    },
    Wrong {
        what: "says that less has arrived than has",
        fails: &["uploads-cut", "uploads-again"],
        after: |method, answer| {
            if *method == Method::HEAD {
                answer.headers_mut().insert("upload-offset", HeaderValue::from_static("0"));
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "begins a new upload each time",
        fails: &["uploads-again", "uploads-received"],
        before: |_, headers| {
            let Some(metadata) = headers.get("upload-metadata") else { return };
            let metadata = metadata.to_str().unwrap();
            let rest = metadata.split_once(',').unwrap().1;
            let mut chance = [0; 6];
            getrandom::fill(&mut chance).unwrap();
            let other = format!("0197a1b2-c3d4-7e5f-8a6b-{}", eform::hex(&chance));
            let other = format!("submission {},{rest}", STANDARD.encode(other));
            headers.insert("upload-metadata", other.parse().unwrap());
        },
        ..RIGHT
    },
    Wrong {
        what: "says nothing of another offset",
        fails: &["uploads-offset"],
        after: |_, answer| {
            if answer.status() == StatusCode::CONFLICT {
                *answer.status_mut() = StatusCode::NO_CONTENT;
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "says nothing of another file",
        fails: &["uploads-digest"],
        after: |_, answer| {
            if answer.status().as_u16() == 460 {
                *answer.status_mut() = StatusCode::NO_CONTENT;
            }
        },
        ..RIGHT
    },
    Wrong {
        what: "speaks every version",
        fails: &["uploads-version"],
        before: |_, headers| {
            headers.insert("tus-resumable", HeaderValue::from_static("1.0.0"));
            headers.entry("upload-metadata").or_insert_with(|| {
                let file = crate::support::files::bytes(0, 1);
                let metadata = crate::support::files::metadata_of(crate::support::ID, &file);
                metadata.parse().unwrap()
            });
        },
        ..RIGHT
    },
    Wrong {
        what: "takes missing files for wrong answers",
        fails: &["uploads-missing"],
        after: |_, answer| {
            if answer.status() == StatusCode::FAILED_DEPENDENCY {
                *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            }
        },
        ..RIGHT
    },
];

async fn spoil(State(wrong): State<Wrong>, mut request: Request, next: Next) -> Response {
    let method = request.method().clone();
    (wrong.before)(&method, request.headers_mut());
    let mut response = next.run(request).await;
    (wrong.after)(&method, &mut response);
    response
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_about_uploads_fails_at_the_lines_that_say_so() {
    let place = place();
    let client = place.start().await;
    let mut tests = Vec::new();
    for wrong in WRONG {
        let url = listen(client.app.clone().layer(from_fn_with_state(*wrong, spoil))).await;
        tests.push((
            wrong.what,
            wrong.fails,
            tokio::spawn(tested(only_uploads(options(&place, url)))),
        ));
    }
    let url = listen(client.app.clone().layer(from_fn_with_state((), name_none))).await;
    let test = tokio::spawn(tested(only_uploads(options(&place, url))));
    tests.push(("does not say which file is missing", &["uploads-missing"], test));
    for (what, fails, test) in tests {
        let (_, said) = test.await.unwrap();
        let failed: Vec<_> =
            lines(&said, "FAILS").into_iter().filter(|name| name.starts_with("uploads-")).collect();
        assert_eq!(failed, fails, "one that {what}:\n{said}");
    }
}

fn only_uploads(
    mut options: eform_agency::conformance::Options,
) -> eform_agency::conformance::Options {
    options.without.retain(|name| !UPLOADS.contains(&name.as_str()));
    let others = ["at-once", "cut", "post", "replaces", "verifies"];
    options.without.extend(others.map(str::to_owned));
    options
}

async fn name_none(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    if response.status() != StatusCode::FAILED_DEPENDENCY {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let mut problem: Value =
        serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap();
    problem["errors"] = json!([]);
    parts.headers.remove("content-length");
    Response::from_parts(parts, Body::from(problem.to_string()))
}
