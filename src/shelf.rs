//! What this phone keeps: drafts and submissions, as signals that follow the outbox.

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
}

impl Shelf {
    /// Reads everything again, and tells of each submission whose state became another.
    ///
    /// # Errors
    /// The browser keeps nothing.
    pub async fn refresh(&self, changed: impl Fn(&Record)) -> Result<(), StorageError> {
        let outbox = outbox().await?;
        let (records, drafts) = (outbox.list().await?, outbox.list_drafts().await?);
        let before = self.records.get_untracked();
        let first = !self.loaded.get_untracked();
        self.drafts.set(drafts);
        self.records.set(records.clone());
        self.loaded.set(true);
        for record in records {
            let old = before.iter().find(|old| old.id == record.id);
            // Back in the queue after a try that came to nothing is no news.
            let news =
                old.is_none_or(|old| old.state != record.state && record.state != State::Queued);
            if !first && news {
                changed(&record);
            }
        }
        Ok(())
    }

    /// The submission with this id, followed as it changes.
    pub fn record(&self, id: &str) -> Option<Record> {
        self.records.with(|records| records.iter().find(|record| record.id == id).cloned())
    }
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
