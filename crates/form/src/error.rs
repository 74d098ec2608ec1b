//! A definition that cannot be read: what is wrong, where, and what was expected.
//!
//! serde says what is wrong but not where. The place is found by taking the definition apart and
//! seeing what makes the error go away, so that the good path pays nothing for it.

use std::fmt;

use serde_json::Value;

/// Why a definition cannot be used. For webmasters: in English, with the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionError {
    /// RFC 6901 JSON Pointer into the definition; empty for the whole.
    pub path: String,
    /// What is wrong there, and what was expected.
    pub expected: String,
    /// Line and column, counted from 1, where the file is not JSON at all.
    pub position: Option<(usize, usize)>,
}

impl DefinitionError {
    pub(crate) fn at(path: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { path: path.into(), expected: expected.into(), position: None }
    }

    pub(crate) fn syntax(error: &serde_json::Error) -> Self {
        Self {
            path: String::new(),
            expected: format!("not JSON: {error}"),
            position: Some((error.line(), error.column())),
        }
    }
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.path.is_empty() { "(the whole file)" } else { &self.path };
        write!(f, "{place}: {}", self.expected)
    }
}

impl std::error::Error for DefinitionError {}

/// The pointer of the deepest part of `root` that is to blame for the error that `read` gives.
///
/// In an array it is the element with which the error first comes; in an object, the member
/// without which the error goes away or becomes another.
pub(crate) fn locate(root: &Value, read: &dyn Fn(Value) -> Option<String>) -> String {
    let Some(error) = read(root.clone()) else { return String::new() };
    let same = |candidate: Value| read(candidate).as_ref() == Some(&error);
    let mut path = String::new();
    loop {
        let step = match root.pointer(&path) {
            // With no element at all the error must be another, else the array itself is to blame.
            Some(Value::Array(items)) => (0..=items.len())
                .find(|length| same(edited(root, &path, |node| shorten(node, *length))))
                .and_then(|length| length.checked_sub(1))
                .map(|index| index.to_string()),
            Some(Value::Object(_)) if lacks(root, &path, &error, &same) => None,
            Some(Value::Object(members)) => {
                let mut required = Vec::new();
                let optional = members.iter().find(|(key, value)| {
                    let without = read(edited(root, &path, |node| remove(node, key)));
                    let missed = without.as_ref().is_some_and(|now| now.contains(&missing(key)));
                    if missed {
                        required.push((*key, *value));
                    }
                    without.as_ref() != Some(&error) && !missed
                });
                // Taking away what is required always changes the error: it is to blame if it is
                // the only one, if the error quotes it, or if the error goes when it is emptied.
                let quoted = |(_, value): &(&String, &Value)| {
                    value.as_str().is_some_and(|text| error.contains(&format!("`{text}`")))
                };
                let emptied = |(key, value): &(&String, &Value)| {
                    value.is_array()
                        && !same(edited(root, &format!("{path}/{key}"), |node| shorten(node, 0)))
                };
                let found = optional.or(match required.as_slice() {
                    [only] => Some(*only),
                    several => several.iter().copied().find(|it| quoted(it) || emptied(it)),
                });
                found.map(|(key, _)| key.replace('~', "~0").replace('/', "~1"))
            }
            _ => None,
        };
        match step {
            Some(step) => path = path + "/" + &step,
            None => return path,
        }
    }
}

/// What serde says of an absent member.
fn missing(key: &str) -> String {
    format!("missing field `{key}`")
}

/// Whether the error is that a member is missing in this very object.
fn lacks(root: &Value, path: &str, error: &str, same: &dyn Fn(Value) -> bool) -> bool {
    let name = error.split('`').nth(1).unwrap_or_default();
    error == missing(name) && !same(edited(root, path, |node| node[name] = Value::Null))
}

fn edited(root: &Value, path: &str, edit: impl FnOnce(&mut Value)) -> Value {
    let mut copy = root.clone();
    if let Some(node) = copy.pointer_mut(path) {
        edit(node);
    }
    copy
}

fn shorten(node: &mut Value, length: usize) {
    if let Some(items) = node.as_array_mut() {
        items.truncate(length);
    }
}

fn remove(node: &mut Value, key: &str) {
    if let Some(members) = node.as_object_mut() {
        members.remove(key);
    }
}
