//! All submissions of one form in one file: a table for people with a spreadsheet, or JSON lines
//! for programs. Rows are read and written one at a time, so the size of the database does not
//! matter.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use eform::{Form, Receipt, Submission};
use futures_util::StreamExt as _;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use crate::{
    Database, DatabaseError,
    cell::{cell, text},
    cli::CliError,
    database::Record,
    uploads::Lookup,
};

/// How a file of submissions is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// RFC 4180 in UTF-8 with a byte order mark, which Excel needs to see Thai. Text that a
    /// spreadsheet would turn into something else has an apostrophe before it. Where answers are sealed,
    /// the column `sealed` has the name of the key, and theirs are empty.
    Csv,
    /// One `{ "submission": …, "receipt": … }` a line, as it was received and given, but the contents
    /// of files: `attachments` has their digests. With `--contents` it has all of it, and in `files`
    /// what went before it, as `{ "sha256", "content" }`. What is sealed stays
    /// sealed: `eform-agency open` opens such a file.
    Jsonl,
}

/// Whether JSON lines have the contents of files, in base 64.
#[derive(Clone, Copy)]
pub enum Contents<'a> {
    /// They are left out: the files themselves are written by [`crate::attachments`].
    LeftOut,
    /// All that was received is there, so the receipt's digest can be made from it again. Files that
    /// went before their submission are taken from here.
    Whole(&'a Lookup),
}

/// The columns before the answers.
pub(crate) const ENVELOPE: [&str; 6] =
    ["reference", "id", "version", "receivedAt", "completedAt", "language"];

/// What a table begins with, so that Excel sees UTF-8.
pub(crate) const MARK: &str = "\u{feff}";

/// Writes every submission of the form, in the order of arrival.
pub async fn export(
    database: &Database,
    form: &str,
    format: Format,
    contents: Contents<'_>,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let definition = database.newest_definition(form).await.map_err(DatabaseError::from)?;
    let definition = definition.ok_or_else(|| CliError::UnknownForm(form.to_owned()))?;
    match format {
        Format::Csv => csv(database, form, &definition, out).await?,
        Format::Jsonl => jsonl(database, form, contents, out).await?,
    }
    Ok(out.flush()?)
}

async fn jsonl(
    database: &Database,
    form: &str,
    contents: Contents<'_>,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let mut records = database.records(Some(form));
    while let Some(record) = records.next().await {
        let (submission, receipt) = read(record)?;
        let mut both = json!({ "submission": submission, "receipt": receipt });
        match contents {
            Contents::Whole(uploads) if !submission.uploads.is_empty() => {
                // Larger than what should be in memory, so they are written as they are read.
                let both = both.to_string();
                write!(out, "{},\"files\":[", both.strip_suffix('}').unwrap_or(&both))?;
                for (n, file) in submission.uploads.iter().enumerate() {
                    let found = uploads.find(database, &receipt.id, &file.sha256).await?;
                    let comma = if n == 0 { "" } else { "," };
                    write!(out, "{comma}{{\"sha256\":\"{}\",\"content\":\"", file.sha256)?;
                    found.copy_as_base64(out).await?;
                    write!(out, "\"}}")?;
                }
                writeln!(out, "]}}")?;
                continue;
            }
            Contents::Whole(_) => {}
            Contents::LeftOut => without_contents(&mut both["submission"]),
        }
        writeln!(out, "{both}")?;
    }
    Ok(())
}

/// Leaves the contents of the files of a submission out.
pub(crate) fn without_contents(submission: &mut Value) {
    let files = submission.get_mut("attachments").and_then(Value::as_array_mut);
    for file in files.into_iter().flatten().filter_map(Value::as_object_mut) {
        file.remove("content");
    }
}

async fn csv(
    database: &Database,
    form: &str,
    definition: &[u8],
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let (answered, is_sealed) = answered(database, form).await?;
    let fields = columns(definition, answered);
    out.write_all(MARK.as_bytes())?;
    let mut table = table(out);
    // The column is there only where something is sealed: the key's name.
    let sealed = is_sealed.then_some("sealed");
    let head = ENVELOPE.iter().copied().chain(sealed).map(str::to_owned);
    table.write_record(head.chain(fields.iter().map(|id| text(id)))).map_err(unwritten)?;
    let mut records = database.records(Some(form));
    while let Some(record) = records.next().await {
        let (submission, receipt) = read(record)?;
        let kid = submission.sealed.as_ref().map(|sealed| text(&sealed.kid)).unwrap_or_default();
        let row = envelope(&submission, &receipt).into_iter().chain(is_sealed.then_some(kid));
        table.write_record(row.chain(cells(&submission, &fields))).map_err(unwritten)?;
    }
    Ok(table.flush()?)
}

/// A table as RFC 4180 has it.
pub(crate) fn table<W: Write>(out: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out)
}

/// The cells before the answers.
pub(crate) fn envelope(submission: &Submission, receipt: &Receipt) -> [String; 6] {
    // What we made or checked ourselves cannot be mistaken and stays as it is, so that it can
    // be looked up: groups of four or more with hyphens are no date, and `T` makes a time text.
    [
        receipt.reference.clone(),
        receipt.id.clone(),
        text(&submission.version),
        receipt.received_at.clone(),
        submission.completed_at.clone(),
        text(&submission.language),
    ]
}

/// The answers to these fields; empty where they are sealed.
pub(crate) fn cells(submission: &Submission, fields: &[String]) -> impl Iterator<Item = String> {
    let answer = |id| submission.answers.as_ref().and_then(|answers| answers.get(id)).map(cell);
    fields.iter().map(move |id| answer(id).unwrap_or_default())
}

/// Every field that has an answer in a submission of the form, sorted, and whether one is sealed. The
/// bodies are read once more for it: nothing but `serde_json` reads all that it wrote, PostgreSQL's own
/// JSON refuses `\\u0000`.
async fn answered(database: &Database, form: &str) -> Result<(BTreeSet<String>, bool), CliError> {
    #[derive(Deserialize)]
    struct Answered {
        answers: Option<BTreeMap<String, IgnoredAny>>,
    }
    let (mut fields, mut is_sealed) = (BTreeSet::new(), false);
    let mut records = database.records(Some(form));
    while let Some(record) = records.next().await {
        let record = record.map_err(DatabaseError::from)?;
        let body: Answered = serde_json::from_slice(&record.body).map_err(io::Error::from)?;
        is_sealed |= body.answers.is_none();
        fields.extend(body.answers.unwrap_or_default().into_keys());
    }
    Ok((fields, is_sealed))
}

/// The fields of the newest definition in its order, then what older definitions had.
pub(crate) fn columns(definition: &[u8], answered: BTreeSet<String>) -> Vec<String> {
    let mut columns: Vec<String> = match Form::parse(definition) {
        Ok(form) => {
            let outermost = form.fields().iter().filter(|field| field.parent.is_none());
            outermost.map(|field| field.id.clone()).collect()
        }
        // What this program cannot read any more still has its answers.
        Err(_) => Vec::new(),
    };
    for id in answered {
        if !columns.contains(&id) {
            columns.push(id);
        }
    }
    columns
}

pub(crate) fn read(record: Result<Record, sqlx::Error>) -> Result<(Submission, Receipt), CliError> {
    let record = record.map_err(DatabaseError::from)?;
    let submission = serde_json::from_slice(&record.body).map_err(io::Error::from)?;
    Ok((submission, record.receipt.into()))
}

pub(crate) fn unwritten(error: csv::Error) -> CliError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => CliError::Write(error),
        other => CliError::Write(io::Error::other(format!("{other:?}"))),
    }
}
