//! `choice`: one of several options, as radio buttons or a list to pick from.

use serde::Deserialize;
use serde_json::Value;

use super::{Reading, typed};
use crate::{Finding, Text};

/// One of several options. The answer is the option's value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Choice {
    /// What can be chosen, in the order shown.
    pub options: Vec<Option>,
    /// How it looks; radio buttons up to seven options unless told.
    #[serde(default)]
    pub look: std::option::Option<ChoiceLook>,
}

/// How a choice looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChoiceLook {
    /// Radio buttons: all options in sight.
    Radios,
    /// A list that opens.
    Select,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Option {
    /// What the agency gets; stable, and different for each option.
    pub value: String,
    /// What the citizen reads.
    pub label: Text,
    /// A line below the label.
    #[serde(default)]
    pub hint: std::option::Option<Text>,
}

/// What is wrong with a list of options.
pub(super) fn options_fault(
    options: &[Option],
) -> std::option::Option<(&'static str, &'static str)> {
    if options.is_empty() {
        return Some(("options", "expected at least one option"));
    }
    let value = |index: usize| &options[index].value;
    let twice =
        (1..options.len()).any(|later| (0..later).any(|earlier| value(earlier) == value(later)));
    let blank = options.iter().any(|option| option.value.is_empty());
    (twice || blank)
        .then_some(("options", "expected values that are not empty and each there once"))
}

impl Choice {
    /// How it looks, told or not.
    pub fn look(&self) -> ChoiceLook {
        let usual = if self.options.len() <= 7 { ChoiceLook::Radios } else { ChoiceLook::Select };
        self.look.unwrap_or(usual)
    }

    pub(super) fn fault(&self) -> std::option::Option<(&'static str, &'static str)> {
        options_fault(&self.options)
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
