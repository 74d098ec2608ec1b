//! `choice`: one of several options, as radio buttons or a list to pick from.

use serde_json::Value;

use super::{FieldType, Reading, Wording, typed};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, Rule, Text, limits, order};

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
    /// It counts as enough, whatever the field's `min` is.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub exclusive: bool,
    /// Asks for words when it is chosen, as «other»: the label of a text field of its own, whose
    /// answer is named `FIELD_VALUE`. So the option's value must be fit for a name: letters a-z,
    /// digits, `-` and `_`.
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

/// The options of a question: at least one, their values not empty and each there once; where one
/// asks for words, its value is a part of an answer's name.
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
    let sorted = sorted(&options);
    let twice = sorted.windows(2).find(|two| options[two[0]].value == options[two[1]].value);
    let blank = || options.iter().position(|one| one.value.is_empty());
    let nameless = || options.iter().position(|one| one.other.is_some() && !is_name(&one.value));
    let (wrong, words) = match twice.map(|two| two[1]).or_else(blank) {
        Some(index) => (index, "expected values that are not empty and each there once"),
        None => match nameless() {
            Some(index) => (
                index,
                "expected letters a-z, digits, `-` and `_`, since `other` makes it part of a name",
            ),
            None => return Ok(options),
        },
    };
    Err(DefinitionError::new(words).under("value").under_index(wrong).under(name))
}

/// The places of options in the order of their values.
pub(super) fn sorted(options: &[ChoiceOption]) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..options.len()).collect();
    order::sort(&mut sorted, &|a, b| options[a].value < options[b].value);
    sorted
}

fn is_name(value: &str) -> bool {
    let fit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    value.bytes().all(fit)
}

/// Refuses options with a member that means nothing in this type of field.
pub(super) fn refuse(
    options: &[ChoiceOption],
    name: &'static str,
    member: &'static str,
    has: fn(&ChoiceOption) -> bool,
) -> Result<(), DefinitionError> {
    match options.iter().position(has) {
        None => Ok(()),
        Some(index) => {
            let words = ["options of this type of field have no `", member, "`"].concat();
            Err(DefinitionError::new(words).under(member).under_index(index).under(name))
        }
    }
}

/// The label of the option with this value; nothing where there is no such option.
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
        let options = options(members, "options")?;
        refuse(&options, "options", "exclusive", |option| option.exclusive)?;
        Ok(Self { options, look: members.opt("look", look)? })
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn options_that_cannot_work_are_refused_where_they_stand() {
        let cases = [
            (json!([]), "/options: expected at least one option"),
            (json!([{ "value": "", "label": "A" }]), "/options/0/value: expected values that"),
            (
                json!([{ "value": "a", "label": "A", "exclusive": true }]),
                "/options/0/exclusive: options of this type of field have no `exclusive`",
            ),
            (
                json!([{ "value": "a", "label": "A" }, { "value": "อื่น", "label": "B", "other": "?" }]),
                "/options/1/value: expected letters a-z",
            ),
        ];
        for (options, words) in cases {
            let mut members = Members::of(json!({ "options": options })).unwrap();
            let error = Choice::from_members(&mut members).unwrap_err().to_string();
            assert!(error.starts_with(words), "{error}");
        }
        let thai = json!({ "options": [{ "value": "ข้าว", "label": "ข้าว" }] });
        assert!(Choice::from_members(&mut Members::of(thai).unwrap()).is_ok());
    }
}
