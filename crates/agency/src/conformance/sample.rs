//! Right submissions of a form, made of its author's cases, and wrong ones made of those.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use eform::{Date, DefinitionError, Enclosed, Form, SealTo, Session, Submission};
use eform_seal::{FileSealer, seal_answers};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::receive::BANGKOK;

/// The form that is sent where none is named: for endpoints that look at no answer.
const BUILT_IN: &[u8] = br#"{ "id": "eform-conformance", "version": "1", "languages": ["en"],
    "title": "Test of the endpoint", "submit": { "url": "/" },
    "pages": [{ "id": "page", "title": "Page", "fields": [
        { "id": "text", "type": "text", "label": "Text", "required": true }] }] }"#;

/// Why there is nothing right to send.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// A file cannot be read.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// What the system, or the reader of JSON, said.
        error: io::Error,
    },
    /// The definition is not one.
    #[error("the form: {0}")]
    Form(#[from] DefinitionError),
    /// The answers that were given are not right; those of a file of cases that have findings are
    /// passed over.
    #[error("{path} has no answers that the form takes; give some by --answers")]
    NoAnswers {
        /// The file.
        path: String,
    },
}

/// A form with answers that it takes.
pub(super) struct Sample {
    form: Form,
    answers: Map<String, Value>,
    attachments: Vec<Enclosed>,
    day: Date,
}

impl Sample {
    /// Of a file with a definition, and of the cases beside it or the answers in another file.
    pub fn read(form: &Path, answers: Option<&Path>) -> Result<Self, SampleError> {
        let form_bytes = fs::read(form).map_err(|error| file(form, error))?;
        let parsed = Form::parse(&form_bytes)?;
        let path = answers.map_or_else(|| form.with_extension("cases.json"), PathBuf::from);
        let bytes = fs::read(&path).map_err(|error| file(&path, error))?;
        let given: Value =
            serde_json::from_slice(&bytes).map_err(|error| file(&path, error.into()))?;
        let none = || SampleError::NoAnswers { path: path.display().to_string() };
        if answers.is_some() {
            let entries = given.as_object().ok_or_else(none)?;
            return Self::of(parsed, entries, today()).ok_or_else(none);
        }
        let cases = given.get("cases").and_then(Value::as_array).into_iter().flatten();
        let mut right = cases.filter_map(|case| {
            let day = case.get("today").or_else(|| given.get("today"))?;
            Self::of(
                parsed.clone(),
                case.get("answers")?.as_object()?,
                Date::parse_iso(day.as_str()?)?,
            )
        });
        right.next().ok_or_else(none)
    }

    /// Of the form that is sent where none is named.
    pub fn built_in() -> Result<Self, SampleError> {
        let entries = Map::from_iter([("text".to_owned(), json!("conformance"))]);
        let path = "the form that is built in".to_owned();
        Self::of(Form::parse(BUILT_IN)?, &entries, today()).ok_or(SampleError::NoAnswers { path })
    }

    /// `None` where the entries are not right. Of files only the names are known, so each gets a
    /// few bytes of its own.
    fn of(form: Form, entries: &Map<String, Value>, day: Date) -> Option<Self> {
        let session = Session::new(form.clone(), entries, day);
        let answers = session.submission()?.clone();
        let mut with_files = Value::Object(answers.clone());
        let mut attachments = Vec::new();
        for (n, attached) in session.attached().iter().enumerate() {
            let bytes = format!("eform conformance {n}\n");
            let enclosed = Enclosed::new(bytes.as_bytes());
            let file = with_files.pointer_mut(&attached.pointer)?.as_object_mut()?;
            file.insert("size".to_owned(), bytes.len().into());
            file.insert("sha256".to_owned(), enclosed.sha256.as_str().into());
            attachments.push(enclosed);
        }
        let Value::Object(answers) = with_files else { return None };
        let sample = Self { form, answers, attachments, day };
        sample.findings(&sample.answers).is_empty().then_some(sample)
    }

