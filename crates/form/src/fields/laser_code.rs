//! `laser-code`: the two letters and ten digits on the back of a Thai identity card, kept without
//! hyphens.
//!
//! No check digit is known, and the shape we have from public code that reads cards, from no
//! official text: another shape is only asked about. Whether a code exists only the Department of
//! Provincial Administration can say. A letter O typed for a 0 is the usual mistake and is named.
//! Ask for this code only where it is compared with the registry.

use serde_json::Value;

use super::typing::{compact, grouped};
use super::{At, FieldType, Reading, Wording, typed};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// The code on the back of a Thai identity card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema))]
pub struct LaserCode {}

/// Two letters and ten digits.
const LENGTH: usize = 12;

field_type!(
    "laser-code",
    LaserCode,
    [
        (
            "laser-code-length",
            "รหัสหลังบัตรมี {needs} ตัว ตอนนี้มี {have} โปรดตรวจกับหลังบัตร ถ้าถูกแล้วไปต่อได้",
            "The code on the back of the card has {needs} letters and digits; there are {have} now: compare them, or go on if they are right",
        ),
        (
            "laser-code-characters",
            "ใส่รหัสหลังบัตรเป็นตัวอักษรอังกฤษและตัวเลขเท่านั้น เช่น JT0-1234567-89",
            "Enter the code with letters A to Z and digits only, for example JT0-1234567-89",
        ),
        (
            "laser-code-shape",
            "รหัสหลังบัตรขึ้นต้นด้วยอักษรอังกฤษ 2 ตัว ตามด้วยเลข 10 หลัก โปรดตรวจกับหลังบัตร ถ้าถูกแล้วไปต่อได้",
            "The code starts with 2 letters, then 10 digits; compare it with the back of the card, or go on if it is right",
        ),
        (
            "laser-code-letter-o",
            "หลังอักษร 2 ตัวแรกเป็นตัวเลขทั้งหมด ถ้าใส่อักษรโอ (O) ให้เปลี่ยนเป็นเลขศูนย์ (0) ถ้าเป็นอักษรโอจริงไปต่อได้",
            "After the first 2 letters there are digits only; if you typed a letter O, make it a zero, or go on if it is right",
        ),
    ]
);

impl LaserCode {
    fn from_members(_: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {})
    }
}

impl FieldType for LaserCode {
    fn read(&self, entry: &Value) -> Reading {
        let mut code = compact(typed(entry)?);
        code.make_ascii_uppercase();
        if code.is_empty() {
            return Ok(None);
        }
        if !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Finding::error("laser-code-characters"));
        }
        Ok(Some(Value::String(code)))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        found.extend(odd(answer.as_str().unwrap_or_default()));
    }

    fn in_words(&self, answer: &Value, _: &Wording) -> String {
        let code = answer.as_str().unwrap_or_default();
        // As it is printed: JT0-1234567-89.
        if code.len() == LENGTH { grouped(code, &[3, 10]) } else { code.to_owned() }
    }

    fn keeps_digits(&self) -> bool {
        true
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({ "type": "string", "pattern": "^[A-Z0-9]+$" })
    }
}

/// What is unusual about a code of letters and digits.
fn odd(code: &str) -> Option<Finding> {
    if code.len() != LENGTH {
        let finding = Finding::warning("laser-code-length");
        return Some(finding.with("needs", LENGTH).with("have", code.len()));
    }
    let (letters, digits) = code.as_bytes().split_at(2);
    let digit_or_o = |byte: &u8| byte.is_ascii_digit() || *byte == b'O';
    if !letters.iter().all(u8::is_ascii_uppercase) || !digits.iter().all(digit_or_o) {
        return Some(Finding::warning("laser-code-shape"));
    }
    digits.contains(&b'O').then(|| Finding::warning("laser-code-letter-o"))
}
