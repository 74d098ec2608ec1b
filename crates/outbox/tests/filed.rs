//! Submissions as files, in a real browser: IndexedDB and WebCrypto as they are. Run as `browser`.
#![cfg(target_arch = "wasm32")]

use eform::filed::{HEADER_BYTES, PIECE_BYTES, TAG_BYTES};
use eform::{Submission, Uploaded};
use eform_outbox::filed::{FileError, save, take_in};
use eform_outbox::{Record, SCHEMA, State, Store, Trouble, TroubleKind, platform};
use js_sys::{Promise, Uint8Array};
use serde_json::{Map, Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const VECTOR: &[u8] = include_bytes!("../../form/tests/data/filed/visit.eform");
const VECTOR_BODY: &str = include_str!("../../form/tests/data/filed/visit.json");
/// The page's origin where the file of another hand is opened.
const VECTOR_SITE: &str = "https://agency.example";
const VECTOR_CODE: &str = "2345 6789 cdfg hjkm";

#[wasm_bindgen(inline_js = r#"
export function another_phone() {
  return new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase("eform");
    request.onsuccess = () => done();
    request.onerror = () => failed(request.error);
  });
}
export function blob(bytes) { return new Blob([bytes]); }
export function bytes_of(blob) { return blob.arrayBuffer().then((buffer) => new Uint8Array(buffer)); }
export function file_keys() {
  return new Promise((done) => {
    const open = indexedDB.open("eform");
    open.onsuccess = () => {
      const all = open.result.transaction("files").objectStore("files").getAllKeys();
      all.onsuccess = () => { open.result.close(); done(all.result); };
    };
  });
}
export function spoil(store, key) {
  return new Promise((done) => {
    const open = indexedDB.open("eform");
    open.onsuccess = () => {
      const rows = open.result.transaction(store, "readwrite").objectStore(store);
      rows.get(key).onsuccess = ({ target: { result } }) => {
        result.secret[12] ^= 1;
        rows.put(result).onsuccess = () => { open.result.close(); done(); };
      };
    };
  });
}
"#)]
extern "C" {
    fn another_phone() -> Promise;
    fn blob(bytes: &Uint8Array) -> JsValue;
    fn bytes_of(blob: &JsValue) -> Promise;
    fn file_keys() -> Promise;
    fn spoil(store: &str, key: &str) -> Promise;
}

async fn wait(promise: Promise) -> JsValue {
    JsFuture::from(promise).await.unwrap()
}

async fn phone() -> Store {
    wait(another_phone()).await;
    Store::open().await.unwrap()
}

async fn bytes(file: &JsValue) -> Vec<u8> {
    wait(bytes_of(file)).await.unchecked_into::<Uint8Array>().to_vec()
}

fn as_file(bytes: &[u8]) -> JsValue {
    blob(&Uint8Array::from(bytes))
}

fn origin() -> String {
    let location = js_sys::Reflect::get(&js_sys::global(), &"location".into()).unwrap();
    js_sys::Reflect::get(&location, &"origin".into()).unwrap().as_string().unwrap()
}

/// Where the page is.
fn site() -> String {
    origin() + "/forms/"
}

/// Kept on this phone: a submission, and these files that go before it.
async fn kept(store: &Store, contents: &[Vec<u8>]) -> Record {
    let file = |bytes: &Vec<u8>| Uploaded {
        sha256: eform::hex(&eform::sha256(bytes)),
        size: bytes.len() as u64,
    };
    let submission = Submission {
        id: platform::new_id(),
        form: "visit".into(),
        version: "1".into(),
        definition: eform::digest(b"definition"),
        language: "th".into(),
        completed_at: "2026-03-01T08:14:03+07:00".into(),
        replaces: None,
        answers: Some(Map::from_iter([("name".to_owned(), Value::from("สมชาย ใจดี"))])),
        sealed: None,
        attachments: Vec::new(),
        uploads: contents.iter().map(file).collect(),
    };
    let url = origin() + "/api/submissions";
    let mut record = Record::new(&submission, json!({ "th": "คำขอ" }), url, platform::now());
    record.uploads_url = origin() + "/api/uploads";
    for (bytes, file) in contents.iter().zip(&record.uploads) {
        let bytes = Uint8Array::from(&bytes[..]);
        store.keep_file("visit", &file.sha256, &bytes).await.unwrap();
    }
    store.enqueue(&record, Some("visit"), None).await.unwrap();
    record
}

async fn wrong(store: &Store, file: &[u8], code: &str) -> &'static str {
    match take_in(store, &as_file(file), code, &origin()).await {
        Err(error) => error.code(),
        Ok(_) => "nothing",
    }
}

