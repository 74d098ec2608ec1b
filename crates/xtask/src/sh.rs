//! Running other programs: where they are found, what is said before they run, and what is kept
//! of what they print. Knows nothing of what the programs do.

use std::{
    env,
    ffi::OsString,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::{Context as _, Result, bail};

/// What this prints on standard output is for a machine: all else goes to standard error.
pub fn keep_stdout_for_result() {
    STDOUT_IS_RESULT.store(true, Ordering::Relaxed);
}

static STDOUT_IS_RESULT: AtomicBool = AtomicBool::new(false);

/// Tells the person what is going on.
pub fn say(line: &str) {
    if STDOUT_IS_RESULT.load(Ordering::Relaxed) {
        eprintln!("{line}");
    } else {
        println!("{line}");
    }
}

/// The workspace's root folder.
pub fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    // crates/xtask/../..
    manifest.ancestors().nth(2).map_or(manifest.clone(), Path::to_path_buf)
}

/// Cargo's target folder: this program is in TARGET/debug.
pub fn target_dir() -> PathBuf {
    env::current_exe()
        .ok()
        .and_then(|exe| Some(exe.parent()?.parent()?.to_path_buf()))
        .unwrap_or_else(|| root().join("target"))
}

/// A program to run in the workspace's root. The project's own tools are found before others.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(find(program).unwrap_or_else(|| program.into()));
    command.current_dir(root()).env("PATH", path());
    command
}

/// Cargo itself, by the toolchain that runs this.
pub fn cargo() -> Command {
    command("cargo")
}

fn path() -> OsString {
    let mut folders = vec![root().join("node_modules").join(".bin")];
    if let Some(cargo_home) = cargo_home() {
        folders.push(cargo_home.join("bin"));
    }
    if let Some(path) = env::var_os("PATH") {
        folders.extend(env::split_paths(&path));
    }
    env::join_paths(folders).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default())
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")))
}

/// Where a program is, if it is anywhere.
pub fn find(program: &str) -> Option<PathBuf> {
    env::split_paths(&path())
        .flat_map(|folder| {
            let suffixes: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
            suffixes.iter().map(move |suffix| folder.join(format!("{program}{suffix}")))
        })
        .find(|file| file.is_file())
}

/// Says what runs, runs it, and fails when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let line = announce(command);
    if STDOUT_IS_RESULT.load(Ordering::Relaxed) {
        command.stdout(std::io::stderr());
    }
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// As [`run`], but what it prints on standard output is both shown and returned.
pub fn tee(command: &mut Command) -> Result<(ExitStatus, String)> {
    let line = announce(command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{line}`"))?;
    let mut kept = String::new();
    if let Some(stdout) = child.stdout.take() {
        for chunk in BufReader::new(stdout).split(b'\n') {
            let chunk = chunk?;
            let text = String::from_utf8_lossy(&chunk);
            println!("{text}");
            kept.push_str(&text);
            kept.push('\n');
        }
    }
    Ok((child.wait()?, kept))
}

/// What it prints on standard output, or nothing if it fails. Silent.
pub fn capture(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Prints the command as a person would type it in the root folder.
pub fn announce(command: &Command) -> String {
    let root = root();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line = words
        .enumerate()
        .map(|(index, word)| {
            let path = Path::new(word);
            let short = if index == 0 {
                path.file_name().map_or(path, Path::new)
            } else {
                path.strip_prefix(&root).unwrap_or(path)
            };
            short.display().to_string()
        })
        .collect::<Vec<_>>()
        .join(" ");
    say(&format!("$ {line}"));
    line
}
