//! `thai-address`: where someone lives or an office stands, in the parts that Thai forms ask for.
//!
//! Entry and answer are an object of parts. `house` is text, since it is `27/1` or `99/1-2` or
//! `123 ก`; `building`, `moo`, `soi` and `road` are asked for where the definition says so; then
//! `subdistrict`, `district`, `province` and `postcode`. A place is `{ "code": "500107", "name": … }`
//! when it was picked from the list of places, and `{ "name": … }`, or just the name in an entry,
//! when it was typed by hand. `data` is the version of that list. Parts that are blank, or a dash as
//! people write for «none», are left out of the answer; so are parts that this field does not ask
//! for. Whether a code is in the list is checked where the list is.
//!
//! Codes have 2, 4 and 6 digits, each beginning with the one above it (Department of Provincial
//! Administration, as in geothai 3.2.1, MIT and CC-BY-4.0), and postal codes lie between 10100 and
//! 96220 (the same). A postal code is never worked out from a district: 222 districts have several.

mod words;

use serde_json::{Map, Value};

use super::thai_national_id::is_province;
use super::{At, FieldType, Reading, Wording};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, thai};

/// An address in Thailand. The answer is an object of the parts that were given: texts, and for
/// `subdistrict`, `district` and `province` `{ "code", "name" }`, or `{ "name" }` alone if typed by
/// hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct ThaiAddress {
    /// Which parts are asked for that not every address has; `moo`, `soi` and `road` unless told.
    pub parts: Option<Vec<AddressDetail>>,
    /// Which parts may be missing that every address has. Unless told, none: as soon as anything is
    /// given, each of them is needed.
    pub optional: Option<Vec<AddressPart>>,
}

/// A part that not every address has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
pub enum AddressDetail {
    /// The building, floor and room, or the housing estate.
    Building,
    /// The number of the village in its subdistrict, 1 to 99.
    Moo,
    /// The lane.
    Soi,
    /// The road.
    Road,
}

/// A part that every address has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
pub enum AddressPart {
    /// The house number, which is text.
    House,
    /// Tambon; in Bangkok khwaeng.
    Subdistrict,
    /// Amphoe; in Bangkok khet.
    District,
    /// Province, or Bangkok.
    Province,
    /// The five digits of the postal code.
    Postcode,
}

field_type!(
    "thai-address",
    ThaiAddress,
    [
        ("address-missing", "กรุณากรอก{part}", "Enter the {part}"),
        (
            "address-long",
            "ใส่ไม่เกิน {max} ตัวอักษร ตอนนี้มี {length}",
            "Enter at most {max} characters; there are {length} now",
        ),
        (
            "address-moo",
            "ใส่หมู่ที่เป็นตัวเลข 1 ถึง 99 ถ้าไม่มีให้เว้นว่าง",
            "Enter the village number (moo), 1 to 99, or leave it blank",
        ),
        (
            "address-postcode-length",
            "ใส่รหัสไปรษณีย์ {needs} หลัก ตอนนี้มี {have}",
            "Enter a postal code of {needs} digits; there are {have} now",
        ),
        (
            "address-postcode",
            "ไม่มีรหัสไปรษณีย์นี้ในประเทศไทย โปรดตรวจอีกครั้ง เช่น 50130",
            "There is no such postal code in Thailand; check it, for example 50130",
        ),
        ("address-code", "เลือก{part}จากรายการอีกครั้ง", "Choose the {part} from the list again",),
        (
            "address-outside",
            "{part}ที่เลือกไม่อยู่ใน{above}ที่เลือก โปรดเลือกใหม่",
            "The {part} is not in the {above}; choose again",
        ),
        (
            "address-by-hand",
            "{part}นี้ไม่ได้เลือกจากรายการ โปรดตรวจตัวสะกด ถ้าถูกแล้วไปต่อได้",
            "The {part} was not chosen from the list; check its spelling, or go on if it is right",
        ),
    ]
);

