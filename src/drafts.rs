//! Keeping what is typed: the draft of one form, written within a second of the last change, and
//! the step from draft to submission.

use std::cell::RefCell;
use std::sync::Arc;

use eform::{Finding, Severity};
use eform_outbox::{Change, Draft, Saved, StorageError, platform};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use serde_json::{Map, Value};

use crate::fields::further::kept;
use crate::filling::Filling;
use crate::outbox::{outbox, stash_draft};
use crate::screen::Screen;
use crate::words::later_words;
use crate::{browser, later};

/// How long after a change the draft is written, in milliseconds.
const PAUSE: u32 = 300;

/// How long after a failure it is tried again, in milliseconds.
const AGAIN: u32 = 3_000;

/// How long writing may take before what is said of an earlier one is not true any more, in
/// milliseconds. A full disk has been seen to answer after twenty seconds.
const SLOW: u32 = 2_000;

/// What there is to say about the draft.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Note {
    /// Nothing has been entered.
    Nothing,
    /// All that was entered is on this phone since then (milliseconds since 1970).
    Saved(i64),
    /// It could not be written.
    Failed,
    /// It could not be written: the phone is full.
    Full,
    /// This browser keeps nothing.
    NoStorage,
}

/// The draft of a form.
pub struct Drafts {
    /// What there is to say about it.
    pub note: ArcRwSignal<Note>,
    pub(crate) state: SendWrapper<RefCell<DraftState>>,
}

/// The draft, and what is being done with it.
pub(crate) struct DraftState {
    pub draft: Draft,
    /// Whether it has been written, or is about to be.
    pub begun: bool,
    /// The submission that it became.
    pub submitted: Option<String>,
    pub timer: Option<Timeout>,
    pub writing: bool,
    /// Changed again while it was being written.
    pub again: bool,
    /// Whether the page has been left. The browser may keep it for «back», and must not write then:
    /// see [`left`].
    pub left: bool,
    /// How often it has been left: what was being written then is none of ours any more.
    pub times_left: u32,
    /// Whether it is one that was kept, and not begun here.
    pub kept: bool,
    /// The id of one that the citizen has deleted, which what was being written must not bring back.
    pub deleted: Option<String>,
    /// The answers that were submitted from here, with the id: they may be gone from the outbox as
    /// soon as the agency has them.
    pub sent: Option<(String, Map<String, Value>)>,
}

impl From<StorageError> for Note {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Refused => Self::NoStorage,
            StorageError::Quota => Self::Full,
            _ => Self::Failed,
        }
    }
}

impl Drafts {
    /// A draft that nobody has written to.
    pub fn new(draft: Draft) -> Self {
        let state = DraftState {
            draft,
            begun: false,
            submitted: None,
            timer: None,
            writing: false,
            again: false,
            left: false,
            times_left: 0,
            kept: false,
            deleted: None,
            sent: None,
        };
        Self { note: ArcRwSignal::new(Note::Nothing), state: SendWrapper::new(RefCell::new(state)) }
    }

    /// Whether anything has been entered.
    pub fn is_begun(&self) -> bool {
        self.state.borrow().begun
    }

    /// Whether it is one that was kept, and not begun here.
    pub fn is_kept(&self) -> bool {
        self.state.borrow().kept
    }

    /// Whether it was begun with another definition than that of this digest.
    pub fn is_of_another(&self, digest: &str) -> bool {
        let state = self.state.borrow();
        state.kept && state.draft.definition != digest
    }

    /// The submission that the draft became.
    pub fn submitted(&self) -> Option<String> {
        self.state.borrow().submitted.clone()
    }

    /// The name under which the draft is kept.
    pub fn key(&self) -> String {
        self.state.borrow().draft.key.clone()
    }

    /// Whether something has been entered that is not kept yet.
    pub fn is_unsaved(&self) -> bool {
        let state = self.state.borrow();
        let waiting = state.timer.is_some() || state.writing || state.again;
        waiting && state.begun && state.submitted.is_none()
    }

    /// The id of the page where it was left; empty where it is new.
    pub fn page(&self) -> String {
        self.state.borrow().draft.page.clone()
    }

    /// Gives it a key of its own, beside all others of the form.
    pub fn set_apart(&self, at_counter: bool) {
        let draft = &mut self.state.borrow_mut().draft;
        draft.key = key_apart(draft, at_counter);
    }

