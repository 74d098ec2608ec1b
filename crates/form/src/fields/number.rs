//! `number`: a number, whole unless decimal places are allowed.
//!
//! Thai and full-width digits, thousands commas, `.5` and the typographer's minus are accepted; the
//! answer is a JSON number.

use serde_json::{Number as JsonNumber, Value};
use validator::ValidateRange;

use super::Reading;
use crate::decimal::{self, MOST_DIGITS};
use crate::reader::Members;
use crate::{DefinitionError, Finding, Text, thai};

/// A number between two limits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Number {
    /// The least, itself allowed.
    pub min: Option<JsonNumber>,
    /// The greatest, itself allowed.
    pub max: Option<JsonNumber>,
    /// How many decimal places may be given; none unless told.
    pub decimals: u8,
    /// What is counted, shown behind the box: «ไร่».
    pub unit: Option<Text>,
}

struct Ranged(f64);

impl ValidateRange<f64> for Ranged {
    fn greater_than(&self, max: f64) -> Option<bool> {
        Some(self.0 > max)
    }

    fn less_than(&self, min: f64) -> Option<bool> {
        Some(self.0 < min)
    }
}

fn limit(limit: &Option<JsonNumber>) -> Option<f64> {
    limit.as_ref().and_then(JsonNumber::as_f64)
}

impl Number {
    pub(super) fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = (members.opt_number("min")?, members.opt_number("max")?);
        if matches!((limit(&min), limit(&max)), (Some(min), Some(max)) if min > max) {
            return Err(DefinitionError::new("expected no more than `max`").under("min"));
        }
        let decimals = members.opt_whole("decimals", u64::from(u8::MAX))?.unwrap_or_default() as u8;
        Ok(Self { min, max, decimals, unit: members.opt_text("unit")? })
    }

    pub(super) fn read(&self, entry: &Value) -> Reading {
        let typed = match entry {
            Value::Null => return Ok(None),
            Value::Number(number) => decimal::write(number),
            Value::String(text) => thai::fold_digits(&thai::clean_line(text)),
            _ => return Err(Finding::error("type")),
        };
        if typed.is_empty() {
            return Ok(None);
        }
        let plain = without_commas(&typed).ok_or_else(|| Finding::error("number"))?;
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let digits = whole.trim_start_matches('-');
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let signed_once = whole.len() - digits.len() <= 1;
        if !all_digits(digits) || !all_digits(fraction) || !signed_once {
            return Err(Finding::error("number"));
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > usize::from(self.decimals) {
            return Err(match self.decimals {
                0 => Finding::error("number-whole"),
                places => Finding::error("number-decimals").with("decimals", places),
            });
        }
        let significant = digits.trim_start_matches('0').len() + fraction.len();
        if significant > MOST_DIGITS {
            return Err(Finding::error("number-digits").with("max", MOST_DIGITS));
        }
        let number = decimal::parse(&plain).ok_or_else(|| Finding::error("number"))?;
        Ok(Some(Value::Number(number)))
    }

    pub(super) fn check(&self, number: f64) -> Option<Finding> {
        if !Ranged(number).validate_range(limit(&self.min), None, None, None) {
            return Some(
                Finding::error("too-small").with("min", self.min.clone().map(Value::Number)),
            );
        }
        if !Ranged(number).validate_range(None, limit(&self.max), None, None) {
            return Some(
                Finding::error("too-large").with("max", self.max.clone().map(Value::Number)),
            );
        }
        None
    }
}

/// The number without its commas, which may stand between groups of three only: `1,234.5`.
fn without_commas(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next().unwrap_or_default().len();
    // `0,125` is a decimal comma: as a thousand it would be another number.
    let is_decimal_comma = whole.trim_start_matches('-').starts_with('0');
    let grouped =
        !is_decimal_comma && (1..=3).contains(&first) && groups.all(|group| group.len() == 3);
    let stray = text[whole.len()..].contains(',');
    (grouped && !stray).then(|| text.replace(',', ""))
}

/// A number with commas between its thousands: `-1234567.5` is `-1,234,567.5`.
pub(super) fn in_words(number: &str) -> String {
    let (whole, fraction) = number.split_at(number.find('.').unwrap_or(number.len()));
    let mut out = String::new();
    for (index, c) in whole.char_indices() {
        let left = whole.len() - index;
        if left % 3 == 0 && out.ends_with(|c: char| c.is_ascii_digit()) {
            out.push(',');
        }
        out.push(c);
    }
    out + fraction
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_people_type() {
        let number = Number { decimals: 2, ..Number::default() };
        let cases = [
            (json!("๑๒"), json!(12)),
            (json!(" 1,234.50 "), json!(1234.5)),
            (json!("-3"), json!(-3)),
            (json!("007"), json!(7)),
            (json!("0.00"), json!(0)),
            (json!("5."), json!(5)),
            (json!(".5"), json!(0.5)),
            (json!("\u{2212}.25"), json!(-0.25)),
            (json!("１２.๕"), json!(12.5)),
            (json!(0.1), json!(0.1)),
            (json!("999999999999999"), json!(999_999_999_999_999_i64)),
        ];
        for (entry, answer) in cases {
            assert_eq!(number.read(&entry), Ok(Some(answer.clone())), "{entry}");
            assert_eq!(number.read(&answer), Ok(Some(answer.clone())), "{entry} twice");
        }
    }

    #[test]
    fn thousands_are_grouped() {
        for (number, shown) in
            [("0", "0"), ("999", "999"), ("-1234567.5", "-1,234,567.5"), ("-123", "-123")]
        {
            assert_eq!(in_words(number), shown);
        }
    }

    #[test]
    fn refuses_with_a_reason() {
        let cases = [
            (0, "สิบ", "number"),
            (0, "1,2", "number"),
            (3, "0,125", "number"),
            (0, "1e5", "number"),
            (0, "--1", "number"),
            (0, ".5", "number-whole"),
            (2, ".", "number"),
            (2, "-.", "number"),
            (0, "1.5", "number-whole"),
            (2, "1.555", "number-decimals"),
            (2, "1.2.3", "number"),
            (0, "1234567890123456", "number-digits"),
        ];
        for (decimals, entry, code) in cases {
            let number = Number { decimals, ..Number::default() };
            assert_eq!(number.read(&json!(entry)).unwrap_err().code, code, "{entry}");
        }
    }
}
