//! `location`: a place, by its latitude and longitude or by the UTM grid, on WGS 84.
//!
//! The entry is an object of the texts `lat` and `long`, or `zone`, `easting` and `northing`, with
//! an optional `accuracy` in metres; or one text as `13.7563, 100.5018`,
//! `13°45'22.7"N 100°30'6.5"E` or `47 665000 1521000`. The answer has the same members as numbers:
//! degrees with at most six decimal places (0.1 m), or zone 47 or 48 and whole metres. Neither is
//! turned into the other.
//!
//! Older Thai maps and documents are on the datum Indian 1975: the survey mark of Surat Thani has UTM
//! values there that are some 450 m off on WGS 84 (tambon.blogspot.com, January 2011). A form that
//! asks for UTM should say that it means WGS 84. That a place is outside Thailand is a warning only.

use serde_json::{Map, Value, json};

use super::number::{self, tidy};
use super::{At, FieldType, Reading, Wording, angle, fixed};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, decimal};

/// A place on WGS 84.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Location {
    /// Which coordinates are taken; both unless told.
    pub accept: Option<Vec<Coordinates>>,
}

/// A way of telling a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "kebab-case"))]
pub enum Coordinates {
    /// Latitude and longitude.
    Degrees,
    /// Zone, easting and northing of the Universal Transverse Mercator grid.
    Utm,
}

field_type!(
    "location",
    Location,
    [
        (
            "location",
            "ใส่พิกัดเป็นละติจูดและลองจิจูด เช่น 13.7563, 100.5018 หรือโซนและค่า UTM เช่น 47 665000 1521000",
            "Enter the latitude and longitude, for example 13.7563, 100.5018, or the UTM zone and values, for example 47 665000 1521000",
        ),
        (
            "location-both",
            "ใส่อย่างใดอย่างหนึ่ง ละติจูดและลองจิจูด หรือค่า UTM",
            "Enter only one of them: latitude and longitude, or UTM",
        ),
        ("location-incomplete", "ใส่พิกัดให้ครบ ยังขาด{part}", "Complete it: the {part} is missing"),
        (
            "location-angle",
            "ใส่เป็นองศา เช่น 13.7563 หรือ 13°45'22.7\"",
            "Enter degrees, for example 13.7563 or 13°45'22.7\"",
        ),
        (
            "location-lat",
            "ละติจูดต้องอยู่ระหว่าง -90 ถึง 90 ในประเทศไทยคือ 5 ถึง 21",
            "Enter a latitude between -90 and 90; in Thailand it is between 5 and 21",
        ),
        (
            "location-long",
            "ลองจิจูดต้องอยู่ระหว่าง -180 ถึง 180 ในประเทศไทยคือ 97 ถึง 106",
            "Enter a longitude between -180 and 180; in Thailand it is between 97 and 106",
        ),
        (
            "location-swapped",
            "ละติจูดกับลองจิจูดสลับกัน ในประเทศไทยละติจูดคือ 5 ถึง 21 ลองจิจูดคือ 97 ถึง 106",
            "Swap the latitude and the longitude: in Thailand the latitude is between 5 and 21, the longitude between 97 and 106",
        ),
        ("location-zone", "ใส่โซน UTM 47 หรือ 48", "Enter the UTM zone 47 or 48"),
        (
            "location-metres",
            "ใส่ค่า UTM เป็นเมตร ตัวเลขเท่านั้น เช่น 665000",
            "Enter the UTM value in metres, for example 665000",
        ),
        (
            "location-easting",
            "ค่าตะวันออก (X) ต้องเป็นเลข 6 หลัก เช่น 665000",
            "Enter an easting (X) of 6 digits, for example 665000",
        ),
        (
            "location-northing",
            "ค่าเหนือ (Y) ต้องไม่ติดลบและไม่เกิน 7 หลัก เช่น 1521000",
            "Enter a northing (Y) of at most 7 digits, for example 1521000",
        ),
        (
            "location-utm-swapped",
            "ค่าตะวันออก (X) กับค่าเหนือ (Y) สลับกัน ค่าตะวันออกมี 6 หลัก",
            "Swap the easting (X) and the northing (Y): the easting has 6 digits",
        ),
        (
            "location-accuracy",
            "ใส่ความคลาดเคลื่อนเป็นเมตร เช่น 12",
            "Enter the accuracy in metres, for example 12",
        ),
        (
            "location-degrees",
            "แบบฟอร์มนี้รับเฉพาะละติจูดและลองจิจูด",
            "Enter the latitude and longitude; this form takes no other coordinates",
        ),
        (
            "location-utm",
            "แบบฟอร์มนี้รับเฉพาะค่า UTM ได้แก่ โซน ค่าตะวันออก และค่าเหนือ",
            "Enter the UTM zone, easting and northing; this form takes no other coordinates",
        ),
        (
            "location-outside",
            "พิกัดนี้อยู่นอกประเทศไทย โปรดตรวจอีกครั้ง ถ้าถูกแล้วไปต่อได้",
            "This place is outside Thailand; check it, or go on if it is right",
        ),
    ]
);

