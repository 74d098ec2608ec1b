//! `date`: a day, typed in the Buddhist era and kept as ISO 8601 in the Gregorian calendar.
//!
//! The entry is an object of the three texts `day`, `month` and `year` as they stand in the boxes,
//! or one text: `2023-03-13`, or day, month and B.E. year as `13/03/2566`. A year that can only be
//! of the common era is asked about, never turned silently.

use serde_json::{Map, Value};

use super::{At, FieldType, Reading, Wording};
use crate::reader::{self, Members};
use crate::{Date as Day, DefinitionError, Finding, thai};

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
            "ใส่วัน เดือน และปี พ.ศ. เป็นตัวเลข เช่น 13 3 2566",
            "Enter the day, the month and the B.E. year as numbers, for example 13 3 2566",
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
        schemars::json_schema!({
            "description": "\"today\", or a day as \"2026-11-20\"",
            "type": "string", "pattern": "^(today|[0-9]{4}-[0-9]{2}-[0-9]{2})$"
        })
    }
}

impl Bound {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let text = reader::string(value)?;
        if text == "today" {
            return Ok(Self::Today);
        }
        let words = "expected \"today\" or a day as \"2026-11-20\"";
        Day::parse_iso(&text).map(Self::Day).ok_or_else(|| DefinitionError::new(words))
    }
}

/// Years of the Buddhist era that are taken as typed, and of the common era that are asked about.
const BUDDHIST: std::ops::RangeInclusive<i32> = 2400..=2700;
const COMMON: std::ops::RangeInclusive<i32> = 1857..=2157;

pub(super) fn read(entry: &Value) -> Reading {
    match entry {
        Value::Null => Ok(None),
        Value::String(text) => read_text(&tidy(text)),
        Value::Object(parts) => read_parts(parts),
        _ => Err(Finding::error("type")),
    }
}

fn tidy(text: &str) -> String {
    thai::fold_digits(&thai::clean_line(text))
}

fn read_parts(parts: &Map<String, Value>) -> Reading {
    let part = |name: &str| match parts.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(tidy(text)),
        Some(_) => Err(Finding::error("type")),
    };
    let (day, month, year) = (part("day")?, part("month")?, part("year")?);
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
    read_day(&day, &month, &year)
}

fn read_text(text: &str) -> Reading {
    if text.is_empty() {
        return Ok(None);
    }
    if let Some(day) = Day::parse_iso(text) {
        return answer(day);
    }
    let mut parts = text.split(['/', '-', '.', ' ']).filter(|part| !part.is_empty());
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(day), Some(month), Some(year), None) => read_day(day, month, year),
        _ => Err(Finding::error("date")),
    }
}

fn read_day(day: &str, month: &str, year: &str) -> Reading {
    let number = |text: &str| {
        let digits = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<i32>().ok()).flatten().ok_or_else(|| Finding::error("date"))
    };
    let (day, month, typed) = (number(day)?, number(month)?, number(year)?);
    if COMMON.contains(&typed) {
        let buddhist = typed + 543;
        return Err(Finding::error("date-era").with("year", typed).with("buddhist", buddhist));
    }
    if !BUDDHIST.contains(&typed) {
        return Err(Finding::error("date-year")
            .with("min", *BUDDHIST.start())
            .with("max", *BUDDHIST.end()));
    }
    let day = u8::try_from(day).ok().zip(u8::try_from(month).ok());
    match day.and_then(|(day, month)| Day::from_buddhist(typed, month, day)) {
        Some(day) => answer(day),
        None => Err(Finding::error("date-not-real")),
    }
}

fn answer(day: Day) -> Reading {
    if !BUDDHIST.contains(&day.buddhist_year()) {
        return Err(Finding::error("date-year")
            .with("min", *BUDDHIST.start())
            .with("max", *BUDDHIST.end()));
    }
    Ok(Some(Value::String(day.to_string())))
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
        serde_json::json!({ "type": "string", "format": "date" })
    }
}
