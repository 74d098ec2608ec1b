//! However often and from wherever it is sent, the agency gets it once.

use eform_journeys::{cable::Mode, journeys, stage::Stage};

use crate::{FORM, open, sample};

async fn ten_fast_taps_on_submit_are_one_submission(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    stage.browser.tap_ten_times("[data-eform=submit]").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// The same draft, open in two tabs, and «submit» in both.
async fn submitted_in_two_tabs_it_is_one_submission(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    form.draft_is_kept(&answers).await;
    let first = stage.browser.tab().await;
    let second = stage.browser.new_tab().await;
    let form = open(stage, &sample).await;
    form.go_to_submit().await;
    stage.browser.turn_to(&first).await;
    form.press("submit").await;
    stage.browser.turn_to(&second).await;
    // It may have heard of the other already, and offer nothing to submit any more.
    if form.shows("submit").await {
        form.press_if_there("submit").await;
    }
    for tab in [first, second] {
        stage.browser.turn_to(&tab).await;
        form.becomes("received").await;
        form.is_received_once(&stage.agency.rows(FORM), &answers).await;
    }
}

/// It waits for a signal, two tabs are open, and both see the signal come back.
async fn two_tabs_that_wait_for_a_signal_deliver_once(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    form.draft_is_kept(&answers).await;
    let first = stage.browser.tab().await;
    let second = stage.browser.new_tab().await;
    open(stage, &sample).await;
    stage.cable.set(Mode::Unplugged).await;
    stage.browser.turn_to(&first).await;
    form.press("submit").await;
    form.becomes("queued").await;
    stage.browser.turn_to(&second).await;
    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    stage.browser.turn_to(&first).await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

journeys!(
    ten_fast_taps_on_submit_are_one_submission,
    submitted_in_two_tabs_it_is_one_submission,
    two_tabs_that_wait_for_a_signal_deliver_once,
);
