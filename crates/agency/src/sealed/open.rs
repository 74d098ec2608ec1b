//! `eform-agency open`: opens sealed submissions where officers work, with no server and no network,
//! and writes what `export` and `attachments` write of others. What the server could not check is
//! checked here, by the same engine. Plain text goes where the officer says, and nowhere else.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufWriter, Write},
    path::PathBuf,
};

use eform::{Form, ProblemError, Receipt};

use super::{
    files::Folders,
    key_file::{KeyFileError, SealingKey},
    opener::Opener,
    passphrase::PassphraseFile,
    sheet::Sheet,
    source::{Received, Source},
};
use crate::{
    Database, Format, Lookup,
    cli::{CliError, Db, UploadsAt, file},
    export, private_file, receipt,
};

/// What to open, and where to write it.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The form's id.
    #[arg(long)]
    form: String,
    /// A key that `eform-agency keys new` made; several where some are retired. Each asks for its own
    /// passphrase.
    #[arg(long, required = true, value_name = "FILE")]
    sealing_key: Vec<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseFile,
    /// Where the answers go in the clear, a file that is there is written anew.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// `csv` is for spreadsheets, `jsonl` for programs.
    #[arg(long, value_enum, default_value = "csv")]
    format: Format,
    /// A folder where the files go in the clear, as REFERENCE-FIELD-N-name; without it they are only
    /// checked. Citizens' files can do harm: open them with care.
    #[arg(long, value_name = "FOLDER")]
    files: Option<PathBuf>,
    /// Only the submission with this id or reference.
    #[arg(long)]
    only: Option<String>,
    /// Read what `eform-agency export --format jsonl` wrote, instead of a database.
    #[arg(long, value_name = "FILE", requires = "definition", conflicts_with = "location")]
    from: Option<PathBuf>,
    /// With --from: the form's definition, and each older one that was filled in, the newest last.
    #[arg(long, value_name = "FILE", requires = "from")]
    definition: Vec<PathBuf>,
    /// A folder with what `eform-agency attachments` wrote of sealed submissions, where the contents of
    /// files are not in the export.
    #[arg(long, value_name = "FOLDER")]
    sealed_files: Option<PathBuf>,
    #[command(flatten)]
    db: Db,
    #[command(flatten)]
    uploads: UploadsAt,
}

/// Runs the command; `out` is told what is wrong.
pub(crate) async fn run(options: Options, out: &mut dyn Write) -> Result<(), CliError> {
    let mut keys = BTreeMap::new();
    for path in &options.sealing_key {
        let passphrase = options.passphrase.of(path).map_err(KeyFileError::from)?;
        let key = SealingKey::read(path, &passphrase)?;
        keys.insert(key.kid.clone(), key);
    }
    let Options { form, out: plain, format, files, only, sealed_files, .. } = options;
    let source = match &options.from {
        Some(path) => Source::export(path, &form, &options.definition)?,
        None => {
            let database = Database::open(&options.db.location).await?;
            Source::database(database, Lookup::new(options.uploads.of(&options.db)), &form).await?
        }
    };
    let folders = Folders { sealed: sealed_files, plain: files };
    let opener = Opener { keys, folders };
    write(&opener, source, only.as_deref(), &plain, format, out).await
}

async fn write(
    opener: &Opener,
    mut source: Source,
    only: Option<&str>,
    plain: &std::path::Path,
    format: Format,
    told: &mut dyn Write,
) -> Result<(), CliError> {
    let is_asked = |receipt: &Receipt| {
        only.is_none_or(|only| receipt.id == only || receipt.reference == receipt::normalise(only))
    };
    let mut digests = BTreeSet::new();
    source
        .each(&mut async |Received { submission, receipt, .. }| {
            if is_asked(&receipt) {
                digests.insert(submission.definition);
            }
            Ok(())
        })
        .await?;
    if let (Some(only), true) = (only, digests.is_empty()) {
        return Err(CliError::NotFound(only.to_owned()));
    }
    // The columns are those of all definitions. What somebody sealed of his own is told as an error, and
    // makes no column in the rows of all others.
    let mut fields = BTreeSet::new();
    for digest in &digests {
        source.load(digest).await?;
        let form = source.known(digest).into_iter().flat_map(Form::fields);
        fields.extend(form.filter(|field| field.parent.is_none()).map(|field| field.id.clone()));
    }
    opener.folders.make()?;
    let out = private_file::create(plain).map_err(|error| file(plain, error))?;
    let columns = export::columns(&source.newest, fields);
    let mut sheet = Sheet::new(format, columns, BufWriter::new(out))?;
    let mut count = Count::default();
    // Where nobody reads on, what was opened is written all the same.
    let mut tell = |line: String| _ = writeln!(told, "{line}");
    source
        .each(&mut async |received| {
            if !is_asked(&received.receipt) {
                return Ok(());
            }
            let reference = received.receipt.reference.clone();
            match opener.open(&source, received).await? {
                Err(why) => {
                    count.unopened += 1;
                    tell(format!("{reference}  not opened: {why}"));
                }
                Ok(opened) => {
                    count.opened += 1;
                    count.wrong += usize::from(!opened.errors.is_empty());
                    for ProblemError { pointer, code, detail, .. } in &opened.errors {
                        // A pointer may be anything that somebody sealed.
                        let pointer = pointer.escape_debug();
                        tell(format!("{reference}  {pointer}  {code}  {detail}"));
                    }
                    count.files += opened.unopened.len();
                    for why in &opened.unopened {
                        tell(format!("{reference}  a file was not opened: {why}"));
                    }
                    sheet.write(opened)?;
                }
            }
            Ok(())
        })
        .await?;
    sheet.finish()?;
    let Count { opened, wrong, unopened, files } = count;
    tell(format!("{opened} opened, {wrong} of them with errors; {unopened} not opened"));
    match unopened + files {
        0 => Ok(()),
        _ => Err(CliError::Unopened { submissions: unopened, files }),
    }
}

#[derive(Default)]
struct Count {
    opened: usize,
    wrong: usize,
    unopened: usize,
    files: usize,
}
