use std::str::FromStr;

use bigdecimal::{BigDecimal, RoundingMode, num_bigint::BigInt};
use proptest::prelude::*;
use serde_json::{Number, json};

use super::{Decimal, parse, write};

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

fn shown(decimal: Decimal) -> String {
    write(&decimal.to_number().unwrap())
}

#[test]
fn reads_and_writes_what_people_type() {
    let cases = [
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("-3", "-3"),
        ("0.1", "0.1"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("5.", "5"),
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
        assert_eq!(number.as_f64(), typed.parse().ok().map(|zero: f64| zero + 0.0), "{typed}");
    }
    for typed in ["", "-", ".", "-.", "1e5", "1.2.3", "--1", "+1", "1 2", "1234567890123456", "๑"]
    {
        assert_eq!(parse(typed), None, "{typed}");
    }
}

#[test]
fn reckons_as_people_do() {
    type Sum = fn(Decimal, Decimal) -> Option<Decimal>;
    let cases: [(&str, Sum, &str, &str); 12] = [
        ("0.1", Decimal::add, "0.2", "0.3"),
        ("0.3", Decimal::subtract, "0.1", "0.2"),
        ("250000", Decimal::divide, "3", "83333.3333333333"),
        ("2", Decimal::divide, "3", "0.666666666666667"),
        ("-2", Decimal::divide, "3", "-0.666666666666667"),
        ("1.1", Decimal::multiply, "1.1", "1.21"),
        ("999999999999999", Decimal::multiply, "999999999999999", "999999999999998e15"),
        ("999999999999999", Decimal::add, "1", "1000000000000000"),
        ("0.3", Decimal::remainder, "0.1", "0"),
        ("-5.5", Decimal::remainder, "2", "-1.5"),
        ("5.5", Decimal::remainder, "-2", "1.5"),
        ("1", Decimal::remainder, "1000000000000000000000", "1"),
    ];
    for (a, sum, b, result) in cases {
        let got = sum(decimal(a), decimal(b)).unwrap();
        assert_eq!(shown(got), result, "{a} {b}");
    }
    assert_eq!(decimal("1").divide(Decimal::ZERO), None);
    assert_eq!(decimal("1").remainder(Decimal::ZERO), None);
}

#[test]
fn rounds_half_away_from_zero() {
    let cases = [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.4999999", 0, "2"),
        ("1.005", 2, "1.01"),
        ("83333.3333333333", 2, "83333.33"),
        ("0.4", 0, "0"),
        ("-0.4", 0, "0"),
        ("0.5", 0, "1"),
        ("99.995", 2, "100"),
        ("1450", -2, "1500"),
        ("50", -2, "100"),
        ("49", -2, "0"),
        ("5", -6, "0"),
        ("1.5", 10, "1.5"),
    ];
    for (number, places, rounded) in cases {
        let read = Decimal::from_number(&parse(number).unwrap());
        assert_eq!(shown(read.round(places)), rounded, "{number} to {places}");
    }
}

#[test]
fn grows_no_further_than_numbers_go() {
    let ten = decimal("10");
    let (mut great, mut small) = (Some(ten), ten);
    for _ in 0..700 {
        great = great.and_then(|number| number.multiply(ten));
        small = small.divide(ten).unwrap();
    }
    assert_eq!(great, None);
    assert_eq!(small, Decimal::ZERO);
}

#[test]
fn equal_numbers_are_equal_however_json_has_them() {
    let pairs = [
        (json!(1), json!(1.0)),
        (json!(0), json!(-0.0)),
        (json!(1_000_000_000_000_000_000_u64), json!(1e18)),
        (json!(1_u64 << 60), json!((1_u64 << 60) as f64)),
        (json!(u64::MAX - 2047), json!((u64::MAX - 2047) as f64)),
        (json!(i64::MIN), json!(i64::MIN as f64)),
    ];
    for (a, b) in pairs {
        let read = |value: &serde_json::Value| Decimal::from_number(value.as_number().unwrap());
        assert_eq!(read(&a), read(&b), "{a} {b}");
    }
    let read = |number: f64| Decimal::from_number(&Number::from_f64(number).unwrap());
    assert!(read(0.1 + 0.2) > read(0.3));
    assert!(read(1e-9) > Decimal::ZERO);
    assert!(read(-1e-9) > read(-2e300));
}

#[test]
fn cuts_places_off() {
    for (number, whole) in
        [("2.9", 2), ("-2.9", -2), ("0.1", 0), ("1e", 0), ("999999999999999999999", i64::MAX)]
    {
        let number = Decimal::parse(number).unwrap_or(Decimal::ZERO);
        assert_eq!(number.truncated(), whole);
    }
}

/// The exact number, for the second opinion.
fn exact(decimal: Decimal) -> BigDecimal {
    let digits = BigInt::from(decimal.digits) * if decimal.negative { -1 } else { 1 };
    BigDecimal::new(digits, -i64::from(decimal.exponent))
}

fn to_15_digits(number: &BigDecimal) -> BigDecimal {
    let precision = std::num::NonZeroU64::new(15).unwrap();
    number.with_precision_round(precision, RoundingMode::HalfUp)
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    let digits = prop_oneof![0_u64..100, 0_u64..1_000_000_000, 0_u64..100_000_000_000_000_000];
    (any::<bool>(), digits, -20_i32..20)
        .prop_map(|(negative, digits, exponent)| Decimal::new(negative, digits, exponent))
}

proptest! {
    #[test]
    fn text_agrees_with_the_standard_library(text in "-?[0-9]{1,8}(\\.[0-9]{0,7})?") {
        let number = parse(&text).unwrap();
        prop_assert_eq!(number.as_f64(), text.parse().ok());
        let written = write(&number);
        prop_assert_eq!(written.parse().ok(), number.as_f64());
        prop_assert_eq!(parse(&written), Some(number));
    }

    #[test]
    fn any_number_is_written_as_json(number: f64) {
        if let Some(number) = Number::from_f64(number) {
            let read: Number = serde_json::from_str(&write(&number)).unwrap();
            let (read, number) = (read.as_f64().unwrap(), number.as_f64().unwrap());
            prop_assert!((read - number).abs() <= number.abs() * 1e-14);
        }
    }

    #[test]
    fn everyday_numbers_are_written_exactly(digits in -1e15..1e15_f64, places in 0_i32..6) {
        let number = digits / 10_f64.powi(places);
        prop_assume!(number == 0.0 || number.abs() > 1e-6);
        let written = write(&Number::from_f64(number).unwrap());
        prop_assert_eq!(written.parse(), Ok(number));
    }

    #[test]
    fn reckoning_is_exact_to_15_digits(a in any_decimal(), b in any_decimal()) {
        let (x, y) = (exact(a), exact(b));
        prop_assert_eq!(exact(a.add(b).unwrap()), to_15_digits(&(&x + &y)), "+");
        prop_assert_eq!(exact(a.subtract(b).unwrap()), to_15_digits(&(&x - &y)), "-");
        prop_assert_eq!(exact(a.multiply(b).unwrap()), to_15_digits(&(&x * &y)), "*");
        prop_assert_eq!(a.cmp(&b), x.cmp(&y));
        if !b.is_zero() {
            // To 100 digits, cut off: enough to round it right.
            let quotient = (&x / &y).with_precision_round(
                std::num::NonZeroU64::new(90).unwrap(), RoundingMode::Down);
            prop_assert_eq!(exact(a.divide(b).unwrap()), to_15_digits(&quotient), "/");
            prop_assert_eq!(exact(a.remainder(b).unwrap()), to_15_digits(&(&x % &y)), "%");
        }
    }

    #[test]
    fn rounding_to_places_is_exact(number in any_decimal(), places in -6_i32..=10) {
        let rounded = exact(number).with_scale_round(i64::from(places), RoundingMode::HalfUp);
        prop_assert_eq!(exact(number.round(places)), rounded);
    }

    #[test]
    fn numbers_of_15_digits_go_through_json_unchanged(
        negative: bool, digits in 0_u64..1_000_000_000_000_000, exponent in -20_i32..=3
    ) {
        let decimal = Decimal::new(negative, digits, exponent);
        let number = decimal.to_number().unwrap();
        prop_assert_eq!(Decimal::from_number(&number), decimal);
        prop_assert_eq!(BigDecimal::from_str(&write(&number)).unwrap(), exact(decimal));
    }
}
