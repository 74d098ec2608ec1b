//! The public tests of JSONLogic, and a second implementation as a second opinion.

use std::cell::Cell;

use eform::{Data, Rule, RuleError};
use proptest::prelude::*;
use serde_json::{Value, json};

#[path = "jsonlogic/differences.rs"]
mod differences;

fn ours(rule: &Value, data: &Value) -> Value {
    let steps = Cell::new(1_000_000);
    let data = Data { scopes: &[data], today: None, steps: &steps, met_blank: None };
    Rule::from_value(rule.clone()).unwrap().evaluate(&data).unwrap()
}

#[test]
fn all_public_tests_pass() {
    let suite: Value =
        serde_json::from_str(include_str!("data/jsonlogic/compatible.json")).unwrap();
    let mut count = 0;
    // A string among the cases is a heading.
    for case in suite.as_array().unwrap().iter().filter(|case| case.is_object()) {
        let (rule, data) = (&case["rule"], &case["data"]);
        assert!(same(&ours(rule, data), &case["result"]), "{rule} {data}");
        count += 1;
    }
    assert_eq!(count, 278);
}

/// Equal, numbers as near as floating point comes.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            (a - b).abs() <= 1e-12 * a.abs().max(b.abs()).max(1e-3)
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, a)| b.get(k).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

fn plain() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-20_i64..100).prop_map(Value::from),
        (-2000_i64..2000).prop_map(|hundredths| json!(hundredths as f64 / 100.0)),
        prop::sample::select(vec!["", "0", "1", "2.5", "-3", "rice", "น้ำ", "2026-11-20", " "])
            .prop_map(Value::from),
    ]
}

fn data() -> impl Strategy<Value = Value> {
    let row = (plain(), plain()).prop_map(|(a, b)| json!({ "a": a, "b": b }));
    let rows = prop::collection::vec(row, 0..4);
    let list = prop::collection::vec(plain(), 0..4);
    (plain(), plain(), list, rows)
        .prop_map(|(a, b, list, rows)| json!({ "a": a, "b": b, "list": list, "rows": rows }))
}

fn rule() -> impl Strategy<Value = Value> {
    let path =
        ["a", "b", "list", "rows", "list.0", "rows.1.a", "absent", "", "current", "accumulator"];
    let path = prop::sample::select(path.to_vec());
    let leaf = prop_oneof![
        3 => plain(),
        3 => path.clone().prop_map(|path| json!({ "var": path })),
        1 => (path.clone(), plain()).prop_map(|(path, other)| json!({ "var": [path, other] })),
        1 => prop::collection::vec(path, 1..3).prop_map(|paths| json!({ "missing": paths })),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let some = prop::collection::vec(inner.clone(), 1..4);
        let two = prop::collection::vec(inner.clone(), 2);
        let any_number = ["if", "and", "or", "+", "*", "-", "/", "%", "max", "min", "merge", "cat",
            "<", "<=", ">", ">=", "substr"];
        let pairs = ["==", "===", "!=", "!==", "in", "map", "filter", "all", "none", "some"];
        let call = |(name, operands): (&str, Vec<Value>)| json!({ name: operands });
        prop_oneof![
            4 => (prop::sample::select(any_number.to_vec()), some.clone()).prop_map(call),
            3 => (prop::sample::select(pairs.to_vec()), two).prop_map(call),
            1 => (prop::sample::select(vec!["!", "!!"]), prop::collection::vec(inner.clone(), 1)).prop_map(call),
            1 => prop::collection::vec(inner, 3).prop_map(|operands| json!({ "reduce": operands })),
            1 => some.prop_map(Value::Array),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_second_implementation_agrees(rule in rule(), data in data()) {
        let mut found = 0;
        if let Err(unexplained) = differences::look_for(&rule, &data, &mut found) {
            prop_assert!(false, "{}", unexplained);
        }
        let (ours, theirs) = (ours(&rule, &data), differences::theirs(&rule, &data));
        let agree = theirs.as_ref().is_ok_and(|theirs| same(&ours, theirs));
        prop_assert!(agree || found > 0, "{rule} with {data}: {ours}, for them {theirs:?}");
    }

    #[test]
    fn no_rule_panics_or_runs_on(rule in any_json(), data in any_json()) {
        if let Ok(rule) = Rule::from_value(rule) {
            let steps = Cell::new(2_000);
            let data = Data { scopes: &[&data], today: None, steps: &steps, met_blank: None };
            match rule.evaluate(&data) {
                Ok(_) | Err(RuleError::TooManySteps) => {}
                Err(other) => prop_assert!(false, "{}", other),
            }
            let _ = (rule.reads(), rule.reads_unknown(), rule.holds(&data));
        }
    }
}

/// Calls with any operands whatever, and all kinds of numbers.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        plain(),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        "[a-z0-9.-]{0,6}".prop_map(Value::from),
        prop::sample::select(vec!["current", "accumulator", "list", "1947-05", "[0-9]+", "("])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 5, |inner| {
        let name = prop::sample::select(OPERATORS.to_vec());
        let operands = prop::collection::vec(inner.clone(), 0..5);
        prop_oneof![
            6 => (name.clone(), operands.clone()).prop_map(|(name, all)| json!({ name: all })),
            2 => (name, inner.clone()).prop_map(|(name, one)| json!({ name: one })),
            2 => operands.prop_map(Value::Array),
            1 => prop::collection::btree_map("[a-z]{1,3}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

const OPERATORS: [&str; 42] = [
    "var",
    "missing",
    "missing_some",
    "if",
    "?:",
    "==",
    "===",
    "!=",
    "!==",
    "!",
    "!!",
    "and",
    "or",
    "<",
    "<=",
    ">",
    ">=",
    "max",
    "min",
    "+",
    "-",
    "*",
    "/",
    "%",
    "map",
    "filter",
    "reduce",
    "all",
    "none",
    "some",
    "merge",
    "in",
    "cat",
    "substr",
    "log",
    "today",
    "years-between",
    "days-between",
    "sum",
    "count",
    "round",
    "matches",
];
