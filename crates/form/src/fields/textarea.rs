//! `textarea`: several lines.

use serde_json::Value;

use super::{At, FieldType, Reading, text, typed};
use crate::reader::Members;
use crate::{DefinitionError, Finding, thai};

/// Several lines of text. Lengths count the characters that a person counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Textarea {
    /// The fewest characters.
    pub min_length: Option<u64>,
    /// The most characters.
    pub max_length: Option<u64>,
    /// How many lines the box shows; 4 unless told.
    pub rows: Option<u32>,
}

field_type!("textarea", Textarea, []);

impl Textarea {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min_length, max_length) = members.opt_range("minLength", "maxLength")?;
        Ok(Self { min_length, max_length, rows: members.opt_u32("rows")? })
    }
}

impl FieldType for Textarea {
    fn read(&self, entry: &Value) -> Reading {
        let text = thai::clean_lines(typed(entry)?);
        Ok((!text.is_empty()).then_some(Value::String(text)))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        let text = answer.as_str().unwrap_or_default();
        found.extend(text::check_length(text, self.min_length, self.max_length));
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
