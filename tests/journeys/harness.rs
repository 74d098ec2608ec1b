//! What the journeys take for granted, proved on a page of the harness's own: that a driver types
//! and taps in a shadow root, that the cable unplugs, that a killed browser keeps what it stored.

use eform_journeys::{cable::Mode, journeys, stage::Stage};
use serde_json::json;

const NOTE: &str = "return all('input[name=note]')[0]";

/// A note typed in Thai outlives the server and the browser.
async fn a_killed_browser_comes_back_with_what_it_stored(stage: &Stage) {
    stage.agency.write("index.html", include_str!("harness/index.html"));
    stage.agency.write("note.js", include_str!("harness/note.js"));
    stage.agency.write("sw.js", include_str!("harness/sw.js"));
    let page = stage.cable.origin() + "/";
    let ready =
        "return document.querySelector('[data-ready]') && document.documentElement.dataset.worker";

    stage.browser.open(&page).await;
    stage.browser.wait_until("the page and its worker", ready, json!(null)).await;
    stage.browser.type_into("the note", NOTE, json!(null), "ทดสอบ").await;
    stage.browser.type_into("the note", NOTE, json!(null), "น้ำท่วมที่นา ๓ ไร่").await;
    stage.browser.tap("button").await;
    stage
        .browser
        .wait_until("kept", "return all('output')[0].textContent === 'kept'", json!(null))
        .await;

    stage.cable.set(Mode::Unplugged).await;
    stage.browser.kill();
    stage.browser.start_again().await;
    stage.browser.open(&page).await;
    stage.browser.wait_until("the page without a server", ready, json!(null)).await;
    let note = stage.browser.ask("return all('input[name=note]')[0].value", json!(null)).await;
    assert_eq!(note, "น้ำท่วมที่นา ๓ ไร่");
}

journeys!(rehearse: a_killed_browser_comes_back_with_what_it_stored);
