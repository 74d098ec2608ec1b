//! `eform check`: what is found, where, and in which words.

use eform::tools::{self, Issue};
use serde_json::{Value, json};

use crate::support::{TODAY, both, farm, put};

fn issues(definition: &Value) -> Vec<Issue> {
    tools::check(format!("{definition:#}").as_bytes(), TODAY)
}

/// The issues as `error[code] /path`, without their words.
fn short(issues: &[Issue]) -> Vec<String> {
    let short = |issue: &Issue| {
        let line = issue.to_string();
        line.split(' ')
            .skip(1)
            .take(2)
            .collect::<Vec<_>>()
            .join(" ")
            .trim_end_matches(':')
            .to_owned()
    };
    issues.iter().map(short).collect()
}

const NAME: &str = "/pages/0/fields/0";
const BORN: &str = "/pages/0/fields/1";
const KIND: &str = "/pages/0/fields/2";
const LAND: &str = "/pages/1/fields";

#[test]
fn nothing_is_said_of_a_good_form() {
    assert_eq!(issues(&farm()), []);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/forms");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".json") && !name.ends_with(".cases.json") && name != "index.json" {
            let found = tools::check(&std::fs::read(&path).unwrap(), TODAY);
            assert_eq!(found, [], "{name}");
        }
    }
}

