//! Drafts, the outbox, and delivery: what happens between «submit» and the agency's receipt.
//!
//! What to do next is decided in pure code that knows no browser (`given this record, this time
//! and this reply: what next?`: [`machine`], [`protocol`], [`backoff`]), and done in thin adapters
//! over IndexedDB, fetch, Web Locks and timers that exist only in the browser. The same code runs
//! in a page and in a service worker: any number of them may try to send, and one does.
//!
//! The promise: a submission that was said to be saved is never lost, never said to be received
//! without the agency's receipt for its id and its bytes, and never stuck without a time at which
//! it goes again or something the citizen can do.
#![deny(missing_docs)]

mod actions;
pub mod backoff;
mod draft;
#[cfg(any(test, not(target_arch = "wasm32")))]
mod end_examples;
mod end_words;
mod ends;
mod error;
pub mod id;
mod json;
pub mod machine;
mod outcome;
pub mod protocol;
mod record;
pub mod retry_after;
pub mod time;
pub mod uploads;

pub use actions::{Action, actions};
pub use draft::Draft;
#[cfg(any(test, not(target_arch = "wasm32")))]
pub use end_examples::examples;
pub use end_words::EndWords;
pub use ends::End;
pub use error::StorageError;
pub use outcome::{NoAnswer, Outcome, Trouble, TroubleKind};
pub use protocol::{Reply, Request, Tus};
pub use record::{Lease, Record, SCHEMA, State, Try};
pub use uploads::{PIECE_BYTES, Upload};

#[cfg(target_arch = "wasm32")]
mod channel;
#[cfg(target_arch = "wasm32")]
mod definitions;
#[cfg(target_arch = "wasm32")]
mod deliver;
#[cfg(target_arch = "wasm32")]
pub mod filed;
#[cfg(target_arch = "wasm32")]
mod files;
#[cfg(target_arch = "wasm32")]
mod http;
#[cfg(target_arch = "wasm32")]
mod idb;
#[cfg(target_arch = "wasm32")]
mod js;
#[cfg(target_arch = "wasm32")]
mod keys;
#[cfg(target_arch = "wasm32")]
mod lock;
#[cfg(target_arch = "wasm32")]
mod outbox;
#[cfg(target_arch = "wasm32")]
pub mod platform;
#[cfg(target_arch = "wasm32")]
mod rest;
#[cfg(target_arch = "wasm32")]
mod stash;
#[cfg(target_arch = "wasm32")]
mod storage;
#[cfg(target_arch = "wasm32")]
mod store;
#[cfg(target_arch = "wasm32")]
mod triggers;
#[cfg(target_arch = "wasm32")]
mod upload;
#[cfg(target_arch = "wasm32")]
mod webcrypto;

#[cfg(target_arch = "wasm32")]
pub use self::{
    channel::{Change, Subscription},
    definitions::KeptDefinition,
    deliver::Drained,
    outbox::Outbox,
    store::{Enqueued, Saved, Store},
};
