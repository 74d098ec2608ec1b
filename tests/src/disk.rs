//! A disk of a few megabytes, on which what a browser stores has its place: it can be filled to the last
//! byte. It is memory that is mounted, which needs root.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::lock;

/// A small disk that is mounted. Dropping it takes it away, with all that is on it.
pub struct SmallDisk {
    folder: PathBuf,
    /// Who keeps it full.
    filling: Mutex<Option<JoinHandle<()>>>,
    is_full: Arc<AtomicBool>,
}

impl SmallDisk {
    /// Mounts a disk of so many megabytes over `folder`. `None` where that is not allowed.
    pub fn over(folder: &Path, megabytes: u32) -> Option<Self> {
        fs::create_dir_all(folder).expect("a temporary folder is writable");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "eform"]).arg(folder);
        let mounted = mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        let (filling, is_full) = (Mutex::default(), Arc::default());
        mounted.then(|| Self { folder: folder.to_path_buf(), filling, is_full })
    }

    /// From now on not one byte more has room, also where a browser makes some by deleting.
    pub fn fill(&self) {
        let file = File::options().create(true).append(true).open(self.filler());
        let mut file = file.expect("a file can be made");
        fill(&mut file);
        self.is_full.store(true, Ordering::Relaxed);
        let is_full = Arc::clone(&self.is_full);
        *lock(&self.filling) = Some(thread::spawn(move || {
            while is_full.load(Ordering::Relaxed) {
                fill(&mut file);
                thread::sleep(Duration::from_millis(2));
            }
        }));
    }

    /// There is room again.
    pub fn free(&self) {
        self.stop();
        fs::remove_file(self.filler()).expect("the disk was filled");
    }

    fn stop(&self) {
        self.is_full.store(false, Ordering::Relaxed);
        if let Some(filling) = lock(&self.filling).take() {
            // It has said why.
            let _ = filling.join();
        }
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }
}

fn fill(file: &mut File) {
    for size in [1 << 16, 1] {
        let bytes = vec![0; size];
        loop {
            match file.write(&bytes) {
                Ok(1..) => {}
                Err(error) if error.kind() != ErrorKind::StorageFull => panic!("{error}"),
                _ => break,
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        self.stop();
        // Detached, it goes with the last process that has a file on it.
        let mut unmount = Command::new("umount");
        let _ = unmount.arg("--lazy").arg(&self.folder).stderr(Stdio::null()).status();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::SmallDisk;

    #[test]
    fn it_takes_nothing_more_until_there_is_room_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let Some(disk) = SmallDisk::over(folder.path(), 1) else {
            println!("skipped: no disk may be mounted here");
            return;
        };
        let (first, second) = (folder.path().join("first"), folder.path().join("second"));
        fs::write(&first, [1; 9999]).expect("there is room");
        disk.fill();
        assert!(fs::write(&second, "more").is_err());
        disk.free();
        assert!(fs::write(&second, "more").is_ok());
        drop(disk);
        assert!(!first.exists(), "nothing of it stays");
    }
}
