//! The static site, and the headers that every response carries.
//!
//! An unknown path is a plain 404, never the start page: who asks for JSON must not be given
//! HTML and take it for an answer.

use std::path::Path;

use axum::{
    Router,
    extract::{Request, State},
    handler::HandlerWithoutStateExt as _,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use tower_http::{
    compression::{
        CompressionLayer, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    services::ServeDir,
};

use crate::{Agency, Error};

/// Nothing inline, nothing from elsewhere; wasm may be compiled.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
    manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'self'";

pub(crate) fn router(site: &Path) -> Router<Agency> {
    let files = ServeDir::new(site)
        .precompressed_br()
        .precompressed_gzip()
        .not_found_service(not_found.into_service());
    Router::new().route("/healthz", get(health)).fallback_service(files)
}

/// Brotli or gzip on the fly. Fonts and pictures are compressed already.
pub(crate) fn compression() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new()
        .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("font/")))
}

/// Adds what every response has to say. `no-cache` means: keep it, and ask whether it changed.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let worker = request.uri().path() == "/sw.js";
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-cache");
    if worker {
        set(HeaderName::from_static("service-worker-allowed"), "/");
    }
    response
}

pub(crate) async fn not_found() -> impl IntoResponse {
    (StatusCode::NOT_FOUND, "not found\n")
}

/// 200 if the database answers and may be written.
async fn health(State(agency): State<Agency>) -> Result<&'static str, Error> {
    agency.database().ping().await?;
    Ok("ok")
}
