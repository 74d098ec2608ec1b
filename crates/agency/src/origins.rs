//! Pages of other origins that may send submissions and files here (CORS). No cookies go with what they
//! send. Without an origin that was named, a browser keeps such pages away by itself.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::{Agency, uploads};

/// What the page sends, and what a client of tus may.
const METHODS: &str = "DELETE, HEAD, PATCH, POST, PUT";
const HEADERS: &str = "Content-Digest, Content-Type, Idempotency-Key, Tus-Resumable, Upload-Checksum, \
    Upload-Length, Upload-Metadata, Upload-Offset, X-HTTP-Method-Override";

/// What the page reads of an answer, besides what is of an upload.
const EXPOSED: &str = "Date, Retry-After";

/// How many seconds a browser need not ask again.
const MAX_AGE: &str = "86400";

/// Reads what an operator names: `https://HOST` or `http://HOST`, perhaps with a port.
pub(crate) fn read(text: &str) -> Result<HeaderValue, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._:[]".contains(c);
    match (host, HeaderValue::from_str(text)) {
        (Some(host), Ok(value)) if !host.is_empty() && host.chars().all(part) => Ok(value),
        _ => Err("an origin is https://HOST, in lower case and without a path".to_owned()),
    }
}

/// Answers the browser's question before a request, and says of each answer who may read it.
pub(crate) async fn origins(
    State(agency): State<Agency>,
    request: Request,
    next: Next,
) -> Response {
    if agency.origins().is_empty() || !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let origin = origin.filter(|origin| agency.origins().contains(origin));
    let asks = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match request.method() == Method::OPTIONS && asks && origin.is_some() {
        true => (StatusCode::NO_CONTENT, before()).into_response(),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = [EXPOSED, uploads::EXPOSED].map(HeaderValue::from_static);
        for exposed in exposed {
            headers.append(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }
    response
}

fn before() -> HeaderMap {
    let all = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ];
    all.map(|(name, value)| (name, HeaderValue::from_static(value))).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for origin in ["https://www.example.go.th", "http://127.0.0.1:8080", "http://[::1]:80"] {
            assert!(read(origin).is_ok(), "{origin}");
        }
        for wrong in ["", "*", "null", "https://", "https://A.th", "https://a.th/", "ftp://a.th"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
