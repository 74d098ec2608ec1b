//! Numbers with a fixed number of decimal places, as whole numbers of the last place. What is worked
//! out with them is the same on every machine, to the last digit.

use serde_json::Number;

use crate::decimal;

/// `12.345` at two places is 1235: digits with an optional sign and point, rounded to the nearest.
/// None for another text, and for what does not fit.
pub(super) fn scaled(text: &str, places: usize) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let kept = fraction.bytes().chain(std::iter::repeat(b'0')).take(places);
    let mut number = 0_i64;
    for digit in whole.bytes().chain(kept) {
        number = number.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
    }
    if fraction.as_bytes().get(places).is_some_and(|next| *next >= b'5') {
        number = number.checked_add(1)?;
    }
    Some(if digits.len() < text.len() { -number } else { number })
}

/// 1235 at two places is the number 12.35. None for more digits than JSON numbers hold.
pub(super) fn number(scaled: i64, places: usize) -> Option<Number> {
    let mut digits = scaled.unsigned_abs().to_string();
    while digits.len() <= places {
        digits.insert(0, '0');
    }
    digits.insert(digits.len() - places, '.');
    if scaled < 0 {
        digits.insert(0, '-');
    }
    decimal::parse(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_scaled_to_the_nearest() {
        let cases = [
            ("12.345", 2, Some(1235)),
            ("12.344999", 2, Some(1234)),
            ("-0.005", 2, Some(-1)),
            ("7", 2, Some(700)),
            ("7.", 2, Some(700)),
            (".5", 0, Some(1)),
            ("100.501850000000001", 6, Some(100_501_850)),
            ("9999999999999999999", 0, None),
            ("", 0, None),
            (".", 2, None),
            ("1e5", 2, None),
            ("--1", 2, None),
        ];
        for (text, places, number) in cases {
            assert_eq!(scaled(text, places), number, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_number_scales_back(number in -999_999_999_999_999_i64..=999_999_999_999_999, places in 0_usize..7) {
            let written = decimal::write(&super::number(number, places).unwrap());
            proptest::prop_assert_eq!(scaled(&written, places), Some(number));
        }
    }
}
