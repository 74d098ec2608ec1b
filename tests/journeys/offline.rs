//! No signal: the form opens, is filled in, is kept, and is delivered when the signal is back.

use eform_journeys::{cable::Mode, journeys, stage::Stage};

use crate::{FORM, is_ready_for_no_signal, open, sample};

async fn opened_once_it_opens_without_a_server_and_is_delivered_when_there_is_one(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    stage.cable.set(Mode::Unplugged).await;

    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    form.press("submit").await;
    form.is_kept().await;
    assert_ne!(form.states().await, ["received"]);
    assert!(stage.agency.rows(FORM).is_empty());

    stage.cable.set(Mode::Pass).await;
    stage.browser.reload().await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

async fn the_signal_comes_back_while_the_page_is_open_and_nobody_does_anything(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

async fn a_signal_too_weak_to_answer_holds_nobody_up(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    stage.cable.set(Mode::Stall).await;

    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    form.press("submit").await;
    form.is_kept().await;
    assert!(stage.agency.rows(FORM).is_empty());

    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

journeys!(
    opened_once_it_opens_without_a_server_and_is_delivered_when_there_is_one,
    the_signal_comes_back_while_the_page_is_open_and_nobody_does_anything,
    a_signal_too_weak_to_answer_holds_nobody_up,
);
