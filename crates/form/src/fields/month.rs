//! `month`: a month of a year, typed in the Buddhist era and kept as `2026-11` in the Gregorian
//! calendar.
//!
//! The entry is an object of the two texts `month` and `year` as they stand in the boxes, or one
//! text: `2026-11`, or month and B.E. year as `11/2569`, `พ.ย. 2569` or `พฤศจิกายน 2569`. Years are
//! taken as in `date`: one that can only be of the common era is asked about.

use serde_json::{Map, Value};

use super::calendar::{self, Piece};
use super::date::{month_in_box, year_in_box};
use super::partial_date::month_iso;
use super::{At, FieldType, Reading, Wording, number::tidy};
use crate::reader::{self, Members};
use crate::{Date as Day, DefinitionError, Finding, month_name};

/// A month between two limits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Month {
    /// The earliest month, itself allowed.
    pub min: Option<MonthBound>,
    /// The latest month, itself allowed.
    pub max: Option<MonthBound>,
}

/// A limit of a month: `"today"`, or a month as `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthBound {
    /// The month in which the form is completed.
    Today,
    /// The first day of a fixed month.
    Month(Day),
}

#[cfg(feature = "tools")]
impl schemars::JsonSchema for MonthBound {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Month".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let pattern = ["^(today|", calendar::YEARS, "-(0[1-9]|1[0-2]))$"].concat();
        schemars::json_schema!({
            "description": "\"today\", or a month as \"2026-11\"",
            "type": "string", "pattern": pattern
        })
    }
}

field_type!(
    "month",
    Month,
    [
        (
            "month",
            "ใส่เดือนและปี พ.ศ. เช่น 11 2569",
            "Enter the month and the B.E. year, for example 11 2569",
        ),
        ("month-incomplete", "ใส่ให้ครบ ยังขาด{part}", "Complete it: the {part} is missing"),
        (
            "month-not-real",
            "ไม่มีเดือนนี้ในปีที่ใส่ โปรดตรวจอีกครั้ง",
            "There is no such month in that year; check both",
        ),
        ("month-past", "ใส่เดือนนี้หรือเดือนหลังจากนี้", "Enter this month or a later one"),
        ("month-future", "ใส่เดือนนี้หรือเดือนที่ผ่านมาแล้ว", "Enter this month or an earlier one"),
        ("month-early", "ใส่เดือนตั้งแต่ {min} เป็นต้นไป", "Enter {min} or a later month"),
        ("month-late", "ใส่เดือนไม่เกิน {max}", "Enter {max} or an earlier month"),
    ]
);

/// The first day of `2026-11`.
fn parse_iso(text: &str) -> Option<Day> {
    Day::parse_iso(&[text, "-01"].concat())
}

fn read_parts(parts: &Map<String, Value>) -> Reading {
    let (month, year) = (calendar::part(parts, "month")?, calendar::part(parts, "year")?);
    if month.is_empty() && year.is_empty() {
        return Ok(None);
    }
    // Both pasted into the first box.
    if year.is_empty() && calendar::pieces(&month).is_some_and(|pieces| pieces.len() == 2) {
        return read_line(&month);
    }
    for (name, text) in [("month", &month), ("year", &year)] {
        if text.is_empty() {
            return Err(Finding::error("month-incomplete").with("part", name));
        }
    }
    match (calendar::piece(&month), calendar::piece(&year)) {
        (Some(month), Some(year)) => read_month(month, year),
        _ => Err(Finding::error("month")),
    }
}

fn read_text(line: &str) -> Reading {
    match parse_iso(line) {
        Some(first) => calendar::in_range(first).map(answer),
        None => read_line(line),
    }
}

fn read_line(line: &str) -> Reading {
    if line.is_empty() {
        return Ok(None);
    }
    // Behind it the form itself shows the year of the common era.
    let (line, remark) = calendar::remark(line);
    let clear = remark.is_empty() || calendar::piece(remark).is_some();
    match calendar::pieces(line).filter(|_| clear).as_deref() {
        Some(&[month, year]) => read_month(month, year),
        _ => Err(Finding::error("month")),
    }
}

/// A month and its year in one line, as the two boxes show them (see [`super::date::in_parts`]).
pub fn in_parts(line: &str) -> Option<[String; 2]> {
    let line = tidy(line);
    if let Some(first) = parse_iso(&line) {
        return Some([first.month.to_string(), first.buddhist_year().to_string()]);
    }
    let (line, _) = calendar::remark(&line);
    let [month, year] = calendar::pieces(line)?.try_into().ok()?;
    Some([month_in_box(month)?, year_in_box(year)?])
}

