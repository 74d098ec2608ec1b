//! Every type's examples: what is taken, what is refused, what counts as blank. The guide shows the
//! same examples.

use serde_json::{Map, Value, json};

use super::{ALL, COMMON, Type};
use crate::{Date, Form};

pub(super) const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

/// A form of one page with this field.
fn form(field: &Value) -> Form {
    let form = json!({
        "id": "example", "version": "1", "title": "Example", "languages": ["th", "en"],
        "submit": { "url": "/" },
        "pages": [{ "id": "page", "title": "Page", "fields": [field] }]
    });
    Form::parse(form.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}\n{field:#}"))
}

/// The same for one entry: what a rule gives takes the place of what is typed where the type is
/// calculated, whatever the example's own rule reads.
fn form_for(field: &Value, entry: &Value) -> Form {
    let mut field = field.clone();
    if field["type"] == "calculated" {
        let nothing = json!({ "if": [false, 0] });
        field["calculate"] = if entry.is_null() { nothing } else { entry.clone() };
    }
    form(&field)
}

/// Each field of a type's examples, with its example.
pub(super) fn of(kind: &Type) -> Vec<(Form, Value)> {
    let file: Value =
        serde_json::from_str(kind.examples).unwrap_or_else(|e| panic!("{}.json: {e}", kind.name));
    for language in ["th", "en"] {
        assert!(file["about"][language].is_string(), "{}: about", kind.name);
    }
    assert!(file["behaviour"].is_string(), "{}: behaviour", kind.name);
    let examples = file["examples"].as_array().unwrap().clone();
    let with_form = |example: Value| {
        assert_eq!(example["field"]["type"], kind.name);
        (form_for(&example["field"], &Value::Null), example)
    };
    examples.into_iter().map(with_form).collect()
}

fn each<'a>(example: &'a Value, member: &str) -> &'a [Value] {
    example[member].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The codes found for one entry, with the path within the answer and `?` after a warning's.
fn found(field: &Value, id: &str, entry: &Value) -> Vec<String> {
    let form = form_for(field, entry);
    let entries = Map::from_iter([(id.to_owned(), entry.clone())]);
    let said = |finding: crate::Finding| {
        for language in ["th", "en"] {
            let words = form.message(&finding, language);
            assert!(!words.contains(['{', '}']), "{}: {words}", finding.code);
        }
        let path = finding.path.strip_prefix(&["/", id].concat()).unwrap_or("?").to_owned();
        let mark = if finding.is_error() { "" } else { "?" };
        path + if finding.path.len() > id.len() + 1 { " " } else { "" } + &finding.code + mark
    };
    // Not of the text field that goes with «other».
    let within = ["/", id, "/"].concat();
    let own = |finding: &crate::Finding| (finding.path.clone() + "/").starts_with(&within);
    form.check(&entries, TODAY).into_iter().filter(own).map(said).collect()
}

fn answer(field: &Value, id: &str, entry: &Value) -> Option<Value> {
    form_for(field, entry)
        .answers(&Map::from_iter([(id.to_owned(), entry.clone())]), TODAY)
        .get(id)
        .cloned()
}

#[test]
fn every_type_has_examples_of_every_sort() {
    for kind in ALL.iter().copied().flatten() {
        let examples = of(kind);
        let some =
            |member: &str| examples.iter().any(|(_, example)| !each(example, member).is_empty());
        assert!(some("valid") || kind.name == "note", "{}", kind.name);
        assert!(some("invalid") || kind.name == "note", "{}", kind.name);
    }
    assert!(COMMON.len() >= 10);
}

#[test]
fn what_is_valid_is_taken_and_reads_as_itself() {
    for kind in ALL.iter().copied().flatten() {
        for (form, example) in of(kind) {
            let id = example["field"]["id"].as_str().unwrap();
            for case in each(&example, "valid") {
                let entry = &case["entry"];
                let path =
                    case["path"].as_str().map(|path| path.to_owned() + " ").unwrap_or_default();
                let warning: Vec<String> =
                    case["warning"].as_str().map(|code| path + code + "?").into_iter().collect();
                assert_eq!(found(&example["field"], id, entry), warning, "{}: {case}", kind.name);
                let read = answer(&example["field"], id, entry).unwrap_or_default();
                assert_eq!(read, case["answer"], "{}: {case}", kind.name);
                assert_eq!(
                    answer(&example["field"], id, &read),
                    Some(read.clone()),
                    "{}: twice {case}",
                    kind.name
                );
                for (language, words) in case["words"].as_object().into_iter().flatten() {
                    let said = form.in_words(0, &read, language);
                    assert_eq!(said, words.as_str().unwrap(), "{}: {case}", kind.name);
                }
            }
        }
    }
}

#[test]
fn what_is_blank_is_no_answer() {
    for kind in ALL.iter().copied().flatten() {
        for (_, example) in of(kind) {
            let id = example["field"]["id"].as_str().unwrap();
            for entry in each(&example, "blank") {
                assert_eq!(answer(&example["field"], id, entry), None, "{}: {entry}", kind.name);
                let codes = found(&example["field"], id, entry);
                let missing = codes
                    .iter()
                    .all(|code| code.ends_with("required") || code.ends_with("required-choice"));
                assert!(missing, "{}: {entry} {codes:?}", kind.name);
            }
        }
    }
}

#[test]
fn what_is_invalid_is_refused_with_its_reason() {
    for kind in ALL.iter().copied().flatten() {
        for (_, example) in of(kind) {
            let id = example["field"]["id"].as_str().unwrap();
            for case in each(&example, "invalid") {
                let path =
                    case["path"].as_str().map(|path| path.to_owned() + " ").unwrap_or_default();
                let code = path + case["code"].as_str().unwrap();
                let codes = found(&example["field"], id, &case["entry"]);
                assert!(codes.contains(&code), "{}: {case} found {codes:?}", kind.name);
            }
        }
    }
}
