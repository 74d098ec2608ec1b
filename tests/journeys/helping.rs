//! One device, many people: nobody finds anything of the one before.

use eform_journeys::{axe::assert_accessible, form::Form, journeys, stage::Stage};
use serde_json::json;

use crate::ends::{PROBLEM, answer};
use crate::way::{has, is_kept, is_on, kept, open, sample, start};

/// Long waits end when the journey says so, instead of after minutes.
const HOLD_LONG_WAITS: &str = "
  const wait = window.setTimeout;
  window.setTimeout = (act, time, ...more) =>
    [60000, 120000].includes(time) ? ((window.waited = act), 0) : wait.call(window, act, time, ...more);
  return true;
";

async fn says_above(stage: &Stage, words: &str) {
    let script = "return all('[data-part=strip] .turn > p')[0]?.innerText === args";
    stage.browser.wait_until(words, script, json!(words)).await;
}

/// Fills in all and submits.
async fn try_to_submit(stage: &Stage, form: &Form<'_>, name: &str) {
    start(stage, form, "Who asks").await;
    form.enter("full_name", None, name).await;
    form.go_on().await;
    form.fill_in().await;
    form.press("submit").await;
}

/// The same; the receipt is on the screen then.
async fn submit(stage: &Stage, form: &Form<'_>, name: &str) {
    try_to_submit(stage, form, name).await;
    form.becomes("received").await;
}

async fn no_trace_of(stage: &Stage, form: &Form<'_>, name: &str) {
    for _ in 0..12 {
        stage.browser.back().await;
        let words = form.words().await;
        assert!(!words.contains(name), "behind «back»:\n{words}");
        let typed = form.controls().await;
        assert!(typed.iter().all(|control| control.value != name), "{typed:?}");
    }
}

async fn an_officer_fills_in_for_one_after_another(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample, "&assisted=3").await;
    says_above(stage, "Person 1 of 3 · 0 received").await;
    submit(stage, &form, "Malee").await;
    form.says("Malee").await;
    says_above(stage, "Person 1 of 3 · 1 received").await;
    // The receipt stays with its answers, in the other language too.
    form.press("language").await;
    form.says("หน่วยงานได้รับแล้ว").await;
    form.says("Malee").await;
    form.press("language").await;
    assert_accessible(&stage.browser, "the receipt of the first of three").await;
    form.press("next-person").await;
    is_on(stage, "The way").await;
    says_above(stage, "Person 2 of 3 · 1 received").await;
    start(stage, &form, "Who asks").await;
    has(stage, "full_name", "").await;
    // The answers are at the agency, and not on the device any more.
    assert!(!kept(stage, "outbox").await.is_empty());
    assert!(kept(stage, "bodies").await.is_empty());

    // An interview that is broken off stays by itself.
    form.enter("full_name", None, "Somsak").await;
    is_kept(&form).await;
    form.press("next-person").await;
    is_on(stage, "The way").await;
    start(stage, &form, "Who asks").await;
    has(stage, "full_name", "").await;
    form.enter("full_name", None, "Ubon").await;
    is_kept(&form).await;
    form.press("mine").await;
    is_on(stage, "My submissions").await;
    assert_eq!(kept(stage, "drafts").await.len(), 2);
    stage.browser.tap("[data-state=draft]:nth-child(2) [data-action=go-on]").await;
    is_on(stage, "Who asks").await;
    has(stage, "full_name", "Somsak").await;
    // A reload is not the next person.
    stage.browser.reload().await;
    has(stage, "full_name", "Somsak").await;
    // Whoever opens it anew is.
    let form = open(stage, &sample, "&assisted=3&again").await;
    is_on(stage, "The way").await;
    start(stage, &form, "Who asks").await;
    has(stage, "full_name", "").await;
}

