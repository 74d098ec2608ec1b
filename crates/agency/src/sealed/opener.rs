//! Opens one submission: its answers, its files, and what is wrong with either.

use std::collections::BTreeMap;

use eform::{Date, Enclosed, Finding, Form, ProblemError, Session, Submission, Uploaded};
use eform_seal::open_answers;
use serde_json::Map;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    files::{Folders, Opening},
    key_file::SealingKey,
    sheet::Opened,
    source::{Received, Source},
};
use crate::{cli::CliError, receive};

/// What opens submissions.
pub(super) struct Opener {
    pub keys: BTreeMap<String, SealingKey>,
    pub folders: Folders,
}

impl Opener {
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

    /// A submission as it was before it was sealed, its files written where they are asked for; or why it
    /// cannot be opened. One that is not sealed is as it is.
    ///
    /// # Errors
    /// When nothing can be written.
    pub async fn open(
        &self,
        source: &Source,
        received: Received,
    ) -> Result<Result<Opened, String>, CliError> {
        let known = source.known(&received.submission.definition);
        let (form, today) = match asked(known, &received) {
            Ok(asked) => asked,
            Err(why) => return Ok(Err(why)),
        };
        let sealed = match self.answers(&received.submission) {
            Ok(sealed) => sealed,
            Err(why) => return Ok(Err(why)),
        };
        let (mut files, mut findings) = (Vec::new(), Vec::new());
        let travelled = digests(&received.submission);
        match &sealed {
            None => files.extend(travelled.into_iter().map(Opening::plain)),
            Some((key, opened)) => {
                let id = &received.submission.id;
                // Anything may be sealed: what did not travel is not looked for.
                let there = opened.files.iter().filter(|(_, sealed)| travelled.contains(sealed));
                files
                    .extend(there.map(|(sha256, sealed)| Opening::sealed(key, id, sha256, sealed)));
                if travelled.len() > files.len() {
                    let more = travelled.len() - files.len();
                    findings.push(Finding::error("attachment-unknown").with("count", more));
                }
            }
        }
        let (mut plain, mut unopened) = (Vec::new(), Vec::new());
        for (number, file) in files.into_iter().enumerate() {
            match self.folders.open(source, &received, file, number).await? {
                Ok(opened) => plain.push(opened),
                Err(why) => unopened.push(why),
            }
        }
        let Received { mut submission, receipt, .. } = received;
        let answers = sealed.map(|(_, opened)| opened.answers).or(submission.answers.take());
        let inside = |sha256: &str| submission.attachments.iter().any(|one| one.sha256 == sha256);
        let (within, before): (Vec<_>, Vec<_>) =
            plain.iter().partition(|file| inside(&file.travelled));
        let empty = |sha256: &str| Enclosed { sha256: sha256.to_owned(), content: String::new() };
        let within = within.into_iter().map(|file| empty(&file.sha256)).collect();
        let uploaded = |sha256: &str, size| Uploaded { sha256: sha256.to_owned(), size };
        let before = before.into_iter().map(|file| uploaded(&file.sha256, file.size)).collect();
        (submission.attachments, submission.uploads) = (within, before);
        (submission.answers, submission.sealed) = (answers, None);
        let all: Vec<_> = plain.iter().map(|file| uploaded(&file.sha256, file.size)).collect();
        findings.extend(check(&form, &submission, &all, today));
        self.folders.name(&submission, &receipt.reference, &plain)?;
        let errors = findings.iter().filter(|finding| finding.is_error());
        let errors = errors.map(ProblemError::from).collect();
        Ok(Ok(Opened { submission, receipt, errors, unopened }))
    }
}

/// The definition that was filled in, and the day that the server would have checked it on.
fn asked(known: Option<&Form>, received: &Received) -> Result<(Form, Date), String> {
    let Received { submission, receipt, .. } = received;
    let is_of = |form: &&Form| {
        let definition = form.definition();
        definition.id == submission.form && definition.version == submission.version
    };
    let form = known.filter(is_of).ok_or_else(|| {
        let digest = submission.definition.escape_debug();
        format!("its definition {digest} is not here: --definition FILE")
    })?;
    let received = OffsetDateTime::parse(&receipt.received_at, &Rfc3339);
    let received = received.unwrap_or_else(|_| OffsetDateTime::now_utc());
    let today = receive::today(&submission.completed_at, received);
    Ok((form.clone(), today.ok_or("its completedAt is not a time")?))
}

/// What travelled with a submission, by digests.
fn digests(submission: &Submission) -> Vec<String> {
    let inside = submission.attachments.iter().map(|file| &file.sha256);
    inside.chain(submission.uploads.iter().map(|file| &file.sha256)).cloned().collect()
}

/// What is wrong with the answers and the files, as the server finds it where it can read them.
fn check(form: &Form, submission: &Submission, files: &[Uploaded], today: Date) -> Vec<Finding> {
    let none = Map::new();
    let answers = submission.answers.as_ref().unwrap_or(&none);
    let mut findings = form.check_submission(answers, today);
    let session = Session::of_answers(form.clone(), answers, today);
    findings.extend(session.check_enclosed(&[], files));
    findings
}
