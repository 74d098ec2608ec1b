//! A sheet of the gallery on the screen: every type of field in one state. See `eform_guide::gallery`.

use eform_guide::gallery::{ROWS, Sheet, State};
use serde_json::json;

use crate::{form::Form, sample::Sample, stage::Stage};

/// The day of the examples, at ten in the morning in Thailand.
pub const TODAY: &str = "2026-11-20T10:00:00+07:00";

/// Makes it always that time, in the page that loads it.
const CLOCK: &str = "
  {
    const time = Date.parse('NOW');
    window.Date = class extends Date {
      constructor(...given) { super(...(given.length ? given : [time])); }
      static now() { return time; }
    };
  }
  document.documentElement?.setAttribute('data-clock', 'stopped');
";

/// As a page's own script, since a driver's may have a `Date` of its own.
const STOP_CLOCK: &str = "
  document.head.append(Object.assign(document.createElement('script'), { src: 'clock.js' }));
";

/// Begins a draft, as a page that is left does; it is a page of the same origin that runs this.
const BEGIN: &str = "
  localStorage.clear();
  const draft = {
    schema: 1, key: args.id, id: '0197a0f0-0000-7000-8000-000000000000', form: args.id, definition: '',
    entries: args.entries, page: args.page, language: 'th', errors: [], updatedAt: Date.now(),
  };
  localStorage.setItem(`eform-draft:${args.id}`, JSON.stringify(draft));
";

/// The script that stops the clock on the day of the examples.
pub fn clock() -> String {
    CLOCK.replace("NOW", TODAY)
}

/// What of these is not there yet; nothing is when something is still awaited, such as the list of
/// places.
const LACKING: &str = "
  const root = document.querySelector('e-form')?.shadowRoot;
  const lacking = args.filter((name) => !root?.querySelector(`[data-field='${name}']`));
  return lacking.length > 0 || [...root.querySelectorAll('.bar')].some(visible) ? null : [true];
";

/// What shows no finding.
const SILENT: &str = "
  const root = document.querySelector('e-form').shadowRoot;
  const field = (name) => root.querySelector(`[data-field='${name}']`);
  return args.filter((name) => !field(name).querySelector('.found'));
";

/// Begins the form's draft with these entries at a page, and opens the form there. No other draft of
/// this form is kept.
pub async fn open_form(stage: &Stage, address: &str, draft: &serde_json::Value) {
    stage.agency.write("nothing.html", "<!doctype html><title>nothing</title>");
    stage.browser.open(&format!("{}/nothing.html", stage.cable.origin())).await;
    stage.browser.wait_until("the page", "return document.title === 'nothing'", json!(null)).await;
    stage.browser.ask(BEGIN, draft.clone()).await;
    stage.browser.open(&format!("{}/{address}", stage.cable.origin())).await;
    stage.browser.wait_until("the form", IS_THERE, json!(null)).await;
    stage.browser.ask(GO_IN, json!(null)).await;
}

/// A page of the form, or the one before the first, where a draft waits to be gone on with.
pub const IS_THERE: &str = "return all('[data-eform=start], [data-eform=continue]').some(visible)";

const GO_IN: &str = "all('[data-eform=start]').find(visible)?.click()";

/// Opens the sheet in a language, in the state that it is to show.
pub async fn open(stage: &Stage, sheet: &Sheet, language: &str) {
    let (browser, id) = (&stage.browser, &sheet.id);
    stage.agency.write(&format!("forms/{id}.json"), &sheet.definition.to_string());
    let draft = json!({ "id": id, "entries": sheet.entries, "page": "page" });
    open_form(stage, &format!("?form={id}&lang={language}"), &draft).await;
    let sample = Sample::new(sheet.definition.clone());
    let form = Form::on(browser, &sample);
    form.is_open().await;
    stage.agency.write("clock.js", &clock());
    browser.ask(STOP_CLOCK, json!(null)).await;
    let stopped = "return document.documentElement.dataset.clock === 'stopped'";
    browser.wait_until("the clock stopped", stopped, json!(null)).await;
    if sheet.state == State::Row {
        form.act(ROWS, "+").await;
    }
    let names: Vec<&str> = sheet.specimens.iter().map(|one| one.name.as_str()).collect();
    browser.wait_until("every field", LACKING, json!(names)).await;
    browser.lay_out_all().await;
    if sheet.is_checked() {
        form.press("continue").await;
        browser.text("[data-eform=error-summary]").await;
        assert_eq!(browser.ask(SILENT, json!(names)).await, json!([]), "{id}: nothing is said");
    }
}
