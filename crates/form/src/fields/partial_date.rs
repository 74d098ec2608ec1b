//! `partial-date`: a day of which only the year, or the year and the month, may be known. Identity
//! cards of people whose birth was registered late show a year alone.
//!
//! The entry is that of `date`, its `day` or its `day` and `month` blank, `-`, `0` or `ไม่ทราบ`; as
//! a text `2490`, `5/2490`, `พ.ค. 2490` or `2490 (ไม่ทราบวันเดือน)`. The answer is what is known of
//! the ISO 8601 day: `1947-05-13`, `1947-05` or `1947`. A text of this form is read as an answer,
//! so `1947` alone is the Gregorian year; in the box of the year it is asked about.
//!
//! Where the definition allows it, something may last for life, as an identity card does that the
//! holder got when old: the entry is `{ "lifetime": true }`, `ตลอดชีพ`, or the `99999999` of the
//! card's chip, the answer `9999-12-31`, which lies behind every other day.
//!
//! A year alone is B.E. − 543. Until 2482 the Thai year ran from April to March and lay in two
//! Gregorian ones: it is kept as the one that it began in. A month alone is in the Gregorian year
//! that it really was in, by the same rule as a day.

use serde_json::{Map, Value};

use super::calendar::{self, Piece};
use super::{At, Bound, FieldType, Reading, Wording, date, number::tidy};
use crate::reader::{self, Members};
use crate::{Date as Day, DefinitionError, Finding, month_name};

/// A day of which the day, or the day and the month, may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct PartialDate {
    /// The earliest day, itself allowed. What is known is refused if all of it lies before.
    pub min: Option<Bound>,
    /// The latest day, itself allowed. What is known is refused if all of it lies behind.
    pub max: Option<Bound>,
    /// The HTML `autocomplete` token: `bday`.
    pub autocomplete: Option<String>,
    /// How much must be known; the year unless told.
    pub least: Option<Least>,
    /// Whether it may last for life, as an identity card; not unless told. `max` does not keep that out.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub lifetime: bool,
}

/// How much of a day must be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
pub enum Least {
    /// The year.
    Year,
    /// The month and the year.
    Month,
}

field_type!(
    "partial-date",
    PartialDate,
    [
        (
            "partial-date",
            "ใส่ปี พ.ศ. และเดือนกับวันเท่าที่ทราบ เช่น 2490 หรือ 5 2490",
            "Enter the B.E. year, and the month and the day if known, for example 2490 or 5 2490",
        ),
        (
            "partial-date-year",
            "ใส่ปี พ.ศ. ด้วย วันและเดือนเว้นว่างได้ถ้าไม่ทราบ",
            "Enter the B.E. year too; the day and the month may be left blank if not known",
        ),
        (
            "partial-date-gap",
            "ใส่เดือนด้วย หรือเว้นวันว่างไว้ถ้าไม่ทราบเดือน",
            "Enter the month too, or leave the day blank if the month is not known",
        ),
        ("partial-date-month", "ใส่เดือนด้วย", "Enter the month too"),
        (
            "partial-date-both",
            "เลือกตลอดชีพ หรือใส่วันที่ อย่างใดอย่างหนึ่ง",
            "Either choose “for life” or enter a day, not both",
        ),
    ]
);

/// What is known of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    Day(Day),
    /// The first of the month.
    Month(Day),
    /// Of the Buddhist era.
    Year(i32),
    Lifetime,
}

/// The answer where something lasts for life.
const LIFETIME: &str = "9999-12-31";

impl Known {
    /// Reads an answer.
    fn parse(iso: &str) -> Option<Self> {
        match iso.len() {
            _ if iso == LIFETIME => Some(Self::Lifetime),
            4 => {
                Day::parse_iso(&[iso, "-12-31"].concat()).map(|day| Self::Year(day.buddhist_year()))
            }
            7 => Day::parse_iso(&[iso, "-01"].concat()).map(Self::Month),
            _ => Day::parse_iso(iso).map(Self::Day),
        }
    }

    fn answer(self) -> Value {
        Value::String(match self {
            Self::Day(day) => day.to_string(),
            Self::Month(day) => month_iso(day),
            Self::Year(year) => (year - 543).to_string(),
            Self::Lifetime => LIFETIME.to_owned(),
        })
    }

    /// The first and the last day that it may have been.
    fn span(self) -> Option<(Day, Day)> {
        match self {
            Self::Lifetime => None,
            Self::Day(day) => Some((day, day)),
            Self::Month(first) => Some((first, last_of_month(first))),
            Self::Year(year) => {
                let day = |(month, day)| Day::from_buddhist(year, month, day);
                let first = [(1, 1), (4, 1)].into_iter().filter_map(day).min()?;
                let last = [(3, 31), (12, 31)].into_iter().filter_map(day).max()?;
                Some((first, last))
            }
        }
    }
}

