//! `repeat`: the same questions any number of times, as the members of a household or plots of
//! land. The answer is an array of objects, one for each row. Repeats may stand in repeats. Rules in
//! a row see the row's own fields first.

use serde_json::Value;

use super::{FieldType, Reading, Shape};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, Text, limits};

/// The same questions for each row.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Repeat {
    /// The fewest rows; none unless told. That many are there from the beginning.
    pub min: Option<u64>,
    /// The most rows; 1,000 unless told, and no more.
    pub max: Option<u64>,
    /// What a row is called: `{n}` is its number, counted from 1.
    pub row_title: Option<Text>,
    /// What the button says that adds a row.
    pub add_label: Option<Text>,
}

field_type!(
    "repeat",
    Repeat,
    [
        ("too-few-rows", "ใส่ “{label}” อย่างน้อย {min} รายการ", "Add at least {min} to “{label}”"),
        ("too-many-rows", "ใส่ “{label}” ได้ไม่เกิน {max} รายการ", "Enter at most {max} in “{label}”"),
    ]
);

impl Repeat {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = members.opt_range("min", "max")?;
        if max.is_some_and(|max| max > limits::ROWS as u64) {
            return Err(reader::beyond("rows", limits::ROWS).under("max"));
        }
        if min.is_some_and(|min| min > limits::ROWS as u64) {
            return Err(reader::beyond("rows", limits::ROWS).under("min"));
        }
        let row_title = members.opt_text("rowTitle")?;
        Ok(Self { min, max, row_title, add_label: members.opt_text("addLabel")? })
    }
}

impl FieldType for Repeat {
    fn read(&self, entry: &Value) -> Reading {
        match entry {
            Value::Null | Value::Array(_) => Ok(None),
            _ => Err(Finding::error("type")),
        }
    }

    fn shape(&self) -> Shape {
        let (min, max) = (self.min.unwrap_or(0), self.max.unwrap_or(limits::ROWS as u64));
        Shape::Rows { min: min as usize, max: max as usize }
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let mut schema = serde_json::json!({ "type": "array" });
        if let Some(min) = self.min.filter(|min| *min > 0) {
            schema["minItems"] = min.into();
        }
        schema["maxItems"] = self.max.unwrap_or(limits::ROWS as u64).into();
        schema
    }
}
