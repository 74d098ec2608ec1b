//! The list of places cannot be had: places are typed by hand, and the phone asks for it once.

use std::fs;

use eform_journeys::{form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::json;

async fn places_are_typed_where_the_list_cannot_be_had(stage: &Stage) {
    for file in fs::read_dir(stage.agency.site().join("data")).expect("the kit has lists") {
        fs::remove_file(file.unwrap().path()).expect("a file of the site");
    }
    let definition = json!({
        "id": "places", "version": "1", "title": { "th": "ที่อยู่", "en": "Address" },
        "languages": ["th", "en"], "submit": { "url": "/api/submissions" },
        "pages": [{ "id": "page", "title": { "th": "หน้า", "en": "Page" }, "fields": [
            { "id": "address", "type": "thai-address", "label": { "th": "ที่อยู่", "en": "Address" } }
        ] }]
    });
    stage.agency.write("forms/places.json", &definition.to_string());
    let sample = Sample::new(definition);
    stage.browser.open(&format!("{}/?form=places&lang=en", stage.cable.origin())).await;
    Form::on(&stage.browser, &sample).is_open().await;
    let by_hand = "return !!document.querySelector('e-form').shadowRoot.querySelector('input[data-part=subdistrict]')";
    stage.browser.wait_until("boxes for places", by_hand, json!(null)).await;
    let asked = "const asked = () => performance.getEntriesByType('resource')
        .filter((entry) => entry.name.includes('data/areas.')).length;
        return new Promise((resolve) => setTimeout(() => resolve([asked()]), 1000))";
    let asked = stage.browser.wait_until("a second", asked, json!(null)).await;
    // The service worker may ask for it again as it fills its store.
    assert!(asked[0].as_u64().unwrap() <= 2, "{asked}");
}

journeys!(places_are_typed_where_the_list_cannot_be_had);
