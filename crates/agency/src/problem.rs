//! Every way in which the agency says no, in one enum, and how it becomes
//! `application/problem+json` (RFC 9457). No text here may repeat what a citizen typed.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use eform::{Problem, ProblemError};

use crate::uploads::Refused;

/// How often a phone may knock again while the database is in trouble.
const RETRY_AFTER_SECONDS: &str = "30";

/// A refused request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 415: the body is not `application/json`, or is compressed.
    #[error("send application/json, without a content coding")]
    NotJson,
    /// 413: the body is larger than the limit.
    #[error("a submission may have at most 12 MiB with its files")]
    TooLarge,
    /// 408: the body stopped coming.
    #[error("the body did not arrive in time")]
    Stalled,
    /// 400: the connection broke before the whole body was here.
    #[error("the body did not arrive in full")]
    Broken,
    /// 400: `Content-Digest` cannot be read.
    #[error("Content-Digest is not sha-256=:BASE64: (RFC 9530)")]
    DigestMalformed,
    /// 400: `Content-Digest` is of another body.
    #[error("Content-Digest does not match the body")]
    DigestMismatch,
    /// 400: the body is not a submission. Line and column only: serde's own words quote the text.
    #[error("the body is not a submission: {kind} at line {line}, column {column}")]
    Malformed {
        /// What is wrong in general.
        kind: &'static str,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// 400: it has neither answers nor what is sealed, or both.
    #[error("the body is not a submission: it has either answers or what is sealed")]
    Contents,
    /// 400: the form says that its answers are sealed, and these are not. They are not kept.
    #[error("this form is received sealed only")]
    NotSealed,
    /// 400: it is sealed, and no officer could open it.
    #[error("this cannot be received sealed: {0}")]
    WronglySealed(&'static str),
    /// 400: the id is not a UUID in lower case with hyphens.
    #[error("the id is not a UUID in lower case with hyphens")]
    IdNotUuid,
    /// 400: the id in the path or in `Idempotency-Key` is not that in the body.
    #[error("the id in the request and the id in the body differ")]
    IdMismatch,
    /// 400: a POST without `Idempotency-Key`.
    #[error("POST needs an Idempotency-Key with the submission's id")]
    NoIdempotencyKey,
    /// 400: `completedAt` is not a time.
    #[error("completedAt is not an RFC 3339 time with an offset")]
    CompletedAt,
    /// 404: no such form, or not in this version with this definition.
    #[error("this form is not known here with this version and definition")]
    UnknownForm,
    /// 404: nothing is at this path.
    #[error("there is nothing here")]
    NotFound,
    /// 405: the path is right, the method is not.
    #[error("this method is not possible here")]
    Method,
    /// 409: this id has come before, with another body.
    #[error("another submission has this id; nothing was changed")]
    OtherBody,
    /// 422: answers break the form's rules, or the files are not those that they name; each is named
    /// with its field.
    #[error("some answers cannot be accepted")]
    Answers(Vec<ProblemError>),
    /// 424: files that the submission names have not arrived in full; each is named. The phone sends them,
    /// and then the submission again.
    #[error("some files have not arrived; send them before the submission")]
    UploadsMissing(Vec<ProblemError>),
    /// A request about an upload is refused.
    #[error(transparent)]
    Upload(#[from] Refused),
    /// 429: this address has come too often; the number of seconds after which it may come again.
    #[error("too many requests from one address")]
    TooOften(u64),
    /// 503: so much arrives at the moment that there is no room for one more.
    #[error("too much arrives at the moment")]
    Busy,
    /// 503: the database failed. The log says how.
    #[error("the agency cannot store anything at the moment")]
    Database(#[from] sqlx::Error),
    /// 503: the work for it has panicked. The log says where.
    #[error("the agency could not finish this")]
    Panicked,
    /// 503: something of the agency's own is broken. The log says what.
    #[error("the agency cannot accept this form at the moment")]
    Broke(String),
}

impl Error {
    fn kind(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotJson => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::Stalled => (StatusCode::REQUEST_TIMEOUT, "stalled"),
            Self::Broken => (StatusCode::BAD_REQUEST, "incomplete"),
            Self::DigestMalformed => (StatusCode::BAD_REQUEST, "digest-malformed"),
            Self::DigestMismatch => (StatusCode::BAD_REQUEST, "digest-mismatch"),
            Self::Malformed { .. } => (StatusCode::BAD_REQUEST, "malformed"),
            Self::Contents => (StatusCode::BAD_REQUEST, "malformed"),
            Self::NotSealed => (StatusCode::BAD_REQUEST, "not-sealed"),
            Self::WronglySealed(_) => (StatusCode::BAD_REQUEST, "wrongly-sealed"),
            Self::IdNotUuid => (StatusCode::BAD_REQUEST, "id-not-uuid"),
            Self::IdMismatch => (StatusCode::BAD_REQUEST, "id-mismatch"),
            Self::NoIdempotencyKey => (StatusCode::BAD_REQUEST, "no-idempotency-key"),
            Self::CompletedAt => (StatusCode::BAD_REQUEST, "completed-at"),
            Self::UnknownForm => (StatusCode::NOT_FOUND, "unknown-form"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed"),
            Self::OtherBody => (StatusCode::CONFLICT, "other-body"),
            Self::Answers(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid-answers"),
            Self::UploadsMissing(_) => (StatusCode::FAILED_DEPENDENCY, "uploads-missing"),
            Self::Upload(refused) => refused.kind(),
            Self::TooOften(_) => (StatusCode::TOO_MANY_REQUESTS, "too-often"),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Self::Database(_) | Self::Panicked | Self::Broke(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
            }
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        use serde_json::error::Category;
        let kind = match error.classify() {
            Category::Data => "a member is missing, unknown or of another type",
            Category::Eof => "the JSON ends too early",
            Category::Syntax | Category::Io => "this is not JSON",
        };
        Self::Malformed { kind, line: error.line(), column: error.column() }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match &self {
            Self::Database(error) => tracing::error!(%error, "the database failed"),
            Self::Upload(Refused::Store(error)) => {
                tracing::error!(%error, "the place of uploads failed");
            }
            Self::Panicked => {
                tracing::error!(
                    "a request could not be finished, by a fault of this program: «a panic» says where"
                );
            }
            Self::Broke(error) => tracing::error!(%error, "a form cannot be accepted"),
            _ => {}
        }
        let (status, kind) = self.kind();
        let title = self.to_string();
        let mut more = HeaderMap::new();
        let errors = match self {
            Self::Answers(errors) | Self::UploadsMissing(errors) => errors,
            Self::Upload(refused) => {
                refused.headers(&mut more);
                Vec::new()
            }
            Self::TooOften(seconds) => {
                more.insert(header::RETRY_AFTER, seconds.into());
                Vec::new()
            }
            _ => Vec::new(),
        };
        let problem = Problem {
            kind: format!("/problems/{kind}"),
            status: status.as_u16(),
            title,
            detail: String::new(),
            errors,
        };
        let mut response = (status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.extend(more);
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(RETRY_AFTER_SECONDS));
        }
        response
    }
}
