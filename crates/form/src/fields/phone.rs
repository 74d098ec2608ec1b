//! `phone`: a Thai telephone number, kept as E.164 (`+66812345678`), with an extension as RFC 3966
//! writes it (`+6625057370;ext=123`).
//!
//! Which numbers there are follows libphonenumber's metadata for Thailand (Apache-2.0): mobile
//! numbers and those of internet telephony have nine digits after the 0 or +66, fixed ones eight,
//! 1800 numbers ten. Short numbers, as 191, have three or four and no international form, so they
//! are kept as they are.

use serde_json::Value;

use super::typing::{compact, is_digits};
use super::{FieldType, Reading, Wording, typed};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// A Thai telephone number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Phone {
    /// Whether an extension may follow the number, as in 0 2505 7370 ต่อ 123.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub extension: bool,
    /// Whether a short number is taken too, as 191 or 1113.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub short: bool,
}

/// The most digits of an extension.
const LONGEST_EXTENSION: usize = 7;

field_type!(
    "phone",
    Phone,
    [
        (
            "phone",
            "ไม่มีหมายเลขโทรศัพท์แบบนี้ในไทย โปรดตรวจอีกครั้ง เช่น 081 234 5678",
            "There is no such Thai telephone number; check it, for example 081 234 5678",
        ),
        (
            "phone-length",
            "หมายเลขนี้ต้องมี {needs} หลัก ตอนนี้มี {have}",
            "This number needs {needs} digits; there are {have} now",
        ),
        (
            "phone-zero",
            "ขึ้นต้นหมายเลขด้วย 0 เช่น 081 234 5678",
            "Start the number with 0, for example 081 234 5678",
        ),
        (
            "phone-characters",
            "ใส่หมายเลขโทรศัพท์เป็นตัวเลขเท่านั้น",
            "Enter the telephone number with digits only",
        ),
        (
            "phone-short",
            "ใส่หมายเลขเต็ม 9 หรือ 10 หลัก เช่น 081 234 5678",
            "Enter a whole number of 9 or 10 digits, for example 081 234 5678",
        ),
        (
            "phone-extension",
            "ใส่เฉพาะหมายเลขโทรศัพท์ ไม่ใส่หมายเลขต่อ",
            "Enter the telephone number without the extension",
        ),
        (
            "phone-extension-digits",
            "ใส่หมายเลขต่อเป็นตัวเลขไม่เกิน {max} หลัก เช่น 02 505 7370 ต่อ 123",
            "Enter the extension as at most {max} digits, for example 02 505 7370 ext. 123",
        ),
        ("phone-foreign", "ใส่หมายเลขโทรศัพท์ในประเทศไทย", "Enter a telephone number in Thailand"),
    ]
);

impl Phone {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self { extension: members.flag("extension")?, short: members.flag("short")? })
    }
}

impl FieldType for Phone {
    fn read(&self, entry: &Value) -> Reading {
        let text = compact(typed(entry)?).replace(['(', ')', '.'], "").to_ascii_lowercase();
        if text.is_empty() {
            return Ok(None);
        }
        let (number, extension) = apart(&text);
        if let (Some(extension), true) = (extension, self.extension) {
            if !is_digits(extension) || extension.len() > LONGEST_EXTENSION {
                return Err(Finding::error("phone-extension-digits").with("max", LONGEST_EXTENSION));
            }
        } else if extension.is_some() {
            return Err(Finding::error("phone-extension"));
        }
        if is_short(number) {
            return match (self.short, extension) {
                (true, None) => Ok(Some(Value::String(number.to_owned()))),
                _ => Err(Finding::error("phone-short")),
            };
        }
        let national = national(number)?;
        let (mark, extension) = extension.map_or(("", ""), |digits| (EXTENSION, digits));
        Ok(Some(Value::String(["+66", national, mark, extension].concat())))
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let answer = answer.as_str().unwrap_or_default();
        match answer.split_once(EXTENSION) {
            Some((number, extension)) => {
                [&in_words(number), wording.pick(" ต่อ ", " ext. "), extension].concat()
            }
            None => in_words(answer),
        }
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let extension = if self.extension { "(;ext=[0-9]{1,7})?" } else { "" };
        let short = if self.short { "|1[0-9]{2,3}" } else { "" };
        let pattern = ["^(\\+66[0-9]{8,10}", extension, short, ")$"].concat();
        serde_json::json!({ "type": "string", "pattern": pattern })
    }
}

