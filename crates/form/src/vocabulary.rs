//! What of the language is at hand. A server has all of it; a page may begin with what the first
//! questions need, and read the form again once the rest is there.

use serde_json::Value;

use crate::definition::{Contact, Submit};
use crate::fields::{self, Messages, Types};
use crate::{DefinitionError, pattern};

/// The types of field that are known, the words of findings, whether patterns can be compiled, and how
/// members are read that no first page shows.
pub struct Vocabulary {
    pub(crate) types: Types,
    pub(crate) messages: Messages,
    pub(crate) patterns: Option<fn()>,
    /// Where submissions go; left out where it is not known how that is read.
    pub(crate) submit: Option<fn(Value) -> Result<Submit, DefinitionError>>,
    /// How the agency is reached; as above.
    pub(crate) contact: Option<fn(Value) -> Result<Contact, DefinitionError>>,
    /// Whether fields of types that are not known are taken as they come, without an answer.
    pub(crate) is_part: bool,
}

impl Vocabulary {
    /// The whole language.
    pub const WHOLE: &Self = &Self {
        types: fields::ALL,
        messages: fields::ALL_MESSAGES,
        patterns: Some(pattern::enable),
        submit: Some(Submit::from_value),
        contact: Some(Contact::from_value),
        is_part: false,
    };

    /// What the first page of most forms needs: the common types of field. Fields of other types
    /// have no answers yet, patterns match everything, and findings have no words.
    pub const FIRST: &Self = &Self {
        types: &[fields::COMMON],
        messages: &[],
        patterns: None,
        submit: None,
        contact: None,
        is_part: true,
    };
}

impl std::fmt::Debug for Vocabulary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_part { "part of the language" } else { "the whole language" })
    }
}
