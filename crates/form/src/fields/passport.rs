//! `passport`: the number of a passport of any country, kept in capitals without spaces.
//!
//! The machine readable zone has nine places for it, letters and digits (ICAO Doc 9303 part 4);
//! fewer than six are in no use that we know. A Thai number has two letters and seven digits; we
//! have that from no official text, so another shape is a warning only.

use serde_json::Value;

use super::typing::compact;
use super::{At, FieldType, Reading, typed};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// The number of a passport.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Passport {
    /// Whether it is that of a Thai passport, so that a number of another shape is asked about.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub thai: bool,
}

/// The fewest and the most letters and digits.
const LENGTHS: std::ops::RangeInclusive<usize> = 6..=9;

field_type!(
    "passport",
    Passport,
    [
        (
            "passport-length",
            "เลขหนังสือเดินทางมี {min} ถึง {max} ตัว ตอนนี้มี {have}",
            "A passport number has {min} to {max} letters and digits; there are {have} now",
        ),
        (
            "passport-characters",
            "ใส่เลขหนังสือเดินทางเป็นตัวอักษรอังกฤษและตัวเลขเท่านั้น",
            "Enter the passport number with letters A to Z and digits only",
        ),
        (
            "passport-thai",
            "เลขหนังสือเดินทางไทยมักมีอักษร 2 ตัวและเลข 7 หลัก โปรดตรวจอีกครั้ง ถ้าถูกแล้วไปต่อได้",
            "A Thai passport number mostly has 2 letters and 7 digits; check it, or go on if it is right",
        ),
    ]
);

impl Passport {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self { thai: members.flag("thai")? })
    }
}

impl FieldType for Passport {
    fn read(&self, entry: &Value) -> Reading {
        let mut number = compact(typed(entry)?);
        number.make_ascii_uppercase();
        if number.is_empty() {
            return Ok(None);
        }
        if !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Finding::error("passport-characters"));
        }
        if !LENGTHS.contains(&number.len()) {
            return Err(Finding::error("passport-length")
                .with("min", *LENGTHS.start())
                .with("max", *LENGTHS.end())
                .with("have", number.len()));
        }
        Ok(Some(Value::String(number)))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        if self.thai && !is_thai(answer.as_str().unwrap_or_default()) {
            found.push(Finding::warning("passport-thai"));
        }
    }

    fn keeps_digits(&self) -> bool {
        true
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({ "type": "string", "pattern": "^[A-Z0-9]{6,9}$" })
    }
}

/// Whether this has the shape of a Thai number: two letters, seven digits.
fn is_thai(number: &str) -> bool {
    let (letters, digits) = number.as_bytes().split_at(number.len().min(2));
    letters.iter().all(u8::is_ascii_uppercase)
        && digits.len() == 7
        && digits.iter().all(u8::is_ascii_digit)
}