/// How an answer marks the extension: the parameter of RFC 3966.
const EXTENSION: &str = ";ext=";

/// The number and the extension behind it, where there is one. A letter x or a # is the mark of an
/// extension only where a digit follows: elsewhere it is a slip.
fn apart(text: &str) -> (&str, Option<&str>) {
    for mark in [EXTENSION, "ต่อ", "extension", "ext", "x", "#"] {
        let Some((number, extension)) = text.split_once(mark) else { continue };
        if mark.len() > 1 || extension.starts_with(|c: char| c.is_ascii_digit()) {
            return (number, Some(extension.trim_start_matches(':')));
        }
    }
    (text, None)
}

/// The digits without 0 or +66, where they are a number that can be called.
fn national(text: &str) -> Result<&str, Finding> {
    let (plus, digits) = match text.strip_prefix('+') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if !is_digits(digits) {
        return Err(Finding::error("phone-characters"));
    }
    let national = match (plus, digits.strip_prefix("66"), digits.strip_prefix('0')) {
        // The 0 that people leave in: +66 081 234 5678.
        (true, Some(rest), _) => rest.strip_prefix('0').unwrap_or(rest),
        (true, None, _) => return Err(Finding::error("phone-foreign")),
        (false, _, Some(rest)) => rest,
        (false, _, None) if digits.starts_with("1800") => digits,
        (false, Some(rest), None) if digits.len() > 10 => rest,
        // Dear to call, and nobody's own.
        (false, _, None) if digits.starts_with("1900") => return Err(Finding::error("phone")),
        (false, _, None) => return Err(Finding::error("phone-zero")),
    };
    if is_national(national) {
        return Ok(national);
    }
    let needs = if is_long_start(national) { 10 } else { 9 };
    let have = national.len() + 1;
    Err(match have == needs {
        true => Finding::error("phone"),
        false => Finding::error("phone-length").with("needs", needs).with("have", have),
    })
}

/// The first `length` of the digits as a number.
fn start(digits: &str, length: usize) -> Option<u32> {
    digits.get(..length).and_then(|start| start.parse().ok())
}

/// Whether these digits, without 0 or +66, are a number that can be called.
fn is_national(digits: &str) -> bool {
    match digits.len() {
        8 => start(digits, 2).is_some_and(|two| {
            matches!(two, 10 | 16 | 18 | 19 | 20..=29 | 32..=39 | 42..=45 | 52..=56 | 73..=77)
        }),
        // Telephony by internet, besides mobile numbers.
        9 => is_mobile(digits) || matches!(start(digits, 2), Some(60 | 68)),
        10 => digits.starts_with("1800"),
        _ => false,
    }
}

/// Whether these digits, without 0 or +66, are a mobile number.
pub(super) fn is_mobile(digits: &str) -> bool {
    digits.len() == 9
        && match start(digits, 2) {
            Some(67) => matches!(start(digits, 4), Some(6710..=6718 | 6724..=6727 | 6731..=6736)),
            Some(two) => matches!(two, 14 | 61..=66 | 80..=99),
            None => false,
        }
}

/// Whether a number that starts like this has nine digits.
fn is_long_start(digits: &str) -> bool {
    start(digits, 2).is_some_and(|two| matches!(two, 14 | 60..=68 | 80..=99))
}

/// Emergency and service numbers: 191, 1113.
fn is_short(digits: &str) -> bool {
    matches!(digits.len(), 3 | 4) && is_digits(digits) && digits.starts_with('1')
}

/// A kept number, without an extension, as people in Thailand write it: `081-234-5678`,
/// `02-505-7370`.
pub fn in_words(number: &str) -> String {
    let Some(national) = number.strip_prefix("+66") else { return number.to_owned() };
    let (a, b, c) = match national.len() {
        8 if national.starts_with('2') => (1, 4, 8),
        8 => (2, 5, 8),
        9 => (2, 5, 9),
        _ => return national.to_owned(),
    };
    match (national.get(..a), national.get(a..b), national.get(b..c)) {
        (Some(first), Some(second), Some(third)) => ["0", first, "-", second, "-", third].concat(),
        _ => number.to_owned(),
    }
}