/// `2026-11`, of a day in it.
pub(super) fn month_iso(day: Day) -> String {
    let mut iso = day.to_string();
    iso.truncate(7);
    iso
}

fn last_of_month(first: Day) -> Day {
    let day = |day| Day::new(first.year, first.month, day);
    (29..=31).rev().find_map(day).unwrap_or(Day { day: 28, ..first })
}

fn read(entry: &Value) -> Reading {
    let known = match entry {
        Value::Null => None,
        Value::String(text) => read_text(&tidy(text))?,
        Value::Object(parts) => read_parts(parts)?,
        _ => return Err(Finding::error("type")),
    };
    Ok(known.map(Known::answer))
}

fn read_parts(parts: &Map<String, Value>) -> Result<Option<Known>, Finding> {
    let (day, month) = (calendar::part(parts, "day")?, calendar::part(parts, "month")?);
    let year = calendar::part(parts, "year")?;
    match parts.get("lifetime") {
        None | Some(Value::Null | Value::Bool(false)) => {}
        Some(Value::Bool(true)) if [&day, &month, &year].iter().all(|part| part.is_empty()) => {
            return Ok(Some(Known::Lifetime));
        }
        Some(Value::Bool(true)) => return Err(Finding::error("partial-date-both")),
        Some(_) => return Err(Finding::error("type").part("lifetime")),
    }
    if month.is_empty() && year.is_empty() && day.len() > 2 && !is_unknown(&day) {
        return read_line(&day);
    }
    match (piece(&day)?, piece(&month)?, piece(&year)?) {
        (None, None, None) => Ok(None),
        (_, _, None) => Err(Finding::error("partial-date-year")),
        (day, month, Some(year)) => known(day, month, year).map(Some),
    }
}

/// A text: an answer, or a line that was typed.
fn read_text(line: &str) -> Result<Option<Known>, Finding> {
    if ["ตลอดชีพ", "for life", "99999999"].contains(&&*line.to_lowercase()) {
        return Ok(Some(Known::Lifetime));
    }
    let Some(known) = Known::parse(line) else { return read_line(line) };
    if matches!(known, Known::Lifetime) {
        return Ok(Some(known));
    }
    // A year of the Buddhist era is no Gregorian one that can be answered.
    match known.span().map(|(first, _)| calendar::in_range(first)) {
        Some(Ok(_)) => Ok(Some(known)),
        _ => read_line(line),
    }
}

fn read_line(line: &str) -> Result<Option<Known>, Finding> {
    if line.is_empty() {
        return Ok(None);
    }
    let refused = || Finding::error("partial-date");
    let (line, remark) = calendar::remark(line);
    if !is_clear(remark) {
        return Err(refused());
    }
    let pieces = calendar::pieces(line).ok_or_else(refused)?;
    let known = match *pieces.as_slice() {
        [year] => known(None, None, year),
        [month, year] => known(None, known_or_not(month), year),
        [day, month, year] => known(known_or_not(day), known_or_not(month), year),
        _ => Err(refused()),
    };
    known.map(Some)
}

/// A remark may say what is not known, behind the year of the common era or without it.
fn is_clear(remark: &str) -> bool {
    let words = remark.trim_start_matches(|c: char| c.is_ascii_digit());
    !words.contains(|c: char| c.is_ascii_digit())
}

fn piece(text: &str) -> Result<Option<Piece<'_>>, Finding> {
    if is_unknown(text) {
        return Ok(None);
    }
    calendar::piece(text).map(Some).ok_or_else(|| Finding::error("partial-date"))
}

/// Nothing for the 0 that stands for what is not known.
fn known_or_not(piece: Piece<'_>) -> Option<Piece<'_>> {
    (piece.number() != Some(0)).then_some(piece)
}

fn is_unknown(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '0' | '?' | '.' | ' ')) || text == "ไม่ทราบ"
}

fn known(day: Option<Piece>, month: Option<Piece>, year: Piece) -> Result<Known, Finding> {
    match (day, month) {
        (Some(day), Some(month)) => calendar::day(day, month, year).map(Known::Day),
        (None, Some(month)) => calendar::day(Piece::Digits("1"), month, year).map(Known::Month),
        (Some(_), None) => Err(Finding::error("partial-date-gap")),
        (None, None) => {
            let number = match year {
                Piece::Digits(_) => year.number(),
                Piece::Month(_) => None,
            };
            let typed = number.ok_or_else(|| Finding::error("partial-date"))?;
            calendar::year(typed).map(Known::Year)
        }
    }
}

