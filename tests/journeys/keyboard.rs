//! With a keyboard alone: no mouse, no finger, nothing that a script puts into focus.

use std::{collections::BTreeSet, time::Duration};

use eform_journeys::{
    agency::definition, browser::Browser, form::Form, journeys, sample::Sample, sheet, stage::Stage,
};
use serde_json::{Map, Value, json};
use thirtyfour::Key;

use crate::{
    FORM,
    forms::{FARMER, GCIO, Pages, SURVEY, attach},
    open, sample,
};

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

async fn a_farmer_registers(stage: &Stage) {
    fill_in(stage, "farmer-registration", FARMER).await;
}

async fn the_survey_is_answered(stage: &Stage) {
    fill_in(stage, "egov-survey-citizen", SURVEY).await;
}

async fn an_official_applies(stage: &Stage) {
    fill_in(stage, "gcio-application", GCIO).await;
}

/// One of the kit's own forms, from its first question to the receipt.
async fn fill_in(stage: &Stage, id: &str, pages: Pages<'_>) {
    let browser = &stage.browser;
    let sample = Sample::new(definition(id));
    browser.open(&format!("{}/?form={id}&lang=th", stage.cable.origin())).await;
    let form = Form::on(browser, &sample);
    browser.wait_until("the form", sheet::IS_THERE, json!(null)).await;
    if form.shows("start").await {
        reach(browser, json!({ "selector": "[data-eform=start]" })).await;
        browser.press(Key::Enter).await;
    }
    form.is_open().await;
    for page in pages {
        for (name, value) in *page {
            act(stage, &form, name, value).await;
        }
        let before = form.screen().await;
        reach(browser, json!({ "selector": "[data-eform=continue]" })).await;
        browser.press(Key::Enter).await;
        form.turns_from(&before).await;
        assert!(!form.shows("error-summary").await, "{}", form.words().await);
        // The reading goes on at the heading.
        let at_heading = "return focused()?.localName === 'h1'";
        browser.wait_until("the focus on the heading", at_heading, json!(null)).await;
    }
    reach(browser, json!({ "selector": "[data-eform=submit]" })).await;
    browser.press(Key::Enter).await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows(id).len(), 1);
}

/// As [`Form::act`], by keys.
async fn act(stage: &Stage, form: &Form<'_>, name: &str, value: &str) {
    let browser = &stage.browser;
    if value == "+" {
        let add = format!("[data-field='{name}'] [data-action=add-row]");
        reach(browser, json!({ "selector": add, "last": true })).await;
        // Open or as a card: what is filled in closes when another comes.
        let rows = "const rows = all('[id]').filter(({ id }) => new RegExp(`^f-${args.name}-[0-9]+$`).test(id)).length;";
        let count = format!("{rows} return rows");
        let before = browser.ask(&count, json!({ "name": name })).await;
        browser.press(Key::Enter).await;
        let more = format!("{rows} return rows > args.before");
        browser.wait_until("one more row", &more, json!({ "name": name, "before": before })).await;
        let moved = "return focused()?.dataset.action !== 'add-row' && focused() !== document.body";
        browser.wait_until("the focus in the new row", moved, json!(null)).await;
        return;
    }
    let (field, part) = name.split_once('.').map_or((name, None), |(a, b)| (a, Some(b)));
    if let Some(file) = value.strip_prefix("file:") {
        reach(browser, json!({ "name": field })).await;
        // From here on the system's own dialogue has the keyboard.
        return attach(stage, form, field, file).await;
    }
    let target = json!({ "name": field, "part": part, "value": value });
    // Where a table asks one question at a time.
    let next = json!({ "selector": "[data-action=next-question]" });
    while browser.ask(WAY, target.clone()).await.is_null()
        && !browser.ask(WAY, next.clone()).await.is_null()
    {
        reach(browser, next.clone()).await;
        browser.press(Key::Enter).await;
    }
    let stop = reach(browser, target).await;
    match (stop["tag"].as_str().unwrap_or_default(), stop["type"].as_str().unwrap_or_default()) {
        (_, "radio") => {
            for _ in 0..STOPS {
                let now = browser.ask(FOCUSED, json!(null)).await;
                if now["value"] == value {
                    if now["checked"] == false {
                        browser.press(Key::Space).await;
                    }
                    break;
                }
                browser.press(Key::Down).await;
            }
            let chosen = "return focused().checked && focused().value === args";
            browser.wait_until(name, chosen, json!(value)).await;
        }
        (_, "checkbox") => browser.press(Key::Space).await,
        ("select", _) => {
            let label = "return [...focused().options].find((one) => one.value === args)?.label";
            let label = browser.wait_until(name, label, json!(value)).await;
            choose(browser, label.as_str().unwrap_or_default()).await;
        }
        _ => browser.keys(value).await,
    }
    has_focus(browser, name).await;
}

/// Where the keyboard is, seen from a control: `here`, or the key that leads to it.
const WAY: &str = "
  const named = (one) => one.name === args.name && (args.part ?? null) === (one.dataset.part ?? null);
  const chosen = (one) => one.type !== 'checkbox' || one.value === args.value;
  const isThere = (one) => visible(one) || (one.labels?.[0] && visible(one.labels[0]));
  const found = args.selector
    ? all(args.selector).filter(visible)
    : all('input[name], select[name], textarea[name]').filter((one) => named(one) && chosen(one) && isThere(one));
  const target = args.last ? found.at(-1) : found[0];
  if (!target) return null;
  const at = focused();
  const isSameGroup = at?.type === 'radio' && target.type === 'radio' && at.name === target.name;
  const isBehind = at !== document.body && target.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING;
  return {
    here: at === target || isSameGroup, back: Boolean(isBehind), lost: !at || at === document.body,
  };
";

/// A radio button may be drawn by its label.
const ON_SCREEN: &str = "
  const { top, bottom } = (focused()?.labels?.[0] ?? focused()).getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
";

/// As long as a browser may take to scroll.
const SOON: Duration = Duration::from_secs(2);

/// Goes to a control as somebody does who sees where it is: `Tab`, or `Shift` and `Tab`. On each stop
/// the focus can be seen.
async fn reach(browser: &Browser, target: Value) -> Value {
    let what = target.to_string();
    for steps in 0..STOPS * 4 {
        let way = browser.wait_until(&what, WAY, target.clone()).await;
        if steps > 0 {
            assert_eq!(way["lost"], false, "on the way to {what} the focus is lost");
            let on_screen = browser.comes_true(SOON, ON_SCREEN, json!(null)).await;
            assert!(on_screen, "on the way to {what} the focus is off the screen");
            let stop = browser.ask(FOCUSED, json!(null)).await;
            assert_eq!(stop["seen"], true, "where the keyboard is, is shown: {stop}");
        }
        if way["here"] == true {
            return browser.ask(FOCUSED, json!(null)).await;
        }
        if way["back"] == true {
            browser.press_with_shift(Key::Tab).await;
        } else {
            browser.press(Key::Tab).await;
        }
    }
    panic!("{what} is never reached");
}

/// Nothing that is done takes the focus away.
async fn has_focus(browser: &Browser, after: &str) {
    let has = "return focused() && focused() !== document.body";
    browser.wait_until(&format!("the focus after {after}"), has, json!(null)).await;
}

journeys!(
    from_the_first_field_to_the_receipt,
    after_a_mistake_the_keyboard_is_at_the_summary_and_enter_leads_to_the_field,
    the_survey_is_answered,
);
journeys!(chromium alone: a_farmer_registers, an_official_applies);
