//! A form that is being filled in. A draft holds what was typed, valid or not, and already has the
//! id that its submission will have: two tabs that submit the same draft make one submission.

use eform::ProblemError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Record, SCHEMA};

/// An unfinished form. Times are milliseconds since 1970 by the phone's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Draft {
    /// See [`SCHEMA`].
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
    #[serde(default)]
    pub entries: Map<String, Value>,
    /// The id of the page that was open.
    #[serde(default)]
    pub page: String,
    /// The language that the citizen reads, as a BCP 47 tag.
    #[serde(default)]
    pub language: String,
    /// The submission that this draft mends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<String>,
    /// What the agency refused in the submission that this draft mends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemError>,
    /// When it was last changed.
    #[serde(default)]
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
            schema: SCHEMA,
            key,
            id,
            form,
            definition,
            entries: Map::new(),
            page: String::new(),
            language,
            replaces: None,
            errors: Vec::new(),
            updated_at: now,
        }
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
}
