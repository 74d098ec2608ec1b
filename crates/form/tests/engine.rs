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
        Value::Object(form.answers(&map(entries), TODAY)),
        json!({ "name": "ก", "has_land": false })
    );
    let entries = json!({ "name": "ก", "has_land": true, "area": "๕", "crops": ["other", "rice"], "other": "x" });
    assert_eq!(
        Value::Object(form.answers(&map(entries), TODAY)),
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
        form.in_words(form.place_of(id).unwrap(), &answer, language)
    };
    assert_eq!(said("born", json!("2023-03-13"), "th"), "13 มีนาคม พ.ศ. 2566");
    assert_eq!(said("has_land", json!(true), "th"), "ใช่");
    assert_eq!(said("area", json!(1234.5), "th"), "1,234.5");
    assert_eq!(said("crops", json!(["rice", "other"]), "en"), "Rice, อื่น ๆ");
}

#[test]
fn thai_digits_are_shown_where_digits_are_numbers() {
    let form = form(&json!({
        "id": "f", "version": "1", "title": "F", "languages": ["th"], "digits": "thai",
        "submit": { "url": "/" },
        "pages": [{ "id": "p", "title": "P", "fields": [
            { "id": "area", "type": "number", "label": "A" },
            { "id": "born", "type": "date", "label": "A" },
            { "id": "phone", "type": "phone", "label": "A" },
            { "id": "code", "type": "text", "label": "A" },
            { "id": "email", "type": "email", "label": "A" },
            { "id": "web", "type": "url", "label": "A" },
            { "id": "passport", "type": "passport", "label": "A" }
        ] }]
    }))
    .unwrap();
    for (id, answer, said) in [
        ("area", json!(1234.5), "๑,๒๓๔.๕"),
        ("born", json!("2023-03-13"), "๑๓ มีนาคม พ.ศ. ๒๕๖๖"),
        ("phone", json!("+66812345678"), "๐๘๑-๒๓๔-๕๖๗๘"),
        ("code", json!("A1"), "A1"),
        ("email", json!("a1@example.com"), "a1@example.com"),
        ("web", json!("https://a1.example"), "https://a1.example"),
        ("passport", json!("AA1234567"), "AA1234567"),
    ] {
        assert_eq!(form.in_words(form.place_of(id).unwrap(), &answer, "th"), said, "{id}");
    }
    let area = form.place_of("area").unwrap();
    assert_eq!(form.in_words(area, &json!(1234.5), "en"), "1,234.5");
}

