//! A phone on which nothing can be kept: the citizen is told, and nothing is called saved.

use std::time::Duration;

use eform_journeys::{
    browser::Browser, cable::Mode, engine::Engine, form::Form, journeys, stage::Stage,
};
use serde_json::json;

use crate::{
    FORM,
    ends::{PROBLEM, answer},
    files::{self, CLAIM, Disk, attach, bytes, claim, publish},
    is_ready_for_no_signal, open, sample,
};

/// On a page whose storage does this, fills the form in as far as «submit».
async fn nothing_is_called_saved(stage: &Stage, storage: &str) {
    let sample = sample();
    open_page(stage, storage, FORM).await;
    let form = Form::on(&stage.browser, &sample);
    form.fill_in().await;
    let before = form.words().await;
    form.press("submit").await;
    form.says_otherwise_than(&before).await;
    stage.browser.text("[role=alert]").await;
    assert!(form.states().await.is_empty(), "{}", form.words().await);
    assert!(form.shows("submit").await, "it can be tried again");
    assert!(stage.agency.rows(FORM).is_empty());
}

/// Opens the form on a page whose storage does this.
async fn open_page(stage: &Stage, storage: &str, form: &str) {
    stage.agency.write("storage.js", storage);
    let page = format!(
        "<!doctype html><html lang='th'><meta charset='utf-8'><title>An agency's own page</title>
         <script src='storage.js'></script><script type='module' src='e-form.js'></script>
         <e-form src='forms/{form}.json'></e-form>"
    );
    stage.agency.write("page.html", &page);
    stage.browser.open(&format!("{}/page.html", stage.cable.origin())).await;
}

const REFUSE: &str =
    "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };";

/// As in some private modes, and where a company's rules forbid it.
async fn where_storage_is_refused(stage: &Stage) {
    nothing_is_called_saved(stage, REFUSE).await;
}

/// All is kept as long as the browser is there, and sent; when it has ended, nothing is left.
async fn in_a_private_window(stage: &Stage) {
    let Some(browser) = Browser::start_private(stage.browser.engine()).await else { return };
    let sample = sample();
    let address = format!("{}/?form={FORM}", stage.cable.origin());
    browser.open(&address).await;
    let form = Form::on(&browser, &sample);
    form.is_open().await;
    let mut answers = form.answer_screen().await;
    form.draft_is_kept(&answers).await;
    let controls = form.controls().await;
    browser.reload().await;
    form.is_open().await;
    form.has_entered(&controls).await;
    form.go_on().await;
    stage.cable.set(Mode::Unplugged).await;
    answers.extend(form.fill_in().await);
    form.press("submit").await;
    form.becomes("queued").await;
    form.is_kept().await;
    let told = "return all('[data-part=may-be-wiped]').some(visible)";
    browser.wait_until("that it may be wiped", told, json!(null)).await;
    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;

    browser.kill();
    browser.start_again().await;
    browser.open(&address).await;
    form.is_open().await;
    let nothing = "return kept('outbox').then((rows) => rows.length === 0)";
    browser.wait_until("nothing of it", nothing, json!(null)).await;
}

/// Before anything is typed that would be lost.
async fn that_nothing_can_be_kept_is_said_at_once(stage: &Stage) {
    let sample = sample();
    open_page(stage, REFUSE, FORM).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    form.says("เบราว์เซอร์นี้เก็บข้อมูลไว้ในเครื่องไม่ได้").await;
    // Whom to call, and the form on paper.
    form.says("02-579-3004").await;
    stage.browser.tap("[data-eform=blank]").await;
    let printed = "return location.pathname === args && document.querySelector('h1') !== null";
    let address = format!("/forms/{FORM}.blank.th.html");
    stage.browser.wait_until("the empty form", printed, json!(address)).await;
}

/// As Safari's has been known to do.
async fn where_storage_never_answers(stage: &Stage) {
    let never = "IDBFactory.prototype.open = () => Object.create(IDBOpenDBRequest.prototype, {
      onsuccess: { writable: true }, onerror: { writable: true }, onupgradeneeded: { writable: true },
    });";
    nothing_is_called_saved(stage, never).await;
}

/// A phone that is full whenever the page says so.
const FULL: &str = "
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...given) {
    if (window.isFull) throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, given);
  };
  const storage = window.StorageManager?.prototype;
  const estimate = storage?.estimate;
  if (estimate) storage.estimate = async function () {
    return window.isFull ? { quota: 9e6, usage: 4e6 } : estimate.call(this);
  };";

async fn is_full(stage: &Stage, full: bool) {
    stage.browser.ask("window.isFull = args", json!(full)).await;
}

