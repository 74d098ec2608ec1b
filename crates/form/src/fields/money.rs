//! `money`: an amount in baht, with at most two decimal places (satang), not below 0 unless `min`
//! says so.
//!
//! The entry may have commas, «บาท», «฿», «THB» and the «.-» of price tags about it; the answer is
//! the number of baht as a JSON number.

use serde_json::{Number as JsonNumber, Value};

use super::{At, FieldType, Reading, Wording, number};
use crate::reader::Members;
use crate::{DefinitionError, Finding, decimal};

/// An amount in baht.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Money {
    /// The least, itself allowed; 0 unless told.
    #[cfg_attr(feature = "tools", schemars(with = "Option<f64>"))]
    pub min: Option<JsonNumber>,
    /// The greatest, itself allowed; at least `min`.
    #[cfg_attr(feature = "tools", schemars(with = "Option<f64>"))]
    pub max: Option<JsonNumber>,
}

field_type!(
    "money",
    Money,
    [(
        "money",
        "ใส่จำนวนเงินเป็นตัวเลข เช่น 1,200.50",
        "Enter the amount as a number, for example 1,200.50",
    )]
);

/// Satang have two places.
const PLACES: u8 = 2;

/// What may stand about an amount, the longer ones first.
const MARKS: &[&str] = &["บาทถ้วน", "บาท", "บ.", "฿", "THB", "baht", ".-", ",-"];

impl Money {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let (min, max) = number::limits(members, Some(0.into()), None)?;
        Ok(Self { min, max })
    }
}

impl FieldType for Money {
    fn read(&self, entry: &Value) -> Reading {
        Ok(number::read(entry, PLACES, MARKS, "money")?.map(Value::Number))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        found.extend(number::check_limits(answer, &self.min, &self.max));
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let Value::Number(amount) = answer else { return String::new() };
        in_words(amount) + wording.pick(" บาท", " baht")
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        number::schema(false, &self.min, &self.max)
    }
}

/// An amount with its thousands apart, and with both places if it is not whole: `1,234.50`.
pub fn in_words(amount: &JsonNumber) -> String {
    let mut digits = decimal::write(amount);
    if digits.split_once('.').is_some_and(|(_, satang)| satang.len() == 1) {
        digits.push('0');
    }
    number::grouped(&digits)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Text;

    proptest::proptest! {
        #[test]
        fn what_is_said_in_words_reads_as_the_amount(
            satang in -99_999_999_999_999_i64..=99_999_999_999_999
        ) {
            let field = Money { min: Some((-1_000_000_000_000_i64).into()), max: None };
            let (baht, rest) = (satang / 100, (satang % 100).abs());
            let sign = if satang < 0 && baht == 0 { "-" } else { "" };
            let answer = field.read(&json!(format!("{sign}{baht}.{rest:02}"))).unwrap().unwrap();
            for language in ["th", "en"] {
                let words = field.in_words(&answer, &Wording { language, text: &|_: &Text| "".into() });
                proptest::prop_assert_eq!(field.read(&json!(words)), Ok(Some(answer.clone())));
            }
            proptest::prop_assert_eq!(field.read(&answer), Ok(Some(answer.clone())));
        }
    }
}
