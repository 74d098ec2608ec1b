//! Every limit of `eform::limits`: at it all is well, beyond it the error or the finding comes, and
//! nothing that was entered is lost.

use eform::{Date, Finding, Form, NodeId, Session, limits};
use serde_json::{Map, Value, json};

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

fn read(definition: &Value) -> Result<Form, String> {
    Form::parse(definition.to_string().as_bytes()).map_err(|error| error.to_string())
}

fn with_pages(pages: Value) -> Value {
    json!({
        "id": "f", "version": "1", "title": "F", "languages": ["en"], "submit": { "url": "/" },
        "pages": pages
    })
}

fn with_fields(fields: Value) -> Value {
    with_pages(json!([{ "id": "p", "title": "P", "fields": fields }]))
}

fn open(fields: Value, entries: Value) -> Session {
    let form = read(&with_fields(fields)).unwrap_or_else(|error| panic!("{error}"));
    Session::new(form, entries.as_object().unwrap(), TODAY)
}

fn codes(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|found| format!("{} {}", found.path, found.code)).collect()
}

/// All is well with as many as the limit says, and one more is this error.
fn check_definition(limit: usize, make: impl Fn(usize) -> Value, error: &str) {
    assert_eq!(read(&make(limit)).map(|_| ()), Ok(()));
    assert_eq!(read(&make(limit + 1)).map(|_| ()).unwrap_err(), error);
}

#[test]
fn a_definition_has_so_many_bytes() {
    let mut bytes = with_fields(json!([])).to_string().into_bytes();
    bytes.resize(limits::DEFINITION_BYTES, b' ');
    assert!(Form::parse(&bytes).is_ok());
    bytes.push(b' ');
    let error = Form::parse(&bytes).unwrap_err().to_string();
    assert_eq!(error, "(the whole file): expected at most 4194304 bytes");
}

#[test]
fn a_form_has_so_many_fields() {
    let make = |count: usize| {
        let field = |at: usize| json!({ "id": at.to_string(), "type": "yes-no", "label": "" });
        let inside: Vec<Value> = (0..count - 1).map(field).collect();
        with_fields(json!([{ "id": "g", "type": "group", "label": "G", "fields": inside }]))
    };
    check_definition(limits::FIELDS, make, "/pages: expected at most 25000 fields");
}

#[test]
fn a_form_has_so_many_pages() {
    let make = |count: usize| {
        let page = |at: usize| json!({ "id": at.to_string(), "title": "", "fields": [] });
        with_pages((0..count).map(page).collect())
    };
    check_definition(limits::PAGES, make, "/pages: expected at most 500 pages");
}

#[test]
fn a_form_has_so_many_languages() {
    let make = |count: usize| {
        let mut definition = with_fields(json!([]));
        definition["languages"] = (0..count).map(|at| json!(at.to_string())).collect();
        definition
    };
    check_definition(limits::LANGUAGES, make, "/languages: expected at most 100 languages");
}

#[test]
fn groups_and_repeats_stand_so_deep_in_each_other() {
    let make = |count: usize| {
        let mut fields = json!([]);
        for at in 0..count {
            let kind = ["group", "repeat"][at % 2];
            fields = json!([{ "id": "f", "type": kind, "label": "F", "fields": fields }]);
        }
        with_fields(fields)
    };
    let at = "/fields/0".repeat(limits::DEPTH + 1);
    let error = format!("/pages/0{at}: expected at most 8 groups and repeats in each other");
    check_definition(limits::DEPTH, make, &error);
}

#[test]
fn a_question_has_so_many_options() {
    for kind in ["choice", "choices"] {
        let make = |count: usize| {
            let option = |at: usize| json!({ "value": at.to_string(), "label": "" });
            let options: Vec<Value> = (0..count).map(option).collect();
            with_fields(json!([{ "id": "c", "type": kind, "label": "C", "options": options }]))
        };
        let error = "/pages/0/fields/0/options: expected at most 5000 options";
        check_definition(limits::OPTIONS, make, error);
    }
    let choices = json!([{ "id": "c", "type": "choices", "label": "C", "options": [{ "value": "a", "label": "A" }] }]);
    let found = |count: usize| {
        let session = open(choices.clone(), json!({ "c": vec!["a"; count] }));
        assert_eq!(session.entries()["c"].as_array().map(Vec::len), Some(count));
        codes(&session.findings())
    };
    assert_eq!(found(limits::OPTIONS), [""; 0]);
    assert_eq!(found(limits::OPTIONS + 1), ["/c type"]);
}

