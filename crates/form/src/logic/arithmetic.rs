//! Comparing and reckoning.

use super::RuleError;
use super::evaluate::{At, Evaluated, truth_value};
use super::operators::Op;
use super::read::Node;
use super::references::column;
use super::values::{elements, is_blank, loosely_equal, number, order, strictly_equal, walk};
use crate::decimal::Decimal;
use serde_json::Value;

/// A number, or none where something is no number.
pub(super) type Reckoned = Result<Option<Decimal>, RuleError>;

impl<'a> At<'a> {
    pub fn compare(&self, op: Op, operands: &'a [Node]) -> Evaluated<'a> {
        let (a, b) = (self.operand(operands, 0)?, self.operand(operands, 1)?);
        self.weigh(a)?;
        // Where the rule itself names a blank, it is about blanks.
        let is_named = |node: &Node| matches!(node, Node::Literal(value) if is_blank(value));
        if !operands.iter().any(is_named) {
            self.note_blank(a);
            self.note_blank(b);
        }
        let equal = match op {
            Op::Equal | Op::NotEqual => loosely_equal(a, b),
            _ => strictly_equal(a, b),
        };
        Ok(truth_value(equal == matches!(op, Op::Equal | Op::StrictEqual)))
    }

    /// Whether each operand stands in this order to the next.
    pub fn in_order(&self, op: Op, operands: &'a [Node]) -> Evaluated<'a> {
        let mut before = None;
        for node in operands {
            let next = self.value(node)?;
            self.note_blank(next);
            let order = before.map(|before| order(before, next));
            let holds = match (order, op) {
                (None, _) => true,
                (Some(None), _) => false,
                (Some(Some(order)), Op::Less) => order.is_lt(),
                (Some(Some(order)), Op::LessOrEqual) => order.is_le(),
                (Some(Some(order)), Op::Greater) => order.is_gt(),
                (Some(Some(order)), _) => order.is_ge(),
            };
            if !holds {
                return Ok(truth_value(false));
            }
            before = Some(next);
        }
        Ok(truth_value(operands.len() > 1))
    }

    /// The value of the operators that give a number.
    pub fn number(&self, op: Op, operands: &'a [Node]) -> Reckoned {
        match op {
            Op::Max | Op::Min => self.extreme(op, operands),
            Op::Sum => self.sum(operands),
            Op::Round => self.round(operands),
            _ => self.reckon(op, operands),
        }
    }

    fn reckon(&self, op: Op, operands: &'a [Node]) -> Reckoned {
        let mut result = match (op, operands.len()) {
            (Op::Add, 0) | (Op::Subtract, 1) => Some(Decimal::ZERO),
            (Op::Multiply, 0) => Some(Decimal::ONE),
            (Op::Add | Op::Multiply, _) | (_, 2..) => None,
            _ => return Ok(None),
        };
        for node in operands {
            let value = self.value(node)?;
            self.note_blank(value);
            let Some(number) = number(value) else { return Ok(None) };
            let next = match (result, op) {
                (None, _) => Some(number),
                // Not a sum: the number keeps all its digits.
                (_, Op::Subtract) if operands.len() == 1 => Some(number.negated()),
                (Some(before), Op::Add) => before.add(number),
                (Some(before), Op::Subtract) => before.subtract(number),
                (Some(before), Op::Multiply) => before.multiply(number),
                (Some(before), Op::Divide) => before.divide(number),
                (Some(before), _) => before.remainder(number),
            };
            let Some(next) = next else { return Ok(None) };
            result = Some(next);
        }
        Ok(result)
    }

    fn extreme(&self, op: Op, operands: &'a [Node]) -> Reckoned {
        let mut result: Option<Decimal> = None;
        for node in operands {
            for value in elements(self.value(node)?) {
                self.spend(1)?;
                if value.is_null() {
                    continue;
                }
                let Some(number) = number(value) else { return Ok(None) };
                result = Some(match result {
                    None => number,
                    Some(before) if op == Op::Max => before.max(number),
                    Some(before) => before.min(number),
                });
            }
        }
        Ok(result)
    }

    fn sum(&self, operands: &'a [Node]) -> Reckoned {
        let mut sum = Some(Decimal::ZERO);
        self.each(operands, &mut |value| {
            sum = sum.and_then(|sum| sum.add(number(value)?));
        })?;
        Ok(sum)
    }

    pub fn count(&self, operands: &'a [Node]) -> Result<u32, RuleError> {
        let mut count = 0;
        self.each(operands, &mut |_| count += 1)?;
        Ok(count)
    }

    /// Goes through what `sum` and `count` go through: a member of every row, or the operands and
    /// the elements of those that are lists. Blanks are left out.
    fn each(&self, operands: &'a [Node], take: &mut dyn FnMut(&Value)) -> Result<(), RuleError> {
        let (operands, member) = match column(operands) {
            Some((rows, member)) => (std::slice::from_ref(rows), member),
            None => (operands, ""),
        };
        for node in operands {
            for element in elements(self.value(node)?) {
                self.spend(1)?;
                let value = walk(element, member);
                if !is_blank(value) {
                    take(value);
                }
            }
        }
        Ok(())
    }

    fn round(&self, operands: &'a [Node]) -> Reckoned {
        let Some(rounded) = number(self.operand(operands, 0)?) else { return Ok(None) };
        if operands.len() < 2 {
            return Ok(Some(rounded.round(0)));
        }
        let Some(places) = number(self.operand(operands, 1)?) else { return Ok(None) };
        let whole = places.truncated();
        let fits = (-6..=10).contains(&whole) && places.round(0) == places;
        Ok(fits.then(|| rounded.round(whole as i32)))
    }
}
