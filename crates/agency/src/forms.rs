//! The forms that the agency offers: the folder of definitions, read at start and again when a
//! file has changed.
//!
//! Beside each lies its empty form for paper, made when it is asked for, so that a form which a
//! webmaster drops into the folder has one too.
//!
//! What is served is exactly what was read and stored in the database, so every definition that
//! a phone can hold is known when its submission arrives, years later too. A file that cannot be
//! read is reported and does not take away the definition that was there before.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path as Segment, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use eform::fields::Attachment;
use eform::paper::{self, Sheet};
use eform::{Field, Form, Summary};
use serde::Serialize;
use time::OffsetDateTime;
use tokio::sync::RwLock;

use crate::{Agency, Database, Error, receipt::timestamp, sealed, site};

/// Why no form can be offered at all.
#[derive(Debug, thiserror::Error)]
pub enum FormsError {
    /// The folder cannot be read.
    #[error("cannot read the folder of forms {path}: {error}")]
    Folder {
        /// The folder.
        path: String,
        /// What the system said.
        error: io::Error,
    },
}

/// The folder of definitions and what was read from it.
pub struct Forms {
    /// None where only what is stored counts.
    folder: Option<PathBuf>,
    /// The most bytes of a file that goes before its submission.
    upload_limit: u64,
    read: RwLock<Read>,
}

#[derive(Default)]
struct Read {
    /// By file name.
    files: BTreeMap<String, Entry>,
    /// Every definition that was asked for, by digest.
    definitions: HashMap<String, Arc<Form>>,
}

struct Entry {
    stamp: Stamp,
    /// What is served; `None` if the file could not be read from the start.
    published: Option<Published>,
}

#[derive(Clone)]
struct Published {
    bytes: Bytes,
    form: Arc<Form>,
}

/// A file with the same stamp is not read again.
#[derive(Clone, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    length: u64,
}

impl Forms {
    /// Reads all definitions of the folder and stores them. One that lets citizens choose files of more
    /// than `upload_limit` bytes, which [`Uploads`](crate::Uploads) would refuse, is told of in the log.
    pub async fn load(
        folder: PathBuf,
        database: &Database,
        upload_limit: u64,
    ) -> Result<Self, FormsError> {
        let path = folder.display().to_string();
        let forms = Self { folder: Some(folder), upload_limit, read: RwLock::default() };
        forms.refresh(database).await.map_err(|error| FormsError::Folder { path, error })?;
        Ok(forms)
    }

    /// Offers no form, and knows every definition that the database has.
    pub(crate) fn stored() -> Self {
        Self { folder: None, upload_limit: u64::MAX, read: RwLock::default() }
    }

    /// The definition with this digest: from the folder, or an older one from the database.
    pub(crate) async fn find(
        &self,
        database: &Database,
        digest: &str,
    ) -> Result<Option<Arc<Form>>, Error> {
        if let Some(form) = self.known(digest).await {
            return Ok(Some(form));
        }
        self.refresh_or_report(database).await;
        if let Some(form) = self.known(digest).await {
            return Ok(Some(form));
        }
        let Some(bytes) = database.definition(digest).await? else {
            return Ok(None);
        };
        let form = Form::parse(&bytes)
            .map_err(|error| Error::Broke(format!("stored definition {digest}: {error}")))?;
        let form = Arc::new(form);
        self.read.write().await.definitions.insert(digest.to_owned(), Arc::clone(&form));
        Ok(Some(form))
    }

    async fn known(&self, digest: &str) -> Option<Arc<Form>> {
        self.read.read().await.definitions.get(digest).cloned()
    }

    async fn published(&self, name: &str) -> Option<Published> {
        self.read.read().await.files.get(name)?.published.clone()
    }

    /// One summary for each form, by id. Of two files with one id, the first by name counts.
    async fn summaries(&self) -> Vec<Summary> {
        let read = self.read.read().await;
        let mut by_id = BTreeMap::new();
        for published in read.files.values().filter_map(|entry| entry.published.as_ref()) {
            by_id
                .entry(published.form.definition().id.clone())
                .or_insert_with(|| published.form.summary());
        }
        by_id.into_values().collect()
    }

