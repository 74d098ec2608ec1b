//! Every way of failing has its own end: words that say what it is, and something to do about it.

use eform_journeys::{
    axe::assert_accessible,
    cable::{Fault, Mode},
    form::Form,
    journeys,
    sample::Sample,
    stage::Stage,
};
use serde_json::{Value, json};

use crate::{narrow::nothing_is_cut, way::is_on};

pub const ID: &str = "ends";

/// A short form that says where one signs in.
pub fn definition() -> Value {
    json!({
        "id": ID, "version": "1", "title": { "th": "ขอใช้บริการ", "en": "A service" },
        "languages": ["en", "th"],
        "agency": { "name": { "th": "หน่วยงานทดสอบ", "en": "Test Agency" }, "contact": { "phone": "+6625793004" } },
        "submit": { "url": "/api/submissions", "signIn": "/in.html" },
        "pages": [{
            "id": "page", "title": { "th": "ผู้ขอ", "en": "Who asks" },
            "fields": [{
                "id": "name", "type": "text", "label": { "th": "ชื่อ", "en": "Name" }, "required": true
            }]
        }]
    })
}

/// Where one signs in: a page of the agency's, with the way back that it was told.
fn publish_sign_in(stage: &Stage) {
    let page = "<!doctype html><html lang='en'><title>Sign in</title><h1>Sign in</h1>
        <a id='back'>Back to the form</a><script src='in.js'></script>";
    stage.agency.write("in.html", page);
    let script = "const back = new URLSearchParams(location.search).get('return');
        if (new URL(back).origin === location.origin) document.querySelector('#back').href = back;";
    stage.agency.write("in.js", script);
}

pub fn answer(status: u16, content_type: &'static str) -> Fault {
    let body = if content_type.ends_with("json") { "{}" } else { "<h1>No</h1>" };
    Fault::Answer { status, content_type, body: body.to_owned() }
}

pub const PROBLEM: &str = "application/problem+json";

async fn opened<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    stage.agency.write(&format!("forms/{ID}.json"), &sample.definition().to_string());
    stage.browser.open(&format!("{}/?form={ID}&lang=en", stage.cable.origin())).await;
    Form::on(&stage.browser, sample)
}

pub async fn submitted<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    publish_sign_in(stage);
    let form = opened(stage, sample).await;
    form.fill_in().await;
    form.press("submit").await;
    form
}

async fn who_signs_in_and_comes_back_has_it_sent_at_once(stage: &Stage) {
    let sample = Sample::new(definition());
    stage.cable.next("PUT", answer(401, PROBLEM));
    let form = submitted(stage, &sample).await;
    form.becomes("attention").await;
    form.says("only from people who have signed in").await;
    assert_accessible(&stage.browser, "one should sign in").await;
    stage.browser.set_width(320).await;
    nothing_is_cut(stage, "one should sign in").await;
    form.press("sign-in").await;
    stage.browser.wait_until("the page", "return document.title === 'Sign in'", json!(null)).await;
    assert!(stage.agency.rows(ID).is_empty());
    stage.browser.tap("#back").await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows(ID).len(), 1);
    assert_eq!(stage.cable.requests("PUT").len(), 2, "nobody taps «send now»");
}

async fn so_has_who_comes_back_by_the_browsers_button(stage: &Stage) {
    let sample = Sample::new(definition());
    stage.cable.next("PUT", answer(403, PROBLEM));
    let form = submitted(stage, &sample).await;
    form.becomes("attention").await;
    form.press("sign-in").await;
    stage.browser.wait_until("the page", "return document.title === 'Sign in'", json!(null)).await;
    stage.browser.back().await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows(ID).len(), 1);
}

/// What is offered beside «delete» and «save as a file».
async fn offers(stage: &Stage, offered: &[&str]) {
    let script = "
      const names = ['sign-in', 'send-now', 'mend'];
      const there = names.filter((name) => all(`[data-action=${name}]`).some(visible));
      return there.join() === args";
    stage.browser.wait_until("what can be done", script, json!(offered.join(","))).await;
}

async fn each_answer_has_its_words_and_its_way_out(stage: &Stage) {
    let sample = Sample::new(definition());
    let first = answer(404, "text/html; charset=utf-8");
    stage.cable.always("PUT", Some(first.clone()));
    let form = submitted(stage, &sample).await;
    let page = "text/html; charset=utf-8";
    for (count, (fault, state, words, offered)) in [
        (first, "queued", "such as the login page of a Wi-Fi", &["send-now"][..]),
        (answer(403, page), "queued", "may want you to sign in", &["sign-in", "send-now"]),
        (answer(503, "text/plain"), "queued", "cannot take it right now", &["send-now"]),
        (answer(403, PROBLEM), "attention", "Choose “Sign in”", &["sign-in", "send-now"]),
        (answer(404, PROBLEM), "attention", "does not know this form", &["send-now", "mend"]),
        (answer(413, page), "attention", "larger than the agency takes", &["send-now", "mend"]),
        (answer(400, PROBLEM), "attention", "a fault of its own", &["send-now", "mend"]),
        (answer(409, PROBLEM), "attention", "with other content", &["mend"]),
    ]
    .into_iter()
    .enumerate()
    {
        stage.cable.always("PUT", Some(fault));
        if count > 0 {
            form.press("send-now").await;
        }
        form.says(words).await;
        form.becomes(state).await;
        offers(stage, offered).await;
        assert_accessible(&stage.browser, words).await;
        assert!(stage.agency.rows(ID).is_empty());
    }
    stage.cable.always("PUT", None);
}

