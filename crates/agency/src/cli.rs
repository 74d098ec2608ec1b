//! The command line. It only reads arguments and hands them on; what each command does is in the
//! module of its name.

use std::{
    io::{self, BufWriter, Write},
    net::SocketAddr,
    num::NonZeroU32,
    path::{Path, PathBuf},
};

use axum::http::{HeaderName, HeaderValue};
use clap::{
    Args, Parser, Subcommand,
    builder::{OsStringValueParser, TypedValueParser as _},
};

use crate::{
    BackupError, Contents, Database, DatabaseError, Format, Invalid, KeyError, Keys, Location,
    Lookup, StartError, UPLOAD_LIMIT, UploadsError, UploadsPlace,
    conformance::{self, ConformanceError},
    import::Import,
    keys, private_file, sealed,
};

/// The receiving side of the form kit.
#[derive(Debug, Parser)]
#[command(name = "eform-agency", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site and its forms, and receive submissions.
    Serve(Serve),
    /// List what was received, oldest first.
    List {
        /// Only this form.
        #[arg(long)]
        form: Option<String>,
        #[command(flatten)]
        db: Db,
    },
    /// Print one submission and its receipt as JSON.
    Show {
        /// The submission's id or its reference, in any spelling of the reference.
        id_or_reference: String,
        #[command(flatten)]
        db: Db,
    },
    /// Write all submissions of a form as a table for spreadsheets or as JSON lines for programs.
    Export {
        /// The form's id.
        #[arg(long)]
        form: String,
        /// `csv` is for spreadsheets, `jsonl` for programs.
        #[arg(long, value_enum, default_value = "csv")]
        format: Format,
        /// The file to write; standard output without it.
        #[arg(long)]
        out: Option<PathBuf>,
        /// With `jsonl`: the contents of attached files too, in base 64.
        #[arg(long)]
        contents: bool,
        #[command(flatten)]
        db: Db,
        #[command(flatten)]
        uploads: UploadsAt,
    },
    /// Write the files that came with the submissions of a form, as REFERENCE-FIELD-N-name.
    Attachments {
        /// The form's id.
        #[arg(long)]
        form: String,
        /// Only those of the submission with this id or reference.
        #[arg(long)]
        only: Option<String>,
        /// The folder; not one that is served. Citizens' files can do harm: open them with care.
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        db: Db,
        #[command(flatten)]
        uploads: UploadsAt,
    },
    /// Take in what citizens saved as files, as if their phones had sent it; what is here already stays
    /// as it is. Prints the reference of each receipt.
    Import(Import),
    /// Check that a receipt was signed by this agency.
    Verify {
        /// The receipt, a JSON file.
        receipt: PathBuf,
        #[command(flatten)]
        db: Db,
        #[command(flatten)]
        key: KeyFile,
    },
    /// Copy a SQLite database while the server goes on. The key is a file of its own, and so are the
    /// files that arrived before their submission: copy them after it.
    Backup {
        /// The copy, a file that is not there yet.
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        db: Db,
        #[command(flatten)]
        key: KeyFile,
        #[command(flatten)]
        uploads: UploadsAt,
    },
    /// Make the key that signs receipts and have the database know it: once, before the first of
    /// several processes on a PostgreSQL database is started. Answers are sealed to others: `keys`.
    SigningKey {
        #[command(flatten)]
        db: Db,
        #[command(flatten)]
        key: KeyFile,
        /// Also where the database knows another key, which is lost.
        #[arg(long)]
        replace: bool,
    },
    /// Make, list and retire keys that answers are sealed to, so that only officers can read them.
    #[command(subcommand)]
    Keys(sealed::keys::Command),
    /// Open sealed submissions, with no server and no network, and write their answers and files.
    ///
    /// The answers are checked, since the server could not; what is wrong is printed, and written
    /// beside the answers. Whoever sealed them did not need to be honest.
    Open(sealed::open::Options),
    /// Test any endpoint, in whatever language it is written, against docs/protocol.md.
    Conformance(conformance::Options),
}

