//! Files: beside their draft, before their submission, and never others than what was attached.

use std::rc::Rc;

use eform::{Enclosed, Uploaded};
use eform_outbox::{Action, Draft, Outbox, PIECE_BYTES, Record, State, Upload, actions};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::phone::{
    becomes, draft, file_agency, files, fresh, made_of, methods, record, row_keys, sleep, spoil,
    submission, wait,
};

#[wasm_bindgen_test]
async fn files_stay_beside_a_draft_until_it_ends() {
    let outbox = fresh("down", 0).await;
    let bytes = |of: &[u8]| Uint8Array::from(of);
    let kept = async |key: &str, digest: &str| {
        outbox.file(key, digest).await.unwrap().map(|bytes| bytes.to_vec())
    };
    let (draft, other) = (draft("a"), Draft::mending_key(&draft("a").form, "b"));
    outbox.save_draft(&draft).await.unwrap();
    outbox.keep_file(&draft.key, "1", &bytes(b"\0\xFF")).await.unwrap();
    outbox.keep_file(&draft.key, "2", &bytes(b"")).await.unwrap();
    outbox.keep_file(&other, "1", &bytes(b"other")).await.unwrap();
    assert_eq!(kept(&draft.key, "1").await.as_deref(), Some(&b"\0\xFF"[..]));
    assert_eq!(kept(&draft.key, "2").await.as_deref(), Some(&b""[..]));
    assert_eq!(kept(&draft.key, "3").await, None);
    outbox.forget_file(&draft.key, "2").await.unwrap();
    assert_eq!(kept(&draft.key, "2").await, None);

    // A submission of another tab's draft leaves them; that of the draft itself does not.
    outbox.store().enqueue(&record("b"), Some(&draft.key), None).await.unwrap();
    assert!(kept(&draft.key, "1").await.is_some());
    outbox.store().enqueue(&record("a"), Some(&draft.key), None).await.unwrap();
    assert_eq!(kept(&draft.key, "1").await, None);
    assert_eq!(kept(&other, "1").await.as_deref(), Some(&b"other"[..]));
    outbox.delete_draft(&other, "b").await.unwrap();
    assert_eq!(kept(&other, "1").await, None);
}

#[wasm_bindgen_test]
async fn the_files_of_a_refused_submission_are_beside_the_draft_that_mends_it() {
    let outbox = fresh("refuses-bad", 0).await;
    let mut submission = submission("bad", "สมหญิง");
    submission.attachments.push(Enclosed::new(b"\0\xFF"));
    outbox.submit(made_of(&submission), None, None).await.unwrap();
    becomes(&outbox, "bad", State::Attention).await;
    let draft = outbox.mend("bad").await.unwrap().unwrap();
    let file = outbox.file(&draft.key, &submission.attachments[0].sha256).await.unwrap();
    assert_eq!(file.map(|bytes| bytes.to_vec()).as_deref(), Some(&b"\0\xFF"[..]));
}

/// A file of a little over two pieces that is not the same everywhere.
fn long_file() -> Vec<u8> {
    (0..2 * PIECE_BYTES as u32 + 77).map(|at| (at % 251) as u8).collect()
}

/// A submission of a draft that has these files, submitted; and the name of each file at the agency.
async fn submitted_with(outbox: &Rc<Outbox>, contents: &[Vec<u8>]) -> (Record, Vec<String>) {
    let draft = draft("a");
    outbox.save_draft(&draft).await.unwrap();
    let mut submission = submission("a", "สมหญิง");
    let mut expected = Vec::new();
    for bytes in contents {
        let sha256 = eform::hex(&eform::sha256(bytes));
        outbox.keep_file(&draft.key, &sha256, &Uint8Array::from(bytes.as_slice())).await.unwrap();
        let sum: u64 = bytes.iter().map(|byte| u64::from(*byte)).sum();
        expected.push(format!("a {sha256} {} {sum}", bytes.len()));
        submission.uploads.push(Uploaded { sha256, size: bytes.len() as u64 });
    }
    let mut record = made_of(&submission);
    record.uploads_url = "https://a.example/uploads".into();
    outbox.submit(record.clone(), Some(&draft.key), None).await.unwrap();
    (record, expected)
}

fn texts(values: Vec<JsValue>) -> Vec<String> {
    values.iter().filter_map(JsValue::as_string).collect()
}

