//! An agency for one test: a folder and a database of its own, a small form, and a client without a
//! network.
#![allow(dead_code, unused_macros, reason = "no test file uses all of it")]

pub mod captured;
pub mod cluster;
pub mod filed;
pub mod files;
pub mod killing;
pub mod program;
pub mod sealing;
pub mod wire;

use std::{ffi::OsString, path::PathBuf, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use eform::Submission;
use eform_agency::{
    Agency, Database, Forms, Keys, Location, UPLOAD_LIMIT, Uploads, UploadsPlace, app,
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use sqlx::Connection as _;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The id of most submissions here.
pub const ID: &str = "0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

/// The test's form.
pub const FORM: &str = r#"{
  "id": "visit", "version": "2569.1",
  "title": { "th": "คำขอเยี่ยมบ้าน", "en": "Home visit" }, "languages": ["th", "en"],
  "submit": { "url": "/api/submissions" },
  "pages": [{ "id": "who", "title": { "th": "ผู้ขอ" }, "fields": [
    { "id": "name", "type": "text", "label": { "th": "ชื่อ" }, "required": true },
    { "id": "house", "type": "text", "label": { "th": "บ้านเลขที่" }, "maxLength": 20 },
    { "id": "national_id", "type": "thai-national-id", "label": { "th": "เลขประจำตัวประชาชน" } },
    { "id": "born", "type": "date", "label": { "th": "วันเกิด" }, "max": "today" },
    { "id": "members", "type": "number", "label": { "th": "สมาชิก" }, "min": 1 },
    { "id": "has_land", "type": "yes-no", "label": { "th": "มีที่ดิน" } },
    { "id": "crops", "type": "choices", "label": { "th": "พืช" },
      "showIf": { "==": [{ "var": "has_land" }, true] },
      "options": [{ "value": "rice", "label": { "th": "ข้าว" } },
                  { "value": "maize", "label": { "th": "ข้าวโพด" } }] }
  ] }]
}"#;

/// Makes each test one on SQLite and one on PostgreSQL: `on_both![a]` in module `m` makes
/// `m::sqlite::a` and `m::postgres::a`, each with a place of its own. `on_both![no runtime: a]` is for
/// those that have no use for one.
macro_rules! on_both {
    (no runtime: $($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name($crate::support::Place::new()); })*
        }
        mod postgres {
            $(#[test] fn $name() { $crate::support::Place::on_postgres().map(super::$name); })*
        }
    };
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $name() { super::$name($crate::support::Place::new()).await; }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $name() {
                    if let Some(place) = $crate::support::Place::on_postgres() {
                        super::$name(place).await;
                    }
                }
            )*
        }
    };
}

/// What one agency has: a folder with `site` and `forms`, a database, a key.
pub struct Place {
    folder: TempDir,
    db: OsString,
}

impl Place {
    /// On SQLite, with the test's form, and an empty site.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("data/agency.db").into();
        Self { folder, db }.furnished()
    }

    /// The same on PostgreSQL. Where that is not installed there is none, which is said; on a build
    /// server, where `CI` is set, it is a failure.
    pub fn on_postgres() -> Option<Self> {
        let cluster = cluster::shared()?;
        Some(Self::on(cluster))
    }

    /// On a database of its own in this cluster.
    pub fn on(cluster: &cluster::Cluster) -> Self {
        Self::at(cluster.database())
    }

    /// On the database at this address.
    pub fn at(address: String) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), db: address.into() }.furnished()
    }

    fn furnished(self) -> Self {
        std::fs::create_dir(self.path("site")).unwrap();
        std::fs::create_dir(self.path("forms")).unwrap();
        std::fs::create_dir(self.path("data")).unwrap();
        self.write("forms/visit.json", FORM);
        self
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        std::fs::write(self.path(path), text).unwrap();
    }

    /// What `--db` says.
    pub fn db(&self) -> &OsString {
        &self.db
    }

    pub fn location(&self) -> Location {
        self.db.clone().into()
    }

    pub fn is_postgres(&self) -> bool {
        matches!(self.location(), Location::Postgres(_))
    }

    pub fn key(&self) -> PathBuf {
        self.path("data/agency.db.key")
    }

    pub async fn database(&self) -> Database {
        Database::create(&self.location()).await.unwrap()
    }

    /// Changes what is in the database, as no request could.
    pub async fn change(&self, sql: &str) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        let url = match self.location() {
            Location::File(path) => format!("sqlite:{}", path.display()),
            Location::Postgres(_) => self.db.to_str().unwrap().to_owned(),
        };
        match self.is_postgres() {
            true => {
                let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            }
            false => {
                let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
                sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            }
        }
    }

    /// The folder of files that arrive before their submission.
    pub fn uploads(&self) -> PathBuf {
        self.path("data/agency.db.uploads")
    }

    /// Starts the agency, as often as one likes.
    pub async fn start(&self) -> Client {
        self.start_with(Settings::default()).await
    }

    pub async fn start_with(&self, settings: Settings) -> Client {
        let database = self.database().await;
        let keys = Keys::make(&database, &self.key(), false).await.unwrap();
        let place = settings.uploads.unwrap_or_else(|| self.uploads().into());
        let (limit, keep) = (settings.upload_limit, settings.keep);
        let forms = Forms::load(self.path("forms"), &database, limit).await.unwrap();
        let uploads = Uploads::open(&database, &place, limit, keep).await.unwrap();
        let origins = settings.origins.iter().map(|origin| origin.parse().unwrap()).collect();
        let site = self.path("site");
        let agency = Agency::new(database.clone(), keys, forms, site, uploads, origins);
        Client { app: app(agency.clone()), agency, database }
    }
}

/// How an agency is started.
pub struct Settings {
    pub uploads: Option<UploadsPlace>,
    pub upload_limit: u64,
    pub keep: Duration,
    pub origins: Vec<&'static str>,
}

impl Default for Settings {
    fn default() -> Self {
        let keep = Duration::from_secs(14 * 24 * 60 * 60);
        Self { uploads: None, upload_limit: UPLOAD_LIMIT, keep, origins: Vec::new() }
    }
}

#[derive(Clone)]
pub struct Client {
    pub app: Router,
    pub agency: Agency,
    pub database: Database,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Client {
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// PUT as the phone does it.
    pub async fn put(&self, id: &str, body: &str) -> Answer {
        let path = format!("/api/submissions/{id}");
        let headers = [("content-type", "application/json")];
        self.send(Method::PUT, &path, &headers, body.to_owned()).await
    }
}

/// A submission of [`FORM`] with these answers.
pub fn submission(answers: Value) -> Submission {
    Submission {
        id: ID.to_owned(),
        form: "visit".to_owned(),
        version: "2569.1".to_owned(),
        definition: eform::digest(FORM.as_bytes()),
        language: "th".to_owned(),
        completed_at: "2026-03-01T08:14:03+07:00".to_owned(),
        replaces: None,
        answers: answers.as_object().cloned(),
        sealed: None,
        attachments: Vec::new(),
        uploads: Vec::new(),
    }
}

/// Answers that are right.
pub fn right() -> Value {
    json!({
        "name": "สมชาย ใจดี", "house": "27/1", "national_id": "1101700230708",
        "born": "1980-01-02", "members": 4, "has_land": true, "crops": ["rice", "maize"],
    })
}

pub fn body(submission: &Submission) -> String {
    serde_json::to_string(submission).unwrap()
}
