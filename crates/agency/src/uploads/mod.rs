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

use axum::body::Bytes;
use time::OffsetDateTime;
use tokio::sync::Mutex;

use crate::Database;
pub use lookup::Lookup;
pub use refused::Refused;
use store::Store;
pub use store::UploadsPlace;
pub use sweep::sweep;
pub(crate) use sweep::sweep_often;
pub(crate) use tus::{EXPOSED, add_bytes, announce_file, router};

/// The most bytes of one file, unless told.
pub const LIMIT: u64 = 1 << 30;

/// The object that says whose place it is.
const OWNER: &str = "database";

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

/// Why files cannot be kept at a place. The text is what the operator sees.
#[derive(Debug, thiserror::Error)]
pub enum UploadsError {
    /// It cannot be made, reached, read or written.
    #[error(transparent)]
    Place(#[from] io::Error),
    /// What one database does not know there it removes, so no two may share one.
    #[error("it is the place of another database; give each its own")]
    OfAnother,
    /// A new place for a database that has files: the right one is elsewhere, or lost.
    #[error(
        "nothing of this database's files is there: is its disk mounted, is the bucket the right one? \
         If they are gone for good, write {0} into a file (in a bucket, an object) `{OWNER}` there, as \
         the user that `serve` runs as"
    )]
    NothingThere(String),
    /// What is written there now, that user could not read.
    #[error("its files belong to another user (uid {0}): run this as that user, as `serve` does")]
    OfAnotherUser(u32),
    /// The database does not answer.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
}

impl Uploads {
    /// Of this place, which is made if it is a folder, and belongs to the database from now on; with the
    /// most `bytes` that a file may have, and how long one is kept that no submission claims.
    ///
    /// # Errors
    /// When the place cannot be made, reached or written, is that of another database or another user, or
    /// has nothing of what this database has.
    pub async fn open(
        database: &Database,
        place: &UploadsPlace,
        bytes: u64,
        keep: Duration,
    ) -> Result<Self, UploadsError> {
        let store = Store::open(place)?;
        let name = database.place_name(&new_name()?).await?;
        // Asked before: another process may make the place meanwhile, and receive a file.
        let has_uploads = database.has_uploads().await?;
        match store.read_all(OWNER).await {
            // Somebody may have written it by hand.
            Ok(owner) if owner.trim_ascii() != name.as_bytes() => {
                return Err(UploadsError::OfAnother);
            }
            Ok(_) => store.prepare().await?,
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            Err(_) if has_uploads => return Err(UploadsError::NothingThere(name)),
            Err(_) => {
                store.prepare().await?;
                store.put(OWNER, name.into()).await?;
            }
        }
        try_to_write(&store).await?;
        let together = std::array::from_fn(|_| Mutex::new(()));
        Ok(Self { store, limit: bytes, keep, together })
    }

    /// When an upload expires whose last byte comes now, in seconds since 1970.
    fn expiry(&self) -> i64 {
        now().saturating_add(i64::try_from(self.keep.as_secs()).unwrap_or(i64::MAX))
    }
}

/// Shows that the place can be written, by the user whose it is.
async fn try_to_write(store: &Store) -> Result<(), UploadsError> {
    let trial = new_name()?;
    store.put(&trial, Bytes::from_static(OWNER.as_bytes())).await?;
    let (owner, us) = (store.user(OWNER).await, store.user(&trial).await);
    store.remove(&trial).await?;
    match (owner?, us?) {
        (Some(owner), Some(us)) if owner != us => Err(UploadsError::OfAnotherUser(owner)),
        _ => Ok(()),
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    OffsetDateTime::now_utc().unix_timestamp()
}

/// 128 bits that nobody can guess, in hexadecimal digits.
fn new_name() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(eform::hex(&bytes))
}

/// May [`new_name`] have made this?
fn is_name(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
