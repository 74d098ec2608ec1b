//! `eform-agency open`: opens sealed submissions where officers work, with no server and no network,
//! and writes what `export` and `attachments` write of others. What the server could not check is
//! checked here, by the same engine. Plain text goes where the officer says, and nowhere else.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use eform::{Date, Enclosed, Finding, Form, ProblemError, Receipt, Session, Submission};
use eform_seal::{FileOpener, open_answers};
use serde_json::Map;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    key_file::{KeyFileError, SealingKey},
    passphrase::PassphraseFile,
    sheet::{Opened, Sheet},
    source::Source,
};
use crate::{
    Database, Format, attachments,
    cli::{CliError, Db, file},
    export, private_file, receipt, receive,
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
}

/// What opens submissions.
struct Opener<'a> {
    keys: BTreeMap<String, SealingKey>,
    sealed_files: Option<&'a Path>,
}

/// Runs the command; `out` is told what is wrong.
pub(crate) async fn run(options: Options, out: &mut dyn Write) -> Result<(), CliError> {
    let mut keys = BTreeMap::new();
    for path in &options.sealing_key {
        let passphrase = options.passphrase.of(path).map_err(KeyFileError::from)?;
        let key = SealingKey::read(path, &passphrase)?;
        keys.insert(key.kid.clone(), key);
    }
    let opener = Opener { keys, sealed_files: options.sealed_files.as_deref() };
    let source = match &options.from {
        Some(path) => Source::file(path, &options.form, &options.definition)?,
        None => {
            let database = Database::open(&options.db.location).await?;
            Source::database(database, &options.form).await?
        }
    };
    write(&opener, source, &options, out).await
}

