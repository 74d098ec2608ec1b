//! With a keyboard alone: no mouse, no finger, nothing that a script puts into focus.

use std::collections::BTreeSet;

use eform_journeys::{browser::Browser, form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::{Map, Value, json};
use thirtyfour::Key;

use crate::{FORM, open, sample};

/// More stops than any screen has.
const STOPS: usize = 80;

/// What has the focus.
const FOCUSED: &str = "
  const element = focused();
  const data = element?.dataset ?? {};
  const options = [...(element?.options ?? [])].filter((option) => option.value !== '');
  return {
    tag: element?.localName ?? '', type: element?.type ?? '', name: element?.name ?? '', part: data.part ?? null,
    hook: data.eform ?? null, value: element?.value ?? '', checked: element?.checked ?? false,
    options: options.map((option) => option.label), seen: element ? element.matches(':focus-visible') : false,
  };
";

async fn from_the_first_field_to_the_receipt(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let mut answers = Map::new();
    while !form.shows("submit").await {
        let before = form.screen().await;
        answers.extend(answer_screen(&stage.browser, &sample).await);
        form.turns_from(&before).await;
        assert!(!form.shows("error-summary").await, "{}", form.words().await);
    }
    tab_to(&stage.browser, "submit").await;
    stage.browser.press(Key::Enter).await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// From field to field with Tab, and Enter on «continue».
async fn answer_screen(browser: &Browser, sample: &Sample) -> Map<String, Value> {
    let mut answers = Map::new();
    let mut done = BTreeSet::new();
    for _ in 0..STOPS {
        browser.press(Key::Tab).await;
        let stop = browser.ask(FOCUSED, json!(null)).await;
        if stop["hook"] == "continue" {
            browser.press(Key::Enter).await;
            return answers;
        }
        let name = stop["name"].as_str().unwrap_or_default();
        let is_field = ["input", "select", "textarea"].iter().any(|tag| stop["tag"] == *tag)
            && !name.is_empty();
        if !is_field {
            continue;
        }
        assert_eq!(stop["seen"], true, "where the keyboard is, is shown: {stop}");
        // Check boxes are stops of their own, radio buttons are one.
        let which = if stop["type"] == "checkbox" {
            stop["value"].to_string()
        } else {
            stop["part"].to_string()
        };
        if done.insert((name.to_owned(), which)) {
            answer(browser, sample, &stop, name).await;
            answers.insert(name.to_owned(), sample.answer(name));
        }
    }
    panic!("{STOPS} times Tab, and «continue» never had the focus");
}

async fn answer(browser: &Browser, sample: &Sample, stop: &Value, name: &str) {
    let part = stop["part"].as_str();
    let entry = sample.entry(name);
    match (stop["tag"].as_str().unwrap_or_default(), stop["type"].as_str().unwrap_or_default()) {
        (_, "radio") => {
            let index = entry.choices(part)[0];
            browser.press(Key::Space).await;
            for _ in 0..index {
                browser.press(Key::Down).await;
            }
        }
        (_, "checkbox") => {
            let wanted = sample.answer(name);
            if wanted.as_array().is_some_and(|wanted| wanted.contains(&stop["value"])) {
                browser.press(Key::Space).await;
            }
        }
        ("select", _) => {
            let index = entry.choices(part)[0];
            choose(browser, stop["options"][index].as_str().unwrap_or_default()).await;
        }
        _ => browser.keys(&entry.text(part)).await,
    }
}

/// As people do: by the first letters of what they want.
async fn choose(browser: &Browser, label: &str) {
    browser.keys(label).await;
    let chosen = "const list = focused(); return list.selectedOptions?.[0]?.label === args";
    browser.wait_until(&format!("«{label}» chosen by typing it"), chosen, json!(label)).await;
}

async fn tab_to(browser: &Browser, hook: &str) {
    for _ in 0..STOPS {
        browser.press(Key::Tab).await;
        if browser.ask(FOCUSED, json!(null)).await["hook"] == hook {
            return;
        }
    }
    panic!("{STOPS} times Tab, and «{hook}» never had the focus");
}

/// Where the focus goes is where the reading goes on.
async fn after_a_mistake_the_keyboard_is_at_the_summary_and_enter_leads_to_the_field(
    stage: &Stage,
) {
    let sample = sample();
    let form = open(stage, &sample).await;
    tab_to(&stage.browser, "continue").await;
    stage.browser.press(Key::Enter).await;
    stage.browser.text("[data-eform=error-summary]").await;
    let at_summary = "return focused()?.closest('[data-eform=error-summary]') !== null";
    stage.browser.wait_until("the focus on the summary", at_summary, json!(null)).await;
    stage.browser.press(Key::Tab).await;
    stage.browser.press(Key::Enter).await;
    let at_field =
        "return focused()?.getAttribute('aria-invalid') === 'true' || focused()?.type === 'radio'";
    stage.browser.wait_until("the focus on the first mistake", at_field, json!(null)).await;
    assert!(!Form::shows(&form, "submit").await);
}

journeys!(
    from_the_first_field_to_the_receipt,
    after_a_mistake_the_keyboard_is_at_the_summary_and_enter_leads_to_the_field,
);
