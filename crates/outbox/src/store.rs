//! What the phone keeps: drafts, submissions, and the definitions they were filled in with.
//!
//! Each decision about a record is made inside the transaction that writes it, by
//! [`crate::machine`], so that two tabs and a worker can call them at the same time. A database
//! handle is never used again after an error: it is opened anew once, the transaction is done
//! once more, and then the caller learns that nothing was saved.

use std::{cell::RefCell, pin::Pin};

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    Action, Draft, Record, SCHEMA, State, StorageError, actions, files,
    idb::{self, BODIES, DRAFTS, Database, Decide, FILES, Mode, OUTBOX, Read, Writer},
    js,
    keys::Keys,
    machine, platform,
    rest::{Secret, what},
};

/// What is waited for, boxed: the machinery of what many wait for is in the page once and not in each
/// of them.
pub(crate) type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T, StorageError>> + 'a>>;

/// The database of this origin.
#[derive(Default)]
pub struct Store {
    database: RefCell<Option<Database>>,
    pub(crate) keys: Keys,
}

/// Both mean: it is in the outbox.
#[derive(Debug, Clone, PartialEq)]
pub enum Enqueued {
    /// It was just saved, and read back byte for byte.
    New(Record),
    /// This id was there before (another tab, a tenth tap); nothing was overwritten.
    Already(Record),
}

/// What became of a draft that should be saved.
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// It is saved.
    Saved,
    /// Its submission is in the outbox; nothing was written. The page shows the submission.
    AlreadySubmitted(Box<Record>),
    /// Another tab began a draft with another id under this key, or wrote this one later; nothing
    /// was written. The page takes over its id and entries, and saves again. One that cannot be read
    /// ([`Draft::is_readable`]) stays, and the page saves its own under another key.
    Superseded(Draft),
}

impl Store {
    /// Opens the database.
    ///
    /// # Errors
    /// When nothing can be kept here.
    pub async fn open() -> Result<Self, StorageError> {
        let store = Self::default();
        store.handle().await?;
        Ok(store)
    }

    /// Saves a draft; see [`Saved`].
    ///
    /// # Errors
    /// When it was not saved.
    pub fn save_draft<'a>(&'a self, draft: &'a Draft) -> Later<'a, Saved> {
        Box::pin(self.save_unboxed(draft))
    }

    async fn save_unboxed(&self, draft: &Draft) -> Result<Saved, StorageError> {
        let (mut submitted, mut other) = (None, None);
        let reads = [Read::One(OUTBOX, &draft.id), Read::One(DRAFTS, &draft.key)];
        let plain = [plain_draft(draft)];
        self.run_sealed(Mode::Relaxed, &reads, &plain, &mut |rows, writer, secrets| {
            (submitted, other) = (read_record(&rows[0]), None);
            if submitted.is_some() {
                return Ok(());
            }
            let (stored, at) = (&rows[1], js::member(&rows[1], "at").as_f64());
            #[expect(clippy::cast_precision_loss)]
            let is_newer = at.is_some_and(|at| at > draft.updated_at as f64);
            if stored.is_object() && (text(stored, "id") != draft.id || is_newer) {
                other = Some(stored.clone());
                return Ok(());
            }
            writer.put(DRAFTS, &draft_row(draft, &secrets[0]))
        })
        .await?;
        Ok(match (submitted, other) {
            (Some(record), _) => Saved::AlreadySubmitted(Box::new(record)),
            (_, Some(row)) => Saved::Superseded(self.read_or_not(&row).await?),
            _ => Saved::Saved,
        })
    }

    /// The draft under this key.
    ///
    /// # Errors
    /// When it could not be read; it is not gone.
    pub fn load_draft<'a>(&'a self, key: &'a str) -> Later<'a, Option<Draft>> {
        Box::pin(async move { self.read_draft(&self.read(Read::One(DRAFTS, key)).await?).await })
    }

    /// Deletes the draft of this id under this key, with its files: the citizen's own act. Another one there
    /// stays.
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn delete_draft(&self, key: &str, id: &str) -> Result<(), StorageError> {
        let reads = [Read::One(DRAFTS, key), Read::Nothing(FILES)];
        self.run(Mode::Strict, &reads, &mut |rows, writer| {
            if rows[0].is_object() && text(&rows[0], "id") != id {
                return Ok(());
            }
            writer.delete_all(FILES, &files::beginning(key))?;
            writer.delete(DRAFTS, key)
        })
        .await
    }

