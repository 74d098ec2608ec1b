//! What one try to send came to, once the reply was understood.

use eform::{ProblemError, Receipt};
use serde_json::{Map, Value};

use crate::json::{self, Members};

/// The meaning of one try. [`crate::protocol::understand`] makes it,
/// [`crate::machine::settle`] acts on it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The agency holds exactly these bytes under this id.
    Delivered(Receipt),
    /// Something answered, and it was not the agency: a captive portal, a proxy. Waits.
    NotDelivered {
        /// The HTTP status; 0 for an opaque redirect.
        status: u16,
    },
    /// Nothing answered. Waits.
    NoAnswer(NoAnswer),
    /// The agency answered: not now. Waits.
    Later {
        /// The HTTP status.
        status: u16,
        /// How long the agency asked to be left alone, in milliseconds.
        after: Option<i64>,
    },
    /// Trying again by itself would not help.
    Attention(Trouble),
}

impl Outcome {
    /// The stable code that [`Try::code`](crate::Try::code) keeps.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::NotDelivered { .. } => "not-delivered",
            Self::NoAnswer(_) => "no-answer",
            Self::Later { .. } => "later",
            Self::Attention(trouble) => trouble.kind.code(),
        }
    }

    /// The HTTP status, or 0 if there was no answer.
    pub fn status(&self) -> u16 {
        match self {
            Self::Delivered(_) => 200,
            Self::NotDelivered { status } | Self::Later { status, .. } => *status,
            Self::NoAnswer(_) => 0,
            Self::Attention(trouble) => trouble.status,
        }
    }
}

/// Why there was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// No connection, or it broke before the answer was whole.
    Network,
    /// The answer did not come in time (see [`crate::protocol::timeout_ms`]).
    Timeout,
}

/// What kind of attention a record needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// 409: the agency has another body under this id. Nothing was overwritten; the citizen looks
    /// at the answers and sends them as a new submission.
    Conflict,
    /// 401, 403: the agency does not take it yet; the citizen signs in or asks, then sends.
    NotAllowed,
    /// The agency refused it; the citizen sees each error at its field, mends, and sends again.
    Refused,
    /// What is stored on the phone is not whole; the citizen can save what there is as a file.
    Unreadable,
}

impl TroubleKind {
    /// The stable code, as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::NotAllowed => "not-allowed",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Conflict, Self::NotAllowed, Self::Refused, Self::Unreadable]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// What needs attention, and what the agency said about it (RFC 9457).
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// Which of the few things a citizen can do about it.
    pub kind: TroubleKind,
    /// The HTTP status, or 0.
    pub status: u16,
    /// The agency's short sentence, in its own language; may be empty.
    pub title: String,
    /// What exactly was wrong this time, in the agency's language; may be empty.
    pub detail: String,
    /// What is wrong with single answers.
    pub errors: Vec<ProblemError>,
}

impl Trouble {
    /// Trouble of this kind about which nothing more was said.
    pub fn new(kind: TroubleKind, status: u16) -> Self {
        Self { kind, status, title: String::new(), detail: String::new(), errors: Vec::new() }
    }

    /// What is stored is not what was saved.
    pub fn unreadable() -> Self {
        Self::new(TroubleKind::Unreadable, 0)
    }

    /// A file on this phone is not what was attached: the answer that names it is to be given again.
    /// `answers` are none where they are sealed.
    pub fn spoiled(answers: Option<&Map<String, Value>>, sha256: &str) -> Self {
        let answers = answers.cloned().map_or(Value::Null, Value::Object);
        let errors = pointer_to(&answers, sha256).map(|pointer| {
            let number = pointer.rsplit('/').next().and_then(|last| last.parse().ok());
            let number = number.map_or(1, |index: u64| index + 1);
            let params = Map::from_iter([("n".to_owned(), number.into())]);
            let code = "attachment-missing".to_owned();
            ProblemError { pointer, code, params, ..ProblemError::default() }
        });
        Self { errors: errors.into_iter().collect(), ..Self::new(TroubleKind::Refused, 0) }
    }

    /// The same with what a problem (RFC 9457) says; nothing in it is required.
    pub(crate) fn with_problem(self, mut problem: Members) -> Self {
        Self {
            title: problem.text_or_empty("title"),
            detail: problem.text_or_empty("detail"),
            errors: problem.errors("errors"),
            ..self
        }
    }

    pub(crate) fn to_value(&self) -> Value {
        json::object([
            ("kind", self.kind.code().into()),
            ("status", self.status.into()),
            ("title", Value::from(&*self.title)),
            ("detail", Value::from(&*self.detail)),
            ("errors", json::errors(&self.errors)),
        ])
    }

    pub(crate) fn from_members(mut members: Members) -> Option<Self> {
        let kind = TroubleKind::from_code(&members.text("kind")?)?;
        let status = members.small("status");
        Some(Self::new(kind, status).with_problem(members))
    }
}

/// Where in the answers this file is named (RFC 6901).
fn pointer_to(answers: &Value, sha256: &str) -> Option<String> {
    let below = |name: &str, value: &Value| {
        let name = name.replace('~', "~0").replace('/', "~1");
        pointer_to(value, sha256).map(|rest| ["/", &name, &rest].concat())
    };
    match answers {
        Value::Object(members) if members.get("sha256").and_then(Value::as_str) == Some(sha256) => {
            Some(String::new())
        }
        Value::Object(members) => members.iter().find_map(|(name, value)| below(name, value)),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(at, item)| below(&at.to_string(), item))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_spoiled_file_leads_to_the_answer_that_names_it() {
        let answers = json!({ "name": "a", "plots": [{}, { "photos": [{ "sha256": "0" }, { "sha256": "1" }] }] });
        let trouble = Trouble::spoiled(answers.as_object(), "1");
        let error = &trouble.errors[0];
        assert_eq!((error.pointer.as_str(), &error.params["n"]), ("/plots/1/photos/1", &json!(2)));
        assert_eq!(Trouble::spoiled(answers.as_object(), "2").errors, []);
        assert_eq!(Trouble::spoiled(None, "1").errors, []);
    }
}
