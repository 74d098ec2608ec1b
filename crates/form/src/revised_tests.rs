use serde_json::{Map, Value, json};

use super::*;
use crate::Date;

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

fn session(fields: &Value, entries: &Value) -> Session {
    let form = json!({
        "id": "form", "version": "1", "title": "Form", "languages": ["en"],
        "submit": { "url": "/api" },
        "pages": [{ "id": "page", "title": "Page", "fields": fields }]
    });
    let form = Form::parse(form.to_string().as_bytes()).unwrap();
    Session::new(form, entries.as_object().unwrap_or(&Map::new()), TODAY)
}

/// Pointers of what is new, to be looked at again, and gone.
fn check(before: Value, now: Value, entries: Value, expected: [&[&str]; 3]) {
    let (before, now) = (session(&before, &entries), session(&now, &entries));
    let revised = Revised::between(&before, &now);
    let of = |session: &Session, nodes: Vec<NodeId>| {
        nodes.into_iter().map(|node| session.pointer(node)).collect::<Vec<_>>()
    };
    let again = revised.again.iter().map(|(_, node)| *node).collect();
    let found = [of(&now, revised.new.clone()), of(&now, again), of(&before, revised.gone.clone())];
    assert_eq!(found, expected, "{entries}");
    assert_eq!(revised.is_empty(), expected.iter().all(|of| of.is_empty()));
}

fn text(id: &str) -> Value {
    json!({ "id": id, "type": "text", "label": id })
}

fn with(mut field: Value, member: &str, value: Value) -> Value {
    field[member] = value;
    field
}

#[test]
fn the_same_questions_are_no_change_whatever_else_is_another() {
    let before = json!([text("a"), text("b")]);
    let now = json!([with(text("b"), "hint", json!("Help")), text("a")]);
    check(before, now, json!({ "a": "1", "b": "2" }), [&[], &[], &[]]);
}

#[test]
fn what_was_not_asked_is_new_and_so_is_what_must_be_answered_now() {
    let before = json!([text("a"), text("b"), with(text("c"), "required", json!(true))]);
    let now = json!([
        text("a"), with(text("b"), "required", json!(true)), text("new"),
        with(text("c"), "required", json!(true)),
        // Nobody is asked this.
        with(text("given"), "calculate", json!("x")),
        { "id": "source", "type": "hidden" },
        { "id": "words", "type": "note", "text": "Words" },
        with(text("never"), "showIf", json!(false))
    ]);
    check(before.clone(), now.clone(), json!({}), [&["/b", "/new"], &[], &[]]);
    check(before, now, json!({ "b": "x" }), [&["/new"], &[], &[]]);
}

#[test]
fn an_answer_that_does_not_fit_any_more_is_looked_at_again() {
    let choice = |values: &[&str]| {
        let option = |value: &&str| json!({ "value": value, "label": value });
        let options: Vec<Value> = values.iter().map(option).collect();
        json!({ "id": "a", "type": "choice", "label": "a", "options": options })
    };
    let (before, now) = (json!([choice(&["x", "y"])]), json!([choice(&["y", "z"])]));
    check(before.clone(), now.clone(), json!({ "a": "x" }), [&[], &["/a"], &[]]);
    check(before.clone(), now.clone(), json!({ "a": "y" }), [&[], &[], &[]]);
    check(before, now, json!({}), [&[], &[], &[]]);
    // Another type that reads it otherwise, or not at all; and one that reads it as before.
    let number = json!([{ "id": "a", "type": "number", "label": "a" }]);
    check(json!([text("a")]), number.clone(), json!({ "a": "12" }), [&[], &["/a"], &[]]);
    check(json!([text("a")]), number, json!({ "a": "many" }), [&[], &["/a"], &[]]);
    // Another question about the same.
    let worded = json!([with(text("a"), "label", json!("Another question"))]);
    check(json!([text("a")]), worded, json!({ "a": "1" }), [&[], &["/a"], &[]]);
    // What was wrong before is no news.
    let short = json!([with(text("a"), "maxLength", json!(3))]);
    check(short.clone(), short.clone(), json!({ "a": "longer" }), [&[], &[], &[]]);
    check(json!([text("a")]), short, json!({ "a": "longer" }), [&[], &["/a"], &[]]);
}

#[test]
fn what_is_not_asked_any_more_is_gone_if_it_was_answered() {
    let before = json!([text("a"), text("b"), with(text("c"), "showIf", json!(false))]);
    let hidden = with(text("b"), "showIf", json!({ "==": [{ "var": "a" }, "x"] }));
    let entries = json!({ "a": "1", "b": "2", "c": "3" });
    check(before.clone(), json!([text("b")]), entries.clone(), [&[], &[], &["/a"]]);
    check(before.clone(), json!([text("a"), hidden]), entries, [&[], &[], &["/b"]]);
    check(before, json!([text("a")]), json!({ "a": "1" }), [&[], &[], &[]]);
}

#[test]
fn rows_and_groups_are_looked_into() {
    let rows = |inner: Value| json!([{ "id": "plots", "type": "repeat", "label": "Plots", "fields": inner }]);
    let entries = json!({ "plots": [{ "area": "1" }, { "area": "2", "deed": "7" }] });
    check(
        rows(json!([text("area"), text("deed")])),
        rows(json!([text("area"), text("use")])),
        entries.clone(),
        // Asked in each row, said once.
        [&["/plots/0/use"], &[], &["/plots/1/deed"]],
    );
    // As a group, or not at all, the rows are gone; what is new is said as a whole.
    let group =
        json!([{ "id": "plots", "type": "group", "label": "Plots", "fields": [text("area")] }]);
    let gone = &["/plots/0/area", "/plots/1/area", "/plots/1/deed"];
    let before = rows(json!([text("area"), text("deed")]));
    check(before, group, entries, [&["/plots"], &[], gone]);
}
