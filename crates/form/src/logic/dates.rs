//! Ages and other times, in whole years and in days.

use serde_json::Value;

use super::RuleError;
use super::evaluate::At;
use super::read::Node;
use crate::Date;

impl<'a> At<'a> {
    pub fn years_between(&self, operands: &'a [Node]) -> Result<Value, RuleError> {
        let (from, to) = (self.operand(operands, 0)?, self.operand(operands, 1)?);
        self.note_blank(from);
        self.note_blank(to);
        Ok(match (first_day(from), first_day(to)) {
            (Some(from), Some(to)) if from <= to => years(from, to).into(),
            (Some(from), Some(to)) => (-years(to, from)).into(),
            _ => Value::Null,
        })
    }

    pub fn days_between(&self, operands: &'a [Node]) -> Result<Value, RuleError> {
        let day = |at| -> Result<Option<i32>, RuleError> {
            let value = self.operand(operands, at)?;
            let day = value.as_str().and_then(|text| Date::parse_iso(text.trim()));
            if day.is_none() {
                self.note_blank(&Value::Null);
            }
            Ok(day.map(days))
        };
        let (from, to) = (day(0)?, day(1)?);
        Ok(from.zip(to).map_or(Value::Null, |(from, to)| (to - from).into()))
    }
}

/// The day, or the first day of the month or year where no more is known (Civil and Commercial
/// Code, section 16).
fn first_day(value: &Value) -> Option<Date> {
    let text = value.as_str()?.trim();
    let rest = match text.len() {
        // A year of a `partial-date` is a Thai one: up to 2483 (1940) it began on 1 April.
        4 if text < "1941" => "-04-01",
        4 => "-01-01",
        7 => "-01",
        _ => "",
    };
    Date::parse_iso(&[text, rest].concat())
}

/// Days since the last one of the year before 1, by a year that begins in March, so that the leap day
/// is its last.
fn days(day: Date) -> i32 {
    let (year, month) =
        if day.month < 3 { (day.year - 1, day.month + 9) } else { (day.year, day.month - 3) };
    let before = 365 * year + year / 4 - year / 100 + year / 400;
    before + (153 * i32::from(month) + 2) / 5 + i32::from(day.day)
}

fn years(from: Date, to: Date) -> i32 {
    let before_birthday = (to.month, to.day) < (from.month, from.day);
    to.year - from.year - i32::from(before_birthday)
}
