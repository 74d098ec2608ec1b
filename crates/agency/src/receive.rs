//! `PUT /api/submissions/{id}`: takes a submission in exactly once and answers with a receipt.
//!
//! The order of the checks is part of the protocol: what arrived, whose id it is, whether it was
//! here before, whether the form is known, whether the answers are right and the files are those that
//! they name, whether those that go before it are here. A repeat is answered before the answers are
//! looked at again, so a form that became stricter never takes a receipt back. Whether an answer is
//! right is for `eform` to say.

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, post, put},
};
pub(crate) use eform::filed::is_uuid;
use eform::{Date, Form, ProblemError, Receipt, Session, Severity, Submission, Uploaded};
use serde_json::Map;
use time::{
    Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339, macros::offset,
};

use crate::{
    Agency, Error,
    body::{self, Received},
    database::{Arrival, Kept},
    receipt, sealed, task,
};

/// Thailand's time all year round.
pub(crate) const BANGKOK: UtcOffset = offset!(+7);

/// How far a phone's clock may be ahead before its date is not believed.
const AHEAD: Duration = Duration::hours(24);

/// References are drawn by chance: with billions of submissions, two draws would do.
const DRAWS: usize = 8;

pub(crate) fn router() -> Router<Agency> {
    Router::new()
        .route("/api/submissions", post(by_post).fallback(method))
        .route("/api/submissions/{id}", put(by_put).fallback(method))
        .route("/api/{*path}", any(nothing))
}

async fn method() -> Error {
    Error::Method
}

async fn nothing() -> Error {
    Error::NotFound
}

async fn by_put(
    State(agency): State<Agency>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let received = body::read(&headers, body, agency.room()).await?;
    let Path(id) = id.map_err(|_| Error::IdNotUuid)?;
    if idempotency_key(&headers).is_some_and(|key| key != id) {
        return Err(Error::IdMismatch);
    }
    receive(agency, id, received).await
}

async fn by_post(
    State(agency): State<Agency>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let received = body::read(&headers, body, agency.room()).await?;
    let id = idempotency_key(&headers).ok_or(Error::NoIdempotencyKey)?.to_owned();
    receive(agency, id, received).await
}

/// The id in `Idempotency-Key: "ID"`. The quotes are the standard's; without them is understood.
fn idempotency_key(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get("idempotency-key")?.to_str().ok()?.trim();
    Some(value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value))
}

/// Takes it in, also where the phone is gone meanwhile.
async fn receive(agency: Agency, id: String, received: Received) -> Result<Response, Error> {
    let taking = async move { take(&agency, &id, received.bytes()).await };
    let (receipt, is_new) = task::own(taking).await?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, [(header::CACHE_CONTROL, "no-store")], Json(receipt)).into_response())
}

/// Takes a submission in, however it came. Gives its receipt, and whether that is new.
pub(crate) async fn take(
    agency: &Agency,
    id: &str,
    bytes: &[u8],
) -> Result<(Receipt, bool), Error> {
    let submission: Submission = serde_json::from_slice(bytes)?;
    let replaces = submission.replaces.as_deref();
    if !is_uuid(&submission.id) || !is_uuid(id) || replaces.is_some_and(|id| !is_uuid(id)) {
        return Err(Error::IdNotUuid);
    }
    if submission.id != id {
        return Err(Error::IdMismatch);
    }
    if submission.answers.is_some() == submission.sealed.is_some() {
        return Err(Error::Contents);
    }
    let digest = eform::digest(bytes);
    if let Some(before) = agency.database().receipt(id).await? {
        return repeat(before, &digest);
    }
    let form = definition(agency, &submission).await?;
    check(&form, &submission, OffsetDateTime::now_utc())?;
    went_before(agency, &submission).await?;
    keep(agency, &submission, bytes, &digest).await
}

/// The definition that the citizen filled in, old or new, in the version and of the form it says.
async fn definition(
    agency: &Agency,
    submission: &Submission,
) -> Result<std::sync::Arc<Form>, Error> {
    let form = agency.forms().find(agency.database(), &submission.definition).await?;
    form.filter(|form| {
        let definition = form.definition();
        definition.id == submission.form && definition.version == submission.version
    })
    .ok_or(Error::UnknownForm)
}

fn check(form: &Form, submission: &Submission, now: OffsetDateTime) -> Result<(), Error> {
    let today = today(&submission.completed_at, now).ok_or(Error::CompletedAt)?;
    let answers = match (&submission.answers, &submission.sealed) {
        (Some(_), _) if form.definition().submit.seal_to.is_some() => return Err(Error::NotSealed),
        (Some(answers), _) => answers,
        (None, Some(sealed)) => return sealed::check::check(form, submission, sealed),
        (None, None) => return Err(Error::Contents),
    };
    let session = Session::of_answers(form.clone(), answers, today);
    let mut findings = session.check_submitted(answers);
    findings.extend(session.check_enclosed(&submission.attachments, &submission.uploads));
    let errors: Vec<ProblemError> = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(ProblemError::from)
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Answers(errors)) }
}

/// The date that the citizen saw on the phone, so that what was right when it was filled in is
/// still right when it arrives, weeks later. A phone whose clock is more than a day ahead is not
/// believed: then it is today in Thailand. `None` if the time cannot be read.
pub(crate) fn today(completed_at: &str, now: OffsetDateTime) -> Option<Date> {
    let completed_at = OffsetDateTime::parse(completed_at, &Rfc3339).ok()?;
    let believed = if completed_at <= now + AHEAD { completed_at } else { now.to_offset(BANGKOK) };
    let (year, month, day) = believed.to_calendar_date();
    Some(Date { year, month: month.into(), day })
}

