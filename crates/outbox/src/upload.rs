//! Carries out what [`crate::uploads`] decides: the files of one submission, one after the other, each
//! to its end. Whatever ends a try, the next one goes on where the agency says that it stopped.

use js_sys::Uint8Array;

use crate::{
    Change, Outbox, Outcome, PIECE_BYTES, Record, StorageError, Trouble, http, machine, platform,
    uploads::{Progress, Step},
};

/// How often progress is told, in milliseconds.
const OFTEN_MS: i64 = 500;

impl Outbox {
    /// Sends the files that go before the submission. `None` when the agency has them all; else how
    /// this try ended.
    pub(crate) async fn upload_all(
        &self,
        record: &mut Record,
    ) -> Result<Option<Outcome>, StorageError> {
        let (mut progress, mut told) = (Progress::default(), platform::now());
        while let Some((index, step)) = progress.next(record) {
            let body = match step {
                Step::Append(from) => match self.rest_of_piece(record, index, from).await? {
                    Some(bytes) => Some(bytes),
                    None => {
                        let sha256 = &record.uploads[index].sha256;
                        let whole = self.store.get(&record.id).await?;
                        let answers = whole.and_then(|record| record.answers());
                        let trouble = Trouble::spoiled(answers.as_ref(), sha256);
                        return Ok(Some(Outcome::Attention(trouble)));
                    }
                },
                Step::Announce | Step::Look | Step::Done => None,
            };
            let reply = http::upload(step, &record.uploads[index], record, body.as_ref()).await;
            let (reply, now) = (reply.as_ref().map_err(|kind| *kind), platform::now());
            let upload = match progress.learn(record, step, reply, now) {
                Ok(upload) => upload,
                Err(outcome) => return Ok(Some(outcome)),
            };
            let learned = |record: &Record| {
                machine::learned(record, &self.holder(), index, upload.clone(), now)
            };
            match self.store.update(&record.id, &learned).await? {
                Some(next) => *record = next,
                // The lease is another's: what this try came to counts no more.
                None => return Ok(Some(Outcome::NotDelivered { status: 0 })),
            }
            if now - told >= OFTEN_MS {
                told = now;
                self.channel.tell(&Change::Submission(record.id.clone()));
            }
        }
        Ok(None)
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
