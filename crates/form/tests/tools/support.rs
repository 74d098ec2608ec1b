//! A form that nothing is wrong with, and changing it.

use eform::{Date, Form};
use serde_json::{Value, json};

pub const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

/// Text in both languages of the form.
pub fn both(text: &str) -> Value {
    json!({ "en": text, "th": text })
}

/// A form with questions of the common types, a group and a repeat.
pub fn farm() -> Value {
    json!({
        "id": "farm", "version": "1", "title": both("Farm"), "languages": ["th", "en"],
        "agency": { "name": both("Agency") }, "privacy": { "purpose": both("Purpose") },
        "submit": { "url": "/api/submissions" },
        "pages": [
            { "id": "people", "title": both("People"), "fields": [
                { "id": "name", "type": "text", "label": both("Name"), "required": true, "maxLength": 60 },
                { "id": "born", "type": "date", "label": both("Born"), "max": "today" },
                { "id": "kind", "type": "choice", "label": both("Kind"), "required": true, "options": [
                    { "value": "new", "label": both("New") }, { "value": "renewal", "label": both("Renewal") } ] },
                { "id": "has_land", "type": "yes-no", "label": both("Do you have land?"), "required": true }
            ] },
            { "id": "fields", "title": both("Land"), "showIf": { "==": [{ "var": "has_land" }, true] }, "fields": [
                { "id": "crops", "type": "choices", "label": both("Crops"), "options": [
                    { "value": "rice", "label": both("Rice") }, { "value": "rubber", "label": both("Rubber") } ] },
                { "id": "plots", "type": "repeat", "label": both("Plots"), "min": 1, "max": 9, "fields": [
                    { "id": "area", "type": "number", "label": both("Area"), "decimals": 2, "min": 0, "required": true },
                    { "id": "used", "type": "number", "label": both("Used"), "decimals": 2, "checks": [
                        { "assert": { "<=": [{ "var": "used" }, { "var": "area" }] }, "message": both("Less than {label}") } ] }
                ] },
                { "id": "owner", "type": "group", "label": both("Owner"), "fields": [
                    { "id": "name", "type": "text", "label": both("Name"), "required": true }
                ] },
                { "id": "total", "type": "number", "label": both("Total"), "decimals": 2,
                  "calculate": { "sum": [{ "var": "plots" }, "area"] } }
            ] }
        ]
    })
}

pub fn form(definition: &Value) -> Form {
    Form::parse(definition.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

/// Puts a value at a pointer whose parent is there, or takes it out; `-` is the end of a list.
pub fn put(root: &mut Value, place: &str, value: Option<Value>) {
    let (parent, key) = place.rsplit_once('/').unwrap();
    let parent = root.pointer_mut(parent).unwrap_or_else(|| panic!("{place}"));
    match (parent, value) {
        (Value::Array(items), Some(value)) if key == "-" => items.push(value),
        (Value::Array(items), Some(value)) => items[key.parse::<usize>().unwrap()] = value,
        (parent, Some(value)) => parent[key] = value,
        (parent, None) => drop(parent.as_object_mut().unwrap().remove(key)),
    }
}
