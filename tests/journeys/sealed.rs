//! A form that is sealed: what leaves the phone can be read by an officer with the key, and by nobody else.

use std::fs;

use eform_journeys::{form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::{Value, json};

use crate::files::{CLAIM, Disk, ID, attach, bytes, claim, open, publish};

const NAME: &str = "สมหญิง ใจดี";

/// An officer's computer: a key and its passphrase.
struct Office(tempfile::TempDir);

impl Office {
    fn new() -> Self {
        let office = Self(tempfile::tempdir().expect("a temporary folder"));
        fs::write(office.path("passphrase"), "correct horse battery staple\n").expect("writable");
        office
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Makes a key; what belongs into the form.
    fn seal_to(&self, stage: &Stage) -> Value {
        let (key, passphrase) = (self.path("key.age"), self.path("passphrase"));
        let args =
            ["keys", "new", "--kid", "2569-1", "--out", &key, "--passphrase-file", &passphrase];
        let printed = stage.agency.command(&args);
        let line = printed.lines().find(|line| line.contains("sealTo")).expect("the line to paste");
        let line: Value = serde_json::from_str(&format!("{{{}}}", line.trim())).expect("JSON");
        line["sealTo"].clone()
    }

    /// Opens everything: answers, and files by name.
    fn open(&self, stage: &Stage) -> (Vec<Value>, Vec<Vec<u8>>) {
        let (key, passphrase) = (self.path("key.age"), self.path("passphrase"));
        let (out, files) = (self.path("open.jsonl"), self.path("files"));
        let db = stage.agency.database().display().to_string();
        let args = [
            "open",
            "--form",
            ID,
            "--sealing-key",
            &key,
            "--passphrase-file",
            &passphrase,
            "--db",
            &db,
            "--format",
            "jsonl",
            "--out",
            &out,
            "--files",
            &files,
        ];
        stage.agency.command(&args);
        let rows = fs::read_to_string(out).expect("it was written");
        let rows = rows.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let mut names: Vec<_> = fs::read_dir(files).into_iter().flatten().flatten().collect();
        names.sort_by_key(fs::DirEntry::file_name);
        (rows, names.iter().map(|file| fs::read(file.path()).expect("a file")).collect())
    }
}

async fn is_read_by_the_officer_alone(stage: &Stage, uploads: bool) {
    let (sample, office, disk) = (claim(), Office::new(), Disk::new());
    let mut definition: Value = serde_json::from_str(CLAIM).expect("JSON");
    definition["submit"]["sealTo"] = office.seal_to(stage);
    if uploads {
        definition["submit"]["uploads"] = json!({ "url": "/api/uploads" });
    }
    publish(stage, &definition.to_string());
    let form = filled_in(stage, &sample, &disk).await;
    form.press("submit").await;
    form.becomes("received").await;

    let rows = stage.agency.rows(ID);
    assert_eq!(rows.len(), 1);
    let sent = rows[0].submission.to_string();
    assert!(rows[0].submission["sealed"].is_object() && !sent.contains("answers"), "{sent}");
    assert!(!sent.contains(NAME) && !sent.contains("card.pdf"));
    let begins = bytes(64, 1);
    for file in stage.agency.files(ID).into_values() {
        assert!(!file.windows(64).any(|part| part == begins), "in the clear");
    }
    // Nor is it on the phone any more.
    let kept = "return Promise.all(['drafts', 'bodies', 'files'].map(kept))";
    let kept = stage.browser.ask(kept, json!(null)).await;
    assert!(!kept.to_string().contains(NAME) && kept[2] == json!([]), "{kept}");

    let (rows, files) = office.open(stage);
    assert_eq!(rows.len(), 1);
    let opened = &rows[0]["submission"]["answers"];
    assert_eq!((&opened["name"], &opened["card"][0]["name"]), (&json!(NAME), &json!("card.pdf")));
    assert!(files == [bytes(300_001, 1), bytes(2, 2)], "byte for byte");
}

async fn filled_in<'a>(stage: &'a Stage, sample: &'a Sample, disk: &Disk) -> Form<'a> {
    let form = open(stage, sample).await;
    form.enter("name", None, NAME).await;
    attach(stage, "card", &[&disk.write("card.pdf", &bytes(300_001, 1))]).await;
    form.says("Attached: card.pdf").await;
    attach(stage, "photos", &[&disk.write("field.png", &bytes(2, 2))]).await;
    form.says("Attached: field.png").await;
    form.go_to_submit().await;
    form
}

async fn with_files_inside(stage: &Stage) {
    is_read_by_the_officer_alone(stage, false).await;
}

async fn with_files_that_go_before(stage: &Stage) {
    is_read_by_the_officer_alone(stage, true).await;
}

journeys!(with_files_inside, with_files_that_go_before);
