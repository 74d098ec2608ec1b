//! `thai-national-id`: the 13 digits of a Thai identity number, kept as digits only.
//!
//! The check digit is (11 − Σ dᵢ·(13−i) mod 11) mod 10 over the first twelve digits, i from 0. It
//! misses every error in the third digit, whose weight is 11, so an unlikely province code in
//! digits two and three is a warning. Only the registry can really tell whether a number exists.

use serde_json::Value;

use super::{Reading, typed};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, thai};

/// An identity number of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThaiNationalId {
    /// Which kinds of person may answer; Thai and alien unless told.
    pub allow: Option<Vec<PersonKind>>,
}

/// A kind of person, by the first digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonKind {
    /// 1 to 5.
    Thai,
    /// 6 to 8.
    Alien,
    /// 0: persons without registration status.
    NoStatus,
}

const LENGTH: usize = 13;

pub(super) fn read(entry: &Value) -> Reading {
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

fn sums_up(digits: &[u8]) -> bool {
    let value = |digit: u8| u32::from(digit - b'0');
    let (first, last) = digits.split_at(LENGTH - 1);
    let sum: u32 =
        first.iter().zip((2..=13).rev()).map(|(digit, weight)| value(*digit) * weight).sum();
    value(last[0]) == (11 - sum % 11) % 10
}

/// Whether this is the code of one of the 77 provinces.
fn is_province(code: u32) -> bool {
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
    pub(super) fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self { allow: members.opt_list("allow", PersonKind::from_value)? })
    }

    pub(super) fn check(&self, digits: &str) -> Option<Finding> {
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

/// The number in the groups that are printed on the card: `1-1120-34563-56-2`.
pub fn in_words(digits: &str) -> String {
    let parts = [0..1, 1..5, 5..10, 10..12, 12..13].map(|range| digits.get(range));
    match parts {
        [Some(a), Some(b), Some(c), Some(d), Some(e)] => [a, b, c, d, e].join("-"),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code(typed: &str) -> Option<String> {
        let found = match read(&json!(typed)) {
            Ok(answer) => ThaiNationalId::default().check(answer?.as_str()?)?,
            Err(finding) => finding,
        };
        Some(found.code.into_owned())
    }

    #[test]
    fn accepts_published_and_computed_numbers() {
        // Published tests of number libraries, and numbers computed for examples.
        for typed in [
            "1112034563562",
            "1101700230708",
            "1234567890121",
            "3100600445635",
            "1-1120-34563-56-2",
            "๑ ๑๑๒๐ ๓๔๕๖๓ ๕๖ ๒",
            "1100100000000",
            "2100100000008",
            "5100100000002",
            "6000000000000",
            "7000000000008",
            "8000000000006",
        ] {
            assert_eq!(code(typed), None, "{typed}");
        }
        assert_eq!(in_words("1112034563562"), "1-1120-34563-56-2");
    }

    #[test]
    fn refuses_with_a_reason() {
        for (typed, wrong) in [
            ("1101700230705", "national-id-checksum"),
            ("1-2345-45678-78-9", "national-id-checksum"),
            ("0000089000005", "national-id-kind"),
            ("12345678", "national-id-length"),
            ("11017002070d3", "national-id-characters"),
            ("1111111111111", "national-id-checksum"),
            ("9999999999999", "national-id-checksum"),
        ] {
            assert_eq!(code(typed).as_deref(), Some(wrong), "{typed}");
        }
        let allow = ThaiNationalId { allow: Some(vec![PersonKind::NoStatus]) };
        assert_eq!(allow.check("0000089000005"), None);
    }

    #[test]
    fn a_province_that_is_none_only_warns() {
        // 28 is no province; one of the ten check digits is right.
        let numbers = (0..10).map(|check| format!("128990000001{check}"));
        let codes: Vec<_> = numbers.filter_map(|number| code(&number)).collect();
        let count = |wanted: &str| codes.iter().filter(|code| *code == wanted).count();
        assert_eq!((count("national-id-province"), count("national-id-checksum")), (1, 9));
        // The third digit has weight 11: mistyped, it passes.
        assert_eq!(code("1192034563562"), None);
    }
}
