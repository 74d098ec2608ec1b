//! `land-area`: an area in rai, ngan and square wah, kept as a number of square wah.
//!
//! 1 rai is 4 ngan, 400 square wah, 1,600 m²; a square wah is 4 m². The entry is an object of the
//! texts `rai`, `ngan` and `wah`, or one text as `3-2-50` or `3 ไร่ 2 งาน 50 ตร.ว.`, or the number of
//! square wah. Deeds are written with at most 3 ngan and less than 100 wah: more is refused, and the
//! area is offered as it is written.

use serde_json::{Map, Number as JsonNumber, Value};

use super::number::{self, grouped, tidy, without_marks};
use super::{At, FieldType, Reading, Wording, calendar, fixed};
use crate::reader::Members;
use crate::{DefinitionError, Finding, decimal};

/// An area of land between two limits, in square wah.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct LandArea {
    /// The least, in square wah, itself allowed: 400 for a rai.
    #[cfg_attr(feature = "tools", schemars(with = "Option<f64>"))]
    pub min: Option<JsonNumber>,
    /// The greatest, in square wah, itself allowed; at least `min`.
    #[cfg_attr(feature = "tools", schemars(with = "Option<f64>"))]
    pub max: Option<JsonNumber>,
}

field_type!(
    "land-area",
    LandArea,
    [
        (
            "land-area",
            "ใส่เนื้อที่เป็น ไร่-งาน-ตารางวา เช่น 3-2-50",
            "Enter the area as rai-ngan-square wah, for example 3-2-50",
        ),
        (
            "land-area-part",
            "ใส่ไร่ งาน และตารางวาเป็นตัวเลขที่ไม่ติดลบ",
            "Enter the rai, the ngan and the square wah as numbers that are not below 0",
        ),
        ("land-area-negative", "เนื้อที่ติดลบไม่ได้", "An area cannot be below 0"),
        (
            "land-area-form",
            "ใส่ไร่เป็นจำนวนเต็ม งาน 0 ถึง 3 และตารางวาน้อยกว่า 100 เนื้อที่นี้เขียนว่า {normal}",
            "Enter whole rai, 0 to 3 ngan and less than 100 square wah; this area is written {normal}",
        ),
        (
            "land-area-decimals",
            "ใส่ตารางวาเป็นทศนิยมได้ไม่เกิน {decimals} ตำแหน่ง",
            "Enter at most {decimals} decimal places of a square wah",
        ),
        ("land-area-digits", "ใส่ตัวเลขไม่เกิน {max} หลัก", "Enter at most {max} digits"),
        ("land-area-small", "ใส่เนื้อที่ตั้งแต่ {min} ขึ้นไป", "Enter an area of {min} or more",),
        ("land-area-large", "ใส่เนื้อที่ไม่เกิน {max}", "Enter an area of at most {max}"),
    ]
);

/// Square wah are kept to two places, so an area is a whole number of hundredths.
const PLACES: usize = 2;
const WAH: i64 = 100;
const NGAN: i64 = 100 * WAH;
const RAI: i64 = 4 * NGAN;

/// More digits than this in one part are no area on Earth, nor as many rai.
const MOST_DIGITS: usize = 9;
const MOST_RAI: i64 = 1_000_000_000;

/// The rai, the ngan and the square wah of an area in square wah: 1,450 is 3, 2 and 50. None for
/// what is no area.
pub fn parts(area: &JsonNumber) -> Option<(u64, u64, JsonNumber)> {
    let area = hundredths(area).filter(|area| *area >= 0)?;
    let wah = fixed::number(area % NGAN, PLACES)?;
    Some(((area / RAI) as u64, (area % RAI / NGAN) as u64, wah))
}

/// An area in square wah as square metres: 1,450 is 5,800.
pub fn square_metres(area: &JsonNumber) -> Option<JsonNumber> {
    fixed::number(hundredths(area)?.checked_mul(4)?, PLACES)
}

