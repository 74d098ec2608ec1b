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
pub mod attachment;
pub mod bank_account;
pub mod calculated;
mod calendar;
pub mod choice;
pub mod choices;
pub mod consent;
pub mod date;
pub mod date_range;
pub mod decimal;
pub mod drawing;
pub mod email;
mod fixed;
pub mod group;
pub mod hidden;
pub mod house_code;
mod in_box;
pub mod juristic_id;
pub mod land_area;
pub mod laser_code;
pub mod location;
pub mod matrix;
pub mod money;
pub mod month;
pub mod note;
pub mod number;
pub mod partial_date;
pub mod passport;
pub mod percent;
pub mod phone;
pub mod photograph;
pub mod promptpay;
pub mod provinces;
pub mod ranking;
pub mod rating;
pub mod repeat;
pub mod signature;
pub mod text;
pub mod textarea;
pub mod thai_address;
pub mod thai_name;
pub mod thai_national_id;
pub mod time;
mod typing;
pub mod url;
pub mod utm;
pub mod vehicle_plate;
pub mod yes_no;

#[cfg(test)]
mod examples;

use std::any::Any;
use std::fmt;

use serde_json::Value;

use crate::reader::{self, Members};
use crate::{Date as Day, DefinitionError, Finding, Text as Words, Vocabulary};

pub use attachment::Attachment;
pub use bank_account::{Bank, BankAccount};
pub use calculated::{Calculated, Format};
pub use choice::{Choice, ChoiceLook, ChoiceOption};
pub use choices::Choices;
pub use consent::Consent;
pub use date::{Bound, Date};
pub use date_range::DateRange;
pub use decimal::Decimal;
pub use email::Email;
pub use group::Group;
pub use hidden::{Hidden, HiddenOf};
pub use house_code::HouseCode;
pub(crate) use in_box::in_box;
pub use juristic_id::JuristicId;
pub use land_area::LandArea;
pub use laser_code::LaserCode;
pub use location::{Coordinates, Location};
pub use matrix::{Matrix, MatrixRow, NO_OPINION};
pub use money::Money;
pub use month::{Month, MonthBound};
pub use note::Note;
pub use number::Number;
pub use partial_date::{Least, PartialDate};
pub use passport::Passport;
pub use percent::Percent;
pub use phone::Phone;
pub use promptpay::Promptpay;
pub use ranking::Ranking;
pub use rating::Rating;
pub use repeat::Repeat;
pub use signature::{Signature, SignatureWay};
pub use text::Text;
pub use textarea::Textarea;
pub use thai_address::{AddressDetail, AddressPart, ThaiAddress};
pub use thai_name::{Script, ThaiName};
pub use thai_national_id::{PersonKind, ThaiNationalId};
pub use time::{Minute, Time};
pub(crate) use types::Messages;
pub use types::{Message, Type, Types};
pub use url::Url;
pub use vehicle_plate::VehiclePlate;
pub use yes_no::YesNo;

/// The types that most forms use: they come with the page. `TYPE` or `MESSAGES` of each.
macro_rules! common {
    ($what:ident) => {
        &[
            text::$what,
            textarea::$what,
            number::$what,
            date::$what,
            yes_no::$what,
            choice::$what,
            choices::$what,
            email::$what,
            phone::$what,
            thai_national_id::$what,
            group::$what,
            repeat::$what,
            note::$what,
        ]
    };
}

/// The types that some forms use: the page loads them when a form has one.
macro_rules! further {
    ($what:ident) => {
        &[
            juristic_id::$what,
            passport::$what,
            laser_code::$what,
            house_code::$what,
            thai_name::$what,
            vehicle_plate::$what,
            bank_account::$what,
            promptpay::$what,
            url::$what,
            attachment::$what,
            calculated::$what,
            consent::$what,
            hidden::$what,
            matrix::$what,
            ranking::$what,
            signature::$what,
            thai_address::$what,
            date_range::$what,
            decimal::$what,
            land_area::$what,
            location::$what,
            money::$what,
            month::$what,
            partial_date::$what,
            percent::$what,
            rating::$what,
            time::$what,
        ]
    };
}
/// The types that most forms use.
pub const COMMON: &[Type] = common!(TYPE);
/// Every type of the language.
pub const ALL: Types = &[COMMON, further!(TYPE)];

/// What the findings of every type say.
pub(crate) const ALL_MESSAGES: Messages = &[common!(MESSAGES), further!(MESSAGES)];

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

    /// Whether its digits are part of a text, or of a code with Latin letters: then they are shown as
    /// they are, also where the form shows Thai digits.
    fn keeps_digits(&self) -> bool {
        false
    }

    /// Whether it is answered by choosing rather than by typing; «missing» is worded by it.
    fn is_chosen(&self) -> bool {
        false
    }

    /// Whether a field of this type must say what it asks.
    fn needs_label(&self) -> bool {
        true
    }

    /// Whether an answer may be calculated, or be there before the citizen gives one.
    fn is_given(&self) -> bool {
        true
    }

    /// Whether there is anything to show among the answers.
    fn has_answer(&self) -> bool {
        self.shape() != Shape::Note
    }

    /// What hangs on the field besides an answer.
    fn shape(&self) -> Shape {
        Shape::Answer
    }

    /// The files that an answer names, each `{ name, type, size, sha256 }`; none where the type has
    /// nothing to do with files.
    fn files<'a>(&self, answer: &'a Value) -> Option<&'a [Value]> {
        _ = answer;
        None
    }

    /// What can be chosen, where the answer is an option's value or an array of them. An option can
    /// have a condition; one that is not offered cannot be an answer.
    fn options(&self) -> &[ChoiceOption] {
        &[]
    }

    /// The same, to bind their conditions.
    fn options_mut(&mut self) -> &mut [ChoiceOption] {
        &mut []
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

/// The name of no type: of a field whose type is not at hand yet.
const WAITING: &str = "";

/// A type that is not at hand. What was entered stays what it is, and is no answer yet.
struct Waiting;

impl FieldType for Waiting {
    fn read(&self, _: &Value) -> Reading {
        Ok(None)
    }

    fn needs_label(&self) -> bool {
        false
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        Value::Bool(true)
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
        vocabulary: &Vocabulary,
    ) -> Result<Self, DefinitionError> {
        let mut all = vocabulary.types.iter().copied().flatten();
        match all.find(|known| known.name == name) {
            Some(known) => Ok(Self { name: known.name, inner: (known.read)(members)? }),
            None if vocabulary.is_part => {
                members.leave_rest();
                Ok(Self { name: WAITING, inner: Box::new(Waiting) })
            }
            None => {
                let all = vocabulary.types.iter().copied().flatten();
                let names: Vec<&str> = all.map(|known| known.name).collect();
                Err(reader::one_of("unknown type", name, &names).under("type"))
            }
        }
    }

    /// Whether the field is of a type that is not at hand (see [`Vocabulary::FIRST`]).
    pub fn is_waiting(&self) -> bool {
        self.name == WAITING
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

impl std::ops::DerefMut for Kind {
    fn deref_mut(&mut self) -> &mut (dyn FieldType + 'static) {
        &mut *self.inner
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
