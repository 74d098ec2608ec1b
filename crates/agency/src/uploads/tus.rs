//! `/api/uploads`: tus 1.0.0 (<https://tus.io/protocols/resumable-upload>) with the extensions creation,
//! creation-with-upload, termination, checksum and expiration.

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
    routing::any,
};

use super::{
    Refused,
    arrive::Adding,
    headers::{Checksum, Metadata, http_date, is_octets, number, repr_digest, text},
    new_name, now,
};
use crate::{
    Agency, Error,
    body::Arriving,
    database::{Removed, Upload},
    sealed, task,
};

/// The one version that is spoken here.
pub(super) const VERSION: &str = "1.0.0";
pub(super) const VERSIONS: HeaderName = HeaderName::from_static("tus-version");
pub(super) const OFFSET: HeaderName = HeaderName::from_static("upload-offset");

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

const EXTENSIONS: &str = "creation,creation-with-upload,termination,checksum,expiration";

/// The headers of our answers that a page of another origin must be let read.
pub(crate) const EXPOSED: &str = "Location, Repr-Digest, Tus-Checksum-Algorithm, Tus-Extension, \
    Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Expires, Upload-Length, Upload-Metadata, \
    Upload-Offset";

pub(crate) fn router() -> Router<Agency> {
    Router::new()
        .route("/api/uploads", any(announce))
        .route("/api/uploads/{id}", any(upload))
        .layer(axum::middleware::from_fn(every_answer))
}

