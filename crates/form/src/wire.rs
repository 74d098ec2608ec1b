//! What travels between the phone and the agency: the submission, its digest, the receipt, and
//! what a refusal says. Both sides read and write these same types. Nothing here knows how they
//! travel.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::{Finding, base64, json};

/// A filled-in form on its way to the agency: the body of `PUT {submit.url}/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Submission {
    /// A UUIDv7 made on the phone, in lower case with hyphens. It is also the idempotency key.
    pub id: String,
    /// The `id` of the form.
    pub form: String,
    /// The `version` of the form.
    pub version: String,
    /// Digest of the definition's file as it was fetched (see [`digest`]).
    pub definition: String,
    /// The language that the citizen read, as a BCP 47 tag.
    pub language: String,
    /// When the citizen tapped «submit», by the phone's clock: RFC 3339 with the offset.
    pub completed_at: String,
    /// The submission that this one mends and stands in for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// The answers by field id; none where they are sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Map<String, Value>>,
    /// Instead of the answers, where the form says so (see [`crate::Submit::seal_to`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Sealed>,
    /// The files that the answers name by their digests, each digest once; sealed ones by those of the
    /// sealed file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Enclosed>,
    /// The files that the answers name and that went before the submission, each digest once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub uploads: Vec<Uploaded>,
}

/// Answers that only the agency can read: HPKE (RFC 9180). What exactly is sealed, and with what, is in
/// `docs/protocol.md`; the crate `eform-seal` does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The way in which it was sealed.
    pub suite: String,
    /// The name of the key that it was sealed to, as the definition has it.
    pub kid: String,
    /// The key that was made for this submission alone, in base 64.
    pub enc: String,
    /// What was sealed, in base 64.
    pub ciphertext: String,
}

impl Sealed {
    fn to_value(&self) -> Value {
        let Self { suite, kid, enc, ciphertext } = self;
        let members = [("suite", suite), ("kid", kid), ("enc", enc), ("ciphertext", ciphertext)];
        let members = members.map(|(name, text)| (name.to_owned(), text.as_str().into()));
        Value::Object(Map::from_iter(members))
    }
}

/// A file that went before the submission (see [`crate::Submit::uploads`]). What it is called and of
/// what type it is, is in the answer that names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uploaded {
    /// SHA-256 of the file in 64 lower-case hexadecimal digits, as in the answer.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}

impl Uploaded {
    pub(crate) fn to_value(&self) -> Value {
        let members = [("sha256", self.sha256.as_str().into()), ("size", self.size.into())];
        Value::Object(members.map(|(name, value)| (name.to_owned(), value)).into_iter().collect())
    }
}

/// A file that travels inside a submission. What it is called, and of what type, is in the answer
/// that names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enclosed {
    /// SHA-256 of the file in 64 lower-case hexadecimal digits, as in the answer.
    pub sha256: String,
    /// The file in base 64 (see [`crate::base64`]).
    pub content: String,
}

impl Enclosed {
    /// A file with its digest.
    pub fn new(bytes: &[u8]) -> Self {
        Self { sha256: hex(&sha256(bytes)), content: base64::encode(bytes) }
    }

    /// The file; none where `content` is not base 64, or not of this digest.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        base64::decode(&self.content).filter(|bytes| hex(&sha256(bytes)) == self.sha256)
    }

    fn to_value(&self) -> Value {
        let members = [("sha256", &self.sha256), ("content", &self.content)];
        let members = members.map(|(name, text)| (name.to_owned(), text.as_str().into()));
        Value::Object(Map::from_iter(members))
    }
}

impl Submission {
    /// The submission as JSON: the bytes that are sent, and that the receipt's digest is of.
    pub fn to_json(&self) -> String {
        let mut members = Map::new();
        let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
        put("id", self.id.as_str().into());
        put("form", self.form.as_str().into());
        put("version", self.version.as_str().into());
        put("definition", self.definition.as_str().into());
        put("language", self.language.as_str().into());
        put("completedAt", self.completed_at.as_str().into());
        if let Some(replaced) = &self.replaces {
            put("replaces", replaced.as_str().into());
        }
        if let Some(answers) = &self.answers {
            put("answers", Value::Object(answers.clone()));
        }
        if let Some(sealed) = &self.sealed {
            put("sealed", sealed.to_value());
        }
        if !self.attachments.is_empty() {
            put("attachments", self.attachments.iter().map(Enclosed::to_value).collect());
        }
        if !self.uploads.is_empty() {
            put("uploads", self.uploads.iter().map(Uploaded::to_value).collect());
        }
        json::write(&Value::Object(members))
    }
}

