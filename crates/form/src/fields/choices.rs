//! `choices`: any number of several options, as check boxes.

use serde_json::Value;

use super::{Reading, choice};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// Any number of several options. The answer is an array of values in the options' order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// What can be chosen, in the order shown.
    pub options: Vec<choice::Option>,
    /// The fewest to choose, where any is chosen at all.
    pub min: Option<u64>,
    /// The most to choose.
    pub max: Option<u64>,
}

impl Choices {
    pub(super) fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let options = choice::options(members)?;
        let (min, max) = members.opt_range("min", "max")?;
        Ok(Self { options, min, max })
    }

    pub(super) fn read(&self, entry: &Value) -> Reading {
        let chosen = match entry {
            Value::Null => return Ok(None),
            Value::Array(items) => items,
            _ => return Err(Finding::error("type")),
        };
        let known =
            |item: &Value| self.options.iter().any(|option| item.as_str() == Some(&option.value));
        if !chosen.iter().all(known) {
            return Err(Finding::error("option"));
        }
        let is_chosen = |option: &&choice::Option| {
            chosen.iter().any(|item| item.as_str() == Some(&option.value))
        };
        let ordered: Vec<Value> = self
            .options
            .iter()
            .filter(is_chosen)
            .map(|option| Value::String(option.value.clone()))
            .collect();
        Ok((!ordered.is_empty()).then_some(Value::Array(ordered)))
    }

    pub(super) fn check(&self, chosen: &[Value]) -> Option<Finding> {
        let count = chosen.len() as u64;
        match (self.min, self.max) {
            (Some(min), _) if count < min => Some(Finding::error("too-few").with("min", min)),
            (_, Some(max)) if count > max => Some(Finding::error("too-many").with("max", max)),
            _ => None,
        }
    }
}
