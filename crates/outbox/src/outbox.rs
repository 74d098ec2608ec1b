//! The outbox as the page and the worker use it: what the citizen does, each act saved before it
//! is told, and told to everybody who shows it. Delivery is in [`crate::deliver`], what starts it
//! in [`crate::triggers`].

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};

use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    Change, Draft, Enqueued, KeptDefinition, Record, Saved, StorageError, Store, Subscription,
    channel::Channel,
    js, machine, platform, stash,
    store::{Later, spoiled},
    triggers::ask_for_sync,
};

/// Drafts, submissions and their delivery, for one page or worker.
pub struct Outbox {
    pub(crate) store: Store,
    pub(crate) channel: Rc<Channel>,
    /// The name in this page's leases.
    pub(crate) holder: String,
    pub(crate) running: Cell<bool>,
    /// Whether it sends without the lock that somebody else has.
    pub(crate) apart: Cell<bool>,
    /// Its place in the line for the lock, while it waits there.
    pub(crate) turn: RefCell<Option<js::AbortController>>,
    /// Asked to look again while running; `Some(true)` when the network may be back.
    pub(crate) again: Cell<Option<bool>>,
    /// Wakes a running delivery.
    pub(crate) nudge: RefCell<Option<Function>>,
    pub(crate) in_flight: RefCell<Vec<(String, Promise)>>,
    pub(crate) storage_failed: Cell<bool>,
    /// Addresses that have just asked for rest: the pass that is running lets theirs wait.
    pub(crate) resting: RefCell<Vec<String>>,
    /// What the timer calls; set once the triggers are wired.
    pub(crate) on_timer: OnceCell<Function>,
    pub(crate) timer: RefCell<Option<JsValue>>,
    pub(crate) asked_to_persist: Cell<bool>,
    /// Whether a draft was to be stashed and could not be: it is being written instead.
    pub(crate) cannot_stash: Cell<bool>,
}

impl Outbox {
    /// Opens the database. Nothing is sent before [`Outbox::start`], [`Outbox::kick`] or
    /// [`Outbox::drain`].
    ///
    /// # Errors
    /// When nothing can be kept here. The page says so and offers the file.
    pub async fn open() -> Result<Rc<Self>, StorageError> {
        Ok(Self::new(Store::open().await?))
    }

    /// An outbox over this store.
    pub fn new(store: Store) -> Rc<Self> {
        let outbox = Rc::new(Self {
            store,
            channel: Channel::open(),
            holder: platform::new_id(),
            running: Cell::new(false),
            apart: Cell::new(false),
            turn: RefCell::new(None),
            again: Cell::new(None),
            nudge: RefCell::new(None),
            in_flight: RefCell::new(Vec::new()),
            storage_failed: Cell::new(false),
            resting: RefCell::new(Vec::new()),
            on_timer: OnceCell::new(),
            timer: RefCell::new(None),
            asked_to_persist: Cell::new(false),
            cannot_stash: Cell::new(false),
        });
        // Another tab may have queued something while this one holds the lock.
        let weak = Rc::downgrade(&outbox);
        let _ = outbox.channel.from_others.set(Rc::new(move |change| {
            if let Some(outbox) = weak.upgrade()
                && !matches!(change, Change::Draft(_))
                && outbox.running.get()
            {
                outbox.look_again(false);
            }
        }));
        outbox
    }

    /// The database underneath, without anybody being told.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Calls `listener` after each change, here or in another tab, until the subscription is
    /// dropped.
    pub fn subscribe(&self, listener: Rc<dyn Fn(&Change)>) -> Subscription {
        self.channel.subscribe(listener)
    }

    /// See [`Store::save_draft`]. Other tabs are told.
    ///
    /// # Errors
    /// When it was not saved.
    pub async fn save_draft(&self, draft: &Draft) -> Result<Saved, StorageError> {
        let last = self.last_words(&draft.key).await?;
        let is_of_another = last.as_ref().is_some_and(|last| last.id != draft.id);
        // Another tab began under this key, and was left before it had saved anything.
        if is_of_another && matches!(self.store.load_draft(&draft.key).await, Ok(None)) {
            return Ok(last.map_or(Saved::Saved, Saved::Superseded));
        }
        let saved = match self.store.save_draft(draft).await? {
            Saved::Superseded(kept) => {
                let newer = stash::newer(Some(kept.clone()), last).unwrap_or(kept);
                return Ok(Saved::Superseded(newer));
            }
            saved => saved,
        };
        if saved == Saved::Saved {
            self.ask_to_persist();
            self.channel.tell_others(&Change::Draft(draft.key.clone()));
        }
        // What is newer was put there while this was being written.
        for key in stash::keys() {
            stash::remove_if(&key, |last| {
                last.id == draft.id && last.updated_at <= draft.updated_at
            });
        }
        self.store.be_ready_to_stash(2 * draft.to_json().len()).await;
        Ok(saved)
    }

