//! What the phone keeps: drafts, submissions, and the definitions they were filled in with.
//!
//! Each function is one transaction, and each decision about a record is made inside it by
//! [`crate::machine`], so that two tabs and a worker can call them at the same time. A database
//! handle is never used again after an error: it is opened anew once, the transaction is done
//! once more, and then the caller learns that nothing was saved.

use std::{cell::RefCell, pin::Pin};

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    Action, Draft, Record, SCHEMA, State, StorageError, actions, files,
    idb::{self, DRAFTS, Database, Decide, FILES, Mode, OUTBOX, Read, Writer},
    js, machine, platform,
};

/// The database of this origin.
#[derive(Default)]
pub struct Store {
    database: RefCell<Option<Database>>,
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
    /// was written. The page takes over its id and entries, and saves again.
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
    pub async fn save_draft(&self, draft: &Draft) -> Result<Saved, StorageError> {
        let row = row("key", &draft.key, &draft.to_json());
        let mut saved = Saved::Saved;
        let reads = [Read::One(OUTBOX, &draft.id), Read::One(DRAFTS, &draft.key)];
        self.run(Mode::Relaxed, &reads, &mut |rows, writer| {
            if let Some(submitted) = read_record(&rows[0]) {
                saved = Saved::AlreadySubmitted(Box::new(submitted));
                return Ok(());
            }
            match read_draft(&rows[1])? {
                Some(stored) if stored.id != draft.id || stored.updated_at > draft.updated_at => {
                    saved = Saved::Superseded(stored);
                }
                _ => {
                    saved = Saved::Saved;
                    writer.put(DRAFTS, &row)?;
                }
            }
            Ok(())
        })
        .await?;
        Ok(saved)
    }

    /// The draft under this key.
    ///
    /// # Errors
    /// When it could not be read; it is not gone.
    pub async fn load_draft(&self, key: &str) -> Result<Option<Draft>, StorageError> {
        read_draft(&self.read(Read::One(DRAFTS, key)).await?)
    }

    /// Deletes a draft with its files: the citizen's own act.
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn delete_draft(&self, key: &str) -> Result<(), StorageError> {
        let reads = [Read::One(DRAFTS, key), Read::One(FILES, key)];
        self.run(Mode::Strict, &reads, &mut |_, writer| {
            writer.delete_all(FILES, &files::beginning(key))?;
            writer.delete(DRAFTS, key)
        })
        .await
    }

    /// All drafts that this code can read.
    ///
    /// # Errors
    /// When they could not be read.
    pub async fn list_drafts(&self) -> Result<Vec<Draft>, StorageError> {
        let rows: Array = self.read(Read::All(DRAFTS)).await?.unchecked_into();
        Ok(rows.iter().filter_map(|row| Draft::from_json(&text(&row, "json"))).collect())
    }

    /// Puts a submission into the outbox, removes its draft with its files, and retires the submission that it
    /// mends: all in one transaction that ends on the disk. Then reads it back.
    ///
    /// # Errors
    /// When it was not saved, or is not, byte for byte, what was saved.
    pub async fn enqueue(
        &self,
        record: &Record,
        draft_key: Option<&str>,
    ) -> Result<Enqueued, StorageError> {
        let new_row = record_row(record);
        let mut already = None;
        // No key of ours is empty: nothing is there.
        let key = draft_key.unwrap_or_default();
        let old = record.replaces.as_deref().unwrap_or_default();
        let of_draft = files::beginning(key);
        let reads = [
            Read::One(OUTBOX, &record.id),
            Read::One(DRAFTS, key),
            Read::One(OUTBOX, old),
            // Those that are in the body need not be read.
            match record.uploads.is_empty() {
                true => Read::One(FILES, key),
                false => Read::Beginning(FILES, &of_draft),
            },
        ];
        self.run(Mode::Strict, &reads, &mut |rows, writer| {
            already = read_record(&rows[0]);
            if already.is_none() && !record.uploads.is_empty() {
                let of_draft: &Array = rows[3].unchecked_ref();
                if !files::are_among(of_draft, &record.uploads, key) {
                    return Err(StorageError::Mismatch);
                }
                files::copy(writer, of_draft, &record.uploads, key, &record.id)?;
            }
            // Another tab may have begun another draft under this key.
            if read_draft(&rows[1])?.is_none_or(|draft| draft.id == record.id) {
                writer.delete(DRAFTS, key)?;
                writer.delete_all(FILES, &of_draft)?;
            }
            if already.is_none() {
                writer.put(OUTBOX, &new_row)?;
                change(&rows[2], writer, &|old| machine::mended(old, &record.id))?;
            }
            Ok(())
        })
        .await?;
        if let Some(existing) = already {
            return Ok(Enqueued::Already(existing));
        }
        match self.get(&record.id).await? {
            // Sent and received by another tab in between; its answers may be dropped by now.
            Some(back) if back.state == State::Received => Ok(Enqueued::New(back)),
            Some(back) if back.body == record.body && back.is_whole() => Ok(Enqueued::New(back)),
            _ => Err(StorageError::Mismatch),
        }
    }

    /// All submissions without their bodies, oldest first. Bodies may hold megabytes of files, and
    /// the list is read often.
    ///
    /// # Errors
    /// When they could not be read.
    pub async fn list(&self) -> Result<Vec<Record>, StorageError> {
        let rows: Array = self.read(Read::All(OUTBOX)).await?.unchecked_into();
        Ok(rows.iter().filter_map(|row| read_without_body(&row)).collect())
    }