/// A place as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Millionths of a degree.
    Degrees { lat: i64, long: i64 },
    /// Metres.
    Utm { zone: i64, easting: i64, northing: i64 },
}

/// Decimal places of a degree.
const PLACES: usize = 6;
const DEGREE: i64 = 1_000_000;

/// A box around Thailand, in millionths of a degree.
const THAI_LAT: std::ops::RangeInclusive<i64> = 5_600_000..=20_500_000;
const THAI_LONG: std::ops::RangeInclusive<i64> = 97_300_000..=105_700_000;

/// The same box in metres (PROJ 9.5.1), but for the edge between the zones: each is used beyond it.
const THAI_NORTHING: std::ops::RangeInclusive<i64> = 619_000..=2_270_000;
const WEST_IN_47: i64 = 311_000;
const EAST_IN_48: i64 = 578_000;

/// What there can be in a zone.
const EASTING: std::ops::RangeInclusive<i64> = 100_000..=999_999;
const NORTHING: std::ops::RangeInclusive<i64> = 0..=9_999_999;

impl Place {
    fn parse(answer: &Value) -> Option<Self> {
        let whole = |name| answer.get(name).and_then(Value::as_i64);
        if let (Some(zone), Some(easting), Some(northing)) =
            (whole("zone"), whole("easting"), whole("northing"))
        {
            return Some(Self::Utm { zone, easting, northing });
        }
        let degrees = |name| answer.get(name).and_then(millionths);
        Some(Self::Degrees { lat: degrees("lat")?, long: degrees("long")? })
    }

    fn is_in_thailand(self) -> bool {
        match self {
            Self::Degrees { lat, long } => THAI_LAT.contains(&lat) && THAI_LONG.contains(&long),
            Self::Utm { zone, easting, northing } => {
                let beyond = if zone == 47 { easting < WEST_IN_47 } else { easting > EAST_IN_48 };
                !beyond && THAI_NORTHING.contains(&northing)
            }
        }
    }
}

/// A JSON number of degrees. One product, rounded: the same on every machine.
fn millionths(number: &Value) -> Option<i64> {
    number.as_f64().map(|degrees| (degrees * DEGREE as f64).round() as i64)
}

/// The text of a box; nothing where there is none.
fn boxed(parts: &Map<String, Value>, name: &str) -> Result<Option<String>, Finding> {
    let text = match parts.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => tidy(text),
        Some(Value::Number(number)) => decimal::write(number),
        Some(_) => return Err(Finding::error("type").part(name)),
    };
    Ok((!text.is_empty() && text != "-").then_some(text))
}

fn missing(part: &str, th: &str, en: &str) -> Finding {
    let words = json!({ "th": th, "en": en });
    Finding::error("location-incomplete").with("part", words).part(part)
}

