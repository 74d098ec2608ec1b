//! What this phone keeps: drafts and submissions, as signals that follow the outbox.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eform_outbox::{Draft, Record, State, StorageError};
use leptos::prelude::*;

use crate::outbox::outbox;

/// The drafts and submissions of this phone, all forms.
#[derive(Clone, Default)]
pub struct Shelf {
    /// Oldest first.
    pub records: ArcRwSignal<Vec<Record>>,
    /// Of every form, also of those being mended.
    pub drafts: ArcRwSignal<Vec<Draft>>,
    /// Whether the first look is done.
    pub loaded: ArcRwSignal<bool>,
    behind: Arc<Mutex<Behind>>,
}

/// Submissions that have changed and were not read since. Reading all takes long where there are many, so
/// what is read by itself must not be overtaken by a list that was begun before.
#[derive(Default)]
struct Behind {
    ids: Vec<String>,
    /// How many lists were begun, and how many of them are not here yet.
    begun: u32,
    lists: u32,
    /// Somebody reads them, one after the other.
    reading: bool,
}

impl Shelf {
    /// Reads everything again, and tells of each submission whose state became another.
    ///
    /// # Errors
    /// The browser keeps nothing.
    pub async fn refresh(&self, changed: &dyn Fn(&Record)) -> Result<(), StorageError> {
        {
            let mut behind = self.behind();
            behind.begun = behind.begun.wrapping_add(1);
            behind.lists += 1;
        }
        let read = self.read_all(changed).await;
        self.behind().lists -= 1;
        // What waited for the list is read by itself where that could not be.
        let caught_up = self.catch_up(changed).await;
        read.and(caught_up)
    }

    async fn read_all(&self, changed: &dyn Fn(&Record)) -> Result<(), StorageError> {
        let outbox = outbox().await?;
        let (records, drafts) = (outbox.list().await?, outbox.list_drafts().await?);
        let news: Vec<Record> = match self.loaded.get_untracked() {
            true => self.records.with_untracked(|before| {
                records
                    .iter()
                    .filter(|record| is_news(find(before, &record.id), record))
                    .cloned()
                    .collect()
            }),
            false => Vec::new(),
        };
        self.drafts.set(drafts);
        self.records.set(records);
        self.loaded.set(true);
        news.iter().for_each(changed);
        Ok(())
    }

    /// Reads one submission again, as [`Shelf::refresh`] does all.
    ///
    /// # Errors
    /// The browser keeps nothing.
    pub async fn follow(&self, id: String, changed: &dyn Fn(&Record)) -> Result<(), StorageError> {
        {
            let mut behind = self.behind();
            // The first list is still to come, and will be newer.
            if !self.loaded.get_untracked() && behind.lists == 0 {
                return Ok(());
            }
            if !behind.ids.contains(&id) {
                behind.ids.push(id);
            }
        }
        self.catch_up(changed).await
    }

    /// Reads what was noted, unless somebody does or a list is on its way; whoever that is does it then.
    async fn catch_up(&self, changed: &dyn Fn(&Record)) -> Result<(), StorageError> {
        if self.behind().reading {
            return Ok(());
        }
        self.behind().reading = true;
        let caught_up = self.read_noted(changed).await;
        self.behind().reading = false;
        caught_up
    }

    async fn read_noted(&self, changed: &dyn Fn(&Record)) -> Result<(), StorageError> {
        loop {
            let (id, begun) = {
                let mut behind = self.behind();
                if behind.lists > 0 {
                    return Ok(());
                }
                let Some(id) = behind.ids.pop() else { return Ok(()) };
                (id, behind.begun)
            };
            let found = async { outbox().await?.listed(&id).await }.await;
            // One that could not be read is read with the next change. And where a list has been begun
            // meanwhile, nobody knows which of the two is newer.
            let is_older = self.behind().begun != begun;
            if found.is_err() || is_older {
                self.behind().ids.push(id.clone());
            }
            let found = found?;
            if is_older {
                continue;
            }
            // One that is gone was told of by itself.
            let Some(record) = found else { continue };
            let news = self.records.with_untracked(|before| is_news(find(before, &id), &record));
            self.records.update(|records| match place(records, &id) {
                Ok(at) => records[at] = record.clone(),
                Err(at) => records.insert(at, record.clone()),
            });
            if news {
                changed(&record);
            }
        }
    }

    fn behind(&self) -> MutexGuard<'_, Behind> {
        self.behind.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The submission with this id, followed as it changes.
    pub fn record(&self, id: &str) -> Option<Record> {
        self.records.with(|records| find(records, id).cloned())
    }
}

/// They are in the order of their ids.
fn place(records: &[Record], id: &str) -> Result<usize, usize> {
    records.binary_search_by(|record| record.id.as_str().cmp(id))
}

fn find<'a>(records: &'a [Record], id: &str) -> Option<&'a Record> {
    place(records, id).ok().map(|at| &records[at])
}

/// Back in the queue after a try that came to nothing is no news.
fn is_news(before: Option<&Record>, record: &Record) -> bool {
    before.is_none_or(|before| before.state != record.state && record.state != State::Queued)
}

/// The name of the event that a page around the form hears when a submission comes into this state.
pub fn event_name(state: State) -> Option<&'static str> {
    match state {
        State::Queued => Some("eform-queued"),
        State::Received => Some("eform-received"),
        State::Attention => Some("eform-attention"),
        State::Sending | State::Replaced => None,
    }
}
