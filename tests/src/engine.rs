//! The three browser engines: which programs they need, and how a session on a profile begins.

use std::{
    env, fmt, fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver};
use tokio::net::TcpStream;

use crate::{processes::Processes, screen::Screen, wait::wait_for};

/// A browser engine. Between them they stand for nearly every phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Blink: Chrome, Samsung Internet, the browser inside LINE on Android.
    Chromium,
    /// Gecko: Firefox.
    Firefox,
    /// WebKit: Safari and every other browser on an iPhone.
    WebKit,
}

/// Without a screen, and silent towards its maker.
const CHROMIUM_FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--window-size=412,915",
];

/// A driver with its browser. Dropping it ends both.
pub struct Session {
    pub web: WebDriver,
    pub processes: Processes,
    /// WebKitGTK has no headless mode.
    _screen: Option<Screen>,
}

impl Engine {
    /// The programs that this engine needs and the machine lacks, each with its Debian package.
    pub fn missing(self) -> Vec<&'static str> {
        let needed: &[(&str, &str)] = match self {
            Self::Chromium => &[("chromium", "chromium"), ("chromedriver", "chromium-driver")],
            Self::Firefox => {
                &[("firefox-esr", "firefox-esr"), ("geckodriver", "`cargo install geckodriver`")]
            }
            Self::WebKit => &[("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")],
        };
        needed
            .iter()
            .filter(|(program, _)| find_program(program).is_none())
            .map(|(_, package)| *package)
            .collect()
    }

    /// Starts a driver and a browser that keeps its data in `profile`. The flags are Chromium's.
    pub async fn start(self, profile: &Path, flags: &[&str]) -> Session {
        let screen = (self == Self::WebKit).then(Screen::start);
        let port = free_port();
        let mut command = self.driver(port);
        if let Some(screen) = &screen {
            command.env("DISPLAY", screen.display());
        }
        self.prepare(&mut command, profile);
        let mut processes =
            Processes::start(&mut command).unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        wait_for(&format!("the driver of {self}"), async || {
            assert!(!processes.has_ended(), "the driver of {self} has ended by itself");
            TcpStream::connect(address).await.ok()
        })
        .await;
        let web =
            WebDriver::builder(format!("http://{address}"), self.capabilities(profile, flags))
                .request_timeout(Duration::from_secs(40))
                .await
                .unwrap_or_else(|error| panic!("no session in {self}: {error}"));
        // Not a time that the page itself waits: journeys tell its waits by their length.
        web.set_script_timeout(Duration::from_secs(50)).await.expect("the driver takes a time");
        // The phone of the journeys. Some engines keep a window a little wider than this.
        web.set_window_rect(0, 0, 412, 915).await.expect("the window takes a size");
        Session { web, processes, _screen: screen }
    }

    fn driver(self, port: u16) -> Command {
        let (program, args): (_, &[&str]) = match self {
            Self::Chromium => ("chromedriver", &["--log-level=SEVERE"]),
            Self::Firefox => ("geckodriver", &["--log=error", "--websocket-port=0"]),
            Self::WebKit => ("WebKitWebDriver", &[]),
        };
        let mut command = Command::new(find_program(program).unwrap_or_else(|| program.into()));
        command.arg(format!("--port={port}")).args(args);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        if env::var_os("EFORM_BROWSER_LOG").is_none() {
            command.stderr(Stdio::null());
        }
        command
    }

    /// A home of its own, so that nothing is read from or written to the developer's.
    fn prepare(self, command: &mut Command, profile: &Path) {
        command.env("HOME", profile).env("LANG", "C.UTF-8").env("TZ", "Asia/Bangkok");
        for (variable, folder) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_DATA_HOME", "share"),
            ("XDG_RUNTIME_DIR", "run"),
            ("TMPDIR", "tmp"),
        ] {
            let folder = profile.join(folder);
            fs::create_dir_all(&folder).expect("the profile is writable");
            command.env(variable, folder);
        }
        command.env("DBUS_SESSION_BUS_ADDRESS", "disabled:").env("NO_AT_BRIDGE", "1");
        if self == Self::Firefox {
            // What the killed browser left here would be taken for the new one's.
            let _ = fs::remove_file(profile.join("MarionetteActivePort"));
        }
        if self == Self::WebKit {
            command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
            command.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").env("LIBGL_ALWAYS_SOFTWARE", "1");
            command.env("GDK_BACKEND", "x11");
        }
    }

    /// Writes a preference into the profile of a Firefox that does not run.
    pub fn set_preference(self, profile: &Path, name: &str, on: bool) {
        assert_eq!(self, Self::Firefox, "another engine has no preferences");
        let (file, line) = (profile.join("user.js"), format!("user_pref(\"{name}\", {on});\n"));
        let before = fs::read_to_string(&file).unwrap_or_default();
        fs::write(file, [before, line].concat()).expect("the profile is writable");
    }

    /// Where in a profile is what pages store.
    pub fn stores_in(self, profile: &Path) -> PathBuf {
        profile.join(match self {
            Self::Chromium => "Default",
            Self::Firefox => "storage",
            Self::WebKit => "webkit",
        })
    }

    fn capabilities(self, profile: &Path, flags: &[&str]) -> Capabilities {
        let profile = profile.to_str().expect("a temporary folder has a plain name");
        let options = match self {
            Self::Chromium => {
                let folder = format!("--user-data-dir={profile}");
                let args = CHROMIUM_FLAGS.iter().chain(flags).copied().chain([folder.as_str()]);
                json!({
                    "goog:chromeOptions": {
                        "binary": find_program("chromium"),
                        "args": args.collect::<Vec<_>>(),
                    },
                })
            }
            Self::Firefox => json!({
                "moz:firefoxOptions": {
                    "binary": find_program("firefox-esr"),
                    "args": ["-headless", "-profile", profile],
                    "prefs": {
                        "app.update.enabled": false,
                        "browser.sessionstore.resume_from_crash": false,
                        // Tab stops at everything, whatever the desktop says.
                        "accessibility.tabfocus": 7,
                    },
                },
            }),
            Self::WebKit => json!({
                "webkitgtk:browserOptions": { "binary": webkit_browser(), "args": ["--automation", profile] },
            }),
        };
        let Value::Object(options) = options else { unreachable!("written above as an object") };
        Capabilities::from(options)
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        })
    }
}

