//! Reckoning with decimals, in 64 bits: wider integers are not the machine's own, and their
//! division alone is a kilobyte. A result is cut off beyond the 15th digit and then rounded by the
//! first digit that was cut off, so it is rounded once. None where there is no result: division by
//! zero, or a number too great.

use std::cmp::Ordering;

use super::{Decimal, LIMIT, MOST_DIGITS, MOST_EXPONENT};

impl Decimal {
    /// The same number of the other sign.
    pub fn negated(self) -> Self {
        Self { negative: !self.negative && self.digits != 0, ..self }
    }

    pub fn add(self, other: Self) -> Option<Self> {
        let (mut high, mut low) =
            if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        while high.exponent > low.exponent && high.digits < LIMIT / 10 {
            high.digits *= 10;
            high.exponent -= 1;
        }
        // What is left of the smaller number below the eighteenth digit only says whether the
        // difference is a little less.
        let mut below = 0;
        while high.exponent > low.exponent && high.digits != 0 {
            below |= u64::from(low.digits % 10 != 0);
            low.digits /= 10;
            low.exponent += 1;
        }
        let (negative, digits) = if high.negative == low.negative {
            (high.negative, high.digits + low.digits)
        } else if high.digits >= low.digits {
            (high.negative, high.digits - low.digits - below)
        } else {
            (low.negative, low.digits - high.digits)
        };
        Self::rounded(negative, digits, low.exponent)
    }

    pub fn subtract(self, other: Self) -> Option<Self> {
        self.add(other.negated())
    }

    pub fn multiply(self, other: Self) -> Option<Self> {
        const HALF: u64 = 1_000_000_000;
        let ((a, b), (c, d)) =
            ((self.digits / HALF, self.digits % HALF), (other.digits / HALF, other.digits % HALF));
        let middle = a * d + b * c;
        let low = b * d + middle % HALF * HALF;
        let (mut high, mut low) = (a * c + middle / HALF + low / LIMIT, low % LIMIT);
        // The product is `high` and eighteen digits of `low`: as many of these as there is room for.
        let mut places = 18;
        while high < LIMIT / 10 && places > 0 {
            high = high * 10 + low / (LIMIT / 10);
            low = low % (LIMIT / 10) * 10;
            places -= 1;
        }
        let exponent = self.exponent + other.exponent + places;
        Self::rounded(self.negative != other.negative, high, exponent)
    }

    pub fn divide(self, other: Self) -> Option<Self> {
        let (mut digits, mut left) =
            (self.digits.checked_div(other.digits)?, self.digits % other.digits);
        let mut exponent = self.exponent - other.exponent;
        while left != 0 && digits < LIMIT / 1000 {
            left *= 10;
            digits = digits * 10 + left / other.digits;
            left %= other.digits;
            exponent -= 1;
        }
        Self::rounded(self.negative != other.negative, digits, exponent)
    }

    /// What is left of the division in whole numbers, with the sign of the number divided.
    pub fn remainder(self, other: Self) -> Option<Self> {
        let mut by = other;
        while by.exponent > self.exponent {
            if by.digits >= LIMIT / 10 {
                // It is the greater by far: all is left.
                return Self::rounded(self.negative, self.digits, self.exponent);
            }
            by.digits *= 10;
            by.exponent -= 1;
        }
        let mut left = self.digits.checked_rem(by.digits)?;
        for _ in by.exponent..self.exponent {
            left = left * 10 % by.digits;
        }
        Self::rounded(self.negative, left, by.exponent)
    }

    /// The number to so many decimal places, half away from zero; to tens and hundreds below zero.
    pub fn round(self, places: i32) -> Self {
        self.shortened(-places - self.exponent)
    }

    /// The number without its last digits, rounded half away from zero.
    fn shortened(self, drop: i32) -> Self {
        let (mut digits, mut last) = (self.digits, 0);
        // Beyond twenty there is nothing left to drop.
        for _ in 0..drop.min(20) {
            last = digits % 10;
            digits /= 10;
        }
        Self::new(self.negative, digits + u64::from(last >= 5), self.exponent + drop.max(0))
    }

    fn rounded(negative: bool, digits: u64, exponent: i32) -> Option<Self> {
        let exact = Self { negative, digits, exponent };
        let count = exact.magnitude() - exponent;
        let rounded = exact.shortened(count - MOST_DIGITS as i32);
        match rounded.magnitude() {
            great if great > MOST_EXPONENT => None,
            small if small < -MOST_EXPONENT => Some(Self::ZERO),
            _ => Some(rounded),
        }
    }

    /// The order of the numbers without their signs.
    fn compare_size(self, other: Self) -> Ordering {
        if self.digits == 0 || other.digits == 0 {
            return self.digits.cmp(&other.digits);
        }
        let full = |number: Self| {
            let mut digits = number.digits;
            while digits < LIMIT / 10 {
                digits *= 10;
            }
            (number.magnitude(), digits)
        };
        full(self).cmp(&full(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.compare_size(*other),
            (true, true) => other.compare_size(*self),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
