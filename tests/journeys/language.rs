//! The page in another language.

use eform_journeys::{journeys, stage::Stage};

use crate::{FORM, open, sample};

async fn another_language_in_the_middle_loses_nothing(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let mut answers = form.answer_screen().await;
    let (words, entered) = (form.words().await, form.controls().await);
    form.press("language").await;
    form.says_otherwise_than(&words).await;
    assert_eq!(form.controls().await, entered, "what was entered stays");
    form.go_on().await;
    answers.extend(form.fill_in().await);
    form.press("submit").await;
    form.becomes("received").await;
    let rows = stage.agency.rows(FORM);
    form.is_received_once(&rows, &answers).await;
    assert_eq!(rows[0].submission["language"], sample.definition()["languages"][1]);
}

journeys!(another_language_in_the_middle_loses_nothing);
