//! A form whose files go before its submissions, such files, and what a client of tus asks.

use axum::{body::Body, http::Method};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use eform::{Submission, Uploaded};
use serde_json::{Value, json};

use super::{
    Answer, Client, ID, Place, submission,
    wire::{Came, ask},
};

/// Takes at most 20 MB in all.
pub const FORM: &str = r#"{
  "id": "claim", "version": "1", "title": "Claim", "languages": ["en"],
  "submit": { "url": "/api/submissions",
              "uploads": { "url": "/api/uploads", "maxSize": 20000000 } },
  "pages": [{ "id": "who", "title": "Who", "fields": [
    { "id": "name", "type": "text", "label": "Name" },
    { "id": "scans", "type": "attachment", "label": "Scans", "max": 9, "maxSize": 20000000 }
  ] }]
}"#;

pub const OCTETS: (&str, &str) = ("content-type", "application/offset+octet-stream");
pub const TUS: (&str, &str) = ("tus-resumable", "1.0.0");

/// Bytes of this number, as no picture has them: the same for the same seed.
pub fn bytes(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

pub fn sha256(bytes: &[u8]) -> String {
    eform::hex(&eform::sha256(bytes))
}

/// A submission whose answers name these files, all of which go before it.
pub fn claim(id: &str, files: &[&[u8]]) -> Submission {
    let scan = |file: &&[u8]| {
        json!({ "name": "ลับมาก7f3a.pdf", "type": "application/pdf", "size": file.len(),
                "sha256": sha256(file) })
    };
    let scans: Vec<Value> = files.iter().map(scan).collect();
    let mut claim = submission(json!({ "name": "ก", "scans": scans }));
    claim.id = id.to_owned();
    claim.form = "claim".to_owned();
    claim.version = "1".to_owned();
    claim.definition = eform::digest(FORM.as_bytes());
    let uploaded = |file: &&[u8]| Uploaded { sha256: sha256(file), size: file.len() as u64 };
    claim.uploads = files.iter().map(uploaded).collect();
    claim
}

pub fn metadata(submission: &str, sha256: &str, definition: &str) -> String {
    let pairs = [("submission", submission), ("sha256", sha256), ("definition", definition)];
    pairs.map(|(name, value)| format!("{name} {}", STANDARD.encode(value))).join(",")
}

/// The metadata of a file for a submission of [`FORM`].
pub fn metadata_of(submission: &str, file: &[u8]) -> String {
    metadata(submission, &sha256(file), &eform::digest(FORM.as_bytes()))
}

impl Place {
    /// With the form whose files go before.
    pub fn with_files(self) -> Self {
        self.write("forms/claim.json", FORM);
        self
    }
}

impl Answer {
    pub fn offset(&self) -> u64 {
        self.header("upload-offset").parse().unwrap()
    }

    /// Must have this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        let said = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status.as_u16(), status, "{said}");
        assert_eq!(self.header("tus-resumable"), "1.0.0");
        assert_eq!(self.header("cache-control"), "no-store");
        self
    }

    /// Must be refused in this way.
    #[track_caller]
    pub fn refused(self, status: u16, kind: &str) -> Self {
        let answer = self.is(status);
        assert_eq!(answer.json()["type"], format!("/problems/{kind}"));
        assert_eq!(answer.json()["status"], status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        answer
    }
}

impl Client {
    /// Announces a file for a submission of [`FORM`].
    pub async fn announce(&self, submission: &str, file: &[u8]) -> Answer {
        let length = file.len().to_string();
        let metadata = metadata_of(submission, file);
        let headers = [TUS, ("upload-length", &*length), ("upload-metadata", &*metadata)];
        self.send(Method::POST, "/api/uploads", &headers, "").await
    }

    pub async fn patch(&self, location: &str, offset: u64, piece: impl Into<Body>) -> Answer {
        let offset = offset.to_string();
        let headers = [TUS, OCTETS, ("upload-offset", &*offset)];
        self.send(Method::PATCH, location, &headers, piece).await
    }

    pub async fn head(&self, location: &str) -> Answer {
        self.send(Method::HEAD, location, &[TUS], "").await
    }

    /// Sends all of a file. Gives where it is.
    pub async fn upload(&self, submission: &str, file: &[u8]) -> String {
        let announced = self.announce(submission, file).await.is(201);
        let location = announced.header("location").to_owned();
        if announced.offset() < file.len() as u64 {
            let rest = file[announced.offset() as usize..].to_vec();
            assert!(self.patch(&location, announced.offset(), rest).await.status.is_success());
        }
        location
    }

    /// Sends a submission that names these files.
    pub async fn put_claim(&self, files: &[&[u8]]) -> Answer {
        self.put(ID, &claim(ID, files).to_json()).await
    }
}

/// What is in the folder of uploads, but the object that says whose it is.
pub fn objects(place: &Place) -> Vec<String> {
    let entries = std::fs::read_dir(place.uploads()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != "database").collect()
}

/// Announces a file to a server at a real port.
pub fn announce(address: &str, submission: &str, file: &[u8]) -> std::io::Result<Came> {
    let (length, metadata) = (file.len().to_string(), metadata_of(submission, file));
    let headers = [TUS, ("upload-length", &*length), ("upload-metadata", &*metadata)];
    ask(address, "POST", "/api/uploads", &headers, b"")
}

pub fn head(address: &str, location: &str) -> std::io::Result<Came> {
    ask(address, "HEAD", location, &[TUS], b"")
}
