//! The way through a long form: the page before the first, the list of its parts, every draft by
//! itself, what is declared, and what the citizen keeps.

use eform_journeys::{
    agency::definition, axe::assert_accessible, form::Form, journeys, sample::Sample, stage::Stage,
};
use serde_json::{Value, json};

pub const ID: &str = "way";

pub fn sample() -> Sample {
    Sample::new(definition(ID))
}

pub async fn open<'a>(stage: &'a Stage, sample: &'a Sample, query: &str) -> Form<'a> {
    stage.browser.open(&format!("{}/?form={ID}&lang=en{query}", stage.cable.origin())).await;
    let form = Form::on(&stage.browser, sample);
    form.is_open().await;
    form
}

/// Waits until a page of the form is on the screen.
pub async fn is_on(stage: &Stage, title: &str) {
    let script = "return all('h1').find(visible)?.innerText === args";
    stage.browser.wait_until(title, script, json!(title)).await;
}

pub async fn start(stage: &Stage, form: &Form<'_>, page: &str) {
    form.press("start").await;
    is_on(stage, page).await;
}

/// The value of a text box on the screen.
pub async fn has(stage: &Stage, field: &str, text: &str) {
    let script = "return all(`input[name=${args[0]}]`).find(visible)?.value === args[1]";
    stage.browser.wait_until(field, script, json!([field, text])).await;
}

/// What the database has in a store, each row as text.
pub async fn kept(stage: &Stage, store: &str) -> Vec<Value> {
    let script = "return kept(args)";
    stage.browser.ask(script, json!(store)).await.as_array().cloned().unwrap_or_default()
}

/// Waits until the draft that is kept of this tab has these words.
pub async fn is_kept(form: &Form<'_>) {
    // There is a database to look into by then.
    form.says("Draft saved on this phone").await;
    form.draft_is_kept(&serde_json::Map::new()).await;
}

/// Everything that a page writes waits from now on, until `letGo`; the timer that says so is in our hand.
const SLOW: &str = "
  const after = window.setTimeout;
  window.slow = [];
  window.setTimeout = (act, wait, ...given) =>
    wait === 2000 ? window.slow.push(act) : after(act, wait, ...given);
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('eform');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const drafts = opening.result.transaction('drafts', 'readwrite').objectStore('drafts');
      let holds = true;
      window.letGo = () => { holds = false; opening.result.close(); };
      const hold = () => {
        if (holds) drafts.count().onsuccess = hold;
        resolve(true);
      };
      hold();
    };
  })";

async fn is_being_written(stage: &Stage) {
    let is_slow = "return window.slow.length > 0";
    stage.browser.wait_until("it is being written", is_slow, json!(null)).await;
}

/// What the page says of its draft once the timer has run.
async fn said_when_it_is_slow(stage: &Stage) -> String {
    let said = "
      for (const act of window.slow.splice(0)) act();
      return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() =>
        resolve(all('[data-eform=status]').find(visible)?.innerText ?? ''))))";
    stage.browser.ask(said, json!(null)).await.as_str().unwrap_or_default().to_owned()
}

async fn what_is_slow_is_said_of_its_own_draft_and_of_no_other(stage: &Stage) {
    const FAILED: &str = "The draft could not be saved. Do not close this page.";
    let sample = sample();
    let form = open(stage, &sample, "").await;
    start(stage, &form, "Who asks").await;
    form.answer("full_name").await;
    is_kept(&form).await;
    stage.browser.ask(SLOW, json!(null)).await;
    form.go_on().await;
    is_on(stage, "What for").await;
    form.enter("topic", None, "Water").await;
    is_being_written(stage).await;
    // A new one, while that is still being written.
    stage.browser.back().await;
    is_on(stage, "Who asks").await;
    stage.browser.back().await;
    is_on(stage, "The way").await;
    form.press("anew").await;
    is_on(stage, "Who asks").await;
    assert_eq!(said_when_it_is_slow(stage).await, "");
    form.answer("full_name").await;
    is_being_written(stage).await;
    assert_eq!(said_when_it_is_slow(stage).await, FAILED);
    stage.browser.ask("window.letGo()", json!(null)).await;
    form.says("Draft saved on this phone").await;
}

