//! `date`: a day, typed in the Buddhist era and kept as ISO 8601 in the Gregorian calendar.
//!
//! The entry is an object of the three texts `day`, `month` and `year` as they stand in the boxes,
//! or one text: `2023-03-13`, or day, month and B.E. year as `13/03/2566`, `13 มี.ค. 2566` or
//! `วันจันทร์ที่ 13 มีนาคม พ.ศ. 2566`. A month may be its number or its name, in Thai or English. A
//! year that can only be of the common era is asked about, never turned silently.

use serde_json::{Map, Value};

use super::{At, FieldType, Reading, Wording, calendar, number::tidy};
use crate::reader::{self, Members};
use crate::{Date as Day, DefinitionError, Finding};

/// A day between two limits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Date {
    /// The earliest day, itself allowed.
    pub min: Option<Bound>,
    /// The latest day, itself allowed.
    pub max: Option<Bound>,
    /// The HTML `autocomplete` token: `bday`.
    pub autocomplete: Option<String>,
}

field_type!(
    "date",
    Date,
    [
        (
            "date",
            "ใส่วัน เดือน และปี พ.ศ. เช่น 13 3 2566",
            "Enter the day, the month and the B.E. year, for example 13 3 2566",
        ),
        ("date-incomplete", "ใส่วันที่ให้ครบ ยังขาด{part}", "Complete the date: the {part} is missing"),
        (
            "date-not-real",
            "ไม่มีวันที่นี้ในปฏิทิน โปรดตรวจวันและเดือน",
            "There is no such day; check the day and the month",
        ),
        (
            "date-year",
            "ใส่ปี พ.ศ. เป็นเลข 4 หลัก เช่น 2566",
            "Enter the Buddhist year (B.E.) with 4 digits, for example 2566",
        ),
        (
            "date-era",
            "{year} เป็นปี ค.ศ. ใช่หรือไม่ ถ้าใช่ ให้ใส่ปี พ.ศ. {buddhist}",
            "Is {year} a year C.E.? If so, enter the Buddhist year {buddhist}",
        ),
        ("date-past", "ใส่วันนี้หรือวันหลังจากนี้", "Enter today or a later day"),
        ("date-future", "ใส่วันนี้หรือวันที่ผ่านมาแล้ว", "Enter today or an earlier day"),
        ("date-early", "ใส่วันที่ตั้งแต่ {min} เป็นต้นไป", "Enter {min} or a later day"),
        ("date-late", "ใส่วันที่ไม่เกิน {max}", "Enter {max} or an earlier day"),
    ]
);

/// A limit of a date: `"today"`, or a day as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The day on which the form is completed.
    Today,
    /// A fixed day.
    Day(Day),
}

#[cfg(feature = "tools")]
impl schemars::JsonSchema for Bound {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let pattern = ["^(today|", calendar::YEARS, "-[0-9]{2}-[0-9]{2})$"].concat();
        schemars::json_schema!({
            "description": "\"today\", or a day as \"2026-11-20\"",
            "type": "string", "pattern": pattern
        })
    }
}

impl Bound {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let text = reader::string(value)?;
        if text == "today" {
            return Ok(Self::Today);
        }
        let words = "expected \"today\" or a day C.E. as \"2026-11-20\"";
        // One that nobody could answer is a year of the Buddhist era by mistake.
        let day = Day::parse_iso(&text).filter(|day| calendar::in_range(*day).is_ok());
        day.map(Self::Day).ok_or_else(|| DefinitionError::new(words))
    }
}

pub(super) fn read(entry: &Value) -> Reading {
    match entry {
        Value::Null => Ok(None),
        Value::String(text) => read_text(&tidy(text)),
        Value::Object(parts) => read_parts(parts),
        _ => Err(Finding::error("type")),
    }
}

fn read_parts(parts: &Map<String, Value>) -> Reading {
    let (day, month) = (calendar::part(parts, "day")?, calendar::part(parts, "month")?);
    let year = calendar::part(parts, "year")?;
    // A whole date pasted, or filled in by the phone, into the first box.
    if month.is_empty() && year.is_empty() && day.len() > 2 {
        return read_text(&day);
    }
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return Ok(None);
    }
    for (name, text) in [("day", &day), ("month", &month), ("year", &year)] {
        if text.is_empty() {
            return Err(Finding::error("date-incomplete").with("part", name));
        }
    }
    match (calendar::piece(&day), calendar::piece(&month), calendar::piece(&year)) {
        (Some(day), Some(month), Some(year)) => calendar::day(day, month, year).map(answer),
        _ => Err(Finding::error("date")),
    }
}

