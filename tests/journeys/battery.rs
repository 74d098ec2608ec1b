//! The battery goes flat: every process of the browser ends at once, and later it is started again.

use eform_journeys::{
    cable::{Fate, Fault, Mode},
    journeys,
    stage::Stage,
};

use serde_json::json;

use crate::{FORM, is_ready_for_no_signal, open, open_list, sample};

async fn what_was_saved_on_the_phone_is_delivered_after_the_battery_was_flat(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    let answers = form.fill_in().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.is_kept().await;
    stage.browser.kill();
    stage.browser.start_again().await;

    // Still no signal: it is there, and says so.
    let form = open_list(stage, &sample).await;
    form.becomes("queued").await;
    assert!(stage.agency.rows(FORM).is_empty());

    stage.cable.set(Mode::Pass).await;
    stage.browser.reload().await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

async fn a_half_filled_form_is_there_after_the_battery_was_flat(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    let mut answers = form.answer_screen().await;
    form.go_on().await;
    answers.extend(form.answer_screen().await);
    let (screen, controls) = (form.screen().await, form.controls().await);
    form.draft_is_kept(&answers).await;
    stage.cable.set(Mode::Unplugged).await;
    stage.browser.kill();
    stage.browser.start_again().await;

    let form = open(stage, &sample).await;
    let now = (form.screen().await, form.controls().await);
    assert_eq!(now, (screen, controls), "the same page with the same answers");
    stage.cable.set(Mode::Pass).await;
    form.go_on().await;
    answers.extend(form.fill_in().await);
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// Of five changes, from the key to the disk: another program may have the processor for a moment.
async fn a_change_is_on_the_disk_within_a_second(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    form.answer_screen().await;
    form.draft_is_kept(&serde_json::Map::new()).await;
    let mut times: Vec<f64> = Vec::new();
    for at in 0..5 {
        let took = stage.browser.ask(UNTIL_ON_DISK, json!(format!("change {at}"))).await;
        times.push(took.as_f64().expect("a time"));
    }
    times.sort_by(f64::total_cmp);
    println!("milliseconds from a key to the disk: {times:?}");
    assert!(times[2] < 1000.0, "{times:?}");
}

/// Types into the first box; milliseconds until it is in the database.
const UNTIL_ON_DISK: &str = "
  const box = all('input[type=text], textarea').find(visible);
  box.value = args;
  const begin = performance.now();
  box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  const holds = async () => (await kept('drafts')).join().includes(args);
  return (async () => {
    while (!(await holds())) await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - begin;
  })();
";

/// The moment that a flat battery likes best: the server has the submission, the phone has not heard
/// of it.
async fn killed_in_the_middle_of_sending_it_is_sent_again_and_received_once(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    let answers = form.fill_in().await;
    stage.cable.next("PUT", Fault::HoldResponse);
    form.press("submit").await;
    stage.cable.wait_for("PUT", Fate::ResponseHeld, 1).await;
    assert_eq!(stage.agency.rows(FORM).len(), 1, "the server has it");
    stage.browser.kill();
    stage.browser.start_again().await;

    let form = open_list(stage, &sample).await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

journeys!(
    a_change_is_on_the_disk_within_a_second,
    what_was_saved_on_the_phone_is_delivered_after_the_battery_was_flat,
    a_half_filled_form_is_there_after_the_battery_was_flat,
    killed_in_the_middle_of_sending_it_is_sent_again_and_received_once,
);
