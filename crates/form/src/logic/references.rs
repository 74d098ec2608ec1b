//! What a rule reads: its paths, as far as they are written out, and the scopes they are bound to.

use serde_json::Value;

use super::operators::Op;
use super::read::Node;
use crate::DefinitionError;

/// Something that a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read<'a> {
    /// The path, as it stands in the rule; empty for the whole of the scope.
    pub path: &'a str,
    /// The only member of each row that is read: `area` of `{"sum": [{"var": "plots"}, "area"]}`.
    pub member: Option<&'a str>,
}

/// `land` of `land.area`.
pub(crate) fn first_segment(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}

/// The column that `sum` and `count` go through: a text that is the second of two operands.
pub(super) fn column(operands: &[Node]) -> Option<(&Node, &str)> {
    match operands {
        [rows, Node::Literal(Value::String(member))] => Some((rows, member)),
        _ => None,
    }
}

/// The operands without the body, which sees an element only.
fn outside(op: Op, operands: &[Node]) -> impl Iterator<Item = &Node> {
    let body = if op.has_body() { 1 } else { usize::MAX };
    operands.iter().enumerate().filter(move |(index, _)| *index != body).map(|(_, node)| node)
}

pub(super) fn collect<'a>(node: &'a Node, reads: &mut Vec<Read<'a>>) {
    match node {
        Node::Literal(_) => {}
        Node::Path { text, .. } => reads.push(Read { path: text, member: None }),
        Node::List(nodes) | Node::Matches(nodes, _) => {
            nodes.iter().for_each(|node| collect(node, reads));
        }
        Node::Call(op, operands) => {
            if matches!(op, Op::Sum | Op::Count)
                && let Some((Node::Call(Op::Var, var), member)) = column(operands)
                && let Some(Node::Path { text, .. }) = var.first()
            {
                reads.push(Read { path: text, member: Some(member) });
                return var[1..].iter().for_each(|node| collect(node, reads));
            }
            outside(*op, operands).for_each(|node| collect(node, reads));
        }
    }
}

pub(super) fn has_unknown(node: &Node) -> bool {
    match node {
        Node::Literal(_) | Node::Path { .. } => false,
        Node::List(nodes) | Node::Matches(nodes, _) => nodes.iter().any(has_unknown),
        Node::Call(op, operands) => {
            let paths = match op {
                Op::Var => operands.get(..1),
                Op::Missing => Some(&operands[..]),
                Op::MissingSome => operands.get(1..),
                _ => None,
            };
            paths.is_some_and(|paths| paths.iter().any(is_worked_out))
                || outside(*op, operands).any(has_unknown)
        }
    }
}

/// Whether a path, or one in a list of paths, is only known when the rule is evaluated.
fn is_worked_out(path: &Node) -> bool {
    match path {
        Node::Literal(_) | Node::Path { .. } => false,
        Node::List(nodes) => nodes.iter().any(is_worked_out),
        Node::Call(..) | Node::Matches(..) => true,
    }
}

type Scope<'a> = &'a mut dyn FnMut(&str) -> Result<usize, DefinitionError>;

/// `json` is what the node was read from: the place of an error is found in it.
pub(super) fn bind(node: &mut Node, json: &Value, scope: Scope) -> Result<(), DefinitionError> {
    match node {
        Node::Literal(_) => Ok(()),
        Node::Path { text, scope: bound } => {
            *bound = scope(text)?;
            Ok(())
        }
        Node::List(nodes) => bind_all(nodes, json, usize::MAX, scope),
        Node::Matches(operands, _) => bind_operands(operands, json, usize::MAX, scope),
        Node::Call(op, operands) => {
            let body = if op.has_body() { 1 } else { usize::MAX };
            bind_operands(operands, json, body, scope)
        }
    }
}

fn bind_operands(
    nodes: &mut [Node],
    json: &Value,
    body: usize,
    scope: Scope,
) -> Result<(), DefinitionError> {
    let call = json.as_object().and_then(|members| members.iter().next());
    let Some((name, operands)) = call else { return Ok(()) };
    bind_all(nodes, operands, body, scope).map_err(|error| error.under(name))
}

/// All nodes but the body. A single operand may stand without a list around it.
fn bind_all(
    nodes: &mut [Node],
    json: &Value,
    body: usize,
    scope: Scope,
) -> Result<(), DefinitionError> {
    for (index, node) in nodes.iter_mut().enumerate().filter(|(index, _)| *index != body) {
        match json {
            Value::Array(items) => {
                let item = items.get(index).unwrap_or(&Value::Null);
                bind(node, item, scope).map_err(|error| error.under_index(index))?;
            }
            single => bind(node, single, scope)?,
        }
    }
    Ok(())
}
