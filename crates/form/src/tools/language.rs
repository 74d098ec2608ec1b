//! The JSON Schema (2020-12) of the form language, for editors: made from the definition's Rust
//! types, and for each type of field from the members that only that type has. What a schema cannot
//! say (names that are there twice, what rules read) is for [`super::check`].

use std::sync::OnceLock;

use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::operators;
use crate::fields::{ALL, Message, Shape, Type};
use crate::{Check, Definition, Form, Rule, Text, messages};

const NAME: &str = "^[A-Za-z0-9_-]{1,64}$";

/// The schema of a form's file.
pub fn language() -> Value {
    shared().clone()
}

/// The same, made once.
pub(super) fn shared() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(make)
}

fn make() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut root = Definition::json_schema(&mut generator).to_value();
    let mut branches = Vec::new();
    let mut fields = Map::new();
    let mut names = Vec::new();
    for kind in ALL.iter().copied().flatten() {
        let (name, about) = (["field-", kind.name].concat(), about(kind));
        let schema = of_type(kind, &about, &mut generator);
        names.push(json!({ "const": kind.name, "description": about }));
        branches.push(json!({
            "if": { "properties": { "type": { "const": kind.name } }, "required": ["type"] },
            "then": { "$ref": reference(&name) }
        }));
        fields.insert(name, schema);
    }
    for used in [
        generator.subschema_for::<Check>(),
        generator.subschema_for::<Text>(),
        generator.subschema_for::<Rule>(),
    ] {
        drop(used);
    }
    let mut defs = generator.take_definitions(true);
    let mut common: Map<String, Value> = COMMON
        .iter()
        .map(|(name, ..)| (*name).to_owned())
        .map(|name| (name, json!(true)))
        .collect();
    common.insert("id".to_owned(), id());
    common.insert("type".to_owned(), json!({ "oneOf": names }));
    defs.insert(
        "Field".to_owned(),
        json!({
            "description": "One question, or a group or repeat of questions",
            "type": "object", "required": ["id", "type"], "properties": common, "allOf": branches,
            // The branch of the type says which members there may be.
            "additionalProperties": true
        }),
    );
    defs.extend(fields);
    if let Some(page) = defs.get_mut("Page") {
        page["properties"]["fields"] = list_of_fields("What is asked, in order");
    }
    root["$defs"] = Value::Object(defs);
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("A form");
    tidy(&mut root);
    root["$defs"]["Rule"] = operators::rule();
    root["$defs"]["Operand"] = operators::operand();
    sorted(root)
}

/// What a field may have besides `id`, `type` and what only its type has: name, schema, where.
const COMMON: [(&str, &str, &str, Where); 13] = [
    ("label", "Text", "The question.", Where::All),
    ("hint", "Text", "Help below the label.", Where::All),
    (
        "showIf",
        "Rule",
        "The field is shown only if this holds. A field that is not shown has no answer.",
        Where::All,
    ),
    ("messages", "", "Words in place of the kit's, by the finding's code.", Where::All),
    ("required", "flag", "Whether an answer must be given.", Where::Answer),
    ("requiredIf", "Rule", "An answer must be given if this holds.", Where::Answer),
    ("readOnly", "flag", "Whether the answer is shown and cannot be changed.", Where::Answer),
    ("readOnlyIf", "Rule", "The answer cannot be changed if this holds.", Where::Answer),
    ("calculate", "Rule", "The answer is the value of this rule, always.", Where::Given),
    (
        "default",
        "Rule",
        "The answer is the value of this rule as long as nobody has entered one.",
        Where::Given,
    ),
    ("checks", "checks", "What must hold besides what the type checks.", Where::NotNote),
    ("rowChecks", "checks", "What must hold in each row.", Where::Rows),
    ("fields", "fields", "What is asked in it, in order.", Where::Container),
];

/// Which types have a common member.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    All,
    Answer,
    /// Where an answer may be calculated or be there beforehand.
    Given,
    NotNote,
    Container,
    Rows,
}

impl Where {
    fn covers(self, shape: Shape, is_given: bool) -> bool {
        match self {
            Self::All => true,
            Self::Answer => shape == Shape::Answer,
            Self::Given => shape == Shape::Answer && is_given,
            Self::NotNote => shape != Shape::Note,
            Self::Container => matches!(shape, Shape::Group | Shape::Rows { .. }),
            Self::Rows => matches!(shape, Shape::Rows { .. }),
        }
    }
}

