//! Drafts: kept, left in the middle, in two tabs, and gone once they are submitted.

use eform::digest;
use eform_outbox::{Draft, Enqueued, Outbox, Record, Saved, State, StorageError};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::phone::{
    all, becomes, draft, forget, fresh, hold_open, hurry, let_open, record, sleep, spoil, stash,
    stashed, told_on_disk, upgrade, wait,
};

#[wasm_bindgen_test]
async fn a_draft_comes_back_and_leaves_with_its_submission() {
    let outbox = fresh("down", 0).await;
    let draft = draft("a");
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap(), None);
    assert_eq!(outbox.save_draft(&draft).await.unwrap(), Saved::Saved);
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
    assert_eq!(outbox.list_drafts().await.unwrap(), std::slice::from_ref(&draft));

    let record = record("a");
    let enqueued = outbox.store().enqueue(&record, Some(&draft.key), None).await.unwrap();
    assert_eq!(enqueued, Enqueued::New(record.clone()));
    let listed = Record { body: String::new(), ..record };
    assert_eq!(outbox.list().await.unwrap(), std::slice::from_ref(&listed));
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap(), None);
    // A tab that still shows the draft cannot bring it back.
    assert_eq!(outbox.save_draft(&draft).await.unwrap(), Saved::AlreadySubmitted(Box::new(listed)));
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap(), None);
}

#[wasm_bindgen_test]
async fn what_a_page_wrote_last_as_it_was_left_is_there_until_it_is_saved() {
    let outbox = fresh("down", 0).await;
    let mut left = draft("a");
    // Nothing is ready yet.
    assert!(!outbox.stash_draft(&left));
    let key = left.key.clone();
    outbox.save_draft(&left).await.unwrap();
    left.entries.insert("name".into(), "สมหญิง ใจดี".into());
    left.updated_at += 1;
    assert!(outbox.stash_draft(&left));
    assert_eq!(outbox.load_draft(&key).await.unwrap().as_ref(), Some(&left));
    assert_eq!(outbox.list_drafts().await.unwrap(), std::slice::from_ref(&left));
    // Another tab went on with it.
    let later = Draft { updated_at: left.updated_at + 1, ..draft("a") };
    outbox.store().save_draft(&later).await.unwrap();
    assert_eq!(outbox.load_draft(&key).await.unwrap().as_ref(), Some(&later));
    assert_eq!(outbox.list_drafts().await.unwrap(), std::slice::from_ref(&later));
    outbox.save_draft(&later).await.unwrap();
    assert_eq!(stashed(), 0);

    // One that was never saved.
    left.key = Draft::mending_key(&key, "b");
    stash(&outbox, &left).await;
    assert_eq!(outbox.list_drafts().await.unwrap(), [later, left.clone()]);
    outbox.submit(record("c"), Some(&left.key), None).await.unwrap();
    assert_eq!(outbox.load_draft(&left.key).await.unwrap().as_ref(), Some(&left));
    outbox.submit(record("a"), Some(&left.key), None).await.unwrap();
    assert_eq!(stashed(), 0);
    stash(&outbox, &left).await;
    outbox.delete_draft(&left.key, &left.id).await.unwrap();
    assert_eq!(stashed(), 0);
}

#[wasm_bindgen_test]
async fn what_another_tab_wrote_last_is_not_saved_over() {
    let outbox = fresh("down", 0).await;
    let mut left = draft("a");
    left.entries.insert("name".into(), "สมหญิง ใจดี".into());
    stash(&outbox, &left).await;
    let other = Draft { updated_at: left.updated_at + 1, ..draft("b") };
    // It was never saved.
    assert_eq!(outbox.save_draft(&other).await.unwrap(), Saved::Superseded(left.clone()));
    // It was saved before.
    outbox.store().save_draft(&draft("a")).await.unwrap();
    left.updated_at += 1;
    stash(&outbox, &left).await;
    assert_eq!(outbox.save_draft(&other).await.unwrap(), Saved::Superseded(left.clone()));
    assert_eq!(outbox.load_draft(&left.key).await.unwrap(), Some(left));
}