/// Nothing has room until the page says that it has.
const FULL: &str = "
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
  window.makeRoom = () => { IDBObjectStore.prototype.put = put; }";

/// Whatever could not be kept, it is said that it was for want of room, and what helps.
async fn on_a_full_phone_it_is_said_that_making_room_helps(stage: &Stage) {
    const HELPS: &str = "make room by deleting photos or apps";
    let sample = Sample::new(definition());
    let form = opened(stage, &sample).await;
    form.is_open().await;
    stage.browser.ask(FULL, json!(null)).await;
    form.enter("name", None, "สมหญิง").await;
    form.says("The draft could not be saved. Do not close this page. This phone is full").await;
    form.says(HELPS).await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.says("nothing was sent").await;
    let told = "return all('[data-part=failed]').find(visible)?.innerText.includes(args)";
    stage.browser.wait_until("what helps", told, json!(HELPS)).await;
    assert_accessible(&stage.browser, "the phone is full").await;
    form.turn_language().await;
    form.press("submit").await;
    stage.browser.wait_until("what helps", told, json!("ลบรูปหรือแอปที่ไม่ใช้")).await;
    stage.browser.ask("window.makeRoom()", json!(null)).await;
    form.press("submit").await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows(ID).len(), 1);
}

/// Only the citizen deletes, and is told what that means.
async fn it_is_deleted_when_asked_twice(stage: &Stage) {
    let sample = Sample::new(definition());
    stage.cable.next("PUT", answer(409, PROBLEM));
    let form = submitted(stage, &sample).await;
    form.becomes("attention").await;
    form.press("delete").await;
    form.says("this phone will not send it").await;
    assert_accessible(&stage.browser, "asked before it is deleted").await;
    stage.browser.tap("[data-action=keep]").await;
    stage.browser.tap("[data-action=save-file]").await;
    stage.browser.text("[data-eform=file-code]").await;
    form.press("delete").await;
    form.says("only from the file you saved").await;
    form.press("delete-sure").await;
    form.says("This submission is not on this phone").await;
    is_on(stage, "My submissions").await;
    assert!(stage.agency.rows(ID).is_empty());
}

/// It may be arriving, and the citizen is told so.
async fn what_is_being_sent_is_not_deleted(stage: &Stage) {
    let sample = Sample::new(definition());
    let form = opened(stage, &sample).await;
    form.fill_in().await;
    stage.cable.set(Mode::Stall).await;
    form.press("submit").await;
    form.becomes("sending").await;
    // The last of several quick taps on «submit» is not taken for one on what stands there then.
    let leads = "
      all('[data-action=mine]').find(visible)?.click();
      return all('h1').filter(visible).some((title) => title.innerText === 'My submissions')";
    stage.browser.wait_until("my submissions", leads, json!(null)).await;
    let told =
        "return all('[role=alert]').some((one) => visible(one) && one.innerText.includes(args))";
    for words in ["Not deleted: it is being sent right now", "ยังไม่ได้ลบ เพราะกำลังส่งอยู่"]
    {
        stage.browser.tap("[data-eform=submission] [data-action=delete]").await;
        stage.browser.tap("[data-action=delete-sure]").await;
        stage.browser.wait_until("that it was not deleted", told, json!(words)).await;
        nothing_is_cut(stage, words).await;
        assert_accessible(&stage.browser, words).await;
        form.turn_language().await;
    }
    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows(ID).len(), 1);
}

/// What was refused is still there, and is opened once there is room.
async fn on_a_full_phone_nothing_is_opened_for_correction_and_nothing_is_lost(stage: &Stage) {
    let sample = Sample::new(definition());
    stage.cable.next("PUT", answer(422, PROBLEM));
    let form = submitted(stage, &sample).await;
    form.becomes("attention").await;
    stage.browser.ask(FULL, json!(null)).await;
    let told = "
      const said = all('[data-part=not-mended]').find(visible)?.innerText;
      return args.every((words) => said?.includes(words))";
    for (words, helps) in [
        ("It could not be opened for correction just now", "make room by deleting photos"),
        ("เปิดให้แก้ไขไม่ได้ในตอนนี้", "ลบรูปหรือแอปที่ไม่ใช้"),
    ] {
        form.press("mend").await;
        stage.browser.wait_until("that it was not opened", told, json!([words, helps])).await;
        nothing_is_cut(stage, words).await;
        assert_accessible(&stage.browser, words).await;
        form.turn_language().await;
    }
    form.becomes("attention").await;
    stage.browser.ask("window.makeRoom()", json!(null)).await;
    form.press("mend").await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows(ID).len(), 1);
}

