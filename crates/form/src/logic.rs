//! Conditions in JSONLogic (jsonlogic.com): read once into a tree, evaluated often.
//!
//! Here are the operators that a condition needs: `var`, `missing`, `missing_some`, `if`, the
//! comparisons, the boolean operators and `in`. An unknown operator is an error of the definition,
//! not a surprise while a citizen types. Values compare as they do in JavaScript, as the notation
//! lays down.

use std::cmp::Ordering;

use serde_json::Value;

use crate::decimal;
use crate::{DefinitionError, reader};

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule(Node);

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Literal(Value),
    List(Vec<Node>),
    Call(Op, Vec<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Var,
    Missing,
    MissingSome,
    If,
    Equal,
    StrictEqual,
    NotEqual,
    StrictNotEqual,
    Not,
    Truthy,
    And,
    Or,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

const OPERATORS: [(&str, Op); 18] = [
    ("var", Op::Var),
    ("missing", Op::Missing),
    ("missing_some", Op::MissingSome),
    ("if", Op::If),
    ("?:", Op::If),
    ("==", Op::Equal),
    ("===", Op::StrictEqual),
    ("!=", Op::NotEqual),
    ("!==", Op::StrictNotEqual),
    ("!", Op::Not),
    ("!!", Op::Truthy),
    ("and", Op::And),
    ("or", Op::Or),
    ("<", Op::Less),
    ("<=", Op::LessOrEqual),
    (">", Op::Greater),
    (">=", Op::GreaterOrEqual),
    ("in", Op::In),
];

/// Looks up a variable by its path (`field` or `field.member`); `Null` where there is no answer.
pub type Vars<'a> = &'a dyn Fn(&str) -> Value;

impl Rule {
    /// Reads a rule from its JSON; the error says where in it what was expected.
    pub fn from_value(value: Value) -> Result<Self, DefinitionError> {
        if value.is_null() {
            return Err(reader::mismatch("a rule, as { \"var\": \"name\" }", &value));
        }
        read(value).map(Self)
    }

    /// The value of the rule.
    pub fn evaluate(&self, vars: Vars) -> Value {
        evaluate(&self.0, vars)
    }

    /// Whether the value of the rule counts as true.
    pub fn holds(&self, vars: Vars) -> bool {
        truthy(&self.evaluate(vars))
    }

    /// The ids of the fields that the rule reads, as far as they are written out in it.
    pub fn reads(&self) -> Vec<&str> {
        let mut ids = Vec::new();
        collect(&self.0, &mut ids);
        ids
    }
}

#[cfg(feature = "tools")]
impl schemars::JsonSchema for Rule {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rule".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A rule in JSONLogic: an object with one operator, or a plain value",
            "not": { "type": "null" }
        })
    }
}

fn read(value: Value) -> Result<Node, DefinitionError> {
    match value {
        Value::Array(items) => read_all(items).map(Node::List),
        Value::Object(members) => {
            let mut members = members.into_iter();
            let (Some((name, arguments)), None) = (members.next(), members.next()) else {
                return Err(DefinitionError::new("expected a rule: an object with one operator"));
            };
            let Some((_, op)) = OPERATORS.iter().find(|(known, _)| *known == name) else {
                let known = OPERATORS.map(|(known, _)| known);
                return Err(reader::one_of("unknown operator", &name, &known).under(&name));
            };
            let arguments = match arguments {
                Value::Array(items) => read_all(items),
                single => read(single).map(|node| vec![node]),
            };
            match arguments {
                Ok(arguments) => Ok(Node::Call(*op, arguments)),
                Err(error) => Err(error.under(&name)),
            }
        }
        literal => Ok(Node::Literal(literal)),
    }
}

fn read_all(items: Vec<Value>) -> Result<Vec<Node>, DefinitionError> {
    let mut nodes = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        nodes.push(read(item).map_err(|error| error.under_index(index))?);
    }
    Ok(nodes)
}

fn collect<'a>(node: &'a Node, ids: &mut Vec<&'a str>) {
    match node {
        Node::Literal(_) => {}
        Node::List(nodes) => nodes.iter().for_each(|node| collect(node, ids)),
        Node::Call(Op::Var, arguments) => {
            if let Some(Node::Literal(Value::String(path))) = arguments.first() {
                ids.push(first_segment(path));
            }
            arguments.iter().skip(1).for_each(|node| collect(node, ids));
        }
        Node::Call(op, arguments) => {
            if matches!(op, Op::Missing | Op::MissingSome) {
                names(arguments, ids);
            }
            arguments.iter().for_each(|node| collect(node, ids));
        }
    }
}

