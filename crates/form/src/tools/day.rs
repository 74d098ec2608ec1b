//! The calendar for a clock that counts days.

use crate::Date;

/// The day so many days after 1 January 1970, with the Gregorian calendar's 400 years as one turn
/// (Howard Hinnant, «chrono-compatible low-level date algorithms»).
pub fn day_since_1970(days: u32) -> Date {
    // Years begin in March here, so that the leap day is the last.
    let days = i64::from(days) + 719_468;
    let (turn, of_turn) = (days / 146_097, days % 146_097);
    let year = (of_turn - of_turn / 1_460 + of_turn / 36_524 - of_turn / 146_096) / 365;
    let of_year = of_turn - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    Date { year: (turn * 400 + year + next) as i32, month: month as u8, day: day as u8 }
}

#[cfg(test)]
mod tests {
    use super::day_since_1970;
    use crate::Date;

    #[test]
    fn days_follow_each_other_as_in_the_calendar() {
        assert_eq!(day_since_1970(0).to_string(), "1970-01-01");
        assert_eq!(day_since_1970(20_777).to_string(), "2026-11-20");
        for days in 0..80_000 {
            let (day, next) = (day_since_1970(days), day_since_1970(days + 1));
            assert_eq!(Date::new(day.year, day.month, day.day), Some(day));
            let same_month = next == Date { day: day.day + 1, ..day };
            let first = next.day == 1 && Date::new(day.year, day.month, day.day + 1).is_none();
            assert!(same_month || first, "{day} {next}");
        }
    }
}