    /// All drafts; for one that cannot be read see [`Draft::unreadable`].
    ///
    /// # Errors
    /// When they could not be read.
    pub async fn list_drafts(&self) -> Result<Vec<Draft>, StorageError> {
        let rows: Array = self.read(Read::All(DRAFTS)).await?.unchecked_into();
        let mut drafts = Vec::new();
        for row in rows.iter() {
            drafts.push(self.read_or_not(&row).await?);
        }
        Ok(drafts)
    }

    /// The draft of a row that is there; for one that cannot be read see [`Draft::unreadable`].
    fn read_or_not<'a>(&'a self, row: &'a JsValue) -> Later<'a, Draft> {
        Box::pin(async move {
            match self.read_draft(row).await {
                Ok(draft) => Ok(draft.unwrap_or_else(|| unreadable(row))),
                Err(error) if error == spoiled() => Ok(unreadable(row)),
                Err(error) => Err(error),
            }
        })
    }

    /// The draft of a row. What cannot be read is an error: nothing would invite the page to write
    /// over it.
    fn read_draft<'a>(&'a self, row: &'a JsValue) -> Later<'a, Option<Draft>> {
        Box::pin(self.read_draft_unboxed(row))
    }

    async fn read_draft_unboxed(&self, row: &JsValue) -> Result<Option<Draft>, StorageError> {
        if row.is_undefined() {
            return Ok(None);
        }
        let json = self.open_secret(row, what(DRAFTS, &text(row, "key"))).await?;
        let draft = json.and_then(|json| Draft::from_json(&String::from_utf8(json.to_vec()).ok()?));
        draft.map(Some).ok_or_else(spoiled)
    }

    /// Puts a submission into the outbox. Its files are copied before, a few at a time; then, in one
    /// transaction that ends on the disk, its draft goes with its files, and the submission that it mends is
    /// retired. Then it is read back.
    ///
    /// `as_of` is when the draft was changed last that it was made of (see [`Draft::updated_at`]): where the
    /// one that is kept is newer, nothing is written.
    ///
    /// # Errors
    /// When it was not saved, or is not, byte for byte, what was saved.
    pub async fn enqueue(
        &self,
        record: &Record,
        draft_key: Option<&str>,
        as_of: Option<i64>,
    ) -> Result<Enqueued, StorageError> {
        let enqueued = self.enqueue_files_first(record, draft_key, as_of).await;
        if enqueued.is_err() {
            // A phone that is full must not get fuller. That this fails too cannot be helped.
            let _ = self.forget_copies(&record.id).await;
            // It may be there all the same, and must not be called unsent.
            if let Ok(Some(back)) = self.get(&record.id).await
                && is_safe(&back)
                && back.digest == record.digest
            {
                return Ok(Enqueued::New(back));
            }
        }
        enqueued
    }

    /// Deletes the files of a submission that is not there.
    async fn forget_copies(&self, id: &str) -> Result<(), StorageError> {
        let reads = [Read::One(OUTBOX, id), Read::Nothing(FILES)];
        self.run(Mode::Relaxed, &reads, &mut |rows, writer| match rows[0].is_undefined() {
            true => writer.delete_all(FILES, &files::beginning(id)),
            false => Ok(()),
        })
        .await
    }