fn read_parts(parts: &Map<String, Value>) -> Result<Option<Place>, Finding> {
    let (lat, long) = (boxed(parts, "lat")?, boxed(parts, "long")?);
    let (easting, northing) = (boxed(parts, "easting")?, boxed(parts, "northing")?);
    let degrees = lat.is_some() || long.is_some();
    // The zone may have been chosen beforehand, and says nothing by itself.
    match (degrees, easting.is_some() || northing.is_some()) {
        (true, true) => Err(Finding::error("location-both")),
        (false, false) => Ok(None),
        (false, true) => {
            let zone = boxed(parts, "zone")?.ok_or_else(|| missing("zone", "โซน", "zone"))?;
            if easting.is_none() {
                return Err(missing("easting", "ค่าตะวันออก (X)", "easting (X)"));
            }
            if northing.is_none() {
                return Err(missing("northing", "ค่าเหนือ (Y)", "northing (Y)"));
            }
            let metres = |name| parts.get(name).and_then(metres);
            utm(&zone, metres("easting"), metres("northing")).map(Some)
        }
        (true, false) => {
            // Both pasted into the first box, as maps copy them.
            let pasted = match (&lat, &long) {
                (Some(lat), None) => angle::pair(&angle::plain(lat), true),
                _ => None,
            };
            if let Some((lat, long)) = pasted {
                return degrees_of(angle::parse(&lat), angle::parse(&long)).map(Some);
            }
            if lat.is_none() {
                return Err(missing("lat", "ละติจูด", "latitude"));
            }
            if long.is_none() {
                return Err(missing("long", "ลองจิจูด", "longitude"));
            }
            let angle = |name, text: Option<String>| match parts.get(name) {
                Some(number @ Value::Number(_)) => Some((millionths(number)?, None)),
                _ => angle::parse(&angle::plain(&text?)),
            };
            degrees_of(angle("lat", lat), angle("long", long)).map(Some)
        }
    }
}

/// The place of two angles, checked for what a latitude and a longitude can be.
fn degrees_of(lat: Option<angle::Angle>, long: Option<angle::Angle>) -> Result<Place, Finding> {
    let unread = |name| Finding::error("location-angle").part(name);
    let first = lat.ok_or_else(|| unread("lat"))?;
    let second = long.ok_or_else(|| unread("long"))?;
    // Their letters say which is which, in whatever order they stand.
    let is_long = |angle: angle::Angle| angle.1.map(|letter| matches!(letter, 'E' | 'W'));
    let ((lat, _), (long, _)) = match (is_long(first), is_long(second)) {
        (Some(true), Some(false)) => (second, first),
        (Some(true), _) | (_, Some(false)) => {
            return Err(Finding::error("location-swapped").part("lat"));
        }
        _ => (first, second),
    };
    if THAI_LONG.contains(&lat) && THAI_LAT.contains(&long) {
        return Err(Finding::error("location-swapped").part("lat"));
    }
    if !(-90 * DEGREE..=90 * DEGREE).contains(&lat) {
        return Err(Finding::error("location-lat").part("lat"));
    }
    if !(-180 * DEGREE..=180 * DEGREE).contains(&long) {
        return Err(Finding::error("location-long").part("long"));
    }
    Ok(Place::Degrees { lat, long })
}

/// Whole metres of a box of the grid.
fn metres(entry: &Value) -> Option<i64> {
    if let Value::Number(number) = entry {
        return number.as_f64().map(|metres| metres.round() as i64);
    }
    let marks = ["ม.", "เมตร", "m", "E", "N", "X", "Y"];
    let number = number::read(entry, u8::MAX, &marks, "location-metres").ok()??;
    fixed::scaled(&decimal::write(&number), 0)
}

/// The place on the grid, checked for what there can be in a zone.
fn utm(zone: &str, easting: Option<i64>, northing: Option<i64>) -> Result<Place, Finding> {
    // The letter of the band, or of the hemisphere, may stand behind: 47N, 47P, 47Q.
    let zone = number::without_marks(zone, &["โซน", "zone", "N", "P", "Q"]);
    let zone = match zone {
        "47" => 47,
        "48" => 48,
        _ => return Err(Finding::error("location-zone").part("zone")),
    };
    let unread = |name| Finding::error("location-metres").part(name);
    let easting = easting.ok_or_else(|| unread("easting"))?;
    let northing = northing.ok_or_else(|| unread("northing"))?;
    if !EASTING.contains(&easting) {
        let swapped = NORTHING.contains(&easting) && EASTING.contains(&northing);
        let code = if swapped { "location-utm-swapped" } else { "location-easting" };
        return Err(Finding::error(code).part("easting"));
    }
    if !NORTHING.contains(&northing) {
        return Err(Finding::error("location-northing").part("northing"));
    }
    Ok(Place::Utm { zone, easting, northing })
}

