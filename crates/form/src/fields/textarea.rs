//! `textarea`: several lines.

use serde_json::Value;

use super::{Reading, text, typed};
use crate::reader::Members;
use crate::{DefinitionError, Finding, thai};

/// Several lines of text. Lengths count the characters that a person counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Textarea {
    /// The fewest characters.
    pub min_length: Option<u64>,
    /// The most characters.
    pub max_length: Option<u64>,
    /// How many lines the box shows; 4 unless told.
    pub rows: Option<u32>,
}

pub(super) fn read(entry: &Value) -> Reading {
    let text = thai::clean_lines(typed(entry)?);
    Ok((!text.is_empty()).then_some(Value::String(text)))
}

impl Textarea {
    pub(super) fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min_length, max_length) = members.opt_range("minLength", "maxLength")?;
        Ok(Self { min_length, max_length, rows: members.opt_u32("rows")? })
    }

    pub(super) fn check(&self, text: &str) -> Option<Finding> {
        text::check_length(text, self.min_length, self.max_length)
    }
}
