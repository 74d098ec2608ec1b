//! `text`: one line.

use serde_json::Value;
use validator::ValidateLength;

use super::{Reading, typed};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, thai};

/// One line of text. Lengths count the characters that a person counts (`น้ำ` is one).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Text {
    /// The fewest characters.
    pub min_length: Option<u64>,
    /// The most characters.
    pub max_length: Option<u64>,
    /// What the whole value must match.
    pub pattern: Option<Pattern>,
    /// The HTML `autocomplete` token, so that the phone can fill it in (WCAG 1.3.5).
    pub autocomplete: Option<String>,
}

/// A regular expression in the `regex-lite` dialect that the whole value must match. It takes
/// linear time, whatever is typed.
#[derive(Debug, Clone)]
pub struct Pattern {
    source: String,
    regex: regex_lite::Regex,
}

impl Pattern {
    pub(crate) fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let source = reader::string(value)?;
        match regex_lite::Regex::new(&["^(?:", &source, ")$"].concat()) {
            Ok(regex) => Ok(Self { source, regex }),
            Err(error) => {
                Err(DefinitionError::new(format!("the pattern does not compile: {error}")))
            }
        }
    }

    /// The expression as the definition has it.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// A text whose length is the one that people count.
pub(super) struct Counted<'a>(pub &'a str);

impl ValidateLength<u64> for Counted<'_> {
    fn length(&self) -> Option<u64> {
        Some(thai::length(self.0))
    }
}

pub(super) fn read(entry: &Value) -> Reading {
    let text = thai::clean_line(typed(entry)?);
    Ok((!text.is_empty()).then_some(Value::String(text)))
}

/// The limits of length, for every type that has them.
pub(super) fn check_length(text: &str, min: Option<u64>, max: Option<u64>) -> Option<Finding> {
    let counted = Counted(text);
    let length = thai::length(text);
    if !counted.validate_length(min, None, None) {
        return Some(Finding::error("too-short").with("min", min).with("length", length));
    }
    if !counted.validate_length(None, max, None) {
        return Some(Finding::error("too-long").with("max", max).with("length", length));
    }
    None
}

impl Text {
    pub(super) fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min_length, max_length) = members.opt_range("minLength", "maxLength")?;
        let pattern = members.opt("pattern", Pattern::from_value)?;
        let autocomplete = members.opt_string("autocomplete")?;
        Ok(Self { min_length, max_length, pattern, autocomplete })
    }

    pub(super) fn check(&self, text: &str) -> Option<Finding> {
        let unmatched = || self.pattern.as_ref().is_some_and(|pattern| !pattern.matches(text));
        check_length(text, self.min_length, self.max_length)
            .or_else(|| unmatched().then(|| Finding::error("pattern")))
    }
}
