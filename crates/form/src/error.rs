//! A definition that cannot be read: what is wrong, where, and what was expected.

use std::fmt;

use crate::json::NotJson;

/// Why a definition cannot be used. For webmasters: in English, with the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionError {
    /// RFC 6901 JSON Pointer into the definition; empty for the whole. Where something is missing,
    /// the place where it should be.
    pub path: String,
    /// What is wrong there, and what was expected.
    pub expected: String,
    /// Line and column, counted from 1, where the file is not JSON at all.
    pub position: Option<(usize, usize)>,
}

impl DefinitionError {
    /// An error at the value that is being read; see [`DefinitionError::under`].
    pub(crate) fn new(expected: impl Into<String>) -> Self {
        Self { path: String::new(), expected: expected.into(), position: None }
    }

    /// The same, one step further out: the value is the member of this name.
    pub(crate) fn under(mut self, name: &str) -> Self {
        let step = crate::finding::pointer(name);
        self.path.insert_str(0, &step);
        self
    }

    /// The same, one step further out: the value is the element at this place.
    pub(crate) fn under_index(self, index: usize) -> Self {
        self.under(&index.to_string())
    }

    pub(crate) fn syntax(error: NotJson) -> Self {
        let expected = ["not JSON: expected ", error.expected].concat();
        Self { path: String::new(), expected, position: Some((error.line, error.column)) }
    }
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.position, &*self.path) {
            (Some((line, column)), _) => write!(f, "line {line}, column {column}")?,
            (None, "") => f.write_str("(the whole file)")?,
            (None, path) => f.write_str(path)?,
        }
        write!(f, ": {}", self.expected)
    }
}

impl std::error::Error for DefinitionError {}