#[wasm_bindgen_test]
async fn who_mends_finds_what_was_written_last() {
    let outbox = fresh("refuses-bad", 0).await;
    outbox.submit(record("bad"), None, None).await.unwrap();
    becomes(&outbox, "bad", State::Attention).await;
    let mut mending = outbox.mend("bad").await.unwrap().unwrap();
    mending.entries.insert("name".into(), "สมหญิง ใจดี".into());
    mending.updated_at += 5;
    stash(&outbox, &mending).await;
    assert_eq!(outbox.mend("bad").await.unwrap(), Some(mending));
}

#[wasm_bindgen_test]
async fn what_is_done_once_more_does_not_undo_a_newer_draft() {
    let outbox = fresh("down", 0).await;
    let other = Outbox::open().await.unwrap();
    let (old, mut new) = (draft("a"), draft("a"));
    new.entries.insert("name".into(), "สมหญิง ใจดี".into());
    new.updated_at += 60_000;
    let act = async |leaves: bool| {
        if leaves {
            outbox.store().let_go();
            other.save_draft(&new).await.unwrap();
        } else {
            outbox.save_draft(&old).await.unwrap();
        }
    };
    all(vec![act(false), act(true)]).await;
    assert_eq!(outbox.load_draft(&new.key).await.unwrap(), Some(new));
}

#[wasm_bindgen_test]
async fn what_is_submitted_does_not_come_back_as_a_draft() {
    let outbox = fresh("down", 0).await;
    let draft = draft("a");
    outbox.save_draft(&draft).await.unwrap();
    outbox.store().enqueue(&record("a"), Some(&draft.key), None).await.unwrap();
    // Left before the page was told.
    stash(&outbox, &draft).await;
    assert_eq!(outbox.list_drafts().await.unwrap(), []);
    assert_eq!(stashed(), 0);
    stash(&outbox, &draft).await;
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap(), None);
    stash(&outbox, &draft).await;
    assert!(told_on_disk().await.contains("\"secret\""));
    assert!(outbox.delete("a", false).await.unwrap());
    assert_eq!(stashed(), 0);
    assert!(!told_on_disk().await.contains("\"secret\""), "its body goes too");
}

#[wasm_bindgen_test]
async fn a_draft_that_was_changed_after_it_was_checked_is_not_submitted() {
    let outbox = fresh("down", 0).await;
    let mut draft = draft("a");
    outbox.save_draft(&draft).await.unwrap();
    let checked = draft.updated_at;
    draft.updated_at += 1;
    outbox.save_draft(&draft).await.unwrap();
    let store = outbox.store();
    let refused = store.enqueue(&record("a"), Some(&draft.key), Some(checked)).await;
    assert_eq!(refused, Err(StorageError::Other("changed".into())));
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
    let kept = store.enqueue(&record("a"), Some(&draft.key), Some(draft.updated_at)).await;
    assert!(matches!(kept, Ok(Enqueued::New(_))));
}

#[wasm_bindgen_test]
async fn two_tabs_that_begin_the_same_form_do_not_write_over_each_other() {
    let outbox = fresh("down", 0).await;
    outbox.save_draft(&draft("a")).await.unwrap();
    assert_eq!(outbox.save_draft(&draft("b")).await.unwrap(), Saved::Superseded(draft("a")));
    // And a submission of the one leaves the draft of the other.
    let key = draft("a").key;
    outbox.store().enqueue(&record("b"), Some(&key), None).await.unwrap();
    assert_eq!(outbox.load_draft(&key).await.unwrap().map(|draft| draft.id), Some("a".into()));
}

#[wasm_bindgen_test]
async fn a_connection_closed_under_it_is_opened_again() {
    let outbox = fresh("down", 0).await;
    outbox.save_draft(&draft("a")).await.unwrap();
    // Another page wants the database: the connection has to go, and does.
    wait(forget()).await;
    assert_eq!(outbox.save_draft(&draft("a")).await.unwrap(), Saved::Saved);
    assert_eq!(outbox.list_drafts().await.unwrap(), [draft("a")]);
}

/// Another page brings a later version of the kit: this one stands in nobody's way, and goes on.
#[wasm_bindgen_test]
async fn a_database_that_a_later_version_makes_its_own_is_gone_on_with() {
    let outbox = fresh("down", 0).await;
    let first = draft("a");
    outbox.save_draft(&first).await.unwrap();
    outbox.store().enqueue(&record("b"), None, None).await.unwrap();
    wait(upgrade()).await;
    let second = Draft { updated_at: first.updated_at + 1, ..first };
    assert_eq!(outbox.save_draft(&second).await.unwrap(), Saved::Saved);
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.list_drafts().await.unwrap(), [second]);
    assert_eq!(other.get("b").await.unwrap(), outbox.get("b").await.unwrap());
}

