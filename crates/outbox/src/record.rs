//! A submission as the phone keeps it, from «submit» until long after the receipt. The record is
//! data; what may happen to it is decided in [`crate::machine`].

use eform::{Enclosed, Receipt, Submission};
use serde_json::{Map, Value};

use crate::{
    Trouble, Upload,
    json::{self, Members},
};

/// The version of [`Record`] and [`Draft`](crate::Draft) that this code writes.
///
/// Members that are not known are ignored, so a new member needs no new version. The number rises
/// only when older code would do harm with the record: older code shows such a record and never
/// sends it.
///
/// 1: everything before files went by themselves. 2: a record with [`uploads`](Record::uploads), which
/// must go first. 3: the body is in a store of its own.
pub const SCHEMA: u8 = 3;

/// Where a submission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    fn from_code(code: &str) -> Option<Self> {
        [Self::Queued, Self::Sending, Self::Received, Self::Attention, Self::Replaced]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

/// The right to send one record until a deadline. A sender that dies leaves a lease that ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// A random name of the page or worker that sends.
    pub holder: String,
    /// Milliseconds since 1970, by the phone's clock.
    pub until: i64,
}

/// How the last try to send ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// Milliseconds since 1970, by the phone's clock.
    pub at: i64,
    /// The HTTP status, or 0 if there was no answer.
    pub status: u16,
    /// The outcome's code: see [`Outcome::code`](crate::Outcome::code).
    pub code: String,
    /// The wait until [`Record::next_at`] is the agency's wish (`Retry-After`), not the phone's
    /// choice: a returning network does not shorten it, and others may have to heed it
    /// ([`waits`](crate::machine::waits)).
    pub asked: bool,
}

/// One submission in the outbox. All times are milliseconds since 1970 by the phone's clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// See [`SCHEMA`].
    pub schema: u8,
    /// The submission's id, a UUIDv7: the key in the database, in the URL and at the agency.
    pub id: String,
    /// The form's id.
    pub form: String,
    /// The form's title, text per language as the definition has it, so that a list needs no form.
    pub title: Value,
    /// The absolute URL that submissions go to, without query; the request goes to `{url}/{id}`.
    pub url: String,
    /// The request is a POST to the URL itself.
    pub post: bool,
    /// The exact JSON that is sent, made once and never again: retries must be the same bytes.
    /// Empty after the receipt if [`Record::forget`], and in a list.
    pub body: String,
    /// How many bytes the body has, or had.
    pub body_bytes: usize,
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
    pub attempts: u32,
    /// While queued: not before this time.
    pub next_at: i64,
    /// While sending: who sends, and until when.
    pub lease: Option<Lease>,
    /// How the last try ended.
    pub last: Option<Try>,
    /// The agency's receipt; there is one exactly when the state is [`State::Received`].
    pub receipt: Option<Receipt>,
    /// What needs attention; there is one exactly when the state is [`State::Attention`], and it
    /// stays with a record that was replaced.
    pub trouble: Option<Trouble>,
    /// The submission that this one mends.
    pub replaces: Option<String>,
    /// The submission that mends this one.
    pub replaced_by: Option<String>,
    /// The form asks that the answers do not stay on the phone once they are received.
    pub forget: bool,
    /// The answers are sealed to the agency: this phone cannot read them again.
    pub sealed: bool,
    /// It came as a file, from another phone: it is not sent in the name of whoever uses this one, so
    /// without cookies.
    pub carried: bool,
    /// The files that go before the submission, each once.
    pub uploads: Vec<Upload>,
    /// The absolute URL that they are announced at; empty without any.
    pub uploads_url: String,
    /// Its body is under a PIN that was not entered here yet, so it cannot be sent from here. Not kept.
    pub locked: bool,
}

