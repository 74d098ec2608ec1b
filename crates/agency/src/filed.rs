//! A submission that was saved as a file, opened by its code (`docs/protocol.md`, «The file»). How its
//! bytes are laid out is in `eform::filed`. No more than a piece of it is in memory at a time, and
//! nothing of a piece is given on before the whole of that piece is known to be right.

use std::{
    fs::File,
    io::{self, Read as _},
    num::NonZeroU32,
    path::Path,
};

use eform::filed::{FiledError, HEADER_BYTES, Head, Header, Rest, TAG_BYTES, read_code};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    pbkdf2,
};

/// Why a file cannot be read: the text is what the officer sees.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not there, or cannot be read.
    #[error(transparent)]
    Read(#[from] io::Error),
    /// It is not one, is not whole, or the code is another's.
    #[error("{}", words(*.0))]
    Filed(FiledError),
}

impl From<FiledError> for OpenError {
    fn from(error: FiledError) -> Self {
        Self::Filed(error)
    }
}

fn words(error: FiledError) -> &'static str {
    match error {
        FiledError::NotOne => "this is not a submission that was saved as a file",
        FiledError::Newer => "a newer version of the kit made this file; update eform-agency",
        FiledError::Cut => "a part of this file is missing; copy it again from where it came",
        FiledError::Code => {
            "the code is not right, or the file was changed on its way; ask for the code again, and \
             then for the file"
        }
        FiledError::Damaged => "this file was changed on its way; copy it again from where it came",
    }
}

/// A file that is open at its first file that goes before the submission.
pub struct Filed {
    file: File,
    key: LessSafeKey,
    header: Header,
    /// The number of the piece that comes next.
    next: u64,
    piece: Vec<u8>,
    /// How much of the piece has been given on.
    given: usize,
    rest: Rest,
    /// What the file says of itself; its digest has been compared.
    pub head: Head,
    /// The submission as it would be sent.
    pub body: Vec<u8>,
}

impl Filed {
    /// Opens a file, and reads the submission in it.
    ///
    /// # Errors
    /// When it cannot be read, or not with this code, or is damaged as far as the submission goes.
    pub fn open(path: &Path, code: &str) -> Result<Self, OpenError> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut start = Vec::with_capacity(HEADER_BYTES);
        file.by_ref().take(HEADER_BYTES as u64).read_to_end(&mut start)?;
        let header = Header::read(&start, size)?;
        let code = read_code(code).ok_or(FiledError::Code)?;
        let key = key(&header, &code).ok_or(FiledError::NotOne)?;
        let piece = piece(&mut file, &key, &header, 0).map_err(|error| match error {
            OpenError::Filed(FiledError::Damaged) => FiledError::Code.into(),
            other => other,
        })?;
        let (head, given) = Head::read(&piece, header.length)?;
        if head.body_bytes > eform::limits::SUBMISSION_BYTES as u64 {
            return Err(FiledError::Damaged.into());
        }
        let rest = Rest::of(&head);
        let mut filed =
            Self { file, key, header, next: 1, piece, given, rest, head, body: Vec::new() };
        while (filed.body.len() as u64) < filed.head.body_bytes {
            let Some((_, from, to)) = filed.some()? else { break };
            filed.body.extend_from_slice(&filed.piece[from..to]);
        }
        match eform::digest(&filed.body) == filed.head.digest {
            true => Ok(filed),
            false => Err(FiledError::Damaged.into()),
        }
    }

    /// The next bytes of the files: the number of the file, from 0, and some of it. None at the end.
    ///
    /// # Errors
    /// When the file cannot be read any more, or is damaged from here on.
    pub fn more(&mut self) -> Result<Option<(usize, &[u8])>, OpenError> {
        let found = self.some()?;
        // The body, which is 0, has been read.
        Ok(found.map(|(which, from, to)| (which.saturating_sub(1), &self.piece[from..to])))
    }

    /// Which is next, and where in the piece it is.
    fn some(&mut self) -> Result<Option<(usize, usize, usize)>, OpenError> {
        loop {
            let mut left = &self.piece[self.given..];
            if let Some((which, some)) = self.rest.take(&mut left) {
                let from = self.given;
                self.given += some.len();
                return Ok(Some((which, from, self.given)));
            }
            if self.next == self.header.pieces() {
                return Ok(None);
            }
            self.piece = piece(&mut self.file, &self.key, &self.header, self.next)?;
            (self.next, self.given) = (self.next + 1, 0);
        }
    }
}

fn key(header: &Header, code: &str) -> Option<LessSafeKey> {
    let mut bytes = [0; 32];
    let iterations = NonZeroU32::new(header.iterations)?;
    let how = pbkdf2::PBKDF2_HMAC_SHA256;
    pbkdf2::derive(how, iterations, &header.salt, code.as_bytes(), &mut bytes);
    UnboundKey::new(&AES_256_GCM, &bytes).ok().map(LessSafeKey::new)
}

/// A piece of the contents.
fn piece(
    file: &mut impl io::Read,
    key: &LessSafeKey,
    header: &Header,
    number: u64,
) -> Result<Vec<u8>, OpenError> {
    let mut sealed = vec![0; header.piece_length(number) + TAG_BYTES];
    file.read_exact(&mut sealed).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => FiledError::Cut.into(),
        _ => OpenError::from(error),
    })?;
    let nonce = Nonce::assume_unique_for_key(header.nonce(number));
    let opened = key.open_in_place(nonce, Aad::from(header.to_bytes()), &mut sealed);
    let length = opened.map_err(|_| FiledError::Damaged)?.len();
    sealed.truncate(length);
    Ok(sealed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTOR: &[u8] = include_bytes!("../../form/tests/data/filed/visit.eform");

    /// The other tests change some, and make the key anew each time.
    #[test]
    fn no_byte_of_a_piece_can_be_changed_nor_of_what_goes_with_it() {
        let header = Header::read(VECTOR, VECTOR.len() as u64).unwrap();
        let key = key(&header, "23456789CDFGHJKM").unwrap();
        assert!(piece(&mut &VECTOR[HEADER_BYTES..], &key, &header, 0).is_ok());
        let is_damaged = |found| matches!(found, Err(OpenError::Filed(FiledError::Damaged)));
        for at in HEADER_BYTES..VECTOR.len() {
            for bit in [1, 128] {
                let mut changed = VECTOR.to_vec();
                changed[at] ^= bit;
                let found = piece(&mut &changed[HEADER_BYTES..], &key, &header, 0);
                assert!(is_damaged(found), "{at}");
            }
        }
        let mut other = header;
        other.iterations += 1;
        assert!(is_damaged(piece(&mut &VECTOR[HEADER_BYTES..], &key, &other, 0)));
    }
}
