//! A submission as a file (`docs/protocol.md`, «The file»): for another phone, or an officer, to
//! deliver. Here is how its bytes are laid out; both sides read and write it by this. Nothing here
//! encrypts: the page does that with the browser's functions, the agency with its own.

use serde_json::{Map, Value};

use crate::{Uploaded, json};

/// How many bytes of the contents are encrypted together; the last piece may have fewer.
pub const PIECE_BYTES: usize = 256 * 1024;

/// What a piece is longer by once it is encrypted: the tag of AES-GCM.
pub const TAG_BYTES: usize = 16;

/// The length of a [`Header`].
pub const HEADER_BYTES: usize = 40;

/// How often PBKDF2 goes round when a file is made: OWASP's advice for HMAC-SHA-256.
pub const ITERATIONS: u32 = 600_000;

/// A file that asks for more would only keep the phone busy.
const MOST_ITERATIONS: u32 = 10_000_000;

/// The most bytes of a [`Head`], so that it is in the first piece.
const HEAD_BYTES: usize = 64 * 1024;

const MAGIC: &[u8; 8] = b"\x89EFORM\r\n";
const VERSION: u8 = 1;

/// The 25 characters of a code: none looks like another, and none is a vowel.
const ALPHABET: &[u8; 25] = b"23456789CDFGHJKMNPQRTVWXY";

/// How many characters a code has: 74 bits.
pub const CODE_LENGTH: usize = 16;

/// Why a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiledError {
    /// It does not begin as such a file does.
    NotOne,
    /// It was made by a later version of the kit.
    Newer,
    /// It ends before its end, or goes on after it.
    Cut,
    /// The code is not that of the file, or the beginning of the file was changed.
    Code,
    /// A piece after the first was changed, or what is in it does not fit together.
    Damaged,
}

impl FiledError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotOne => "file-not-one",
            Self::Newer => "file-newer",
            Self::Cut => "file-cut",
            Self::Code => "file-code",
            Self::Damaged => "file-damaged",
        }
    }
}

/// The first bytes of a file, which are not encrypted, but go into every piece as associated data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// How often PBKDF2 goes round.
    pub iterations: u32,
    /// Of the key; drawn by chance for each file, so that no two have one key.
    pub salt: [u8; 16],
    /// How many bytes the contents have, before they are encrypted.
    pub length: u64,
}

impl Header {
    /// As it stands in the file.
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..8].copy_from_slice(MAGIC);
        bytes[8] = VERSION;
        bytes[12..16].copy_from_slice(&self.iterations.to_be_bytes());
        bytes[16..32].copy_from_slice(&self.salt);
        bytes[32..].copy_from_slice(&self.length.to_be_bytes());
        bytes
    }

    /// From the first bytes of a file that has `size` bytes in all.
    ///
    /// # Errors
    /// What is known of the file without its code.
    pub fn read(bytes: &[u8], size: u64) -> Result<Self, FiledError> {
        let start = &bytes[..bytes.len().min(MAGIC.len())];
        if start.is_empty() || !MAGIC.starts_with(start) {
            return Err(FiledError::NotOne);
        }
        let Some(bytes) = bytes.first_chunk::<HEADER_BYTES>() else { return Err(FiledError::Cut) };
        if bytes[8] != VERSION {
            return Err(FiledError::Newer);
        }
        let four = |at: usize| [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]];
        let iterations = u32::from_be_bytes(four(12));
        let mut salt = [0; 16];
        salt.copy_from_slice(&bytes[16..32]);
        let length =
            u64::from(u32::from_be_bytes(four(32))) << 32 | u64::from(u32::from_be_bytes(four(36)));
        let header = Self { iterations, salt, length };
        if four(8) != [VERSION, 0, 0, 0] || !(ITERATIONS..=MOST_ITERATIONS).contains(&iterations) {
            return Err(FiledError::NotOne);
        }
        if header.size() != Some(size) { Err(FiledError::Cut) } else { Ok(header) }
    }

    /// How many pieces there are: at least one.
    pub fn pieces(&self) -> u64 {
        self.length.div_ceil(PIECE_BYTES as u64).max(1)
    }

    /// How many bytes of the contents a piece has.
    pub fn piece_length(&self, number: u64) -> usize {
        let from = number.saturating_mul(PIECE_BYTES as u64);
        usize::try_from(self.length.saturating_sub(from))
            .map_or(PIECE_BYTES, |n| n.min(PIECE_BYTES))
    }

    /// The nonce of a piece: its number, and whether it is the last.
    pub fn nonce(&self, number: u64) -> [u8; 12] {
        let mut nonce = [0; 12];
        nonce[3..11].copy_from_slice(&number.to_be_bytes());
        nonce[11] = u8::from(number + 1 == self.pieces());
        nonce
    }

    /// How many bytes the whole file has; none where that is more than there can be.
    fn size(&self) -> Option<u64> {
        let tags = self.pieces().checked_mul(TAG_BYTES as u64)?;
        self.length.checked_add(tags)?.checked_add(HEADER_BYTES as u64)
    }
}

