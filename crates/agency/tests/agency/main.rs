//! The agency's server as a phone, a browser and an officer meet it.

#[macro_use]
#[path = "../support/mod.rs"]
mod support;

mod attachments;
mod backup;
mod command;
mod conformance;
mod export;
mod forms;
mod open;
mod openapi;
mod receive;
mod sealed;
mod site;
mod uploads;
mod wire;
