//! Choosing: an option that stands alone unticks the others and is unticked by them.

use eform_journeys::{axe::assert_accessible, form::Form, journeys, stage::Stage};
use serde_json::{Value, json};

use crate::views::{becomes, open};

fn ticked(field: &str) -> String {
    format!("[...root.querySelectorAll('[data-field={field}] :checked')].map((it) => it.value)")
}

fn said(field: &str) -> String {
    format!("root.querySelector('[data-field={field}] [role=status]')?.textContent")
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

journeys!(none_of_these_stands_alone);
