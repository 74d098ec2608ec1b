//! What the dice choose from: the forms of the kit, every type's examples, rules, and all names in
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use eform::Form;
use serde_json::{Map, Value, json};

pub struct Samples {
    /// Every form of the kit, and one that holds every type's examples in groups and rows.
    pub definitions: Vec<Value>,
    /// The last of them.
    pub form: Form,
    /// What was entered into that.
    pub entries: Vec<Value>,
    /// What was typed into one field.
    pub typed: Vec<Value>,
    /// What is taken by some field of a type, by the type's name.
    pub valid: BTreeMap<String, Vec<Value>>,
    pub rules: Vec<Value>,
    /// What members of definitions hold, by their name.
    pub by_name: BTreeMap<String, Vec<Value>>,
    /// All names of members and all short texts.
    pub names: Vec<String>,
}

pub fn samples() -> &'static Samples {
    static SAMPLES: OnceLock<Samples> = OnceLock::new();
    SAMPLES.get_or_init(gather)
}

fn gather() -> Samples {
    // This file is a part of the tests of `eform` as well.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let engine = if here.ends_with("fuzz") { here.join("..") } else { here.to_owned() };
    let examples = read_all(&engine.join("src/fields"));
    let mut definitions: Vec<Value> = read_all(&engine.join("../../public/forms"))
        .into_iter()
        .filter(|form| form["pages"].is_array())
        .collect();
    assert!(examples.len() > 10 && !definitions.is_empty(), "the samples are not there");

    let (mut groups, mut typed, mut filled) = (Vec::new(), Vec::new(), Map::new());
    let mut valid: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (at, example) in examples.iter().flat_map(|file| list(&file["examples"])).enumerate() {
        let (id, field) = (format!("g{at}"), &example["field"]);
        let named = |entry: &Value| {
            let id = field["id"].as_str().unwrap_or_default();
            Value::Object(Map::from_iter([(id.to_owned(), entry.clone())]))
        };
        if let Some(first) = list(&example["valid"]).first() {
            filled.insert(id.clone(), named(&first["entry"]));
        }
        let taken = list(&example["valid"]).iter().map(|case| case["entry"].clone());
        typed.extend(taken.clone());
        valid
            .entry(field["type"].as_str().unwrap_or_default().to_owned())
            .or_default()
            .extend(taken);
        typed.extend(list(&example["invalid"]).iter().map(|case| case["entry"].clone()));
        typed.extend_from_slice(list(&example["blank"]));
        groups.push(json!({ "id": id, "type": "group", "label": id, "fields": [field] }));
    }
    let rules = rules();
    let rich = rich(&groups);
    let bytes = rich.to_string();
    let form = Form::parse(bytes.as_bytes()).unwrap_or_else(|error| panic!("the samples: {error}"));
    definitions.push(rich);

    let mut by_name = BTreeMap::new();
    definitions.iter().for_each(|definition| gather_members(definition, &mut by_name));
    let mut names = BTreeSet::new();
    definitions.iter().chain(&rules).for_each(|value| gather_names(value, &mut names));
    let rows = json!([
        { "name": "ก", "area": "12.5", "crops": ["rice"], "inner": [{ "income": "1,000" }, { "income": 5 }], "all": filled },
        { "name": "", "area": "x", "inner": [{}], "all": filled },
        { "area": 3 }
    ]);
    let entries = vec![
        json!({}),
        json!({ "on": true, "rows": rows, "all": filled }),
        json!({ "on": false, "limit": "5", "rows": [{}, {}, {}, {}, {}, {}, {}, {}], "all": filled }),
    ];
    let names = names.into_iter().collect();
    Samples { definitions, form, entries, typed, valid, rules, by_name, names }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn read_all(folder: &Path) -> Vec<Value> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let files = paths.iter().filter(|path| path.extension().is_some_and(|ext| ext == "json"));
    let texts = files.filter_map(|path| std::fs::read_to_string(path).ok());
    texts.filter_map(|text| serde_json::from_str(&text).ok()).collect()
}

fn gather_names(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.len() < 40 => _ = names.insert(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| gather_names(item, names)),
        Value::Object(members) => {
            for (name, value) in members {
                names.insert(name.clone());
                gather_names(value, names);
            }
        }
        _ => {}
    }
}

fn gather_members(value: &Value, by_name: &mut BTreeMap<String, Vec<Value>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| gather_members(item, by_name)),
        Value::Object(members) => {
            for (name, value) in members {
                let known = by_name.entry(name.clone()).or_default();
                if known.len() < 200 && !known.contains(value) {
                    known.push(value.clone());
                }
                gather_members(value, by_name);
            }
        }
        _ => {}
    }
}

/// The form of `rich.json`, with every type in groups, and once more in rows.
fn rich(groups: &[Value]) -> Value {
    let mut form: Value = serde_json::from_str(include_str!("rich.json")).unwrap_or_default();
    for pointer in ["/pages/0/fields/2/fields", "/pages/1/fields/0/fields/5/fields"] {
        match form.pointer_mut(pointer) {
            Some(fields) => *fields = groups.into(),
            None => panic!("rich.json: nothing at {pointer}"),
        }
    }
    form
}

/// Every operator at least once.
fn rules() -> Vec<Value> {
    let over = |op: &str, body: Value| {
        Value::Object(Map::from_iter([(op.to_owned(), json!([{ "var": "rows" }, body]))]))
    };
    let mut rules = vec![
        json!({ "var": "a" }),
        json!({ "var": ["rows.0.name", "none"] }),
        json!({ "missing": ["a", "on"] }),
        json!({ "missing_some": [1, ["a", "on"]] }),
        json!({ "if": [{ "var": "on" }, 1, { "==": [1, "1"] }, 2, 3] }),
        json!({ "and": [{ "===": [1, 1] }, { "!==": [1, "1"] }, { "!=": [1, 2] }, { "!!": ["0"] }] }),
        json!({ "or": [{ "<": [1, { "var": "limit" }, 3] }, { "<=": [1, 2] }, { ">": [2, 1] }, { ">=": ["b", "a"] }] }),
        json!({ "+": ["1", 2, { "-": [3] }, { "*": [1e15, 1e15] }, { "/": [1, 3] }, { "%": [7.5, -2] }] }),
        json!({ "max": [1, { "min": [{ "var": "limit" }, [4, 5]] }] }),
        json!({ "sum": [{ "var": "rows" }, "area"] }),
        json!({ "count": [{ "var": "rows" }, "name"] }),
        json!({ "round": [{ "/": [2, 3] }, -6] }),
        json!({ "merge": [[1, 2], 3, { "var": "rows" }] }),
        json!({ "in": ["ice", { "cat": ["r", "ice", 1.5, null, [1, [2]]] }] }),
        json!({ "substr": ["น้ำท่วม", -3, -1] }),
        json!({ "years-between": ["1947-05", { "today": [] }] }),
        json!({ "days-between": ["2026-09-21", { "today": [] }] }),
        json!({ "matches": [{ "var": "name" }, "[ก-๙]{1,5}"] }),
        json!({ "log": { "!": [[]] } }),
        json!({ "reduce": [[1, 2, 3, 4, 5, 6], { "merge": [{ "var": "accumulator" }, { "var": "accumulator" }, { "var": "current" }] }, []] }),
    ];
    for op in ["map", "filter", "all", "some", "none"] {
        rules.push(over(op, json!({ ">": [{ "var": "area" }, 1] })));
    }
    rules
}
