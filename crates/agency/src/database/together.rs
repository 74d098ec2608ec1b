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
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use sqlx::pool::PoolConnection;

    use super::*;
    use crate::database::{Database, Kept, Pool};

    const DEFINITION: &[u8] = br#"{ "id": "f", "version": "1", "title": "F", "languages": ["en"],
        "submit": { "url": "/" }, "pages": [{ "id": "p", "title": "P", "fields": [
        { "id": "a", "type": "text", "label": "A" }] }] }"#;

    /// A database in a folder of its own, with a definition.
    struct Trial {
        _folder: tempfile::TempDir,
        database: Database,
        form: eform::Form,
        /// How often SQLite committed what was written, on whatever connection.
        commits: Arc<AtomicUsize>,
    }

    impl Trial {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("agency.db");
            let database = Database::create(&path.into()).await.unwrap();
            let form = eform::Form::parse(DEFINITION).unwrap();
            database.keep_definition(&form, DEFINITION, "now").await.unwrap();
            let trial = Self { _folder: folder, database, form, commits: Arc::default() };
            trial.count_commits().await;
            trial
        }

        /// All connections that the pool may have are made, and have SQLite tell of each commit.
        async fn count_commits(&self) {
            let pool = self.pool();
            let all = (0..pool.options().get_max_connections()).map(|_| pool.acquire());
            for connection in &mut join_all(all).await {
                let connection: &mut PoolConnection<_> = connection.as_mut().unwrap();
                let commits = Arc::clone(&self.commits);
                connection.lock_handle().await.unwrap().set_commit_hook(move || {
                    commits.fetch_add(1, Ordering::SeqCst);
                    true
                });
            }
        }

        fn pool(&self) -> &SqlitePool {
            let Pool::Sqlite(pool) = &self.database.pool else { unreachable!() };
            pool
        }

        /// How often was committed since this was asked last.
        fn commits(&self) -> usize {
            self.commits.swap(0, Ordering::SeqCst)
        }

        async fn rows(&self) -> i64 {
            let rows = sqlx::query_scalar("SELECT count(*) FROM submission");
            rows.fetch_one(self.pool()).await.unwrap()
        }

        async fn keep(&self, arriving: Arriving<'_>) -> &'static str {
            let receipt = receipt(&arriving.id, &arriving.reference);
            let arrival = Arrival {
                form: "f",
                version: "1",
                definition: arriving.definition.unwrap_or(self.form.digest()),
                replaces: None,
                body: b"{}",
                receipt: &receipt,
                uploads: arriving.uploads,
            };
            match self.database.keep(&arrival).await {
                Ok(Kept::New) => "new",
                Ok(Kept::Before(_)) => "before",
                Ok(Kept::ReferenceTaken) => "taken",
                Ok(Kept::Missing(_)) => "missing",
                Err(_) => "error",
            }
        }

        /// Whether submission number `n` is there, with its own receipt.
        async fn has(&self, n: usize) -> bool {
            let arriving = Arriving::number(n);
            let receipt = receipt(&arriving.id, &arriving.reference);
            self.database.receipt(&arriving.id).await.unwrap() == Some(receipt)
        }
    }

    /// What may be wrong with one that arrives.
    struct Arriving<'a> {
        id: String,
        reference: String,
        /// The form's, where none is said.
        definition: Option<&'a str>,
        uploads: &'a [Uploaded],
    }

    impl Arriving<'_> {
        /// One with which nothing is wrong.
        fn number(n: usize) -> Self {
            let (id, reference) = (n.to_string(), format!("R{n}"));
            Self { id, reference, definition: None, uploads: &[] }
        }
    }

    fn receipt(id: &str, reference: &str) -> Receipt {
        let (received_at, digest, signature) = ("now".to_owned(), String::new(), String::new());
        let (id, reference) = (id.to_owned(), reference.to_owned());
        Receipt { id, reference, received_at, digest, signature }
    }

    #[tokio::test]
    async fn those_that_arrive_at_once_share_transactions_and_have_their_own_receipts() {
        let trial = Trial::new().await;
        // Of two with one id, one is in already: that is no reason to undo what others share with it.
        let numbers: Vec<usize> = (0..100).chain([7]).collect();
        let kept = join_all(numbers.iter().map(|n| trial.keep(Arriving::number(*n)))).await;
        assert_eq!(trial.commits(), 2, "{MOST} share one");
        assert_eq!(kept.iter().filter(|it| **it == "new").count(), 100);
        assert_eq!(kept.iter().filter(|it| **it == "before").count(), 1);
        for n in 0..100 {
            assert!(trial.has(n).await, "{n}");
        }

        // One after the other they have nobody to share with.
        for n in 100..110 {
            assert_eq!(trial.keep(Arriving::number(n)).await, "new");
        }
        assert_eq!(trial.commits(), 10);
    }

    #[tokio::test]
    async fn one_that_cannot_be_kept_takes_no_other_with_it() {
        let missing = [Uploaded { sha256: "00".to_owned(), size: 1 }];
        for wrong in ["missing", "error"] {
            let trial = Trial::new().await;
            let arriving = |n| match (n, wrong) {
                (4, "missing") => Arriving { uploads: &missing, ..Arriving::number(n) },
                (4, _) => Arriving { definition: Some("sha256:00"), ..Arriving::number(n) },
                _ => Arriving::number(n),
            };
            let kept = join_all((0..10).map(|n| trial.keep(arriving(n)))).await;
            // What they shared was undone, and each was kept by itself.
            assert_eq!((trial.commits(), trial.rows().await), (9, 9), "{wrong}");
            for (n, kept) in kept.into_iter().enumerate() {
                assert_eq!(kept, if n == 4 { wrong } else { "new" }, "{n}");
                assert_eq!(trial.has(n).await, n != 4, "{n}");
            }

            // Those that come then share again.
            let kept = join_all((10..20).map(|n| trial.keep(Arriving::number(n)))).await;
            assert_eq!((kept, trial.commits()), (vec!["new"; 10], 1));
        }
    }

    #[tokio::test]
    async fn each_of_many_at_once_gets_its_own_answer_and_none_hurts_another() {
        let trial = Trial::new().await;
        let missing = [Uploaded { sha256: "00".to_owned(), size: 1 }];
        // Of each ten: one whose definition is not there, one whose file is not, two of one id, two of one
        // reference, and four others.
        let arriving = |n: usize| {
            let like_others = Arriving::number(n);
            match n % 10 {
                0 => Arriving { definition: Some("sha256:00"), ..like_others },
                1 => Arriving { uploads: &missing, ..like_others },
                3 => Arriving { id: (n - 1).to_string(), ..like_others },
                5 => Arriving { reference: format!("R{}", n - 1), ..like_others },
                _ => like_others,
            }
        };
        for round in 0..5 {
            // In the last rounds without those that undo what others share with them.
            let wanted = |n: &usize| round < 3 || n % 10 > 1;
            let numbers: Vec<usize> = (round * 100..round * 100 + 100).filter(wanted).collect();
            let kept = join_all(numbers.iter().map(|n| trial.keep(arriving(*n)))).await;
            let sort = |n: usize| kept[numbers.iter().position(|it| *it == n).unwrap()];
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
        assert_eq!(trial.rows().await, 5 * 10 * 6);
    }
}
