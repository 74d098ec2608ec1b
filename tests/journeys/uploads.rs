//! Files that go before the submission, in pieces: what has arrived is not sent again, whatever breaks.

use eform_journeys::{
    cable::{Exchange, Fate, Fault, Mode},
    form::Form,
    journeys,
    sample::Sample,
    stage::Stage,
};
use serde_json::json;

use crate::files::{CLAIM, Disk, ID, attach, bytes, claim, open, publish};

/// Three pieces.
pub const LENGTH: usize = 600_000;

/// The form whose files go before it, to `api`: an origin, or nothing where it is the page's own.
pub fn with_uploads(api: &str) -> String {
    let url = r#""url": "/api/submissions" }"#;
    assert!(CLAIM.contains(url));
    let with = format!(
        r#""url": "{api}/api/submissions", "uploads": {{ "url": "{api}/api/uploads" }} }}"#
    );
    CLAIM.replace(url, &with)
}

/// The form whose files go before it, opened, with a card of [`LENGTH`] bytes and a small photograph.
pub async fn filled_in<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    publish(stage, &with_uploads(""));
    let form = open(stage, sample).await;
    fill_in(stage, &form).await;
    form
}

/// As far as «submit».
pub async fn fill_in(stage: &Stage, form: &Form<'_>) {
    let disk = Disk::new();
    form.enter("name", None, "สมหญิง ใจดี").await;
    attach(stage, "card", &[&disk.write("card.pdf", &bytes(LENGTH, 1))]).await;
    form.says("Attached: card.pdf").await;
    attach(stage, "photos", &[&disk.write("field.png", &bytes(2, 2))]).await;
    form.says("Attached: field.png").await;
    form.go_to_submit().await;
}

/// Of [`filled_in`].
pub fn is_there_once(stage: &Stage) {
    let rows = stage.agency.rows(ID);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].submission["attachments"], json!(null));
    assert_eq!(rows[0].submission["uploads"].as_array().map(Vec::len), Some(2));
    let files: Vec<Vec<u8>> = stage.agency.files(ID).into_values().collect();
    assert!(files == [bytes(LENGTH, 1), bytes(2, 2)], "byte for byte");
}

fn about_files(stage: &Stage, method: &str) -> Vec<Exchange> {
    let all = stage.cable.requests(method).into_iter();
    all.filter(|request| request.path.starts_with("/api/uploads")).collect()
}

/// The signal goes in the middle of a piece, and after one whose answer is lost.
async fn a_file_goes_on_where_it_stopped(stage: &Stage) {
    let sample = claim();
    let form = filled_in(stage, &sample).await;
    stage.cable.next("PATCH", Fault::CutRequestAfter(100_000));
    stage.cable.next("PATCH", Fault::CutResponseAfter(0));
    form.press("submit").await;
    form.becomes("received").await;
    is_there_once(stage);
    assert_eq!(about_files(stage, "POST").len(), 2, "each is announced once");
    // Of three pieces one in two parts, and the other file; one more where the agency had not noticed yet
    // that the first connection was cut.
    let requests = about_files(stage, "PATCH");
    let whole = |fate| requests.iter().filter(|request| request.fate == fate).count();
    assert_eq!(whole(Fate::RequestCut), 1);
    assert!(whole(Fate::Answered) + whole(Fate::ResponseCut) <= 6, "{requests:?}");
    assert_eq!(stage.cable.requests("PUT").len(), 1, "and the submission after them");
}

/// The announcement arrives, and nobody hears of it.
async fn an_address_that_is_lost_is_asked_for_again(stage: &Stage) {
    let sample = claim();
    let form = filled_in(stage, &sample).await;
    stage.cable.next("POST", Fault::CutResponseAfter(0));
    form.press("submit").await;
    form.becomes("received").await;
    is_there_once(stage);
}

/// Half of it is there; the phone and the agency lose their power; it goes on, and says how far it is.
async fn it_goes_on_after_the_battery_was_flat(stage: &Stage) {
    let sample = claim();
    let form = filled_in(stage, &sample).await;
    // The first piece arrives, the second hangs.
    stage.cable.next("PATCH", Fault::CutResponseAfter(usize::MAX));
    stage.cable.next("PATCH", Fault::HoldResponse);
    form.press("submit").await;
    stage.cable.wait_for("PATCH", Fate::ResponseHeld, 1).await;
    let said = stage.browser.text("[data-part=files-sent]").await;
    assert!(said.contains("of 586 KB of the attached files sent"), "{said}");
    stage.browser.kill();
    stage.cable.set(Mode::Unplugged).await;
    stage.agency.kill();
    stage.agency.start_again();
    stage.browser.start_again().await;
    let before = about_files(stage, "PATCH").len();
    stage.cable.set(Mode::Pass).await;
    let form = open(stage, &sample).await;
    form.press("mine").await;
    let state = "return all('[data-state]').some((one) => one.dataset.state === 'received')";
    stage.browser.wait_until("it is received", state, json!(null)).await;
    is_there_once(stage);
    assert!(about_files(stage, "PATCH").len() - before <= 3, "what had arrived was not sent again");
}

journeys!(
    a_file_goes_on_where_it_stopped,
    an_address_that_is_lost_is_asked_for_again,
    it_goes_on_after_the_battery_was_flat,
);
