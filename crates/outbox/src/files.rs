//! The files that a draft names by their digests. They are kept beside the draft, not in it: a draft
//! is written anew with every few keys, and a file once. Each is kept in pieces, so that no more than
//! one of them need be in memory while it is kept and sent, under a row of its own that is written last and makes it a file.
//! When the draft is deleted its files go; when it becomes a submission, those that go to the agency by
//! themselves become the submission's, and the others are in its body.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    PIECE_BYTES, StorageError, Upload,
    idb::{FILES, Mode, Read, Writer},
    js,
    store::{Store, text},
};

/// How many pieces are written at a time: 4 MiB.
const AT_A_TIME: usize = 16;

const PIECE: u32 = PIECE_BYTES as u32;

/// The keys of the files of a draft, or of a submission, begin so. Neither a form's id nor a
/// submission's has a line in it.
pub(crate) fn beginning(owner: &str) -> String {
    [owner, "\n"].concat()
}

fn key(owner: &str, sha256: &str) -> String {
    [&beginning(owner), sha256].concat()
}

/// The keys of a file's pieces begin so.
fn beginning_of_pieces(owner: &str, sha256: &str) -> String {
    beginning(&key(owner, sha256))
}

fn piece_key(owner: &str, sha256: &str, number: u32) -> String {
    // In the order of the pieces, also as text.
    let number = (1_000_000 + number).to_string();
    [&beginning_of_pieces(owner, sha256), &number[1..]].concat()
}

/// The row that makes it a file.
fn head(owner: &str, sha256: &str, size: u32) -> JsValue {
    js::object(&[("key", &key(owner, sha256).into()), ("size", &size.into())])
}

fn pieces(bytes: &Uint8Array) -> impl Iterator<Item = (u32, Uint8Array)> {
    let size = bytes.length();
    // A copy of its own: a view would be stored with all that it is a view of.
    let piece = move |at: u32| bytes.slice(at * PIECE, size.min((at + 1) * PIECE));
    (0..size.div_ceil(PIECE)).map(move |at| (at, piece(at)))
}

fn piece_row(owner: &str, sha256: &str, number: u32, bytes: &Uint8Array) -> JsValue {
    js::object(&[
        ("key", &piece_key(owner, sha256, number).into()),
        ("bytes", bytes),
        ("sha256", &digest(bytes).into()),
    ])
}

fn digest(bytes: &Uint8Array) -> String {
    eform::hex(&eform::sha256(&bytes.to_vec()))
}

/// What a row of a piece holds; none where it is not what was written.
fn whole(row: &JsValue) -> Option<Uint8Array> {
    let bytes: Uint8Array = js::member(row, "bytes").dyn_into().ok()?;
    (digest(&bytes) == text(row, "sha256")).then_some(bytes)
}

/// Writes a file of a few bytes, in a transaction that does more.
pub(crate) fn put(
    writer: &Writer,
    owner: &str,
    sha256: &str,
    bytes: &Uint8Array,
) -> Result<(), StorageError> {
    for (number, piece) in pieces(bytes) {
        writer.put(FILES, &piece_row(owner, sha256, number, &piece))?;
    }
    writer.put(FILES, &head(owner, sha256, bytes.length()))
}

/// Whether each of these files is among the rows of its owner.
pub(crate) fn are_among(rows: &js_sys::Array, files: &[Upload], owner: &str) -> bool {
    let is_there = |file: &Upload| {
        let name = key(owner, &file.sha256);
        rows.iter().any(|row| text(&row, "key") == name)
    };
    files.iter().all(is_there)
}

/// Gives these files, as far as they are there, to another owner, who has them as well; `rows` are all
/// rows of the owner.
pub(crate) fn copy(
    writer: &Writer,
    rows: &js_sys::Array,
    files: &[Upload],
    from: &str,
    to: &str,
) -> Result<(), StorageError> {
    for file in files {
        let name = key(from, &file.sha256);
        let pieces = beginning(&name);
        for row in rows.iter() {
            let old = text(&row, "key");
            if old == name || old.starts_with(&pieces) {
                let new = [to, &old[from.len()..]].concat();
                writer.put(FILES, &js::with(&row, "key", &new.into()))?;
            }
        }
    }
    Ok(())
}

