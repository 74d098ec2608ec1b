//! The bytes of files that are kept beside the draft. They go when nothing names them any more:
//! neither what is entered nor a row that was taken away and can still be put back.

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use eform_outbox::Draft;
use leptos::task::spawn_local;
use serde_json::Value;

use crate::filling::Filling;
use crate::outbox::outbox;

thread_local! {
    static ASIDE: RefCell<Vec<Weak<Aside>>> = const { RefCell::new(Vec::new()) };
}

/// Entries that are out of the form and may come back: as long as it is there, their files stay.
pub struct Aside {
    /// Of the draft that they were in.
    key: String,
    pub entry: Value,
}

impl Aside {
    /// Puts an entry aside that has been taken out of the draft on the screen.
    pub fn put(filling: &Filling, entry: Value) -> Rc<Self> {
        let aside = Rc::new(Self { key: filling.drafts.key(), entry });
        ASIDE.with_borrow_mut(|all| {
            all.retain(|one| one.strong_count() > 0);
            all.push(Rc::downgrade(&aside));
        });
        aside
    }

    /// It comes back no more. Nobody else may have it.
    pub fn give_up(self: Rc<Self>, filling: &Arc<Filling>) {
        let (mut digests, key) = (Vec::new(), self.key.clone());
        digests_in(&self.entry, &mut digests);
        drop(self);
        // What another draft names cannot be seen from here; its files go with it.
        if key == filling.drafts.key() {
            digests.iter().for_each(|digest| forget(filling, digest));
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

/// Deletes the bytes of a file of the draft on the screen from the phone, unless something still
/// names it. What is kept of the draft must not: a page may be closed at any moment.
pub fn forget(filling: &Arc<Filling>, digest: &str) {
    let key = filling.drafts.key();
    if digest.is_empty() || is_named(filling, &key, digest) {
        return;
    }
    if filling.drafts.submitted().is_some() {
        return forget_elsewhere(key, digest.to_owned());
    }
    let (filling, digest) = (Arc::clone(filling), digest.to_owned());
    let draft = filling.draft_as_entered();
    spawn_local(async move {
        // If it stays, it goes with the draft.
        if filling.write_draft(draft).await.is_ok() && !is_named(&filling, &key, &digest) {
            forget_elsewhere(key, digest);
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
            all.any(|one| one.key == key && names(&one.entry))
        })
    };
    filling.drafts.key() == key && names(&Value::Object(filling.all_entries())) || is_aside()
}

/// Deletes the bytes of a file from the phone, unless the draft that is kept under this key names it.
pub fn forget_elsewhere(key: String, digest: String) {
    spawn_local(async move {
        let Ok(outbox) = outbox().await else { return };
        // If it stays, it goes with the draft.
        let names =
            |draft: Draft| eform::json::write(&Value::Object(draft.entries)).contains(&*digest);
        if outbox.load_draft(&key).await.is_ok_and(|draft| !draft.is_some_and(names)) {
            _ = outbox.forget_file(&key, &digest).await;
        }
    });
}