impl Record {
    /// The record of a submission that was just completed: serialised once, here, and the digest
    /// is of those bytes. `now` is milliseconds since 1970.
    pub fn new(submission: &Submission, title: Value, url: String, now: i64) -> Self {
        let body = submission.to_json();
        let uploads: Vec<Upload> = submission
            .uploads
            .iter()
            .map(|file| Upload::new(file.sha256.clone(), file.size))
            .collect();
        Self {
            schema: SCHEMA,
            id: submission.id.clone(),
            form: submission.form.clone(),
            title,
            url,
            post: false,
            digest: eform::digest(body.as_bytes()),
            body_bytes: body.len(),
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
            sealed: submission.sealed.is_some(),
            carried: false,
            uploads,
            uploads_url: String::new(),
            locked: false,
        }
    }

    /// The answers, read back from the body; `None` when the body is gone or sealed.
    pub fn answers(&self) -> Option<Map<String, Value>> {
        match Members::read(&self.body)?.value("answers") {
            Value::Object(answers) => Some(answers),
            _ => None,
        }
    }

    /// The files that travel in the body.
    pub fn files(&self) -> Vec<Enclosed> {
        let files = Members::read(&self.body).map(|mut body| body.value("attachments"));
        let Some(Value::Array(files)) = files else { return Vec::new() };
        let file = |mut file: Members| {
            Some(Enclosed { sha256: file.text("sha256")?, content: file.text("content")? })
        };
        files.into_iter().filter_map(Members::of).filter_map(file).collect()
    }

    /// Whether the body is, byte for byte, what the digest was made of.
    pub fn is_whole(&self) -> bool {
        eform::digest(self.body.as_bytes()) == self.digest
    }

    /// As it is stored: every member by its name in camel case; what there is not is left out.
    pub fn to_json(&self) -> String {
        self.write(Value::from(&*self.body))
    }

    /// The same without the body, which is stored beside it.
    pub fn to_json_without_body(&self) -> String {
        self.write(Value::Null)
    }

    fn write(&self, body: Value) -> String {
        let text = |text: &String| Value::from(&**text);
        let lease = self.lease.as_ref().map(|lease| {
            json::object([("holder", text(&lease.holder)), ("until", lease.until.into())])
        });
        let last = self.last.as_ref().map(|last| {
            json::object([
                ("at", last.at.into()),
                ("status", last.status.into()),
                ("code", text(&last.code)),
                ("asked", last.asked.into()),
            ])
        });
        json::text(&json::object([
            ("schema", self.schema.into()),
            ("id", text(&self.id)),
            ("form", text(&self.form)),
            ("title", self.title.clone()),
            ("url", text(&self.url)),
            ("post", if self.post { true.into() } else { Value::Null }),
            ("body", body),
            ("bodyBytes", self.body_bytes.into()),
            ("digest", text(&self.digest)),
            ("definition", text(&self.definition)),
            ("language", text(&self.language)),
            ("completedAt", self.completed_at.into()),
            ("savedAt", self.saved_at.into()),
            ("state", self.state.code().into()),
            ("attempts", self.attempts.into()),
            ("nextAt", self.next_at.into()),
            ("lease", lease.unwrap_or_default()),
            ("last", last.unwrap_or_default()),
            ("receipt", self.receipt.as_ref().map(json::receipt).unwrap_or_default()),
            ("trouble", self.trouble.as_ref().map(Trouble::to_value).unwrap_or_default()),
            ("replaces", json::maybe(&self.replaces)),
            ("replacedBy", json::maybe(&self.replaced_by)),
            ("forget", self.forget.into()),
            ("sealed", self.sealed.into()),
            ("carried", if self.carried { true.into() } else { Value::Null }),
            ("uploads", json::list(self.uploads.iter().map(Upload::to_value))),
            ("uploadsUrl", json::filled(&self.uploads_url)),
            ("locked", if self.locked { true.into() } else { Value::Null }),
        ]))
    }

    /// From what was stored under `id`. What cannot be read is not hidden and not thrown away: it
    /// becomes a record that needs attention and whose body is the stored text.
    pub fn from_json(id: &str, json: &str) -> Self {
        Self::read(json).unwrap_or_else(|| Self::unreadable(id, json))
    }

