//! `choice`: one of several options, as radio buttons or a list to pick from.

use serde_json::Value;

use super::{FieldType, Reading, Wording, typed};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, Rule, Text, limits};

/// One of several options. The answer is the option's value.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Choice {
    /// What can be chosen, in the order shown.
    pub options: Vec<ChoiceOption>,
    /// How it looks; radio buttons up to seven options unless told.
    pub look: Option<ChoiceLook>,
}

/// How a choice looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
pub enum ChoiceLook {
    /// Radio buttons: all options in sight.
    Radios,
    /// A list that opens.
    Select,
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct ChoiceOption {
    /// What the agency gets; stable, and different for each option.
    pub value: String,
    /// What the citizen reads.
    pub label: Text,
    /// A line below the label.
    pub hint: Option<Text>,
    /// The option is offered only if this holds.
    pub show_if: Option<Rule>,
    /// Stands alone, as «none of these»: no other option can be chosen with it (`choices` only).
    #[cfg_attr(feature = "tools", schemars(default))]
    pub exclusive: bool,
    /// Asks for words when it is chosen, as «other»: the label of a text field of its own, whose
    /// answer is named `FIELD_VALUE`.
    pub other: Option<Text>,
}

field_type!("choice", Choice, [("option", "เลือกจากรายการที่มี", "Choose one of the options")]);

fn look(value: Value) -> Result<ChoiceLook, DefinitionError> {
    match reader::string(value)?.as_str() {
        "radios" => Ok(ChoiceLook::Radios),
        "select" => Ok(ChoiceLook::Select),
        other => Err(reader::one_of("unknown look", other, &["radios", "select"])),
    }
}

impl ChoiceOption {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            value: members.string("value")?,
            label: members.text("label")?,
            hint: members.opt_text("hint")?,
            show_if: members.opt_rule("showIf")?,
            exclusive: members.flag("exclusive")?,
            other: members.opt_text("other")?,
        };
        members.finish()?;
        Ok(read)
    }
}

/// The options of a question: at least one, their values not empty and each there once.
pub(super) fn options(
    members: &mut Members,
    name: &'static str,
) -> Result<Vec<ChoiceOption>, DefinitionError> {
    let options = members.list(name, ChoiceOption::from_value)?;
    if options.len() > limits::OPTIONS {
        return Err(reader::beyond("options", limits::OPTIONS).under(name));
    }
    if options.is_empty() {
        return Err(DefinitionError::new("expected at least one option").under(name));
    }
    let mut order: Vec<usize> = (0..options.len()).collect();
    order.sort_unstable_by_key(|index| (options[*index].value.as_str(), *index));
    let twice = order.windows(2).find(|two| options[two[0]].value == options[two[1]].value);
    let wrong = twice.map(|two| two[1]).or(options.iter().position(|one| one.value.is_empty()));
    match wrong {
        None => Ok(options),
        Some(index) => {
            let words = "expected values that are not empty and each there once";
            let error = DefinitionError::new(words).under("value");
            Err(error.under_index(index).under(name))
        }
    }
}

/// The label of the option with this value; the value itself where there is no such option.
pub(super) fn label(options: &[ChoiceOption], value: &Value, wording: &Wording) -> String {
    let chosen = options.iter().find(|option| value.as_str() == Some(&option.value));
    chosen.map(|option| (wording.text)(&option.label)).unwrap_or_default()
}

impl Choice {
    /// How it looks, told or not.
    pub fn look(&self) -> ChoiceLook {
        let usual = if self.options.len() <= 7 { ChoiceLook::Radios } else { ChoiceLook::Select };
        self.look.unwrap_or(usual)
    }

    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self { options: options(members, "options")?, look: members.opt("look", look)? })
    }
}

impl FieldType for Choice {
    fn read(&self, entry: &Value) -> Reading {
        let chosen = typed(entry)?;
        if chosen.is_empty() {
            return Ok(None);
        }
        if !self.options.iter().any(|option| option.value == chosen) {
            return Err(Finding::error("option"));
        }
        Ok(Some(entry.clone()))
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        label(&self.options, answer, wording)
    }

    fn is_chosen(&self) -> bool {
        true
    }

    fn options(&self) -> &[ChoiceOption] {
        &self.options
    }

    fn options_mut(&mut self) -> &mut [ChoiceOption] {
        &mut self.options
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let values: Vec<&str> = self.options.iter().map(|option| option.value.as_str()).collect();
        serde_json::json!({ "enum": values })
    }
}
