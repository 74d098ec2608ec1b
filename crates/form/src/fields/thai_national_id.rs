//! `thai-national-id`: the 13 digits of a Thai identity number, kept as digits only.
//!
//! The check digit is (11 − Σ dᵢ·(13−i) mod 11) mod 10 over the first twelve digits, i from 0. It
//! misses every error in the third digit, whose weight is 11, so an unlikely province code in
//! digits two and three is a warning. Only the registry can really tell whether a number exists.

use serde_json::Value;

use super::{At, FieldType, Reading, Wording, typed};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, thai};

/// An identity number of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct ThaiNationalId {
    /// Which kinds of person may answer; Thai and alien unless told.
    pub allow: Option<Vec<PersonKind>>,
}

/// A kind of person, by the first digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
pub enum PersonKind {
    /// 1 to 5.
    Thai,
    /// 6 to 8.
    Alien,
    /// 0: persons without registration status.
    NoStatus,
}

field_type!(
    "thai-national-id",
    ThaiNationalId,
    [
        (
            "national-id-length",
            "ใส่เลข {needs} หลัก ตอนนี้มี {have}",
            "Enter {needs} digits; there are {have} now",
        ),
        (
            "national-id-characters",
            "ใส่เฉพาะตัวเลข 13 หลักตามบัตรประชาชน",
            "Enter only the 13 digits on the identity card",
        ),
        (
            "national-id-checksum",
            "เลขนี้ไม่ถูกต้อง โปรดตรวจทีละหลักกับบัตรประชาชน",
            "This number is not right; compare each digit with the identity card",
        ),
        (
            "national-id-kind",
            "แบบฟอร์มนี้ไม่รับเลขประจำตัวประเภทนี้ โปรดตรวจหลักแรก",
            "This form does not take this kind of identity number; check the first digit",
        ),
        (
            "national-id-province",
            "หลักที่ 2 และ 3 ไม่ใช่รหัสจังหวัด โปรดตรวจอีกครั้ง ถ้าถูกแล้วไปต่อได้",
            "Digits 2 and 3 are not the code of a province; check them, or go on if they are right",
        ),
    ]
);

/// How many digits there are.
pub(super) const LENGTH: usize = 13;

fn read(entry: &Value) -> Reading {
    let digits = thai::compact_digits(typed(entry)?);
    if digits.is_empty() {
        return Ok(None);
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Finding::error("national-id-characters"));
    }
    if digits.len() != LENGTH {
        return Err(Finding::error("national-id-length")
            .with("needs", LENGTH)
            .with("have", digits.len()));
    }
    if !sums_up(digits.as_bytes()) {
        return Err(Finding::error("national-id-checksum"));
    }
    Ok(Some(Value::String(digits)))
}

/// Whether the last of the 13 digits is the check digit of the others.
pub(super) fn sums_up(digits: &[u8]) -> bool {
    let value = |digit: u8| u32::from(digit - b'0');
    let (first, last) = digits.split_at(LENGTH - 1);
    let sum: u32 =
        first.iter().zip((2..=13).rev()).map(|(digit, weight)| value(*digit) * weight).sum();
    value(last[0]) == (11 - sum % 11) % 10
}

/// Whether this is the code of one of the 77 provinces.
pub(super) fn is_province(code: u32) -> bool {
    (10..=96).contains(&code) && !matches!(code, 28 | 29 | 59 | 68 | 69 | 78 | 79 | 87..=89)
}

impl PersonKind {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        match reader::string(value)?.as_str() {
            "thai" => Ok(Self::Thai),
            "alien" => Ok(Self::Alien),
            "no-status" => Ok(Self::NoStatus),
            other => Err(reader::one_of(
                "unknown kind of person",
                other,
                &["thai", "alien", "no-status"],
            )),
        }
    }
}

impl ThaiNationalId {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self { allow: members.opt_list("allow", PersonKind::from_value)? })
    }

    fn find(&self, digits: &str) -> Option<Finding> {
        let kind = match digits.as_bytes().first()? {
            b'1'..=b'5' => Some(PersonKind::Thai),
            b'6'..=b'8' => Some(PersonKind::Alien),
            b'0' => Some(PersonKind::NoStatus),
            _ => None,
        };
        let allowed = self.allow.as_deref().unwrap_or(&[PersonKind::Thai, PersonKind::Alien]);
        if !kind.is_some_and(|kind| allowed.contains(&kind)) {
            return Some(Finding::error("national-id-kind"));
        }
        // Aliens and persons without status may have 00 where others have the province.
        let province = digits.get(1..3)?.parse().ok()?;
        let odd = kind == Some(PersonKind::Thai) && !is_province(province);
        odd.then(|| Finding::warning("national-id-province"))
    }
}

impl FieldType for ThaiNationalId {
    fn read(&self, entry: &Value) -> Reading {
        read(entry)
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        found.extend(self.find(answer.as_str().unwrap_or_default()));
    }

    fn in_words(&self, answer: &Value, _: &Wording) -> String {
        answer.as_str().map(in_words).unwrap_or_default()
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({ "type": "string", "pattern": "^[0-9]{13}$" })
    }
}

/// The number in the groups that are printed on the card: `1-1120-34563-56-2`.
pub fn in_words(digits: &str) -> String {
    let parts = [0..1, 1..5, 5..10, 10..12, 12..13].map(|range| digits.get(range));
    match parts {
        [Some(a), Some(b), Some(c), Some(d), Some(e)] => [a, b, c, d, e].join("-"),
        _ => digits.to_owned(),
    }
}