/// One change of the good form; what is found; a part of the words.
#[test]
fn each_mistake_is_found_at_its_place() {
    let condition = |rule: Value| Some(rule);
    let some = |value: Value| Some(value);
    let cases: Vec<(String, Option<Value>, &str, &str)> = vec![
        // What keeps the form from being read.
        ("/version".into(), None, "error[missing] /version", "missing: expected a string"),
        (
            "/pages/0/titel".into(),
            some(both("x")),
            "error[unknown-member] /pages/0/titel",
            "did you mean `title`?",
        ),
        (
            format!("{NAME}/type"),
            some(json!("string")),
            "error[unknown-type] /pages/0/fields/0/type",
            "did you mean `text`?",
        ),
        (
            format!("{NAME}/type"),
            some(json!("hologram")),
            "error[unknown-type] /pages/0/fields/0/type",
            "expected one of text",
        ),
        (
            format!("{NAME}/pattern"),
            some(json!("(")),
            "error[pattern] /pages/0/fields/0/pattern",
            "does not compile",
        ),
        (
            format!("{NAME}/showIf"),
            condition(json!({ "eq": [1, 1] })),
            "error[unknown-operator] /pages/0/fields/0/showIf/eq",
            "unknown operator `eq`",
        ),
        (
            format!("{NAME}/showIf"),
            condition(json!({ "var": "haz_land" })),
            "error[unknown-field] /pages/0/fields/0/showIf/var",
            "did you mean `has_land`?",
        ),
        (
            format!("{NAME}/showIf"),
            condition(json!({ "var": "name" })),
            "error[circle] /pages/0/fields/0",
            "`name` needs `name`",
        ),
        (
            format!("{NAME}/id"),
            some(json!("born")),
            "error[twice] /pages/0/fields/1/id",
            "there twice",
        ),
        (
            "/submit/url".into(),
            some(json!("www.example.go.th")),
            "error[submit-url] /submit/url",
            "expected a path",
        ),
        (
            "/submit/url".into(),
            some(json!("http://example.go.th/x")),
            "warning[submit-url] /submit/url",
            "in the clear",
        ),
        (
            "/submit/sealTo".into(),
            some(json!({ "kid": "2569-1", "publicKey": "your key" })),
            "error[seal-key] /submit/sealTo/publicKey",
            "this is not a public key",
        ),
        (
            "/submit/sealTo".into(),
            some(json!({ "kid": "2569-1", "publicKey": eform::base64::encode(&[0; 32]) })),
            "error[seal-key] /submit/sealTo/publicKey",
            "eform-agency keys new",
        ),
        (
            "/submit/signIn".into(),
            some(json!("javascript:alert(1)")),
            "error[sign-in] /submit/signIn",
            "expected a path",
        ),
        (
            "/submit/signIn".into(),
            some(json!("//example.go.th/in")),
            "error[sign-in] /submit/signIn",
            "https://",
        ),
        // Words.
        (
            "/title".into(),
            some(json!("Farm")),
            "warning[text-missing] /title",
            "write { \"th\": \"…\", \"en\": \"…\" }",
        ),
        (
            "/title".into(),
            some(json!({ "th": "ก" })),
            "warning[text-missing] /title",
            "no words in `en`",
        ),
        (
            "/title/en".into(),
            some(json!(" ")),
            "warning[text-missing] /title/en",
            "there are no words",
        ),
        (
            "/title/eng".into(),
            some(json!("x")),
            "warning[text-unlisted] /title/eng",
            "did you mean `en`?",
        ),
        (
            format!("{KIND}/options/1/label"),
            some(json!("x")),
            "warning[text-missing] /pages/0/fields/2/options/1/label",
            "every language",
        ),
        (
            format!("{LAND}/1/fields/0/unit"),
            some(json!({ "th": "ไร่" })),
            "warning[text-missing] /pages/1/fields/1/fields/0/unit",
            "`en`",
        ),
        (
            format!("{LAND}/1/rowTitle"),
            some(json!("Plot {n}")),
            "warning[text-missing] /pages/1/fields/1/rowTitle",
            "every language",
        ),
        (
            format!("{LAND}/1/fields/1/checks/0/message"),
            some(json!({ "en": "x" })),
            "warning[text-missing] /pages/1/fields/1/fields/1/checks/0/message",
            "`th`",
        ),
        (
            format!("{NAME}/messages"),
            some(json!({ "required": "x" })),
            "warning[text-missing] /pages/0/fields/0/messages/required",
            "every language",
        ),
        (
            format!("{NAME}/label"),
            some(both(&"ก".repeat(201))),
            "hint[text-long] /pages/0/fields/0/label/en hint[text-long] /pages/0/fields/0/label/th",
            "201 characters",
        ),
        (
            "/languages/1".into(),
            some(json!("eng")),
            "warning[unknown-language] /languages/1",
            "write `en`",
        ),
        // Words in place of the kit's.
        (
            format!("{NAME}/messages"),
            some(json!({ "requierd": both("x") })),
            "warning[unknown-code] /pages/0/fields/0/messages/requierd",
            "did you mean `required`?",
        ),
        (
            format!("{KIND}/messages"),
            some(json!({ "required": both("x") })),
            "warning[unknown-code] /pages/0/fields/2/messages/required",
            "did you mean `required-choice`?",
        ),
        (
            format!("{NAME}/messages"),
            some(json!({ "date-early": both("x") })),
            "hint[unknown-code] /pages/0/fields/0/messages/date-early",
            "may never find",
        ),
        (
            format!("{NAME}/messages"),
            some(json!({ "too-long": both("{max} {label} {mox}") })),
            "hint[unknown-parameter] /pages/0/fields/0/messages/too-long",
            "`{mox}`",
        ),
        (
            format!("{LAND}/1/fields/1/checks/0/message"),
            some(both("{area}")),
            "warning[unknown-parameter] /pages/1/fields/1/fields/1/checks/0/message",
            "`{area}`",
        ),
        // Pages and members without an effect.
        (
            "/pages/-".into(),
            some(json!({ "id": "p", "title": both("P"), "fields": [] })),
            "warning[empty] /pages/2",
            "nothing on this page",
        ),
        (
            "/pages/0/id".into(),
            some(json!("name")),
            "hint[same-name] /pages/0/id",
            "a field is named `name` too",
        ),
        ("/privacy".into(), None, "hint[privacy] /privacy", "section 23"),
        ("/agency".into(), None, "hint[privacy] /agency", "section 23"),
        (
            format!("{NAME}/requiredIf"),
            condition(json!({ "var": "kind" })),
            "warning[no-effect] /pages/0/fields/0/requiredIf",
            "`required` anyway",
        ),
        (
            format!("{LAND}/3/default"),
            condition(json!(5)),
            "warning[no-effect] /pages/1/fields/3/default",
            "always calculated",
        ),
        (
            format!("{NAME}/readOnly"),
            some(json!(true)),
            "warning[locked] /pages/0/fields/0/readOnly",
            "nobody can answer",
        ),
        (
            NAME.into(),
            some(json!({ "id": "name", "type": "hidden", "label": both("x"), "required": true })),
            "warning[locked] /pages/0/fields/0/required",
            "gives no value",
        ),
        (
            NAME.into(),
            some(json!({ "id": "name", "type": "group", "label": both("x"), "fields": [
                { "id": "case", "type": "hidden", "label": both("x") }
            ] })),
            "warning[locked] /pages/0/fields/0/fields/0",
            "not of a group",
        ),
        (
            format!("{KIND}/options/0/exclusive"),
            some(json!(true)),
            "error[value] /pages/0/fields/2/options/0/exclusive",
            "have no `exclusive`",
        ),
        // Defaults.
        (
            format!("{KIND}/default"),
            condition(json!("newest")),
            "warning[default] /pages/0/fields/2/default",
            "option",
        ),
        (
            format!("{NAME}/default"),
            condition(json!("x".repeat(61))),
            "warning[default] /pages/0/fields/0/default",
            "too-long",
        ),
        (
            format!("{BORN}/default"),
            condition(json!("2026-11-21")),
            "warning[default] /pages/0/fields/1/default",
            "date-future",
        ),
        // Conditions that never or always hold.
        (
            format!("{NAME}/showIf"),
            condition(json!(false)),
            "warning[never-shown] /pages/0/fields/0/showIf",
            "although it is `required`",
        ),
        (
            format!("{NAME}/showIf"),
            condition(json!({ "==": [1, 1] })),
            "warning[constant] /pages/0/fields/0/showIf",
            "leave it out",
        ),
        (
            "/pages/1/showIf".into(),
            condition(json!({ "and": [{ "var": "has_land" }, { "!": { "var": "has_land" } }] })),
            "warning[never-shown] /pages/1/showIf",
            "the page is never shown",
        ),
        (
            format!("{LAND}/3/showIf"),
            condition(json!({ "==": [{ "var": "has_land" }, false] })),
            "warning[never-shown] /pages/1/fields/3/showIf",
            "where the field stands",
        ),
        (
            format!("{NAME}/showIf"),
            condition(
                json!({ "or": [{ "==": [{ "var": "kind" }, "new"] }, { "!=": [{ "var": "kind" }, "new"] }] }),
            ),
            "warning[constant] /pages/0/fields/0/showIf",
            "always holds",
        ),
        (
            format!("{NAME}/checks"),
            some(json!([{ "assert": { "in": [1, [2]] }, "message": both("x") }])),
            "warning[constant] /pages/0/fields/0/checks/0/assert",
            "always finds something",
        ),
        // Comparisons with what can never be.
        (
            format!("{BORN}/showIf"),
            condition(json!({ "!=": [{ "var": "kind" }, "renewel"] })),
            "warning[impossible] /pages/0/fields/1/showIf/!=/1",
            "did you mean \"renewal\"?",
        ),
        (
            format!("{BORN}/requiredIf"),
            condition(json!({ "in": [{ "var": "kind" }, ["new", "old"]] })),
            "warning[impossible] /pages/0/fields/1/requiredIf/in/1/1",
            "only \"new\", \"renewal\"",
        ),
        (
            format!("{LAND}/3/readOnlyIf"),
            condition(json!({ "or": [{ "var": "name" }, { "==": [{ "var": "crops" }, "rice"] }] })),
            "warning[impossible] /pages/1/fields/3/readOnlyIf/or/1/==/0",
            r#"{"in": ["rice", {"var": "crops"}]}"#,
        ),
        (
            format!("{LAND}/3/readOnlyIf"),
            condition(json!({ "or": [{ "var": "name" }, { "in": ["rise", { "var": "crops" }] }] })),
            "warning[impossible] /pages/1/fields/3/readOnlyIf/or/1/in/0",
            "did you mean \"rice\"?",
        ),
        // Things that cannot be compared or reckoned with.
        (
            format!("{NAME}/checks"),
            some(json!([{ "assert": { "<": [{ "var": "born" }, 2000] }, "message": both("x") }])),
            "warning[compare] /pages/0/fields/0/checks/0/assert/</1",
            "compares a date with the number 2000",
        ),
        (
            format!("{NAME}/checks"),
            some(
                json!([{ "assert": { "<": [{ "var": "born" }, "1/1/2540"] }, "message": both("x") }]),
            ),
            "warning[compare] /pages/0/fields/0/checks/0/assert/</1",
            "write the day as",
        ),
        (
            format!("{LAND}/3/showIf"),
            condition(json!({ ">": [{ "var": "plots" }, 2] })),
            "warning[compare] /pages/1/fields/3/showIf/>/1",
            "count it with `count`",
        ),
        (
            format!("{LAND}/3/calculate"),
            condition(json!({ "-": [{ "today": [] }, { "var": "born" }] })),
            "warning[compare] /pages/1/fields/3/calculate/-/0 warning[compare] /pages/1/fields/3/calculate/-/1",
            "use `years-between`",
        ),
        (
            format!("{LAND}/3/calculate"),
            condition(json!({ "years-between": [{ "var": "has_land" }, { "today": [] }] })),
            "warning[compare] /pages/1/fields/3/calculate/years-between/0",
            "needs two dates",
        ),
        (
            format!("{LAND}/3/calculate"),
            condition(json!({ "/": [{ "sum": [{ "var": "plots" }, "area"] }, 3] })),
            "warning[calculate] /pages/1/fields/3/calculate",
            "put `round` around it",
        ),
        (
            format!("{BORN}/calculate"),
            condition(json!({ "count": [{ "var": "plots" }] })),
            "warning[calculate] /pages/0/fields/1/calculate",
            "gives a number, the field takes a date",
        ),
        (
            format!("{BORN}/max"),
            some(json!("2569-11-20")),
            "error[value] /pages/0/fields/1/max",
            "a day C.E. as \"2026-11-20\"",
        ),
        (
            format!("{NAME}/checks"),
            some(
                json!([{ "assert": { "<": [{ "var": "born" }, "2540-01-01"] }, "message": both("x") }]),
            ),
            "warning[era] /pages/0/fields/0/checks/0/assert/</1",
            "write \"1997-01-01\"",
        ),
        (
            format!("{LAND}/3/calculate"),
            condition(json!({ "days-between": ["2569-01-01", { "today": [] }] })),
            "warning[era] /pages/1/fields/3/calculate/days-between/0",
            "write \"2026-01-01\"",
        ),
        // Conditions that hold whatever is answered.
        (
            format!("{NAME}/showIf"),
            condition(json!("kind == new")),
            "warning[constant] /pages/0/fields/0/showIf",
            "a text always holds",
        ),
        (
            "/pages/0/fields/-".into(),
            some(json!({ "id": "share", "type": "consent", "version": "1", "label": both("S"),
                "text": both("S"), "checks": [
                { "assert": { "or": [{ "var": "share" }, { "var": "name" }] }, "message": both("x") }] })),
            "warning[constant] /pages/0/fields/4/checks/0/assert/or/0",
            r#"write {"var": "share.given"}"#,
        ),
        // Rules that stand outside of the rows that they are about.
        (
            format!("{LAND}/1/checks"),
            some(json!([{ "assert": { ">": [{ "var": "area" }, 0] }, "message": both("x") }])),
            "error[unknown-field] /pages/1/fields/1/checks/0/assert/>/0/var",
            "`rowChecks`",
        ),
        (
            format!("{LAND}/3/showIf"),
            condition(json!({ "some": [{ "var": "plots" }, { ">": [{ "var": "arae" }, 5] }] })),
            "warning[unknown-field] /pages/1/fields/3/showIf/some/1/>/0/var",
            "did you mean `area`?",
        ),
    ];
    for (place, value, expected, words) in cases {
        let mut bad = farm();
        put(&mut bad, &place, value.clone());
        let found = issues(&bad);
        assert_eq!(short(&found).join(" "), expected, "{place} {value:?}: {found:#?}");
        assert!(found[0].message.contains(words), "{place}: {}", found[0]);
    }
}

