//! The body of a request, before anything in it is understood: its media type, its size, and
//! whether it is what the sender says it is (`Content-Digest`, RFC 9530).

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::StreamExt as _;

use crate::Error;

/// The largest submission, in bytes: answers and files.
pub(crate) const LIMIT: usize = eform::limits::SUBMISSION_BYTES;

/// How much of a body over the limit is read and thrown away before the refusal. A browser that
/// is cut off while it still sends never sees the 413 and would try for ever.
const DRAIN: usize = 4 * LIMIT;

/// How long a connection may be silent in the middle of a body. Weak signals pause.
const SILENCE: Duration = Duration::from_secs(60);

/// Reads a JSON body: checks the media type, the size and the digest, in this order.
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Error> {
    media_type(headers)?;
    let bytes = collect(body).await?;
    content_digest(headers, &bytes)?;
    Ok(bytes)
}

fn media_type(headers: &HeaderMap) -> Result<(), Error> {
    let essence = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|value| value == "identity");
    match essence {
        Some(essence) if essence.eq_ignore_ascii_case("application/json") && plain => Ok(()),
        _ => Err(Error::NotJson),
    }
}

async fn collect(body: Body) -> Result<Bytes, Error> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut seen = 0_usize;
    loop {
        let chunk = match tokio::time::timeout(SILENCE, stream.next()).await {
            Err(_) => return Err(Error::Stalled),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(Error::Broken),
            Ok(Some(Ok(chunk))) => chunk,
        };
        seen = seen.saturating_add(chunk.len());
        if seen <= LIMIT {
            bytes.extend_from_slice(&chunk);
        } else if seen > DRAIN {
            break;
        } else {
            bytes = Vec::new();
        }
    }
    if seen > LIMIT { Err(Error::TooLarge) } else { Ok(bytes.into()) }
}

/// Without the header, or with other algorithms only, there is nothing to check.
fn content_digest(headers: &HeaderMap, bytes: &[u8]) -> Result<(), Error> {
    for value in headers.get_all("content-digest") {
        let value = value.to_str().map_err(|_| Error::DigestMalformed)?;
        for member in value.split(',') {
            let (algorithm, digest) =
                member.trim().split_once('=').ok_or(Error::DigestMalformed)?;
            if algorithm != "sha-256" {
                continue;
            }
            let digest = digest
                .strip_prefix(':')
                .and_then(|digest| digest.strip_suffix(':'))
                .and_then(|digest| STANDARD.decode(digest).ok())
                .ok_or(Error::DigestMalformed)?;
            if digest != eform::sha256(bytes) {
                return Err(Error::DigestMismatch);
            }
        }
    }
    Ok(())
}