/// The most characters of a part, as people count them.
const MOST_CHARACTERS: u64 = 100;

/// The most characters of the version of the list of places.
const MOST_OF_DATA: usize = 64;

const DETAILS: [(&str, AddressDetail); 4] = [
    ("building", AddressDetail::Building),
    ("moo", AddressDetail::Moo),
    ("soi", AddressDetail::Soi),
    ("road", AddressDetail::Road),
];

/// What every address has, with its name in Thai and English.
const PARTS: [(&str, AddressPart, &str, &str); 5] = [
    ("house", AddressPart::House, "บ้านเลขที่", "house number"),
    ("subdistrict", AddressPart::Subdistrict, "ตำบลหรือแขวง", "subdistrict"),
    ("district", AddressPart::District, "อำเภอหรือเขต", "district"),
    ("province", AddressPart::Province, "จังหวัด", "province"),
    ("postcode", AddressPart::Postcode, "รหัสไปรษณีย์", "postal code"),
];

/// The texts of an address.
const TEXTS: [&str; 6] = ["house", "building", "moo", "soi", "road", "postcode"];

/// The places of an address, the smallest first, with the digits of their codes.
const PLACES: [(&str, usize); 3] = [("subdistrict", 6), ("district", 4), ("province", 2)];

const DATA: &str = "data";

/// What stands before a name, and is the same with and without it.
const OF_HOUSE: &[&str] = &["บ้านเลขที่", "เลขที่"];
const OF_MOO: &[&str] = &["หมู่ที่", "หมู่", "ม.", "moo", "mu", "m."];
const OF_SOI: &[&str] = &["ซอย", "ซ.", "soi "];
const OF_ROAD: &[&str] = &["ถนน", "ถ."];
const OF_SUBDISTRICT: &[&str] = &["ตำบล", "ต.", "แขวง"];
const OF_DISTRICT: &[&str] = &["อำเภอ", "อ.", "เขต"];
const OF_PROVINCE: &[&str] = &["จังหวัด", "จ."];

impl AddressDetail {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let name = reader::string(value)?;
        match DETAILS.iter().find(|(known, _)| *known == name) {
            Some((_, detail)) => Ok(*detail),
            None => Err(reader::one_of("unknown part", &name, &DETAILS.map(|(known, _)| known))),
        }
    }
}

impl AddressPart {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let name = reader::string(value)?;
        match PARTS.iter().find(|(known, ..)| *known == name) {
            Some((_, part, ..)) => Ok(*part),
            None => Err(reader::one_of("unknown part", &name, &PARTS.map(|(known, ..)| known))),
        }
    }
}

impl ThaiAddress {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {
            parts: members.opt_list("parts", AddressDetail::from_value)?,
            optional: members.opt_list("optional", AddressPart::from_value)?,
        })
    }

    /// Whether a part is asked for.
    pub fn asks(&self, part: &str) -> bool {
        match DETAILS.iter().find(|(name, _)| *name == part) {
            Some((_, detail)) => match &self.parts {
                Some(parts) => parts.contains(detail),
                None => *detail != AddressDetail::Building,
            },
            None => PARTS.iter().any(|(name, ..)| *name == part),
        }
    }

    /// Whether a part must be there as soon as any is.
    pub fn needs(&self, part: &str) -> bool {
        let optional = self.optional.as_deref().unwrap_or_default();
        PARTS.iter().any(|(name, known, ..)| *name == part && !optional.contains(known))
    }
}

/// A finding at a part, with the part's name for its words.
fn at(part: &str, finding: Finding) -> Finding {
    finding.with("part", name_of(part)).part(part)
}

fn name_of(part: &str) -> Value {
    let known = PARTS.iter().find(|(name, ..)| *name == part);
    let (th, en) = known.map_or(("", ""), |(_, _, th, en)| (*th, *en));
    let words = [("th", th), ("en", en)].map(|(tag, word)| (tag.to_owned(), Value::from(word)));
    Value::Object(Map::from_iter(words))
}

