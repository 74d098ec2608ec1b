//! `yes-no`: the answer is `true` or `false`.

use serde_json::Value;

use super::{FieldType, Reading, Wording};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// Yes or no; neither is chosen beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema))]
pub struct YesNo {}

field_type!("yes-no", YesNo, []);

impl YesNo {
    fn from_members(_: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {})
    }
}

impl FieldType for YesNo {
    fn read(&self, entry: &Value) -> Reading {
        match entry {
            Value::Null => Ok(None),
            Value::Bool(_) => Ok(Some(entry.clone())),
            _ => Err(Finding::error("type")),
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        in_words(*answer == Value::Bool(true), wording.language).to_owned()
    }

    fn is_chosen(&self) -> bool {
        true
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({ "type": "boolean" })
    }
}

/// «ใช่» or «ไม่ใช่», «Yes» or «No».
pub fn in_words(yes: bool, language: &str) -> &'static str {
    match (yes, language == "th") {
        (true, true) => "ใช่",
        (false, true) => "ไม่ใช่",
        (true, false) => "Yes",
        (false, false) => "No",
    }
}
