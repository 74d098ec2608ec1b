//! A submission as a file: written, so that another phone or an officer can deliver it, and read. How the
//! file is laid out is in [`eform::filed`]. No more than a piece of it is in memory here, and of files
//! that go before the submission one at a time.
//!
//! The page does this in its later part, over the border to the outbox ([`Keeper`]): the outbox's own
//! module has no room for it, and the service worker no use.

use eform::{
    Hasher, Uploaded,
    filed::{
        self, FiledError, HEADER_BYTES, Head, Header, ITERATIONS, PIECE_BYTES, Rest, TAG_BYTES,
    },
};
use js_sys::{Date, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    Record, SCHEMA, State, StorageError, Store, Upload, js,
    json::Members,
    machine, platform,
    webcrypto::{self, Key, call, called},
};

/// Where submissions and files are kept: the outbox, from within or over its border.
#[expect(async_fn_in_trait, reason = "nothing here is sent to another thread")]
pub trait Keeper {
    /// The submission with this id, with its body.
    async fn record(&self, id: &str) -> Result<Option<Record>, StorageError>;
    /// A file of a submission, or of a draft, in full.
    async fn file(&self, owner: &str, sha256: &str) -> Result<Option<Uint8Array>, StorageError>;
    /// Whether a submission, or a draft, has this file, whole.
    async fn has_file(&self, owner: &str, file: &Uploaded) -> Result<bool, StorageError>;
    /// Keeps a file under a draft's key.
    async fn keep_file(
        &self,
        draft_key: &str,
        sha256: &str,
        bytes: &Uint8Array,
    ) -> Result<(), StorageError>;
    /// Deletes it.
    async fn forget_file(&self, draft_key: &str, sha256: &str) -> Result<(), StorageError>;
    /// Has a submission go at once, whatever it waited for.
    async fn send_now(&self, id: &str) -> Result<(), StorageError>;
    /// Puts a submission into the outbox, with the files under this key.
    async fn submit(&self, record: &Record, draft_key: &str) -> Result<(), StorageError>;
}

impl Keeper for Store {
    async fn record(&self, id: &str) -> Result<Option<Record>, StorageError> {
        self.get(id).await
    }

    async fn file(&self, owner: &str, sha256: &str) -> Result<Option<Uint8Array>, StorageError> {
        Store::file(self, owner, sha256).await
    }

    async fn has_file(&self, owner: &str, file: &Uploaded) -> Result<bool, StorageError> {
        Store::has_file(self, owner, &file.sha256, file.size).await
    }

    async fn keep_file(
        &self,
        draft_key: &str,
        sha256: &str,
        bytes: &Uint8Array,
    ) -> Result<(), StorageError> {
        Store::keep_file(self, draft_key, sha256, bytes).await
    }

    async fn forget_file(&self, draft_key: &str, sha256: &str) -> Result<(), StorageError> {
        Store::forget_file(self, draft_key, sha256).await
    }

    async fn send_now(&self, id: &str) -> Result<(), StorageError> {
        let now = platform::now();
        self.update(id, &|record| machine::send_now(record, now)).await.map(drop)
    }

    async fn submit(&self, record: &Record, draft_key: &str) -> Result<(), StorageError> {
        self.enqueue(record, Some(draft_key), None).await.map(drop)
    }
}

/// Why a submission was not saved as a file, or a file not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileError {
    /// It cannot be read.
    Filed(FiledError),
    /// It is for another site: where it can be opened, as people write it, if that is known.
    Elsewhere(String),
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
            Self::Elsewhere(_) => "file-elsewhere",
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
    fn from(_: JsValue) -> Self {
        Self::Storage(StorageError::Other("webcrypto".into()))
    }
}

/// A submission that was saved as a file.
pub struct Filed {
    /// The code that opens it.
    pub code: String,
    /// The file, a blob.
    pub file: JsValue,
}

