//! Builds the kit into `dist/` with Trunk, unless `dist/` is newer than everything it is made of.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, bail};

use crate::{finish, sh};

/// What the kit is made of. Folders count with their own times, so that a deleted file is noticed.
const SOURCES: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "build.rs",
    "index.html",
    "package-lock.json",
    "public",
    "src",
    "crates/form",
    "crates/outbox",
    "crates/outbox-page",
    "crates/worker",
    "crates/xtask/src",
];

/// Where the kit is built.
pub fn dist() -> PathBuf {
    sh::root().join("dist")
}

/// Builds the kit; does nothing when it is built already.
pub fn build(release: bool) -> Result<()> {
    let started = nanos(SystemTime::now());
    let stamp_file = sh::target_dir().join("kit.stamp");
    let how = format!("release {release}, wasm-opt {}", finish::wasm_opt().is_some());

    if let Ok(stamp) = fs::read_to_string(&stamp_file)
        && is_fresh(&stamp, &how, newest_source()?, built_at())
    {
        sh::say("dist/ is up to date");
        return Ok(());
    }

    let mut trunk = sh::command("trunk");
    trunk.args(["build", "--skip-version-check"]);
    if release {
        trunk.arg("--release");
    }
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", remapped_paths());
    // Trunk takes this variable for its own option and refuses a value other than true or false.
    trunk.env_remove("NO_COLOR");
    sh::run(&mut trunk)?;

    let Some(built) = built_at() else { bail!("Trunk succeeded, but there is no dist/index.html") };
    fs::write(stamp_file, format!("{how}\n{started}\n{built}\n"))?;
    Ok(())
}

/// Takes the folders of this machine out of the module, which names the place of every panic: they
/// are nobody's business, they make each machine's build another, and they are bytes.
fn remapped_paths() -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).unwrap_or_default();
    let registries = fs::read_dir(home.join("registry").join("src")).into_iter().flatten();
    let folders = registries.flatten().map(|entry| entry.path()).chain([sh::root()]);
    let flags = folders.map(|folder| format!("--remap-path-prefix={}=", folder.display()));
    // The variable is split at white space: such a folder stays as it is.
    let flags = flags.filter(|flag| !flag.contains(char::is_whitespace));
    // SHA-256 in 0.6 KB instead of 8; a submission is digested in milliseconds either way.
    let compact =
        ["--cfg sha2_backend=\"soft\"", "--cfg sha2_backend_soft=\"compact\""].map(str::to_owned);
    flags.chain(compact).collect::<Vec<_>>().join(" ")
}

/// The stamp says how `dist/` was built, when that began (a file saved during the build counts as
/// newer), and the time of the page that came of it (another build, by `trunk serve`, changes it).
fn is_fresh(stamp: &str, how: &str, newest_source: u128, built: Option<u128>) -> bool {
    let mut lines = stamp.lines();
    let same_way = lines.next() == Some(how);
    let mut number = || lines.next()?.parse::<u128>().ok();
    let (started, page) = (number(), number());
    same_way
        && started.is_some_and(|started| newest_source < started)
        && page.is_some()
        && page == built
}

fn built_at() -> Option<u128> {
    modified(&dist().join("index.html")).ok()
}

fn newest_source() -> Result<u128> {
    let root = sh::root();
    let mut newest = 0;
    for source in SOURCES {
        let path = root.join(source);
        if path.exists() {
            newest = newest.max(newest_in(&path)?);
        }
    }
    Ok(newest)
}

fn newest_in(path: &Path) -> Result<u128> {
    let mut newest = modified(path)?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            newest = newest.max(newest_in(&entry?.path())?);
        }
    }
    Ok(newest)
}

fn modified(path: &Path) -> Result<u128> {
    let metadata = fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(nanos(metadata.modified()?))
}

fn nanos(time: SystemTime) -> u128 {
    time.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos())
}

#[cfg(test)]
mod tests {
    use super::is_fresh;

    #[test]
    fn the_kit_is_built_again_when_anything_differs() {
        let stamp = "release true, wasm-opt true\n100\n150\n";
        let how = "release true, wasm-opt true";
        let table = [
            ("nothing changed", stamp, how, 99, Some(150), true),
            ("a file saved during the build", stamp, how, 120, Some(150), false),
            ("built in another way", stamp, "release false, wasm-opt true", 99, Some(150), false),
            ("another build replaced it", stamp, how, 99, Some(160), false),
            ("dist was deleted", stamp, how, 99, None, false),
            ("a broken stamp", "release true, wasm-opt true\n", how, 99, None, false),
        ];
        for (what, stamp, how, newest, built, expected) in table {
            assert_eq!(is_fresh(stamp, how, newest, built), expected, "{what}");
        }
    }
}