impl Store {
    /// Keeps a file of the draft under this key until the draft ends, and reads it back. `sha256` is
    /// the file's digest in hexadecimal digits.
    ///
    /// # Errors
    /// When it was not kept, or is not, byte for byte, what was to be kept.
    pub async fn keep_file(
        &self,
        draft_key: &str,
        sha256: &str,
        bytes: &Uint8Array,
    ) -> Result<(), StorageError> {
        let key = key(draft_key, sha256);
        let reads = [Read::One(FILES, &key)];
        let mut all = pieces(bytes);
        loop {
            let some: Vec<_> = all
                .by_ref()
                .take(AT_A_TIME)
                .map(|(number, piece)| piece_row(draft_key, sha256, number, &piece))
                .collect();
            let is_end = some.len() < AT_A_TIME;
            self.run(Mode::Strict, &reads, &mut |_, writer| {
                some.iter().try_for_each(|row| writer.put(FILES, row))?;
                // Only with its last piece it is a file.
                if is_end {
                    writer.put(FILES, &head(draft_key, sha256, bytes.length()))?;
                }
                Ok(())
            })
            .await?;
            if is_end {
                break;
            }
        }
        for (number, piece) in pieces(bytes) {
            let back = self.piece(draft_key, sha256, number).await?;
            if back.is_none_or(|back| digest(&back) != digest(&piece)) {
                self.forget_file(draft_key, sha256).await?;
                return Err(StorageError::Mismatch);
            }
        }
        Ok(())
    }

    /// A file of the draft, or of the submission, under this key.
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn file(
        &self,
        owner: &str,
        sha256: &str,
    ) -> Result<Option<Uint8Array>, StorageError> {
        let row = self.read(Read::One(FILES, &key(owner, sha256))).await?;
        // As they were kept before they were kept in pieces. Of no row, reading a member gives nothing.
        if let Ok(bytes) = js::member(&row, "bytes").dyn_into() {
            return Ok(Some(bytes));
        }
        let Some(size) = js::member(&row, "size").as_f64() else { return Ok(None) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let size = size as u32;
        let bytes = Uint8Array::new_with_length(size);
        for number in 0..size.div_ceil(PIECE) {
            match self.piece(owner, sha256, number).await? {
                Some(piece) if number * PIECE + piece.length() <= size => {
                    bytes.set(&piece, number * PIECE);
                }
                _ => return Ok(None),
            }
        }
        Ok(Some(bytes))
    }

    /// Whether there is a file of this size, every piece of which is what was written.
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn has_file(
        &self,
        owner: &str,
        sha256: &str,
        size: u64,
    ) -> Result<bool, StorageError> {
        let row = self.read(Read::One(FILES, &key(owner, sha256))).await?;
        // As they were kept before they were kept in pieces.
        if let Ok(bytes) = js::member(&row, "bytes").dyn_into::<Uint8Array>() {
            let is_it = u64::from(bytes.length()) == size && digest(&bytes) == sha256;
            if is_it {
                self.keep_file(owner, sha256, &bytes).await?;
            }
            return Ok(is_it);
        }
        // Sizes are far below 2^53.
        if js::member(&row, "size").as_f64() != Some(size as f64) {
            return Ok(false);
        }
        let mut there = 0;
        while there < size {
            let number = u32::try_from(there / PIECE_BYTES).unwrap_or(u32::MAX);
            match self.piece(owner, sha256, number).await? {
                Some(piece) if u64::from(piece.length()) == PIECE_BYTES.min(size - there) => {
                    there += u64::from(piece.length());
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    }

    /// A piece of a file; none where it is not there, or not what was written.
    ///
    /// # Errors
    /// When it could not be read.
    pub(crate) async fn piece(
        &self,
        owner: &str,
        sha256: &str,
        number: u32,
    ) -> Result<Option<Uint8Array>, StorageError> {
        let row = self.read(Read::One(FILES, &piece_key(owner, sha256, number))).await?;
        Ok(whole(&row))
    }

    /// Deletes a file that the draft names no more: the citizen's own act.
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn forget_file(&self, draft_key: &str, sha256: &str) -> Result<(), StorageError> {
        let key = key(draft_key, sha256);
        let reads = [Read::One(FILES, &key)];
        self.run(Mode::Relaxed, &reads, &mut |_, writer| {
            writer.delete(FILES, &key)?;
            writer.delete_all(FILES, &beginning_of_pieces(draft_key, sha256))
        })
        .await
    }
}
