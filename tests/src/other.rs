//! An agency that is not ours: `tests/other/endpoint.mjs` in Node.js, with the server that the authors of
//! tus wrote. It serves the same site, and keeps what arrives in a folder of its own.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{agency::workspace, lock, processes::Processes};

/// A running one. Dropping it ends the server and forgets what it keeps.
pub struct Other {
    address: Mutex<SocketAddr>,
    // Dropped before the folder that it writes to.
    server: Mutex<Option<Processes>>,
    folder: TempDir,
    site: PathBuf,
    before: &'static str,
}

/// A submission that it has, byte for byte, and the receipt that it gave.
pub struct Received {
    pub receipt: Value,
    pub body: Vec<u8>,
    /// The files that went before it, in the order of their digests.
    pub files: Vec<Vec<u8>>,
}

impl Other {
    /// Starts on a free port with this site. `None` where Node.js or its packages are missing: it says
    /// so; where `CI` is set, that is a failure.
    pub fn start(site: PathBuf) -> Option<Self> {
        Self::start_with(site, "")
    }

    /// The same, and the address of an upload is relative: this, and its id.
    pub fn start_with(site: PathBuf, before: &'static str) -> Option<Self> {
        let package = workspace().join("node_modules/@tus/server");
        let node = Command::new("node").arg("--version").output();
        if node.is_err() || !package.is_dir() {
            assert!(env::var_os("CI").is_none(), "@tus/server is not installed: run `npm ci`");
            println!("skipped: @tus/server is not installed (`npm ci`)");
            return None;
        }
        let folder =
            tempfile::Builder::new().prefix("eform-other-").tempdir().expect("a temporary folder");
        let address = Mutex::new(SocketAddr::from(([127, 0, 0, 1], 0)));
        let other = Self { address, server: Mutex::default(), folder, site, before };
        other.start_again();
        Some(other)
    }

    pub fn address(&self) -> SocketAddr {
        *lock(&self.address)
    }

    /// Ends the server at once, unasked.
    pub fn kill(&self) {
        *lock(&self.server) = None;
    }

    /// Starts it on the same folder and the same port.
    pub fn start_again(&self) {
        self.kill();
        let mut command = Command::new("node");
        command.arg(workspace().join("tests/other/endpoint.mjs")).arg(self.folder.path());
        command.arg(&self.site).arg(self.address().port().to_string()).arg(self.before);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut server =
            Processes::start(&mut command).unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let output = server.root().stdout.take().expect("stdout is piped");
        let mut port = String::new();
        BufReader::new(output).read_line(&mut port).expect("its output is text");
        let port = port.trim().parse().expect("it prints its port");
        *lock(&self.address) = SocketAddr::from(([127, 0, 0, 1], port));
        *lock(&self.server) = Some(server);
    }

    /// Every submission that it has.
    pub fn received(&self) -> Vec<Received> {
        contents(&self.folder.path().join("submissions")).map(|file| self.one(&file)).collect()
    }

    fn one(&self, file: &Path) -> Received {
        let both = fs::read(file).expect("a file of our own");
        let end = both.iter().position(|byte| *byte == b'\n').expect("the receipt is a line");
        let name = file.file_name().expect("named by its id");
        let files = contents(&self.folder.path().join("files").join(name));
        Received {
            receipt: serde_json::from_slice(&both[..end]).expect("a receipt is JSON"),
            body: both[end + 1..].to_vec(),
            files: files.map(|file| fs::read(file).expect("a file of our own")).collect(),
        }
    }

    /// What it was asked about each upload so far: the method, the upload, and where a piece began.
    pub fn asked(&self) -> Vec<(String, String, Option<u64>)> {
        let text = fs::read_to_string(self.folder.path().join("asked.txt")).unwrap_or_default();
        let one = |line: &str| {
            let mut words = line.split(' ').map(str::to_owned);
            let mut word = || words.next().expect("three words");
            (word(), word(), word().parse().ok())
        };
        text.lines().map(one).collect()
    }

    /// It has the bytes of an upload no more: `410`. With `all`, nothing is known of it: `404`.
    pub fn forget(&self, upload: &str, all: bool) {
        let file = self.folder.path().join("uploads").join(upload);
        fs::remove_file(&file).expect("it has begun");
        if all {
            fs::remove_file(file.with_extension("json")).expect("it has begun");
        }
    }
}

/// The files in a folder, by name; none where there is no folder.
fn contents(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files.into_iter()
}
