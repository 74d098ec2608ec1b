//! A type's examples, as the engine takes them: forms of one field, and what is found in them.

use eform::fields::{ALL, Type};
use eform::{Date, DefinitionError, Finding, Form};
use serde_json::{Map, Value, json};

/// The day of the examples.
pub const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

/// Every type, in the order of the language.
pub fn types() -> impl Iterator<Item = &'static Type> {
    ALL.iter().copied().flatten()
}

/// A type's file of examples.
pub fn file(kind: &Type) -> Value {
    serde_json::from_str(kind.examples).unwrap_or_default()
}

/// The elements of a member that is a list.
pub fn list<'a>(of: &'a Value, member: &str) -> &'a [Value] {
    of[member].as_array().map(Vec::as_slice).unwrap_or_default()
}

/// A member that is a text; nothing where it is none.
pub fn text<'a>(of: &'a Value, member: &str) -> &'a str {
    of[member].as_str().unwrap_or_default()
}

/// A form of this field alone.
pub fn form(field: &Value) -> Result<Form, DefinitionError> {
    let form = json!({
        "id": "example", "version": "1", "title": "Example", "languages": ["th", "en"],
        "submit": { "url": "/" },
        "pages": [{ "id": "page", "title": "Page", "fields": [field] }]
    });
    Form::parse(form.to_string().as_bytes())
}

/// The same for one entry. A calculated field takes none: there the entry stands for what its rule
/// gives.
fn form_for(field: &Value, entry: &Value) -> Result<Form, DefinitionError> {
    let mut field = field.clone();
    if field["type"] == "calculated" {
        let nothing = json!({ "if": [false, 0] });
        field["calculate"] = if entry.is_null() { nothing } else { entry.clone() };
    }
    form(&field)
}

/// What is found for an entry, with the form that words it.
pub fn found(field: &Value, entry: &Value) -> Option<(Form, Vec<Finding>)> {
    let form = form_for(field, entry).ok()?;
    let entries = Map::from_iter([(text(field, "id").to_owned(), entry.clone())]);
    let findings = form.check(&entries, TODAY);
    Some((form, findings))
}

/// Whether the engine takes a field, whatever else it may need: names that its rules read.
pub fn is_taken(field: &Value) -> bool {
    form_for(field, &Value::Null).is_ok()
}

/// The codes that are found in a type's examples, and in a field of it that must be answered and is
/// not; with whether they block.
pub fn codes(kind: &Type) -> Vec<(String, bool)> {
    let mut codes = Vec::new();
    for example in list(&file(kind), "examples") {
        let field = &example["field"];
        let invalid = list(example, "invalid").iter();
        for case in list(example, "valid").iter().chain(invalid) {
            gather(field, &case["entry"], &mut codes);
        }
        let mut required = field.clone();
        required["required"] = true.into();
        gather(&required, &Value::Null, &mut codes);
    }
    codes
}

fn gather(field: &Value, entry: &Value, codes: &mut Vec<(String, bool)>) {
    let Some((form, found)) = found(field, entry) else { return };
    let path = ["/", text(field, "id")].concat();
    for finding in found {
        // What is found in the fields of a group or a row is theirs.
        let is_own = finding.path == path
            || !form.field(0).is_container() && finding.path.starts_with(&[&path, "/"].concat());
        let code = (finding.code.to_string(), finding.is_error());
        if is_own && !codes.contains(&code) {
            codes.push(code);
        }
    }
}