#[test]
fn options_that_are_blank_or_there_twice_are_found_at_their_place() {
    let error = |values: &[&str]| {
        let options: Vec<Value> =
            values.iter().map(|value| json!({ "value": value, "label": "" })).collect();
        let field = json!([{ "id": "c", "type": "choice", "label": "C", "options": options }]);
        read(&with_fields(field)).unwrap_err()
    };
    let words = "expected values that are not empty and each there once";
    for (values, at) in [(&["b", "a", "c", "a"][..], 3), (&["a", ""], 1), (&["b", "b", "b"], 1)] {
        assert_eq!(error(values), format!("/pages/0/fields/0/options/{at}/value: {words}"));
    }
}

#[test]
fn a_repeat_has_so_many_rows() {
    for name in ["min", "max"] {
        let make = |count: usize| {
            let mut repeat = json!({ "id": "r", "type": "repeat", "label": "R", "fields": [] });
            repeat[name] = count.into();
            with_fields(json!([repeat]))
        };
        let error = format!("/pages/0/fields/0/{name}: expected at most 1000 rows");
        check_definition(limits::ROWS, make, &error);
    }
}

/// A repeat of texts.
fn texts(max: usize) -> Value {
    json!([
        { "id": "r", "type": "repeat", "label": "R", "max": max, "fields": [
            { "id": "a", "type": "text", "label": "A", "required": true }
        ] },
        { "id": "count", "type": "number", "label": "Count", "calculate": { "count": [{ "var": "r" }, "a"] } }
    ])
}

#[test]
fn rows_that_are_too_many_are_found_and_kept_and_move_up_when_others_go() {
    for max in [2, limits::ROWS] {
        let rows: Vec<Value> = (0..max + 2).map(|at| json!({ "a": at.to_string() })).collect();
        let mut entries = json!({ "r": rows });
        let mut session = open(texts(max), entries.clone());
        let repeat = session.at("/r").unwrap();
        for left in [max + 2, max + 1, max] {
            assert_eq!(session.children(repeat).len(), max);
            assert_eq!(session.answers()["count"], json!(max));
            assert_eq!(Value::Object(session.entries()), entries);
            let expected: &[&str] = if left > max { &["/r too-many-rows"] } else { &[] };
            assert_eq!(codes(&session.findings()), expected);
            assert_eq!(session.add_row(repeat).0, None);
            session.remove_row(session.children(repeat)[0]);
            entries["r"].as_array_mut().unwrap().remove(0);
        }
        assert_eq!(session.children(repeat).len(), max - 1);
        assert_eq!(session.answers()["r"], entries["r"]);
    }
}

#[test]
fn rows_without_room_in_the_whole_form_are_found_and_kept() {
    let fields = json!([{ "id": "r", "type": "repeat", "label": "R", "fields": [
        { "id": "s", "type": "repeat", "label": "S", "fields": [{ "id": "a", "type": "text", "label": "A" }] }
    ] }]);
    // Each row has a node, its repeat, and for each row in that two: 2,002.
    let inside: Vec<Value> = (0..limits::ROWS).map(|at| json!({ "a": at.to_string() })).collect();
    let entries = |rows: usize| json!({ "r": vec![json!({ "s": inside }); rows] });
    let room = limits::NODES / 2_002;
    let session = open(fields.clone(), entries(room));
    assert_eq!(codes(&session.findings()), [""; 0]);

    let more = entries(room + 2);
    let mut session = open(fields, more.clone());
    let expected = [format!("/r/{room}/s too-much"), "/r too-much".to_owned()];
    assert_eq!(codes(&session.findings()), expected);
    let words = session.form().message(&session.findings()[1], "en");
    assert!(words.contains("“R”"), "{words}");
    assert_eq!(Value::Object(session.entries()), more);
    let answers = session.answers().clone();
    let found = session.form().check_submission(more.as_object().unwrap(), TODAY);
    assert_eq!(codes(&found), expected);
    assert_eq!(session.submission(), None);
    assert!(answers["r"].as_array().unwrap().len() > room);

    let repeat = session.at("/r").unwrap();
    let full = session.children(repeat)[room];
    assert_eq!(session.add_row(session.children(full)[0]).0, None);
    session.remove_row(session.children(repeat)[0]);
    session.remove_row(session.children(repeat)[0]);
    assert_eq!(codes(&session.findings()), [""; 0]);
    assert_eq!(Value::Object(session.entries()), entries(room));
    assert_eq!(session.answers()["r"], entries(room)["r"]);
}

#[test]
fn rows_that_went_leave_their_room_to_others() {
    let mut session = open(texts(3), json!({}));
    let repeat = session.at("/r").unwrap();
    // Each time two: the row and the field in it.
    for _ in 0..=limits::NODES / 2 {
        let (row, _) = session.add_row(repeat);
        session.remove_row(row.unwrap());
    }
}