    async fn refresh_or_report(&self, database: &Database) {
        if let Err(error) = self.refresh(database).await {
            let folder = self.folder.as_deref().unwrap_or(Path::new("")).display();
            tracing::error!(%error, %folder, "cannot read the forms");
        }
    }

    /// Reads what is new or changed, forgets what is gone.
    async fn refresh(&self, database: &Database) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let found = scan(folder)?;
        if self.read.read().await.is(&found) {
            return Ok(());
        }
        let mut read = self.read.write().await;
        let names: HashSet<&String> = found.iter().map(|(name, _)| name).collect();
        read.files.retain(|name, _| names.contains(name));
        for (name, stamp) in &found {
            if read.files.get(name).is_some_and(|entry| entry.stamp == *stamp) {
                continue;
            }
            match publish(&folder.join(name), database).await {
                Ok(published) => {
                    warn_of_files(&published.form, self.upload_limit);
                    let digest = published.form.digest().to_owned();
                    read.definitions.insert(digest, Arc::clone(&published.form));
                    let entry = Entry { stamp: stamp.clone(), published: Some(published) };
                    read.files.insert(name.clone(), entry);
                }
                Err(Unpublished::Unreadable(error)) => {
                    tracing::error!(file = %name, "this form is not offered: {error}");
                    read.files
                        .entry(name.clone())
                        .and_modify(|entry| entry.stamp = stamp.clone())
                        .or_insert_with(|| Entry { stamp: stamp.clone(), published: None });
                }
                Err(Unpublished::Database(error)) => {
                    // The stamp stays as it was, so the next look tries again.
                    tracing::error!(file = %name, %error, "this form cannot be stored");
                }
            }
        }
        read.report_doubles();
        Ok(())
    }
}

impl Read {
    fn is(&self, found: &[(String, Stamp)]) -> bool {
        self.files.len() == found.len()
            && found.iter().all(|(name, stamp)| {
                self.files.get(name).is_some_and(|entry| entry.stamp == *stamp)
            })
    }

    fn report_doubles(&self) {
        let mut first = HashMap::new();
        for (name, entry) in &self.files {
            let Some(published) = &entry.published else { continue };
            let id = &published.form.definition().id;
            if let Some(other) = first.insert(id, name) {
                tracing::warn!(form = %id, "two files have this id: {other} and {name}");
            }
        }
    }
}

/// Every `*.json` of the folder, by name, but `index.json`, which is ours to make, and the cases that
/// forms are tried with.
fn scan(folder: &Path) -> io::Result<Vec<(String, Stamp)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // Beside a form may lie its author's tests, `NAME.cases.json`.
        let is_form = name.ends_with(".json") && !name.ends_with(".cases.json");
        if !is_form || name == "index.json" {
            continue;
        }
        // A file that vanishes while we look is not there.
        let Ok(metadata) = std::fs::metadata(entry.path()) else { continue };
        let stamp = Stamp { modified: metadata.modified().ok(), length: metadata.len() };
        found.push((name, stamp));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}

enum Unpublished {
    Unreadable(String),
    Database(sqlx::Error),
}

async fn publish(path: &Path, database: &Database) -> Result<Published, Unpublished> {
    let bytes = std::fs::read(path).map_err(|error| Unpublished::Unreadable(error.to_string()))?;
    let form = Form::parse(&bytes).map_err(|error| Unpublished::Unreadable(error.to_string()))?;
    let now = timestamp(OffsetDateTime::now_utc())
        .map_err(|error| Unpublished::Unreadable(error.to_string()))?;
    let submit = &form.definition().submit;
    if submit.seal_to.as_ref().is_some_and(|to| !eform_seal::is_key(to)) {
        let error = eform_seal::Error::Key;
        return Err(Unpublished::Unreadable(format!("/submit/sealTo/publicKey: {error}")));
    }
    if submit.sign_in.is_some() && submit.signs_in_at().is_none() {
        let error = "/submit/signIn: expected a path as \"/sign-in\", or an address with https://";
        return Err(Unpublished::Unreadable(error.to_owned()));
    }
    database.keep_definition(&form, &bytes, &now).await.map_err(Unpublished::Database)?;
    sealed::keys::warn(database, &form).await.map_err(Unpublished::Database)?;
    Ok(Published { bytes: bytes.into(), form: Arc::new(form) })
}