    /// Paths of what is wrong with these answers.
    fn findings(&self, answers: &Map<String, Value>) -> Vec<String> {
        let mut findings = self.form.check_submission(answers, self.day);
        let session = Session::of_answers(self.form.clone(), answers, self.day);
        findings.extend(session.check_enclosed(&self.attachments, &[]));
        findings.into_iter().filter(eform::Finding::is_error).map(|finding| finding.path).collect()
    }

    pub fn form(&self) -> &Form {
        &self.form
    }

    /// A right submission with this id.
    pub fn submission(&self, id: &str) -> Submission {
        let definition = self.form.definition();
        Submission {
            id: id.to_owned(),
            form: definition.id.clone(),
            version: definition.version.clone(),
            definition: self.form.digest().to_owned(),
            language: definition.languages.first().cloned().unwrap_or_default(),
            completed_at: format!("{}T08:00:00+07:00", self.day),
            replaces: None,
            answers: Some(self.answers.clone()),
            sealed: None,
            attachments: self.attachments.clone(),
            uploads: Vec::new(),
        }
    }

    /// The key that answers to this form are sealed to.
    pub fn seal_to(&self) -> Option<&SealTo> {
        self.form.definition().submit.seal_to.as_ref()
    }

    /// Makes the files of a submission sealed ones. Gives SHA-256 of each with that of the sealed one.
    pub fn seal_files(
        to: &SealTo,
        submission: &mut Submission,
    ) -> Result<Vec<(String, String)>, String> {
        let mut names = Vec::new();
        for file in &mut submission.attachments {
            let (bytes, mut out) = (file.bytes().unwrap_or_default(), Vec::new());
            let sealed = FileSealer::new(to, &submission.id, &file.sha256, random()?, &mut out)
                .and_then(|mut sealer| {
                    sealer.write(&bytes, &mut out)?;
                    sealer.finish(&mut out)
                });
            sealed.map_err(|error| error.to_string())?;
            let plain = std::mem::replace(file, Enclosed::new(&out));
            names.push((plain.sha256, file.sha256.clone()));
        }
        Ok(names)
    }

    /// Seals the answers of a submission whose files are sealed.
    pub fn seal_answers(
        to: &SealTo,
        submission: &mut Submission,
        names: &[(String, String)],
    ) -> Result<(), String> {
        seal_answers(to, submission, names, random()?).map_err(|error| error.to_string())
    }

    /// One with an answer that is wrong, and the pointer to it: a required one that is left out,
    /// else one that the form does not have.
    pub fn wrong(&self, id: &str) -> (Submission, String) {
        let mut submission = self.submission(id);
        for name in self.answers.keys() {
            let mut answers = self.answers.clone();
            answers.remove(name);
            let pointer = pointer(name);
            if self.findings(&answers) == [pointer.as_str()] {
                submission.answers = Some(answers);
                return (submission, pointer);
            }
        }
        let none = "no-such-field";
        let answers = submission.answers.get_or_insert_default();
        answers.insert(none.to_owned(), json!("conformance"));
        (submission, pointer(none))
    }
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn today() -> Date {
    let (year, month, day) = OffsetDateTime::now_utc().to_offset(BANGKOK).to_calendar_date();
    Date { year, month: month.into(), day }
}

fn file(path: &Path, error: io::Error) -> SampleError {
    SampleError::File { path: path.display().to_string(), error }
}

fn random() -> Result<[u8; 32], String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes)
}

/// A new UUIDv7 (RFC 9562), as the phone makes them.
pub(super) fn new_id() -> Result<String, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
    let milliseconds = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
    bytes[..6].copy_from_slice(&milliseconds.to_be_bytes()[10..]);
    bytes[6] = 0x70 | (bytes[6] & 0x0F);
    bytes[8] = 0x80 | (bytes[8] & 0x3F);
    let digits = eform::hex(&bytes);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Ok(parts.join("-"))
}