    /// Keeps a draft before this returns, because the page is being left and may not be asked
    /// again. False where it cannot be kept in that way: nothing was made ready for it yet.
    pub fn stash_draft(self: &Rc<Self>, draft: &Draft) -> bool {
        let kept = self.store.stash(draft);
        if !kept {
            self.cannot_stash.set(true);
        }
        let (outbox, bytes) = (Rc::clone(self), draft.to_json().len());
        spawn_local(async move { outbox.be_ready_to_stash(bytes).await });
        kept
    }

    /// Makes ready for [`Outbox::stash_draft`] of a draft of about so many bytes.
    pub async fn be_ready_to_stash(&self, bytes: usize) {
        self.store.be_ready_to_stash(bytes).await;
    }

    /// The newest key; see [`Store::newest_key`].
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn newest_key(&self) -> Result<JsValue, StorageError> {
        self.store.newest_key().await
    }

    /// See [`Store::unlock`]. What waited for it is sent.
    pub fn unlock(self: &Rc<Self>, id: &str, handle: &JsValue) {
        self.store.unlock(id, handle);
        self.channel.tell(&Change::Outbox);
        self.wake(true);
        let outbox = Rc::clone(self);
        spawn_local(async move {
            // What a page that was closed in the middle has left undone; else the next time.
            let _ = outbox.forget_old_keys().await;
            outbox.be_ready_to_stash(0).await;
        });
    }

    /// See [`Store::forget_locked`]. Everybody is told.
    ///
    /// # Errors
    /// When nothing was deleted.
    pub async fn forget_locked(&self) -> Result<bool, StorageError> {
        let is_done = self.store.forget_locked().await?;
        self.channel.tell(&Change::Outbox);
        // What was written last under a key that is gone cannot be read, and goes by itself.
        self.sweep_stash().await;
        Ok(is_done)
    }

    /// See [`Store::rewrap`]. Other tabs are told.
    ///
    /// # Errors
    /// When nothing was changed.
    pub async fn rewrap(&self, id: &str, kept: &JsValue) -> Result<(), StorageError> {
        self.store.rewrap(id, kept).await?;
        self.channel.tell(&Change::Outbox);
        Ok(())
    }

    /// See [`Store::change_key`]. Other tabs are told.
    ///
    /// # Errors
    /// When it was not begun.
    pub async fn change_key(&self, kept: &JsValue, handle: &JsValue) -> Result<(), StorageError> {
        self.store.change_key(kept, handle).await?;
        self.channel.tell(&Change::Outbox);
        // What is left is done once the PIN is entered the next time.
        let _ = self.forget_old_keys().await;
        self.be_ready_to_stash(0).await;
        Ok(())
    }

    /// See [`Store::forget_old_keys`]. What pages wrote last is saved before, so that it is under the
    /// newest.
    pub(crate) async fn forget_old_keys(&self) -> Result<(), StorageError> {
        for key in stash::keys() {
            if let Some(last) = self.last_words(&key).await? {
                self.save_draft(&last).await?;
            }
        }
        self.store.forget_old_keys(&stash::kids()).await
    }

    /// What a page wrote last about the draft under this key, unless it has been submitted since.
    fn last_words<'a>(&'a self, key: &'a str) -> Later<'a, Option<Draft>> {
        Box::pin(self.last_words_unboxed(key))
    }

    async fn last_words_unboxed(&self, key: &str) -> Result<Option<Draft>, StorageError> {
        let Some(last) = stash::get(key) else { return Ok(None) };
        if !self.store.has(&last.id).await? {
            return self.store.stashed(&last).await;
        }
        stash::remove_if(key, |other| other.id == last.id);
        Ok(None)
    }

    /// Removes what pages wrote last about drafts that have been submitted since.
    pub(crate) async fn sweep_stash(&self) {
        for key in stash::keys() {
            // Housekeeping: the next start tries again.
            let _ = self.last_words(&key).await;
        }
    }

    /// The draft under this key; see [`Store::load_draft`] and [`Outbox::stash_draft`].
    ///
    /// # Errors
    /// When it could not be read; it is not gone.
    pub async fn load_draft(&self, key: &str) -> Result<Option<Draft>, StorageError> {
        let last = self.last_words(key).await?;
        match self.store.load_draft(key).await {
            Err(error) if error == spoiled() && last.is_some() => Ok(last),
            kept => Ok(stash::newer(kept?, last)),
        }
    }

    /// All drafts; see [`Store::list_drafts`] and [`Outbox::stash_draft`].
    ///
    /// # Errors
    /// When they could not be read.
    pub async fn list_drafts(&self) -> Result<Vec<Draft>, StorageError> {
        let mut drafts = self.store.list_drafts().await?;
        for key in stash::keys() {
            let at = drafts.iter().position(|draft| draft.key == key);
            let kept = at.map(|at| drafts.swap_remove(at));
            let last = self.last_words(&key).await?;
            match (kept, last) {
                (Some(kept), Some(last)) if !kept.is_readable() => {
                    // The same one can be read in its last words.
                    let is_another = kept.id != last.id;
                    drafts.extend(is_another.then_some(kept));
                    drafts.push(last);
                }
                (kept, last) => drafts.extend(stash::newer(kept, last)),
            }
        }
        Ok(drafts)
    }

