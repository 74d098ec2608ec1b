//! The agency's own server, built as agencies get it, with a folder, a database and a key of its own.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use eform::Receipt;
use eform_agency::Keys;
use tempfile::TempDir;

use crate::{Result, cluster::Cluster, sample::forms};

pub struct Server {
    address: String,
    db: String,
    /// Another database of the same sort, in which nothing is.
    other: String,
    keys: Keys,
    process: Child,
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// On a free port, and on SQLite where there is no cluster.
    pub fn start(program: &Path, cluster: Option<&Cluster>) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("site")).map_err(|error| error.to_string())?;
        let database = |name: &str| match cluster {
            Some(cluster) => cluster.database(),
            None => path(name).display().to_string(),
        };
        let (db, other, key) = (database("agency.db"), database("bare.db"), path("key"));
        if cluster.is_some() {
            make_key(program, &db, &key)?;
        }
        let mut command = Command::new(program);
        command.args(["serve", "--listen", "127.0.0.1:0", "--db", &db]).arg("--key").arg(&key);
        command.arg("--site").arg(path("site")).arg("--forms").arg(forms());
        command.arg("--uploads").arg(path("uploads"));
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let told = |error| format!("{}: {error}", program.display());
        let mut process = command.spawn().map_err(told)?;
        let mut line = String::new();
        let output = process.stdout.take().ok_or("it has no output")?;
        BufReader::new(output).read_line(&mut line).map_err(told)?;
        let address = line.trim().strip_prefix("listening on http://").map(str::to_owned);
        let Some(address) = address else {
            // It has ended already.
            let _ = process.wait();
            return Err("the agency's server did not start".to_owned());
        };
        let keys = Keys::load(&key).map_err(|error| error.to_string())?;
        Ok(Self { address, db, other, keys, process, _folder: folder })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn db(&self) -> String {
        self.db.clone()
    }

    pub fn other(&self) -> String {
        self.other.clone()
    }

    /// What it has had of the processors until now; none where the system does not say so.
    pub fn processor(&self) -> Duration {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()));
        let stat = stat.unwrap_or_default();
        // The name is in brackets and may hold anything.
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
        let ticks: u64 =
            fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Has this server signed it?
    pub fn check(&self, receipt: &Receipt) -> Result<()> {
        eform_agency::verify(&self.keys, receipt).map_err(|error| error.to_string())
    }
}

fn make_key(program: &Path, db: &str, key: &PathBuf) -> Result<()> {
    let mut command = Command::new(program);
    command.args(["signing-key", "--db", db, "--key"]).arg(key).stdout(Stdio::null());
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        other => Err(format!("no key was made: {other:?}")),
    }
}