fn read_text(line: &str) -> Reading {
    if line.is_empty() {
        return Ok(None);
    }
    if let Some(day) = Day::parse_iso(line) {
        return calendar::in_range(day).map(answer);
    }
    let (line, remark) = calendar::remark(line);
    // The year of the common era, as the form itself shows it: 13 March 2566 B.E. (2023).
    let clear = remark.is_empty() || calendar::piece(remark).is_some();
    match calendar::pieces(line).filter(|_| clear).as_deref() {
        Some(&[day, month, year]) => calendar::day(day, month, year).map(answer),
        _ => Err(Finding::error("date")),
    }
}

/// A whole date in one line as the boxes for day, month and year show it, the month by its number
/// and the year as it was typed, of whichever era. None for less than a whole date: it may still be
/// being typed.
pub fn in_parts(line: &str) -> Option<[String; 3]> {
    let line = tidy(line);
    if let Some(day) = Day::parse_iso(&line) {
        let parts = [day.day.into(), day.month.into(), day.buddhist_year()];
        return Some(parts.map(|part: i32| part.to_string()));
    }
    let (line, _) = calendar::remark(&line);
    let [day, month, year] = calendar::pieces(line)?.try_into().ok()?;
    Some([day_in_box(day)?, month_in_box(month)?, year_in_box(year)?])
}

fn day_in_box(day: calendar::Piece) -> Option<String> {
    match day {
        calendar::Piece::Digits(digits) if digits.len() <= 2 => Some(digits.to_owned()),
        _ => None,
    }
}

pub(super) fn month_in_box(month: calendar::Piece) -> Option<String> {
    month.number().filter(|month| (1..=12).contains(month)).map(|month| month.to_string())
}

pub(super) fn year_in_box(year: calendar::Piece) -> Option<String> {
    match year {
        calendar::Piece::Digits(digits) if digits.len() == 4 => Some(digits.to_owned()),
        _ => None,
    }
}

/// The day of an entry, if it is one.
pub fn day_of(entry: &Value) -> Option<Day> {
    read(entry).ok().flatten()?.as_str().and_then(Day::parse_iso)
}

fn answer(day: Day) -> Option<Value> {
    Some(Value::String(day.to_string()))
}

impl Date {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = limits(members)?;
        Ok(Self { min, max, autocomplete: members.opt_string("autocomplete")? })
    }
}

/// `min` and `max` of a type that is about days; the first is not after the second.
pub(super) fn limits(
    members: &mut Members,
) -> Result<(Option<Bound>, Option<Bound>), DefinitionError> {
    let (min, max) =
        (members.opt("min", Bound::from_value)?, members.opt("max", Bound::from_value)?);
    if matches!((min, max), (Some(Bound::Day(min)), Some(Bound::Day(max))) if min > max) {
        return Err(DefinitionError::new("expected no later than `max`").under("min"));
    }
    Ok((min, max))
}

/// What is wrong with a day that lies before `min` or after `max`.
pub(super) fn check_limits(
    day: Day,
    min: Option<Bound>,
    max: Option<Bound>,
    today: Day,
) -> Option<Finding> {
    let resolve = |bound: Bound| match bound {
        Bound::Today => today,
        Bound::Day(day) => day,
    };
    match (min, max) {
        (Some(bound), _) if day < resolve(bound) => Some(match bound {
            Bound::Today => Finding::error("date-past"),
            Bound::Day(min) => Finding::error("date-early").with("min", min.to_string()),
        }),
        (_, Some(bound)) if day > resolve(bound) => Some(match bound {
            Bound::Today => Finding::error("date-future"),
            Bound::Day(max) => Finding::error("date-late").with("max", max.to_string()),
        }),
        _ => None,
    }
}

impl FieldType for Date {
    fn read(&self, entry: &Value) -> Reading {
        read(entry)
    }

