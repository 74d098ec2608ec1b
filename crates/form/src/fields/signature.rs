//! `signature`: a name typed in place of a signature, or one drawn with the finger.
//!
//! The answer is `{ "typed": "…" }` or `{ "drawn": "M10 20 L30 40" }`. A drawing is an SVG path of
//! the absolute commands M and L on a square of 1000 by 1000, in whole numbers. It is drawn again
//! on officers' pages, so nothing else may come in: the path is taken apart into numbers and written
//! anew, never passed on. The entry may hold both members, as the two boxes of a page, one blank.
//!
//! Electronic Transactions Act B.E. 2544, section 9: the method must identify the signer and show
//! their approval; the words that are approved stand in `statement`. What binds the signature to the
//! answers is the submission's digest.

use serde_json::{Map, Value};

use super::{At, FieldType, Reading, Wording};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, Text, thai};

/// The most characters of a drawing, as it comes in.
pub const MOST_CHARACTERS: usize = 20_000;

/// The drawing's width and height.
pub const SIDE: u16 = 1000;

/// The most characters of a typed name, as people count them.
const MOST_OF_NAME: u64 = 200;

/// Fewer lines than this, or none longer than this, are a slip of the finger and no signature.
const FEWEST_LINES: usize = 3;
const SHORTEST: u16 = 20;

/// A signature. The answer is `{ "typed": NAME }` or `{ "drawn": PATH }`, an SVG path of M and L
/// with whole numbers from 0 to 1000.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Signature {
    /// The ways to sign; both unless told. Not everyone can draw: leave `typed` in.
    pub allow: Option<Vec<SignatureWay>>,
    /// The words that are signed, shown above the boxes.
    pub statement: Option<Text>,
}

/// A way to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
pub enum SignatureWay {
    /// The name in letters.
    Typed,
    /// With a finger, a pen or a mouse.
    Drawn,
}

field_type!(
    "signature",
    Signature,
    [
        (
            "signature-one",
            "เซ็นชื่อเพียงวิธีเดียว คือพิมพ์ชื่อหรือวาดลายเซ็น",
            "Sign in one way only: type the name or draw the signature",
        ),
        (
            "signature-typed",
            "แบบฟอร์มนี้ไม่รับชื่อที่พิมพ์ โปรดวาดลายเซ็น",
            "This form does not take a typed name; draw the signature",
        ),
        (
            "signature-drawn",
            "แบบฟอร์มนี้ไม่รับลายเซ็นที่วาด โปรดพิมพ์ชื่อ",
            "This form does not take a drawn signature; type the name",
        ),
        ("signature-short", "พิมพ์ชื่อและนามสกุลเต็ม", "Type the whole name"),
        (
            "signature-long",
            "พิมพ์ชื่อไม่เกิน {max} ตัวอักษร ตอนนี้มี {length}",
            "Type a name of at most {max} characters; there are {length} now",
        ),
        (
            "signature-path",
            "ระบบอ่านลายเซ็นนี้ไม่ได้ โปรดลบแล้วเซ็นใหม่",
            "This drawing cannot be read; clear it and sign again",
        ),
        (
            "signature-large",
            "ลายเซ็นนี้มีเส้นมากเกินไป โปรดลบแล้วเซ็นใหม่ให้สั้นลง",
            "This drawing has too many lines; clear it and sign again, shorter",
        ),
        (
            "signature-dot",
            "ลายเซ็นเล็กเกินไป โปรดเซ็นให้เต็มกรอบ",
            "This drawing is too small; sign over the whole box",
        ),
    ]
);

impl SignatureWay {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        match reader::string(value)?.as_str() {
            "typed" => Ok(Self::Typed),
            "drawn" => Ok(Self::Drawn),
            other => Err(reader::one_of("unknown way to sign", other, &["typed", "drawn"])),
        }
    }
}

impl Signature {
    /// Whether one can sign in this way.
    pub fn allows(&self, way: SignatureWay) -> bool {
        self.allow.as_ref().is_none_or(|ways| ways.contains(&way))
    }

    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let allow = members.opt_list("allow", SignatureWay::from_value)?;
        if allow.as_ref().is_some_and(Vec::is_empty) {
            return Err(DefinitionError::new("expected at least one way to sign").under("allow"));
        }
        Ok(Self { allow, statement: members.opt_text("statement")? })
    }
}

/// The text of a member; no other members are known.
fn part<'a>(parts: &'a Map<String, Value>, name: &str) -> Result<&'a str, Finding> {
    match parts.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Finding::error("type").part(name)),
    }
}

/// A path, written anew: `M10 20 L30 40`.
fn redraw(path: &str) -> Result<String, Finding> {
    let unfit = || Finding::error("signature-path").part("drawn");
    let large = || Finding::error("signature-large").part("drawn");
    if path.len() > MOST_CHARACTERS {
        return Err(large());
    }
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while !rest.is_empty() {
        let (command, after) = rest.split_at_checked(1).ok_or_else(unfit)?;
        if !(command == "M" || command == "L" && !out.is_empty()) {
            return Err(unfit());
        }
        if !out.is_empty() {
            out.push(' ');
        }
        let end = after.find(['M', 'L']).unwrap_or(after.len());
        let (numbers, next) = after.split_at(end);
        let mut numbers = numbers.split([' ', ',']).filter(|number| !number.is_empty());
        match (numbers.next().and_then(place), numbers.next().and_then(place), numbers.next()) {
            (Some(x), Some(y), None) => {
                out.push_str(&[command, &x.to_string(), " ", &y.to_string()].concat());
            }
            _ => return Err(unfit()),
        }
        rest = next;
    }
    // Longer than it came in by the spaces between commands.
    if out.len() > MOST_CHARACTERS { Err(large()) } else { Ok(out) }
}

