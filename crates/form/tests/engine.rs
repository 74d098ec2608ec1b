//! The engine as its users meet it: a definition in, findings and answers out.

use eform::{Date, Form};
use serde_json::{Map, Value, json};

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

fn definition() -> Value {
    json!({
        "id": "farm", "version": "1", "languages": ["th", "en"],
        "title": { "th": "ไร่นา", "en": "Farm" }, "submit": { "url": "/api/submissions" },
        "pages": [
            { "id": "who", "title": "Who", "fields": [
                { "id": "name", "type": "text", "label": { "th": "ชื่อ", "en": "Name" }, "required": true, "maxLength": 5,
                  "messages": { "required": { "th": "บอกชื่อด้วย" } } },
                { "id": "born", "type": "date", "label": "วันเกิด", "max": "today" },
                { "id": "has_land", "type": "yes-no", "label": "มีที่ดิน", "required": true }
            ] },
            { "id": "land", "title": "Land", "showIf": { "==": [{ "var": "has_land" }, true] }, "fields": [
                { "id": "area", "type": "number", "label": "เนื้อที่", "required": true, "min": 1, "max": 1000 },
                { "id": "crops", "type": "choices", "label": "พืช", "options": [
                    { "value": "rice", "label": { "th": "ข้าว", "en": "Rice" } }, { "value": "other", "label": "อื่น ๆ" } ] },
                { "id": "other", "type": "text", "label": "พืชอื่น", "required": true,
                  "showIf": { "in": ["other", { "var": "crops" }] } }
            ] }
        ]
    })
}

