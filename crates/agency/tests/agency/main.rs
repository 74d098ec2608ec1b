//! The agency's server as a phone, a browser and an officer meet it.

#[macro_use]
#[path = "../support/mod.rs"]
mod support;

mod abandoned;
mod attachments;
mod backup;
mod bucket;
mod command;
mod conformance;
mod conformance_uploads;
mod export;
mod filed;
mod forms;
mod import;
mod interop;
mod kept;
mod open;
mod openapi;
mod origins;
mod receive;
mod schemathesis;
mod sealed;
mod site;
mod uploads;
mod wire;
