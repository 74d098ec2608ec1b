//! `eform test`: a form author's own tests. A file of cases says what somebody enters and what must
//! come of it; a case that fails says what was expected and what was found instead.
//!
//! ```json
//! { "today": "2026-11-20", "cases": [
//!   { "name": "A farmer without land", "answers": { "name": "ก", "has_land": false },
//!     "expect": { "findings": [], "hidden": ["/area"], "pages": ["who"],
//!                 "submission": { "name": "ก", "has_land": false } } }
//! ] }
//! ```

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::check::error_words;
use super::document::{Document, Twice};
use super::language::{sorted, tidy};
use super::{Issue, Weight};
use crate::reader::{self, Members};
use crate::{
    Date, DefinitionError, Finding, Form, NodeId, Session, Severity, Text, json as writer,
};

type Result<T> = std::result::Result<T, DefinitionError>;

/// A file of cases for one form: `NAME.cases.json` beside `NAME.json`.
#[derive(Debug, schemars::JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Cases {
    /// Where the JSON Schema of these files is, for editors; not used.
    #[schemars(rename = "$schema")]
    _schema: Option<String>,
    /// The day on which the forms are filled in, as `2026-11-20`: cases must not change with time.
    #[schemars(with = "Day")]
    today: Date,
    /// The cases, each by itself.
    #[schemars(length(min = 1))]
    cases: Vec<Case>,
}

/// Somebody fills in the form.
#[derive(Debug, schemars::JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Case {
    /// What the case shows, as «A farmer without land is not asked for its size».
    name: String,
    /// Another day for this case.
    #[schemars(with = "Option<Day>")]
    today: Option<Date>,
    /// What is entered, by field id: what is typed or chosen, or the answer itself.
    answers: Map<String, Value>,
    /// What must come of it; at least one thing.
    #[schemars(extend("minProperties" = 1))]
    expect: Expect,
}

/// What must come of the answers. What is not named is not looked at. Fields are named by their
/// place in the answers: `/name`, `/plots/0/area`.
#[derive(Debug, Default, schemars::JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Expect {
    /// Everything that is wrong or odd, in any order: these and no others.
    findings: Option<Vec<Expected>>,
    /// Fields and rows that are shown.
    shown: Option<Vec<String>>,
    /// Fields that are there and not shown.
    hidden: Option<Vec<String>>,
    /// Fields that must be answered.
    required: Option<Vec<String>>,
    /// Fields that are shown and need not be answered.
    optional: Option<Vec<String>>,
    /// Fields whose answer cannot be changed.
    read_only: Option<Vec<String>>,
    /// The ids of the pages that are shown, in order: these and no others.
    pages: Option<Vec<String>>,
    /// The values of the options that a question offers, in order: these and no others.
    offered: Option<Map<String, Value>>,
    /// Answers, also calculated ones and those in rows and groups; null where there is none.
    values: Option<Map<String, Value>>,
    /// The answers that are submitted, all of them; null where something is wrong, so that nothing
    /// can be submitted.
    #[schemars(with = "Option<Submission>")]
    submission: Option<Option<Map<String, Value>>>,
}

/// Something that is wrong or odd.
#[derive(Debug, schemars::JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Expected {
    /// Where: `/name`; empty for what concerns the form as a whole.
    path: String,
    /// The finding's code, as `required`.
    code: String,
    /// Whether it blocks; either unless told.
    severity: Option<Severity>,
    /// What it says, by language; other words are not looked at.
    message: Option<Text>,
}

struct Day;

impl schemars::JsonSchema for Day {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CaseDay".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
    }
}

struct Submission;

impl schemars::JsonSchema for Submission {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Submission".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "oneOf": [{ "type": "object" }, { "type": "null" }] })
    }
}

