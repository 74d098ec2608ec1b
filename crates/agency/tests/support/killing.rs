//! What tests that kill the agency have in common: moments drawn by chance, where the server is at the
//! moment, and how it is started again.

use std::{
    process::Command,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use super::{
    Place,
    cluster::Cluster,
    program::{Server, listening, serving},
};

/// Nothing here takes so long, unless it has got stuck.
pub const LONGEST: Duration = Duration::from_secs(60);

/// What is drawn by chance, the same for the same seed (splitmix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }
}

/// Where a server listens, while there is one.
#[derive(Default)]
pub struct Listening {
    address: Mutex<Option<String>>,
    changed: Condvar,
    over: AtomicBool,
}

/// The phones stop at the end, however that comes.
pub struct Over<'a>(pub &'a Listening);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.over.store(true, Relaxed);
    }
}

impl Listening {
    pub fn is_at(&self, address: Option<String>) {
        *self.address.lock().unwrap() = address;
        self.changed.notify_all();
    }

    pub fn is_over(&self) -> bool {
        self.over.load(Relaxed)
    }

    /// Where a server listens, once one does; `None` when all is over.
    pub fn address(&self) -> Option<String> {
        let mut address = self.address.lock().unwrap();
        while !self.is_over() {
            if let Some(address) = &*address {
                return Some(address.clone());
            }
            address = self.changed.wait_timeout(address, Duration::from_millis(50)).unwrap().0;
        }
        None
    }
}

/// PostgreSQL may still be recovering; then the agency does not start, and whoever watches over it
/// starts it again.
pub fn start_again(place: &Place, cluster: Option<&Cluster>) -> (Server, String) {
    let begin = Instant::now();
    while cluster.is_some() && begin.elapsed() < LONGEST {
        let mut server = Server(serving(place).spawn().unwrap());
        if let Some(address) = listening(&mut server) {
            return (server, address);
        }
    }
    panic!("it does not start again");
}

/// One that works for the agency's database; the server then takes all of them down and recovers.
pub fn kill_a_process_of(cluster: &Cluster, place: &Place) {
    let (_, name) = place.db().to_str().unwrap().rsplit_once('/').unwrap();
    let ask = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()
         AND pid <> pg_backend_pid() ORDER BY state_change DESC LIMIT 1";
    let begin = Instant::now();
    while begin.elapsed() < LONGEST {
        // It may still recover from the last time, or the agency has no connection yet.
        let process = cluster.try_query(name, ask).unwrap_or_default();
        let mut kill = Command::new("kill");
        if !process.is_empty() && kill.args(["-9", process.trim()]).status().unwrap().success() {
            return;
        }
    }
    panic!("PostgreSQL does not recover");
}
