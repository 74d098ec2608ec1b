//! The adapters in a real browser: IndexedDB, Web Locks and timers as they are, `fetch` stubbed.
//!
//! ```sh
//! CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner CHROMEDRIVER=chromedriver \
//!     cargo test -p eform-outbox --target wasm32-unknown-unknown --test browser
//! ```
#![cfg(target_arch = "wasm32")]

use std::{cell::Cell, future::Future, rc::Rc};

use eform::{Enclosed, Submission, Uploaded, digest};
use eform_outbox::{
    Action, Draft, Enqueued, Outbox, PIECE_BYTES, Record, Saved, State, StorageError, Store,
    TroubleKind, Upload, actions, machine, platform,
};
use js_sys::{Array, Promise, Uint8Array};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(inline_js = r#"
const real = globalThis.fetch;
let calls = [], hanging = [];
export async function forget() {
  hanging.forEach(stop => stop());
  await sleep(100);
  calls = [];
  hanging = [];
  globalThis.fetch = real;
  localStorage.clear();
  return new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase("eform");
    request.onsuccess = () => done();
    request.onerror = () => failed(request.error);
  });
}
export function stashed() { return localStorage.length; }
export function sent() { return calls.map(call => call.url); }
export function body(i) { return calls[i].init.body; }
export function header(i, name) { return calls[i].init.headers[name]; }
const hex = async text => {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return "sha256:" + [...new Uint8Array(hash)].map(b => b.toString(16).padStart(2, "0")).join("");
};
export function agency(mode, delay) {
  globalThis.fetch = async (url, init) => {
    calls.push({ url, init });
    const bad = url.includes("bad");
    if (mode === "hangs-on-bad" && bad) {
      await new Promise((_, failed) => hanging.push(failed));
    }
    await new Promise(done => setTimeout(done, delay));
    if (mode === "down") throw new TypeError("Failed to fetch");
    if (mode === "portal") return new Response("<html>Wi-Fi</html>", { headers: { "Content-Type": "text/html" } });
    if (mode === "rests") return new Response(null, { status: 503, headers: { "Retry-After": "3" } });
    if (mode === "refuses-bad" && bad) {
      const problem = { status: 422, title: "Invalid", errors: [{ pointer: "/name", code: "required", detail: "" }] };
      return new Response(JSON.stringify(problem), { status: 422, headers: { "Content-Type": "application/problem+json" } });
    }
    const receipt = { id: url.split("/").pop(), reference: "K7TQ2M9X4D", receivedAt: "2026-11-20T01:14:05Z",
      digest: await hex(init.body), signature: "eyJ.e30.c2ln" };
    return new Response(JSON.stringify(receipt), { status: 201, headers: { "Content-Type": "application/json" } });
  };
}
// An agency that takes files by tus: of each request no more than `most` bytes, then the line is cut.
// `cuts` connections are cut so, and every file that is there when `forgets` counts to 0 is forgotten.
let held = {}, cuts = 0, forgets = -1;
export function file_agency(most, cut, forget) {
  [held, cuts, forgets] = [{}, cut, forget];
  agency("works", 0);
  const rest = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    if (init.method === "PUT") return rest(url, init);
    calls.push({ url, init });
    if (forgets-- === 0) held = {};
    const said = (status, headers) =>
      new Response(null, { status, headers: { "Tus-Resumable": "1.0.0", ...headers } });
    if (init.method === "POST") {
      const told = Object.fromEntries(
        init.headers["Upload-Metadata"].split(",").map(one => one.split(" ")).map(([n, v]) => [n, atob(v)]),
      );
      const name = `f${Object.keys(held).length}-${calls.length}`;
      held[name] = { ...told, size: Number(init.headers["Upload-Length"]), bytes: [] };
      return said(201, { Location: `/u/${name}` });
    }
    const file = held[url.split("/").pop()];
    if (!file) return said(404, {});
    if (init.method === "PATCH") {
      if (Number(init.headers["Upload-Offset"]) !== file.bytes.length) return said(409, {});
      const bytes = [...new Uint8Array(await new Response(init.body).arrayBuffer())];
      const cut = cuts-- > 0;
      file.bytes = file.bytes.concat(bytes.slice(0, cut ? most : bytes.length));
      if (cut) throw new TypeError("Failed to fetch");
    }
    return said(init.method === "HEAD" ? 200 : 204, { "Upload-Offset": `${file.bytes.length}` });
  };
}
// The files that are there as a whole: [submission, digest, length, sum of the bytes].
export function files() {
  return Object.values(held)
    .filter(file => file.bytes.length === file.size)
    .map(file => [file.submission, file.sha256, file.size, file.bytes.reduce((a, b) => a + b, 0)].join(" "));
}
export function methods() { return calls.map(call => call.init.method); }
export function row_keys() {
  return new Promise(done => {
    const open = indexedDB.open("eform");
    open.onsuccess = () => {
      const all = open.result.transaction("files").objectStore("files").getAllKeys();
      all.onsuccess = () => { open.result.close(); done(all.result); };
    };
  });
}
// One bit of the last piece of a file is not what it was.
export function spoil(key) {
  return new Promise(done => {
    const open = indexedDB.open("eform");
    open.onsuccess = () => {
      const files = open.result.transaction("files", "readwrite").objectStore("files");
      files.get(key).onsuccess = ({ target: { result } }) => {
        result.secret[12] ^= 1;
        files.put(result).onsuccess = () => { open.result.close(); done(); };
      };
    };
  });
}
// Everything that the phone keeps of this origin, as text: drafts, submissions, files, last words.
export function on_disk() {
  return new Promise(done => {
    const open = indexedDB.open("eform");
    open.onsuccess = () => {
      const names = [...open.result.objectStoreNames];
      const reading = open.result.transaction(names);
      const all = names.map(name => reading.objectStore(name).getAll());
      reading.oncomplete = () => {
        open.result.close();
        const text = (_, value) => value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
        done(JSON.stringify([all.map(read => read.result), { ...localStorage }], text));
      };
    };
  });
}
// A key as a PIN opens it: what is kept does not tell it.
export async function pin() {
  const uses = ["encrypt", "decrypt"];
  const handle = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, uses);
  return [{ wrapped: new Uint8Array(40) }, handle];
}
export function sleep(ms) { return new Promise(done => setTimeout(done, ms)); }
export function hold_lock(ms) { navigator.locks.request("eform-outbox", () => sleep(ms)); }
export function signal() { dispatchEvent(new Event("online")); }
"#)]
extern "C" {
    fn forget() -> Promise;
    fn agency(mode: &str, delay: i32);
    fn stashed() -> u32;
    fn sent() -> Vec<JsValue>;
    fn body(call: u32) -> String;
    fn header(call: u32, name: &str) -> String;
    fn file_agency(most: u32, cuts: i32, forgets: i32);
    fn files() -> Vec<JsValue>;
    fn methods() -> Vec<JsValue>;
    fn row_keys() -> Promise;
    fn spoil(key: &str) -> Promise;
    fn on_disk() -> Promise;
    fn pin() -> Promise;
    fn sleep(ms: i32) -> Promise;
    fn hold_lock(ms: i32);
    fn signal();
}

