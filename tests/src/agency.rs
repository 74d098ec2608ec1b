//! The agency: the real server on a database of its own, with a site that a journey can add to.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{lock, processes::Processes};

/// A running agency. Dropping it ends the server and forgets its database.
pub struct Agency {
    address: Mutex<SocketAddr>,
    // Dropped before the folder that it writes to.
    server: Mutex<Option<Processes>>,
    folder: TempDir,
}

/// How long a command of the agency's may take: one that does not end would hold up all that comes after.
const A_COMMAND: Duration = Duration::from_secs(120);

/// What a command prints; it must work, and end.
fn printed(mut command: Command) -> String {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (id, (told, ended)) = (child.id(), mpsc::channel());
    thread::spawn(move || told.send(child.wait_with_output()));
    let Ok(output) = ended.recv_timeout(A_COMMAND) else {
        let _ = Command::new("kill").args(["-KILL", &id.to_string()]).status();
        panic!("{command:?} does not end");
    };
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).expect("text is UTF-8")
}

/// A submission in the database, and the receipt that was given for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub submission: Value,
    pub receipt: Value,
}

impl Agency {
    /// Starts on a free port with a copy of the built kit, and the journeys' own forms.
    pub fn start() -> Self {
        let agency = Self::prepare();
        copy(&kit(), &agency.site());
        agency.add_own_forms();
        agency.started()
    }

    /// The phone keeps them as it keeps the kit's.
    fn add_own_forms(&self) {
        copy(&own_forms(), &self.site().join("forms"));
        let worker = fs::read_to_string(self.site().join("sw.js")).expect("the kit has a worker");
        let names = fs::read_dir(own_forms()).expect("the forms of the journeys").flatten();
        let paths = names.map(|entry| format!("\"forms/{}\",", entry.file_name().display()));
        let forms = format!("\"forms\":[{}", paths.collect::<String>());
        self.write("sw.js", &worker.replacen("\"forms\":[", &forms, 1));
    }

    /// Starts with an empty site.
    pub fn start_empty() -> Self {
        let agency = Self::prepare();
        fs::create_dir_all(agency.site().join("forms")).expect("a temporary folder is writable");
        agency.started()
    }

    fn prepare() -> Self {
        let folder =
            tempfile::Builder::new().prefix("eform-agency-").tempdir().expect("a temporary folder");
        let address = Mutex::new(SocketAddr::from(([127, 0, 0, 1], 0)));
        Self { folder, address, server: Mutex::default() }
    }

    fn started(self) -> Self {
        self.start_again();
        self
    }