fn names<'a>(nodes: &'a [Node], ids: &mut Vec<&'a str>) {
    for node in nodes {
        match node {
            Node::Literal(Value::String(path)) => ids.push(first_segment(path)),
            Node::List(nodes) => names(nodes, ids),
            _ => {}
        }
    }
}

/// `land` of `land.area`.
pub(crate) fn first_segment(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}

fn evaluate(node: &Node, vars: Vars) -> Value {
    let (op, arguments) = match node {
        Node::Literal(value) => return value.clone(),
        Node::List(nodes) => return nodes.iter().map(|node| evaluate(node, vars)).collect(),
        Node::Call(op, arguments) => (*op, arguments.as_slice()),
    };
    let argument =
        |index: usize| arguments.get(index).map_or(Value::Null, |node| evaluate(node, vars));
    let compare = |test: fn(Ordering) -> bool| {
        let holds = |a: Value, b: Value| order(&a, &b).is_some_and(test);
        Value::Bool(match arguments.len() {
            0 | 1 => false,
            2 => holds(argument(0), argument(1)),
            // «Between» is for `<` and `<=`; the notation leaves it undefined for the others.
            _ => holds(argument(0), argument(1)) && holds(argument(1), argument(2)),
        })
    };
    match op {
        Op::Var => match (var(&argument(0), vars), arguments.len()) {
            (Value::Null, 2..) => argument(1),
            (value, _) => value,
        },
        Op::Missing => missing(&flat(arguments, vars), vars).into(),
        Op::MissingSome => {
            let wanted = to_number(&argument(0)).unwrap_or_default();
            let listed = match argument(1) {
                Value::Array(items) => items,
                other => vec![other],
            };
            let absent = missing(&listed, vars);
            if (listed.len() - absent.len()) as f64 >= wanted {
                Value::Array(Vec::new())
            } else {
                absent.into()
            }
        }
        Op::If => {
            let mut index = 0;
            while index + 1 < arguments.len() {
                if truthy(&argument(index)) {
                    return argument(index + 1);
                }
                index += 2;
            }
            argument(index)
        }
        Op::Equal => Value::Bool(loosely_equal(&argument(0), &argument(1))),
        Op::NotEqual => Value::Bool(!loosely_equal(&argument(0), &argument(1))),
        Op::StrictEqual => Value::Bool(strictly_equal(&argument(0), &argument(1))),
        Op::StrictNotEqual => Value::Bool(!strictly_equal(&argument(0), &argument(1))),
        Op::Not => Value::Bool(!truthy(&argument(0))),
        Op::Truthy => Value::Bool(truthy(&argument(0))),
        Op::And | Op::Or => {
            let mut last = Value::Null;
            for index in 0..arguments.len() {
                last = argument(index);
                if truthy(&last) == (op == Op::Or) {
                    break;
                }
            }
            last
        }
        Op::Less => compare(Ordering::is_lt),
        Op::LessOrEqual => compare(Ordering::is_le),
        Op::Greater => compare(Ordering::is_gt),
        Op::GreaterOrEqual => compare(Ordering::is_ge),
        Op::In => Value::Bool(match (argument(0), argument(1)) {
            (needle, Value::Array(items)) => items.iter().any(|item| strictly_equal(item, &needle)),
            (Value::String(needle), Value::String(text)) => text.contains(&needle),
            _ => false,
        }),
    }
}

/// The arguments' values; one array among them stands for its elements.
fn flat(arguments: &[Node], vars: Vars) -> Vec<Value> {
    let mut values: Vec<Value> = arguments.iter().map(|node| evaluate(node, vars)).collect();
    match values.as_mut_slice() {
        [Value::Array(items)] | [Value::Array(items), ..] => std::mem::take(items),
        _ => values,
    }
}

fn missing(paths: &[Value], vars: Vars) -> Vec<Value> {
    let absent = |path: &&Value| match var(path, vars) {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    paths.iter().filter(absent).cloned().collect()
}

fn var(path: &Value, vars: Vars) -> Value {
    match path {
        Value::String(path) => vars(path),
        Value::Number(index) => vars(&decimal::write(index)),
        _ => vars(""),
    }
}

/// JSONLogic's truth: an empty array is false, `"0"` is true.
pub(crate) fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(_) => true,
    }
}

/// JavaScript's `Number(value)` for plain values; none where it would be NaN.
fn to_number(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(0.0),
        Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.trim().is_empty() => Some(0.0),
        Value::String(text) => decimal::parse(text.trim())?.as_f64(),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => to_number(a)?.partial_cmp(&to_number(b)?),
    }
}

