//! The private key that opens what was sealed, in a file of its own that a passphrase protects. It is
//! made and used where officers work, never on the server. Inside is a JSON Web Key (RFC 8037), so that
//! any other program can use it too.

use std::{
    io::{self, Write as _},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use eform::SealTo;
use eform_seal::PrivateKey;
use serde::{Deserialize, Serialize};

use super::{
    age::{self, Random, Unopened},
    passphrase::PassphraseError,
};
use crate::private_file;

/// Why there is no key to open with.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or made.
    #[error("{path}: {error}")]
    File {
        /// The key's file.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// It is not a key that this program made.
    #[error(
        "{0} is not a key that opens sealed answers: `eform-agency keys new` makes such a file. The \
         key that signs receipts is another one"
    )]
    NotAKey(String),
    /// The passphrase does not open the file.
    #[error("{0}: the passphrase is wrong, or the file was changed")]
    Passphrase(String),
    /// There is no passphrase.
    #[error(transparent)]
    NoPassphrase(#[from] PassphraseError),
    /// The name cannot stand in a definition.
    #[error(
        "{0} is no name for a key: 1 to 64 letters a-z and A-Z, digits, `-` and `_`, as 2569-1"
    )]
    Name(String),
    /// The operating system gives no random numbers.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// The key could not be protected.
    #[error("the key could not be protected by a passphrase; nothing was made")]
    Protect,
}

/// A private key with its name.
pub struct SealingKey {
    /// What definitions and submissions call it.
    pub kid: String,
    /// The key.
    pub private: PrivateKey,
}

/// RFC 8037: an X25519 key as JSON. `d` is the private half.
#[derive(Serialize, Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    kid: String,
    x: String,
    d: String,
}

impl SealingKey {
    /// Makes a new key under this name.
    pub fn make(kid: &str) -> Result<Self, KeyFileError> {
        let fit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if kid.is_empty() || kid.len() > 64 || !kid.bytes().all(fit) {
            return Err(KeyFileError::Name(kid.to_owned()));
        }
        Ok(Self { kid: kid.to_owned(), private: PrivateKey::new(random()?) })
    }

    /// What a definition's `submit` says of it.
    pub fn seal_to(&self) -> SealTo {
        self.private.seal_to(&self.kid)
    }

    /// Writes it to a file that is not there.
    pub fn write(&self, path: &Path, passphrase: &str) -> Result<(), KeyFileError> {
        let jwk = Jwk {
            kty: "OKP".to_owned(),
            crv: "X25519".to_owned(),
            kid: self.kid.clone(),
            x: URL_SAFE_NO_PAD.encode(self.private.public()),
            d: URL_SAFE_NO_PAD.encode(self.private.to_bytes()),
        };
        let json = serde_json::to_vec(&jwk).map_err(|_| KeyFileError::Protect)?;
        let random = Random { file_key: random()?, salt: random()?, nonce: random()? };
        let text = age::protect(&json, passphrase, age::WORK, &random);
        let text = text.ok_or(KeyFileError::Protect)?;
        let write = || {
            let mut file = private_file::create_new(path)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        write().map_err(|error| file(path, error))
    }

    /// Reads it from its file.
    pub fn read(path: &Path, passphrase: &str) -> Result<Self, KeyFileError> {
        let bytes = std::fs::read(path).map_err(|error| file(path, error))?;
        let name = || path.display().to_string();
        let json = age::reveal(&bytes, passphrase).map_err(|unopened| match unopened {
            Unopened::Passphrase => KeyFileError::Passphrase(name()),
            Unopened::Format | Unopened::Work => KeyFileError::NotAKey(name()),
        })?;
        Self::of_json(&json).ok_or_else(|| KeyFileError::NotAKey(name()))
    }

    fn of_json(json: &[u8]) -> Option<Self> {
        let jwk: Jwk = serde_json::from_slice(json).ok()?;
        let private = PrivateKey::from_bytes(&URL_SAFE_NO_PAD.decode(jwk.d).ok()?)?;
        let is_whole = URL_SAFE_NO_PAD.encode(private.public()) == jwk.x;
        (is_whole && jwk.kty == "OKP" && jwk.crv == "X25519")
            .then_some(Self { kid: jwk.kid, private })
    }
}

fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

fn file(path: &Path, error: io::Error) -> KeyFileError {
    KeyFileError::File { path: path.display().to_string(), error }
}