fn hundredths(area: &JsonNumber) -> Option<i64> {
    fixed::scaled(&decimal::write(area), PLACES)
}

/// What may stand behind a part, without spaces and dots.
const UNITS: [&[&str]; 3] = [
    &["ไร่", "rai"],
    &["งาน", "ngan"],
    &["ตารางวา", "ตรว", "ตว", "วา", "sqwah", "squarewah", "wah", "sqwa", "wa"],
];

/// The texts of the three parts of a line: some of them with their units, or all without, with one
/// unit behind the whole: `3-2-50 ไร่`.
fn split(line: &str) -> Option<[String; 3]> {
    let whole = without_marks(line, &["ไร่", "ตารางวา", "ตร.ว.", "วา"]);
    let named = whole.chars().any(char::is_alphabetic);
    let parts = split_parts(if named { line } else { whole }, named);
    // Without units all three must be there, or nobody knows which they are.
    match parts {
        Some((parts, count)) if named || count == 3 => Some(parts),
        _ if named => None,
        _ => split_parts(line, true).map(|(parts, _)| parts),
    }
}

/// The parts, each with its unit behind or none with one, and the place behind the last.
fn split_parts(line: &str, named: bool) -> Option<([String; 3], usize)> {
    let mut parts = [const { String::new() }; 3];
    // The next part that may come.
    let mut next = 0;
    let mut rest = line;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',')));
        let (digits, behind) = rest.split_at(digits.unwrap_or(rest.len()));
        let unit = behind.find(|c: char| c.is_ascii_digit()).unwrap_or(behind.len());
        // The point of `.5`, unlike the one of `ตร.ว.`, stands behind a space or a dash.
        let point = [" .", "-.", "/."].iter().any(|end| behind[..unit].ends_with(end));
        let (unit, behind) = behind.split_at(unit - usize::from(point));
        let letters = unit.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '/'));
        let word: String = letters.map(|c| c.to_ascii_lowercase()).collect();
        let place = match UNITS.iter().position(|units| units.contains(&word.as_str())) {
            Some(place) if named && place >= next => place,
            None if !named && word.is_empty() && next < 3 => next,
            _ => return None,
        };
        if digits.is_empty() {
            return None;
        }
        parts[place].push_str(digits);
        next = place + 1;
        rest = behind;
    }
    Some((parts, next))
}

/// A number that is not below 0, as text; `Ok(None)` where it is blank.
fn positive(entry: &Value, places: u8, marks: &[&str]) -> Result<Option<String>, Finding> {
    let read =
        number::read(entry, places, marks, "land-area-part").map_err(|finding| {
            match finding.code.as_ref() {
                "number-digits" => too_long(),
                "number-decimals" => Finding::error("land-area-decimals").with("decimals", PLACES),
                _ => finding,
            }
        })?;
    let written = read.map(|number| decimal::write(&number));
    if written.as_ref().is_some_and(|written| written.starts_with('-')) {
        return Err(Finding::error("land-area-negative"));
    }
    Ok(written)
}

/// One part at `places`; `Ok(None)` where it is blank.
fn part(entry: &Value, places: u8, marks: &[&str]) -> Result<Option<i64>, Finding> {
    let Some(written) = positive(entry, places, marks)? else { return Ok(None) };
    if written.split('.').next().unwrap_or_default().len() > MOST_DIGITS {
        return Err(too_long());
    }
    Ok(fixed::scaled(&written, usize::from(places)))
}

/// A number of square wah.
fn read_number(entry: &Value) -> Reading {
    let area = positive(entry, PLACES as u8, &[])?.and_then(|area| fixed::scaled(&area, PLACES));
    match area {
        Some(area) if area >= MOST_RAI * RAI => Err(too_long()),
        Some(area) => Ok(fixed::number(area, PLACES).map(Value::Number)),
        None => Ok(None),
    }
}

fn too_long() -> Finding {
    Finding::error("land-area-digits").with("max", MOST_DIGITS)
}