/// A code from random bytes, of which some are not used; none where they are too few.
pub fn code(random: &[u8]) -> Option<String> {
    // 250 is ten times 25: every character is as likely as another.
    let fair = random.iter().filter(|byte| **byte < 250);
    let code: String =
        fair.map(|byte| char::from(ALPHABET[usize::from(byte % 25)])).take(CODE_LENGTH).collect();
    (code.len() == CODE_LENGTH).then_some(code)
}

/// A code in groups of four, as people read it.
pub fn in_groups(code: &str) -> String {
    let mut out = String::new();
    for (at, letter) in code.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            out.push(' ');
        }
        out.push(letter);
    }
    out
}

/// The code that somebody typed, as [`code`] makes it: small letters, spaces and lines between the groups
/// do not matter. None where it cannot be one.
pub fn read_code(typed: &str) -> Option<String> {
    let is_between = |letter: &char| letter.is_whitespace() || matches!(letter, '-' | '–' | '—');
    let typed = typed.chars().filter(|letter| !is_between(letter));
    let mut code = String::new();
    for letter in typed {
        let letter = letter.to_ascii_uppercase();
        if !letter.is_ascii() || !ALPHABET.contains(&(letter as u8)) {
            return None;
        }
        code.push(letter);
    }
    (code.len() == CODE_LENGTH).then_some(code)
}

/// What the contents begin with: what follows, and where it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// The submission's id.
    pub id: String,
    /// [`crate::digest`] of the body.
    pub digest: String,
    /// How many bytes the body has.
    pub body_bytes: u64,
    /// The absolute URL that submissions go to.
    pub url: String,
    /// Whether they go there by POST.
    pub post: bool,
    /// The page that it was saved on, an absolute address without query: where it can be opened. Empty
    /// where that is not said.
    pub site: String,
    /// The form's id.
    pub form: String,
    /// The form's title as the definition has it.
    pub title: Value,
    /// Digest of the definition that the form was filled in with.
    pub definition: String,
    /// The absolute URL that files are announced at; empty without any.
    pub uploads_url: String,
    /// The files that go before the submission, in the order in which they follow the body.
    pub files: Vec<Uploaded>,
}

impl Head {
    /// The first bytes of the contents: the length in four bytes, and JSON.
    pub fn to_bytes(&self) -> Vec<u8> {
        let files: Vec<Value> = self.files.iter().map(Uploaded::to_value).collect();
        let members = [
            ("id", self.id.as_str().into()),
            ("digest", self.digest.as_str().into()),
            ("bytes", self.body_bytes.into()),
            ("url", self.url.as_str().into()),
            ("post", self.post.into()),
            ("site", self.site.as_str().into()),
            ("form", self.form.as_str().into()),
            ("title", self.title.clone()),
            ("definition", self.definition.as_str().into()),
            ("uploadsUrl", self.uploads_url.as_str().into()),
            ("files", files.into()),
        ];
        let members = members.map(|(name, value): (&str, Value)| (name.to_owned(), value));
        let json = json::write(&Value::Object(Map::from_iter(members)));
        let length = u32::try_from(json.len()).unwrap_or(u32::MAX);
        [&length.to_be_bytes(), json.as_bytes()].concat()
    }

