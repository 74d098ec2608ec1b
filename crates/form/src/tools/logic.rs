//! `eform logic`: the value of a rule for data, without a form: to try rules out, and to hold the
//! engine's JSONLogic against that of other systems.

use std::cell::Cell;

use serde_json::{Value, json};

use crate::reader::Members;
use crate::{Data, Date, DefinitionError, Rule, json as writer, limits};

/// The value of a rule.
///
/// # Errors
/// Why there is none: where the rule is wrong and what was expected, or that it takes too long.
pub fn evaluate(rule: Value, data: &Value, today: Option<Date>) -> Result<Value, String> {
    let rule = Rule::from_value(rule).map_err(|error| said(&error))?;
    let steps = Cell::new(limits::STEPS);
    let data = Data { scopes: &[data], today, steps: &steps, met_blank: None };
    rule.evaluate(&data).map_err(|error| error.to_string())
}

/// One line in, one line out: `{"rule": …, "data": …}` gives `{"result": …}` or `{"error": …}`.
/// Data that is not there is null.
pub fn answer_line(line: &str, today: Option<Date>) -> String {
    let answer = match read_line(line).and_then(|(rule, data)| evaluate(rule, &data, today)) {
        Ok(result) => json!({ "result": result }),
        Err(error) => json!({ "error": error }),
    };
    writer::write(&answer)
}

fn read_line(line: &str) -> Result<(Value, Value), String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    read(value).map_err(|error| said(&error))
}

fn read(value: Value) -> Result<(Value, Value), DefinitionError> {
    let mut members = Members::of(value)?;
    let rule = members.opt("rule", Ok)?.ok_or_else(|| crate::reader::missing("rule", "a rule"))?;
    let data = members.opt("data", Ok)?.unwrap_or_default();
    members.finish()?;
    Ok((rule, data))
}

fn said(error: &DefinitionError) -> String {
    if error.path.is_empty() { error.expected.clone() } else { error.to_string() }
}