    /// Notes that this tab shows the submission that a draft of it has become.
    pub fn set_submitted(&self, id: &str) {
        self.state.borrow_mut().submitted = Some(id.to_owned());
    }

    /// The answers that were submitted from here under this id.
    pub fn sent(&self, id: &str) -> Option<Map<String, Value>> {
        let state = self.state.borrow();
        state.sent.as_ref().filter(|(sent, _)| sent == id).map(|(_, answers)| answers.clone())
    }

    /// Notes the page that is shown. False where it was shown before.
    pub fn turn_to(&self, page: &str) -> bool {
        let mut state = self.state.borrow_mut();
        let is_new = state.draft.page != page;
        if is_new {
            state.draft.page = page.to_owned();
        }
        is_new
    }

    /// Keeps it under another key from now on.
    pub fn rename(&self, key: &str) {
        self.state.borrow_mut().draft.key = key.to_owned();
    }

    /// Whether a page has been passed with nothing wrong on it.
    pub fn has_passed(&self, page: &str) -> bool {
        self.state.borrow().draft.passed.iter().any(|passed| passed == page)
    }

    /// Notes that a page has been passed.
    pub fn pass(&self, page: &str) {
        if !self.has_passed(page) {
            self.state.borrow_mut().draft.passed.push(page.to_owned());
        }
    }

    fn is_deleted(&self, id: &str) -> bool {
        self.state.borrow().deleted.as_deref() == Some(id)
    }

    fn times_left(&self) -> u32 {
        self.state.borrow().times_left
    }

    /// Whether it is the one with this id, and has not been left since it had been left so often.
    fn is_still(&self, id: &str, times_left: u32) -> bool {
        self.id() == id && self.times_left() == times_left
    }

    /// The id that its submission will have.
    pub fn id(&self) -> String {
        self.state.borrow().draft.id.clone()
    }
}

fn key_apart(draft: &Draft, at_counter: bool) -> String {
    let key = if at_counter { Draft::key_at_counter } else { Draft::key_beside };
    key(&draft.form, &draft.id)
}

/// What there is to say about a draft, in words.
pub fn in_words(note: Note, language: &str) -> String {
    let words = later_words(language);
    match note {
        Note::Nothing => String::new(),
        Note::Saved(at) => {
            words.draft_saved.replace("{time}", &browser::time_of_day(at as f64, language))
        }
        Note::Failed => words.first.draft_failed.to_owned(),
        Note::Full => [words.first.draft_failed, " ", words.full].concat(),
        Note::NoStorage => words.no_storage.to_owned(),
    }
}

/// A draft of a form that nobody has written to.
pub fn fresh(form: &eform::Form, language: &str) -> Draft {
    let id = &form.definition().id;
    let (digest, language) = (form.digest().to_owned(), language.to_owned());
    Draft::new(id.clone(), platform::new_id(), id.clone(), digest, language, platform::now())
}

/// What the agency found, as the engine would have.
pub fn finding(error: &eform::ProblemError) -> Finding {
    Finding {
        path: error.pointer.clone(),
        code: error.code.clone().into(),
        params: error.params.clone(),
        severity: Severity::Error,
    }
}

/// Something that is kept was changed, by this tab or another.
pub fn changed_elsewhere(filling: Arc<Filling>, change: Change) {
    let of_drafts = match change {
        // What this tab has on the screen was submitted, and it has not heard of that yet.
        Change::Submission(id)
            if id == filling.drafts.id() && filling.drafts.submitted().is_none() =>
        {
            false
        }
        // It was submitted before, so no draft is concerned.
        Change::Submission(id) => {
            return spawn_local(async move { filling.follow_submission(id).await });
        }
        // Looked at once it can be seen. A page that is being left must not begin a transaction: if
        // the browser keeps the page, that holds up those of the next one (WebKit).
        Change::Draft(_) if !browser::is_visible() => return,
        Change::Draft(key) if key == filling.drafts.key() => true,
        // Another one: it may be in the list on the screen.
        Change::Draft(_) if filling.screen.get_untracked() != Screen::Mine => return,
        Change::Draft(_) | Change::Outbox => false,
    };
    spawn_local(async move {
        if !of_drafts {
            filling.refresh_shelf().await;
        }
        // Another tab may have written this draft, or submitted it. If it cannot be read now, the
        // next saving tells.
        _ = filling.draft_changed().await;
    });
}

