//! The command line. It only reads arguments and hands them on; what each command does is in the
//! module of its name.

use std::{
    io::{self, BufWriter, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Args, Parser, Subcommand};

use crate::{
    Contents, Database, DatabaseError, Format, Invalid, KeyError, Keys, StartError,
    conformance::{self, ConformanceError},
    private_file,
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
    },
    /// Check that a receipt was signed by this agency.
    Verify {
        /// The receipt, a JSON file.
        receipt: PathBuf,
        #[command(flatten)]
        db: Db,
    },
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
    /// The database; it is made when it is not there, and the key beside it (`FILE.key`).
    #[arg(long, default_value = "data/agency.db")]
    pub db: PathBuf,
    /// Address and port; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}

#[derive(Debug, Args)]
struct Db {
    /// The database.
    #[arg(long, default_value = "data/agency.db")]
    db: PathBuf,
}

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
    /// Nothing has this id or reference.
    #[error("no submission has the id or reference {0}")]
    NotFound(String),
    /// The database holds no definition and so no submission of this form.
    #[error("no form has the id {0}")]
    UnknownForm(String),
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        error: io::Error,
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
                let database = Database::open(&db.db).await?;
                pipe(crate::list(&database, form.as_deref(), &mut io::stdout().lock()).await)
            }
            Command::Show { id_or_reference, db } => {
                let database = Database::open(&db.db).await?;
                pipe(crate::show(&database, &id_or_reference, &mut io::stdout().lock()).await)
            }
            Command::Export { form, format, out, contents, db } => {
                let database = Database::open(&db.db).await?;
                let mut out = writer(out.as_deref())?;
                let contents = if contents { Contents::Whole } else { Contents::LeftOut };
                pipe(crate::export(&database, &form, format, contents, &mut out).await)
            }
            Command::Attachments { form, only, out, db } => {
                let database = Database::open(&db.db).await?;
                let count = crate::attachments(&database, &form, only.as_deref(), &out).await?;
                pipe(writeln!(io::stdout(), "{count}").map_err(CliError::from))
            }
            Command::Verify { receipt, db } => verify(&receipt, &db.db),
            // It is alone in its process, so it may block.
            Command::Conformance(options) => {
                Ok(conformance::run(&options, &mut io::stdout().lock())?)
            }
        }
    }
}

fn verify(path: &Path, db: &Path) -> Result<(), CliError> {
    let keys = Keys::load(db)?;
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
