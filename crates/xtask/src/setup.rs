//! Installs the tools that are missing. Each function says what it installs, does nothing for
//! what is there, and fails with what a person can do. Versions are pinned here, in Cargo.lock
//! (wasm-bindgen), in package.json (what comes from npm) and in `SCHEMATHESIS` (what comes from PyPI).

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::sh;

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A tool that `cargo install` builds.
struct CargoTool<'a> {
    package: &'a str,
    /// The program, run with `--version` to see which one is there.
    program: &'a str,
    version: &'a str,
    /// An older or newer one will not do.
    exact: bool,
    locked: bool,
}

/// 0.22 wants a newer Rust.
const TRUNK: CargoTool =
    CargoTool { package: "trunk", program: "trunk", version: "0.21.14", exact: true, locked: true };
const GECKODRIVER: CargoTool = CargoTool {
    package: "geckodriver",
    program: "geckodriver",
    version: "0.37.1",
    exact: false,
    locked: true,
};
const CARGO_DENY: CargoTool = CargoTool {
    package: "cargo-deny",
    program: "cargo-deny",
    version: "0.20.2",
    exact: false,
    locked: true,
};

/// Debian packages, each with the program by which it is recognised.
type Packages = &'static [(&'static str, &'static str)];

const NODE: Packages = &[("nodejs", "node"), ("npm", "npm")];
const PYTHON: Packages = &[("python3", "python3")];
/// What comes from PyPI, each version with its digests.
const SCHEMATHESIS: &str = "crates/agency/tests/data/schemathesis.txt";
/// `initdb` is not where programs are looked for; this comes with it.
const POSTGRESQL: Packages = &[("postgresql", "pg_ctlcluster")];
const BROWSERS: Packages = &[
    ("chromium", "chromium"),
    ("chromium-driver", "chromedriver"),
    ("firefox-esr", "firefox-esr"),
    ("webkit2gtk-driver", "WebKitWebDriver"),
    ("xvfb", "Xvfb"),
];

/// What building the kit needs.
pub fn for_build() -> Result<()> {
    wasm_target()?;
    cargo_tool(&TRUNK)?;
    wasm_bindgen()?;
    npm_packages();
    Ok(())
}

/// What `cargo fmt`, `cargo clippy` and `cargo deny` need.
pub fn for_lint() -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        let works = sh::capture(sh::command(program).arg("--version")).is_some();
        if !works {
            rustup(&["component", "add", component])?;
        }
    }
    cargo_tool(&CARGO_DENY)
}

/// Three browsers and their drivers.
pub fn for_browsers() -> Result<()> {
    debian_packages(BROWSERS)
        .context("there are not all browsers; `cargo xtask test --fast` leaves them out")?;
    cargo_tool(&GECKODRIVER)
}

/// What tests on this machine have besides: PostgreSQL beside SQLite, an endpoint and schemathesis in
/// Python, and other people's clients in Node.js. Without them they say so.
pub fn for_host_tests() {
    for_tests();
    npm_packages();
    if let Err(error) = debian_packages(PYTHON) {
        say(&format!("no Python: {error:#}"));
    } else if let Err(error) = schemathesis() {
        say(&format!("no schemathesis: {error:#}"));
    }
    // It is not always where programs are looked for.
    if sh::find("initdb").is_none()
        && let Err(error) = debian_packages(POSTGRESQL)
    {
        say(&format!("no PostgreSQL: {error:#}"));
    }
}

/// What tests have besides: Node.js, for axe-core, for tests compiled to wasm, and for a kit as small
/// as the one that agencies get. Tests that cannot do without say so.
pub fn for_tests() {
    if let Err(error) = debian_packages(NODE) {
        say(&format!("no Node.js: {error:#}"));
    }
}

pub fn has_node() -> bool {
    sh::find("node").is_some()
}

fn wasm_target() -> Result<()> {
    let libraries = sh::capture(sh::command("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        WASM_TARGET,
    ]));
    let there = libraries.is_some_and(|folder| Path::new(&folder).is_dir());
    if there { Ok(()) } else { rustup(&["target", "add", WASM_TARGET]) }
}

fn rustup(args: &[&str]) -> Result<()> {
    say(&format!("rustup {}", args.join(" ")));
    if sh::find("rustup").is_none() {
        bail!(
            "there is no rustup, so `rustup {}` cannot run. Install Rust from https://rustup.rs, or \
             add what this would add with your system's own packages",
            args.join(" ")
        );
    }
    sh::run(sh::command("rustup").args(args)).context(
        "rustup could not download it. Check the connection and run the same command again",
    )
}

/// The command line tool must have exactly the version of the library.
fn wasm_bindgen() -> Result<()> {
    let lock =
        fs::read_to_string(sh::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen")
        .context("Cargo.lock has no package wasm-bindgen: run `cargo generate-lockfile`")?;
    cargo_tool(&CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version,
        exact: true,
        // The lock file it was published with does not always resolve.
        locked: false,
    })
}

