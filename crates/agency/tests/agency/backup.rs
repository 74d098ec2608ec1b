//! A copy that is made while submissions arrive, and what can be done with it.

use std::{
    collections::HashMap,
    fs,
    os::unix::fs::PermissionsExt as _,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc,
    },
    thread,
};

use serde_json::Value;

use crate::support::{
    Place, body,
    program::{put, run, said, serve},
    right, submission,
};

fn sent(n: usize) -> (String, String) {
    let mut submission = submission(right());
    submission.id = format!("0197a1b2-c3d4-7e5f-8a6b-{n:012}");
    (submission.id.clone(), body(&submission))
}

#[test]
fn what_had_a_receipt_before_the_copy_is_in_it_and_the_server_goes_on_from_there() {
    let place = Place::new();
    let (_server, address) = serve(&place);
    let copy = place.path("copy.db");
    let arguments = ["backup", "--out", copy.to_str().unwrap()];
    let receipts: Mutex<HashMap<usize, Value>> = Mutex::default();
    let over = AtomicBool::new(false);
    let (arrived, arrivals) = mpsc::channel();
    let before = thread::scope(|scope| {
        for phone in 0..3 {
            let (address, receipts, over, arrived) = (&address, &receipts, &over, arrived.clone());
            scope.spawn(move || {
                for n in (phone..).step_by(3).take_while(|_| !over.load(Relaxed)) {
                    let (id, sent) = sent(n);
                    let (status, receipt) = put(address, &id, &sent).unwrap();
                    assert_eq!(status, 201);
                    receipts.lock().unwrap().insert(n, receipt);
                    let _ = arrived.send(());
                }
            });
        }
        arrivals.iter().take(20).for_each(drop);
        let before = receipts.lock().unwrap().clone();
        let (printed, error) = said(&run(&place, &arguments));
        // They go on afterwards.
        arrivals.try_iter().for_each(drop);
        arrivals.iter().take(5).for_each(drop);
        over.store(true, Relaxed);
        assert!(printed.contains("Keep the key") && printed.contains(".key with it"), "{error}");
        before
    });
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);

    let restored = Place::new();
    fs::copy(&copy, restored.path("data/agency.db")).unwrap();
    // The database without its key is not enough, and the server says so.
    let without = crate::support::program::serving(&restored)
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert!(said(&without).1.contains("there is no key"), "{without:?}");
    fs::copy(place.key(), restored.key()).unwrap();
    let (_server, address) = serve(&restored);
    for (n, receipt) in before {
        let (id, sent) = sent(n);
        assert_eq!(put(&address, &id, &sent).unwrap(), (200, receipt));
    }
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
