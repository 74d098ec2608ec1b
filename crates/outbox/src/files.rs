//! The files that a draft names by their digests. They are kept beside the draft, not in it: a draft
//! is written anew with every few keys, and a file once. When the draft becomes a submission, or is
//! deleted, its files go; the submission has them in its body.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;

use crate::{
    StorageError,
    idb::{FILES, Mode, Read},
    js,
    store::Store,
};

/// The keys of a draft's files begin so. A form's id has no line in it.
pub(crate) fn beginning(draft_key: &str) -> String {
    [draft_key, "\n"].concat()
}

/// A file as it is stored.
pub(crate) fn row(draft_key: &str, sha256: &str, bytes: &Uint8Array) -> wasm_bindgen::JsValue {
    js::object(&[("key", &key(draft_key, sha256).into()), ("bytes", bytes)])
}

fn key(draft_key: &str, sha256: &str) -> String {
    [&beginning(draft_key), sha256].concat()
}

impl Store {
    /// Keeps a file of the draft under this key until the draft ends. `sha256` is the file's digest
    /// in hexadecimal digits.
    ///
    /// # Errors
    /// When it was not kept.
    pub async fn keep_file(
        &self,
        draft_key: &str,
        sha256: &str,
        bytes: &Uint8Array,
    ) -> Result<(), StorageError> {
        let row = row(draft_key, sha256, bytes);
        let key = key(draft_key, sha256);
        let reads = [Read::One(FILES, &key)];
        self.run(Mode::Strict, &reads, &mut |_, writer| writer.put(FILES, &row)).await
    }

    /// A file of the draft under this key.
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn file(
        &self,
        draft_key: &str,
        sha256: &str,
    ) -> Result<Option<Uint8Array>, StorageError> {
        let row = self.read(Read::One(FILES, &key(draft_key, sha256))).await?;
        // Of no row, reading a member gives nothing as well.
        Ok(js::member(&row, "bytes").dyn_into().ok())
    }

    /// Deletes a file that the draft names no more: the citizen's own act.
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn forget_file(&self, draft_key: &str, sha256: &str) -> Result<(), StorageError> {
        let key = key(draft_key, sha256);
        let reads = [Read::One(FILES, &key)];
        self.run(Mode::Relaxed, &reads, &mut |_, writer| writer.delete(FILES, &key)).await
    }
}
