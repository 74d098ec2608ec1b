//! Long lists of options: a search box above them, in Thai and English, with what is chosen always
//! in sight.

use eform_journeys::{axe::assert_accessible, form::Form, journeys, stage::Stage};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::views::{becomes, open};

fn provinces(kind: &str, look: Option<&str>) -> Value {
    let names = [
        "เชียงใหม่",
        "เชียงราย",
        "แพร่",
        "น่าน",
        "พะเยา",
        "ลำปาง",
        "ลำพูน",
        "ตาก",
        "Bangkok",
        "ขอนแก่น",
        "เลย",
        "หนองคาย",
        "Phuket",
        "กระบี่",
        "ตรัง",
        "สงขลา",
        "สตูล",
    ];
    let options = names
        .iter()
        .enumerate()
        .map(|(at, name)| json!({ "value": at.to_string(), "label": name }));
    let mut field = json!({ "id": "place", "type": kind, "options": options.collect::<Vec<_>>() });
    if let Some(look) = look {
        field["look"] = json!(look);
    }
    field
}

/// The options that can be seen, in the order in which they stand.
const SEEN: &str = "[...root.querySelectorAll('.option')]
    .filter((it) => it.getClientRects().length > 0).map((it) => it.textContent)";

const SAID: &str = "root.querySelector('.search [role=status]').textContent";

async fn search(stage: &Stage, text: &str) {
    let found = "return all(args).find(visible)";
    stage.browser.type_into("the search", found, json!(".search input"), text).await;
}

async fn what_is_chosen_stays_in_sight(stage: &Stage) {
    let sample = open(stage, json!([provinces("choices", None)])).await;
    let form = Form::on(&stage.browser, &sample);
    form.act("place", "7").await;
    search(stage, "เชียง").await;
    becomes(stage, SEEN, json!(["ตาก", "เชียงใหม่", "เชียงราย"])).await;
    becomes(stage, SAID, json!("2 of 17 found")).await;
    assert_accessible(&stage.browser, "some of many options").await;
    // Without its tone, and with a finger that ticks what is under it: nothing moves then.
    search(stage, "แพร").await;
    becomes(stage, SEEN, json!(["ตาก", "แพร่"])).await;
    form.act("place", "2").await;
    becomes(stage, SEEN, json!(["ตาก", "แพร่"])).await;
    search(stage, "xyz").await;
    becomes(stage, SEEN, json!(["แพร่", "ตาก"])).await;
    becomes(stage, SAID, json!("Nothing found. Try other words.")).await;
    search(stage, "BANG").await;
    becomes(stage, SEEN, json!(["แพร่", "ตาก", "Bangkok"])).await;
    // «Enter» is not «continue»: it goes to the first that was found, not to what is chosen.
    stage.browser.press(Key::Enter).await;
    becomes(stage, "root.activeElement.value", json!("8")).await;
    form.act("place", "8").await;
    search(stage, "x").await;
    stage.browser.press(Key::Escape).await;
    becomes(stage, "root.querySelectorAll('.option:not([hidden])').length", json!(17)).await;
    let first = "root.querySelector('.option').textContent";
    becomes(stage, first, json!("เชียงใหม่")).await;
    form.press("continue").await;
    becomes(stage, "root.querySelector('.row .answer').textContent", json!("แพร่, ตาก, Bangkok"))
        .await;
}

async fn one_of_many_radio_buttons_is_found(stage: &Stage) {
    let short =
        json!({ "id": "short", "type": "choices", "options": [{ "value": "a", "label": "A" }] });
    let sample = open(stage, json!([provinces("choice", Some("radios")), short])).await;
    let form = Form::on(&stage.browser, &sample);
    becomes(stage, "root.querySelectorAll('.search').length", json!(1)).await;
    search(stage, "ลำ ปาง").await;
    becomes(stage, SEEN, json!(["ลำปาง", "A"])).await;
    form.act("place", "5").await;
    search(stage, "phu").await;
    becomes(stage, SEEN, json!(["ลำปาง", "Phuket", "A"])).await;
    form.press("continue").await;
    becomes(stage, "root.querySelector('.row .answer').textContent", json!("ลำปาง")).await;
}

async fn a_list_that_opens_has_a_combobox_above_it(stage: &Stage) {
    let sample = open(stage, json!([provinces("choice", None)])).await;
    let form = Form::on(&stage.browser, &sample);
    let options = "[...root.querySelectorAll('[role=option]')].map((it) => it.textContent)";
    search(stage, "ช").await;
    becomes(stage, options, json!(["เชียงใหม่", "เชียงราย"])).await;
    assert_accessible(&stage.browser, "a combobox above a list").await;
    stage.browser.press(Key::Down).await;
    stage.browser.press(Key::Down).await;
    stage.browser.press(Key::Enter).await;
    let state = "[root.querySelector('select').value, root.querySelector('.search input').value]";
    becomes(stage, state, json!(["1", ""])).await;
    becomes(stage, SAID, json!("Chosen: เชียงราย")).await;
    // What is only typed is no answer, and the list itself works as ever.
    search(stage, "qq").await;
    becomes(stage, SAID, json!("Nothing found. Try again, or choose from the list below.")).await;
    becomes(stage, state, json!(["1", "qq"])).await;
    form.act("place", "12").await;
    form.press("continue").await;
    becomes(stage, "root.querySelector('.row .answer').textContent", json!("Phuket")).await;
}

/// Whatever an error leads to says what the error is.
async fn a_mistake_is_said_at_the_search(stage: &Stage) {
    for (kind, look) in [("choices", None), ("choice", Some("radios")), ("choice", None)] {
        let mut field = provinces(kind, look);
        field["required"] = json!(true);
        let sample = open(stage, json!([field])).await;
        let form = Form::on(&stage.browser, &sample);
        becomes(stage, "root.querySelectorAll('.search').length", json!(1)).await;
        form.press("continue").await;
        stage.browser.text("[data-eform=error-summary]").await;
        stage.browser.tap("[data-eform=error-summary] li a").await;
        becomes(stage, "root.activeElement.id", json!("f-place-search")).await;
        let said = "root.activeElement.getAttribute('aria-describedby').split(' ')
            .map((id) => root.querySelector(`#${id}`).textContent).join()
            === root.querySelector('[data-eform=error-summary] li').textContent";
        becomes(stage, said, json!(true)).await;
        assert_accessible(&stage.browser, "a mistake in many options").await;
    }
}

journeys!(
    what_is_chosen_stays_in_sight,
    one_of_many_radio_buttons_is_found,
    a_list_that_opens_has_a_combobox_above_it,
    a_mistake_is_said_at_the_search,
);