/// Refusals too say which version this is, and none is for a cache.
async fn every_answer(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What is asked for.
enum Ask {
    Announce,
    Tell(String),
    Add(String),
    Remove(String),
}

async fn announce(
    State(agency): State<Agency>,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> Response {
    match meant(method, &headers) {
        Some(Method::OPTIONS) => abilities(&agency),
        Some(Method::POST) => answer(agency, Ask::Announce, headers, body).await,
        _ => not_allowed("OPTIONS, POST"),
    }
}

async fn upload(
    State(agency): State<Agency>,
    id: Result<Path<String>, PathRejection>,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let id = id.map(|Path(id)| id).unwrap_or_default();
    let ask = match meant(method, &headers) {
        Some(Method::OPTIONS) => return abilities(&agency),
        Some(Method::HEAD) => Ask::Tell(id),
        Some(Method::PATCH) => Ask::Add(id),
        Some(Method::DELETE) => Ask::Remove(id),
        _ => return not_allowed("DELETE, HEAD, OPTIONS, PATCH"),
    };
    answer(agency, ask, headers, body).await
}

/// The method that is meant, where something on the way lets only POST through.
fn meant(method: Method, headers: &HeaderMap) -> Option<Method> {
    match text(headers, "x-http-method-override") {
        Some(meant) if method == Method::POST => Method::from_bytes(meant.as_bytes()).ok(),
        _ => Some(method),
    }
}

fn not_allowed(methods: &'static str) -> Response {
    ([(header::ALLOW, methods)], Error::Method).into_response()
}

fn abilities(agency: &Agency) -> Response {
    let headers = [
        (VERSIONS, HeaderValue::from_static(VERSION)),
        (HeaderName::from_static("tus-extension"), HeaderValue::from_static(EXTENSIONS)),
        (HeaderName::from_static("tus-max-size"), agency.uploads().limit.into()),
        (
            HeaderName::from_static("tus-checksum-algorithm"),
            HeaderValue::from_static("sha1,sha256"),
        ),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Does what is asked. Where the connection breaks, nobody waits for the answer any more, and what came
/// must be kept all the same.
async fn answer(agency: Agency, ask: Ask, headers: HeaderMap, body: Body) -> Response {
    let answering = async move {
        let mut body = Arriving::new(body);
        let asked = Asked { agency: &agency, headers: &headers };
        let result = match text(&headers, "tus-resumable") {
            Some(VERSION) => asked.answer(ask, &mut body).await,
            _ => Err(Refused::Version.into()),
        };
        if !matches!(result, Err(Error::Stalled | Error::Broken)) {
            // Who still sends does not read the answer. If that fails, nobody does.
            let _ = body.drain().await;
        }
        result
    };
    task::own(answering).await.into_response()
}

/// A request but for its body.
struct Asked<'a> {
    agency: &'a Agency,
    headers: &'a HeaderMap,
}

impl Asked<'_> {
    async fn answer(&self, ask: Ask, body: &mut Arriving) -> Result<Response, Error> {
        match ask {
            Ask::Announce => self.announce(body).await,
            Ask::Tell(id) => self.tell(&id).await,
            Ask::Add(id) => self.add(&id, body).await,
            Ask::Remove(id) => self.remove(&id).await,
        }
    }

    /// The same file of the same submission again is the same upload: a phone whose answer was lost goes
    /// on instead of beginning anew.
    async fn announce(&self, body: &mut Arriving) -> Result<Response, Error> {
        let (agency, headers) = (self.agency, self.headers);
        if headers.contains_key("upload-defer-length") {
            let why = "Upload-Defer-Length is not possible here: say Upload-Length";
            return Err(Refused::Header(why).into());
        }
        let length = number(headers, LENGTH.as_str());
        let length = length.ok_or(Refused::Header("Upload-Length is not a number of bytes"))?;
        let metadata = Metadata::read(headers)?;
        may_come(agency, &metadata.definition, length).await?;
        let has_body = headers.get(header::CONTENT_LENGTH).is_some_and(|length| length != "0");
        if has_body && !is_octets(headers) {
            return Err(Refused::NotOctets.into());
        }
        let checksum = Checksum::read(headers)?;
        let mut upload = note(agency, metadata, length).await?;
        // What came with an announcement before may be here already: then the client goes on from there.
        if is_octets(headers) && upload.arrived == 0 {
            match append(agency, &upload, checksum, body).await {
                Ok(after) => upload = after,
                Err(Error::Upload(Refused::Offset(_))) => {
                    upload = find(agency, &upload.id).await?;
                }
                Err(error) => return Err(error),
            }
        }
        let upload = agency.uploads().complete(agency.database(), upload).await?;
        let location = format!("/api/uploads/{}", upload.id);
        let created = [(header::LOCATION, location)];
        Ok((StatusCode::CREATED, created, state(&upload)).into_response())
    }

    async fn tell(&self, id: &str) -> Result<Response, Error> {
        let upload = find(self.agency, id).await?;
        let upload = match self.agency.uploads().complete(self.agency.database(), upload).await {
            Err(Error::Upload(Refused::OtherFile)) => find(self.agency, id).await?,
            other => other?,
        };
        let Upload { submission, sha256, definition, .. } = &upload;
        let metadata = Metadata::write(submission, sha256, definition);
        let more = [(LENGTH, upload.length.to_string()), (METADATA, metadata)];
        Ok((StatusCode::OK, more, state(&upload)).into_response())
    }

    async fn add(&self, id: &str, body: &mut Arriving) -> Result<Response, Error> {
        let upload = find(self.agency, id).await?;
        if !is_octets(self.headers) {
            return Err(Refused::NotOctets.into());
        }
        let offset = number(self.headers, OFFSET.as_str());
        let offset = offset.ok_or(Refused::Header("Upload-Offset is not a number of bytes"))?;
        let arrived = upload.arrived.unsigned_abs();
        if offset != arrived {
            return Err(Refused::Offset(arrived).into());
        }
        let more = number(self.headers, header::CONTENT_LENGTH.as_str());
        if more.is_some_and(|more| more > upload.length.unsigned_abs() - arrived) {
            return Err(Refused::BeyondLength.into());
        }
        let checksum = Checksum::read(self.headers)?;
        let upload = append(self.agency, &upload, checksum, body).await?;
        Ok((StatusCode::NO_CONTENT, state(&upload)).into_response())
    }

    async fn remove(&self, id: &str) -> Result<Response, Error> {
        let (uploads, database) = (self.agency.uploads(), self.agency.database());
        if !may_be(id) {
            return Err(Error::NotFound);
        }
        match database.remove_upload(id, i64::MAX).await? {
            Removed::Gone(objects) => uploads.remove(&objects).await,
            Removed::Not => {
                database.upload(id).await?.ok_or(Error::NotFound)?;
                return Err(Refused::Claimed.into());
            }
        }
        Ok(StatusCode::NO_CONTENT.into_response())
    }
}

/// Notes that a file will come for a submission, as an announcement does. One that is there already stays
/// as it is.
///
/// # Errors
/// Where the form, or the server, takes no such file.
pub(crate) async fn announce_file(
    agency: &Agency,
    submission: &str,
    sha256: &str,
    definition: &str,
    length: u64,
) -> Result<Upload, Error> {
    may_come(agency, definition, length).await?;
    let (submission, sha256, definition) =
        (submission.to_owned(), sha256.to_owned(), definition.to_owned());
    let upload = note(agency, Metadata { submission, sha256, definition }, length).await?;
    agency.uploads().complete(agency.database(), upload).await
}

/// Does a form of this definition take a file of this length, and the server too?
async fn may_come(agency: &Agency, definition: &str, length: u64) -> Result<(), Error> {
    let limit = agency.uploads().limit;
    if length > limit {
        return Err(Refused::TooLarge(limit).into());
    }
    let form = agency.forms().find(agency.database(), definition).await?;
    let form = form.ok_or(Error::UnknownForm)?;
    let submit = &form.definition().submit;
    if submit.uploads.is_none() {
        return Err(Refused::NotWanted.into());
    }
    // Sealed, it is a little longer than it was.
    if sealed::check::size_before(submit, length) > submit.attached_bytes() {
        return Err(Refused::TooLarge(submit.attached_bytes()).into());
    }
    Ok(())
}

async fn note(agency: &Agency, metadata: Metadata, length: u64) -> Result<Upload, Error> {
    let (id, expires) = (new_name().map_err(Refused::Store)?, agency.uploads().expiry());
    let Metadata { submission, sha256, definition } = metadata;
    let new = Upload::new(id, submission, sha256, definition, length, expires);
    Ok(agency.database().announce(&new, now()).await?)
}

/// Adds bytes at the end of an upload, as a request does. Gives it as it is then.
///
/// # Errors
/// Where they cannot be kept, or with them it is another file than was announced.
pub(crate) async fn add_bytes(
    agency: &Agency,
    upload: &Upload,
    bytes: Vec<u8>,
) -> Result<Upload, Error> {
    append(agency, upload, None, &mut Arriving::new(Body::from(bytes))).await
}

/// Adds a body at the end of an upload, and puts a whole one together.
async fn append(
    agency: &Agency,
    upload: &Upload,
    checksum: Option<Checksum>,
    body: &mut Arriving,
) -> Result<Upload, Error> {
    let (uploads, database) = (agency.uploads(), agency.database());
    let adding = Adding { uploads, database, room: agency.room(), upload, checksum };
    let added = adding.run(body).await;
    // Also where the connection broke after the last byte.
    let upload = find(agency, &upload.id).await?;
    let upload = uploads.complete(database, upload).await?;
    added.map(|()| upload)
}

async fn find(agency: &Agency, id: &str) -> Result<Upload, Error> {
    let upload = match may_be(id) {
        true => agency.database().upload(id).await?,
        false => None,
    };
    let upload = upload.ok_or(Error::NotFound)?;
    let over = !upload.is_claimed() && upload.expires <= now();
    if over { Err(Refused::Expired.into()) } else { Ok(upload) }
}

/// PostgreSQL knows no text with this character, and calls the question an error.
fn may_be(id: &str) -> bool {
    !id.contains('\0')
}

/// How far an upload is, until when it is kept, and what it is once it is whole.
fn state(upload: &Upload) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(OFFSET, upload.arrived.into());
    let expires = http_date(upload.expires).filter(|_| !upload.is_claimed());
    let digest = upload.object.as_ref().map(|_| repr_digest(&upload.sha256));
    for (name, value) in [(EXPIRES, expires), (REPR_DIGEST, digest)] {
        let value = value.and_then(|value| HeaderValue::from_maybe_shared(value).ok());
        value.into_iter().for_each(|value| _ = headers.insert(name.clone(), value));
    }
    headers
}
