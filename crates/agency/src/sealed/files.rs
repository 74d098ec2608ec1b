//! Files of submissions, opened piece by piece, so that none need be in memory that is not inside a
//! submission or an export. Each is written under a name for the time being; only one that is whole gets
//! its own.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use eform::{Hasher, Submission};
use eform_seal::FileOpener;

use super::{
    key_file::SealingKey,
    source::{Received, Source},
};
use crate::{
    attachments,
    cli::{CliError, file},
    private_file::{self, Replacing},
};

/// Where files are and go, beside what is in the submissions.
pub(super) struct Folders {
    /// What `eform-agency attachments` wrote.
    pub sealed: Option<PathBuf>,
    /// Where they go in the clear.
    pub plain: Option<PathBuf>,
}

/// A file that is to be opened.
pub(super) struct Opening<'a> {
    /// SHA-256 of it in the clear.
    sha256: String,
    /// SHA-256 of what travelled.
    travelled: String,
    opener: Option<FileOpener<'a>>,
}

/// A file in the clear.
pub(super) struct Plain {
    pub sha256: String,
    pub travelled: String,
    pub size: u64,
    /// Where it is for the time being.
    path: Option<PathBuf>,
}

impl<'a> Opening<'a> {
    /// One that is not sealed.
    pub fn plain(sha256: String) -> Self {
        Self { travelled: sha256.clone(), sha256, opener: None }
    }

    /// One that was sealed with the submission of this id.
    pub fn sealed(key: &'a SealingKey, id: &str, sha256: &str, sealed: &str) -> Self {
        let opener = Some(FileOpener::new(&key.private, &key.kid, id, sha256));
        Self { sha256: sha256.to_owned(), travelled: sealed.to_owned(), opener }
    }
}

impl Folders {
    /// Makes the folder that files go to.
    pub fn make(&self) -> Result<(), CliError> {
        let Some(folder) = &self.plain else { return Ok(()) };
        private_file::create_folder(folder).map_err(|error| file(folder, error))
    }

    /// Opens a file, the `number`th of its submission, and writes it if it is asked for; or says why not.
    pub async fn open(
        &self,
        source: &Source,
        of: &Received,
        opening: Opening<'_>,
        number: usize,
    ) -> Result<Result<Plain, String>, CliError> {
        let path = self
            .plain
            .as_ref()
            .map(|folder| folder.join(format!("{}-{number}.part", of.receipt.reference)));
        let written = self.write(source, of, opening, path.as_deref()).await;
        if let (Some(path), Err(_) | Ok(Err(_))) = (&path, &written) {
            // What is not whole is not left.
            _ = fs::remove_file(path);
        }
        match written {
            Err(error @ (CliError::Upload { .. } | CliError::NoPlace(_))) => {
                Ok(Err(error.to_string()))
            }
            Err(error) => Err(error),
            Ok(opened) => Ok(opened.map(|plain| Plain { path, ..plain })),
        }
    }

    async fn write(
        &self,
        source: &Source,
        of: &Received,
        opening: Opening<'_>,
        path: Option<&Path>,
    ) -> Result<Result<Plain, String>, CliError> {
        let Opening { sha256, travelled, mut opener } = opening;
        let create =
            |path: &Path| private_file::create_anew(path).map_err(|error| file(path, error));
        let mut out = path.map(create).transpose()?;
        let (mut size, mut hasher) = (0_u64, Hasher::default());
        let mut put = |bytes: &[u8]| -> io::Result<()> {
            size += bytes.len() as u64;
            hasher.add(bytes);
            out.as_mut().map_or(Ok(()), |out| out.write_all(bytes))
        };
        let (mut piece, mut wrong) = (Vec::new(), None);
        let found = source
            .file(of, &travelled, self.sealed.as_deref(), &mut |bytes| match &mut opener {
                Some(_) if wrong.is_some() => Ok(()),
                Some(opener) => {
                    piece.clear();
                    wrong = opener.write(bytes, &mut piece).err();
                    put(&piece)
                }
                None => put(bytes),
            })
            .await?;
        if !found {
            let words = "it is not here: export with --contents, or say --sealed-files FOLDER";
            return Ok(Err(words.to_owned()));
        }
        if let (Some(opener), None) = (opener, wrong) {
            piece.clear();
            wrong = opener.finish(&mut piece).err();
            put(&piece)?;
        }
        let is_it = hasher.hex() == sha256;
        let wrong = wrong.or((!is_it).then_some(eform_seal::Error::Digest));
        Ok(match wrong {
            Some(error) => Err(error.to_string()),
            None => Ok(Plain { sha256, travelled, size, path: None }),
        })
    }

    /// Gives files the names that the answers have for them; one that no answer names goes.
    pub fn name(
        &self,
        submission: &Submission,
        reference: &str,
        files: &[Plain],
    ) -> Result<(), CliError> {
        let Some(folder) = &self.plain else { return Ok(()) };
        let value = serde_json::to_value(submission).map_err(io::Error::from)?;
        for named in attachments::named(&value, reference) {
            let plain = files.iter().find(|file| file.sha256 == named.sha256);
            let Some(from) = plain.and_then(|file| file.path.as_ref()) else { continue };
            let path = folder.join(&named.name);
            let copy = || {
                let mut out = Replacing::begin(&path)?;
                io::copy(&mut File::open(from)?, &mut out.file)?;
                out.finish()
            };
            // Told by the name without the one that a citizen has chosen.
            copy().map_err(|error| file(from, error))?;
        }
        for path in files.iter().filter_map(|file| file.path.as_ref()) {
            fs::remove_file(path).map_err(|error| file(path, error))?;
        }
        Ok(())
    }
}
