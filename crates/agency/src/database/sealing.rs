//! Which keys what was received is sealed to, and which of them are retired.

use super::Database;

/// A definition that was published, and what came of it.
#[derive(sqlx::FromRow)]
pub(crate) struct Published {
    pub form: String,
    pub bytes: Vec<u8>,
    /// How many submissions were filled in with it.
    pub submissions: i64,
}

/// A key that no definition should name any more.
#[derive(sqlx::FromRow)]
pub(crate) struct Retired {
    pub kid: String,
    /// RFC 3339.
    pub retired_at: String,
}

impl Database {
    /// Every definition that was ever published, the oldest first.
    pub(crate) async fn definitions(&self) -> Result<Vec<Published>, sqlx::Error> {
        let ask = "SELECT form, bytes,
                 (SELECT count(*) FROM submission WHERE definition = published.digest) AS submissions
             FROM definition AS published ORDER BY number";
        on!(self, pool => sqlx::query_as(ask).fetch_all(pool).await)
    }

    /// The keys that are retired.
    pub(crate) async fn retired(&self) -> Result<Vec<Retired>, sqlx::Error> {
        let ask = "SELECT kid, retired_at FROM retired_key ORDER BY retired_at, kid";
        on!(self, pool => sqlx::query_as(ask).fetch_all(pool).await)
    }

    /// Notes that no definition should name this key any more. When it was noted first, stays.
    pub(crate) async fn retire(&self, kid: &str, at: &str) -> Result<(), sqlx::Error> {
        on!(self, pool => sqlx::query(
            "INSERT INTO retired_key (kid, retired_at) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(kid)
        .bind(at)
        .execute(pool)
        .await
        .map(drop))
    }
}