/// The JSON Schema of a file of cases, for editors.
pub fn cases_language() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut root = <Cases as schemars::JsonSchema>::json_schema(&mut generator).to_value();
    root["$defs"] = Value::Object(generator.take_definitions(true));
    root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    root["title"] = json!("Cases of a form");
    tidy(&mut root);
    sorted(root)
}

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The case's name.
    pub name: String,
    /// The line in the file of cases, counted from 1.
    pub line: usize,
    /// The column in characters, counted from 1.
    pub column: usize,
    /// What was expected and what was found, a sentence each; none where the case passed.
    pub failures: Vec<String>,
}

/// Runs the cases of a file.
///
/// # Errors
/// What is wrong with the file of cases itself, with its place.
pub fn test(form: &Form, cases: &[u8]) -> std::result::Result<Vec<Outcome>, Issue> {
    let document = Document::read(cases).map_err(|error| super::check::whole(&error))?;
    if let Some(Twice { path, .. }) = document.twice.first() {
        let name = super::document::steps(path).last().unwrap_or_default();
        let words = format!("`{name}` is there twice");
        return Err(issue(&document, path, "duplicate-member", words));
    }
    let read = Cases::from_value(document.root.to_value()).map_err(|error| {
        let words = error_words::said(&error, &[]);
        issue(&document, &error.path, error_words::code(&error), words)
    })?;
    let run = |(at, case): (usize, &Case)| {
        let (line, column) = document.place(document.root.trace(&format!("/cases/{at}")).at);
        let failures = case.run(form, case.today.unwrap_or(read.today));
        Outcome { name: case.name.clone(), line, column, failures }
    };
    Ok(read.cases.iter().enumerate().map(run).collect())
}

fn issue(document: &Document, path: &str, code: &'static str, message: String) -> Issue {
    let trace = document.root.trace(path);
    let (line, column) = document.place(trace.at);
    Issue { severity: Weight::Error, code, path: trace.path, line, column, message }
}

impl Cases {
    fn from_value(value: Value) -> Result<Self> {
        let mut members = Members::of(value)?;
        let read = Self {
            _schema: members.opt_string("$schema")?,
            today: members.opt("today", day)?.ok_or_else(|| reader::missing("today", DAY))?,
            cases: members.list("cases", Case::from_value)?,
        };
        members.finish()?;
        if read.cases.is_empty() {
            return Err(DefinitionError::new("expected at least one case").under("cases"));
        }
        Ok(read)
    }
}

impl Case {
    fn from_value(value: Value) -> Result<Self> {
        let mut members = Members::of(value)?;
        let read = Self {
            name: members.string("name")?,
            today: members.opt("today", day)?,
            answers: members.required("answers", reader::object)?,
            expect: members.required("expect", Expect::from_value)?,
        };
        members.finish()?;
        Ok(read)
    }

    /// What was expected and not found.
    fn run(&self, form: &Form, today: Date) -> Vec<String> {
        let session = Session::new(form.clone(), &self.answers, today);
        let mut run = Run { form, session: &session, failures: Vec::new() };
        run.expect(&self.expect);
        run.failures
    }
}

impl Expect {
    fn from_value(value: Value) -> Result<Self> {
        if value == json!({}) {
            return Err(DefinitionError::new("expected at least one thing that must come of it"));
        }
        let mut members = Members::of(value)?;
        let read = Self {
            findings: members.opt_list("findings", Expected::from_value)?,
            shown: members.opt_list("shown", pointer)?,
            hidden: members.opt_list("hidden", pointer)?,
            required: members.opt_list("required", pointer)?,
            optional: members.opt_list("optional", pointer)?,
            read_only: members.opt_list("readOnly", pointer)?,
            pages: members.opt_list("pages", reader::string)?,
            offered: members.opt("offered", by_pointer)?,
            values: members.opt("values", by_pointer)?,
            submission: members.opt("submission", |value| match value {
                Value::Null => Ok(None),
                other => reader::object(other).map(Some),
            })?,
        };
        members.finish()?;
        Ok(read)
    }
}

impl Expected {
    fn from_value(value: Value) -> Result<Self> {
        let mut members = Members::of(value)?;
        let read = Self {
            path: members.opt("path", place)?.ok_or_else(|| reader::missing("path", POINTER))?,
            code: members.string("code")?,
            severity: members.opt("severity", crate::field::severity)?,
            message: members.opt_text("message")?,
        };
        members.finish()?;
        Ok(read)
    }

