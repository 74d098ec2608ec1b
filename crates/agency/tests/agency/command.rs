//! The program itself: a real port, a signal, and the officers' commands on its database.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{Shutdown, TcpStream},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

use crate::support::{ID, Place, body, right, submission};

fn program(place: &Place, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eform-agency"));
    command.args(arguments).arg("--db").arg(place.path("data/agency.db"));
    command
}

fn run(place: &Place, arguments: &[&str]) -> Output {
    program(place, arguments).output().unwrap()
}

/// Kills the server when a test fails before it has stopped by itself.
pub struct Server(pub Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub fn serve(place: &Place) -> (Server, String) {
    let mut child = program(place, &["serve", "--listen", "127.0.0.1:0"])
        .arg("--site")
        .arg(place.path("site"))
        .arg("--forms")
        .arg(place.path("forms"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let stdout = child.stdout.take().unwrap();
    let server = Server(child);
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let address = line.trim_end().strip_prefix("listening on http://").expect(&line).to_owned();
    (server, address)
}

/// The status line and the body of the answer to a PUT that promises `length` bytes.
fn put_promising(address: &str, body: &str, length: usize) -> (String, Value) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "PUT /api/submissions/{ID} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}",
    )
    .unwrap();
    if length > body.len() {
        stream.shutdown(Shutdown::Write).unwrap();
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.lines().next().unwrap_or_default().to_owned();
    (status, serde_json::from_str(body).unwrap_or_default())
}

fn put(address: &str, body: &str) -> (String, Value) {
    put_promising(address, body, body.len())
}

#[cfg(unix)]
#[test]
fn it_serves_stops_on_sigterm_and_officers_read_what_came() {
    let place = Place::new();
    let (mut server, address) = serve(&place);
    let sent = body(&submission(right()));
    let (status, receipt) = put(&address, &sent);
    assert_eq!(status, "HTTP/1.1 201 Created");
    assert_eq!(put(&address, &sent), ("HTTP/1.1 200 OK".to_owned(), receipt.clone()));

    // An idle connection does not hold the server up.
    let _idle = TcpStream::connect(&address).unwrap();
    let id = server.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(server.0.wait().unwrap().success());

    let reference = receipt["reference"].as_str().unwrap();
    let listed = run(&place, &["list"]);
    assert!(String::from_utf8(listed.stdout).unwrap().contains(reference));
    let shown: Value = serde_json::from_slice(&run(&place, &["show", reference]).stdout).unwrap();
    assert_eq!(shown["receipt"], receipt);
    let file = place.path("visit.csv");
    let path = file.to_str().unwrap();
    assert!(run(&place, &["export", "--form", "visit", "--out", path]).status.success());
    assert!(std::fs::read_to_string(&file).unwrap().contains("'27/1"));

    let mut forged = receipt.clone();
    forged["receivedAt"] = "2020-01-01T00:00:00Z".into();
    place.write("receipt.json", &receipt.to_string());
    place.write("forged.json", &forged.to_string());
    let verify = |name: &str| run(&place, &["verify", place.path(name).to_str().unwrap()]);
    assert!(verify("receipt.json").status.success());
    assert!(!verify("forged.json").status.success());

    use std::os::unix::fs::PermissionsExt as _;
    for file in ["data/agency.db", "data/agency.db.key", "visit.csv"] {
        let mode = std::fs::metadata(place.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn a_receipt_outlives_a_killed_server() {
    let place = Place::new();
    let (mut server, address) = serve(&place);
    let sent = body(&submission(right()));
    let (_, receipt) = put(&address, &sent);
    server.0.kill().unwrap();
    server.0.wait().unwrap();
    let (_server, address) = serve(&place);
    assert_eq!(put(&address, &sent), ("HTTP/1.1 200 OK".to_owned(), receipt));
}

#[test]
fn a_body_that_is_cut_or_far_too_large_is_answered_and_not_kept() {
    let place = Place::new();
    let (_server, address) = serve(&place);
    let sent = body(&submission(right()));
    let (status, _) = put_promising(&address, &sent, sent.len() + 10);
    assert!(!status.contains(" 20"), "{status}");
    // All of it is read, so that the sender comes to read the answer.
    let (status, problem) = put(&address, &format!("{sent}{}", " ".repeat(16 * 1024 * 1024)));
    assert_eq!(status, "HTTP/1.1 413 Payload Too Large");
    assert_eq!(problem["type"], "/problems/too-large");
    assert!(put(&address, &sent).0.ends_with("201 Created"));
}

#[test]
fn what_keeps_it_from_starting_is_said_in_one_line() {
    let place = Place::new();
    let site = place.path("site");
    let site = site.to_str().unwrap();
    let root = place.path("");
    let root = root.to_str().unwrap();
    let nowhere = place.path("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    for (arguments, expected) in [
        (vec!["serve", "--site", site, "--forms", nowhere], "cannot read the folder of forms"),
        (vec!["serve", "--site", root], "is inside the site's folder"),
        (vec!["show", "none"], "no submission has the id or reference none"),
        (vec!["export", "--form", "none"], "no form has the id none"),
    ] {
        let output = run(&place, &arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(error.starts_with("eform-agency: "), "{error}");
        assert!(error.contains(expected), "{error}");
    }
    let other = Place::new();
    let output = run(&other, &["list"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot open the database"));
    assert!(!other.path("data/agency.db").exists(), "reading makes no database");
}
