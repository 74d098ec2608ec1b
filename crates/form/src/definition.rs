//! The form language: what a definition's file holds. These types are the single source; the engine
//! adds nothing that is not written here.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::{Map, Value};

use crate::{Kind, Rule, Text};

/// A form: one JSON file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Definition {
    /// Where the JSON Schema of the language is, for editors; not used.
    #[serde(rename = "$schema", default)]
    pub schema: Option<String>,
    /// The form's name in addresses and databases: letters, digits, `-` and `_`.
    pub id: String,
    /// Changes with every published change, as `2569.1`.
    pub version: String,
    /// What the form is called.
    pub title: Text,
    /// A sentence on what it is for.
    #[serde(default)]
    pub summary: Option<Text>,
    /// The languages that the citizen can choose, the first one first.
    pub languages: Vec<String>,
    /// Who asks.
    #[serde(default)]
    pub agency: Option<Agency>,
    /// Why, and what happens with the answers.
    #[serde(default)]
    pub privacy: Option<Privacy>,
    /// Where the answers go.
    pub submit: Submit,
    /// The pages, in order.
    pub pages: Vec<Page>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Agency {
    /// The agency's name.
    pub name: Text,
    /// How to reach people there.
    #[serde(default)]
    pub contact: Option<Contact>,
}

/// How to reach people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Privacy {
    /// What the answers are used for.
    pub purpose: Text,
    /// The legal basis, as `public-task`.
    #[serde(default)]
    pub legal_basis: Option<String>,
    /// For how many days they are kept.
    #[serde(default)]
    pub retention_days: Option<u32>,
    /// Who else gets them.
    #[serde(default)]
    pub recipients: Vec<Text>,
    /// The whole notice.
    #[serde(default)]
    pub url: Option<String>,
}

/// Where the answers go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Submit {
    /// The address that submissions are PUT under; relative to the page's origin, or absolute.
    pub url: String,
}

/// One page of the form.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Page {
    /// The page's name; letters, digits, `-` and `_`.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// Words below the title.
    #[serde(default)]
    pub intro: Option<Text>,
    /// The page is shown only if this holds.
    #[serde(default)]
    pub show_if: Option<Rule>,
    /// What is asked, in order.
    pub fields: Vec<Field>,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
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
    pub messages: BTreeMap<String, Text>,
    /// The type, with what only that type has.
    pub kind: Kind,
}

/// The members that every field can have; the others belong to its type.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Common {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    label: Text,
    #[serde(default)]
    hint: Option<Text>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    show_if: Option<Rule>,
    #[serde(default)]
    messages: BTreeMap<String, Text>,
}

const COMMON: [&str; 7] = ["id", "type", "label", "hint", "required", "showIf", "messages"];

impl<'de> Deserialize<'de> for Field {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (common, own): (Map<_, _>, Map<_, _>) = Map::deserialize(from)?
            .into_iter()
            .partition(|(key, _)| COMMON.contains(&key.as_str()));
        let common = Common::deserialize(Value::Object(common)).map_err(D::Error::custom)?;
        let kind = Kind::from_members(&common.kind, own).map_err(D::Error::custom)?;
        let Common { id, label, hint, required, show_if, messages, .. } = common;
        Ok(Self { id, label, hint, required, show_if, messages, kind })
    }
}
