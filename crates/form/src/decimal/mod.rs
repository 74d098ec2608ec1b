//! Decimal numbers as people reckon with them: 0.1 and 0.2 are 0.3, and a third of 250,000 is
//! 83,333.3333333333.
//!
//! A number is up to 18 digits and a power of ten. What is worked out is rounded to 15 digits, half
//! away from zero, and is never NaN nor infinite. The standard library's ways between text and
//! `f64` are right for every number there is and bring 40 KB of tables and code into the page;
//! `float` says how these here do without.

mod arithmetic;
mod float;
mod text;

pub(crate) use text::{parse, write};

use serde_json::{Number, Value};

/// More digits than this cannot be told apart in every system that reads JSON numbers.
pub(crate) const MOST_DIGITS: usize = 15;

/// The mantissa stays below this, so two of them can be added and one multiplied by ten.
const LIMIT: u64 = 1_000_000_000_000_000_000;

/// Numbers from 10³⁰⁰ on are none: they could leave what an `f64` holds.
const MOST_EXPONENT: i32 = 300;

/// `digits` × 10^`exponent`. Kept without trailing zeros, so that equal numbers are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    digits: u64,
    exponent: i32,
}

impl Decimal {
    pub const ZERO: Self = Self { negative: false, digits: 0, exponent: 0 };
    pub const ONE: Self = Self { negative: false, digits: 1, exponent: 0 };

    fn new(negative: bool, mut digits: u64, mut exponent: i32) -> Self {
        if digits == 0 {
            return Self::ZERO;
        }
        while digits.is_multiple_of(10) || digits >= LIMIT {
            digits /= 10;
            exponent += 1;
        }
        Self { negative, digits, exponent }
    }

    /// A number as JSON has it, to 17 digits.
    pub fn from_number(number: &Number) -> Self {
        match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Self::new(whole < 0, whole.unsigned_abs(), 0),
            (_, Some(whole)) => Self::new(false, whole, 0),
            _ => float::read(number.as_f64().unwrap_or_default()),
        }
    }

    /// Reads `-12.50`, `.5` or `5.`; see [`parse`] for what people type.
    pub fn parse(text: &str) -> Option<Self> {
        text::read(text)
    }

    /// The number for JSON: a whole one is written as one.
    pub fn to_number(self) -> Option<Number> {
        match self.whole() {
            Some(whole) => Some(whole.into()),
            None => Number::from_f64(float::write(self)),
        }
    }

    /// The same as a value; null in the place of what no `f64` holds.
    pub fn to_value(self) -> Value {
        self.to_number().map_or(Value::Null, Value::Number)
    }

    /// The number, if it is whole and has at most 18 digits.
    fn whole(self) -> Option<i64> {
        let mut whole = self.digits;
        for _ in 0..self.exponent {
            if whole >= LIMIT / 10 {
                return None;
            }
            whole *= 10;
        }
        let whole = whole as i64;
        (self.exponent >= 0).then_some(if self.negative { -whole } else { whole })
    }

    /// The number without its decimal places; the greatest there is in the place of a greater one.
    pub fn truncated(self) -> i64 {
        let mut shorter = self;
        while shorter.exponent < 0 && shorter.digits > 0 {
            shorter.digits /= 10;
            shorter.exponent += 1;
        }
        let far = if self.negative { i64::MIN } else { i64::MAX };
        if shorter.digits == 0 { 0 } else { shorter.whole().unwrap_or(far) }
    }

    pub fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The power of ten just above the number: 3 for 250, 0 for 0.25, -1 for 0.025.
    fn magnitude(self) -> i32 {
        self.digits.checked_ilog10().map_or(0, |power| power as i32 + 1) + self.exponent
    }
}

#[cfg(test)]
mod tests;