#[wasm_bindgen_test]
async fn a_file_of_another_hand_is_taken_in() {
    let store = phone().await;
    let (id, was_here) = take_in(&store, &as_file(VECTOR), VECTOR_CODE, VECTOR_SITE).await.unwrap();
    assert!(!was_here);
    let record = store.get(&id).await.unwrap().unwrap();
    assert_eq!((record.body.as_str(), record.state), (VECTOR_BODY, State::Queued));
    assert_eq!(record.url, "https://agency.example/api/submissions");
    assert_eq!(record.uploads_url, "https://agency.example/api/uploads");
    assert_eq!(record.completed_at, 1_772_327_643_000);
    assert!(record.forget && record.carried, "somebody else's answers do not stay");
    let sha256 = &record.uploads[0].sha256;
    let file = store.file(&record.id, sha256).await.unwrap().unwrap();
    assert_eq!(file.to_vec(), "ไฟล์\0\u{ff}".as_bytes());
    // Nothing is left under another name.
    let keys: js_sys::Array = wait(file_keys()).await.unchecked_into();
    assert!(keys.iter().all(|key| key.as_string().unwrap().starts_with(&record.id)), "{keys:?}");
    // Once more it is the same.
    assert_eq!(take_in(&store, &as_file(VECTOR), VECTOR_CODE, VECTOR_SITE).await, Ok((id, true)));
    assert_eq!(store.get(&record.id).await.unwrap(), Some(record));
    assert_eq!(store.list().await.unwrap().len(), 1);
}

#[wasm_bindgen_test]
async fn what_one_phone_saves_another_takes_in_byte_for_byte() {
    let store = phone().await;
    let contents =
        [vec![7; 2 * PIECE_BYTES], vec![], (0..300_000).map(|n| (n % 251) as u8).collect()];
    let record = kept(&store, &contents).await;
    let filed = save(&store, &record.id, &site()).await.ok().unwrap();
    // Here nothing has changed.
    assert_eq!(store.get(&record.id).await.unwrap().unwrap(), record);
    let file = bytes(&filed.file).await;
    let has = |what: &[u8]| file.windows(what.len()).any(|some| some == what);
    assert!(!has(b"visit") && !has("สมชาย".as_bytes()), "nothing of it can be read");
    let again = save(&store, &record.id, &site()).await.ok().unwrap();
    assert_ne!(again.code, filed.code);
    assert_ne!(bytes(&again.file).await[16..32], file[16..32], "no two have one salt");

    let store = phone().await;
    assert_eq!(wrong(&store, &file, &again.code).await, "file-code");
    let taken = take_in(&store, &filed.file, &filed.code, &origin()).await.unwrap();
    assert_eq!(taken, (record.id.clone(), false));
    let taken = store.get(&record.id).await.unwrap().unwrap();
    assert_eq!((&taken.body, &taken.digest), (&record.body, &record.digest));
    assert_eq!((&taken.title, &taken.url), (&record.title, &record.url));
    assert_eq!(taken.uploads, record.uploads);
    for (file, contents) in taken.uploads.iter().zip(&contents) {
        let kept = store.file(&taken.id, &file.sha256).await.unwrap().unwrap();
        assert!(kept.to_vec() == *contents, "byte for byte");
    }
}

#[wasm_bindgen_test]
async fn what_is_wrong_with_a_file_is_told_apart_and_leaves_nothing() {
    let store = phone().await;
    let record = kept(&store, &[vec![7; 3 * PIECE_BYTES]]).await;
    let filed = save(&store, &record.id, &site()).await.ok().unwrap();
    let (file, code) = (bytes(&filed.file).await, filed.code);
    let store = phone().await;
    let piece = PIECE_BYTES + TAG_BYTES;
    let mut newer = file.clone();
    newer[8] = 2;
    for (file, code, expected) in [
        (&b"\x89PNG\r\n\x1a\n"[..], &*code, "file-not-one"),
        (&[], &code, "file-not-one"),
        (&newer, &code, "file-newer"),
        (&file[..20], &code, "file-cut"),
        (&file[..file.len() - 1], &code, "file-cut"),
        (&file[..HEADER_BYTES + 2 * piece], &code, "file-cut"),
        (&file, "", "file-code"),
        (&file, "2345 6789 CDFG HJKM", "file-code"),
    ] {
        assert_eq!(wrong(&store, file, code).await, expected);
    }
    for at in [20, 33, HEADER_BYTES, HEADER_BYTES + piece, file.len() - 1] {
        let mut changed = file.clone();
        changed[at] ^= 1;
        let expected = match at {
            33 => "file-cut",
            at if at < HEADER_BYTES + piece => "file-code",
            _ => "file-damaged",
        };
        assert_eq!(wrong(&store, &changed, &code).await, expected, "{at}");
    }
    assert!(store.list().await.unwrap().is_empty());
    let keys: js_sys::Array = wait(file_keys()).await.unchecked_into();
    assert_eq!(keys.length(), 0);
    assert_eq!(wrong(&store, &file, &code).await, "nothing");
}

