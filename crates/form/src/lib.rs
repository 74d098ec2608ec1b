//! The form language and its engine: a definition, the answers, what is shown, what is wrong.
//!
//! The engine is pure. It knows no browser, no clock, no network and no storage: today's date and
//! the language come in as arguments. The page and the agency run this same code on the same
//! definition, so what the phone accepts, the server accepts.
//!
//! ```
//! use eform::{Date, Form};
//! use serde_json::json;
//!
//! let form = Form::parse(br#"{
//!   "id": "greeting", "version": "1", "title": "Greeting", "languages": ["en"],
//!   "submit": { "url": "/api/submissions" },
//!   "pages": [{ "id": "who", "title": "Who", "fields": [
//!     { "id": "name", "type": "text", "label": "Your name", "required": true }
//!   ] }]
//! }"#)?;
//! let today = Date { year: 2026, month: 11, day: 20 };
//! let answers = json!({});
//! let findings = form.check(answers.as_object().unwrap(), today);
//! assert_eq!(findings[0].path, "/name");
//! assert_eq!(findings[0].code, "required");
//! # Ok::<(), eform::DefinitionError>(())
//! ```
#![deny(missing_docs)]

pub mod base64;
mod date;
mod decimal;
mod definition;
mod error;
mod field;
pub mod fields;
pub mod filed;
mod finding;
mod form;
mod graph;
pub mod json;
pub mod limits;
mod logic;
mod messages;
mod names;
mod order;
#[cfg(feature = "paper")]
pub mod paper;
mod pattern;
pub mod places;
mod reader;
#[cfg(feature = "tools")]
pub mod reference;
mod revised;
#[cfg(feature = "paper")]
mod scope;
mod session;
mod text;
pub mod thai;
#[cfg(feature = "tools")]
pub mod tools;
mod vocabulary;
mod wire;

pub use date::{Date, month_name};
pub use definition::{
    Agency, Contact, Definition, Digits, Page, Privacy, SealTo, Start, Submit, Uploads,
};
pub use error::DefinitionError;
pub use field::{Check, Field};
pub use fields::Kind;
pub use finding::{Finding, Severity};
pub use form::{Form, Summary};
pub use logic::{Data, Read, Rule, RuleError};
pub use pattern::Pattern;
pub use revised::Revised;
pub use session::{Attached, Changes, NodeId, Session};
pub use text::Text;
pub use vocabulary::Vocabulary;
pub use wire::{
    Enclosed, Hasher, Problem, ProblemError, Receipt, Sealed, Submission, Uploaded, digest, hex,
    sha256,
};
