//! The body of a request about an upload, as it arrives: it is stored piece by piece, so that little of
//! it is in memory, and what came before a connection broke stays.

use std::{sync::Arc, time::Duration};

use axum::body::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Refused, Uploads, headers::Checksum, new_name};
use crate::{
    Database, Error,
    body::{self, Arriving},
    database::{Part, Upload},
};

/// The most bytes of a body that are in memory, and so the largest piece.
const PIECE: usize = 1 << 20;

/// A line that is silent for so long may be gone, though nobody has told us yet: what came is stored, so
/// that the phone, when it asks on another line, need not send it again.
const PAUSE: Duration = Duration::from_secs(1);

/// Where less than so many bytes came before a pause, the next one must be twice as long: a byte now and
/// then must not cost an object each.
const FEW: usize = 64 * 1024;

/// A body that is being added to an upload.
pub(super) struct Adding<'a> {
    pub uploads: &'a Uploads,
    pub database: &'a Database,
    pub room: &'a Arc<Semaphore>,
    pub upload: &'a Upload,
    /// What the bytes are by the sender's word: then none count before all are here.
    pub checksum: Option<Checksum>,
}

/// What is here of the body and does not count yet.
#[derive(Default)]
struct Pending {
    /// Where the upload ends by what counts.
    from: i64,
    /// What is stored, and waits for the checksum.
    parts: Vec<Part>,
    /// Where `buffer` begins.
    at: i64,
    buffer: Vec<u8>,
    room: Option<OwnedSemaphorePermit>,
}

impl Adding<'_> {
    /// Adds the body where the upload ended when it was read. What counts in the end is in the database.
    ///
    /// # Errors
    /// When the body breaks off, and what came is kept all the same; when the checksum is of other bytes,
    /// and none is; when others have added something meanwhile; when the file would become too long.
    pub async fn run(mut self, arriving: &mut Arriving) -> Result<(), Error> {
        let from = self.upload.arrived;
        let mut pending = Pending { from, at: from, ..Pending::default() };
        let result = self.take_all(arriving, &mut pending).await;
        // Where the database failed it may know them nevertheless.
        if !matches!(result, Err(Error::Database(_))) {
            let left: Vec<_> = pending.parts.into_iter().map(|part| part.object).collect();
            self.uploads.remove(&left).await;
        }
        result
    }

    async fn take_all(
        &mut self,
        arriving: &mut Arriving,
        pending: &mut Pending,
    ) -> Result<(), Error> {
        let mut pause = PAUSE;
        let came = loop {
            let chunk = match arriving.next_within(pause).await {
                Ok(Some(Some(chunk))) => chunk,
                Ok(Some(None)) => break Ok(()),
                Ok(None) => {
                    if self.checksum.is_none() && !pending.buffer.is_empty() {
                        pause = if pending.buffer.len() < FEW { pause * 2 } else { PAUSE };
                        self.count(pending).await?;
                    }
                    continue;
                }
                Err(error) => break Err(error),
            };
            let here = pending.at.saturating_add(bytes(&pending.buffer));
            if bytes(&chunk) > self.upload.length.saturating_sub(here) {
                return Err(Refused::BeyondLength.into());
            }
            match self.take(chunk, pending).await {
                // What is here is kept, which makes room.
                Err(Error::Busy) => break Err(Error::Busy),
                taken => taken?,
            }
        };
        match (came, self.checksum.take().map(Checksum::matches)) {
            (Err(error), Some(_)) => Err(error),
            (Ok(()), Some(false)) => Err(Refused::Checksum.into()),
            (came, _) => {
                self.count(pending).await?;
                came
            }
        }
    }

    async fn take(&mut self, mut chunk: Bytes, pending: &mut Pending) -> Result<(), Error> {
        if let Some(checksum) = &mut self.checksum {
            checksum.update(&chunk);
        }
        while !chunk.is_empty() {
            let more = chunk.split_to(chunk.len().min(PIECE - pending.buffer.len()));
            body::take(self.room, more.len(), &mut pending.room)?;
            pending.buffer.extend_from_slice(&more);
            if pending.buffer.len() == PIECE {
                match self.checksum {
                    Some(_) => self.store(pending).await?,
                    None => self.count(pending).await?,
                }
            }
        }
        Ok(())
    }

    /// Makes a piece of what is in memory.
    async fn store(&self, pending: &mut Pending) -> Result<(), Error> {
        if pending.buffer.is_empty() {
            return Ok(());
        }
        let (object, length) = (new_name().map_err(Refused::Store)?, bytes(&pending.buffer));
        let piece = std::mem::take(&mut pending.buffer).into();
        self.uploads.store.put(&object, piece).await.map_err(Refused::Store)?;
        pending.room = None;
        pending.parts.push(Part { start: pending.at, length, object });
        pending.at += length;
        Ok(())
    }

    /// From here on all that came counts.
    async fn count(&self, pending: &mut Pending) -> Result<(), Error> {
        self.store(pending).await?;
        if pending.parts.is_empty() {
            return Ok(());
        }
        let (id, expires) = (&self.upload.id, self.uploads.expiry());
        if self.database.append(id, pending.from, &pending.parts, expires).await? {
            pending.parts.clear();
            pending.from = pending.at;
            return Ok(());
        }
        Err(match self.database.upload(id).await? {
            Some(now) => Refused::Offset(now.arrived.unsigned_abs()).into(),
            None => Error::NotFound,
        })
    }
}

