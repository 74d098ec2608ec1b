//! What the views of fields say besides the question: units, that a list is full, and where an
//! error is that stands at a calculated answer.

use eform_journeys::{form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::{Value, json};

/// Opens a form of one page with these fields.
pub(crate) async fn open(stage: &Stage, fields: Value) -> Sample {
    let fields = fields.as_array().unwrap().iter().map(|field| {
        let mut field = field.clone();
        field["label"] = field["id"].clone();
        field
    });
    let definition = json!({
        "id": "views", "version": "1", "title": "Views", "languages": ["en"],
        "submit": { "url": "/api/submissions" },
        "pages": [{ "id": "page", "title": "Page", "fields": fields.collect::<Vec<_>>() }]
    });
    stage.agency.write("forms/views.json", &definition.to_string());
    stage.browser.open(&format!("{}/?form=views&lang=en", stage.cable.origin())).await;
    let sample = Sample::new(definition);
    Form::on(&stage.browser, &sample).is_open().await;
    sample
}

/// Waits until an expression about the form's shadow `root` has this value.
pub(crate) async fn becomes(stage: &Stage, expression: &str, value: Value) {
    let script = format!(
        "const root = document.querySelector('e-form').shadowRoot;
         return JSON.stringify({expression}) === JSON.stringify(args)"
    );
    stage.browser.wait_until(expression, &script, value).await;
}

async fn numbers_have_their_units(stage: &Stage) {
    let fields = json!([
        { "id": "depth", "type": "decimal", "unit": "m" },
        { "id": "cost", "type": "money" },
        { "id": "share", "type": "percent" }
    ]);
    _ = open(stage, fields).await;
    let units = "[...root.querySelectorAll('.unit')].map((unit) => unit.textContent)";
    becomes(stage, units, json!(["m", "baht", "%"])).await;
    let keyboards = "[...root.querySelectorAll('input')].map((box) => box.inputMode)";
    becomes(stage, keyboards, json!(["decimal", "decimal", "decimal"])).await;
}

async fn the_ends_of_a_rating_are_told_with_them(stage: &Stage) {
    let fields =
        json!([{ "id": "rate", "type": "rating", "max": 3, "low": "Worst", "high": "Best" }]);
    _ = open(stage, fields).await;
    let labels = "[...root.querySelectorAll('.option label')].map((label) => label.textContent)";
    becomes(stage, labels, json!(["1 – Worst", "2", "3 – Best"])).await;
}

async fn a_full_list_takes_no_more_rows(stage: &Stage) {
    let row = json!([{ "id": "name", "type": "text", "label": "Name" }]);
    let fields = json!([{ "id": "rows", "type": "repeat", "max": 1, "fields": row }]);
    let sample = open(stage, fields).await;
    let form = Form::on(&stage.browser, &sample);
    form.press("add-row").await;
    becomes(stage, "root.querySelectorAll('[data-action=add-row]').length", json!(0)).await;
    form.press("remove-row").await;
    becomes(stage, "root.querySelectorAll('[data-action=add-row]').length", json!(1)).await;
}

async fn the_summary_says_in_which_row_and_forgets_rows_that_are_gone(stage: &Stage) {
    let row = json!([{ "id": "name", "type": "text", "label": "Name", "required": true }]);
    let list =
        json!({ "id": "rows", "type": "repeat", "min": 2, "rowTitle": "Row {n}", "fields": row });
    let sample = open(stage, json!([list])).await;
    let form = Form::on(&stage.browser, &sample);
    form.press("continue").await;
    let listed =
        "[...root.querySelectorAll('[data-eform=error-summary] li')].map((one) => one.textContent)";
    becomes(stage, listed, json!(["Row 1: Enter “Name”", "Row 2: Enter “Name”"])).await;
    form.press("remove-row").await;
    becomes(stage, listed, json!(["Row 1: Enter “Name”"])).await;
}

async fn an_error_leads_to_a_calculated_answer(stage: &Stage) {
    let check = json!([{ "assert": { "<": [{ "var": "total" }, 5] }, "message": "Less than 5" }]);
    let fields = json!([
        { "id": "amount", "type": "number", "default": 9 },
        { "id": "total", "type": "calculated", "calculate": { "var": "amount" }, "checks": check }
    ]);
    let sample = open(stage, fields).await;
    Form::on(&stage.browser, &sample).press("continue").await;
    stage.browser.text("[data-eform=error-summary]").await;
    let follow =
        "(root.querySelector('[data-eform=error-summary] a').click(), root.activeElement.id)";
    becomes(stage, follow, json!("f-total")).await;
}

journeys!(
    numbers_have_their_units,
    the_ends_of_a_rating_are_told_with_them,
    a_full_list_takes_no_more_rows,
    the_summary_says_in_which_row_and_forgets_rows_that_are_gone,
    an_error_leads_to_a_calculated_answer,
);
