//! The schema of the form language against what the engine reads.

use eform::{fields, tools};
use serde_json::{Value, json};

use crate::support::{farm, put};

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&tools::language()).unwrap()
}

/// Where the schema finds something wrong.
fn faults(validator: &jsonschema::Validator, form: &Value) -> Vec<String> {
    let each = validator.iter_errors(form);
    each.map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_published_schema_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/form.schema.json");
    let published = std::fs::read(path).unwrap_or_default();
    let published: Value = serde_json::from_slice(&published).unwrap_or_default();
    assert!(
        published == tools::language(),
        "public/form.schema.json is of another version of the language; write it anew:\n\
         cargo run -p eform --features tools --bin eform -- language > public/form.schema.json"
    );
}

#[test]
fn the_schema_is_one_and_takes_good_forms() {
    assert!(jsonschema::meta::is_valid(&tools::language()));
    let validator = validator();
    assert_eq!(faults(&validator, &farm()), [""; 0]);
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../public/forms");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".json") && !name.ends_with(".cases.json") && name != "index.json" {
            let form: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            assert_eq!(faults(&validator, &form), [""; 0], "{name}");
        }
    }
}

#[test]
fn every_example_of_every_type_is_taken() {
    let validator = validator();
    let mut count = 0;
    for kind in fields::ALL.iter().copied().flatten() {
        let file: Value = serde_json::from_str(kind.examples).unwrap();
        for example in file["examples"].as_array().unwrap() {
            let mut form = farm();
            put(&mut form, "/pages/0/fields/-", Some(example["field"].clone()));
            assert_eq!(faults(&validator, &form), [""; 0], "{}", kind.name);
            count += 1;
        }
    }
    assert!(count > fields::ALL.iter().copied().flatten().count());
}

#[test]
fn a_slip_is_refused() {
    let validator = validator();
    for (place, value) in [
        ("/pages/0/fields/0/requierd", json!(true)),
        ("/pages/0/fields/0/rows", json!(3)),
        ("/pages/0/fields/0/label", json!({})),
        ("/pages/0/fields/0/type", json!("hologram")),
        ("/pages/0/fields/0/hint", Value::Null),
        ("/pages/0/fields/2/options", json!([])),
        ("/pages/0/fields/0/showIf", json!({ "equals": [1, 1] })),
        ("/pages/0/fields/0/showIf", json!({ "==": [1, 1], "!=": [1, 1] })),
        ("/pages/0/fields/0/showIf", json!({ "and": [true, { "foo": 1 }] })),
        ("/pages/0/fields/0/showIf", Value::Null),
        ("/pages/1/fields/1/fields/0/type", json!("hologram")),
        ("/pages/1/fields/1/fields/1/checks/0/severity", json!("fatal")),
    ] {
        let mut form = farm();
        put(&mut form, place, Some(value.clone()));
        assert!(!validator.is_valid(&form), "{place}: {value}");
    }
}
