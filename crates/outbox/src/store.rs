//! What the phone keeps: drafts, submissions, and the definitions they were filled in with.
//!
//! Each function is one transaction, and each decision about a record is made inside it by
//! [`crate::machine`], so that two tabs and a worker can call them at the same time. A database
//! handle is never used again after an error: it is opened anew once, the transaction is done
//! once more, and then the caller learns that nothing was saved.

use std::cell::RefCell;

use wasm_bindgen::JsValue;

use crate::{
    Draft, Record, SCHEMA, State, StorageError,
    idb::{self, DRAFTS, Database, Mode, OUTBOX, Transaction},
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
    AlreadySubmitted(Record),
    /// Another tab began a draft with another id under this key; nothing was written. The page
    /// takes over its id and entries, and saves again.
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
        let row = row("key", &draft.key, &to_json(draft)?);
        self.run(&[DRAFTS, OUTBOX], Mode::Relaxed, async |tx| {
            if let Some(submitted) = get_record(tx, &draft.id).await? {
                return Ok(Saved::AlreadySubmitted(submitted));
            }
            if let Some(stored) = get_draft(tx, &draft.key).await?
                && stored.id != draft.id
            {
                return Ok(Saved::Superseded(stored));
            }
            tx.put(DRAFTS, &row)?;
            Ok(Saved::Saved)
        })
        .await
    }

    /// The draft under this key.
    ///
    /// # Errors
    /// When it could not be read; it is not gone.
    pub async fn load_draft(&self, key: &str) -> Result<Option<Draft>, StorageError> {
        self.run(&[DRAFTS], Mode::Read, async |tx| get_draft(tx, key).await).await
    }

    /// Deletes a draft: the citizen's own act.
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn delete_draft(&self, key: &str) -> Result<(), StorageError> {
        self.run(&[DRAFTS], Mode::Strict, async |tx| tx.delete(DRAFTS, key)).await
    }

    /// All drafts that this code can read.
    ///
    /// # Errors
    /// When they could not be read.
    pub async fn list_drafts(&self) -> Result<Vec<Draft>, StorageError> {
        let rows = self.run(&[DRAFTS], Mode::Read, async |tx| tx.all(DRAFTS).await).await?;
        Ok(rows.iter().filter_map(|row| serde_json::from_str(&text(&row, "json")).ok()).collect())
    }

    /// Puts a submission into the outbox, removes its draft, and retires the submission that it
    /// mends: all in one transaction that ends on the disk. Then reads it back.
    ///
    /// # Errors
    /// When it was not saved, or is not, byte for byte, what was saved.
    pub async fn enqueue(
        &self,
        record: &Record,
        draft_key: Option<&str>,
    ) -> Result<Enqueued, StorageError> {
        let new_row = record_row(record)?;
        let already = self
            .run(&[OUTBOX, DRAFTS], Mode::Strict, async |tx| {
                let existing = get_record(tx, &record.id).await?;
                if let Some(key) = draft_key
                    && get_draft(tx, key).await?.is_some_and(|draft| draft.id == record.id)
                {
                    tx.delete(DRAFTS, key)?;
                }
                if existing.is_some() {
                    return Ok(existing);
                }
                tx.put(OUTBOX, &new_row)?;
                if let Some(old) = &record.replaces {
                    change(tx, old, &|old| machine::mended(old, &record.id)).await?;
                }
                Ok(None)
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

    /// All submissions, oldest first.
    ///
    /// # Errors
    /// When they could not be read.
    pub async fn list(&self) -> Result<Vec<Record>, StorageError> {
        let rows = self.run(&[OUTBOX], Mode::Read, async |tx| tx.all(OUTBOX).await).await?;
        Ok(rows.iter().map(|row| read_record(&row)).collect())
    }

    /// The submission with this id.
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn get(&self, id: &str) -> Result<Option<Record>, StorageError> {
        self.run(&[OUTBOX], Mode::Read, async |tx| get_record(tx, id).await).await
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
        self.run(&[OUTBOX], Mode::Strict, async |tx| change(tx, id, decide).await).await
    }

    /// The draft that mends this submission: the one there is, or a new one that is saved at
    /// once. `None` when the submission is not there or its answers cannot be read.
    ///
    /// # Errors
    /// When it was not saved.
    pub async fn mend(&self, id: &str) -> Result<Option<Draft>, StorageError> {
        self.run(&[OUTBOX, DRAFTS], Mode::Relaxed, async |tx| {
            let Some(record) = get_record(tx, id).await? else { return Ok(None) };
            let key = Draft::mending_key(&record.form, id);
            if let Some(draft) = get_draft(tx, &key).await? {
                return Ok(Some(draft));
            }
            let draft = Draft::mending(&record, platform::new_id(), platform::now());
            if let Some(draft) = &draft {
                tx.put(DRAFTS, &row("key", &key, &to_json(draft)?))?;
            }
            Ok(draft)
        })
        .await
    }

    /// Deletes a submission: the citizen's own act. The one that it was to replace stands for
    /// itself again. `false` when it is being sent right now, or is not there.
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn delete(&self, id: &str) -> Result<bool, StorageError> {
        self.run(&[OUTBOX], Mode::Strict, async |tx| {
            let Some(record) = get_record(tx, id).await? else { return Ok(false) };
            if !machine::may_delete(&record, platform::now()) {
                return Ok(false);
            }
            tx.delete(OUTBOX, id)?;
            if let Some(old) = &record.replaces
                && record.state != State::Received
            {
                change(tx, old, &|old| machine::reinstated(old, id)).await?;
            }
            Ok(true)
        })
        .await
    }

    /// One transaction; once more with a new handle when it failed for a reason that may pass.
    pub(crate) async fn run<T>(
        &self,
        stores: &[&str],
        mode: Mode,
        work: impl AsyncFn(&Transaction) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut tries = 0;
        loop {
            let error = match self.begin(stores, mode).await {
                Ok(tx) => match work(&tx).await {
                    Ok(value) => match tx.commit().await {
                        Ok(()) => return Ok(value),
                        Err(error) => error,
                    },
                    Err(error) => {
                        tx.abort();
                        error
                    }
                },
                Err(error) => error,
            };
            tries += 1;
            if self.give_up(&error, tries) {
                return Err(error);
            }
        }
    }

    async fn begin(&self, stores: &[&str], mode: Mode) -> Result<Transaction, StorageError> {
        let database = self.handle().await?;
        Transaction::begin(&database, stores, mode)
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

    /// Closes the handle, and says whether another try is useless.
    fn give_up(&self, error: &StorageError, tries: u32) -> bool {
        if let Some(database) = self.database.take() {
            database.close();
        }
        tries > 1 || matches!(error, StorageError::Quota | StorageError::Refused)
    }
}

/// Decides about one record inside a transaction. Records of newer code are left alone.
async fn change(
    tx: &Transaction,
    id: &str,
    decide: &dyn Fn(&Record) -> Option<Record>,
) -> Result<Option<Record>, StorageError> {
    let Some(record) = get_record(tx, id).await? else { return Ok(None) };
    if record.schema > SCHEMA {
        return Ok(None);
    }
    let next = decide(&record);
    if let Some(next) = &next {
        tx.put(OUTBOX, &record_row(next)?)?;
    }
    Ok(next)
}

async fn get_record(tx: &Transaction, id: &str) -> Result<Option<Record>, StorageError> {
    Ok(tx.get(OUTBOX, id).await?.map(|row| read_record(&row)))
}

async fn get_draft(tx: &Transaction, key: &str) -> Result<Option<Draft>, StorageError> {
    let Some(row) = tx.get(DRAFTS, key).await? else { return Ok(None) };
    // Not `None`: that would invite the page to write over it.
    serde_json::from_str(&text(&row, "json")).map(Some).map_err(unreadable)
}

fn read_record(row: &JsValue) -> Record {
    Record::from_json(&text(row, "id"), &text(row, "json"))
}

fn record_row(record: &Record) -> Result<JsValue, StorageError> {
    Ok(row("id", &record.id, &record.to_json().map_err(unreadable)?))
}

fn to_json(draft: &Draft) -> Result<String, StorageError> {
    serde_json::to_string(draft).map_err(unreadable)
}

fn unreadable(_: serde_json::Error) -> StorageError {
    StorageError::Other("json".into())
}

fn row(key_path: &str, key: &str, json: &str) -> JsValue {
    js::object(&[(key_path, &key.into()), ("json", &json.into())])
}

/// A member of a row that is text.
pub(crate) fn text(row: &JsValue, name: &str) -> String {
    js::member(row, name).as_string().unwrap_or_default()
}
