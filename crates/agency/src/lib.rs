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
mod filed;
mod forms;
mod import;
mod keys;
mod list;
mod log;
mod origins;
mod private_file;
mod problem;
mod rate;
mod receipt;
mod receive;
mod sealed;
mod serve;
mod site;
mod task;
mod uploads;

use std::{path::PathBuf, sync::Arc};

use axum::{Router, http::HeaderValue, middleware::from_fn_with_state};
use tokio::sync::Semaphore;

use rate::Rate;

pub use attachments::attachments;
pub use cell::cell;
pub use cli::NoPlace;
pub use database::{Address, BackupError, Database, DatabaseError, Location};
pub use export::{Contents, Format, export};
pub use filed::{Filed, OpenError};
pub use forms::{Forms, FormsError};
pub use keys::{KeyError, Keys};
pub use list::{list, show};
pub use log::{quiet_panics, start as start_log, start_to as start_log_to};
pub use problem::Error;
pub use receipt::{Invalid, verify};
pub use sealed::{key_file::KeyFileError, passphrase::PassphraseError};
pub use serve::{StartError, serve};
pub use uploads::{
    LIMIT as UPLOAD_LIMIT, Lookup, Refused, Uploads, UploadsError, UploadsPlace, sweep,
};

/// What every request can reach.
#[derive(Clone)]
pub struct Agency(Arc<Parts>);

struct Parts {
    database: Database,
    keys: Keys,
    forms: Forms,
    site: PathBuf,
    uploads: Uploads,
    origins: Vec<HeaderValue>,
    room: Arc<Semaphore>,
}

impl Agency {
    /// Puts the parts together; `site` is the folder that is served at `/`, and pages of `origins` may
    /// send here too.
    pub fn new(
        database: Database,
        keys: Keys,
        forms: Forms,
        site: PathBuf,
        uploads: Uploads,
        origins: Vec<HeaderValue>,
    ) -> Self {
        let room = body::room();
        Self(Arc::new(Parts { database, keys, forms, site, uploads, origins, room }))
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

    fn uploads(&self) -> &Uploads {
        &self.0.uploads
    }

    fn origins(&self) -> &[HeaderValue] {
        &self.0.origins
    }

    fn room(&self) -> &Arc<Semaphore> {
        &self.0.room
    }
}

/// Every route of the agency's server.
pub fn app(agency: Agency) -> Router {
    limited(agency, None)
}

/// The same, for addresses that may not come as often as they like.
fn limited(agency: Agency, rate: Option<Rate>) -> Router {
    Router::new()
        .merge(receive::router())
        .merge(uploads::router())
        .merge(keys::router())
        .merge(forms::router())
        .merge(site::router(&agency.0.site))
        .layer(from_fn_with_state(rate, rate::limit))
        .layer(site::compression())
        .layer(from_fn_with_state(agency.clone(), origins::origins))
        .layer(axum::middleware::from_fn(site::headers))
        .layer(axum::middleware::from_fn(log::requests))
        .with_state(agency)
}