    async fn enqueue_files_first(
        &self,
        record: &Record,
        draft_key: Option<&str>,
        as_of: Option<i64>,
    ) -> Result<Enqueued, StorageError> {
        let mut already = None;
        // No key of ours is empty: nothing is there.
        let key = draft_key.unwrap_or_default();
        let old = record.replaces.as_deref().unwrap_or_default();
        self.copy_files(&record.uploads, key, &record.id).await?;
        let reads = [
            Read::One(OUTBOX, &record.id),
            Read::One(DRAFTS, key),
            Read::One(OUTBOX, old),
            Read::Keys(FILES),
            Read::Nothing(BODIES),
        ];
        let body = [(what(BODIES, &record.id), Uint8Array::from(record.body.as_bytes()))];
        for again in [false, true] {
            self.run_sealed(Mode::Strict, &reads, &body, &mut |rows, writer, secrets| {
                already = read_record(&rows[0]).filter(|there| !again || !is_same(there, record));
                if already.is_none() && !files::are_among(&rows[3], &record.uploads, &record.id) {
                    return Err(StorageError::Mismatch);
                }
                let draft = &rows[1];
                // Another tab may have begun another draft under this key.
                let is_its = draft.is_undefined() || text(draft, "id") == record.id;
                #[expect(clippy::cast_precision_loss)]
                let is_newer = |as_of: i64| js::member(draft, "at").as_f64() > Some(as_of as f64);
                if already.is_none() && is_its && as_of.is_some_and(is_newer) {
                    return Err(StorageError::Other("changed".into()));
                }
                if is_its {
                    writer.delete(DRAFTS, key)?;
                    writer.delete_all(FILES, &files::beginning(key))?;
                }
                if already.is_none() {
                    let id: JsValue = record.id.as_str().into();
                    let json = record.to_json_without_body().into();
                    writer.put(BODIES, &secrets[0].row(&[("id", &id)]))?;
                    writer.put(OUTBOX, &secrets[0].beside(&[("id", &id), ("json", &json)]))?;
                    change(&rows[2], writer, &|old| machine::mended(old, &record.id))?;
                }
                Ok(())
            })
            .await?;
            // The draft is gone: what is not there as it was written is written once more from here.
            let there = self.get(&record.id).await?;
            match (already.take(), there) {
                (Some(other), _) if !is_same(&other, record) => {
                    return Ok(Enqueued::Already(other));
                }
                (Some(before), Some(there)) if is_safe(&there) => {
                    return Ok(Enqueued::Already(before));
                }
                (None, Some(there)) if is_safe(&there) => return Ok(Enqueued::New(there)),
                _ => {}
            }
        }
        Err(StorageError::Mismatch)
    }

