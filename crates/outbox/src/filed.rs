//! A submission as a file: written, so that another phone or an officer can deliver it, and read. How the
//! file is laid out is in [`eform::filed`]. No more than a piece of it is in memory here, and of files
//! that go before the submission one at a time.

use eform::{
    Uploaded,
    filed::{
        self, FiledError, HEADER_BYTES, Head, Header, ITERATIONS, PIECE_BYTES, Rest, TAG_BYTES,
    },
};
use js_sys::{Array, ArrayBuffer, Date, Function, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{
    Enqueued, PIECE_BYTES as KEPT_BYTES, Record, SCHEMA, State, StorageError, Store, Upload, files,
    idb::{FILES, Mode, Read},
    js,
    json::Members,
    platform,
    webcrypto::Key,
};

#[wasm_bindgen]
extern "C" {
    /// Bytes that the browser keeps, on the disk if they are many.
    #[wasm_bindgen(extends = Object)]
    pub type Blob;
    #[wasm_bindgen(constructor)]
    fn of(parts: &Array) -> Blob;
    #[wasm_bindgen(method, getter)]
    fn size(this: &Blob) -> f64;
    #[wasm_bindgen(method)]
    fn slice(this: &Blob, from: f64, to: f64) -> Blob;
    #[wasm_bindgen(method, catch, js_name = arrayBuffer)]
    fn array_buffer(this: &Blob) -> Result<Promise, JsValue>;
}

/// Why a submission was not saved as a file, or a file not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// It cannot be read.
    Filed(FiledError),
    /// Its submission would go elsewhere, without TLS.
    Elsewhere,
    /// This phone has another submission of this id.
    Another,
    /// There is no such submission here, or not all of it.
    NotHere,
    /// The browser kept nothing, or cannot encrypt.
    Storage(StorageError),
}

impl FileError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Filed(error) => error.code(),
            Self::Elsewhere => "file-elsewhere",
            Self::Another => "file-another",
            Self::NotHere => "file-not-here",
            Self::Storage(error) => error.code(),
        }
    }
}

impl From<StorageError> for FileError {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl From<FiledError> for FileError {
    fn from(error: FiledError) -> Self {
        Self::Filed(error)
    }
}

impl From<JsValue> for FileError {
    fn from(error: JsValue) -> Self {
        Self::Storage(error.into())
    }
}

/// A submission that was saved as a file.
pub struct Filed {
    /// The code that opens it.
    pub code: String,
    /// The file.
    pub file: Blob,
}

/// Writes pieces as the contents come.
struct Writing {
    key: Key,
    parts: Array,
    pending: Vec<u8>,
    number: u64,
}

impl Writing {
    async fn add(&mut self, mut bytes: &[u8]) -> Result<(), StorageError> {
        while !bytes.is_empty() {
            let (some, rest) = bytes.split_at(bytes.len().min(PIECE_BYTES - self.pending.len()));
            self.pending.extend_from_slice(some);
            bytes = rest;
            if self.pending.len() == PIECE_BYTES {
                self.seal().await?;
            }
        }
        Ok(())
    }

    async fn seal(&mut self) -> Result<(), StorageError> {
        let sealed = self.key.seal(self.number, &self.pending).await?;
        // As a blob, which need not stay in memory.
        self.parts.push(&Blob::of(&Array::of1(&sealed)));
        self.number += 1;
        self.pending.clear();
        Ok(())
    }
}

impl Store {
    /// Writes a submission with its files as a file under a new code. Nothing here changes by it.
    ///
    /// # Errors
    /// When it is not here in full, or the browser cannot read or encrypt it.
    pub async fn save_as_file(&self, id: &str) -> Result<Filed, FileError> {
        let record = self.get(id).await?.ok_or(FileError::NotHere)?;
        if record.schema > SCHEMA || !record.is_whole() {
            return Err(FileError::NotHere);
        }
        let file = |upload: &Upload| Uploaded { sha256: upload.sha256.clone(), size: upload.size };
        let head = Head {
            id: record.id.clone(),
            digest: record.digest.clone(),
            body_bytes: record.body.len() as u64,
            url: record.url.clone(),
            form: record.form.clone(),
            title: record.title.clone(),
            definition: record.definition.clone(),
            uploads_url: record.uploads_url.clone(),
            files: record.uploads.iter().map(file).collect(),
        };
        let start = head.to_bytes();
        let length = head.contents(start.len()).filter(|_| head.fits());
        let length = length.ok_or(FileError::NotHere)?;
        let mut random = [0; 64];
        let code = loop {
            js::get_random_values(&mut random);
            if let Some(code) = filed::code(&random) {
                break code;
            }
        };
        let mut salt = [0; 16];
        js::get_random_values(&mut salt);
        let header = Header { iterations: ITERATIONS, salt, length };
        let parts = Array::of1(&Uint8Array::from(&header.to_bytes()[..]));
        let key = Key::of(&code, header).await?;
        let mut writing = Writing { key, parts, pending: Vec::new(), number: 0 };
        writing.add(&start).await?;
        writing.add(record.body.as_bytes()).await?;
        for file in &head.files {
            self.add_file(&mut writing, id, file).await?;
        }
        if !writing.pending.is_empty() {
            writing.seal().await?;
        }
        Ok(Filed { code, file: Blob::of(&writing.parts) })
    }

