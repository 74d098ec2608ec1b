//! What the engine finds about an answer, as data. Words come from the catalogues by code.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::messages;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema))]
pub enum Severity {
    /// The form cannot be submitted with it.
    Error,
    /// The citizen is asked «is this right?» and may go on.
    Warning,
}

/// One thing that is wrong, or odd, with the answers. It never holds the answer itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// RFC 6901 JSON Pointer into the answers.
    pub path: String,
    /// A stable name for what is wrong, as `required`.
    pub code: Cow<'static, str>,
    /// What the words need: limits, counts.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Value>,
    /// Whether it blocks.
    pub severity: Severity,
}

impl Finding {
    /// An error with this code, as yet without a path.
    pub fn error(code: &'static str) -> Self {
        Self {
            path: String::new(),
            code: code.into(),
            params: Map::new(),
            severity: Severity::Error,
        }
    }

    /// A warning with this code, as yet without a path.
    pub fn warning(code: &'static str) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code) }
    }

    /// The same with a parameter for its words.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// The same, at a part of the answer: `part` is the name of a member.
    pub(crate) fn part(mut self, part: &str) -> Self {
        self.path = pointer(part);
        self
    }

    /// The same, in the answer that this pointer leads to.
    pub(crate) fn within(mut self, path: &str) -> Self {
        self.path.insert_str(0, path);
        self
    }

    /// Whether it blocks the submission.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The words of the catalogue, in `language` or else in English.
    pub fn message(&self, language: &str) -> String {
        messages::message(&self.code, &self.params, "", language, crate::Vocabulary::WHOLE)
    }
}

/// RFC 6901 pointer to the answer of the field with this id.
pub(crate) fn pointer(id: &str) -> String {
    ["/", &id.replace('~', "~0").replace('/', "~1")].concat()
}
