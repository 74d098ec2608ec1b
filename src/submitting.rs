//! The step from draft to submission: everything is checked, then written to the phone as it was
//! checked, whatever happens on the screen meanwhile.

use std::sync::Arc;

use eform::{Enclosed, Finding, SealTo, Submission, Submit, Uploaded, hex, sha256};
use eform_outbox::{Record, StorageError, platform};
use eform_seal::{FileSealer, seal_answers};
use js_sys::Uint8Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value};

use crate::drafts::Note;
use crate::filling::Filling;
use crate::outbox::outbox;
use crate::screen::Screen;

/// What was checked and is being written.
struct Checked {
    id: String,
    /// The draft's.
    key: String,
    replaces: Option<String>,
    answers: Map<String, Value>,
    /// The files that the answers name, each with what is found where it is missing.
    files: Vec<(Uploaded, Finding)>,
}

/// The files of a submission: inside it, or before it.
#[derive(Default)]
struct Files {
    inside: Vec<Enclosed>,
    before: Vec<Uploaded>,
    /// The digest of each file, and that of the sealed one that goes in its stead.
    sealed: Vec<(String, String)>,
    /// Sealed files that are beside the draft for this submission.
    kept: Vec<String>,
}

/// Why a submission was not written to the phone.
enum Unwritten {
    /// These files are not there.
    Lacking(Vec<Finding>),
    /// It could not be.
    Failed(Note),
}

/// How often it is tried while the draft is saved again and again, as on a disk that hangs.
const TRIES: u32 = 3;

const FAILED: Unwritten = Unwritten::Failed(Note::Failed);

impl From<StorageError> for Unwritten {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.into())
    }
}

impl Filling {
    /// «Submit»: everything is checked, written to the phone and read back; then it is on its way.
    pub fn submit(self: &Arc<Self>) {
        if self.submitting.get_untracked() || self.drafts.submitted().is_some() {
            return;
        }
        // A part of the language does not know where it goes, nor every answer.
        if self.form().is_part() {
            return self.whole(|_, this| {
                // Where the definition cannot be read, that is on the screen.
                if !this.form().is_part() {
                    this.submit();
                }
            });
        }
        if !self.check_all() {
            return;
        }
        self.submitting.set(true);
        self.submit_failed.set(Note::Nothing);
        let (this, checked) = (Arc::clone(self), self.checked());
        spawn_local(async move {
            let written = this.write_submission(&checked).await;
            this.submitting.set(false);
            match written {
                Ok(is_new) => {
                    // What is sealed is to be read by the agency alone from here on. And where another
                    // tab was faster, those are the answers that are sent.
                    if is_new && this.form().definition().submit.seal_to.is_none() {
                        let sent = (checked.id.clone(), checked.answers);
                        this.drafts.state.borrow_mut().sent = Some(sent);
                    }
                    this.now_submitted(&checked.id);
                }
                Err(Unwritten::Lacking(files)) => this.show_findings(files),
                Err(Unwritten::Failed(note)) => {
                    this.submit_failed.set(note);
                    this.focus_later("[data-part=failed]");
                }
            }
        });
    }

    fn checked(&self) -> Checked {
        let missing = |file: &eform::Attached| {
            let named = Uploaded { sha256: file.sha256().to_owned(), size: file.size() };
            (named, file.error("attachment-missing"))
        };
        let state = self.drafts.state.borrow();
        Checked {
            id: state.draft.id.clone(),
            key: state.draft.key.clone(),
            replaces: state.draft.replaces.clone(),
            answers: self.session().answers().clone(),
            files: self.session().attached().iter().map(missing).collect(),
        }
    }

    /// Writes the submission to the phone. Whether it was written now, or another tab had written one.
    async fn write_submission(&self, checked: &Checked) -> Result<bool, Unwritten> {
        let mut files = Files::default();
        let gathered = files.gather(checked, &self.form().definition().submit).await;
        let kept = files.kept.clone();
        let written = match gathered {
            Ok(()) => self.write_with(checked, files).await,
            Err(unwritten) => Err(unwritten),
        };
        if written.is_err() {
            // Sealed once more, they are other files.
            for sha256 in kept {
                if let Ok(outbox) = outbox().await {
                    _ = outbox.forget_file(&checked.key, &sha256).await;
                }
            }
        }
        written
    }

