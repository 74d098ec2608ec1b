//! `time`: a time of day on the clock of 24 hours, kept as `09:00`.
//!
//! The entry is a text: `09.00 น.` with the dot that Thai offices write, `9:00`, `0900`, `9 น.`,
//! `9 นาฬิกา 30 นาที`, or `2:30 pm`.

use serde_json::Value;

use super::number::{tidy, without_marks};
use super::{At, FieldType, Reading, Wording, typed};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding};

/// A time of day between two limits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Time {
    /// The earliest, itself allowed: `"08:30"`.
    #[cfg_attr(feature = "tools", schemars(with = "Option<String>"))]
    pub min: Option<Minute>,
    /// The latest, itself allowed: `"16:30"`; not before `min`.
    #[cfg_attr(feature = "tools", schemars(with = "Option<String>"))]
    pub max: Option<Minute>,
}

/// Minutes since midnight, less than 1,440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minute(u16);

field_type!(
    "time",
    Time,
    [
        (
            "time",
            "ใส่เวลาแบบ 24 ชั่วโมง เช่น 09.00 หรือ 14.30",
            "Enter the time on the clock of 24 hours, for example 09:00 or 14:30",
        ),
        ("time-minutes", "ใส่นาทีด้วย เช่น 09.00", "Enter the minutes too, for example 09:00"),
        (
            "time-not-real",
            "ไม่มีเวลานี้ ใส่ชั่วโมง 0 ถึง 23 และนาที 00 ถึง 59",
            "There is no such time; enter hours from 0 to 23 and minutes from 00 to 59",
        ),
        ("time-early", "ใส่เวลาตั้งแต่ {min} เป็นต้นไป", "Enter {min} or later"),
        ("time-late", "ใส่เวลาไม่เกิน {max}", "Enter {max} or earlier"),
    ]
);

/// What may stand about a time; behind hours alone one of the first says that they are hours.
const HOURS: &[&str] = &["นาฬิกา", "น.", "น"];
const AROUND: &[&str] = &["เวลา", "นาที", "นาฬิกา", "น.", "น"];
const AM: &[&str] = &["am", "a.m."];
const PM: &[&str] = &["pm", "p.m."];

impl Minute {
    /// Reads `HH:MM` and nothing else.
    fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let two = |text: &str| (text.len() == 2).then(|| number(text)).flatten();
        Self::of(two(hours)?, two(minutes)?)
    }

    fn of(hours: u16, minutes: u16) -> Option<Self> {
        (hours < 24 && minutes < 60).then_some(Self(hours * 60 + minutes))
    }

    fn written(self, between: &str) -> String {
        let two = |number: u16| [["", "0"][usize::from(number < 10)], &number.to_string()].concat();
        [&two(self.0 / 60), between, &two(self.0 % 60)].concat()
    }

    /// For people: `09.00 น.`, in English `09:00`.
    pub fn in_words(self, language: &str) -> String {
        if language == "th" { self.written(".") + " น." } else { self.written(":") }
    }

    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let words = "expected a time as \"08:30\"";
        Self::parse(&reader::string(value)?).ok_or_else(|| DefinitionError::new(words))
    }
}

/// One or two digits.
fn number(text: &str) -> Option<u16> {
    let fits = matches!(text.len(), 1 | 2) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

fn read(line: &str) -> Result<Option<Minute>, Finding> {
    let whole = without_marks(line, &["เวลา"]);
    if whole.is_empty() {
        return Ok(None);
    }
    let (morning, evening) = (without_marks(whole, AM), without_marks(whole, PM));
    let half = if morning != whole { Some(0) } else { (evening != whole).then_some(12) };
    let clock = if evening != whole { evening } else { morning };
    let said_hours = half.is_some() || without_marks(clock, HOURS) != clock;
    let clock = without_marks(clock, AROUND);
    let (hours, minutes) = match clock.split_once(|c: char| !c.is_ascii_digit()) {
        Some((hours, rest)) => {
            let rest = clock.get(hours.len()..).unwrap_or(rest);
            let between = rest.trim_end_matches(|c: char| c.is_ascii_digit());
            let minutes = &rest[between.len()..];
            if !matches!(between.trim(), "" | "." | ":" | "นาฬิกา") {
                return Err(Finding::error("time"));
            }
            (hours, minutes)
        }
        // 900 and 0900.
        None if matches!(clock.len(), 3 | 4) => clock.split_at(clock.len() - 2),
        None if said_hours => (clock, "00"),
        None if matches!(clock.len(), 1 | 2) => return Err(Finding::error("time-minutes")),
        None => (clock, ""),
    };
    if minutes.len() != 2 {
        let missing = minutes.len() < 2 && number(hours).is_some();
        return Err(Finding::error(if missing { "time-minutes" } else { "time" }));
    }
    let (Some(hours), Some(minutes)) = (number(hours), number(minutes)) else {
        return Err(Finding::error("time"));
    };
    let hours = match half {
        None => Some(hours),
        Some(later) => (1..=12).contains(&hours).then_some(hours % 12 + later),
    };
    let time = hours.and_then(|hours| Minute::of(hours, minutes));
    time.map(Some).ok_or_else(|| Finding::error("time-not-real"))
}

impl Time {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let min = members.opt("min", Minute::from_value)?;
        let max = members.opt("max", Minute::from_value)?;
        if matches!((min, max), (Some(min), Some(max)) if min > max) {
            return Err(DefinitionError::new("expected no later than `max`").under("min"));
        }
        Ok(Self { min, max })
    }
}

fn words(time: Minute) -> Value {
    let mut words = serde_json::Map::new();
    for language in ["th", "en"] {
        words.insert(language.into(), Value::String(time.in_words(language)));
    }
    Value::Object(words)
}

impl FieldType for Time {
    fn read(&self, entry: &Value) -> Reading {
        let read = read(&tidy(typed(entry)?))?;
        Ok(read.map(|time| Value::String(time.written(":"))))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        let Some(time) = answer.as_str().and_then(Minute::parse) else { return };
        match (self.min, self.max) {
            (Some(min), _) if time < min => {
                found.push(Finding::error("time-early").with("min", words(min)));
            }
            (_, Some(max)) if time > max => {
                found.push(Finding::error("time-late").with("max", words(max)));
            }
            _ => {}
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let time = answer.as_str().and_then(Minute::parse);
        time.map(|time| time.in_words(wording.language)).unwrap_or_default()
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$" })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_minute_of_the_day_typed_back_is_the_same() {
        let field = Time::default();
        for minute in 0..24 * 60 {
            let time = Minute(minute);
            let answer = json!(time.written(":"));
            let typed = [
                time.written(":"),
                time.written(""),
                time.in_words("th"),
                time.in_words("en"),
                format!("{}:{:02}", minute / 60, minute % 60),
            ];
            for text in typed {
                assert_eq!(field.read(&json!(text)), Ok(Some(answer.clone())), "{text}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reading(text in "[0-9๐-๙.: นapm]{0,9}|.{0,9}") {
            if let Ok(Some(answer)) = Time::default().read(&json!(text)) {
                proptest::prop_assert_eq!(Time::default().read(&answer), Ok(Some(answer.clone())));
            }
        }
    }
}
