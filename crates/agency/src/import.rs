//! `eform-agency import`: what citizens saved as files goes in as if their phones had sent it, by the same
//! checks, and once: what is here already keeps its receipt.

use std::{
    fs,
    io::{self, BufRead as _, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;
use eform::{ProblemError, Receipt};

use crate::{
    Agency, Database, Error, Forms, Keys, Uploads,
    cli::{self, CliError, Db, KeyFile, UploadsAt},
    filed::{Filed, OpenError},
    receive, uploads,
};

/// How long a file stays whose submission is not taken, as with `serve`.
const KEEP: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// What to take in.
#[derive(Debug, Args)]
pub struct Import {
    /// The files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The code of the file; of several files once for each, in their order. Other users of this machine
    /// can see it. Without it and `--code-file`, each code is asked for.
    #[arg(long, value_name = "CODE", conflicts_with = "code_file")]
    code: Vec<String>,
    /// A file with the codes, one a line, in the order of the files.
    #[arg(long, value_name = "FILE")]
    code_file: Option<PathBuf>,
    #[command(flatten)]
    db: Db,
    #[command(flatten)]
    key: KeyFile,
    #[command(flatten)]
    uploads: UploadsAt,
}

/// Why a file was not taken in: the text is what the officer sees.
#[derive(Debug, thiserror::Error)]
enum ImportError {
    /// It cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It is refused as if the phone had sent it.
    #[error("not taken: {error}{}", findings(.error))]
    Refused {
        /// Why.
        #[from]
        error: Error,
    },
}

/// Takes all files in, one after the other. One that is not taken holds up no other.
pub(crate) async fn import(options: Import, out: &mut dyn Write) -> Result<(), CliError> {
    let codes = codes(&options)?;
    let key = options.key.of(&options.db)?;
    let place = options.uploads.of(&options.db)?;
    let database = Database::open(&options.db.location).await?;
    let keys = Keys::of(&database, &options.db.location, &key).await?;
    // The form says how large a file may be.
    let uploads = Uploads::open(&database, &place, u64::MAX, KEEP).await;
    let uploads =
        uploads.map_err(|error| CliError::UploadsPlace { place: place.to_string(), error })?;
    let agency =
        Agency::new(database.clone(), keys, Forms::stored(), PathBuf::new(), uploads, Vec::new());
    let mut failed = 0;
    for (at, path) in options.files.iter().enumerate() {
        let code = match codes.get(at) {
            Some(code) => code.clone(),
            None => ask(path)?,
        };
        let name = path.display();
        match take(&agency, path, &code).await {
            Ok((receipt, true)) => writeln!(out, "{name}: received as {}", receipt.reference)?,
            Ok((receipt, false)) => {
                writeln!(out, "{name}: had been received already, as {}", receipt.reference)?;
            }
            Err(error) => {
                failed += 1;
                eprintln!("{name}: {error}");
            }
        }
    }
    database.close().await;
    if failed == 0 { Ok(()) } else { Err(CliError::NotTaken { failed, of: options.files.len() }) }
}

/// The codes that were given: none, or one for each file.
fn codes(options: &Import) -> Result<Vec<String>, CliError> {
    let codes = match &options.code_file {
        Some(path) => {
            let text = fs::read_to_string(path).map_err(|error| cli::file(path, error))?;
            text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
        }
        None => options.code.clone(),
    };
    let are_given = options.code_file.is_some() || !codes.is_empty();
    match are_given && codes.len() != options.files.len() {
        true => Err(CliError::Codes { codes: codes.len(), files: options.files.len() }),
        false => Ok(codes),
    }
}

fn ask(path: &Path) -> io::Result<String> {
    eprint!("The code of {}: ", path.display());
    io::stderr().flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line)
}

/// The receipt, and whether it is new.
async fn take(agency: &Agency, path: &Path, code: &str) -> Result<(Receipt, bool), ImportError> {
    let mut filed = Filed::open(path, code)?;
    let head = filed.head.clone();
    if !receive::is_uuid(&head.id) {
        return Err(Error::IdNotUuid.into());
    }
    // What is here needs no files again, nor has it room for any.
    if agency.database().receipt(&head.id).await.map_err(Error::from)?.is_none() {
        for (number, file) in head.files.iter().enumerate() {
            let announced =
                uploads::announce_file(agency, &head.id, &file.sha256, &head.definition, file.size);
            let mut upload = announced.await?;
            // Where its bytes in this file begin.
            let mut at = 0;
            let mut left = file.size;
            while left > 0 {
                let Some((_, some)) = filed.more()?.filter(|(which, _)| *which == number) else {
                    return Err(OpenError::from(eform::filed::FiledError::Damaged).into());
                };
                let (from, to) = (at, at + some.len() as u64);
                (at, left) = (to, left - some.len() as u64);
                // The phone may have sent some of it itself.
                let has = upload.arrived.unsigned_abs();
                if has < to {
                    let skip = usize::try_from(has.saturating_sub(from)).unwrap_or(usize::MAX);
                    let new = some.get(skip..).unwrap_or_default().to_vec();
                    upload = uploads::add_bytes(agency, &upload, new).await?;
                }
            }
        }
    }
    Ok(receive::take(agency, &head.id, &filed.body).await?)
}

/// The single errors of a refusal, each by its field's place. No answer is in them.
fn findings(error: &Error) -> String {
    let (Error::Answers(errors) | Error::UploadsMissing(errors)) = error else {
        return String::new();
    };
    let line = |error: &ProblemError| format!("\n  {}: {}", error.pointer, error.detail);
    errors.iter().map(line).collect()
}
