//! Browsers between journeys. Starting one takes longer than many a journey, and pages of different
//! origins have nothing in common: so the next journey, whose agency has a port that nobody had before,
//! gets a browser that was started already, as long as nothing about it was changed.

use std::{
    process::{ChildStdin, Command, Stdio},
    sync::{Mutex, OnceLock},
};

use tempfile::TempDir;

use crate::{
    engine::{Engine, Session},
    lock, processes,
};

/// For so many journeys one browser is used: it keeps what their pages stored.
const USES: u32 = 12;

/// A browser that nobody uses now.
pub struct Kept {
    // Dropped before the folder that it writes to.
    pub session: Session,
    pub profile: TempDir,
    pub used: u32,
}

static IDLE: Mutex<Vec<(Engine, Kept)>> = Mutex::new(Vec::new());

/// What the name of every profile's folder begins with, in this process.
fn prefix() -> String {
    format!("eform-journey-{}-", std::process::id())
}

/// An empty profile.
pub fn profile() -> TempDir {
    tempfile::Builder::new().prefix(&prefix()).tempdir().expect("a temporary folder")
}

/// A browser of this engine that is as if it had just been started, if there is one.
pub async fn take(engine: Engine) -> Option<Kept> {
    loop {
        let kept = {
            let mut idle = lock(&IDLE);
            let at = idle.iter().position(|(of, _)| *of == engine)?;
            idle.swap_remove(at).1
        };
        if kept.session.begin_anew().await.is_some() {
            return Some(kept);
        }
    }
}

/// Keeps a browser for the next journey.
pub fn give(engine: Engine, kept: Kept) {
    if kept.used < USES {
        end_with_this_process();
        lock(&IDLE).push((engine, kept));
    }
}

/// Nobody drops what is left at the end: a shell waits for that, ends every process with this process's
/// mark, and removes the profiles.
fn end_with_this_process() {
    static WAITING: OnceLock<Option<ChildStdin>> = OnceLock::new();
    WAITING.get_or_init(|| {
        let script = r#"
            read -r _
            marked=
            for process in /proc/[0-9]*; do
              if tr '\0' '\n' < "$process/environ" 2> /dev/null | grep -q "^$1"; then
                marked="$marked ${process#/proc/}"
              fi
            done
            # Some write over their environment, and are known by their parents.
            cat /proc/[0-9]*/stat 2> /dev/null | sed 's/^\([0-9]*\) (.*) . \([0-9]*\) .*/\1 \2/' |
              awk -v marked="$marked" '
                BEGIN { count = split(marked, ids, " "); for (i = 1; i <= count; i++) ours[ids[i]] }
                { parent[$1] = $2 }
                END {
                  do {
                    more = 0
                    for (id in parent) if (!(id in ours) && parent[id] in ours) { ours[id]; more = 1 }
                  } while (more)
                  for (id in ours) print id
                }' | xargs kill -KILL 2> /dev/null
            sleep 0.2
            rm -rf "$2"*
        "#;
        let folders = std::env::temp_dir().join(prefix());
        let mut shell = Command::new("sh");
        shell.args(["-c", script, "sh", &processes::mark_of_this_process()]).arg(folders);
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        shell.spawn().ok().and_then(|mut shell| shell.stdin.take())
    });
}