impl Session {
    /// One empty tab, of the size of the phone of the journeys; `None` where it does not answer.
    pub async fn begin_anew(&self) -> Option<()> {
        let tabs = self.web.windows().await.ok()?;
        let (first, others) = tabs.split_first()?;
        for tab in others {
            self.web.switch_to_window(tab.clone()).await.ok()?;
            self.web.close_window().await.ok()?;
        }
        self.web.switch_to_window(first.clone()).await.ok()?;
        self.web.goto("about:blank").await.ok()?;
        self.web.set_window_rect(0, 0, 412, 915).await.ok().map(drop)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The session ends with its processes; nobody is left to be told politely.
        let _ = self.web.clone().leak();
        self.processes.kill();
    }
}

/// Looks for `program` in `PATH` and where `cargo install` puts it.
pub fn find_program(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let cargo = env::home_dir().map(|home| home.join(".cargo/bin"));
    env::split_paths(&path)
        .chain(cargo)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Cargo puts it beside the tests' own folder.
fn webkit_browser() -> PathBuf {
    let tests = env::current_exe().expect("the path of the tests");
    let file =
        tests.ancestors().map(|folder| folder.join("webkit-browser")).find(|file| file.is_file());
    file.unwrap_or_else(|| {
        panic!(
            "no webkit-browser above {}: `cargo build --package eform-journeys --bins` builds it",
            tests.display()
        )
    })
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|socket| socket.local_addr())
        .expect("a free port")
        .port()
}
