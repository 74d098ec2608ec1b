//! The examples of the guide: every operator has some, and they come to what the guide says.

use std::cell::Cell;

use serde_json::Value;

use super::operators::OPERATORS;
use super::{Data, EXAMPLES, Rule};
use crate::Date;

fn all() -> Vec<Value> {
    let file: Value = serde_json::from_str(EXAMPLES).expect("examples.json is JSON");
    file.as_array().expect("a list").clone()
}

#[test]
fn every_operator_is_there_once_with_examples() {
    let there: Vec<Value> = all();
    for (name, _) in OPERATORS {
        let found: Vec<&Value> = there.iter().filter(|one| one["operator"] == name).collect();
        assert_eq!(found.len(), 1, "{name}");
        assert!(found[0]["about"].is_string() && found[0]["group"].is_string(), "{name}");
        let examples = found[0]["examples"].as_array().expect("examples");
        let uses = |example: &Value| {
            let rule = example["rule"].to_string();
            rule.contains(&Value::from(name).to_string())
        };
        assert!(!examples.is_empty() && examples.iter().all(uses), "{name}");
    }
    assert_eq!(there.len(), OPERATORS.len());
}

#[test]
fn examples_come_to_what_the_guide_says() {
    let today = Date::new(2026, 11, 20);
    for operator in all() {
        for example in operator["examples"].as_array().expect("examples") {
            let steps = Cell::new(1_000);
            let scopes = [&example["data"]];
            let data = Data { scopes: &scopes, today, steps: &steps, met_blank: None };
            let value = Rule::from_value(example["rule"].clone()).unwrap().evaluate(&data).unwrap();
            let same = super::values::strictly_equal(&value, &example["result"]);
            assert!(same, "{example}: {value}");
        }
    }
}