#[test]
fn several_mistakes_are_told_at_once_each_with_its_line_and_column() {
    let text = r#"{
  "id": "well request", "version": 2569, "titel": { "th": "ก", "en": "A" },
  "languages": ["th", "en"], "submit": { "url": "/" },
  "agency": { "name": { "th": "ก", "en": "A" } }, "privacy": { "purpose": { "th": "ก", "en": "A" } },
  "pages": [{ "id": "p", "title": { "th": "ก", "en": "A" }, "fields": [
    7,
    { "id": "a", "type": "txet", "label": { "th": "ก", "en": "A" }, "requierd": true, "maxLength": "ten" },
    { "id": "b", "type": "yes-no", "lable": { "th": "ก", "en": "A" }, "showIf": { "var": "x" }, "showIf": { "eq": 1 } },
    { "id": "c", "type": "hologram", "depth": 5, "label": { "th": "ก" } },
    { "id": "ง", "type": "choice", "label": { "th": "ก", "en": "A" }, "options": [{ "value": "x" }, { "label": "y" }] },
    { "id": "d", "type": "text", "label": { "th": "ก", "en": "A" }, "showIf": { "and": [{ "var": "c" }, { "var": "e" }] } },
    { "id": "e", "type": "text", "label": { "th": "ก", "en": "A" }, "showIf": { "var": "d" } },
    { "id": "e", "type": "group", "label": { "th": "ก", "en": "A" }, "fields": {} }
  ] }]
}"#;
    let found: Vec<String> = tools::check(text.as_bytes(), TODAY)
        .iter()
        .map(|issue| format!("{}:{} {}", issue.line, issue.column, issue.code))
        .collect();
    let expected = [
        "2:9 value",
        "2:36 value",
        "2:42 unknown-member",
        "6:5 value",
        "7:26 unknown-type",
        "7:69 unknown-member",
        "7:100 value",
        "8:36 unknown-member",
        "8:97 duplicate-member",
        "8:115 unknown-operator",
        "9:26 unknown-type",
        "10:13 value",
        "10:83 missing",
        "10:101 missing",
        "10:103 text-missing",
        "11:5 circle",
        "13:13 twice",
        "13:80 value",
    ];
    assert_eq!(found, expected, "{:#?}", tools::check(text.as_bytes(), TODAY));
}

