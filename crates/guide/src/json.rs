//! JSON as people write it: a member a line where it does not fit in one, names in the order in
//! which one reads them. The order of a `Map` is not relied on: it differs with what else is built.

use serde_json::{Map, Value};

/// The longest line of a code block on a narrow screen that need not be scrolled, more or less.
const WIDTH: usize = 92;

/// What comes first in an object; the rest follows by the alphabet.
const FIRST: &[&str] = &[
    "$schema",
    "id",
    "type",
    "value",
    "version",
    "label",
    "title",
    "th",
    "en",
    "code",
    "name",
    "hint",
    "text",
    "statement",
    "required",
    "format",
    "parts",
    "rows",
    "scale",
    "options",
    "min",
    "max",
    "prefix",
    "first",
    "middle",
    "last",
    "house",
    "building",
    "moo",
    "soi",
    "road",
    "subdistrict",
    "district",
    "province",
    "postcode",
    "day",
    "month",
    "year",
    "from",
    "to",
    "zone",
    "easting",
    "northing",
    "lat",
    "long",
];
const LAST: &[&str] =
    &["showIf", "requiredIf", "readOnlyIf", "calculate", "checks", "rowChecks", "fields"];

/// In as many lines as it takes.
pub fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(value, 0, 0, &mut out);
    out
}

/// In one line.
pub fn line(value: &Value) -> String {
    match value {
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members = sorted(members);
            let members =
                members.iter().map(|(name, value)| [&quoted(name), ": ", &line(value)].concat());
            ["{ ", &members.collect::<Vec<_>>().join(", "), " }"].concat()
        }
        Value::Array(items) => {
            ["[", &items.iter().map(line).collect::<Vec<_>>().join(", "), "]"].concat()
        }
        Value::Number(_) => eform::json::write(value),
        other => other.to_string(),
    }
}

/// The members in the order in which one reads them.
pub fn sorted(members: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut sorted: Vec<(&str, &Value)> =
        members.iter().map(|(name, value)| (name.as_str(), value)).collect();
    let rank = |name: &str| {
        let first = FIRST.iter().position(|known| *known == name);
        let last = LAST.iter().position(|known| *known == name).map(|at| FIRST.len() + 1 + at);
        first.or(last).unwrap_or(FIRST.len())
    };
    sorted.sort_by_key(|(name, _)| (rank(name), *name));
    sorted
}

fn write(value: &Value, depth: usize, before: usize, out: &mut String) {
    let short = line(value);
    if depth * 2 + before + short.chars().count() <= WIDTH {
        return out.push_str(&short);
    }
    let indent = "  ".repeat(depth + 1);
    match value {
        Value::Object(members) => {
            out.push('{');
            for (at, (name, value)) in sorted(members).into_iter().enumerate() {
                out.push_str(if at == 0 { "\n" } else { ",\n" });
                let name = [&quoted(name), ": "].concat();
                out.push_str(&indent);
                out.push_str(&name);
                write(value, depth + 1, name.chars().count(), out);
            }
        }
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "\n" } else { ",\n" });
                out.push_str(&indent);
                write(item, depth + 1, 0, out);
            }
        }
        _ => return out.push_str(&short),
    }
    out.push('\n');
    out.push_str(&"  ".repeat(depth));
    out.push(if value.is_object() { '}' } else { ']' });
}

fn quoted(name: &str) -> String {
    Value::from(name).to_string()
}

#[cfg(test)]
mod tests {
    use super::{line, pretty};
    use serde_json::json;

    #[test]
    fn json_reads_back_and_short_objects_stay_in_a_line() {
        let field = json!({
            "type": "text", "showIf": { "==": [{ "var": "has_land" }, true] }, "id": "name",
            "label": { "en": "Name of the applicant", "th": "ชื่อผู้ขอ" }, "required": true
        });
        let written = pretty(&field);
        assert!(
            written.starts_with("{\n  \"id\": \"name\",\n  \"type\": \"text\",\n"),
            "{written}"
        );
        assert!(written.contains("\n  \"label\": { \"th\": \"ชื่อผู้ขอ\", \"en\": "), "{written}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), field);
        assert_eq!(line(&json!({ "a": [1, {}, []] })), r#"{ "a": [1, {}, []] }"#);
    }
}
