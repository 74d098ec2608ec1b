//! The key that signs receipts, and its public half for everybody who wants to check one.
//!
//! The private key is a file beside the database, `FILE.key`, readable by its owner only, made at
//! the first start: a JSON Web Key (RFC 8037, Ed25519). Back it up together with the database;
//! without it, no new receipt can be told from the old agency's. The public half is served as a
//! JWK Set at `/.well-known/eform-keys.json`.

use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use axum::{Json, Router, extract::State, http::header, response::IntoResponse, routing::get};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::{Agency, private_file};

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
    /// Reads the key that belongs to the database `db`, or makes it.
    pub fn load_or_create(db: &Path) -> Result<Self, KeyError> {
        match Self::load(db) {
            Err(KeyError::File { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
                Self::create(db)
            }
            other => other,
        }
    }

    /// Reads the key that belongs to the database `db`.
    pub fn load(db: &Path) -> Result<Self, KeyError> {
        let path = path(db);
        let bytes = std::fs::read(&path).map_err(|error| file(&path, error))?;
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

    fn create(db: &Path) -> Result<Self, KeyError> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed)?;
        let keys = Self::from_seed(&seed);
        let jwk = Jwk { d: Some(URL_SAFE_NO_PAD.encode(seed)), ..keys.public() };
        let path = path(db);
        let write = || {
            let mut file = private_file::create_new(&path)?;
            serde_json::to_writer(&mut file, &jwk)?;
            file.write_all(b"\n")?;
            file.sync_all()
        };
        write().map_err(|error| file(&path, error))?;
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

fn path(db: &Path) -> PathBuf {
    let mut path = db.as_os_str().to_owned();
    path.push(".key");
    path.into()
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
        let db = folder.path().join("agency.db");
        for text in ["", "{}", r#"{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}"#] {
            std::fs::write(path(&db), text).unwrap();
            assert!(matches!(Keys::load_or_create(&db), Err(KeyError::NotAKey(_))), "{text}");
            assert_eq!(std::fs::read_to_string(path(&db)).unwrap(), text);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_new_key_can_be_read_by_its_owner_only_and_stays_the_same() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("agency.db");
        let first = Keys::load_or_create(&db).unwrap();
        assert_eq!(std::fs::metadata(path(&db)).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Keys::load_or_create(&db).unwrap().kid(), first.kid());
    }
}
