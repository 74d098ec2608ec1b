//! A submission as the phone keeps it, from «submit» until long after the receipt. The record is
//! data; what may happen to it is decided in [`crate::machine`].

use eform::{Receipt, Submission};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Trouble;

/// The version of [`Record`] and [`Draft`](crate::Draft) that this code writes.
///
/// Members that are not known are ignored, so a new member needs no new version. The number rises
/// only when older code would do harm with the record: older code shows such a record and never
/// sends it.
pub const SCHEMA: u8 = 1;

/// Where a submission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Saved on this phone, and waits to be sent.
    Queued,
    /// Being sent under a [`Lease`].
    Sending,
    /// The agency's receipt for these bytes is on this phone.
    Received,
    /// Somebody must look at it: see [`Record::trouble`].
    Attention,
    /// The citizen sent a newer one in its stead: see [`Record::replaced_by`]. Never sent.
    Replaced,
}

impl State {
    /// The stable code, as in JSON and in `data-state`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Received => "received",
            Self::Attention => "attention",
            Self::Replaced => "replaced",
        }
    }
}

/// The right to send one record until a deadline. A sender that dies leaves a lease that ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// A random name of the page or worker that sends.
    pub holder: String,
    /// Milliseconds since 1970, by the phone's clock.
    pub until: i64,
}

/// How the last try to send ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// Milliseconds since 1970, by the phone's clock.
    pub at: i64,
    /// The HTTP status, or 0 if there was no answer.
    #[serde(default)]
    pub status: u16,
    /// The outcome's code: see [`Outcome::code`](crate::Outcome::code).
    #[serde(default)]
    pub code: String,
    /// The wait until [`Record::next_at`] is the agency's wish (`Retry-After`), not the phone's
    /// choice: a returning network does not shorten it.
    #[serde(default)]
    pub asked: bool,
}

/// One submission in the outbox. All times are milliseconds since 1970 by the phone's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// See [`SCHEMA`].
    pub schema: u8,
    /// The submission's id, a UUIDv7: the key in the database, in the URL and at the agency.
    pub id: String,
    /// The form's id.
    pub form: String,
    /// The form's title, text per language as the definition has it, so that a list needs no form.
    #[serde(default)]
    pub title: Value,
    /// The absolute URL that submissions go to, without query; the request goes to `{url}/{id}`.
    pub url: String,
    /// The exact JSON that is sent, made once and never again: retries must be the same bytes.
    /// Empty after the receipt if [`Record::forget`].
    pub body: String,
    /// [`eform::digest`] of `body` as it was made.
    pub digest: String,
    /// Digest of the definition that the form was filled in with.
    pub definition: String,
    /// The language that the citizen read, as a BCP 47 tag.
    pub language: String,
    /// When the citizen tapped «submit».
    pub completed_at: i64,
    /// When the record was made to be saved: «saved on this phone at».
    pub saved_at: i64,
    /// Where it stands.
    pub state: State,
    /// How often it was tried since it was queued or the citizen last tapped «send now».
    #[serde(default)]
    pub attempts: u32,
    /// While queued: not before this time.
    #[serde(default)]
    pub next_at: i64,
    /// While sending: who sends, and until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lease: Option<Lease>,
    /// How the last try ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Try>,
    /// The agency's receipt; there is one exactly when the state is [`State::Received`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// What needs attention; there is one exactly when the state is [`State::Attention`], and it
    /// stays with a record that was replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// The submission that this one mends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// The submission that mends this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// The form asks that the answers do not stay on the phone once they are received.
    #[serde(default)]
    pub forget: bool,
}

impl Record {
    /// The record of a submission that was just completed: serialised once, here, and the digest
    /// is of those bytes. `now` is milliseconds since 1970.
    ///
    /// # Errors
    /// When the answers cannot be written as JSON; nothing that came from JSON does that.
    pub fn new(
        submission: &Submission,
        title: Value,
        url: String,
        now: i64,
    ) -> Result<Self, serde_json::Error> {
        let body = serde_json::to_string(submission)?;
        Ok(Self {
            schema: SCHEMA,
            id: submission.id.clone(),
            form: submission.form.clone(),
            title,
            url,
            digest: eform::digest(body.as_bytes()),
            body,
            definition: submission.definition.clone(),
            language: submission.language.clone(),
            completed_at: now,
            saved_at: now,
            state: State::Queued,
            attempts: 0,
            next_at: now,
            lease: None,
            last: None,
            receipt: None,
            trouble: None,
            replaces: submission.replaces.clone(),
            replaced_by: None,
            forget: false,
        })
    }

    /// The answers, read back from the body; `None` when the body is gone or sealed.
    pub fn answers(&self) -> Option<Map<String, Value>> {
        let submission: Submission = serde_json::from_str(&self.body).ok()?;
        Some(submission.answers)
    }

    /// Whether the body is, byte for byte, what the digest was made of.
    pub fn is_whole(&self) -> bool {
        eform::digest(self.body.as_bytes()) == self.digest
    }

    /// As it is stored.
    ///
    /// # Errors
    /// As [`Record::new`].
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// From what was stored under `id`. What cannot be read is not hidden and not thrown away: it
    /// becomes a record that needs attention and whose body is the stored text.
    pub fn from_json(id: &str, json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_else(|_| Self::unreadable(id, json))
    }

    fn unreadable(id: &str, text: &str) -> Self {
        Self {
            // Not ours to send or to write over.
            schema: u8::MAX,
            id: id.into(),
            form: String::new(),
            title: Value::Null,
            url: String::new(),
            body: text.into(),
            digest: String::new(),
            definition: String::new(),
            language: String::new(),
            completed_at: 0,
            saved_at: 0,
            state: State::Attention,
            attempts: 0,
            next_at: 0,
            lease: None,
            last: None,
            receipt: None,
            trouble: Some(Trouble::unreadable()),
            replaces: None,
            replaced_by: None,
            forget: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{TroubleKind, machine::tests::record};

    #[test]
    fn a_record_comes_back_as_it_was_stored() {
        let record = record("a");
        let json = record.to_json().unwrap();
        assert_eq!(Record::from_json("a", &json), record);
        assert!(record.is_whole());
    }

    #[test]
    fn members_of_a_later_version_are_ignored_and_missing_ones_have_a_default() {
        let json = json!({
            "schema": 1, "id": "a", "form": "f", "url": "https://a.example/s", "body": "{}",
            "digest": "sha256:…", "definition": "sha256:…", "language": "th",
            "completedAt": 1, "savedAt": 2, "state": "queued", "sent by": "pigeon"
        });
        let record = Record::from_json("a", &json.to_string());
        assert_eq!((record.state, record.saved_at), (State::Queued, 2));
    }

    #[test]
    fn what_cannot_be_read_stays_visible_with_its_text() {
        let record = Record::from_json("a", "{\"id\":");
        assert_eq!(record.state, State::Attention);
        assert_eq!(record.body, "{\"id\":");
        assert_eq!(record.trouble.map(|t| t.kind), Some(TroubleKind::Unreadable));
    }

    #[test]
    fn the_body_keeps_every_byte_through_storage() {
        let mut record = record("a");
        record.body = "{\"ชื่อ\":\"สม\\u0000\u{0}\u{7f}\u{2028}🌾\\\"\"}\r\n".into();
        record.digest = eform::digest(record.body.as_bytes());
        let back = Record::from_json("a", &record.to_json().unwrap());
        assert_eq!(back.body, record.body);
        assert!(back.is_whole());
    }
}
