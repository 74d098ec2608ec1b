//! Several drafts and submissions of one form on one phone: a new one beside the others, another one
//! on the screen, one that is deleted, and one that mends a refused submission.

use std::sync::Arc;

use eform_outbox::{Record, StorageError};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Map;

use crate::drafts::{Note, fresh};
use crate::filling::Filling;
use crate::outbox::outbox;
use crate::screen::Screen;
use crate::{changed, locking, prefill};

impl Filling {
    /// An empty form in place of what is on the screen, which is kept already.
    fn begin_blank(self: &Arc<Self>) {
        {
            let mut state = self.drafts.state.borrow_mut();
            state.draft = fresh(self.form(), &self.language.get_untracked());
            (state.begun, state.kept) = (false, false);
            (state.submitted, state.sent) = (None, None);
            // What is being written of the other is its own affair.
            (state.timer, state.again, state.writing) = (None, false, false);
            state.times_left += 1;
        }
        // Another draft of this form may be kept under the form's id.
        self.drafts.set_apart(self.others.shared.is_some());
        self.drafts.note.set(Note::Nothing);
        self.take_entries(&Map::new(), false);
        self.forget_found();
        prefill::fill(self);
        drop(changed::look(Arc::clone(self)));
    }

    /// A new, empty form; what is entered in this one is kept.
    pub fn begin_another(self: &Arc<Self>) {
        self.put_away();
        self.begin_blank();
    }

    /// A new, empty form on the screen.
    pub fn start_anew(self: &Arc<Self>) {
        self.begin_another();
        let first = untrack(|| self.shown_pages()).first().copied().unwrap_or(0);
        self.go(Screen::Page(first));
    }

    /// Turns to another draft of the form as it is kept now; what is entered in this one is kept.
    pub fn switch_to(self: &Arc<Self>, key: String) {
        if self.submitting.get_untracked() {
            return;
        }
        if key == self.drafts.key() && self.drafts.submitted().is_none() {
            self.begin_at(self.page_left());
            return self.focus_later("h1");
        }
        self.put_away();
        let this = Arc::clone(self);
        spawn_local(async move {
            let Ok(outbox) = outbox().await else { return };
            match outbox.load_draft(&key).await {
                Ok(Some(draft)) => {
                    this.begin_another();
                    this.take_draft(draft, true);
                    drop(changed::look(Arc::clone(&this)));
                    this.focus_later("h1");
                }
                // It has been submitted or deleted elsewhere.
                _ => this.refresh_shelf().await,
            }
        });
    }

    /// Deletes a draft: the citizen's own act. The one that is filled in here gives way to an empty
    /// form.
    pub fn delete_draft(self: &Arc<Self>, key: String, id: String) {
        if id == self.drafts.id() {
            self.drafts.state.borrow_mut().deleted = Some(id.clone());
            self.begin_blank();
        }
        let this = Arc::clone(self);
        spawn_local(async move {
            if let Ok(outbox) = outbox().await {
                // What is not deleted is still in the list.
                _ = outbox.delete_draft(&key, &id).await;
                this.refresh_shelf().await;
            }
        });
    }

    /// How many drafts of this form and submissions of any the phone keeps, the draft that is filled in
    /// here not counted; followed as they change.
    pub fn count_kept(&self) -> usize {
        // At a counter it is nobody's.
        if self.others.shared.is_some() {
            return 0;
        }
        let (form, key) = (&self.form().definition().id, self.drafts.key());
        let drafts = self.shelf.drafts.with(|drafts| {
            drafts.iter().filter(|draft| draft.form == *form && draft.key != key).count()
        });
        drafts + self.shelf.records.with(Vec::len)
    }

    /// Opens a refused submission again, with what the agency found.
    pub fn mend(self: &Arc<Self>, id: String) {
        let this = Arc::clone(self);
        spawn_local(async move {
            let Ok(outbox) = outbox().await else { return };
            this.submit_failed.set(Note::Nothing);
            match outbox.mend(&id).await {
                Ok(Some(draft)) => {
                    this.begin_another();
                    this.take_draft(draft, true);
                    drop(changed::look(Arc::clone(&this)));
                }
                // It has been sent again or deleted elsewhere, and the list says so.
                Ok(None) => {}
                Err(error) => this.submit_failed.set(error.into()),
            }
        });
    }

    /// Reads again what this phone keeps, and tells the page around the form of what is new.
    pub async fn refresh_shelf(self: &Arc<Self>) {
        let refreshed = self.shelf.refresh(&|record| self.tell_of(record)).await;
        if refreshed == Err(StorageError::Refused) {
            self.drafts.note.set(Note::NoStorage);
        }
        locking::look(self, &refreshed);
        self.forget_received();
    }

    /// Reads one submission again, as [`Filling::refresh_shelf`] does all.
    pub async fn follow_submission(self: &Arc<Self>, id: String) {
        // What cannot be read now is read with the next change.
        _ = self.shelf.follow(id, &|record| self.tell_of(record)).await;
        self.forget_received();
    }

    fn tell_of(&self, record: &Record) {
        if record.form == self.form().definition().id {
            crate::element::tell(&self.host, record);
        }
    }
}
