//! `number`: a number, whole unless decimal places are allowed.
//!
//! Thai and full-width digits, commas or spaces between the thousands, and the field's own unit
//! behind the number are accepted; the answer is a JSON number. The other types that are about one
//! number (`decimal`, `money`, `percent`, `rating`) read and check with the functions of this
//! module.

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

impl Number {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = limits(members, None, None)?;
        let decimals = places(members)?.unwrap_or_default();
        Ok(Self { min, max, decimals, unit: members.opt_text("unit")? })
    }
}

impl FieldType for Number {
    fn read(&self, entry: &Value) -> Reading {
        Ok(read_with_unit(entry, self.decimals, &self.unit, "number")?.map(Value::Number))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        found.extend(check_limits(answer, &self.min, &self.max));
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        with_unit(answer, &self.unit, wording)
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        schema(self.decimals == 0, &self.min, &self.max)
    }
}

/// `min` and `max` of a type that is about a number, with what they are unless told; the first is
/// not above the second.
pub(super) fn limits(
    members: &mut Members,
    usual_min: Option<JsonNumber>,
    usual_max: Option<JsonNumber>,
) -> Result<(Option<JsonNumber>, Option<JsonNumber>), DefinitionError> {
    let min = members.opt_number("min")?.or(usual_min);
    let max = members.opt_number("max")?.or(usual_max);
    if matches!((as_f64(&min), as_f64(&max)), (Some(min), Some(max)) if min > max) {
        return Err(DefinitionError::new("expected no more than `max`").under("min"));
    }
    Ok((min, max))
}

/// `decimals`: how many places may be given.
pub(super) fn places(members: &mut Members) -> Result<Option<u8>, DefinitionError> {
    let decimals = members.opt_whole("decimals", u64::from(u8::MAX))?;
    Ok(decimals.map(|decimals| decimals as u8))
}

/// Reads a number of at most so many decimal places. `marks` may stand before or behind it, as
/// `บาท`; what is no number at all is found under `code`.
pub(super) fn read(
    entry: &Value,
    decimals: u8,
    marks: &[&str],
    code: &'static str,
) -> Result<Option<JsonNumber>, Finding> {
    let typed = match entry {
        Value::Null => return Ok(None),
        Value::Number(number) => decimal::write(number),
        Value::String(text) => tidy(text),
        _ => return Err(Finding::error("type")),
    };
    // On paper a dash says that there is nothing to say.
    if typed.is_empty() || typed == "-" {
        return Ok(None);
    }
    let not_a_number = || Finding::error(code);
    let plain = plain(&typed, marks).ok_or_else(not_a_number)?;
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = whole.trim_start_matches('-');
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > usize::from(decimals) {
        return Err(match decimals {
            0 => Finding::error("number-whole"),
            places => Finding::error("number-decimals").with("decimals", places),
        });
    }
    let significant = digits.trim_start_matches('0').len() + fraction.len();
    if significant > MOST_DIGITS {
        return Err(Finding::error("number-digits").with("max", MOST_DIGITS));
    }
    decimal::parse(&plain).map(Some).ok_or_else(not_a_number)
}

/// Like [`read`]; the marks are the unit's words in every language.
pub(super) fn read_with_unit(
    entry: &Value,
    decimals: u8,
    unit: &Option<Text>,
    code: &'static str,
) -> Result<Option<JsonNumber>, Finding> {
    let words = match unit.as_ref().map(Text::to_value) {
        Some(Value::Object(words)) => words.into_iter().map(|(_, word)| word).collect(),
        Some(word) => vec![word],
        None => Vec::new(),
    };
    let words: Vec<String> = words.iter().filter_map(Value::as_str).map(tidy).collect();
    let marks: Vec<&str> = words.iter().map(String::as_str).collect();
    read(entry, decimals, &marks, code)
}

/// A line as it was typed, with plain digits, hyphens and signs: Thai and full-width ones folded.
pub(super) fn tidy(text: &str) -> String {
    let fold = |c: char| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2032}' | '\u{2018}' | '\u{2019}' => '\'',
        '\u{2033}' | '\u{201C}' | '\u{201D}' => '"',
        // The full-width forms stand in the order of ASCII.
        '\u{FF01}'..='\u{FF5E}' => char::from((c as u32 - 0xFEE0) as u8),
        _ => c,
    };
    thai::fold_digits(&thai::clean_line(text)).chars().map(fold).collect()
}

/// The text without any of `marks` before and behind it, in capitals or not, and without the spaces
/// between.
pub(super) fn without_marks<'a>(text: &'a str, marks: &[&str]) -> &'a str {
    let mut rest = text.trim();
    let same = |part: Option<&str>, mark: &str| {
        !mark.is_empty() && part.is_some_and(|part| part.eq_ignore_ascii_case(mark))
    };
    loop {
        let before = rest.len();
        for mark in marks {
            if same(rest.get(..mark.len()), mark) {
                rest = rest[mark.len()..].trim_start();
            }
            let end = rest.len().saturating_sub(mark.len());
            if same(rest.get(end..), mark) {
                rest = rest[..end].trim_end();
            }
        }
        if rest.is_empty() || rest.len() == before {
            return rest;
        }
    }
}

