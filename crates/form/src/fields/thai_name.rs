//! `thai-name`: the name of a person in the parts that Thai forms ask for: prefix, first name,
//! perhaps a middle name, family name.
//!
//! The entry is an object of the texts in the boxes; the answer has the parts that are not blank
//! (`-` is blank too: people put it where there is nothing). Names come in many shapes, so little
//! is an error: prefixes are an open list that nobody's sex is read from, names of a single word
//! exist, and letters of another script are only asked about.

use serde_json::{Map, Value};

use super::typing::part;
use super::{At, FieldType, Reading, Wording};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, thai};

/// The name of a person: prefix, first name, family name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct ThaiName {
    /// Whether a prefix is asked for, as นาย or ดร.; it is unless told. Where the field is
    /// required, so is a prefix that is asked for.
    pub prefix: Option<bool>,
    /// The prefixes offered, in the order shown; any other can be typed. Unless told, those on
    /// identity cards, in the script of the name.
    pub prefixes: Option<Vec<String>>,
    /// Whether a middle name is asked for. It never has to be given.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub middle: bool,
    /// The script that the name is in; letters of another one are asked about.
    pub script: Option<Script>,
}

/// A script that names are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
pub enum Script {
    /// As on the front of an identity card.
    Thai,
    /// As in a passport.
    Latin,
}

/// The prefixes that most people have, as identity cards write them.
pub const PREFIXES_THAI: &[&str] = &["นาย", "นาง", "นางสาว", "ด.ช.", "ด.ญ."];
/// The same in English.
pub const PREFIXES_LATIN: &[&str] = &["Mr.", "Mrs.", "Miss", "Master"];

/// The most characters of one part, as people count them: far above any name we know, and small
/// enough for a column of a database.
pub const LONGEST: u64 = 100;

const PREFIX: &str = "prefix";
const FIRST: &str = "first";
const MIDDLE: &str = "middle";
const LAST: &str = "last";

field_type!(
    "thai-name",
    ThaiName,
    [
        ("thai-name-first", "ใส่ชื่อ", "Enter the first name"),
        ("thai-name-prefix", "เลือกหรือใส่คำนำหน้าชื่อ", "Choose or enter a prefix"),
        (
            "thai-name-last",
            "ยังไม่ได้ใส่นามสกุล ถ้าไม่มีนามสกุลไปต่อได้",
            "There is no family name; go on if the person has none",
        ),
        (
            "thai-name-long",
            "ใส่ไม่เกิน {max} ตัวอักษร ตอนนี้มี {length}",
            "Enter at most {max} characters; there are {length} now",
        ),
        (
            "thai-name-twice",
            "มีคำนำหน้าอยู่ในช่องชื่อด้วย ถ้าซ้ำ โปรดลบออก ถ้าเป็นส่วนหนึ่งของชื่อไปต่อได้",
            "The first name starts with the prefix; remove it there, or go on if it is part of the name",
        ),
        (
            "thai-name-not-thai",
            "ควรใส่ชื่อเป็นตัวอักษรไทย โปรดตรวจอีกครั้ง ถ้าถูกแล้วไปต่อได้",
            "This should be in Thai letters; check it, or go on if it is right",
        ),
        (
            "thai-name-not-latin",
            "ควรใส่ชื่อเป็นตัวอักษรอังกฤษ โปรดตรวจอีกครั้ง ถ้าถูกแล้วไปต่อได้",
            "This should be in English letters; check it, or go on if it is right",
        ),
    ]
);

fn yes_or_no(value: Value) -> Result<bool, DefinitionError> {
    value.as_bool().ok_or_else(|| reader::mismatch("true or false", &value))
}

fn script(value: Value) -> Result<Script, DefinitionError> {
    match reader::string(value)?.as_str() {
        "thai" => Ok(Script::Thai),
        "latin" => Ok(Script::Latin),
        other => Err(reader::one_of("unknown script", other, &["thai", "latin"])),
    }
}

