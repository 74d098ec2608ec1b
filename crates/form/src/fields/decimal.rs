//! `decimal`: a number with decimal places, two unless told otherwise. It is read and checked as
//! `number` is; the answer is a JSON number.

use serde_json::{Number as JsonNumber, Value};

use super::{At, FieldType, Reading, Wording, number};
use crate::reader::Members;
use crate::{DefinitionError, Finding, Text};

/// A number with decimal places, between two limits.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Decimal {
    /// The least, itself allowed.
    #[cfg_attr(feature = "tools", schemars(with = "Option<f64>"))]
    pub min: Option<JsonNumber>,
    /// The greatest, itself allowed; at least `min`.
    #[cfg_attr(feature = "tools", schemars(with = "Option<f64>"))]
    pub max: Option<JsonNumber>,
    /// How many decimal places may be given; two unless told.
    pub decimals: Option<u8>,
    /// What is counted, shown behind the box: «กก.».
    pub unit: Option<Text>,
}

field_type!(
    "decimal",
    Decimal,
    [("decimal", "ใส่เป็นตัวเลข เช่น 12.50", "Enter a number, for example 12.50")]
);

impl Decimal {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = number::limits(members, None, None)?;
        Ok(Self { min, max, decimals: number::places(members)?, unit: members.opt_text("unit")? })
    }

    /// How many decimal places may be given, told or not.
    pub fn places(&self) -> u8 {
        self.decimals.unwrap_or(2)
    }
}

impl FieldType for Decimal {
    fn read(&self, entry: &Value) -> Reading {
        let read = number::read_with_unit(entry, self.places(), &self.unit, "decimal")?;
        Ok(read.map(Value::Number))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        found.extend(number::check_limits(answer, &self.min, &self.max));
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        number::with_unit(answer, &self.unit, wording)
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        number::schema(self.places() == 0, &self.min, &self.max)
    }
}
