//! A phone that is gone in the middle of what is done for it.

use std::{
    io::{self, Read as _, Write as _},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::{Arc, Condvar, Mutex},
    thread,
};

use crate::support::{
    Place, body,
    cluster::shared,
    files::{OCTETS, TUS, announce, bytes, claim},
    program::{put, run, said, serve},
    right, submission,
    wire::{ask, begin},
};

/// What is between the agency and PostgreSQL.
#[derive(Default)]
struct Line {
    does: Mutex<Does>,
    changed: Condvar,
}

#[derive(Default, PartialEq, Clone, Copy)]
enum Does {
    #[default]
    Pass,
    /// Holds the next transaction that begins.
    Wait,
    Hold,
}

impl Line {
    fn set(&self, does: Does) {
        *self.does.lock().unwrap() = does;
        self.changed.notify_all();
    }

    fn wait_while(&self, does: Does) {
        drop(self.changed.wait_while(self.does.lock().unwrap(), |now| *now == does).unwrap());
    }

    fn copy(&self, mut from: UnixStream, mut to: UnixStream) -> io::Result<()> {
        let mut some = [0; 4096];
        loop {
            let length = from.read(&mut some)?;
            if length == 0 {
                return to.shutdown(Shutdown::Write);
            }
            let begins = some[..length].windows(5).any(|five| five == b"BEGIN");
            if begins && *self.does.lock().unwrap() == Does::Wait {
                self.set(Does::Hold);
                self.wait_while(Does::Hold);
            }
            to.write_all(&some[..length])?;
        }
    }
}

/// The line to the server at this socket, which is in the folder `from` now.
fn lay(line: &Arc<Line>, socket: &Path, from: &Path) {
    let listener = UnixListener::bind(from.join(".s.PGSQL.5432")).unwrap();
    let (line, socket) = (Arc::clone(line), socket.join(".s.PGSQL.5432"));
    thread::spawn(move || {
        for agency in listener.incoming() {
            let (agency, server) = (agency.unwrap(), UnixStream::connect(&socket).unwrap());
            let pairs =
                [(agency.try_clone().unwrap(), server.try_clone().unwrap()), (server, agency)];
            for (from, to) in pairs {
                let line = Arc::clone(&line);
                // A connection that breaks is one that is closed.
                thread::spawn(move || _ = line.copy(from, to));
            }
        }
    });
}

/// The transaction of whoever is gone is over before the next one's begins, on the same connection: what
/// that one has a receipt for is in the database for good.
#[test]
fn a_phone_that_is_gone_leaves_no_transaction_to_the_next_one() {
    let Some(cluster) = shared() else { return };
    let address = cluster.database();
    let folder = tempfile::tempdir().unwrap();
    let (head, tail) = address.split_once("@").unwrap();
    let (socket, name) = tail.split_once('/').unwrap();
    let line = Arc::<Line>::default();
    lay(&line, Path::new(&socket.replace("%2F", "/")), folder.path());
    let through = folder.path().to_str().unwrap().replace('/', "%2F");
    let place = Place::at(format!("{head}@{through}/{name}")).with_files();
    let (server, address) = serve(&place);

    let (gone, file) = ("0197a1b2-c3d4-7e5f-8a6b-000000000001", bytes(1, 1000));
    let location = announce(&address, gone, &file).unwrap().header("location").to_owned();
    let headers = [TUS, OCTETS, ("upload-offset", "0")];
    assert_eq!(ask(&address, "PATCH", &location, &headers, &file).unwrap().status, 204);
    line.set(Does::Wait);
    let sent = claim(gone, &[&file]).to_json();
    let headers = [("content-type", "application/json")];
    let path = format!("/api/submissions/{gone}");
    let mut phone = begin(&address, "PUT", &path, &headers, sent.len(), sent.as_bytes()).unwrap();
    line.wait_while(Does::Wait);
    phone.shutdown(Shutdown::Write).unwrap();
    // Once the server has heard that it is gone, it says no more.
    let mut answer = Vec::new();
    phone.read_to_end(&mut answer).unwrap();
    assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    line.set(Does::Pass);

    let mut next = submission(right());
    next.id = "0197a1b2-c3d4-7e5f-8a6b-000000000002".to_owned();
    assert_eq!(put(&address, &next.id, &body(&next)).unwrap().0, 201);
    // By SIGKILL.
    drop(server);
    let shown = run(&place, &["show", &next.id]);
    assert!(shown.status.success(), "{:?}", said(&shown));
}
