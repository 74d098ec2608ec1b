//! Days and months as people write them: numbers, names of months in Thai and English, the era, and
//! the words around them. The types that are about days read with it; it knows nothing of limits.

use super::number::{tidy, without_marks};
use crate::{Date as Day, Finding, date::month_name};

/// Years of the Buddhist era that are taken as typed, and of the common era that are asked about.
const BUDDHIST: std::ops::RangeInclusive<i32> = 2400..=2700;
const COMMON: std::ops::RangeInclusive<i32> = 1857..=2157;

/// The years of [`COMMON`] as a pattern.
#[cfg(feature = "tools")]
pub(super) const YEARS: &str =
    "(185[7-9]|18[6-9][0-9]|19[0-9]{2}|20[0-9]{2}|21[0-4][0-9]|215[0-7])";

/// The short names, without their dots.
const SHORT_TH: [&str; 12] =
    ["มค", "กพ", "มีค", "เมย", "พค", "มิย", "กค", "สค", "กย", "ตค", "พย", "ธค"];

/// What may stand about the numbers and the month, without dots and spaces.
const AROUND: &[&str] = &[
    "วันจันทร์ที่",
    "วันอังคารที่",
    "วันพุธที่",
    "วันพฤหัสบดีที่",
    "วันศุกร์ที่",
    "วันเสาร์ที่",
    "วันอาทิตย์ที่",
    "วันที่",
    "เดือน",
    "ปี",
    "พศ",
    "คศ",
    "ระหว่าง",
    "ตั้งแต่",
    "ถึง",
    "from",
    "to",
    "be",
    "ce",
];

/// One piece of a written date: digits, or a month by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Digits(&'a str),
    Month(u8),
}

impl Piece<'_> {
    /// A number of at most four digits, or the number of the month.
    pub fn number(self) -> Option<i32> {
        match self {
            Self::Digits(digits) => (digits.len() <= 4).then(|| digits.parse().ok()).flatten(),
            Self::Month(month) => Some(i32::from(month)),
        }
    }
}

/// The pieces of a tidy line in order; none if there is a word that has no place in a date.
pub(super) fn pieces(line: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        rest = behind;
        if digits {
            pieces.push(Piece::Digits(run));
            continue;
        }
        let word = word(run);
        if word.is_empty() {
            continue;
        }
        if let Some(month) = month_of(&word) {
            pieces.push(Piece::Month(month));
            continue;
        }
        match without_marks(&word, AROUND) {
            "" => {}
            name => pieces.push(Piece::Month(month_of(name)?)),
        }
    }
    Some(pieces)
}

/// The one piece of a box that holds a day, a month or a year.
pub(super) fn piece(text: &str) -> Option<Piece<'_>> {
    let pieces = pieces(text)?;
    if let [piece] = pieces.as_slice() { Some(*piece) } else { None }
}

/// Letters only, in small ones.
fn word(run: &str) -> String {
    let letters = run.chars().filter(|c| !matches!(c, ' ' | '.' | ',' | '/' | '-'));
    // กรกฏาคม is the commonest of misspellings.
    letters.map(|c| if c == 'ฏ' { 'ฎ' } else { c.to_ascii_lowercase() }).collect()
}

