//! The key that signs receipts, and its public half for everybody who wants to check one.
//!
//! The private key is a file, readable by its owner only: a JSON Web Key (RFC 8037, Ed25519). Beside
//! a SQLite file it is `FILE.key`, made at the first start; all processes on one PostgreSQL database
//! are given the same one. The database knows it by its thumbprint, so that nobody signs with another
//! by mistake. Back it up together with the database; without it, no new receipt can be told from the
//! old agency's. The public half is served as a JWK Set at `/.well-known/eform-keys.json`.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use axum::{Json, Router, extract::State, http::header, response::IntoResponse, routing::get};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::{Agency, Database, DatabaseError, Location, private_file};

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or made.
    #[error("the key {path}: {error}")]
    File {
        /// The key's file.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// The file is there and is not a key. It is never overwritten.
    #[error("the key {0} is not an Ed25519 JSON Web Key; restore it from the backup")]
    NotAKey(String),
    /// It is not said where the key is.
    #[error("with PostgreSQL, --key FILE says where the key is that signs receipts")]
    Nowhere,
    /// There is no file, and none is made of its own accord.
    #[error(
        "there is no key {0}. Restore it from the backup or take it from where another process \
         runs; before the first start, make it with `eform-agency signing-key`"
    )]
    Missing(String),
    /// It is not the one that the database knows.
    #[error(
        "the key {path} is not the one that signs for this database. Give every process the same \
         file, that with the thumbprint {kid}"
    )]
    Other {
        /// The key's file.
        path: String,
        /// The right one's thumbprint.
        kid: String,
    },
    /// The database does not say which key is its.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The operating system gives no random numbers.
    #[error("no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

/// The agency's signing key.
pub struct Keys {
    signing: SigningKey,
    kid: String,
}

/// RFC 8037: an Ed25519 key as JSON. `d` is the private half.
#[derive(Serialize, Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    d: Option<String>,
    #[serde(default)]
    kid: String,
    #[serde(rename = "use", default)]
    usage: String,
    #[serde(default)]
    alg: String,
}

#[derive(Serialize)]
struct JwkSet {
    keys: [Jwk; 1],
}

impl Keys {
    /// The key in `path` if it signs for this database. A SQLite database that knows none yet gets a new
    /// one; what several processes share is made once, by [`Keys::make`].
    pub async fn of(database: &Database, db: &Location, path: &Path) -> Result<Self, KeyError> {
        let known = database.kid().await.map_err(DatabaseError::from)?;
        let keys = match Self::load(path) {
            Err(KeyError::Missing(_)) if known.is_none() && db.file().is_some() => {
                Self::create(path)?
            }
            other => other?,
        };
        database.note_kid(&keys.kid).await.map_err(DatabaseError::from)?;
        keys.known_to(database, path).await
    }

    /// Makes the key when it is not there, and has the database know it; another one that it knows
    /// gives way only if it is to be replaced.
    pub async fn make(database: &Database, path: &Path, replace: bool) -> Result<Self, KeyError> {
        let known = database.kid().await.map_err(DatabaseError::from)?;
        let keys = match Self::load(path) {
            Err(KeyError::Missing(_)) if known.is_none() || replace => Self::create(path)?,
            other => other?,
        };
        let noted = match replace {
            true => database.change_kid(&keys.kid).await,
            false => database.note_kid(&keys.kid).await,
        };
        noted.map_err(DatabaseError::from)?;
        keys.known_to(database, path).await
    }

    async fn known_to(self, database: &Database, path: &Path) -> Result<Self, KeyError> {
        match database.kid().await.map_err(DatabaseError::from)? {
            Some(kid) if kid != self.kid => {
                Err(KeyError::Other { path: path.display().to_string(), kid })
            }
            _ => Ok(self),
        }
    }