    async fn write_with(&self, checked: &Checked, files: Files) -> Result<bool, Unwritten> {
        let definition = self.form().definition();
        let mut submission = Submission {
            id: checked.id.clone(),
            form: definition.id.clone(),
            version: definition.version.clone(),
            definition: self.form().digest().to_owned(),
            language: self.language.get_untracked(),
            completed_at: platform::now_rfc3339_local(),
            replaces: checked.replaces.clone(),
            answers: Some(checked.answers.clone()),
            sealed: None,
            attachments: files.inside,
            uploads: files.before,
        };
        let submit = &definition.submit;
        if let Some(to) = &submit.seal_to {
            let sealed = seal_answers(to, &mut submission, &files.sealed, platform::random());
            // What cannot be sealed does not leave the phone in the clear.
            sealed.map_err(|_| FAILED)?;
        }
        let title = definition.title.to_value();
        let url = absolute(&submit.url).ok_or(FAILED)?;
        let mut record = Record::new(&submission, title, url, platform::now());
        if let Some(uploads) = submit.uploads.as_ref().filter(|_| !record.uploads.is_empty()) {
            record.uploads_url = absolute(&uploads.url).ok_or(FAILED)?;
        }
        record.post = submit.is_post();
        record.forget = self.others.are_there();
        let outbox = outbox().await?;
        let updated_at = || self.drafts.state.borrow().draft.updated_at;
        let mut tries = 0;
        loop {
            tries += 1;
            // Somebody may have gone back meanwhile: what they changed is in the draft, which would go.
            if *self.session().answers() != checked.answers {
                return Err(FAILED);
            }
            // And from here on, what is kept of it.
            let as_of = updated_at();
            let written = outbox.submit(&record, &checked.key, Some(as_of)).await;
            // The draft may only have been saved once more, with the same answers.
            if written.is_ok() || updated_at() == as_of || tries == TRIES {
                return Ok(written?);
            }
        }
    }

    /// The draft has become a submission: here, or in another tab.
    pub fn now_submitted(self: &Arc<Self>, id: &str) {
        if self.drafts.id() != id {
            return;
        }
        {
            let mut state = self.drafts.state.borrow_mut();
            state.timer = None;
            // Told twice, it is shown once: the citizen may have gone on by then.
            if state.submitted.replace(id.to_owned()).as_deref() == Some(id) {
                return;
            }
        }
        let (this, id) = (Arc::clone(self), id.to_owned());
        spawn_local(async move {
            // All of it takes long where there is much.
            this.follow_submission(id.clone()).await;
            let is_read = untrack(|| this.shelf.record(&id)).is_some();
            if !is_read {
                this.refresh_shelf().await;
            }
            if this.drafts.submitted().as_ref() == Some(&id) {
                this.go_instead(Screen::Done(id));
                this.focus_later("h1");
            }
            if is_read {
                this.refresh_shelf().await;
            }
        });
    }
}

/// An address of a definition, read against that of the page.
fn absolute(url: &str) -> Option<String> {
    let base = web_sys::window()?.location().href().ok()?;
    Some(web_sys::Url::new_with_base(url, &base).ok()?.href())
}

impl Files {
    /// Gathers the files that the answers name, from beside the draft, sealed where the form asks for it.
    async fn gather(&mut self, checked: &Checked, submit: &Submit) -> Result<(), Unwritten> {
        let (mut lacking, mut seen) = (Vec::new(), Vec::new());
        for (named, missing) in &checked.files {
            if seen.contains(&&named.sha256) {
                continue;
            }
            seen.push(&named.sha256);
            let outbox = outbox().await?;
            if submit.uploads.is_some() && submit.seal_to.is_none() {
                match outbox.has_file(&checked.key, named).await? {
                    true => self.before.push(named.clone()),
                    false => lacking.push(missing.clone()),
                }
                continue;
            }
            let bytes = outbox.file(&checked.key, &named.sha256).await?;
            let Some(mut bytes) = bytes.filter(|bytes| hex(&sha256(bytes)) == named.sha256) else {
                lacking.push(missing.clone());
                continue;
            };
            if let Some(to) = &submit.seal_to {
                bytes = sealed(to, &checked.id, &named.sha256, &bytes).ok_or(FAILED)?;
                self.sealed.push((named.sha256.clone(), hex(&sha256(&bytes))));
            }
            if submit.uploads.is_none() {
                self.inside.push(Enclosed::new(&bytes));
                continue;
            }
            // Sealing it once more would give other bytes: what is sent, piece by piece, is kept.
            let uploaded = Uploaded { sha256: hex(&sha256(&bytes)), size: bytes.len() as u64 };
            let bytes = Uint8Array::from(bytes.as_slice());
            self.kept.push(uploaded.sha256.clone());
            outbox.keep_file(&checked.key, &uploaded.sha256, &bytes).await?;
            self.before.push(uploaded);
        }
        if lacking.is_empty() { Ok(()) } else { Err(Unwritten::Lacking(lacking)) }
    }
}

/// A file as only the agency can read it.
fn sealed(to: &SealTo, id: &str, sha256: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut sealer = FileSealer::new(to, id, sha256, platform::random(), &mut out).ok()?;
    sealer.write(bytes, &mut out).ok()?;
    sealer.finish(&mut out).ok()?;
    Some(out)
}