/// Where the server finds things.
#[derive(Debug, Args)]
pub struct Serve {
    /// The folder that is served at `/`.
    #[arg(long, default_value = "dist")]
    pub site: PathBuf,
    /// The folder of form definitions [default: `forms` in the site, or else public/forms].
    #[arg(long)]
    pub forms: Option<PathBuf>,
    /// What is received goes there; a SQLite file is made when it is not there.
    #[command(flatten)]
    pub db: Db,
    /// What signs receipts.
    #[command(flatten)]
    pub key: KeyFile,
    /// Where files go that arrive before their submission.
    #[command(flatten)]
    pub uploads: UploadsAt,
    /// The most bytes of one such file [default: 1 GiB].
    #[arg(long, value_name = "BYTES", default_value_t = UPLOAD_LIMIT, hide_default_value = true)]
    pub upload_limit: u64,
    /// How many days such a file is kept after its last byte when no submission names it.
    #[arg(long, value_name = "DAYS", default_value_t = 14,
          value_parser = clap::value_parser!(u16).range(1..))]
    pub keep_uploads: u16,
    /// The origin of a site, `https://HOST`, whose pages may send here too; as often as there are such.
    #[arg(long, value_name = "ORIGIN", value_parser = crate::origins::read)]
    pub origin: Vec<HeaderValue>,
    /// How many requests one address may make in a minute; further ones are told to wait (429). A
    /// submission is one, a file that goes before it one for each 256 KiB and two more. A village may
    /// share an address [default: as many as they like].
    #[arg(long, value_name = "A MINUTE")]
    pub rate: Option<NonZeroU32>,
    /// The header in which the proxy in front says whose request it is, as X-Real-IP or
    /// X-Forwarded-For. Whoever can come past the proxy can write it, too [default: who has the
    /// connection].
    #[arg(long, value_name = "HEADER", requires = "rate")]
    pub client_address: Option<HeaderName>,
    /// Start although the newest submission was received more than a day after what the clock says now:
    /// it was wrong then, and is right now.
    #[arg(long)]
    pub clock_is_right: bool,
    /// Address and port; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

/// Which database.
#[derive(Debug, Args)]
pub struct Db {
    /// The database: a SQLite file, or `postgres://USER@HOST/NAME`, whose password is better in
    /// PGPASSWORD or ~/.pgpass than here.
    #[arg(long = "db", default_value = "data/agency.db", value_name = "DB",
          value_parser = OsStringValueParser::new().map(Location::from))]
    pub location: Location,
}

/// Which key.
#[derive(Debug, Args)]
pub struct KeyFile {
    /// The key that signs receipts [default: beside the SQLite file, as `FILE.key`].
    #[arg(long = "key", value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// Where files are that arrived before their submission.
#[derive(Debug, Args)]
pub struct UploadsAt {
    /// The folder of files that arrive before their submission [default: beside the SQLite file, as
    /// `FILE.uploads`], or `s3://BUCKET/PREFIX`, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
    /// AWS_REGION, and AWS_ENDPOINT for what is not at Amazon.
    #[arg(long = "uploads", value_name = "PLACE",
          value_parser = OsStringValueParser::new().map(UploadsPlace::from))]
    pub place: Option<UploadsPlace>,
}

/// With PostgreSQL nothing is beside the database.
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "with PostgreSQL, --uploads PLACE says where files are that arrive before their submission: a \
     folder that all processes share, or s3://BUCKET/PREFIX"
)]
pub struct NoPlace;