/// The page was left, or shown again as it was left. What is not kept by then is kept at once, in
/// a way that does not need the page any more; where there is none, it is written as ever.
pub fn left(filling: &Arc<Filling>, left: bool) {
    let drafts = &filling.drafts;
    if left {
        filling.put_away();
    }
    drafts.state.borrow_mut().left = left;
    if !left {
        filling.save_now();
        // The next page may have gone on with it.
        let filling = Arc::clone(filling);
        spawn_local(async move { _ = filling.draft_changed().await });
    }
}

impl Filling {
    /// Writes the draft soon after a change.
    pub fn save_soon(self: &Arc<Self>) {
        let this = Arc::clone(self);
        let mut state = self.drafts.state.borrow_mut();
        if state.submitted.is_some() {
            return;
        }
        state.begun = true;
        // From the first change that is not kept: who types without a pause is saved all the same.
        state.timer.get_or_insert_with(|| Timeout::new(PAUSE, move || this.save_now()));
    }

    /// Writes the draft now, as when the page goes out of sight.
    pub fn save_now(self: &Arc<Self>) {
        let mut state = self.drafts.state.borrow_mut();
        if state.left {
            return;
        }
        let waiting = state.timer.take().is_some() || state.again;
        if !waiting || state.submitted.is_some() {
            return;
        }
        state.again = state.writing;
        if state.writing {
            return;
        }
        state.writing = true;
        drop(state);
        let this = Arc::clone(self);
        let times_left = self.drafts.times_left();
        // As it is now: before it is written, another draft may be on the screen.
        let draft = self.draft_as_entered();
        spawn_local(async move {
            let written = match later::get().await {
                Some(later) => (later.write_draft)(Arc::clone(&this), draft).await,
                None => Err(StorageError::Other("not loaded".to_owned())),
            };
            {
                let mut state = this.drafts.state.borrow_mut();
                if state.times_left != times_left {
                    return;
                }
                state.writing = false;
                if written.is_err() && state.timer.is_none() {
                    let this = Arc::clone(&this);
                    state.timer = Some(Timeout::new(AGAIN, move || this.save_now()));
                }
            }
            let is_written = written.is_ok();
            // What is to be written again may be another's draft with what was entered here.
            if !(is_written && this.drafts.state.borrow().again) {
                this.drafts.note.set(match written {
                    Ok(()) => Note::Saved(platform::now()),
                    Err(error) => error.into(),
                });
            }
            if is_written {
                this.save_now();
            }
        });
    }

    /// Keeps what is not kept yet before this returns, in a way that needs neither the page nor this
    /// draft to stay; where there is none, it is written as ever.
    pub(crate) fn put_away(self: &Arc<Self>) {
        if !self.drafts.is_unsaved() {
            return;
        }
        if stash_draft(&self.draft_as_entered()) {
            let mut state = self.drafts.state.borrow_mut();
            (state.timer, state.again, state.writing) = (None, false, false);
            state.times_left += 1;
        } else {
            // What is being written has not what was entered since. The newer one stays, whoever is first.
            {
                let mut state = self.drafts.state.borrow_mut();
                (state.again, state.writing) = (true, false);
            }
            self.save_now();
        }
    }

    /// The draft as it is on the screen, newer than any before.
    pub fn draft_as_entered(&self) -> Draft {
        let mut draft = self.drafts.state.borrow().draft.clone();
        draft.entries = self.all_entries();
        draft.language = self.language.get_untracked();
        if let Some(page) = self.screen.get_untracked().page() {
            draft.page = self.form().page(page).id.clone();
        }
        // Also where the clock was set back: what is typed later counts as later.
        let mut state = self.drafts.state.borrow_mut();
        state.draft.updated_at = platform::now().max(state.draft.updated_at + 1);
        draft.updated_at = state.draft.updated_at;
        draft
    }

