//! `eform-agency keys`: the keys that answers are sealed to. The private ones are files in the hands of
//! officers; the database knows only which of them definitions name, and which are retired.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::PathBuf,
};

use eform::Form;
use time::OffsetDateTime;

use super::{
    key_file::{KeyFileError, SealingKey},
    passphrase::PassphraseFile,
};
use crate::{
    Database, DatabaseError,
    cli::{CliError, Db},
    receipt::timestamp,
};

/// What to do with keys.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Make a key that opens sealed answers, and print what the form's definition says of it.
    ///
    /// Do it on the computer where answers are read, not on the server. The file that is made is the
    /// only thing that opens what is sealed to the key, and only with its passphrase: if either is
    /// lost, the answers are lost, and nobody can bring them back. Keep two copies of the file in two
    /// places, and the passphrase apart from them. The file is in the format of age
    /// (age-encryption.org): `age --decrypt FILE` opens it too.
    New {
        /// The key's name, a new one for each key: 1 to 64 letters a-z and A-Z, digits, `-` and `_`.
        #[arg(long, value_name = "NAME")]
        kid: String,
        /// The file to make; it must not be there yet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        passphrase: PassphraseFile,
    },
    /// List the keys that forms name or named, how much is sealed to each, and which are retired.
    List {
        #[command(flatten)]
        db: Db,
    },
    /// Note that no definition should name a key any more: the server warns of one that does.
    ///
    /// Give the form a new key first. What is sealed to a retired key is received and opened as
    /// before, and phones that hold an older definition still seal to it: keep its file.
    Retire {
        /// The key's name.
        kid: String,
        #[command(flatten)]
        db: Db,
    },
}

/// Runs the command.
pub(crate) async fn run(command: Command, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        Command::New { kid, out: path, passphrase } => {
            let key = SealingKey::make(&kid)?;
            let passphrase = passphrase.new_one().map_err(KeyFileError::from)?;
            key.write(&path, &passphrase)?;
            let to = key.seal_to();
            let public = to.public_key;
            writeln!(out, r#""sealTo": {{ "kid": "{kid}", "publicKey": "{public}" }}"#)?;
            eprintln!(
                "This line goes into `submit` of the definition. {} and its passphrase are all that \
                 opens what is sealed to it: keep copies of both, in different places",
                path.display()
            );
            Ok(())
        }
        Command::List { db } => list(&Database::open(&db.location).await?, out).await,
        Command::Retire { kid, db } => {
            // It must be there already; then its tables are brought up to date.
            Database::open(&db.location).await?.close().await;
            let database = Database::create(&db.location).await?;
            retire(&database, &kid, out).await?;
            database.close().await;
            Ok(())
        }
    }
}

/// A key that definitions name or named.
#[derive(Default)]
struct Named {
    /// The forms whose newest definition names it.
    forms: Vec<String>,
    /// How many submissions are sealed to it.
    submissions: i64,
    retired_at: String,
}

async fn named(database: &Database) -> Result<BTreeMap<String, Named>, CliError> {
    let mut keys: BTreeMap<String, Named> = BTreeMap::new();
    let mut newest = BTreeMap::new();
    for published in database.definitions().await.map_err(DatabaseError::from)? {
        // What this program cannot read any more names no key that it knows.
        let Ok(form) = Form::parse(&published.bytes) else { continue };
        let kid = form.definition().submit.seal_to.as_ref().map(|to| to.kid.clone());
        if let Some(kid) = &kid {
            keys.entry(kid.clone()).or_default().submissions += published.submissions;
        }
        newest.insert(published.form, kid);
    }
    for (form, kid) in newest {
        if let Some(key) = kid.and_then(|kid| keys.get_mut(&kid)) {
            key.forms.push(form);
        }
    }
    for retired in database.retired().await.map_err(DatabaseError::from)? {
        keys.entry(retired.kid).or_default().retired_at = retired.retired_at;
    }
    Ok(keys)
}

async fn list(database: &Database, out: &mut dyn Write) -> Result<(), CliError> {
    let keys = named(database).await?;
    let kids = keys.keys().map(String::len).max().unwrap_or(0).max("kid".len());
    writeln!(out, "{:kids$}  submissions  {:20}  forms", "kid", "retired")?;
    for (kid, key) in keys {
        let forms = key.forms.join(", ");
        let line = format!("{kid:kids$}  {:11}  {:20}  {forms}", key.submissions, key.retired_at);
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

async fn retire(database: &Database, kid: &str, out: &mut dyn Write) -> Result<(), CliError> {
    let keys = named(database).await?;
    let key = keys.get(kid).ok_or_else(|| CliError::UnknownKey(kid.to_owned()))?;
    let now = timestamp(OffsetDateTime::now_utc()).map_err(io::Error::other)?;
    database.retire(kid, &now).await.map_err(DatabaseError::from)?;
    writeln!(out, "{kid} is retired. Keep its file: {} submissions need it", key.submissions)?;
    for form in &key.forms {
        writeln!(out, "the form {form} still names it: give its definition a new key")?;
    }
    Ok(())
}

/// Says in the log when a definition names a key that is retired.
pub(crate) async fn warn(database: &Database, form: &Form) -> Result<(), sqlx::Error> {
    let definition = form.definition();
    let Some(to) = &definition.submit.seal_to else { return Ok(()) };
    if database.retired().await?.iter().any(|retired| retired.kid == to.kid) {
        let (form, kid) = (&definition.id, &to.kid);
        tracing::warn!(%form, %kid, "this form seals to a retired key: give its definition a new one");
    }
    Ok(())
}
