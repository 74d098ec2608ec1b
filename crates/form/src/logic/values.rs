//! What values count as, how they compare, and where a path leads in them.

use std::cmp::Ordering;

use serde_json::Value;

use crate::decimal::{self, Decimal};

/// JSONLogic's truth: an empty array is false, `"0"` is true.
pub(super) fn truth(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(_) => true,
    }
}

/// Nothing was answered: null, or text without anything in it.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The number to reckon with; none for a blank, words, a list and an object.
pub(super) fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Bool(true) => Some(Decimal::ONE),
        Value::Bool(false) => Some(Decimal::ZERO),
        Value::Number(number) => Some(Decimal::from_number(number)),
        Value::String(text) => Decimal::parse(text.trim()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The number to compare by, as JavaScript has it: a blank is zero.
fn comparable(value: &Value) -> Option<Decimal> {
    if is_blank(value) { Some(Decimal::ZERO) } else { number(value) }
}

pub(super) fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => Some(comparable(a)?.cmp(&comparable(b)?)),
    }
}

/// JavaScript's `===`, except that lists and objects are equal if what they hold is.
pub(super) fn strictly_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Decimal::from_number(a) == Decimal::from_number(b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| strictly_equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same =
                |(name, a): (&String, &Value)| b.get(name).is_some_and(|b| strictly_equal(a, b));
            a.len() == b.len() && a.iter().all(same)
        }
        _ => a == b,
    }
}

/// JavaScript's `==`: null equals null only, else numbers, booleans and text compare as numbers.
pub(super) fn loosely_equal(a: &Value, b: &Value) -> bool {
    use Value::{Bool, Number, String};
    match (a, b) {
        (Bool(_) | Number(_), Bool(_) | Number(_) | String(_))
        | (String(_), Bool(_) | Number(_)) => {
            matches!((comparable(a), comparable(b)), (Some(a), Some(b)) if a == b)
        }
        _ => strictly_equal(a, b),
    }
}

/// Where a path leads: `plots.0.area` through objects and arrays, the empty path to the value
/// itself. Null where it leads nowhere.
pub(super) fn walk<'a>(from: &'a Value, path: &str) -> &'a Value {
    if path.is_empty() {
        return from;
    }
    path.split('.').fold(from, |value, step| {
        let next = match value {
            Value::Object(members) => members.get(step),
            Value::Array(items) => place(step).and_then(|place| items.get(place)),
            _ => None,
        };
        next.unwrap_or(&Value::Null)
    })
}

fn place(step: &str) -> Option<usize> {
    step.bytes().next()?.is_ascii_digit().then(|| step.parse().ok())?
}

/// The value as text, added to `out`, as JavaScript joins it; an object has no text.
pub(super) fn text_to(out: &mut String, value: &Value) {
    match value {
        Value::Null | Value::Object(_) => {}
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&decimal::write(number)),
        Value::String(text) => out.push_str(text),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                text_to(out, item);
            }
        }
    }
}

/// The elements of a list; a single value is a list of itself, null an empty one.
pub(super) fn elements(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        Value::Null => &[],
        single => std::slice::from_ref(single),
    }
}
