//! Officers' keys and `eform-agency open`, by the program itself: what was sealed is read with the key
//! and the passphrase, and what was changed on the way is told and not read.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use axum::http::Method;
use eform::{SealTo, Submission, base64};
use eform_seal::{PrivateKey, seal_answers};
use serde_json::{Value, json};

use crate::support::{
    ID, Place, body,
    files::{TUS, metadata},
    program::{log_of_start, program, put, run, said, serve, serving},
    sealing::{card, claim, claim_after, claim_form, claim_form_with_uploads, sealed_file},
};

mod keys {
    on_both![no runtime: keys_are_listed_and_one_that_is_retired_is_warned_of];
    use super::keys_are_listed_and_one_that_is_retired_is_warned_of;
}

mod files {
    on_both![files_that_went_before_are_opened_from_wherever_they_are];
    use super::files_that_went_before_are_opened_from_wherever_they_are;
}

const PASSPHRASE: &str = "ช้าง ตลาด แม่น้ำ 4 ต้น\n";

const IDS: [&str; 4] = [
    ID,
    "0197a1b2-c3d4-7e5f-8a6b-000000000001",
    "0197a1b2-c3d4-7e5f-8a6b-000000000002",
    "0197a1b2-c3d4-7e5f-8a6b-000000000003",
];

