//! `consent`: a consent of its own, given or refused by a clear act, to words of a known version.
//!
//! The entry is `true` or `false`, or the answer itself, `{ "given": true, "version": "1" }`. The
//! version is the definition's; consent to other words is no consent to these. Nothing is ticked
//! beforehand: the field has no answer until the citizen gives one (PDPA, B.E. 2562, section 19, and
//! the PDPC's guidelines of 7 September 2565: a clear affirmative act).

use serde_json::{Map, Value};

use super::{At, FieldType, Reading, Wording};
use crate::reader::Members;
use crate::{DefinitionError, Finding, Text};

/// A consent. The answer is `{ "given": true or false, "version": TEXT }`.
///
/// What an agency does by law or as its public task (PDPA, section 24) is told in the form's
/// privacy notice, and is not asked for here: one cannot refuse it, so it is no consent. Ask for
/// one thing in each field. Consent must be free: make a field of this type required only where the
/// service is that very thing, as a newsletter.
///
/// In rules, ask `{ "var": "ID.given" }`: what was not given is an answer too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Consent {
    /// What is consented to: what is done with what, by whom, and how it is withdrawn.
    pub text: Text,
    /// Changes with the words, as `2569.1`.
    pub version: String,
    /// A page with the whole notice.
    pub url: Option<String>,
}

field_type!(
    "consent",
    Consent,
    [
        (
            "consent-needed",
            "หากต้องการใช้บริการนี้ กรุณาให้ความยินยอมข้อ “{label}”",
            "To use this service, give your consent: “{label}”",
        ),
        (
            "consent-version",
            "ข้อความขอความยินยอมเปลี่ยนไปแล้ว โปรดอ่านและตอบใหม่",
            "The words have changed since; please read them and answer again",
        ),
    ]
);

impl Consent {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let read = Self {
            text: members.text("text")?,
            version: members.string("version")?,
            url: members.opt_string("url")?,
        };
        if read.version.is_empty() {
            return Err(DefinitionError::new("expected a version, as \"1\"").under("version"));
        }
        Ok(read)
    }
}

fn given(answer: &Value) -> bool {
    answer.get("given") == Some(&Value::Bool(true))
}

impl FieldType for Consent {
    fn read(&self, entry: &Value) -> Reading {
        let unread = || Finding::error("type");
        let given = match entry {
            Value::Null => return Ok(None),
            Value::Bool(given) => *given,
            Value::Object(answer) => {
                let given = answer.get("given").and_then(Value::as_bool).ok_or_else(unread)?;
                let version = answer.get("version").and_then(Value::as_str).ok_or_else(unread)?;
                if answer.len() > 2 {
                    return Err(unread());
                }
                if version != self.version {
                    return Err(Finding::error("consent-version"));
                }
                given
            }
            _ => return Err(unread()),
        };
        Ok(Some(Value::Object(Map::from_iter([
            ("given".to_owned(), Value::Bool(given)),
            ("version".to_owned(), Value::String(self.version.clone())),
        ]))))
    }

    fn check(&self, answer: &Value, at: &At, found: &mut Vec<Finding>) {
        if at.required && !given(answer) {
            found.push(Finding::error("consent-needed"));
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let said = match given(answer) {
            true => wording.pick("ยินยอม (ข้อความฉบับ ", "Consent given (version "),
            false => wording.pick("ไม่ยินยอม (ข้อความฉบับ ", "Consent not given (version "),
        };
        let version = answer.get("version").and_then(Value::as_str).unwrap_or_default();
        [said, version, ")"].concat()
    }

    fn is_chosen(&self) -> bool {
        true
    }

    // Never ticked beforehand.
    fn is_given(&self) -> bool {
        false
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({
            "type": "object", "additionalProperties": false, "required": ["given", "version"],
            "properties": { "given": { "type": "boolean" }, "version": { "const": self.version } }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn consent_is_to_words_of_a_version() {
        let cases = [
            (json!({ "version": "1" }), "/text: missing"),
            (json!({ "text": "x" }), "/version: missing"),
            (json!({ "text": "x", "version": "" }), "/version: expected a version"),
        ];
        for (field, words) in cases {
            let error = Consent::from_members(&mut Members::of(field).unwrap()).unwrap_err();
            assert!(error.to_string().starts_with(words), "{error}");
        }
    }
}