    /// See [`Store::delete_draft`]. Other tabs are told.
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn delete_draft(&self, key: &str, id: &str) -> Result<(), StorageError> {
        self.store.delete_draft(key, id).await?;
        stash::remove_if(key, |last| last.id == id);
        self.channel.tell_others(&Change::Draft(key.into()));
        Ok(())
    }

    /// See [`Store::keep_file`].
    ///
    /// # Errors
    /// When it was not kept.
    pub async fn keep_file(
        &self,
        draft_key: &str,
        sha256: &str,
        bytes: &Uint8Array,
    ) -> Result<(), StorageError> {
        self.store.keep_file(draft_key, sha256, bytes).await
    }

    /// See [`Store::file`].
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn file(
        &self,
        draft_key: &str,
        sha256: &str,
    ) -> Result<Option<Uint8Array>, StorageError> {
        self.store.file(draft_key, sha256).await
    }

    /// See [`Store::has_file`].
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn has_file(
        &self,
        owner: &str,
        sha256: &str,
        size: u64,
    ) -> Result<bool, StorageError> {
        self.store.has_file(owner, sha256, size).await
    }

    /// See [`Store::forget_file`].
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn forget_file(&self, draft_key: &str, sha256: &str) -> Result<(), StorageError> {
        self.store.forget_file(draft_key, sha256).await
    }

    /// Saves a submission (see [`Store::enqueue`]) and starts delivery. When this returns `Ok`,
    /// the screen may say «saved on this phone».
    ///
    /// # Errors
    /// When it was not saved.
    pub async fn submit(
        self: &Rc<Self>,
        record: Record,
        draft_key: Option<&str>,
        as_of: Option<i64>,
    ) -> Result<Enqueued, StorageError> {
        let enqueued = self.store.enqueue(&record, draft_key, as_of).await?;
        self.ask_to_persist();
        if let Some(key) = draft_key {
            stash::remove_if(key, |last| last.id == record.id);
            self.channel.tell_others(&Change::Draft(key.into()));
        }
        self.channel.tell(&Change::Outbox);
        ask_for_sync();
        self.kick();
        Ok(enqueued)
    }

    /// See [`Store::list`].
    ///
    /// # Errors
    /// When they could not be read.
    pub async fn list(&self) -> Result<Vec<Record>, StorageError> {
        self.store.list().await
    }

    /// See [`Store::list_as_kept`].
    ///
    /// # Errors
    /// When they could not be read.
    pub async fn list_as_kept(&self) -> Result<Vec<(String, String)>, StorageError> {
        self.store.list_as_kept().await
    }

    /// See [`Store::listed`].
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn listed(&self, id: &str) -> Result<Option<String>, StorageError> {
        self.store.listed(id).await
    }

    /// See [`Store::get`].
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn get(&self, id: &str) -> Result<Option<Record>, StorageError> {
        self.store.get(id).await
    }

    /// The citizen's tap on «send now»: due at once, whatever it waited for.
    ///
    /// # Errors
    /// When that could not be noted.
    pub async fn send_now(self: &Rc<Self>, id: &str) -> Result<(), StorageError> {
        let now = platform::now();
        self.store.update(id, &|record| machine::send_now(record, now)).await?;
        self.channel.tell(&Change::Submission(id.into()));
        self.kick();
        Ok(())
    }

    /// See [`Store::mend`].
    ///
    /// # Errors
    /// When the draft was not saved.
    pub async fn mend(&self, id: &str) -> Result<Option<Draft>, StorageError> {
        let Some(draft) = self.store.mend(id).await? else { return Ok(None) };
        let last = self.last_words(&draft.key).await?;
        Ok(stash::newer(Some(draft), last))
    }

    /// See [`Store::delete`]. Everybody is told.
    ///
    /// # Errors
    /// When it was not deleted.
    pub async fn delete(&self, id: &str, received: bool) -> Result<bool, StorageError> {
        let deleted = self.store.delete(id, received).await?;
        if deleted {
            for key in stash::keys() {
                stash::remove_if(&key, |last| last.id == id);
            }
        }
        self.channel.tell(&Change::Outbox);
        Ok(deleted)
    }

    /// See [`Store::keep_definition`].
    ///
    /// # Errors
    /// When it was not kept.
    pub async fn keep_definition(
        &self,
        digest: &str,
        url: &str,
        text: &str,
    ) -> Result<(), StorageError> {
        self.store.keep_definition(digest, url, text).await
    }

    /// See [`Store::definition`].
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn definition(&self, digest: &str) -> Result<Option<KeptDefinition>, StorageError> {
        self.store.definition(digest).await
    }

    /// See [`Store::definition_at`].
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn definition_at(&self, url: &str) -> Result<Option<KeptDefinition>, StorageError> {
        self.store.definition_at(url).await
    }
}