impl ThaiName {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {
            prefix: members.opt("prefix", yes_or_no)?,
            prefixes: members.opt_list("prefixes", reader::string)?,
            middle: members.flag("middle")?,
            script: members.opt("script", script)?,
        })
    }

    /// Whether a prefix is asked for.
    pub fn asks_prefix(&self) -> bool {
        self.prefix.unwrap_or(true)
    }

    /// The prefixes that are offered.
    pub fn prefixes(&self) -> Vec<&str> {
        match (&self.prefixes, self.script) {
            (Some(own), _) => own.iter().map(String::as_str).collect(),
            (None, Some(Script::Latin)) => PREFIXES_LATIN.to_vec(),
            (None, _) => PREFIXES_THAI.to_vec(),
        }
    }

    /// The parts that are asked for, in the order shown.
    pub fn parts(&self) -> impl Iterator<Item = &'static str> + use<> {
        let (prefix, middle) = (self.asks_prefix(), self.middle);
        [(PREFIX, prefix), (FIRST, true), (MIDDLE, middle), (LAST, true)]
            .into_iter()
            .filter_map(|(name, asked)| asked.then_some(name))
    }

    fn find_script(&self, text: &str) -> Option<Finding> {
        let (fits, code): (fn(char) -> bool, _) = match self.script? {
            Script::Thai => (is_thai, "thai-name-not-thai"),
            Script::Latin => (is_latin, "thai-name-not-latin"),
        };
        let sign = |c: char| matches!(c, ' ' | '.' | ',' | '-' | '\'' | '\u{2019}' | '(' | ')');
        (!text.chars().all(|c| fits(c) || sign(c))).then(|| Finding::warning(code))
    }
}

impl FieldType for ThaiName {
    fn read(&self, entry: &Value) -> Reading {
        let parts = match entry {
            Value::Null => return Ok(None),
            Value::Object(parts) => parts,
            _ => return Err(Finding::error("type")),
        };
        let mut answer = Map::new();
        for name in self.parts() {
            let text = thai::clean_line(part(parts, name)?);
            if text.chars().any(|c| !matches!(c, '-' | '\u{2010}'..='\u{2015}' | ' ')) {
                answer.insert(name.to_owned(), Value::String(text));
            }
        }
        if answer.is_empty() {
            return Ok(None);
        }
        if !answer.contains_key(FIRST) {
            return Err(Finding::error("thai-name-first").part(FIRST));
        }
        Ok(Some(Value::Object(answer)))
    }

    fn check(&self, answer: &Value, at: &At, found: &mut Vec<Finding>) {
        let (prefix, first) = (said(answer, PREFIX), said(answer, FIRST));
        if at.required && self.asks_prefix() && prefix.is_empty() {
            found.push(Finding::error("thai-name-prefix").part(PREFIX));
        }
        for name in self.parts() {
            let text = said(answer, name);
            let length = thai::length(text);
            if length > LONGEST {
                let finding = Finding::error("thai-name-long").part(name);
                found.push(finding.with("max", LONGEST).with("length", length));
            }
        }
        let odd = self.parts().find_map(|name| Some((name, self.find_script(said(answer, name))?)));
        found.extend(odd.map(|(name, finding)| finding.part(name)));
        if !prefix.is_empty() && first != prefix && first.starts_with(prefix) {
            found.push(Finding::warning("thai-name-twice").part(FIRST));
        }
        if said(answer, LAST).is_empty() {
            found.push(Finding::warning("thai-name-last").part(LAST));
        }
    }

    fn in_words(&self, answer: &Value, _: &Wording) -> String {
        in_words(answer)
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let text =
            |name| (String::from(name), serde_json::json!({ "type": "string", "minLength": 1 }));
        let properties: Map<String, Value> = self.parts().map(text).collect();
        serde_json::json!({
            "type": "object", "properties": properties, "required": [FIRST],
            "additionalProperties": false
        })
    }
}

fn said<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn is_thai(c: char) -> bool {
    matches!(c, '\u{0E01}'..='\u{0E3A}' | '\u{0E40}'..='\u{0E4E}')
}

/// Letters of Latin script, with the marks of European names and of Vietnamese ones.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\u{00C0}'..='\u{024F}' | '\u{0300}'..='\u{036F}' | '\u{1E00}'..='\u{1EFF}')
}

/// The name in one line. Thai puts the prefix right before the first name, other scripts a space
/// between: `นายสมชาย ใจดี`, `Mr. Somchai Jaidee`.
pub fn in_words(answer: &Value) -> String {
    let mut out = String::new();
    for name in [PREFIX, FIRST, MIDDLE, LAST] {
        let text = said(answer, name);
        let joined = name == FIRST && out.starts_with(is_thai) && text.starts_with(is_thai);
        if !out.is_empty() && !text.is_empty() && !joined {
            out.push(' ');
        }
        out.push_str(text);
    }
    out
}
