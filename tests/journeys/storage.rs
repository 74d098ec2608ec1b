//! A phone on which nothing can be kept: the citizen is told, and nothing is called saved.

use eform_journeys::{form::Form, journeys, stage::Stage};
use serde_json::json;

use crate::{FORM, sample};

/// On a page whose storage does this, fills the form in as far as «submit».
async fn nothing_is_called_saved(stage: &Stage, storage: &str) {
    let sample = sample();
    open_page(stage, storage).await;
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
async fn open_page(stage: &Stage, storage: &str) {
    stage.agency.write("storage.js", storage);
    let page = format!(
        "<!doctype html><html lang='th'><meta charset='utf-8'><title>An agency's own page</title>
         <script src='storage.js'></script><script type='module' src='e-form.js'></script>
         <e-form src='forms/{FORM}.json'></e-form>"
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
    open_page(stage, REFUSE).await;
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

journeys!(
    where_storage_is_refused,
    where_storage_never_answers,
    that_nothing_can_be_kept_is_said_at_once,
);
