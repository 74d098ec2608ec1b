//! `choices`: any number of several options, as check boxes.

use serde_json::Value;

use super::{At, ChoiceOption, FieldType, Reading, Wording, choice};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// Any number of several options. The answer is an array of values in the options' order.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Choices {
    /// What can be chosen, in the order shown.
    pub options: Vec<ChoiceOption>,
    /// The fewest to choose, where any is chosen at all; an exclusive option is enough by itself.
    pub min: Option<u64>,
    /// The most to choose; at least `min`.
    pub max: Option<u64>,
}

field_type!(
    "choices",
    Choices,
    [
        ("too-few", "เลือกอย่างน้อย {min} ข้อ", "Choose at least {min}"),
        ("too-many", "เลือกไม่เกิน {max} ข้อ", "Choose at most {max}"),
        (
            "exclusive",
            "เลือก “{option}” ร่วมกับข้ออื่นไม่ได้",
            "“{option}” cannot be chosen together with another",
        ),
    ]
);

impl Choices {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let options = choice::options(members, "options")?;
        let (min, max) = members.opt_range("min", "max")?;
        let together = options.iter().filter(|option| !option.exclusive).count().max(1);
        if min.is_some_and(|min| min > together as u64) {
            let words = "expected no more than there are options to choose together";
            return Err(DefinitionError::new(words).under("min"));
        }
        Ok(Self { options, min, max })
    }

    /// The first exclusive option among those chosen, which stand in the order of the options.
    fn exclusive(&self, chosen: &[Value]) -> Option<&ChoiceOption> {
        let mut chosen = chosen.iter().peekable();
        self.options.iter().find(|option| {
            chosen.next_if(|item| **item == *option.value).is_some() && option.exclusive
        })
    }
}

impl FieldType for Choices {
    fn read(&self, entry: &Value) -> Reading {
        let chosen = match entry {
            Value::Null => return Ok(None),
            Value::Array(items) => items,
            _ => return Err(Finding::error("type")),
        };
        // Looked up in order, so that thousands chosen of thousands take no time to speak of.
        let sorted = choice::sorted(&self.options);
        let mut is_chosen = vec![false; sorted.len()];
        for item in chosen {
            let value = item.as_str().unwrap_or_default();
            let rank = sorted.partition_point(|at| *self.options[*at].value < *value);
            match sorted.get(rank).filter(|at| *item == *self.options[**at].value) {
                Some(at) => is_chosen[*at] = true,
                None => return Err(Finding::error("option")),
            }
        }
        let ordered = self.options.iter().zip(is_chosen).filter(|(_, is_chosen)| *is_chosen);
        let ordered: Vec<Value> =
            ordered.map(|(option, _)| Value::String(option.value.clone())).collect();
        Ok((!ordered.is_empty()).then_some(Value::Array(ordered)))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        let chosen = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        let count = chosen.len() as u64;
        if let (Some(option), 2..) = (self.exclusive(chosen), count) {
            found.push(Finding::error("exclusive").with("option", option.label.to_value()));
        } else if let Some(max) = self.max.filter(|max| count > *max) {
            found.push(Finding::error("too-many").with("max", max));
        } else if let Some(min) = self.min.filter(|min| count < *min)
            && self.exclusive(chosen).is_none()
        {
            found.push(Finding::error("too-few").with("min", min));
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let chosen = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        let labels = chosen.iter().map(|value| choice::label(&self.options, value, wording));
        labels.collect::<Vec<String>>().join(", ")
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
        let mut schema = serde_json::json!({
            "type": "array", "items": { "enum": values }, "uniqueItems": true, "minItems": 1
        });
        if let Some(max) = self.max {
            schema["maxItems"] = max.into();
        }
        let alone = self.options.iter().filter(|option| option.exclusive);
        let alone: Vec<&str> = alone.map(|option| option.value.as_str()).collect();
        if !alone.is_empty() {
            schema["if"] = serde_json::json!({ "contains": { "enum": alone } });
            schema["then"] = serde_json::json!({ "maxItems": 1 });
            schema["else"] = serde_json::json!({ "minItems": self.min.unwrap_or(1).max(1) });
        } else if let Some(min) = self.min {
            schema["minItems"] = min.max(1).into();
        }
        schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn as_many_as_asked_for_can_be_chosen_together() {
        let options = json!([
            { "value": "a", "label": "A" }, { "value": "b", "label": "B" },
            { "value": "none", "label": "None", "exclusive": true }
        ]);
        let read = |min: u64| {
            let field = json!({ "options": options, "min": min });
            Choices::from_members(&mut Members::of(field).unwrap())
        };
        assert!(read(2).is_ok());
        assert_eq!(
            read(3).unwrap_err().to_string(),
            "/min: expected no more than there are options to choose together"
        );
    }
}
