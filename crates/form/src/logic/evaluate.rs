//! Evaluating the tree. Every value is a reference into the rule, the data or the memory of this
//! evaluation, so a rule over rows copies none of them.
//!
//! Every step is counted and so is every copy, because a definition may hold a rule that doubles a
//! list with each element; what a rule builds is also kept from growing too deep to be dropped.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::memory::{self, Place};
use super::operators::Op;
use super::read::Node;
use super::references::first_segment;
use super::values::{self, elements, truth, walk};
use super::{Data, RuleError};
use crate::decimal::{self, Decimal};

/// Values that are copied or compared may not be deeper than this.
const MOST_DEPTH: usize = 256;

pub(super) type Evaluated<'a> = Result<&'a Value, RuleError>;

/// Where evaluation stands: the data, the memory, and the element that a body is evaluated for.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    data: &'a Data<'a>,
    last: &'a Cell<&'a Place>,
    element: Option<Element<'a>>,
}

/// What a body sees.
#[derive(Clone, Copy)]
pub(super) enum Element<'a> {
    /// An element of the list.
    One(&'a Value),
    /// `current` and `accumulator` of `reduce`.
    Reduced(&'a Value, &'a Value),
}

/// Evaluates a rule and hands its value to `take`.
pub(super) fn evaluate<T>(
    node: &Node,
    data: &Data,
    take: fn(&At, &Value) -> Result<T, RuleError>,
) -> Result<T, RuleError> {
    let first = Place::new();
    let last = Cell::new(&first);
    let at = At { data, last: &last, element: None };
    let taken = at.value(node).and_then(|value| take(&at, value));
    memory::forget(first);
    taken
}

pub(super) fn truth_value(yes: bool) -> &'static Value {
    if yes { &Value::Bool(true) } else { &Value::Bool(false) }
}

impl<'a> At<'a> {
    /// The same, for an element of a list.
    pub fn element(&self, element: Element<'a>) -> Self {
        Self { element: Some(element), ..*self }
    }