fn read_month(month: Piece, year: Piece) -> Reading {
    match calendar::day(Piece::Digits("1"), month, year) {
        Ok(first) => Ok(answer(first)),
        Err(finding) if finding.code == "date" => Err(Finding::error("month")),
        Err(finding) if finding.code == "date-not-real" => Err(Finding::error("month-not-real")),
        Err(finding) => Err(finding),
    }
}

fn answer(first: Day) -> Option<Value> {
    Some(Value::String(month_iso(first)))
}

impl MonthBound {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let text = reader::string(value)?;
        if text == "today" {
            return Ok(Self::Today);
        }
        let words = "expected \"today\" or a month C.E. as \"2026-11\"";
        // As with the limits of a day.
        let first = parse_iso(&text).filter(|first| calendar::in_range(*first).is_ok());
        first.map(Self::Month).ok_or_else(|| DefinitionError::new(words))
    }

    fn first(self, today: Day) -> Day {
        match self {
            Self::Today => Day { day: 1, ..today },
            Self::Month(first) => first,
        }
    }
}

impl Month {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let min = members.opt("min", MonthBound::from_value)?;
        let max = members.opt("max", MonthBound::from_value)?;
        let crossed = matches!((min, max),
            (Some(MonthBound::Month(min)), Some(MonthBound::Month(max))) if min > max);
        if crossed {
            return Err(DefinitionError::new("expected no later than `max`").under("min"));
        }
        Ok(Self { min, max })
    }

    fn find(&self, first: Day, today: Day) -> Option<Finding> {
        let words = |month: Day| {
            let mut words = Map::new();
            for language in ["th", "en"] {
                words.insert(language.into(), Value::String(in_words(month, language)));
            }
            Value::Object(words)
        };
        match (self.min, self.max) {
            (Some(min), _) if first < min.first(today) => Some(match min {
                MonthBound::Today => Finding::error("month-past"),
                MonthBound::Month(min) => Finding::error("month-early").with("min", words(min)),
            }),
            (_, Some(max)) if first > max.first(today) => Some(match max {
                MonthBound::Today => Finding::error("month-future"),
                MonthBound::Month(max) => Finding::error("month-late").with("max", words(max)),
            }),
            _ => None,
        }
    }
}

/// The month of this day, for people: `พฤศจิกายน พ.ศ. 2569`, `November 2569 B.E. (2026)`.
pub fn in_words(day: Day, language: &str) -> String {
    let (name, year) = (month_name(day.month, language), day.buddhist_year());
    if language == "th" {
        format!("{name} พ.ศ. {year}")
    } else {
        format!("{name} {year} B.E. ({})", day.year)
    }
}

impl FieldType for Month {
    fn read(&self, entry: &Value) -> Reading {
        match entry {
            Value::Null => Ok(None),
            Value::String(text) => read_text(&tidy(text)),
            Value::Object(parts) => read_parts(parts),
            _ => Err(Finding::error("type")),
        }
    }

    fn check(&self, answer: &Value, at: &At, found: &mut Vec<Finding>) {
        let first = answer.as_str().and_then(parse_iso);
        found.extend(first.and_then(|first| self.find(first, at.today)));
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let first = answer.as_str().and_then(parse_iso);
        first.map(|first| in_words(first, wording.language)).unwrap_or_default()
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({ "type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$" })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_month_and_its_year_in_one_box_are_taken_apart() {
        for (line, parts) in [
            ("11/2569", Some(["11", "2569"])),
            ("พ.ย. ๒๕๖๙", Some(["11", "2569"])),
            ("November 2569 B.E. (2026)", Some(["11", "2569"])),
            ("2026-11", Some(["11", "2569"])),
            ("11/2026", Some(["11", "2026"])),
            ("11/256", None),
            ("13/2569", None),
            ("2569", None),
        ] {
            assert_eq!(in_parts(line), parts.map(|parts| parts.map(str::to_owned)), "{line}");
        }
    }

    #[test]
    fn every_month_from_2400_to_2700_typed_back_is_the_same_month() {
        let field = Month::default();
        let mut months = 0;
        for year in 2400..=2700 {
            for month in 1..=12 {
                let Some(first) = Day::from_buddhist(year, month, 1) else { continue };
                months += 1;
                let answer = json!(month_iso(first));
                let name = month_name(month, "th");
                let typed = [
                    answer.clone(),
                    json!(format!("{month}/{year}")),
                    json!(format!("{name} {year}")),
                    json!({ "month": name, "year": year.to_string() }),
                    json!(in_words(first, "th")),
                    json!(in_words(first, "en")),
                ];
                for entry in typed {
                    assert_eq!(field.read(&entry), Ok(Some(answer.clone())), "{entry}");
                }
            }
        }
        assert_eq!(months, 301 * 12 - 3);
    }
}