/// The agency's word that it holds a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The submission's id.
    pub id: String,
    /// For people: read out on the telephone, typed from paper.
    pub reference: String,
    /// When the submission arrived, by the agency's clock: RFC 3339.
    pub received_at: String,
    /// Digest of the body that was received (see [`digest`]).
    pub digest: String,
    /// Compact JWS (RFC 7515) over the four members above, with a key that the agency publishes.
    pub signature: String,
}

/// An error as the agency tells it: RFC 9457, `application/problem+json`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI reference for the kind of problem, for example `/problems/invalid-answers`.
    #[serde(rename = "type", default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The HTTP status again.
    #[serde(default)]
    pub status: u16,
    /// One short sentence for people, in English.
    #[serde(default)]
    pub title: String,
    /// What exactly was wrong this time.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What is wrong with single answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemError>,
}

/// One error of a [`Problem`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ProblemError {
    /// RFC 6901 pointer into the submission's `answers`.
    #[serde(default)]
    pub pointer: String,
    /// The finding's code.
    #[serde(default)]
    pub code: String,
    /// A sentence for people; it never repeats the answer.
    #[serde(default)]
    pub detail: String,
    /// The finding's parameters, so that the page can say it in the citizen's language.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Value>,
}

impl From<&Finding> for ProblemError {
    fn from(finding: &Finding) -> Self {
        Self {
            pointer: finding.path.clone(),
            code: finding.code.to_string(),
            detail: finding.message("en"),
            params: finding.params.clone(),
        }
    }
}

/// SHA-256 of `bytes` as `sha256:` and 64 lower-case hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    ["sha256:", &hex(&sha256(bytes))].concat()
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::new();
    for byte in bytes {
        out.push(char::from(HEX[usize::from(byte >> 4)]));
        out.push(char::from(HEX[usize::from(byte & 15)]));
    }
    out
}

/// The 32 bytes of SHA-256 of `bytes`, for the `Content-Digest` header (RFC 9530).
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of what comes in pieces, so that no more than one of them need be in memory.
#[derive(Debug, Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// The next piece.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all pieces, in 64 lower-case hexadecimal digits.
    pub fn hex(self) -> String {
        hex(&self.0.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::{Enclosed, Submission, digest};

    #[test]
    fn a_submission_is_written_as_it_is_read() {
        let json = serde_json::json!({
            "id": "a", "form": "f", "version": "1", "definition": "sha256:0", "language": "th",
            "completedAt": "2026-11-20T08:14:03+07:00", "replaces": "b", "answers": { "area": 1.25, "ชื่อ": "น้ำ" },
            "attachments": [Enclosed::new(b""), Enclosed::new(b"\0\xFF\n")],
            "uploads": [{ "sha256": "00", "size": 7 }]
        });
        let mut without = json.clone();
        without
            .as_object_mut()
            .unwrap()
            .retain(|name, _| name != "attachments" && name != "uploads");
        let mut sealed = without.clone();
        sealed.as_object_mut().unwrap().remove("answers");
        sealed["sealed"] =
            serde_json::json!({ "suite": "s", "kid": "1", "enc": "AA==", "ciphertext": "AAAA" });
        for json in [json, without, sealed] {
            let submission: Submission = serde_json::from_value(json.clone()).unwrap();
            let written: serde_json::Value = serde_json::from_str(&submission.to_json()).unwrap();
            assert_eq!(written, json);
            assert_eq!(written, serde_json::to_value(&submission).unwrap());
        }
    }

    #[test]
    fn a_file_is_what_its_digest_is_of_or_nothing() {
        let file = Enclosed::new(b"\0\xFF\n");
        assert_eq!(file.content, "AP8K");
        assert_eq!(file.bytes().as_deref(), Some(&b"\0\xFF\n"[..]));
        for content in ["", "AP8L", "AP8K=", "AP8K\n"] {
            assert_eq!(
                Enclosed { content: content.into(), ..file.clone() }.bytes(),
                None,
                "{content}"
            );
        }
        let more = r#"{"sha256":"","content":"","name":"x"}"#;
        assert!(serde_json::from_str::<Enclosed>(more).is_err());
    }

    #[test]
    fn digest_of_the_empty_string_is_the_published_one() {
        assert_eq!(
            digest(b""),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
