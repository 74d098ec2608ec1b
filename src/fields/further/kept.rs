//! The bytes of files that are kept beside the draft. They go when nothing names them any more:
//! neither what is entered nor a row that was taken away and can still be put back.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use eform_outbox::Draft;
use leptos::task::spawn_local;
use serde_json::Value;

use super::attachment::is_being_read;
use crate::filling::Filling;
use crate::outbox::outbox;

thread_local! {
    static ASIDE: RefCell<Vec<Weak<Aside>>> = const { RefCell::new(Vec::new()) };
}

/// Entries that are out of the form and may come back: as long as it is there, their files stay.
pub struct Aside {
    /// Of the draft that they were in.
    key: RefCell<String>,
    pub entry: Value,
}

impl Aside {
    /// Puts an entry aside that has been taken out of the draft on the screen.
    pub fn put(filling: &Filling, entry: Value) -> Rc<Self> {
        let aside = Rc::new(Self { key: RefCell::new(filling.drafts.key()), entry });
        ASIDE.with_borrow_mut(|all| {
            all.retain(|one| one.strong_count() > 0);
            all.push(Rc::downgrade(&aside));
        });
        aside
    }

    fn key(&self) -> String {
        self.key.borrow().clone()
    }

    /// It comes back no more. Nobody else may have it.
    pub fn give_up(self: Rc<Self>, filling: &Arc<Filling>) {
        let (mut digests, key) = (Vec::new(), self.key());
        digests_in(&self.entry, &mut digests);
        drop(self);
        // What another draft names cannot be seen from here; its files go with it.
        if key == filling.drafts.key() {
            forget(filling, digests);
        }
    }
}

fn digests_in(entry: &Value, found: &mut Vec<String>) {
    match entry {
        Value::Array(items) => items.iter().for_each(|item| digests_in(item, found)),
        Value::Object(members) => {
            found.extend(members.get("sha256").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| digests_in(member, found));
        }
        _ => {}
    }
}

/// The files that the draft on the screen names, or what was taken out of it and may come back.
pub fn named(filling: &Filling) -> Vec<String> {
    let (mut digests, key) = (Vec::new(), filling.drafts.key());
    digests_in(&Value::Object(filling.all_entries()), &mut digests);
    ASIDE.with_borrow(|all| {
        for aside in all.iter().filter_map(Weak::upgrade).filter(|aside| aside.key() == key) {
            digests_in(&aside.entry, &mut digests);
        }
    });
    digests
}

/// Whether a file of the draft on the screen is still to be read.
pub fn is_reading(filling: &Filling) -> bool {
    fn is_in(entry: &Value) -> bool {
        match entry {
            Value::Array(items) => items.iter().any(is_in),
            Value::Object(members) => is_being_read(entry) || members.values().any(is_in),
            _ => false,
        }
    }
    is_in(&Value::Object(filling.all_entries()))
}

/// What was taken out of the draft under a key belongs to it under another from now on.
pub fn rename(old: &str, new: &str) {
    ASIDE.with_borrow(|all| {
        for aside in all.iter().filter_map(Weak::upgrade).filter(|aside| aside.key() == old) {
            aside.key.replace(new.to_owned());
        }
    });
}

/// Deletes the bytes of files of the draft on the screen from the phone, unless something still names
/// them. What is kept of the draft must not: a page may be closed at any moment.
pub fn forget(filling: &Arc<Filling>, digests: Vec<String>) {
    let (filling, key) = (Arc::clone(filling), filling.drafts.key());
    let is_gone = |digest: &String| !digest.is_empty() && !is_named(&filling, &key, digest);
    let digests: Vec<_> = digests.into_iter().filter(is_gone).collect();
    if digests.is_empty() {
        return;
    }
    let draft = filling.drafts.is_unsaved().then(|| filling.draft_as_entered());
    spawn_local(async move {
        if let Some(draft) = draft {
            // If they stay, they go with the draft.
            if filling.write_draft(draft).await.is_err() {
                return;
            }
            filling.save_now();
        }
        for digest in digests {
            forget_unless(&key, &digest, || is_named(&filling, &key, &digest)).await;
        }
    });
}

/// Whether the draft under this key names a file, if it is on the screen, or something that was taken out
/// of it does.
fn is_named(filling: &Filling, key: &str, digest: &str) -> bool {
    // 64 hexadecimal digits: where their text stands, the file is named.
    let names = |entry: &Value| eform::json::write(entry).contains(digest);
    let is_aside = || {
        ASIDE.with_borrow(|all| {
            let mut all = all.iter().filter_map(Weak::upgrade);
            all.any(|one| one.key() == key && names(&one.entry))
        })
    };
    filling.drafts.key() == key && names(&Value::Object(filling.all_entries())) || is_aside()
}

/// Deletes the bytes of a file of a draft that is not on the screen any more, unless that names it.
pub fn forget_elsewhere(key: String, digest: String) {
    spawn_local(async move { forget_unless(&key, &digest, || false).await });
}

/// Deletes the bytes of a file from the phone, unless the draft that is kept under this key names it, or
/// `is_named` by then.
async fn forget_unless(key: &str, digest: &str, is_named: impl Fn() -> bool) {
    let Ok(outbox) = outbox().await else { return };
    let names = |draft: Draft| eform::json::write(&Value::Object(draft.entries)).contains(digest);
    let kept = outbox.load_draft(key).await;
    if kept.is_ok_and(|draft| !draft.is_some_and(names)) && !is_named() {
        // If it stays, it goes with the draft.
        _ = outbox.forget_file(key, digest).await;
    }
}
