//! What the database knows of files that arrive before their submission. The bytes are elsewhere, in
//! objects; here are their names, how much has arrived, and who may still use it.
//!
//! Each change says what it was decided on (an offset, a try) and does nothing where that has changed
//! meanwhile, so any number of requests and processes may come at once.

use super::{Database, Pool};

/// An upload as the database has it. Numbers are bytes, but `expires`, which is seconds since 1970.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Upload {
    pub id: String,
    pub submission: String,
    pub sha256: String,
    pub definition: String,
    pub length: i64,
    pub arrived: i64,
    pub tries: i64,
    /// The whole file, once it is here and is the one that was announced.
    pub object: Option<String>,
    claimed: i64,
    pub expires: i64,
}

/// A piece of an upload.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Part {
    pub start: i64,
    pub length: i64,
    pub object: String,
}

/// What became of an upload that was to be removed.
pub(crate) enum Removed {
    /// It is gone; these are objects that nobody needs any more.
    Gone(Vec<String>),
    /// It is not there, or not to be removed.
    Not,
}

impl Upload {
    /// One of which nothing has arrived.
    pub fn new(
        id: String,
        submission: String,
        sha256: String,
        definition: String,
        length: u64,
        expires: i64,
    ) -> Self {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let (arrived, tries, object, claimed) = (0, 0, None, 0);
        Self {
            id,
            submission,
            sha256,
            definition,
            length,
            arrived,
            tries,
            object,
            claimed,
            expires,
        }
    }

    /// Does a received submission name it?
    pub fn is_claimed(&self) -> bool {
        self.claimed != 0
    }

    /// Have all bytes arrived, whatever they are?
    pub fn is_full(&self) -> bool {
        self.arrived == self.length
    }
}