/// Nothing is called saved that is not, and when there is room again it is.
async fn on_a_full_phone(stage: &Stage) {
    let sample = sample();
    open_page(stage, FULL, FORM).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    let mut answers = form.answer_screen().await;
    form.draft_is_kept(&answers).await;
    is_full(stage, true).await;
    form.go_on().await;
    answers.extend(form.fill_in().await);
    form.press("submit").await;
    stage.browser.text("[role=alert]").await;
    assert!(form.states().await.is_empty(), "{}", form.words().await);
    assert!(stage.agency.rows(FORM).is_empty());

    is_full(stage, false).await;
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// Megabytes: room for what the kit keeps for use without a signal, and not much more.
const SMALL: u32 = 96;

/// Longer than what is left in the blocks that are there already.
const LONG: usize = 500_000;

/// The claim's form in a browser whose pages store on a small disk; `None` where there can be no such.
async fn on_small_disk(stage: &Stage) -> Option<Browser> {
    let browser = Browser::start_on_small_disk(stage.browser.engine(), SMALL).await;
    if browser.is_none() {
        println!("skipped: no disk may be mounted here");
    }
    publish(stage, CLAIM);
    let browser = browser?;
    open_claim(stage, &browser).await;
    Some(browser)
}

async fn open_claim(stage: &Stage, browser: &Browser) {
    browser.open(&format!("{}/?form={}&lang=en", stage.cable.origin(), files::ID)).await;
    Form::on(browser, &claim()).is_open().await;
}

/// Not one byte has room, in whatever way the browser says so: nothing is called saved that is not, what
/// had been saved stays, and when there is room again all goes on.
async fn on_a_disk_that_is_full_to_the_last_byte(stage: &Stage) {
    let Some(browser) = on_small_disk(stage).await else { return };
    let (sample, disk) = (claim(), Disk::new());
    let form = Form::on(&browser, &sample);
    let card = [disk.write("card.pdf", &bytes(1_000_000, 1))];
    let choose = "input[type=file][name=card]";
    is_ready_for_no_signal(&browser).await;
    form.enter("name", None, "before").await;
    form.says("Draft saved on this phone").await;

    browser.disk().fill();
    browser.choose_files(choose, &card).await;
    form.says("card.pdf: ").await;
    assert!(!form.words().await.contains("Attached"), "{}", form.words().await);
    enter_at_once(&browser, "name", &"x".repeat(LONG)).await;
    // Some browsers answer only after twenty seconds.
    let told = "return all('.note').some((note) => note.innerText.startsWith('The draft could not be saved.'))";
    let is_told = browser.comes_true(Duration::from_secs(8), told, json!(null)).await;
    assert!(is_told, "{}", form.words().await);
    assert!(!form.words().await.contains("Draft saved"), "{}", form.words().await);

    // What was not saved is gone with the battery, and what was is not.
    browser.kill();
    browser.disk().free();
    browser.start_again().await;
    open_claim(stage, &browser).await;
    let kept = "return all('[name=name]').find(visible)?.value === 'before'";
    browser.wait_until("what had been said to be saved", kept, json!(null)).await;
    browser.choose_files(choose, &card).await;
    form.says("Attached: card.pdf").await;
    form.enter("name", None, "after").await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    is_there_once(stage, "after");
}

/// The same for what is submitted.
async fn submitted_on_a_disk_that_is_full_it_is_not_called_saved(stage: &Stage) {
    let Some(browser) = on_small_disk(stage).await else { return };
    let (sample, disk) = (claim(), Disk::new());
    let form = Form::on(&browser, &sample);
    let card = [disk.write("card.pdf", &bytes(1_000_000, 1))];
    is_ready_for_no_signal(&browser).await;
    browser.choose_files("input[type=file][name=card]", &card).await;
    form.says("Attached: card.pdf").await;
    form.enter("name", None, "after").await;
    form.go_to_submit().await;
    browser.disk().fill();
    form.press("submit").await;
    form.says("It could not be saved, and nothing was sent.").await;
    assert!(form.states().await.is_empty(), "{}", form.words().await);
    assert!(stage.agency.rows(files::ID).is_empty());
    browser.disk().free();
    form.press("submit").await;
    form.becomes("received").await;
    is_there_once(stage, "after");
}

/// What had been saved before does not go either where that cannot be noted. It says so, and what helps.
async fn told_to_go_on_a_full_phone_it_says_what_helps(stage: &Stage) {
    let sample = claim();
    publish(stage, CLAIM);
    open_page(stage, FULL, files::ID).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    let disk = Disk::new();
    attach(stage, "card", &[&disk.write("card.pdf", &bytes(1000, 1))]).await;
    form.says("แนบแล้ว: card.pdf").await;
    form.enter("name", None, "after").await;
    form.go_to_submit().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.is_kept().await;
    let tried = "return kept('outbox').then((rows) => JSON.stringify(rows).includes('last'))";
    stage.browser.wait_until("it was tried", tried, json!(null)).await;
    is_full(stage, true).await;
    stage.cable.set(Mode::Pass).await;
    form.press("send-now").await;
    form.says("เครื่องนี้บันทึกอะไรไม่ได้").await;
    form.says("ที่เก็บข้อมูลในเครื่องนี้เต็ม").await;
    assert!(stage.agency.rows(files::ID).is_empty());
    is_full(stage, false).await;
    form.press("send-now").await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows(files::ID).len(), 1);
}

