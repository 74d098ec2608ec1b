//! A program that a journey starts, and everything that the program starts in its turn. All of it
//! is gone when the value is dropped, also when the journey panics.
//!
//! A browser is a tree of processes, and some of them detach from their parent. So every process
//! carries a mark in its environment, and the tree is found by parentage and by the mark. Nothing
//! without one of the two is ever touched.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    process::{Child, Command},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

const MARK: &str = "EFORM_JOURNEY";

/// What the mark of every process begins with that this process has started.
pub fn mark_of_this_process() -> String {
    format!("{MARK}={}-", std::process::id())
}

/// A running program and its descendants.
pub struct Processes {
    root: Child,
    mark: String,
}

impl Processes {
    /// Starts `command`.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{}-{count}", std::process::id());
        let root = command.env(MARK, &mark).spawn()?;
        Ok(Self { root, mark })
    }

    /// The program itself, for its output.
    pub fn root(&mut self) -> &mut Child {
        &mut self.root
    }

    /// Whether the program has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.root.try_wait(), Ok(None))
    }

    /// Ends the whole tree with SIGKILL, as the system does when memory runs out or the battery is
    /// pulled: nobody is asked, nothing is tidied up. Returns when all of it is gone.
    pub fn kill(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut tree = BTreeSet::new();
        loop {
            tree.extend(self.living());
            let all = processes();
            tree.retain(|id| all.contains_key(id));
            if tree.is_empty() {
                break;
            }
            for &id in &tree {
                if let Some(pid) = Pid::from_raw(id) {
                    let _ = kill_process(pid, Signal::KILL);
                }
            }
            let _ = self.root.try_wait();
            if Instant::now() > deadline {
                eprintln!("processes {tree:?} do not end");
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
        let _ = self.root.wait();
    }

    /// The ids of all living processes of this tree.
    pub fn living(&self) -> BTreeSet<i32> {
        let all = processes();
        let marked = format!("{MARK}={}", self.mark);
        let mut tree: BTreeSet<i32> =
            all.keys().copied().filter(|&id| is_marked(id, &marked)).collect();
        let root = self.root.id().cast_signed();
        if all.contains_key(&root) {
            tree.insert(root);
        }
        loop {
            let before = tree.len();
            tree.extend(
                all.iter()
                    .filter(|(_, parent)| tree.contains(parent))
                    .map(|(id, _)| *id)
                    .collect::<Vec<_>>(),
            );
            if tree.len() == before {
                return tree;
            }
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Every living process and its parent.
fn processes() -> BTreeMap<i32, i32> {
    let Ok(folder) = fs::read_dir("/proc") else { return BTreeMap::new() };
    folder
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|id: i32| Some((id, parent_if_living(id)?)))
        .collect()
}

fn parent_if_living(id: i32) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name is in brackets and may hold anything.
    let mut rest = stat.rsplit_once(')')?.1.split_whitespace();
    let state = rest.next()?;
    if state == "Z" || state == "X" {
        return None;
    }
    rest.next()?.parse().ok()
}

fn is_marked(id: i32, marked: &str) -> bool {
    let Ok(environment) = fs::read(format!("/proc/{id}/environ")) else { return false };
    environment.split(|&byte| byte == 0).any(|variable| variable == marked.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::Processes;

    #[test]
    fn a_grandchild_that_has_lost_its_parent_is_ended_too() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "(sleep 600 & setsid sleep 600 &); sleep 600"]).stdout(Stdio::null());
        let mut tree = Processes::start(&mut shell).expect("sh starts");
        while tree.living().len() < 4 {
            std::thread::yield_now();
        }
        tree.kill();
        assert!(tree.living().is_empty());
    }
}