    /// The folder that is served. Files written here are served at once; forms after a restart.
    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// Writes a file of the site.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.site().join(name), text).expect("the site is writable");
    }

    /// Takes a file of the site away, with its compressed forms; gives what puts them back.
    pub fn take_away(&self, name: &str) -> impl FnOnce() + use<> {
        let site = self.site();
        let files = [name.to_owned(), format!("{name}.br"), format!("{name}.gz")];
        let taken = files.map(|name| site.join(name)).into_iter().filter(|file| file.exists());
        let taken: Vec<_> = taken
            .map(|file| {
                let away = PathBuf::from(format!("{}.away", file.display()));
                fs::rename(&file, &away).expect("the site is writable");
                (away, file)
            })
            .collect();
        assert!(!taken.is_empty(), "there is no {name}");
        move || {
            for (away, file) in taken {
                fs::rename(away, file).expect("the site is writable");
            }
        }
    }

    pub fn address(&self) -> SocketAddr {
        *lock(&self.address)
    }

    /// Ends the server at once, unasked.
    pub fn kill(&self) {
        *lock(&self.server) = None;
    }

    /// Starts it on the same database and the same port.
    pub fn start_again(&self) {
        self.kill();
        let mut command = Command::new(program());
        command
            .arg("serve")
            .arg("--site")
            .arg(self.site())
            .arg("--forms")
            .arg(self.site().join("forms"));
        command.arg("--db").arg(self.database()).arg("--listen").arg(self.address().to_string());
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        if env::var_os("EFORM_AGENCY_LOG").is_none() {
            command.stderr(Stdio::null());
        }
        let mut server =
            Processes::start(&mut command).unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut output = BufReader::new(server.root().stdout.take().expect("stdout is piped"));
        let address = loop {
            let mut line = String::new();
            let count = output.read_line(&mut line).expect("the server's output is text");
            assert!(count > 0, "the agency's server did not start; EFORM_AGENCY_LOG=1 shows why");
            if let Some(address) = line.trim().strip_prefix("listening on http://") {
                break address.parse().expect("an address and a port");
            }
        };
        // A pipe that nobody empties would stop the server one day.
        thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        *lock(&self.address) = address;
        *lock(&self.server) = Some(server);
    }

    /// What a command of the agency's prints; it must work.
    pub fn command(&self, args: &[&str]) -> String {
        let mut command = Command::new(program());
        command.args(args);
        printed(command)
    }

    /// Where everything is that it receives.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("agency.db")
    }

    /// The files that came with the submissions of a form, by name, as the officer's own command
    /// writes them.
    pub fn files(&self, form: &str) -> BTreeMap<String, Vec<u8>> {
        let out = self.folder.path().join("attachments");
        let mut command = Command::new(program());
        command.args(["attachments", "--form", form, "--out"]).arg(&out);
        command.arg("--db").arg(self.database());
        printed(command);
        let entries = fs::read_dir(&out).expect("the command has made it");
        let read = |entry: fs::DirEntry| {
            let bytes = fs::read(entry.path()).expect("a file of our own");
            (entry.file_name().to_string_lossy().into_owned(), bytes)
        };
        entries.flatten().map(read).collect()
    }

    /// Takes in what was saved as a file, as the officer's own command does; gives what it says.
    pub fn import(&self, file: &Path, code: &str) -> String {
        let mut command = Command::new(program());
        command.arg("import").arg(file).args(["--code", code, "--db"]).arg(self.database());
        printed(command)
    }

    /// Everything received for a form, in the order of arrival, as the officer's own command gives it.
    pub fn rows(&self, form: &str) -> Vec<Row> {
        let mut command = Command::new(program());
        command.args(["export", "--form", form, "--format", "jsonl", "--db"]).arg(self.database());
        let lines = printed(command);
        let row = |line: &str| {
            let mut both: Value = serde_json::from_str(line).expect("a line of JSON");
            Row { submission: both["submission"].take(), receipt: both["receipt"].take() }
        };
        lines.lines().map(row).collect()
    }
}

/// `EFORM_AGENCY`, or what was built last.
fn program() -> PathBuf {
    let built = [
        target().map(|folder| folder.join("release-server/eform-agency")),
        target().map(|folder| folder.join("debug/eform-agency")),
    ];
    given_or_built(
        "EFORM_AGENCY",
        built.into_iter().flatten(),
        "cargo build --package eform-agency",
    )
}

/// `EFORM_DIST`, or what `trunk build` has made.
fn kit() -> PathBuf {
    given_or_built("EFORM_DIST", [workspace().join("dist")], "trunk build --release")
}

/// The form of this id as the phone gets it: the journeys' own, or the built kit's.
pub fn definition(form: &str) -> Value {
    let name = format!("{form}.json");
    let own = own_forms().join(&name);
    let file = if own.exists() { own } else { kit().join("forms").join(name) };
    let text =
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The cases beside one of the kit's own forms.
pub fn cases(form: &str) -> Value {
    let file = workspace().join(format!("public/forms/{form}.cases.json"));
    let text =
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Forms that only journeys fill in.
fn own_forms() -> PathBuf {
    workspace().join("tests/forms")
}

fn given_or_built(variable: &str, built: impl IntoIterator<Item = PathBuf>, how: &str) -> PathBuf {
    if let Some(given) = env::var_os(variable) {
        return given.into();
    }
    let found = built
        .into_iter()
        .filter(|path| path.exists())
        .max_by_key(|path| fs::metadata(path).and_then(|data| data.modified()).ok());
    found.unwrap_or_else(|| {
        panic!("nothing is built: run `{how}`, or set {variable}, or run `cargo xtask test`")
    })
}

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ is in the workspace")
        .to_path_buf()
}

/// Cargo's target folder, in which these tests run.
fn target() -> Option<PathBuf> {
    let tests = env::current_exe().ok()?;
    tests
        .ancestors()
        .find(|folder| folder.join(".rustc_info.json").is_file())
        .map(Path::to_path_buf)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a temporary folder is writable");
    let entries = fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    for entry in entries.flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target)
                .unwrap_or_else(|error| panic!("{}: {error}", target.display()));
        }
    }
}
