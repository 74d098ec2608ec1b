//! Between decimals and `f64` by exact steps: powers of ten up to 10²² are `f64`s, and one division
//! or multiplication of two exact numbers is rounded once, to the nearest `f64`.

use super::Decimal;

/// Whole numbers up to here are exact as `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// 2⁶⁴, which no integer of 64 bits is.
const TOO_GREAT: f64 = 18_446_744_073_709_551_616.0;

/// The greatest power of ten that is an `f64`.
const MOST_POWER: i32 = 22;

fn power(exponent: i32) -> f64 {
    (0..exponent).fold(1.0, |power, _| power * 10.0)
}

/// The shortest decimal that stands for the number, else its first 17 digits. Below 10⁻⁶ and above
/// 10³⁷ the last of these may be off.
pub(super) fn read(number: f64) -> Decimal {
    let (negative, number) = (number < 0.0, number.abs());
    // Whole numbers as integers have them, so that 2⁶⁰ is the same in both.
    if number < TOO_GREAT && (number as u64) as f64 == number {
        return Decimal::new(negative, number as u64, 0);
    }
    let fewest = if number < EXACT { 1 } else { -MOST_POWER };
    for places in fewest..=MOST_POWER {
        let scaled =
            0.5 + if places < 0 { number / power(-places) } else { number * power(places) };
        if scaled >= EXACT {
            break;
        }
        let short = Decimal::new(false, scaled as u64, -places);
        if write(short) == number {
            return Decimal { negative, ..short };
        }
    }
    let (mut near, mut exponent) = (number, 0);
    while near >= 1e17 {
        let step = if near >= 1e39 { MOST_POWER } else { 1 };
        near /= power(step);
        exponent += step;
    }
    while near < 1e-6 {
        near *= power(MOST_POWER);
        exponent -= MOST_POWER;
    }
    let mut places = 0;
    while near * power(places) < 1e16 {
        places += 1;
    }
    Decimal::new(negative, exact_product(near, power(places)), exponent - places)
}

/// The product of two numbers, rounded to a whole number once. It lies between 2⁵³ and 2⁶³.
fn exact_product(a: f64, b: f64) -> u64 {
    // Dekker 1971: each number in two halves, whose products are exact.
    let halves = |number: f64| {
        let wide = number * 134_217_729.0;
        let high = wide - (wide - number);
        (high, number - high)
    };
    let ((a_high, a_low), (b_high, b_low)) = (halves(a), halves(b));
    let product = a * b;
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    // The error is a few ones at the most; cutting off rounds down only above zero.
    product as u64 + (error + 1024.5) as u64 - 1024
}

/// The nearest number up to 15 digits and 22 places, else one next to it.
pub(super) fn write(decimal: Decimal) -> f64 {
    let mut number = decimal.digits as f64;
    let mut left = decimal.exponent.abs();
    while left > 0 {
        let step = power(left.min(MOST_POWER));
        number = if decimal.exponent < 0 { number / step } else { number * step };
        left -= MOST_POWER;
    }
    if decimal.negative { -number } else { number }
}
