//! The database without the agency: writers that insert the same rows into the same tables, a transaction
//! for each, and each waits for the disk as the agency does. Nothing is read, checked, signed or answered,
//! so no agency with a transaction for each submission can be faster.

use std::{
    ffi::OsString,
    time::{Duration, Instant},
};

use eform::Receipt;
use eform_agency::{Database, Location};
use sqlx::{
    Connection as _, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::task::JoinSet;

use crate::{Result, sample::Sent, server::Server};

const INSERT: &str = "INSERT INTO submission
    (id, form, version, definition, replaces, body, digest, reference, received_at, signature)
    VALUES ($1, $2, $3, $4, NULL, $5, $6, $7, $8, $9)";

/// A database with the agency's tables.
pub struct Bare {
    address: String,
    form: String,
    version: String,
    definition: String,
}

/// The same with either database.
macro_rules! with {
    ($writer:expr, $connection:ident => $ask:expr) => {
        match $writer {
            Writer::Sqlite($connection) => $ask.await.map(drop),
            Writer::Postgres($connection) => $ask.await.map(drop),
        }
    };
}

enum Writer {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Writer {
    /// As the agency opens it.
    async fn open(address: &str) -> Result<Self> {
        let opened = if address.starts_with("postgres://") {
            let mut connection =
                PgConnection::connect(address).await.map_err(|error| error.to_string())?;
            let durable = "SET synchronous_commit = on";
            let set = sqlx::query(durable).execute(&mut connection).await;
            set.map(|_| Self::Postgres(connection))
        } else {
            let options = SqliteConnectOptions::new()
                .filename(address)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(60))
                .foreign_keys(true);
            SqliteConnection::connect_with(&options).await.map(Self::Sqlite)
        };
        opened.map_err(|error| error.to_string())
    }
}

impl Bare {
    /// One beside the server's, made by the agency's own code.
    pub async fn beside(server: &Server) -> Result<Self> {
        let address = server.other();
        let location = Location::from(OsString::from(&address));
        let made = Database::create(&location).await.map_err(|error| error.to_string())?;
        made.close().await;
        let bytes = std::fs::read(crate::sample::forms().join("farmer-registration.json"));
        let bytes = bytes.map_err(|error| error.to_string())?;
        let form = eform::Form::parse(&bytes).map_err(|error| error.to_string())?;
        let bare = Self {
            address,
            form: form.definition().id.clone(),
            version: form.definition().version.clone(),
            definition: form.digest().to_owned(),
        };
        let insert = "INSERT INTO definition (digest, form, version, bytes, stored_at)
             VALUES ($1, $2, $3, $4, '')";
        let mut writer = Writer::open(&bare.address).await?;
        with!(&mut writer, connection => sqlx::query(insert)
            .bind(&bare.definition)
            .bind(&bare.form)
            .bind(&bare.version)
            .bind(&bytes)
            .execute(connection))
        .map_err(|error| error.to_string())?;
        Ok(bare)
    }

    /// So many writers at once insert these rows. How long it took, and each of them.
    pub async fn turn(
        &self,
        rows: Vec<(Sent, Receipt)>,
        writers: usize,
    ) -> Result<(Duration, Vec<Duration>)> {
        let mut shares: Vec<Vec<(Sent, Receipt)>> = (0..writers).map(|_| Vec::new()).collect();
        for (at, row) in rows.into_iter().enumerate() {
            shares[at % writers].push(row);
        }
        let mut ready = Vec::new();
        for share in shares {
            ready.push((Writer::open(&self.address).await?, share));
        }
        let begin = Instant::now();
        let mut under_way = JoinSet::new();
        for (writer, share) in ready {
            let (form, version) = (self.form.clone(), self.version.clone());
            let definition = self.definition.clone();
            under_way.spawn(insert(writer, share, [form, version, definition]));
        }
        let mut waits = Vec::new();
        while let Some(share) = under_way.join_next().await {
            waits.extend(share.map_err(|error| error.to_string())??);
        }
        Ok((begin.elapsed(), waits))
    }
}

async fn insert(
    mut writer: Writer,
    rows: Vec<(Sent, Receipt)>,
    [form, version, definition]: [String; 3],
) -> Result<Vec<Duration>> {
    let mut waits = Vec::with_capacity(rows.len());
    for (sent, receipt) in rows {
        let begin = Instant::now();
        with!(&mut writer, connection => sqlx::query(INSERT)
            .bind(&sent.id)
            .bind(&form)
            .bind(&version)
            .bind(&definition)
            .bind(sent.body.as_bytes())
            .bind(&receipt.digest)
            .bind(&receipt.reference)
            .bind(&receipt.received_at)
            .bind(&receipt.signature)
            .execute(connection))
        .map_err(|error| error.to_string())?;
        waits.push(begin.elapsed());
    }
    Ok(waits)
}

/// How many submissions are in a database.
pub async fn count(address: &str) -> Result<usize> {
    let ask = "SELECT count(*) FROM submission";
    let count: std::result::Result<i64, sqlx::Error> = match Writer::open(address).await? {
        Writer::Sqlite(mut it) => sqlx::query_scalar(ask).fetch_one(&mut it).await,
        Writer::Postgres(mut it) => sqlx::query_scalar(ask).fetch_one(&mut it).await,
    };
    count.map(|count| usize::try_from(count).unwrap_or(0)).map_err(|error| error.to_string())
}
