//! What officers look up on the command line: the list of what came, and one submission in full.

use std::io::Write;

use eform::Receipt;
use futures_util::StreamExt as _;
use serde_json::json;

use crate::{
    Database, DatabaseError, attachments, cli::CliError, export::without_contents,
    receipt::normalise, sealed,
};

/// Writes one line for each submission, oldest first: reference, id, form, version, receivedAt, and
/// `sealed` where it is.
pub async fn list(
    database: &Database,
    form: Option<&str>,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let (forms, versions) = database.widths(form).await.map_err(DatabaseError::from)?;
    let (forms, versions) = (forms.max("form".len()), versions.max("version".len()));
    writeln!(
        out,
        "{:14}  {:36}  {:forms$}  {:versions$}  receivedAt",
        "reference", "id", "form", "version"
    )?;
    let mut records = database.records(form);
    while let Some(record) = records.next().await {
        let record = record.map_err(DatabaseError::from)?;
        let receipt = Receipt::from(record.receipt);
        let sealed = if sealed::kid(&record.body).is_some() { "  sealed" } else { "" };
        writeln!(
            out,
            "{:14}  {:36}  {:forms$}  {:versions$}  {}{sealed}",
            receipt.reference, receipt.id, record.form, record.version, receipt.received_at
        )?;
    }
    Ok(())
}

/// Writes `{ "submission": …, "receipt": … }`, indented, for an id or a reference. The contents of
/// files are left out; `files` lists what [`crate::attachments`] would write of them. What is sealed is
/// left out too, and `sealed` says so.
pub async fn show(
    database: &Database,
    id_or_reference: &str,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let record = database
        .find(id_or_reference, &normalise(id_or_reference))
        .await
        .map_err(DatabaseError::from)?
        .ok_or_else(|| CliError::NotFound(id_or_reference.to_owned()))?;
    let mut submission: serde_json::Value =
        serde_json::from_slice(&record.body).map_err(std::io::Error::from)?;
    let receipt = Receipt::from(record.receipt);
    let files = attachments::named(&submission, &receipt.reference);
    let files: Vec<_> = files.iter().map(attachments::Named::to_value).collect();
    without_contents(&mut submission);
    let sealed = sealed::kid(&record.body);
    if let Some(sealed) = submission.get_mut("sealed").and_then(serde_json::Value::as_object_mut) {
        sealed.remove("ciphertext");
    }
    let mut both = json!({ "submission": submission, "receipt": receipt });
    if let Some(kid) = sealed {
        both["sealed"] = format!("to the key {kid}: `eform-agency open` opens it").into();
    }
    if !files.is_empty() {
        both["files"] = files.into();
    }
    serde_json::to_writer_pretty(&mut *out, &both).map_err(std::io::Error::from)?;
    writeln!(out)?;
    Ok(())
}
