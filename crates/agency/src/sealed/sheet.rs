//! What is written of opened submissions: what `export` writes of others, and what is wrong with each.

use std::io::Write;

use eform::{ProblemError, Receipt, Submission};
use serde_json::json;

use crate::{Format, cell::text, cli::CliError, export};

/// A submission as it was before it was sealed.
pub(super) struct Opened {
    pub submission: Submission,
    pub receipt: Receipt,
    pub errors: Vec<ProblemError>,
    /// Why each file that is not there was not opened.
    pub unopened: Vec<String>,
}

/// The table or the lines.
pub(super) enum Sheet<W: Write> {
    Csv(Box<csv::Writer<W>>, Vec<String>),
    Jsonl(W),
}

impl<W: Write> Sheet<W> {
    pub fn new(format: Format, columns: Vec<String>, mut out: W) -> Result<Self, CliError> {
        if format == Format::Jsonl {
            return Ok(Self::Jsonl(out));
        }
        out.write_all(export::MARK.as_bytes())?;
        let mut table = export::table(out);
        let head = export::ENVELOPE.iter().copied().chain(["errors"]).map(str::to_owned);
        table
            .write_record(head.chain(columns.iter().map(|id| text(id))))
            .map_err(export::unwritten)?;
        Ok(Self::Csv(Box::new(table), columns))
    }

    pub fn write(&mut self, opened: Opened) -> Result<(), CliError> {
        let Opened { submission, receipt, errors, .. } = opened;
        match self {
            Self::Csv(table, columns) => {
                let told: Vec<_> = errors
                    .iter()
                    .map(|error| format!("{} {}", error.pointer, error.code))
                    .collect();
                let row = export::envelope(&submission, &receipt).into_iter();
                let row = row.chain([text(&told.join("; "))]);
                let row = row.chain(export::cells(&submission, columns));
                table.write_record(row).map_err(export::unwritten)
            }
            Self::Jsonl(out) => {
                let mut both = json!({ "submission": submission, "receipt": receipt });
                export::without_contents(&mut both["submission"]);
                if !errors.is_empty() {
                    both["errors"] = serde_json::to_value(errors).map_err(std::io::Error::from)?;
                }
                Ok(writeln!(out, "{both}")?)
            }
        }
    }

    pub fn finish(self) -> Result<(), CliError> {
        match self {
            Self::Csv(mut table, _) => Ok(table.flush()?),
            Self::Jsonl(mut out) => Ok(out.flush()?),
        }
    }
}
