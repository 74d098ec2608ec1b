//! Lists and text.

use std::borrow::Cow;

use serde_json::Value;

use super::RuleError;
use super::evaluate::{At, Element, Evaluated};
use super::operators::Op;
use super::read::Node;
use super::values::{number, strictly_equal, text_to, truth};
use crate::decimal::Decimal;

static NOTHING: Node = Node::Literal(Value::Null);

impl<'a> At<'a> {
    /// `map`, `filter`, `reduce`, `all`, `none` and `some`. What is no list has no elements.
    pub fn over_elements(self, op: Op, operands: &'a [Node]) -> Evaluated<'a> {
        let list = self.operand(operands, 0)?;
        let items = list.as_array().map_or(&[][..], Vec::as_slice);
        let body = operands.get(1).unwrap_or(&NOTHING);
        if op == Op::Reduce {
            return self.reduce(items, body, self.operand(operands, 2)?);
        }
        let mut results = Vec::new();
        for item in items {
            self.spend(1)?;
            let result = self.element(Element::One(item)).value(body)?;
            match op {
                Op::Map => results.push(self.own(result)?),
                Op::Filter if truth(&result) => results.push(self.own(Cow::Borrowed(item))?),
                Op::Filter => {}
                // One element decides: for `all` one that does not hold, else one that does.
                _ if truth(&result) != (op == Op::All) => {
                    return Ok(Cow::Owned(Value::Bool(op == Op::Some)));
                }
                _ => {}
            }
        }
        Ok(Cow::Owned(match op {
            Op::Map | Op::Filter => Value::Array(results),
            Op::All => Value::Bool(!items.is_empty()),
            _ => Value::Bool(op == Op::None),
        }))
    }

    fn reduce(self, items: &[Value], body: &Node, start: Cow<Value>) -> Evaluated<'a> {
        let mut accumulator = self.own(start)?;
        for item in items {
            self.spend(1)?;
            let at = self.element(Element::Reduced(item, &accumulator));
            accumulator = at.own(at.value(body)?)?;
        }
        Ok(Cow::Owned(accumulator))
    }

    pub fn merge(self, operands: &'a [Node]) -> Result<Vec<Value>, RuleError> {
        let mut merged = Vec::new();
        for node in operands {
            match self.own(self.value(node)?)? {
                Value::Array(items) => merged.extend(items),
                single => merged.push(single),
            }
        }
        Ok(merged)
    }

    pub fn is_in(self, operands: &'a [Node]) -> Result<bool, RuleError> {
        let (needle, within) = (self.operand(operands, 0)?, self.operand(operands, 1)?);
        match (&*needle, &*within) {
            (needle, Value::Array(items)) => {
                for item in items {
                    self.spend(1)?;
                    self.spend_compared(item)?;
                    if strictly_equal(item, needle) {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (Value::String(needle), Value::String(text)) => {
                self.spend_text(text)?;
                Ok(text.contains(needle))
            }
            _ => Ok(false),
        }
    }

    pub fn cat(self, operands: &'a [Node]) -> Result<String, RuleError> {
        let mut out = String::new();
        for node in operands {
            let value = self.value(node)?;
            out.push_str(&self.text(&value)?);
        }
        Ok(out)
    }

    /// A value as text.
    pub fn text<'v>(self, value: &'v Value) -> Result<Cow<'v, str>, RuleError> {
        self.spend_compared(value)?;
        if let Value::String(text) = value {
            return Ok(Cow::Borrowed(text));
        }
        let mut out = String::new();
        text_to(&mut out, value);
        Ok(Cow::Owned(out))
    }

    /// `substr`, by characters: from a place, for a length. Below zero the place counts from the
    /// end, and the length says how many are left out there.
    pub fn part(self, operands: &'a [Node]) -> Result<String, RuleError> {
        let value = self.operand(operands, 0)?;
        let text = self.text(&value)?;
        let whole = |value: &Value| number(value).map_or(0, Decimal::truncated);
        let start = whole(&*self.operand(operands, 1)?);
        let length = self.operand(operands, 2)?;
        let count = text.chars().count() as i64;
        let start = if start < 0 { count.saturating_add(start).max(0) } else { start.min(count) };
        let left = count - start;
        let length = match whole(&length) {
            _ if length.is_null() => left,
            length if length < 0 => left.saturating_add(length).max(0),
            length => length,
        };
        Ok(text.chars().skip(start as usize).take(length as usize).collect())
    }
}