    /// The submission with this id.
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn get(&self, id: &str) -> Result<Option<Record>, StorageError> {
        Ok(read_record(&self.read(Read::One(OUTBOX, id)).await?))
    }

    /// Reads, decides and writes in one transaction that ends on the disk. `decide` may be called
    /// twice, and says `None` to leave the record as it is. Returns what was written.
    ///
    /// # Errors
    /// When nothing was written.
    pub async fn update(
        &self,
        id: &str,
        decide: &dyn Fn(&Record) -> Option<Record>,
    ) -> Result<Option<Record>, StorageError> {
        let mut written = None;
        let reads = [Read::One(OUTBOX, id), Read::One(FILES, id)];
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
        let new_id = platform::new_id();
        let mut draft = None;
        let of_record = files::beginning(id);
        let reads = [Read::One(OUTBOX, id), Read::All(DRAFTS), Read::Beginning(FILES, &of_record)];
        self.run(Mode::Relaxed, &reads, &mut |rows, writer| {
            draft = None;
            let Some(record) = read_record(&rows[0]) else { return Ok(()) };
            let key = Draft::mending_key(&record.form, id);
            let drafts: &Array = rows[1].unchecked_ref();
            if let Some(row) = drafts.iter().find(|row| text(row, "key") == key) {
                draft = read_draft(&row)?;
                return Ok(());
            }
            if !actions(&record).contains(&Action::Mend) {
                return Ok(());
            }
            draft = Draft::mending(&record, new_id.clone(), platform::now());
            if let Some(draft) = &draft {
                writer.put(DRAFTS, &self::row("key", &key, &draft.to_json()))?;
                for file in record.files() {
                    // What is not what its digest says is attached anew by the citizen.
                    if let Some(bytes) = file.bytes() {
                        let bytes = Uint8Array::from(bytes.as_slice());
                        files::put(writer, &key, &file.sha256, &bytes)?;
                    }
                }
                files::copy(writer, rows[2].unchecked_ref(), &record.uploads, id, &key)?;
            }
            Ok(())
        })
        .await?;
        Ok(draft)
    }

    /// Deletes a submission: the citizen's own act. The one that it was to replace stands for
    /// itself again. `false` when it is being sent right now, or is not there.
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn delete(&self, id: &str) -> Result<bool, StorageError> {
        let mut deleted = false;
        let reads = [Read::One(OUTBOX, id), Read::All(OUTBOX), Read::One(FILES, id)];
        self.run(Mode::Strict, &reads, &mut |rows, writer| {
            deleted = false;
            let Some(record) = read_record(&rows[0]) else { return Ok(()) };
            if !machine::may_delete(&record, platform::now()) {
                return Ok(());
            }
            writer.delete(OUTBOX, id)?;
            writer.delete_all(FILES, &files::beginning(id))?;
            deleted = true;
            if record.state == State::Received {
                return Ok(());
            }
            let all: &Array = rows[1].unchecked_ref();
            for row in all.iter() {
                change(&row, writer, &|old| machine::reinstated(old, id))?;
            }
            Ok(())
        })
        .await?;
        Ok(deleted)
    }

    /// What is stored.
    pub(crate) async fn read(&self, read: Read<'_>) -> Result<JsValue, StorageError> {
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
    ///
    /// Boxed, so that its machinery is in the page once and not in each caller.
    pub(crate) fn run<'a>(
        &'a self,
        mode: Mode,
        reads: &'a [Read<'a>],
        decide: Decide<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<(), StorageError>> + 'a>> {
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
    /// is undone is done once more when the page comes back, as after any other error. What must end
    /// on the disk goes on: nobody else has it.
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

/// Decides about one record inside a transaction. Records of newer code are left alone.
fn change(
    row: &JsValue,
    writer: &Writer,
    decide: &dyn Fn(&Record) -> Option<Record>,
) -> Result<Option<Record>, StorageError> {
    let next = read_record(row).filter(|record| record.schema <= SCHEMA).and_then(|r| decide(&r));
    if let Some(next) = &next {
        writer.put(OUTBOX, &record_row(next))?;
    }
    Ok(next)
}

fn read_draft(row: &JsValue) -> Result<Option<Draft>, StorageError> {
    if row.is_undefined() {
        return Ok(None);
    }
    // Not `None`: that would invite the page to write over it.
    let draft = Draft::from_json(&text(row, "json"));
    draft.map(Some).ok_or_else(|| StorageError::Other("draft".into()))
}

fn read_record(row: &JsValue) -> Option<Record> {
    let mut record = read_without_body(row)?;
    // Rows of earlier versions have it in the JSON.
    if let Some(body) = js::member(row, "body").as_string() {
        record.body = body;
    }
    Some(record)
}

fn read_without_body(row: &JsValue) -> Option<Record> {
    (!row.is_undefined()).then(|| Record::from_json(&text(row, "id"), &text(row, "json")))
}

fn record_row(record: &Record) -> JsValue {
    let json = record.to_json_without_body();
    js::object(&[
        ("id", &record.id.as_str().into()),
        ("json", &json.into()),
        ("body", &record.body.as_str().into()),
    ])
}

fn row(key_path: &str, key: &str, json: &str) -> JsValue {
    js::object(&[(key_path, &key.into()), ("json", &json.into())])
}

/// A member of a row that is text.
pub(crate) fn text(row: &JsValue, name: &str) -> String {
    js::member(row, name).as_string().unwrap_or_default()
}
