//! Where `datalogic-rs` and we give different values, and why. Each call of a generated rule is
//! tried by itself with what its operands come to, so that a difference is named where it arises.

use datalogic_rs::{DivisionByZeroHandling, Engine, EvaluationConfig, NanHandling};
use serde_json::{Map, Value, json};

use crate::{ours, same};

struct Difference {
    reason: &'static str,
    /// A rule on which the two do differ, with `{ "a": 1 }` for data.
    example: &'static str,
    operators: &'static [&'static str],
    /// Whether it can be the cause, by what the operands come to.
    applies: fn(&[Value]) -> bool,
}

const ARITHMETIC: &[&str] = &["+", "-", "*", "/", "%"];
const ORDER: &[&str] = &["<", "<=", ">", ">="];
const EQUALITY: &[&str] = &["==", "!="];

const KNOWN: &[Difference] = &[
    Difference {
        reason: "A blank is no number to us, so nothing can be reckoned; theirs is zero.",
        example: r#"{ "+": [1, null] }"#,
        operators: ARITHMETIC,
        applies: |operands| operands.iter().any(is_blank),
    },
    Difference {
        reason: "A list is no number to us; theirs stands for its elements, if it is alone.",
        example: r#"{ "+": [{ "merge": [1, 2] }] }"#,
        operators: ARITHMETIC,
        applies: |operands| operands.len() == 1 && operands[0].is_array(),
    },
    Difference {
        reason: "What is no number makes it null; theirs is now null and now an error.",
        example: r#"{ "-": ["x"] }"#,
        operators: ARITHMETIC,
        applies: |operands| operands.iter().any(|operand| !is_number(operand)),
    },
    Difference {
        reason: "Reckoning needs two numbers; they take one, or refuse it.",
        example: r#"{ "/": [4] }"#,
        operators: &["/", "%"],
        applies: |operands| operands.len() < 2,
    },
    Difference {
        reason: "Division by zero is null for us; theirs is an error for whole numbers.",
        example: r#"{ "/": [1, 0] }"#,
        operators: &["/", "%"],
        applies: |operands| operands[1..].iter().any(is_zero),
    },
    Difference {
        reason: "Decimal numbers have exact remainders; theirs are those of floating point.",
        example: r#"{ "%": [0.3, 0.1] }"#,
        operators: &["%"],
        applies: |operands| operands.iter().any(|operand| !is_whole(operand)),
    },
    Difference {
        reason: "`max` and `min` read text and lists and leave null out; theirs take numbers only.",
        example: r#"{ "max": [1, "3"] }"#,
        operators: &["max", "min"],
        applies: |operands| !operands.iter().all(Value::is_number),
    },
    Difference {
        reason: "Null equals nothing but null, as in JavaScript; theirs equals 0, \"\" and false.",
        example: r#"{ "==": [null, 0] }"#,
        operators: EQUALITY,
        applies: |operands| operands.iter().any(Value::is_null),
    },
    Difference {
        reason: "Objects are equal if what they hold is, for `==` as for `===`; theirs for `===`.",
        example: r#"{ "==": [{ "var": "" }, { "var": "" }] }"#,
        operators: EQUALITY,
        applies: |operands| operands.iter().all(is_list_or_object),
    },
    Difference {
        reason: "Blank text equals 0 and false and text equals a boolean as numbers do, as in \
                 JavaScript; theirs never.",
        example: r#"{ "==": [true, "1"] }"#,
        operators: EQUALITY,
        applies: |operands| {
            operands.iter().any(Value::is_string)
                && operands.iter().any(|operand| is_blank(operand) || operand.is_boolean())
        },
    },
    Difference {
        reason: "What is no number stands in no order to one; theirs is an error.",
        example: r#"{ "<": ["x", 1] }"#,
        operators: ORDER,
        applies: |operands| {
            operands.iter().any(|operand| !is_blank(operand) && !is_number(operand))
        },
    },
    Difference {
        reason: "White space counts as blank, which is zero in an order; theirs is an error.",
        example: r#"{ "<": [" ", 1] }"#,
        operators: ORDER,
        applies: |operands| operands.iter().any(|operand| operand == " "),
    },
    Difference {
        reason: "One operand is in no order; theirs is an error.",
        example: r#"{ "<": [1] }"#,
        operators: ORDER,
        applies: |operands| operands.len() < 2,
    },
    Difference {
        reason: "Lists are joined with commas, as in JavaScript, and objects have no text.",
        example: r#"{ "cat": [[1, [2]]] }"#,
        operators: &["cat", "substr"],
        applies: |operands| operands.iter().any(is_list_or_object),
    },
    Difference {
        reason: "A whole number is written as one, as in JavaScript.",
        example: r#"{ "cat": [5.0] }"#,
        operators: &["cat", "substr"],
        applies: |operands| operands.iter().any(|operand| operand.is_f64() && is_whole(operand)),
    },
    Difference {
        reason: "A place in a text may be a number written as text, or between two: it is cut off.",
        example: r#"{ "substr": ["abc", "1"] }"#,
        operators: &["substr"],
        applies: |operands| operands[1..].iter().any(|operand| operand.as_i64().is_none()),
    },
    Difference {
        reason: "`merge` keeps null; theirs leaves it out.",
        example: r#"{ "merge": [1, null] }"#,
        operators: &["merge"],
        applies: |operands| {
            operands.iter().any(|operand| {
                operand.is_null()
                    || operand.as_array().is_some_and(|list| list.contains(&Value::Null))
            })
        },
    },
    Difference {
        reason: "What is no list has no elements, as in the reference; theirs is one element.",
        example: r#"{ "map": [5, 1] }"#,
        operators: &["map", "filter"],
        applies: |operands| !operands[0].is_array(),
    },
    Difference {
        reason: "An object is no list and has no elements; theirs are its members.",
        example: r#"{ "all": [{ "var": "" }, true] }"#,
        operators: &["reduce", "all", "none", "some"],
        applies: |operands| operands[0].is_object(),
    },
];

