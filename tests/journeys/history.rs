//! Back and Forward.

use eform_journeys::{journeys, stage::Stage};
use serde_json::{Value, json};

use crate::{FORM, address, open, sample};

async fn the_browsers_back_and_the_forms_back_are_the_same(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let mut answers = form.answer_screen().await;
    let first = (form.screen().await, form.controls().await);
    form.go_on().await;
    answers.extend(form.answer_screen().await);
    let second = (form.screen().await, form.controls().await);

    stage.browser.back().await;
    form.turns_from(&second.0).await;
    assert_eq!((form.screen().await, form.controls().await), first, "by the browser");
    stage.browser.forward().await;
    form.turns_from(&first.0).await;
    assert_eq!((form.screen().await, form.controls().await), second, "forward again");
    form.press("back").await;
    form.turns_from(&second.0).await;
    assert_eq!((form.screen().await, form.controls().await), first, "by the form");
    stage.browser.forward().await;
    form.turns_from(&first.0).await;
    assert_eq!((form.screen().await, form.controls().await), second, "and forward again");

    form.go_on().await;
    answers.extend(form.fill_in().await);
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

async fn an_answer_is_changed_from_the_check_and_the_way_leads_back_there(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    let check = form.screen().await;
    form.press("change").await;
    form.turns_from(&check).await;
    form.go_on().await;
    assert_eq!(form.screen().await, check);
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// The answers have left the citizen's hand.
async fn back_after_submitting_does_not_open_the_answers_again(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    form.press("submit").await;
    form.becomes("received").await;
    stage.browser.back().await;
    form.is_open().await;
    form.becomes("received").await;
    assert!(!form.shows("submit").await);
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// Whoever types and goes elsewhere in the same moment, as by another link, finds all of it there,
/// and on the way back what was typed last.
async fn left_in_the_middle_of_typing_it_goes_on(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let mut answers = form.answer_screen().await;
    form.draft_is_kept(&answers).await;
    let shown = form.controls().await;
    let is_shown = |field: &&Value| shown.iter().any(|control| field["id"] == *control.name);
    let mut texts = sample.fields().filter(|field| field["type"] == "text").filter(is_shown);
    let name = texts.next().and_then(|field| field["id"].as_str()).expect("a text");
    form.enter(name, None, "อารี").await;
    answers.insert(name.to_owned(), json!("อารี"));
    let entered = form.controls().await;
    stage.browser.open(&format!("{}&again=1", address(stage))).await;
    form.is_open().await;
    form.has_entered(&entered).await;
    // And back again: the browser may have kept the page as it was left.
    form.enter(name, None, "อารีย์").await;
    answers.insert(name.to_owned(), json!("อารีย์"));
    form.draft_is_kept(&answers).await;
    let entered = form.controls().await;
    stage.browser.back().await;
    form.is_open().await;
    form.has_entered(&entered).await;
    form.go_on().await;
    answers.extend(form.fill_in().await);
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

journeys!(
    the_browsers_back_and_the_forms_back_are_the_same,
    an_answer_is_changed_from_the_check_and_the_way_leads_back_there,
    back_after_submitting_does_not_open_the_answers_again,
    left_in_the_middle_of_typing_it_goes_on,
);