/// What is changed in the good definition, where the fault must be said to be, a part of the words.
fn faults() -> Vec<(String, Value, String, &'static str)> {
    const NAME: &str = "/pages/0/fields/0";
    let text = "expected text: a string, or";
    let at = |member: &str| format!("{NAME}/{member}");
    vec![
        // Members of every kind with a value of another type.
        (String::new(), json!([]), String::new(), "expected an object, found a list"),
        ("/$schema".into(), json!(1), "/$schema".into(), "expected a string, found a number"),
        ("/version".into(), json!(1), "/version".into(), "expected a string, found a number"),
        ("/title".into(), json!([]), "/title".into(), text),
        ("/title".into(), json!({}), "/title".into(), "at least one language"),
        ("/title".into(), json!({ "th": 5 }), "/title/th".into(), "expected a string"),
        ("/summary".into(), json!(true), "/summary".into(), "found true or false"),
        ("/languages".into(), json!("th"), "/languages".into(), "expected a list, found a string"),
        ("/languages".into(), json!(["th", 5]), "/languages/1".into(), "expected a string"),
        ("/agency".into(), json!("x"), "/agency".into(), "expected an object, found a string"),
        ("/submit".into(), json!([]), "/submit".into(), "expected an object, found a list"),
        ("/pages".into(), json!({}), "/pages".into(), "expected a list, found an object"),
        ("/pages/0".into(), json!("x"), "/pages/0".into(), "expected an object"),
        (NAME.into(), json!([]), NAME.into(), "expected an object"),
        (at("label"), json!(5), at("label"), text),
        (at("required"), json!("yes"), at("required"), "expected true or false, found a string"),
        (at("maxLength"), json!("ten"), at("maxLength"), "a whole number, found a string"),
        (at("maxLength"), json!(-1), at("maxLength"), "a whole number, 0 or more, found -1"),
        (at("messages"), json!([]), at("messages"), "expected an object"),
        (at("messages"), json!({ "a/b": 1 }), at("messages/a~1b"), text),
        (
            "/pages/1/fields/0/min".into(),
            json!("1"),
            "/pages/1/fields/0/min".into(),
            "expected a number, found a string",
        ),
        (
            "/pages/1/fields/0/decimals".into(),
            json!(256),
            "/pages/1/fields/0/decimals".into(),
            "a whole number, 0 to 255, found 256",
        ),
        (
            "/privacy".into(),
            json!({ "purpose": "x", "retentionDays": "long" }),
            "/privacy/retentionDays".into(),
            "a whole number, found a string",
        ),
        (
            "/privacy".into(),
            json!({ "purpose": "x", "recipients": ["x", 5] }),
            "/privacy/recipients/1".into(),
            text,
        ),
        // null is not the same as absent.
        ("/summary".into(), json!(null), "/summary".into(), "found null"),
        ("/agency".into(), json!(null), "/agency".into(), "found null"),
        (at("minLength"), json!(null), at("minLength"), "found null"),
        (at("required"), json!(null), at("required"), "found null"),
        (at("showIf"), json!(null), at("showIf"), "expected a rule"),
        // Members that are missing, at the place where they should be.
        ("/submit".into(), json!({}), "/submit/url".into(), "missing: expected a string"),
        ("/agency".into(), json!({}), "/agency/name".into(), "missing: expected text"),
        ("/privacy".into(), json!({}), "/privacy/purpose".into(), "missing: expected text"),
        (
            "/pages/0".into(),
            json!({ "id": "a", "title": "A" }),
            "/pages/0/fields".into(),
            "missing: expected a list",
        ),
        (
            "/pages/1/fields/1/options/1".into(),
            json!({ "label": "x" }),
            "/pages/1/fields/1/options/1/value".into(),
            "missing: expected a string",
        ),
        (NAME.into(), json!({ "id": "a" }), at("type"), "missing: expected a string"),
        (NAME.into(), json!({ "type": "text" }), at("id"), "missing: expected a name"),
        (
            NAME.into(),
            json!({ "id": "a", "type": "choice", "label": "A" }),
            at("options"),
            "missing: expected a list",
        ),
        // Members that the language does not know.
        (
            "/titel".into(),
            json!("x"),
            "/titel".into(),
            "unknown member `titel`, expected one of $schema, id, version, title",
        ),
        ("/pages/0/showif".into(), json!(true), "/pages/0/showif".into(), "unknown member"),
        (at("requierd"), json!(true), at("requierd"), "unknown member `requierd`"),
        (at("max"), json!(5), at("max"), "minLength, maxLength, pattern, autocomplete"),
        ("/submit/a~1b".into(), json!(1), "/submit/a~1b".into(), "unknown member `a/b`"),
        (
            "/agency".into(),
            json!({ "name": "x", "fax": "1" }),
            "/agency/fax".into(),
            "expected one of name, contact",
        ),
        (
            "/agency".into(),
            json!({ "name": "x", "contact": { "fax": "1" } }),
            "/agency/contact/fax".into(),
            "expected one of phone, email, url, address",
        ),
        (
            "/pages/1/fields/1/options/1/lable".into(),
            json!("x"),
            "/pages/1/fields/1/options/1/lable".into(),
            "expected one of value, label, hint",
        ),
        // Names and lists.
        ("/id".into(), json!(""), "/id".into(), "letters a-z"),
        ("/pages/1/id".into(), json!("who"), "/pages/1/id".into(), "there twice"),
        (
            "/pages/1/fields/0/id".into(),
            json!("name"),
            "/pages/1/fields/0/id".into(),
            "there twice",
        ),
        ("/pages/1/fields/0/id".into(), json!("ชื่อ"), "/pages/1/fields/0/id".into(), "letters a-z"),
        ("/pages".into(), json!([]), "/pages".into(), "at least one page"),
        ("/languages".into(), json!([]), "/languages".into(), "at least one language"),
        // What each type of field has of its own.
        (
            at("type"),
            json!("txet"),
            at("type"),
            "unknown type `txet`, expected one of text, textarea",
        ),
        (at("minLength"), json!(9), at("minLength"), "no more than `maxLength`"),
        (at("pattern"), json!("("), at("pattern"), "does not compile"),
        (
            "/pages/0/fields/1/max".into(),
            json!("tomorrow"),
            "/pages/0/fields/1/max".into(),
            "\"today\"",
        ),
        // A year of the Buddhist era, where the Gregorian one belongs.
        (
            "/pages/0/fields/1/min".into(),
            json!("2566-01-01"),
            "/pages/0/fields/1/min".into(),
            "a day C.E. as \"2026-11-20\"",
        ),
        (
            NAME.into(),
            json!({ "id": "a", "type": "month", "label": "A", "min": "2566-01" }),
            at("min"),
            "a month C.E. as \"2026-11\"",
        ),
        (
            "/pages/1/fields/0/min".into(),
            json!(2000),
            "/pages/1/fields/0/min".into(),
            "no more than `max`",
        ),
        (
            "/pages/1/fields/1/options".into(),
            json!([]),
            "/pages/1/fields/1/options".into(),
            "at least one option",
        ),
        (
            "/pages/1/fields/1/options/1".into(),
            json!({ "value": "rice", "label": "again" }),
            "/pages/1/fields/1/options/1/value".into(),
            "each there once",
        ),
        (
            NAME.into(),
            json!({ "id": "a", "type": "choice", "label": "A", "look": "nice", "options": [{ "value": "a", "label": "A" }] }),
            at("look"),
            "unknown look `nice`, expected one of radios, select",
        ),
        (
            NAME.into(),
            json!({ "id": "a", "type": "thai-national-id", "label": "A", "allow": ["thai", "martian"] }),
            at("allow/1"),
            "unknown kind of person `martian`",
        ),
        // Conditions.
        (
            "/pages/1/showIf".into(),
            json!({ "equals": [1, 1] }),
            "/pages/1/showIf/equals".into(),
            "unknown operator `equals`",
        ),
        (
            "/pages/1/showIf".into(),
            json!({ "==": [{ "foo": 1 }, true] }),
            "/pages/1/showIf/==/0/foo".into(),
            "unknown operator `foo`",
        ),
        (
            "/pages/1/showIf".into(),
            json!({ "==": [{ "var": "hasland" }, true] }),
            "/pages/1/showIf/==/0/var".into(),
            "no field `hasland`",
        ),
        (
            "/pages/0/fields/2/showIf".into(),
            json!({ "var": "area" }),
            "/pages/0/fields/2".into(),
            "in a circle: `has_land` needs `area` needs `has_land`",
        ),
    ]
}

