//! `note`: words on the page, without an answer.

use serde_json::Value;

use super::{FieldType, Reading, Shape};
use crate::reader::Members;
use crate::{DefinitionError, Finding, Text};

/// Words between questions, below the field's label. There is no answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema))]
pub struct Note {
    /// What the citizen reads; an empty line begins a new paragraph.
    pub text: Text,
}

field_type!("note", Note, []);

impl Note {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self { text: members.text("text")? })
    }
}

impl FieldType for Note {
    fn read(&self, entry: &Value) -> Reading {
        if entry.is_null() { Ok(None) } else { Err(Finding::error("type")) }
    }

    fn shape(&self) -> Shape {
        Shape::Note
    }

    fn needs_label(&self) -> bool {
        false
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({ "not": {} })
    }
}
