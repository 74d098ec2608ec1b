//! Values that the page around the form gives: a campaign, a case number.

use eform_journeys::{form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::{Map, Value, json};

const ID: &str = "prefilled";

/// Serves a form with hidden values, and one question that depends on them.
fn serve(stage: &Stage) -> Sample {
    let both = |text: &str| json!({ "en": text, "th": text });
    let definition = json!({
        "id": ID, "version": "1", "title": both("Prefilled"), "languages": ["th", "en"],
        "submit": { "url": "/api/submissions" },
        "pages": [{ "id": "page", "title": both("Page"), "fields": [
            { "id": "campaign", "type": "hidden", "label": both("Where from") },
            { "id": "amount", "type": "hidden", "of": "number", "label": both("Amount") },
            { "id": "case", "type": "hidden", "label": both("Case"), "maxLength": 5 },
            { "id": "about", "type": "text", "label": both("About you") },
            { "id": "friend", "type": "text", "label": both("Who told you on LINE?"),
              "showIf": { "==": [{ "var": "campaign" }, "line"] } }
        ] }]
    });
    stage.agency.write(&format!("forms/{ID}.json"), &definition.to_string());
    Sample::new(definition)
}

/// Fills in what can be seen, submits, and reads what the agency has got last.
async fn submit(stage: &Stage, form: &Form<'_>) -> Map<String, Value> {
    form.is_open().await;
    form.says("Who told you on LINE?").await;
    form.fill_in().await;
    form.press("submit").await;
    form.becomes("received").await;
    let reference = form.reference().await;
    let rows = stage.agency.rows(ID);
    let row = rows.iter().find(|row| row.receipt["reference"] == reference);
    row.expect("its row").submission["answers"].as_object().cloned().unwrap_or_default()
}

fn words(answers: &Map<String, Value>) -> Value {
    json!([answers.get("campaign"), answers.get("amount"), answers.get("case")])
}

async fn what_the_page_gives_is_submitted_and_what_it_gives_wrongly_is_left_out(stage: &Stage) {
    let sample = serve(stage);
    let given = r#"{ "campaign": "line", "amount": "๑๒.5", "case": "A-12345", "about": "x" }"#;
    let page = format!(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>Agency</title>
        <script type='module' src='e-form.js'></script>
        <e-form src='forms/{ID}.json' lang='en' prefill='{given}'></e-form>"
    );
    stage.agency.write("page.html", &page);
    stage.browser.open(&format!("{}/page.html", stage.cable.origin())).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    let controls = form.controls().await;
    assert!(controls.iter().all(|control| control.value == ""), "{controls:?}");
    let first = submit(stage, &form).await;
    assert_eq!(words(&first), json!(["line", 12.5, null]));
    assert_ne!(first["about"], "x", "only hidden fields can be given");
    // The next one on the same page has them too.
    // The last of several quick taps on «submit» is not meant for this one.
    while form.shows("another").await {
        form.press_if_there("another").await;
    }
    assert_eq!(words(&submit(stage, &form).await), json!(["line", 12.5, null]));
}

/// Who comes back by another link goes on with what was begun.
async fn a_link_gives_them_and_a_draft_keeps_what_it_began_with(stage: &Stage) {
    let sample = serve(stage);
    let link = |query: &str| format!("{}/?form={ID}&lang=en&{query}", stage.cable.origin());
    stage.browser.open(&link("campaign=line&amount=x&utm_source=mail")).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    let answers = form.answer_screen().await;
    form.draft_is_kept(&answers).await;
    stage.browser.open(&link("campaign=mail&amount=7")).await;
    assert_eq!(words(&submit(stage, &form).await), json!(["line", null, null]));
}

journeys!(
    what_the_page_gives_is_submitted_and_what_it_gives_wrongly_is_left_out,
    a_link_gives_them_and_a_draft_keeps_what_it_began_with,
);