/// An outbox over an empty database, and an agency that behaves like this.
async fn fresh(mode: &str, delay: i32) -> Rc<Outbox> {
    wait(forget()).await;
    agency(mode, delay);
    Outbox::open().await.unwrap()
}

async fn wait(promise: Promise) {
    JsFuture::from(promise).await.unwrap();
}

fn submission(id: &str, name: &str) -> Submission {
    Submission {
        id: id.into(),
        form: "farmer-registration".into(),
        version: "2569.1".into(),
        definition: digest(b"definition"),
        language: "th".into(),
        completed_at: platform::now_rfc3339_local(),
        replaces: None,
        answers: Some(Map::from_iter([("name".into(), Value::from(name))])),
        sealed: None,
        attachments: Vec::new(),
        uploads: Vec::new(),
    }
}

fn record(id: &str) -> Record {
    made_of(&submission(id, "สมหญิง \u{0}\u{2028}🌾"))
}

fn made_of(submission: &Submission) -> Record {
    Record::new(submission, Value::Null, "https://a.example/s".into(), platform::now())
}

fn draft(id: &str) -> Draft {
    let form = "farmer-registration";
    let mut draft = Draft::new(
        form.into(),
        id.into(),
        form.into(),
        digest(b"definition"),
        "th".into(),
        1_795_223_643_000,
    );
    draft.entries.insert("name".into(), "สมหญิง".into());
    draft
}

