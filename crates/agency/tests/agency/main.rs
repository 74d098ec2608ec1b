//! The agency's server as a phone, a browser and an officer meet it.

mod attachments;
mod command;
mod conformance;
mod export;
mod forms;
mod openapi;
mod receive;
mod site;
#[path = "../support/mod.rs"]
mod support;
