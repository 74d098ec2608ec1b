//! A hotel's Wi-Fi that answers everything with its login page: 200 and HTML.

use eform_journeys::{
    cable::{Fate, Mode},
    journeys,
    stage::Stage,
};

use crate::{FORM, is_ready_for_no_signal, open, sample};

async fn a_login_page_is_not_taken_for_delivered(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    stage.cable.set(Mode::Captive).await;
    form.press("submit").await;
    stage.cable.wait_for("PUT", Fate::AnsweredByCable, 1).await;
    form.becomes("queued").await;
    assert!(stage.agency.rows(FORM).is_empty());
    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// The form was kept, so the hotel's page does not stand in its place.
async fn the_form_opens_behind_a_login_page(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    stage.cable.set(Mode::Captive).await;
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    form.press("submit").await;
    form.is_kept().await;
    stage.cable.set(Mode::Pass).await;
    stage.browser.reload().await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

journeys!(a_login_page_is_not_taken_for_delivered, the_form_opens_behind_a_login_page);