    /// All submissions without their bodies, oldest first.
    ///
    /// # Errors
    /// When they could not be read.
    pub fn list(&self) -> Later<'_, Vec<Record>> {
        Box::pin(self.list_unboxed())
    }

    /// [`Store::list`] as it is kept: `(id, JSON text)`. There may be thousands, and who reads them reads
    /// them anyway.
    ///
    /// # Errors
    /// When they could not be read.
    pub async fn list_as_kept(&self) -> Result<Vec<(String, String)>, StorageError> {
        let rows: Array = self.read(Read::All(OUTBOX)).await?.unchecked_into();
        let mut kept = Vec::new();
        for row in rows.iter() {
            kept.push((text(&row, "id"), self.as_kept(&row).await?));
        }
        Ok(kept)
    }

    /// The submission with this id as it is in the list, if it is there.
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn listed(&self, id: &str) -> Result<Option<String>, StorageError> {
        let row = self.read(Read::One(OUTBOX, id)).await?;
        if row.is_undefined() { Ok(None) } else { self.as_kept(&row).await.map(Some) }
    }

    async fn as_kept(&self, row: &JsValue) -> Result<String, StorageError> {
        let json = text(row, "json");
        if !self.is_locked(row).await? {
            return Ok(json);
        }
        let record = Record::from_json(&text(row, "id"), &json);
        Ok(Record { locked: true, ..record }.to_json_without_body())
    }

    async fn list_unboxed(&self) -> Result<Vec<Record>, StorageError> {
        let rows: Array = self.read(Read::All(OUTBOX)).await?.unchecked_into();
        let mut records = Vec::new();
        for row in rows.iter() {
            if let Some(mut record) = read_record(&row) {
                record.locked = self.is_locked(&row).await?;
                records.push(record);
            }
        }
        Ok(records)
    }

    /// Whether there is a submission with this id.
    pub(crate) async fn has(&self, id: &str) -> Result<bool, StorageError> {
        Ok(self.read(Read::One(OUTBOX, id)).await?.is_object())
    }

    /// The submission with this id, with its body.
    ///
    /// # Errors
    /// When it could not be read.
    pub fn get<'a>(&'a self, id: &'a str) -> Later<'a, Option<Record>> {
        Box::pin(self.get_unboxed(id))
    }

    async fn get_unboxed(&self, id: &str) -> Result<Option<Record>, StorageError> {
        let mut rows = [const { JsValue::UNDEFINED }; 2];
        let reads = [Read::One(OUTBOX, id), Read::One(BODIES, id)];
        self.run(Mode::Read, &reads, &mut |found, _| {
            rows.clone_from_slice(found);
            Ok(())
        })
        .await?;
        let [row, body] = rows;
        let Some(mut record) = read_record(&row) else { return Ok(None) };
        if let Some(body) = self.open_secret(&body, what(BODIES, id)).await? {
            record.body = String::from_utf8(body.to_vec()).unwrap_or_default();
        }
        Ok(Some(record))
    }

    /// Reads, decides and writes in one transaction that ends on the disk. `decide` may be called
    /// twice, and says `None` to leave the record as it is. Returns what was written, without the body.
    ///
    /// # Errors
    /// When nothing was written.
    pub async fn update(
        &self,
        id: &str,
        decide: &dyn Fn(&Record) -> Option<Record>,
    ) -> Result<Option<Record>, StorageError> {
        let mut written = None;
        let reads = [Read::One(OUTBOX, id), Read::Nothing(BODIES), Read::Nothing(FILES)];
        self.run(Mode::Strict, &reads, &mut |rows, writer| {
            written = change(&rows[0], writer, decide)?;
            // The agency has them, and nobody reads them here any more.
            if written.as_ref().is_some_and(|record| record.state == State::Received) {
                writer.delete_all(FILES, &files::beginning(id))?;
            }
            Ok(())
        })
        .await?;
        Ok(written)
    }

    /// The draft that mends this submission: the one there is, or a new one that is saved at
    /// once. `None` when the submission is not there, its answers cannot be read, or it is not
    /// one to mend.
    ///
    /// # Errors
    /// When it was not saved.
    pub async fn mend(&self, id: &str) -> Result<Option<Draft>, StorageError> {
        let Some(record) = self.get(id).await? else { return Ok(None) };
        let mut key = Draft::mending_key(&record.form, id);
        loop {
            match self.load_draft(&key).await {
                Ok(Some(draft)) => return Ok(Some(draft)),
                Ok(None) => break,
                // The answers are here all the same: it is begun once more, beside it.
                Err(error) if error == spoiled() => key += "+",
                Err(error) => return Err(error),
            }
        }
        if !actions(&record).contains(&Action::Mend) {
            return Ok(None);
        }
        let draft = Draft::mending(&record, platform::new_id(), platform::now());
        let Some(draft) = draft.map(|draft| Draft { key: key.clone(), ..draft }) else {
            return Ok(None);
        };
        for file in record.files() {
            // What is not what its digest says is attached anew by the citizen.
            if let Some(bytes) = file.bytes() {
                self.keep_file(&key, &file.sha256, &Uint8Array::from(bytes.as_slice())).await?;
            }
        }
        self.copy_files(&record.uploads, id, &key).await?;
        match self.save_draft(&draft).await? {
            Saved::Saved => Ok(Some(draft)),
            // Another tab was faster.
            Saved::Superseded(draft) => Ok(Some(draft)),
            Saved::AlreadySubmitted(_) => Ok(None),
        }
    }

    /// Deletes a submission: the citizen's own act. The one that it was to replace stands for
    /// itself again. `received` is what the citizen read: whether the agency has it. `false` when that is
    /// no longer so, when it is being sent right now, or is not there.
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn delete(&self, id: &str, received: bool) -> Result<bool, StorageError> {
        let mut deleted = false;
        let reads =
            [Read::One(OUTBOX, id), Read::All(OUTBOX), Read::Nothing(BODIES), Read::Nothing(FILES)];
        self.run(Mode::Strict, &reads, &mut |rows, writer| {
            deleted = false;
            let Some(record) = read_record(&rows[0]) else { return Ok(()) };
            let is_as_read = (record.state == State::Received) == received;
            if !is_as_read || !machine::may_delete(&record, platform::now()) {
                return Ok(());
            }
            writer.delete(OUTBOX, id)?;
            writer.delete(BODIES, id)?;
            writer.delete_all(FILES, &files::beginning(id))?;
            deleted = true;
            if record.state == State::Received {
                return Ok(());
            }
            let all: &Array = rows[1].unchecked_ref();
            for row in all.iter() {
                change(&row, writer, &|old| machine::reinstated(old, &record))?;
            }
            Ok(())
        })
        .await?;
        Ok(deleted)
    }

    /// What is stored.
    pub(crate) fn read<'a>(&'a self, read: Read<'a>) -> Later<'a, JsValue> {
        Box::pin(self.read_unboxed(read))
    }

    async fn read_unboxed(&self, read: Read<'_>) -> Result<JsValue, StorageError> {
        let mut found = JsValue::UNDEFINED;
        self.run(Mode::Read, &[read], &mut |rows, _| {
            found = rows[0].clone();
            Ok(())
        })
        .await?;
        Ok(found)
    }

    /// One transaction; once more with a new handle when it failed for a reason that may pass, so
    /// `decide` must not build on what it found the first time.
    pub(crate) fn run<'a>(
        &'a self,
        mode: Mode,
        reads: &'a [Read<'a>],
        decide: Decide<'a>,
    ) -> Later<'a, ()> {
        Box::pin(self.run_unboxed(mode, reads, decide))
    }

    async fn run_unboxed(
        &self,
        mode: Mode,
        reads: &[Read<'_>],
        decide: Decide<'_>,
    ) -> Result<(), StorageError> {
        let mut again = true;
        loop {
            let done = match self.handle().await {
                Ok(database) => idb::transact(&database, mode, reads, decide).await,
                Err(error) => Err(error),
            };
            let Err(error) = done else { return Ok(()) };
            if let Some(database) = self.database.take() {
                database.close();
            }
            if !again || matches!(error, StorageError::Quota | StorageError::Refused) {
                return Err(error);
            }
            again = false;
        }
    }

    /// Ends what is under way, and the connection: the page is left, and the browser keeps it. What
    /// is undone is done once more when the page comes back, as after any other error. A submission that
    /// was being written is still a draft, and nobody was told anything else: kept half done, it would
    /// hold up what all other pages read and write.
    pub fn let_go(&self) {
        idb::abort_all();
        if let Some(database) = self.database.take() {
            database.close();
        }
    }

    async fn handle(&self) -> Result<Database, StorageError> {
        let open = self.database.borrow().clone();
        if let Some(database) = open {
            return Ok(database);
        }
        let database = idb::open().await?;
        self.database.replace(Some(database.clone()));
        Ok(database)
    }
}

