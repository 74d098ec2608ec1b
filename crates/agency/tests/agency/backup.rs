//! A copy that is made while submissions arrive, and what can be done with it.

use std::{
    collections::HashMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Stdio,
    sync::{Mutex, mpsc},
    thread,
};

use serde_json::Value;

use crate::support::{
    Place, body, cluster,
    program::{put, run, said, serve, serving},
    right, submission,
};

fn sent(n: usize) -> (String, String) {
    let mut submission = submission(right());
    submission.id = format!("0197a1b2-c3d4-7e5f-8a6b-{n:012}");
    (submission.id.clone(), body(&submission))
}

/// Copies while three phones send, and gives the receipts that there were before.
fn copied(address: &str, copy: impl FnOnce()) -> HashMap<usize, Value> {
    let receipts: Mutex<HashMap<usize, Value>> = Mutex::default();
    let (arrived, arrivals) = mpsc::channel();
    thread::scope(|scope| {
        // The phones stop once nobody counts any more, as after a failure here.
        let arrivals = arrivals;
        for phone in 0..3 {
            let (receipts, arrived) = (&receipts, arrived.clone());
            scope.spawn(move || {
                for n in (phone..).step_by(3) {
                    let (id, sent) = sent(n);
                    let (status, receipt) = put(address, &id, &sent).unwrap();
                    assert_eq!(status, 201);
                    receipts.lock().unwrap().insert(n, receipt);
                    if arrived.send(()).is_err() {
                        return;
                    }
                }
            });
        }
        drop(arrived);
        assert_eq!(arrivals.iter().take(20).count(), 20);
        let before = receipts.lock().unwrap().clone();
        copy();
        // They go on afterwards.
        arrivals.try_iter().for_each(drop);
        assert_eq!(arrivals.iter().take(5).count(), 5);
        before
    })
}

fn back_up(place: &Place, copy: &Path) {
    let output = run(place, &["backup", "--out", copy.to_str().unwrap()]);
    let (printed, error) = said(&output);
    assert!(printed.contains("Keep the key") && printed.contains(".key with it"), "{error}");
}

/// The server goes on from the copy, once the key is there, and gives the same receipts.
fn goes_on(restored: &Place, key: &Path, receipts: HashMap<usize, Value>) {
    let without = serving(restored).stderr(Stdio::piped()).output().unwrap();
    assert!(said(&without).1.contains("there is no key"), "{without:?}");
    fs::copy(key, restored.key()).unwrap();
    let (_server, address) = serve(restored);
    for (n, receipt) in receipts {
        let (id, sent) = sent(n);
        assert_eq!(put(&address, &id, &sent).unwrap(), (200, receipt));
    }
}

#[test]
fn what_had_a_receipt_before_the_copy_is_in_it_and_the_server_goes_on_from_there() {
    let place = Place::new();
    let (_server, address) = serve(&place);
    let copy = place.path("copy.db");
    let receipts = copied(&address, || back_up(&place, &copy));
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let restored = Place::new();
    fs::copy(&copy, restored.path("data/agency.db")).unwrap();
    goes_on(&restored, &place.key(), receipts);
}

/// In place, after a crash, as the guide says: the log of the file that is given up goes with it.
#[test]
fn a_copy_takes_the_place_of_a_database_that_crashed() {
    let place = Place::new();
    let (server, address) = serve(&place);
    let copy = place.path("copy.db");
    let receipts = copied(&address, || back_up(&place, &copy));
    // By SIGKILL.
    drop(server);
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(place.path(&format!("data/agency.db{end}"))).unwrap();
    }
    fs::copy(&copy, place.path("data/agency.db")).unwrap();
    let (_server, address) = serve(&place);
    for (n, receipt) in receipts {
        let (id, sent) = sent(n);
        assert_eq!(put(&address, &id, &sent).unwrap(), (200, receipt));
    }
}

#[test]
fn so_it_is_with_what_the_tools_of_postgresql_copy() {
    let Some(place) = Place::on_postgres() else { return };
    let (_server, address) = serve(&place);
    let mut restored = None;
    let receipts = copied(&address, || {
        let cluster = cluster::shared().unwrap();
        restored = Some(Place::at(cluster.restored(place.db().to_str().unwrap())));
    });
    let restored = restored.unwrap();
    goes_on(&restored, &place.key(), receipts);
}

#[test]
fn a_copy_overwrites_nothing_and_of_postgresql_another_makes_it() {
    let place = Place::new();
    drop(serve(&place));
    place.write("copy.db", "something else");
    let copy = place.path("copy.db");
    let arguments = ["backup", "--out", copy.to_str().unwrap()];
    let output = run(&place, &arguments);
    assert!(!output.status.success());
    assert!(said(&output).1.contains("cannot write the copy"), "{output:?}");
    assert_eq!(fs::read_to_string(&copy).unwrap(), "something else");

    let Some(place) = Place::on_postgres() else { return };
    drop(serve(&place));
    let copy = place.path("copy.db");
    let output = run(&place, &["backup", "--out", copy.to_str().unwrap()]);
    assert!(!output.status.success() && !copy.exists());
    assert!(said(&output).1.contains("pg_dump --format=custom"), "{output:?}");
}