async fn it_begins_with_what_to_have_ready_and_goes_on_where_one_left_off(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample, "").await;
    is_on(stage, "The way").await;
    for words in [
        "It takes about 7 minutes",
        "Your ID card",
        "To see that it works",
        "Legal basis: a task in the public interest",
        "The officers",
        "Kept for 2 years",
        "02-579-3004",
    ] {
        form.says(words).await;
    }
    assert_accessible(&stage.browser, "the start page").await;
    start(stage, &form, "Who asks").await;
    form.answer("full_name").await;
    form.go_on().await;
    is_on(stage, "What for").await;
    form.enter("topic", None, "Water").await;
    is_kept(&form).await;

    // Back goes through the pages to the start, and on again to where one was.
    stage.browser.back().await;
    is_on(stage, "Who asks").await;
    stage.browser.back().await;
    is_on(stage, "The way").await;
    form.says("Go on where you left off").await;
    start(stage, &form, "Who asks").await;
    form.go_on().await;
    has(stage, "topic", "Water").await;

    stage.browser.reload().await;
    is_on(stage, "What for").await;
    has(stage, "topic", "Water").await;

    // Another day.
    stage.browser.new_tab().await;
    let form = open(stage, &sample, "").await;
    is_on(stage, "The way").await;
    form.says("Draft saved on this phone").await;
    assert_accessible(&stage.browser, "the start page of a draft").await;
    start(stage, &form, "What for").await;
    has(stage, "topic", "Water").await;
}

async fn the_list_of_parts_says_where_each_stands(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample, "").await;
    start(stage, &form, "Who asks").await;
    form.answer("full_name").await;
    form.go_on().await;
    is_on(stage, "What for").await;
    // Nothing need be entered to have been there; what is missing keeps it open.
    form.press("tasks").await;
    is_on(stage, "All parts").await;
    let parts =
        "return all('.tasks li').map((part) => part.innerText.replace(/\\s+/g, ' ').trim())";
    let said = stage.browser.ask(parts, json!(null)).await;
    assert_eq!(
        said,
        json!([
            "Who asks Done",
            "What for Not started",
            "Where Not started",
            "When Not started",
            "Check your answers"
        ])
    );
    assert_accessible(&stage.browser, "all parts").await;
    stage.browser.tap(".tasks li:nth-child(4) button").await;
    is_on(stage, "When").await;
    form.enter("year", None, "x").await;
    form.press("tasks").await;
    is_on(stage, "All parts").await;
    let said = stage.browser.ask(parts, json!(null)).await;
    assert_eq!(said[3], "When In progress");
    // Who goes straight to the end is led to what is missing.
    stage.browser.tap(".tasks li:last-child button").await;
    is_on(stage, "Check your answers").await;
    form.press("submit").await;
    is_on(stage, "What for").await;
    stage.browser.text("[data-eform=error-summary]").await;
    assert!(stage.agency.rows(ID).is_empty());
}

async fn every_draft_is_listed_goes_on_by_itself_and_can_be_deleted(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample, "").await;
    start(stage, &form, "Who asks").await;
    form.enter("full_name", None, "First").await;
    is_kept(&form).await;
    let first = stage.browser.tab().await;

    // A second one in another tab, beside the first.
    let second = stage.browser.new_tab().await;
    let form = open(stage, &sample, "").await;
    form.press("anew").await;
    is_on(stage, "Who asks").await;
    has(stage, "full_name", "").await;
    form.enter("full_name", None, "Second").await;
    is_kept(&form).await;
    assert_eq!(kept(stage, "drafts").await.len(), 2);

    // Each tab keeps to its own, however often it is loaded.
    stage.browser.reload().await;
    has(stage, "full_name", "Second").await;
    stage.browser.turn_to(&first).await;
    stage.browser.reload().await;
    has(stage, "full_name", "First").await;
    stage.browser.turn_to(&second).await;

    // The list of services leads to each.
    stage.browser.open(&format!("{}/?lang=en", stage.cable.origin())).await;
    stage.browser.text("[data-state=draft]").await;
    let script = "return all('[data-state=draft]').filter(visible).length === 2";
    stage.browser.wait_until("two drafts", script, json!(null)).await;
    assert_accessible(&stage.browser, "two drafts in the list").await;
    stage.browser.tap("[data-state=draft]:nth-child(2) [data-action=open]").await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    start(stage, &form, "Who asks").await;
    has(stage, "full_name", "First").await;

    // The one on the screen is deleted, when asked twice; the other one is still there.
    form.press("mine").await;
    is_on(stage, "My submissions").await;
    // The other one was typed in later, and stands above.
    stage.browser.tap("[data-state=draft]:nth-child(2) [data-action=delete]").await;
    assert_eq!(kept(stage, "drafts").await.len(), 2);
    stage.browser.tap("[data-action=delete-sure]").await;
    let one = "return all('[data-state=draft]').filter(visible).length === 1";
    stage.browser.wait_until("one draft", one, json!(null)).await;
    let left = kept(stage, "drafts").await;
    assert_eq!(left.len(), 1);
    assert!(left[0].to_string().contains("Second"), "{left:?}");
    stage.browser.tap("[data-action=go-on]").await;
    is_on(stage, "Who asks").await;
    has(stage, "full_name", "Second").await;

    // So it is in the list of services.
    stage.browser.open(&format!("{}/?lang=en", stage.cable.origin())).await;
    stage.browser.tap("[data-state=draft] [data-action=delete]").await;
    stage.browser.tap("[data-action=delete-sure]").await;
    let none = "return all('[data-state=draft]').length === 0";
    stage.browser.wait_until("none", none, json!(null)).await;
    assert!(kept(stage, "drafts").await.is_empty());
}