/// A line as it is kept; a dash alone is how people write «none».
fn line(text: &str) -> String {
    let text = thai::clean_line(text);
    if matches!(text.as_str(), "-" | "\u{2010}" | "\u{2013}" | "\u{2014}") {
        String::new()
    } else {
        text
    }
}

/// Thai and full-width digits as 0 to 9.
fn fold(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF10}'..='\u{FF19}' => char::from(b'0' + (c as u32 - 0xFF10) as u8),
        _ => c,
    };
    thai::fold_digits(text).chars().map(narrow).collect()
}

/// What is left of a name without the words that may stand before it; the name itself where nothing
/// would be left.
fn bare<'a>(name: &'a str, before: &[&str]) -> &'a str {
    let mut rest = name;
    loop {
        let short = before.iter().find_map(|word| {
            let start = rest.get(..word.len())?;
            start.eq_ignore_ascii_case(word).then(|| rest[word.len()..].trim_start())
        });
        match short {
            Some("") => return name,
            Some(short) => rest = short,
            None => return rest,
        }
    }
}

fn read_text(part: &str, text: &str) -> String {
    let text = line(text);
    match part {
        "house" => fold(&line(bare(&text, OF_HOUSE))),
        "moo" => {
            let number = fold(&line(bare(&text, OF_MOO)));
            let short = number.trim_start_matches('0');
            let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
            if is_number && !short.is_empty() { short.to_owned() } else { number }
        }
        "postcode" => fold(&thai::compact_digits(&text)),
        _ => text,
    }
}

/// A place: picked, typed by hand, or none.
fn read_place(value: &Value) -> Reading {
    let unread = || Finding::error("type");
    let text = |value: Option<&Value>| match value {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(line(text)),
        Some(_) => Err(unread()),
    };
    let (code, name) = match value {
        Value::Object(place) => {
            if place.keys().any(|name| name != "code" && name != "name") {
                return Err(unread());
            }
            (fold(&thai::compact_digits(&text(place.get("code"))?)), text(place.get("name"))?)
        }
        other => (String::new(), text(Some(other))?),
    };
    match (code.is_empty(), name.is_empty()) {
        (true, true) => return Ok(None),
        (false, true) => return Err(unread()),
        _ => {}
    }
    let mut place = Map::new();
    if !code.is_empty() {
        place.insert("code".to_owned(), Value::String(code));
    }
    place.insert("name".to_owned(), Value::String(name));
    Ok(Some(Value::Object(place)))
}

fn text_of<'a>(answer: &'a Value, part: &str) -> Option<&'a str> {
    answer.get(part).and_then(Value::as_str)
}

fn name_in<'a>(answer: &'a Value, part: &str) -> Option<&'a str> {
    answer.get(part).and_then(|place| text_of(place, "name"))
}

fn code_in<'a>(answer: &'a Value, part: &str) -> Option<&'a str> {
    answer.get(part).and_then(|place| text_of(place, "code"))
}

/// Whether a code has its digits and begins with those of a province.
fn is_code(code: &str, digits: usize) -> bool {
    let province = code.get(..2).and_then(|two| two.parse().ok());
    code.len() == digits
        && code.bytes().all(|byte| byte.is_ascii_digit())
        && province.is_some_and(is_province)
}

fn check_places(answer: &Value, found: &mut Vec<Finding>) {
    for (index, (part, digits)) in PLACES.iter().enumerate() {
        let Some(code) = code_in(answer, part) else { continue };
        if !is_code(code, *digits) {
            found.push(at(part, Finding::error("address-code")));
            continue;
        }
        let above = PLACES[index + 1..].iter().find(|(above, digits)| {
            code_in(answer, above)
                .is_some_and(|above| is_code(above, *digits) && !code.starts_with(above))
        });
        if let Some((above, _)) = above {
            found.push(at(part, Finding::error("address-outside").with("above", name_of(above))));
        }
    }
    let by_hand = |(part, _): &&(&str, usize)| {
        name_in(answer, part).is_some() && code_in(answer, part).is_none()
    };
    if let Some((part, _)) = PLACES.iter().find(by_hand) {
        found.push(at(part, Finding::warning("address-by-hand")));
    }
}

