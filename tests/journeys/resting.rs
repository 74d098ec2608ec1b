//! What is kept on the phone is encrypted there, and under a PIN where the citizen sets one.

use eform_journeys::{
    axe::assert_accessible, cable::Mode, form::Form, journeys, sample::Sample, stage::Stage,
};
use serde_json::json;

use crate::{
    files::{CLAIM, Disk, ID, attach, bytes, claim, open, publish},
    is_ready_for_no_signal,
    narrow::nothing_is_cut,
};

const NAME: &str = "สมหญิง ใจดี";

/// Everything that IndexedDB and localStorage have, as it is on the disk: bytes as text.
const ON_DISK: &str = "
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('eform');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const names = [...opening.result.objectStoreNames];
      const reading = opening.result.transaction(names);
      const stores = names.map((name) => reading.objectStore(name).getAll());
      reading.oncomplete = () => {
        opening.result.close();
        const text = (_, value) => value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
        resolve(JSON.stringify([stores.map((store) => store.result), { ...localStorage }], text));
      };
    };
  })
";

async fn on_disk(stage: &Stage) -> String {
    stage.browser.ask(ON_DISK, json!(null)).await.as_str().expect("text").to_owned()
}

async fn types(stage: &Stage, id: &str, pin: &str) {
    let find = "return all(`#${args}`).find(visible)";
    stage.browser.type_into(id, find, json!(id), pin).await;
}

/// Locks what is kept with a PIN, in the list of services.
async fn lock(stage: &Stage, pin: &str) {
    stage.browser.tap("summary[data-action=pin]").await;
    types(stage, "new-pin", pin).await;
    types(stage, "new-pin-again", pin).await;
    stage.browser.tap("[data-action=set-pin]").await;
    is_locked(stage).await;
}

async fn is_locked(stage: &Stage) {
    let done =
        "return all('[data-eform=pin-done]').some((one) => one.innerText.startsWith('Locked'))";
    stage.browser.wait_until("it is locked", done, json!(null)).await;
}

async fn unlock(stage: &Stage, pin: &str) {
    types(stage, "pin", pin).await;
    stage.browser.tap("[data-action=unlock]").await;
}

async fn is_wrong(stage: &Stage) {
    let wrong =
        "return all('[data-eform=pin-wrong]').some((one) => one.innerText.includes('not right'))";
    stage.browser.wait_until("the PIN is wrong", wrong, json!(null)).await;
}

async fn is_asked(stage: &Stage) {
    let asked = "return all('[data-eform=locked]').some(visible)";
    stage.browser.wait_until("it asks for the PIN", asked, json!(null)).await;
}

/// Opens the form, and fills in all of it.
async fn filled_in<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    let disk = Disk::new();
    publish(stage, CLAIM);
    let form = open(stage, sample).await;
    form.enter("name", None, NAME).await;
    attach(stage, "card", &[&disk.write("card.pdf", &bytes(300_001, 1))]).await;
    form.says("Attached: card.pdf").await;
    attach(stage, "photos", &[&disk.write("field.png", NAME.repeat(999).as_bytes())]).await;
    form.says("Attached: field.png").await;
    form.says("Draft saved on this phone").await;
    let named = "return kept('drafts').then((drafts) => drafts.join().includes('field.png'))";
    stage.browser.wait_until("the draft names both", named, json!(null)).await;
    form
}

async fn open_list(stage: &Stage) {
    stage.browser.open(&format!("{}/?lang=en", stage.cable.origin())).await;
}

/// Received, once, with what was typed and attached.
async fn is_received(stage: &Stage, form: &Form<'_>) {
    form.becomes("received").await;
    let rows = stage.agency.rows(ID);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].submission["answers"]["name"], NAME);
    let mut files: Vec<_> = stage.agency.files(ID).into_values().collect();
    files.sort_by_key(Vec::len);
    assert!(files == [NAME.repeat(999).into_bytes(), bytes(300_001, 1)], "byte for byte");
}

async fn nothing_typed_is_on_the_disk_in_the_clear(stage: &Stage) {
    let sample = claim();
    let form = filled_in(stage, &sample).await;
    let disk = on_disk(stage).await;
    assert!(disk.contains("claim") && !disk.contains(NAME) && !disk.contains("field.png"));
    // Left in the middle of a word, too.
    form.enter("name", None, "สมชาย").await;
    open_list(stage).await;
    assert!(!on_disk(stage).await.contains("สมชาย"));
    let form = open(stage, &sample).await;
    let has = "return all('input[name=name]').some((box) => box.value === args)";
    stage.browser.wait_until("the word is there", has, json!("สมชาย")).await;
    form.enter("name", None, NAME).await;
    form.go_to_submit().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.is_kept().await;
    let disk = on_disk(stage).await;
    assert!(!disk.contains(NAME) && disk.contains("bodyBytes"));
    stage.cable.set(Mode::Pass).await;
    is_received(stage, &form).await;
}