fn read_line(line: &str) -> Result<Option<Place>, Finding> {
    if line.is_empty() || line == "-" {
        return Ok(None);
    }
    if let Some([zone, easting, northing]) = utm_line(line) {
        let metres = |text: &str| metres(&Value::String(text.into()));
        return utm(zone, metres(easting), metres(northing)).map(Some);
    }
    match angle::pair(&angle::plain(line), false) {
        Some((lat, long)) => match (angle::parse(&lat), angle::parse(&long)) {
            (None, None) => Err(Finding::error("location")),
            (lat, long) => degrees_of(lat, long).map(Some),
        },
        None => Err(Finding::error("location")),
    }
}

/// The three numbers of a line as `47 665000 1521000`, `UTM โซน 47: 665000 E 1521000 N`.
fn utm_line(line: &str) -> Option<[&str; 3]> {
    let number = |c: char| c.is_ascii_digit() || c == '.';
    let words = line.replace("โซน", "").replace("เมตร", "").to_ascii_uppercase();
    let known = |c: char| !c.is_alphabetic() || "UTMZONEXYPQ".contains(c);
    let mut numbers = line.split(|c| !number(c)).filter(|part| part.contains(|c: char| c != '.'));
    let three = [numbers.next()?, numbers.next()?, numbers.next()?];
    let metres = three[1].split('.').next().unwrap_or_default().len() >= 6;
    let fits =
        numbers.next().is_none() && three[0].len() <= 2 && metres && words.chars().all(known);
    fits.then_some(three)
}

/// Metres, rounded up: nothing becomes more accurate by being written down.
fn read_accuracy(entry: &Value) -> Result<Option<i64>, Finding> {
    let refused = || Finding::error("location-accuracy").part("accuracy");
    if let Value::Number(number) = entry {
        let metres = number.as_f64().map(f64::ceil).filter(|metres| (0.0..1e9).contains(metres));
        return metres.map(|metres| Some(metres as i64)).ok_or_else(refused);
    }
    let marks = ["±", "ม.", "เมตร", "m", "metres"];
    let Some(number) =
        number::read(entry, u8::MAX, &marks, "location-accuracy").map_err(|_| refused())?
    else {
        return Ok(None);
    };
    read_accuracy(&Value::Number(number))
}

impl Coordinates {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        match reader::string(value)?.as_str() {
            "degrees" => Ok(Self::Degrees),
            "utm" => Ok(Self::Utm),
            other => Err(reader::one_of("unknown coordinates", other, &["degrees", "utm"])),
        }
    }
}

impl Location {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let accept = members.opt_list("accept", Coordinates::from_value)?;
        if accept.as_ref().is_some_and(Vec::is_empty) {
            let words = "expected at least one of \"degrees\" and \"utm\"";
            return Err(DefinitionError::new(words).under("accept"));
        }
        Ok(Self { accept })
    }

    /// Whether coordinates of this kind are taken.
    pub fn takes(&self, coordinates: Coordinates) -> bool {
        self.accept.as_ref().is_none_or(|accept| accept.contains(&coordinates))
    }
}

