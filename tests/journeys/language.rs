//! The page in another language.

use eform_journeys::{form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::json;

use crate::{FORM, open, sample, views::becomes};

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

/// What is there in one language only is read out in that.
async fn words_of_another_language_say_which(stage: &Stage) {
    let definition = json!({
        "id": "words", "version": "1", "title": { "th": "คำ", "en": "Words" }, "languages": ["th", "en"],
        "submit": { "url": "/api/submissions" },
        "pages": [{ "id": "page", "title": { "th": "หน้า" }, "fields": [
            { "id": "a", "type": "text", "label": { "th": "ชื่อ", "en": "Name" }, "hint": { "th": "ชื่อจริง" } },
            { "id": "b", "type": "text", "label": { "th": "อำเภอ" } }
        ] }]
    });
    stage.agency.write("forms/words.json", &definition.to_string());
    stage.browser.open(&format!("{}/?form=words&lang=en", stage.cable.origin())).await;
    Form::on(&stage.browser, &Sample::new(definition)).is_open().await;
    let marked =
        "[...root.querySelectorAll('form [lang]')].map((one) => `${one.lang} ${one.textContent}`)";
    becomes(stage, marked, json!(["th หน้า", "th ชื่อจริง", "th อำเภอ"])).await;
}

journeys!(another_language_in_the_middle_loses_nothing, words_of_another_language_say_which);