fn strictly_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

/// JavaScript's `==`: null equals null only, else numbers, booleans and text compare as numbers.
fn loosely_equal(a: &Value, b: &Value) -> bool {
    use Value::{Bool, Null, Number, String};
    match (a, b) {
        (Null, _) | (_, Null) => a == b,
        (String(_), String(_)) => a == b,
        (Bool(_) | Number(_) | String(_), Bool(_) | Number(_) | String(_)) => {
            matches!((to_number(a), to_number(b)), (Some(a), Some(b)) if a == b)
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn run(rule: Value, data: Value) -> Value {
        let vars = |path: &str| {
            if path.is_empty() {
                return data.clone();
            }
            data.pointer(&format!("/{}", path.replace('.', "/"))).cloned().unwrap_or_default()
        };
        Rule::from_value(rule).unwrap().evaluate(&vars)
    }

    #[test]
    fn rules_give_what_the_notation_says() {
        let data = || json!({ "a": 1, "s": "x", "list": ["p", "q"], "none": null, "o": { "i": 7 }, "e": "" });
        let cases = [
            (json!({ "==": [1, "1"] }), json!(true)),
            (json!({ "===": [1, "1"] }), json!(false)),
            (json!({ "===": [1, 1.0] }), json!(true)),
            (json!({ "==": [null, 0] }), json!(false)),
            (json!({ "!=": [1, "2"] }), json!(true)),
            (json!({ "!==": [1, 1] }), json!(false)),
            (json!({ "<": [1, { "var": "o.i" }, 10] }), json!(true)),
            (json!({ "<": [1, 1, 10] }), json!(false)),
            (json!({ ">=": ["2023-03-13", "2023-03-12"] }), json!(true)),
            (json!({ ">": [{ "var": "absent" }, 18] }), json!(false)),
            (json!({ ">": ["x", 1] }), json!(false)),
            (json!({ "and": [1, "", 3] }), json!("")),
            (json!({ "or": [0, "b"] }), json!("b")),
            (json!({ "!": [[]] }), json!(true)),
            (json!({ "!": true }), json!(false)),
            (json!({ "!!": ["0"] }), json!(true)),
            (json!({ "in": ["q", { "var": "list" }] }), json!(true)),
            (json!({ "in": ["an", "bang"] }), json!(true)),
            (json!({ "in": ["q", null] }), json!(false)),
            (json!({ "if": [false, 1, true, 2, 3] }), json!(2)),
            (json!({ "if": [false, 1, 3] }), json!(3)),
            (json!({ "if": [false, 1] }), json!(null)),
            (json!({ "?:": [true, 1, 2] }), json!(1)),
            (json!({ "var": ["absent", 5] }), json!(5)),
            (json!({ "var": "list.1" }), json!("q")),
            (json!({ "missing": ["a", "e", "absent"] }), json!(["e", "absent"])),
            (json!({ "missing_some": [1, ["a", "b"]] }), json!([])),
            (json!({ "missing_some": [2, ["a", "b"]] }), json!(["b"])),
        ];
        for (rule, result) in cases {
            assert_eq!(run(rule.clone(), data()), result, "{rule}");
        }
    }

    #[test]
    fn says_what_it_cannot_read() {
        for (rule, path, part) in [
            (json!(null), "", "found null"),
            (json!({ "equals": [1, 1] }), "/equals", "unknown operator `equals`"),
            (json!({ "==": [{ "foo": 1 }, 1] }), "/==/0/foo", "unknown operator `foo`"),
            (json!({ "!": { "a/b": 1 } }), "/!/a~1b", "unknown operator `a/b`"),
            (json!({ "in": [1, [2, { "x": 1 }]] }), "/in/1/1/x", "unknown operator `x`"),
            (json!({ "==": [1, 1], "!": 1 }), "", "one operator"),
            (json!({ "and": [1, {}] }), "/and/1", "one operator"),
        ] {
            let error = Rule::from_value(rule).unwrap_err();
            assert_eq!(error.path, path, "{error}");
            assert!(error.expected.contains(part), "{error}");
        }
    }

    #[test]
    fn names_what_it_reads() {
        let rule = json!({ "and": [{ "var": "a.b" }, { "missing": ["c", "d"] }, { "in": [1, { "var": ["e", { "var": "f" }] }] }] });
        assert_eq!(Rule::from_value(rule).unwrap().reads(), ["a", "c", "d", "e", "f"]);
    }
}
