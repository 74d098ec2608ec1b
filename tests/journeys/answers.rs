//! What comes back instead of a receipt: everything that HTTP has, and what somebody on the way says.

use eform_journeys::{
    agency::definition,
    cable::{Fate, Fault, Mode},
    form::Form,
    journeys,
    sample::Sample,
    stage::Stage,
};
use serde_json::{Value, json};

use crate::{FORM, is_ready_for_no_signal, open, open_list, sample};

fn answer(status: u16, content_type: &'static str, body: String) -> Fault {
    Fault::Answer { status, content_type, body }
}

/// «Send now», or by itself, whatever is first; until so many answers have come.
async fn hears(stage: &Stage, form: &Form<'_>, count: usize) {
    form.press_if_there("send-now").await;
    stage.cable.wait_for("PUT", Fate::AnsweredByCable, count).await;
}

async fn nothing_but_its_own_receipt_is_taken_for_one(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    form.draft_is_kept(&answers).await;
    // The submission will have the id of the draft.
    let drafts = "const [draft] = await kept('drafts'); return JSON.parse(draft.split(' ')[0]).id";
    let drafts = format!("return (async () => {{ {drafts} }})()");
    let id = stage.browser.ask(&drafts, json!(null)).await;
    let receipt = |id: &Value| {
        json!({
            "id": id, "reference": "K7M3-9QXT-25F8", "receivedAt": "2026-11-20T01:14:03Z",
            "digest": format!("sha256:{}", "0".repeat(64)), "signature": "e30.e30.AA"
        })
    };
    let another = json!("0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b");
    let faults = [
        answer(200, "application/json", receipt(&id).to_string()),
        answer(201, "application/json", receipt(&another).to_string()),
        answer(200, "application/json", "{}".to_owned()),
        answer(204, "text/plain", String::new()),
        answer(302, "text/html", "<a href=/>".to_owned()),
        answer(429, "text/plain", "too many".to_owned()),
        answer(500, "text/html", "<h1>Internal Server Error</h1>".to_owned()),
        answer(511, "text/html", "<h1>Log in</h1>".to_owned()),
    ];
    for fault in &faults {
        stage.cable.next("PUT", fault.clone());
    }
    form.press("submit").await;
    for count in 1..=faults.len() {
        hears(stage, &form, count).await;
        form.is_kept().await;
        assert!(stage.agency.rows(FORM).is_empty());
    }
    form.press_if_there("send-now").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// Each has its own end: words, and something to do.
async fn what_needs_the_citizen_says_what_can_be_done(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    let cases = [(401, true, false), (403, true, false), (413, true, true), (409, false, true)];
    for (count, (status, can_send, can_mend)) in (1..).zip(cases) {
        stage.cable.next("PUT", answer(status, "application/problem+json", "{}".to_owned()));
        form.press(if count == 1 { "submit" } else { "send-now" }).await;
        stage.cable.wait_for("PUT", Fate::AnsweredByCable, count).await;
        form.becomes("attention").await;
        let told = format!(
            "return all('[data-action=send-now]').some(visible) === {can_send} && all('[data-action=mend]').some(visible) === {can_mend}"
        );
        stage
            .browser
            .wait_until(&format!("what can be done after {status}"), &told, json!(null))
            .await;
        assert!(stage.agency.rows(FORM).is_empty());
    }
    form.press("mend").await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    let rows = stage.agency.rows(FORM);
    form.is_received_once(&rows, &answers).await;
    let before = &stage.cable.requests("PUT")[0].path;
    assert!(
        before.ends_with(rows[0].submission["replaces"].as_str().expect("it names the old one"))
    );
}

/// Three wait, and the first is answered by 503 with `Retry-After`.
async fn an_agency_that_asks_for_rest_is_asked_once_for_all_that_wait(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    stage.cable.set(Mode::Unplugged).await;
    let form = open(stage, &sample).await;
    for count in 0..3 {
        if count > 0 {
            form.leave_by("another").await;
        }
        form.fill_in().await;
        form.press("submit").await;
        form.becomes("queued").await;
    }
    stage.browser.open("about:blank").await;
    stage.cable.always("PUT", Some(Fault::AskForRest));
    stage.cable.set(Mode::Pass).await;
    open_list(stage, &sample).await;
    stage.cable.wait_for("PUT", Fate::AnsweredByCable, 1).await;
    let is_noted = "return kept('outbox').then((rows) => /status..:503/.test(rows.join()))";
    stage.browser.wait_until("it is noted", is_noted, json!(null)).await;
    stage.cable.always("PUT", None);
    // None goes by itself, whenever the page is opened; each does by the citizen's own hand.
    let asked = stage.cable.requests("PUT")[0].path.clone();
    for sent in 1..=3 {
        open_list(stage, &sample).await;
        let another = "
          const waiting = all('[data-state=queued]').filter(visible);
          const last = waiting.find(({ dataset }) => !args.endsWith(dataset.id)) ?? waiting[0];
          return last?.querySelector('[data-action=send-now]')";
        stage.browser.tap_found("«send now» of another", another, json!(asked)).await;
        let received = "return all('[data-state=received]').filter(visible).length === args";
        stage.browser.wait_until("it is received", received, json!(sent)).await;
        assert_eq!((stage.cable.count("PUT"), stage.agency.rows(FORM).len()), (sent + 1, sent));
    }
}

/// The wait that was planned by the old time is over by the new.
async fn a_clock_that_is_set_back_a_year_holds_nothing_up(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    let back = "const now = Date.now; Date.now = () => now() - 366 * 86_400_000;";
    stage.browser.ask(back, json!(null)).await;
    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

/// As the browser's «clear site data» does, while the page is open.
async fn a_database_that_is_deleted_under_the_page_has_the_next_answer(stage: &Stage) {
    let sample = sample();
    let form = open(stage, &sample).await;
    let mut answers = form.answer_screen().await;
    form.draft_is_kept(&answers).await;
    let delete = "
      return new Promise((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase('eform');
        deleting.onsuccess = () => resolve(true);
        deleting.onerror = () => reject(deleting.error);
      })";
    stage.browser.ask(delete, json!(null)).await;
    form.go_on().await;
    answers.extend(form.answer_screen().await);
    form.draft_is_kept(&answers).await;
    stage.browser.kill();
    stage.browser.start_again().await;
    let form = open(stage, &sample).await;
    answers.extend(form.fill_in().await);
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

async fn an_endpoint_that_takes_nothing_but_post_gets_it_once(stage: &Stage) {
    let mut changed = definition(FORM);
    changed["submit"]["method"] = json!("POST");
    stage.agency.write(&format!("forms/{FORM}.json"), &changed.to_string());
    stage.agency.start_again();
    let sample = Sample::new(changed);
    let form = open(stage, &sample).await;
    let answers = form.fill_in().await;
    stage.cable.next("POST", Fault::CutResponseAfter(9));
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
    let sent = stage.cable.requests("POST");
    assert!(sent.len() > 1 && sent.iter().all(|one| one.path == "/api/submissions"), "{sent:?}");
    assert!(stage.cable.requests("PUT").is_empty());
}

journeys!(
    an_endpoint_that_takes_nothing_but_post_gets_it_once,
    nothing_but_its_own_receipt_is_taken_for_one,
    an_agency_that_asks_for_rest_is_asked_once_for_all_that_wait,
    what_needs_the_citizen_says_what_can_be_done,
    a_clock_that_is_set_back_a_year_holds_nothing_up,
    a_database_that_is_deleted_under_the_page_has_the_next_answer,
);