impl PartialDate {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = date::limits(members)?;
        let autocomplete = members.opt_string("autocomplete")?;
        let least = members.opt("least", least)?;
        let lifetime = members.flag("lifetime")?;
        Ok(Self { min, max, autocomplete, least, lifetime })
    }
}

fn least(value: Value) -> Result<Least, DefinitionError> {
    match reader::string(value)?.as_str() {
        "year" => Ok(Least::Year),
        "month" => Ok(Least::Month),
        other => Err(reader::one_of("unknown part", other, &["year", "month"])),
    }
}

impl FieldType for PartialDate {
    fn read(&self, entry: &Value) -> Reading {
        let answer = read(entry)?;
        match answer.as_ref().and_then(Value::as_str) {
            Some(LIFETIME) if !self.lifetime => Err(Finding::error("partial-date")),
            _ => Ok(answer),
        }
    }

    fn check(&self, answer: &Value, at: &At, found: &mut Vec<Finding>) {
        let Some(known) = answer.as_str().and_then(Known::parse) else { return };
        if self.least == Some(Least::Month) && matches!(known, Known::Year(_)) {
            found.push(Finding::error("partial-date-month"));
        }
        if let Some((first, last)) = known.span() {
            let early = date::check_limits(last, self.min, None, at.today);
            let late = date::check_limits(first, None, self.max, at.today);
            found.extend(early.or(late));
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let thai = wording.language == "th";
        match answer.as_str().and_then(Known::parse) {
            None => String::new(),
            Some(Known::Lifetime) => wording.pick("ตลอดชีพ", "For life").to_owned(),
            Some(Known::Day(day)) => day.in_words(wording.language),
            Some(Known::Month(first)) => {
                let name = month_name(first.month, wording.language);
                let year = first.buddhist_year();
                if thai {
                    return format!("{name} พ.ศ. {year} (ไม่ทราบวัน)");
                }
                format!("{name} {year} B.E. ({}; day not known)", first.year)
            }
            Some(Known::Year(year)) if thai => format!("พ.ศ. {year} (ไม่ทราบวันและเดือน)"),
            Some(Known::Year(year)) => {
                format!("{year} B.E. ({}; day and month not known)", year - 543)
            }
        }
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let day = "-(0[1-9]|[12][0-9]|3[01])";
        let month = ["-(0[1-9]|1[0-2])(", day, ")?"].concat();
        let pattern = match self.least {
            None | Some(Least::Year) => ["^[0-9]{4}(", &month, ")?$"].concat(),
            Some(Least::Month) => ["^[0-9]{4}", &month, "$"].concat(),
        };
        serde_json::json!({ "type": "string", "pattern": pattern })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Text;

    #[test]
    fn what_is_known_typed_back_is_the_same() {
        let field = PartialDate::default();
        let same = |entry: Value, answer: &Value| {
            assert_eq!(field.read(&entry).ok().flatten().as_ref(), Some(answer), "{entry}");
        };
        for year in 2400..=2700 {
            let answer = Known::Year(year).answer();
            assert_eq!(answer.as_str().and_then(Known::parse), Some(Known::Year(year)));
            same(answer.clone(), &answer);
            same(json!(year.to_string()), &answer);
            same(json!({ "year": year.to_string() }), &answer);
            for language in ["th", "en"] {
                let wording = Wording { language, text: &|_: &Text| String::new() };
                same(json!(field.in_words(&answer, &wording)), &answer);
            }
            for month in 1..=12 {
                let Some(first) = Day::from_buddhist(year, month, 1) else { continue };
                let answer = Known::Month(first).answer();
                same(answer.clone(), &answer);
                same(json!(format!("{month}/{year}")), &answer);
                let name = month_name(month, "th");
                same(json!({ "day": "", "month": name, "year": year.to_string() }), &answer);
                for language in ["th", "en"] {
                    let wording = Wording { language, text: &|_: &Text| String::new() };
                    same(json!(field.in_words(&answer, &wording)), &answer);
                }
            }
        }
    }

    #[test]
    fn a_thai_year_spans_its_own_days() {
        for (year, first, last) in [
            (2482, "1939-04-01", "1940-03-31"),
            (2483, "1940-04-01", "1940-12-31"),
            (2484, "1941-01-01", "1941-12-31"),
            (2490, "1947-01-01", "1947-12-31"),
        ] {
            let span = Known::Year(year).span().map(|(a, b)| (a.to_string(), b.to_string()));
            assert_eq!(span, Some((first.to_owned(), last.to_owned())));
        }
        let span = Known::parse("2024-02").and_then(Known::span).unwrap();
        assert_eq!(span.1.to_string(), "2024-02-29");
    }
}