#[test]
fn a_file_that_is_no_json_has_one_issue_with_its_place() {
    let [issue] = &tools::check(b"{\n  \"id\": \"x\",\n}", TODAY)[..] else { panic!() };
    assert_eq!((issue.line, issue.column, issue.code), (3, 1, "json"));
    for (text, words) in [
        ("{ “id”: 1 }", "straight double quotes"),
        ("{ \"id\": ’x’ }", "straight double quotes"),
        ("{\n  // the form\n  \"id\": 1 }", "no comments"),
    ] {
        let [issue] = &tools::check(text.as_bytes(), TODAY)[..] else { panic!() };
        assert!(issue.message.contains(words), "{text}: {issue}");
    }
    let [issue] = &tools::check(b"[]", TODAY)[..] else { panic!() };
    assert_eq!(issue.to_string(), "1:1: error[value] /: expected an object, found a list");
    assert_eq!(tools::check(&vec![b' '; 5 << 20], TODAY).len(), 1);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    /// Whatever stands in place of parts of a form: no panic, and whoever cannot read the form has
    /// an error to show for it.
    #[test]
    fn what_cannot_be_read_has_an_error(
        changes in proptest::collection::vec(
            (proptest::prelude::any::<proptest::sample::Index>(), part()), 1..5
        )
    ) {
        let mut root = farm();
        for (at, value) in changes {
            let mut places = Vec::new();
            pointers(&root, String::new(), &mut places);
            let place = at.get(&places).clone();
            *root.pointer_mut(&place).unwrap() = value;
        }
        let found = issues(&root);
        let read = eform::Form::parse(root.to_string().as_bytes());
        let has_error = found.iter().any(|issue| issue.severity == tools::Weight::Error && issue.code != "submit-url");
        // The other tools take every form that can be read.
        if let Ok(form) = &read {
            let schema = tools::schema(form);
            proptest::prop_assert!(jsonschema::meta::is_valid(&schema));
            for field in form.fields() {
                _ = tools::explain(root.to_string().as_bytes(), &field.id, "en");
            }
        }
        proptest::prop_assert_eq!(read.is_err(), has_error, "{:?} {:#?}", read.err(), found);
    }
}

fn pointers(value: &Value, path: String, places: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                pointers(item, format!("{path}/{at}"), places);
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(item, format!("{path}/{name}"), places);
            }
        }
        _ => {}
    }
    places.push(path);
}

fn part() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::*;
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..300_i64).prop_map(Value::from),
        "(text|number|repeat|group|name|kind|new|today|has_land|x|)".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!({ "var": "kind" })),
        Just(json!({ "==": [{ "var": "crops" }, { "var": "total" }] })),
        Just(json!({ "id": "x", "type": "text", "label": "X" })),
        Just(json!([{ "id": "x", "type": "yes-no", "label": "X" }])),
    ]
}
