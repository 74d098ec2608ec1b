//! What must stay as it is until somebody means it to change: files beside the tests, which a run
//! with `EFORM_GOLDEN=write` writes anew.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    agency::workspace,
    browser::pictures,
    picture::{Picture, difference},
};

/// `tests/golden`.
pub fn folder() -> PathBuf {
    workspace().join("tests/golden")
}

/// Where the guide shows the pictures of the types: `docs/src/types/pictures`.
pub fn folder_of_guide() -> PathBuf {
    workspace().join("docs/src/types/pictures")
}

/// Whether the files are written anew.
pub fn is_writing() -> bool {
    env::var("EFORM_GOLDEN").is_ok_and(|what| what == "write")
}

/// What differs, each with a line for whoever looks into it.
#[derive(Default)]
pub struct Differences(Vec<String>);

impl Differences {
    /// Compares a text with its file.
    pub fn text(&mut self, file: &Path, now: &str) {
        let before = fs::read_to_string(file).unwrap_or_default();
        if before == now {
            return;
        }
        if is_writing() {
            return write(file, now.as_bytes());
        }
        let at = before.lines().zip(now.lines()).position(|(before, now)| before != now);
        let at = at.unwrap_or_else(|| before.lines().count().min(now.lines().count()));
        let line = |text: &str| text.lines().nth(at).unwrap_or("(the end)").to_owned();
        self.0.push(format!(
            "{}:{}\n  was {}\n  is  {}",
            file.display(),
            at + 1,
            line(&before),
            line(now)
        ));
    }

    /// Compares a picture with its file. The new one and where they differ are left in
    /// `target/journeys`.
    pub fn picture(&mut self, file: &Path, now: Picture) {
        let before = fs::read(file).ok().and_then(|png| Picture::decode(&png));
        let now = now.reduced();
        let wrong = match &before {
            None => "there is no such picture".to_owned(),
            Some(before) => match difference(before, &now) {
                Ok(()) => return,
                Err(wrong) => wrong,
            },
        };
        if is_writing() {
            return write(file, &now.encode());
        }
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let there = pictures();
        write(&there.join(format!("{name}.now.png")), &now.encode());
        if let Some(before) = before {
            write(&there.join(format!("{name}.differs.png")), &before.marked(&now).encode());
        }
        self.0.push(format!("{}: {wrong}; see {}/{name}.*.png", file.display(), there.display()));
    }

    /// There is none.
    pub fn assert_none(self) {
        assert!(
            self.0.is_empty(),
            "{} differ from what was; if that is meant, run `cargo xtask golden`:\n{}",
            self.0.len(),
            self.0.join("\n")
        );
    }
}

fn write(file: &Path, bytes: &[u8]) {
    let written =
        file.parent().map(fs::create_dir_all).transpose().and_then(|_| fs::write(file, bytes));
    written.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}
