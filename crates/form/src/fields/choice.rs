//! `choice`: one of several options, as radio buttons or a list to pick from.

use serde_json::Value;

use super::{Reading, typed};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, Text};

/// One of several options. The answer is the option's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What can be chosen, in the order shown.
    pub options: Vec<Option>,
    /// How it looks; radio buttons up to seven options unless told.
    pub look: std::option::Option<ChoiceLook>,
}

/// How a choice looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoiceLook {
    /// Radio buttons: all options in sight.
    Radios,
    /// A list that opens.
    Select,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Option {
    /// What the agency gets; stable, and different for each option.
    pub value: String,
    /// What the citizen reads.
    pub label: Text,
    /// A line below the label.
    pub hint: std::option::Option<Text>,
}

fn look(value: Value) -> Result<ChoiceLook, DefinitionError> {
    match reader::string(value)?.as_str() {
        "radios" => Ok(ChoiceLook::Radios),
        "select" => Ok(ChoiceLook::Select),
        other => Err(reader::one_of("unknown look", other, &["radios", "select"])),
    }
}

impl Option {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            value: members.string("value")?,
            label: members.text("label")?,
            hint: members.opt_text("hint")?,
        };
        members.finish()?;
        Ok(read)
    }
}

/// The options of a question: at least one, their values not empty and each there once.
pub(super) fn options(members: &mut Members) -> Result<Vec<Option>, DefinitionError> {
    let options = members.list("options", Option::from_value)?;
    if options.is_empty() {
        return Err(DefinitionError::new("expected at least one option").under("options"));
    }
    for (index, Option { value, .. }) in options.iter().enumerate() {
        if value.is_empty() || options[..index].iter().any(|earlier| earlier.value == *value) {
            let words = "expected values that are not empty and each there once";
            let error = DefinitionError::new(words).under("value");
            return Err(error.under_index(index).under("options"));
        }
    }
    Ok(options)
}

impl Choice {
    /// How it looks, told or not.
    pub fn look(&self) -> ChoiceLook {
        let usual = if self.options.len() <= 7 { ChoiceLook::Radios } else { ChoiceLook::Select };
        self.look.unwrap_or(usual)
    }

    pub(super) fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self { options: options(members)?, look: members.opt("look", look)? })
    }

    pub(super) fn read(&self, entry: &Value) -> Reading {
        let chosen = typed(entry)?;
        if chosen.is_empty() {
            return Ok(None);
        }
        if !self.options.iter().any(|option| option.value == chosen) {
            return Err(Finding::error("option"));
        }
        Ok(Some(entry.clone()))
    }
}
