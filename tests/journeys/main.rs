//! Whole journeys in real browsers. Each is played in Chromium, Firefox and WebKit.
//!
//! A journey is written as a citizen would tell it. What it needs of the page is in
//! `eform_journeys::form`, what it needs of the browser in `browser`, of the network in `cable`.

mod accessible;
mod answers;
mod background;
mod battery;
mod blank;
mod captive;
mod changed;
mod choosing;
mod corrected;
mod cost;
mod cut;
mod days;
mod ends;
mod filed;
mod files;
mod forms;
mod gallery;
mod golden;
mod harness;
mod helping;
mod hiding;
mod history;
mod host_page;
mod installing;
mod keyboard;
mod language;
mod later;
mod many;
mod narrow;
mod offline;
mod once;
mod online;
mod other_server;
mod paper;
mod photographs;
mod places;
mod position;
mod prefill;
mod refused;
mod resting;
mod rows;
mod scale;
mod sealed;
mod signing;
mod storage;
mod unable;
mod updating;
mod uploads;
mod views;
mod way;
mod written;

use eform_journeys::{
    agency::definition, browser::Browser, form::Form, sample::Sample, stage::Stage,
};
use serde_json::json;

/// The form that the journeys fill in: a short one of their own, in `tests/forms`.
const FORM: &str = "journey";

fn sample() -> Sample {
    Sample::new(definition(FORM))
}

/// The address of the form on the kit's own page.
fn address(stage: &Stage) -> String {
    format!("{}/?form={FORM}", stage.cable.origin())
}

/// Opens the form on the kit's own page and waits until there is something to do.
async fn open<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    stage.browser.open(&address(stage)).await;
    let form = Form::on(&stage.browser, sample);
    form.is_open().await;
    form
}

/// Opens the list of services, which shows what this phone keeps.
async fn open_list<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    stage.browser.open(&format!("{}/", stage.cable.origin())).await;
    Form::on(&stage.browser, sample)
}

/// Waits until the service worker has everything that opening the form again needs.
async fn is_ready_for_no_signal(browser: &Browser) {
    let script = "return navigator.serviceWorker.getRegistration().then((worker) => worker?.active?.state === 'activated')";
    browser.wait_until("the service worker", script, json!(null)).await;
}