/// The area of three parts that people typed.
fn read_parts(rai: &Value, ngan: &Value, wah: &Value) -> Reading {
    // A rai and a half is a whole number of hundredths too, to four places.
    let rai = part(rai, 4, UNITS[0])?;
    let ngan = part(ngan, 4, UNITS[1])?;
    let wah = part(wah, PLACES as u8, &["ตารางวา", "ตร.ว.", "ตร.วา", "วา", "sq. wah", "wah"])?;
    if rai.is_none() && ngan.is_none() && wah.is_none() {
        return Ok(None);
    }
    let (rai, ngan, wah) = (rai.unwrap_or(0), ngan.unwrap_or(0), wah.unwrap_or(0));
    let area = rai * (RAI / 10_000) + ngan * (NGAN / 10_000) + wah;
    let normal = rai % 10_000 == 0 && ngan % 10_000 == 0 && ngan < 4 * 10_000 && wah < NGAN;
    let answer = fixed::number(area, PLACES).ok_or_else(too_long)?;
    if !normal {
        return Err(Finding::error("land-area-form").with("normal", short(&answer)));
    }
    Ok(Some(Value::Number(answer)))
}

/// `3-2-50`, as it stands on a deed.
pub fn short(area: &JsonNumber) -> String {
    let Some((rai, ngan, wah)) = parts(area) else { return String::new() };
    [&rai.to_string(), "-", &ngan.to_string(), "-", &decimal::write(&wah)].concat()
}

/// For people: `3 ไร่ 2 งาน 50 ตร.ว.`, in English `3 rai 2 ngan 50 sq. wah`.
pub fn in_words(area: &JsonNumber, language: &str) -> String {
    let Some((rai, ngan, wah)) = parts(area) else { return String::new() };
    let (rai, wah) = (grouped(&rai.to_string()), decimal::write(&wah));
    if language == "th" {
        format!("{rai} ไร่ {ngan} งาน {wah} ตร.ว.")
    } else {
        format!("{rai} rai {ngan} ngan {wah} sq. wah")
    }
}

fn read_text(line: &str) -> Reading {
    if line.is_empty() || line == "-" {
        return Ok(None);
    }
    if line.starts_with('-') {
        return Err(Finding::error("land-area-negative"));
    }
    // Behind it the form itself shows the square metres.
    let (line, _) = calendar::remark(line);
    let parts = split(line).ok_or_else(|| Finding::error("land-area"))?;
    let [rai, ngan, wah] = parts.map(Value::String);
    read_parts(&rai, &ngan, &wah)
}

impl LandArea {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = number::limits(members, None, None)?;
        Ok(Self { min, max })
    }
}

fn limit(limit: &Option<JsonNumber>) -> Value {
    let mut words = Map::new();
    for language in ["th", "en"] {
        let said = limit.as_ref().map(|limit| in_words(limit, language));
        words.insert(language.into(), Value::String(said.unwrap_or_default()));
    }
    Value::Object(words)
}