    async fn add_file(
        &self,
        writing: &mut Writing,
        id: &str,
        file: &Uploaded,
    ) -> Result<(), FileError> {
        for number in 0..file.size.div_ceil(KEPT_BYTES) {
            #[expect(clippy::cast_possible_truncation, reason = "no file has so many pieces")]
            let piece = self.piece(id, &file.sha256, number as u32).await?;
            let piece = piece.ok_or(FileError::NotHere)?;
            let expected = KEPT_BYTES.min(file.size - number * KEPT_BYTES);
            if u64::from(piece.length()) != expected {
                return Err(FileError::NotHere);
            }
            writing.add(&piece.to_vec()).await?;
        }
        Ok(())
    }

    /// Puts the submission of a file into this phone's outbox, with its files.
    ///
    /// # Errors
    /// When it cannot be opened with this code, is not for this site, or was not saved.
    pub async fn take_in_file(&self, file: &Blob, code: &str) -> Result<Enqueued, FileError> {
        let code = filed::read_code(code).ok_or(FiledError::Code)?;
        // A file has far fewer bytes than 2^53.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let size = file.size() as u64;
        let start = bytes(file, 0, HEADER_BYTES as u64).await?.to_vec();
        let header = Header::read(&start, size)?;
        let key = Key::of(&code, header).await?;
        let first = piece(file, &key, &header, 0).await.map_err(|error| match error {
            FileError::Filed(_) => FileError::Filed(FiledError::Code),
            other => other,
        })?;
        let (head, head_bytes) = Head::read(&first, header.length)?;
        is_for_here(&head)?;
        if head.body_bytes > eform::limits::SUBMISSION_BYTES as u64 {
            return Err(FiledError::Damaged.into());
        }
        let owner = temporary(&head.id);
        let reading = Reading { store: self, owner: &owner, rest: Rest::of(&head), head: &head };
        let taken = reading.all(file, &key, &header, &first[head_bytes..]).await;
        if taken.is_err() {
            // What was kept of its files is of no use. That this fails too cannot be helped.
            _ = self.forget_all(&owner).await;
        }
        taken
    }

    async fn forget_all(&self, owner: &str) -> Result<(), StorageError> {
        let beginning = files::beginning(owner);
        self.run(Mode::Relaxed, &[Read::One(FILES, owner)], &mut |_, writer| {
            writer.delete_all(FILES, &beginning)
        })
        .await
    }
}

/// Under what the files of a file are kept until its submission is in the outbox: no key of a draft
/// begins so.
fn temporary(id: &str) -> String {
    ["/", id].concat()
}

/// What a citizen typed goes to this page's own origin or by TLS, whatever a file says.
fn is_for_here(head: &Head) -> Result<(), FileError> {
    let location = js::member(&js_sys::global(), "location");
    let here = js::member(&location, "origin").as_string().unwrap_or_default();
    let here = [&here, "/"].concat();
    let is_right = |url: &str| url.starts_with(&here) || url.starts_with("https://");
    let no_files = head.files.is_empty() && head.uploads_url.is_empty();
    match is_right(&head.url) && (no_files || is_right(&head.uploads_url)) {
        true => Ok(()),
        false => Err(FileError::Elsewhere),
    }
}

/// What comes of a file, piece by piece.
struct Reading<'a> {
    store: &'a Store,
    owner: &'a str,
    rest: Rest,
    head: &'a Head,
}

