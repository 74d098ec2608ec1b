//! `percent`: the answer is the number of percent, as 12.5 for 12.5 %, from 0 to 100 unless `min`
//! and `max` say otherwise.
//!
//! The entry may have `%`, «ร้อยละ», «เปอร์เซ็นต์» or «percent» about it.

use serde_json::{Number as JsonNumber, Value};

use super::{At, FieldType, Reading, Wording, number};
use crate::reader::Members;
use crate::{DefinitionError, Finding, decimal};

/// A number of percent.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Percent {
    /// The least, itself allowed; 0 unless told.
    #[cfg_attr(feature = "tools", schemars(with = "Option<f64>"))]
    pub min: Option<JsonNumber>,
    /// The greatest, itself allowed; 100 unless told.
    #[cfg_attr(feature = "tools", schemars(with = "Option<f64>"))]
    pub max: Option<JsonNumber>,
    /// How many decimal places may be given; two unless told.
    pub decimals: Option<u8>,
}

field_type!(
    "percent",
    Percent,
    [("percent", "ใส่ร้อยละเป็นตัวเลข เช่น 12.5", "Enter the percentage as a number, for example 12.5")]
);

const MARKS: &[&str] = &["ร้อยละ", "เปอร์เซ็นต์", "เปอร์เซนต์", "percent", "%"];

impl Percent {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = number::limits(members, Some(0.into()), Some(100.into()))?;
        Ok(Self { min, max, decimals: number::places(members)? })
    }

    /// How many decimal places may be given, told or not.
    pub fn places(&self) -> u8 {
        self.decimals.unwrap_or(2)
    }
}

impl FieldType for Percent {
    fn read(&self, entry: &Value) -> Reading {
        Ok(number::read(entry, self.places(), MARKS, "percent")?.map(Value::Number))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        found.extend(number::check_limits(answer, &self.min, &self.max));
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let Value::Number(number) = answer else { return String::new() };
        let number = number::grouped(&decimal::write(number));
        if wording.language == "th" {
            "ร้อยละ ".to_owned() + &number
        } else {
            number + "%"
        }
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        number::schema(self.places() == 0, &self.min, &self.max)
    }
}
