//! The agency's database, one SQLite file: definitions as published, and submissions with their
//! receipts. It keeps what it is given and knows neither HTTP nor the rules of a form.

use std::{io, path::Path, time::Duration};

use eform::Receipt;
use futures_util::{Stream, StreamExt as _};
use sqlx::{
    ConnectOptions as _, FromRow as _, Row as _, SqlitePool,
    sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
    },
};

use crate::private_file;

/// Why the database cannot be used. The text names the file, never what is in it.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file or its folder cannot be made.
    #[error("cannot make the database {path}: {error}")]
    Create {
        /// The database's file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The file is not there, or is not a database.
    #[error("cannot open the database {path}: {error}")]
    Open {
        /// The database's file.
        path: String,
        /// What SQLite said.
        error: sqlx::Error,
    },
    /// The tables cannot be brought up to date.
    #[error("cannot migrate the database: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A statement failed.
    #[error("the database failed: {0}")]
    Statement(#[from] sqlx::Error),
}

/// The open database. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Database {
    pool: SqlitePool,
}

/// A submission as it is kept: what arrived, and what was answered.
pub(crate) struct Arrival<'a> {
    pub form: &'a str,
    pub version: &'a str,
    pub definition: &'a str,
    pub replaces: Option<&'a str>,
    pub body: &'a [u8],
    pub receipt: &'a Receipt,
}

/// What became of an [`Arrival`].
pub(crate) enum Kept {
    /// It is in the database now.
    New,
    /// The id was there already, with this receipt; nothing was written.
    Before(Receipt),
    /// Another submission has the reference; nothing was written.
    ReferenceTaken,
}

/// A submission as officers read it.
#[derive(sqlx::FromRow)]
pub(crate) struct Record {
    pub form: String,
    pub version: String,
    pub body: Vec<u8>,
    #[sqlx(flatten)]
    pub receipt: ReceiptRow,
}

#[derive(sqlx::FromRow)]
pub(crate) struct ReceiptRow {
    id: String,
    reference: String,
    received_at: String,
    digest: String,
    signature: String,
}

impl From<ReceiptRow> for Receipt {
    fn from(row: ReceiptRow) -> Self {
        Self {
            id: row.id,
            reference: row.reference,
            received_at: row.received_at,
            digest: row.digest,
            signature: row.signature,
        }
    }
}

impl Database {
    /// Opens the database for the server: makes the file and its folder when they are not there.
    pub async fn create(path: &Path) -> Result<Self, DatabaseError> {
        prepare(path)
            .map_err(|error| DatabaseError::Create { path: path.display().to_string(), error })?;
        Self::connect(path).await
    }

    /// Opens a database that is there already.
    pub async fn open(path: &Path) -> Result<Self, DatabaseError> {
        Self::connect(path).await
    }

    async fn connect(path: &Path) -> Result<Self, DatabaseError> {
        // FULL: a receipt is a promise, so the row must have reached the disk before it is given.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options)
            .await
            .map_err(|error| DatabaseError::Open { path: path.display().to_string(), error })?;
        sqlx::migrate!().run(&pool).await?;
        Ok(Self { pool })
    }

