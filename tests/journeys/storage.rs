//! A phone on which nothing can be kept: the citizen is told, and nothing is called saved.

use eform_journeys::{cable::Mode, engine::Engine, form::Form, journeys, stage::Stage};
use serde_json::json;

use crate::{
    FORM,
    files::{self, CLAIM, Disk, attach, bytes, claim, publish},
    open, sample,
};

/// On a page whose storage does this, fills the form in as far as «submit».
async fn nothing_is_called_saved(stage: &Stage, storage: &str) {
    let sample = sample();
    open_page(stage, storage, FORM).await;
    let form = Form::on(&stage.browser, &sample);
    form.fill_in().await;
    let before = form.words().await;
    form.press("submit").await;
    form.says_otherwise_than(&before).await;
    stage.browser.text("[role=alert]").await;
    assert!(form.states().await.is_empty(), "{}", form.words().await);
    assert!(form.shows("submit").await, "it can be tried again");
    assert!(stage.agency.rows(FORM).is_empty());
}

/// Opens the form on a page whose storage does this.
async fn open_page(stage: &Stage, storage: &str, form: &str) {
    stage.agency.write("storage.js", storage);
    let page = format!(
        "<!doctype html><html lang='th'><meta charset='utf-8'><title>An agency's own page</title>
         <script src='storage.js'></script><script type='module' src='e-form.js'></script>
         <e-form src='forms/{form}.json'></e-form>"
    );
    stage.agency.write("page.html", &page);
    stage.browser.open(&format!("{}/page.html", stage.cable.origin())).await;
}

const REFUSE: &str =
    "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };";

/// As in some private modes, and where a company's rules forbid it.
async fn where_storage_is_refused(stage: &Stage) {
    nothing_is_called_saved(stage, REFUSE).await;
}

/// Before anything is typed that would be lost.
async fn that_nothing_can_be_kept_is_said_at_once(stage: &Stage) {
    let sample = sample();
    open_page(stage, REFUSE, FORM).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    form.says("เบราว์เซอร์นี้เก็บข้อมูลไว้ในเครื่องไม่ได้").await;
    // Whom to call, and the form on paper.
    form.says("02-579-3004").await;
    stage.browser.tap("[data-eform=blank]").await;
    let printed = "return location.pathname === args && document.querySelector('h1') !== null";
    let address = format!("/forms/{FORM}.blank.th.html");
    stage.browser.wait_until("the empty form", printed, json!(address)).await;
}

/// As Safari's has been known to do.
async fn where_storage_never_answers(stage: &Stage) {
    let never = "IDBFactory.prototype.open = () => Object.create(IDBOpenDBRequest.prototype, {
      onsuccess: { writable: true }, onerror: { writable: true }, onupgradeneeded: { writable: true },
    });";
    nothing_is_called_saved(stage, never).await;
}

/// A phone that is full whenever the page says so.
const FULL: &str = "
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...given) {
    if (window.isFull) throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, given);
  };
  const storage = window.StorageManager?.prototype;
  const estimate = storage?.estimate;
  if (estimate) storage.estimate = async function () {
    return window.isFull ? { quota: 9e6, usage: 4e6 } : estimate.call(this);
  };";

async fn is_full(stage: &Stage, full: bool) {
    stage.browser.ask("window.isFull = args", json!(full)).await;
}

/// Nothing is called saved that is not, and when there is room again it is.
async fn on_a_full_phone(stage: &Stage) {
    let sample = sample();
    open_page(stage, FULL, FORM).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    let mut answers = form.answer_screen().await;
    form.draft_is_kept(&answers).await;
    is_full(stage, true).await;
    form.go_on().await;
    answers.extend(form.fill_in().await);
    form.press("submit").await;
    stage.browser.text("[role=alert]").await;
    assert!(form.states().await.is_empty(), "{}", form.words().await);
    assert!(stage.agency.rows(FORM).is_empty());

    is_full(stage, false).await;
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// Before it is read, and with words.
async fn a_file_for_which_there_is_no_room(stage: &Stage) {
    let sample = claim();
    publish(stage, CLAIM);
    open_page(stage, FULL, files::ID).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    let disk = Disk::new();
    let card = disk.write("card.pdf", &bytes(1_000_000, 1));
    is_full(stage, true).await;
    attach(stage, "card", &[&card]).await;
    // Without an estimate it is known when it is written.
    let words = match stage.browser.engine() {
        Engine::WebKit => "card.pdf: เก็บไฟล์ไว้ในเครื่องนี้ไม่ได้ พื้นที่อาจเต็ม",
        Engine::Chromium | Engine::Firefox => "card.pdf: พื้นที่ในเครื่องนี้ไม่พอ",
    };
    form.says(words).await;
    is_full(stage, false).await;
    attach(stage, "card", &[&card]).await;
    form.says("แนบแล้ว: card.pdf").await;
}

/// The day by which the page should be opened again, where the browser does not say that it keeps all.
async fn what_waits_is_asked_for_in_time(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    form.fill_in().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    let told = "
      return (async () => {
        const told = all('[data-part=may-be-wiped]').some(visible);
        const keeps = await navigator.storage?.persisted?.();
        return told !== (keeps === true);
      })()";
    stage
        .browser
        .wait_until("the warning, where there is something to warn of", told, json!(null))
        .await;
}

journeys!(
    on_a_full_phone,
    a_file_for_which_there_is_no_room,
    what_waits_is_asked_for_in_time,
    where_storage_is_refused,
    where_storage_never_answers,
    that_nothing_can_be_kept_is_said_at_once,
);
