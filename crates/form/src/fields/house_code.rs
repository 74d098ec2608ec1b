//! `house-code`: the 11 digits of a house in the house register (รหัสประจำบ้าน), kept as digits
//! only.
//!
//! The first four digits are the registration office. No check digit is known, so the number of
//! digits is all that can be wrong; first two digits that are no province's are a warning.

use serde_json::Value;

use super::thai_national_id::is_province;
use super::typing::{compact, grouped, is_digits, wrong_length};
use super::{At, FieldType, Reading, Wording, typed};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// The code of a house in the house register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema))]
pub struct HouseCode {}

/// How many digits there are.
const LENGTH: usize = 11;

field_type!(
    "house-code",
    HouseCode,
    [
        (
            "house-code-length",
            "รหัสประจำบ้านมี {needs} หลัก ตอนนี้มี {have}",
            "A house code has {needs} digits; there are {have} now",
        ),
        (
            "house-code-characters",
            "ใส่เฉพาะตัวเลข 11 หลักตามทะเบียนบ้าน",
            "Enter only the 11 digits in the house register",
        ),
        (
            "house-code-province",
            "สองหลักแรกไม่ใช่รหัสจังหวัด โปรดตรวจอีกครั้ง ถ้าถูกแล้วไปต่อได้",
            "The first 2 digits are not the code of a province; check them, or go on if they are right",
        ),
    ]
);

impl HouseCode {
    fn from_members(_: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {})
    }
}

impl FieldType for HouseCode {
    fn read(&self, entry: &Value) -> Reading {
        let digits = compact(typed(entry)?);
        if digits.is_empty() {
            return Ok(None);
        }
        if !is_digits(&digits) {
            return Err(Finding::error("house-code-characters"));
        }
        if digits.len() != LENGTH {
            return Err(wrong_length("house-code-length", LENGTH, &digits));
        }
        Ok(Some(Value::String(digits)))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        let first = answer.as_str().and_then(|digits| digits.get(..2)?.parse().ok());
        if !first.is_some_and(is_province) {
            found.push(Finding::warning("house-code-province"));
        }
    }

    fn in_words(&self, answer: &Value, _: &Wording) -> String {
        // As it is printed: 1001-012345-6.
        grouped(answer.as_str().unwrap_or_default(), &[4, 10])
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({ "type": "string", "pattern": "^[0-9]{11}$" })
    }
}