/// Says in the log when citizens may choose a file that would be refused when it comes. No more than that:
/// whoever publishes a form must not be able to stop the server, or to keep it from starting again.
fn warn_of_files(form: &Form, limit: u64) {
    let submit = &form.definition().submit;
    let is_here = |url: &str| url.starts_with('/') && !url.starts_with("//");
    if !submit.uploads.as_ref().is_some_and(|uploads| is_here(&uploads.url)) {
        // They travel inside the submission, or go elsewhere.
        return;
    }
    let most_of = |field: &Field| {
        let most = field.kind.get::<Attachment>()?.max_size().min(submit.attached_bytes());
        // Sealed, it is a little larger.
        Some(submit.seal_to.as_ref().map_or(most, |to| eform_seal::sealed_size(&to.kid, most)))
    };
    let all = form.fields().iter().filter_map(|field| Some((most_of(field)?, &field.id)));
    let most = all.max_by_key(|(most, _)| *most).filter(|(most, _)| *most > limit);
    if let Some((most, field)) = most {
        let form = &form.definition().id;
        tracing::error!(
            %form, %field,
            "people may choose files of {most} bytes here, which are refused once they are on their way: \
             --upload-limit is {limit}. Give it {most} or more, or have the form say a smaller maxSize, of \
             that field or under submit.uploads"
        );
    }
}

/// `/forms/index.json`, `/forms/NAME.json`, and on paper `/forms/NAME.blank.html`,
/// `/forms/NAME.blank.LANGUAGE.html`.
pub(crate) fn router() -> Router<Agency> {
    Router::new()
        .route("/forms/index.json", get(index))
        .route("/forms/{name}", get(definition))
        .route("/help.html", get(help))
}

#[derive(Serialize)]
struct Index {
    forms: Vec<Summary>,
}

async fn index(State(agency): State<Agency>) -> impl IntoResponse {
    agency.forms().refresh_or_report(agency.database()).await;
    Json(Index { forms: agency.forms().summaries().await })
}

/// What to do where the kit cannot start: whom to call, and the empty forms.
async fn help(State(agency): State<Agency>) -> impl IntoResponse {
    agency.forms().refresh_or_report(agency.database()).await;
    let read = agency.forms().read.read().await;
    let published = read.files.iter().filter_map(|(name, entry)| {
        let name = name.strip_suffix(".json")?;
        Some((name, &*entry.published.as_ref()?.form))
    });
    Html(paper::help(&published.collect::<Vec<_>>()))
}

async fn definition(
    State(agency): State<Agency>,
    Segment(name): Segment<String>,
    headers: HeaderMap,
) -> Response {
    agency.forms().refresh_or_report(agency.database()).await;
    let paper = paper::of_file_name(&name);
    let file = paper.map_or_else(|| name.clone(), |(id, _)| format!("{id}.json"));
    let Some(published) = agency.forms().published(&file).await else {
        return site::not_found().await.into_response();
    };
    let languages = &published.form.definition().languages;
    let language = match paper {
        Some((_, Some(asked))) => languages.iter().find(|known| *known == asked),
        _ => languages.first(),
    };
    let Some(language) = language else { return site::not_found().await.into_response() };
    let (kind, bytes, digest) = match paper {
        Some(_) => {
            let page =
                paper::blank(&published.form, language, &Sheet::At("../blank.css".to_owned()));
            let digest = eform::digest(page.as_bytes());
            ("text/html; charset=utf-8", page.into(), digest)
        }
        None => ("application/json", published.bytes, published.form.digest().to_owned()),
    };
    // Weak, because the bytes on the way may be compressed.
    let tag = format!("W/\"{digest}\"");
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == tag);
    let tag = [(header::ETAG, tag)];
    if known {
        return (StatusCode::NOT_MODIFIED, tag).into_response();
    }
    (tag, [(header::CONTENT_TYPE, kind)], bytes).into_response()
}
