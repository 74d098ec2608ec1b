//! A form that is being filled in. A draft holds what was typed, valid or not, and already has the
//! id that its submission will have: two tabs that submit the same draft make one submission.

use eform::ProblemError;
use serde_json::{Map, Value};

use crate::{
    Record, SCHEMA,
    json::{self, Members},
};

/// An unfinished form. Times are milliseconds since 1970 by the phone's clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// See [`crate::SCHEMA`].
    pub schema: u8,
    /// The form's id; for a mended submission see [`Draft::mending_key`].
    pub key: String,
    /// The id that the submission will have, a UUIDv7 made with the draft.
    pub id: String,
    /// The form's id.
    pub form: String,
    /// Digest of the definition that it is filled in with.
    pub definition: String,
    /// What was typed, by field id.
    pub entries: Map<String, Value>,
    /// The id of the page that was open.
    pub page: String,
    /// The ids of the pages that were passed with nothing wrong on them.
    pub passed: Vec<String>,
    /// The language that the citizen reads, as a BCP 47 tag.
    pub language: String,
    /// The submission that this draft mends.
    pub replaces: Option<String>,
    /// What the agency refused in the submission that this draft mends.
    pub errors: Vec<ProblemError>,
    /// When it was last changed.
    pub updated_at: i64,
}

impl Draft {
    /// An empty draft. `id` is a new UUIDv7, `now` is milliseconds since 1970.
    pub fn new(
        key: String,
        id: String,
        form: String,
        definition: String,
        language: String,
        now: i64,
    ) -> Self {
        Self {
            schema: 1,
            key,
            id,
            form,
            definition,
            entries: Map::new(),
            page: String::new(),
            passed: Vec::new(),
            language,
            replaces: None,
            errors: Vec::new(),
            updated_at: now,
        }
    }

    /// In the place of one that is kept under `key` and cannot be read: what can be said of it without,
    /// so that it is not hidden and can be deleted.
    pub fn unreadable(key: String, id: String, definition: String, updated_at: i64) -> Self {
        let form = key.split('/').next().unwrap_or_default().to_owned();
        let draft = Self::new(key, id, form, definition, String::new(), updated_at);
        // Not ours to go on with, or to write over.
        Self { schema: u8::MAX, ..draft }
    }

    /// Whether this code can go on with it.
    pub fn is_readable(&self) -> bool {
        self.schema <= SCHEMA
    }

    /// The draft that mends `record` under the new `id`: its answers as entries, and what the
    /// agency refused. `None` when the answers are not on this phone in the clear.
    pub fn mending(record: &Record, id: String, now: i64) -> Option<Self> {
        let entries = record.answers()?;
        let errors =
            record.trouble.as_ref().map_or_else(Vec::new, |trouble| trouble.errors.clone());
        let mut draft = Self::new(
            Self::mending_key(&record.form, &record.id),
            id,
            record.form.clone(),
            record.definition.clone(),
            record.language.clone(),
            now,
        );
        draft.entries = entries;
        draft.replaces = Some(record.id.clone());
        draft.errors = errors;
        Some(draft)
    }

    /// The key of the draft that mends a submission of `form`: beside the form's own draft, never
    /// in its place.
    pub fn mending_key(form: &str, record_id: &str) -> String {
        [form, "/", record_id].concat()
    }

    /// The key of another draft of `form`, by its id: beside the form's own.
    pub fn key_beside(form: &str, id: &str) -> String {
        [form, "/new-", id].concat()
    }

    /// The same on a device at a counter, where it goes when it is left alone.
    pub fn key_at_counter(form: &str, id: &str) -> String {
        [form, "/counter-", id].concat()
    }

    /// As it is stored: every member by its name in camel case; what there is not is left out.
    pub fn to_json(&self) -> String {
        let text = |text: &String| Value::from(&**text);
        json::text(&json::object([
            ("schema", self.schema.into()),
            ("key", text(&self.key)),
            ("id", text(&self.id)),
            ("form", text(&self.form)),
            ("definition", text(&self.definition)),
            ("entries", Value::Object(self.entries.clone())),
            ("page", text(&self.page)),
            ("passed", self.passed.clone().into()),
            ("language", text(&self.language)),
            ("replaces", json::maybe(&self.replaces)),
            ("errors", json::errors(&self.errors)),
            ("updatedAt", self.updated_at.into()),
        ]))
    }

    /// From what was stored; `None` when it cannot be read.
    pub fn from_json(json: &str) -> Option<Self> {
        let mut members = Members::read(json)?;
        Some(Self {
            schema: u8::try_from(members.int("schema")?).ok()?,
            key: members.text("key")?,
            id: members.text("id")?,
            form: members.text("form")?,
            definition: members.text("definition")?,
            entries: members.map("entries"),
            page: members.text_or_empty("page"),
            passed: members.texts("passed"),
            language: members.text_or_empty("language"),
            replaces: members.text("replaces"),
            errors: members.errors("errors"),
            updated_at: members.int("updatedAt").unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::tests::{record, refused};

    #[test]
    fn a_mending_draft_holds_the_answers_and_what_was_refused() {
        let record = refused(&record("a"));
        let draft = Draft::mending(&record, "b".into(), 5).unwrap();
        assert_eq!(Some(&draft.entries), record.answers().as_ref());
        assert_eq!((draft.id.as_str(), draft.replaces.as_deref()), ("b", Some("a")));
        assert_eq!(draft.errors[0].pointer, "/name");
        assert_eq!(Draft::from_json(&draft.to_json()), Some(draft));
    }

    #[test]
    fn a_draft_that_cannot_be_read_is_not_an_empty_one() {
        assert_eq!(Draft::from_json("{}"), None);
        assert_eq!(Draft::from_json("{\"schema\":1,"), None);
        let draft = Draft::unreadable("f/new-a".into(), "a".into(), "d".into(), 5);
        assert!(!draft.is_readable());
        assert_eq!((draft.form.as_str(), draft.updated_at), ("f", 5));
        assert_eq!(Draft::from_json(&draft.to_json()), Some(draft));
    }
}
