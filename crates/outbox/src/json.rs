//! Records and drafts as JSON, by hand over [`Value`]: derived readers for these types weigh more
//! in the page than all the rest of the outbox, and [`Value`] is there anyway. The names of
//! members are those of the Rust fields in camel case, like `eform`'s own types on the wire.

use eform::{ProblemError, Receipt};
use serde_json::{Map, Value};

/// An object of these members, without those that are null.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    object_of(&mut members.into_iter())
}

fn object_of(members: &mut dyn Iterator<Item = (&str, Value)>) -> Value {
    let mut map = Map::new();
    for (name, value) in members {
        if !value.is_null() {
            map.insert(name.into(), value);
        }
    }
    Value::Object(map)
}

/// A value as JSON text.
pub(crate) fn text(value: &Value) -> String {
    eform::json::write(value)
}

/// Text, or null.
pub(crate) fn maybe(text: &Option<String>) -> Value {
    text.as_deref().map_or(Value::Null, Value::from)
}

/// Text, or null where it is empty.
pub(crate) fn filled(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}

/// A list, or null where there is nothing in it.
pub(crate) fn list(values: impl Iterator<Item = Value>) -> Value {
    let values: Vec<Value> = values.collect();
    if values.is_empty() { Value::Null } else { values.into() }
}

/// Takes members out of an object. Missing ones and ones of another type are `None`.
pub(crate) struct Members(Map<String, Value>);

impl Members {
    /// The members of an object.
    pub fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self(map)),
            _ => None,
        }
    }

    /// The members of a JSON text.
    pub fn read(json: &str) -> Option<Self> {
        Self::of(eform::json::read(json.as_bytes()).ok()?)
    }

    /// Any value; null when it is missing.
    pub fn value(&mut self, name: &str) -> Value {
        self.0.get_mut(name).map(Value::take).unwrap_or_default()
    }

    /// Text.
    pub fn text(&mut self, name: &str) -> Option<String> {
        match self.value(name) {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Text, empty when it is missing.
    pub fn text_or_empty(&mut self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    /// An integer.
    pub fn int(&mut self, name: &str) -> Option<i64> {
        self.value(name).as_i64()
    }

    /// A small integer, 0 when it is missing or too big.
    pub fn small<T: TryFrom<i64> + Default>(&mut self, name: &str) -> T {
        self.int(name).and_then(|int| T::try_from(int).ok()).unwrap_or_default()
    }

    /// A truth value, false when it is missing.
    pub fn flag(&mut self, name: &str) -> bool {
        self.value(name) == Value::Bool(true)
    }

    /// An object, empty when it is missing.
    pub fn map(&mut self, name: &str) -> Map<String, Value> {
        match self.value(name) {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// A list of texts, empty when it is missing.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let Value::Array(texts) = self.value(name) else { return Vec::new() };
        texts.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
    }

    /// A list of objects, without what is none; empty when it is missing.
    pub fn list(&mut self, name: &str) -> Vec<Self> {
        let Value::Array(list) = self.value(name) else { return Vec::new() };
        list.into_iter().filter_map(Self::of).collect()
    }

    /// An object's members.
    pub fn members(&mut self, name: &str) -> Option<Self> {
        Self::of(self.value(name))
    }

    /// The errors of a problem.
    pub fn errors(&mut self, name: &str) -> Vec<ProblemError> {
        self.list(name)
            .into_iter()
            .map(|mut error| ProblemError {
                pointer: error.text_or_empty("pointer"),
                code: error.text_or_empty("code"),
                detail: error.text_or_empty("detail"),
                params: error.map("params"),
            })
            .collect()
    }

    /// A receipt; all of it must be there.
    pub fn receipt(&mut self) -> Option<Receipt> {
        Some(Receipt {
            id: self.text("id")?,
            reference: self.text("reference")?,
            received_at: self.text("receivedAt")?,
            digest: self.text("digest")?,
            signature: self.text("signature")?,
        })
    }
}

/// As [`Members::errors`] reads them; null when there are none.
pub(crate) fn errors(errors: &[ProblemError]) -> Value {
    if errors.is_empty() {
        return Value::Null;
    }
    let error = |error: &ProblemError| {
        object([
            ("pointer", Value::from(&*error.pointer)),
            ("code", Value::from(&*error.code)),
            ("detail", Value::from(&*error.detail)),
            ("params", Value::Object(error.params.clone())),
        ])
    };
    Value::Array(errors.iter().map(error).collect())
}

/// As [`Members::receipt`] reads it.
pub(crate) fn receipt(receipt: &Receipt) -> Value {
    object([
        ("id", Value::from(&*receipt.id)),
        ("reference", Value::from(&*receipt.reference)),
        ("receivedAt", Value::from(&*receipt.received_at)),
        ("digest", Value::from(&*receipt.digest)),
        ("signature", Value::from(&*receipt.signature)),
    ])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn receipts_and_errors_read_and_write_as_they_do_on_the_wire() {
        let receipt: Receipt = serde_json::from_value(json!({
            "id": "a", "reference": "K7TQ", "receivedAt": "2026-11-20T01:14:05Z",
            "digest": "sha256:…", "signature": "s"
        }))
        .unwrap();
        assert_eq!(super::receipt(&receipt), serde_json::to_value(&receipt).unwrap());
        let read = Members::of(super::receipt(&receipt)).and_then(|mut members| members.receipt());
        assert_eq!(read, Some(receipt));

        let error = ProblemError {
            pointer: "/plots/0/area".into(),
            code: "max".into(),
            detail: "…".into(),
            params: Map::from_iter([("max".into(), 5.into())]),
        };
        assert_eq!(errors(std::slice::from_ref(&error)), serde_json::to_value([&error]).unwrap());
        let mut members = Members::of(json!({ "errors": [error, {}, 5] })).unwrap();
        assert_eq!(members.errors("errors"), [error, ProblemError::default()]);
    }
}