#[test]
fn a_text_has_so_many_bytes() {
    let fields = json!([
        { "id": "t", "type": "textarea", "label": "T" },
        { "id": "n", "type": "thai-name", "label": "N" },
        { "id": "d", "type": "date", "label": "D" }
    ]);
    let found = |entries: Value| {
        let session = open(fields.clone(), entries.clone());
        assert_eq!(Value::Object(session.entries()), entries);
        codes(&session.findings())
    };
    let most = "ก".repeat(limits::TEXT_BYTES / 3);
    assert_eq!(found(json!({ "t": most })), [""; 0]);
    let more = most + "ก";
    assert_eq!(found(json!({ "t": more })), ["/t too-long"]);
    assert_eq!(found(json!({ "n": { "first": more } })), ["/n too-long"]);
    assert_eq!(found(json!({ "d": more })), ["/d too-long"]);
}

#[test]
fn a_rule_is_so_deep() {
    let make = |depth: usize| {
        let mut rule = json!(true);
        for _ in 1..depth {
            rule = json!({ "!": rule });
        }
        with_fields(json!([{ "id": "t", "type": "text", "label": "T", "showIf": rule }]))
    };
    let at = "/!".repeat(limits::RULE_DEPTH);
    let error = format!("/pages/0/fields/0/showIf{at}: expected a rule that is at most 64 deep");
    check_definition(limits::RULE_DEPTH, make, &error);
}

#[test]
fn all_rules_together_take_so_many_steps_and_the_next_change_has_them_again() {
    // Each element doubles the list.
    let both = json!({ "merge": [{ "var": "accumulator" }, { "var": "accumulator" }] });
    let endless = json!({ "reduce": [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24], both, [1]] });
    let when_on = |rule: Value| json!({ "if": [{ "var": "on" }, rule, 1] });
    let fields = json!([
        { "id": "on", "type": "yes-no", "label": "On", "checks": [
            { "assert": when_on(endless.clone()), "message": "Not on", "code": "on" }] },
        { "id": "shown", "type": "text", "label": "S", "showIf": when_on(endless.clone()) },
        { "id": "count", "type": "number", "label": "C", "calculate": when_on(endless) }
    ]);
    let mut session = open(fields, json!({ "on": true }));
    assert_eq!(codes(&session.findings()), ["/on rule-steps", "/count rule-steps"]);
    assert!(session.is_shown(session.at("/shown").unwrap()), "nobody loses a question by it");
    for language in ["th", "en"] {
        let words = session.form().message(&session.findings()[0], language);
        assert!(words.contains("agency") || words.contains("หน่วยงาน"), "{words}");
    }
    session.enter(session.at("/on").unwrap(), json!(false));
    assert_eq!(codes(&session.findings()), [""; 0]);
    assert_eq!(session.answers()["count"], json!(1));
}

#[test]
fn entries_of_another_shape_are_kept_until_somebody_answers_anew() {
    let fields = json!([
        { "id": "g", "type": "group", "label": "G", "fields": [{ "id": "a", "type": "text", "label": "A" }] },
        { "id": "r", "type": "repeat", "label": "R", "fields": [{ "id": "a", "type": "text", "label": "A" }] },
        { "id": "s", "type": "repeat", "label": "S", "fields": [{ "id": "a", "type": "text", "label": "A" }] }
    ]);
    let entries = json!({ "g": "x", "r": { "a": 1 }, "s": [5, { "a": "x", "old": 1 }], "old": [] });
    let mut session = open(fields, entries.clone());
    assert_eq!(codes(&session.findings()), ["/g type", "/r type", "/s/0 type"]);
    assert_eq!(Value::Object(session.entries()), entries);
    session.enter(session.at("/g/a").unwrap(), json!("ก"));
    session.add_row(session.at("/r").unwrap());
    session.enter(session.at("/s/0/a").unwrap(), json!("ข"));
    assert_eq!(codes(&session.findings()), [""; 0]);
    let expected = json!({
        "g": { "a": "ก" }, "r": [{}], "s": [{ "a": "ข" }, { "a": "x", "old": 1 }], "old": []
    });
    assert_eq!(Value::Object(session.entries()), expected);
}

#[test]
fn a_warning_hides_no_answer_that_is_written_otherwise() {
    let form = read(&with_fields(json!([
        { "id": "a", "type": "number", "label": "A", "checks": [
            { "assert": { "<": [{ "var": "a" }, 5] }, "message": "Much", "severity": "warning" }] },
        { "id": "ab", "type": "number", "label": "AB", "required": true }
    ])))
    .unwrap();
    let found = |answers: Value| codes(&form.check_submission(answers.as_object().unwrap(), TODAY));
    assert_eq!(found(json!({ "a": "9", "ab": 1 })), ["/a check", "/a not-canonical"]);
    assert_eq!(found(json!({ "a": "4", "ab": "x" })), ["/ab number", "/a not-canonical"]);
}

#[test]
fn a_form_of_nothing_is_a_form() {
    let session = open(json!([]), json!({}));
    assert_eq!((session.answers(), session.children(NodeId::FORM)), (&Map::new(), &[][..]));
}
