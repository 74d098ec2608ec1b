//! `eform test`: cases that pass, cases that fail, and files that are no cases.

use eform::tools;
use serde_json::{Value, json};

use crate::support::{farm, form};

fn failures(answers: Value, expect: Value) -> Vec<String> {
    let cases = json!({
        "today": "2026-11-20",
        "cases": [{ "name": "case", "answers": answers, "expect": expect }]
    });
    assert!(schema().is_valid(&cases), "{cases}");
    let outcomes = tools::test(&form(&farm()), cases.to_string().as_bytes());
    let [outcome] = outcomes.unwrap_or_else(|issue| panic!("{issue}")).try_into().unwrap();
    outcome.failures
}

fn schema() -> jsonschema::Validator {
    let schema = tools::cases_language();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap()
}

fn right() -> Value {
    json!({ "name": "ก", "kind": "new", "has_land": true, "owner": { "name": "ข" },
            "plots": [{ "area": "๒.๕", "used": "3" }, { "area": 1 }] })
}

#[test]
fn what_is_expected_and_found_passes() {
    let expect = json!({
        "findings": [{ "path": "/plots/0/used", "code": "check", "severity": "error", "message": { "en": "Less than Used" } }],
        "shown": ["/total", "/plots/1", "/plots/1/area"],
        "required": ["/owner/name"], "optional": ["/born"], "readOnly": ["/total"],
        "pages": ["people", "fields"], "offered": { "/kind": ["new", "renewal"] },
        "values": { "/total": 3.5, "/plots/0/area": 2.5, "/plots/1/used": null, "/born": null },
        "submission": null
    });
    assert_eq!(failures(right(), expect), [""; 0]);
    let expect = json!({
        "hidden": ["/total", "/owner/name"], "pages": ["people"],
        "submission": { "name": "ก", "kind": "new", "has_land": false }
    });
    assert_eq!(failures(json!({ "name": "ก", "kind": "new", "has_land": false }), expect), [""; 0]);
}

#[test]
fn what_is_not_found_is_told() {
    for (expect, words) in [
        (
            json!({ "findings": [] }),
            "/plots/0/used: found the error `check` «Less than Used», which was not expected",
        ),
        (
            json!({ "findings": [{ "path": "/plots/0/used", "code": "check", "severity": "warning" }] }),
            "/plots/0/used: expected the finding `check` as a warning, found none",
        ),
        (
            json!({ "findings": [{ "path": "/plots/0/used", "code": "check", "message": "Too much" }] }),
            "that says \"Too much\"",
        ),
        (json!({ "shown": ["/plots/2"] }), "/plots/2: there is no such field or row"),
        (json!({ "hidden": ["/total"] }), "/total: expected to be hidden, but it is shown"),
        (json!({ "required": ["/born"] }), "/born: expected to be required, but it is not"),
        (json!({ "optional": ["/name"] }), "expected to be shown and not required"),
        (
            json!({ "pages": ["people"] }),
            "expected the pages [\"people\"], found [\"people\", \"fields\"]",
        ),
        (json!({ "offered": { "/kind": ["new"] } }), "expected the options [\"new\"]"),
        (json!({ "values": { "/total": 3 } }), "/total: expected 3, found 3.5"),
        (json!({ "values": { "/total": null } }), "/total: expected no answer, found 3.5"),
        (json!({ "values": { "/totel": null } }), "/totel: there is no such field"),
        (json!({ "submission": {} }), "there are errors: /plots/0/used `check`"),
    ] {
        let failures = failures(right(), expect.clone());
        assert!(failures.iter().any(|failure| failure.contains(words)), "{expect}: {failures:?}");
    }
    let good = json!({ "name": "ก", "kind": "new", "has_land": false });
    assert_eq!(
        failures(good.clone(), json!({ "submission": { "name": "ข", "kind": "new" } })),
        [
            "/has_land: expected nothing in the submission, found false",
            "/name: expected \"ข\" in the submission, found \"ก\""
        ]
    );
    assert_eq!(
        failures(good, json!({ "submission": null })),
        ["expected that nothing can be submitted, but it can"]
    );
}

#[test]
fn a_case_may_have_a_day_of_its_own() {
    let cases = r#"{ "today": "2026-11-20", "cases": [
  { "name": "today", "answers": { "born": "2026-11-21" }, "expect": { "values": { "/born": "2026-11-21" }, "submission": null } },
  { "name": "tomorrow", "today": "2026-11-21", "answers": { "born": "21/11/2569" }, "expect": { "findings": [] } }
] }"#;
    let outcomes = tools::test(&form(&farm()), cases.as_bytes()).unwrap();
    assert!(outcomes[0].failures.is_empty());
    assert_eq!(
        (outcomes[1].line, outcomes[1].column, outcomes[1].name.as_str()),
        (3, 3, "tomorrow")
    );
    assert!(outcomes[1].failures.iter().all(|failure| !failure.contains("date-future")));
    assert_eq!(outcomes[1].failures.len(), 3);
}

#[test]
fn a_file_that_is_no_cases_says_where() {
    let case = |expect: &str| {
        format!(
            r#"{{ "today": "2026-11-20", "cases": [{{ "name": "a", "answers": {{}}, "expect": {expect} }}] }}"#
        )
    };
    for (text, path, words) in [
        ("{ \"cases\": [] }".to_owned(), "/today", "missing: expected a day"),
        (r#"{ "today": "20/11/2569", "cases": [] }"#.to_owned(), "/today", "expected a day"),
        (r#"{ "today": "2026-11-20", "cases": [] }"#.to_owned(), "/cases", "at least one case"),
        (case("{}"), "/cases/0/expect", "at least one thing"),
        (case(r#"{ "finding": [] }"#), "/cases/0/expect/finding", "did you mean `findings`?"),
        (
            case(r#"{ "shown": ["name"] }"#),
            "/cases/0/expect/shown/0",
            "expected the place of a field",
        ),
        (
            case(r#"{ "values": { "name": 1 } }"#),
            "/cases/0/expect/values/name",
            "expected the place",
        ),
        (
            case(r#"{ "findings": [{ "path": "/a" }] }"#),
            "/cases/0/expect/findings/0/code",
            "missing",
        ),
        (case(r#"{ "findings": [], "findings": [] }"#), "/cases/0/expect/findings", "there twice"),
        (case("["), "", "not JSON"),
    ] {
        let issue = tools::test(&form(&farm()), text.as_bytes()).unwrap_err();
        assert_eq!(issue.path, path, "{issue}");
        assert!(issue.message.contains(words), "{issue}");
        if let (Ok(cases), false) = (serde_json::from_str::<Value>(&text), words == "there twice") {
            assert!(!schema().is_valid(&cases) || words.contains("place"), "{cases}");
        }
    }
}

#[test]
fn the_form_and_the_cases_of_the_readme_go_together() {
    let readme = include_str!("../../../../README.md");
    let parts: Vec<&str> =
        readme.split("```json\n").skip(1).map(|part| part.split("```").next().unwrap()).collect();
    let with = |word: &str| *parts.iter().find(|part| part.contains(word)).unwrap();
    let form = eform::Form::parse(with("\"pages\"").as_bytes()).unwrap();
    let outcomes = tools::test(&form, with("\"cases\"").as_bytes()).unwrap();
    assert!(outcomes.iter().all(|outcome| outcome.failures.is_empty()), "{outcomes:#?}");
}
