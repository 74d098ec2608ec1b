//! `calculated`: what the field's `calculate` rule gives, shown and submitted, never typed.
//!
//! The answer is the rule's value, in the JSON of the format: numbers for `number`, `money` (baht),
//! `percent` and `land-area` (square wah); ISO 8601 for `date`; text; true or false. Rounding in
//! `decimals` is for people's eyes: the answer keeps what was calculated, so that sums agree.

use serde_json::{Number, Value};

use super::{FieldType, Reading, Wording, number::grouped, yes_no};
use crate::reader::{self, Members};
use crate::{Date, DefinitionError, Finding, Text, decimal};

/// What a rule gives. Its answer is a number, a day as ISO 8601, a text, or true or false.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Calculated {
    /// What the value is, and so how it is shown; a number unless told.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub format: Format,
    /// How many decimal places are shown, 0 to 6. Unless told, two at the most; of money, two or
    /// none. For `number`, `money` and `percent` only.
    pub decimals: Option<u8>,
    /// What is counted, shown behind a `number`: «ไร่».
    pub unit: Option<Text>,
}

/// What a calculated value is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
#[cfg_attr(feature = "tools", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
pub enum Format {
    /// A number.
    #[default]
    Number,
    /// An amount in baht.
    Money,
    /// A number of percent: 69.19 for 69.19 %.
    Percent,
    /// A day.
    Date,
    /// A number of square wah, shown as rai, ngan and square wah.
    LandArea,
    /// A text.
    Text,
    /// Yes or no.
    YesNo,
}

field_type!("calculated", Calculated, []);

const FORMATS: [(&str, Format); 7] = [
    ("number", Format::Number),
    ("money", Format::Money),
    ("percent", Format::Percent),
    ("date", Format::Date),
    ("land-area", Format::LandArea),
    ("text", Format::Text),
    ("yes-no", Format::YesNo),
];

impl Format {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let name = reader::string(value)?;
        match FORMATS.iter().find(|(known, _)| *known == name) {
            Some((_, format)) => Ok(*format),
            None => Err(reader::one_of("unknown format", &name, &FORMATS.map(|(known, _)| known))),
        }
    }
}

impl Calculated {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let format = members.opt("format", Format::from_value)?.unwrap_or_default();
        let decimals = members.opt_whole("decimals", 6)?.map(|places| places as u8);
        let unit = members.opt_text("unit")?;
        let places = matches!(format, Format::Number | Format::Money | Format::Percent);
        if decimals.is_some() && !places {
            let words = "expected with the formats `number`, `money` and `percent` only";
            return Err(DefinitionError::new(words).under("decimals"));
        }
        if unit.is_some() && format != Format::Number {
            let words = "expected with the format `number` only";
            return Err(DefinitionError::new(words).under("unit"));
        }
        Ok(Self { format, decimals, unit })
    }

    fn number_in_words(&self, number: &Number, wording: &Wording) -> String {
        let places = usize::from(self.decimals.unwrap_or(2));
        let Some(rounded) = rounded(number, places) else {
            return decimal::write(number);
        };
        let exact = grouped(&with_point(rounded, places));
        let whole = || exact.trim_end_matches('0').trim_end_matches('.').to_owned();
        let said = match self.format {
            _ if self.decimals.is_some() || places == 0 => exact,
            Format::Money if rounded % 100 != 0 => exact,
            _ => whole(),
        };
        match self.format {
            Format::Money => said + wording.pick(" บาท", " baht"),
            Format::Percent => said + "%",
            _ => match &self.unit {
                Some(unit) => [&said, " ", &(wording.text)(unit)].concat(),
                None => said,
            },
        }
    }
}

/// The number times ten to the power of `places`, rounded half away from zero in decimals; nothing
/// where that is too much for an `i64`.
fn rounded(number: &Number, places: usize) -> Option<i64> {
    let text = decimal::write(number);
    let (text, exponent) = match text.split_once(['e', 'E']) {
        Some((text, exponent)) => (text, exponent.parse::<i32>().ok()?),
        None => (text.as_str(), 0),
    };
    let negative = text.starts_with('-');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = whole.trim_start_matches('-');
    // How many of the digits stand before the place that is rounded to.
    let kept = whole.len() as i32 + exponent + places as i32;
    if kept > 400 {
        return None;
    }
    let digits = whole.bytes().chain(fraction.bytes()).chain(std::iter::repeat(b'0'));
    let kept = usize::try_from(kept).unwrap_or(0);
    let mut sum = 0_i64;
    let mut digits = digits.map(|digit| i64::from(digit.wrapping_sub(b'0')));
    for digit in digits.by_ref().take(kept) {
        sum = sum.checked_mul(10)?.checked_add(digit)?;
    }
    let up = digits.next().is_some_and(|digit| digit >= 5);
    sum = sum.checked_add(i64::from(up))?;
    Some(if negative { -sum } else { sum })
}

