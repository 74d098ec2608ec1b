//! Files that only their owner may read, from the first byte on: the key, the database, exports, and
//! what citizens attached.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

/// A file that must not have been there.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    options().create_new(true).open(path)
}

/// A file that may have been there; then it keeps its mode.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    options().create(true).truncate(true).open(path)
}

/// A file in place of one that may be there. Not through a link that somebody has put there.
pub(crate) fn create_anew(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => create_new(path),
    }
}

/// A file that takes the place of another once all of it is written, and not before: unless it is
/// finished, what was there stays, and nothing of it is left.
pub(crate) struct Replacing<'a> {
    pub file: File,
    path: &'a Path,
    /// Where it is until then, beside its place; `None` once it is there.
    unfinished: Option<PathBuf>,
}

impl<'a> Replacing<'a> {
    pub fn begin(path: &'a Path) -> io::Result<Self> {
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(".part");
        let unfinished = PathBuf::from(unfinished);
        // What a run that was killed has left goes.
        Ok(Self { file: create_anew(&unfinished)?, path, unfinished: Some(unfinished) })
    }

    pub fn finish(mut self) -> io::Result<()> {
        // Or a crash could leave the new name and not the bytes.
        self.file.sync_all()?;
        if let Some(unfinished) = &self.unfinished {
            fs::rename(unfinished, self.path)?;
        }
        self.unfinished = None;
        Ok(())
    }
}

impl Drop for Replacing<'_> {
    fn drop(&mut self) {
        if let Some(unfinished) = &self.unfinished {
            let _ = fs::remove_file(unfinished);
        }
    }
}

/// A folder that may have been there; then it keeps its mode.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The folder that a file or a folder is in.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