/// What is refused does not wait: it would never go by itself. Corrected, nothing of it stays on the device.
async fn what_an_officer_must_correct_is_counted_and_goes_with_what_corrects_it(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample, "&assisted=3").await;
    stage.cable.next("PUT", answer(422, PROBLEM));
    try_to_submit(stage, &form, "Malee").await;
    form.becomes("attention").await;
    says_above(stage, "Person 1 of 3 · 0 received · Needs your attention: 1").await;
    form.press("next-person").await;
    is_on(stage, "The way").await;
    says_above(stage, "Person 2 of 3 · 0 received · Needs your attention: 1").await;
    form.says("My submissions (1) · Needs your attention: 1").await;
    form.press("mine").await;
    stage.browser.tap("[data-state=attention] [data-action=open]").await;
    form.becomes("attention").await;
    form.press("mend").await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    says_above(stage, "Person 1 of 3 · 1 received").await;
    let gone = "
      return Promise.all(['outbox', 'bodies'].map(kept))
        .then(([outbox, bodies]) => outbox.length === 1 && bodies.length === 0)";
    stage.browser.wait_until("what was corrected is gone", gone, json!(null)).await;
    assert_eq!(stage.agency.rows("way").len(), 1);
}

async fn at_a_counter_nothing_is_left_behind(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample, "&shared").await;
    says_above(stage, "Several people use this device").await;
    start(stage, &form, "Who asks").await;
    form.enter("full_name", None, "Malee").await;
    is_kept(&form).await;
    assert_accessible(&stage.browser, "a shared device").await;

    // What was not sent goes, when that was said.
    form.press("next-person").await;
    form.says("Delete the answers that were not sent, and clear").await;
    assert_eq!(kept(stage, "drafts").await.len(), 1);
    form.press("clear-sure").await;
    is_on(stage, "The way").await;
    let gone = "return kept('drafts').then((rows) => rows.length === 0)";
    stage.browser.wait_until("no draft", gone, json!(null)).await;
    no_trace_of(stage, &form, "Malee").await;

    let form = open(stage, &sample, "&shared").await;
    submit(stage, &form, "Somsak").await;
    form.says("Somsak").await;
    assert!(!form.shows("save-copy").await, "a file would stay behind");
    // A reload is not the next person: the reference is still there.
    let reference = form.reference().await;
    stage.browser.reload().await;
    form.becomes("received").await;
    assert_eq!(form.reference().await, reference);
    form.press("next-person").await;
    is_on(stage, "The way").await;
    let forgotten = "return kept('outbox').then((rows) => rows.length === 0)";
    stage.browser.wait_until("no submission", forgotten, json!(null)).await;
    no_trace_of(stage, &form, "Somsak").await;
    assert_eq!(stage.agency.rows("way").len(), 1);
}

async fn a_form_that_is_left_alone_covers_itself_and_is_cleared(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample, "&shared=2").await;
    start(stage, &form, "Who asks").await;
    stage.browser.ask(HOLD_LONG_WAITS, json!(null)).await;
    form.enter("full_name", None, "Malee").await;
    is_kept(&form).await;
    let over = "window.waited(); return true";
    stage.browser.ask(over, json!(null)).await;
    let covered = "return focused()?.dataset.action === 'stay'";
    stage.browser.wait_until("the cover", covered, json!(null)).await;
    form.says("Are you still there?").await;
    assert_accessible(&stage.browser, "covered").await;
    let reach = "return all('.screen')[0].inert && all('.masthead')[0].inert";
    assert_eq!(stage.browser.ask(reach, json!(null)).await, json!(true));
    form.press("stay").await;
    has(stage, "full_name", "Malee").await;

    stage.browser.ask(over, json!(null)).await;
    stage.browser.wait_until("the cover", covered, json!(null)).await;
    stage.browser.ask(over, json!(null)).await;
    is_on(stage, "The way").await;
    start(stage, &form, "Who asks").await;
    has(stage, "full_name", "").await;
}

journeys!(
    an_officer_fills_in_for_one_after_another,
    what_an_officer_must_correct_is_counted_and_goes_with_what_corrects_it,
    at_a_counter_nothing_is_left_behind,
    a_form_that_is_left_alone_covers_itself_and_is_cleared,
);
