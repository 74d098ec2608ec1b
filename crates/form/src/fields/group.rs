//! `group`: questions that belong together, under one heading. Their answers are an object of
//! theirs, and their names need only differ within the group: an applicant and a witness can both
//! have a `name`. Rules in the group see its own fields first.

use serde_json::Value;

use super::{FieldType, Reading, Shape};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// Questions under one heading: the label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema))]
pub struct Group {}

field_type!("group", Group, []);

impl Group {
    fn from_members(_: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {})
    }
}

impl FieldType for Group {
    fn read(&self, entry: &Value) -> Reading {
        match entry {
            Value::Null | Value::Object(_) => Ok(None),
            _ => Err(Finding::error("type")),
        }
    }

    fn shape(&self) -> Shape {
        Shape::Group
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({ "type": "object" })
    }
}
