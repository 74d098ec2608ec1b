//! The static site and the headers of every response.

use axum::http::{Method, StatusCode};

use crate::support::{Place, cluster};

async fn site() -> (Place, crate::support::Client) {
    let place = Place::new();
    place.write("site/index.html", "<!doctype html><title>หน้าแรก</title>");
    place.write("site/e-form.js", &"export const a = 1;\n".repeat(200));
    place.write("site/eform-kit_bg.wasm", &"wasm".repeat(500));
    place.write("site/sw.js", "self.addEventListener('fetch', () => {});");
    place.write("site/manifest.webmanifest", "{}");
    place.write("site/font.woff2", &"f".repeat(500));
    let client = place.start().await;
    (place, client)
}

#[tokio::test]
async fn files_have_the_right_types() {
    let (_place, client) = site().await;
    for (path, expected) in [
        ("/", "text/html"),
        ("/?form=visit&lang=en", "text/html"),
        ("/e-form.js", "text/javascript"),
        ("/eform-kit_bg.wasm", "application/wasm"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/healthz", "text/plain; charset=utf-8"),
    ] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), expected, "{path}");
    }
}

#[tokio::test]
async fn every_response_has_the_policy_and_what_goes_with_it() {
    let (_place, client) = site().await;
    for path in ["/", "/e-form.js", "/none", "/forms/index.json", "/api/none", "/healthz"] {
        let answer = client.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "));
        assert!(!policy.contains("  ") && !policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        let cache = if path.starts_with("/api") { "no-store" } else { "no-cache" };
        assert_eq!(answer.header("cache-control"), cache, "{path}");
        assert_eq!(answer.header("service-worker-allowed"), "", "{path}");
    }
    assert_eq!(client.get("/sw.js").await.header("service-worker-allowed"), "/");
}

#[tokio::test]
async fn an_unknown_path_is_a_small_plain_404_and_never_the_start_page() {
    let (_place, client) = site().await;
    for path in ["/none", "/none.json", "/forms/none.json", "/a/b/c", "/..%2fdata%2fagency.db"] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.body, b"not found\n", "{path}");
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8", "{path}");
    }
}

#[tokio::test]
async fn a_file_that_has_not_changed_is_a_304() {
    let (_place, client) = site().await;
    let first = client.get("/e-form.js").await;
    for (ask, from) in [("if-modified-since", "last-modified"), ("if-none-match", "etag")] {
        let headers = [(ask, first.header(from)), ("accept-encoding", "br")];
        let again = client.send(Method::GET, "/e-form.js", &headers, "").await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{ask}");
    }
}

#[tokio::test]
async fn text_and_wasm_are_compressed_and_fonts_are_not() {
    let (_place, client) = site().await;
    for (path, accept, expected) in [
        ("/e-form.js", "gzip, br", "br"),
        ("/e-form.js", "gzip", "gzip"),
        ("/e-form.js", "identity", ""),
        ("/eform-kit_bg.wasm", "br", "br"),
        ("/forms/visit.json", "br", "br"),
        ("/font.woff2", "br", ""),
    ] {
        let answer = client.send(Method::GET, path, &[("accept-encoding", accept)], "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-encoding"), expected, "{path} {accept}");
    }
}

/// As a standby, or a server that spares a disk that is nearly full.
#[tokio::test]
async fn a_database_that_may_only_be_read_is_not_healthy() {
    let Some(place) = Place::on_postgres() else { return };
    let client = place.start().await;
    assert_eq!(client.get("/healthz").await.status, StatusCode::OK);
    let (_, name) = place.db().to_str().unwrap().rsplit_once('/').unwrap();
    let set = |setting: &str| {
        let cluster = cluster::shared().unwrap();
        let sql = format!("ALTER DATABASE {name} SET default_transaction_read_only = {setting}");
        // It counts for those who come anew.
        cluster.query("postgres", &sql);
        let sql = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname =";
        cluster.query("postgres", &format!("{sql} '{name}'"));
    };
    set("on");
    assert_eq!(client.get("/healthz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    set("off");
    assert_eq!(client.get("/healthz").await.status, StatusCode::OK);
}
