//! A phone with an empty outbox, an agency in place of `fetch`, and what is submitted in these tests.

use std::{future::Future, rc::Rc};

use eform::{Submission, digest};
use eform_outbox::{Draft, Outbox, Record, State, platform};
use js_sys::Promise;
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(inline_js = r#"
const real = globalThis.fetch, timeout = globalThis.setTimeout;
let calls = [], hanging = [];
export async function forget() {
  hanging.forEach(stop => stop());
  await sleep(100);
  calls = [];
  hanging = [];
  globalThis.fetch = real;
  globalThis.setTimeout = timeout;
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
// One bit of a secret is not what it was.
export function spoil(store, key) {
  return new Promise(done => {
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
// As a browser does that was restored from a backup: the keys are there, and without what they are.
export function lose_keys() {
  return new Promise(done => {
    const open = indexedDB.open("eform");
    open.onsuccess = () => {
      const keys = open.result.transaction("keys", "readwrite").objectStore("keys");
      keys.getAll().onsuccess = ({ target: { result } }) => {
        for (const { id, at } of result) keys.put({ id, at });
      };
      keys.transaction.oncomplete = () => { open.result.close(); done(); };
    };
  });
}
// The next transaction that writes here is carried out, and says that it was not.
export function misreport(store) {
  const own = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "oncomplete");
  Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
    configurable: true,
    set(told) {
      const is_meant = this.mode === "readwrite" && this.objectStoreNames.contains(store);
      if (!is_meant) return own.set.call(this, told);
      Object.defineProperty(IDBTransaction.prototype, "oncomplete", own);
      this.addEventListener("complete", () => told(new Event("abort")));
    },
  });
}
// A later version of the kit comes and makes the database its own: rejected where a page stands in its way.
export function upgrade() {
  return new Promise((done, failed) => {
    const open = indexedDB.open("eform", 1000);
    open.onblocked = failed;
    open.onupgradeneeded = () => open.result.createObjectStore("later", { keyPath: "id" });
    open.onsuccess = () => { open.result.close(); done(); };
  });
}
// What waits so long waits a moment, until `forget`.
export function hurry(long) {
  globalThis.setTimeout = (act, ms, ...rest) => timeout(act, ms === long ? 50 : ms, ...rest);
}
// Somebody stands in the way of a page that deletes the database: whoever opens it waits behind.
let way = null;
export async function hold_open() {
  const held = await new Promise(done => {
    const open = indexedDB.open("eform");
    open.onsuccess = () => done(open.result);
  });
  const deleting = indexedDB.deleteDatabase("eform");
  const deleted = new Promise(done => { deleting.onsuccess = done; });
  way = async () => { held.close(); await deleted; };
}
export function let_open() { return way(); }
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
let give_up;
// Somebody is apart, or is not any more.
export async function share(is_so) {
  if (!is_so) return give_up();
  await new Promise(taken => navigator.locks.request("eform-outbox-apart", { mode: "shared" }, () => {
    taken();
    return new Promise(done => give_up = done);
  }));
}
export function hold_lock(ms) { navigator.locks.request("eform-outbox", () => sleep(ms)); }
export function offline(is_so) {
  if (is_so) Object.defineProperty(navigator, "onLine", { configurable: true, value: false });
  else delete navigator.onLine;
}
export function hidden(is_so) {
  if (is_so) Object.defineProperty(document, "visibilityState", { configurable: true, value: "hidden" });
  else delete document.visibilityState;
  document.dispatchEvent(new Event("visibilitychange"));
}
export async function line() { return (await navigator.locks.query()).pending.length; }
export function signal() { dispatchEvent(new Event("online")); }
"#)]
extern "C" {
    pub fn forget() -> Promise;
    pub fn agency(mode: &str, delay: i32);
    pub fn stashed() -> u32;
    pub fn sent() -> Vec<JsValue>;
    pub fn body(call: u32) -> String;
    pub fn header(call: u32, name: &str) -> String;
    pub fn file_agency(most: u32, cuts: i32, forgets: i32);
    pub fn files() -> Vec<JsValue>;
    pub fn methods() -> Vec<JsValue>;
    pub fn row_keys() -> Promise;
    pub fn spoil(store: &str, key: &str) -> Promise;
    pub fn lose_keys() -> Promise;
    pub fn misreport(store: &str);
    pub fn upgrade() -> Promise;
    pub fn hurry(long: i32);
    pub fn hold_open() -> Promise;
    pub fn let_open() -> Promise;
    fn on_disk() -> Promise;
    pub fn pin() -> Promise;
    pub fn sleep(ms: i32) -> Promise;
    pub fn hold_lock(ms: i32);
    pub fn share(is_so: bool) -> Promise;
    pub fn offline(is_so: bool);
    pub fn hidden(is_so: bool);
    fn line() -> Promise;
    pub fn signal();
}

/// An outbox over an empty database, and an agency that behaves like this.
pub async fn fresh(mode: &str, delay: i32) -> Rc<Outbox> {
    wait(forget()).await;
    agency(mode, delay);
    Outbox::open().await.unwrap()
}

pub async fn wait(promise: Promise) {
    JsFuture::from(promise).await.unwrap();
}

/// How many wait in line for the lock.
pub async fn in_line() -> u32 {
    let length = JsFuture::from(line()).await.unwrap().as_f64().unwrap();
    length as u32
}

/// What is on the disk, see `on_disk`.
pub async fn told_on_disk() -> String {
    JsFuture::from(on_disk()).await.unwrap().as_string().unwrap()
}

pub fn submission(id: &str, name: &str) -> Submission {
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

pub fn record(id: &str) -> Record {
    made_of(&submission(id, "สมหญิง \u{0}\u{2028}🌾"))
}

pub fn made_of(submission: &Submission) -> Record {
    Record::new(submission, Value::Null, "https://a.example/s".into(), platform::now())
}

pub fn draft(id: &str) -> Draft {
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

pub async fn state(outbox: &Outbox, id: &str) -> State {
    outbox.get(id).await.unwrap().unwrap().state
}

/// Waits until the record is in this state, five seconds at most.
pub async fn becomes(outbox: &Outbox, id: &str, wanted: State) {
    for _ in 0..100 {
        if state(outbox, id).await == wanted {
            return;
        }
        wait(sleep(50)).await;
    }
    let record = outbox.get(id).await.unwrap().unwrap();
    panic!("{id} is {:?} after {:?}, and not {wanted:?}", record.state, record.last);
}

/// As a page does that is left, once it is ready for it.
pub async fn stash(outbox: &Rc<Outbox>, draft: &Draft) {
    outbox.be_ready_to_stash(0).await;
    assert!(outbox.stash_draft(draft));
}

/// Drives futures side by side in one task.
pub async fn all<T>(futures: Vec<impl Future<Output = T>>) -> Vec<T> {
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