/// The month of a name, whole or short: มีนาคม, มีนา, มีค, march, mar. No two months begin with the
/// same three letters.
fn month_of(word: &str) -> Option<u8> {
    if let Some(index) = SHORT_TH.iter().position(|short| *short == word) {
        return Some(index as u8 + 1);
    }
    if word.chars().count() < 3 {
        return None;
    }
    let begins = |month: &u8| {
        let english = month_name(*month, "en").get(..word.len());
        month_name(*month, "th").starts_with(word)
            || english.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    (1..=12).find(begins)
}

/// A line without the remark in brackets behind it, and the remark.
pub(super) fn remark(line: &str) -> (&str, &str) {
    match line.strip_suffix(')').and_then(|line| line.split_once('(')) {
        Some((line, remark)) => (line.trim_end(), remark.trim()),
        None => (line, ""),
    }
}

/// A year of the Buddhist era, or why it cannot be one.
pub(super) fn year(typed: i32) -> Result<i32, Finding> {
    if COMMON.contains(&typed) {
        let buddhist = typed + 543;
        return Err(Finding::error("date-era").with("year", typed).with("buddhist", buddhist));
    }
    known(typed)
}

fn known(year: i32) -> Result<i32, Finding> {
    if !BUDDHIST.contains(&year) {
        return Err(Finding::error("date-year")
            .with("min", *BUDDHIST.start())
            .with("max", *BUDDHIST.end()));
    }
    Ok(year)
}

/// The day of these pieces, the year being one of the Buddhist era.
pub(super) fn day(day: Piece, month: Piece, year: Piece) -> Result<Day, Finding> {
    let number = |piece: Piece| piece.number().ok_or_else(|| Finding::error("date"));
    // A month's name can only stand where the month does.
    if matches!(day, Piece::Month(_)) || matches!(year, Piece::Month(_)) {
        return Err(Finding::error("date"));
    }
    let (day, month) = (number(day)?, number(month)?);
    let year = self::year(number(year)?)?;
    let small = u8::try_from(day).ok().zip(u8::try_from(month).ok());
    small
        .and_then(|(day, month)| Day::from_buddhist(year, month, day))
        .ok_or_else(|| Finding::error("date-not-real"))
}

/// A day of a year that can be answered, else the finding about its year.
pub(super) fn in_range(day: Day) -> Result<Day, Finding> {
    known(day.buddhist_year()).map(|_| day)
}

/// The text of a member of an entry, tidy; nothing where it is not there.
pub(super) fn part(
    parts: &serde_json::Map<String, serde_json::Value>,
    name: &str,
) -> Result<String, Finding> {
    match parts.get(name) {
        None | Some(serde_json::Value::Null) => Ok(String::new()),
        Some(serde_json::Value::String(text)) => Ok(tidy(text)),
        Some(_) => Err(Finding::error("type")),
    }
}

/// How many days lie between two days; 0 for the same day.
pub(super) fn days_between(from: Day, to: Day) -> i64 {
    number_of(to) - number_of(from)
}

/// Days since 1 March of year 0, where the leap day is the last of its year.
fn number_of(day: Day) -> i64 {
    let (year, month) = match day.month {
        1 | 2 => (day.year - 1, day.month + 9),
        _ => (day.year, day.month - 3),
    };
    let year = i64::from(year);
    let months = (153 * i64::from(month) + 2) / 5;
    year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + months
        + i64::from(day.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_by_their_names_whole_and_short() {
        let cases = [
            ("มกราคม", 1),
            ("ม.ค.", 1),
            ("มกรา", 1),
            ("ก.พ.", 2),
            ("กุมภา", 2),
            ("มี.ค.", 3),
            ("มีค", 3),
            ("เม.ย", 4),
            ("พ.ค.", 5),
            ("มิ.ย.", 6),
            ("กรกฏาคม", 7),
            ("ก.ค.", 7),
            ("ส.ค.", 8),
            ("ก.ย.", 9),
            ("ต.ค.", 10),
            ("พ.ย.", 11),
            ("เดือนพฤศจิกายน", 11),
            ("ธ. ค.", 12),
            ("March", 3),
            ("MAR", 3),
            ("Sept.", 9),
            ("dec", 12),
        ];
        for (name, month) in cases {
            assert_eq!(piece(name), Some(Piece::Month(month)), "{name}");
        }
        for month in 1..=12 {
            for language in ["th", "en"] {
                assert_eq!(piece(month_name(month, language)), Some(Piece::Month(month)));
            }
            let short = SHORT_TH[usize::from(month) - 1];
            assert_eq!(piece(short), Some(Piece::Month(month)));
        }
        for name in ["", "ม", "มี", "Ma", "J", "Ju", "มีนาคมมม", "วัน", "marches", "ปีหน้า"]
        {
            assert_eq!(piece(name), None, "{name}");
        }
    }

    #[test]
    fn the_days_between_two_days_are_counted() {
        let day = |iso| Day::parse_iso(iso).unwrap();
        for (from, to, days) in [
            ("2006-07-28", "2006-07-30", 2),
            ("2024-02-28", "2024-03-01", 2),
            ("2023-02-28", "2023-03-01", 1),
            ("1900-01-01", "2000-01-01", 36_524),
            ("2000-12-31", "2001-01-01", 1),
            ("2026-11-20", "2026-11-20", 0),
            ("2026-11-20", "2026-11-19", -1),
        ] {
            assert_eq!(days_between(day(from), day(to)), days, "{from} {to}");
        }
    }
}