    /// Writes a draft of this form; where it is still the one on the screen, what became of it shows there.
    ///
    /// # Errors
    /// When it was not written.
    pub async fn write_draft(self: &Arc<Self>, draft: Draft) -> Result<(), StorageError> {
        let times_left = self.drafts.times_left();
        let (this, id) = (Arc::clone(self), draft.id.clone());
        // Until this returns.
        let _slow = Timeout::new(SLOW, move || {
            if this.drafts.is_still(&id, times_left) {
                this.drafts.note.set(Note::Failed);
            }
        });
        let written = outbox().await?.save_draft(&draft).await?;
        // Under its key there may be another by now.
        if self.drafts.is_deleted(&draft.id) && matches!(written, Saved::Saved) {
            return outbox().await?.delete_draft(&draft.key, &draft.id).await;
        }
        if !self.drafts.is_still(&draft.id, times_left) {
            return Ok(());
        }
        match written {
            Saved::Saved => self.drafts.state.borrow_mut().draft.page = draft.page,
            Saved::AlreadySubmitted(record) => self.now_submitted(&record.id),
            Saved::Superseded(other) if !other.is_readable() => self.keep_beside(&draft).await?,
            Saved::Superseded(other) => {
                self.take_entries(&other.entries, true);
                self.drafts.state.borrow_mut().draft = other;
                self.drafts.state.borrow_mut().again = true;
            }
        }
        Ok(())
    }

    /// What stands under the draft's key cannot be read, and stays. This one gets a key of its own, with
    /// its files; not while one is read, which would not find it.
    async fn keep_beside(&self, draft: &Draft) -> Result<(), StorageError> {
        let (times_left, outbox) = (self.drafts.times_left(), outbox().await?);
        let key = key_apart(draft, self.others.shared.is_some());
        if key == draft.key || kept::is_reading(self) {
            return Err(StorageError::Other("draft".to_owned()));
        }
        let mut given: Vec<String> = Vec::new();
        while let Some(sha256) =
            kept::named(self).into_iter().find(|sha256| !given.contains(sha256))
        {
            if let Some(bytes) = outbox.file_bytes(&draft.key, &sha256).await? {
                outbox.keep_file(&key, &sha256, &bytes).await?;
            }
            given.push(sha256);
        }
        if !self.drafts.is_still(&draft.id, times_left) {
            return Ok(());
        }
        if !kept::is_reading(self) {
            kept::rename(&draft.key, &key);
            self.drafts.rename(&key);
        }
        self.drafts.state.borrow_mut().again = true;
        Ok(())
    }

    /// Puts a draft that was kept on the screen: at the start page, unless `go_on` or it mends a
    /// submission, or where the session history says.
    pub fn take_draft(self: &Arc<Self>, draft: Draft, go_on: bool) {
        let (entries, errors) = (draft.entries.clone(), draft.errors.clone());
        let is_mending = draft.replaces.is_some();
        let at = self.drafts.note.clone();
        at.set(Note::Saved(draft.updated_at));
        {
            let mut state = self.drafts.state.borrow_mut();
            (state.begun, state.kept) = (true, true);
            state.submitted = None;
            state.draft = draft;
        }
        self.take_entries(&entries, false);
        if go_on || !self.follow_history() {
            match self.first_screen() {
                start @ Screen::Start if !go_on && !is_mending => self.go_instead(start),
                _ => self.begin_at(self.page_left()),
            }
        }
        self.show_findings(errors.iter().map(finding).collect());
        // Said once: what is kept from now on has been looked at.
        self.drafts.state.borrow_mut().draft.errors.clear();
    }

    /// Whether what is kept lacks what was entered here.
    fn is_behind(&self, kept: &Draft) -> bool {
        let is_older = kept.updated_at < self.drafts.state.borrow().draft.updated_at;
        is_older || self.drafts.is_unsaved()
    }

    /// Another tab wrote or ended the draft.
    pub async fn draft_changed(self: Arc<Self>) -> Result<(), StorageError> {
        if self.drafts.submitted().is_some() {
            return Ok(());
        }
        let (key, id) = (self.drafts.key(), self.drafts.id());
        let outbox = outbox().await?;
        let kept = outbox.load_draft(&key).await?;
        let records = if kept.is_none() { outbox.list().await? } else { Vec::new() };
        // Meanwhile another draft may have come on the screen.
        if self.drafts.id() != id || self.drafts.submitted().is_some() {
            return Ok(());
        }
        match kept {
            // What is not kept yet here goes first, and what was kept while this was read; otherwise the
            // tab follows the other.
            Some(draft) if draft.id == id && !self.is_behind(&draft) => {
                self.take_entries(&draft.entries, false);
                let mut state = self.drafts.state.borrow_mut();
                (state.draft, state.begun) = (draft, true);
            }
            Some(_) => {}
            None if records.iter().any(|record| record.id == id) => self.now_submitted(&id),
            None => {}
        }
        Ok(())
    }
}
