//! `number`: a number, whole unless decimal places are allowed.
//!
//! Thai and full-width digits, thousands commas, `.5` and the typographer's minus are accepted; the
//! answer is a JSON number.

use serde_json::{Number as JsonNumber, Value};
use validator::ValidateRange;

use super::{At, FieldType, Reading, Wording};
use crate::decimal::{self, MOST_DIGITS};
use crate::reader::Members;
use crate::{DefinitionError, Finding, Text, thai};

/// A number between two limits.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Number {
    /// The least, itself allowed.
    #[cfg_attr(feature = "tools", schemars(with = "Option<f64>"))]
    pub min: Option<JsonNumber>,
    /// The greatest, itself allowed; at least `min`.
    #[cfg_attr(feature = "tools", schemars(with = "Option<f64>"))]
    pub max: Option<JsonNumber>,
    /// How many decimal places may be given; none unless told.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub decimals: u8,
    /// What is counted, shown behind the box: «ไร่».
    pub unit: Option<Text>,
}

field_type!(
    "number",
    Number,
    [
        ("number", "ใส่เป็นตัวเลข เช่น 12", "Enter a number, for example 12"),
        ("number-whole", "ใส่เป็นจำนวนเต็ม ไม่มีจุดทศนิยม", "Enter a whole number, without decimals"),
        (
            "number-decimals",
            "ใส่ทศนิยมได้ไม่เกิน {decimals} ตำแหน่ง",
            "Enter at most {decimals} decimal places",
        ),
        ("number-digits", "ใส่ตัวเลขไม่เกิน {max} หลัก", "Enter at most {max} digits"),
        ("too-small", "ใส่จำนวนตั้งแต่ {min} ขึ้นไป", "Enter {min} or more"),
        ("too-large", "ใส่จำนวนไม่เกิน {max}", "Enter {max} or less"),
    ]
);

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
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = (members.opt_number("min")?, members.opt_number("max")?);
        if matches!((limit(&min), limit(&max)), (Some(min), Some(max)) if min > max) {
            return Err(DefinitionError::new("expected no more than `max`").under("min"));
        }
        let decimals = members.opt_whole("decimals", u64::from(u8::MAX))?.unwrap_or_default() as u8;
        Ok(Self { min, max, decimals, unit: members.opt_text("unit")? })
    }
}

impl FieldType for Number {
    fn read(&self, entry: &Value) -> Reading {
        let typed = match entry {
            Value::Null => return Ok(None),
            Value::Number(number) => decimal::write(number),
            Value::String(text) => {
                thai::fold_digits(&thai::clean_line(text)).replace('\u{2212}', "-")
            }
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

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        let number = Ranged(answer.as_f64().unwrap_or_default());
        let json = |limit: &Option<JsonNumber>| limit.clone().map(Value::Number);
        if !number.validate_range(limit(&self.min), None, None, None) {
            found.push(Finding::error("too-small").with("min", json(&self.min)));
        } else if !number.validate_range(None, limit(&self.max), None, None) {
            found.push(Finding::error("too-large").with("max", json(&self.max)));
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let Value::Number(number) = answer else { return String::new() };
        let unit = self.unit.as_ref().map(|unit| " ".to_owned() + &(wording.text)(unit));
        grouped(&decimal::write(number)) + &unit.unwrap_or_default()
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let mut schema = serde_json::json!({
            "type": if self.decimals == 0 { "integer" } else { "number" }
        });
        for (name, limit) in [("minimum", &self.min), ("maximum", &self.max)] {
            if let Some(limit) = limit {
                schema[name] = Value::Number(limit.clone());
            }
        }
        schema
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
pub(super) fn grouped(number: &str) -> String {
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
