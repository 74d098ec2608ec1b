//! What nobody needs any more is removed: uploads whose time is over, and objects that no row names, as
//! a crash leaves them. Several processes may do so at once.

use std::time::Duration;

use futures_util::StreamExt as _;

use super::{Refused, Uploads, now};
use crate::{Agency, Database, Error, database::Removed};

/// How often it is looked.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// The least age of an object that is taken for one that is left over: a row comes within the time of one
/// request. It is as old as an upload that nobody claims, if that is more, so that a server which was
/// started with a somewhat older copy of its database does no harm.
const LEFT_OVER: Duration = Duration::from_secs(24 * 60 * 60);

/// How many objects the database is asked about at a time.
const AT_A_TIME: usize = 500;

/// Sweeps now and then, for ever.
pub(crate) async fn sweep_often(agency: Agency) {
    let mut often = tokio::time::interval(EVERY);
    loop {
        often.tick().await;
        if let Err(error) = sweep(&agency).await {
            tracing::warn!(?error, "what is left of uploads could not be removed");
        }
    }
}

/// Removes uploads whose time is over, and objects of such an age that nothing needs.
///
/// # Errors
/// When the database or the place of the bytes does not answer; what is left is for the next time.
pub async fn sweep(agency: &Agency) -> Result<(), Error> {
    let (uploads, database) = (agency.uploads(), agency.database());
    uploads.sweep_expired(database, now()).await?;
    uploads.sweep_left_over(database, uploads.keep.max(LEFT_OVER)).await
}

impl Uploads {
    /// Removes uploads that no submission has claimed and whose time is over.
    async fn sweep_expired(&self, database: &Database, now: i64) -> Result<(), Error> {
        loop {
            let expired = database.expired(now).await?;
            if expired.is_empty() {
                return Ok(());
            }
            for id in expired {
                // One that goes on, or is claimed, at this moment stays.
                if let Removed::Gone(objects) = database.remove_upload(&id, now).await? {
                    self.remove(&objects).await;
                }
            }
        }
    }

    /// Removes objects of this age that no row names.
    async fn sweep_left_over(&self, database: &Database, age: Duration) -> Result<(), Error> {
        let mut listed = self.store.list().await.map_err(Refused::Store)?;
        loop {
            let mut old = Vec::new();
            while old.len() < AT_A_TIME {
                match listed.next().await.transpose().map_err(Refused::Store)? {
                    Some(object) if object.age >= age => old.push(object.name),
                    Some(_) => {}
                    None => break,
                }
            }
            if old.is_empty() {
                return Ok(());
            }
            let known = database.known_objects(&old).await?;
            old.retain(|name| !known.contains(name));
            for name in &old {
                // A row may have come meanwhile: by a clock that is ahead, what is new is old.
                let name = std::slice::from_ref(name);
                if database.known_objects(name).await?.is_empty() {
                    self.remove(name).await;
                }
            }
        }
    }
}
