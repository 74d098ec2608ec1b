//! Files that a citizen attaches reach the agency byte for byte, with the answers that name them.

use std::{fs, path::PathBuf};

use eform_journeys::{
    axe::assert_accessible,
    form::{Control, Form},
    journeys,
    sample::{Entry, Sample},
    stage::Stage,
};
use serde_json::{Value, json};

use crate::refused::TWO_YEARS_AHEAD;

pub const CLAIM: &str = include_str!("files/claim.json");
pub const ID: &str = "claim";

/// Every byte there is, over and over: no text, and not of one length.
pub fn bytes(length: usize, seed: usize) -> Vec<u8> {
    (0..length).map(|at| ((at * 31 + at / 256 + seed) % 256) as u8).collect()
}

/// Files on the disk of the phone.
pub struct Disk(tempfile::TempDir);

impl Disk {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).expect("a temporary folder is writable");
        path
    }
}

pub fn claim() -> Sample {
    Sample::new(serde_json::from_str(CLAIM).expect("the form is JSON"))
}

/// Publishes the form and opens it.
async fn publish_and_open<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    publish(stage, CLAIM);
    open(stage, sample).await
}

pub fn publish(stage: &Stage, definition: &str) {
    stage.agency.write("forms/claim.json", definition);
    stage.agency.start_again();
}

pub async fn open<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    stage.browser.open(&format!("{}/?form={ID}&lang=en", stage.cable.origin())).await;
    let form = Form::on(&stage.browser, sample);
    form.is_open().await;
    form
}

pub async fn attach(stage: &Stage, field: &str, files: &[&PathBuf]) {
    let files: Vec<PathBuf> = files.iter().copied().cloned().collect();
    stage.browser.choose_files(&format!("input[type=file][name={field}]"), &files).await;
}

/// What the page lists under a field: names and sizes.
async fn listed(stage: &Stage, field: &str) -> Value {
    let script = "return all(`[data-field=${args}] .files li > span`).map((row) => row.innerText)";
    stage.browser.ask(script, json!(field)).await
}

/// Waits until the draft names so many files that have been read, and all of them are beside it.
async fn files_are_kept(stage: &Stage, count: usize) {
    let script = "
      return (async () => {
        const named = (await kept('drafts')).join().match(/[0-9a-f]{64}/g) ?? [];
        // Its pieces have keys of three lines.
        const keys = (await kept('files')).map((row) => JSON.parse(row).key.split('\\n'));
        const heads = keys.filter((key) => key.length === 2).map((key) => key[1]);
        return heads.length === args && heads.every((digest) => named.includes(digest));
      })()";
    stage.browser.wait_until("the files beside the draft", script, json!(count)).await;
}

async fn files_reach_the_agency_byte_for_byte_after_the_battery_was_flat(stage: &Stage) {
    let (sample, disk) = (claim(), Disk::new());
    let card = disk.write("สำเนาบัตร.pdf", &bytes(300_001, 1));
    let first = disk.write("field 1.jpg", &bytes(70_000, 2));
    let second = disk.write("field 2.png", &bytes(2, 3));
    let form = publish_and_open(stage, &sample).await;
    form.enter("name", None, "สมหญิง ใจดี").await;

    // Refused at once, with words; what is there stays.
    let large = disk.write("scan.pdf", &bytes(6_291_457, 4));
    attach(stage, "card", &[&large]).await;
    form.says("scan.pdf: File 1 is too large; attach one of at most 6 MB").await;
    attach(stage, "card", &[&first]).await;
    form.says("field 1.jpg: File 1 is of a kind that this form does not take").await;
    assert_eq!(listed(stage, "card").await, json!([]));

    attach(stage, "card", &[&card]).await;
    form.says("Attached: สำเนาบัตร.pdf").await;
    attach(stage, "photos", &[&first, &second]).await;
    form.says("Attached: field 1.jpg, field 2.png").await;
    assert_accessible(&stage.browser, "files are attached").await;
    assert_eq!(listed(stage, "photos").await, json!(["field 1.jpg (68 KB)", "field 2.png (1 KB)"]));
    files_are_kept(stage, 3).await;
    stage.browser.kill();
    stage.browser.start_again().await;

    let form = open(stage, &sample).await;
    assert_eq!(listed(stage, "card").await, json!(["สำเนาบัตร.pdf (293 KB)"]));
    // Removed, and the focus is on the next one's «remove»; then attached again.
    stage.browser.tap("[data-field=photos] [data-action=remove-file]").await;
    form.says("Removed: field 1.jpg").await;
    let on_next = "return focused()?.innerText.includes('field 2.png')";
    stage.browser.wait_until("the focus is sensible", on_next, json!(null)).await;
    files_are_kept(stage, 2).await;
    attach(stage, "photos", &[&first]).await;
    form.says("Attached: field 1.jpg").await;
    form.go_to_submit().await;
    form.says("field 2.png (1 KB), field 1.jpg (68 KB)").await;
    form.press("submit").await;
    form.becomes("received").await;

    let rows = stage.agency.rows(ID);
    assert_eq!(rows.len(), 1);
    let submission = &rows[0].submission;
    assert_eq!(submission["answers"]["card"][0]["type"], "application/pdf");
    assert_eq!(submission["attachments"].as_array().map(Vec::len), Some(3));
    assert!(submission["attachments"][0].get("content").is_none(), "left out unless asked for");
    let reference = rows[0].receipt["reference"].as_str().unwrap_or_default();
    let name = |end: &str| format!("{reference}-{end}");
    let expected = [
        (name("card-1-สำเนาบัตร.pdf"), bytes(300_001, 1)),
        (name("photos-1-field 2.png"), bytes(2, 3)),
        (name("photos-2-field 1.jpg"), bytes(70_000, 2)),
    ];
    let files: Vec<(String, Vec<u8>)> = stage.agency.files(ID).into_iter().collect();
    assert!(files == expected, "{:?}", files.iter().map(|(name, _)| name).collect::<Vec<_>>());
    files_are_kept(stage, 0).await;
}