async fn state(outbox: &Outbox, id: &str) -> State {
    outbox.get(id).await.unwrap().unwrap().state
}

/// Waits until the record is in this state, five seconds at most.
async fn becomes(outbox: &Outbox, id: &str, wanted: State) {
    for _ in 0..100 {
        if state(outbox, id).await == wanted {
            return;
        }
        wait(sleep(50)).await;
    }
    let record = outbox.get(id).await.unwrap().unwrap();
    panic!("{id} is {:?} after {:?}, and not {wanted:?}", record.state, record.last);
}

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

/// As a page does that is left, once it is ready for it.
async fn stash(outbox: &Rc<Outbox>, draft: &Draft) {
    outbox.be_ready_to_stash(0).await;
    assert!(outbox.stash_draft(draft));
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
    outbox.delete_draft(&left.key).await.unwrap();
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
    assert!(outbox.delete("a").await.unwrap());
    assert_eq!(stashed(), 0);
}

#[wasm_bindgen_test]
async fn a_submission_that_is_being_written_as_the_page_is_left_is_written() {
    let outbox = fresh("down", 0).await;
    let (kept, undone) = (Cell::new(0), Cell::new(false));
    let record = record("a");
    let act = async |leaves: bool| {
        if leaves {
            undone.set(kept.get() == 0);
            outbox.store().let_go();
        } else if outbox.store().enqueue(&record, None, None).await.unwrap()
            == Enqueued::New(record.clone())
        {
            kept.set(kept.get() + 1);
        }
    };
    all(vec![act(false), act(true)]).await;
    assert!(undone.get() && kept.get() == 1);
    assert_eq!(state(&outbox, "a").await, State::Queued);
}

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
    outbox.delete_draft(&other).await.unwrap();
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
    wait(spoil(&format!("a\n{}\n000001", spoiled.sha256))).await;
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

/// A citizen with a draft, last words, a submission and files, all with this name in it.
async fn with_everything(name: &str) -> (Rc<Outbox>, Draft, Record, String) {
    let outbox = fresh("down", 0).await;
    let contents = name.repeat(20_000).into_bytes();
    let sha256 = eform::hex(&eform::sha256(&contents));
    let mut draft = draft("a");
    draft.entries.insert("name".into(), name.into());
    outbox.save_draft(&draft).await.unwrap();
    outbox.keep_file(&draft.key, &sha256, &Uint8Array::from(&*contents)).await.unwrap();
    let record = made_of(&submission("b", name));
    outbox.store().enqueue(&record, None, None).await.unwrap();
    draft.updated_at += 1;
    stash(&outbox, &draft).await;
    (outbox, draft, record, sha256)
}

async fn key_id(outbox: &Outbox) -> String {
    let key = outbox.newest_key().await.unwrap();
    js_sys::Reflect::get(&key, &"id".into()).unwrap().as_string().unwrap()
}

