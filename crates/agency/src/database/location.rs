//! Where the database is: a SQLite file or a PostgreSQL server. An address of a server may hold a
//! password, so nothing here prints it.

use std::{
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    str::FromStr as _,
};

use sqlx::postgres::PgConnectOptions;

/// What `--db` says.
#[derive(Clone)]
pub enum Location {
    /// A SQLite file: a path, or `sqlite:PATH`.
    File(PathBuf),
    /// `postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=…`.
    Postgres(Address),
}

/// The address of a database on a PostgreSQL server, perhaps with its password.
#[derive(Clone)]
pub struct Address(String);

/// The parameters that an address may have. What sqlx does not know it ignores, and writes into the
/// log with its value: a mistyped `sslmode` would be no TLS, a mistyped `password` no secret.
const PARAMETERS: [&str; 10] = [
    "application_name",
    "dbname",
    "host",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "user",
];

impl Location {
    /// The file, if it is one.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }
}

impl From<OsString> for Location {
    fn from(argument: OsString) -> Self {
        let Some(text) = argument.to_str() else { return Self::File(argument.into()) };
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Self::Postgres(Address(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").unwrap_or(text);
        Self::File(path.strip_prefix("//").unwrap_or(path).into())
    }
}

impl From<PathBuf> for Location {
    fn from(path: PathBuf) -> Self {
        Self::File(path)
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

impl Address {
    /// What it says, with what `PGPASSWORD` or `~/.pgpass` add. The error quotes none of it.
    pub(super) fn options(&self) -> Result<PgConnectOptions, String> {
        let query = self.0.split_once('?').map_or("", |(_, query)| query);
        let names = query.split('&').filter_map(|pair| pair.split('=').next());
        if names.filter(|name| !name.is_empty()).any(|name| !PARAMETERS.contains(&name)) {
            return Err(format!("of parameters it may have {}", PARAMETERS.join(", ")));
        }
        PgConnectOptions::from_str(&self.0).map_err(|error| error.to_string())
    }
}

/// The server and the database, without user and password.
pub(super) fn told(options: &PgConnectOptions) -> String {
    let host = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => options.get_host().to_owned(),
    };
    let name = options.get_database().unwrap_or_default();
    format!("postgres://{host}:{}/{name}", options.get_port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_file_and_an_address_a_server() {
        for (argument, expected) in [
            ("data/agency.db", Some("data/agency.db")),
            ("sqlite:data/agency.db", Some("data/agency.db")),
            ("sqlite://data/agency.db", Some("data/agency.db")),
            ("sqlite:///srv/agency.db", Some("/srv/agency.db")),
            ("postgres.db", Some("postgres.db")),
            ("postgres://db/agency", None),
            ("postgresql://db/agency", None),
        ] {
            let location = Location::from(OsString::from(argument));
            assert_eq!(location.file(), expected.map(Path::new), "{argument}");
        }
    }

    #[test]
    fn nothing_that_is_said_of_an_address_has_its_password() {
        for address in [
            "postgres://agency:s3cret@db.example:6432/forms",
            "postgres://db.example:6432/forms?user=agency&password=s3cret",
            "postgres://agency:s3cret#@db.example:6432/forms",
            "postgres://agency:s3cret@db.example:port/forms",
            "postgres://db.example/forms?passwort=s3cret",
            "postgres://db.example/forms?s3cret",
        ] {
            let location = Location::from(OsString::from(address));
            let Location::Postgres(parsed) = &location else { panic!("{address}") };
            let said = match parsed.options() {
                Ok(options) => told(&options),
                Err(error) => error,
            };
            assert!(!said.contains("s3cret"), "{said}");
            assert!(!format!("{location:?}").contains("s3cret"));
        }
        let parsed = Address("postgres://u:p@db.example:6432/forms".to_owned()).options().unwrap();
        assert_eq!(told(&parsed), "postgres://db.example:6432/forms");
    }
}
