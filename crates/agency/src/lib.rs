//! The receiving side: it takes submissions in exactly once, gives signed receipts, serves the
//! site and its forms, and lets officers read what came.
//!
//! It knows the form language only through `eform`, so what the phone accepts, this accepts. It
//! never writes an answer to its log.
#![deny(missing_docs)]

mod attachments;
mod body;
mod cell;
pub mod cli;
pub mod conformance;
mod connections;
mod database;
mod export;
mod forms;
mod keys;
mod list;
mod log;
mod private_file;
mod problem;
mod receipt;
mod receive;
mod sealed;
mod serve;
mod site;

use std::{path::PathBuf, sync::Arc};

use axum::Router;
use tokio::sync::Semaphore;

pub use attachments::attachments;
pub use cell::cell;
pub use database::{Address, BackupError, Database, DatabaseError, Location};
pub use export::{Contents, Format, export};
pub use forms::{Forms, FormsError};
pub use keys::{KeyError, Keys};
pub use list::{list, show};
pub use log::{quiet_panics, start as start_log, start_to as start_log_to};
pub use problem::Error;
pub use receipt::{Invalid, verify};
pub use sealed::{key_file::KeyFileError, passphrase::PassphraseError};
pub use serve::{StartError, serve};

/// What every request can reach.
#[derive(Clone)]
pub struct Agency(Arc<Parts>);

struct Parts {
    database: Database,
    keys: Keys,
    forms: Forms,
    site: PathBuf,
    room: Arc<Semaphore>,
}

impl Agency {
    /// Puts the parts together; `site` is the folder that is served at `/`.
    pub fn new(database: Database, keys: Keys, forms: Forms, site: PathBuf) -> Self {
        Self(Arc::new(Parts { database, keys, forms, site, room: body::room() }))
    }

    fn database(&self) -> &Database {
        &self.0.database
    }

    fn keys(&self) -> &Keys {
        &self.0.keys
    }

    fn forms(&self) -> &Forms {
        &self.0.forms
    }

    fn room(&self) -> &Arc<Semaphore> {
        &self.0.room
    }
}

/// Every route of the agency's server.
pub fn app(agency: Agency) -> Router {
    Router::new()
        .merge(receive::router())
        .merge(keys::router())
        .merge(forms::router())
        .merge(site::router(&agency.0.site))
        .layer(site::compression())
        .layer(axum::middleware::from_fn(site::headers))
        .layer(axum::middleware::from_fn(log::requests))
        .with_state(agency)
}