fn is_there_once(stage: &Stage, name: &str) {
    let rows = stage.agency.rows(files::ID);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].submission["answers"]["name"], json!(name));
    let files: Vec<Vec<u8>> = stage.agency.files(files::ID).into_values().collect();
    assert!(files == [bytes(1_000_000, 1)], "byte for byte");
}

/// As if it were pasted.
async fn enter_at_once(browser: &Browser, name: &str, text: &str) {
    let script = "
      const box = all(`[name=${args.name}]`).find(visible);
      box.value = args.text;
      box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));";
    browser.ask(script, json!({ "name": name, "text": text })).await;
}

/// A phone whose files are read only when the page says so.
const SLOW: &str = "
  const { get } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.get = function (...given) {
    const asked = get.apply(this, given);
    const answer = (told) => {
      if (!window.isSlow || this.name !== 'files') return;
      told.stopImmediatePropagation();
      // The transaction lives as long as something is asked in it.
      const wait = () => {
        if (window.isSlow) get.apply(this, given).onsuccess = wait;
        else asked.dispatchEvent(new Event('success'));
      };
      wait();
    };
    asked.addEventListener('success', answer);
    return asked;
  };";

/// «Submit» takes its time to read the files; somebody goes back and answers otherwise. That is not
/// submitted over their head, and is there to be submitted.
async fn what_is_changed_while_it_is_being_saved_is_not_lost(stage: &Stage) {
    let sample = claim();
    publish(stage, CLAIM);
    open_page(stage, SLOW, files::ID).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    let disk = Disk::new();
    attach(stage, "card", &[&disk.write("card.pdf", &bytes(1000, 1))]).await;
    form.says("แนบแล้ว: card.pdf").await;
    form.enter("name", None, "first").await;
    form.go_to_submit().await;
    stage.browser.ask("window.isSlow = true", json!(null)).await;
    form.press("submit").await;
    form.says("กำลังบันทึก…").await;
    // Back over the page in between.
    stage.browser.back().await;
    stage.browser.back().await;
    form.enter("name", None, "second").await;
    stage.browser.ask("window.isSlow = false", json!(null)).await;
    form.go_to_submit().await;
    let ready = "const submit = all('[data-eform=submit]').find(visible); return submit && !submit.ariaDisabled";
    stage.browser.wait_until("«submit» again", ready, json!(null)).await;
    assert!(form.states().await.is_empty(), "{}", form.words().await);
    assert!(stage.agency.rows(files::ID).is_empty(), "nothing of the first");
    form.press("submit").await;
    form.becomes("received").await;
    let rows = stage.agency.rows(files::ID);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].submission["answers"]["name"], json!("second"));
}

/// Before it is read, and with words.
async fn a_file_for_which_there_is_no_room(stage: &Stage) {
    let sample = claim();
    publish(stage, CLAIM);
    open_page(stage, FULL, files::ID).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    let disk = Disk::new();
    let card = disk.write("card.pdf", &bytes(1_000_000, 1));
    is_full(stage, true).await;
    attach(stage, "card", &[&card]).await;
    // Without an estimate it is known when it is written.
    let words = match stage.browser.engine() {
        Engine::WebKit => "card.pdf: เก็บไฟล์ไว้ในเครื่องนี้ไม่ได้ พื้นที่อาจเต็ม",
        Engine::Chromium | Engine::Firefox => "card.pdf: พื้นที่ในเครื่องนี้ไม่พอ",
    };
    form.says(words).await;
    is_full(stage, false).await;
    attach(stage, "card", &[&card]).await;
    form.says("แนบแล้ว: card.pdf").await;
}