#[test]
fn a_definition_that_cannot_be_read_says_where_and_what_was_expected() {
    for (place, value, path, words) in faults() {
        let mut bad = definition();
        put(&mut bad, &place, value.clone());
        let error = form(&bad).expect_err(&place);
        assert_eq!(error.path, path, "{place} {value}: {error}");
        assert!(error.expected.contains(words), "{place} {value}: {error}");
    }
}

/// What no schema can say: names that must be there once, limits that depend on each other, what
/// rules read, and whether a pattern compiles.
#[cfg(feature = "tools")]
const BEYOND_A_SCHEMA: [&str; 7] = [
    "there twice",
    "each there once",
    "no more than `max",
    "does not compile",
    "no field `",
    "in a circle",
    "at least one language",
];

#[cfg(feature = "tools")]
#[test]
fn the_schema_of_the_language_refuses_what_a_schema_can_refuse() {
    let schema = jsonschema::validator_for(&eform::tools::language()).unwrap();
    assert!(schema.is_valid(&definition()));
    let mut refused = 0;
    for (place, value, _, words) in faults() {
        let mut bad = definition();
        put(&mut bad, &place, value.clone());
        let is_beyond = BEYOND_A_SCHEMA.iter().any(|beyond| words.contains(beyond));
        assert!(!schema.is_valid(&bad) || is_beyond, "{place} {value}");
        refused += usize::from(!schema.is_valid(&bad));
    }
    assert!(refused >= 50, "{refused} of {}", faults().len());
    println!("{refused} of {} are refused by the schema", faults().len());
}

