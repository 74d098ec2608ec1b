//! `textarea`: several lines.

use serde::Deserialize;
use serde_json::Value;

use super::{Reading, text, typed};
use crate::{Finding, thai};

/// Several lines of text. Lengths count the characters that a person counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
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
    pub(super) fn fault(&self) -> Option<(&'static str, &'static str)> {
        text::length_fault(self.min_length, self.max_length)
    }

    pub(super) fn check(&self, text: &str) -> Option<Finding> {
        text::check_length(text, self.min_length, self.max_length)
    }
}