/// The program without a database.
fn offline(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eform-agency"));
    command.args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A key that the program makes in this folder, its file, and the file of the passphrase.
fn make_key(place: &Place, kid: &str) -> (SealTo, PathBuf, PathBuf) {
    let (file, passphrase) = (place.path(&format!("{kid}.age")), place.path("passphrase"));
    fs::write(&passphrase, PASSPHRASE).unwrap();
    let arguments =
        ["keys", "new", "--kid", kid, "--out", text(&file), "--passphrase-file", text(&passphrase)];
    let made = offline(&arguments);
    let (printed, error) = said(&made);
    assert!(made.status.success(), "{error}");
    // What is pasted into the definition.
    let submit: Value = serde_json::from_str(&format!("{{ {printed} }}")).unwrap();
    let of = |name: &str| submit["sealTo"][name].as_str().unwrap().to_owned();
    (SealTo { kid: of("kid"), public_key: of("publicKey") }, file, passphrase)
}

/// A server that was given these, all of which it took.
fn receive(place: &Place, sent: &[Submission]) {
    let (_server, address) = serve(place);
    for one in sent {
        let (status, answer) = put(&address, &one.id, &body(one)).unwrap();
        assert_eq!(status, 201, "{answer}");
    }
}

#[test]
fn what_was_sealed_is_opened_from_the_database_and_checked() {
    let place = Place::new();
    let (to, key, passphrase) = make_key(&place, "2569-1");
    let definition = claim_form(&to);
    place.write("forms/claim.json", &definition);
    let claim = |id, answers, card| claim(&to, &definition, id, answers, card);
    let unknown = "no-such\u{1b}[31m";
    // A file that no answer names, and one that is said to be there and is not.
    let mut hidden = claim(IDS[2], json!({}), Some(b"hidden"));
    hidden.sealed = None;
    hidden.answers = json!({ "name": "ก" }).as_object().cloned();
    seal_answers(&to, &mut hidden, &[("0".repeat(64), "../key".to_owned())], [9; 32]).unwrap();
    receive(
        &place,
        &[
            claim(IDS[0], json!({ "name": "สมชาย", "age": 40 }), Some(&card())),
            claim(IDS[1], json!({ "name": "=1+1", "age": 400, unknown: 1 }), None),
            hidden,
        ],
    );
    let (out, files) = (place.path("plain.csv"), place.path("files"));
    let open = ["open", "--form", "claim", "--sealing-key", text(&key), "--passphrase-file"];
    let open = [&open[..], &[text(&passphrase)]].concat();
    let opened =
        run(&place, &[&open[..], &["--out", text(&out), "--files", text(&files)]].concat());
    let (printed, error) = said(&opened);
    assert!(opened.status.success(), "{error}");
    assert!(printed.contains("  /age  too-large  "), "{printed}");
    assert!(printed.contains(r"  /no-such\u{1b}[31m  "), "{printed}");
    assert!(printed.contains("    attachment-unknown  "), "{printed}");
    assert!(printed.ends_with("3 opened, 2 of them with errors; 0 not opened\n"), "{printed}");
    assert!(!printed.contains("สมชาย") && error.is_empty(), "nothing else is told: {error}");

    let csv = fs::read_to_string(&out).unwrap();
    let rows: Vec<&str> = csv.lines().collect();
    assert!(rows[0].ends_with(",language,errors,name,age,card"), "{csv}");
    assert!(rows[1].ends_with(",th,,สมชาย,40,card.pdf"), "{csv}");
    assert!(rows[2].contains(",/age too-large; "), "{csv}");
    let written: Vec<_> = fs::read_dir(&files).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(written.len(), 1);
    assert!(text(&written[0]).ends_with("-card-1-card.pdf"));
    assert_eq!(fs::read(&written[0]).unwrap(), card());
    #[cfg(unix)]
    for (path, expected) in [(&out, 0o600), (&files, 0o700), (&written[0], 0o600), (&key, 0o600)] {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, expected);
    }

    let only = [&open[..], &["--out", text(&out), "--format", "jsonl", "--only", IDS[1]]].concat();
    assert!(run(&place, &only).status.success());
    let line: Value = serde_json::from_str(&fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(line["submission"]["answers"]["age"], 400);
    assert_eq!(line["errors"][0]["pointer"], "/age");
    assert!(line["submission"].get("sealed").is_none());
}

/// A line of the export, and what is done to it.
type Change = fn(&mut Value);

#[test]
fn what_was_changed_after_it_was_sealed_is_not_opened() {
    let place = Place::new();
    let (to, key, passphrase) = make_key(&place, "2569-1");
    let definition = claim_form(&to);
    place.write("forms/claim.json", &definition);
    let sealed = |id| claim(&to, &definition, id, json!({ "name": id }), Some(id.as_bytes()));
    receive(&place, &IDS.map(sealed));
    let exported = place.path("exported.jsonl");
    let export = ["export", "--form", "claim", "--format", "jsonl", "--contents", "--out"];
    assert!(run(&place, &[&export[..], &[text(&exported)]].concat()).status.success());
    let lines = fs::read_to_string(&exported).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();

    let (changed, out) = (place.path("changed.jsonl"), place.path("plain.jsonl"));
    let form = place.path("forms/claim.json");
    let open = |lines: &[Value], more: &[&str]| {
        let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
        fs::write(&changed, lines).unwrap();
        let open = ["open", "--form", "claim", "--sealing-key", text(&key), "--passphrase-file"];
        let from = ["--from", text(&changed), "--definition", text(&form), "--format", "jsonl"];
        let rest = [text(&passphrase), "--out", text(&out)];
        let output = offline(&[&open[..], &rest, &from, more].concat());
        (said(&output), output.status.success())
    };
    let ((printed, error), is_good) = open(&lines, &[]);
    assert!(is_good && printed.starts_with("4 opened, 0 of them"), "{printed}{error}");

    // Each change in a line of its own, and one line as it was.
    let other = lines[3].clone();
    let changes: [Change; 11] = [
        |line| line["submission"]["language"] = "en".into(),
        |line| line["submission"]["completedAt"] = "2026-03-01T08:14:04+07:00".into(),
        |line| line["submission"]["replaces"] = IDS[3].into(),
        |line| line["submission"]["uploads"] = json!([{ "sha256": "a", "size": 200 }]),
        |line| line["submission"]["attachments"] = json!([]),
        |line| {
            for member in ["submission", "receipt"] {
                line[member]["id"] = IDS[3].into();
            }
        },
        |line| line["submission"]["sealed"]["kid"] = "2569-2".into(),
        |line| line["submission"]["sealed"]["suite"] = "none".into(),
        |line| line["submission"]["sealed"]["enc"] = base64::encode(&[9; 32]).into(),
        |line| {
            let sealed = &mut line["submission"]["sealed"]["ciphertext"];
            let mut bytes = base64::decode(sealed.as_str().unwrap()).unwrap();
            bytes[700] ^= 1;
            *sealed = base64::encode(&bytes).into();
        },
        |line| line["submission"]["version"] = "2".into(),
    ];
    let mut all = vec![lines[2].clone()];
    for change in changes {
        let mut line = lines[0].clone();
        change(&mut line);
        all.push(line);
    }
    // What was sealed with another one.
    let mut swapped = lines[0].clone();
    swapped["submission"]["sealed"] = other["submission"]["sealed"].clone();
    all.push(swapped);
    let ((printed, error), is_good) = open(&all, &[]);
    assert!(
        !is_good && error.contains("12 submissions and 0 files could not be opened"),
        "{error}"
    );
    assert_eq!(
        printed.matches("not opened: it was changed or cut, belongs").count(),
        9,
        "{printed}"
    );
    assert!(printed.contains("not opened: it is sealed to the key 2569-2, which was not given"));
    assert!(printed.contains("not opened: it was sealed in a way that this program does not know"));
    assert!(printed.contains("not opened: its definition sha256:"), "{printed}");
    let written = fs::read_to_string(&out).unwrap();
    assert!(written.lines().count() == 1 && written.contains(IDS[2]), "{written}");

    // Files: cut, of another submission under the right digest, and not there.
    let mut all = vec![lines[1].clone(); 3];
    let bytes = |line: &Value| {
        base64::decode(line["submission"]["attachments"][0]["content"].as_str().unwrap()).unwrap()
    };
    let cut = &bytes(&lines[1])[..bytes(&lines[1]).len() - 1];
    all[0]["submission"]["attachments"][0]["content"] = base64::encode(cut).into();
    all[1]["submission"]["attachments"][0]["content"] = base64::encode(&bytes(&other)).into();
    let file = all[2]["submission"]["attachments"][0].as_object_mut().unwrap();
    let (sha256, _) = (file["sha256"].as_str().unwrap().to_owned(), file.remove("content"));
    let ((printed, error), is_good) = open(&all, &[]);
    assert!(!is_good && error.contains("0 submissions and 3 files"), "{error}");
    assert_eq!(printed.matches("a file was not opened: it is not here").count(), 3, "{printed}");
    assert_eq!(printed.matches("  /card/0  attachment-missing  ").count(), 3, "{printed}");
    assert_eq!(fs::read_to_string(&out).unwrap().lines().count(), 3);

    // From the folder that `attachments` writes: as it is, and cut.
    let folder = place.path("sealed");
    let write = ["attachments", "--form", "claim", "--out", text(&folder)];
    assert!(run(&place, &write).status.success());
    let found = ["--sealed-files", text(&folder)];
    assert!(open(&all[2..], &found).1);
    let reference = lines[1]["receipt"]["reference"].as_str().unwrap();
    fs::write(folder.join(format!("{reference}-{sha256}.sealed")), cut).unwrap();
    let ((printed, _), is_good) = open(&all[2..], &found);
    assert!(
        !is_good && printed.contains("a file was not opened: it was changed or cut"),
        "{printed}"
    );

    // A name that leads elsewhere.
    let mut elsewhere = lines[1].clone();
    elsewhere["receipt"]["reference"] = "../../x".into();
    assert!(open(&[elsewhere], &[]).0.1.contains("line 1 is not of an export as jsonl"));
}

#[test]
fn another_key_or_passphrase_opens_nothing_and_a_retired_key_still_does() {
    let place = Place::new();
    let (old, old_key, passphrase) = make_key(&place, "2569-1");
    let first = claim_form(&old);
    place.write("forms/claim.json", &first);
    receive(&place, &[claim(&old, &first, IDS[0], json!({ "name": "one" }), None)]);
    // The same name again is another key all the same, and a file is not overwritten.
    let again = ["keys", "new", "--kid", "2569-1", "--passphrase-file", text(&passphrase), "--out"];
    let twice = offline(&[&again[..], &[text(&old_key)]].concat());
    assert!(!twice.status.success() && said(&twice).1.contains("exists"), "{twice:?}");
    let false_key = place.path("false.age");
    assert!(offline(&[&again[..], &[text(&false_key)]].concat()).status.success());

    // A new key for the form, and what comes from a phone that has the older definition.
    let (new, new_key, _) = make_key(&place, "2569-2");
    let second = claim_form(&new);
    place.write("forms/claim.json", &second);
    receive(
        &place,
        &[
            claim(&new, &second, IDS[1], json!({ "name": "two" }), None),
            claim(&old, &first, IDS[2], json!({ "name": "three" }), None),
        ],
    );
    assert!(run(&place, &["keys", "retire", "2569-1"]).status.success());

    let out = place.path("plain.csv");
    let open = |keys: &[&Path], passphrase: &Path| {
        let mut command = program(&place, &["open", "--form", "claim", "--out", text(&out)]);
        keys.iter().for_each(|key| _ = command.arg("--sealing-key").arg(key));
        let output = command.arg("--passphrase-file").arg(passphrase).output().unwrap();
        let (printed, error) = said(&output);
        (output.status.success(), printed, error)
    };
    let (is_good, printed, error) = open(&[&old_key, &new_key], &passphrase);
    assert!(is_good && printed.starts_with("3 opened, 0 of"), "{printed}{error}");
    let csv = fs::read_to_string(&out).unwrap();
    assert!(["one", "two", "three"].iter().all(|name| csv.contains(name)), "{csv}");
    let (is_good, printed, _) = open(&[&new_key], &passphrase);
    assert!(!is_good && printed.contains("sealed to the key 2569-1, which was not given"));
    let (is_good, printed, _) = open(&[&false_key, &new_key], &passphrase);
    assert!(!is_good && printed.contains("or was sealed to another key"), "{printed}");

    let wrong = place.path("wrong");
    fs::write(&wrong, "another passphrase").unwrap();
    let (is_good, _, error) = open(&[&old_key], &wrong);
    assert!(!is_good && error.contains("2569-1.age: the passphrase is wrong"), "{error}");
    let (is_good, _, error) = open(&[&place.key()], &passphrase);
    assert!(!is_good && error.contains("is not a key that opens sealed answers"), "{error}");
}

fn keys_are_listed_and_one_that_is_retired_is_warned_of(place: Place) {
    let keys = [1, 2].map(|n| PrivateKey::new([n; 32]).seal_to(&format!("2569-{n}")));
    let forms = [claim_form(&keys[0]), claim_form(&keys[1])];
    place.write("forms/claim.json", &forms[0]);
    let claim = |n: usize, id| claim(&keys[n], &forms[n], id, json!({ "name": "ก" }), None);
    receive(&place, &[claim(0, IDS[0])]);
    let retire = |kid| said(&run(&place, &["keys", "retire", kid]));
    assert!(retire("2569-2").1.contains("no definition in this database names or named the key"));
    let (printed, _) = retire("2569-1");
    assert!(printed.contains("1 submissions need it") && printed.contains("the form claim still"));
    let is_warned = || log_of_start(serving(&place)).contains("seals to a retired key");
    assert!(is_warned());
    place.write("forms/claim.json", &forms[1]);
    assert!(!is_warned());
    receive(&place, &[claim(1, IDS[1]), claim(0, IDS[2])]);

    let (listed, _) = said(&run(&place, &["keys", "list"]));
    let lines: Vec<Vec<&str>> =
        listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0], ["kid", "submissions", "retired", "forms"]);
    assert_eq!((&lines[1][..2], lines[1].len()), (&["2569-1", "2"][..], 3), "{listed}");
    assert_eq!(lines[2], ["2569-2", "1", "claim"]);
}

