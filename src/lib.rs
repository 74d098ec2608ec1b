//! The interface: Leptos components drawn from a definition into the shadow root of `<e-form>`.
//!
//! Nothing here decides whether an answer is right (`eform` does) or what happens to a submission
//! (`eform-outbox` does). It only makes sense in a browser; for the host it is empty, so that the
//! workspace's tools can look at all crates at once.

#![cfg(target_arch = "wasm32")]

mod browser;
mod by_name;
mod changed;
mod checking;
mod definitions;
mod dom;
mod drafts;
mod element;
mod fields;
mod file_words;
mod filed;
mod filling;
mod forms;
mod helping;
mod history;
mod installing;
mod later;
mod locking;
mod outbox;
mod pin;
mod pin_words;
mod places;
mod prefill;
mod screen;
mod screens;
mod several;
mod shelf;
mod signing_in;
mod submitting;
mod words;

pub use element::{Mounted, mount};
