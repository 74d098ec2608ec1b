//! `rating`: one of the whole numbers from 1 to `max`, as «how satisfied are you?» asks for.

use serde_json::Value;

use super::{FieldType, Reading, Wording, number};
use crate::reader::Members;
use crate::{DefinitionError, Finding, Text};

/// A whole number from 1 to `max`, chosen rather than typed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Rating {
    /// The highest, 2 to 10; 5 unless told.
    #[cfg_attr(feature = "tools", schemars(default = "usual", range(min = 2, max = 10)))]
    pub max: u8,
    /// What 1 stands for: «น้อยที่สุด».
    pub low: Option<Text>,
    /// What the highest stands for: «มากที่สุด».
    pub high: Option<Text>,
}

field_type!(
    "rating",
    Rating,
    [("rating", "เลือกคะแนนตั้งแต่ 1 ถึง {max}", "Choose a number from 1 to {max}")]
);

fn usual() -> u8 {
    5
}

impl Rating {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let max = members.opt_whole("max", 10)?.map_or(usual(), |max| max as u8);
        if max < 2 {
            return Err(DefinitionError::new("expected a whole number, 2 to 10").under("max"));
        }
        Ok(Self { max, low: members.opt_text("low")?, high: members.opt_text("high")? })
    }
}

impl FieldType for Rating {
    fn read(&self, entry: &Value) -> Reading {
        let refused = || Finding::error("rating").with("max", self.max);
        match number::read(entry, 0, &[], "rating") {
            Ok(None) => Ok(None),
            Ok(Some(rating)) => match rating.as_u64() {
                Some(known) if (1..=u64::from(self.max)).contains(&known) => {
                    Ok(Some(Value::Number(rating)))
                }
                _ => Err(refused()),
            },
            Err(finding) if finding.code == "type" => Err(finding),
            Err(_) => Err(refused()),
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let Some(rating) = answer.as_u64() else { return String::new() };
        let end = match rating {
            1 => &self.low,
            _ if rating == u64::from(self.max) => &self.high,
            _ => &None,
        };
        let end = end.as_ref().map(|end| [" (", &(wording.text)(end), ")"].concat());
        let of = wording.pick(" จาก ", " of ");
        [&rating.to_string(), of, &self.max.to_string(), &end.unwrap_or_default()].concat()
    }

    fn is_chosen(&self) -> bool {
        true
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        serde_json::json!({ "type": "integer", "minimum": 1, "maximum": self.max })
    }
}
