//! The operators of rules with their examples.

use eform::reference::OPERATORS;
use serde_json::Value;

use crate::examples::{list, text};
use crate::json;
use crate::markdown::{code, table, words};

/// The sections of the chapter, one for each group of operators.
pub fn operators() -> String {
    let operators: Value = serde_json::from_str(OPERATORS).unwrap_or_default();
    let operators = operators.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut groups: Vec<&str> = Vec::new();
    for operator in operators {
        let group = text(operator, "group");
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let section = |group: &str| {
        let own = operators.iter().filter(|operator| text(operator, "group") == group);
        let own: String = own.map(one).collect();
        format!("## {group}\n\n{own}")
    };
    groups.into_iter().map(section).collect()
}

fn one(operator: &Value) -> String {
    let ours = if operator["ours"] == true { " (ours)" } else { "" };
    let row = |example: &Value| {
        let data = match &example["data"] {
            Value::Null => String::new(),
            data => code(&json::line(data)),
        };
        let rule = code(&json::line(&example["rule"]));
        let result = code(&json::line(&example["result"]));
        vec![rule, data, result, words(text(example, "note"))]
    };
    let rows: Vec<Vec<String>> = list(operator, "examples").iter().map(row).collect();
    format!(
        "### `{}`{ours}\n\n{}\n\n{}",
        text(operator, "operator"),
        text(operator, "about"),
        table(&["Rule", "Answers", "Value", "Note"], &rows)
    )
}
