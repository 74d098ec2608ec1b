//! The form author's tools, as a library and as a program.

// For the long definitions in `json!`.
#![recursion_limit = "512"]

mod cases;
mod check;
mod command;
mod explain;
mod language;
mod logic;
mod paper;
mod schema;
mod support;
