//! Calendar arithmetic for the two formats that the outbox meets: RFC 3339 in a submission, and
//! HTTP dates (RFC 9110) in replies. Pure: the clock is read in `platform`.

const DAY_MS: i64 = 86_400_000;

/// `ms` since 1970 as RFC 3339 to the second, in the zone `offset` minutes east of UTC.
pub fn rfc3339(ms: i64, offset: i32) -> String {
    let local = ms + i64::from(offset) * 60_000;
    let (year, month, day) = civil(local.div_euclid(DAY_MS));
    let seconds = local.rem_euclid(DAY_MS) / 1000;
    let mut out = String::with_capacity(25);
    push(&mut out, year, 4);
    out.push('-');
    push(&mut out, month, 2);
    out.push('-');
    push(&mut out, day, 2);
    out.push('T');
    push(&mut out, seconds / 3600, 2);
    out.push(':');
    push(&mut out, seconds / 60 % 60, 2);
    out.push(':');
    push(&mut out, seconds % 60, 2);
    let minutes = i64::from(offset.unsigned_abs());
    out.push(if offset < 0 { '-' } else { '+' });
    push(&mut out, minutes / 60, 2);
    out.push(':');
    push(&mut out, minutes % 60, 2);
    out
}

/// An HTTP date in its preferred form, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, section 5.6.7),
/// as milliseconds since 1970. The two obsolete forms are not read.
pub fn http_date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.trim().split(' ').skip(1);
    let day = number(words.next()?, 2)?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| *name == month)?;
    let year = number(words.next()?, 4)?;
    let mut clock = words.next()?.split(':');
    let hour = number(clock.next()?, 2)?;
    let minute = number(clock.next()?, 2)?;
    let second = number(clock.next()?, 2)?;
    if words.next()? != "GMT" || day == 0 || day > 31 || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days(year, i64::try_from(month).ok()? + 1, day);
    Some(days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000)
}

fn number(digits: &str, len: usize) -> Option<i64> {
    let plain = digits.len() == len && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

fn push(out: &mut String, value: i64, width: usize) {
    let digits = value.to_string();
    for _ in digits.len()..width {
        out.push('0');
    }
    out.push_str(&digits);
}

/// Days since 1970 of a Gregorian date (Howard Hinnant, «chrono-compatible low-level date
/// algorithms»).
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The Gregorian date of days since 1970: the inverse of [`days`].
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_rfc_3339_with_the_local_offset() {
        for (ms, offset, text) in [
            (0, 0, "1970-01-01T00:00:00+00:00"),
            (1_795_223_643_999, 420, "2026-11-21T08:14:03+07:00"),
            (951_782_400_000, -210, "2000-02-28T20:30:00-03:30"),
            (-1, 0, "1969-12-31T23:59:59+00:00"),
        ] {
            assert_eq!(rfc3339(ms, offset), text);
        }
    }

    #[test]
    fn reads_http_dates() {
        for (text, ms) in [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777_000)),
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994 08:49:37 +0700", None),
            ("Sun, 99 Nov 1994 08:49:37 GMT", None),
            ("Sun, 06 Nov 1994", None),
            ("", None),
        ] {
            assert_eq!(http_date(text), ms, "{text}");
        }
    }

    #[test]
    fn days_and_dates_are_inverse() {
        for day in (-1_000_000..1_000_000).step_by(97) {
            let (year, month, of_month) = civil(day);
            assert_eq!(days(year, month, of_month), day);
        }
    }
}