impl Database {
    /// Notes that a file will arrive. One that is there for the same file of the same submission stays,
    /// unless its time is over at `now`. Gives the one that counts.
    pub(crate) async fn announce(&self, new: &Upload, now: i64) -> Result<Upload, sqlx::Error> {
        let begin = self.to_write();
        on!(self, pool => {
            let mut transaction = pool.begin_with(begin).await?;
            // Its objects are found by the next sweep.
            sqlx::query(
                "DELETE FROM upload WHERE submission = $1 AND sha256 = $2 AND length = $3
                   AND claimed = 0 AND expires <= $4",
            )
            .bind(&new.submission)
            .bind(&new.sha256)
            .bind(new.length)
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            sqlx::query(
                "INSERT INTO upload
                   (id, submission, sha256, length, definition, arrived, tries, claimed, expires)
                 VALUES ($1, $2, $3, $4, $5, 0, 0, 0, $6)
                 ON CONFLICT (submission, sha256, length) DO NOTHING",
            )
            .bind(&new.id)
            .bind(&new.submission)
            .bind(&new.sha256)
            .bind(new.length)
            .bind(&new.definition)
            .bind(new.expires)
            .execute(&mut *transaction)
            .await?;
            let there = sqlx::query_as(
                "SELECT * FROM upload WHERE submission = $1 AND sha256 = $2 AND length = $3",
            )
            .bind(&new.submission)
            .bind(&new.sha256)
            .bind(new.length)
            .fetch_one(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(there)
        })
    }

    /// The upload with this id.
    pub(crate) async fn upload(&self, id: &str) -> Result<Option<Upload>, sqlx::Error> {
        let ask = "SELECT * FROM upload WHERE id = $1";
        on!(self, pool => sqlx::query_as(ask).bind(id).fetch_optional(pool).await)
    }

    /// The upload of this file for this submission.
    pub(crate) async fn upload_for(
        &self,
        submission: &str,
        sha256: &str,
        length: i64,
    ) -> Result<Option<Upload>, sqlx::Error> {
        let ask = "SELECT * FROM upload WHERE submission = $1 AND sha256 = $2 AND length = $3";
        on!(self, pool => sqlx::query_as(ask)
            .bind(submission)
            .bind(sha256)
            .bind(length)
            .fetch_optional(pool)
            .await)
    }

    /// The object of a file that this submission, which was received, has claimed.
    pub(crate) async fn claimed(
        &self,
        submission: &str,
        sha256: &str,
    ) -> Result<Option<String>, sqlx::Error> {
        let ask = "SELECT object FROM upload WHERE submission = $1 AND sha256 = $2 AND claimed = 1";
        on!(self, pool => sqlx::query_scalar(ask)
            .bind(submission)
            .bind(sha256)
            .fetch_optional(pool)
            .await)
    }

    /// Adds pieces that follow each other from `from` on, all of them or none: `false` where the upload
    /// is not there any more, or does not end at `from`.
    pub(crate) async fn append(
        &self,
        id: &str,
        from: i64,
        parts: &[Part],
        expires: i64,
    ) -> Result<bool, sqlx::Error> {
        let begin = self.to_write();
        let more: i64 = parts.iter().map(|part| part.length).sum();
        on!(self, pool => {
            let mut transaction = pool.begin_with(begin).await?;
            let fits = sqlx::query(
                "UPDATE upload SET arrived = arrived + $3, expires = $4
                 WHERE id = $1 AND arrived = $2 AND arrived + $3 <= length AND object IS NULL",
            )
            .bind(id)
            .bind(from)
            .bind(more)
            .bind(expires)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
            if fits == 0 {
                return Ok(false);
            }
            for part in parts {
                sqlx::query(
                    "INSERT INTO upload_part (upload, start, length, object) VALUES ($1, $2, $3, $4)",
                )
                .bind(id)
                .bind(part.start)
                .bind(part.length)
                .bind(&part.object)
                .execute(&mut *transaction)
                .await?;
            }
            transaction.commit().await?;
            Ok(true)
        })
    }

    /// The pieces of an upload, from its first byte on.
    pub(crate) async fn parts(&self, id: &str) -> Result<Vec<Part>, sqlx::Error> {
        let ask = "SELECT start, length, object FROM upload_part WHERE upload = $1 ORDER BY start";
        on!(self, pool => sqlx::query_as(ask).bind(id).fetch_all(pool).await)
    }

    /// Notes the whole, which stands for the pieces from now on, and gives their names. None where this
    /// try is over: it was put together by another process, or was begun anew.
    pub(crate) async fn complete(
        &self,
        upload: &Upload,
        object: &str,
    ) -> Result<Option<Vec<String>>, sqlx::Error> {
        let begin = self.to_write();
        on!(self, pool => {
            let mut transaction = pool.begin_with(begin).await?;
            let fits = sqlx::query(
                "UPDATE upload SET object = $3
                 WHERE id = $1 AND tries = $2 AND arrived = length AND object IS NULL",
            )
            .bind(&upload.id)
            .bind(upload.tries)
            .bind(object)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
            if fits == 0 {
                return Ok(None);
            }
            let parts =
                sqlx::query_scalar("DELETE FROM upload_part WHERE upload = $1 RETURNING object")
                    .bind(&upload.id)
                    .fetch_all(&mut *transaction)
                    .await?;
            transaction.commit().await?;
            Ok(Some(parts))
        })
    }

    /// Begins an upload anew, as it was when this was seen of it, and gives the names of its pieces. None
    /// where it has changed meanwhile, or was claimed, and stays as it is.
    pub(crate) async fn begin_anew(
        &self,
        seen: &Upload,
    ) -> Result<Option<Vec<String>>, sqlx::Error> {
        let begin = self.to_write();
        on!(self, pool => {
            let mut transaction = pool.begin_with(begin).await?;
            let fits = sqlx::query(
                "UPDATE upload SET arrived = 0, tries = tries + 1, object = NULL
                 WHERE id = $1 AND tries = $2 AND claimed = 0 AND object IS NOT DISTINCT FROM $3",
            )
            .bind(&seen.id)
            .bind(seen.tries)
            .bind(&seen.object)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
            if fits == 0 {
                return Ok(None);
            }
            let parts =
                sqlx::query_scalar("DELETE FROM upload_part WHERE upload = $1 RETURNING object")
                    .bind(&seen.id)
                    .fetch_all(&mut *transaction)
                    .await?;
            transaction.commit().await?;
            Ok(Some(parts))
        })
    }

    /// Removes an upload that no submission has claimed; only if it expires at `by` or before.
    pub(crate) async fn remove_upload(&self, id: &str, by: i64) -> Result<Removed, sqlx::Error> {
        let begin = self.to_write();
        on!(self, pool => {
            let mut transaction = pool.begin_with(begin).await?;
            let parts: Vec<String> =
                sqlx::query_scalar("SELECT object FROM upload_part WHERE upload = $1")
                    .bind(id)
                    .fetch_all(&mut *transaction)
                    .await?;
            let removed: Option<Option<String>> = sqlx::query_scalar(
                "DELETE FROM upload WHERE id = $1 AND claimed = 0 AND expires <= $2 RETURNING object",
            )
            .bind(id)
            .bind(by)
            .fetch_optional(&mut *transaction)
            .await?;
            transaction.commit().await?;
            Ok(match removed {
                Some(whole) => Removed::Gone(parts.into_iter().chain(whole).collect()),
                None => Removed::Not,
            })
        })
    }

    /// Some of the uploads whose time is over at `now`.
    pub(crate) async fn expired(&self, now: i64) -> Result<Vec<String>, sqlx::Error> {
        let ask = "SELECT id FROM upload WHERE claimed = 0 AND expires <= $1 LIMIT 500";
        on!(self, pool => sqlx::query_scalar(ask).bind(now).fetch_all(pool).await)
    }

    /// Is there any upload, whatever has arrived of it?
    pub(crate) async fn has_uploads(&self) -> Result<bool, sqlx::Error> {
        let ask = "SELECT 1 FROM upload LIMIT 1";
        on!(self, pool => sqlx::query(ask).fetch_optional(pool).await.map(|row| row.is_some()))
    }

    /// Which of these objects, of which there is at least one, an upload needs.
    pub(crate) async fn known_objects(&self, names: &[String]) -> Result<Vec<String>, sqlx::Error> {
        on!(self, pool => {
            let mut ask = sqlx::QueryBuilder::new("SELECT object FROM upload WHERE object IN (");
            names.iter().fold(ask.separated(", "), |mut list, name| {
                list.push_bind(name);
                list
            });
            ask.push(") UNION ALL SELECT object FROM upload_part WHERE object IN (");
            names.iter().fold(ask.separated(", "), |mut list, name| {
                list.push_bind(name);
                list
            });
            ask.push(")").build_query_scalar().fetch_all(pool).await
        })
    }

    /// The name by which the place of uploads knows this database: this one, unless it has one already.
    pub(crate) async fn place_name(&self, new: &str) -> Result<String, sqlx::Error> {
        on!(self, pool => {
            sqlx::query("INSERT INTO upload_place (one, name) VALUES (1, $1) ON CONFLICT DO NOTHING")
                .bind(new)
                .execute(pool)
                .await?;
            sqlx::query_scalar("SELECT name FROM upload_place").fetch_one(pool).await
        })
    }

    /// How a transaction that will write begins. SQLite must know before it reads, or it may find that
    /// another has written meanwhile, and fail.
    pub(super) fn to_write(&self) -> &'static str {
        match self.pool {
            Pool::Sqlite(_) => "BEGIN IMMEDIATE",
            Pool::Postgres(_) => "BEGIN",
        }
    }
}