/// These concern paths, so they are told by the data.
const KNOWN_OF_PATHS: &[(&str, &str)] = &[
    (
        "A field without an answer is null, so null takes the default; theirs is a value.",
        r#"{ "var": ["", 5] }"#,
    ),
    (
        "A field without an answer is missing, also if it is there as null or \"\".",
        r#"{ "missing": ["0"] }"#,
    ),
    (
        "A path that leads nowhere is null in a body too; theirs has shortcuts in which it is not.",
        r#"{ "filter": [[1], { "===": [null, { "var": "a" }] }] }"#,
    ),
    (
        "In `reduce`, all paths start at the two, as in the reference; theirs also at the element.",
        r#"{ "reduce": [[1], { "var": "" }, 0] }"#,
    ),
    (
        "In `reduce`, `missing` sees the two as `var` does; theirs does not.",
        r#"{ "reduce": [[1], { "missing": ["current"] }, 0] }"#,
    ),
];

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn is_number(value: &Value) -> bool {
    match value {
        Value::String(text) => text.parse::<f64>().is_ok(),
        _ => value.is_number() || value.is_boolean(),
    }
}

fn is_zero(value: &Value) -> bool {
    matches!(value.as_f64(), Some(0.0)) || value == false || value == "0"
}

fn is_whole(value: &Value) -> bool {
    value.as_i64().is_some() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn is_list_or_object(value: &Value) -> bool {
    value.is_array() || value.is_object()
}

pub fn theirs(rule: &Value, data: &Value) -> Result<Value, String> {
    let config = EvaluationConfig::default()
        .with_arithmetic_nan_handling(NanHandling::ReturnNull)
        .with_division_by_zero(DivisionByZeroHandling::ReturnNull)
        .with_loose_equality_errors(false);
    let engine = Engine::builder().with_config(config).build();
    engine.eval_into::<Value, _, _>(rule, data).map_err(|error| error.to_string())
}

fn differ(rule: &Value, data: &Value) -> bool {
    !theirs(rule, data).is_ok_and(|theirs| same(&ours(rule, data), &theirs))
}

/// Goes through the calls of a rule, and counts in `found` those on which the two differ.
///
/// # Errors
/// A call on which they differ for a reason that is not on the list.
pub fn look_for(rule: &Value, data: &Value, found: &mut usize) -> Result<(), String> {
    let (name, operands) = match rule {
        Value::Array(items) => {
            return items.iter().try_for_each(|item| look_for(item, data, found));
        }
        Value::Object(call) => match call.iter().next() {
            Some((name, Value::Array(operands))) => (name.as_str(), operands.clone()),
            Some((name, operand)) => (name.as_str(), vec![operand.clone()]),
            None => return Ok(()),
        },
        _ => return Ok(()),
    };
    let has_body = ["map", "filter", "reduce", "all", "none", "some"].contains(&name);
    let before = *found;
    for (index, operand) in operands.iter().enumerate() {
        if !(has_body && index == 1) {
            look_for(operand, data, found)?;
        }
    }
    if ["var", "missing"].contains(&name) {
        return look_at_path(rule, data, found);
    }
    let values: Vec<Value> = operands
        .iter()
        .enumerate()
        .map(
            |(index, operand)| {
                if has_body && index == 1 { json!(null) } else { ours(operand, data) }
            },
        )
        .collect();
    // The call by itself: values come in as data, because an object cannot be written out.
    let alone: Vec<Value> = (0..values.len()).map(|index| json!({ "var": index })).collect();
    let mut alone = Map::from_iter([(name.to_owned(), Value::Array(alone))]);
    if has_body {
        alone[name][1] = operands[1].clone();
        look_at_elements(name, &operands[1], &values, found)?;
    }
    let (alone, values) = (Value::Object(alone), Value::Array(values));
    // Theirs may also depend on whether an operand is written out.
    if !differ(&alone, &values) && !differ(rule, data) {
        *found += usize::from(has_residue(name, &alone, &values));
        return Ok(());
    }
    let listed = KNOWN.iter().any(|known| {
        known.operators.contains(&name) && (known.applies)(values.as_array().unwrap())
    });
    // A body or an operand that differs makes its call differ.
    if listed || *found > before {
        *found += 1;
        return Ok(());
    }
    Err(format!("{alone} with {values}: {}, {:?}", ours(&alone, &values), theirs(&alone, &values)))
}

fn look_at_elements(
    name: &str,
    body: &Value,
    values: &[Value],
    found: &mut usize,
) -> Result<(), String> {
    let mut accumulator = values.get(2).cloned().unwrap_or_default();
    for element in values[0].as_array().into_iter().flatten() {
        if name != "reduce" {
            look_for(body, element, found)?;
            // The third of the differences of paths.
            let reads = eform::Rule::from_value(body.clone()).unwrap();
            let mut reads = reads.reads().into_iter();
            *found += usize::from(reads.any(|read| element.get(read.path).is_none()));
            continue;
        }
        let seen = json!({ "current": element, "accumulator": accumulator });
        look_for(body, &seen, found)?;
        // The last two of the differences of paths.
        *found += usize::from(reads_the_element(body) || body.to_string().contains("missing"));
        accumulator = ours(body, &seen);
    }
    Ok(())
}

fn reads_the_element(body: &Value) -> bool {
    let rule = eform::Rule::from_value(body.clone()).unwrap();
    let at_the_two = |path: &str| path.starts_with("current") || path.starts_with("accumulator");
    rule.reads().iter().any(|read| !at_the_two(read.path))
}

fn look_at_path(rule: &Value, data: &Value, found: &mut usize) -> Result<(), String> {
    if !differ(rule, data) {
        return Ok(());
    }
    let explained = match (rule.get("var"), rule.get("missing")) {
        (Some(Value::Array(var)), _) => ours(&json!({ "var": var[0] }), data).is_null(),
        (_, Some(Value::Array(paths))) => {
            paths.iter().any(|path| is_blank(&ours(&json!({ "var": path }), data)))
        }
        _ => false,
    };
    *found += 1;
    if explained { Ok(()) } else { Err(format!("{rule} with {data}")) }
}

/// Whether their floating point leaves something over that decimals do not: 0.1 and 0.2 are
/// 0.30000000000000004, and a whole number may be 5.0. It is near enough here and may still decide a
/// comparison, or show in a text, further out.
fn has_residue(name: &str, call: &Value, data: &Value) -> bool {
    ARITHMETIC.contains(&name) && theirs(call, data).is_ok_and(|theirs| theirs != ours(call, data))
}

#[test]
fn the_known_differences_are_there() {
    let data = json!({ "a": 1 });
    for known in KNOWN {
        let rule: Value = serde_json::from_str(known.example).unwrap();
        assert!(differ(&rule, &data), "{}", known.reason);
        let (name, operands) = rule.as_object().unwrap().iter().next().unwrap();
        assert!(known.operators.contains(&name.as_str()), "{}", known.reason);
        let operands = operands.as_array().unwrap().iter();
        let operands: Vec<Value> = operands.map(|operand| ours(operand, &data)).collect();
        assert!((known.applies)(&operands), "{}", known.reason);
    }
    for (reason, example) in KNOWN_OF_PATHS {
        let rule: Value = serde_json::from_str(example).unwrap();
        assert!(differ(&rule, &json!([null])) || differ(&rule, &json!(null)), "{reason}");
    }
}
