//! `eform-agency import`: what citizens saved as files is received as if their phones had sent it.

use std::process::{Output, Stdio};

use crate::support::{
    ID, Place, body,
    filed::filed,
    files::{bytes, claim},
    program::{make_key, program, put, run, said, serve},
    right, submission,
};

on_both![no runtime:
    a_file_and_the_phone_that_sends_later_make_one_row,
    files_that_go_before_are_in_it_also_where_the_phone_has_sent_some,
    what_is_wrong_with_one_is_said_and_holds_up_no_other,
];

const OTHER_ID: &str = "0197a1b2-c3d4-7e5f-8a6b-000000000001";

/// Imports these files with the agency's own key and place.
fn import(place: &Place, files: &[&str], codes: &[&str]) -> Output {
    let mut command = program(place, &["import"]);
    files.iter().for_each(|file| _ = command.arg(place.path(file)));
    codes.iter().for_each(|code| _ = command.arg("--code").arg(code));
    command.arg("--key").arg(place.key()).arg("--uploads").arg(place.uploads());
    command.stdin(Stdio::null()).output().unwrap()
}

fn reference(said: &str) -> String {
    said.trim().rsplit(' ').next().unwrap().to_owned()
}

fn rows(place: &Place) -> usize {
    said(&run(place, &["list"]))
        .0
        .lines()
        .filter(|line| line.contains("visit") || line.contains("claim"))
        .count()
}

fn a_file_and_the_phone_that_sends_later_make_one_row(place: Place) {
    let (_server, address) = serve(&place);
    let sent = submission(right());
    let (file, code) = filed(&sent, &[]);
    std::fs::write(place.path("a.eform"), file).unwrap();
    let (printed, error) = said(&import(&place, &["a.eform"], &[&code]));
    assert!(printed.contains("a.eform: received as "), "{printed}{error}");
    // The phone comes back.
    let (status, receipt) = put(&address, ID, &sent.to_json()).unwrap();
    assert_eq!(status, 200);
    assert_eq!(receipt["reference"], *reference(&printed));
    // And the officer does it once more, with the code in a file.
    place.write("codes", &format!("\n{code}\n"));
    let codes = place.path("codes");
    let mut again = program(&place, &["import", "--code-file", codes.to_str().unwrap()]);
    again.arg(place.path("a.eform")).arg("--key").arg(place.key());
    again.arg("--uploads").arg(place.uploads());
    let (again, error) = said(&again.output().unwrap());
    assert!(again.contains("had been received already"), "{again}{error}");
    assert_eq!(reference(&again), reference(&printed));
    assert_eq!(rows(&place), 1);
}

fn files_that_go_before_are_in_it_also_where_the_phone_has_sent_some(place: Place) {
    let place = place.with_files();
    let (server, address) = serve(&place);
    let (first, second) = (bytes(1, 700_000), bytes(2, 5));
    let sent = claim(ID, &[&first, &second]);
    let (file, code) = filed(&sent, &[&first, &second]);
    std::fs::write(place.path("a.eform"), file).unwrap();
    // A part of it came from the phone before the signal was gone.
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let client = place.start().await;
        let announced = client.announce(ID, &first).await.is(201);
        let location = announced.header("location").to_owned();
        client.patch(&location, 0, first[..300_001].to_vec()).await.is(204);
    });
    let (printed, error) = said(&import(&place, &["a.eform"], &[&code]));
    assert!(printed.contains("received as "), "{printed}{error}");
    assert_eq!(put(&address, ID, &sent.to_json()).unwrap().0, 200);
    drop(server);
    let out = place.path("out");
    let written =
        program(&place, &["attachments", "--form", "claim", "--out", out.to_str().unwrap()])
            .arg("--uploads")
            .arg(place.uploads())
            .output()
            .unwrap();
    assert!(written.status.success(), "{}", said(&written).1);
    let mut files: Vec<Vec<u8>> = std::fs::read_dir(out)
        .unwrap()
        .map(|file| std::fs::read(file.unwrap().path()).unwrap())
        .collect();
    files.sort_by_key(Vec::len);
    assert!(files == [second, first], "byte for byte");
    assert_eq!(rows(&place), 1);
}

fn what_is_wrong_with_one_is_said_and_holds_up_no_other(place: Place) {
    if place.is_postgres() {
        make_key(&place);
    }
    drop(serve(&place));
    let (right_one, code) = filed(&submission(right()), &[]);
    let mut refused = submission(serde_json::json!({ "house": "ลับมาก7f3a", "born": "2027-01-01" }));
    refused.id = OTHER_ID.to_owned();
    let mut unknown = refused.clone();
    unknown.definition = eform::digest(b"another");
    let write = |name: &str, file: &[u8]| std::fs::write(place.path(name), file).unwrap();
    write("right.eform", &right_one);
    write("cut.eform", &right_one[..200]);
    write("refused.eform", &filed(&refused, &[]).0);
    write("unknown.eform", &filed(&unknown, &[]).0);
    write("picture.eform", b"\x89PNG\r\n\x1a\n");
    let files = [
        "picture.eform",
        "cut.eform",
        "gone.eform",
        "refused.eform",
        "unknown.eform",
        "right.eform",
        "right.eform",
    ];
    let wrong = "YYYY YYYY YYYY YYYY";
    let output = import(&place, &files, &[&code, &code, &code, &code, &code, wrong, &code]);
    let (printed, errors) = said(&output);
    assert!(!output.status.success());
    for expected in [
        "picture.eform: this is not a submission that was saved as a file",
        "cut.eform: a part of this file is missing",
        "gone.eform: No such file",
        "refused.eform: not taken: some answers cannot be accepted\n  /name: ",
        "unknown.eform: not taken: this form is not known here",
        "right.eform: the code is not right",
        "6 of 7 files were not taken in",
    ] {
        assert!(errors.contains(expected), "{expected}: {errors}");
    }
    assert!(!errors.contains("ลับมาก7f3a"), "{errors}");
    assert_eq!(printed.lines().count(), 1, "{printed}");
    assert_eq!(rows(&place), 1);

    // Another submission of the same id changes nothing.
    let mut other = submission(right());
    other.language = "en".to_owned();
    write("other.eform", &filed(&other, &[]).0);
    let (_, errors) = said(&import(&place, &["other.eform"], &[&code]));
    assert!(errors.contains("another submission has this id; nothing was changed"), "{errors}");
    let (_, errors) = said(&import(&place, &["other.eform"], &[&code, &code]));
    assert!(errors.contains("1 files and 2 codes"), "{errors}");
    assert_ne!(body(&other), body(&submission(right())));
}

#[test]
fn the_code_is_asked_for() {
    use std::io::Write as _;
    let place = Place::new();
    drop(serve(&place));
    let (file, code) = filed(&submission(right()), &[]);
    std::fs::write(place.path("a.eform"), file).unwrap();
    let mut command = program(&place, &["import"]);
    command.arg(place.path("a.eform")).arg("--key").arg(place.key());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{}", code.to_lowercase()).unwrap();
    let (printed, errors) = said(&child.wait_with_output().unwrap());
    assert!(
        errors.contains("The code of ") && printed.contains("received as "),
        "{errors}{printed}"
    );
}