    /// Closes the connections; the last one folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Does the database answer?
    pub(crate) async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.pool).await.map(drop)
    }

    /// Keeps a definition for good; the same digest again changes nothing.
    pub(crate) async fn keep_definition(
        &self,
        form: &eform::Form,
        bytes: &[u8],
        stored_at: &str,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO definition (digest, form, version, bytes, stored_at)
             VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING",
        )
        .bind(form.digest())
        .bind(&form.definition().id)
        .bind(&form.definition().version)
        .bind(bytes)
        .bind(stored_at)
        .execute(&self.pool)
        .await
        .map(drop)
    }

    /// The bytes of the definition with this digest.
    pub(crate) async fn definition(&self, digest: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
        sqlx::query_scalar("SELECT bytes FROM definition WHERE digest = ?")
            .bind(digest)
            .fetch_optional(&self.pool)
            .await
    }

    /// The bytes of the form's definition that was published last.
    pub(crate) async fn newest_definition(
        &self,
        form: &str,
    ) -> Result<Option<Vec<u8>>, sqlx::Error> {
        sqlx::query_scalar(
            "SELECT bytes FROM definition WHERE form = ? ORDER BY number DESC LIMIT 1",
        )
        .bind(form)
        .fetch_optional(&self.pool)
        .await
    }

    /// The receipt that was given for this id.
    pub(crate) async fn receipt(&self, id: &str) -> Result<Option<Receipt>, sqlx::Error> {
        sqlx::query(
            "SELECT id, reference, received_at, digest, signature FROM submission WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(&self.pool)
        .await?
        .map(|row| ReceiptRow::from_row(&row).map(Receipt::from))
        .transpose()
    }

    /// Keeps a submission and its receipt: one row in one statement, so both or neither. Of two
    /// that arrive together with one id, the UNIQUE constraint lets one in.
    pub(crate) async fn keep(&self, arrival: &Arrival<'_>) -> Result<Kept, sqlx::Error> {
        let receipt = arrival.receipt;
        let result = sqlx::query(
            "INSERT INTO submission
               (id, form, version, definition, replaces, body, digest, reference, received_at, signature)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(&receipt.id)
        .bind(arrival.form)
        .bind(arrival.version)
        .bind(arrival.definition)
        .bind(arrival.replaces)
        .bind(arrival.body)
        .bind(&receipt.digest)
        .bind(&receipt.reference)
        .bind(&receipt.received_at)
        .bind(&receipt.signature)
        .execute(&self.pool)
        .await?;
        if result.rows_affected() == 1 {
            return Ok(Kept::New);
        }
        Ok(match self.receipt(&receipt.id).await? {
            Some(before) => Kept::Before(before),
            None => Kept::ReferenceTaken,
        })
    }

    /// The submission with this id or this reference.
    pub(crate) async fn find(
        &self,
        id: &str,
        reference: &str,
    ) -> Result<Option<Record>, sqlx::Error> {
        sqlx::query_as("SELECT * FROM submission WHERE id = ? OR reference = ?")
            .bind(id)
            .bind(reference)
            .fetch_optional(&self.pool)
            .await
    }

    /// All submissions, or those of one form, in the order of arrival.
    pub(crate) fn records(
        &self,
        form: Option<&str>,
    ) -> impl Stream<Item = Result<Record, sqlx::Error>> + Unpin {
        sqlx::query_as("SELECT * FROM submission WHERE ?1 IS NULL OR form = ?1 ORDER BY number")
            .bind(form.map(str::to_owned))
            .fetch(&self.pool)
    }

    /// The longest form id and version, in characters: how wide a list has to be.
    pub(crate) async fn widths(&self, form: Option<&str>) -> Result<(usize, usize), sqlx::Error> {
        let row: SqliteRow = sqlx::query(
            "SELECT coalesce(max(length(form)), 0), coalesce(max(length(version)), 0)
             FROM submission WHERE ?1 IS NULL OR form = ?1",
        )
        .bind(form)
        .fetch_one(&self.pool)
        .await?;
        let width = |column| row.try_get::<i64, _>(column).map(|n| usize::try_from(n).unwrap_or(0));
        Ok((width(0)?, width(1)?))
    }

    /// Every field id that occurs in the answers of a form's submissions, sorted.
    pub(crate) async fn answered_fields(&self, form: &str) -> Result<Vec<String>, sqlx::Error> {
        sqlx::query_scalar(
            "SELECT DISTINCT answer.key
             FROM submission, json_each(CAST(submission.body AS TEXT), '$.answers') AS answer
             WHERE submission.form = ? ORDER BY answer.key",
        )
        .bind(form)
        .fetch(&self.pool)
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .collect()
    }
}

/// Makes the folder and an empty file, which SQLite takes for an empty database. The file holds
/// what citizens wrote, so only its owner may read it; SQLite gives its log the same mode.
fn prepare(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    match private_file::create_new(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reference_that_is_taken_is_told_apart_from_an_id_that_is() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create(&folder.path().join("agency.db")).await.unwrap();
        let bytes = br#"{ "id": "f", "version": "1", "title": "F", "languages": ["en"],
            "submit": { "url": "/" }, "pages": [{ "id": "p", "title": "P", "fields": [
            { "id": "a", "type": "text", "label": "A" }] }] }"#;
        let form = eform::Form::parse(bytes).unwrap();
        database.keep_definition(&form, bytes, "now").await.unwrap();
        let keep = async |id: &str, reference: &str| {
            let receipt = Receipt {
                id: id.to_owned(),
                reference: reference.to_owned(),
                received_at: "now".to_owned(),
                digest: String::new(),
                signature: String::new(),
            };
            let arrival = Arrival {
                form: "f",
                version: "1",
                definition: form.digest(),
                replaces: None,
                body: b"{}",
                receipt: &receipt,
            };
            database.keep(&arrival).await.unwrap()
        };
        assert!(matches!(keep("1", "AAAA").await, Kept::New));
        assert!(matches!(keep("2", "AAAA").await, Kept::ReferenceTaken));
        assert!(matches!(keep("2", "CCCC").await, Kept::New));
        let again = keep("1", "DDDD").await;
        assert!(matches!(again, Kept::Before(before) if before.reference == "AAAA"));
    }
}