/// Are the files that went before it here, all of them and in full?
async fn went_before(agency: &Agency, submission: &Submission) -> Result<(), Error> {
    let mut missing = Vec::new();
    for file in &submission.uploads {
        if !agency.uploads().has(agency.database(), &submission.id, file).await? {
            missing.push(file);
        }
    }
    if !missing.is_empty() {
        return Err(uploads_missing(missing));
    }
    match &submission.sealed {
        Some(sealed) => sealed::check::uploads(agency, submission, &sealed.kid).await,
        None => Ok(()),
    }
}

fn uploads_missing<'a>(files: impl IntoIterator<Item = &'a Uploaded>) -> Error {
    let missing = |file: &Uploaded| ProblemError {
        code: "upload-missing".to_owned(),
        detail: "this file has not arrived in full".to_owned(),
        params: Map::from_iter([("sha256".to_owned(), file.sha256.as_str().into())]),
        ..ProblemError::default()
    };
    Error::UploadsMissing(files.into_iter().map(missing).collect())
}

async fn keep(
    agency: &Agency,
    submission: &Submission,
    body: &[u8],
    digest: &str,
) -> Result<(Receipt, bool), Error> {
    for _ in 0..DRAWS {
        let now = OffsetDateTime::now_utc();
        let receipt =
            receipt::issue(agency.keys(), &submission.id, digest, now).map_err(Error::Broke)?;
        let arrival = Arrival {
            form: &submission.form,
            version: &submission.version,
            definition: &submission.definition,
            replaces: submission.replaces.as_deref(),
            body,
            receipt: &receipt,
            uploads: &submission.uploads,
        };
        match agency.database().keep(&arrival).await? {
            Kept::New => return Ok((receipt, true)),
            Kept::Before(before) => return repeat(before, digest),
            Kept::ReferenceTaken => {}
            // It expired, or was taken back, since we looked.
            Kept::Missing(file) => return Err(uploads_missing([&file])),
        }
    }
    Err(Error::Broke("no free reference was drawn".to_owned()))
}

/// The same again is harmless and gets the same receipt; another body does not replace the first.
fn repeat(before: Receipt, digest: &str) -> Result<(Receipt, bool), Error> {
    if before.digest == digest { Ok((before, false)) } else { Err(Error::OtherBody) }
}

#[cfg(test)]
mod tests {
    use std::{path::PathBuf, time::Duration};

    use axum::http::Request;
    use futures_util::poll;
    use tower::ServiceExt as _;

    use super::*;
    use crate::{Database, Forms, Keys, Uploads, UploadsPlace, app};

    async fn agency(folder: &std::path::Path) -> Agency {
        let database = Database::create(&folder.join("agency.db").into()).await.unwrap();
        let keys = Keys::make(&database, &folder.join("key"), false).await.unwrap();
        let place = UploadsPlace::from(folder.join("uploads"));
        let uploads = Uploads::open(&database, &place, 0, Duration::ZERO).await.unwrap();
        Agency::new(database, keys, Forms::stored(), PathBuf::new(), uploads, Vec::new())
    }

    /// There is one thread, so the task does nothing before this test waits.
    #[tokio::test]
    async fn a_body_has_its_room_for_as_long_as_it_is_here_also_when_the_phone_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let agency = agency(folder.path()).await;
        let (room, body) = (agency.room().clone(), Body::from("x".repeat(1000)));
        let all = room.available_permits();
        let request = Request::put("/api/submissions/x").header("content-type", "application/json");
        let request = request.body(body).unwrap();
        let mut asked = Box::pin(app(agency).oneshot(request));
        assert!(poll!(asked.as_mut()).is_pending());
        drop(asked);
        assert_eq!(room.available_permits(), all - 1000);
        tokio::time::timeout(Duration::from_secs(60), async {
            while room.available_permits() < all {
                tokio::task::yield_now().await;
            }
        })
        .await
        .unwrap();
    }

    #[test]
    fn the_date_of_the_check_is_the_phones_unless_its_clock_is_ahead() {
        let now = OffsetDateTime::parse("2026-11-20T20:00:00Z", &Rfc3339).unwrap();
        for (completed_at, expected) in [
            ("2026-11-20T08:14:03+07:00", Some("2026-11-20")),
            ("2026-11-20T23:30:00Z", Some("2026-11-20")),
            ("2026-11-21T03:00:00.123+07:00", Some("2026-11-21")),
            ("2025-01-01T00:00:00-05:00", Some("2025-01-01")),
            ("2026-11-21T20:00:00Z", Some("2026-11-21")),
            // More than a day ahead: the date in Bangkok, where it is past midnight.
            ("2026-11-21T20:00:01Z", Some("2026-11-21")),
            ("2569-11-20T08:14:03+07:00", Some("2026-11-21")),
            ("2026-11-20", None),
            ("2026-11-20T08:14:03", None),
            ("2026-02-30T08:14:03Z", None),
            ("", None),
        ] {
            let expected = expected.map(|date| Date::parse_iso(date).unwrap());
            assert_eq!(today(completed_at, now), expected, "{completed_at}");
        }
    }

    #[test]
    fn only_the_canonical_spelling_is_a_uuid() {
        for (id, expected) in [
            ("0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", true),
            ("0197A1B2-C3D4-7E5F-8A6B-7C8D9E0F1A2B", false),
            ("0197a1b2c3d47e5f8a6b7c8d9e0f1a2b", false),
            ("{0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b}", false),
            ("0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2g", false),
            ("0197a1b2-c3d4-7e5f-8a6b7-c8d9e0f1a2b", false),
            ("กกกกกกกกกกกก", false),
            ("", false),
        ] {
            assert_eq!(is_uuid(id), expected, "{id}");
        }
    }
}
