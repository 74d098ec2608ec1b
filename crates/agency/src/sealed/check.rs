//! What the server can say of a submission that it cannot read: whether it had to be sealed, to which
//! key, and whether it has the form that the protocol asks for.

use std::collections::HashSet;

use eform::{Enclosed, Form, SealTo, Sealed, Submission, Submit};
use eform_seal as seal;

use crate::{Agency, Error};

const NOT_A_FILE: &str = "a file is not sealed as it should be, or there twice";

/// More than a sealed file has before its pieces, whatever its key is called.
const HEADER: usize = 256;

/// Refuses what an officer could not open later.
pub(crate) fn check(form: &Form, submission: &Submission, sealed: &Sealed) -> Result<(), Error> {
    let submit = &form.definition().submit;
    let Some(to) = &submit.seal_to else {
        return Err(Error::WronglySealed("this form is not received sealed"));
    };
    if sealed.kid != to.kid {
        return Err(Error::WronglySealed("it is sealed to another key than the form's"));
    }
    if !seal::looks_sealed(sealed) {
        return Err(Error::WronglySealed("what is sealed has not the form that it should have"));
    }
    let sum = files(to, submission).ok_or(Error::WronglySealed(NOT_A_FILE))?;
    if sum > submit.attached_bytes() {
        return Err(Error::WronglySealed("all files together are too large"));
    }
    Ok(())
}

/// Refuses files that went before a submission and are none that were sealed to this key.
pub(crate) async fn uploads(
    agency: &Agency,
    submission: &Submission,
    kid: &str,
) -> Result<(), Error> {
    for file in &submission.uploads {
        let (database, uploads) = (agency.database(), agency.uploads());
        let begins = uploads.beginning(database, &submission.id, file, HEADER).await?;
        if !seal::is_sealed_file(kid, &begins) {
            return Err(Error::WronglySealed(NOT_A_FILE));
        }
    }
    Ok(())
}

/// The bytes that a file had before it was sealed, where this form's are.
pub(crate) fn size_before(submit: &Submit, travels: u64) -> u64 {
    let to = submit.seal_to.as_ref();
    to.and_then(|to| seal::plain_size(&to.kid, travels)).unwrap_or(travels)
}

/// The bytes of all files as they were before they were sealed, if they are sealed files.
fn files(to: &SealTo, submission: &Submission) -> Option<u64> {
    let mut digests = HashSet::new();
    let mut sum: u64 = 0;
    for file in &submission.attachments {
        let size = enclosed(to, file)?;
        sum = sum.saturating_add(digests.insert(&file.sha256).then_some(size)?);
    }
    for file in &submission.uploads {
        let size = seal::plain_size(&to.kid, file.size)?;
        sum = sum.saturating_add(digests.insert(&file.sha256).then_some(size)?);
    }
    Some(sum)
}

fn enclosed(to: &SealTo, file: &Enclosed) -> Option<u64> {
    let bytes = file.bytes()?;
    seal::is_sealed_file(&to.kid, &bytes)
        .then(|| seal::plain_size(&to.kid, bytes.len() as u64))
        .flatten()
}
