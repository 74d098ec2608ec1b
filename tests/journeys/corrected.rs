//! What was wrong and is put right: errors stay as long as they hold and go when they do not, also
//! those that several answers make together; the list is in the order of the page and is announced
//! once.

use eform_journeys::{form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::{Value, json};

use crate::views::becomes;

const LISTED: &str =
    "[...root.querySelectorAll('[data-eform=error-summary] li')].map((one) => one.textContent)";

/// A page whose answers are checked together: A before B.
async fn open(stage: &Stage) -> Sample {
    let text = |id: &str| json!({ "id": id, "type": "text", "label": id.to_uppercase(), "required": true });
    let number = |id: &str| json!({ "id": id, "type": "number", "label": id.to_uppercase() });
    let before = json!({
        "assert": { "<": [{ "var": "a" }, { "var": "b" }] }, "message": "A before B", "at": "a"
    });
    let definition = json!({
        "id": "together", "version": "1", "title": "Together", "languages": ["en"],
        "submit": { "url": "/api/submissions" },
        "pages": [{
            "id": "page", "title": "Page", "checks": [before],
            "fields": [text("first"), number("a"), number("b"), text("last")]
        }]
    });
    stage.agency.write("forms/together.json", &definition.to_string());
    stage.browser.open(&format!("{}/?form=together&lang=en", stage.cable.origin())).await;
    let sample = Sample::new(definition);
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    form.act("a", "5").await;
    form.act("b", "3").await;
    form.press("continue").await;
    becomes(stage, LISTED, json!(["Enter “FIRST”", "A before B", "Enter “LAST”"])).await;
    sample
}

/// Goes into a field and out of it again.
async fn look_at(stage: &Stage, name: &str) {
    let look = "
      const root = document.querySelector('e-form').shadowRoot;
      root.querySelector(`[name=${args}]`).focus();
      root.querySelector(`[name=${args}]`).blur();";
    stage.browser.ask(look, json!(name)).await;
}

async fn errors_of_several_answers_stay_until_they_are_put_right(stage: &Stage) {
    let sample = open(stage).await;
    let form = Form::on(&stage.browser, &sample);
    look_at(stage, "a").await;
    look_at(stage, "b").await;
    form.act("first", "x").await;
    look_at(stage, "first").await;
    becomes(stage, LISTED, json!(["A before B", "Enter “LAST”"])).await;
    // Put right where it is not shown.
    form.act("b", "9").await;
    look_at(stage, "b").await;
    becomes(stage, LISTED, json!(["Enter “LAST”"])).await;
    becomes(stage, "root.querySelector('[name=a]').getAttribute('aria-invalid')", json!("false"))
        .await;
}

async fn the_list_is_announced_once_and_the_tab_says_as_long_as_there_are_errors(stage: &Stage) {
    let sample = open(stage).await;
    let form = Form::on(&stage.browser, &sample);
    let title = async |title: &str| {
        stage.browser.wait_until(title, "return document.title === args", json!(title)).await;
    };
    title("Error: Page · Together").await;
    let watch = "
      window.announced = [];
      const alert = document.querySelector('e-form').shadowRoot.querySelector('form [role=alert]');
      new MutationObserver((seen) => {
        for (const { addedNodes } of seen) window.announced.push(...[...addedNodes].map((one) => one.textContent));
      }).observe(alert, { childList: true, subtree: true });";
    stage.browser.ask(watch, json!(null)).await;
    for (name, text) in [("first", "x"), ("b", "9"), ("last", "y")] {
        title("Error: Page · Together").await;
        form.act(name, text).await;
        look_at(stage, name).await;
    }
    becomes(stage, LISTED, json!([])).await;
    title("Page · Together").await;
    let announced: Value = stage.browser.ask("return window.announced", json!(null)).await;
    assert_eq!(announced, json!([]));
}

journeys!(
    errors_of_several_answers_stay_until_they_are_put_right,
    the_list_is_announced_once_and_the_tab_says_as_long_as_there_are_errors,
);
