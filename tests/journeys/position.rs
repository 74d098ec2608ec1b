//! The phone fills in where it stands: only when asked, as if it had been typed, and in words that
//! help where it cannot.

use eform_journeys::{axe::assert_accessible, form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::{Value, json};

use crate::views::{becomes, open};

const SAID: &str = "root.querySelector('[data-field=plot] [role=status]').textContent";
const BOXES: &str = "[...root.querySelectorAll('[data-field=plot] input')].map((it) => it.value)";
const BUTTON: &str = "[data-action=position]";

async fn open_plot(stage: &Stage, accept: Value) -> Sample {
    let fields = json!([{ "id": "plot", "type": "location", "required": true, "accept": accept }]);
    let sample = open(stage, fields).await;
    // The browser's own question cannot be answered the same way in every engine.
    let stand_in = "window.asked = [];
        navigator.geolocation.getCurrentPosition = (...asked) => { window.asked.push(asked); };";
    stage.browser.ask(stand_in, json!(null)).await;
    sample
}

/// What the browser answers to the last question.
async fn answer(stage: &Stage, script: &str) {
    let script = format!("const [found, failed] = window.asked.at(-1); {script}");
    stage.browser.ask(&script, json!(null)).await;
}

async fn the_phone_fills_in_where_it_stands(stage: &Stage) {
    let sample = open_plot(stage, json!(["degrees", "utm"])).await;
    let form = Form::on(&stage.browser, &sample);
    form.act("plot.easting", "665000").await;
    becomes(stage, "window.asked.length", json!(0)).await;
    stage.browser.tap(BUTTON).await;
    becomes(stage, SAID, json!("Finding your position. It can take up to 20 seconds")).await;
    stage.browser.tap(BUTTON).await;
    becomes(
        stage,
        "window.asked.map((asked) => asked[2])",
        json!([{ "enableHighAccuracy": true, "timeout": 20000 }]),
    )
    .await;
    answer(stage, "found({ coords: { latitude: 13.75361357, longitude: 100.5, accuracy: 11.2 } })")
        .await;
    becomes(stage, BOXES, json!(["13.753614", "100.5", "", ""])).await;
    becomes(stage, SAID, json!("Filled in, accurate to about 12 metres")).await;
    assert_accessible(&stage.browser, "a position filled in").await;
    form.press("continue").await;
    let shown = "[...root.querySelectorAll('.row .answer')].map((it) => it.textContent)";
    becomes(stage, shown, json!(["13.753614, 100.5 (± 12 m)"])).await;
}

async fn what_is_typed_is_not_written_over(stage: &Stage) {
    let sample = open_plot(stage, json!(["degrees"])).await;
    let form = Form::on(&stage.browser, &sample);
    stage.browser.tap(BUTTON).await;
    answer(stage, "found({ coords: { latitude: 13.75, longitude: 100.5, accuracy: 2500 } })").await;
    becomes(stage, SAID, json!("Filled in, accurate to about 2500 metres. That is rough: try again in the open, or type the coordinates")).await;
    stage.browser.tap(BUTTON).await;
    form.act("plot.lat", "14.1").await;
    becomes(stage, SAID, json!("")).await;
    answer(stage, "found({ coords: { latitude: 1, longitude: 1, accuracy: 1 } })").await;
    becomes(stage, BOXES, json!(["14.1", "100.5"])).await;
    form.press("continue").await;
    // Nor has what was typed the phone's accuracy.
    let shown = "[...root.querySelectorAll('.row .answer')].map((it) => it.textContent)";
    becomes(stage, shown, json!(["14.1, 100.5"])).await;
}

async fn what_to_do_is_said_where_the_phone_cannot(stage: &Stage) {
    _ = open_plot(stage, json!(["degrees"])).await;
    for (code, words) in [
        (
            1,
            "The browser may not use your position. Allow it in the browser’s settings and try again, or type the coordinates",
        ),
        (
            2,
            "Your position cannot be found. Turn on location (GPS) on the phone and try again, or type the coordinates",
        ),
        (3, "Finding your position took too long. Try again in the open, or type the coordinates"),
    ] {
        stage.browser.tap(BUTTON).await;
        becomes(stage, SAID, json!("Finding your position. It can take up to 20 seconds")).await;
        answer(stage, &format!("failed({{ code: {code}, message: '' }})")).await;
        becomes(stage, SAID, json!(words)).await;
        becomes(stage, "root.activeElement.dataset.action", json!("position")).await;
    }
    becomes(stage, BOXES, json!(["", ""])).await;
}

async fn a_field_of_the_grid_alone_gets_whole_metres(stage: &Stage) {
    _ = open_plot(stage, json!(["utm"])).await;
    let boxes =
        "[...root.querySelectorAll('[data-field=plot] :is(input, select)')].map((it) => it.value)";
    let at = |lat: f64, long: f64| {
        format!("found({{ coords: {{ latitude: {lat}, longitude: {long}, accuracy: 1 }} }})")
    };
    stage.browser.tap(BUTTON).await;
    answer(stage, &at(51.5, -0.1)).await;
    let beyond = "Your position is outside the UTM zones 47 and 48. Type the coordinates";
    becomes(stage, SAID, json!(beyond)).await;
    becomes(stage, boxes, json!(["", "", ""])).await;
    stage.browser.tap(BUTTON).await;
    answer(stage, &at(13.753_613_57, 100.526_134_98)).await;
    becomes(stage, boxes, json!(["47", "665000", "1521000"])).await;
    becomes(stage, SAID, json!("Filled in, accurate to about 1 metre")).await;
}

journeys!(
    the_phone_fills_in_where_it_stands,
    what_is_typed_is_not_written_over,
    what_to_do_is_said_where_the_phone_cannot,
    a_field_of_the_grid_alone_gets_whole_metres,
);
