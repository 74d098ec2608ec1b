//! `eform logic`: rules without a form.

use eform::{Rule, tools};
use serde_json::json;

use crate::support::TODAY;

#[test]
fn a_line_is_answered_by_a_line() {
    for (line, answer) in [
        (r#"{"rule":{"+":[{"var":"a"},0.2]},"data":{"a":0.1}}"#, r#"{"result":0.3}"#),
        (r#"{"rule":{"today":[]}}"#, r#"{"result":"2026-11-20"}"#),
        (r#"{"rule":null,"data":1}"#, r#"{"result":null}"#),
        (r#"{"rule":{"var":""},"data":"น้ำ\n"}"#, r#"{"result":"น้ำ\n"}"#),
        (r#"{"data":1}"#, r#"{"error":"/rule: missing: expected a rule"}"#),
        (r#"[]"#, r#"{"error":"expected an object, found a list"}"#),
    ] {
        assert_eq!(tools::answer_line(line, Some(TODAY)), answer, "{line}");
    }
    for (line, words) in [
        ("", "not JSON"),
        (r#"{"rule":{"foo":1}}"#, "/foo: unknown operator `foo`"),
        (r#"{"rule":1,"date":1}"#, "/date: unknown member `date`"),
    ] {
        let answer = tools::answer_line(line, None);
        assert!(answer.starts_with("{\"error\":") && answer.contains(words), "{answer}");
        assert!(!answer.contains('\n'));
    }
}

#[test]
fn a_rule_without_end_is_an_error() {
    let mut rule = json!({ "var": "" });
    for _ in 0..30 {
        rule = json!({ "merge": [rule.clone(), rule] });
        if rule.to_string().len() > 100_000 {
            break;
        }
    }
    let data = json!(vec![1; 10_000]);
    assert!(Rule::from_value(rule.clone()).is_ok());
    let error = tools::evaluate(rule, &data, None).unwrap_err();
    assert_eq!(error, "the rule takes too many steps");
}
