//! The agency's database, a SQLite file or one on a PostgreSQL server: definitions as published, and
//! submissions with their receipts. It keeps what it is given and knows neither HTTP nor the rules of
//! a form.
//!
//! Both are asked in the same words: sqlx gives SQLite `$1` as PostgreSQL has it.

/// The same with the connections of either database.
macro_rules! on {
    ($database:expr, $pool:ident => $ask:expr) => {
        match &$database.pool {
            $crate::database::Pool::Sqlite($pool) => $ask,
            $crate::database::Pool::Postgres($pool) => $ask,
        }
    };
}

/// Writes the row of an [`Arrival`] and claims the files that went before it, in a transaction of either
/// database.
macro_rules! put {
    ($transaction:expr, $arrival:expr) => {
        async {
            let (transaction, arrival): (_, &$crate::database::Arrival<'_>) = ($transaction, $arrival);
            let receipt = arrival.receipt;
            let rows = sqlx::query(
                "INSERT INTO submission
                   (id, form, version, definition, replaces, body, digest, reference, received_at, signature)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
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
            .execute(&mut **transaction)
            .await?
            .rows_affected();
            if rows == 0 {
                return Ok($crate::database::Put::Taken);
            }
            for file in arrival.uploads {
                let claimed = sqlx::query(
                    "UPDATE upload SET claimed = 1 WHERE submission = $1 AND sha256 = $2
                       AND length = $3 AND object IS NOT NULL",
                )
                .bind(&receipt.id)
                .bind(&file.sha256)
                .bind(i64::try_from(file.size).unwrap_or(-1))
                .execute(&mut **transaction)
                .await?
                .rows_affected();
                if claimed == 0 {
                    return Ok($crate::database::Put::Missing(file.clone()));
                }
            }
            Ok::<_, sqlx::Error>($crate::database::Put::New)
        }
        .await
    };
}

mod backup;
mod connect;
mod location;
mod sealing;
mod together;
mod upload;

use eform::{Receipt, Uploaded};
use futures_util::{Stream, stream::BoxStream};
use sqlx::{FromRow as _, PgPool, SqlitePool};

pub use backup::BackupError;
pub use connect::DatabaseError;
pub use location::{Address, Location};
pub(crate) use upload::{Part, Removed, Upload};

/// The open database. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Database {
    pool: Pool,
    together: together::Together,
}

#[derive(Debug, Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A submission as it is kept: what arrived, and what was answered.
pub(crate) struct Arrival<'a> {
    pub form: &'a str,
    pub version: &'a str,
    pub definition: &'a str,
    pub replaces: Option<&'a str>,
    pub body: &'a [u8],
    pub receipt: &'a Receipt,
    /// The files that went before it.
    pub uploads: &'a [Uploaded],
}

/// What became of an [`Arrival`].
pub(crate) enum Kept {
    /// It is in the database now.
    New,
    /// The id was there already, with this receipt; nothing was written.
    Before(Receipt),
    /// Another submission has the reference; nothing was written.
    ReferenceTaken,
    /// Of a file that went before it, not all is here any more; nothing was written.
    Missing(Uploaded),
}

/// What became of a row in a transaction that is not over yet.
enum Put {
    New,
    /// Its id or its reference is there already.
    Taken,
    /// Of this file not all is here: nothing of the transaction may stay.
    Missing(Uploaded),
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
    /// Closes the connections; SQLite's last one folds the write-ahead log into the file.
    pub async fn close(&self) {
        on!(self, pool => pool.close().await);
    }

    /// Does the database answer, and may it be written? A standby of PostgreSQL answers, too.
    pub(crate) async fn ping(&self) -> Result<(), sqlx::Error> {
        let ask = match self.pool {
            Pool::Sqlite(_) => "SELECT 1",
            Pool::Postgres(_) => {
                "SELECT 1 WHERE NOT pg_is_in_recovery()
                   AND current_setting('transaction_read_only') = 'off'"
            }
        };
        on!(self, pool => sqlx::query(ask).fetch_one(pool).await.map(drop))
    }

    /// When the newest submission was received, as its receipt says it.
    pub(crate) async fn newest_received_at(&self) -> Result<Option<String>, sqlx::Error> {
        let ask = "SELECT received_at FROM submission ORDER BY number DESC LIMIT 1";
        on!(self, pool => sqlx::query_scalar(ask).fetch_optional(pool).await)
    }

    /// The thumbprint of the key that signs, once there is one.
    pub(crate) async fn kid(&self) -> Result<Option<String>, sqlx::Error> {
        on!(self, pool => sqlx::query_scalar("SELECT kid FROM signing_key").fetch_optional(pool).await)
    }

    /// Notes which key signs, if none is noted yet. Of two processes that do so at the same time, the
    /// first counts.
    pub(crate) async fn note_kid(&self, kid: &str) -> Result<(), sqlx::Error> {
        on!(self, pool => sqlx::query(
            "INSERT INTO signing_key (one, kid) VALUES (1, $1) ON CONFLICT DO NOTHING",
        )
        .bind(kid)
        .execute(pool)
        .await
        .map(drop))
    }

    /// Notes that another key signs from now on.
    pub(crate) async fn change_kid(&self, kid: &str) -> Result<(), sqlx::Error> {
        on!(self, pool => sqlx::query(
            "INSERT INTO signing_key (one, kid) VALUES (1, $1)
             ON CONFLICT (one) DO UPDATE SET kid = excluded.kid",
        )
        .bind(kid)
        .execute(pool)
        .await
        .map(drop))
    }