async fn told_on_disk() -> String {
    JsFuture::from(on_disk()).await.unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
async fn nothing_typed_is_on_the_disk_in_the_clear() {
    let name = "สมหญิง ใจดี";
    let (outbox, draft, record, sha256) = with_everything(name).await;
    let disk = told_on_disk().await;
    assert!(disk.contains("farmer-registration") && !disk.contains(name) && !disk.contains("สมห"));
    // Another page, later.
    drop(outbox);
    let outbox = Outbox::open().await.unwrap();
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
    assert_eq!(outbox.get("b").await.unwrap(), Some(record));
    let file = outbox.file(&draft.key, &sha256).await.unwrap().unwrap();
    assert_eq!(file.to_vec(), name.repeat(20_000).into_bytes());
}

#[wasm_bindgen_test]
async fn under_a_pin_nothing_is_read_written_or_sent_before_it_was_entered() {
    let name = "สมหญิง ใจดี";
    let (outbox, draft, record, sha256) = with_everything(name).await;
    let pin: Array = JsFuture::from(pin()).await.unwrap().into();
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
    outbox.change_key(&pin.get(0), &pin.get(1)).await.unwrap();
    // Here it is open.
    assert_eq!(outbox.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
    assert!(outbox.file(&draft.key, &sha256).await.unwrap().is_some());
    let disk = told_on_disk().await;
    assert!(!disk.contains(name) && disk.matches("\"key\":{}").count() == 0, "{disk}");

    // Another tab, which has the old key, and a new page.
    let changed = Draft { updated_at: draft.updated_at + 5, ..draft.clone() };
    assert_eq!(other.save_draft(&changed).await, Err(StorageError::Locked));
    let closed = [other, Outbox::open().await.unwrap()];
    agency("works", 0);
    for outbox in &closed {
        assert_eq!(outbox.load_draft(&draft.key).await, Err(StorageError::Locked));
        assert_eq!(outbox.list_drafts().await, Err(StorageError::Locked));
        assert_eq!(outbox.get("b").await, Err(StorageError::Locked));
        assert_eq!(
            outbox.store().enqueue(&self::record("c"), None, None).await,
            Err(StorageError::Locked)
        );
        let listed = outbox.list().await.unwrap();
        assert!(listed.len() == 1 && listed[0].locked);
        let drained = outbox.drain().await;
        assert_eq!((drained.tried, drained.next, sent().len()), (0, None, 0));
        let key = outbox.newest_key().await.unwrap();
        assert_eq!(js_sys::Reflect::get(&key, &"locked".into()), Ok(JsValue::TRUE));
    }
    agency("down", 0);
    for outbox in &closed {
        outbox.unlock(&key_id(outbox).await, &pin.get(1));
        assert_eq!(outbox.load_draft(&draft.key).await.unwrap().as_ref(), Some(&draft));
        assert_eq!(outbox.get("b").await.unwrap().map(|it| it.body), Some(record.body.clone()));
        assert!(!outbox.list().await.unwrap()[0].locked);
    }
    agency("works", 0);
    closed[0].send_now("b").await.unwrap();
    becomes(&closed[0], "b", State::Received).await;
}

#[wasm_bindgen_test]
async fn a_pin_that_nobody_knows_any_more_leaves_the_receipts() {
    let (outbox, draft, ..) = with_everything("สมหญิง ใจดี").await;
    agency("works", 0);
    outbox.submit(record("c"), None, None).await.unwrap();
    becomes(&outbox, "c", State::Received).await;
    agency("down", 0);
    let pin: Array = JsFuture::from(pin()).await.unwrap().into();
    outbox.change_key(&pin.get(0), &pin.get(1)).await.unwrap();
    // Not from where it was entered.
    assert!(!outbox.store().forget_locked().await.unwrap());
    assert_eq!(outbox.list().await.unwrap().len(), 2);
    let other = Outbox::open().await.unwrap();
    assert!(other.forget_locked().await.unwrap());
    let left = other.list().await.unwrap();
    assert!(left.iter().any(|record| record.id == "c" && record.receipt.is_some()));
    assert!(left.iter().all(|record| record.state == State::Received && !record.locked));
    assert_eq!(other.list_drafts().await.unwrap(), []);
    assert_eq!(other.save_draft(&draft).await.unwrap(), Saved::Saved);
    assert_eq!(other.load_draft(&draft.key).await.unwrap(), Some(draft));
}

#[wasm_bindgen_test]
async fn a_key_that_went_with_the_database_is_written_again() {
    let outbox = fresh("down", 0).await;
    outbox.save_draft(&draft("a")).await.unwrap();
    wait(forget()).await;
    let later = Draft { updated_at: 9_999_999_999_999, ..draft("a") };
    outbox.save_draft(&later).await.unwrap();
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.load_draft(&later.key).await.unwrap(), Some(later));
}

#[wasm_bindgen_test]
async fn tabs_that_make_a_key_at_once_make_one() {
    let outbox = fresh("down", 0).await;
    let mut others = Vec::new();
    for _ in 0..5 {
        others.push(Outbox::open().await.unwrap());
    }
    let key = |at: usize| Draft { key: format!("form-{at}"), ..draft(&format!("id-{at}")) };
    let drafts: Vec<_> = (0..others.len()).map(key).collect();
    let saving = others.iter().zip(&drafts).map(|(outbox, draft)| outbox.save_draft(draft));
    for saved in all(saving.collect()).await {
        assert_eq!(saved.unwrap(), Saved::Saved);
    }
    assert_eq!(outbox.list_drafts().await.unwrap(), drafts);
    let disk = told_on_disk().await;
    assert_eq!(disk.matches("\"key\":{}").count(), 1, "{disk}");
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

/// As after a page that was closed in the middle of it: a part is under the old key.
#[wasm_bindgen_test]
async fn a_pin_that_was_set_by_halves_is_gone_on_with_once_it_was_entered() {
    let name = "สมหญิง ใจดี";
    let (outbox, draft, record, sha256) = with_everything(name).await;
    let pin: Array = JsFuture::from(pin()).await.unwrap().into();
    outbox.store().change_key(&pin.get(0), &pin.get(1)).await.unwrap();
    drop(outbox);
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.save_draft(&draft).await, Err(StorageError::Locked));
    other.unlock(&key_id(&other).await, &pin.get(1));
    while told_on_disk().await.contains("\"key\":{}") {
        wait(sleep(10)).await;
    }
    drop(other);
    let third = Outbox::open().await.unwrap();
    assert_eq!(third.load_draft(&draft.key).await, Err(StorageError::Locked));
    // The PIN is changed, and the key is the same; then it is taken away.
    let id = key_id(&third).await;
    third.rewrap(&id, &pin.get(0)).await.unwrap();
    assert_eq!(third.load_draft(&draft.key).await, Err(StorageError::Locked));
    let plain = js_sys::Object::new();
    js_sys::Reflect::set(&plain, &"key".into(), &pin.get(1)).unwrap();
    third.rewrap(&id, &plain).await.unwrap();
    assert_eq!(third.load_draft(&draft.key).await.unwrap(), Some(draft.clone()));
    assert_eq!(third.get("b").await.unwrap().map(|it| it.body), Some(record.body));
    assert!(third.file(&draft.key, &sha256).await.unwrap().is_some());
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
async fn the_second_tap_finds_the_first() {
    let outbox = fresh("down", 0).await;
    let first = record("a");
    let mut second = made_of(&submission("a", "somebody else"));
    second.saved_at += 5;
    outbox.store().enqueue(&first, None, None).await.unwrap();
    let enqueued = outbox.store().enqueue(&second, None, None).await.unwrap();
    let listed = Record { body: String::new(), ..first };
    assert_eq!(enqueued, Enqueued::Already(listed));
}

#[wasm_bindgen_test]
async fn ten_taps_at_once_make_one_record() {
    let outbox = fresh("down", 0).await;
    let other = Store::open().await.unwrap();
    let record = record("a");
    let new = Cell::new(0);
    let tap = async |store: &Store| {
        if matches!(store.enqueue(&record, None, None).await.unwrap(), Enqueued::New(_)) {
            new.set(new.get() + 1);
        }
    };
    let here = outbox.store();
    all(vec![
        tap(here),
        tap(&other),
        tap(here),
        tap(&other),
        tap(here),
        tap(&other),
        tap(here),
        tap(&other),
        tap(here),
        tap(&other),
    ])
    .await;
    assert_eq!(new.get(), 1);
    assert_eq!(outbox.list().await.unwrap().len(), 1);
}

#[wasm_bindgen_test]
async fn of_two_that_claim_one_gets_the_lease() {
    let outbox = fresh("down", 0).await;
    let other = Store::open().await.unwrap();
    outbox.store().enqueue(&record("a"), None, None).await.unwrap();
    let occasion = machine::Occasion::timer(platform::now());
    let won = Cell::new(0);
    let claim = async |store: &Store, holder: &str| {
        let claim = |record: &Record| machine::claim(record, holder, occasion);
        if store.update("a", &claim).await.unwrap().is_some() {
            won.set(won.get() + 1);
        }
    };
    all(vec![claim(outbox.store(), "one"), claim(&other, "two")]).await;
    assert_eq!(won.get(), 1);
    assert_eq!(state(&outbox, "a").await, State::Sending);
}

#[wasm_bindgen_test]
async fn a_submission_is_delivered_and_keeps_its_receipt() {
    let outbox = fresh("ok", 10).await;
    let told = Rc::new(Cell::new(0));
    let count = Rc::clone(&told);
    let _subscription = outbox.subscribe(Rc::new(move |_| count.set(count.get() + 1)));
    let record = record("a");
    outbox.submit(record.clone(), None, None).await.unwrap();
    becomes(&outbox, "a", State::Received).await;
    let received = outbox.get("a").await.unwrap().unwrap();
    assert_eq!(received.receipt.unwrap().digest, record.digest);
    assert_eq!(sent(), ["https://a.example/s/a"]);
    assert_eq!(body(0), record.body);
    assert_eq!(header(0, "Idempotency-Key"), "\"a\"");
    assert!(header(0, "Content-Digest").starts_with("sha-256=:"));
    // Saved, claimed, received.
    assert_eq!(told.get(), 3);
}

#[wasm_bindgen_test]
async fn two_tabs_and_a_worker_send_once() {
    let outbox = fresh("ok", 200).await;
    let tabs = [Outbox::open().await.unwrap(), Outbox::open().await.unwrap()];
    for id in ["a", "b", "c"] {
        outbox.store().enqueue(&record(id), None, None).await.unwrap();
    }
    let results = all(vec![outbox.drain(), tabs[0].drain(), tabs[1].drain(), outbox.drain()]).await;
    assert_eq!(results.iter().filter(|drained| drained.busy).count(), 3);
    assert_eq!(results.iter().map(|drained| drained.tried).sum::<u32>(), 3);
    assert_eq!(sent().len(), 3);
    for id in ["a", "b", "c"] {
        assert_eq!(state(&outbox, id).await, State::Received);
    }
}

#[wasm_bindgen_test]
async fn no_network_and_a_captive_portal_leave_it_queued() {
    for mode in ["down", "portal"] {
        let outbox = fresh(mode, 0).await;
        outbox.store().enqueue(&record("a"), None, None).await.unwrap();
        let drained = outbox.drain().await;
        assert_eq!((drained.busy, drained.tried), (false, 1));
        assert!(drained.next.is_some_and(|next| (1..=2_000).contains(&next)), "{drained:?}");
        assert_eq!(state(&outbox, "a").await, State::Queued);
        // The same bytes go when it is back.
        agency("ok", 0);
        outbox.drain().await;
        assert_eq!(state(&outbox, "a").await, State::Received);
        assert_eq!(body(0), body(1));
    }
}

#[wasm_bindgen_test]
async fn a_refused_one_is_mended_and_holds_up_nobody() {
    let outbox = fresh("refuses-bad", 0).await;
    for id in ["bad", "good"] {
        outbox.store().enqueue(&record(id), None, None).await.unwrap();
    }
    outbox.drain().await;
    assert_eq!(state(&outbox, "good").await, State::Received);
    let refused = outbox.get("bad").await.unwrap().unwrap();
    assert_eq!(refused.state, State::Attention);
    assert_eq!(refused.trouble.unwrap().kind, TroubleKind::Refused);

    let draft = outbox.mend("bad").await.unwrap().unwrap();
    assert_eq!(outbox.mend("bad").await.unwrap().as_ref(), Some(&draft));
    assert_eq!(draft.replaces.as_deref(), Some("bad"));
    assert_eq!(draft.errors[0].pointer, "/name");
    let mut mended = submission(&draft.id, "สมหญิง รักดี");
    mended.replaces = draft.replaces.clone();
    outbox.submit(made_of(&mended), Some(&draft.key), None).await.unwrap();
    assert_eq!(state(&outbox, "bad").await, State::Replaced);
    becomes(&outbox, &draft.id, State::Received).await;
    assert_eq!(outbox.list_drafts().await.unwrap(), []);
}

#[wasm_bindgen_test]
async fn an_agency_that_asks_for_rest_is_asked_once_for_all_that_wait() {
    let outbox = fresh("rests", 0).await;
    for id in ["a", "b", "c", "d", "e"] {
        outbox.store().enqueue(&record(id), None, None).await.unwrap();
    }
    let there = "https://b.example/s/f";
    let elsewhere = Record { url: "https://b.example/s".into(), ..record("f") };
    outbox.store().enqueue(&elsewhere, None, None).await.unwrap();
    wait(sleep(5)).await;
    let drained = outbox.drain().await;
    assert_eq!(drained.tried, 2);
    assert_eq!(sent(), ["https://a.example/s/a", there]);
    assert!(drained.next.is_some_and(|next| next > 0), "{drained:?}");
    // Nor by another tab, whatever the network does.
    let other = Outbox::open().await.unwrap();
    assert_eq!(other.drain().await.tried, 0);

    // But what the citizen says goes, and shows that the rest is not over.
    outbox.send_now("c").await.unwrap();
    while outbox.drain().await.busy {
        wait(sleep(10)).await;
    }
    assert_eq!(sent()[2..], ["https://a.example/s/c"]);

    // Nobody has to do anything for the others.
    agency("ok", 0);
    outbox.start();
    for id in ["a", "b", "c", "d", "e", "f"] {
        becomes(&outbox, id, State::Received).await;
    }
    assert_eq!(sent().len(), 3 + 6);
}

#[wasm_bindgen_test]
async fn deleting_the_unsent_mend_brings_the_old_one_back() {
    let outbox = fresh("refuses-bad", 0).await;
    outbox.store().enqueue(&record("bad"), None, None).await.unwrap();
    outbox.drain().await;
    let mut mended = submission("mended", "x");
    mended.replaces = Some("bad".into());
    outbox.store().enqueue(&made_of(&mended), None, None).await.unwrap();
    assert_eq!(state(&outbox, "bad").await, State::Replaced);
    assert!(outbox.delete("mended").await.unwrap());
    assert_eq!(state(&outbox, "bad").await, State::Attention);
    assert!(!outbox.delete("mended").await.unwrap());
}

#[wasm_bindgen_test]
async fn one_that_hangs_does_not_hold_up_a_new_one() {
    let outbox = fresh("hangs-on-bad", 0).await;
    outbox.submit(record("bad"), None, None).await.unwrap();
    wait(sleep(300)).await;
    assert_eq!(state(&outbox, "bad").await, State::Sending);
    assert!(!outbox.delete("bad").await.unwrap(), "it may be arriving");
    wait(sleep(8_000)).await;
    outbox.submit(record("good"), None, None).await.unwrap();
    becomes(&outbox, "good", State::Received).await;
    assert_eq!(state(&outbox, "bad").await, State::Sending);
}

#[wasm_bindgen_test]
async fn what_a_crash_left_goes_at_once_and_as_the_same_bytes() {
    let outbox = fresh("ok", 0).await;
    let record = record("a");
    outbox.store().enqueue(&record, None, None).await.unwrap();
    let occasion = machine::Occasion::timer(platform::now());
    let claim = |record: &Record| machine::claim(record, "crashed", occasion);
    outbox.store().update("a", &claim).await.unwrap().unwrap();
    outbox.drain().await;
    assert_eq!(state(&outbox, "a").await, State::Received);
    assert_eq!(body(0), record.body);
}

#[wasm_bindgen_test]
async fn the_holder_of_the_lock_is_left_to_work() {
    let outbox = fresh("ok", 0).await;
    outbox.store().enqueue(&record("a"), None, None).await.unwrap();
    hold_lock(500);
    wait(sleep(50)).await;
    let drained = outbox.drain().await;
    assert_eq!((drained.busy, drained.next), (true, Some(5_000)));
    assert_eq!(sent().len(), 0);
    wait(sleep(600)).await;
    assert!(!outbox.drain().await.busy);
    assert_eq!(state(&outbox, "a").await, State::Received);
}

#[wasm_bindgen_test]
async fn a_started_outbox_sends_by_timer_and_when_the_network_returns() {
    let outbox = fresh("down", 0).await;
    outbox.start();
    outbox.start();
    outbox.submit(record("a"), None, None).await.unwrap();
    wait(sleep(100)).await;
    assert_eq!(state(&outbox, "a").await, State::Queued);
    agency("ok", 0);
    becomes(&outbox, "a", State::Received).await;

    agency("down", 0);
    outbox.submit(record("b"), None, None).await.unwrap();
    wait(sleep(100)).await;
    agency("ok", 0);
    signal();
    wait(sleep(200)).await;
    assert_eq!(state(&outbox, "b").await, State::Received);
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

#[wasm_bindgen_test]
fn ids_are_uuids_and_times_have_an_offset() {
    let id = platform::new_id();
    assert_eq!((id.len(), id.as_bytes()[14]), (36, b'7'));
    assert_ne!(id, platform::new_id());
    let time = platform::now_rfc3339_local();
    assert_eq!(time.len(), 25, "{time}");
    assert_eq!(js_sys::Date::parse(&time) as i64 / 1000, platform::now() / 1000);
}

/// Drives futures side by side in one task.
async fn all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
    let mut futures: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut results: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, result) in futures.iter_mut().zip(&mut results) {
            if result.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *result = Some(value);
            }
        }
        if results.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    results.into_iter().flatten().collect()
}
