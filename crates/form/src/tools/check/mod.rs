//! `eform check`: everything wrong or odd with a definition, each with its place in the file. What
//! keeps a form from being read is an error, and there may be several; what a citizen would stumble
//! over is a warning; what is only advice is a hint.

mod conditions;
pub(crate) mod error_words;
mod fields;
mod mend;
mod rules;
mod texts;

use std::fmt;

use serde::Serialize;

use super::document::{Document, Node};
use crate::{Date, DefinitionError, Form, limits, reader};

/// How much an issue weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// The form cannot be used.
    Error,
    /// A citizen or the agency would stumble over it.
    Warning,
    /// Advice; nothing has failed.
    Hint,
}

/// One thing that is wrong or odd with a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// How much it weighs.
    pub severity: Weight,
    /// A stable name for what is wrong, as `unknown-member`.
    pub code: &'static str,
    /// RFC 6901 JSON Pointer into the definition; empty for the whole.
    pub path: String,
    /// The line in the file, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What is wrong and what to do, in English.
    pub message: String,
}

impl Issue {
    /// Whether a check with this issue has failed.
    pub fn fails(&self) -> bool {
        self.severity != Weight::Hint
    }
}

impl fmt::Display for Issue {
    /// `12:5: error[unknown-member] /pages/0/titel: unknown member …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weight = match self.severity {
            Weight::Error => "error",
            Weight::Warning => "warning",
            Weight::Hint => "hint",
        };
        let path = if self.path.is_empty() { "/" } else { &self.path };
        let Self { code, line, column, message, .. } = self;
        write!(f, "{line}:{column}: {weight}[{code}] {path}: {message}")
    }
}

/// Everything wrong or odd with a definition, by its place in the file. `today` is the day that
/// defaults such as «today» are looked at on.
pub fn check(bytes: &[u8], today: Date) -> Vec<Issue> {
    let document = match Document::read(bytes) {
        Ok(document) if bytes.len() <= limits::DEFINITION_BYTES => document,
        Ok(_) => return vec![whole(&reader::beyond("bytes", limits::DEFINITION_BYTES))],
        Err(error) => return vec![whole(&error)],
    };
    let mut found = Found { document: &document, touched: Vec::new(), issues: Vec::new() };
    for twice in &document.twice {
        let (line, _) = document.place(twice.first_at);
        let name = super::document::steps(&twice.path).last().unwrap_or_default();
        let message = format!("`{name}` is there twice: the first, on line {line}, is not used");
        found.push(Weight::Error, "duplicate-member", &twice.path, twice.at, message);
    }
    let mended = mend::mend(document.root.clone(), &mut found);
    if let Some((form, root)) = mended {
        let seen = Seen { form: &form, root: &root, today };
        texts::check(&seen, &mut found);
        fields::check(&seen, &mut found);
        rules::check(&seen, &mut found);
    }
    let mut issues = found.issues;
    issues.sort_by_key(|issue| (issue.line, issue.column, issue.severity));
    issues.dedup();
    issues
}

pub(super) fn whole(error: &DefinitionError) -> Issue {
    let (line, column) = error.position.unwrap_or((1, 1));
    Issue {
        severity: Weight::Error,
        code: if error.position.is_some() { "json" } else { "limit" },
        path: String::new(),
        line,
        column,
        message: error.expected.clone(),
    }
}

/// A form that could be read, perhaps after mending.
struct Seen<'a> {
    form: &'a Form,
    /// What it was read from.
    root: &'a Node,
    today: Date,
}

impl Seen<'_> {
    /// Where a field stands in the definition; none for one that only follows from an option.
    fn path_of(&self, place: usize) -> Option<String> {
        let (mut path, mut at) = (String::new(), Some(place));
        while let Some(place) = at {
            let field = self.form.field(place);
            path.insert_str(0, &format!("/fields/{}", field.listed_at));
            at = field.parent;
        }
        let field = self.form.field(place);
        path.insert_str(0, &format!("/pages/{}", field.page));
        let own = self.root.find(&path)?;
        (own.get("id")?.as_str() == Some(&field.id)).then_some(path)
    }

    fn paths(&self) -> impl Iterator<Item = (usize, String)> + '_ {
        (0..self.form.fields().len()).filter_map(|place| Some((place, self.path_of(place)?)))
    }
}

/// What has been found so far.
struct Found<'a> {
    document: &'a Document,
    /// What has been mended in memory, as pointers into the file: nothing more is said of it.
    touched: Vec<String>,
    issues: Vec<Issue>,
}

impl Found<'_> {
    fn push(
        &mut self,
        severity: Weight,
        code: &'static str,
        path: &str,
        at: usize,
        message: String,
    ) {
        let (line, column) = self.document.place(at);
        self.issues.push(Issue { severity, code, path: path.to_owned(), line, column, message });
    }

    /// Says something of a place in the definition as it was read, unless it has been mended.
    fn say(
        &mut self,
        seen: &Seen,
        severity: Weight,
        code: &'static str,
        path: &str,
        message: String,
    ) {
        let trace = seen.root.trace(path);
        if !self.touched.iter().any(|touched| is_within(&trace.path, touched)) {
            let (path, at) = (trace.path, trace.at);
            self.push(severity, code, &path, at, message);
        }
    }

    /// Whether a field, what it stands in, its type or its options have been mended: then it is not
    /// known what it can be answered with.
    fn is_doubtful(&self, seen: &Seen, place: usize) -> bool {
        let Some(path) = seen.path_of(place) else {
            return seen
                .form
                .field(place)
                .parent
                .is_some_and(|parent| self.is_doubtful(seen, parent));
        };
        let path = seen.root.trace(&path).path;
        let own = ["/type", "/options"].map(|member| [&path, member].concat());
        self.touched.iter().any(|touched| {
            is_within(&path, touched) || own.iter().any(|own| is_within(touched, own))
        })
    }
}

/// Whether a pointer leads to what another one leads to, or into it.
fn is_within(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
