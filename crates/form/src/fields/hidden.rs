//! `hidden`: a value that the page around the form gives, never shown: a campaign, a case number.
//!
//! It comes from outside and can be changed by whoever fills in the form, so it proves nothing. A
//! link has texts only: `"12.5"` is read as a number, `"true"` and `"false"` as yes and no, where
//! the definition says so.

use serde_json::Value;

use super::{At, FieldType, Reading, Wording, number, text, typed, yes_no};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, decimal, thai};

/// The most characters of a text where the definition does not say.
const MOST_CHARACTERS: u64 = 500;

/// A value that the page gives. The answer is a text, a number, or `true` or `false`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Hidden {
    /// What it is; a text unless told.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub of: HiddenOf,
    /// The most characters of a text; 500 unless told.
    pub max_length: Option<u64>,
}

/// What a hidden value is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
#[cfg_attr(feature = "tools", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum HiddenOf {
    /// A line of text.
    #[default]
    Text,
    /// A number of at most 15 digits.
    Number,
    /// `true` or `false`.
    YesNo,
}

field_type!("hidden", Hidden, []);

impl HiddenOf {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        match reader::string(value)?.as_str() {
            "text" => Ok(Self::Text),
            "number" => Ok(Self::Number),
            "yes-no" => Ok(Self::YesNo),
            other => Err(reader::one_of("unknown value", other, &["text", "number", "yes-no"])),
        }
    }
}

impl Hidden {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let of = members.opt("of", HiddenOf::from_value)?.unwrap_or_default();
        let max_length = members.opt_u64("maxLength")?;
        if max_length.is_some() && of != HiddenOf::Text {
            let words = "expected with a text only";
            return Err(DefinitionError::new(words).under("maxLength"));
        }
        Ok(Self { of, max_length })
    }

    fn max_length(&self) -> u64 {
        self.max_length.unwrap_or(MOST_CHARACTERS)
    }
}

impl FieldType for Hidden {
    fn read(&self, entry: &Value) -> Reading {
        let line = match (self.of, entry) {
            (HiddenOf::YesNo, Value::Bool(_)) => return Ok(Some(entry.clone())),
            (HiddenOf::Number, Value::Number(number)) => decimal::write(number),
            _ => thai::clean_line(typed(entry)?),
        };
        if line.is_empty() {
            return Ok(None);
        }
        let answer = match self.of {
            HiddenOf::Text => Some(Value::String(line)),
            HiddenOf::Number => decimal::parse(&thai::fold_digits(&line)).map(Value::Number),
            HiddenOf::YesNo => match line.as_str() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => None,
            },
        };
        answer.map(Some).ok_or_else(|| Finding::error("type"))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        if let Value::String(line) = answer {
            found.extend(text::check_length(line, None, Some(self.max_length())));
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        match answer {
            Value::String(line) => line.clone(),
            Value::Number(number) => number::grouped(&decimal::write(number)),
            Value::Bool(yes) => yes_no::in_words(*yes, wording.language).to_owned(),
            _ => String::new(),
        }
    }

    fn needs_label(&self) -> bool {
        false
    }

    fn keeps_digits(&self) -> bool {
        self.of == HiddenOf::Text
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        match self.of {
            // Its length is counted as people count, which JSON Schema cannot.
            HiddenOf::Text => serde_json::json!({ "type": "string", "minLength": 1 }),
            HiddenOf::Number => serde_json::json!({ "type": "number" }),
            HiddenOf::YesNo => serde_json::json!({ "type": "boolean" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_text_has_a_length() {
        let error = |field: Value| {
            Hidden::from_members(&mut Members::of(field).unwrap()).unwrap_err().to_string()
        };
        assert_eq!(
            error(json!({ "of": "number", "maxLength": 5 })),
            "/maxLength: expected with a text only"
        );
        assert!(error(json!({ "of": "date" })).starts_with("/of: unknown value `date`"));
    }
}
