//! The program itself: a real port, a signal, and the officers' commands on its database.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
};

use serde_json::Value;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use crate::support::{
    ID, Place, body, cluster,
    program::{
        Server, listening, make_key, program, put, put_promising, run, said, serve, serving,
    },
    right, submission,
    wire::{ask, begin, end},
};

on_both![no runtime:
    it_serves_stops_on_sigterm_and_officers_read_what_came,
    a_receipt_outlives_a_killed_server,
    the_key_of_a_database_is_the_only_one_that_signs_for_it,
    a_clock_that_is_far_behind_is_told_and_not_served_by,
];

fn it_serves_stops_on_sigterm_and_officers_read_what_came(place: Place) {
    let (mut server, address) = serve(&place);
    let sent = body(&submission(right()));
    let (status, receipt) = put(&address, ID, &sent).unwrap();
    assert_eq!(status, 201);
    assert_eq!(put(&address, ID, &sent).unwrap(), (200, receipt.clone()));

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
    let key = place.key();
    let verify = |name: &str| {
        let receipt = place.path(name);
        run(&place, &["verify", receipt.to_str().unwrap(), "--key", key.to_str().unwrap()])
    };
    assert!(verify("receipt.json").status.success());
    assert!(!verify("forged.json").status.success());

    use std::os::unix::fs::PermissionsExt as _;
    let database = if place.is_postgres() { key.clone() } else { place.path("data/agency.db") };
    for file in [database, key, file] {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
}

fn a_receipt_outlives_a_killed_server(place: Place) {
    let (mut server, address) = serve(&place);
    let sent = body(&submission(right()));
    let (_, receipt) = put(&address, ID, &sent).unwrap();
    server.0.kill().unwrap();
    server.0.wait().unwrap();
    let (_server, address) = serve(&place);
    assert_eq!(put(&address, ID, &sent).unwrap(), (200, receipt));
}

/// As behind a proxy that says whose requests these are.
#[test]
fn who_comes_too_often_is_told_when_to_come_and_others_are_not() {
    let place = Place::new();
    let (site, header) = ("https://forms.example.go.th", "X-Real-IP");
    let rate = ["--rate", "2", "--client-address", header, "--origin", site];
    let mut server = Server(serving(&place).args(rate).spawn().unwrap());
    let address = listening(&mut server).unwrap();
    let get = |path: &str, headers: &[(&str, &str)]| {
        end(begin(&address, "GET", path, headers, 0, b"").unwrap()).unwrap()
    };
    let asked = |path: &str, whose: &str| get(path, &[("x-real-ip", whose), ("origin", site)]);
    let (none, here) = ("/api/none", "192.0.2.1");
    assert_eq!((asked(none, here).status, asked(none, here).status), (404, 404));
    let told = asked(none, here);
    assert_eq!((told.status, told.header("content-type")), (429, "application/problem+json"));
    let after = told.header("retry-after");
    assert!((1..=30).contains(&after.parse::<u32>().unwrap()), "{after}");
    // A page elsewhere may read it, and when to come back.
    assert_eq!(told.header("access-control-allow-origin"), site);
    assert!(told.header("access-control-expose-headers").contains("Retry-After"));
    assert_eq!(asked(none, "192.0.2.2").status, 404);
    assert_eq!(asked("/healthz", here).status, 200);
    // Past the proxy it is who has the connection, whatever they write.
    assert_eq!([(); 3].map(|()| get(none, &[]).status), [404, 404, 429]);
    assert_eq!(asked(none, "nobody").status, 429);
}

#[test]
fn a_body_that_is_cut_or_far_too_large_is_answered_and_not_kept() {
    let place = Place::new();
    let (_server, address) = serve(&place);
    let sent = body(&submission(right()));
    let cut = put_promising(&address, ID, &sent, sent.len() + 10);
    assert!(cut.is_err() || cut.as_ref().is_ok_and(|(status, _)| *status == 400), "{cut:?}");
    // All of it is read, so that the sender comes to read the answer.
    let huge = format!("{sent}{}", " ".repeat(16 * 1024 * 1024));
    let (status, problem) = put(&address, ID, &huge).unwrap();
    assert_eq!(status, 413);
    assert_eq!(problem["type"], "/problems/too-large");
    assert_eq!(put(&address, ID, &sent).unwrap().0, 201);
}

/// Before it is a request, nobody can say more of it.
#[test]
fn what_is_no_request_is_turned_away_bare_and_all_others_are_served() {
    let place = Place::new();
    let (_server, address) = serve(&place);
    let mut line = TcpStream::connect(&address).unwrap();
    line.write_all(b"\x16\x03\x01 not HTTP\r\n\r\n").unwrap();
    let came = end(line).unwrap();
    assert_eq!((came.status, came.body.len()), (400, 0));
    let many: Vec<_> = (0..101).map(|n| format!("x-{n}")).collect();
    let many: Vec<_> = many.iter().map(|name| (&**name, "1")).collect();
    let came = ask(&address, "GET", "/healthz", &many, b"").unwrap();
    assert_eq!((came.status, came.body.len()), (431, 0));
    assert_eq!(ask(&address, "GET", "/healthz", &[], b"").unwrap().status, 200);
}

#[test]
fn what_keeps_it_from_starting_is_said_in_one_line() {
    let place = Place::new();
    let site = place.path("site");
    let site = site.to_str().unwrap();
    let root = place.path("");
    let root = root.to_str().unwrap();
    let files = place.path("site/files");
    let files = files.to_str().unwrap();
    let (taken, inside) = (place.path("taken"), place.path("taken/files"));
    std::fs::write(&taken, "a file").unwrap();
    let inside = inside.to_str().unwrap();
    let exposed = place.path("site/key");
    let exposed = exposed.to_str().unwrap();
    let nowhere = place.path("nowhere");
    let nowhere = nowhere.to_str().unwrap();
    for (arguments, expected) in [
        (vec!["serve", "--site", site, "--forms", nowhere], "cannot read the folder of forms"),
        (vec!["serve", "--site", root], "is inside the site's folder"),
        (vec!["serve", "--site", site, "--key", exposed], "the key "),
        (vec!["serve", "--site", site, "--uploads", files], "the folder of uploads "),
        (vec!["serve", "--site", site, "--uploads", inside], "the place of uploads "),
        (vec!["show", "none"], "no submission has the id or reference none"),
        (vec!["export", "--form", "none"], "no form has the id none"),
    ] {
        let output = run(&place, &arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(error.starts_with("eform-agency: "), "{error}");
        assert!(error.contains(expected), "{error}");
    }
    assert!(!place.path("site/key").exists());
    let other = Place::new();
    let output = run(&other, &["list"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot open the database"));
    assert!(!other.path("data/agency.db").exists(), "reading makes no database");
}

fn the_key_of_a_database_is_the_only_one_that_signs_for_it(place: Place) {
    let (server, address) = serve(&place);
    let (status, receipt) = put(&address, ID, &body(&submission(right()))).unwrap();
    assert_eq!(status, 201);
    drop(server);
    let (key, kept) = (place.key(), place.path("kept"));
    let refused = |what: &str| {
        let (_, error) = said(&serving(&place).stderr(Stdio::piped()).output().unwrap());
        assert!(error.contains(what), "{error}");
    };

    // Lost: it is not made anew in silence.
    std::fs::rename(&key, &kept).unwrap();
    refused("there is no key");
    assert!(!key.exists());
    let named = ["signing-key", "--key", key.to_str().unwrap()];
    assert!(said(&run(&place, &named)).1.contains("there is no key"));
    // Lost for good, which has to be said.
    assert!(run(&place, &[&named[..], &["--replace"]].concat()).status.success());
    let (server, address) = serve(&place);
    assert_eq!(put(&address, ID, &body(&submission(right()))).unwrap(), (200, receipt));
    drop(server);
    // Found again: it is another one now.
    std::fs::rename(&kept, &key).unwrap();
    refused("is not the one that signs for this database");
    assert!(said(&run(&place, &named)).1.contains("is not the one that signs"));
}

fn a_clock_that_is_far_behind_is_told_and_not_served_by(place: Place) {
    let (server, address) = serve(&place);
    assert_eq!(put(&address, ID, &body(&submission(right()))).unwrap().0, 201);
    drop(server);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let received_in = |hours: i64| {
        let time = OffsetDateTime::now_utc().truncate_to_second() + Duration::hours(hours);
        let time = time.format(&Rfc3339).unwrap();
        runtime.block_on(place.change(&format!("UPDATE submission SET received_at = '{time}'")));
        time
    };
    received_in(23);
    drop(serve(&place));
    let time = received_in(25);
    let mut server = Server(serving(&place).stderr(Stdio::piped()).spawn().unwrap());
    assert_eq!(listening(&mut server), None);
    let mut error = String::new();
    server.0.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    let today = OffsetDateTime::now_utc().date().to_string();
    for told in [&format!("received at {time}: set the clock"), &format!("the clock says {today}T")]
    {
        assert!(error.contains(told), "{told}: {error}");
    }
    // The clock was ahead then.
    let mut server = Server(serving(&place).arg("--clock-is-right").spawn().unwrap());
    assert!(listening(&mut server).is_some());
}

#[test]
fn what_keeps_it_from_a_server_is_said_without_the_password() {
    let site = tempfile::tempdir().unwrap();
    let nobody = "postgres://eform:s3cret@%2Fnowhere/agency";
    let misspelt = "postgres://eform@127.0.0.1:1/agency?passwort=s3cret";
    let broken = "postgres://eform:s3cret@/:@127.0.0.1:1/agency";
    let key = site.path().join("key");
    for (db, expected) in [
        (nobody, "cannot open the database postgres:///nowhere:5432/agency: "),
        (misspelt, "of parameters it may have application_name, "),
        (broken, "--db is not postgres://USER:PASSWORD@HOST:PORT/NAME"),
    ] {
        for command in ["serve", "list", "signing-key"] {
            let mut program = Command::new(env!("CARGO_BIN_EXE_eform-agency"));
            program.args([command, "--db", db]);
            if command != "list" {
                program.arg("--key").arg(&key);
            }
            if command == "serve" {
                program.arg("--uploads").arg(site.path());
            }
            let output = program.output().unwrap();
            let (printed, error) = said(&output);
            assert!(!output.status.success(), "{db}");
            assert!(error.contains(expected), "{error}");
            assert!(!error.contains("s3cret") && !printed.contains("s3cret"), "{error}{printed}");
        }
    }
    for command in ["serve", "signing-key"] {
        let mut program = Command::new(env!("CARGO_BIN_EXE_eform-agency"));
        let (_, error) = said(&program.args([command, "--db", "postgres://x/y"]).output().unwrap());
        assert!(error.contains("--key FILE says where the key is"), "{error}");
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_eform-agency"));
    program.args(["serve", "--db", "postgres://x/y", "--key"]).arg(&key);
    let (_, error) = said(&program.output().unwrap());
    assert!(error.contains("--uploads PLACE says where files are"), "{error}");
}

/// Two processes are started at once on a database without a table, as behind a load balancer, and
/// are given the same submissions at the same time.
#[test]
fn two_processes_on_one_postgresql_are_as_one() {
    let Some(place) = Place::on_postgres() else { return };
    // A key of the agency, that the database does not know yet.
    let other = Place::on_postgres().unwrap();
    make_key(&other);
    std::fs::copy(other.key(), place.key()).unwrap();
    let mut servers: Vec<Server> =
        (0..2).map(|_| Server(serving(&place).spawn().unwrap())).collect();
    let addresses: Vec<String> =
        servers.iter_mut().map(|server| listening(server).expect("an address")).collect();

    for n in 0..20 {
        let mut sent = submission(right());
        sent.id = format!("0197a1b2-c3d4-7e5f-8a6b-{n:012}");
        let (id, sent) = (sent.id.clone(), body(&sent));
        let answers: Vec<(u16, Value)> = std::thread::scope(|scope| {
            let (id, sent) = (&id, &sent);
            let put = |address| scope.spawn(move || put(address, id, sent).unwrap());
            let asked: Vec<_> =
                addresses.iter().map(String::as_str).cycle().take(6).map(put).collect();
            asked.into_iter().map(|asked| asked.join().unwrap()).collect()
        });
        let created = answers.iter().filter(|(status, _)| *status == 201).count();
        assert_eq!(created, 1, "{answers:?}");
        assert!(answers.iter().all(|(_, receipt)| *receipt == answers[0].1), "{answers:?}");
    }
    let (listed, _) = said(&run(&place, &["list"]));
    assert_eq!(listed.lines().count(), 21, "{listed}");
}

/// Officers may be given a user that cannot write.
#[test]
fn a_user_that_may_only_read_is_enough_to_look() {
    let Some(place) = Place::on_postgres() else { return };
    let (_server, address) = serve(&place);
    assert_eq!(put(&address, ID, &body(&submission(right()))).unwrap().0, 201);
    let cluster = cluster::shared().unwrap();
    let db = place.db().to_str().unwrap();
    let (before, name) = db.rsplit_once('/').unwrap();
    cluster.query(
        name,
        "CREATE ROLE officer LOGIN PASSWORD 'look';
         GRANT SELECT ON definition, submission TO officer",
    );
    let (_, socket) = before.rsplit_once('@').unwrap();
    for arguments in [&["list"][..], &["show", ID], &["export", "--form", "visit"]] {
        let output = Command::new(program(&place, &[]).get_program())
            .args(arguments)
            .args(["--db", &format!("postgres://officer@{socket}/{name}")])
            .env("PGPASSWORD", "look")
            .output()
            .unwrap();
        let (printed, error) = said(&output);
        assert!(output.status.success() && printed.contains(ID), "{arguments:?}: {error}");
    }
}