/// One bit of every draft is not what it was.
const SPOIL: &str = "
  return new Promise((done) => {
    const opening = indexedDB.open('eform');
    opening.onsuccess = () => {
      const database = opening.result;
      const drafts = database.transaction('drafts', 'readwrite').objectStore('drafts');
      drafts.getAll().onsuccess = ({ target: { result } }) => {
        for (const row of result) {
          row.secret[12] ^= 1;
          drafts.put(row);
        }
      };
      drafts.transaction.oncomplete = () => { database.close(); done(true); };
    };
  })";

/// A draft of the claim is kept, and left, and cannot be read any more.
async fn leave_spoiled(stage: &Stage, form: &Form<'_>) {
    publish(stage, CLAIM);
    open_claim(stage, &stage.browser).await;
    form.enter("name", None, "before").await;
    form.says("Draft saved on this phone").await;
    stage.browser.open(&format!("{}/robots.txt", stage.cable.origin())).await;
    stage.browser.wait_until("the draft to be spoiled", SPOIL, json!(null)).await;
}

/// As on a disk that has lost a sector. It is not hidden, nothing is written over it, and the form can be
/// filled in and kept all the same.
async fn a_draft_that_cannot_be_read_is_shown_and_another_is_kept(stage: &Stage) {
    let (sample, browser) = (claim(), &stage.browser);
    let form = Form::on(browser, &sample);
    leave_spoiled(stage, &form).await;

    open_claim(stage, browser).await;
    let is_empty = "return all('[name=name]').find(visible)?.value === ''";
    browser.wait_until("an empty form", is_empty, json!(null)).await;
    form.enter("name", None, "after").await;
    form.says("Draft saved on this phone").await;
    open_claim(stage, browser).await;
    let kept = "return all('[name=name]').find(visible)?.value === 'after'";
    browser.wait_until("the new draft", kept, json!(null)).await;

    form.press("mine").await;
    form.says("This phone cannot read this draft any more.").await;
    let cards = "return all('.card').filter(visible).length === args";
    browser.wait_until("both drafts", cards, json!(2)).await;
    let spoiled = "
      const card = all('.card').filter(visible).find((card) => card.querySelector('.found'));
      const ways = [...card.querySelectorAll('button')].map((button) => button.dataset.action);
      return ways.length === 1 && ways[0] === 'delete'";
    browser.wait_until("«delete» alone", spoiled, json!(null)).await;
    browser.tap(".card:has(.found) [data-action=delete]").await;
    browser.tap("[data-action=delete-sure]").await;
    browser.wait_until("one draft", cards, json!(1)).await;
    browser.tap("[data-action=go-on]").await;
    browser.wait_until("the new draft", kept, json!(null)).await;
    let disk = Disk::new();
    attach(stage, "card", &[&disk.write("card.pdf", &bytes(1000, 1))]).await;
    form.says("Attached: card.pdf").await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows(files::ID)[0].submission["answers"]["name"], json!("after"));
}

/// What a page had entered last, as it was left, is there where the draft itself cannot be read any more,
/// and is kept in its place.
async fn what_was_entered_last_comes_back_in_place_of_a_draft_that_cannot_be_read(stage: &Stage) {
    let (sample, browser) = (claim(), &stage.browser);
    let form = Form::on(browser, &sample);
    publish(stage, CLAIM);
    open_claim(stage, browser).await;
    form.enter("name", None, "before").await;
    form.says("Draft saved on this phone").await;
    browser.wait_until("the draft to be spoiled", SPOIL, json!(null)).await;
    let left = "
      const box = all('[name=name]').find(visible);
      box.value = 'after';
      box.dispatchEvent(new Event('input', { bubbles: true }));
      location.assign(args)";
    browser.ask(left, json!(format!("{}/robots.txt", stage.cable.origin()))).await;
    let is_left = "return location.pathname === '/robots.txt'";
    browser.wait_until("it is left", is_left, json!(null)).await;

    open_claim(stage, browser).await;
    let kept = "return all('[name=name]').find(visible)?.value === 'after'";
    browser.wait_until("what was entered last", kept, json!(null)).await;
    form.enter("name", None, "after all").await;
    let one = "return kept('drafts').then((drafts) => drafts.length === 1 && drafts.join().includes('after all'))";
    browser.wait_until("it to be kept", one, json!(null)).await;
}

/// A page that cannot say in time what the phone keeps.
const LATE: &str = "
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function () {
    IDBFactory.prototype.open = open;
    return {};
  };";

