//! Lists and text.

use serde_json::Value;

use super::RuleError;
use super::evaluate::{At, Element, Evaluated, truth_value};
use super::operators::Op;
use super::read::Node;
use super::values::{number, strictly_equal, text_to, truth};
use crate::decimal::Decimal;

impl<'a> At<'a> {
    /// `map`, `filter`, `reduce`, `all`, `none` and `some`. What is no list has no elements.
    pub fn over_elements(&self, op: Op, operands: &'a [Node]) -> Evaluated<'a> {
        let items = self.operand(operands, 0)?.as_array().map_or(&[][..], Vec::as_slice);
        let mut results = Vec::new();
        let mut accumulator = self.operand(operands, 2)?;
        for item in items {
            self.spend(1)?;
            let element = match op {
                Op::Reduce => Element::Reduced(item, accumulator),
                _ => Element::One(item),
            };
            let result = self.element(element).operand(operands, 1)?;
            match op {
                Op::Reduce => accumulator = result,
                Op::Map => results.push(self.copy(result)?),
                Op::Filter if truth(result) => results.push(self.copy(item)?),
                Op::Filter => {}
                // One element decides: for `all` one that does not hold, else one that does.
                _ if truth(result) != (op == Op::All) => return Ok(truth_value(op == Op::Some)),
                _ => {}
            }
        }
        Ok(match op {
            Op::Reduce => accumulator,
            Op::Map | Op::Filter => self.keep(results.into()),
            Op::All => truth_value(!items.is_empty()),
            _ => truth_value(op == Op::None),
        })
    }

    pub fn merge(&self, operands: &'a [Node]) -> Evaluated<'a> {
        let mut merged = Vec::new();
        for node in operands {
            match self.copy(self.value(node)?)? {
                Value::Array(items) => merged.extend(items),
                single => merged.push(single),
            }
        }
        Ok(self.keep(merged.into()))
    }

    pub fn is_in(&self, operands: &'a [Node]) -> Evaluated<'a> {
        let (needle, within) = (self.operand(operands, 0)?, self.operand(operands, 1)?);
        Ok(truth_value(match (needle, within) {
            (needle, Value::Array(items)) => {
                for item in items {
                    self.weigh(item)?;
                    if strictly_equal(item, needle) {
                        return Ok(truth_value(true));
                    }
                }
                false
            }
            (Value::String(needle), Value::String(text)) => {
                self.weigh(within)?;
                text.contains(needle)
            }
            _ => false,
        }))
    }

    pub fn cat(&self, operands: &'a [Node]) -> Evaluated<'a> {
        let mut out = String::new();
        for node in operands {
            let value = self.value(node)?;
            self.weigh(value)?;
            text_to(&mut out, value);
        }
        Ok(self.keep(out.into()))
    }

    /// A value as text.
    pub fn text(&self, value: &'a Value) -> Result<&'a str, RuleError> {
        self.weigh(value)?;
        Ok(match value {
            Value::String(text) => text,
            other => {
                let mut out = String::new();
                text_to(&mut out, other);
                self.keep(out.into()).as_str().unwrap_or_default()
            }
        })
    }

    /// `substr`, by characters: from a place, for a length. Below zero the place counts from the
    /// end, and the length says how many are left out there.
    pub fn part(&self, operands: &'a [Node]) -> Evaluated<'a> {
        let text = self.text(self.operand(operands, 0)?)?;
        let whole = |value: &Value| number(value).map_or(0, Decimal::truncated);
        let start = whole(self.operand(operands, 1)?);
        let length = self.operand(operands, 2)?;
        let count = text.chars().count() as i64;
        let start = if start < 0 { count.saturating_add(start).max(0) } else { start.min(count) };
        let left = count - start;
        let length = match whole(length) {
            _ if length.is_null() => left,
            length if length < 0 => left.saturating_add(length).max(0),
            length => length,
        };
        let part: String = text.chars().skip(start as usize).take(length as usize).collect();
        Ok(self.keep(part.into()))
    }
}