/// Minutes without an answer, which pass in a second here: the try is given up, and made again.
async fn who_is_never_answered_is_asked_again(stage: &Stage) {
    let sample = Sample::new(definition());
    let form = opened(stage, &sample).await;
    form.fill_in().await;
    let minutes = "
      const real = window.setTimeout;
      window.setTimeout = (act, wait, ...more) => real(act, wait >= 60000 ? wait / 50 : wait, ...more);";
    stage.browser.ask(minutes, json!(null)).await;
    stage.cable.set(Mode::Stall).await;
    form.press("submit").await;
    form.becomes("sending").await;
    form.becomes("queued").await;
    form.becomes("sending").await;
    assert!(stage.agency.rows(ID).is_empty());
    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows(ID).len(), 1);
    let asked = stage.cable.requests("PUT");
    assert!(asked.len() > 1 && asked.iter().all(|one| one.path == asked[0].path), "{asked:?}");
}

/// The draft that mends a submission is deleted, and begun once more under the same name.
async fn what_is_mended_once_more_after_it_was_deleted_is_kept(stage: &Stage) {
    let sample = Sample::new(definition());
    stage.cable.next("PUT", answer(422, PROBLEM));
    let form = submitted(stage, &sample).await;
    form.becomes("attention").await;
    form.press("mend").await;
    form.enter("name", None, "First").await;
    form.says("Draft saved on this phone").await;
    form.press("mine").await;
    is_on(stage, "My submissions").await;
    stage.browser.tap("[data-state=draft] [data-action=delete]").await;
    stage.browser.tap("[data-action=delete-sure]").await;
    let none = "return all('[data-state=draft]').length === 0";
    stage.browser.wait_until("it is gone", none, json!(null)).await;
    stage.browser.tap("[data-state=attention] [data-action=open]").await;
    form.becomes("attention").await;
    form.press("mend").await;
    form.enter("name", None, "Second").await;
    let kept = "return kept('drafts').then((drafts) => drafts.join().includes('Second'))";
    stage.browser.wait_until("it is kept", kept, json!(null)).await;
    form.says("Draft saved on this phone").await;
    stage.browser.reload().await;
    form.is_open().await;
    let has = "return all('input[name=name]').some((box) => box.value === 'Second')";
    stage.browser.wait_until("it is there", has, json!(null)).await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    let rows = stage.agency.rows(ID);
    assert_eq!((rows.len(), &rows[0].submission["answers"]["name"]), (1, &json!("Second")));
}

/// What one is about to tap in «my submissions» stays where it is, and the focus in it, while it is tried
/// again and again.
async fn what_is_tried_again_does_not_move_the_list(stage: &Stage) {
    let sample = Sample::new(definition());
    stage.cable.next("PUT", Fault::AskForRest);
    let form = submitted(stage, &sample).await;
    form.says("cannot take it right now").await;
    stage.browser.open(&format!("{}/?lang=en", stage.cable.origin())).await;
    form.becomes("queued").await;
    let looks = "
      const card = all('[data-eform=submission]').find(visible);
      const actions = [...card.querySelectorAll('button, a, summary')].filter(visible);
      window.drawn ??= actions;
      return [
        actions.every((one, at) => one === window.drawn[at]) && actions.length,
        actions.map((one) => [one.innerText, one.getBoundingClientRect().top + scrollY]),
        focused()?.dataset.action,
      ]";
    stage.browser.ask("all('[data-action=save-file]').find(visible).focus()", json!(null)).await;
    let before = stage.browser.ask(looks, json!(null)).await;
    stage.cable.set(Mode::Stall).await;
    stage.browser.ask("all('[data-action=send-now]').find(visible).click()", json!(null)).await;
    form.becomes("sending").await;
    assert_eq!(stage.browser.ask(looks, json!(null)).await, before, "while it is sent");
    stage.cable.set(Mode::Unplugged).await;
    form.becomes("queued").await;
    assert_eq!(stage.browser.ask(looks, json!(null)).await, before, "after it was tried");
    stage.cable.set(Mode::Pass).await;
    // It may be gone already.
    form.press_if_there("send-now").await;
    form.becomes("received").await;
    assert_eq!(stage.agency.rows(ID).len(), 1);
}

journeys!(
    who_is_never_answered_is_asked_again,
    what_is_mended_once_more_after_it_was_deleted_is_kept,
    what_is_tried_again_does_not_move_the_list,
    who_signs_in_and_comes_back_has_it_sent_at_once,
    so_has_who_comes_back_by_the_browsers_button,
    each_answer_has_its_words_and_its_way_out,
    on_a_full_phone_it_is_said_that_making_room_helps,
    on_a_full_phone_nothing_is_opened_for_correction_and_nothing_is_lost,
    it_is_deleted_when_asked_twice,
    what_is_being_sent_is_not_deleted,
);
