//! `text`: one line.

use serde_json::Value;
use validator::ValidateLength;

use super::{At, FieldType, Reading, typed};
use crate::reader::Members;
use crate::{DefinitionError, Finding, Pattern, thai};

/// One line of text. Lengths count the characters that a person counts (`น้ำ` is one).
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
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

field_type!(
    "text",
    Text,
    [
        (
            "too-short",
            "ใส่อย่างน้อย {min} ตัวอักษร ตอนนี้มี {length}",
            "Enter at least {min} characters; there are {length} now",
        ),
        (
            "too-long",
            "ใส่ไม่เกิน {max} ตัวอักษร ตอนนี้มี {length}",
            "Enter at most {max} characters; there are {length} now",
        ),
        (
            "pattern",
            "“{label}” ไม่ตรงตามรูปแบบที่กำหนด โปรดตรวจอีกครั้ง",
            "Check “{label}”: it is not in the expected form",
        ),
    ]
);

/// A text whose length is the one that people count.
pub(super) struct Counted<'a>(pub &'a str);

impl ValidateLength<u64> for Counted<'_> {
    fn length(&self) -> Option<u64> {
        Some(thai::length(self.0))
    }
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
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min_length, max_length) = members.opt_range("minLength", "maxLength")?;
        let pattern = members.opt("pattern", Pattern::from_value)?;
        let autocomplete = members.opt_string("autocomplete")?;
        Ok(Self { min_length, max_length, pattern, autocomplete })
    }
}

impl FieldType for Text {
    fn read(&self, entry: &Value) -> Reading {
        let text = thai::clean_line(typed(entry)?);
        Ok((!text.is_empty()).then_some(Value::String(text)))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        let text = answer.as_str().unwrap_or_default();
        let unmatched = || self.pattern.as_ref().is_some_and(|pattern| !pattern.matches(text));
        found.extend(
            check_length(text, self.min_length, self.max_length)
                .or_else(|| unmatched().then(|| Finding::error("pattern"))),
        );
    }

    fn keeps_digits(&self) -> bool {
        true
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        // A character that people count is one of Unicode or more: of `maxLength` nothing follows.
        let least = self.min_length.unwrap_or(1).max(1);
        serde_json::json!({ "type": "string", "minLength": least })
    }
}