/// Writes pieces as the contents come.
struct Writing {
    key: Key,
    parts: Vec<JsValue>,
    pending: Vec<u8>,
    number: u64,
}

impl Writing {
    async fn add(&mut self, mut bytes: &[u8]) -> Result<(), JsValue> {
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

    async fn seal(&mut self) -> Result<(), JsValue> {
        let sealed = self.key.seal(self.number, &self.pending).await?;
        // As a blob, which need not stay in memory.
        self.parts.push(webcrypto::blob(&[sealed])?);
        self.number += 1;
        self.pending.clear();
        Ok(())
    }
}

/// Writes a submission with its files as a file under a new code. `site` is the address of the page
/// without query. Nothing kept changes by it.
///
/// # Errors
/// When it is not here in full, or the browser cannot read or encrypt it.
pub async fn save(keeper: &impl Keeper, id: &str, site: &str) -> Result<Filed, FileError> {
    let record = keeper.record(id).await?.ok_or(FileError::NotHere)?;
    if record.schema > SCHEMA || !record.is_whole() {
        return Err(FileError::NotHere);
    }
    let head = Head {
        id: record.id,
        digest: record.digest,
        body_bytes: record.body.len() as u64,
        url: record.url,
        post: record.post,
        site: site.to_owned(),
        form: record.form,
        title: record.title,
        definition: record.definition,
        uploads_url: record.uploads_url,
        files: record.uploads.iter().map(uploaded).collect(),
    };
    let start = head.to_bytes();
    let length = head.contents(start.len()).filter(|_| head.fits());
    let length = length.ok_or(FileError::NotHere)?;
    let code = loop {
        if let Some(code) = filed::code(&webcrypto::draw::<64>()?) {
            break code;
        }
    };
    let header = Header { iterations: ITERATIONS, salt: webcrypto::draw()?, length };
    let parts = vec![Uint8Array::from(&header.to_bytes()[..]).into()];
    let key = Key::of(&code, header).await?;
    let mut writing = Writing { key, parts, pending: Vec::new(), number: 0 };
    writing.add(&start).await?;
    writing.add(record.body.as_bytes()).await?;
    for file in &head.files {
        let bytes = keeper.file(id, &file.sha256).await?.ok_or(FileError::NotHere)?;
        if u64::from(bytes.length()) != file.size {
            return Err(FileError::NotHere);
        }
        for from in (0..bytes.length()).step_by(PIECE_BYTES) {
            let some = [from.into(), (from + PIECE_BYTES as u32).into()];
            let some: Uint8Array = call(&bytes, "subarray", &some)?.unchecked_into();
            writing.add(&some.to_vec()).await?;
        }
    }
    if !writing.pending.is_empty() {
        writing.seal().await?;
    }
    Ok(Filed { code, file: webcrypto::blob(&writing.parts)? })
}

/// Puts the submission of a file, a blob, into this phone's outbox, with its files. `here` is the page's
/// own origin. Gives its id, and whether it was there before.
///
/// # Errors
/// When it cannot be opened with this code, is not for this site, or was not saved.
pub async fn take_in(
    keeper: &impl Keeper,
    file: &JsValue,
    code: &str,
    here: &str,
) -> Result<(String, bool), FileError> {
    let code = filed::read_code(code).ok_or(FiledError::Code)?;
    // A file has far fewer bytes than 2^53.
    let size = js::member(file, "size").as_f64().unwrap_or_default() as u64;
    let start: Uint8Array = some(file, 0, HEADER_BYTES as u64).await?;
    let header = Header::read(&start.to_vec(), size)?;
    let key = Key::of(&code, header).await?;
    let mut opened = Opened { file, key, header };
    let first = opened.piece(0).await.map_err(|error| match error {
        FiledError::Damaged => FiledError::Code,
        other => other,
    })?;
    let (head, head_bytes) = Head::read(&first, header.length)?;
    if !is_for_here(&head, here) {
        return Err(FileError::Elsewhere(where_it_is_for(&head)));
    }
    if head.body_bytes > eform::limits::SUBMISSION_BYTES as u64 {
        return Err(FiledError::Damaged.into());
    }
    let before = keeper.record(&head.id).await?;
    if let Some(before) = &before {
        if before.digest != head.digest {
            return Err(FileError::Another);
        }
        // One that waits and was spoiled here is written once more.
        let is_over = matches!(before.state, State::Received | State::Replaced);
        if is_over || before.schema > SCHEMA || is_all_here(keeper, before).await? {
            return Ok((head.id, true));
        }
    }
    let (owner, was_here) = (temporary(), before.is_some());
    let taken = all(keeper, &mut opened, &head, &first[head_bytes..], &owner, before).await;
    if taken.is_err() {
        for file in &head.files {
            // It is of no use. That this fails too cannot be helped.
            _ = keeper.forget_file(&owner, &file.sha256).await;
        }
    }
    taken?;
    if was_here {
        // It may have waited for somebody to look at it.
        keeper.send_now(&head.id).await?;
    }
    Ok((head.id, false))
}

/// Whether a submission can be sent from here: its answers and its files are as they were made.
async fn is_all_here(keeper: &impl Keeper, record: &Record) -> Result<bool, StorageError> {
    for file in &record.uploads {
        if !keeper.has_file(&record.id, &uploaded(file)).await? {
            return Ok(false);
        }
    }
    Ok(record.is_whole())
}

fn uploaded(file: &Upload) -> Uploaded {
    Uploaded { sha256: file.sha256.clone(), size: file.size }
}

/// Under what the files of a file are kept until its submission is in the outbox: no key of a draft
/// begins so. The time in it says when it is of no more use, should the page not come to the end.
fn temporary() -> String {
    ["/", &platform::new_id()].concat()
}

/// Whether what is in a file goes where this site's own submissions go: to the page's origin, or with TLS
/// to where this site had it go. Another site's endpoint would not let this page send, and would never be
/// reached. What a citizen typed goes nowhere without TLS, whatever a file says.
fn is_for_here(head: &Head, here: &str) -> bool {
    let is_here = |url: &str| url.strip_prefix(here).is_some_and(|rest| rest.starts_with('/'));
    let is_right = |url: &str| is_here(url) || is_here(&head.site) && url.starts_with("https://");
    let no_files = head.files.is_empty() && head.uploads_url.is_empty();
    is_right(&head.url) && (no_files || is_right(&head.uploads_url))
}

/// The site that a file is for, as people write it: the page that it was saved on, or else the host that it
/// goes to. Empty where it says neither.
fn where_it_is_for(head: &Head) -> String {
    let said = |address: &str| {
        let begin =
            ["https://", "http://"].iter().find_map(|scheme| address.strip_prefix(scheme))?;
        let is_plain = |letter: char| letter.is_ascii_graphic() && !matches!(letter, '@' | '\\');
        let is_good = begin.chars().all(is_plain) && !begin.starts_with('/') && !begin.is_empty();
        (is_good && begin.len() <= 200).then(|| begin.to_owned())
    };
    let host = |address: String| address.split('/').next().unwrap_or_default().to_owned();
    let page = said(&head.site).map(|page| page.trim_end_matches('/').to_owned());
    page.or_else(|| said(&head.url).map(host)).unwrap_or_default()
}

/// Takes all of a file apart, whose first piece is there, and keeps what is in it.
async fn all(
    keeper: &impl Keeper,
    opened: &mut Opened<'_>,
    head: &Head,
    first: &[u8],
    owner: &str,
    before: Option<Record>,
) -> Result<(), FileError> {
    let (mut body, mut rest, mut now) = (Vec::new(), Rest::of(head), first.to_vec());
    // Of the file that comes: its bytes, how many they are, and their digest.
    let (mut parts, mut length, mut hasher) = (Vec::new(), 0, Hasher::default());
    for number in 1..=opened.header.pieces() {
        let mut bytes = &now[..];
        while let Some((which, some)) = rest.take(&mut bytes) {
            let Some(index) = which.checked_sub(1) else {
                body.extend_from_slice(some);
                continue;
            };
            parts.push(webcrypto::blob(&[Uint8Array::from(some).into()])?);
            hasher.add(some);
            length += some.len() as u64;
            let file = &head.files[index];
            if length == file.size {
                let (parts, hasher) = (std::mem::take(&mut parts), std::mem::take(&mut hasher));
                length = 0;
                keep(keeper, owner, file, &parts, hasher).await?;
            }
        }
        if number < opened.header.pieces() {
            now = opened.piece(number).await?;
        }
    }
    for file in head.files.iter().filter(|file| file.size == 0) {
        keep(keeper, owner, file, &[], Hasher::default()).await?;
    }
    Ok(keeper.submit(&record(head, body, before)?, owner).await?)
}

async fn keep(
    keeper: &impl Keeper,
    owner: &str,
    file: &Uploaded,
    parts: &[JsValue],
    hasher: Hasher,
) -> Result<(), FileError> {
    if hasher.hex() != file.sha256 {
        return Err(FiledError::Damaged.into());
    }
    // It may be so large that this browser has no room for it.
    let buffer = called(&webcrypto::blob(parts)?, "arrayBuffer", &[]).await;
    let bytes = webcrypto::bytes(buffer.map_err(|_| StorageError::Quota)?)?;
    Ok(keeper.keep_file(owner, &file.sha256, &bytes).await?)
}

/// The submission as this phone keeps it: as somebody else's, unless it was here `before`.
fn record(head: &Head, body: Vec<u8>, before: Option<Record>) -> Result<Record, FileError> {
    let body = String::from_utf8(body).map_err(|_| FiledError::Damaged)?;
    let mut members = Members::read(&body).ok_or(FiledError::Damaged)?;
    let sealed = members.members("sealed").is_some();
    let completed_at = Date::parse(&members.text_or_empty("completedAt"));
    let now = platform::now();
    let record = Record {
        schema: SCHEMA,
        id: head.id.clone(),
        form: head.form.clone(),
        title: head.title.clone(),
        url: head.url.clone(),
        post: head.post,
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
        forget: before.as_ref().is_none_or(|before| before.forget),
        sealed,
        carried: before.as_ref().is_none_or(|before| before.carried),
        // On the other phone, if anywhere, that one is retired already.
        replaces: before.and_then(|before| before.replaces),
        replaced_by: None,
        uploads: head.files.iter().map(|f| Upload::new(f.sha256.clone(), f.size)).collect(),
        uploads_url: head.uploads_url.clone(),
        locked: false,
        body,
    };
    match members.text("id").as_ref() == Some(&head.id) && record.is_whole() {
        true => Ok(record),
        false => Err(FiledError::Damaged.into()),
    }
}

/// A file and its key.
struct Opened<'a> {
    file: &'a JsValue,
    key: Key,
    header: Header,
}

impl Opened<'_> {
    /// A piece of the contents.
    async fn piece(&self, number: u64) -> Result<Vec<u8>, FiledError> {
        let from = HEADER_BYTES as u64 + number * (PIECE_BYTES + TAG_BYTES) as u64;
        let to = from + (self.header.piece_length(number) + TAG_BYTES) as u64;
        let sealed = some(self.file, from, to).await?;
        self.key.open(number, sealed.into()).await.map_err(|_| FiledError::Damaged)
    }
}

/// Bytes of a file. It may be gone, as from a card that was pulled out: then it ends early.
async fn some(file: &JsValue, from: u64, to: u64) -> Result<Uint8Array, FiledError> {
    let read = async {
        let slice = call(file, "slice", &[(from as f64).into(), (to as f64).into()])?;
        webcrypto::bytes(called(&slice, "arrayBuffer", &[]).await?)
    };
    read.await.map_err(|_| FiledError::Cut)
}
