//! A new version of the kit: the phone takes it by itself where nobody notices, and offers it where
//! somebody is at a form.

use std::fs;

use eform_journeys::{
    browser::Browser,
    cable::{Exchange, Fate, Fault, Mode},
    form::Form,
    journeys,
    sample::Sample,
    stage::Stage,
};
use serde_json::{Map, json};

use crate::{FORM, files, is_ready_for_no_signal, open, sample, uploads};

/// Which version opens the page.
const VERSION: &str = "
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data.version);
    navigator.serviceWorker.controller.postMessage({ type: 'version' }, [port2]);
    // One that is being replaced may never answer.
    setTimeout(resolve, 1000);
  });
";

async fn version(browser: &Browser) -> String {
    browser.ask(VERSION, json!(null)).await.as_str().unwrap_or_default().to_owned()
}

/// The name of the version that is published.
const NEXT: &str = "next";

/// Whether the phone has the next version and no other. The worker itself is not asked: a question is
/// an event, and as long as the old one has any to answer, it is not replaced.
pub const HAS_NEXT: &str = "
  const versions = (await caches.keys()).filter((name) => /^eform-(?!forms$|pages$)/.test(name));
  const hasNext = versions.length === 1 && versions[0] === 'eform-next';
";

/// The server has another version from now on, and the page is marked as one of before.
async fn publish(stage: &Stage) {
    stage.browser.ask("window.isOfBefore = true", json!(null)).await;
    serve_next(stage);
}

/// The server has another version from now on.
pub fn serve_next(stage: &Stage) {
    let file = stage.agency.site().join("sw.js");
    let worker = fs::read_to_string(&file).expect("the service worker");
    let (before, after) = worker.split_once("\"version\":\"").expect("its version");
    let (_, after) = after.split_once('"').expect("its end");
    let next = format!("{before}\"version\":\"{NEXT}\"{after}");
    fs::write(file, next).expect("it can be written");
}

/// The page was opened anew, by the next version.
async fn becomes_next(stage: &Stage) {
    let script = format!(
        "return (async () => {{ {HAS_NEXT} return hasNext && !window.isOfBefore && document.readyState === 'complete' }})()"
    );
    stage.browser.wait_until("the new version", &script, json!(null)).await;
    assert_eq!(version(&stage.browser).await, NEXT);
}

/// As a browser does by itself now and then. Where it is just doing so, it has looked before.
async fn look_for_another(stage: &Stage) {
    let found = format!(
        "return (async () => {{
           const registration = await navigator.serviceWorker.getRegistration();
           await registration.update();
           {HAS_NEXT}
           return Boolean(registration.installing ?? registration.waiting) || hasNext;
         }})()"
    );
    stage.browser.wait_until("another version to be found", &found, json!(null)).await;
}

async fn it_is_taken_when_the_form_is_opened_and_nobody_has_touched_it(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    let form = open(stage, &sample).await;
    publish(stage).await;
    look_for_another(stage).await;
    becomes_next(stage).await;
    form.is_open().await;
}

async fn whoever_is_at_a_form_is_asked_and_loses_nothing(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    let form = open(stage, &sample).await;
    let mut answers = form.answer_screen().await;
    form.go_on().await;
    answers.extend(form.answer_screen().await);
    form.draft_is_kept(&answers).await;
    let (screen, controls) = (form.screen().await, form.controls().await);
    let before = version(&stage.browser).await;
    publish(stage).await;
    look_for_another(stage).await;
    stage.browser.text("[data-action=restart]").await;
    assert_eq!(version(&stage.browser).await, before, "nothing changes under a finger");
    assert_eq!(form.controls().await, controls);

    stage.browser.tap("[data-action=restart]").await;
    becomes_next(stage).await;
    form.is_open().await;
    form.has_entered(&controls).await;
    assert_eq!(form.screen().await, screen);
    form.go_on().await;
    answers.extend(form.fill_in().await);
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// Where another page is open, it is asked even if nobody has touched one; the other follows.
async fn of_two_pages_one_is_asked_and_the_other_follows(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    open(stage, &sample).await;
    let first = stage.browser.tab().await;
    let before = version(&stage.browser).await;
    stage.browser.ask("window.isOfBefore = true", json!(null)).await;
    let second = stage.browser.new_tab().await;
    open(stage, &sample).await;
    publish(stage).await;
    look_for_another(stage).await;
    stage.browser.text("[data-action=restart]").await;
    assert_eq!(version(&stage.browser).await, before);
    stage.browser.turn_to(&first).await;
    assert_eq!(version(&stage.browser).await, before);
    stage.browser.turn_to(&second).await;
    stage.browser.tap("[data-action=restart]").await;
    becomes_next(stage).await;
    stage.browser.turn_to(&first).await;
    becomes_next(stage).await;
}

/// What is typed last is kept as the page is left for the new version.
async fn the_last_word_before_it_is_there_after_it(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    let form = open(stage, &sample).await;
    form.answer_screen().await;
    form.draft_is_kept(&Map::new()).await;
    publish(stage).await;
    look_for_another(stage).await;
    stage.browser.text("[data-action=restart]").await;
    let controls = form.controls().await;
    let text = controls.iter().find(|control| control.kind == "text").expect("a box");
    form.enter(&text.name, text.part.as_deref(), "last").await;
    let typed = form.controls().await;
    stage.browser.tap("[data-action=restart]").await;
    becomes_next(stage).await;
    form.has_entered(&typed).await;
}

/// The one that waits answers: whatever was asked of it before has been heard.
const WHO_WAITS: &str = "
  return navigator.serviceWorker.getRegistration().then(({ waiting }) => new Promise((resolve) => {
    if (waiting?.state !== 'installed') return resolve(null);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data.version);
    waiting.postMessage({ type: 'version' }, [port2]);
  }));