    /// Reads the key in this file.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let bytes = std::fs::read(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => KeyError::Missing(path.display().to_string()),
            _ => file(path, error),
        })?;
        let not_a_key = || KeyError::NotAKey(path.display().to_string());
        let jwk: Jwk = serde_json::from_slice(&bytes).map_err(|_| not_a_key())?;
        let seed: [u8; 32] = jwk
            .d
            .and_then(|d| URL_SAFE_NO_PAD.decode(d).ok())
            .and_then(|seed| seed.try_into().ok())
            .ok_or_else(not_a_key)?;
        let keys = Self::from_seed(&seed);
        if jwk.kty != "OKP" || jwk.crv != "Ed25519" || jwk.x != keys.x() {
            return Err(not_a_key());
        }
        Ok(keys)
    }

    /// Makes a new one in a file that is not there.
    pub(crate) fn create(path: &Path) -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        let keys = Self::from_seed(&seed);
        let jwk = Jwk { d: Some(URL_SAFE_NO_PAD.encode(seed)), ..keys.public() };
        let write = || {
            let mut file = private_file::create_new(path)?;
            serde_json::to_writer(&mut file, &jwk)?;
            file.write_all(b"\n")?;
            file.sync_all()
        };
        write().map_err(|error| file(path, error))?;
        Ok(keys)
    }

    fn from_seed(seed: &[u8; 32]) -> Self {
        let signing = SigningKey::from_bytes(seed);
        let kid = thumbprint(&signing.verifying_key());
        Self { signing, kid }
    }

    /// The RFC 7638 thumbprint of the public key.
    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.signing.sign(message).to_bytes()
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| {
            self.signing.verifying_key().verify_strict(message, &signature).is_ok()
        })
    }

    fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.signing.verifying_key().as_bytes())
    }

    fn public(&self) -> Jwk {
        Jwk {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: self.x(),
            d: None,
            kid: self.kid.clone(),
            usage: "sig".to_owned(),
            alg: "EdDSA".to_owned(),
        }
    }
}

/// `/.well-known/eform-keys.json`.
pub(crate) fn router() -> Router<Agency> {
    Router::new().route("/.well-known/eform-keys.json", get(published))
}

async fn published(State(agency): State<Agency>) -> impl IntoResponse {
    let set = JwkSet { keys: [agency.keys().public()] };
    ([(header::CONTENT_TYPE, "application/jwk-set+json")], Json(set))
}

/// RFC 7638 section 3: the required members in the order of their names, without spaces.
fn thumbprint(key: &VerifyingKey) -> String {
    let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(eform::sha256(members.as_bytes()))
}

/// Where the key is: in the file that is named, or else beside the database's own.
pub(crate) fn place(db: &Location, named: Option<PathBuf>) -> Result<PathBuf, KeyError> {
    if let Some(path) = named {
        return Ok(path);
    }
    let mut path = db.file().ok_or(KeyError::Nowhere)?.as_os_str().to_owned();
    path.push(".key");
    Ok(path.into())
}

fn file(path: &Path, error: io::Error) -> KeyError {
    KeyError::File { path: path.display().to_string(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thumbprint_of_the_key_in_rfc_8037_is_the_published_one() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let x: [u8; 32] = URL_SAFE_NO_PAD.decode(x).unwrap().try_into().unwrap();
        let key = VerifyingKey::from_bytes(&x).unwrap();
        assert_eq!(thumbprint(&key), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn signature_of_the_example_in_rfc_8037_is_the_published_one() {
        let d = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
        let seed: [u8; 32] = URL_SAFE_NO_PAD.decode(d).unwrap().try_into().unwrap();
        let signed = Keys::from_seed(&seed)
            .sign(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
        assert_eq!(
            URL_SAFE_NO_PAD.encode(signed),
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
        );
    }

    #[test]
    fn a_file_that_is_not_a_key_is_refused_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        for text in ["", "{}", r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}"#] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(Keys::load(&path), Err(KeyError::NotAKey(_))), "{text}");
            assert!(matches!(Keys::create(&path), Err(KeyError::File { .. })), "{text}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_new_key_can_be_read_by_its_owner_only_and_stays_the_same() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let first = Keys::create(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Keys::load(&path).unwrap().kid(), first.kid());
    }
}
