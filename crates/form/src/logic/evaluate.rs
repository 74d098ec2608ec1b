//! Evaluating the tree. Values are borrowed from the rule and the data as far as they go, so that
//! a rule over rows copies none of them.
//!
//! Every step is counted and so is every copy, because a definition may hold a rule that doubles a
//! list with each element; what a rule builds is also kept from growing too deep to be dropped.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::operators::Op;
use super::read::Node;
use super::references::first_segment;
use super::values::{self, elements, truth, walk};
use super::{Data, RuleError};
use crate::decimal::{self, Decimal};

/// Values that are copied may not be deeper than this.
const MOST_DEPTH: usize = 256;

pub(super) type Evaluated<'a> = Result<Cow<'a, Value>, RuleError>;

/// Where evaluation stands: the data, and the element that a body is evaluated for.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    data: &'a Data<'a>,
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

impl<'a> At<'a> {
    pub fn start(data: &'a Data<'a>) -> Self {
        Self { data, element: None }
    }

    /// The same, for an element of a list.
    pub fn element<'b>(self, element: Element<'b>) -> At<'b>
    where
        'a: 'b,
    {
        At { data: self.data, element: Some(element) }
    }

    /// Notes that something that is compared or calculated with is blank.
    pub fn note_blank(self, value: &Value) {
        if let (true, Some(met)) = (values::is_blank(value), self.data.met_blank) {
            met.set(true);
        }
    }

    /// Takes so many steps.
    pub fn spend(self, steps: usize) -> Result<(), RuleError> {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        let left = self.data.steps.get().checked_sub(steps);
        self.data.steps.set(left.unwrap_or_default());
        left.map(|_| ()).ok_or(RuleError::TooManySteps)
    }

    /// Takes the steps for reading or copying a text.
    pub fn spend_text(self, text: &str) -> Result<(), RuleError> {
        self.spend(text.len() / 64)
    }

    /// The value as one's own. A copy costs what is copied.
    pub fn own(self, value: Cow<Value>) -> Result<Value, RuleError> {
        if let Cow::Borrowed(value) = &value {
            self.weigh(value, MOST_DEPTH)?;
        }
        Ok(value.into_owned())
    }

    fn weigh(self, value: &Value, depth: usize) -> Result<(), RuleError> {
        self.spend(1)?;
        let Some(depth) = depth.checked_sub(1) else { return Err(RuleError::TooManySteps) };
        match value {
            Value::String(text) => self.spend_text(text),
            Value::Array(items) => items.iter().try_for_each(|item| self.weigh(item, depth)),
            Value::Object(members) => members.iter().try_for_each(|(name, item)| {
                self.spend_text(name)?;
                self.weigh(item, depth)
            }),
            _ => Ok(()),
        }
    }

    /// The value of an operand; null where there is none.
    pub fn operand(self, operands: &'a [Node], index: usize) -> Evaluated<'a> {
        operands.get(index).map_or(Ok(Cow::Owned(Value::Null)), |node| self.value(node))
    }

    pub fn value(self, node: &'a Node) -> Evaluated<'a> {
        self.spend(1)?;
        match node {
            Node::Literal(value) => Ok(Cow::Borrowed(value)),
            Node::Path { text, .. } => Ok(Cow::Owned(Value::String(text.clone()))),
            Node::List(nodes) => {
                let mut items = Vec::new();
                for node in nodes {
                    items.push(self.own(self.value(node)?)?);
                }
                Ok(Cow::Owned(Value::Array(items)))
            }
            Node::Matches(text, pattern) => {
                let text = self.value(text)?;
                let text = self.text(&text)?;
                let matches = !text.trim().is_empty() && pattern.matches(&text);
                Ok(Cow::Owned(Value::Bool(matches)))
            }
            Node::Call(op, operands) => self.call(*op, operands),
        }
    }

    fn call(self, op: Op, operands: &'a [Node]) -> Evaluated<'a> {
        let value = match op {
            Op::Var => return self.var(operands),
            Op::If => return self.choose(operands),
            Op::And | Op::Or => return self.first(operands, op == Op::Or),
            Op::Log => return self.operand(operands, 0),
            Op::Filter | Op::Map | Op::Reduce | Op::All | Op::None | Op::Some => {
                return self.over_elements(op, operands);
            }
            Op::Missing => self.missing(operands)?.into(),
            Op::MissingSome => self.missing_some(operands)?.into(),
            Op::Equal | Op::NotEqual | Op::StrictEqual | Op::StrictNotEqual => {
                let (a, b) = (self.operand(operands, 0)?, self.operand(operands, 1)?);
                // Where the rule itself names a blank, it is about blanks.
                let is_named =
                    |node: &Node| matches!(node, Node::Literal(value) if values::is_blank(value));
                if !operands.iter().any(is_named) {
                    self.note_blank(&a);
                    self.note_blank(&b);
                }
                Value::Bool(self.compare(op, &a, &b)?)
            }
            Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => {
                Value::Bool(self.in_order(op, operands)?)
            }
            Op::Not => Value::Bool(!truth(&*self.operand(operands, 0)?)),
            Op::Truthy => Value::Bool(truth(&*self.operand(operands, 0)?)),
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder => {
                number_value(self.reckon(op, operands)?)
            }
            Op::Max | Op::Min => number_value(self.extreme(op, operands)?),
            Op::Sum => number_value(self.sum(operands)?),
            Op::Count => self.count(operands)?.into(),
            Op::Round => number_value(self.round(operands)?),
            Op::Merge => self.merge(operands)?.into(),
            Op::In => Value::Bool(self.is_in(operands)?),
            Op::Cat => self.cat(operands)?.into(),
            Op::Substr => self.part(operands)?.into(),
            Op::Today => self.data.today.map_or(Value::Null, |today| today.to_string().into()),
            Op::YearsBetween => self.years_between(operands)?,
            // Read as a node of its own.
            Op::Matches => Value::Null,
        };
        Ok(Cow::Owned(value))
    }

    /// What a path leads to.
    fn look(self, path: &str, scope: usize) -> Evaluated<'a> {
        let value = match self.element {
            Some(Element::One(value)) => value,
            Some(Element::Reduced(current, accumulator)) => {
                let first = first_segment(path);
                let value = match first {
                    "current" => current,
                    "accumulator" => accumulator,
                    "" => return self.both(current, accumulator),
                    _ => return Ok(Cow::Owned(Value::Null)),
                };
                return Ok(Cow::Borrowed(walk(value, path.get(first.len() + 1..).unwrap_or(""))));
            }
            None => match self.data.scopes.get(scope) {
                Some(value) => *value,
                None => return Ok(Cow::Owned(Value::Null)),
            },
        };
        Ok(Cow::Borrowed(walk(value, path)))
    }

    fn both(self, current: &Value, accumulator: &Value) -> Evaluated<'a> {
        let mut both = Map::new();
        for (name, value) in [("current", current), ("accumulator", accumulator)] {
            both.insert(name.to_owned(), self.own(Cow::Borrowed(value))?);
        }
        Ok(Cow::Owned(Value::Object(both)))
    }

    /// What a path leads to that was worked out.
    fn look_up(self, path: &Value) -> Evaluated<'a> {
        match path {
            Value::String(path) => self.look(path, 0),
            Value::Number(place) => self.look(&decimal::write(place), 0),
            Value::Null => self.look("", 0),
            Value::Array(items) if items.is_empty() => self.look("", 0),
            _ => Ok(Cow::Owned(Value::Null)),
        }
    }

    fn var(self, operands: &'a [Node]) -> Evaluated<'a> {
        let found = match operands.first() {
            Some(Node::Path { text, scope }) => self.look(text, *scope)?,
            _ => self.look_up(&*self.operand(operands, 0)?)?,
        };
        if found.is_null() && operands.len() > 1 { self.operand(operands, 1) } else { Ok(found) }
    }

    fn choose(self, operands: &'a [Node]) -> Evaluated<'a> {
        let mut index = 0;
        while index + 1 < operands.len() {
            if truth(&*self.operand(operands, index)?) {
                return self.operand(operands, index + 1);
            }
            index += 2;
        }
        self.operand(operands, index)
    }

    /// The first operand of this truth, else the last.
    fn first(self, operands: &'a [Node], wanted: bool) -> Evaluated<'a> {
        let mut last = Cow::Owned(Value::Null);
        for node in operands {
            last = self.value(node)?;
            if truth(&last) == wanted {
                break;
            }
        }
        Ok(last)
    }

    /// The paths among the operands that lead to nothing. A list stands for its elements.
    fn missing(self, operands: &'a [Node]) -> Result<Vec<Value>, RuleError> {
        let mut absent = Vec::new();
        self.absent(operands, &mut absent)?;
        Ok(absent)
    }

    fn missing_some(self, operands: &'a [Node]) -> Result<Vec<Value>, RuleError> {
        let wanted = self.operand(operands, 0)?;
        let wanted = values::number(&wanted).map_or(0, Decimal::truncated);
        let mut absent = Vec::new();
        let listed = self.absent(operands.get(1..).unwrap_or_default(), &mut absent)?;
        let enough = (listed - absent.len()) as i64 >= wanted;
        Ok(if enough { Vec::new() } else { absent })
    }

    /// How many paths there are; those that lead to nothing are added.
    fn absent(self, paths: &'a [Node], absent: &mut Vec<Value>) -> Result<usize, RuleError> {
        let mut listed = 0;
        for node in paths {
            listed += match node {
                Node::Path { text, scope } => {
                    self.spend(1)?;
                    if is_missing(&*self.look(text, *scope)?) {
                        absent.push(Value::String(text.clone()));
                    }
                    1
                }
                Node::List(nodes) => self.absent(nodes, absent)?,
                worked_out => self.absent_values(&*self.value(worked_out)?, absent)?,
            };
        }
        Ok(listed)
    }

    fn absent_values(self, paths: &Value, absent: &mut Vec<Value>) -> Result<usize, RuleError> {
        for path in elements(paths) {
            self.spend(1)?;
            if is_missing(&*self.look_up(path)?) {
                absent.push(self.own(Cow::Borrowed(path))?);
            }
        }
        Ok(elements(paths).len())
    }
}

fn is_missing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn number_value(number: Option<Decimal>) -> Value {
    number.map_or(Value::Null, Decimal::to_value)
}