fn cargo_tool(tool: &CargoTool) -> Result<()> {
    let installed = sh::capture(sh::command(tool.program).arg("--version"));
    let installed = installed.as_deref().and_then(first_version);
    match installed {
        Some(version) if version == tool.version || !tool.exact => return Ok(()),
        Some(version) => say(&format!(
            "{} {} instead of {version} (compiles for some minutes, once)",
            tool.package, tool.version
        )),
        None => {
            say(&format!("{} {} (compiles for some minutes, once)", tool.package, tool.version))
        }
    }
    let mut install = sh::cargo();
    install.args(["install", tool.package, "--version", tool.version]);
    if tool.locked {
        install.arg("--locked");
    }
    // Quick to build rather than quick to run: link-time optimisation alone takes minutes.
    let quick = [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "1"), ("DEBUG", "false")];
    for (option, value) in quick {
        install.env(format!("CARGO_PROFILE_RELEASE_{option}"), value);
    }
    install.env("CARGO_TARGET_DIR", sh::target_dir().join("tools"));
    let result = sh::run(&mut install);
    let _ = fs::remove_dir_all(sh::target_dir().join("tools"));
    result.with_context(|| {
        format!(
            "{} could not be installed. Check the connection, or install version {} yourself so that \
             `{} --version` works, then run the same command again",
            tool.package, tool.version, tool.program
        )
    })
}

/// wasm-opt, esbuild, axe-core, and a client and a server of tus that others wrote. Without them the kit
/// still builds, only larger.
fn npm_packages() {
    let root = sh::root();
    let Ok(manifest) = fs::read_to_string(root.join("package.json")) else { return };
    let there = wanted_packages(&manifest).into_iter().all(|(name, version)| {
        let file = root.join("node_modules").join(&name).join("package.json");
        let installed = fs::read_to_string(file).unwrap_or_default();
        serde_json::from_str::<Value>(&installed).is_ok_and(|package| package["version"] == version)
    });
    if there {
        return;
    }
    if sh::find("node").is_none() || sh::find("npm").is_none() {
        say("nothing from npm: there is no Node.js. The kit is built without wasm-opt, so it is \
             larger. For the small one install Node.js with npm, and run the same command again");
        return;
    }
    say("wasm-opt, esbuild, axe-core, tus-js-client and @tus/server (npm ci)");
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    if let Err(error) = sh::run(sh::command("npm").args(install)) {
        say(&format!(
            "nothing from npm: {error:#}. The kit is built without wasm-opt, so it is larger. Check \
             the connection and run `npm ci`"
        ));
    }
}

/// schemathesis, in an environment of its own in the target folder.
fn schemathesis() -> Result<()> {
    let folder = sh::target_dir().join("schemathesis");
    let wanted = fs::read(sh::root().join(SCHEMATHESIS)).context(SCHEMATHESIS)?;
    let installed = folder.join("installed.txt");
    if fs::read(&installed).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    say("schemathesis (pip)");
    // Debian has what makes environments in a package of its own.
    if sh::capture(sh::command("python3").args(["-c", "import ensurepip"])).is_none() {
        apt_get(&["update"]).and_then(|()| {
            apt_get(&["install", "--yes", "--no-install-recommends", "python3-venv"])
        })?;
    }
    sh::run(sh::command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = sh::command(&folder.join("bin/python").display().to_string());
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    // Nothing of it is built, and nothing is taken that is not what was looked at.
    pip.args(["--only-binary", ":all:", "--require-hashes", "--requirement", SCHEMATHESIS]);
    sh::run(&mut pip)?;
    Ok(fs::write(installed, wanted)?)
}

fn debian_packages(packages: Packages) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .filter(|(_, program)| sh::find(program).is_none())
        .map(|(package, _)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    say(&format!("{list} (apt-get)"));
    if sh::find("apt-get").is_none() {
        bail!("this is not Debian. Install what Debian calls {list}");
    }
    let install = ["install", "--yes", "--no-install-recommends"];
    apt_get(&["update"])
        .and_then(|()| apt_get(&[&install[..], &missing].concat()))
        .with_context(|| format!("run `apt-get install {list}` as root"))
}

fn apt_get(args: &[&str]) -> Result<()> {
    let is_root = sh::capture(sh::command("id").arg("-u")).is_some_and(|id| id == "0");
    let mut command = if is_root {
        let mut command = sh::command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    } else if sh::find("sudo").is_some() {
        let mut command = sh::command("sudo");
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    } else {
        bail!("installing packages needs root, and there is no sudo");
    };
    sh::run(command.args(args))
}

fn say(what: &str) {
    sh::say(&format!("\nset-up: {what}"));
}

/// The version of a package in Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{package}\""))?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// The first word that looks like a version: `trunk 0.21.14`, `geckodriver 0.37.1 (…)`.
fn first_version(text: &str) -> Option<&str> {
    text.split_whitespace()
        .find(|word| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.'))
}

/// Names and exact versions in package.json.
fn wanted_packages(manifest: &str) -> Vec<(String, String)> {
    let manifest: Value = serde_json::from_str(manifest).unwrap_or_default();
    let wanted = manifest["devDependencies"].as_object().into_iter().flatten();
    wanted
        .filter_map(|(name, version)| Some((name.clone(), version.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_of_that_package_only() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "trunk"), None);
    }

    #[test]
    fn a_version_is_found_in_what_a_tool_prints() {
        let table = [
            ("trunk 0.21.14", Some("0.21.14")),
            ("geckodriver 0.37.1 (abc 2026-01-01 00:00)\n\nThe source…", Some("0.37.1")),
            ("wasm-bindgen 0.2.130", Some("0.2.130")),
            ("no version", None),
        ];
        for (text, expected) in table {
            assert_eq!(first_version(text), expected, "{text}");
        }
    }

    #[test]
    fn every_npm_package_is_pinned_exactly() {
        let wanted = wanted_packages(include_str!("../../../package.json"));
        assert!(wanted.iter().any(|(name, _)| name == "binaryen"));
        for (name, version) in wanted {
            assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{name} {version}");
        }
    }
}