async fn write(
    opener: &Opener<'_>,
    mut source: Source,
    options: &Options,
    told: &mut dyn Write,
) -> Result<(), CliError> {
    let only = |receipt: &Receipt| {
        options
            .only
            .as_ref()
            .is_none_or(|only| receipt.id == *only || receipt.reference == receipt::normalise(only))
    };
    let mut digests = BTreeSet::new();
    source
        .each(&mut async |submission, receipt| {
            if only(&receipt) {
                digests.insert(submission.definition);
            }
            Ok(())
        })
        .await?;
    if let (Some(only), true) = (&options.only, digests.is_empty()) {
        return Err(CliError::NotFound(only.clone()));
    }
    // The columns are those of all definitions. What somebody sealed of his own is told as an error, and
    // makes no column in the rows of all others.
    let mut fields = BTreeSet::new();
    for digest in &digests {
        source.load(digest).await?;
        let form = source.known(digest).into_iter().flat_map(Form::fields);
        fields.extend(form.filter(|field| field.parent.is_none()).map(|field| field.id.clone()));
    }
    if let Some(folder) = &options.files {
        private_file::create_folder(folder).map_err(|error| file(folder, error))?;
    }
    let plain = private_file::create(&options.out).map_err(|error| file(&options.out, error))?;
    let columns = export::columns(&source.newest, fields);
    let mut sheet = Sheet::new(options.format, columns, BufWriter::new(plain))?;
    let mut count = Count::default();
    // Where nobody reads on, what was opened is written all the same.
    let mut tell = |line: String| _ = writeln!(told, "{line}");
    source
        .each(&mut async |submission, receipt| {
            if !only(&receipt) {
                return Ok(());
            }
            let reference = receipt.reference.clone();
            let form = source.known(&submission.definition);
            match opener.open(submission, form, &receipt) {
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
                    if let Some(folder) = &options.files {
                        write_files(&opened.submission, &reference, folder)?;
                    }
                    sheet.write(opened, receipt)?;
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

impl Opener<'_> {
    /// What was sealed, and the key that it was sealed to; none where nothing was.
    fn answers(
        &self,
        submission: &Submission,
    ) -> Result<Option<(&SealingKey, eform_seal::Opened)>, String> {
        let Some(sealed) = &submission.sealed else { return Ok(None) };
        let kid = &sealed.kid;
        let key = self.keys.get(kid).ok_or_else(|| {
            format!("it is sealed to the key {}, which was not given", kid.escape_debug())
        })?;
        let opened = open_answers(&key.private, submission).map_err(|error| error.to_string())?;
        Ok(Some((key, opened)))
    }

    fn open(
        &self,
        mut submission: Submission,
        form: Option<&Form>,
        receipt: &Receipt,
    ) -> Result<Opened, String> {
        let is_of = |form: &&Form| {
            let definition = form.definition();
            definition.id == submission.form && definition.version == submission.version
        };
        let form = form.filter(is_of).ok_or_else(|| {
            let digest = submission.definition.escape_debug();
            format!("its definition {digest} is not here: --definition FILE")
        })?;
        // The day that the server would have checked it on.
        let received = OffsetDateTime::parse(&receipt.received_at, &Rfc3339);
        let received = received.unwrap_or_else(|_| OffsetDateTime::now_utc());
        let today = receive::today(&submission.completed_at, received);
        let today = today.ok_or("its completedAt is not a time")?;
        let (mut findings, mut unopened) = (Vec::new(), Vec::new());
        if let Some((key, opened)) = self.answers(&submission)? {
            let mut plain = Vec::new();
            for (sha256, sealed) in &opened.files {
                match self.file(key, &submission, sha256, sealed, receipt) {
                    Ok(bytes) => plain.push(Enclosed::new(&bytes)),
                    Err(why) => unopened.push(why),
                }
            }
            let travelled = submission.attachments.len() + submission.uploads.len();
            if travelled > opened.files.len() {
                let more = travelled - opened.files.len();
                findings.push(Finding::error("attachment-unknown").with("count", more));
            }
            submission.sealed = None;
            submission.answers = Some(opened.answers);
            (submission.attachments, submission.uploads) = (plain, Vec::new());
        }
        findings.extend(check(form, &submission, today));
        let errors = findings.iter().filter(|finding| finding.is_error());
        let errors = errors.map(ProblemError::from).collect();
        Ok(Opened { submission, errors, unopened })
    }

    /// A file in the clear.
    fn file(
        &self,
        key: &SealingKey,
        submission: &Submission,
        sha256: &str,
        sealed: &str,
        receipt: &Receipt,
    ) -> Result<Vec<u8>, String> {
        let bytes = self.sealed_file(submission, sealed, receipt)?;
        let mut opener = FileOpener::new(&key.private, &key.kid, &submission.id, sha256);
        let mut out = Vec::new();
        let opened = opener.write(&bytes, &mut out).and_then(|()| opener.finish(&mut out));
        opened.map(|()| out).map_err(|error| error.to_string())
    }

    /// The bytes of a sealed file: from inside the submission, or from the folder.
    fn sealed_file(
        &self,
        submission: &Submission,
        sha256: &str,
        receipt: &Receipt,
    ) -> Result<Vec<u8>, String> {
        let inside = submission.attachments.iter().find(|file| file.sha256 == sha256);
        if let Some(bytes) = inside.and_then(Enclosed::bytes) {
            return Ok(bytes);
        }
        let missing =
            || "it is not here: export with --contents, or say --sealed-files FOLDER".to_owned();
        // What was sealed may be any text, and must not lead out of the folder.
        let is_named = inside.is_some() || submission.uploads.iter().any(|up| up.sha256 == sha256);
        let is_digest = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        let folder = self.sealed_files.filter(|_| is_named && is_digest).ok_or_else(missing)?;
        let name = attachments::sealed_name(&receipt.reference, sha256);
        std::fs::read(folder.join(name)).map_err(|_| missing())
    }
}

/// What is wrong with the answers and the files, as the server finds it where it can read them.
fn check(form: &Form, submission: &Submission, today: Date) -> Vec<Finding> {
    let none = Map::new();
    let answers = submission.answers.as_ref().unwrap_or(&none);
    let mut findings = form.check_submission(answers, today);
    let session = Session::of_answers(form.clone(), answers, today);
    findings.extend(session.check_enclosed(&submission.attachments, &submission.uploads));
    findings
}

fn write_files(submission: &Submission, reference: &str, folder: &Path) -> Result<(), CliError> {
    let value = serde_json::to_value(submission).map_err(std::io::Error::from)?;
    for named in attachments::named(&value, reference) {
        attachments::write(folder, &named)?;
    }
    Ok(())
}
