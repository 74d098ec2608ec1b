//! Files that go before their submission, to a server of tus that others wrote: `@tus/server` with its
//! `@tus/file-store`. The page is on it too, or at another origin.

use eform_journeys::{
    cable::{Cable, Fate, Fault, Mode},
    form::Form,
    journeys,
    other::Other,
    sample::Sample,
    stage::Stage,
};
use serde_json::{Value, json};

use crate::{
    files::{bytes, claim, open},
    uploads::{LENGTH, fill_in, with_uploads},
};

/// The other server in place of ours, the page as well; a form that sends to `api`, an origin, or to
/// where the page is; opened and filled in.
async fn filled_in<'a>(stage: &'a Stage, other: &Other, api: &str, sample: &'a Sample) -> Form<'a> {
    stage.agency.write("forms/claim.json", &with_uploads(api));
    stage.agency.kill();
    stage.cable.connect_to(other.address());
    let form = open(stage, sample).await;
    fill_in(stage, &form).await;
    form
}

/// Once, with both files, and under the reference that the citizen reads.
async fn is_there_once(form: &Form<'_>, other: &Other) {
    let received = other.received();
    assert_eq!(received.len(), 1);
    let one = &received[0];
    assert_eq!(json!(eform::digest(&one.body)), one.receipt["digest"]);
    let submission: Value = serde_json::from_slice(&one.body).expect("a submission is JSON");
    assert_eq!(submission["answers"]["name"], "สมหญิง ใจดี");
    assert_eq!(submission["attachments"], json!(null));
    let mut expected = [bytes(LENGTH, 1), bytes(2, 2)];
    expected.sort_by_key(|file| eform::hex(&eform::sha256(file)));
    assert!(one.files == expected, "byte for byte");
    assert_eq!(json!(form.reference().await), one.receipt["reference"]);
}

/// Where each piece began that came to the server, in turn, of each upload.
fn begun_at(other: &Other) -> Vec<u64> {
    other.asked().into_iter().filter_map(|(_, _, offset)| offset).collect()
}

/// The page on one origin, the agency on another.
async fn two_files_go_before_it_to_another_origin(stage: &Stage) {
    let Some(other) = Other::start(stage.agency.site()) else { return };
    let (api, sample) = (Cable::to(other.address()), claim());
    let form = filled_in(stage, &other, &api.origin(), &sample).await;
    form.press("submit").await;
    form.becomes("received").await;
    is_there_once(&form, &other).await;
    assert_eq!(begun_at(&other), [0, 262_144, 524_288, 0]);
    assert_eq!((api.count("POST"), api.count("PUT")), (2, 1));
    assert_eq!((stage.cable.count("PATCH"), stage.cable.count("PUT")), (0, 0));
}

/// The signal goes in the middle of a piece, and after one whose answer is lost.
async fn a_file_goes_on_where_it_stopped(stage: &Stage) {
    let Some(other) = Other::start(stage.agency.site()) else { return };
    let sample = claim();
    let form = filled_in(stage, &other, "", &sample).await;
    stage.cable.next("PATCH", Fault::CutRequestAfter(200_000));
    stage.cable.next("PATCH", Fault::CutResponseAfter(0));
    form.press("submit").await;
    form.becomes("received").await;
    is_there_once(&form, &other).await;
    let mut begun = begun_at(&other);
    // A browser asks once more by itself, and is told that it goes on elsewhere.
    begun.dedup();
    assert!((1..200_000).contains(&begun[1]), "what had arrived counts: {begun:?}");
    assert_eq!((begun[0], &begun[2..]), (0, &[262_144, 524_288, 0][..]));
    assert_eq!(stage.cable.count("PUT"), 1);
}

/// Half of it is there when the server is killed; what it wrote down counts. It gives addresses that are
/// read against the one that the form names.
async fn it_goes_on_when_the_server_was_started_anew(stage: &Stage) {
    let Some(other) = Other::start_with(stage.agency.site(), "uploads/") else { return };
    let sample = claim();
    let form = filled_in(stage, &other, "", &sample).await;
    stage.cable.next("PATCH", Fault::HoldResponse);
    form.press("submit").await;
    stops_after_a_piece(stage, &other, 1).await;
    other.start_again();
    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    is_there_once(&form, &other).await;
    assert_eq!(begun_at(&other), [0, 262_144, 524_288, 0]);
    assert_eq!(stage.cable.count("POST"), 2, "each is announced once");
}

/// The server has lost an upload: first all of it, then, of the one in its stead, the bytes alone.
async fn what_the_server_has_forgotten_is_announced_anew(stage: &Stage) {
    let Some(other) = Other::start(stage.agency.site()) else { return };
    let sample = claim();
    let form = filled_in(stage, &other, "", &sample).await;
    stage.cable.next("PATCH", Fault::HoldResponse);
    stage.cable.next("PATCH", Fault::HoldResponse);
    form.press("submit").await;
    for (count, all) in [(1, true), (2, false)] {
        stops_after_a_piece(stage, &other, count).await;
        let (_, upload, _) = other.asked().pop().expect("it was asked");
        other.forget(&upload, all);
        other.start_again();
        stage.cable.set(Mode::Pass).await;
    }
    form.becomes("received").await;
    is_there_once(&form, &other).await;
    assert_eq!(begun_at(&other), [0, 0, 0, 262_144, 524_288, 0]);
    assert_eq!(stage.cable.count("POST"), 4, "one of them three times");
}

/// A piece, the first, has arrived, and nobody hears of it; then the server has no power any more.
async fn stops_after_a_piece(stage: &Stage, other: &Other, count: usize) {
    stage.cable.wait_for("PATCH", Fate::ResponseHeld, count).await;
    stage.cable.set(Mode::Unplugged).await;
    other.kill();
}

journeys!(
    two_files_go_before_it_to_another_origin,
    a_file_goes_on_where_it_stopped,
    it_goes_on_when_the_server_was_started_anew,
    what_the_server_has_forgotten_is_announced_anew,
);
