//! Passphrases: asked for at the terminal without showing them, or the first line of a file.

use std::path::{Path, PathBuf};

/// A shorter one is guessed by whoever gets hold of the key's file.
const LEAST: usize = 12;

/// Why there is no passphrase.
#[derive(Debug, thiserror::Error)]
pub enum PassphraseError {
    /// Nobody can be asked.
    #[error("no passphrase was read from the terminal ({0}): say --passphrase-file FILE")]
    Terminal(std::io::Error),
    /// The file cannot be read.
    #[error("{path}: {error}")]
    File {
        /// The file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// It is too easily guessed.
    #[error(
        "a passphrase has at least {LEAST} characters: four or five words that nobody else would put together"
    )]
    Short,
    /// Two different ones were typed.
    #[error("these are two different passphrases; nothing was made")]
    Differ,
}

/// Where passphrases come from.
#[derive(Debug, Default, clap::Args)]
pub struct PassphraseFile {
    /// A file whose first line is the passphrase, instead of asking for it.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

impl PassphraseFile {
    /// The passphrase of a key that is there.
    pub(super) fn of(&self, key: &Path) -> Result<String, PassphraseError> {
        self.read(|| ask(&format!("Passphrase of {}: ", key.display())))
    }

    /// A passphrase for a new key, typed twice.
    pub(super) fn new_one(&self) -> Result<String, PassphraseError> {
        let passphrase = self.read(|| {
            let one = ask("Passphrase for the new key: ")?;
            if ask("The same again: ")? == one { Ok(one) } else { Err(PassphraseError::Differ) }
        })?;
        if passphrase.chars().count() < LEAST {
            return Err(PassphraseError::Short);
        }
        Ok(passphrase)
    }

    fn read(
        &self,
        ask: impl FnOnce() -> Result<String, PassphraseError>,
    ) -> Result<String, PassphraseError> {
        let Some(path) = &self.passphrase_file else { return ask() };
        let text = std::fs::read_to_string(path)
            .map_err(|error| PassphraseError::File { path: path.display().to_string(), error })?;
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }
}

fn ask(prompt: &str) -> Result<String, PassphraseError> {
    rpassword::prompt_password(prompt).map_err(PassphraseError::Terminal)
}