fn check_postcode(code: &str) -> Option<Finding> {
    if !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Finding::error("address-postcode"));
    }
    if code.len() != 5 {
        let wrong = Finding::error("address-postcode-length");
        return Some(wrong.with("needs", 5).with("have", code.len()));
    }
    let real = code.parse::<u32>().is_ok_and(|code| (10_100..=96_220).contains(&code));
    (!real).then(|| Finding::error("address-postcode"))
}

fn check_moo(moo: &str) -> Option<Finding> {
    let digits = (1..=2).contains(&moo.len()) && moo.bytes().all(|byte| byte.is_ascii_digit());
    (!digits || moo == "0").then(|| Finding::error("address-moo"))
}

impl FieldType for ThaiAddress {
    fn read(&self, entry: &Value) -> Reading {
        let parts = match entry {
            Value::Null => return Ok(None),
            Value::Object(parts) => parts,
            _ => return Err(Finding::error("type")),
        };
        let known = |name: &String| {
            let name = name.as_str();
            name == DATA || TEXTS.contains(&name) || PLACES.iter().any(|(place, _)| *place == name)
        };
        if !parts.keys().all(known) {
            return Err(Finding::error("type"));
        }
        let mut answer = Map::new();
        for part in TEXTS.into_iter().filter(|part| self.asks(part)) {
            let text = match parts.get(part) {
                None | Some(Value::Null) => continue,
                Some(Value::String(text)) => read_text(part, text),
                Some(_) => return Err(Finding::error("type").part(part)),
            };
            if !text.is_empty() {
                answer.insert(part.to_owned(), Value::String(text));
            }
        }
        for (part, _) in PLACES {
            let place = parts.get(part).map_or(Ok(None), read_place);
            if let Some(place) = place.map_err(|finding| finding.part(part))? {
                answer.insert(part.to_owned(), place);
            }
        }
        if answer.is_empty() {
            return Ok(None);
        }
        match parts.get(DATA) {
            None | Some(Value::Null) => {}
            Some(Value::String(data)) if data.len() <= MOST_OF_DATA => {
                let data = thai::clean_line(data);
                if !data.is_empty() {
                    answer.insert(DATA.to_owned(), Value::String(data));
                }
            }
            Some(_) => return Err(Finding::error("type").part(DATA)),
        }
        Ok(Some(Value::Object(answer)))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        for (part, ..) in PARTS {
            if self.needs(part) && answer.get(part).is_none() {
                found.push(at(part, Finding::error("address-missing")));
            }
        }
        let places = PLACES.iter().map(|(part, _)| (*part, name_in(answer, part)));
        for (part, text) in
            TEXTS.map(|part| (part, text_of(answer, part))).into_iter().chain(places)
        {
            let length = text.map_or(0, thai::length);
            if length > MOST_CHARACTERS {
                let long = Finding::error("address-long").with("max", MOST_CHARACTERS);
                found.push(long.with("length", length).part(part));
            }
        }
        let moo = text_of(answer, "moo").and_then(check_moo);
        found.extend(moo.map(|finding| finding.part("moo")));
        check_places(answer, found);
        let postcode = text_of(answer, "postcode").and_then(check_postcode);
        found.extend(postcode.map(|finding| finding.part("postcode")));
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        if wording.language == "th" { words::in_thai(answer) } else { words::in_english(answer) }
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let mut properties = Map::new();
        for part in TEXTS.into_iter().filter(|part| self.asks(part)) {
            let pattern = match part {
                "moo" => Some("^[1-9][0-9]?$"),
                "postcode" => Some("^[1-9][0-9]{4}$"),
                _ => None,
            };
            let text = match pattern {
                Some(pattern) => serde_json::json!({ "type": "string", "pattern": pattern }),
                None => serde_json::json!({ "type": "string", "minLength": 1 }),
            };
            properties.insert(part.to_owned(), text);
        }
        for (part, digits) in PLACES {
            let pattern = ["^[1-9][0-9]{", &(digits - 1).to_string(), "}$"].concat();
            let place = serde_json::json!({
                "type": "object", "required": ["name"], "additionalProperties": false,
                "properties": {
                    "code": { "type": "string", "pattern": pattern },
                    "name": { "type": "string", "minLength": 1 }
                }
            });
            properties.insert(part.to_owned(), place);
        }
        let data = serde_json::json!({ "type": "string", "maxLength": MOST_OF_DATA });
        properties.insert(DATA.to_owned(), data);
        let needed = PARTS.iter().map(|(part, ..)| *part).filter(|part| self.needs(part));
        let needed: Vec<&str> = needed.collect();
        serde_json::json!({
            "type": "object", "properties": properties, "required": needed,
            "additionalProperties": false, "minProperties": 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parts_that_cannot_be_chosen_are_refused() {
        let cases = [
            (json!({ "parts": ["moo", "house"] }), "/parts/1: unknown part `house`, expected one"),
            (json!({ "optional": ["moo"] }), "/optional/0: unknown part `moo`, expected one"),
            (json!({ "parts": "moo" }), "/parts: expected a list"),
        ];
        for (field, words) in cases {
            let error = ThaiAddress::from_members(&mut Members::of(field).unwrap()).unwrap_err();
            assert!(error.to_string().starts_with(words), "{error}");
        }
    }

    #[test]
    fn every_part_of_one_list_is_in_the_others() {
        let all = ThaiAddress { parts: Some(DETAILS.map(|(_, of)| of).to_vec()), optional: None };
        for part in TEXTS.into_iter().chain(PLACES.map(|(part, _)| part)) {
            assert!(all.asks(part), "{part}");
        }
        let names = PARTS.map(|(part, ..)| part);
        for part in TEXTS.into_iter().chain(PLACES.map(|(part, _)| part)) {
            let is_detail = DETAILS.iter().any(|(detail, _)| *detail == part);
            assert_eq!(names.contains(&part), !is_detail, "{part}");
        }
        assert_eq!(PARTS.len() + DETAILS.len(), TEXTS.len() + PLACES.len());
    }

    proptest::proptest! {
        /// Whatever is typed: no panic, and the answer reads as itself.
        #[test]
        fn an_address_reads_as_itself(
            house in "(บ้านเลขที่|เลขที่| |-|[0-9๐-๙/]|ก){0,6}",
            moo in "(หมู่ที่|หมู่|ม\\.|Moo|M\\.| |0|[0-9๐-๙０-９]){0,5}",
            soi in "(ซอย|ซ\\.|soi | |-|ก|5){0,5}",
            place in "(ต\\.|ตำบล|แขวง|กทม|\u{200B}| |-|ก){0,5}",
            code in "[0-9๐-๙ -]{0,7}",
        ) {
            let field = ThaiAddress::default();
            let entry = json!({
                "house": house, "moo": moo, "soi": soi, "postcode": code,
                "subdistrict": { "code": code, "name": place }, "province": place
            });
            if let Ok(Some(answer)) = field.read(&entry) {
                proptest::prop_assert_eq!(field.read(&answer), Ok(Some(answer.clone())));
                for language in ["th", "en"] {
                    let text = |text: &crate::Text| text.get(language).to_owned();
                    field.in_words(&answer, &Wording { language, text: &text });
                }
                let at = At { today: super::super::examples::TODAY, required: true };
                field.check(&answer, &at, &mut Vec::new());
            }
        }
    }
}
