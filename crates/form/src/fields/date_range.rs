//! `date-range`: the first and the last day of something, both belonging to it.
//!
//! The entry is an object of two entries of a `date`, `from` and `to`, or one text with both, as
//! `28-30 กรกฎาคม พ.ศ. 2549`, `28 ก.ค. ถึง 2 ส.ค. 2549` or `28/7/2549 - 2/8/2549`. The answer has
//! the same two members as ISO 8601 days; `to` may be missing where the range is `open`: until now.

use serde_json::{Map, Value};

use super::calendar::{self, Piece};
use super::{At, Bound, FieldType, Reading, Wording, date, number::tidy};
use crate::reader::Members;
use crate::{Date as Day, DefinitionError, Finding};

/// A first and a last day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct DateRange {
    /// The earliest day of the range, itself allowed.
    pub min: Option<Bound>,
    /// The latest day of the range, itself allowed.
    pub max: Option<Bound>,
    /// The most days, the first and the last one counted.
    #[cfg_attr(feature = "tools", schemars(range(min = 1)))]
    pub max_days: Option<u32>,
    /// Whether the last day may be missing: the range goes on until now.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub open: bool,
}

field_type!(
    "date-range",
    DateRange,
    [
        (
            "date-range",
            "ใส่วันแรกและวันสุดท้าย เช่น 28/7/2549 ถึง 30/7/2549",
            "Enter the first and the last day, for example 28/7/2549 to 30/7/2549",
        ),
        ("date-range-from", "ใส่วันแรกด้วย", "Enter the first day too"),
        ("date-range-to", "ใส่วันสุดท้ายด้วย", "Enter the last day too"),
        (
            "date-range-order",
            "วันสุดท้ายต้องไม่อยู่ก่อนวันแรก โปรดตรวจทั้งสองวัน",
            "The last day cannot be before the first; check both days",
        ),
        (
            "date-range-days",
            "เลือกช่วงไม่เกิน {max} วัน นับทั้งวันแรกและวันสุดท้าย",
            "Choose at most {max} days, the first and the last one counted",
        ),
    ]
);

impl DateRange {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = date::limits(members)?;
        let max_days = members.opt_u32("maxDays")?;
        if max_days == Some(0) {
            return Err(DefinitionError::new("expected at least one day").under("maxDays"));
        }
        Ok(Self { min, max, max_days, open: members.flag("open")? })
    }

    fn read_parts(&self, parts: &Map<String, Value>) -> Reading {
        let read = |name: &str| {
            let entry = parts.get(name).unwrap_or(&Value::Null);
            date::read(entry).map_err(|finding| finding.part(name))
        };
        match (read("from")?, read("to")?) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Finding::error("date-range-from").part("from")),
            (Some(_), None) if !self.open => Err(Finding::error("date-range-to").part("to")),
            (Some(from), to) => Ok(Some(answer(from, to))),
        }
    }
}

fn answer(from: Value, to: Option<Value>) -> Value {
    let mut range = Map::new();
    range.insert("from".into(), from);
    if let Some(to) = to {
        range.insert("to".into(), to);
    }
    Value::Object(range)
}

/// Both days in one line; what the first one leaves out stands with the last.
fn read_line(line: &str) -> Reading {
    if line.is_empty() {
        return Ok(None);
    }
    let refused = || Finding::error("date-range");
    let named = |piece: Piece| matches!(piece, Piece::Month(_));
    let pieces = calendar::pieces(line).ok_or_else(refused)?;
    let (from, to) = match *pieces.as_slice() {
        [from, to, month, year] if named(month) => ((from, month, year), (to, month, year)),
        [from, first, to, last, year] => ((from, first, year), (to, last, year)),
        [from, first, begin, to, last, year] => ((from, first, begin), (to, last, year)),
        _ => return Err(refused()),
    };
    let day = |(day, month, year), name| {
        let day = calendar::day(day, month, year).map_err(|finding| finding.part(name))?;
        Ok(Value::String(day.to_string()))
    };
    Ok(Some(answer(day(from, "from")?, Some(day(to, "to")?))))
}

/// The days of an answer.
fn days(answer: &Value) -> (Option<Day>, Option<Day>) {
    let day = |name| answer.get(name).and_then(Value::as_str).and_then(Day::parse_iso);
    (day("from"), day("to"))
}

impl FieldType for DateRange {
    fn read(&self, entry: &Value) -> Reading {
        match entry {
            Value::Null => Ok(None),
            Value::String(text) => read_line(&tidy(text)),
            Value::Object(parts) => self.read_parts(parts),
            _ => Err(Finding::error("type")),
        }
    }

    fn check(&self, answer: &Value, at: &At, found: &mut Vec<Finding>) {
        let (from, to) = days(answer);
        for (name, day) in [("from", from), ("to", to)] {
            let day = day.and_then(|day| date::check_limits(day, self.min, self.max, at.today));
            found.extend(day.map(|finding| finding.part(name)));
        }
        // An open range goes on until now.
        let Some(from) = from else { return };
        let days = calendar::days_between(from, to.unwrap_or(at.today)) + 1;
        if days < 1 && to.is_some() {
            found.push(Finding::error("date-range-order").part("to"));
        } else if let Some(max) = self.max_days.filter(|max| days > i64::from(*max)) {
            found.push(Finding::error("date-range-days").with("max", max).part("to"));
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let said = |day: Day| day.in_words(wording.language);
        match days(answer) {
            (Some(from), Some(to)) => {
                [&said(from), wording.pick(" ถึง ", " to "), &said(to)].concat()
            }
            (Some(from), None) => {
                let (before, behind) =
                    (wording.pick("ตั้งแต่ ", "from "), wording.pick("ถึงปัจจุบัน", "until now"));
                [before, &said(from), " ", behind].concat()
            }
            _ => String::new(),
        }
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let day = date::schema();
        let required: &[&str] = if self.open { &["from"] } else { &["from", "to"] };
        serde_json::json!({
            "type": "object",
            "properties": { "from": day, "to": day },
            "required": required,
            "additionalProperties": false
        })
    }
}