";

/// A page that nobody has touched sends: a file, or the submission after it. Its answer is held.
async fn sends<'a>(stage: &'a Stage, sample: &'a Sample, method: &str) -> Form<'a> {
    let form = uploads::filled_in(stage, sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    // The page of before may try once more, as it is left.
    stage.browser.open("about:blank").await;
    stage.cable.next(method, Fault::HoldResponse);
    stage.cable.set(Mode::Pass).await;
    let list = format!("{}/", stage.cable.origin());
    stage.browser.open(&list).await;
    form.becomes("sending").await;
    stage.cable.wait_for(method, Fate::ResponseHeld, 1).await;
    form
}

fn nothing_was_broken_off(stage: &Stage, method: &str) {
    uploads::is_there_once(stage);
    let cut = |exchange: &Exchange| exchange.fate != Fate::Answered;
    let cut: Vec<_> = stage.cable.requests(method).into_iter().filter(cut).collect();
    assert!(cut.is_empty(), "nothing was broken off: {cut:?}");
}

/// A new version comes while the page sends, and takes over once that has arrived.
async fn it_waits_while_the_page_sends(stage: &Stage, method: &str) {
    let sample = files::claim();
    let form = sends(stage, &sample, method).await;
    let before = version(&stage.browser).await;
    publish(stage).await;
    look_for_another(stage).await;
    let waits = stage.browser.wait_until("the one that waits", WHO_WAITS, json!(null)).await;
    assert_eq!(waits, json!(NEXT));
    assert_eq!(version(&stage.browser).await, before, "it waits");
    assert_eq!(form.states().await, ["sending"]);
    stage.cable.let_go();
    becomes_next(stage).await;
    form.becomes("received").await;
    nothing_was_broken_off(stage, method);
}

async fn it_waits_while_a_file_is_on_its_way(stage: &Stage) {
    it_waits_while_the_page_sends(stage, "PATCH").await;
}

async fn it_waits_while_a_submission_is_on_its_way(stage: &Stage) {
    it_waits_while_the_page_sends(stage, "PUT").await;
}

/// Another page takes the new version by a tap: the one that sends goes on, and is asked.
async fn what_one_page_sends_is_not_broken_off_by_another(stage: &Stage) {
    let sample = files::claim();
    let form = sends(stage, &sample, "PUT").await;
    let first = stage.browser.tab().await;
    stage.browser.ask("window.isOfBefore = true", json!(null)).await;
    let second = stage.browser.new_tab().await;
    let other = files::open(stage, &sample).await;
    other.enter("name", None, "another").await;
    publish(stage).await;
    look_for_another(stage).await;
    stage.browser.tap("[data-action=restart]").await;
    becomes_next(stage).await;
    stage.browser.turn_to(&first).await;
    stage.browser.text("[data-action=restart]").await;
    let is_of_before = stage.browser.ask("return window.isOfBefore", json!(null)).await;
    assert_eq!((is_of_before, form.states().await), (json!(true), vec!["sending".to_owned()]));
    stage.cable.let_go();
    form.becomes("received").await;
    nothing_was_broken_off(stage, "PUT");
    stage.browser.tap("[data-action=restart]").await;
    becomes_next(stage).await;
    form.becomes("received").await;
    stage.browser.turn_to(&second).await;
    other.is_open().await;
}

/// Whoever does not wait loses nothing: what was cut off is sent again by the next version.
async fn taken_in_mid_send_it_is_received_once(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    stage.cable.next("PUT", Fault::HoldResponse);
    form.press("submit").await;
    stage.cable.wait_for("PUT", Fate::ResponseHeld, 1).await;
    publish(stage).await;
    look_for_another(stage).await;
    stage.browser.tap("[data-action=restart]").await;
    becomes_next(stage).await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
    assert_eq!(stage.cable.requests("PUT").len(), 2, "once by each version");
}

journeys!(
    it_waits_while_a_file_is_on_its_way,
    it_waits_while_a_submission_is_on_its_way,
    what_one_page_sends_is_not_broken_off_by_another,
    taken_in_mid_send_it_is_received_once,
    it_is_taken_when_the_form_is_opened_and_nobody_has_touched_it,
    whoever_is_at_a_form_is_asked_and_loses_nothing,
    of_two_pages_one_is_asked_and_the_other_follows,
    the_last_word_before_it_is_there_after_it,
);