#[wasm_bindgen_test]
async fn files_go_before_their_submission_and_leave_when_it_is_received() {
    let outbox = fresh("works", 0).await;
    file_agency(0, 0, -1);
    let contents = [long_file(), Vec::new(), vec![7]];
    let (_, expected) = submitted_with(&outbox, &contents).await;
    becomes(&outbox, "a", State::Received).await;
    assert_eq!(texts(files()), expected);
    let methods = texts(methods());
    assert_eq!(methods.iter().filter(|method| *method == "PUT").count(), 1);
    assert_eq!(methods.last().unwrap(), "PUT", "{methods:?}");
    // Every byte was sent once.
    assert_eq!(methods.iter().filter(|method| *method == "PATCH").count(), 4);
    // They take room, and the agency has them.
    let left = JsFuture::from(row_keys()).await.unwrap();
    assert_eq!(Array::from(&left).length(), 0, "nothing stays");
}

#[wasm_bindgen_test]
async fn what_has_arrived_is_not_sent_again() {
    let outbox = fresh("works", 0).await;
    file_agency(1000, 3, -1);
    let (_, expected) = submitted_with(&outbox, &[long_file()]).await;
    for _ in 0..3 {
        while outbox.get("a").await.unwrap().unwrap().last.is_none() {
            wait(sleep(20)).await;
        }
        let record = outbox.get("a").await.unwrap().unwrap();
        assert!(record.uploads[0].address.is_some(), "{record:?}");
        outbox.send_now("a").await.unwrap();
    }
    becomes(&outbox, "a", State::Received).await;
    assert_eq!(texts(files()), expected);
    let methods = texts(methods());
    assert_eq!(methods.iter().filter(|method| *method == "POST").count(), 1, "{methods:?}");
}

#[wasm_bindgen_test]
async fn what_the_agency_has_forgotten_is_announced_again() {
    let outbox = fresh("works", 0).await;
    // At the second piece of the second file.
    file_agency(0, 0, 6);
    let (_, expected) = submitted_with(&outbox, &[vec![1, 2], long_file()]).await;
    becomes(&outbox, "a", State::Received).await;
    // The first file is not asked after again in the same try; the agency would say 424.
    assert_eq!(texts(files()), expected[1..]);
}

#[wasm_bindgen_test]
async fn a_spoiled_piece_is_not_sent_and_can_be_attached_anew() {
    let outbox = fresh("down", 0).await;
    let (record, _) = submitted_with(&outbox, &[long_file(), vec![7]]).await;
    becomes(&outbox, "a", State::Queued).await;
    for (file, bytes) in record.uploads.iter().zip([long_file(), vec![7]]) {
        let kept = outbox.file("a", &file.sha256).await.unwrap();
        assert_eq!(kept.map(|kept| kept.to_vec()), Some(bytes));
        assert!(outbox.has_file("a", &file.sha256, file.size).await.unwrap());
        assert!(!outbox.has_file("a", &file.sha256, file.size + 1).await.unwrap());
    }
    file_agency(0, 0, -1);
    let spoiled = &record.uploads[0];
    wait(spoil("files", &format!("a\n{}\n000001", spoiled.sha256))).await;
    assert!(!outbox.has_file("a", &spoiled.sha256, spoiled.size).await.unwrap());
    outbox.send_now("a").await.unwrap();
    becomes(&outbox, "a", State::Attention).await;
    let record = outbox.get("a").await.unwrap().unwrap();
    assert!(actions(&record).contains(&Action::Mend), "{:?}", record.trouble);
    assert_eq!(texts(files()), Vec::<String>::new());
    let draft = outbox.mend("a").await.unwrap().unwrap();
    let has = async |file: &Upload| outbox.has_file(&draft.key, &file.sha256, file.size).await;
    assert!(!has(&record.uploads[0]).await.unwrap());
    assert!(has(&record.uploads[1]).await.unwrap());
}

#[wasm_bindgen_test]
async fn a_submission_whose_file_is_not_there_is_not_saved() {
    let outbox = fresh("down", 0).await;
    let draft = draft("a");
    outbox.save_draft(&draft).await.unwrap();
    let mut submission = submission("a", "สมหญิง");
    submission.uploads.push(Uploaded { sha256: "00".into(), size: 1 });
    assert!(outbox.submit(made_of(&submission), Some(&draft.key), None).await.is_err());
    assert_eq!(outbox.get("a").await.unwrap(), None);
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap(), Some(draft));
}