/// The files of a refused submission are there when it is mended, and go with the new one.
async fn files_of_a_refused_submission_go_with_the_mended_one(stage: &Stage) {
    let (sample, disk) = (claim(), Disk::new());
    let card = disk.write("card.pdf", &bytes(5_000, 5));
    let form = publish_and_open(stage, &sample).await;
    let year = stage.browser.ask(TWO_YEARS_AHEAD, json!(null)).await;
    let year = year.as_u64().and_then(|year| u16::try_from(year).ok()).expect("a year");
    attach(stage, "card", &[&card]).await;
    form.says("Attached: card.pdf").await;
    form.enter("name", None, "สมหญิง").await;
    let since: Vec<Control> =
        form.controls().await.into_iter().filter(|control| control.name == "since").collect();
    for control in &since {
        form.answer_control(control, &Entry::Date { day: 1, month: 1, year }).await;
    }
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("attention").await;
    files_are_kept(stage, 0).await;

    stage.browser.reload().await;
    form.becomes("attention").await;
    form.press("mend").await;
    files_are_kept(stage, 1).await;
    assert_eq!(listed(stage, "card").await, json!(["card.pdf (5 KB)"]));
    form.answer("since").await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    let files: Vec<Vec<u8>> = stage.agency.files(ID).into_values().collect();
    assert!(files == [bytes(5_000, 5)]);
    files_are_kept(stage, 0).await;
}

/// What the phone has lost is told before anything is sent.
async fn a_file_that_is_not_on_the_phone_any_more_is_asked_for_again(stage: &Stage) {
    let (sample, disk) = (claim(), Disk::new());
    let card = disk.write("card.pdf", &bytes(5_000, 6));
    let form = publish_and_open(stage, &sample).await;
    form.enter("name", None, "สมหญิง").await;
    attach(stage, "card", &[&card]).await;
    form.says("Attached: card.pdf").await;
    files_are_kept(stage, 1).await;
    let wipe = "
      return new Promise((resolve, reject) => {
        const opening = indexedDB.open('eform');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const wiping = opening.result.transaction('files', 'readwrite');
          wiping.objectStore('files').clear();
          wiping.oncomplete = () => resolve(opening.result.close() ?? true);
        };
      })";
    stage.browser.ask(wipe, json!(null)).await;
    form.go_to_submit().await;
    form.press("submit").await;
    let summary = stage.browser.text("[data-eform=error-summary]").await;
    assert!(summary.contains("The content of file 1 is not there"), "{summary}");
    assert_accessible(&stage.browser, "a file is missing").await;
    assert!(stage.agency.rows(ID).is_empty());

    attach(stage, "card", &[&card]).await;
    form.says("Attached: card.pdf").await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    assert_eq!(stage.agency.files(ID).len(), 1);
}

journeys!(
    files_reach_the_agency_byte_for_byte_after_the_battery_was_flat,
    files_of_a_refused_submission_go_with_the_mended_one,
    a_file_that_is_not_on_the_phone_any_more_is_asked_for_again,
);