impl FieldType for LandArea {
    fn read(&self, entry: &Value) -> Reading {
        match entry {
            Value::Null => Ok(None),
            Value::Number(_) => read_number(entry),
            Value::String(text) => read_text(&tidy(text)),
            Value::Object(parts) => {
                let entry = |name| parts.get(name).unwrap_or(&Value::Null);
                let (rai, ngan, wah) = (entry("rai"), entry("ngan"), entry("wah"));
                // A whole area pasted into the first box.
                let pasted = rai.as_str().map(tidy).filter(|text| split(text).is_some());
                let alone = [ngan, wah].into_iter().all(|entry| {
                    entry.is_null() || entry.as_str().is_some_and(|text| tidy(text).is_empty())
                });
                match pasted.filter(|_| alone) {
                    Some(text) => read_text(&text),
                    None => read_parts(rai, ngan, wah),
                }
            }
            _ => Err(Finding::error("type")),
        }
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        match number::beyond(answer, &self.min, &self.max) {
            Some(std::cmp::Ordering::Less) => {
                found.push(Finding::error("land-area-small").with("min", limit(&self.min)));
            }
            Some(_) => found.push(Finding::error("land-area-large").with("max", limit(&self.max))),
            None => {}
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let Value::Number(area) = answer else { return String::new() };
        let metres = square_metres(area).map(|metres| grouped(&decimal::write(&metres)));
        let (metres, unit) = (metres.unwrap_or_default(), wording.pick(" ตร.ม.", " m²"));
        [&in_words(area, wording.language), " (", &metres, unit, ")"].concat()
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let mut schema = number::schema(false, &self.min, &self.max);
        if !self.min.as_ref().and_then(JsonNumber::as_f64).is_some_and(|min| min > 0.0) {
            schema["minimum"] = 0.into();
        }
        if self.max.is_none() {
            schema["exclusiveMaximum"] = (MOST_RAI * RAI / WAH).into();
        }
        schema
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Text;

    #[test]
    fn areas_have_the_parts_and_square_metres_that_deeds_give() {
        let cases = [
            (json!(1450), (3, 2, json!(50)), json!(5800)),
            // The tests of PhpUnitsOfMeasure: 1 rai is 400 square wah, 4 ngan, 1,600 m².
            (json!(400), (1, 0, json!(0)), json!(1600)),
            (json!(99.5), (0, 0, json!(99.5)), json!(398)),
            (json!(4325), (10, 3, json!(25)), json!(17300)),
            (json!(0.01), (0, 0, json!(0.01)), json!(0.04)),
            (json!(0), (0, 0, json!(0)), json!(0)),
        ];
        for (area, (rai, ngan, wah), metres) in cases {
            let area: JsonNumber = serde_json::from_value(area).unwrap();
            let found = parts(&area).map(|(rai, ngan, wah)| (rai, ngan, Value::Number(wah)));
            assert_eq!(found, Some((rai, ngan, wah)), "{area}");
            assert_eq!(square_metres(&area).map(Value::Number), Some(metres), "{area}");
        }
        assert_eq!(parts(&JsonNumber::from(-1)), None);
    }

    proptest::proptest! {
        #[test]
        fn an_area_taken_apart_and_typed_back_is_the_same(hundredths in 0_i64..MOST_RAI * RAI) {
            let area = fixed::number(hundredths, PLACES).unwrap();
            let field = LandArea::default();
            let answer = Value::Number(area.clone());
            let (rai, ngan, wah) = parts(&area).unwrap();
            let wah = decimal::write(&wah);
            let entries = [
                answer.clone(),
                json!({ "rai": rai.to_string(), "ngan": ngan.to_string(), "wah": wah }),
                json!(short(&area)),
                json!(field.in_words(&answer, &Wording { language: "th", text: &|_: &Text| String::new() })),
                json!(field.in_words(&answer, &Wording { language: "en", text: &|_: &Text| String::new() })),
            ];
            for entry in entries {
                proptest::prop_assert_eq!(field.read(&entry), Ok(Some(answer.clone())));
            }
        }

        #[test]
        fn no_text_breaks_the_reading(text in "[0-9๐-๙., ไร่งานตร.ว-]{0,20}|.{0,12}") {
            let field = LandArea::default();
            if let Ok(Some(answer)) = field.read(&json!(text)) {
                proptest::prop_assert_eq!(field.read(&answer), Ok(Some(answer.clone())));
            }
        }

        #[test]
        fn what_is_offered_is_taken(rai in 0_u32..1000, ngan in 0_u32..9, wah in 0_u32..999) {
            let field = LandArea::default();
            let typed = format!("{rai}-{ngan}-{wah}");
            let area = i64::from(rai) * 400 + i64::from(ngan) * 100 + i64::from(wah);
            let offered = match field.read(&json!(typed)) {
                Err(finding) => finding.params["normal"].clone(),
                Ok(answer) => answer.unwrap(),
            };
            proptest::prop_assert_eq!(field.read(&offered), Ok(Some(json!(area))));
        }
    }
}
