//! Decimal text and JSON numbers, for the numbers that people type: 15 digits at the most.
//!
//! The standard library's ways from text to `f64` and back are right for every number there is and
//! bring 40 KB of tables and code into the page. Up to 15 digits one division says it exactly: a
//! whole number below 2⁵³ over a power of ten below 10²² is rounded once, to the nearest `f64`.

use serde_json::Number;

/// More digits than this cannot be told apart in every system that reads JSON numbers.
pub(crate) const MOST_DIGITS: usize = 15;

/// Whole numbers up to here are exact as `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn power(exponent: usize) -> f64 {
    // Exact: 10²² is the greatest power of ten that is an f64.
    (0..exponent.min(22)).fold(1.0, |power, _| power * 10.0)
}

/// Reads `-12.50`: an optional sign, digits, an optional point and digits behind it. None for
/// anything else, and for more than [`MOST_DIGITS`] digits that count.
pub(crate) fn parse(text: &str) -> Option<Number> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() + fraction.len() > MOST_DIGITS {
        return None;
    }
    let digits = whole.bytes().chain(fraction.bytes());
    let number = digits.fold(0_i64, |number, digit| number * 10 + i64::from(digit - b'0'));
    let number = if negative { -number } else { number };
    if fraction.is_empty() {
        return Some(number.into());
    }
    Number::from_f64(number as f64 / power(fraction.len()))
}

/// Writes a number as JSON has it. Exact for what [`parse`] reads; other numbers come as near as 17
/// digits do.
pub(crate) fn write(number: &Number) -> String {
    if let Some(whole) = number.as_i64() {
        return whole.to_string();
    }
    if let Some(whole) = number.as_u64() {
        return whole.to_string();
    }
    write_f64(number.as_f64().unwrap_or_default())
}

fn write_f64(number: f64) -> String {
    for places in 0..=MOST_DIGITS {
        let scaled = (number * power(places)).round();
        if scaled.abs() < EXACT && scaled / power(places) == number {
            return with_point(scaled as i64, places);
        }
    }
    // Very great or very small: digits and an exponent.
    let (mut digits, mut exponent) = (number, 0_i32);
    while digits.abs() >= 1e16 {
        digits /= 10.0;
        exponent += 1;
    }
    while digits != 0.0 && digits.abs() < 1e15 {
        digits *= 10.0;
        exponent -= 1;
    }
    (digits.round() as i64).to_string() + "e" + &exponent.to_string()
}

fn with_point(scaled: i64, places: usize) -> String {
    let digits = scaled.unsigned_abs().to_string();
    let mut out = String::new();
    if scaled < 0 {
        out.push('-');
    }
    let whole = digits.len().saturating_sub(places);
    out.push_str(if whole == 0 { "0" } else { &digits[..whole] });
    if places > 0 {
        out.push('.');
        out.extend(std::iter::repeat_n('0', places.saturating_sub(digits.len())));
        out.push_str(&digits[whole..]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_what_people_type() {
        let cases = [
            ("0", "0"),
            ("007", "7"),
            ("-3", "-3"),
            ("0.1", "0.1"),
            ("-0.05", "-0.05"),
            ("1234.50", "1234.5"),
            ("99.99", "99.99"),
            ("12.000", "12"),
            ("999999999999999", "999999999999999"),
            ("0.00000000000001", "0.00000000000001"),
        ];
        for (typed, written) in cases {
            let number = parse(typed).unwrap();
            assert_eq!(write(&number), written, "{typed}");
            // The standard library is the second opinion.
            assert_eq!(number.as_f64(), typed.parse().ok(), "{typed}");
        }
        for typed in ["", "-", ".5", "1e5", "1.2.3", "--1", "1 2", "1234567890123456", "๑"] {
            assert_eq!(parse(typed), None, "{typed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_the_standard_library(text in "-?[0-9]{1,8}(\\.[0-9]{0,7})?") {
            let number = parse(&text).unwrap();
            proptest::prop_assert_eq!(number.as_f64(), text.parse().ok());
            let written = write(&number);
            proptest::prop_assert_eq!(written.parse().ok(), number.as_f64());
            proptest::prop_assert_eq!(parse(&written), Some(number));
        }

        #[test]
        fn writes_any_number_as_json(number: f64) {
            if let Some(number) = Number::from_f64(number) {
                let read: Number = serde_json::from_str(&write(&number)).unwrap();
                let (read, number) = (read.as_f64().unwrap(), number.as_f64().unwrap());
                proptest::prop_assert!((read - number).abs() <= number.abs() * 1e-14);
            }
        }
    }
}