/// It begins where the other one lies, and moves beside it with its files once that is known.
async fn what_is_begun_over_a_draft_that_cannot_be_read_moves_beside_it(stage: &Stage) {
    let (sample, browser) = (claim(), &stage.browser);
    let form = Form::on(browser, &sample);
    leave_spoiled(stage, &form).await;

    open_page(stage, LATE, files::ID).await;
    form.is_open().await;
    let disk = Disk::new();
    attach(stage, "card", &[&disk.write("card.pdf", &bytes(1_000_000, 1))]).await;
    form.enter("name", None, "after").await;
    form.says("แนบแล้ว: card.pdf").await;
    let both = "return kept('drafts').then(() => false, () => true)";
    browser.wait_until("the other one to be there", both, json!(null)).await;
    form.says("เก็บร่างไว้ในเครื่องนี้แล้ว").await;
    open_claim(stage, browser).await;
    let kept = "return all('[name=name]').find(visible)?.value === 'after'";
    browser.wait_until("the new draft", kept, json!(null)).await;
    form.press("mine").await;
    form.says("This phone cannot read this draft any more.").await;
    browser.tap(".card:has(.found) [data-action=delete]").await;
    browser.tap("[data-action=delete-sure]").await;
    let one = "return all('.card').filter(visible).length === 1";
    browser.wait_until("one draft", one, json!(null)).await;
    browser.tap("[data-action=go-on]").await;
    browser.wait_until("the new draft", kept, json!(null)).await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    is_there_once(stage, "after");
}

/// The day by which the page should be opened again, where the browser does not say that it keeps all.
async fn what_waits_is_asked_for_in_time(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    form.fill_in().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    let told = "
      return (async () => {
        const told = all('[data-part=may-be-wiped]').some(visible);
        const keeps = await navigator.storage?.persisted?.();
        return told !== (keeps === true);
      })()";
    stage
        .browser
        .wait_until("the warning, where there is something to warn of", told, json!(null))
        .await;
}

/// A browser that is asked to keep what is here, and does not.
const MAY_WIPE: &str = "
  window.asked = 0;
  const manager = window.StorageManager?.prototype ?? (navigator.storage = {});
  manager.persist = () => Promise.resolve(++window.asked === 0);
  manager.persisted = () => Promise.resolve(false);";

/// What is told, and by which day.
const TOLD: &str = "
  const told = all('[data-part=may-be-wiped]').find(visible)?.innerText ?? '';
  const until = new Date(Date.now() + 7 * 86_400_000);
  const day = until.toLocaleDateString('th-TH', { day: 'numeric', month: 'short', year: 'numeric' });
  return told.includes(args) && told.includes(day)";

/// The browser is asked once, when there is something to keep; and whoever has left something unsent is told
/// what to do and by when, of what was refused too.
async fn the_browser_is_asked_to_keep_it_and_the_citizen_to_send_it_in_time(stage: &Stage) {
    let sample = sample();
    open_page(stage, MAY_WIPE, FORM).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    assert_eq!(stage.browser.ask("return window.asked", json!(null)).await, 0);
    let answers = form.answer_screen().await;
    form.draft_is_kept(&answers).await;
    stage.browser.wait_until("it is asked", "return window.asked === 1", json!(null)).await;
    stage.cable.next("PUT", answer(422, PROBLEM));
    form.go_on().await;
    form.fill_in().await;
    form.press("submit").await;
    form.becomes("attention").await;
    let finish = json!("แก้ไขให้เรียบร้อย แล้วส่งก่อน");
    stage.browser.wait_until("what to finish, and by when", TOLD, finish.clone()).await;
    form.leave_by("mine").await;
    stage.browser.wait_until("the same in the list", TOLD, finish).await;
    stage.browser.tap("[data-action=open]").await;
    form.press("mend").await;
    form.go_to_submit().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    let send = json!("ในที่ที่มีสัญญาณก่อน");
    stage.browser.wait_until("where to open it, and by when", TOLD, send).await;
    assert_eq!(stage.browser.ask("return window.asked", json!(null)).await, 1, "once");
}

journeys!(
    on_a_full_phone,
    on_a_disk_that_is_full_to_the_last_byte,
    submitted_on_a_disk_that_is_full_it_is_not_called_saved,
    told_to_go_on_a_full_phone_it_says_what_helps,
    what_is_changed_while_it_is_being_saved_is_not_lost,
    a_file_for_which_there_is_no_room,
    a_draft_that_cannot_be_read_is_shown_and_another_is_kept,
    what_is_begun_over_a_draft_that_cannot_be_read_moves_beside_it,
    what_was_entered_last_comes_back_in_place_of_a_draft_that_cannot_be_read,
    what_waits_is_asked_for_in_time,
    the_browser_is_asked_to_keep_it_and_the_citizen_to_send_it_in_time,
    in_a_private_window,
    where_storage_is_refused,
    where_storage_never_answers,
    that_nothing_can_be_kept_is_said_at_once,
);