/// A whole number of digits alone, up to the drawing's side.
fn place(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let place = digits.then(|| text.parse::<u16>().ok()).flatten()?;
    (place <= SIDE).then_some(place)
}

/// Whether a path as [`redraw`] writes it has lines enough and reaches far enough.
fn is_signature(path: &str) -> bool {
    let lines = path.bytes().filter(|byte| *byte == b'L').count();
    let numbers = path.split([' ', 'M', 'L']).filter_map(|number| number.parse::<u16>().ok());
    let (mut least, mut most) = ([SIDE; 2], [0; 2]);
    for (index, number) in numbers.enumerate() {
        least[index % 2] = least[index % 2].min(number);
        most[index % 2] = most[index % 2].max(number);
    }
    let reaches = |side: usize| most[side].saturating_sub(least[side]) >= SHORTEST;
    lines >= FEWEST_LINES && (reaches(0) || reaches(1))
}

impl FieldType for Signature {
    fn read(&self, entry: &Value) -> Reading {
        let parts = match entry {
            Value::Null => return Ok(None),
            Value::Object(parts) => parts,
            _ => return Err(Finding::error("type")),
        };
        if parts.keys().any(|name| name != "typed" && name != "drawn") {
            return Err(Finding::error("type"));
        }
        let typed = thai::clean_line(part(parts, "typed")?);
        let drawn = part(parts, "drawn")?.trim();
        let (name, way, answer) = match (typed.is_empty(), drawn.is_empty()) {
            (true, true) => return Ok(None),
            (false, false) => return Err(Finding::error("signature-one")),
            (false, true) => ("typed", SignatureWay::Typed, typed),
            (true, false) => ("drawn", SignatureWay::Drawn, redraw(drawn)?),
        };
        if !self.allows(way) {
            let code = if name == "typed" { "signature-typed" } else { "signature-drawn" };
            return Err(Finding::error(code).part(name));
        }
        Ok(Some(Value::Object(Map::from_iter([(name.to_owned(), Value::String(answer))]))))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        if let Some(name) = answer.get("typed").and_then(Value::as_str) {
            let length = thai::length(name);
            let wrong = match length {
                0..=1 => Finding::error("signature-short"),
                2..=MOST_OF_NAME => return,
                _ => Finding::error("signature-long")
                    .with("max", MOST_OF_NAME)
                    .with("length", length),
            };
            found.push(wrong.part("typed"));
        }
        let drawn = answer.get("drawn").and_then(Value::as_str);
        if drawn.is_some_and(|path| !is_signature(path)) {
            found.push(Finding::error("signature-dot").part("drawn"));
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        match answer.get("typed").and_then(Value::as_str) {
            Some(name) => name.to_owned(),
            None => wording.pick("ลงลายมือชื่อแล้ว", "Signed by hand").to_owned(),
        }
    }

    // Nobody else can give it.
    fn is_given(&self) -> bool {
        false
    }

    fn keeps_digits(&self) -> bool {
        true
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let number = "(0|[1-9][0-9]{0,2}|1000)";
        let point = [number, " ", number].concat();
        let path = ["^M", &point, "( [ML]", &point, ")*$"].concat();
        let one = |name: &str, text: Value| {
            serde_json::json!({
                "type": "object", "properties": { name: text },
                "required": [name], "additionalProperties": false
            })
        };
        let text = || serde_json::json!({ "type": "string", "minLength": 2 });
        let mut ways = Vec::new();
        if self.allows(SignatureWay::Typed) {
            ways.push(one("typed", text()));
        }
        if self.allows(SignatureWay::Drawn) {
            let mut drawn = text();
            drawn["pattern"] = path.into();
            drawn["maxLength"] = MOST_CHARACTERS.into();
            ways.push(one("drawn", drawn));
        }
        serde_json::json!({ "oneOf": ways })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn some_way_to_sign_must_be_left() {
        let error = |allow: Value| {
            let mut members = Members::of(json!({ "allow": allow })).unwrap();
            Signature::from_members(&mut members).unwrap_err().to_string()
        };
        assert_eq!(error(json!([])), "/allow: expected at least one way to sign");
        assert!(
            error(json!(["typed", "sung"])).starts_with("/allow/1: unknown way to sign `sung`")
        );
    }

    #[test]
    fn a_long_drawing_is_taken_up_to_the_limit() {
        let path = "M0 0".to_owned() + &" L10 1000".repeat(2000);
        assert!(path.len() <= MOST_CHARACTERS);
        assert_eq!(redraw(&path).as_ref(), Ok(&path));
        let long = path + &" L10 1000".repeat(300);
        assert_eq!(redraw(&long).unwrap_err().code, "signature-large");
        let tight = "M0 0".to_owned() + &"L1 1".repeat(4000);
        assert!(tight.len() <= MOST_CHARACTERS);
        assert_eq!(redraw(&tight).unwrap_err().code, "signature-large", "20 KB when written out");
    }

    proptest::proptest! {
        /// Whatever is sent as a drawing: what is kept has M, L, digits and single spaces only, and
        /// reads as itself.
        #[test]
        fn nothing_but_lines_gets_in(path in "[ML0-9 ,.<>\"'ก-]{0,40}|([ML] ?[0-9]{1,4}[ ,][0-9]{1,4} ?){0,9}") {
            if let Ok(kept) = redraw(&path) {
                let fit = |byte: u8| byte.is_ascii_digit() || b"ML ".contains(&byte);
                proptest::prop_assert!(kept.bytes().all(fit), "{kept}");
                proptest::prop_assert!(kept.len() <= MOST_CHARACTERS);
                proptest::prop_assert_eq!(redraw(&kept), Ok(kept.clone()));
                is_signature(&kept);
            }
        }
    }
}
