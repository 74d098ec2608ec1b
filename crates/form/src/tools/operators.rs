//! The schema of a rule. What each operator is for is told where the guide's examples are.

use serde_json::{Map, Value, json};

use super::language::reference;
use crate::reference::OPERATORS;

/// The schema of a rule.
pub(super) fn rule() -> Value {
    let mut rule = operand();
    rule["description"] = "A rule in JSONLogic: an object with one operator, as { \"==\": [{ \"var\": \"has_land\" }, true] }, or a plain value".into();
    rule["type"] = json!(["object", "array", "string", "number", "boolean"]);
    rule
}

/// The schema of what stands in a rule: an operator, a list, or a plain value.
pub(super) fn operand() -> Value {
    let known: Vec<Value> = serde_json::from_str(OPERATORS).unwrap_or_default();
    let each = |operator: &Value| {
        let name = operator["operator"].as_str().unwrap_or_default();
        let mut operands =
            json!({ "$ref": reference("Operand"), "description": operator["about"] });
        let examples = operator["examples"].as_array().into_iter().flatten();
        let examples: Vec<&Value> = examples.filter_map(|one| one["rule"].get(name)).collect();
        operands["examples"] = json!(examples);
        if name == "matches" {
            operands["type"] = json!("array");
            operands["minItems"] = json!(2);
            operands["maxItems"] = json!(2);
        }
        (name.to_owned(), operands)
    };
    let operators: Map<String, Value> = known.iter().map(each).collect();
    json!({
        "description": "What an operator works on: another rule, a list, or a plain value",
        "type": ["object", "array", "string", "number", "boolean", "null"],
        "items": { "$ref": reference("Operand") },
        "properties": operators, "minProperties": 1, "maxProperties": 1,
        "additionalProperties": false
    })
}
