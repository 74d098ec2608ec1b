//! A PostgreSQL server for one test program: a cluster of its own in a temporary folder, reached by a
//! socket there, which is stopped and removed when the program is gone, however that ended.

use std::{
    env,
    fmt::Write as _,
    fs,
    os::unix::{
        fs::{MetadataExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// As it has to be written in an address, and what it is.
const PASSWORD_WRITTEN: &str = "s3cret%40%2F%3A";
const PASSWORD: &str = "s3cret@/:";

const USER: &str = "eform";

/// No port; and, as on a server whose administrator wants it quick, commits that do not wait for the
/// disk unless they are told to.
const SETTINGS: &str = "
listen_addresses = ''
max_connections = 200
synchronous_commit = off
";

/// Does the server wait for the disk?
#[derive(PartialEq)]
pub enum Disk {
    /// As in production.
    Waits,
    /// As it is quick, where nothing crashes.
    Cached,
}

pub struct Cluster {
    programs: PathBuf,
    folder: PathBuf,
    owner: Option<(u32, u32)>,
    databases: AtomicUsize,
    /// Stops the server and removes the folder once its standard input ends, as it does with us.
    _warden: Child,
}

/// The cluster of this test program, started when it is first asked for.
pub fn shared() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    let cluster = SHARED.get_or_init(|| Cluster::start(&Disk::Cached));
    if cluster.is_none() {
        println!("skipped: there is no PostgreSQL");
    }
    cluster.as_ref()
}

impl Cluster {
    /// `None` where PostgreSQL is not installed.
    pub fn start(disk: &Disk) -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(env::var_os("CI").is_none(), "these tests need PostgreSQL (initdb, pg_ctl)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap().keep();
        // The server refuses to be root.
        let owner = (fs::metadata(&folder).unwrap().uid() == 0).then(postgres_user);
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        let stop = "read -r line; \"$1/pg_ctl\" -D \"$2/data\" -m immediate -w stop; rm -rf \"$2\"";
        let mut warden = as_owner(Path::new("sh"), &folder, owner);
        warden.args(["-c", stop, "sh"]).arg(&programs).arg(&folder).process_group(0);
        warden.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let cluster = Self {
            _warden: warden.spawn().unwrap(),
            programs,
            folder,
            owner,
            databases: AtomicUsize::new(0),
        };
        cluster.make(disk);
        cluster.go();
        Some(cluster)
    }

    fn make(&self, disk: &Disk) {
        let password = self.folder.join("password");
        fs::write(&password, PASSWORD).unwrap();
        // Without SCRAM: its 4096 rounds for each connection take a third of a second unoptimised.
        let mut initdb = self.command("initdb");
        initdb.arg("-D").arg(self.data()).args(["--username", USER, "--encoding", "UTF8"]);
        initdb.args(["--no-locale", "--auth", "password", "--no-sync", "--pwfile"]);
        run(initdb.arg(password));
        let file = self.data().join("postgresql.conf");
        let mut settings = fs::read_to_string(&file).unwrap();
        let socket = self.folder.display();
        writeln!(settings, "{SETTINGS}unix_socket_directories = '{socket}'").unwrap();
        if *disk == Disk::Cached {
            settings.push_str("fsync = off\n");
        }
        fs::write(&file, settings).unwrap();
    }

    fn go(&self) {
        let mut start = self.command("pg_ctl");
        start.arg("-D").arg(self.data()).arg("-l").arg(self.folder.join("log"));
        run(start.args(["-w", "start"]));
    }

    /// Stops the server as a power cut would, and starts it again.
    pub fn crash(&self) {
        let mut stop = self.command("pg_ctl");
        run(stop.arg("-D").arg(self.data()).args(["-m", "immediate", "-w", "stop"]));
        self.go();
    }

    /// The address of a new, empty database.
    pub fn database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut create = self.command("createdb");
        run(self.connected(&mut create).arg(&name));
        let socket = self.folder.to_str().unwrap().replace('/', "%2F");
        format!("postgres://{USER}:{PASSWORD_WRITTEN}@{socket}/{name}")
    }

    /// A new database that is restored from a copy of another, by PostgreSQL's own tools.
    pub fn restored(&self, address: &str) -> String {
        let name = |address: &str| address.rsplit_once('/').unwrap().1.to_owned();
        let (copy, restored) = (self.folder.join(name(address)), self.database());
        let mut dump = self.command("pg_dump");
        self.connected(&mut dump).arg("--format=custom").arg("--file").arg(&copy);
        run(dump.args(["--dbname", &name(address)]));
        let mut restore = self.command("pg_restore");
        self.connected(&mut restore).args(["--exit-on-error", "--dbname", &name(&restored)]);
        run(restore.arg(&copy));
        restored
    }

    /// What a query gives, a row a line.
    pub fn query(&self, database: &str, sql: &str) -> String {
        self.try_query(database, sql).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The same, or why the server does not answer at the moment.
    pub fn try_query(&self, database: &str, sql: &str) -> Result<String, String> {
        let mut psql = self.command("psql");
        self.connected(&mut psql).args(["-d", database, "-Atqc", sql]);
        try_run(&mut psql)
    }

    fn connected<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.arg("-h").arg(&self.folder).args(["-U", USER]).env("PGPASSWORD", PASSWORD)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn command(&self, program: &str) -> Command {
        as_owner(&self.programs.join(program), &self.folder, self.owner)
    }
}

fn as_owner(program: &Path, folder: &Path, owner: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env("LC_ALL", "C");
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

fn run(command: &mut Command) -> String {
    try_run(command).unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// The output; into a file, because a server that `pg_ctl` starts keeps hold of a pipe.
fn try_run(command: &mut Command) -> Result<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("output");
    let file = fs::File::create(&path).unwrap();
    command.stdin(Stdio::null()).stderr(file.try_clone().unwrap()).stdout(file);
    let status = command.status().unwrap();
    let output = fs::read_to_string(path).unwrap();
    if status.success() { Ok(output) } else { Err(output) }
}

/// Where `initdb` and its like are: Debian keeps them out of the way, a folder for each version.
fn programs() -> Option<PathBuf> {
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    folders.into_iter().find(|folder| {
        ["initdb", "pg_ctl", "createdb", "psql"]
            .iter()
            .all(|program| folder.join(program).is_file())
    })
}

/// The user that the package of PostgreSQL makes, and its group.
fn postgres_user() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let line = users.lines().find(|line| line.starts_with("postgres:"));
    let mut fields = line.expect("a user called postgres").split(':').skip(2);
    let mut number = || fields.next().unwrap().parse().unwrap();
    (number(), number())
}
