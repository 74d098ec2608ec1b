//! `phone`: a Thai telephone number, kept as E.164 (`+66812345678`).
//!
//! Which numbers there are follows libphonenumber's metadata for Thailand (Apache-2.0): mobile
//! numbers have nine digits after the 0 or +66, fixed ones eight, 1800 numbers ten.

use serde_json::Value;

use super::{Reading, typed};
use crate::{Finding, thai};

/// A Thai telephone number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phone {}

pub(super) fn read(entry: &Value) -> Reading {
    let text = thai::compact_digits(typed(entry)?);
    let text = text.replace(['(', ')', '.'], "");
    if text.is_empty() {
        return Ok(None);
    }
    let (plus, digits) = match text.strip_prefix('+') {
        Some(digits) => (true, digits),
        None => (false, text.as_str()),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Finding::error("phone-characters"));
    }
    let national = match (plus, digits.strip_prefix("66"), digits.strip_prefix('0')) {
        // The 0 that people leave in: +66 081 234 5678.
        (true, Some(rest), _) => rest.strip_prefix('0').unwrap_or(rest),
        (true, None, _) => return Err(Finding::error("phone-foreign")),
        (false, _, Some(rest)) => rest,
        (false, _, None) if digits.starts_with("1800") => digits,
        (false, Some(rest), None) if digits.len() > 10 => rest,
        (false, _, None) => return Err(Finding::error("phone-zero")),
    };
    if !is_national(national) {
        let needs = if is_mobile_start(national) { 10 } else { 9 };
        let have = national.len() + 1;
        return Err(match have == needs {
            true => Finding::error("phone"),
            false => Finding::error("phone-length").with("needs", needs).with("have", have),
        });
    }
    Ok(Some(Value::String(format!("+66{national}"))))
}

/// Whether these digits, without 0 or +66, are a number that can be called.
fn is_national(digits: &str) -> bool {
    let start = |length: usize| digits.get(..length).and_then(|start| start.parse::<u32>().ok());
    match digits.len() {
        8 => start(2).is_some_and(|two| {
            matches!(two, 10 | 16 | 18 | 19 | 20..=29 | 32..=39 | 42..=45 | 52..=56 | 73..=77)
        }),
        9 => {
            is_mobile_start(digits) && !digits.starts_with("67")
                || start(4).is_some_and(|four| matches!(four, 6710..=6718 | 6724..=6727))
        }
        10 => digits.starts_with("1800"),
        _ => false,
    }
}

fn is_mobile_start(digits: &str) -> bool {
    let two = digits.get(..2).and_then(|start| start.parse::<u32>().ok());
    two.is_some_and(|two| matches!(two, 14 | 61..=67 | 80..=99))
}

/// A kept number as people in Thailand write it: `081-234-5678`, `02-505-7370`.
pub fn in_words(number: &str) -> String {
    let Some(national) = number.strip_prefix("+66") else { return number.to_owned() };
    let (a, b, c) = match national.len() {
        8 if national.starts_with('2') => (1, 4, 8),
        8 => (2, 5, 8),
        9 => (2, 5, 9),
        _ => return national.to_owned(),
    };
    match (national.get(..a), national.get(a..b), national.get(b..c)) {
        (Some(first), Some(second), Some(third)) => format!("0{first}-{second}-{third}"),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_people_type() {
        let cases = [
            ("0812345678", "+66812345678", "081-234-5678"),
            ("081-234 5678", "+66812345678", "081-234-5678"),
            ("๐๘๑๒๓๔๕๖๗๘", "+66812345678", "081-234-5678"),
            ("+66618166864", "+66618166864", "061-816-6864"),
            ("+660812345678", "+66812345678", "081-234-5678"),
            ("66812345678", "+66812345678", "081-234-5678"),
            ("0 2505 7370", "+6625057370", "02-505-7370"),
            ("053123456", "+6653123456", "053-123-456"),
            ("1800123456", "+661800123456", "1800123456"),
        ];
        for (typed, kept, shown) in cases {
            assert_eq!(read(&json!(typed)), Ok(Some(json!(kept))), "{typed}");
            assert_eq!(read(&json!(kept)), Ok(Some(json!(kept))), "{kept} twice");
            assert_eq!(in_words(kept), shown);
        }
    }

    #[test]
    fn refuses_with_a_reason() {
        let cases = [
            ("0712345678", "phone-length"),
            ("08123456", "phone-length"),
            ("12345678", "phone-zero"),
            ("081234567x", "phone-characters"),
            ("+12025550123", "phone-foreign"),
            ("+", "phone-characters"),
        ];
        for (typed, code) in cases {
            assert_eq!(read(&json!(typed)).unwrap_err().code, code, "{typed}");
        }
    }
}