    fn is(&self, finding: &Finding, form: &Form) -> bool {
        let said = |words: &Text| match words.to_value() {
            Value::Object(languages) => {
                languages.iter().all(|(tag, words)| *words == form.message(finding, tag))
            }
            words => {
                let first = form.definition().languages.first().map_or("th", String::as_str);
                words == form.message(finding, first)
            }
        };
        self.path == finding.path
            && self.code == finding.code
            && self.severity.is_none_or(|severity| severity == finding.severity)
            && self.message.as_ref().is_none_or(said)
    }
}

const DAY: &str = "a day as \"2026-11-20\"";
const POINTER: &str = "the place of a field, as \"/name\" or \"/plots/0/area\"";

fn day(value: Value) -> Result<Date> {
    let text = reader::string(value)?;
    Date::parse_iso(&text).ok_or_else(|| DefinitionError::new(["expected ", DAY].concat()))
}

/// The place of a field.
fn pointer(value: Value) -> Result<String> {
    let text = reader::string(value)?;
    match text.strip_prefix('/') {
        Some(_) => Ok(text),
        None => Err(DefinitionError::new(["expected ", POINTER].concat())),
    }
}

/// The place of a finding: that of a field, or the whole.
fn place(value: Value) -> Result<String> {
    if value == "" { Ok(String::new()) } else { pointer(value) }
}

fn by_pointer(value: Value) -> Result<Map<String, Value>> {
    let members = reader::object(value)?;
    for name in members.keys() {
        pointer(json!(name)).map_err(|error| error.under(name))?;
    }
    Ok(members)
}

/// A case with what came of it.
struct Run<'a> {
    form: &'a Form,
    session: &'a Session,
    failures: Vec<String>,
}

