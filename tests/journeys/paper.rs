//! On paper there is what was asked and answered, under the agency's name: ink on white, also of a
//! dark phone, and nothing to press.

use eform_journeys::{journeys, stage::Stage};
use serde_json::json;

use crate::{
    accessible::{has_theme, paper},
    open, sample,
};

/// Whether what is shown is fit for paper. Chromium alone can show it on the screen.
async fn prints_well(stage: &Stage, shows: &[&str]) {
    if !stage.browser.pretend("print", "prefers-color-scheme", "dark").await {
        return;
    }
    assert_eq!(paper(stage).await, "rgb(255, 255, 255)");
    let ink = "return getComputedStyle(all('.agency')[0]).color";
    assert_eq!(stage.browser.ask(ink, json!(null)).await, "rgb(28, 36, 48)");
    assert_eq!(stage.browser.count("button, progress, .foot").await, 0);
    for selector in [".agency", ".title"].iter().chain(shows) {
        assert!(stage.browser.count(selector).await > 0, "{selector} is not printed");
    }
    stage.browser.pretend("", "prefers-color-scheme", "dark").await;
}

async fn answers_and_receipt_are_printed_plainly(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    has_theme(stage, "dark").await;
    prints_well(stage, &["h1", "legend", ".option"]).await;
    form.fill_in().await;
    prints_well(stage, &["h1", "dt", "dd.answer"]).await;
    form.press("submit").await;
    form.becomes("received").await;
    prints_well(stage, &["[data-eform-reference]", "[data-eform=status]", ".stages"]).await;
    // The browser's own dialogue would stop the journey.
    stage.browser.ask("window.print = () => { window.printed = true }", json!(null)).await;
    form.press("print").await;
    assert_eq!(stage.browser.ask("return window.printed", json!(null)).await, json!(true));
}

journeys!(answers_and_receipt_are_printed_plainly);