/// How many they are, as the database has it.
fn bytes(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use futures_util::stream;

    use super::*;
    use crate::{UploadsPlace, uploads::now};

    /// An upload of this length, of which nothing has arrived.
    async fn announced(folder: &std::path::Path, length: u64) -> (Database, Uploads, Upload) {
        let database = Database::create(&folder.join("agency.db").into()).await.unwrap();
        let place = UploadsPlace::from(folder.join("uploads"));
        let keep = Duration::from_secs(60);
        let uploads = Uploads::open(&database, &place, length, keep).await.unwrap();
        let text = str::to_owned;
        let new = Upload::new(text("id"), text("s"), text("d"), text("f"), length, now() + 60);
        let upload = database.announce(&new, now()).await.unwrap();
        (database, uploads, upload)
    }

    fn bringing(chunks: usize) -> Arriving {
        let chunks: Vec<_> =
            (0..chunks).map(|_| Ok::<_, std::io::Error>(vec![7; 10_000])).collect();
        Arriving::new(Body::from_stream(stream::iter(chunks)))
    }

    #[tokio::test]
    async fn where_there_is_no_room_what_came_is_kept_and_makes_room() {
        let folder = tempfile::tempdir().unwrap();
        let (database, uploads, mut upload) = announced(folder.path(), 300_000).await;
        let room = Arc::new(Semaphore::new(105_000));
        for (expected, arrived) in [(false, 100_000), (false, 200_000), (true, 300_000)] {
            let adding = Adding {
                uploads: &uploads,
                database: &database,
                room: &room,
                upload: &upload,
                checksum: None,
            };
            let left = (upload.length - upload.arrived) / 10_000;
            let added = adding.run(&mut bringing(usize::try_from(left).unwrap())).await;
            assert!(if expected { added.is_ok() } else { matches!(added, Err(Error::Busy)) });
            assert_eq!(room.available_permits(), 105_000);
            upload = database.upload("id").await.unwrap().unwrap();
            assert_eq!(upload.arrived, arrived);
        }
    }

    #[tokio::test]
    async fn more_than_was_announced_is_refused_also_where_no_length_was_told() {
        let folder = tempfile::tempdir().unwrap();
        let (database, uploads, upload) = announced(folder.path(), 25_000).await;
        let room = body::room();
        let adding = Adding {
            uploads: &uploads,
            database: &database,
            room: &room,
            upload: &upload,
            checksum: None,
        };
        let added = adding.run(&mut bringing(3)).await;
        assert!(matches!(added, Err(Error::Upload(Refused::BeyondLength))));
        assert_eq!(database.upload("id").await.unwrap().unwrap().arrived, 0);
    }
}
