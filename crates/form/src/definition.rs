//! The form language: what a definition's file holds. These types are the single source; the engine
//! adds nothing that is not written here.

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;

use crate::fields;
use crate::reader::{self, Members};
use crate::{DefinitionError, Kind, Rule, Text};

/// A form: one JSON file.
#[derive(Debug)]
pub struct Definition {
    /// Where the JSON Schema of the language is, for editors; not used.
    pub schema: Option<String>,
    /// The form's name in addresses and databases: letters, digits, `-` and `_`.
    pub id: String,
    /// Changes with every published change, as `2569.1`.
    pub version: String,
    /// What the form is called.
    pub title: Text,
    /// A sentence on what it is for.
    pub summary: Option<Text>,
    /// The languages that the citizen can choose, the first one first.
    pub languages: Vec<String>,
    /// Who asks.
    pub agency: Option<Agency>,
    /// Why, and what happens with the answers.
    pub privacy: Option<Privacy>,
    /// Where the answers go.
    pub submit: Submit,
    /// The pages, in order.
    pub pages: Vec<Page>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agency {
    /// The agency's name.
    pub name: Text,
    /// How to reach people there.
    pub contact: Option<Contact>,
}

/// How to reach people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// E.164.
    pub phone: Option<String>,
    /// An address.
    pub email: Option<String>,
    /// A page.
    pub url: Option<String>,
    /// Where the office is.
    pub address: Option<Text>,
}

/// Why the answers are asked for, and what happens with them (PDPA, B.E. 2562, section 23).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privacy {
    /// What the answers are used for.
    pub purpose: Text,
    /// The legal basis, as `public-task`.
    pub legal_basis: Option<String>,
    /// For how many days they are kept.
    pub retention_days: Option<u32>,
    /// Who else gets them.
    pub recipients: Vec<Text>,
    /// The whole notice.
    pub url: Option<String>,
}

/// Where the answers go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submit {
    /// The address that submissions are PUT under; relative to the page's origin, or absolute.
    pub url: String,
}

/// One page of the form.
#[derive(Debug)]
pub struct Page {
    /// The page's name; letters, digits, `-` and `_`.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// Words below the title.
    pub intro: Option<Text>,
    /// The page is shown only if this holds.
    pub show_if: Option<Rule>,
    /// What is asked, in order.
    pub fields: Vec<Field>,
}

/// One question.
#[derive(Debug)]
pub struct Field {
    /// The answer's name; letters, digits, `-` and `_`.
    pub id: String,
    /// The question.
    pub label: Text,
    /// Help below the label.
    pub hint: Option<Text>,
    /// Whether an answer must be given.
    pub required: bool,
    /// The field is shown only if this holds.
    pub show_if: Option<Rule>,
    /// Words in place of the catalogue's, by the finding's code.
    pub messages: Vec<(String, Text)>,
    /// The type, with what only that type has.
    pub kind: Kind,
}

impl<'de> Deserialize<'de> for Definition {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl Definition {
    /// Reads a definition from its JSON.
    pub(crate) fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            schema: members.opt_string("$schema")?,
            id: members.name("id")?,
            version: members.string("version")?,
            title: members.text("title")?,
            summary: members.opt_text("summary")?,
            languages: members.list("languages", reader::string)?,
            agency: members.opt("agency", Agency::from_value)?,
            privacy: members.opt("privacy", Privacy::from_value)?,
            submit: members.required("submit", Submit::from_value)?,
            pages: members.list("pages", Page::from_value)?,
        };
        if read.languages.is_empty() {
            let error = DefinitionError::new("expected at least one language, as [\"th\"]");
            return Err(error.under("languages"));
        }
        if read.pages.is_empty() {
            return Err(DefinitionError::new("expected at least one page").under("pages"));
        }
        members.finish()?;
        Ok(read)
    }
}

impl Agency {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            name: members.text("name")?,
            contact: members.opt("contact", Contact::from_value)?,
        };
        members.finish()?;
        Ok(read)
    }
}

impl Contact {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            phone: members.opt_string("phone")?,
            email: members.opt_string("email")?,
            url: members.opt_string("url")?,
            address: members.opt_text("address")?,
        };
        members.finish()?;
        Ok(read)
    }
}

impl Privacy {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            purpose: members.text("purpose")?,
            legal_basis: members.opt_string("legalBasis")?,
            retention_days: members.opt_u32("retentionDays")?,
            recipients: members.opt_list("recipients", Text::read)?.unwrap_or_default(),
            url: members.opt_string("url")?,
        };
        members.finish()?;
        Ok(read)
    }
}

impl Submit {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self { url: members.string("url")? };
        members.finish()?;
        Ok(read)
    }
}

impl Page {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            id: members.name("id")?,
            title: members.text("title")?,
            intro: members.opt_text("intro")?,
            show_if: members.opt_rule("showIf")?,
            fields: members.list("fields", Field::from_value)?,
        };
        members.finish()?;
        Ok(read)
    }
}

impl Field {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let id = members.name("id")?;
        let kind = members.string("type")?;
        let read = Self {
            id,
            label: members.text("label")?,
            hint: members.opt_text("hint")?,
            required: members.flag("required")?,
            show_if: members.opt_rule("showIf")?,
            messages: members.opt("messages", messages)?.unwrap_or_default(),
            kind: Kind::from_members(&kind, &mut members, fields::ALL)?,
        };
        members.finish()?;
        Ok(read)
    }
}

impl Field {
    /// The field's own words for a finding's code.
    pub fn message(&self, code: &str) -> Option<&Text> {
        self.messages.iter().find(|(own, _)| own == code).map(|(_, text)| text)
    }
}

fn messages(value: Value) -> Result<Vec<(String, Text)>, DefinitionError> {
    let mut messages = Vec::new();
    for (code, text) in reader::object(value)? {
        let text = Text::read(text).map_err(|error| error.under(&code))?;
        messages.push((code, text));
    }
    Ok(messages)
}