/// Whether a member is one that fields of many types may have.
pub(super) fn is_common(name: &str) -> bool {
    name == "id" || name == "type" || COMMON.iter().any(|(common, ..)| *common == name)
}

/// A type's own sentence on itself.
fn about(kind: &Type) -> String {
    let file: Value = serde_json::from_str(kind.examples).unwrap_or_default();
    file["about"]["en"].as_str().unwrap_or_default().to_owned()
}

/// A field of this type as its first example has it: what a type is in a form is only known of a
/// field.
fn sample(kind: &Type) -> Option<Form> {
    let file: Value = serde_json::from_str(kind.examples).ok()?;
    let form = json!({
        "id": "example", "version": "1", "title": "Example", "languages": ["en"],
        "submit": { "url": "/" },
        "pages": [{ "id": "page", "title": "Page", "fields": [file["examples"][0]["field"]] }]
    });
    Form::parse(form.to_string().as_bytes()).ok()
}

/// The schema of a field of one type.
fn of_type(kind: &Type, about: &str, generator: &mut SchemaGenerator) -> Value {
    let mut schema = (kind.language)(generator).to_value();
    let form = sample(kind);
    let field = form.as_ref().map(|form| form.field(0));
    let shape = field.map_or(Shape::Answer, |field| field.kind.shape());
    let is_given = field.is_none_or(|field| field.kind.is_given());
    let mut required = vec![json!("id"), json!("type")];
    if field.is_none_or(|field| field.kind.needs_label()) {
        required.push(json!("label"));
    }
    if matches!(shape, Shape::Group | Shape::Rows { .. }) {
        required.push(json!("fields"));
    }
    if kind.name == "calculated" {
        required.push(json!("calculate"));
    }
    let mut properties = Map::new();
    properties.insert("id".to_owned(), id());
    properties.insert("type".to_owned(), json!({ "const": kind.name, "description": about }));
    for (name, held, description, place) in COMMON {
        if place.covers(shape, is_given) {
            let mut schema = match held {
                "flag" => json!({ "type": "boolean", "default": false }),
                "checks" => json!({ "type": "array", "items": { "$ref": reference("Check") } }),
                "fields" => list_of_fields(""),
                "" => words(kind, shape, field.is_some_and(|field| field.kind.is_chosen())),
                other => json!({ "$ref": reference(other) }),
            };
            schema["description"] = description.into();
            properties.insert(name.to_owned(), schema);
        }
    }
    if let Some(own) = schema["required"].as_array() {
        required.extend(own.iter().cloned());
    }
    if let Some(own) = schema["properties"].as_object() {
        properties.extend(own.clone());
    }
    schema["type"] = json!("object");
    schema["description"] = about.into();
    schema["properties"] = Value::Object(properties);
    schema["required"] = Value::Array(required);
    schema
}

fn id() -> Value {
    json!({
        "type": "string", "pattern": NAME,
        "description": "The answer's name; letters, digits, `-` and `_`. Each is there once in the form, or in the group or the row that the field stands in."
    })
}

/// The words that a field of this type may have in place of the kit's.
fn words(kind: &Type, shape: Shape, is_chosen: bool) -> Value {
    let text = |(code, _, en): &Message| {
        let description = ["In place of: ", en].concat();
        let schema = json!({ "$ref": reference("Text"), "description": description });
        ((*code).to_owned(), schema)
    };
    let shared = messages::SHARED.iter().filter(|(code, ..)| is_found(code, shape, is_chosen));
    json!({
        "type": "object", "properties": shared.chain(kind.messages).map(text).collect::<Value>(),
        "additionalProperties": { "$ref": reference("Text") }
    })
}

/// Whether fields of a type find this of what all types share.
pub(super) fn is_found(code: &str, shape: Shape, is_chosen: bool) -> bool {
    match code {
        "required" => shape == Shape::Answer && !is_chosen,
        "required-choice" => shape == Shape::Answer && is_chosen,
        "too-much" => matches!(shape, Shape::Rows { .. }),
        _ => shape != Shape::Note,
    }
}

fn list_of_fields(description: &str) -> Value {
    json!({
        "type": "array", "description": description, "items": { "$ref": reference("Field") }
    })
}

pub(super) fn reference(name: &str) -> String {
    ["#/$defs/", name].concat()
}

/// Makes a derived schema one of the language: null is not the same as absent, and what is not
/// known is refused.
pub(super) fn tidy(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(tidy),
        Value::Object(members) => {
            members.values_mut().for_each(tidy);
            tidy_object(members);
        }
        _ => {}
    }
}