async fn what_was_sent_can_be_read_and_kept(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample, "").await;
    start(stage, &form, "Who asks").await;
    form.enter("full_name", None, "<b>Somchai & co</b>").await;
    form.enter("nickname", None, "Chai").await;
    form.go_on().await;
    let answers = form.fill_in().await;
    assert!(answers.contains_key("topic"));
    form.says("I declare that this is true.").await;
    form.says("Agree and submit").await;
    form.press("submit").await;
    form.becomes("received").await;
    form.says("We call you within five days.").await;
    form.says("The answers you sent").await;
    form.says("<b>Somchai & co</b>").await;
    assert_accessible(&stage.browser, "the receipt with its answers").await;

    // What is given to the browser to keep.
    let watch = "
      const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => {
        blob.text().then((text) => { window.saved = text });
        return make.call(URL, blob);
      };
      document.addEventListener('click', (event) => event.composedPath()[0].download && event.preventDefault(), true);
      HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download };
    ";
    stage.browser.ask(watch, json!(null)).await;
    form.press("save-copy").await;
    let saved = stage.browser.wait_until("the copy", "return window.saved", json!(null)).await;
    let saved = saved.as_str().unwrap_or_default();
    let reference = form.reference().await;
    for words in [
        "Test Agency",
        "&lt;b&gt;Somchai &amp; co&lt;/b&gt;",
        "Chai",
        &reference,
        "I declare that this is true.",
    ] {
        assert!(saved.contains(words), "{words} is not in the copy:\n{saved}");
    }
    assert!(!saved.contains("<button") && !saved.contains("<script"), "{saved}");
    let name = stage.browser.ask("return window.savedAs", json!(null)).await;
    assert_eq!(name, format!("{ID}-{}.html", reference.replace(' ', "")));

    // The same on another day, from the list.
    stage.browser.reload().await;
    form.becomes("received").await;
    form.says("Chai").await;
}

async fn the_form_is_as_large_as_its_reader_wants_it(stage: &Stage) {
    let sample = sample();
    open(stage, &sample, "").await;
    // What stands around it is not made larger.
    let height = "return document.querySelector('e-form').getBoundingClientRect().height";
    let normal = stage.browser.ask(height, json!(null)).await.as_f64().unwrap_or_default();
    stage.browser.tap("[data-action=text-size]:nth-of-type(3)").await;
    let larger =
        "return document.querySelector('e-form').getBoundingClientRect().height > args * 1.3";
    stage.browser.wait_until("larger", larger, json!(normal)).await;
    let pressed = "return all('[data-action=text-size]').map((one) => one.ariaPressed)";
    assert_eq!(stage.browser.ask(pressed, json!(null)).await, json!(["false", "false", "true"]));
    assert_accessible(&stage.browser, "as large as it gets").await;
    // WebKit's driver does not find its way in what is larger.
    stage.browser.ask("all('[data-eform=start]')[0].click()", json!(null)).await;
    is_on(stage, "Who asks").await;
    let sideways = "return document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(stage.browser.ask(sideways, json!(null)).await, json!(true), "it must be scrolled");
    // On this phone, from now on.
    stage.browser.reload().await;
    is_on(stage, "The way").await;
    stage.browser.wait_until("larger", larger, json!(normal)).await;
    let smaller = "const one = all('[data-action=text-size]')[0]; one?.click(); return !!one";
    stage.browser.wait_until("the sizes", smaller, json!(null)).await;
    let as_ever = "return all('[data-action=text-size]').map((one) => one.ariaPressed).join()";
    assert_eq!(stage.browser.ask(as_ever, json!(null)).await, "true,false,false");
    assert_eq!(stage.browser.ask("return localStorage['eform-size']", json!(null)).await, "");
}

journeys!(
    the_form_is_as_large_as_its_reader_wants_it,
    it_begins_with_what_to_have_ready_and_goes_on_where_one_left_off,
    what_is_slow_is_said_of_its_own_draft_and_of_no_other,
    the_list_of_parts_says_where_each_stands,
    every_draft_is_listed_goes_on_by_itself_and_can_be_deleted,
    what_was_sent_can_be_read_and_kept,
);
