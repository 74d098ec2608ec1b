//! `date`: a day, typed in the Buddhist era and kept as ISO 8601 in the Gregorian calendar.
//!
//! The entry is an object of the three texts `day`, `month` and `year` as they stand in the boxes,
//! or one text: `2023-03-13`, or day, month and B.E. year as `13/03/2566`. A year that can only be
//! of the common era is asked about, never turned silently.

use serde_json::{Map, Value};

use super::Reading;
use crate::reader::{self, Members};
use crate::{Date as Day, DefinitionError, Finding, thai};

/// A day between two limits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Date {
    /// The earliest day, itself allowed.
    pub min: Option<Bound>,
    /// The latest day, itself allowed.
    pub max: Option<Bound>,
    /// The HTML `autocomplete` token: `bday`.
    pub autocomplete: Option<String>,
}

/// A limit of a date: `"today"`, or a day as `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// The day on which the form is completed.
    Today,
    /// A fixed day.
    Day(Day),
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
    pub(super) fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {
            min: members.opt("min", Bound::from_value)?,
            max: members.opt("max", Bound::from_value)?,
            autocomplete: members.opt_string("autocomplete")?,
        })
    }

    pub(super) fn check(&self, day: Day, today: Day) -> Option<Finding> {
        let resolve = |bound: &Bound| match bound {
            Bound::Today => today,
            Bound::Day(day) => *day,
        };
        match (&self.min, &self.max) {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_what_people_type() {
        let cases = [
            (json!({ "day": "13", "month": "3", "year": "2566" }), "2023-03-13"),
            (json!({ "day": "๑๓", "month": "๐๓", "year": "๒๕๖๖" }), "2023-03-13"),
            (json!({ "day": "13/03/2566" }), "2023-03-13"),
            (json!("13/03/2566"), "2023-03-13"),
            (json!("13 3 2566"), "2023-03-13"),
            (json!("2023-03-13"), "2023-03-13"),
            (json!("29/02/2567"), "2024-02-29"),
        ];
        for (entry, answer) in cases {
            assert_eq!(read(&entry), Ok(Some(json!(answer))), "{entry}");
        }
        assert_eq!(read(&json!({ "day": "", "month": "", "year": " " })), Ok(None));
    }

    #[test]
    fn refuses_with_a_reason() {
        let cases = [
            (json!({ "day": "13", "month": "", "year": "2566" }), "date-incomplete"),
            (json!("29/02/2566"), "date-not-real"),
            (json!("31/04/2566"), "date-not-real"),
            (json!("1/1/2483"), "date-not-real"),
            (json!("13/03/66"), "date-year"),
            (json!("13/03/2023"), "date-era"),
            (json!({ "day": "13", "month": "3", "year": "1990" }), "date-era"),
            (json!("13/มี.ค./2566"), "date"),
            (json!("tomorrow"), "date"),
            (json!("1500-01-01"), "date-year"),
            (json!(5), "type"),
        ];
        for (entry, code) in cases {
            assert_eq!(read(&entry).unwrap_err().code, code, "{entry}");
        }
    }
}
