//! The schema of a form's answers against what the engine takes.

use std::cell::Cell;

use eform::{Form, fields, tools};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};

use crate::support::{TODAY, both, farm, form, put};

fn validator(form: &Form) -> jsonschema::Validator {
    let schema = tools::schema(form);
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

#[test]
fn the_schema_says_what_is_always_there() {
    let schema = tools::schema(&form(&farm()));
    assert_eq!(schema["$id"], "urn:eform:farm:1");
    assert_eq!(schema["title"], "Farm");
    assert_eq!(schema["version"], "1");
    assert_eq!(schema["required"], json!(["name", "kind", "has_land"]));
    let plots = &schema["properties"]["plots"];
    assert_eq!(plots["items"]["required"], json!(["area"]));
    assert_eq!(plots["minItems"], 1);
    assert_eq!(plots["title"], "Plots");
    assert_eq!(schema["properties"]["owner"]["required"], json!(["name"]));
    assert_eq!(schema["properties"]["owner"]["additionalProperties"], json!(false));
    assert_eq!(schema["properties"]["crops"]["items"]["enum"], json!(["rice", "rubber"]));
    let mut always = farm();
    put(&mut always, "/pages/1/showIf", None);
    let schema = tools::schema(&form(&always));
    assert_eq!(schema["required"], json!(["name", "kind", "has_land", "plots", "owner"]));
}

#[test]
fn a_version_of_any_letters_gives_an_identifier() {
    let mut definition = farm();
    definition["version"] = json!("2569/1 ก");
    assert_eq!(tools::schema(&form(&definition))["$id"], "urn:eform:farm:2569%2F1%20%E0%B8%81");
}

#[test]
fn the_schema_says_how_short_a_text_may_be() {
    for kind in ["text", "textarea"] {
        let field =
            |least| json!({ "id": "a", "type": kind, "label": both("A"), "minLength": least });
        for (least, text, fits) in
            [(3, "กข", false), (3, "กขค", true), (0, "", false), (0, "ก", true)]
        {
            let validator = validator(&form_of(vec![field(least)]));
            assert_eq!(validator.is_valid(&json!({ "a": text })), fits, "{kind} {least} {text}");
        }
    }
}

/// Every example of every type, each field with a name of its own.
fn examples() -> Vec<Value> {
    let mut all = Vec::new();
    for kind in fields::ALL.iter().copied().flatten() {
        let file: Value = serde_json::from_str(kind.examples).unwrap();
        for example in file["examples"].as_array().unwrap() {
            all.push(example.clone());
        }
    }
    all
}

/// A form with these fields on one page.
fn form_of(fields: Vec<Value>) -> Form {
    form(&json!({
        "id": "example", "version": "1", "title": both("Example"), "languages": ["th", "en"],
        "submit": { "url": "/" },
        "pages": [{ "id": "page", "title": both("Page"), "fields": fields }]
    }))
}

fn each<'a>(example: &'a Value, member: &str) -> &'a [Value] {
    example[member].as_array().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn every_valid_example_is_an_answer_by_itself_and_in_a_form() {
    let mut count = 0;
    for example in examples() {
        let form = form_of(vec![example["field"].clone()]);
        let field = form.field(0);
        let own = jsonschema::options()
            .should_validate_formats(true)
            .build(&field.kind.schema())
            .unwrap_or_else(|error| panic!("{}: {error}", field.kind.name()));
        let whole = validator(&form);
        for case in each(&example, "valid") {
            let answer = &case["answer"];
            assert!(own.is_valid(answer), "{}: {answer}", field.kind.name());
            // What the field does not ask for by itself («other, please say»), it leaves out.
            let answers = json!({ (field.id.as_str()): answer });
            let errors: Vec<String> =
                whole.iter_errors(&answers).map(|error| error.to_string()).collect();
            assert_eq!(errors, [""; 0], "{}: {answers}", field.kind.name());
            count += 1;
        }
    }
    assert!(count > 50, "{count}");
}

