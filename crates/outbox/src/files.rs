//! The files that a draft names by their digests. They are kept beside the draft, not in it: a draft
//! is written anew with every few keys, and a file once. Each is kept in pieces, so that no more than
//! one of them need be in memory while it is kept and sent, under a row of its own that is written last and makes it a file.
//! When the draft is deleted its files go; when it becomes a submission, those that go to the agency by
//! themselves become the submission's, and the others are in its body.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    PIECE_BYTES, StorageError, Upload, id,
    idb::{DRAFTS, FILES, Mode, OUTBOX, Read},
    js, platform,
    rest::what,
    store::{Later, Store, text},
};

/// How many pieces are written at a time: 4 MiB.
const AT_A_TIME: usize = 16;

const PIECE: u32 = PIECE_BYTES as u32;

/// The keys of the files of a draft, or of a submission, begin so. Neither a form's id nor a
/// submission's has a line in it.
pub(crate) fn beginning(owner: &str) -> String {
    [owner, "\n"].concat()
}

/// The key of the row that makes it a file.
pub(crate) fn key(owner: &str, sha256: &str) -> String {
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

fn digest(bytes: &Uint8Array) -> String {
    eform::hex(&eform::sha256(&bytes.to_vec()))
}

/// Whether the owner of files is a submission, or one that is being taken in, whose id was made more than a
/// day ago. Those of drafts go with the draft.
fn is_of_yesterday(owner: &str) -> bool {
    let id = owner.strip_prefix('/').unwrap_or(owner);
    let made_at = id::made_at(id).filter(|_| id.len() == 36);
    made_at.is_some_and(|at| at < platform::now() - 86_400_000)
}

/// Whether each of these files is among the keys of rows, which are in their order, with every piece.
pub(crate) fn are_among(rows: &JsValue, files: &[Upload], owner: &str) -> bool {
    let all: Vec<String> =
        rows.unchecked_ref::<Array>().iter().filter_map(|row| row.as_string()).collect();
    let is_there = |wanted: &String| all.binary_search(wanted).is_ok();
    files.iter().all(|file| keys_of(owner, file).iter().all(is_there))
}

/// The keys of a file's rows, that of the head last.
fn keys_of(owner: &str, file: &Upload) -> Vec<String> {
    let size = u32::try_from(file.size).unwrap_or(u32::MAX);
    let pieces = (0..size.div_ceil(PIECE)).map(|number| piece_key(owner, &file.sha256, number));
    pieces.chain([key(owner, &file.sha256)]).collect()
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
        let mut all = pieces(bytes).peekable();
        loop {
            let some: Vec<_> = all.by_ref().take(AT_A_TIME).collect();
            let is_end = all.peek().is_none();
            let plain: Vec<_> = some
                .iter()
                .map(|(number, piece)| {
                    (what(FILES, &piece_key(draft_key, sha256, *number)), piece.clone())
                })
                .collect();
            let reads = [Read::Nothing(FILES)];
            self.run_sealed(Mode::Strict, &reads, &plain, &mut |_, writer, secrets| {
                for ((number, piece), secret) in some.iter().zip(secrets) {
                    writer.put(
                        FILES,
                        &secret.row(&[
                            ("key", &piece_key(draft_key, sha256, *number).into()),
                            ("sha256", &digest(piece).into()),
                        ]),
                    )?;
                }
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
        // Of no row, reading a member gives nothing.
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
        let key = piece_key(owner, sha256, number);
        let row = self.read(Read::One(FILES, &key)).await?;
        let bytes = self.open_secret(&row, what(FILES, &key)).await?;
        Ok(bytes.filter(|bytes| digest(bytes) == text(&row, "sha256")))
    }

    /// Gives these files, as far as they are there, to another owner, who has them as well. A few pieces
    /// at a time: an old phone cannot hold them all.
    ///
    /// # Errors
    /// When they were not all given.
    pub(crate) fn copy_files<'a>(
        &'a self,
        files: &'a [Upload],
        from: &'a str,
        to: &'a str,
    ) -> Later<'a, ()> {
        Box::pin(self.copy_unboxed(files, from, to))
    }

    async fn copy_unboxed(
        &self,
        files: &[Upload],
        from: &str,
        to: &str,
    ) -> Result<(), StorageError> {
        for file in files {
            for some in keys_of(from, file).chunks(AT_A_TIME) {
                let reads: Vec<_> = some.iter().map(|key| Read::One(FILES, key)).collect();
                self.run(Mode::Strict, &reads, &mut |rows, writer| {
                    for (row, old) in rows.iter().zip(some).filter(|(row, _)| row.is_object()) {
                        let new = [to, &old[from.len()..]].concat();
                        writer.put(FILES, &js::with(row, "key", &new.into()))?;
                    }
                    Ok(())
                })
                .await?;
            }
        }
        Ok(())
    }

    /// Deletes files that belong to no draft and no submission: of a page that was closed while it took a
    /// submission in, or submitted one. Not before a day has gone by: another tab may be about to. `drafts`
    /// are the ids of those that are not in the database yet.
    ///
    /// # Errors
    /// When nothing was deleted.
    pub(crate) async fn sweep_files(&self, drafts: &[String]) -> Result<(), StorageError> {
        let reads = [Read::Keys(FILES), Read::Keys(OUTBOX), Read::All(DRAFTS)];
        self.run(Mode::Relaxed, &reads, &mut |found, writer| {
            let texts = |found: &JsValue| -> Vec<String> {
                found.unchecked_ref::<Array>().iter().filter_map(|key| key.as_string()).collect()
            };
            let mut users = texts(&found[1]);
            users.extend_from_slice(drafts);
            users.extend(found[2].unchecked_ref::<Array>().iter().map(|row| text(&row, "id")));
            let mut owners: Vec<String> = texts(&found[0])
                .iter()
                .filter_map(|key| Some(key.split_once('\n')?.0.to_owned()))
                .collect();
            owners.dedup();
            for owner in owners.iter().filter(|owner| is_of_yesterday(owner)) {
                if !users.contains(owner) {
                    writer.delete_all(FILES, &beginning(owner))?;
                }
            }
            Ok(())
        })
        .await
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
