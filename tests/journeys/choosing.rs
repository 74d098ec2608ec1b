//! Choosing and taking back: an option that stands alone unticks the others and is unticked by
//! them, and what was chosen need not stay chosen.

use eform_journeys::{axe::assert_accessible, form::Form, journeys, stage::Stage};
use serde_json::{Value, json};

use crate::views::{becomes, open};

fn ticked(field: &str) -> String {
    format!("[...root.querySelectorAll('[data-field={field}] :checked')].map((it) => it.value)")
}

fn said(field: &str) -> String {
    format!("root.querySelector('[data-field={field}] [role=status]')?.textContent")
}

fn buttons() -> &'static str {
    "[...root.querySelectorAll('[data-action=clear]')].map((it) => \
     it.closest('[data-field]').dataset.field)"
}

/// The answers on the screen before submitting.
async fn answers_are(stage: &Stage, form: &Form<'_>, answers: Value) {
    form.press("continue").await;
    let shown = "[...root.querySelectorAll('.row .answer')].map((it) => it.textContent)";
    becomes(stage, shown, answers).await;
}

async fn none_of_these_stands_alone(stage: &Stage) {
    let option = |value: &str, exclusive: bool| json!({ "value": value, "label": value.to_uppercase(), "exclusive": exclusive });
    let options = json!([
        option("a", false),
        option("b", false),
        option("none", true),
        option("unknown", true)
    ]);
    let fields = json!([{ "id": "tools", "type": "choices", "options": options }]);
    let sample = open(stage, fields).await;
    let form = Form::on(&stage.browser, &sample);
    let (ticked, said) = (ticked("tools"), said("tools"));
    becomes(stage, &said, json!("")).await;
    let steps = [
        ("a", json!(["a"]), ""),
        ("b", json!(["a", "b"]), ""),
        ("none", json!(["none"]), "No longer ticked: A, B"),
        ("unknown", json!(["unknown"]), "No longer ticked: NONE"),
        ("b", json!(["b"]), "No longer ticked: UNKNOWN"),
        ("a", json!(["a", "b"]), ""),
        ("b", json!(["a"]), ""),
        ("none", json!(["none"]), "No longer ticked: A"),
    ];
    for (tapped, now, words) in steps {
        form.act("tools", tapped).await;
        becomes(stage, &ticked, now).await;
        becomes(stage, &said, json!(words)).await;
    }
    assert_accessible(&stage.browser, "an option that stands alone").await;
    answers_are(stage, &form, json!(["NONE"])).await;
}

async fn what_was_chosen_can_be_taken_back(stage: &Stage) {
    let options = json!([{ "value": "one", "label": "One" }, { "value": "two", "label": "Two" }]);
    let needed = json!({ "==": [{ "var": "sure" }, true] });
    let fields = json!([
        { "id": "must", "type": "choice", "options": options, "required": true },
        { "id": "may", "type": "choice", "options": options, "requiredIf": needed },
        { "id": "begun", "type": "choice", "options": options, "default": "two" },
        { "id": "sure", "type": "yes-no" },
        { "id": "stars", "type": "rating", "max": 3 },
        { "id": "table", "type": "matrix", "scale": options,
          "rows": [{ "id": "speed", "label": "Speed" }, { "id": "price", "label": "Price" }] }
    ]);
    let sample = open(stage, fields).await;
    let form = Form::on(&stage.browser, &sample);
    // Only what has an answer, be it one that nobody chose, can be taken back.
    becomes(stage, buttons(), json!(["begun"])).await;
    form.act("must", "one").await;
    form.act("may", "two").await;
    form.act("stars", "3").await;
    form.act("table-speed", "one").await;
    form.act("table-price", "two").await;
    form.act("sure", "true").await;
    // Of those, one is needed now.
    becomes(stage, buttons(), json!(["begun", "sure", "stars", "table"])).await;
    assert_accessible(&stage.browser, "answers that can be taken back").await;
    for (field, first) in [
        ("begun", "f-begun-0"),
        ("sure", "f-sure-0"),
        ("stars", "f-stars-0"),
        ("table", "f-table-speed"),
        ("may", "f-may-0"),
    ] {
        stage.browser.tap(&format!("[data-field={field}] [data-action=clear]")).await;
        becomes(stage, &ticked(field), json!([])).await;
        becomes(stage, "root.activeElement.id", json!(first)).await;
    }
    becomes(stage, buttons(), json!([])).await;
    let none = "Not answered";
    answers_are(stage, &form, json!(["One", none, none, none, none, none])).await;
}

journeys!(none_of_these_stands_alone, what_was_chosen_can_be_taken_back);
