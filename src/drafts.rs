//! Keeping what is typed: the draft of one form, written within a second of the last change, and
//! the step from draft to submission.

use std::cell::RefCell;
use std::sync::Arc;

use eform::{Enclosed, Finding, Severity, Submission};
use eform_outbox::{Change, Draft, Record, Saved, StorageError, platform};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use serde_json::Map;

use crate::filling::Filling;
use crate::outbox::{outbox, stash_draft};
use crate::screen::Screen;
use crate::words::later_words;
use crate::{browser, later};

/// How long after a change the draft is written, in milliseconds.
const PAUSE: u32 = 300;

/// How long after a failure it is tried again, in milliseconds.
const AGAIN: u32 = 3_000;

/// What there is to say about the draft.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Note {
    /// Nothing has been entered.
    Nothing,
    /// All that was entered is on this phone since then (milliseconds since 1970).
    Saved(i64),
    /// It could not be written.
    Failed,
    /// This browser keeps nothing.
    NoStorage,
}

/// The draft of a form.
pub struct Drafts {
    /// What there is to say about it.
    pub note: ArcRwSignal<Note>,
    state: SendWrapper<RefCell<DraftState>>,
}

struct DraftState {
    draft: Draft,
    /// Whether it has been written, or is about to be.
    begun: bool,
    /// The submission that it became.
    submitted: Option<String>,
    timer: Option<Timeout>,
    writing: bool,
    /// Changed again while it was being written.
    again: bool,
    /// Whether the page has been left. The browser may keep it for «back», and must not write then:
    /// see [`left`].
    left: bool,
    /// How often it has been left: what was being written then is none of ours any more.
    times_left: u32,
    /// Whether it is one that was kept, and not begun here.
    kept: bool,
    /// The key of one that the citizen has deleted, which what was being written must not bring back.
    deleted: Option<String>,
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

    /// The submission that the draft became.
    pub fn submitted(&self) -> Option<String> {
        self.state.borrow().submitted.clone()
    }

    /// The name under which the draft is kept.
    pub fn key(&self) -> String {
        self.state.borrow().draft.key.clone()
    }

    /// Whether something has been entered that is not kept yet.
    fn is_unsaved(&self) -> bool {
        let state = self.state.borrow();
        let waiting = state.timer.is_some() || state.writing || state.again;
        waiting && state.begun && state.submitted.is_none()
    }

    /// The id of the page where it was left; empty where it is new.
    pub fn page(&self) -> String {
        self.state.borrow().draft.page.clone()
    }

