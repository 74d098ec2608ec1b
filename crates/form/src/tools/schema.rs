//! `eform schema`: the JSON Schema (2020-12) of a form's answers, so that an agency can check in any
//! language what it has stored. It knows each answer by itself; what depends on other answers
//! (conditions, checks) is the engine's to say, and nothing that the engine takes is refused.

use serde_json::{Map, Value, json};

use super::language::sorted;
use crate::fields::Shape;
use crate::{Field, Form, Text};

/// The schema of the answers of a submission.
pub fn schema(form: &Form) -> Value {
    let definition = form.definition();
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for page in &definition.pages {
        let always = page.show_if.is_none();
        let (of_page, asked) = members(form, &page.fields, always);
        properties.extend(of_page);
        required.extend(asked);
    }
    let mut schema = object(properties, required);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!(format!("urn:eform:{}:{}", definition.id, escaped(&definition.version)));
    schema["title"] = first(form, &definition.title);
    if let Some(summary) = &definition.summary {
        schema["description"] = first(form, summary);
    }
    schema["version"] = json!(definition.version);
    sorted(schema)
}

/// The schemas of the answers of these fields, and the names of those that are always there.
/// `always` tells whether what they stand in is.
fn members(form: &Form, places: &[usize], always: bool) -> (Map<String, Value>, Vec<Value>) {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for place in places {
        let field = form.field(*place);
        let Some((schema, is_asked)) = member(form, field) else { continue };
        if always && field.show_if.is_none() && is_asked {
            required.push(json!(field.id));
        }
        properties.insert(field.id.clone(), schema);
    }
    (properties, required)
}

/// The schema of a field's answer, and whether there must be one wherever the field is shown.
fn member(form: &Form, field: &Field) -> Option<(Value, bool)> {
    let mut schema = field.kind.schema();
    let is_asked = match field.kind.shape() {
        Shape::Note => return None,
        Shape::Answer => field.required,
        Shape::Group => {
            let (properties, required) = members(form, &field.children, true);
            // A group without answers is not there.
            let is_asked = !required.is_empty();
            schema = object(properties, required);
            is_asked
        }
        Shape::Rows { min, .. } => {
            let (properties, required) = members(form, &field.children, true);
            schema["items"] = object(properties, required);
            min > 0
        }
    };
    if !field.label.is_empty() {
        schema["title"] = first(form, &field.label);
    }
    if let Some(hint) = &field.hint {
        schema["description"] = first(form, hint);
    }
    Some((schema, is_asked))
}

fn object(properties: Map<String, Value>, required: Vec<Value>) -> Value {
    json!({
        "type": "object", "properties": properties, "required": required,
        "additionalProperties": false
    })
}

/// A text in the form's first language.
fn first(form: &Form, text: &Text) -> Value {
    let language = form.definition().languages.first().map_or("th", String::as_str);
    form.text(text, language).into()
}

/// A version as a part of a URN: what may not stand in one is percent-encoded.
fn escaped(version: &str) -> String {
    let byte = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    version.bytes().map(byte).collect()
}
