//! The types of field, each in a module of its own: what its definition holds, how what was typed
//! is read into an answer, what is checked about the answer, and how it is said in words. Beside
//! each module lies a file of examples, `NAME.json`, that the tests run over and the guide shows.
//!
//! Two steps, kept apart. *Reading* turns an entry (what was typed or chosen) into the answer as it
//! is kept, or says why that cannot be done; an answer reads as itself. *Checking* looks at a
//! well-formed answer. Conditions see every well-formed answer, also one that a check refuses.

#[macro_use]
mod types;

mod angle;
mod calendar;
pub mod choice;
pub mod choices;
pub mod date;
pub mod date_range;
pub mod decimal;
pub mod email;
mod fixed;
pub mod land_area;
pub mod location;
pub mod money;
pub mod month;
pub mod number;
pub mod partial_date;
pub mod percent;
pub mod phone;
pub mod rating;
pub mod text;
pub mod textarea;
pub mod thai_national_id;
pub mod time;
pub mod utm;
pub mod yes_no;

#[cfg(test)]
mod examples;

use std::any::Any;
use std::fmt;

use serde_json::Value;

use crate::reader::{self, Members};
use crate::{Date as Day, DefinitionError, Finding, Text as Words};

pub use choice::{Choice, ChoiceLook, ChoiceOption};
pub use choices::Choices;
pub use date::{Bound, Date};
pub use date_range::DateRange;
pub use decimal::Decimal;
pub use email::Email;
pub use land_area::LandArea;
pub use location::{Coordinates, Location};
pub use money::Money;
pub use month::{Month, MonthBound};
pub use number::Number;
pub use partial_date::{Least, PartialDate};
pub use percent::Percent;
pub use phone::Phone;
pub use rating::Rating;
pub use text::{Pattern, Text};
pub use textarea::Textarea;
pub use thai_national_id::{PersonKind, ThaiNationalId};
pub use time::{Minute, Time};
pub use types::{Message, Type, Types};
pub use yes_no::YesNo;

/// The types that most forms use: they come with the page.
pub const COMMON: &[Type] = &[
    text::TYPE,
    textarea::TYPE,
    number::TYPE,
    date::TYPE,
    yes_no::TYPE,
    choice::TYPE,
    choices::TYPE,
    email::TYPE,
    phone::TYPE,
    thai_national_id::TYPE,
];

/// The types that some forms use: a page may load them when a form has one.
pub const FURTHER: &[Type] = &[
    date_range::TYPE,
    decimal::TYPE,
    land_area::TYPE,
    location::TYPE,
    money::TYPE,
    month::TYPE,
    partial_date::TYPE,
    percent::TYPE,
    rating::TYPE,
    time::TYPE,
];

/// Every type of the language.
pub const ALL: Types = &[COMMON, FURTHER];

/// What reading an entry gives: nothing where it is blank, else the answer, else why not.
pub type Reading = Result<Option<Value>, Finding>;

/// What a type of field does. Findings are without a path, or with the pointer of a part within the
/// answer, as `/postcode`; whoever asked puts the field's own path before it.
pub trait FieldType: Any + Send + Sync {
    /// Reads an entry into an answer. What it gives for an answer is that answer.
    fn read(&self, entry: &Value) -> Reading;

    /// Checks an answer that reads well.
    fn check(&self, answer: &Value, at: &At, found: &mut Vec<Finding>) {
        _ = (answer, at, found);
    }

    /// An answer as people read it.
    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        _ = wording;
        answer.as_str().unwrap_or_default().to_owned()
    }

    /// Whether it is answered by choosing rather than by typing; «missing» is worded by it.
    fn is_chosen(&self) -> bool {
        false
    }

    /// What hangs on the field besides an answer.
    fn shape(&self) -> Shape {
        Shape::Answer
    }

    /// What can be chosen, where the answer is an option's value or an array of them. An option can
    /// have a condition; one that is not offered cannot be an answer.
    fn options(&self) -> &[ChoiceOption] {
        &[]
    }

    /// The JSON Schema (2020-12) of the answer, by itself and not knowing other answers.
    #[cfg(feature = "tools")]
    fn schema(&self) -> Value;
}

/// What a field is in the tree of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A question with an answer.
    Answer,
    /// Words on the page, without an answer.
    Note,
    /// Fields under one heading; the answer is an object of theirs.
    Group,
    /// Any number of rows, each with the same fields; the answer is an array of objects.
    Rows {
        /// The fewest rows.
        min: usize,
        /// The most rows.
        max: usize,
    },
}

/// What a check may look at besides the answer.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// The day on which the form is completed.
    pub today: Day,
    /// Whether an answer must be given: then every part of it that matters must be there.
    pub required: bool,
}

/// How an answer is said: the language, and the definition's own words in it.
pub struct Wording<'a> {
    /// The language that is read, as a BCP 47 tag.
    pub language: &'a str,
    /// Chooses the language of the definition's own words.
    pub text: &'a dyn Fn(&Words) -> String,
}

impl Wording<'_> {
    /// Thai words for Thai readers, English ones for all others.
    pub fn pick<'a>(&self, th: &'a str, en: &'a str) -> &'a str {
        if self.language == "th" { th } else { en }
    }
}

/// A field's type with what only that type has.
pub struct Kind {
    name: &'static str,
    inner: Box<dyn FieldType>,
}

impl Kind {
    /// The type of this name; it takes the members that only that type has.
    pub(crate) fn from_members(
        name: &str,
        members: &mut Members,
        types: Types,
    ) -> Result<Self, DefinitionError> {
        let mut all = types.iter().copied().flatten();
        match all.find(|known| known.name == name) {
            Some(known) => Ok(Self { name: known.name, inner: (known.read)(members)? }),
            None => {
                let names: Vec<&str> = types.iter().copied().flatten().map(|t| t.name).collect();
                Err(reader::one_of("unknown type", name, &names).under("type"))
            }
        }
    }

    /// The type's name, as in `"type": "text"`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What only that type has, if it is of type `T`.
    pub fn get<T: FieldType>(&self) -> Option<&T> {
        let inner: &dyn Any = &*self.inner;
        inner.downcast_ref()
    }
}

impl std::ops::Deref for Kind {
    type Target = dyn FieldType;

    fn deref(&self) -> &(dyn FieldType + 'static) {
        &*self.inner
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The text of an entry that is typed in one box; an entry of another shape is no answer at all.
pub(crate) fn typed(entry: &Value) -> Result<&str, Finding> {
    match entry {
        Value::Null => Ok(""),
        Value::String(text) => Ok(text),
        _ => Err(Finding::error("type")),
    }
}
