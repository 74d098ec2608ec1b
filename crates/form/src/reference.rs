//! What the language says of itself, for the guide: what is not part of a form, and lies beside the
//! code that it is about. The types of field say theirs in [`crate::fields::Type`].

use crate::fields::Message;
use crate::{logic, messages};

/// Every operator of rules, as a JSON list of
/// `{ "operator", "group", "about", "ours", "examples": [{ "rule", "data", "result", "note" }] }`.
/// In the examples today is 2026-11-20.
pub const OPERATORS: &str = logic::EXAMPLES;

/// The findings that fields of every type may have.
pub const SHARED_MESSAGES: &[Message] = &messages::SHARED;

/// What is said of a finding that has no words of its own: Thai, English.
pub const UNEXPECTED: (&str, &str) = messages::UNEXPECTED;