    fn check(&self, answer: &Value, at: &At, found: &mut Vec<Finding>) {
        let day = answer.as_str().and_then(Day::parse_iso);
        found.extend(day.and_then(|day| check_limits(day, self.min, self.max, at.today)));
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let day = answer.as_str().and_then(Day::parse_iso);
        day.map(|day| day.in_words(wording.language)).unwrap_or_default()
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        schema()
    }
}

/// The JSON Schema of a day. Not every validator looks at formats, so the pattern is there too.
#[cfg(feature = "tools")]
pub(super) fn schema() -> Value {
    let pattern = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
    serde_json::json!({ "type": "string", "format": "date", "pattern": pattern })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::month_name;

    fn read(entry: Value) -> Option<String> {
        super::read(&entry).ok().flatten()?.as_str().map(str::to_owned)
    }

    /// What is shown of a day, typed back in the ways that people type it.
    #[test]
    fn every_day_from_2400_to_2700_typed_back_is_the_same_day() {
        let mut days = 0;
        for year in 1857..=2157 {
            for (month, day) in (1..=12).flat_map(|month| (1..=31).map(move |day| (month, day))) {
                let Some(date) = Day::new(year, month, day) else { continue };
                if !(2400..=2700).contains(&date.buddhist_year()) {
                    continue;
                }
                days += 1;
                let iso = date.to_string();
                let buddhist = date.buddhist_year();
                let typed = [
                    format!("{day}/{month}/{buddhist}"),
                    format!("{day} {} {buddhist}", month_name(month, "th")),
                    date.in_words(if day % 2 == 0 { "th" } else { "en" }),
                ];
                for text in typed {
                    let read = read(json!(text));
                    assert_eq!(read.as_ref(), Some(&iso), "{text}");
                }
            }
        }
        // 301 years, less January to March 2157, which are in 2700; more those of 1857 in 2399.
        assert_eq!(days, 109_938 - 90);
    }

    #[test]
    fn a_whole_date_in_one_box_is_taken_apart() {
        let cases = [
            ("13/3/2566", Some(["13", "3", "2566"])),
            ("๑๓ มี.ค. ๒๕๖๖", Some(["13", "3", "2566"])),
            ("วันจันทร์ที่ 13 มีนาคม พ.ศ. 2566", Some(["13", "3", "2566"])),
            ("13 March 2566 B.E. (2023)", Some(["13", "3", "2566"])),
            ("2023-03-13", Some(["13", "3", "2566"])),
            // The era is asked about, as in the box of the year.
            ("13/3/2023", Some(["13", "3", "2023"])),
            ("31/2/2566", Some(["31", "2", "2566"])),
            // May still be being typed.
            ("13/3/256", None),
            ("13/3/25666", None),
            ("13/3", None),
            ("13", None),
            ("13/13/2566", None),
            ("2566/3/13", None),
            ("hello", None),
            ("", None),
        ];
        for (line, parts) in cases {
            assert_eq!(in_parts(line), parts.map(|parts| parts.map(str::to_owned)), "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_taken_apart_is_the_same_day(text in "[0-9๐-๙]{1,4}[/. -][0-9]{1,2}[/. -][0-9]{4}") {
            if let Some([day, month, year]) = in_parts(&text) {
                let parts = json!({ "day": day, "month": month, "year": year });
                proptest::prop_assert_eq!(super::read(&parts), super::read(&json!(text)));
            }
        }

        #[test]
        fn a_day_edited_over_and_over_never_moves(
            year in 1900..2157, month in 1_u8..=12, day in 1_u8..=28, boxes: bool
        ) {
            let date = Day::new(year, month, day).unwrap();
            let mut iso = date.to_string();
            for _ in 0..4 {
                let shown = Day::parse_iso(&iso).unwrap();
                let entry = if boxes {
                    json!({
                        "day": shown.day.to_string(),
                        "month": month_name(shown.month, "th"),
                        "year": shown.buddhist_year().to_string()
                    })
                } else {
                    json!(shown.in_words("th"))
                };
                iso = read(entry).unwrap();
            }
            proptest::prop_assert_eq!(iso, date.to_string());
        }

        #[test]
        fn no_text_breaks_the_reading(text in "[0-9๐-๙/. ()a-zก-ฮ-]{0,24}") {
            if let Some(iso) = read(json!(text)) {
                proptest::prop_assert_eq!(read(json!(iso)), Some(iso.clone()));
            }
        }
    }
}
