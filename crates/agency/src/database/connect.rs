//! Opens a database: makes what is not there, brings its tables up to date, and has every commit wait for
//! the disk.

use std::{io, path::Path, time::Duration};

use sqlx::{
    ConnectOptions as _,
    migrate::Migrator,
    pool::PoolOptions,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::{Database, Location, Pool, location, together::Together};
use crate::private_file;

/// How long a statement waits for a connection, and SQLite for another process that writes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections of one process to a PostgreSQL server, which takes 100 from all unless told otherwise.
const POSTGRES_CONNECTIONS: u32 = 8;

/// Connections of one process to its file: one writes at a time, the others read.
const SQLITE_CONNECTIONS: u32 = 4;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Why the database cannot be used. The text names the file or the server, never a password, and
/// never what is in it.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file or its folder cannot be made.
    #[error("cannot make the database {path}: {error}")]
    Create {
        /// The database's file.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// The address of a server cannot be read.
    #[error("--db is not postgres://USER:PASSWORD@HOST:PORT/NAME, with %XX for signs in them: {0}")]
    Address(String),
    /// The file or the server is not there, or what is there is not an agency's database.
    #[error("cannot open the database {place}: {error}")]
    Open {
        /// The file, or the server and the name there.
        place: String,
        /// What the database said.
        error: sqlx::Error,
    },
    /// The tables cannot be brought up to date.
    #[error("cannot migrate the database: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A statement failed.
    #[error("the database failed: {0}")]
    Statement(#[from] sqlx::Error),
}

impl Database {
    /// Opens the database for the server: brings its tables up to date, and makes a SQLite file and its
    /// folder when they are not there. On PostgreSQL, several processes that do so wait for each other.
    pub async fn create(location: &Location) -> Result<Self, DatabaseError> {
        if let Some(path) = location.file() {
            prepare(path).map_err(|error| DatabaseError::Create {
                path: path.display().to_string(),
                error,
            })?;
        }
        let (database, _) = Self::connect(location).await?;
        match &database.pool {
            Pool::Sqlite(pool) => SQLITE.run(pool).await?,
            Pool::Postgres(pool) => POSTGRES.run(pool).await?,
        }
        Ok(database)
    }

    /// Opens a database that is there already. Nothing in it is changed, so a user that may only read
    /// will do.
    pub async fn open(location: &Location) -> Result<Self, DatabaseError> {
        let (database, place) = Self::connect(location).await?;
        let ask = "SELECT 1 FROM submission LIMIT 1";
        on!(database, pool => sqlx::query(ask).execute(pool).await.map(drop))
            .map_err(|error| DatabaseError::Open { place, error })?;
        Ok(database)
    }

    /// The database, and what it is called in messages.
    async fn connect(location: &Location) -> Result<(Self, String), DatabaseError> {
        let (place, pool) = match location {
            Location::File(path) => (path.display().to_string(), sqlite(path).await),
            Location::Postgres(address) => {
                let options = address.options().map_err(DatabaseError::Address)?;
                (location::told(&options), postgres(options).await)
            }
        };
        match pool {
            Ok(pool) => Ok((Self { pool, together: Together::default() }, place)),
            Err(error) => Err(DatabaseError::Open { place, error }),
        }
    }
}

/// A pool of at most so many connections. None is closed for its age: the task that would do so goes round
/// for ever where it looks just as a connection comes back (sqlx 0.9.0,
/// <https://github.com/transact-rs/sqlx/issues/3645>), and then a program cannot end, or a server has a thread
/// less. One that has broken is found as it is taken.
fn pooled<DB: sqlx::Database>(most: u32) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(most)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
}

async fn sqlite(path: &Path) -> Result<Pool, sqlx::Error> {
    // FULL: a receipt is a promise, so the row must have reached the disk before it is given.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        .disable_statement_logging();
    pooled(SQLITE_CONNECTIONS).connect_with(options).await.map(Pool::Sqlite)
}

async fn postgres(options: sqlx::postgres::PgConnectOptions) -> Result<Pool, sqlx::Error> {
    // As SQLite's FULL, also where the server is told to be quick instead; stricter settings stay.
    let durable = "SELECT set_config('synchronous_commit', 'on', false)
         WHERE current_setting('synchronous_commit') = 'off'";
    let pool: PgPoolOptions = pooled(POSTGRES_CONNECTIONS);
    let pool = pool.after_connect(move |connection, _| {
        Box::pin(async move { sqlx::query(durable).execute(connection).await.map(drop) })
    });
    pool.connect_with(options.disable_statement_logging()).await.map(Pool::Postgres)
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
