//! Killed at any moment while files arrive, the agency keeps its word: of an upload as much is there
//! afterwards as it has ever answered, or more; and whoever holds a receipt, all its files are there,
//! byte for byte. On PostgreSQL its processes and the whole server die as well.
//!
//! `EFORM_KILLS` says how often the agency is killed in each database; `EFORM_SEED` is the number that draws the moments.

use std::{
    collections::HashMap,
    env, io,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use eform_agency::{Contents, Database, Format, Lookup, export};
use serde_json::Value;

mod support;
use support::{
    Place,
    cluster::{Cluster, Disk},
    files::{OCTETS, TUS, announce, bytes, claim, head},
    killing::{Chance, LONGEST, Listening, Over, kill_a_process_of, start_again},
    program::{Server, listening, make_key, put, serving},
    wire::{begin, end},
};

const PHONES: u64 = 4;

#[test]
fn no_file_is_lost_on_sqlite() {
    killed(&Place::new().with_files(), None);
}

#[test]
fn no_file_is_lost_on_postgresql() {
    match Cluster::start(&Disk::Waits) {
        Some(cluster) => killed(&Place::on(&cluster).with_files(), Some(&cluster)),
        None => println!("skipped: there is no PostgreSQL"),
    }
}

/// What the phones share.
#[derive(Default)]
struct Phones {
    server: Listening,
    /// Receipts by the number of the submission.
    held: Mutex<HashMap<u64, Value>>,
    begun: AtomicU64,
    /// How many answers said that more has arrived.
    steps: AtomicUsize,
    /// How often it was asked afterwards how much is there.
    resumed: AtomicUsize,
    stepped: (Mutex<()>, Condvar),
}

fn killed(place: &Place, cluster: Option<&Cluster>) {
    let number =
        |name: &str, usual| env::var(name).map_or(usual, |text| text.parse().expect("a number"));
    let (kills, seed) = (number("EFORM_KILLS", 10), number("EFORM_SEED", 2569));
    let phones = Phones::default();
    if cluster.is_some() {
        make_key(place);
    }
    let start = Instant::now();
    // The agency; PostgreSQL, or one of its processes.
    let mut dead = [0; 2];
    thread::scope(|scope| {
        let _over = Over(&phones.server);
        for phone in 0..PHONES {
            let (phones, chance) = (&phones, Chance(seed ^ (phone + 1)));
            scope.spawn(move || phones.send(chance));
        }
        let mut chance = Chance(seed);
        let mut server = None;
        while dead[0] < kills {
            let mut running = server.take().unwrap_or_else(|| {
                let mut started = Server(serving(place).spawn().unwrap());
                let (started, address) = match listening(&mut started) {
                    Some(address) => (started, address),
                    None => start_again(place, cluster),
                };
                phones.server.is_at(Some(address));
                started
            });
            phones.wait_for_steps(1 + chance.below(20) as usize);
            thread::sleep(Duration::from_micros(chance.below(20_000)));
            match (cluster, chance.below(10)) {
                (Some(cluster), 0 | 1) => {
                    cluster.crash();
                    dead[1] += 1;
                    server = Some(running);
                }
                (Some(cluster), 2 | 3) => {
                    kill_a_process_of(cluster, place);
                    dead[1] += 1;
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
    let files = check(place, &phones);
    println!(
        "seed {seed}: {} × SIGKILL of the agency, {} × PostgreSQL or one of its processes; {} steps \
         answered, {} times gone on, {} receipts held, {files} files compared; {:.1} s",
        dead[0],
        dead[1],
        phones.steps.load(Relaxed),
        phones.resumed.load(Relaxed),
        phones.held.lock().unwrap().len(),
        took.as_secs_f32()
    );
}

/// The id and the files of the submission with this number.
fn sent(n: u64) -> (String, Vec<Vec<u8>>) {
    let mut chance = Chance(n);
    // Most are of one piece, as photographs are.
    let most = if chance.below(6) == 0 { 1_400_000 } else { 60_000 };
    let files = (0..1 + chance.below(2))
        .map(|file| bytes(2 * n + file, 1000 + chance.below(most) as usize))
        .collect();
    (format!("0197a1b2-c3d4-7e5f-8a6b-{n:012x}"), files)
}

impl Phones {
    /// One submission after another: its files in pieces, some of which are cut, and then itself. After
    /// everything that goes wrong it asks how much is there.
    fn send(&self, mut chance: Chance) {
        while !self.server.is_over() {
            let n = self.begun.fetch_add(1, Relaxed);
            let (id, files) = sent(n);
            let names: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
            let body = claim(&id, &names).to_json();
            let mut answered = vec![0; files.len()];
            while let Some(address) = self.server.address() {
                let all = || {
                    for (file, answered) in files.iter().zip(&mut answered) {
                        self.upload(&address, &id, file, answered, &mut chance)?;
                    }
                    put(&address, &id, &body)
                };
                match { all }() {
                    Ok((200 | 201, receipt)) => {
                        self.held.lock().unwrap().insert(n, receipt);
                        break;
                    }
                    // PostgreSQL is away, or the agency is.
                    Ok((503, _)) | Err(_) => {}
                    Ok(other) => panic!("{other:?}"),
                }
            }
        }
    }

    fn upload(
        &self,
        address: &str,
        id: &str,
        file: &[u8],
        answered: &mut u64,
        chance: &mut Chance,
    ) -> io::Result<()> {
        let announced = announce(address, id, file)?;
        let away = || io::Error::from(io::ErrorKind::ConnectionReset);
        if announced.status == 503 {
            return Err(away());
        }
        assert_eq!(announced.status, 201);
        let location = announced.header("location").to_owned();
        let asked = head(address, &location)?;
        if asked.status == 503 {
            return Err(away());
        }
        assert_eq!(asked.status, 200);
        let mut offset = asked.offset();
        assert!(offset >= *answered, "{offset} of {answered} that were answered");
        self.resumed.fetch_add(usize::from(*answered > 0), Relaxed);
        while offset < file.len() as u64 {
            let at = offset.to_string();
            let headers = [TUS, OCTETS, ("upload-offset", &*at)];
            let rest = &file[offset as usize..];
            let piece = &rest[..rest.len().min(1 + chance.below(700_000) as usize)];
            let cut = chance.below(8) == 0;
            let now = if cut { &piece[..piece.len() / 2] } else { piece };
            let sent = begin(address, "PATCH", &location, &headers, piece.len(), now)?;
            if cut {
                drop(sent);
                return Err(away());
            }
            let came = end(sent)?;
            match came.status {
                204 => offset = came.offset(),
                // What was cut before arrives only now.
                409 => return Err(away()),
                503 => return Err(away()),
                other => panic!("{other} {}", String::from_utf8_lossy(&came.body)),
            }
            *answered = offset;
            self.steps.fetch_add(1, Relaxed);
            self.stepped.1.notify_all();
        }
        Ok(())
    }

    fn wait_for_steps(&self, more: usize) {
        let wanted = self.steps.load(Relaxed) + more;
        let waiting = |_: &mut ()| self.steps.load(Relaxed) < wanted;
        let held = self.stepped.0.lock().unwrap();
        let mut waited = (held, Instant::now());
        while waiting(&mut waited.0) {
            assert!(waited.1.elapsed() < LONGEST, "nothing arrives any more");
            let soon = Duration::from_millis(10);
            waited.0 = self.stepped.1.wait_timeout(waited.0, soon).unwrap().0;
        }
    }
}

/// Gives how many files there are.
fn check(place: &Place, phones: &Phones) -> usize {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lines = runtime.block_on(async {
        let database = Database::open(&place.location()).await.unwrap();
        let uploads = Lookup::new(Ok(place.uploads().into()));
        let mut lines = Vec::new();
        let contents = Contents::Whole(&uploads);
        export(&database, "claim", Format::Jsonl, contents, &mut lines).await.unwrap();
        database.close().await;
        String::from_utf8(lines).unwrap()
    });
    let mut rows: HashMap<String, Value> = HashMap::new();
    for line in lines.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        rows.insert(row["receipt"]["id"].as_str().unwrap().to_owned(), row);
    }
    let mut count = 0;
    for (n, receipt) in &*phones.held.lock().unwrap() {
        let (id, files) = sent(*n);
        let row = rows.get(&id).expect("a receipt whose submission is lost");
        assert_eq!(row["receipt"], *receipt);
        let there = row["files"].as_array().unwrap();
        assert_eq!(there.len(), files.len());
        for (there, file) in there.iter().zip(&files) {
            let content = there["content"].as_str().unwrap();
            assert!(eform::base64::decode(content).unwrap() == *file, "another file");
            count += 1;
        }
    }
    assert!(count > 0);
    count
}