/// Puts a value at a pointer whose parent is there.
fn put(root: &mut Value, place: &str, value: Value) {
    let Some((parent, key)) = place.rsplit_once('/') else {
        *root = value;
        return;
    };
    match root.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        parent => parent[key.replace("~1", "/").replace("~0", "~")] = value,
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
        let answers = form.answers(&entries, TODAY);
        if on_the_phone.is_empty() {
            proptest::prop_assert_eq!(form.check_submission(&answers, TODAY), []);
        }
        proptest::prop_assert_eq!(&form.answers(&answers, TODAY), &answers, "answers read as themselves");
    }

    /// Whatever stands in place of a part of a form: no panic, and an error says where it is.
    #[test]
    fn an_error_in_a_definition_is_at_a_place_in_it(
        at in proptest::prelude::any::<proptest::sample::Index>(), value in part()
    ) {
        let mut root: Value = serde_json::from_str(SAMPLE).unwrap();
        let mut places = Vec::new();
        pointers(&root, String::new(), &mut places);
        let place: &String = at.get(&places);
        put(&mut root, place, value);
        if let Err(error) = form(&root) {
            let parent = error.path.rsplit_once('/').map_or("", |(parent, _)| parent);
            let found = root.pointer(&error.path).or(root.pointer(parent));
            proptest::prop_assert!(found.is_some(), "{}", error);
        }
    }
}

/// A part of a file: no panic, and the error says at which line.
#[test]
fn no_beginning_of_a_file_is_taken_for_a_form() {
    let bytes = SAMPLE.trim_end().as_bytes();
    for length in (0..bytes.len()).step_by(61) {
        let error = Form::parse(&bytes[..length]).unwrap_err();
        assert!(error.position.is_some() && error.path.is_empty(), "{length}: {error}");
    }
    assert!(Form::parse(bytes).is_ok());
}

const SAMPLE: &str = include_str!("../../../tests/forms/journey.json");

/// Every place in a document.
fn pointers(node: &Value, path: String, found: &mut Vec<String>) {
    match node {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                pointers(item, format!("{path}/{at}"), found);
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(item, format!("{path}/{name}"), found);
            }
        }
        _ => {}
    }
    found.push(path);
}

/// What may stand in a definition, and much that may not.
fn part() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "(text|number|date|choice|choices|today|first_name|has_land|[(]|th)".prop_map(Value::from),
    ];
    plain.prop_recursive(3, 12, 4, |inner| {
        let name = "(id|type|label|options|value|th|fields|showIf|var|==|and|missing|in|a/b|~)";
        let object = prop::collection::btree_map(name, inner.clone(), 0..4)
            .prop_map(|members| Value::Object(members.into_iter().collect()));
        prop_oneof![prop::collection::vec(inner, 0..4).prop_map(Value::from), object]
    })
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