    fn read(json: &str) -> Option<Self> {
        let mut members = Members::read(json)?;
        let lease = members.members("lease").and_then(|mut lease| {
            Some(Lease { holder: lease.text("holder")?, until: lease.int("until")? })
        });
        let last = members.members("last").and_then(|mut last| {
            Some(Try {
                at: last.int("at")?,
                status: last.small("status"),
                code: last.text_or_empty("code"),
                asked: last.flag("asked"),
            })
        });
        let body = members.text_or_empty("body");
        let body_bytes = members.int("bodyBytes").and_then(|bytes| usize::try_from(bytes).ok());
        Some(Self {
            schema: u8::try_from(members.int("schema")?).ok()?,
            id: members.text("id")?,
            form: members.text("form")?,
            title: members.value("title"),
            url: members.text("url")?,
            post: members.flag("post"),
            body_bytes: body_bytes.unwrap_or(body.len()),
            body,
            digest: members.text("digest")?,
            definition: members.text("definition")?,
            language: members.text_or_empty("language"),
            completed_at: members.int("completedAt").unwrap_or_default(),
            saved_at: members.int("savedAt").unwrap_or_default(),
            state: State::from_code(&members.text("state")?)?,
            attempts: members.small("attempts"),
            next_at: members.int("nextAt").unwrap_or_default(),
            lease,
            last,
            receipt: members.members("receipt").and_then(|mut receipt| receipt.receipt()),
            trouble: members.members("trouble").and_then(Trouble::from_members),
            replaces: members.text("replaces"),
            replaced_by: members.text("replacedBy"),
            forget: members.flag("forget"),
            sealed: members.flag("sealed"),
            carried: members.flag("carried"),
            uploads: members.list("uploads").into_iter().filter_map(Upload::from_members).collect(),
            uploads_url: members.text_or_empty("uploadsUrl"),
            locked: members.flag("locked"),
        })
    }

    fn unreadable(id: &str, text: &str) -> Self {
        Self {
            // Not ours to send or to write over.
            schema: u8::MAX,
            id: id.into(),
            form: String::new(),
            title: Value::Null,
            url: String::new(),
            post: false,
            body: text.into(),
            body_bytes: text.len(),
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
            sealed: false,
            carried: false,
            uploads: Vec::new(),
            uploads_url: String::new(),
            locked: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        TroubleKind,
        machine::tests::{receipt, record, refused},
    };

    #[test]
    fn a_record_comes_back_as_it_was_stored() {
        let mut full = refused(&record("a"));
        full.title = json!({ "th": "ขึ้นทะเบียน" });
        full.lease = Some(Lease { holder: "me".into(), until: 7 });
        full.receipt = Some(receipt(&full));
        full.replaces = Some("b".into());
        full.replaced_by = Some("c".into());
        full.forget = true;
        full.sealed = true;
        full.post = true;
        full.uploads = vec![
            Upload::new("00".into(), 7),
            Upload {
                address: Some("https://a.example/u/1".into()),
                sent: 9,
                ..Upload::new("01".into(), 9)
            },
        ];
        full.uploads_url = "https://a.example/u".into();
        for record in [record("a"), full] {
            assert_eq!(Record::from_json("a", &record.to_json()), record);
            assert!(record.is_whole());
        }
    }

    #[test]
    fn a_list_needs_no_bodies_and_knows_how_long_they_are() {
        let whole = record("a");
        let listed = Record::from_json("a", &whole.to_json_without_body());
        assert_eq!((listed.body.as_str(), listed.body_bytes), ("", whole.body.len()));
        assert_eq!(Record { body: whole.body.clone(), ..listed }, whole);
    }

    #[test]
    fn the_files_of_a_body_come_out_of_it() {
        let mut record = record("a");
        assert_eq!(record.files(), []);
        let file = Enclosed::new(b"\0\xFF");
        let body = json!({ "answers": {}, "attachments": [file, { "sha256": "x" }, 1] });
        record.body = body.to_string();
        assert_eq!(record.files(), [file]);
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
        let back = Record::from_json("a", &record.to_json());
        assert_eq!(back.body, record.body);
        assert!(back.is_whole());
    }
}
