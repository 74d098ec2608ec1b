//! Every way in which the agency says no to an upload. No text here may repeat what a citizen chose.

use std::io;

use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::tus;

/// A refused request about an upload.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// 412: no `Tus-Resumable`, or another version.
    #[error("say Tus-Resumable: 1.0.0")]
    Version,
    /// 400: a header is missing or cannot be read.
    #[error("{0}")]
    Header(&'static str),
    /// 422: the form takes files inside its submissions only.
    #[error("this form has no submit.uploads: send its files inside the submission")]
    NotWanted,
    /// 413: the file is larger than the server or its form takes.
    #[error("a file may have at most {0} bytes here")]
    TooLarge(u64),
    /// 415: the body is not `application/offset+octet-stream`.
    #[error("send application/offset+octet-stream, without a content coding")]
    NotOctets,
    /// 409: the upload does not end where this begins. `Upload-Offset` says where it does.
    #[error("the upload goes on at another offset")]
    Offset(u64),
    /// 413: more bytes came than were announced.
    #[error("the upload was announced with fewer bytes")]
    BeyondLength,
    /// 460: `Upload-Checksum` is of other bytes; they were not kept.
    #[error("Upload-Checksum does not match; these bytes were not kept")]
    Checksum,
    /// 460: all bytes are here and are another file; it begins anew.
    #[error("what arrived is not the file of this sha256; the upload begins anew")]
    OtherFile,
    /// 410: it was not finished in time.
    #[error("this upload has expired; announce it anew")]
    Expired,
    /// 409: a received submission has it.
    #[error("a received submission has this file")]
    Claimed,
    /// 503: the place of the bytes failed. The log says how.
    #[error("the agency cannot store anything at the moment")]
    Store(#[from] io::Error),
}

/// What tus calls a mismatch. Any number of three digits is a status.
fn mismatch() -> StatusCode {
    StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST)
}

impl Refused {
    pub(crate) fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Version => (StatusCode::PRECONDITION_FAILED, "tus-version"),
            Self::Header(_) => (StatusCode::BAD_REQUEST, "upload-malformed"),
            Self::NotWanted => (StatusCode::UNPROCESSABLE_ENTITY, "no-uploads"),
            Self::TooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "upload-too-large"),
            Self::NotOctets => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-octets"),
            Self::Offset(_) => (StatusCode::CONFLICT, "upload-offset"),
            Self::BeyondLength => (StatusCode::PAYLOAD_TOO_LARGE, "beyond-length"),
            Self::Checksum => (mismatch(), "upload-checksum"),
            Self::OtherFile => (mismatch(), "upload-digest"),
            Self::Expired => (StatusCode::GONE, "upload-expired"),
            Self::Claimed => (StatusCode::CONFLICT, "upload-claimed"),
            Self::Store(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        }
    }

    /// Adds what a client of tus looks for.
    pub(crate) fn headers(&self, headers: &mut HeaderMap) {
        match self {
            Self::Version => {
                headers.insert(tus::VERSIONS, HeaderValue::from_static(tus::VERSION));
            }
            Self::Offset(offset) => {
                headers.insert(tus::OFFSET, (*offset).into());
            }
            _ => {}
        }
    }
}