    /// Keeps a definition for good; the same digest again changes nothing.
    pub(crate) async fn keep_definition(
        &self,
        form: &eform::Form,
        bytes: &[u8],
        stored_at: &str,
    ) -> Result<(), sqlx::Error> {
        on!(self, pool => sqlx::query(
            "INSERT INTO definition (digest, form, version, bytes, stored_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digest) DO NOTHING",
        )
        .bind(form.digest())
        .bind(&form.definition().id)
        .bind(&form.definition().version)
        .bind(bytes)
        .bind(stored_at)
        .execute(pool)
        .await
        .map(drop))
    }

    /// The bytes of the definition with this digest.
    pub(crate) async fn definition(&self, digest: &str) -> Result<Option<Vec<u8>>, sqlx::Error> {
        // PostgreSQL knows no text with this character, and calls the question an error.
        if digest.contains('\0') {
            return Ok(None);
        }
        let ask = "SELECT bytes FROM definition WHERE digest = $1";
        on!(self, pool => sqlx::query_scalar(ask).bind(digest).fetch_optional(pool).await)
    }

    /// The bytes of the form's definition that was published last.
    pub(crate) async fn newest_definition(
        &self,
        form: &str,
    ) -> Result<Option<Vec<u8>>, sqlx::Error> {
        let ask = "SELECT bytes FROM definition WHERE form = $1 ORDER BY number DESC LIMIT 1";
        on!(self, pool => sqlx::query_scalar(ask).bind(form).fetch_optional(pool).await)
    }

    /// The receipt that was given for this id.
    pub(crate) async fn receipt(&self, id: &str) -> Result<Option<Receipt>, sqlx::Error> {
        on!(self, pool => sqlx::query(
            "SELECT id, reference, received_at, digest, signature FROM submission WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(pool)
        .await?
        .map(|row| ReceiptRow::from_row(&row).map(Receipt::from))
        .transpose())
    }

    /// Keeps a submission and its receipt, one row in one statement, and claims the files that went
    /// before it, in one transaction: so all or nothing. Of two that arrive together with one id, in
    /// whatever processes, the UNIQUE constraint lets one in; the other waits until that one is there to
    /// be read. In SQLite, those that arrive at the same time share a transaction: see [`together`].
    pub(crate) async fn keep(&self, arrival: &Arrival<'_>) -> Result<Kept, sqlx::Error> {
        let with_others = match &self.pool {
            Pool::Sqlite(pool) if arrival.body.len() <= together::LARGEST => {
                self.together.keep(pool, arrival).await
            }
            _ => None,
        };
        let is_new = match with_others {
            Some(is_new) => is_new,
            None => match self.put_alone(arrival).await? {
                Put::Missing(file) => return Ok(Kept::Missing(file)),
                put => matches!(put, Put::New),
            },
        };
        if is_new {
            return Ok(Kept::New);
        }
        Ok(match self.receipt(&arrival.receipt.id).await? {
            Some(before) => Kept::Before(before),
            None => Kept::ReferenceTaken,
        })
    }

    async fn put_alone(&self, arrival: &Arrival<'_>) -> Result<Put, sqlx::Error> {
        let begin = self.to_write();
        on!(self, pool => {
            if arrival.uploads.is_empty() {
                // One statement is a transaction of its own, and PostgreSQL is asked once instead of thrice.
                return put!(&mut pool.acquire().await?, arrival);
            }
            let mut transaction = pool.begin_with(begin).await?;
            let put = put!(&mut transaction, arrival)?;
            if !matches!(put, Put::Missing(_)) {
                transaction.commit().await?;
            }
            Ok(put)
        })
    }

    /// The submission with this id or this reference.
    pub(crate) async fn find(
        &self,
        id: &str,
        reference: &str,
    ) -> Result<Option<Record>, sqlx::Error> {
        on!(self, pool => sqlx::query_as("SELECT * FROM submission WHERE id = $1 OR reference = $2")
            .bind(id)
            .bind(reference)
            .fetch_optional(pool)
            .await)
    }

    /// All submissions, or those of one form, in the order of arrival.
    pub(crate) fn records(
        &self,
        form: Option<&str>,
    ) -> impl Stream<Item = Result<Record, sqlx::Error>> + Unpin {
        let ask = "SELECT * FROM submission WHERE $1 IS NULL OR form = $1 ORDER BY number";
        let form = form.map(str::to_owned);
        let records: BoxStream<'_, _> =
            on!(self, pool => sqlx::query_as(ask).bind(form).fetch(pool));
        records
    }

    /// The longest form id and version, in characters: how wide a list has to be.
    pub(crate) async fn widths(&self, form: Option<&str>) -> Result<(usize, usize), sqlx::Error> {
        let ask = "SELECT CAST(coalesce(max(length(form)), 0) AS BIGINT),
                          CAST(coalesce(max(length(version)), 0) AS BIGINT)
             FROM submission WHERE $1 IS NULL OR form = $1";
        let widths: (i64, i64) =
            on!(self, pool => sqlx::query_as(ask).bind(form).fetch_one(pool).await?);
        let width = |width| usize::try_from(width).unwrap_or(0);
        Ok((width(widths.0), width(widths.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The task that closes old connections may go round for ever, and is made only where one has an age.
    #[tokio::test]
    async fn no_connection_is_closed_for_its_age() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create(&folder.path().join("agency.db").into()).await.unwrap();
        let Pool::Sqlite(pool) = &database.pool else { panic!("it is SQLite") };
        let ages = (pool.options().get_idle_timeout(), pool.options().get_max_lifetime());
        assert_eq!(ages, (None, None));
    }

    #[tokio::test]
    async fn a_reference_that_is_taken_is_told_apart_from_an_id_that_is() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create(&folder.path().join("agency.db").into()).await.unwrap();
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
                uploads: &[],
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