/// A form of all types: at the top, in a group and in the rows of a repeat, with what an answer to
/// each question can be.
fn everything() -> (Form, Vec<(String, Vec<Value>)>) {
    let (mut fields, mut answers) = (Vec::new(), Vec::new());
    for (at, example) in examples().into_iter().enumerate() {
        let mut field = example["field"].clone();
        let id = format!("q{at}");
        field["id"] = json!(id);
        // A rule of the example may name the field as it was.
        if field.to_string().contains("\"var\"") {
            continue;
        }
        no_required(&mut field);
        let valid = each(&example, "valid").iter().map(|case| case["answer"].clone());
        let invalid = each(&example, "invalid").iter().map(|case| case["entry"].clone());
        answers.push((id, valid.chain(invalid).collect()));
        fields.push(field);
    }
    let container = |id: &str, kind: &str, fields: &[Value]| json!({ "id": id, "type": kind, "label": both("A"), "fields": fields });
    let mut all = fields.clone();
    all.push(container("group", "group", &fields));
    all.push(container("rows", "repeat", &fields));
    (form_of(all), answers)
}

/// A form that must be answered whole would hardly ever be answered right.
fn no_required(field: &mut Value) {
    field.as_object_mut().unwrap().remove("required");
    for inner in field.get_mut("fields").and_then(Value::as_array_mut).into_iter().flatten() {
        no_required(inner);
    }
}

/// Answers to some of the questions; most of them right.
fn some(
    answers: &[(String, Vec<Value>)],
    picks: &[(prop::sample::Index, Value, u8)],
) -> Map<String, Value> {
    let mut some = Map::new();
    for (index, odd, dice) in picks {
        let (id, values) = index.get(answers);
        let value = match dice {
            0 => odd.clone(),
            _ if values.is_empty() => continue,
            _ => index.get(values).clone(),
        };
        some.insert(id.clone(), value);
    }
    some
}

fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!(["x"])),
        Just(json!({ "x": 1 })),
    ]
}

fn picks() -> impl Strategy<Value = Vec<(prop::sample::Index, Value, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), odd(), 0..12_u8), 0..6)
}

/// Whatever the answers: what the engine takes the schema takes, and so what the schema refuses the
/// engine refuses.
#[test]
fn what_the_engine_takes_the_schema_takes() {
    let (form, known) = everything();
    let validator = validator(&form);
    let (taken, refused) = (Cell::new(0), Cell::new(0));
    let strategy = (
        picks(),
        picks(),
        prop::collection::vec(picks(), 0..3),
        prop::option::weighted(0.05, odd()),
    );
    let mut runner = TestRunner::new(ProptestConfig::with_cases(1500));
    let run = runner.run(&strategy, |(top, group, rows, stray)| {
        let mut answers = some(&known, &top);
        answers.insert("group".to_owned(), Value::Object(some(&known, &group)));
        let rows: Vec<Value> = rows.iter().map(|row| Value::Object(some(&known, row))).collect();
        answers.insert("rows".to_owned(), Value::Array(rows));
        answers.extend(stray.map(|stray| ("stray".to_owned(), stray)));
        // As they were sent, and as the engine writes what can be read of them.
        for answers in [answers.clone(), form.answers(&answers, TODAY)] {
            let found = form.check_submission(&answers, TODAY);
            let whole = Value::Object(answers);
            let errors: Vec<String> =
                validator.iter_errors(&whole).map(|error| error.to_string()).collect();
            if found.iter().any(eform::Finding::is_error) {
                refused.set(refused.get() + u32::from(!errors.is_empty()));
            } else {
                prop_assert!(errors.is_empty(), "{whole} {errors:?}");
                taken.set(taken.get() + u32::from(whole.to_string().len() > 50));
            }
        }
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
    // Neither is a matter of chance.
    assert!(taken.get() > 300, "{} taken", taken.get());
    assert!(refused.get() > 300, "{} refused by both", refused.get());
}

/// The property above would hold of a schema that takes everything: this one does not.
#[test]
fn the_schema_refuses_what_is_no_answer() {
    let (form, _) = everything();
    let validator = validator(&form);
    let mut refused = 0;
    let mut all = 0;
    for (place, field) in form.fields().iter().enumerate() {
        if field.parent.is_some() || form.field(place).is_container() {
            continue;
        }
        for odd in [json!(null), json!("\u{1}"), json!([5]), json!({ "x": 1 })] {
            refused += u32::from(!validator.is_valid(&json!({ (field.id.as_str()): odd })));
            all += 1;
        }
    }
    assert!(refused * 10 > all * 8, "{refused} of {all}");
    assert!(!validator.is_valid(&json!({ "stray": 1 })));
}