impl Reading<'_> {
    async fn all(
        mut self,
        file: &Blob,
        key: &Key,
        header: &Header,
        first: &[u8],
    ) -> Result<Enqueued, FileError> {
        let mut body = Vec::new();
        // The file that comes, how much of it is here, and which it is.
        let mut coming: Option<(usize, Uint8Array, u32)> = None;
        let mut now = first.to_vec();
        for number in 1..=header.pieces() {
            let mut bytes = &now[..];
            while let Some((which, some)) = self.rest.take(&mut bytes) {
                let Some(index) = which.checked_sub(1) else {
                    body.extend_from_slice(some);
                    continue;
                };
                let size = self.head.files[index].size;
                let (_, file, at) = match &mut coming {
                    Some(coming) if coming.0 == index => coming,
                    coming => coming.insert((index, self.room(size)?, 0)),
                };
                let end = *at + u32::try_from(some.len()).unwrap_or(u32::MAX);
                file.subarray(*at, end).copy_from(some);
                *at = end;
                if u64::from(end) == size {
                    let file = file.clone();
                    self.keep(index, &file).await?;
                    coming = None;
                }
            }
            if number < header.pieces() {
                now = piece(file, key, header, number).await?;
            }
        }
        for (index, file) in self.head.files.iter().enumerate() {
            if file.size == 0 {
                self.keep(index, &Uint8Array::new_with_length(0)).await?;
            }
        }
        let record = self.record(body)?;
        match self.store.enqueue(&record, Some(self.owner)).await? {
            Enqueued::Already(before) if before.digest != record.digest => Err(FileError::Another),
            enqueued => Ok(enqueued),
        }
    }

    /// Room for a file: it may be so large that this browser has none.
    fn room(&self, size: u64) -> Result<Uint8Array, FileError> {
        let size = u32::try_from(size).map_err(|_| StorageError::Quota)?;
        let class: Function = js::member(&js_sys::global(), "Uint8Array").unchecked_into();
        let room = js_sys::Reflect::construct(&class, &Array::of1(&size.into()));
        Ok(room.map_err(|_| StorageError::Quota)?.unchecked_into())
    }

    async fn keep(&self, index: usize, bytes: &Uint8Array) -> Result<(), FileError> {
        let sha256 = &self.head.files[index].sha256;
        let mut hasher = eform::Hasher::default();
        let piece = KEPT_BYTES as u32;
        for at in 0..bytes.length().div_ceil(piece) {
            let end = bytes.length().min((at + 1) * piece);
            hasher.add(&bytes.subarray(at * piece, end).to_vec());
        }
        if hasher.hex() != *sha256 {
            return Err(FiledError::Damaged.into());
        }
        Ok(self.store.keep_file(self.owner, sha256, bytes).await?)
    }

    /// The submission as this phone keeps it.
    fn record(&self, body: Vec<u8>) -> Result<Record, FileError> {
        let head = self.head;
        let body = String::from_utf8(body).map_err(|_| FiledError::Damaged)?;
        let mut members = Members::read(&body).ok_or(FiledError::Damaged)?;
        let completed_at = Date::parse(&members.text_or_empty("completedAt"));
        let now = platform::now();
        let record = Record {
            schema: if head.files.is_empty() { 1 } else { SCHEMA },
            id: head.id.clone(),
            form: head.form.clone(),
            title: head.title.clone(),
            url: head.url.clone(),
            body_bytes: body.len(),
            digest: head.digest.clone(),
            definition: head.definition.clone(),
            language: members.text_or_empty("language"),
            #[expect(clippy::cast_possible_truncation)]
            completed_at: if completed_at.is_nan() { now } else { completed_at as i64 },
            saved_at: now,
            state: State::Queued,
            attempts: 0,
            next_at: now,
            lease: None,
            last: None,
            receipt: None,
            trouble: None,
            // That one is on the other phone, if anywhere, and there it is retired already.
            replaces: None,
            replaced_by: None,
            // They are somebody else's.
            forget: true,
            carried: true,
            uploads: head.files.iter().map(|f| Upload::new(f.sha256.clone(), f.size)).collect(),
            uploads_url: head.uploads_url.clone(),
            body,
        };
        match members.text("id").as_ref() == Some(&head.id) && record.is_whole() {
            true => Ok(record),
            false => Err(FiledError::Damaged.into()),
        }
    }
}

/// A piece of the contents.
async fn piece(file: &Blob, key: &Key, header: &Header, number: u64) -> Result<Vec<u8>, FileError> {
    let from = HEADER_BYTES as u64 + number * (PIECE_BYTES + TAG_BYTES) as u64;
    let to = from + (header.piece_length(number) + TAG_BYTES) as u64;
    let sealed = bytes(file, from, to).await?;
    key.open(number, &sealed).await.map_err(|_| FiledError::Damaged.into())
}

/// Bytes of a file. It may be gone, as from a card that was pulled out: then it ends early.
async fn bytes(file: &Blob, from: u64, to: u64) -> Result<Uint8Array, FileError> {
    let read = file.slice(from as f64, to as f64).array_buffer();
    let read = JsFuture::from(read.map_err(|_| FiledError::Cut)?).await;
    let buffer: ArrayBuffer = read.map_err(|_| FiledError::Cut)?.unchecked_into();
    Ok(Uint8Array::new(&buffer))
}