/// A whole number with a point before the last `places` digits.
fn with_point(number: i64, places: usize) -> String {
    let mut digits = number.unsigned_abs().to_string();
    while digits.len() <= places {
        digits.insert(0, '0');
    }
    if places > 0 {
        digits.insert(digits.len() - places, '.');
    }
    if number < 0 {
        digits.insert(0, '-');
    }
    digits
}

/// «3 ไร่ 2 งาน 50 ตร.ว. (5,800 ตร.ม.)»: 1 rai is 4 ngan, 1 ngan is 100 square wah, 1 square wah is
/// 4 square metres.
fn area_in_words(wah: &Number, wording: &Wording) -> String {
    let Some(hundredths) = rounded(wah, 2).filter(|area| area.abs() <= i64::MAX / 4) else {
        return decimal::write(wah);
    };
    let short = |hundredths: i64| {
        let exact = grouped(&with_point(hundredths, 2));
        exact.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    let area = hundredths.abs();
    let (rai, ngan, wah) = (area / 40_000, area % 40_000 / 10_000, area % 10_000);
    let sign = if hundredths < 0 { "-" } else { "" };
    let words = [
        sign,
        &grouped(&rai.to_string()),
        wording.pick(" ไร่ ", " rai "),
        &ngan.to_string(),
        wording.pick(" งาน ", " ngan "),
        &short(wah),
        wording.pick(" ตร.ว. (", " sq. wah ("),
        &short(hundredths * 4),
        wording.pick(" ตร.ม.)", " m²)"),
    ];
    words.concat()
}

impl FieldType for Calculated {
    fn read(&self, entry: &Value) -> Reading {
        let is_blank = entry.is_null() || entry.as_str() == Some("");
        if is_blank {
            return Ok(None);
        }
        match (self.format, entry) {
            (Format::Text, Value::String(_)) | (Format::YesNo, Value::Bool(_)) => {
                Ok(Some(entry.clone()))
            }
            (Format::Text, Value::Number(number)) => {
                Ok(Some(Value::String(decimal::write(number))))
            }
            (Format::Date, Value::String(day)) if Date::parse_iso(day).is_some() => {
                Ok(Some(entry.clone()))
            }
            (
                Format::Number | Format::Money | Format::Percent | Format::LandArea,
                Value::Number(number),
            ) => {
                // 5.0 is written, and comes back, as 5.
                let written = decimal::parse(&decimal::write(number));
                Ok(Some(Value::Number(written.unwrap_or_else(|| number.clone()))))
            }
            _ => Err(Finding::error("type")),
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        match answer {
            Value::Number(wah) if self.format == Format::LandArea => area_in_words(wah, wording),
            Value::Number(number) => self.number_in_words(number, wording),
            Value::Bool(yes) => yes_no::in_words(*yes, wording.language).to_owned(),
            Value::String(text) => match Date::parse_iso(text) {
                Some(day) if self.format == Format::Date => day.in_words(wording.language),
                _ => text.clone(),
            },
            _ => String::new(),
        }
    }

    fn keeps_digits(&self) -> bool {
        self.format == Format::Text
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        match self.format {
            Format::Date => serde_json::json!({ "type": "string", "format": "date" }),
            Format::Text => serde_json::json!({ "type": "string", "minLength": 1 }),
            Format::YesNo => serde_json::json!({ "type": "boolean" }),
            _ => serde_json::json!({ "type": "number" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_that_a_format_has_no_use_for_are_refused() {
        let cases = [
            (json!({ "format": "time" }), "/format: unknown format `time`, expected one of number"),
            (json!({ "format": "date", "decimals": 2 }), "/decimals: expected with the formats"),
            (json!({ "format": "land-area", "decimals": 2 }), "/decimals: expected with"),
            (json!({ "format": "money", "unit": "x" }), "/unit: expected with the format"),
            (json!({ "decimals": 7 }), "/decimals: expected a whole number, 0 to 6"),
        ];
        for (field, words) in cases {
            let error = Calculated::from_members(&mut Members::of(field).unwrap()).unwrap_err();
            assert!(error.to_string().starts_with(words), "{error}");
        }
    }

    #[test]
    fn numbers_are_rounded_as_people_round() {
        let cases = [
            ("1.005", 2, Some("1.01")),
            ("-1.005", 2, Some("-1.01")),
            ("2.5", 0, Some("3")),
            ("0.004", 2, Some("0.00")),
            ("0.3", 2, Some("0.30")),
            ("1e-9", 2, Some("0.00")),
            ("-0.001", 2, Some("0.00")),
            ("83333.33333333333", 2, Some("83333.33")),
            ("0.30000000000000004", 2, Some("0.30")),
            ("99.995", 2, Some("100.00")),
            ("1e17", 2, None),
            ("1e300", 0, None),
        ];
        for (number, places, said) in cases {
            let number: Number = serde_json::from_str(number).unwrap();
            let rounded = rounded(&number, places).map(|rounded| with_point(rounded, places));
            assert_eq!(rounded.as_deref(), said, "{number}");
        }
    }
}
