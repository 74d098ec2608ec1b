//! What officers read of files that went before their submission.

use std::io::{self, Write};

use futures_util::{Stream, StreamExt as _};
use tokio::sync::OnceCell;

use super::{UploadsPlace, store::Store};
use crate::{
    Database, DatabaseError,
    cli::{CliError, NoPlace},
};

/// The place of the files, opened once one is needed: who looks at no such file need not know it.
pub struct Lookup {
    place: Result<UploadsPlace, NoPlace>,
    store: OnceCell<Store>,
}

/// A file that was found.
pub(crate) struct Found<S> {
    place: String,
    bytes: S,
}

impl Lookup {
    /// Of this place, or of none.
    pub fn new(place: Result<UploadsPlace, NoPlace>) -> Self {
        Self { place, store: OnceCell::new() }
    }

    /// The file with this digest that a received submission has claimed.
    pub(crate) async fn find(
        &self,
        database: &Database,
        submission: &str,
        sha256: &str,
    ) -> Result<Found<impl Stream<Item = io::Result<axum::body::Bytes>> + Unpin + use<>>, CliError>
    {
        let place = self.place.as_ref().map_err(|none| none.clone())?;
        let object = database.claimed(submission, sha256).await.map_err(DatabaseError::from)?;
        let open = async {
            let object = object.ok_or(io::ErrorKind::NotFound)?;
            let store = self.store.get_or_try_init(async || Store::open(place)).await?;
            store.read(&object).await
        };
        let place = place.to_string();
        match open.await {
            Ok(bytes) => Ok(Found { place, bytes }),
            Err(error) => Err(CliError::Upload { place, submission: submission.to_owned(), error }),
        }
    }
}

impl<S: Stream<Item = io::Result<axum::body::Bytes>> + Unpin> Found<S> {
    /// Hands all of it on, piece by piece.
    pub async fn copy(
        mut self,
        take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), CliError> {
        while let Some(bytes) = self.bytes.next().await {
            let told = |error| CliError::File { path: self.place.clone(), error };
            take(&bytes.map_err(told)?)?;
        }
        Ok(())
    }

    /// Writes all of it in base 64, of which three bytes are four.
    pub async fn copy_as_base64(self, out: &mut dyn Write) -> Result<(), CliError> {
        let mut left = Vec::new();
        self.copy(&mut |bytes| {
            left.extend_from_slice(bytes);
            let whole: Vec<u8> = left.drain(..left.len() / 3 * 3).collect();
            out.write_all(eform::base64::encode(&whole).as_bytes())
        })
        .await?;
        Ok(out.write_all(eform::base64::encode(&left).as_bytes())?)
    }
}
