//! `vehicle-plate`: what stands on a Thai number plate: the series, the number, the province.
//!
//! The entry is an object of the three texts, or one text as on the plate: `1กก 999 เบตง`. No one
//! standard fixes all series: cars have two letters, perhaps after a digit, motorcycles three,
//! lorries two digits, and since 2 April 2565 (2022) a series can be a word of up to 7 characters.
//! So a series is anything of Thai letters and digits that is not too long. The place is one of the
//! provinces or เบตง, the only district with plates of its own. The answer has all three parts.

use serde_json::{Value, json};

use super::provinces::{self, PROVINCES};
use super::typing::{compact, is_digits, narrow, part};
use super::{FieldType, Reading, Wording};
use crate::reader::Members;
use crate::{DefinitionError, Finding, thai};

/// A Thai number plate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema))]
pub struct VehiclePlate {}

/// The place on plates that is no province, in Thai and English.
pub const BETONG: (&str, &str) = ("เบตง", "Betong");

/// The most characters of a series, as people count them.
const LONGEST_SERIES: u64 = 7;
/// The most digits of a number.
const MOST_DIGITS: usize = 4;

field_type!(
    "vehicle-plate",
    VehiclePlate,
    [
        (
            "vehicle-plate-series",
            "ใส่หมวดอักษรหน้าเลขทะเบียน เช่น กข หรือ 1กข",
            "Enter the letters before the number, for example กข or 1กข",
        ),
        (
            "vehicle-plate-letters",
            "ใส่หมวดอักษรเป็นอักษรไทยตามป้ายทะเบียน เช่น กข หรือ 1กข",
            "Enter the letters in Thai as on the plate, for example กข or 1กข",
        ),
        (
            "vehicle-plate-series-length",
            "หมวดอักษรมีไม่เกิน {max} ตัว ตอนนี้มี {have}",
            "The letters before the number are at most {max}; there are {have} now",
        ),
        (
            "vehicle-plate-number",
            "ใส่เลขทะเบียนเป็นตัวเลข เช่น 1234",
            "Enter the number of the plate in digits, for example 1234",
        ),
        (
            "vehicle-plate-number-length",
            "เลขทะเบียนมีไม่เกิน {max} หลัก ตอนนี้มี {have}",
            "The number of the plate has at most {max} digits; there are {have} now",
        ),
        (
            "vehicle-plate-zero",
            "เลขทะเบียนเป็น 0 ไม่ได้ โปรดตรวจกับป้ายทะเบียน",
            "The number of a plate cannot be 0; compare it with the plate",
        ),
        ("vehicle-plate-province", "เลือกจังหวัดตามป้ายทะเบียน", "Choose the province on the plate",),
        (
            "vehicle-plate-unknown-province",
            "ไม่มีจังหวัดนี้บนป้ายทะเบียน โปรดเลือกจากรายการ",
            "There is no such province on plates; choose one from the list",
        ),
    ]
);

impl VehiclePlate {
    fn from_members(_: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {})
    }
}

/// The places on plates in Thai, as they are offered and kept: the provinces, then เบตง.
pub fn places() -> impl Iterator<Item = &'static str> {
    PROVINCES.iter().map(|province| province.th).chain([BETONG.0])
}

/// The place that a text stands for, in Thai and English.
fn place(text: &str) -> Option<(&'static str, &'static str)> {
    match provinces::find(text) {
        Some(province) => Some((province.th, province.en)),
        None => {
            let name = provinces::bare(text);
            (name == BETONG.0 || provinces::same_latin(name, BETONG.1)).then_some(BETONG)
        }
    }
}

impl FieldType for VehiclePlate {
    fn read(&self, entry: &Value) -> Reading {
        match entry {
            Value::Null => Ok(None),
            Value::String(text) => {
                let text = thai::fold_digits(&thai::clean_line(&narrow(text)));
                let (series, number, province) = apart(&text);
                read(series, number, province)
            }
            Value::Object(parts) => {
                let part = |name| part(parts, name);
                read(part("series")?, part("number")?, part("province")?)
            }
            _ => Err(Finding::error("type")),
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let part = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
        let (th, en) = place(part("province")).unwrap_or_default();
        let between = if is_digits(part("series")) { "-" } else { " " };
        [part("series"), between, part("number"), " ", wording.pick(th, en)].concat()
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let places: Vec<&str> = places().collect();
        json!({
            "type": "object",
            "properties": {
                "series": {
                    "type": "string",
                    "pattern": "^([\u{0E01}-\u{0E3A}\u{0E40}-\u{0E4E}0-9]*[\u{0E01}-\u{0E2E}]\
                        [\u{0E01}-\u{0E3A}\u{0E40}-\u{0E4E}0-9]*|[0-9]{1,2})$"
                },
                "number": {
                    "type": "string", "pattern": "^[0-9]{1,4}$", "not": { "pattern": "^0+$" }
                },
                "province": { "enum": places }
            },
            "required": ["series", "number", "province"],
            "additionalProperties": false
        })
    }
}

/// The three parts of a plate in one text: the number is the last digits in it.
fn apart(text: &str) -> (&str, &str, &str) {
    let Some(last) = text.rfind(|c: char| c.is_ascii_digit()) else { return (text, "", "") };
    let (plate, province) = text.split_at(last + 1);
    let series = plate.trim_end_matches(|c: char| c.is_ascii_digit());
    (series, &plate[series.len()..], province)
}

fn read(series: &str, number: &str, province: &str) -> Reading {
    let series = compact(series).replace('.', "");
    let (number, province) = (compact(number), thai::clean_line(province));
    if series.is_empty() && number.is_empty() && province.is_empty() {
        return Ok(None);
    }
    if let Some(code) = check_series(&series) {
        return Err(code.part("series"));
    }
    if let Some(code) = check_number(&number) {
        return Err(code.part("number"));
    }
    match place(&province) {
        Some((place, _)) => {
            Ok(Some(json!({ "series": series, "number": number, "province": place })))
        }
        None => {
            let missing = province.is_empty();
            let code =
                if missing { "vehicle-plate-province" } else { "vehicle-plate-unknown-province" };
            Err(Finding::error(code).part("province"))
        }
    }
}

fn check_series(series: &str) -> Option<Finding> {
    let consonant = |c: char| matches!(c, '\u{0E01}'..='\u{0E2E}');
    let taken = |c: char| {
        c.is_ascii_digit() || matches!(c, '\u{0E01}'..='\u{0E3A}' | '\u{0E40}'..='\u{0E4E}')
    };
    if series.is_empty() {
        return Some(Finding::error("vehicle-plate-series"));
    }
    if !series.chars().all(taken) {
        return Some(Finding::error("vehicle-plate-letters"));
    }
    let have = thai::length(series);
    if have > LONGEST_SERIES {
        let finding = Finding::error("vehicle-plate-series-length");
        return Some(finding.with("max", LONGEST_SERIES).with("have", have));
    }
    // Lorries and buses: two digits, and no letter.
    let fits = series.contains(consonant) || series.len() <= 2 && is_digits(series);
    (!fits).then(|| Finding::error("vehicle-plate-letters"))
}

fn check_number(number: &str) -> Option<Finding> {
    if !is_digits(number) {
        return Some(Finding::error("vehicle-plate-number"));
    }
    if number.len() > MOST_DIGITS {
        let finding = Finding::error("vehicle-plate-number-length");
        return Some(finding.with("max", MOST_DIGITS).with("have", number.len()));
    }
    number.bytes().all(|byte| byte == b'0').then(|| Finding::error("vehicle-plate-zero"))
}
