//! What a field of a type may have: a table of its own members, and the names of those that many
//! types have. Whether a member must be there is tried out, not believed.

use eform::fields::Type;
use serde_json::{Value, json};

use crate::examples::{file, is_taken, list, text};
use crate::json::{line, sorted};
use crate::markdown::{code, codes, table, words};

/// The tables of a type's own members, and of what those hold.
pub fn own(kind: &Type) -> String {
    let schema = kind.members();
    let file = file(kind);
    let fields: Vec<&Value> =
        list(&file, "examples").iter().map(|example| &example["field"]).collect();
    let mut used = Vec::new();
    let must = |name: &str| {
        let mut with = fields.iter().filter(|field| !field[name].is_null()).peekable();
        with.peek().is_some() && with.all(|field| !is_taken(&without(field, name)))
    };
    let mut out = members(&schema, &schema["$defs"], &must, &mut used);
    let mut at = 0;
    while at < used.len() {
        let (name, in_list) = used[at].clone();
        let inner = &schema["$defs"][&name];
        if inner["properties"].is_object() {
            let required = |member: &str| list(inner, "required").iter().any(|one| one == member);
            let one = if in_list { "Each of " } else { "" };
            let places = places(&schema, &name);
            out += &format!("{one}{places}: {}\n\n", lower(text(inner, "description")));
            out += &members(inner, &schema["$defs"], &required, &mut used);
        }
        at += 1;
    }
    out
}

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn without(field: &Value, name: &str) -> Value {
    let mut field = field.clone();
    field.as_object_mut().map(|members| members.remove(name));
    field
}

/// The members whose values are of this kind.
fn places(schema: &Value, name: &str) -> String {
    let reference = format!("#/$defs/{name}");
    let members = schema["properties"].as_object();
    let used = members.into_iter().flat_map(sorted).filter(|(_, member)| {
        let text = member.to_string();
        text.contains(&format!("\"{reference}\""))
    });
    codes(used.map(|(name, _)| name))
}

fn members(
    schema: &Value,
    kinds: &Value,
    must: &dyn Fn(&str) -> bool,
    used: &mut Vec<(String, bool)>,
) -> String {
    let properties = schema["properties"].as_object().into_iter().flat_map(sorted);
    let rows: Vec<Vec<String>> = properties
        .map(|(name, member)| {
            let needed = if must(name) { "must be there" } else { "" };
            vec![
                code(name),
                what(member, kinds, used),
                needed.to_owned(),
                words(text(member, "description")),
            ]
        })
        .collect();
    table(&["Member", "What it is", "", "What for"], &rows)
}

/// What a member holds, in words.
fn what(member: &Value, kinds: &Value, used: &mut Vec<(String, bool)>) -> String {
    if let Some(name) = reference(member) {
        return named(name, false, kinds, used);
    }
    let variants = list(member, "anyOf").iter().filter(|one| one["type"] != "null");
    if let Some(one) = variants.into_iter().next() {
        return what(one, kinds, used);
    }
    let is =
        |name: &str| member["type"] == name || list(member, "type").iter().any(|one| one == name);
    if is("array") {
        return match reference(&member["items"]) {
            Some(name) => format!("a list: {}", named(name, true, kinds, used)),
            None => "a list of texts".to_owned(),
        };
    }
    let known = [
        ("boolean", "`true` or `false`"),
        ("integer", "a whole number"),
        ("number", "a number"),
        ("string", "a text"),
        ("object", "an object"),
    ];
    known.iter().find(|(name, _)| is(name)).map_or("", |(_, words)| words).to_owned()
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

fn named(name: &str, in_list: bool, kinds: &Value, used: &mut Vec<(String, bool)>) -> String {
    let kind = &kinds[name];
    match name {
        "Text" => return "words, in one or several [languages](../languages.md)".to_owned(),
        "Rule" => return "a [rule](../rules.md)".to_owned(),
        "Pattern" => return "a pattern (regular expression)".to_owned(),
        _ => {}
    }
    let choices: Vec<String> = list(kind, "oneOf")
        .iter()
        .filter(|one| !one["const"].is_null())
        .map(|one| {
            let about = words(text(one, "description"));
            format!("{}: {}", code(&line(&one["const"])), lower(about.trim_end_matches('.')))
        })
        .collect();
    if !choices.is_empty() {
        return choices.join("<br>");
    }
    if kind["properties"].is_object() {
        let entry = (name.to_owned(), in_list);
        if !used.contains(&entry) {
            used.push(entry);
        }
        return if in_list { "objects, see below" } else { "an object, see below" }.to_owned();
    }
    words(text(kind, "description"))
}

/// The members that many types have, and a value that most take.
fn common() -> [(&'static str, Value); 13] {
    let rule = || json!({ "if": [false, 0] });
    [
        ("label", json!("x")),
        ("hint", json!("x")),
        ("required", json!(true)),
        ("requiredIf", rule()),
        ("showIf", rule()),
        ("readOnly", json!(true)),
        ("readOnlyIf", rule()),
        ("calculate", rule()),
        ("default", rule()),
        ("checks", json!([])),
        ("rowChecks", json!([])),
        ("messages", json!({})),
        ("fields", json!([])),
    ]
}

/// The names of those that fields of a type may have.
pub fn shared(kind: &Type) -> String {
    let field = list(&file(kind), "examples").first().map(|first| first["field"].clone());
    let field = field.unwrap_or_default();
    let taken = common().into_iter().filter(|(name, value)| {
        let mut with = field.clone();
        with[*name] = value.clone();
        is_taken(&with)
    });
    let names: Vec<&str> = taken.map(|(name, _)| name).collect();
    codes(["id", "type"].into_iter().chain(names))
}
