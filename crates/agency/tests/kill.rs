//! Killed at any moment under load, the agency keeps its word: whatever receipt a phone holds, the
//! database has its row, once, and gives the same receipt again. On PostgreSQL its processes and the
//! whole server die as well.
//!
//! `EFORM_KILLS` says how often the agency is killed at its work in each database, what else dies not
//! counted; `EFORM_SEED` is the number that draws the moments.

use std::{
    collections::HashMap,
    env,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use eform_agency::{Contents, Database, Format, Lookup, export};
use serde_json::{Value, json};

#[macro_use]
mod support;
use support::{
    Place, body,
    cluster::{Cluster, Disk},
    killing::{Chance, LONGEST, Listening, Over, kill_a_process_of, start_again},
    program::{Server, listening, make_key, put, serving},
    right, submission,
};

const PHONES: u64 = 6;

#[test]
fn no_receipt_is_lost_on_sqlite() {
    killed(&Place::new(), None);
}

#[test]
fn no_receipt_is_lost_on_postgresql() {
    match Cluster::start(&Disk::Waits) {
        Some(cluster) => killed(&Place::on(&cluster), Some(&cluster)),
        None => println!("skipped: there is no PostgreSQL"),
    }
}

/// What the phones share.
struct Phones {
    on_postgres: bool,
    server: Listening,
    /// Receipts by id.
    held: Mutex<HashMap<String, Value>>,
    more: Condvar,
    /// How many submissions there are.
    begun: AtomicUsize,
    /// How many answers had a receipt.
    answered: AtomicUsize,
}

fn killed(place: &Place, cluster: Option<&Cluster>) {
    let number =
        |name: &str, usual| env::var(name).map_or(usual, |text| text.parse().expect("a number"));
    let (kills, seed) = (number("EFORM_KILLS", 20), number("EFORM_SEED", 2569));
    let phones = Phones {
        on_postgres: cluster.is_some(),
        server: Listening::default(),
        held: Mutex::default(),
        more: Condvar::new(),
        begun: AtomicUsize::new(0),
        answered: AtomicUsize::new(0),
    };
    if cluster.is_some() {
        make_key(place);
    }
    let start = Instant::now();
    // The agency at its work and at its start, PostgreSQL, one of its processes.
    let mut dead = [0; 4];
    thread::scope(|scope| {
        let _over = Over(&phones.server);
        for phone in 0..PHONES {
            let (phones, chance) = (&phones, Chance(seed ^ (phone + 1)));
            scope.spawn(move || phones.send(chance));
        }
        let mut chance = Chance(seed);
        let mut server = None;
        while dead[0] < kills {
            let mut running = match server.take() {
                Some(server) => server,
                None => {
                    let mut started = Server(serving(place).spawn().unwrap());
                    if chance.below(8) == 0 {
                        // While it still opens the database.
                        thread::sleep(Duration::from_millis(chance.below(80)));
                        drop(started);
                        dead[1] += 1;
                        continue;
                    }
                    let listens = listening(&mut started);
                    let (started, address) = match listens {
                        Some(address) => (started, address),
                        None => start_again(place, cluster),
                    };
                    phones.server.is_at(Some(address));
                    started
                }
            };
            phones.wait_for_receipts(1 + chance.below(30) as usize);
            thread::sleep(Duration::from_micros(chance.below(20_000)));
            match (cluster, chance.below(10)) {
                (Some(cluster), 0 | 1) => {
                    cluster.crash();
                    dead[2] += 1;
                    server = Some(running);
                }
                (Some(cluster), 2 | 3) => {
                    kill_a_process_of(cluster, place);
                    dead[3] += 1;
                    server = Some(running);
                }
                _ => {
                    running.0.kill().unwrap();
                    phones.server.is_at(None);
                    running.0.wait().unwrap();
                    dead[0] += 1;
                }
            }
        }
    });
    let took = start.elapsed();
    let (rows, held) = check(place, &phones);
    println!(
        "seed {seed}: {} × SIGKILL of the agency at work, {} × at its start, {} × of one of PostgreSQL's \
         processes, {} × PostgreSQL stopped at once; {} answers with a receipt, {held} receipts held, \
         {rows} rows; {:.1} s",
        dead[0],
        dead[1],
        dead[3],
        dead[2],
        phones.answered.load(Relaxed),
        took.as_secs_f32()
    );
}

impl Phones {
    /// One after another, each until there is a receipt: most are new, some are asked for again, some
    /// are sent by others at this moment.
    fn send(&self, mut chance: Chance) {
        while !self.server.is_over() {
            let begun = self.begun.load(Relaxed) as u64;
            let n = match chance.below(10) {
                0..4 if begun > 0 => begun - 1 - chance.below(begun.min(10)),
                4 if begun > 0 => chance.below(begun),
                _ => self.begun.fetch_add(1, Relaxed) as u64,
            };
            let (id, sent) = sent(n);
            while let Some(address) = self.server.address() {
                match put(&address, &id, &sent) {
                    Ok((200 | 201, receipt)) => {
                        self.hold(&id, receipt);
                        break;
                    }
                    // PostgreSQL is away.
                    Ok((503, _)) if self.on_postgres => {}
                    Ok(other) => panic!("{other:?}"),
                    // The server is away, or was in the middle of the answer.
                    Err(_) => {}
                }
            }
        }
    }

    fn hold(&self, id: &str, receipt: Value) {
        let mut held = self.held.lock().unwrap();
        if let Some(before) = held.insert(id.to_owned(), receipt.clone()) {
            assert_eq!(before, receipt, "another receipt than before");
        }
        self.answered.fetch_add(1, Relaxed);
        self.more.notify_all();
    }

    fn wait_for_receipts(&self, more: usize) {
        let wanted = self.answered.load(Relaxed) + more;
        let held = self.held.lock().unwrap();
        let waiting = |_: &mut HashMap<String, Value>| self.answered.load(Relaxed) < wanted;
        let waited = self.more.wait_timeout_while(held, LONGEST, waiting).unwrap();
        assert!(!waited.1.timed_out(), "no receipts any more");
    }
}

/// The submission with this number: the same bytes, however often it is sent.
fn sent(n: u64) -> (String, String) {
    let mut answers = right();
    answers["members"] = json!(n + 1);
    let mut submission = submission(answers);
    submission.id = format!("0197a1b2-c3d4-7e5f-8a6b-{n:012x}");
    (submission.id.clone(), body(&submission))
}

/// Gives how many rows and how many receipts there are.
fn check(place: &Place, phones: &Phones) -> (usize, usize) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lines = runtime.block_on(async {
        let database = Database::open(&place.location()).await.unwrap();
        let mut lines = Vec::new();
        let uploads = Lookup::new(Ok(place.uploads().into()));
        let contents = Contents::Whole(&uploads);
        export(&database, "visit", Format::Jsonl, contents, &mut lines).await.unwrap();
        database.close().await;
        String::from_utf8(lines).unwrap()
    });
    let mut rows = HashMap::new();
    for line in lines.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let id = row["receipt"]["id"].as_str().unwrap().to_owned();
        assert!(rows.insert(id, row).is_none(), "an id is there twice");
    }
    let mut server = Server(serving(place).spawn().unwrap());
    let address = listening(&mut server).expect("it starts again");
    let held = phones.held.lock().unwrap();
    for n in 0..phones.begun.load(Relaxed) as u64 {
        let (id, sent) = sent(n);
        let Some(receipt) = held.get(&id) else { continue };
        assert_eq!(receipt["digest"], eform::digest(sent.as_bytes()));
        let row = rows.get(&id).expect("a receipt whose submission is lost");
        assert_eq!(row["receipt"], *receipt);
        assert_eq!(row["submission"], serde_json::from_str::<Value>(&sent).unwrap());
        assert_eq!(put(&address, &id, &sent).unwrap(), (200, receipt.clone()));
    }
    (rows.len(), held.len())
}
