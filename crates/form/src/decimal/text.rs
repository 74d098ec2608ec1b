//! Between decimals and text.

use serde_json::Number;

use super::{Decimal, LIMIT, MOST_DIGITS, float};

/// Reads `-12.50` and `.5`: an optional sign, digits, an optional point among them. None for
/// anything else, and for more than [`MOST_DIGITS`] digits that count.
pub(crate) fn parse(text: &str) -> Option<Number> {
    let decimal = read(text)?;
    let (whole, places) = (decimal.magnitude().max(0), (-decimal.exponent).max(0));
    if (whole + places) as usize > MOST_DIGITS {
        return None;
    }
    decimal.to_number()
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
    write_decimal(float::read(number.as_f64().unwrap_or_default()))
}

pub(super) fn read(text: &str) -> Option<Decimal> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mut digits, mut exponent) = (0_u64, 0_i32);
    let (mut any, mut point) = (false, false);
    for byte in rest.bytes() {
        match byte {
            b'0'..=b'9' if digits < LIMIT / 10 => {
                digits = digits * 10 + u64::from(byte - b'0');
                exponent -= i32::from(point);
                any = true;
            }
            // Digits that no longer fit count as zeros.
            b'0'..=b'9' => exponent = exponent.saturating_add(i32::from(!point)),
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    any.then(|| Decimal::new(negative, digits, exponent))
}

fn write_decimal(decimal: Decimal) -> String {
    if decimal.is_zero() {
        return "0".to_owned();
    }
    let digits = decimal.digits.to_string();
    let mut out = String::new();
    if decimal.negative {
        out.push('-');
    }
    let whole = decimal.magnitude();
    if !(-20..=21).contains(&whole) {
        return out + &digits + "e" + &decimal.exponent.to_string();
    }
    let (before, behind) = digits.split_at((whole.max(0) as usize).min(digits.len()));
    out.push_str(if before.is_empty() { "0" } else { before });
    out.extend(std::iter::repeat_n('0', decimal.exponent.max(0) as usize));
    if !behind.is_empty() {
        out.push('.');
        out.extend(std::iter::repeat_n('0', (-whole).max(0) as usize));
        out.push_str(behind);
    }
    out
}
