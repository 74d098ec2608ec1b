//! The forms in `public/forms` do what their cases say: `NAME.cases.json` beside each form tells
//! what somebody enters and what follows from it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use eform::{Date, Form, Session, Severity};
use serde_json::{Map, Value};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../public/forms")
}

/// What was expected of a case and did not come.
struct Wrong<'a> {
    case: &'a str,
    words: Vec<String>,
}

impl Wrong<'_> {
    fn expect(&mut self, holds: bool, words: impl FnOnce() -> String) {
        if !holds {
            self.words.push(format!("{}: {}", self.case, words()));
        }
    }
}

#[test]
fn every_form_does_what_its_cases_say() {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let is_form = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.ends_with(".json") && !name.ends_with(".cases.json") && name != "index.json"
    };
    let mut wrong = Vec::new();
    for path in entries.filter(is_form) {
        wrong.extend(run(&path));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs the cases of a form; says what is not as they say.
fn run(path: &Path) -> Vec<String> {
    let name = path.file_name().unwrap().to_string_lossy();
    let form = Form::parse(&fs::read(path).unwrap());
    let form = form.unwrap_or_else(|error| panic!("{name}: {error}"));
    let cases = fs::read(path.with_extension("cases.json"));
    let cases = cases.unwrap_or_else(|error| panic!("{name} has no cases: {error}"));
    let cases: Value = serde_json::from_slice(&cases)
        .unwrap_or_else(|error| panic!("the cases of {name}: {error}"));
    let today = Date::parse_iso(cases["today"].as_str().unwrap()).unwrap();
    let list = cases["cases"].as_array().unwrap();
    assert!(list.len() >= 10, "{name}: only {} cases", list.len());
    let mut said = Vec::new();
    for case in list {
        let case_name = format!("{name}: {}", case["name"].as_str().unwrap());
        let mut wrong = Wrong { case: &case_name, words: Vec::new() };
        let session = Session::new(form.clone(), case["answers"].as_object().unwrap(), today);
        compare(&session, case["expect"].as_object().unwrap(), &mut wrong);
        if let Some(answers) = session.submission() {
            let found = form.check_submission(answers, today);
            wrong.expect(found == session.findings(), || {
                format!("the agency finds something else: {found:?}")
            });
        }
        said.extend(wrong.words);
    }
    said
}

fn compare(session: &Session, expect: &Map<String, Value>, wrong: &mut Wrong) {
    let node = |path: &Value| session.at(path.as_str().unwrap());
    for (what, value) in expect {
        match what.as_str() {
            "findings" => findings(session, value.as_array().unwrap(), wrong),
            "shown" | "hidden" | "required" => {
                for path in value.as_array().unwrap() {
                    let is = match (what.as_str(), node(path)) {
                        ("hidden", node) => node.is_none_or(|node| !session.is_shown(node)),
                        ("shown", Some(node)) => session.is_shown(node),
                        (_, node) => node.is_some_and(|node| session.is_required(node)),
                    };
                    wrong.expect(is, || format!("{path} is not {what}"));
                }
            }
            "values" => {
                for (path, value) in value.as_object().unwrap() {
                    let answers = Value::Object(session.answers().clone());
                    let is = answers.pointer(path).cloned().unwrap_or_default();
                    wrong.expect(is == *value, || format!("{path} is {is}, not {value}"));
                }
            }
            "submission" => {
                let is = session.submission().cloned().map_or(Value::Null, Value::Object);
                wrong.expect(is == *value, || format!("what is sent is {is}"));
            }
            other => wrong.expect(false, || format!("nothing is known of «{other}»")),
        }
    }
}

/// The findings, all of them, in any order.
fn findings(session: &Session, expected: &[Value], wrong: &mut Wrong) {
    let mut found = BTreeSet::new();
    for finding in session.findings() {
        let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
        found.insert((finding.path.clone(), finding.code.to_string(), severity));
    }
    for one in expected {
        let (path, code) = (one["path"].as_str().unwrap(), one["code"].as_str().unwrap());
        let before = found.len();
        found.retain(|(at, has, severity)| {
            let same = at == path && has == code;
            !(same && one.get("severity").is_none_or(|expected| expected == *severity))
        });
        wrong.expect(found.len() < before, || format!("{path} {code} is not found"));
    }
    wrong.expect(found.is_empty(), || format!("also found: {found:?}"));
}
