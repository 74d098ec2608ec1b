//! Carries out what [`crate::uploads`] decides: the files of one submission, one after the other, each
//! to its end. Whatever ends a try, the next one goes on where the agency says that it stopped.

use js_sys::Uint8Array;

use crate::{
    Change, Outbox, Outcome, PIECE_BYTES, Record, StorageError, Trouble, http, machine, platform,
    uploads::{self, Learned, Step},
};

/// How often progress is told, in milliseconds.
const OFTEN_MS: i64 = 500;

/// How often in one try a file may be announced, or asked after, once more.
const AGAIN: u32 = 3;

impl Outbox {
    /// Sends the files that go before the submission. `None` when the agency has them all; else how
    /// this try ended.
    pub(crate) async fn upload_all(
        &self,
        record: &mut Record,
    ) -> Result<Option<Outcome>, StorageError> {
        for index in 0..record.uploads.len() {
            if let Some(outcome) = self.upload(record, index).await? {
                return Ok(Some(outcome));
            }
        }
        Ok(None)
    }

    async fn upload(
        &self,
        record: &mut Record,
        index: usize,
    ) -> Result<Option<Outcome>, StorageError> {
        let (mut arrived, mut again, mut told) = (None, 0, 0);
        loop {
            let mut upload = record.uploads[index].clone();
            let step = uploads::step(&upload, arrived);
            let body = match step {
                Step::Done => return Ok(None),
                Step::Append(from) => match self.rest_of_piece(record, index, from).await? {
                    Some(bytes) => Some(bytes),
                    None => return Ok(Some(Outcome::Attention(Trouble::unreadable()))),
                },
                Step::Announce | Step::Look => None,
            };
            let reply = http::upload(step, &upload, record, body.as_ref()).await;
            let reply = reply.as_ref().map_err(|kind| *kind);
            let now = platform::now();
            match uploads::understand(step, &upload, record, reply, now) {
                Learned::Announced(address, offset) => {
                    (upload.address, arrived) = (Some(address), offset);
                    upload.sent = offset.unwrap_or_default();
                }
                Learned::Arrived(offset) => {
                    (upload.sent, arrived) = (offset, Some(offset));
                }
                Learned::Uncertain => (arrived, again) = (None, again + 1),
                Learned::Gone => {
                    (upload.address, upload.sent, arrived) = (None, 0, None);
                    again += 1;
                }
                Learned::Failed(outcome) => return Ok(Some(outcome)),
            }
            if again > AGAIN {
                // Two that write the same file, or an agency that keeps nothing: later.
                return Ok(Some(Outcome::NotDelivered { status: 0 }));
            }
            let learned = |record: &Record| {
                machine::learned(record, &self.holder, index, upload.clone(), now)
            };
            match self.store.update(&record.id, &learned).await? {
                // Its body is not in what was written anew, and is not needed before the end.
                Some(next) => record.uploads = next.uploads,
                // The lease is another's: what this try came to counts no more.
                None => return Ok(Some(Outcome::NotDelivered { status: 0 })),
            }
            if now - told >= OFTEN_MS {
                told = now;
                self.channel.tell(&Change::Outbox);
            }
        }
    }

    /// The bytes of a file from here to the end of their piece; none where they are not what was kept.
    async fn rest_of_piece(
        &self,
        record: &Record,
        index: usize,
        from: u64,
    ) -> Result<Option<Uint8Array>, StorageError> {
        let within = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let (number, skip) = (within(from / PIECE_BYTES), within(from % PIECE_BYTES));
        let sha256 = &record.uploads[index].sha256;
        let piece = self.store.piece(&record.id, sha256, number).await?;
        Ok(piece.map(|piece| piece.subarray(skip, piece.length())).filter(|it| it.length() > 0))
    }
}
