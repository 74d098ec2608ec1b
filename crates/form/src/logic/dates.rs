//! Ages and other times in whole years.

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

fn years(from: Date, to: Date) -> i32 {
    let before_birthday = (to.month, to.day) < (from.month, from.day);
    to.year - from.year - i32::from(before_birthday)
}
