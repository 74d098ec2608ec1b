//! An upload of which all bytes have arrived: is it the file that was announced? Then its pieces become
//! one object. Whoever meets such an upload does this, so a crash in between heals when it is asked
//! for again.

use std::io;

use eform::Uploaded;
use futures_util::StreamExt as _;
use sha2::{Digest as _, Sha256};

use super::{OWNER, Refused, Uploads, new_name, store::Writing};
use crate::{
    Database, Error,
    database::{Part, Upload},
};

/// What the pieces make.
enum Whole {
    /// The file, as this object.
    Right(String),
    /// Another one, or a piece is not there.
    Wrong,
}

impl Uploads {
    /// Gives the upload as it is then: with its `object` where all of it has arrived.
    ///
    /// # Errors
    /// [`Refused::OtherFile`] where it is another file than was announced: it begins anew.
    pub(crate) async fn complete(
        &self,
        database: &Database,
        upload: Upload,
    ) -> Result<Upload, Error> {
        if upload.object.is_some() || !upload.is_full() {
            return Ok(upload);
        }
        let which = upload.id.bytes().fold(0, |sum, byte| sum + usize::from(byte));
        let _alone = self.together[which % self.together.len()].lock().await;
        let upload = database.upload(&upload.id).await?.ok_or(Error::NotFound)?;
        if upload.object.is_some() || !upload.is_full() {
            return Ok(upload);
        }
        let parts = database.parts(&upload.id).await?;
        let Whole::Right(object) = self.put_together(&upload, &parts).await? else {
            if self.begin_anew(database, &upload).await? {
                return Err(Refused::OtherFile.into());
            }
            // Another process was first.
            return database.upload(&upload.id).await?.ok_or(Error::NotFound);
        };
        let not_needed = match database.complete(&upload, &object).await? {
            Some(parts) => parts.into_iter().filter(|part| *part != object).collect(),
            // Another process was first, or it is gone. A piece is not ours to remove.
            None if parts.iter().any(|part| part.object == object) => Vec::new(),
            None => vec![object],
        };
        self.remove(&not_needed).await;
        database.upload(&upload.id).await?.ok_or(Error::NotFound)
    }

    /// Is this file of this submission here in full, as it was announced?
    pub(crate) async fn has(
        &self,
        database: &Database,
        submission: &str,
        file: &Uploaded,
    ) -> Result<bool, Error> {
        let Ok(length) = i64::try_from(file.size) else { return Ok(false) };
        let upload = database.upload_for(submission, &file.sha256, length).await?;
        let Some(upload) = upload else { return Ok(false) };
        match self.complete(database, upload).await {
            Ok(upload) => self.is_there(database, &upload).await,
            Err(Error::Upload(Refused::OtherFile) | Error::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// How a file of this submission begins that is here in full: so many bytes of it, or more.
    pub(crate) async fn beginning(
        &self,
        database: &Database,
        submission: &str,
        file: &Uploaded,
        bytes: usize,
    ) -> Result<Vec<u8>, Error> {
        let length = i64::try_from(file.size).unwrap_or(i64::MAX);
        let upload = database.upload_for(submission, &file.sha256, length).await?;
        let mut begins = Vec::new();
        let Some(object) = upload.and_then(|upload| upload.object) else { return Ok(begins) };
        let mut pieces = self.store.read(&object).await.map_err(Refused::Store)?;
        while let (true, Some(piece)) = (begins.len() < bytes, pieces.next().await) {
            begins.extend_from_slice(&piece.map_err(Refused::Store)?);
        }
        Ok(begins)
    }

    /// Is the whole of a complete upload where it should be? If not, as after a backup that has less than
    /// its database, it begins anew.
    async fn is_there(&self, database: &Database, upload: &Upload) -> Result<bool, Error> {
        let Some(object) = &upload.object else { return Ok(false) };
        let length = upload.length.unsigned_abs();
        if self.store.has(object, length).await.map_err(Refused::Store)? {
            return Ok(true);
        }
        tracing::error!("the bytes of an upload are not there; it begins anew");
        self.begin_anew(database, upload).await?;
        Ok(false)
    }

    /// Does nothing where the place is not there at all, as a disk that is not mounted.
    async fn begin_anew(&self, database: &Database, seen: &Upload) -> Result<bool, Error> {
        self.store.read_all(OWNER).await.map_err(Refused::Store)?;
        let parts = database.begin_anew(seen).await?;
        let begun = parts.is_some();
        self.remove(&parts.unwrap_or_default()).await;
        Ok(begun)
    }

    /// One piece is the whole as it is; several are written into a new object.
    async fn put_together(&self, upload: &Upload, parts: &[Part]) -> Result<Whole, Error> {
        let (name, mut writing) = match parts {
            [only] => (only.object.clone(), None),
            _ => {
                let name = new_name().map_err(Refused::Store)?;
                let writing = self.store.write(&name).await.map_err(Refused::Store)?;
                (name, Some(writing))
            }
        };
        let copied = self.copy(parts, writing.as_mut()).await;
        let expected = (upload.length.unsigned_abs(), upload.sha256.as_str());
        match (copied, writing) {
            (Ok((length, sha256)), writing) if (length, sha256.as_str()) == expected => {
                if let Some(writing) = writing {
                    writing.finish().await.map_err(Refused::Store)?;
                }
                Ok(Whole::Right(name))
            }
            (copied, writing) => {
                if let Some(writing) = writing {
                    writing.give_up().await;
                }
                match copied {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        Err(Refused::Store(error).into())
                    }
                    _ => Ok(Whole::Wrong),
                }
            }
        }
    }

    /// Reads the pieces, and gives how many bytes they have and what their SHA-256 is.
    async fn copy(
        &self,
        parts: &[Part],
        mut writing: Option<&mut Writing>,
    ) -> io::Result<(u64, String)> {
        let (mut length, mut hasher) = (0, Sha256::new());
        for part in parts {
            let mut bytes = self.store.read(&part.object).await?;
            while let Some(bytes) = bytes.next().await.transpose()? {
                length += bytes.len() as u64;
                hasher.update(&bytes);
                if let Some(writing) = writing.as_mut() {
                    writing.put(bytes).await?;
                }
            }
        }
        Ok((length, eform::hex(&hasher.finalize())))
    }

    /// Removes objects that no row names any more. What fails is found by the sweep.
    pub(super) async fn remove(&self, names: &[String]) {
        for name in names {
            if let Err(error) = self.store.remove(name).await {
                tracing::warn!(%error, "an object of an upload could not be removed");
            }
        }
    }
}