impl FieldType for Location {
    fn read(&self, entry: &Value) -> Reading {
        let (place, accuracy) = match entry {
            Value::Null => return Ok(None),
            Value::String(text) => (read_line(&tidy(text))?, None),
            Value::Object(parts) => {
                let accuracy = parts.get("accuracy").unwrap_or(&Value::Null);
                match read_parts(parts)? {
                    None => return Ok(None),
                    place => (place, read_accuracy(accuracy)?),
                }
            }
            _ => return Err(Finding::error("type")),
        };
        let mut answer = Map::new();
        match place {
            None => return Ok(None),
            Some(Place::Degrees { lat, long }) => {
                for (name, degrees) in [("lat", lat), ("long", long)] {
                    let number = fixed::number(degrees, PLACES).map(Value::Number);
                    answer.insert(name.into(), number.unwrap_or_default());
                }
            }
            Some(Place::Utm { zone, easting, northing }) => {
                for (name, number) in [("zone", zone), ("easting", easting), ("northing", northing)]
                {
                    answer.insert(name.into(), number.into());
                }
            }
        }
        if let Some(metres) = accuracy {
            answer.insert("accuracy".into(), metres.into());
        }
        Ok(Some(Value::Object(answer)))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        let Some(place) = Place::parse(answer) else { return };
        let (coordinates, other) = match place {
            Place::Degrees { .. } => (Coordinates::Degrees, "location-utm"),
            Place::Utm { .. } => (Coordinates::Utm, "location-degrees"),
        };
        if !self.takes(coordinates) {
            found.push(Finding::error(other));
        }
        if !place.is_in_thailand() {
            found.push(Finding::warning("location-outside"));
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let written = |name: &str| match answer.get(name) {
            Some(Value::Number(number)) => decimal::write(number),
            _ => String::new(),
        };
        let place = match Place::parse(answer) {
            None => return String::new(),
            Some(Place::Degrees { .. }) => [written("lat"), ", ".into(), written("long")].concat(),
            Some(Place::Utm { .. }) => {
                let zone = wording.pick("UTM โซน ", "UTM zone ");
                let (easting, northing) = (written("easting"), written("northing"));
                [zone, &written("zone"), ": ", &easting, " E ", &northing, " N"].concat()
            }
        };
        let accuracy = written("accuracy");
        if accuracy.is_empty() {
            return place;
        }
        [&place, " (± ", &accuracy, wording.pick(" ม.)", " m)")].concat()
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let accuracy = json!({ "type": "integer", "minimum": 0 });
        let mut kinds = Vec::new();
        if self.takes(Coordinates::Degrees) {
            kinds.push(json!({
                "type": "object",
                "properties": {
                    "lat": { "type": "number", "minimum": -90, "maximum": 90 },
                    "long": { "type": "number", "minimum": -180, "maximum": 180 },
                    "accuracy": accuracy
                },
                "required": ["lat", "long"],
                "additionalProperties": false
            }));
        }
        if self.takes(Coordinates::Utm) {
            kinds.push(json!({
                "type": "object",
                "properties": {
                    "zone": { "enum": [47, 48] },
                    "easting": { "type": "integer", "minimum": 100_000, "maximum": 999_999 },
                    "northing": { "type": "integer", "minimum": 0, "maximum": 9_999_999 },
                    "accuracy": accuracy
                },
                "required": ["zone", "easting", "northing"],
                "additionalProperties": false
            }));
        }
        json!({ "oneOf": kinds })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Text;

    proptest::proptest! {
        #[test]
        fn a_place_typed_back_is_the_same(
            lat in -90_000_000_i64..=90_000_000, long in -180_000_000_i64..=180_000_000
        ) {
            // The ones that are taken for swapped are refused.
            proptest::prop_assume!(!(THAI_LONG.contains(&lat) && THAI_LAT.contains(&long)));
            let number = |millionths| fixed::number(millionths, PLACES).unwrap();
            let answer = json!({ "lat": number(lat), "long": number(long) });
            let field = Location::default();
            let words = field.in_words(&answer, &Wording { language: "th", text: &|_: &Text| "".into() });
            let typed = json!({ "lat": number(lat).to_string(), "long": number(long).to_string() });
            for entry in [answer.clone(), json!(words), typed] {
                proptest::prop_assert_eq!(field.read(&entry), Ok(Some(answer.clone())));
            }
        }

        #[test]
        fn a_place_on_the_grid_typed_back_is_the_same(
            zone in 47_i64..=48, easting in EASTING, northing in NORTHING
        ) {
            let answer = json!({ "zone": zone, "easting": easting, "northing": northing });
            let field = Location::default();
            for language in ["th", "en"] {
                let words = field.in_words(&answer, &Wording { language, text: &|_: &Text| "".into() });
                proptest::prop_assert_eq!(field.read(&json!(words)), Ok(Some(answer.clone())));
            }
            proptest::prop_assert_eq!(field.read(&answer), Ok(Some(answer.clone())));
        }

        #[test]
        fn no_text_breaks_the_reading(text in "[0-9., NESW°'\"-]{0,24}|.{0,16}", number: f64) {
            let field = Location::default();
            let entries = [
                json!(text),
                json!({ "lat": text, "long": number }),
                json!({ "lat": number, "long": number, "accuracy": number }),
                json!({ "zone": "47", "easting": text, "northing": number }),
                json!({ "zone": text, "easting": number, "northing": text }),
            ];
            for entry in entries {
                if let Ok(Some(answer)) = field.read(&entry) {
                    proptest::prop_assert_eq!(field.read(&answer), Ok(Some(answer.clone())));
                }
            }
        }
    }
}
