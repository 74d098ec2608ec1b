//! No page is open: the service worker sends what waits, where the browser wakes it for that.

use eform_journeys::{
    cable::{Fate, Fault, Mode},
    journeys,
    sample::Sample,
    stage::Stage,
    wait::wait_for,
};
use serde_json::{Map, Value, json};

use crate::{
    FORM, is_ready_for_no_signal, open, open_list, sample,
    updating::{HAS_NEXT, serve_next},
};

async fn what_waits_is_sent_with_no_page_open(stage: &Stage) {
    let sample = sample();
    let answers = submitted_and_left(stage, &sample).await;
    stage.cable.set(Mode::Pass).await;
    wake(stage).await;
    arrives(stage).await;
    is_shown_as_received(stage, &sample, &answers).await;
}

async fn a_worker_that_is_stopped_in_mid_send_sends_it_once(stage: &Stage) {
    let sample = sample();
    let answers = submitted_and_left(stage, &sample).await;
    is_being_sent(stage).await;
    arrives(stage).await;
    stage.browser.devtools("ServiceWorker.stopAllWorkers", json!({})).await;
    wake(stage).await;
    stage.cable.wait_for("PUT", Fate::Answered, 1).await;
    is_shown_as_received(stage, &sample, &answers).await;
}

async fn what_cannot_be_sent_goes_when_the_worker_is_woken_again(stage: &Stage) {
    let sample = sample();
    let answers = submitted_and_left(stage, &sample).await;
    stage.cable.set(Mode::Pass).await;
    let (content_type, body) = ("text/plain", String::new());
    stage.cable.next("PUT", Fault::Answer { status: 503, content_type, body });
    wake(stage).await;
    stage.cable.wait_for("PUT", Fate::AnsweredByCable, 1).await;
    assert!(stage.agency.rows(FORM).is_empty());
    wake(stage).await;
    arrives(stage).await;
    is_shown_as_received(stage, &sample, &answers).await;
}

/// A page and the worker at the same time: one of them sends.
async fn the_page_and_the_worker_both_try_and_one_sends(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    let answers = form.fill_in().await;
    stage.cable.next("PUT", Fault::HoldResponse);
    form.press("submit").await;
    stage.cable.wait_for("PUT", Fate::ResponseHeld, 1).await;
    wake(stage).await;
    form.says("กำลังส่ง").await;
    stage.browser.open("about:blank").await;
    wake(stage).await;
    stage.cable.wait_for("PUT", Fate::Answered, 1).await;
    is_shown_as_received(stage, &sample, &answers).await;
}

/// The worker sends, and its next version comes: that waits until the agency's answer is there.
async fn a_worker_that_is_replaced_in_mid_send_sends_it_once(stage: &Stage) {
    let sample = sample();
    let answers = submitted_and_left(stage, &sample).await;
    is_being_sent(stage).await;
    serve_next(stage);
    let forms = |stage: &Stage| {
        let gets = stage.cable.requests("GET").into_iter();
        gets.filter(|get| get.path.starts_with("/forms/") && get.fate == Fate::Answered).count()
    };
    let before = forms(stage);
    let scope = json!({ "scopeURL": format!("{}/", stage.cable.origin()) });
    stage.browser.devtools("ServiceWorker.updateRegistration", scope).await;
    // It is being installed: it fetches the forms anew.
    wait_for("the next version", async || (forms(stage) > before).then_some(())).await;
    stage.cable.let_go();
    arrives(stage).await;
    is_shown_as_received(stage, &sample, &answers).await;
    let requests = stage.cable.requests("PUT");
    assert_eq!(requests.iter().filter(|put| put.fate == Fate::Answered).count(), 1, "{requests:?}");
    let has_next = format!("return (async () => {{ {HAS_NEXT} return hasNext }})()");
    stage.browser.wait_until("the next version", &has_next, json!(null)).await;
}

/// Fills in and submits with no signal, and closes the page. What the browser wakes the worker for
/// by itself then is over.
async fn submitted_and_left(stage: &Stage, sample: &Sample) -> Map<String, Value> {
    let form = open(stage, sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    let answers = form.fill_in().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    stage.browser.open("about:blank").await;
    stage.browser.devtools("ServiceWorker.enable", json!({})).await;
    stage.browser.devtools("ServiceWorker.stopAllWorkers", json!({})).await;
    answers
}

/// The worker sends, the agency has it, and its answer does not come.
async fn is_being_sent(stage: &Stage) {
    stage.cable.set(Mode::Pass).await;
    stage.cable.next("PUT", Fault::HoldResponse);
    wake(stage).await;
    stage.cable.wait_for("PUT", Fate::ResponseHeld, 1).await;
}

/// As the browser does when there is a network.
async fn wake(stage: &Stage) {
    stage.browser.devtools("ServiceWorker.enable", json!({})).await;
    // Registrations are numbered from the browser's first journey on, and no driver says with which.
    for number in 0..32 {
        let event = json!({
            "origin": stage.cable.origin(), "registrationId": number.to_string(),
            "tag": "eform-outbox", "lastChance": false
        });
        // There is no such registration.
        _ = stage.browser.try_devtools("ServiceWorker.dispatchSyncEvent", event).await;
    }
}

async fn arrives(stage: &Stage) {
    wait_for("a row", async || (!stage.agency.rows(FORM).is_empty()).then_some(())).await;
}

async fn is_shown_as_received(stage: &Stage, sample: &Sample, answers: &Map<String, Value>) {
    let form = open_list(stage, sample).await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), answers).await;
}

journeys!(
    chromium alone:
    what_waits_is_sent_with_no_page_open,
    a_worker_that_is_stopped_in_mid_send_sends_it_once,
    what_cannot_be_sent_goes_when_the_worker_is_woken_again,
    the_page_and_the_worker_both_try_and_one_sends,
    a_worker_that_is_replaced_in_mid_send_sends_it_once,
);
