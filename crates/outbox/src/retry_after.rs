//! `Retry-After` (RFC 9110, section 10.2.3): how long the agency asks to be left alone. Whatever a
//! header says, the wait is finite and no longer than a day.

use crate::time::http_date;

/// The longest wait that a reply can ask for, in milliseconds: a day.
pub const LONGEST_MS: i64 = 24 * 60 * 60_000;

/// Milliseconds to wait, from the header's value: seconds or an HTTP date. A date is counted from
/// the reply's own `Date` header where there is one, since phones' clocks are often wrong, else
/// from `now`. `None` when the header says nothing usable.
pub fn wait_ms(value: &str, date: Option<&str>, now: i64) -> Option<i64> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are still a number, and a long wait.
        value.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(1000)
    } else {
        http_date(value)?.saturating_sub(date.and_then(http_date).unwrap_or(now))
    };
    Some(wait.clamp(0, LONGEST_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_seconds_and_dates_and_nothing_else() {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        let now = 784_111_777_000;
        for (value, reply_date, wait) in [
            ("120", None, Some(120_000)),
            (" 0 ", None, Some(0)),
            ("99999999999999999999999", None, Some(LONGEST_MS)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", None, Some(60_000)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(date), Some(60_000)),
            ("Sun, 06 Nov 2094 08:49:37 GMT", None, Some(LONGEST_MS)),
            ("Sun, 06 Nov 1984 08:49:37 GMT", None, Some(0)),
            ("-5", None, None),
            ("1.5", None, None),
            ("soon", None, None),
            ("", None, None),
        ] {
            assert_eq!(wait_ms(value, reply_date, now), wait, "{value}");
        }
    }

    #[test]
    fn a_wrong_clock_on_the_phone_does_not_matter_when_the_reply_has_a_date() {
        let wait =
            wait_ms("Sun, 06 Nov 1994 08:50:37 GMT", Some("Sun, 06 Nov 1994 08:49:37 GMT"), 0);
        assert_eq!(wait, Some(60_000));
    }
}