/// It opens after all, long after the page has given it up: it must stand in the way of nobody.
#[wasm_bindgen_test]
async fn a_database_that_opens_too_late_is_closed() {
    wait(forget()).await;
    wait(hold_open()).await;
    hurry(20_000);
    let late = Outbox::open().await.map(drop);
    wait(let_open()).await;
    assert!(late.is_err(), "{late:?}");
    // Rejected where a connection is open that does not give way.
    wait(upgrade()).await;
}

#[wasm_bindgen_test]
async fn a_draft_that_cannot_be_read_is_listed_and_not_written_over() {
    let outbox = fresh("down", 0).await;
    let draft = draft("a");
    outbox.save_draft(&draft).await.unwrap();
    wait(spoil("drafts", &draft.key)).await;
    assert!(outbox.load_draft(&draft.key).await.is_err());
    let kept = Draft::unreadable(
        draft.key.clone(),
        draft.id.clone(),
        draft.definition.clone(),
        draft.updated_at,
    );
    assert_eq!(outbox.list_drafts().await.unwrap(), std::slice::from_ref(&kept));
    let another = Draft { id: "b".into(), updated_at: draft.updated_at + 5, ..draft.clone() };
    assert_eq!(outbox.save_draft(&another).await.unwrap(), Saved::Superseded(kept.clone()));
    // What a page wrote last before it knew is listed, and kept under a key of its own.
    stash(&outbox, &another).await;
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap().as_ref(), Some(&another));
    assert_eq!(outbox.list_drafts().await.unwrap(), [kept.clone(), another.clone()]);
    // To delete one is not to delete the other.
    outbox.delete_draft(&draft.key, &another.id).await.unwrap();
    assert_eq!(outbox.list_drafts().await.unwrap(), std::slice::from_ref(&kept));
    stash(&outbox, &another).await;
    let beside = Draft { key: Draft::key_beside(&draft.form, "b"), ..another };
    assert_eq!(outbox.save_draft(&beside).await.unwrap(), Saved::Saved);
    assert_eq!(stashed(), 0);
    assert_eq!(outbox.list_drafts().await.unwrap(), [kept, beside.clone()]);
    outbox.delete_draft(&draft.key, &draft.id).await.unwrap();
    assert_eq!(outbox.list_drafts().await.unwrap(), [beside]);
}

/// The answers are in the refused submission all the same.
#[wasm_bindgen_test]
async fn a_spoiled_draft_does_not_keep_a_submission_from_being_mended() {
    let outbox = fresh("refuses-bad", 0).await;
    outbox.submit(record("bad"), None, None).await.unwrap();
    becomes(&outbox, "bad", State::Attention).await;
    let first = outbox.mend("bad").await.unwrap().unwrap();
    wait(spoil("drafts", &first.key)).await;
    let second = outbox.mend("bad").await.unwrap().unwrap();
    assert!(second.key != first.key && second.id != first.id);
    assert_eq!((&second.entries, &second.replaces), (&first.entries, &first.replaces));
    assert_eq!(outbox.mend("bad").await.unwrap(), Some(second.clone()));
    outbox.submit(record(&second.id), Some(&second.key), None).await.unwrap();
    let listed = outbox.list_drafts().await.unwrap();
    assert!(listed.len() == 1 && listed[0].key == first.key && !listed[0].is_readable());
}

#[wasm_bindgen_test]
async fn a_definition_is_kept_while_anything_names_it() {
    let outbox = fresh("down", 0).await;
    let (url, old, new) = ("https://a.example/f.json", digest(b"old"), digest(b"new"));
    outbox.keep_definition(&old, url, "old").await.unwrap();
    wait(sleep(5)).await;
    outbox.keep_definition(&new, url, "new").await.unwrap();
    assert_eq!(outbox.definition(&old).await.unwrap().unwrap().text, "old");
    assert_eq!(outbox.definition_at(url).await.unwrap().unwrap().digest, new);
    outbox.store().prune_definitions().await.unwrap();
    assert!(outbox.definition(&old).await.unwrap().is_some());
    assert_eq!(outbox.definition_at("https://a.example/g.json").await.unwrap(), None);
}
