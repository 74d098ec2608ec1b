//! The form author's tools, behind the feature `tools`: what the command line `eform` does, as a
//! library. None of it is in the page. Nothing here reads a file, the clock or the network: bytes
//! and today's date come in, data and words go out.

mod cases;
pub mod check;
mod day;
pub(crate) mod document;
mod explain;
mod language;
mod logic;
mod operators;
mod schema;
pub(crate) mod scope;
mod words;

pub use cases::{Outcome, cases_language, test};
pub use check::{Issue, Weight, check};
pub use day::day_since_1970;
pub use explain::explain;
pub use language::language;
pub use logic::{answer_line, evaluate};
pub use schema::schema;
