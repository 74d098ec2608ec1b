//! Files that arrive before the submission that names them, in pieces, by tus 1.0. What a connection
//! brought before it broke stays; what the database says has arrived is on the disk.
//!
//! - `tus.rs` is what is asked and answered, `headers.rs` how headers are read, `refused.rs` every no;
//! - `arrive.rs` makes pieces of a body, `complete.rs` a file of the pieces;
//! - `store.rs` has the bytes, `database/upload.rs` the rest;
//! - `sweep.rs` removes what nobody needs any more.
//!
//! An object is on the disk before a row names it, and no row names it any more before it is removed.
//! So a crash leaves at most objects without a row, which the sweep finds.

mod arrive;
mod complete;
mod headers;
mod lookup;
mod refused;
mod store;
mod sweep;
mod tus;

use std::{io, time::Duration};

use time::OffsetDateTime;
use tokio::sync::Mutex;

use crate::Error;
pub use lookup::Lookup;
pub use refused::Refused;
use store::Store;
pub use store::UploadsPlace;
pub use sweep::sweep;
pub(crate) use sweep::sweep_often;
pub(crate) use tus::{EXPOSED, router};

/// The most bytes of one file, unless told.
pub const LIMIT: u64 = 1 << 30;

/// How many files are put together at a time, if so many are.
const AT_ONCE: usize = 16;

/// The files that arrive before their submission: where their bytes are, and what is taken.
pub struct Uploads {
    store: Store,
    limit: u64,
    keep: Duration,
    /// An upload is put together under one of these, so that many who ask for it wait for one.
    together: [Mutex<()>; AT_ONCE],
}

impl Uploads {
    /// Of this place, which is made if it is a folder; with the most `bytes` that a file may have, and
    /// how long one is kept that no submission claims.
    ///
    /// # Errors
    /// When the place cannot be made or reached.
    pub async fn open(place: &UploadsPlace, bytes: u64, keep: Duration) -> io::Result<Self> {
        let store = Store::open(place)?;
        store.prepare().await?;
        let together = std::array::from_fn(|_| Mutex::new(()));
        Ok(Self { store, limit: bytes, keep, together })
    }

    /// When an upload expires whose last byte comes now, in seconds since 1970.
    fn expiry(&self) -> i64 {
        now().saturating_add(i64::try_from(self.keep.as_secs()).unwrap_or(i64::MAX))
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// 128 bits that nobody can guess, in hexadecimal digits.
fn new_name() -> Result<String, Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::Broke(error.to_string()))?;
    Ok(eform::hex(&bytes))
}
