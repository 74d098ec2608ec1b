//! The types of field, each in a module of its own: what its definition holds, how what was typed
//! is read into an answer, and what is checked about the answer.
//!
//! Two steps, kept apart. *Reading* turns an entry (what was typed or chosen) into the answer as it
//! is kept, or says why that cannot be done; an answer reads as itself. *Checking* looks at a
//! well-formed answer. Conditions see every well-formed answer, also one that a check refuses.

mod choice;
mod choices;
mod date;
mod email;
mod number;
mod phone;
mod text;
mod textarea;
mod thai_national_id;
mod yes_no;

use serde_json::Value;

use crate::decimal;
use crate::reader::{self, Members};
use crate::{Date as Day, DefinitionError, Finding, Text as Words};

pub use choice::{Choice, ChoiceLook, Option as ChoiceOption};
pub use choices::Choices;
pub use date::{Bound, Date};
pub use email::Email;
pub use number::Number;
pub use phone::{Phone, in_words as phone_in_words};
pub use text::{Pattern, Text};
pub use textarea::Textarea;
pub use thai_national_id::{PersonKind, ThaiNationalId};
pub use yes_no::{YesNo, in_words as yes_no_in_words};

/// What reading an entry gives: nothing where it is blank, else the answer, else why not.
pub type Reading = Result<std::option::Option<Value>, Finding>;

/// A field's type with what only that type has. Boxed, so that a form of thousands of fields stays
/// small.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Kind {
    Text(Box<Text>),
    Textarea(Textarea),
    Number(Number),
    Date(Date),
    Choice(Choice),
    Choices(Choices),
    YesNo(YesNo),
    Email(Email),
    Phone(Phone),
    ThaiNationalId(ThaiNationalId),
}

/// The names of the types in a definition, as in `"type": "text"`.
pub const TYPES: [&str; 10] = [
    "text",
    "textarea",
    "number",
    "date",
    "choice",
    "choices",
    "yes-no",
    "email",
    "phone",
    "thai-national-id",
];

impl Kind {
    /// The type of this name; it takes the members that only that type has.
    pub(crate) fn from_members(name: &str, members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(match name {
            "text" => Self::Text(Box::new(Text::from_members(members)?)),
            "textarea" => Self::Textarea(Textarea::from_members(members)?),
            "number" => Self::Number(Number::from_members(members)?),
            "date" => Self::Date(Date::from_members(members)?),
            "choice" => Self::Choice(Choice::from_members(members)?),
            "choices" => Self::Choices(Choices::from_members(members)?),
            "yes-no" => Self::YesNo(YesNo {}),
            "email" => Self::Email(Email {}),
            "phone" => Self::Phone(Phone {}),
            "thai-national-id" => Self::ThaiNationalId(ThaiNationalId::from_members(members)?),
            _ => return Err(reader::one_of("unknown type", name, &TYPES).under("type")),
        })
    }

    /// Reads an entry into an answer.
    pub fn read(&self, entry: &Value) -> Reading {
        match self {
            Self::Text(_) => text::read(entry),
            Self::Textarea(_) => textarea::read(entry),
            Self::Number(kind) => kind.read(entry),
            Self::Date(_) => date::read(entry),
            Self::Choice(kind) => kind.read(entry),
            Self::Choices(kind) => kind.read(entry),
            Self::YesNo(_) => yes_no::read(entry),
            Self::Email(kind) => kind.read(entry),
            Self::Phone(_) => phone::read(entry),
            Self::ThaiNationalId(_) => thai_national_id::read(entry),
        }
    }

    /// Checks an answer that reads well; `today` is the day on which the form is completed.
    pub fn check(&self, answer: &Value, today: Day) -> std::option::Option<Finding> {
        match self {
            Self::Text(kind) => kind.check(answer.as_str()?),
            Self::Textarea(kind) => kind.check(answer.as_str()?),
            Self::Number(kind) => kind.check(answer.as_f64()?),
            Self::Date(kind) => kind.check(Day::parse_iso(answer.as_str()?)?, today),
            Self::Choices(kind) => kind.check(answer.as_array()?),
            Self::ThaiNationalId(kind) => kind.check(answer.as_str()?),
            Self::Choice(_) | Self::YesNo(_) | Self::Email(_) | Self::Phone(_) => None,
        }
    }

    /// An answer as people read it. `text` chooses the language of the definition's own words.
    pub fn in_words(
        &self,
        answer: &Value,
        language: &str,
        text: &dyn Fn(&Words) -> String,
    ) -> String {
        let label = |options: &[ChoiceOption], value: &Value| {
            let chosen = options.iter().find(|option| value.as_str() == Some(&option.value));
            chosen.map(|option| text(&option.label)).unwrap_or_default()
        };
        match (self, answer) {
            (Self::Choice(kind), value) => label(&kind.options, value),
            (Self::Choices(kind), Value::Array(values)) => {
                let labels: Vec<String> =
                    values.iter().map(|value| label(&kind.options, value)).collect();
                labels.join(", ")
            }
            (Self::Number(kind), Value::Number(number)) => {
                let unit =
                    kind.unit.as_ref().map(|unit| " ".to_owned() + &text(unit)).unwrap_or_default();
                number::in_words(&decimal::write(number)) + &unit
            }
            (Self::YesNo(_), Value::Bool(yes)) => yes_no::in_words(*yes, language).to_owned(),
            (Self::Date(_), Value::String(day)) => {
                Day::parse_iso(day).map(|day| day.in_words(language)).unwrap_or_default()
            }
            (Self::Phone(_), Value::String(number)) => phone::in_words(number),
            (Self::ThaiNationalId(_), Value::String(digits)) => thai_national_id::in_words(digits),
            (_, Value::String(text)) => text.clone(),
            _ => String::new(),
        }
    }

    /// Whether it is answered by choosing rather than by typing; «missing» is worded by it.
    pub fn is_chosen(&self) -> bool {
        matches!(self, Self::Choice(_) | Self::Choices(_) | Self::YesNo(_))
    }
}

/// The text of an entry that is typed in one box; an entry of another shape is no answer at all.
fn typed(entry: &Value) -> Result<&str, Finding> {
    match entry {
        Value::Null => Ok(""),
        Value::String(text) => Ok(text),
        _ => Err(Finding::error("type")),
    }
}