/// Whether what is there was made of the same answers, and has not been received: then it may be written
/// once more.
fn is_same(there: &Record, record: &Record) -> bool {
    there.digest == record.digest && there.state != State::Received
}

/// Whether it can be sent, or was: its answers may be dropped by then.
fn is_safe(there: &Record) -> bool {
    there.state == State::Received || there.is_whole()
}

/// Decides about one record inside a transaction, which may write [`BODIES`] too. Records of newer code
/// are left alone.
fn change(
    row: &JsValue,
    writer: &Writer,
    decide: &dyn Fn(&Record) -> Option<Record>,
) -> Result<Option<Record>, StorageError> {
    let next = read_record(row).filter(|record| record.schema <= SCHEMA).and_then(|r| decide(&r));
    if let Some(next) = &next {
        let mut row = js::with(row, "json", &next.to_json_without_body().into());
        if next.state == State::Received && next.forget {
            row = js::with(&row, "kid", &JsValue::UNDEFINED);
            writer.delete(BODIES, &next.id)?;
        }
        writer.put(OUTBOX, &row)?;
    }
    Ok(next)
}

/// A record without its body.
pub(crate) fn read_record(row: &JsValue) -> Option<Record> {
    (!row.is_undefined()).then(|| Record::from_json(&text(row, "id"), &text(row, "json")))
}

/// A draft cannot be read.
pub(crate) fn spoiled() -> StorageError {
    StorageError::Other("draft".into())
}

fn unreadable(row: &JsValue) -> Draft {
    let at = js::member(row, "at").as_f64().unwrap_or_default();
    // Milliseconds.
    #[expect(clippy::cast_possible_truncation)]
    Draft::unreadable(text(row, "key"), text(row, "id"), text(row, "definition"), at as i64)
}

fn plain_draft(draft: &Draft) -> (String, Uint8Array) {
    (what(DRAFTS, &draft.key), Uint8Array::from(draft.to_json().as_bytes()))
}

#[expect(clippy::cast_precision_loss)]
fn draft_row(draft: &Draft, secret: &Secret) -> JsValue {
    secret.row(&[
        ("key", &draft.key.as_str().into()),
        ("id", &draft.id.as_str().into()),
        ("at", &(draft.updated_at as f64).into()),
        ("definition", &draft.definition.as_str().into()),
    ])
}

/// A member of a row that is text.
pub(crate) fn text(row: &JsValue, name: &str) -> String {
    js::member(row, name).as_string().unwrap_or_default()
}
