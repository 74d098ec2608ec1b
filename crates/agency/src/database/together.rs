//! Submissions that arrive at the same time are kept in one transaction, so that they wait for the disk
//! together and not one after the other: SQLite lets one write at a time, and most of that is waiting.
//!
//! Each is told what became of it after the transaction is on the disk. Where anything in it goes another
//! way than a new row, all of it is undone, and each is kept by itself: one cannot hurt another.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::SqlitePool;
use tokio::sync::oneshot;

use super::{Arrival, Put};
use eform::{Receipt, Uploaded};

/// The most submissions of one transaction: others wait until it is over.
const MOST: usize = 64;

/// The largest body that waits here, in bytes: it is copied for it.
pub(super) const LARGEST: usize = 64 * 1024;

/// Those that wait for the next transaction.
#[derive(Debug, Clone, Default)]
pub(super) struct Together(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    rows: Vec<Row>,
    /// Somebody is writing, and will look again.
    writing: bool,
}

/// An arrival that outlives its request.
#[derive(Debug)]
struct Row {
    form: String,
    version: String,
    definition: String,
    replaces: Option<String>,
    body: Vec<u8>,
    receipt: Receipt,
    uploads: Vec<Uploaded>,
    /// Whether it was new: nothing where the transaction was undone.
    told: oneshot::Sender<bool>,
}

impl Together {
    /// Keeps an arrival with others. Whether it was new; `None` where it is to be kept by itself.
    pub async fn keep(&self, pool: &SqlitePool, arrival: &Arrival<'_>) -> Option<bool> {
        let (told, telling) = oneshot::channel();
        let is_first = {
            let mut waiting = self.waiting();
            waiting.rows.push(Row::of(arrival, told));
            !std::mem::replace(&mut waiting.writing, true)
        };
        if is_first {
            let writer = Writer { together: self.clone(), is_over: false };
            // Not in the request, which ends when its connection does.
            let pool = pool.clone();
            tokio::spawn(async move { writer.write(&pool).await });
        }
        telling.await.ok()
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The one who writes. However that ends, the next one can.
struct Writer {
    together: Together,
    /// Nothing was left, and another may be writing already.
    is_over: bool,
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.is_over {
            // It has panicked, or its runtime has ended: whoever waits is told nothing.
            let mut waiting = self.together.waiting();
            waiting.rows.clear();
            waiting.writing = false;
        }
    }
}

impl Writer {
    async fn write(mut self, pool: &SqlitePool) {
        loop {
            let rows = {
                let mut waiting = self.together.waiting();
                if waiting.rows.is_empty() {
                    waiting.writing = false;
                    self.is_over = true;
                    break;
                }
                let count = waiting.rows.len().min(MOST);
                waiting.rows.drain(..count).collect::<Vec<_>>()
            };
            // What went wrong is said by each that is then kept by itself.
            let Some(new) = all(pool, &rows).await else { continue };
            for (row, is_new) in rows.into_iter().zip(new) {
                // Nobody may wait any more: the connection broke.
                let _ = row.told.send(is_new);
            }
        }
    }
}

/// Keeps all of them in one transaction, or none. Which of them were new.
async fn all(pool: &SqlitePool, rows: &[Row]) -> Option<Vec<bool>> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.ok()?;
    let mut new = Vec::with_capacity(rows.len());
    for row in rows {
        match put!(&mut transaction, &row.arrival()).ok()? {
            Put::New => new.push(true),
            Put::Taken => new.push(false),
            Put::Missing(_) => return None,
        }
    }
    transaction.commit().await.ok()?;
    Some(new)
}

impl Row {
    fn of(arrival: &Arrival<'_>, told: oneshot::Sender<bool>) -> Self {
        Self {
            form: arrival.form.to_owned(),
            version: arrival.version.to_owned(),
            definition: arrival.definition.to_owned(),
            replaces: arrival.replaces.map(str::to_owned),
            body: arrival.body.to_vec(),
            receipt: arrival.receipt.clone(),
            uploads: arrival.uploads.to_vec(),
            told,
        }
    }

    fn arrival(&self) -> Arrival<'_> {
        Arrival {
            form: &self.form,
            version: &self.version,
            definition: &self.definition,
            replaces: self.replaces.as_deref(),
            body: &self.body,
            receipt: &self.receipt,
            uploads: &self.uploads,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;
    use crate::database::{Database, Kept};

    const DEFINITION: &[u8] = br#"{ "id": "f", "version": "1", "title": "F", "languages": ["en"],
        "submit": { "url": "/" }, "pages": [{ "id": "p", "title": "P", "fields": [
        { "id": "a", "type": "text", "label": "A" }] }] }"#;

    fn receipt(id: &str, reference: String) -> Receipt {
        let (received_at, digest, signature) = ("now".to_owned(), String::new(), String::new());
        Receipt { id: id.to_owned(), reference, received_at, digest, signature }
    }

    #[tokio::test]
    async fn each_of_many_at_once_gets_its_own_answer_and_none_hurts_another() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create(&folder.path().join("agency.db").into()).await.unwrap();
        let form = eform::Form::parse(DEFINITION).unwrap();
        database.keep_definition(&form, DEFINITION, "now").await.unwrap();
        let missing = [Uploaded { sha256: "00".to_owned(), size: 1 }];
        // Of each ten: one whose definition is not there, one whose file is not, two of one id, two of one
        // reference, and four others.
        let keep = async |n: usize| {
            let (id, reference) = match n % 10 {
                3 => (format!("{}", n - 1), format!("R{n}")),
                5 => (format!("{n}"), format!("R{}", n - 1)),
                _ => (format!("{n}"), format!("R{n}")),
            };
            let receipt = receipt(&id, reference);
            let arrival = Arrival {
                form: "f",
                version: "1",
                definition: if n.is_multiple_of(10) { "sha256:00" } else { form.digest() },
                replaces: None,
                body: b"{}",
                receipt: &receipt,
                uploads: if n % 10 == 1 { &missing } else { &[] },
            };
            database.keep(&arrival).await
        };
        for round in 0..5 {
            // In the last rounds without those that undo what others share with them.
            let wanted = |n: &usize| round < 3 || n % 10 > 1;
            let numbers: Vec<usize> = (round * 100..round * 100 + 100).filter(wanted).collect();
            let kept = join_all(numbers.iter().map(|n| keep(*n))).await;
            let sort = |n: usize| match &kept[numbers.iter().position(|it| *it == n).unwrap()] {
                Ok(Kept::New) => "new",
                Ok(Kept::Before(_)) => "before",
                Ok(Kept::ReferenceTaken) => "taken",
                Ok(Kept::Missing(_)) => "missing",
                Err(_) => "error",
            };
            for tens in (round * 100..round * 100 + 100).step_by(10) {
                if round < 3 {
                    assert_eq!((sort(tens), sort(tens + 1)), ("error", "missing"));
                }
                let mut ids = [sort(tens + 2), sort(tens + 3)];
                let mut references = [sort(tens + 4), sort(tens + 5)];
                ids.sort_unstable();
                references.sort_unstable();
                assert_eq!((ids, references), (["before", "new"], ["new", "taken"]));
                assert!((6..10).all(|n| sort(tens + n) == "new"));
            }
        }
        let rows = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM submission");
        let crate::database::Pool::Sqlite(pool) = &database.pool else { unreachable!() };
        assert_eq!(rows.fetch_one(pool).await.unwrap(), 5 * 10 * 6);
    }
}
