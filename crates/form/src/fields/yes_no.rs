//! `yes-no`: the answer is `true` or `false`.

use serde_json::Value;

use super::Reading;
use crate::Finding;

/// Yes or no; neither is chosen beforehand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct YesNo {}

pub(super) fn read(entry: &Value) -> Reading {
    match entry {
        Value::Null => Ok(None),
        Value::Bool(_) => Ok(Some(entry.clone())),
        _ => Err(Finding::error("type")),
    }
}

/// «ใช่» or «ไม่ใช่», «Yes» or «No».
pub fn in_words(yes: bool, language: &str) -> &'static str {
    match (yes, language == "th") {
        (true, true) => "ใช่",
        (false, true) => "ไม่ใช่",
        (true, false) => "Yes",
        (false, false) => "No",
    }
}
