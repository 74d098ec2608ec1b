//! The connection breaks in the middle, at the worst places.

use eform_journeys::{
    cable::{Fate, Fault},
    journeys,
    stage::Stage,
};

use crate::{FORM, open, sample};

/// Fills in, submits over a cable that breaks these requests, and finds it received once.
async fn is_received_once_in_spite_of(stage: &Stage, faults: &[Fault], ends: Fate) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    for fault in faults {
        stage.cable.next("PUT", fault.clone());
    }
    form.press("submit").await;
    stage.cable.wait_for("PUT", ends, faults.len()).await;
    form.is_kept().await;
    form.becomes("received").await;
    let rows = stage.agency.rows(FORM);
    form.is_received_once(&rows, &answers).await;
    let ids: Vec<_> = stage.cable.requests("PUT").into_iter().map(|request| request.path).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "sent again under the same name: {ids:?}");
}

/// The server has stored it, and its answer never arrives.
async fn an_answer_that_is_lost_is_asked_for_again(stage: &Stage) {
    is_received_once_in_spite_of(stage, &[Fault::CutResponseAfter(0)], Fate::ResponseCut).await;
}

/// The status arrives, 201, and half of the receipt.
async fn half_a_receipt_is_no_receipt(stage: &Stage) {
    is_received_once_in_spite_of(stage, &[Fault::CutResponseAfter(400)], Fate::ResponseCut).await;
}

async fn half_a_request_is_sent_again(stage: &Stage) {
    is_received_once_in_spite_of(stage, &[Fault::CutRequestAfter(700)], Fate::RequestCut).await;
}

async fn a_server_that_is_busy_is_asked_again(stage: &Stage) {
    let busy = Fault::Answer { status: 503, content_type: "text/plain", body: "busy".to_owned() };
    is_received_once_in_spite_of(stage, &[busy], Fate::AnsweredByCable).await;
}

/// The agency's server itself is killed after it has answered, and started again.
async fn the_agency_loses_its_power_and_still_has_the_row(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    stage.cable.next("PUT", Fault::CutResponseAfter(0));
    form.press("submit").await;
    stage.cable.wait_for("PUT", Fate::ResponseCut, 1).await;
    stage.agency.kill();
    stage.agency.start_again();
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

journeys!(
    an_answer_that_is_lost_is_asked_for_again,
    half_a_receipt_is_no_receipt,
    half_a_request_is_sent_again,
    a_server_that_is_busy_is_asked_again,
    the_agency_loses_its_power_and_still_has_the_row,
);