/// `-1,234.5 บาท` as `-1234.5`; none for what is no number.
fn plain(typed: &str, marks: &[&str]) -> Option<String> {
    let unsigned = without_marks(typed, marks);
    let (negative, unsigned) = match (unsigned.strip_prefix('-'), unsigned.strip_prefix('+')) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => (false, unsigned),
    };
    let digits = without_separators(without_marks(unsigned, marks))?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    Some([sign, if whole.is_empty() { "0" } else { "" }, &digits].concat())
}

/// The number without the commas, or the spaces, that may stand between groups of three only.
fn without_separators(text: &str) -> Option<String> {
    let Some(separator) = [',', ' '].into_iter().find(|c| text.contains(*c)) else {
        return Some(text.to_owned());
    };
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(separator);
    let first = groups.next().unwrap_or_default();
    // `0,125` is a decimal comma: as a thousand it would be another number.
    let first_fits = (1..=3).contains(&first.len()) && !first.starts_with('0');
    let grouped = first_fits && groups.all(|group| group.len() == 3);
    let stray = text[whole.len()..].contains(separator);
    (grouped && !stray).then(|| text.replace(separator, ""))
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

fn as_f64(limit: &Option<JsonNumber>) -> Option<f64> {
    limit.as_ref().and_then(JsonNumber::as_f64)
}

/// Whether a number is below `min` or above `max`, and if so, which.
pub(super) fn beyond(
    answer: &Value,
    min: &Option<JsonNumber>,
    max: &Option<JsonNumber>,
) -> Option<std::cmp::Ordering> {
    let number = Ranged(answer.as_f64().unwrap_or_default());
    if !number.validate_range(as_f64(min), None, None, None) {
        return Some(std::cmp::Ordering::Less);
    }
    let above = !number.validate_range(None, as_f64(max), None, None);
    above.then_some(std::cmp::Ordering::Greater)
}

/// What is wrong with a number that is below `min` or above `max`.
pub(super) fn check_limits(
    answer: &Value,
    min: &Option<JsonNumber>,
    max: &Option<JsonNumber>,
) -> Option<Finding> {
    let json = |limit: &Option<JsonNumber>| limit.clone().map(Value::Number);
    Some(match beyond(answer, min, max)? {
        std::cmp::Ordering::Less => Finding::error("too-small").with("min", json(min)),
        _ => Finding::error("too-large").with("max", json(max)),
    })
}

/// The number with commas between its thousands, and its unit behind it.
pub(super) fn with_unit(answer: &Value, unit: &Option<Text>, wording: &Wording) -> String {
    let Value::Number(number) = answer else { return String::new() };
    let unit = unit.as_ref().map(|unit| " ".to_owned() + &(wording.text)(unit));
    grouped(&decimal::write(number)) + &unit.unwrap_or_default()
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

/// The JSON Schema of a number between two limits.
#[cfg(feature = "tools")]
pub(super) fn schema(whole: bool, min: &Option<JsonNumber>, max: &Option<JsonNumber>) -> Value {
    let mut schema = serde_json::json!({ "type": if whole { "integer" } else { "number" } });
    for (name, limit) in [("minimum", min), ("maximum", max)] {
        if let Some(limit) = limit {
            schema[name] = Value::Number(limit.clone());
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str, marks: &[&str]) -> Option<Value> {
        super::read(&json!(text), 4, marks, "number").ok().flatten().map(Value::Number)
    }

    #[test]
    fn numbers_are_read_however_they_are_written() {
        let marks = ["บาท", "฿", "thb", ".-"];
        let cases = [
            ("１２３", json!(123)),
            ("\u{2212}5", json!(-5)),
            ("–5", json!(-5)),
            ("- 5", json!(-5)),
            ("+5", json!(5)),
            (".5", json!(0.5)),
            ("-.5", json!(-0.5)),
            ("5.", json!(5)),
            ("1 234 567.5", json!(1_234_567.5)),
            ("1\u{00A0}234", json!(1234)),
            ("1\u{202F}234", json!(1234)),
            ("฿1,200.-", json!(1200)),
            ("-฿1,200 บาท", json!(-1200)),
            ("THB 5", json!(5)),
            ("5บาท", json!(5)),
            ("-0", json!(0)),
        ];
        for (typed, number) in cases {
            assert_eq!(read(typed, &marks), Some(number), "{typed}");
        }
        for typed in
            ["1 2", "1, 234", "1,234 567", "5 กก.", "บาท", ".", "-.", "+-5", "0 125", "1e5"]
        {
            assert_eq!(read(typed, &marks), None, "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reading(text in ".{0,20}", mark in ".{0,3}") {
            let read = super::read(&json!(text), 2, &[&mark, "บาท"], "number");
            if let Ok(Some(number)) = read {
                let again = super::read(&Value::Number(number.clone()), 2, &[], "number");
                proptest::prop_assert_eq!(again, Ok(Some(number)));
            }
        }

        #[test]
        fn what_is_said_in_words_reads_as_the_number(
            hundredths in -99_999_999_999_999_i64..=99_999_999_999_999
        ) {
            let typed = (hundredths / 100).to_string() + "." + &(hundredths % 100).abs().to_string();
            let unit = Some(Text::from("กก."));
            let field = Number { decimals: 2, unit, ..Number::default() };
            let answer = field.read(&json!(typed)).unwrap().unwrap();
            let text = |text: &Text| text.get("th").to_owned();
            let words = field.in_words(&answer, &Wording { language: "th", text: &text });
            proptest::prop_assert_eq!(field.read(&json!(words)), Ok(Some(answer)));
        }
    }
}
