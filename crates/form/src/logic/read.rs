//! A rule's JSON into a tree.

use serde_json::Value;

use super::operators::{OPERATORS, Op};
use crate::Pattern;
use crate::{DefinitionError, decimal, limits, reader};

const PLACES: std::ops::RangeInclusive<i64> = -6..=10;

#[derive(Debug, Clone)]
pub(super) enum Node {
    Literal(Value),
    List(Vec<Node>),
    /// A path of `var`, `missing` or `missing_some` that is written out. `scope` is the place among
    /// the scopes that it was bound to.
    Path {
        text: String,
        scope: usize,
    },
    Call(Op, Vec<Node>),
    /// The operands of `matches`, and its pattern compiled.
    Matches(Vec<Node>, Pattern),
}

type Result<T> = std::result::Result<T, DefinitionError>;

pub(super) fn read(json: &Value) -> Result<Node> {
    read_at(json, 1)
}

fn read_at(json: &Value, depth: usize) -> Result<Node> {
    // Deeper rules are refused, so that evaluating one never runs out of stack.
    if depth > limits::RULE_DEPTH {
        return Err(DefinitionError::new("expected a rule that is at most 64 deep"));
    }
    match json {
        Value::Array(items) => read_all(items, depth + 1).map(Node::List),
        Value::Object(members) => {
            let mut members = members.iter();
            let (Some((name, operands)), None) = (members.next(), members.next()) else {
                return Err(DefinitionError::new("expected a rule: an object with one operator"));
            };
            call(name, operands, depth).map_err(|error| error.under(name))
        }
        literal => Ok(Node::Literal(literal.clone())),
    }
}

fn read_all(items: &[Value], depth: usize) -> Result<Vec<Node>> {
    let mut nodes = Vec::new();
    for (index, item) in items.iter().enumerate() {
        nodes.push(read_at(item, depth).map_err(|error| error.under_index(index))?);
    }
    Ok(nodes)
}

fn call(name: &str, operands: &Value, depth: usize) -> Result<Node> {
    let Some((_, op)) = OPERATORS.iter().find(|(known, _)| *known == name) else {
        let known = OPERATORS.map(|(known, _)| known);
        return Err(reader::one_of("unknown operator", name, &known));
    };
    let mut nodes = match operands {
        Value::Array(items) => read_all(items, depth + 1)?,
        single => vec![read_at(single, depth + 1)?],
    };
    match op {
        Op::Var => {
            if nodes.is_empty() {
                nodes.push(Node::Literal(Value::Null));
            }
            make_path(&mut nodes[0]);
            Ok(Node::Call(*op, nodes))
        }
        Op::Missing | Op::MissingSome => {
            let first = usize::from(*op == Op::MissingSome);
            nodes.iter_mut().skip(first).for_each(make_paths);
            Ok(Node::Call(*op, nodes))
        }
        Op::Matches => matches(nodes),
        Op::Round => {
            // Places that are worked out are looked at then.
            if let Some(Node::Literal(places)) = nodes.get(1)
                && !places.as_i64().is_some_and(|places| PLACES.contains(&places))
            {
                let words = "expected a whole number from -6 to 10";
                return Err(DefinitionError::new(words).under_index(1));
            }
            Ok(Node::Call(*op, nodes))
        }
        _ => Ok(Node::Call(*op, nodes)),
    }
}

/// The operand of `var`: nothing and an empty list are the whole of the scope.
fn make_path(node: &mut Node) {
    let text = match node {
        Node::Literal(Value::String(text)) => std::mem::take(text),
        Node::Literal(Value::Null) => String::new(),
        Node::Literal(Value::Number(place)) => decimal::write(place),
        Node::List(nodes) if nodes.is_empty() => String::new(),
        _ => return,
    };
    *node = Node::Path { text, scope: 0 };
}

/// An operand of `missing`: a path or a list of paths.
fn make_paths(node: &mut Node) {
    match node {
        Node::Literal(Value::String(_)) => make_path(node),
        Node::List(nodes) => nodes.iter_mut().for_each(make_paths),
        _ => {}
    }
}

fn matches(mut nodes: Vec<Node>) -> Result<Node> {
    let pattern = match nodes.as_mut_slice() {
        [_, Node::Literal(pattern)] => Pattern::from_value(pattern.take()),
        _ => Err(DefinitionError::new("expected a text, then a pattern that is written out")),
    };
    match pattern {
        Ok(pattern) => Ok(Node::Matches(nodes, pattern)),
        Err(error) => Err(error.under_index(1)),
    }
}
