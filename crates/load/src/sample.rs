//! What is sent: the farmer registration as one of its cases fills it in, each time under another id.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use eform::{Date, Form, Session, Submission};
use serde_json::Value;

use crate::Result;

const FORM: &str = "farmer-registration";

/// One that is right, and how many were made of it.
pub struct Sample {
    submission: Submission,
    made: u64,
}

/// A submission, ready to go.
pub struct Sent {
    pub id: String,
    pub digest: String,
    pub body: String,
    /// All bytes of the request.
    pub request: Vec<u8>,
}

impl Sample {
    pub fn read() -> Result<Self> {
        let folder = forms();
        let read =
            |name: String| fs::read(folder.join(&name)).map_err(|error| format!("{name}: {error}"));
        let bytes = read(format!("{FORM}.json"))?;
        let form = Form::parse(&bytes).map_err(|error| error.to_string())?;
        let cases = read(format!("{FORM}.cases.json"))?;
        let cases: Value = serde_json::from_slice(&cases).map_err(|error| error.to_string())?;
        let today = cases["today"].as_str().unwrap_or_default();
        let day = Date::parse_iso(today).ok_or("the cases have no day")?;
        let entered = cases["cases"].as_array().into_iter().flatten();
        let answers = entered.filter_map(|case| case["answers"].as_object()).find_map(|entered| {
            let session = Session::new(form.clone(), entered, day);
            let files = session.check_enclosed(&[], &[]);
            session.submission().filter(|_| files.is_empty()).cloned()
        });
        let submission = Submission {
            id: String::new(),
            form: FORM.to_owned(),
            version: form.definition().version.clone(),
            definition: form.digest().to_owned(),
            language: "th".to_owned(),
            completed_at: format!("{today}T08:00:00+07:00"),
            replaces: None,
            answers: Some(answers.ok_or("no case can be submitted without files")?),
            sealed: None,
            attachments: Vec::new(),
            uploads: Vec::new(),
        };
        Ok(Self { submission, made: 0 })
    }

    /// The next one, as a phone sends it.
    pub fn next(&mut self, host: &str) -> Sent {
        self.made += 1;
        let id = format!("0197a1b2-c3d4-7e5f-8a6b-{:012x}", self.made);
        self.submission.id.clone_from(&id);
        let body = self.submission.to_json();
        let sha256 = STANDARD.encode(eform::sha256(body.as_bytes()));
        let mut request = format!(
            "PUT /api/submissions/{id} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Content-Digest: sha-256=:{sha256}:\r\nIdempotency-Key: \"{id}\"\r\n\
             Content-Length: {}\r\n\r\n",
            body.len()
        );
        request.push_str(&body);
        Sent { id, digest: eform::digest(body.as_bytes()), body, request: request.into_bytes() }
    }
}

/// The forms that the agency serves.
pub fn forms() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/forms")
}
