//! The answers of a submission as one sealed text, bound to everything else that the submission says.

use std::collections::BTreeMap;

use eform::{SealTo, Sealed, Submission, base64, json};
use serde_json::{Map, Value};

use crate::Error;
use crate::suite::{self, PrivateKey, SUITE, TAG};

/// The least that is sealed, in bytes: answers of most forms have one of three or four lengths then.
const LEAST: usize = 1 << 10;

/// From here on lengths are multiples of this: a double of it would cost too much on a weak signal.
const STEP: usize = 1 << 16;

/// What was sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct Opened {
    /// The answers by field id.
    pub answers: Map<String, Value>,
    /// SHA-256 of each file that the answers name, to that of the sealed file that travelled.
    pub files: BTreeMap<String, String>,
}

/// Seals the answers of a submission that is complete otherwise: its `attachments` or `uploads` are
/// those of the sealed files, and `files` has SHA-256 of each file with that of the sealed one.
/// `random` is 32 bytes that are used for nothing else.
///
/// # Errors
/// When the key is none, or there are no answers; then the submission is as it was.
pub fn seal_answers(
    to: &SealTo,
    submission: &mut Submission,
    files: &[(String, String)],
    random: [u8; 32],
) -> Result<(), Error> {
    let answers = submission.answers.take().ok_or(Error::Nothing)?;
    let (enc, mut context) = match suite::sealing(to, &info(&to.kid), random) {
        Ok(begun) => begun,
        Err(error) => {
            submission.answers = Some(answers);
            return Err(error);
        }
    };
    let mut members = Map::new();
    members.insert("answers".to_owned(), Value::Object(answers));
    if !files.is_empty() {
        let one = |(plain, sealed): &(String, String)| (plain.clone(), sealed.as_str().into());
        members.insert("files".to_owned(), Value::Object(files.iter().map(one).collect()));
    }
    let mut text = json::write(&Value::Object(members)).into_bytes();
    text.resize(padded(text.len()), b' ');
    let ciphertext = context.seal(&text, &bound(submission)).map_err(|_| Error::Key)?;
    submission.sealed = Some(Sealed {
        suite: SUITE.to_owned(),
        kid: to.kid.clone(),
        enc,
        ciphertext: base64::encode(&ciphertext),
    });
    Ok(())
}

/// Opens the answers of a submission. Whether they are right is for the engine to say: anybody can
/// seal anything.
///
/// # Errors
/// When they were not sealed as they are, with this submission, to this key.
pub fn open_answers(key: &PrivateKey, submission: &Submission) -> Result<Opened, Error> {
    let sealed = submission.sealed.as_ref().ok_or(Error::Nothing)?;
    if sealed.suite != SUITE {
        return Err(Error::Suite);
    }
    let mut context = suite::opening(key, &sealed.enc, &info(&sealed.kid))?;
    let ciphertext = base64::decode(&sealed.ciphertext).ok_or(Error::Shape)?;
    let text = context.open(&ciphertext, &bound(submission)).map_err(|_| Error::Changed)?;
    read(&text).ok_or(Error::Contents)
}

fn read(text: &[u8]) -> Option<Opened> {
    let Ok(Value::Object(mut members)) = json::read(text) else { return None };
    let Some(Value::Object(answers)) = members.remove("answers") else { return None };
    let files = match members.remove("files") {
        None => Map::new(),
        Some(Value::Object(files)) => files,
        Some(_) => return None,
    };
    let one = |(plain, sealed): (String, Value)| Some((plain, sealed.as_str()?.to_owned()));
    let files = files.into_iter().map(one).collect::<Option<_>>()?;
    members.is_empty().then_some(Opened { answers, files })
}

fn info(kid: &str) -> Vec<u8> {
    suite::together(&["eform sealed answers", SUITE, kid])
}

/// Everything that the submission says besides its answers.
fn bound(submission: &Submission) -> Vec<u8> {
    let mut texts = vec![
        submission.id.as_str(),
        &submission.form,
        &submission.version,
        &submission.definition,
        &submission.language,
        &submission.completed_at,
        submission.replaces.as_deref().unwrap_or_default(),
    ];
    for file in &submission.attachments {
        texts.extend(["attachment", &file.sha256]);
    }
    let sizes: Vec<_> = submission.uploads.iter().map(|file| file.size.to_string()).collect();
    for (file, size) in submission.uploads.iter().zip(&sizes) {
        texts.extend(["upload", &file.sha256, size]);
    }
    suite::together(&texts)
}

/// The length that a text is filled up to.
fn padded(length: usize) -> usize {
    if length <= STEP {
        length.next_power_of_two().max(LEAST)
    } else {
        length.next_multiple_of(STEP)
    }
}

/// Whether what is sealed has the form that the protocol asks for, which is all that can be said
/// without the private key.
pub fn looks_sealed(sealed: &Sealed) -> bool {
    let length = |text: &str| base64::decode(text).map_or(0, |bytes| bytes.len());
    let text = length(&sealed.ciphertext).saturating_sub(TAG);
    sealed.suite == SUITE && length(&sealed.enc) == 32 && padded(text) == text
}

#[cfg(test)]
mod tests {
    use super::{padded, read};

    #[test]
    fn only_answers_and_the_digests_of_files_are_read() {
        assert!(read(br#"{"answers":{"a":1},"files":{"b":"c"}}   "#).is_some());
        for text in [
            "",
            "[]",
            "{}",
            r#"{"answers":[]}"#,
            r#"{"answers":null}"#,
            r#"{"files":{}}"#,
            r#"{"answers":{},"files":[]}"#,
            r#"{"answers":{},"files":{"a":1}}"#,
            r#"{"answers":{},"more":1}"#,
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn lengths_are_few() {
        for (length, expected) in [
            (0, 1024),
            (1, 1024),
            (1024, 1024),
            (1025, 2048),
            (40_000, 65_536),
            (65_536, 65_536),
            (65_537, 131_072),
            (1_000_000, 1_048_576),
        ] {
            assert_eq!(padded(length), expected, "{length}");
        }
    }
}
