//! A file, sealed by itself and piece by piece, so that a phone never holds it twice. It is bound to
//! the submission's id and to what it was before; which pieces there are, in which order, and which is
//! the last, cannot be changed either.
//!
//! A header of four lines of text, then the pieces: each 256 KiB of the file and 16 bytes more, the
//! last one shorter.

use eform::SealTo;
use sha2::{Digest as _, Sha256};

use crate::Error;
use crate::suite::{self, Opening, PrivateKey, SUITE, Sealing, TAG};

/// The bytes of a file in one piece.
const PIECE: usize = 1 << 18;

/// The bytes of a sealed piece.
const SEALED: usize = PIECE + TAG;

/// 32 bytes in base 64, and the end of the line.
const ENC: usize = 45;

/// The header's lines before the key that travels.
fn beginning(kid: &str) -> String {
    ["eform sealed file\n", SUITE, "\n", kid, "\n"].concat()
}

fn info(kid: &str, id: &str, sha256: &str) -> Vec<u8> {
    suite::together(&["eform sealed file", SUITE, kid, id, sha256])
}

/// What is sealed with a piece: whether it is the last.
fn place(is_last: bool) -> &'static [u8] {
    if is_last { b"last" } else { b"more" }
}

/// The size of a file before it was sealed to the key of this name, from the size of the sealed one;
/// none where no sealed file has that.
pub fn plain_size(kid: &str, sealed: u64) -> Option<u64> {
    let pieces = sealed.checked_sub((beginning(kid).len() + ENC) as u64)?;
    let (whole, last) = (pieces / SEALED as u64, pieces % SEALED as u64);
    match last {
        0 if whole > 0 => Some(whole * PIECE as u64),
        _ => Some(whole * PIECE as u64 + last.checked_sub(TAG as u64)?),
    }
}

/// The size of a file of so many bytes once it is sealed to the key of this name.
pub fn sealed_size(kid: &str, plain: u64) -> u64 {
    let pieces = plain.div_ceil(PIECE as u64).max(1);
    (beginning(kid).len() + ENC) as u64 + plain + pieces * TAG as u64
}

/// Whether these bytes begin as a file that was sealed to the key of this name: all that can be said
/// without the private key.
pub fn is_sealed_file(kid: &str, begins: &[u8]) -> bool {
    let enc = || {
        let line = begins.strip_prefix(beginning(kid).as_bytes())?.get(..ENC)?;
        eform::base64::decode(std::str::from_utf8(line).ok()?.strip_suffix('\n')?)
    };
    enc().is_some_and(|enc| enc.len() == 32)
}

/// Seals one file as it is read.
pub struct FileSealer {
    context: Sealing,
    piece: Vec<u8>,
}

impl FileSealer {
    /// Begins a file of the submission with this id; `sha256` is the file's digest in 64 lower-case
    /// hexadecimal digits. What is ready of the sealed file is put after what `out` holds, here and below.
    /// `random` is 32 bytes that are used for nothing else.
    ///
    /// # Errors
    /// When the key is none.
    pub fn new(
        to: &SealTo,
        id: &str,
        sha256: &str,
        random: [u8; 32],
        out: &mut Vec<u8>,
    ) -> Result<Self, Error> {
        let (enc, context) = suite::sealing(to, &info(&to.kid, id, sha256), random)?;
        out.extend_from_slice([beginning(&to.kid).as_str(), &enc, "\n"].concat().as_bytes());
        Ok(Self { context, piece: Vec::new() })
    }

    /// Takes the next bytes of the file, as many as there are.
    ///
    /// # Errors
    /// None that a file can cause.
    pub fn write(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        while let Some(rest) = fill(&mut self.piece, PIECE, bytes) {
            self.seal(false, out)?;
            bytes = rest;
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// None that a file can cause.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.seal(true, out)
    }

    fn seal(&mut self, is_last: bool, out: &mut Vec<u8>) -> Result<(), Error> {
        let sealed = self.context.seal(&self.piece, place(is_last)).map_err(|_| Error::Key)?;
        out.extend_from_slice(&sealed);
        self.piece.clear();
        Ok(())
    }
}

/// Opens one file as it is read. What comes out before [`FileOpener::finish`] has said that all is
/// well must not be used: the end may be missing.
pub struct FileOpener<'a> {
    key: &'a PrivateKey,
    beginning: String,
    info: Vec<u8>,
    sha256: String,
    /// Once the header is there.
    context: Option<Opening>,
    /// The header, and then the piece, as far as it is there.
    piece: Vec<u8>,
    digest: Sha256,
}

impl<'a> FileOpener<'a> {
    /// Begins the file with this digest, of the submission with this id, that was sealed to the key of
    /// this name.
    pub fn new(key: &'a PrivateKey, kid: &str, id: &str, sha256: &str) -> Self {
        Self {
            key,
            beginning: beginning(kid),
            info: info(kid, id, sha256),
            sha256: sha256.to_owned(),
            context: None,
            piece: Vec::new(),
            digest: Sha256::new(),
        }
    }

    /// Takes the next bytes of the sealed file, as many as there are, and puts what is open of it after
    /// what `out` holds.
    ///
    /// # Errors
    /// When this is not the file as it was sealed.
    pub fn write(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        if self.context.is_none() {
            match fill(&mut self.piece, self.beginning.len() + ENC, bytes) {
                None => return Ok(()),
                Some(rest) => bytes = rest,
            }
            self.begin()?;
        }
        while let Some(rest) = fill(&mut self.piece, SEALED, bytes) {
            self.open(false, out)?;
            bytes = rest;
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When something is missing at its end, or it is not the file that the answers name.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        if self.context.is_none() {
            return Err(Error::Shape);
        }
        self.open(true, out)?;
        let is_it = eform::hex(&self.digest.finalize()) == self.sha256;
        if is_it { Ok(()) } else { Err(Error::Digest) }
    }

    fn begin(&mut self) -> Result<(), Error> {
        let header = std::str::from_utf8(&self.piece).map_err(|_| Error::Shape)?;
        let enc = header.strip_prefix(&self.beginning).and_then(|enc| enc.strip_suffix('\n'));
        let enc = enc.ok_or(Error::Shape)?;
        self.context = Some(suite::opening(self.key, enc, &self.info)?);
        self.piece.clear();
        Ok(())
    }

    fn open(&mut self, is_last: bool, out: &mut Vec<u8>) -> Result<(), Error> {
        let context = self.context.as_mut().ok_or(Error::Shape)?;
        let plain = context.open(&self.piece, place(is_last)).map_err(|_| Error::Changed)?;
        self.digest.update(&plain);
        out.extend_from_slice(&plain);
        self.piece.clear();
        Ok(())
    }
}

/// Adds to a piece until it is full and there is more: then the rest.
fn fill<'a>(piece: &mut Vec<u8>, full: usize, bytes: &'a [u8]) -> Option<&'a [u8]> {
    let (fits, rest) = bytes.split_at(bytes.len().min(full - piece.len()));
    piece.extend_from_slice(fits);
    (!rest.is_empty()).then_some(rest)
}
