//! Pages of other origins: the named ones may send and read, all others see what they saw before.

use axum::http::Method;

use crate::support::{
    Answer, ID, Place, Settings, body,
    files::{TUS, bytes},
    right, submission,
};

const NAMED: &str = "https://forms.example.go.th";
const OTHER: &str = "https://elsewhere.example.com";

/// Must a cache ask again for another origin?
fn varies(answer: &Answer) -> bool {
    answer.headers.get_all("vary").iter().any(|value| value == "Origin")
}

#[tokio::test]
async fn a_named_origin_may_send_and_read_and_no_other() {
    let place = Place::new().with_files();
    let settings =
        Settings { origins: vec![NAMED, "http://localhost:8080"], ..Settings::default() };
    let client = place.start_with(settings).await;
    let address = format!("/api/submissions/{ID}");
    for (origin, named) in [(NAMED, true), ("http://localhost:8080", true), (OTHER, false)] {
        let allowed = if named { origin } else { "" };
        for (path, method) in [(&*address, "PUT"), ("/api/uploads", "PATCH")] {
            let headers = [("origin", origin), ("access-control-request-method", method)];
            let asked = client.send(Method::OPTIONS, path, &headers, "").await;
            assert_eq!(asked.header("access-control-allow-origin"), allowed, "{path}");
            let methods = asked.header("access-control-allow-methods");
            assert_eq!(methods.split(", ").any(|one| one == method), named, "{methods}");
            assert_eq!(asked.status.as_u16() == 204, named || path == "/api/uploads", "{path}");
            assert_eq!(asked.header("access-control-allow-credentials"), "");
        }
        let json = ("content-type", "application/json");
        for text in ["{".to_owned(), body(&submission(right()))] {
            let headers = [("origin", origin), json];
            let answer = client.send(Method::PUT, &address, &headers, text).await;
            assert_eq!(answer.header("access-control-allow-origin"), allowed);
            assert!(varies(&answer));
        }
        let headers = [("origin", origin), TUS];
        let answer = client.send(Method::HEAD, "/api/uploads/none", &headers, "").await.is(404);
        let exposed = answer.headers.get_all("access-control-expose-headers").iter();
        let exposed: Vec<_> = exposed.map(|value| value.to_str().unwrap()).collect();
        for name in ["Retry-After", "Location", "Upload-Offset", "Repr-Digest", "Tus-Resumable"] {
            assert_eq!(exposed.join(", ").split(", ").any(|one| one == name), named, "{name}");
        }
        // What is not for sending is as it was.
        let site = client.send(Method::GET, "/forms/visit.json", &headers, "").await;
        assert_eq!(site.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn without_a_named_origin_nothing_is_said_of_them() {
    let place = Place::new().with_files();
    let client = place.start().await;
    let headers = [("origin", NAMED), ("access-control-request-method", "PATCH"), TUS];
    let file = bytes(1, 10);
    let location = client.announce(ID, &file).await.is(201).header("location").to_owned();
    for (method, path) in [
        (Method::OPTIONS, "/api/uploads"),
        (Method::HEAD, &*location),
        (Method::PUT, &format!("/api/submissions/{ID}")),
    ] {
        let answer = client.send(method, path, &headers, "").await;
        let said = answer.headers.keys().any(|name| name.as_str().starts_with("access-control-"));
        assert!(!said && !varies(&answer), "{path}");
    }
}
