//! Every type of field has a plain control with a label, also where it is wrong: axe-core finds
//! nothing on the examples that the engine's tests and the guide have.

use std::{fs, path::Path};

use eform_journeys::{axe::assert_accessible, form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::{Value, json};

/// How many types stand on a page.
const ON_A_PAGE: usize = 7;

/// The first example of every type, asked for so that «continue» finds it missing.
fn examples() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/form/src/fields");
    let files = fs::read_dir(folder).expect("the engine's types").map(|file| file.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|end| end == "json")).collect();
    files.sort();
    let example = |(at, file): (usize, &std::path::PathBuf)| {
        let text = fs::read_to_string(file).expect("an example can be read");
        let examples: Value = serde_json::from_str(&text).expect("it is JSON");
        let mut field = examples["examples"][0]["field"].clone();
        field["id"] = json!(format!("field_{at}"));
        if field["type"] == "calculated" {
            field["calculate"] = json!(5);
        }
        for rule in ["showIf", "requiredIf", "readOnlyIf"] {
            field.as_object_mut().unwrap().remove(rule);
        }
        if !["note", "group", "repeat", "calculated", "hidden"]
            .contains(&field["type"].as_str().unwrap())
        {
            field["required"] = json!(true);
        }
        field
    };
    files.iter().enumerate().map(example).collect()
}

async fn every_type_can_be_used_by_everybody(stage: &Stage) {
    let all = examples();
    assert!(all.len() >= 40, "{} types", all.len());
    for (at, fields) in all.chunks(ON_A_PAGE).enumerate() {
        let id = format!("types-{at}");
        let definition = json!({
            "id": id, "version": "1", "title": { "th": "ทุกชนิด", "en": "Every type" },
            "languages": ["th", "en"], "submit": { "url": "/api/submissions" },
            "pages": [{ "id": "page", "title": { "th": "หน้า", "en": "Page" }, "fields": fields }]
        });
        stage.agency.write(&format!("forms/{id}.json"), &definition.to_string());
        let sample = Sample::new(definition);
        stage.browser.open(&format!("{}/?form={id}&lang=th", stage.cable.origin())).await;
        let form = Form::on(&stage.browser, &sample);
        form.is_open().await;
        for field in fields.iter().filter(|field| field["type"] != "hidden") {
            let name = field["id"].as_str().unwrap();
            let drawn = format!(
                "return !!document.querySelector('e-form').shadowRoot.querySelector('[data-field={name}]')"
            );
            stage.browser.wait_until(&field["type"].to_string(), &drawn, json!(null)).await;
        }
        assert_accessible(&stage.browser, &format!("{id}, empty")).await;
        form.press("continue").await;
        stage.browser.text("[data-eform=error-summary]").await;
        assert_accessible(&stage.browser, &format!("{id}, with errors")).await;
    }
}

journeys!(every_type_can_be_used_by_everybody);