    /// Whether another can read it: there is a limit to what it may hold.
    pub fn fits(&self) -> bool {
        self.to_bytes().len() <= HEAD_BYTES
    }

    /// How many bytes the contents have, with this head of so many.
    pub fn contents(&self, head_bytes: usize) -> Option<u64> {
        let files = self.files.iter().map(|file| file.size);
        files.chain([self.body_bytes]).try_fold(head_bytes as u64, u64::checked_add)
    }

    /// From the first piece of contents of this length; and how many bytes of it that were.
    ///
    /// # Errors
    /// [`FiledError::Damaged`] where it cannot be read, or speaks of more or less than there is.
    pub fn read(piece: &[u8], length: u64) -> Result<(Self, usize), FiledError> {
        Self::find(piece)
            .filter(|(head, bytes)| head.contents(*bytes) == Some(length))
            .ok_or(FiledError::Damaged)
    }

    fn find(piece: &[u8]) -> Option<(Self, usize)> {
        let (length, rest) = piece.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let json = json::read(rest.get(..length)?).ok()?;
        let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
        let file = |file: &Value| {
            let sha256 = file.get("sha256")?.as_str()?;
            let is_digest = sha256.len() == 64
                && sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            let size = file.get("size")?.as_u64()?;
            is_digest.then(|| Uploaded { sha256: sha256.to_owned(), size })
        };
        let head = Self {
            id: text("id")?,
            digest: text("digest")?,
            body_bytes: json.get("bytes")?.as_u64()?,
            url: text("url")?,
            post: json.get("post").and_then(Value::as_bool).unwrap_or_default(),
            site: text("site").unwrap_or_default(),
            form: text("form")?,
            title: json.get("title").cloned().unwrap_or_default(),
            definition: text("definition")?,
            uploads_url: text("uploadsUrl").unwrap_or_default(),
            files: json.get("files")?.as_array()?.iter().map(file).collect::<Option<_>>()?,
        };
        // It becomes a key in a database and the end of an address.
        is_uuid(&head.id).then_some((head, 4 + length))
    }
}

/// RFC 9562 in the one spelling that we use: lower case, with hyphens. Any version will do.
pub fn is_uuid(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// Tells what follows the head apart, as it comes in pieces of any length.
#[derive(Debug)]
pub struct Rest {
    sizes: Vec<u64>,
    at: usize,
    left: u64,
}

impl Rest {
    /// What follows this head.
    pub fn of(head: &Head) -> Self {
        let sizes = [head.body_bytes].into_iter().chain(head.files.iter().map(|file| file.size));
        Self { sizes: sizes.collect(), at: 0, left: head.body_bytes }
    }

    /// Takes what belongs together from the beginning of `bytes`: 0 and bytes of the body, 1 and bytes of
    /// the first file, and so on. None where nothing is left of them. Of what is empty nothing comes.
    pub fn take<'a>(&mut self, bytes: &mut &'a [u8]) -> Option<(usize, &'a [u8])> {
        while self.left == 0 && self.at + 1 < self.sizes.len() {
            self.at += 1;
            self.left = self.sizes[self.at];
        }
        let length = bytes.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let (some, rest) = bytes.split_at(length);
        *bytes = rest;
        self.left -= length as u64;
        (length > 0).then_some((self.at, some))
    }
}

#[cfg(test)]
#[path = "filed_tests.rs"]
mod tests;
