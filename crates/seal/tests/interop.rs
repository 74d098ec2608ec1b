//! Others can do it too: what is sealed here is opened by `@hpke/core` from npm after the words of
//! `docs/protocol.md`, and what that seals is opened here.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use eform::{Enclosed, Submission, base64};
use eform_seal::{FileOpener, FileSealer, PrivateKey, looks_sealed, open_answers, seal_answers};
use serde_json::{Value, json};

const KID: &str = "2569-1";

#[test]
fn hpke_of_others_opens_what_is_sealed_and_seals_what_is_opened() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if !root.join("node_modules/@hpke/core").exists() {
        assert!(std::env::var_os("CI").is_none(), "`npm ci` brings @hpke/core");
        eprintln!("not done: `npm ci` brings @hpke/core");
        return;
    }
    let private = PrivateKey::new([1; 32]);
    let to = private.seal_to(KID);
    let long: Vec<u8> = (0..300_000).map(|at| (at % 251) as u8).collect();
    let files = [&b""[..], b"small \0\xFF", &long, &long[..1 << 18]];

    let mut submission: Submission = serde_json::from_value(json!({
        "id": "0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b", "form": "visit", "version": "รุ่น 1",
        "definition": "sha256:00", "language": "th", "completedAt": "2026-11-20T08:14:03+07:00",
        "replaces": "0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2a",
        "answers": { "name": "สมชาย ใจดี", "long": "ก".repeat(3000) },
        "uploads": [{ "sha256": "ab", "size": 12_345_678 }]
    }))
    .unwrap();
    let answers = submission.answers.clone().unwrap();
    let (mut sealed, mut names) = (serde_json::Map::new(), Vec::new());
    for (number, file) in files.iter().enumerate() {
        let (digest, mut out) = (eform::hex(&eform::sha256(file)), Vec::new());
        let random = [10 + number as u8; 32];
        let mut sealer = FileSealer::new(&to, &submission.id, &digest, random, &mut out).unwrap();
        sealer.write(file, &mut out).unwrap();
        sealer.finish(&mut out).unwrap();
        submission.attachments.push(Enclosed::new(&out));
        names.push((digest.clone(), eform::hex(&eform::sha256(&out))));
        sealed.insert(digest, base64::encode(&out).into());
    }
    seal_answers(&to, &mut submission, &names, [2; 32]).unwrap();

    let mut theirs = serde_json::to_value(&submission).unwrap();
    theirs["sealed"]["publicKey"] = to.public_key.into();
    let input = json!({
        "privateKey": base64::encode(&private.to_bytes()), "submission": theirs, "files": sealed,
    });
    let output = node(&input);
    assert_eq!(output["opened"]["answers"], Value::Object(answers.clone()));
    for (plain, sealed) in &names {
        assert_eq!(output["opened"]["files"][plain], sealed.as_str());
    }
    let plain =
        |file: &&[u8]| output["plain"].as_array().unwrap().contains(&base64::encode(file).into());
    assert!(files.iter().all(plain));

    let theirs: Submission = serde_json::from_value(output["submission"].clone()).unwrap();
    assert!(looks_sealed(theirs.sealed.as_ref().unwrap()));
    assert_ne!(theirs.sealed, submission.sealed);
    let opened = open_answers(&private, &theirs).unwrap();
    assert_eq!(opened.answers, answers);
    for file in files {
        let digest = eform::hex(&eform::sha256(file));
        let sealed = theirs.attachments.iter().find(|one| one.sha256 == opened.files[&digest]);
        let (mut opener, mut out) =
            (FileOpener::new(&private, KID, &theirs.id, &digest), Vec::new());
        opener.write(&sealed.unwrap().bytes().unwrap(), &mut out).unwrap();
        opener.finish(&mut out).unwrap();
        assert!(out == file);
    }
}

fn node(input: &Value) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop.mjs");
    let mut command = Command::new("node");
    command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut node = command.spawn().expect("node");
    node.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}