async fn what_is_under_a_pin_goes_once_it_was_entered(stage: &Stage) {
    let sample = claim();
    let form = filled_in(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    form.go_to_submit().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.is_kept().await;
    open_list(stage).await;
    form.is_kept().await;
    stage.browser.tap("summary[data-action=pin]").await;
    types(stage, "new-pin", "12345").await;
    stage.browser.tap("[data-action=set-pin]").await;
    let says = "return all('#pin-set-wrong').some((one) => one.innerText.includes(args))";
    stage.browser.wait_until("it is too short", says, json!("at least 6")).await;
    types(stage, "new-pin", "123456").await;
    types(stage, "new-pin-again", "123465").await;
    stage.browser.tap("[data-action=set-pin]").await;
    stage.browser.wait_until("they differ", says, json!("not the same")).await;
    assert_accessible(&stage.browser, "a PIN is set").await;
    nothing_is_cut(stage, "a PIN is set").await;
    types(stage, "new-pin-again", "123456").await;
    stage.browser.tap("[data-action=set-pin]").await;
    is_locked(stage).await;
    assert_accessible(&stage.browser, "a PIN was set").await;

    // There is a signal, and nothing goes without the PIN.
    stage.browser.tap("[data-action=lock-now]").await;
    is_asked(stage).await;
    stage.cable.set(Mode::Pass).await;
    stage.browser.ask("return dispatchEvent(new Event('online'))", json!(null)).await;
    unlock(stage, "123465").await;
    is_wrong(stage).await;
    assert!(stage.agency.rows(ID).is_empty() && stage.cable.requests("POST").is_empty());
    unlock(stage, "123456").await;
    is_received(stage, &form).await;
    assert!(!on_disk(stage).await.contains(NAME));

    stage.browser.tap("summary[data-action=pin]").await;
    types(stage, "old-pin", "123456").await;
    types(stage, "new-pin", "abcdefgh").await;
    types(stage, "new-pin-again", "abcdefgh").await;
    stage.browser.tap("[data-action=set-pin]").await;
    is_locked(stage).await;
    stage.browser.tap("[data-action=lock-now]").await;
    is_asked(stage).await;
    unlock(stage, "abcdefgh").await;
    form.becomes("received").await;
    stage.browser.tap("summary[data-action=pin]").await;
    types(stage, "old-pin", "123456").await;
    stage.browser.tap("[data-action=remove-pin]").await;
    stage.browser.tap("[data-action=remove-pin-sure]").await;
    is_wrong(stage).await;
    types(stage, "old-pin", "abcdefgh").await;
    stage.browser.tap("[data-action=remove-pin-sure]").await;
    let done = "return all('[data-eform=pin-done]').some((one) => one.innerText.startsWith('There is no PIN'))";
    stage.browser.wait_until("there is none", done, json!(null)).await;
    open_list(stage).await;
    form.becomes("received").await;
    let answers = "return kept('bodies').then((rows) => rows.join().includes(args))";
    stage.browser.wait_until("the answers can be read", answers, json!(NAME)).await;
}

async fn a_form_asks_for_the_pin_and_goes_on_where_one_left_off(stage: &Stage) {
    let sample = claim();
    filled_in(stage, &sample).await;
    open_list(stage).await;
    // What comes above would move what is tapped.
    stage.browser.text("[data-state=draft]").await;
    lock(stage, "ความลับ").await;
    assert!(!on_disk(stage).await.contains(NAME));
    stage.browser.tap("[data-action=lock-now]").await;
    is_asked(stage).await;
    let form = opened_locked(stage, &sample).await;
    unlock(stage, "ความลับลับ").await;
    is_wrong(stage).await;
    assert_accessible(&stage.browser, "it asks for the PIN").await;
    nothing_is_cut(stage, "it asks for the PIN").await;
    unlock(stage, "ความลับ").await;
    form.is_open().await;
    let has = "return all('input[name=name]').some((box) => box.value === args)";
    stage.browser.wait_until("the name is there", has, json!(NAME)).await;
    form.go_to_submit().await;
    form.press("submit").await;
    is_received(stage, &form).await;

    // Who has forgotten it begins anew; what was received stays.
    open_list(stage).await;
    is_asked(stage).await;
    let form = opened_locked(stage, &sample).await;
    stage.browser.tap("summary[data-action=pin-forgotten]").await;
    stage.browser.tap("[data-action=delete]").await;
    stage.browser.tap("[data-action=delete-sure]").await;
    form.is_open().await;
    form.enter("name", None, NAME).await;
    form.says("Draft saved on this phone").await;
    stage.browser.reload().await;
    form.is_open().await;
    stage.browser.wait_until("the name is there", has, json!(NAME)).await;
    open_list(stage).await;
    form.becomes("received").await;
}

async fn opened_locked<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    stage.browser.open(&format!("{}/?form={ID}&lang=en", stage.cable.origin())).await;
    is_asked(stage).await;
    Form::on(&stage.browser, sample)
}

journeys!(
    nothing_typed_is_on_the_disk_in_the_clear,
    what_is_under_a_pin_goes_once_it_was_entered,
    a_form_asks_for_the_pin_and_goes_on_where_one_left_off,
);