/// Why a command failed: the text is what the officer sees.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The server did not start, or stopped.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The database cannot be read.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The key cannot be read.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There is no copy of the database.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// Nothing has this id or reference.
    #[error("no submission has the id or reference {0}")]
    NotFound(String),
    /// The database holds no definition and so no submission of this form.
    #[error("no form has the id {0}")]
    UnknownForm(String),
    /// The key that opens what is sealed cannot be read or made.
    #[error(transparent)]
    SealingKey(#[from] sealed::key_file::KeyFileError),
    /// Nothing is sealed to a key of this name.
    #[error("no definition in this database names or named the key {0}")]
    UnknownKey(String),
    /// The form's definition is not among those that were given.
    #[error("no --definition is of the form {0}")]
    NoDefinition(String),
    /// Something is still sealed.
    #[error(
        "{submissions} submissions and {files} files could not be opened; all else was written"
    )]
    Unopened {
        /// How many submissions.
        submissions: usize,
        /// How many files of others.
        files: usize,
    },
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// Nothing says where the files are.
    #[error(transparent)]
    NoPlace(#[from] NoPlace),
    /// A file that a submission has claimed cannot be read: the place is another one, or was not
    /// restored with the database.
    #[error("a file of submission {submission} cannot be read in {place}: {error}")]
    Upload {
        /// The place of the files.
        place: String,
        /// The submission's id.
        submission: String,
        /// What the system said.
        error: io::Error,
    },
    /// The place of files cannot be used.
    #[error("the place of uploads {place}: {error}")]
    UploadsPlace {
        /// The place of the files.
        place: String,
        /// What is wrong with it.
        error: UploadsError,
    },
    /// There are more codes than files, or fewer.
    #[error("{files} files and {codes} codes: give one code for each file, in their order")]
    Codes {
        /// How many codes were given.
        codes: usize,
        /// How many files.
        files: usize,
    },
    /// Some files were not written; why is said of each.
    #[error("{failed} of {of} files were not written")]
    NotWritten {
        /// How many.
        failed: usize,
        /// Of how many.
        of: usize,
    },
    /// Some files were not taken in; why is said of each.
    #[error("{failed} of {of} files were not taken in")]
    NotTaken {
        /// How many.
        failed: usize,
        /// Of how many.
        of: usize,
    },
    /// The receipt is not what this agency signed.
    #[error("this receipt is not valid: {0}")]
    Receipt(#[from] Invalid),
    /// The endpoint was not tested, or is not as the protocol says.
    #[error(transparent)]
    Conformance(#[from] ConformanceError),
    /// What was written could not be.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

impl Cli {
    /// Runs the command; `serve` returns when the server has stopped.
    pub async fn run(self) -> Result<(), CliError> {
        match self.command {
            Command::Serve(options) => Ok(crate::serve(options).await?),
            Command::List { form, db } => {
                let database = Database::open(&db.location).await?;
                pipe(crate::list(&database, form.as_deref(), &mut io::stdout().lock()).await)
            }
            Command::Show { id_or_reference, db } => {
                let database = Database::open(&db.location).await?;
                pipe(crate::show(&database, &id_or_reference, &mut io::stdout().lock()).await)
            }
            Command::Export { form, format, out, contents, db, uploads } => {
                let database = Database::open(&db.location).await?;
                let mut out = writer(out.as_deref())?;
                let uploads = Lookup::new(uploads.of(&db));
                let contents = if contents { Contents::Whole(&uploads) } else { Contents::LeftOut };
                pipe(crate::export(&database, &form, format, contents, &mut out).await)
            }
            Command::Attachments { form, only, out, db, uploads } => {
                let database = Database::open(&db.location).await?;
                let uploads = Lookup::new(uploads.of(&db));
                let only = only.as_deref();
                let count = crate::attachments(&database, &uploads, &form, only, &out).await?;
                pipe(writeln!(io::stdout(), "{count}").map_err(CliError::from))
            }
            Command::Import(options) => {
                pipe(crate::import::import(options, &mut io::stdout().lock()).await)
            }
            Command::Verify { receipt, db, key } => verify(&receipt, &key.of(&db)?),
            Command::Backup { out, db, key, uploads } => backup(&out, &db, key, uploads).await,
            Command::SigningKey { db, key, replace } => make_key(&db, &key.of(&db)?, replace).await,
            Command::Keys(command) => {
                pipe(sealed::keys::run(command, &mut io::stdout().lock()).await)
            }
            Command::Open(options) => {
                pipe(sealed::open::run(options, &mut io::stdout().lock()).await)
            }
            // It is alone in its process, so it may block.
            Command::Conformance(options) => {
                Ok(conformance::run(&options, &mut io::stdout().lock())?)
            }
        }
    }
}

impl UploadsAt {
    /// The place that was named, or else the one beside the SQLite file.
    pub(crate) fn of(self, db: &Db) -> Result<UploadsPlace, NoPlace> {
        match (self.place, &db.location) {
            (Some(place), _) => Ok(place),
            (None, Location::File(file)) => {
                let mut name = file.clone().into_os_string();
                name.push(".uploads");
                Ok(UploadsPlace::Folder(name.into()))
            }
            (None, Location::Postgres(_)) => Err(NoPlace),
        }
    }
}

impl KeyFile {
    pub(crate) fn of(self, db: &Db) -> Result<PathBuf, KeyError> {
        keys::place(&db.location, self.file)
    }
}

async fn backup(out: &Path, db: &Db, key: KeyFile, uploads: UploadsAt) -> Result<(), CliError> {
    let database = Database::open(&db.location).await?;
    database.backup(out).await?;
    database.close().await;
    let (out, key) = (out.display(), key.of(db)?);
    println!(
        "{out} has all that was received. Keep the key {} with it: it is not in the copy",
        key.display()
    );
    println!(
        "Nor are files that arrived before their submission: copy {} now, after it",
        uploads.of(db)?
    );
    Ok(())
}

async fn make_key(db: &Db, path: &Path, replace: bool) -> Result<(), CliError> {
    let database = Database::create(&db.location).await?;
    let keys = Keys::make(&database, path, replace).await?;
    database.close().await;
    println!(
        "{} signs from now on, with the thumbprint {}. Keep a copy of it with those of the database",
        path.display(),
        keys.kid()
    );
    Ok(())
}

fn verify(path: &Path, key: &Path) -> Result<(), CliError> {
    let keys = Keys::load(key)?;
    let bytes = std::fs::read(path).map_err(|error| file(path, error))?;
    let receipt = serde_json::from_slice(&bytes).map_err(|error| file(path, error.into()))?;
    crate::verify(&keys, &receipt)?;
    println!("valid: {} received {}", receipt.reference, receipt.received_at);
    Ok(())
}

fn writer(path: Option<&Path>) -> Result<Box<dyn Write>, CliError> {
    Ok(match path {
        Some(path) => {
            Box::new(BufWriter::new(private_file::create(path).map_err(|error| file(path, error))?))
        }
        None => Box::new(BufWriter::new(io::stdout())),
    })
}

pub(crate) fn file(path: &Path, error: io::Error) -> CliError {
    CliError::File { path: path.display().to_string(), error }
}

/// A reader such as `head` that closes the pipe early has what it wanted.
fn pipe(result: Result<(), CliError>) -> Result<(), CliError> {
    match result {
        Err(CliError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
