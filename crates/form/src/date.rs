//! Days of the Gregorian calendar, and how they are written in the Buddhist era (B.E.).
//!
//! B.E. is the Gregorian year and 543 since 1 January 2484 (1941). Before that the Thai year began
//! on 1 April, so January to March still belonged to the year before, and 2483 had nine months
//! only. Dates are kept in the Gregorian calendar, always.

use std::fmt;

/// A day of the Gregorian calendar. It orders as days do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The Gregorian year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// The last year whose January to March belong to the year before.
const LAST_APRIL_YEAR: i32 = 2483;

const MONTHS_TH: [&str; 12] = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Date {
    /// The day, if there is one: 29 February only in leap years.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let real = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && day <= days_in_month(year, month);
        real.then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD` (ISO 8601) and nothing else.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let number = |range: std::ops::Range<usize>| {
            let digits = &bytes[range];
            digits
                .iter()
                .all(u8::is_ascii_digit)
                .then(|| digits.iter().fold(0_i32, |sum, digit| sum * 10 + i32::from(digit - b'0')))
        };
        Self::new(number(0..4)?, number(5..7)? as u8, number(8..10)? as u8)
    }

    /// The day from a day and month in a year of the Buddhist era; none if there was no such day,
    /// as 29 February 2566, or any day of January to March 2483.
    pub fn from_buddhist(year: i32, month: u8, day: u8) -> Option<Self> {
        let april_year = year <= LAST_APRIL_YEAR && month < 4;
        if april_year && year == LAST_APRIL_YEAR {
            return None;
        }
        Self::new(year - if april_year { 542 } else { 543 }, month, day)
    }

    /// The year of the Buddhist era that this day belongs to.
    pub fn buddhist_year(self) -> i32 {
        let april_year = self.month < 4 && self.year <= 1940;
        self.year + if april_year { 542 } else { 543 }
    }

    /// In words, for people: `13 มีนาคม พ.ศ. 2566`, in English `13 March 2566 B.E. (2023)`.
    pub fn in_words(self, language: &str) -> String {
        let (day, month, year) = (self.day, month_name(self.month, language), self.buddhist_year());
        if language == "th" {
            format!("{day} {month} พ.ศ. {year}")
        } else {
            format!("{day} {month} {year} B.E. ({})", self.year)
        }
    }
}

impl fmt::Display for Date {
    /// `YYYY-MM-DD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The name of month 1 to 12; empty for another number.
pub fn month_name(month: u8, language: &str) -> &'static str {
    let names = if language == "th" { &MONTHS_TH } else { &MONTHS_EN };
    names.get(usize::from(month).wrapping_sub(1)).copied().unwrap_or_default()
}

fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golden_days() {
        let cases = [
            ((2566, 3, 13), Some("2023-03-13")),
            ((2567, 2, 29), Some("2024-02-29")),
            ((2566, 2, 29), None),
            ((2566, 4, 31), None),
            ((2484, 1, 1), Some("1941-01-01")),
            ((2483, 12, 31), Some("1940-12-31")),
            ((2483, 4, 1), Some("1940-04-01")),
            ((2483, 1, 1), None),
            ((2482, 2, 1), Some("1940-02-01")),
            ((2482, 4, 1), Some("1939-04-01")),
        ];
        for ((year, month, day), iso) in cases {
            let date = Date::from_buddhist(year, month, day);
            assert_eq!(date.map(|date| date.to_string()).as_deref(), iso, "{day}/{month}/{year}");
        }
    }

    #[test]
    fn every_day_from_2400_to_2700_reads_back_as_itself() {
        let mut days = 0;
        for year in 1857..=2157 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    let date = Date { year, month, day };
                    assert_eq!(Date::from_buddhist(date.buddhist_year(), month, day), Some(date));
                    assert_eq!(Date::parse_iso(&date.to_string()), Some(date));
                    days += 1;
                }
            }
        }
        assert_eq!(days, 109_938);
    }

    #[test]
    fn iso_is_read_strictly() {
        for text in [
            "2023-3-13",
            "2023/03/13",
            "2023-03-13T00:00",
            "20230313",
            "",
            "2023-13-01",
            "+023-01-01",
        ] {
            assert_eq!(Date::parse_iso(text), None, "{text}");
        }
    }
}