impl Run<'_> {
    fn fail(&mut self, words: String) {
        self.failures.push(words);
    }

    fn expect(&mut self, expect: &Expect) {
        if let Some(findings) = &expect.findings {
            self.findings(findings);
        }
        type Holds = fn(&Session, NodeId) -> bool;
        let states: [(&Option<Vec<String>>, Holds, &str, &str); 5] = [
            (&expect.shown, Session::is_shown, "to be shown", "is hidden"),
            (&expect.hidden, |session, node| !session.is_shown(node), "to be hidden", "is shown"),
            (&expect.required, Session::is_required, "to be required", "is not"),
            (
                &expect.optional,
                |session, node| session.is_shown(node) && !session.is_required(node),
                "to be shown and not required",
                "is hidden, or required",
            ),
            (&expect.read_only, Session::is_read_only, "to be read-only", "can be changed"),
        ];
        for (paths, holds, wanted, found) in states {
            for path in paths.iter().flatten() {
                match self.session.at(path) {
                    Some(node) if holds(self.session, node) => {}
                    Some(_) => self.fail(format!("{path}: expected {wanted}, but it {found}")),
                    None => self.fail(format!("{path}: there is no such field or row")),
                }
            }
        }
        if let Some(pages) = &expect.pages {
            let all = self.form.definition().pages.iter().enumerate();
            let shown: Vec<&String> = all
                .filter(|(at, _)| self.session.page_is_shown(*at))
                .map(|(_, page)| &page.id)
                .collect();
            if !shown.iter().copied().eq(pages) {
                self.fail(format!("expected the pages {pages:?}, found {shown:?}"));
            }
        }
        for (path, options) in expect.offered.iter().flatten() {
            self.offered(path, options);
        }
        for (path, value) in expect.values.iter().flatten() {
            self.value(path, value);
        }
        if let Some(submission) = &expect.submission {
            self.submission(submission.as_ref());
        }
    }

    fn findings(&mut self, expected: &[Expected]) {
        let mut left = self.session.findings();
        let mut absent = Vec::new();
        for one in expected {
            match left.iter().position(|finding| one.is(finding, self.form)) {
                Some(at) => drop(left.remove(at)),
                None => absent.push(one),
            }
        }
        for one in absent {
            let severity = match one.severity {
                Some(Severity::Error) => " as an error",
                Some(Severity::Warning) => " as a warning",
                None => "",
            };
            let message =
                one.message.as_ref().map(|words| format!(" that says {}", words.to_value()));
            let Expected { path, code, .. } = one;
            let message = message.unwrap_or_default();
            self.fail(format!(
                "{path}: expected the finding `{code}`{severity}{message}, found none"
            ));
        }
        for finding in left {
            let Finding { path, code, .. } = &finding;
            let first = self.form.definition().languages.first().map_or("th", String::as_str);
            let said = self.form.message(&finding, first);
            let weight = if finding.is_error() { "error" } else { "warning" };
            self.fail(format!(
                "{path}: found the {weight} `{code}` «{said}», which was not expected"
            ));
        }
    }

    fn offered(&mut self, path: &str, expected: &Value) {
        let Some(node) = self.session.at(path).filter(|node| *node != NodeId::FORM) else {
            return self.fail(format!("{path}: there is no such field or row"));
        };
        let options = self.session.field(node).map_or(&[][..], |field| field.kind.options());
        let offered =
            options.iter().zip(self.session.offered(node)).filter(|(_, offered)| *offered);
        let found: Value = offered.map(|(option, _)| json!(option.value)).collect();
        if found != *expected {
            self.fail(format!("{path}: expected the options {expected}, found {found}"));
        }
    }

    fn value(&mut self, path: &str, expected: &Value) {
        // A part of an answer is no node of its own, but its field is.
        if self.session.near(path) == NodeId::FORM {
            return self.fail(format!("{path}: there is no such field or row"));
        }
        let mut steps = super::document::steps(path);
        let mut found = steps.next().and_then(|first| self.session.answers().get(&first));
        for step in steps {
            found = found.and_then(|found| match found {
                Value::Array(items) => items.get(step.parse::<usize>().ok()?),
                other => other.get(&step),
            });
        }
        let found = found.unwrap_or(&Value::Null);
        if !same(found, expected) {
            let found = if found.is_null() { "no answer".to_owned() } else { writer::write(found) };
            let expected = match expected {
                Value::Null => "no answer".to_owned(),
                value => writer::write(value),
            };
            self.fail(format!("{path}: expected {expected}, found {found}"));
        }
    }

    fn submission(&mut self, expected: Option<&Map<String, Value>>) {
        let errors = || {
            let findings = self.session.findings();
            let errors = findings.iter().filter(|finding| finding.is_error());
            errors.map(|one| format!("{} `{}`", one.path, one.code)).collect::<Vec<_>>().join(", ")
        };
        let words = match (self.session.submission(), expected) {
            (None, None) => return,
            (Some(_), None) => "expected that nothing can be submitted, but it can".to_owned(),
            (None, Some(_)) => {
                format!("expected that it can be submitted, but there are errors: {}", errors())
            }
            (Some(found), Some(expected)) => {
                return self.compare(found, expected);
            }
        };
        self.fail(words);
    }

    /// The members of a submission that differ.
    fn compare(&mut self, found: &Map<String, Value>, expected: &Map<String, Value>) {
        let mut names: Vec<&String> = found.keys().chain(expected.keys()).collect();
        names.sort();
        names.dedup();
        for name in names {
            let said = |value: Option<&Value>| value.map_or("nothing".to_owned(), writer::write);
            let (found, expected) = (found.get(name), expected.get(name));
            let is_same = matches!((found, expected), (Some(a), Some(b)) if same(a, b));
            if !is_same {
                self.fail(format!(
                    "/{name}: expected {} in the submission, found {}",
                    said(expected),
                    said(found)
                ));
            }
        }
    }
}

/// Whether two answers are the same: 5 is 5.0.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let has = |(name, a): (&String, &Value)| b.get(name).is_some_and(|b| same(a, b));
            a.len() == b.len() && a.iter().all(has)
        }
        _ => a == b,
    }
}