#[test]
fn a_key_needs_a_name_and_a_passphrase() {
    let place = Place::new();
    let file = place.path("key.age");
    fs::write(place.path("short"), "secret").unwrap();
    fs::write(place.path("long"), PASSPHRASE).unwrap();
    for (kid, passphrase, expected) in [
        ("2569/1", "long", "is no name for a key"),
        ("", "long", "is no name for a key"),
        ("2569-1", "short", "at least 12 characters"),
        ("2569-1", "none", "none: "),
    ] {
        let passphrase = place.path(passphrase);
        let made = offline(&[
            "keys",
            "new",
            "--kid",
            kid,
            "--out",
            text(&file),
            "--passphrase-file",
            text(&passphrase),
        ]);
        let (_, error) = said(&made);
        assert!(!made.status.success() && error.contains(expected), "{error}");
        assert!(!file.exists());
    }
    let help = said(&offline(&["keys", "new", "--help"])).0;
    assert!(help.contains("the answers are lost"), "{help}");
}

/// Sealed files that went before their submission: from where the server keeps them, from an export, and
/// from a folder.
async fn files_that_went_before_are_opened_from_wherever_they_are(place: Place) {
    let (to, key, passphrase) = make_key(&place, "2569-1");
    let definition = claim_form_with_uploads(&to, card().len());
    place.write("forms/claim.json", &definition);
    let client = place.start().await;
    let sent = claim_after(&to, &definition, ID, &card());
    let file = sealed_file(&to, ID, &card());
    // As long as the form takes before it was sealed, and not a byte more.
    for (size, status) in [(file.len(), 201), (file.len() + 1, 413)] {
        let length = size.to_string();
        let metadata = metadata(ID, &sent.uploads[0].sha256, &sent.definition);
        let headers = [TUS, ("upload-length", &*length), ("upload-metadata", &*metadata)];
        let announced = client.send(Method::POST, "/api/uploads", &headers, "").await.is(status);
        if status == 201 {
            let location = announced.header("location").to_owned();
            client.patch(&location, 0, file.clone()).await.is(204);
        }
    }
    let received = client.put(ID, &body(&sent)).await;
    assert_eq!(received.status.as_u16(), 201, "{}", received.json());
    let reference = received.json()["reference"].as_str().unwrap().to_owned();

    let uploads = place.uploads();
    let at = ["--form", "claim", "--uploads", text(&uploads)];
    let (exported, listed) = (place.path("exported.jsonl"), place.path("listed.jsonl"));
    let export = [&["export", "--format", "jsonl"][..], &at, &["--out"]].concat();
    assert!(
        run(&place, &[&export[..], &[text(&exported), "--contents"]].concat()).status.success()
    );
    assert!(run(&place, &[&export[..], &[text(&listed)]].concat()).status.success());
    let folder = place.path("sealed");
    let write = [&["attachments"][..], &at, &["--out", text(&folder)]].concat();
    assert!(run(&place, &write).status.success());
    let name = format!("{reference}-{}.sealed", sent.uploads[0].sha256);
    assert_eq!(fs::read(folder.join(name)).unwrap(), file);

    let (out, form) = (place.path("plain.jsonl"), place.path("forms/claim.json"));
    let open = |more: &[&str], files: &str| {
        let files = place.path(files);
        let open = ["open", "--format", "jsonl", "--sealing-key", text(&key), "--passphrase-file"];
        let rest = [text(&passphrase), "--out", text(&out), "--files", text(&files)];
        let output = offline(&[&open[..], &rest, more].concat());
        let written: Vec<_> =
            fs::read_dir(&files).unwrap().map(|file| file.unwrap().path()).collect();
        (output.status.success(), said(&output), written)
    };
    let from = |path| vec!["--form", "claim", "--from", path, "--definition", text(&form)];
    let here = [&at[..], &["--db", place.db().to_str().unwrap()]].concat();
    let beside = [from(text(&listed)), vec!["--sealed-files", text(&folder)]].concat();
    for (more, files) in [(here, "one"), (from(text(&exported)), "two"), (beside, "three")] {
        let (is_good, said, written) = open(&more, files);
        assert!(is_good && said.0.starts_with("1 opened, 0 of them"), "{files}: {said:?}");
        assert!(text(&written[0]).ends_with("-card-1-card.pdf") && written.len() == 1);
        assert_eq!(fs::read(&written[0]).unwrap(), card());
        let line: Value = serde_json::from_str(&fs::read_to_string(&out).unwrap()).unwrap();
        let plain = eform::hex(&eform::sha256(&card()));
        assert_eq!(
            line["submission"]["uploads"],
            json!([{ "sha256": plain, "size": card().len() }])
        );
    }
    let (is_good, said, written) = open(&from(text(&listed)), "four");
    assert!(!is_good && said.0.contains("a file was not opened: it is not here"), "{said:?}");
    assert_eq!(written.len(), 0);
    // What is not whole is not left under any name.
    fs::write(
        folder.join(format!("{reference}-{}.sealed", sent.uploads[0].sha256)),
        &file[..300_000],
    )
    .unwrap();
    let beside = [from(text(&listed)), vec!["--sealed-files", text(&folder)]].concat();
    let (is_good, said, written) = open(&beside, "five");
    assert!(
        !is_good && said.0.contains("a file was not opened: it was changed or cut"),
        "{said:?}"
    );
    assert_eq!(written.len(), 0);
}

/// The format of age: what others make of it.
#[test]
fn the_file_of_a_key_is_opened_by_others_that_know_age() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if !root.join("node_modules/age-encryption").exists() {
        assert!(std::env::var_os("CI").is_none(), "`npm ci` brings age-encryption");
        eprintln!("not done: `npm ci` brings age-encryption");
        return;
    }
    let place = Place::new();
    let (to, key, _) = make_key(&place, "2569-1");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/age.mjs");
    let output =
        Command::new("node").args([script, text(&key), PASSPHRASE.trim_end()]).output().unwrap();
    let (printed, error) = said(&output);
    let jwk: Value = serde_json::from_str(&printed).expect(&error);
    let of = |name: &str| jwk[name].as_str().unwrap().replace('-', "+").replace('_', "/") + "=";
    let private = PrivateKey::from_bytes(&base64::decode(&of("d")).unwrap()).unwrap();
    assert_eq!(private.seal_to("2569-1"), to);
    assert_eq!(
        (of("x"), &jwk["kid"], &jwk["crv"]),
        (to.public_key, &json!("2569-1"), &json!("X25519"))
    );
}