    /// Keeps a value until the rule has been evaluated.
    pub fn keep(&self, value: Value) -> &'a Value {
        memory::keep(self.last, value)
    }

    /// Notes that something that is compared or calculated with is blank.
    pub fn note_blank(&self, value: &Value) {
        if let (true, Some(met)) = (values::is_blank(value), self.data.met_blank) {
            met.set(true);
        }
    }

    /// Takes so many steps. Called from everywhere, and in the page size goes before speed.
    #[inline(never)]
    pub fn spend(&self, steps: usize) -> Result<(), RuleError> {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        let left = self.data.steps.get().checked_sub(steps);
        self.data.steps.set(left.unwrap_or_default());
        left.map(|_| ()).ok_or(RuleError::TooManySteps)
    }

    /// A copy of the value, which costs what is copied.
    pub fn copy(&self, value: &Value) -> Result<Value, RuleError> {
        self.weigh(value)?;
        Ok(value.clone())
    }

    /// Takes the steps for going through a whole value.
    pub fn weigh(&self, value: &Value) -> Result<(), RuleError> {
        self.weigh_at(value, 0)
    }

    fn weigh_at(&self, value: &Value, depth: usize) -> Result<(), RuleError> {
        if depth > MOST_DEPTH {
            return Err(RuleError::TooManySteps);
        }
        self.spend(match value {
            Value::String(text) => 1 + text.len() / 64,
            _ => 1,
        })?;
        match value {
            Value::Array(items) => items.iter().try_for_each(|item| self.weigh_at(item, depth + 1)),
            Value::Object(members) => {
                members.values().try_for_each(|item| self.weigh_at(item, depth + 1))
            }
            _ => Ok(()),
        }
    }

    /// The value of an operand; null where there is none.
    pub fn operand(&self, operands: &'a [Node], index: usize) -> Evaluated<'a> {
        operands.get(index).map_or(Ok(&Value::Null), |node| self.value(node))
    }

    pub fn value(&self, node: &'a Node) -> Evaluated<'a> {
        self.spend(1)?;
        match node {
            Node::Literal(value) => Ok(value),
            Node::Path { text, .. } => Ok(self.keep(text.as_str().into())),
            Node::List(nodes) => {
                let mut items = Vec::new();
                for node in nodes {
                    items.push(self.copy(self.value(node)?)?);
                }
                Ok(self.keep(items.into()))
            }
            Node::Matches(operands, pattern) => {
                let text = self.text(self.operand(operands, 0)?)?;
                Ok(truth_value(!text.trim().is_empty() && pattern.matches(text)))
            }
            Node::Call(op, operands) => self.call(*op, operands),
        }
    }

    fn call(&self, op: Op, operands: &'a [Node]) -> Evaluated<'a> {
        match op {
            Op::Var => self.var(operands),
            Op::If => self.choose(operands),
            Op::And | Op::Or => self.first(operands, op == Op::Or),
            Op::Log => self.operand(operands, 0),
            Op::Filter | Op::Map | Op::Reduce | Op::All | Op::None | Op::Some => {
                self.over_elements(op, operands)
            }
            Op::Missing | Op::MissingSome => self.missing(op, operands),
            Op::Equal | Op::NotEqual | Op::StrictEqual | Op::StrictNotEqual => {
                self.compare(op, operands)
            }
            Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
                self.in_order(op, operands)
            }
            Op::Not => Ok(truth_value(!truth(self.operand(operands, 0)?))),
            Op::Truthy => Ok(truth_value(truth(self.operand(operands, 0)?))),
            Op::Merge => self.merge(operands),
            Op::In => self.is_in(operands),
            Op::Cat => self.cat(operands),
            Op::Substr => self.part(operands),
            Op::Today => Ok(match self.data.today {
                Some(today) => self.keep(today.to_string().into()),
                None => &Value::Null,
            }),
            Op::Count => Ok(self.keep(self.count(operands)?.into())),
            Op::YearsBetween => Ok(self.keep(self.years_between(operands)?)),
            Op::DaysBetween => Ok(self.keep(self.days_between(operands)?)),
            // `matches` was read as a node of its own.
            Op::Add
            | Op::Subtract
            | Op::Multiply
            | Op::Divide
            | Op::Remainder
            | Op::Max
            | Op::Min
            | Op::Sum
            | Op::Round
            | Op::Matches => Ok(match self.number(op, operands)? {
                Some(number) => self.keep(number.to_value()),
                None => &Value::Null,
            }),
        }
    }

    /// What a path leads to.
    fn look(&self, path: &str, scope: usize) -> Evaluated<'a> {
        Ok(match self.element {
            Some(Element::One(value)) => walk(value, path),
            Some(Element::Reduced(current, accumulator)) => {
                let first = first_segment(path);
                let value = match first {
                    "current" => current,
                    "accumulator" => accumulator,
                    "" => return self.both(current, accumulator),
                    _ => return Ok(&Value::Null),
                };
                walk(value, path.get(first.len() + 1..).unwrap_or_default())
            }
            None => self.data.scopes.get(scope).map_or(&Value::Null, |value| walk(value, path)),
        })
    }

    fn both(&self, current: &Value, accumulator: &Value) -> Evaluated<'a> {
        let mut both = Map::new();
        for (name, value) in [("current", current), ("accumulator", accumulator)] {
            both.insert(name.to_owned(), self.copy(value)?);
        }
        Ok(self.keep(Value::Object(both)))
    }

    /// What a path leads to that was worked out.
    fn look_up(&self, path: &Value) -> Evaluated<'a> {
        match path {
            Value::String(path) => self.look(path, 0),
            Value::Number(place) => self.look(&decimal::write(place), 0),
            Value::Null => self.look("", 0),
            Value::Array(items) if items.is_empty() => self.look("", 0),
            _ => Ok(&Value::Null),
        }
    }

    fn var(&self, operands: &'a [Node]) -> Evaluated<'a> {
        let found = match operands.first() {
            Some(Node::Path { text, scope }) => self.look(text, *scope)?,
            _ => self.look_up(self.operand(operands, 0)?)?,
        };
        if found.is_null() && operands.len() > 1 { self.operand(operands, 1) } else { Ok(found) }
    }

    fn choose(&self, operands: &'a [Node]) -> Evaluated<'a> {
        let mut index = 0;
        while index + 1 < operands.len() {
            if truth(self.operand(operands, index)?) {
                return self.operand(operands, index + 1);
            }
            index += 2;
        }
        self.operand(operands, index)
    }

    /// The first operand of this truth, else the last.
    fn first(&self, operands: &'a [Node], wanted: bool) -> Evaluated<'a> {
        let mut last = &Value::Null;
        for node in operands {
            last = self.value(node)?;
            if truth(last) == wanted {
                break;
            }
        }
        Ok(last)
    }

    /// The paths among the operands that lead to nothing; with `missing_some`, none of them if
    /// enough do lead somewhere. A list stands for its elements.
    fn missing(&self, op: Op, operands: &'a [Node]) -> Evaluated<'a> {
        let (mut paths, mut wanted) = (operands, i64::MAX);
        if op == Op::MissingSome {
            wanted = values::number(self.operand(operands, 0)?).map_or(0, Decimal::truncated);
            paths = operands.get(1..).unwrap_or_default();
        }
        let mut absent = Vec::new();
        let listed = self.absent(paths, &mut absent)?;
        if (listed - absent.len()) as i64 >= wanted {
            absent.clear();
        }
        Ok(self.keep(absent.into()))
    }

    /// How many paths there are; those that lead to nothing are added.
    fn absent(&self, paths: &'a [Node], absent: &mut Vec<Value>) -> Result<usize, RuleError> {
        let mut listed = 0;
        for node in paths {
            listed += match node {
                Node::Path { text, scope } => {
                    self.spend(1)?;
                    if is_missing(self.look(text, *scope)?) {
                        absent.push(text.as_str().into());
                    }
                    1
                }
                Node::List(nodes) => self.absent(nodes, absent)?,
                worked_out => self.absent_values(self.value(worked_out)?, absent)?,
            };
        }
        Ok(listed)
    }

    fn absent_values(&self, paths: &Value, absent: &mut Vec<Value>) -> Result<usize, RuleError> {
        for path in elements(paths) {
            self.spend(1)?;
            if is_missing(self.look_up(path)?) {
                absent.push(self.copy(path)?);
            }
        }
        Ok(elements(paths).len())
    }
}

fn is_missing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}
