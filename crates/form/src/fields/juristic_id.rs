//! `juristic-id`: the 13 digits of a juristic person's registration, which are its tax number too,
//! kept as digits only.
//!
//! The check digit is that of a person's number; a juristic person's starts with 0 (tests of
//! python-stdnum and stdnum, `th.moa`). A field may take a person's number as well, because a tax
//! number can be either; then the person's number is held to the rules of `thai-national-id`.

use serde_json::Value;

use super::thai_national_id::{self, LENGTH, ThaiNationalId, sums_up};
use super::typing::{compact, grouped, is_digits, wrong_length};
use super::{At, FieldType, Reading, Wording, typed};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// The number of a juristic person: a company, a partnership, an association, an agency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct JuristicId {
    /// Whether a person's 13 digits are taken too, as where a tax number is asked for.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub person: bool,
}

field_type!(
    "juristic-id",
    JuristicId,
    [
        (
            "juristic-id-length",
            "ใส่เลข {needs} หลัก ตอนนี้มี {have}",
            "Enter {needs} digits; there are {have} now",
        ),
        (
            "juristic-id-characters",
            "ใส่เฉพาะตัวเลข 13 หลักตามหนังสือรับรอง",
            "Enter only the 13 digits on the certificate of registration",
        ),
        (
            "juristic-id-checksum",
            "เลขนี้ไม่ถูกต้อง โปรดตรวจทีละหลักกับหนังสือรับรอง",
            "This number is not right; compare each digit with the certificate of registration",
        ),
        (
            "juristic-id-person",
            "ใส่เลขทะเบียนนิติบุคคล ซึ่งขึ้นต้นด้วย 0 ไม่ใช่เลขประจำตัวประชาชน",
            "Enter the number of a juristic person, which starts with 0, not that of a person",
        ),
    ]
);

impl JuristicId {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self { person: members.flag("person")? })
    }
}

impl FieldType for JuristicId {
    fn read(&self, entry: &Value) -> Reading {
        let digits = compact(typed(entry)?);
        if digits.is_empty() {
            return Ok(None);
        }
        if !is_digits(&digits) {
            return Err(Finding::error("juristic-id-characters"));
        }
        if digits.len() != LENGTH {
            return Err(wrong_length("juristic-id-length", LENGTH, &digits));
        }
        if !sums_up(digits.as_bytes()) {
            return Err(Finding::error("juristic-id-checksum"));
        }
        Ok(Some(Value::String(digits)))
    }

    fn check(&self, answer: &Value, at: &At, found: &mut Vec<Finding>) {
        if is_juristic(answer.as_str().unwrap_or_default()) {
            return;
        }
        if self.person {
            ThaiNationalId::default().check(answer, at, found);
        } else {
            found.push(Finding::error("juristic-id-person"));
        }
    }

    fn in_words(&self, answer: &Value, _: &Wording) -> String {
        answer.as_str().map(in_words).unwrap_or_default()
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let first = if self.person { "[0-8]" } else { "0" };
        let pattern = ["^", first, "[0-9]{12}$"].concat();
        serde_json::json!({ "type": "string", "pattern": pattern })
    }
}

/// Whether this number is that of a juristic person.
fn is_juristic(digits: &str) -> bool {
    digits.starts_with('0')
}

/// The number in the groups that it is printed in: `0-99-4-000-61772-1`; that of a person as on the
/// identity card.
pub fn in_words(digits: &str) -> String {
    if is_juristic(digits) {
        grouped(digits, &[1, 3, 4, 7, 12])
    } else {
        thai_national_id::in_words(digits)
    }
}
