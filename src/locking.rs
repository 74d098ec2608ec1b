//! What this phone keeps is under a PIN that was not entered in this page yet. Until it is, each form
//! asks for it, whatever else it would show.

use std::cell::RefCell;
use std::sync::Arc;

use eform_outbox::StorageError;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::element::open_with;
use crate::filling::{Filling, Instead};
use crate::later::AsOpened;
use crate::outbox::outbox;

thread_local! {
    static LOCKED: ArcRwSignal<bool> = ArcRwSignal::default();
    static WAITING: RefCell<Vec<(Arc<Filling>, Option<AsOpened>)>> = const { RefCell::new(Vec::new()) };
}

/// Whether it is, for what is no form; followed.
pub fn is_locked() -> bool {
    LOCKED.with(ArcRwSignal::clone).get()
}

/// Notes that it is.
pub fn locked() {
    let locked = LOCKED.with(ArcRwSignal::clone);
    if !locked.get_untracked() {
        locked.set(true);
    }
}

/// Has a form ask for the PIN. Where it is only being opened, what it was opened for waits, too.
pub fn lock(filling: Arc<Filling>, opened: Option<AsOpened>) {
    if matches!(filling.instead.get_untracked(), Some(Instead::Locked)) {
        return;
    }
    filling.instead.set(Some(Instead::Locked));
    filling.focus_later("h1");
    WAITING.with_borrow_mut(|waiting| waiting.push((filling, opened)));
}

/// Has a form ask for the PIN where this is what came of something.
pub fn look<T>(filling: &Arc<Filling>, done: &Result<T, StorageError>) {
    if matches!(done, Err(StorageError::Locked)) {
        lock(Arc::clone(filling), None);
    }
}

/// It was entered: every form goes on where it, or this phone, left off.
pub fn unlocked() {
    LOCKED.with(ArcRwSignal::clone).set(false);
    for (filling, opened) in WAITING.take() {
        spawn_local(async move {
            if let (Some(opened), Ok(outbox)) = (opened, outbox().await) {
                open_with(&filling, outbox.list_drafts().await.unwrap_or_default(), opened);
            }
            filling.instead.set(None);
            // Before what takes long where there is much: somebody may be typing by then.
            filling.focus_later("h1");
            filling.refresh_shelf().await;
        });
    }
}
