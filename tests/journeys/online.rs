//! With a signal, and nothing goes wrong.

use eform_journeys::{journeys, stage::Stage};
use serde_json::json;

use crate::{FORM, open, sample};

async fn what_is_filled_in_is_received_exactly_and_once(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    form.press("submit").await;
    form.becomes("received").await;
    let rows = stage.agency.rows(FORM);
    form.is_received_once(&rows, &answers).await;
    assert_eq!(rows[0].submission["form"], FORM);
    assert_eq!(rows[0].submission["version"], sample.definition()["version"]);
    assert_eq!(rows[0].submission["language"], sample.definition()["languages"][0]);
}

async fn the_receipt_is_still_there_after_the_page_is_closed(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    form.press("submit").await;
    form.becomes("received").await;
    stage.browser.reload().await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

async fn a_page_with_a_mistake_says_so_and_goes_no_further(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let fields: Vec<String> =
        form.controls().await.into_iter().map(|control| control.name).collect();
    form.press("continue").await;
    stage.browser.text("[data-eform=error-summary]").await;
    let now: Vec<String> = form.controls().await.into_iter().map(|control| control.name).collect();
    assert_eq!(now, fields, "it is still the same page");
    assert!(
        stage.browser.count("[aria-invalid=true]").await > 0,
        "the mistakes are marked where they are"
    );
    form.fill_in().await;
    assert!(stage.agency.rows(FORM).is_empty());
}

/// An error that goes away moves what is below it. If that happens while a finger is down, the tap
/// hits something else.
async fn mending_one_answer_does_not_swallow_the_tap_on_the_next(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    form.press("continue").await;
    stage.browser.text("[data-eform=error-summary]").await;
    let controls = form.controls().await;
    let [first, second] = &controls[..2] else { panic!("two questions on the first page") };
    assert_eq!([&*first.kind, &*second.kind], ["radio"; 2], "two questions that are tapped");
    form.choose(first, 0).await;
    form.choose(second, 0).await;
    let now = form.controls().await;
    let chosen =
        |name: &str| now.iter().any(|control| control.name == name && control.value != json!([]));
    assert!(chosen(&first.name) && chosen(&second.name), "{now:?}");
}

journeys!(
    what_is_filled_in_is_received_exactly_and_once,
    the_receipt_is_still_there_after_the_page_is_closed,
    a_page_with_a_mistake_says_so_and_goes_no_further,
    mending_one_answer_does_not_swallow_the_tap_on_the_next,
);