fn form(definition: &Value) -> Result<Form, eform::DefinitionError> {
    Form::parse(definition.to_string().as_bytes())
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

fn codes(entries: Value) -> Vec<String> {
    let findings = form(&definition()).unwrap().check(&map(entries), TODAY);
    findings.iter().map(|finding| format!("{} {}", finding.path, finding.code)).collect()
}

#[test]
fn finds_what_is_wrong_with_shown_fields_in_the_order_of_the_form() {
    let cases = [
        (json!({}), vec!["/name required", "/has_land required-choice"]),
        (json!({ "name": "สมชายใจดี", "has_land": false }), vec!["/name too-long"]),
        (
            json!({ "name": "ก", "born": "2026-11-21", "has_land": false }),
            vec!["/born date-future"],
        ),
        (json!({ "name": "ก", "born": "20/11/2569", "has_land": false }), vec![]),
        (json!({ "name": "ก", "has_land": true }), vec!["/area required"]),
        (json!({ "name": "ก", "has_land": true, "area": "๐" }), vec!["/area too-small"]),
        (
            json!({ "name": "ก", "has_land": true, "area": 1, "crops": ["other"] }),
            vec!["/other required"],
        ),
        (
            json!({ "name": "ก", "has_land": true, "area": 1, "crops": ["wheat"] }),
            vec!["/crops option"],
        ),
        (json!({ "name": 5, "has_land": "yes" }), vec!["/name type", "/has_land type"]),
    ];
    for (entries, expected) in cases {
        assert_eq!(codes(entries.clone()), expected, "{entries}");
    }
}

#[test]
fn a_field_that_is_not_shown_has_no_answer_and_hides_what_depends_on_it() {
    let form = form(&definition()).unwrap();
    let entries =
        json!({ "name": " ก ", "has_land": false, "area": "5", "crops": ["other"], "other": "x" });
    assert_eq!(
        Value::Object(form.answers(&map(entries))),
        json!({ "name": "ก", "has_land": false })
    );
    let entries = json!({ "name": "ก", "has_land": true, "area": "๕", "crops": ["other", "rice"], "other": "x" });
    assert_eq!(
        Value::Object(form.answers(&map(entries))),
        json!({ "name": "ก", "has_land": true, "area": 5, "crops": ["rice", "other"], "other": "x" })
    );
}

#[test]
fn the_agency_takes_what_the_phone_sends_and_nothing_else() {
    let form = form(&definition()).unwrap();
    let found = |answers: Value| -> Vec<String> {
        let findings = form.check_submission(&map(answers), TODAY);
        findings.iter().map(|finding| format!("{} {}", finding.path, finding.code)).collect()
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(found(json!({ "name": "ก", "has_land": true, "area": 5 })), none);
    assert_eq!(found(json!({ "name": "ก ", "has_land": false })), ["/name not-canonical"]);
    assert_eq!(found(json!({ "name": "ก", "has_land": false, "area": 5 })), ["/area not-shown"]);
    assert_eq!(found(json!({ "name": "ก", "has_land": false, "x/y": 5 })), ["/x~1y unknown-field"]);
    assert_eq!(
        found(json!({ "name": "ก", "has_land": false, "born": null })),
        ["/born not-canonical"]
    );
    assert_eq!(
        found(json!({ "name": "ก", "has_land": true, "area": "5" })),
        ["/area not-canonical"]
    );
    assert_eq!(found(json!({ "name": "ก", "has_land": true, "area": 5000 })), ["/area too-large"]);
}

#[test]
fn words_come_from_the_field_then_the_catalogue_in_the_wanted_language() {
    let form = form(&definition()).unwrap();
    let findings = form.check(&Map::new(), TODAY);
    assert_eq!(form.message(&findings[0], "th"), "บอกชื่อด้วย");
    assert_eq!(form.message(&findings[1], "th"), "กรุณาเลือกคำตอบของ “มีที่ดิน”");
    assert_eq!(form.message(&findings[1], "en"), "Choose an answer for “มีที่ดิน”");
}

#[test]
fn answers_are_said_in_words() {
    let form = form(&definition()).unwrap();
    let said = |id: &str, answer: Value, language: &str| {
        form.in_words(form.index_of(id).unwrap(), &answer, language)
    };
    assert_eq!(said("born", json!("2023-03-13"), "th"), "13 มีนาคม พ.ศ. 2566");
    assert_eq!(said("has_land", json!(true), "th"), "ใช่");
    assert_eq!(said("area", json!(1234.5), "th"), "1,234.5");
    assert_eq!(said("crops", json!(["rice", "other"]), "en"), "Rice, อื่น ๆ");
}

/// What is changed in the good definition, where the fault must be said to be, a part of the words.
#[test]
fn a_definition_that_cannot_be_read_says_where_and_what_was_expected() {
    let cases: [(&str, Value, &str, &str); 17] = [
        ("/pages/0/fields/0/type", json!("txet"), "/pages/0/fields/0/type", "unknown type `txet`"),
        ("/pages/0/fields/0/label", json!(5), "/pages/0/fields/0/label", "expected text"),
        (
            "/pages/0/fields/0/requierd",
            json!(true),
            "/pages/0/fields/0/requierd",
            "unknown field `requierd`",
        ),
        (
            "/pages/0/fields/0/maxLength",
            json!("ten"),
            "/pages/0/fields/0/maxLength",
            "invalid type",
        ),
        (
            "/pages/0/fields/0/minLength",
            json!(9),
            "/pages/0/fields/0/minLength",
            "no more than `maxLength`",
        ),
        ("/pages/0/fields/0/pattern", json!("("), "/pages/0/fields/0/pattern", "does not compile"),
        ("/pages/0/fields/1/max", json!("tomorrow"), "/pages/0/fields/1/max", "\"today\""),
        (
            "/pages/1/fields/1/options/1",
            json!({ "value": "rice", "label": "again" }),
            "/pages/1/fields/1/options",
            "each there once",
        ),
        (
            "/pages/1/fields/1/options/1",
            json!({ "label": "x" }),
            "/pages/1/fields/1/options/1",
            "missing field `value`",
        ),
        ("/pages/1/fields/0/id", json!("name"), "/pages/1/fields/0/id", "there twice"),
        ("/pages/1/fields/0/id", json!("ชื่อ"), "/pages/1/fields/0/id", "letters a-z"),
        (
            "/pages/1/showIf",
            json!({ "equals": [1, 1] }),
            "/pages/1/showIf/equals",
            "unknown operator",
        ),
        (
            "/pages/1/showIf",
            json!({ "==": [{ "var": "hasland" }, true] }),
            "/pages/1/showIf",
            "no field `hasland`",
        ),
        ("/pages/0/fields/2/showIf", json!({ "var": "area" }), "/pages", "circle"),
        ("/pages", json!([]), "/pages", "at least one page"),
        ("/languages", json!("th"), "/languages", "invalid type"),
        ("/submit", json!({}), "/submit", "missing field `url`"),
    ];
    for (place, value, path, words) in cases {
        let mut bad = definition();
        let (parent, key) = place.rsplit_once('/').unwrap();
        match bad.pointer_mut(parent).unwrap() {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
            parent => parent[key] = value,
        }
        let error = form(&bad).expect_err(place);
        assert!(error.path.starts_with(path), "{place}: {error}");
        assert!(error.to_string().contains(words), "{place}: {error}");
    }
}

#[test]
fn a_file_that_is_not_json_says_line_and_column() {
    let error = Form::parse(b"{\n  \"id\": \"x\",\n}").unwrap_err();
    assert_eq!(error.position, Some((3, 1)));
}

proptest::proptest! {
    /// Whatever is entered: no panic, and what the phone finds good the agency finds good.
    #[test]
    fn what_the_phone_accepts_the_server_accepts(
        name in entry(), born in entry(), has_land in entry(), area in entry(), crops in entry(), other in entry()
    ) {
        let form = form(&definition()).unwrap();
        let entries = map(json!({
            "name": name, "born": born, "has_land": has_land, "area": area, "crops": crops, "other": other
        }));
        let on_the_phone = form.check(&entries, TODAY);
        let answers = form.answers(&entries);
        if on_the_phone.is_empty() {
            proptest::prop_assert_eq!(form.check_submission(&answers, TODAY), []);
        }
        proptest::prop_assert_eq!(&form.answers(&answers), &answers, "answers read as themselves");
    }
}

fn entry() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[๐-๙0-9,./ -]{0,10}".prop_map(Value::from),
        "(13/0?3/2566|2023-03-13|rice|other|ก|5)".prop_map(Value::from),
    ];
    prop_oneof![
        4 => plain.clone(),
        1 => prop::collection::vec("(rice|other|wheat)".prop_map(Value::from), 0..4).prop_map(Value::from),
        1 => ("[0-9]{0,2}", "[0-9]{0,2}", "(25[0-9]{2}|[0-9]{0,4})")
            .prop_map(|(day, month, year)| json!({ "day": day, "month": month, "year": year })),
        1 => prop::collection::vec(plain, 0..3).prop_map(Value::from),
    ]
}
