//! The program `eform` itself: what it writes and how it ends.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::support::{farm, put};

/// A folder of one test's own, gone when the test is over.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_eform"));
        command.current_dir(&self.0).args(arguments).output().unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn check_ends_with_whether_there_was_something() {
    let place = Place::new("check");
    let mut bad = farm();
    put(&mut bad, "/pages/0/fields/0/requierd", Some(json!(true)));
    place.write("good.json", &farm().to_string());
    place.write("bad.json", &bad.to_string());
    let mut hinted = farm();
    put(&mut hinted, "/privacy", None);
    place.write("hinted.json", &hinted.to_string());

    let output = place.run(&["check", "good.json"]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), ""));
    let output = place.run(&["check", "hinted.json"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).starts_with("hinted.json:1:1: hint[privacy] /privacy: "));
    let output = place.run(&["check", "good.json", "bad.json", "--today", "2026-11-20"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(said.starts_with("bad.json:1:"), "{said}");
    assert!(said.ends_with(
        ": error[unknown-member] /pages/0/fields/0/requierd: unknown member `requierd`: did you mean `required`?\n"
    ));
    // As `eform check *.json` names them.
    place.write("good.cases.json", r#"{ "today": "2026-11-20", "cases": [] }"#);
    let output = place.run(&["check", "good.cases.json", "good.json"]);
    assert_eq!((output.status.code(), text(&output.stdout).as_str()), (Some(0), ""));
    let output = place.run(&["check", "good.cases.json"]);
    assert_eq!(output.status.code(), Some(2));
    let output = place.run(&["check", "--json", "bad.json", "good.json"]);
    let issues: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(issues.as_array().unwrap().len(), 1);
    for (member, value) in [
        ("file", json!("bad.json")),
        ("severity", json!("error")),
        ("code", json!("unknown-member")),
        ("path", json!("/pages/0/fields/0/requierd")),
        ("line", json!(1)),
    ] {
        assert_eq!(issues[0][member], value);
    }
    for arguments in [&["check", "nowhere.json"][..], &["check"], &["chekc", "good.json"]] {
        let output = place.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn test_counts_and_says_what_failed() {
    let place = Place::new("test");
    place.write("farm.json", &farm().to_string());
    let case = |name: &str, pages: Value| json!({ "name": name, "answers": {}, "expect": { "pages": pages } });
    let cases = [case("right", json!(["people"])), case("wrong", json!([]))];
    place.write("farm.cases.json", &json!({ "cases": cases, "today": "2026-11-20" }).to_string());
    place.write("right.json", &json!({ "cases": [cases[0]], "today": "2026-11-20" }).to_string());

    let output = place.run(&["test", "farm.json"]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(said.starts_with("farm.cases.json:1:"), "{said}");
    assert!(said.ends_with(
        ": failed: wrong\n    expected the pages [], found [\"people\"]\n1 passed, 1 failed\n"
    ));
    let output = place.run(&["test", "farm.json", "right.json"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(0), "1 passed, 0 failed\n")
    );
    let output = place.run(&["test", "farm.json", "farm.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("eform: farm.json:1:1: error[missing] /today: "));
}

#[test]
fn schemas_and_explanations_are_printed() {
    let place = Place::new("print");
    place.write("farm.json", &farm().to_string());
    place.write("bad.json", "{}");
    let output = place.run(&["schema", "farm.json"]);
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &schema["title"]), (Some(0), &json!("Farm")));
    let output = place.run(&["schema", "bad.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("see all that is wrong with: eform check bad.json"));
    let output = place.run(&["explain", "farm.json", "/total", "--lang", "en"]);
    assert!(text(&output.stdout).starts_with("total “Total”\n"));
    for (arguments, title) in
        [(&["language"][..], "A form"), (&["language", "--cases"], "Cases of a form")]
    {
        let output = place.run(arguments);
        let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(schema["title"], title);
    }
}

#[test]
fn logic_answers_each_line_before_the_next_comes() {
    let place = Place::new("logic");
    let output = place.run(&["logic", r#"{"var":"a"}"#, r#"{"a":"๕"}"#]);
    assert_eq!(text(&output.stdout), "\"๕\"\n");
    assert_eq!(place.run(&["logic", "{"]).status.code(), Some(2));

    let mut child = Command::new(env!("CARGO_BIN_EXE_eform"))
        .args(["logic", "--today", "2026-11-20"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    for (line, expected) in [
        (r#"{"rule":{"today":[]}}"#, "{\"result\":\"2026-11-20\"}\n"),
        (r#"{"rule":{"<":[1,2]},"data":null}"#, "{\"result\":true}\n"),
    ] {
        writeln!(input, "{line}").unwrap();
        let mut answer = String::new();
        output.read_line(&mut answer).unwrap();
        assert_eq!(answer, expected);
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn logic_ends_when_nobody_reads_its_answers() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_eform"))
        .arg("logic")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    let ended = (0..100_000).any(|_| writeln!(input, r#"{{"rule":1}}"#).is_err());
    drop(input);
    assert!(child.wait().unwrap().success() && ended);
}

#[test]
fn blank_writes_a_page_that_stands_by_itself() {
    let place = Place::new("blank");
    place.write("farm.json", &farm().to_string());
    let output = place.run(&["blank", "farm.json"]);
    let page = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(page.starts_with("<!doctype html>\n<html lang=\"th\">") && page.contains("<style>"));

    let output = place.run(&[
        "blank",
        "farm.json",
        "--lang",
        "en",
        "--out",
        "farm.html",
        "--styles",
        "s.css",
    ]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0));
    let page = std::fs::read_to_string(place.0.join("farm.html")).unwrap();
    assert!(page.contains("<html lang=\"en\">") && page.contains("href=\"s.css\""));

    let output = place.run(&["blank", "farm.json", "--lang", "fr"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stderr), "eform: the form is not in `fr`, only in th, en\n");
}