    /// Gives it a key of its own, beside all others of the form.
    pub fn set_apart(&self) {
        let mut state = self.state.borrow_mut();
        state.draft.key = Draft::mending_key(&state.draft.form, &state.draft.id);
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

    fn is_deleted(&self, key: &str) -> bool {
        self.state.borrow().deleted.as_deref() == Some(key)
    }

    fn times_left(&self) -> u32 {
        self.state.borrow().times_left
    }

    fn id(&self) -> String {
        self.state.borrow().draft.id.clone()
    }
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
        // Looked at once it can be seen. A page that is being left must not begin a transaction: if
        // the browser keeps the page, that holds up those of the next one (WebKit).
        Change::Draft(_) if !browser::is_visible() => return,
        Change::Draft(key) if key == filling.drafts.key() => true,
        Change::Draft(_) => return,
        Change::Outbox => false,
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
    if left && drafts.is_unsaved() {
        if stash_draft(&filling.draft_as_entered()) {
            let mut state = drafts.state.borrow_mut();
            (state.timer, state.again, state.writing) = (None, false, false);
            state.times_left += 1;
        } else {
            filling.save_now();
        }
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
            let failed = written.is_err();
            this.drafts.note.set(match written {
                Ok(()) => Note::Saved(platform::now()),
                Err(StorageError::Refused) => Note::NoStorage,
                Err(_) => Note::Failed,
            });
            if !failed {
                this.save_now();
            }
        });
    }

    fn draft_as_entered(&self) -> Draft {
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

    pub async fn write_draft(self: &Arc<Self>, draft: Draft) -> Result<(), StorageError> {
        let times_left = self.drafts.times_left();
        let written = outbox().await?.save_draft(&draft).await?;
        if self.drafts.is_deleted(&draft.key) {
            return outbox().await?.delete_draft(&draft.key).await;
        }
        if self.drafts.id() != draft.id || self.drafts.times_left() != times_left {
            return Ok(());
        }
        match written {
            Saved::Saved => self.drafts.state.borrow_mut().draft.page = draft.page,
            Saved::AlreadySubmitted(record) => self.now_submitted(&record.id),
            Saved::Superseded(other) => {
                self.take_entries(&other.entries, true);
                self.drafts.state.borrow_mut().draft = other;
                self.drafts.state.borrow_mut().again = true;
            }
        }
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

    /// Another tab wrote or ended the draft.
    pub async fn draft_changed(self: Arc<Self>) -> Result<(), StorageError> {
        if self.drafts.submitted().is_some() {
            return Ok(());
        }
        let (key, id) = (self.drafts.key(), self.drafts.id());
        let outbox = outbox().await?;
        match outbox.load_draft(&key).await? {
            // What is not kept yet here goes first; otherwise the tab follows the other.
            Some(draft) if draft.id == id && !self.drafts.is_unsaved() => {
                self.take_entries(&draft.entries, false);
                let mut state = self.drafts.state.borrow_mut();
                (state.draft, state.begun) = (draft, true);
            }
            Some(_) => {}
            None if outbox.list().await?.iter().any(|record| record.id == id) => {
                self.now_submitted(&id)
            }
            None => {}
        }
        Ok(())
    }

    /// «Submit»: everything is checked, written to the phone and read back; then it is on its way.
    pub fn submit(self: &Arc<Self>) {
        if self.submitting.get_untracked() || self.drafts.submitted().is_some() || !self.check_all()
        {
            return;
        }
        self.submitting.set(true);
        self.submit_failed.set(false);
        let this = Arc::clone(self);
        spawn_local(async move {
            let written = this.write_submission().await;
            this.submitting.set(false);
            match written {
                Ok(id) => this.now_submitted(&id),
                Err(lacking) if !lacking.is_empty() => this.show_findings(lacking),
                Err(_) => {
                    this.submit_failed.set(true);
                    this.focus_later("[data-part=failed]");
                }
            }
        });
    }

    /// Writes the submission to the phone and gives its id. On failure: which files are not there,
    /// or nothing where it could not be written.
    async fn write_submission(self: &Arc<Self>) -> Result<String, Vec<Finding>> {
        let attachments = self.enclosed().await?;
        self.write_with(attachments).await.ok_or_else(Vec::new)
    }

    /// The files that the answers name, from beside the draft.
    async fn enclosed(&self) -> Result<Vec<Enclosed>, Vec<Finding>> {
        let missing =
            |file: &eform::Attached| (file.sha256().to_owned(), file.error("attachment-missing"));
        let named: Vec<(String, Finding)> = self.session().attached().iter().map(missing).collect();
        let (mut files, mut lacking): (Vec<Enclosed>, _) = (Vec::new(), Vec::new());
        for (digest, missing) in named {
            if files.iter().any(|file| file.sha256 == digest) {
                continue;
            }
            let outbox = outbox().await.map_err(|_| Vec::new())?;
            let bytes = outbox.file(&self.drafts.key(), &digest).await.map_err(|_| Vec::new())?;
            match bytes.map(|bytes| Enclosed::new(&bytes)) {
                Some(file) if file.sha256 == digest => files.push(file),
                _ => lacking.push(missing),
            }
        }
        if lacking.is_empty() { Ok(files) } else { Err(lacking) }
    }

    async fn write_with(&self, attachments: Vec<Enclosed>) -> Option<String> {
        let definition = self.form().definition();
        let (id, key, replaces) = {
            let state = self.drafts.state.borrow();
            (state.draft.id.clone(), state.draft.key.clone(), state.draft.replaces.clone())
        };
        let submission = Submission {
            id,
            form: definition.id.clone(),
            version: definition.version.clone(),
            definition: self.form().digest().to_owned(),
            language: self.language.get_untracked(),
            completed_at: platform::now_rfc3339_local(),
            replaces,
            answers: self.session().answers().clone(),
            attachments,
        };
        let base = web_sys::window()?.location().href().ok()?;
        let url = web_sys::Url::new_with_base(&definition.submit.url, &base).ok()?.href();
        let title = definition.title.to_value();
        let mut record = Record::new(&submission, title, url, platform::now());
        record.forget = self.others.are_there();
        outbox().await.ok()?.submit(&record, &key).await.ok()?;
        Some(record.id)
    }

    /// The draft has become a submission: here, or in another tab.
    pub fn now_submitted(self: &Arc<Self>, id: &str) {
        {
            let mut state = self.drafts.state.borrow_mut();
            state.submitted = Some(id.to_owned());
            state.timer = None;
        }
        let screen = Screen::Done(id.to_owned());
        let this = Arc::clone(self);
        spawn_local(async move {
            this.refresh_shelf().await;
            this.go_instead(screen);
            this.focus_later("h1");
        });
    }

    /// A new, empty form.
    pub fn start_anew(self: &Arc<Self>) {
        self.save_now();
        {
            let mut state = self.drafts.state.borrow_mut();
            state.draft = fresh(self.form(), &self.language.get_untracked());
            (state.begun, state.kept) = (false, false);
            state.submitted = None;
        }
        // Another draft of this form may be kept under the form's id.
        self.drafts.set_apart();
        self.drafts.note.set(Note::Nothing);
        self.take_entries(&Map::new(), false);
        if let Some(later) = later::here() {
            (later.prefill)(self);
        }
        let first = untrack(|| self.shown_pages()).first().copied().unwrap_or(0);
        self.go(Screen::Page(first));
    }

    /// Turns to another draft of the form; what is entered in this one is kept.
    pub fn switch_to(self: &Arc<Self>, draft: Draft) {
        self.save_now();
        if draft.key == self.drafts.key() && self.drafts.submitted().is_none() {
            self.begin_at(self.page_left());
        } else {
            self.drafts.state.borrow_mut().submitted = None;
            self.take_draft(draft, true);
        }
        self.focus_later("h1");
    }

    /// Deletes a draft: the citizen's own act. The one that is filled in here gives way to an empty
    /// form.
    pub fn delete_draft(self: &Arc<Self>, key: String) {
        let this = Arc::clone(self);
        if key == self.drafts.key() {
            let mut state = self.drafts.state.borrow_mut();
            state.deleted = Some(key.clone());
            state.draft = fresh(self.form(), &self.language.get_untracked());
            (state.begun, state.kept) = (false, false);
            (state.timer, state.again) = (None, false);
            // What is being written of the other comes to nothing here.
            (state.writing, state.times_left) = (false, state.times_left + 1);
            drop(state);
            self.drafts.set_apart();
            self.drafts.note.set(Note::Nothing);
            self.take_entries(&Map::new(), false);
        }
        spawn_local(async move {
            if let Ok(outbox) = outbox().await {
                // What is not deleted is still in the list.
                _ = outbox.delete_draft(&key).await;
                this.refresh_shelf().await;
            }
        });
    }

    /// How many drafts and submissions of this form the phone keeps, the draft that is filled in
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
        drafts
            + self
                .shelf
                .records
                .with(|records| records.iter().filter(|record| record.form == *form).count())
    }

    /// Opens a refused submission again, with what the agency found.
    pub fn mend(self: &Arc<Self>, id: String) {
        let this = Arc::clone(self);
        spawn_local(async move {
            let Ok(outbox) = outbox().await else { return };
            if let Ok(Some(draft)) = outbox.mend(&id).await {
                this.save_now();
                this.drafts.state.borrow_mut().submitted = None;
                this.take_draft(draft, true);
            }
        });
    }

    /// Reads again what this phone keeps, and tells the page around the form of what is new.
    pub async fn refresh_shelf(self: &Arc<Self>) {
        let form = self.form().definition().id.clone();
        let tell = |record: &Record| {
            if record.form == form {
                crate::element::tell(&self.host, record);
            }
        };
        if self.shelf.refresh(tell).await == Err(StorageError::Refused) {
            self.drafts.note.set(Note::NoStorage);
        }
    }
}