fn tidy_object(members: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = members.get_mut("type") {
        types.retain(|one| one != "null");
        if let [one] = &types[..] {
            let one = one.clone();
            members.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(ways)) = members.get_mut("anyOf") {
        ways.retain(|way| *way != json!({ "type": "null" }));
        if let [Value::Object(one)] = &ways[..] {
            let one = one.clone();
            members.remove("anyOf");
            for (name, value) in one {
                members.entry(name).or_insert(value);
            }
        }
    }
    if let Some(Value::Array(values)) = members.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if members.get("format").and_then(Value::as_str).is_some_and(|name| {
        name.starts_with("uint") || name.starts_with("int") || matches!(name, "double" | "float")
    }) {
        members.remove("format");
    }
    if members.get("default").is_some_and(|value| matches!(value, Value::Array(_) | Value::Null)) {
        members.remove("default");
    }
    // Comments in the code are broken into lines; paragraphs stay.
    if let Some(Value::String(words)) = members.get_mut("description") {
        *words = words
            .split("\n\n")
            .map(|part| part.replace('\n', " "))
            .collect::<Vec<_>>()
            .join("\n\n");
        if words.is_empty() {
            members.remove("description");
        }
    }
    let is_object = members.get("type").and_then(Value::as_str) == Some("object");
    if is_object && members.get("properties").is_some_and(Value::is_object) {
        members.entry("additionalProperties").or_insert(Value::Bool(false));
    }
    // A flag that is not there is false.
    let is_flag = |name: &Value| {
        let of = members.get("properties").and_then(|all| all.get(name.as_str()?));
        of.is_some_and(|schema| schema["type"] == "boolean")
    };
    if let Some(Value::Array(required)) = members.get("required") {
        let required: Vec<Value> = required.iter().filter(|name| !is_flag(name)).cloned().collect();
        members.insert("required".to_owned(), Value::Array(required));
    }
    let is_true = members.get("additionalProperties") == Some(&Value::Bool(true));
    if is_true && is_object {
        members.remove("additionalProperties");
    }
    // Every list of options has one.
    if members.get("items").and_then(|items| items["$ref"].as_str()) == Some("#/$defs/ChoiceOption")
    {
        members.insert("minItems".to_owned(), 1.into());
    }
}

/// The same with the members of every object by name, so that it is written the same everywhere.
pub(super) fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            members.into_iter().map(|(name, value)| (name, sorted(value))).collect()
        }
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::check::error_words::expected_names;

    fn names(schema: &Value) -> Vec<String> {
        let mut names: Vec<String> =
            schema["properties"].as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    }

    /// The members that reading a form asks for, where one is unknown.
    fn asked(form: &Value) -> Vec<String> {
        let error = Form::parse(form.to_string().as_bytes()).unwrap_err();
        let mut names = expected_names(&error.expected);
        names.sort();
        names.dedup();
        names
    }

    #[test]
    fn the_schema_knows_the_members_that_reading_knows() {
        let schema = language();
        for kind in ALL.iter().copied().flatten() {
            let file: Value = serde_json::from_str(kind.examples).unwrap();
            for example in file["examples"].as_array().unwrap() {
                let mut field = example["field"].clone();
                field["?"] = json!(1);
                let form = json!({
                    "id": "a", "version": "1", "title": "A", "languages": ["en"], "submit": { "url": "/" },
                    "pages": [{ "id": "p", "title": "P", "fields": [field] }]
                });
                let own = &schema["$defs"][["field-", kind.name].concat()];
                assert_eq!(asked(&form), names(own), "{}", kind.name);
            }
        }
        let form = json!({
            "id": "a", "version": "1", "title": "A", "languages": ["en"], "submit": { "url": "/" },
            "agency": { "name": "A", "contact": {} }, "privacy": { "purpose": "P" },
            "checks": [{ "assert": true, "message": "M" }],
            "pages": [{ "id": "p", "title": "P", "fields": [] }]
        });
        for (place, own) in [
            ("", &schema),
            ("/agency", &schema["$defs"]["Agency"]),
            ("/agency/contact", &schema["$defs"]["Contact"]),
            ("/privacy", &schema["$defs"]["Privacy"]),
            ("/submit", &schema["$defs"]["Submit"]),
            ("/checks/0", &schema["$defs"]["Check"]),
            ("/pages/0", &schema["$defs"]["Page"]),
        ] {
            let mut form = form.clone();
            form.pointer_mut(place).unwrap()["?"] = json!(1);
            assert_eq!(asked(&form), names(own), "{place}");
        }
    }
}