/// As it was: the citizen's own, not somebody else's.
#[wasm_bindgen_test]
async fn a_file_brings_back_what_was_spoiled_on_the_phone() {
    let store = phone().await;
    let contents = [vec![7; 300_000]];
    let record = kept(&store, &contents).await;
    let filed = save(&store, &record.id, &site()).await.ok().unwrap();
    let sha256 = &record.uploads[0].sha256;
    for (store_name, key) in
        [("bodies", record.id.clone()), ("files", format!("{}\n{sha256}\n000001", record.id))]
    {
        wait(spoil(store_name, &key)).await;
        // As when that is found where it is to be sent.
        let attention = |record: &Record| {
            let trouble = Some(Trouble::new(TroubleKind::Refused, 0));
            Some(Record { state: State::Attention, trouble, ..record.clone() })
        };
        store.update(&record.id, &attention).await.unwrap();
        let taken = take_in(&store, &filed.file, &filed.code, &origin()).await.unwrap();
        assert_eq!(taken, (record.id.clone(), false), "{store_name}");
        let back = store.get(&record.id).await.unwrap().unwrap();
        assert_eq!((&back.body, back.state), (&record.body, State::Queued));
        assert!(!back.forget && !back.carried);
        let file = store.file(&back.id, sha256).await.unwrap().unwrap();
        assert!(file.to_vec() == contents[0]);
        let again = take_in(&store, &filed.file, &filed.code, &origin()).await.unwrap();
        assert_eq!(again, (record.id.clone(), true));
    }
}

/// This code does not know where that one keeps its answers.
#[wasm_bindgen_test]
async fn what_a_later_version_keeps_is_not_written_over() {
    let store = phone().await;
    let record = kept(&store, &[]).await;
    let filed = save(&store, &record.id, &site()).await.ok().unwrap();
    let later = |record: &Record| Some(Record { schema: SCHEMA + 1, ..record.clone() });
    store.update(&record.id, &later).await.unwrap();
    wait(spoil("bodies", &record.id)).await;
    let before = store.get(&record.id).await.unwrap();
    let taken = take_in(&store, &filed.file, &filed.code, &origin()).await.unwrap();
    assert_eq!(taken, (record.id.clone(), true));
    assert_eq!(store.get(&record.id).await.unwrap(), before);
}

#[wasm_bindgen_test]
async fn another_of_the_same_id_is_not_written_over() {
    let store = phone().await;
    let mut record = kept(&store, &[]).await;
    let filed = save(&store, &record.id, &site()).await.ok().unwrap();
    let store = phone().await;
    record.body = record.body.replace("visit", "other");
    record.digest = eform::digest(record.body.as_bytes());
    store.enqueue(&record, None, None).await.unwrap();
    let taken = take_in(&store, &filed.file, &filed.code, &origin()).await;
    assert_eq!(taken.err(), Some(FileError::Another));
    assert_eq!(store.get(&record.id).await.unwrap().unwrap().body, record.body);
}

/// Of this site is what goes to its own origin, or where its forms have it go with TLS. Everything else is
/// refused with the name of the site where it can be opened.
#[wasm_bindgen_test]
async fn what_is_for_another_site_is_refused_and_says_for_which() {
    let here = origin();
    let api = "/api/submissions";
    for (url, site, expected) in [
        (here.clone() + api, site(), None),
        (here.clone() + api, String::new(), None),
        ("https://api.agency.example/in".to_owned(), site(), None),
        ("https://api.agency.example/in".to_owned(), String::new(), Some("api.agency.example")),
        ("https://api.agency.example/in".to_owned(), here.clone() + ".example/", Some("*")),
        (
            "https://www.agency.example/api".to_owned(),
            "https://www.agency.example/forms/".to_owned(),
            Some("www.agency.example/forms"),
        ),
        ("http://elsewhere.example/in".to_owned(), site(), Some("*")),
        (here.clone() + ".example/in", String::new(), Some("*")),
        ("https://a@b.example/in".to_owned(), "javascript:alert(1)//".to_owned(), Some("")),
    ] {
        let store = phone().await;
        let mut record = kept(&store, &[]).await;
        record.url = url;
        record.uploads_url = String::new();
        let store = phone().await;
        store.enqueue(&record, None, None).await.unwrap();
        let filed = save(&store, &record.id, &site).await.ok().unwrap();
        let store = phone().await;
        let taken = take_in(&store, &filed.file, &filed.code, &here).await;
        match (taken, expected) {
            (Ok(_), None) => {}
            (Err(FileError::Elsewhere(_)), Some("*")) => {}
            (Err(FileError::Elsewhere(said)), Some(expected)) => assert_eq!(said, expected),
            (other, _) => panic!("{} of {site}: {other:?}", record.url),
        }
        assert_eq!(store.list().await.unwrap().len(), usize::from(expected.is_none()));
    }
}

#[wasm_bindgen_test]
async fn what_is_not_here_in_full_is_not_saved_as_a_file() {
    let store = phone().await;
    let record = kept(&store, &[vec![7; 10]]).await;
    assert_eq!(save(&store, "nowhere", &site()).await.err(), Some(FileError::NotHere));
    store.forget_file(&record.id, &record.uploads[0].sha256).await.unwrap();
    assert_eq!(save(&store, &record.id, &site()).await.err(), Some(FileError::NotHere));
}
