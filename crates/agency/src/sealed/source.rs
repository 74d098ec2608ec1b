//! Where sealed submissions are read from: a database, or a file that `export` wrote elsewhere, with the
//! definitions beside it.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
};

use eform::{Enclosed, Form, Receipt, Submission};
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    Database, DatabaseError, attachments,
    cli::{CliError, file},
    export,
    uploads::Lookup,
};

/// The bytes that are read of a file at a time.
const PIECE: usize = 64 << 10;

/// Submissions of one form, each with its receipt.
pub(super) struct Source {
    form: String,
    place: Place,
    /// By digest: what was asked for so far, or all there is.
    definitions: HashMap<String, Option<Form>>,
    /// The bytes of the newest.
    pub newest: Vec<u8>,
}

enum Place {
    Database(Database, Lookup),
    File(PathBuf),
}

impl Source {
    pub async fn database(
        database: Database,
        uploads: Lookup,
        form: &str,
    ) -> Result<Self, CliError> {
        let newest = database.newest_definition(form).await.map_err(DatabaseError::from)?;
        let newest = newest.ok_or_else(|| CliError::UnknownForm(form.to_owned()))?;
        let (form, definitions) = (form.to_owned(), HashMap::new());
        Ok(Self { form, place: Place::Database(database, uploads), definitions, newest })
    }

    /// `definitions` are files; the last one of the form counts as its newest.
    pub fn export(path: &Path, form: &str, definitions: &[PathBuf]) -> Result<Self, CliError> {
        let (mut known, mut newest) = (HashMap::new(), None);
        for path in definitions {
            let bytes = std::fs::read(path).map_err(|error| file(path, error))?;
            let read = Form::parse(&bytes)
                .map_err(|error| file(path, io::Error::other(error.to_string())))?;
            if read.definition().id == form {
                newest = Some(bytes);
            }
            known.insert(read.digest().to_owned(), Some(read));
        }
        let newest = newest.ok_or_else(|| CliError::NoDefinition(form.to_owned()))?;
        let place = Place::File(path.to_owned());
        Ok(Self { form: form.to_owned(), place, definitions: known, newest })
    }

    /// Has the definition with this digest at hand, if it is there and can be read.
    pub async fn load(&mut self, digest: &str) -> Result<(), CliError> {
        if let (Place::Database(database, _), None) = (&self.place, self.definitions.get(digest)) {
            let bytes = database.definition(digest).await.map_err(DatabaseError::from)?;
            let form = bytes.and_then(|bytes| Form::parse(&bytes).ok());
            self.definitions.insert(digest.to_owned(), form);
        }
        Ok(())
    }

    /// A definition that was loaded.
    pub fn known(&self, digest: &str) -> Option<&Form> {
        self.definitions.get(digest)?.as_ref()
    }

    /// Every submission of the form in the order of arrival.
    pub async fn each(
        &self,
        see: &mut impl AsyncFnMut(Received) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        match &self.place {
            Place::Database(database, _) => {
                let mut records = database.records(Some(&self.form));
                while let Some(record) = records.next().await {
                    let (submission, receipt) = export::read(record)?;
                    see(Received { submission, receipt, files: Vec::new() }).await?;
                }
            }
            Place::File(path) => {
                let lines = File::open(path).map_err(|error| file(path, error))?;
                for (number, line) in BufReader::new(lines).lines().enumerate() {
                    let line = line.map_err(|error| file(path, error))?;
                    let received = read(&line).ok_or_else(|| {
                        let words = format!("line {} is not of an export as jsonl", number + 1);
                        file(path, io::Error::other(words))
                    })?;
                    if received.submission.form == self.form {
                        see(received).await?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// What was received, as it came.
#[derive(Deserialize)]
pub(super) struct Received {
    pub submission: Submission,
    pub receipt: Receipt,
    /// In an export: what went before it.
    #[serde(default)]
    files: Vec<Enclosed>,
}

impl Source {
    /// Hands over the file with this digest that came with a submission, piece by piece; whether it is
    /// here. `folder` has what `eform-agency attachments` wrote.
    pub async fn file(
        &self,
        of: &Received,
        sha256: &str,
        folder: Option<&Path>,
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<bool, CliError> {
        let Received { submission, receipt, files } = of;
        let mut inside = submission.attachments.iter().chain(files);
        if let Some(bytes) = inside.find(|file| file.sha256 == sha256).and_then(Enclosed::bytes) {
            take(&bytes)?;
            return Ok(true);
        }
        // A name may be anything that somebody sealed, and must not lead out of the folder.
        let mut before = submission.uploads.iter();
        let is_before = before.any(|file| file.sha256 == sha256);
        let is_named = is_before || submission.attachments.iter().any(|file| file.sha256 == sha256);
        let is_digest = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        if let Some(folder) = folder.filter(|_| is_named && is_digest) {
            let path = folder.join(attachments::sealed_name(&receipt.reference, sha256));
            if let Ok(mut found) = File::open(&path) {
                let mut piece = vec![0; PIECE];
                loop {
                    match found.read(&mut piece).map_err(|error| file(&path, error))? {
                        0 => return Ok(true),
                        read => take(&piece[..read])?,
                    }
                }
            }
        }
        match &self.place {
            Place::Database(database, uploads) if is_before => {
                uploads.find(database, &submission.id, sha256).await?.copy(take).await?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

fn read(line: &str) -> Option<Received> {
    let mut value: Value = serde_json::from_str(line).ok()?;
    let files = value.pointer_mut("/submission/attachments").and_then(Value::as_array_mut);
    for file in files.into_iter().flatten().filter_map(Value::as_object_mut) {
        // Without `--contents` there are none.
        file.entry("content").or_insert_with(|| Value::String(String::new()));
    }
    let line: Received = serde_json::from_value(value).ok()?;
    let reference = &line.receipt.reference;
    // Names of files begin with it, whoever has written this one.
    let is_plain = reference.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (is_plain && reference.len() <= 32 && line.receipt.id == line.submission.id).then_some(line)
}
