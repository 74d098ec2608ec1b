//! Which field a name in a rule leads to, as the engine finds it, for what looks at rules rather than
//! evaluates them: the author's tools, and paper, which says in words when a question is to be
//! answered.

use serde_json::Value;

use crate::Form;
use crate::fields::Shape;

/// The containers that a rule's names are looked up in, from the innermost outwards; none is the
/// form.
pub(crate) type Scope = Vec<Option<usize>>;

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target<'a> {
    pub place: usize,
    /// What is left of the path: a part of the answer.
    pub part: Option<&'a str>,
    /// Whether the way leads through a row by its number.
    pub in_rows: bool,
}

/// The field that a path leads to, seen from a scope.
pub(crate) fn resolve<'a>(form: &Form, scope: &Scope, path: &'a str) -> Option<Target<'a>> {
    let (first, mut rest) = split(path);
    let mut place = scope.iter().find_map(|container| form.place_in(*container, first))?;
    let mut in_rows = false;
    while let Some(left) = rest {
        let (step, after) = split(left);
        match form.field(place).kind.shape() {
            Shape::Answer => return Some(Target { place, part: Some(left), in_rows }),
            Shape::Note => return None,
            Shape::Rows { .. } if step.parse::<usize>().is_ok() => (in_rows, rest) = (true, after),
            _ => {
                place = form.place_in(Some(place), step)?;
                rest = after;
            }
        }
    }
    Some(Target { place, part: None, in_rows })
}

fn split(path: &str) -> (&str, Option<&str>) {
    path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)))
}

/// The containers from a place outwards, ending with the form.
pub(crate) fn outwards(form: &Form, from: Option<usize>) -> Scope {
    let mut scope = vec![from];
    let mut at = from;
    while let Some(place) = at {
        at = form.field(place).parent;
        scope.push(at);
    }
    scope
}

/// The operator of a rule and its operands; none for a constant.
pub(crate) fn call(rule: &Value) -> Option<(&str, &[Value])> {
    let (name, operands) = rule.as_object()?.iter().next()?;
    Some((
        name,
        match operands {
            Value::Array(items) => items,
            single => std::slice::from_ref(single),
        },
    ))
}
