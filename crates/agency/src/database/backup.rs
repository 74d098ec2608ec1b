//! A copy of a SQLite database as it is at one moment, while the server goes on.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use super::{Database, Pool};
use crate::private_file;

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The copy's file cannot be made, or is there already.
    #[error("cannot write the copy {path}: {error}")]
    File {
        /// The copy.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// The database cannot be read, or the disk is full.
    #[error("the copy could not be made: {0}")]
    Statement(#[from] sqlx::Error),
    /// PostgreSQL brings a tool of its own.
    #[error(
        "of a PostgreSQL database pg_dump makes the copy: pg_dump --format=custom --file=FILE --dbname=postgres://…; \
         keep the key that signs receipts with it, and copy the files that arrived before their submission \
         after it"
    )]
    Postgres,
}

impl Database {
    /// Writes all that is in a SQLite database into a new file, which only its owner may read. What
    /// had a receipt before this began is in it. The key is not.
    pub async fn backup(&self, out: &Path) -> Result<(), BackupError> {
        let Pool::Sqlite(pool) = &self.pool else { return Err(BackupError::Postgres) };
        let told = |error| BackupError::File { path: out.display().to_string(), error };
        let Some(path) = out.to_str() else {
            return Err(told(io::Error::new(io::ErrorKind::InvalidFilename, "not UTF-8")));
        };
        // An empty file is as none to SQLite, and so the copy has its mode.
        private_file::create_new(out).map_err(told)?;
        let copied = match sqlx::query("VACUUM INTO $1").bind(path).execute(pool).await {
            Ok(_) => reach_disk(out).map_err(told),
            Err(error) => Err(error.into()),
        };
        if copied.is_err() {
            // Half a copy must not be taken for one. What is said is why it is not whole.
            let _ = fs::remove_file(out);
        }
        copied
    }
}

/// SQLite does not wait for the disk where it vacuums into another file.
fn reach_disk(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    if cfg!(unix) { File::open(private_file::parent(path))?.sync_all() } else { Ok(()) }
}
