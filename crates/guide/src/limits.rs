//! The limits with what the code says of each.

use anyhow::{Result, bail};
use eform::limits;

use crate::markdown::{table, words};

const SOURCE: &str = include_str!("../../form/src/limits.rs");

/// The limits by name; the number is the engine's.
const LIMITS: [(&str, u64); 15] = [
    ("DEFINITION_BYTES", limits::DEFINITION_BYTES as u64),
    ("FIELDS", limits::FIELDS as u64),
    ("PAGES", limits::PAGES as u64),
    ("LANGUAGES", limits::LANGUAGES as u64),
    ("DEPTH", limits::DEPTH as u64),
    ("OPTIONS", limits::OPTIONS as u64),
    ("ROWS", limits::ROWS as u64),
    ("NODES", limits::NODES as u64),
    ("TEXT_BYTES", limits::TEXT_BYTES as u64),
    ("ATTACHED_BYTES", limits::ATTACHED_BYTES),
    ("UPLOADED_BYTES", limits::UPLOADED_BYTES),
    ("UPLOADED_BYTES_MOST", limits::UPLOADED_BYTES_MOST),
    ("SUBMISSION_BYTES", limits::SUBMISSION_BYTES as u64),
    ("RULE_DEPTH", limits::RULE_DEPTH as u64),
    ("STEPS", limits::STEPS as u64),
];

/// The table of the chapter.
pub fn rows() -> Result<String> {
    let mut rows = Vec::new();
    let mut about = String::new();
    for line in SOURCE.lines() {
        if let Some(words) = line.strip_prefix("/// ") {
            about += words;
            about.push(' ');
        } else if let Some(name) = line.strip_prefix("pub const ") {
            let name = name.split(':').next().unwrap_or_default();
            let Some((_, most)) = LIMITS.iter().find(|(known, _)| *known == name) else {
                bail!("the limit {name} has no place in the guide");
            };
            rows.push(vec![words(&about), grouped(*most)]);
            about.clear();
        }
    }
    Ok(table(&["What", "At most"], &rows))
}

/// The number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
