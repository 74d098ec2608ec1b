//! Every province, district and sub-district of Thailand, with postcodes, for address fields: read
//! from a list, listed level by level, found by what a person types.
//!
//! The list is `public/data/areas.th.txt`; `cargo xtask areas` makes it from GeoThai's data, whose
//! codes are those of the Department of Provincial Administration (2, 4 and 6 digits, each beginning
//! with the code of what it lies in). It comes in as text: this module fetches nothing. It has no
//! villages (หมู่), no streets, and no codes that have been abolished.
//!
//! ```
//! # let text = include_str!("../../../../public/data/areas.th.txt");
//! use eform::places::Places;
//!
//! let places = Places::parse(text)?;
//! let found = places.search("ต.ในเมือง ขอนแก่น", 10);
//! assert_eq!(found[0].code(), "400101");
//! assert_eq!(found[0].path("th"), "ตำบลในเมือง อำเภอเมืองขอนแก่น จังหวัดขอนแก่น");
//! assert_eq!(found[0].postcodes(), ["40000"]);
//! # Ok::<(), eform::places::PlacesError>(())
//! ```

mod error;
mod fold;
mod names;
mod order;
mod parse;
mod place;
mod search;

pub use error::PlacesError;
pub use place::{Area, Place, Words};

use names::Names;

/// The list, as it is searched.
#[derive(Debug, Clone)]
pub struct Places {
    version: String,
    credit: String,
    /// In the order of their codes, so that what lies in an area comes right after it.
    entries: Vec<Entry>,
    /// Postcodes as numbers; see [`Entry::postcodes`].
    postcodes: Vec<u32>,
    thai: Names,
    english: Option<Names>,
}

/// A province, a district or a sub-district. Its names are at the same index in [`Names`].
#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Six digits: a province's code ends in 0000, a district's in 00.
    code: u32,
    /// Where its postcodes begin among all; they end where those of the next entry begin.
    postcodes: u32,
}

impl Entry {
    fn is_subdistrict(self) -> bool {
        !self.code.is_multiple_of(DISTRICT)
    }
}

/// The distance from one province's code to the next.
const PROVINCE: u32 = 10_000;
/// The distance from one district's code to the next.
const DISTRICT: u32 = 100;

impl Places {
    /// Reads the list: the whole text of `areas.th.txt`.
    ///
    /// # Errors
    ///
    /// If the text is of another format, damaged, or not complete.
    pub fn parse(text: &str) -> Result<Self, PlacesError> {
        parse::places(text)
    }

    /// Adds the English names: the whole text of `areas.en.txt`. Then they are found too, and
    /// asking for a name in `"en"` gives them.
    ///
    /// # Errors
    ///
    /// If the text cannot be read, or was not made together with this list. Then nothing changes.
    pub fn with_english(&mut self, text: &str) -> Result<(), PlacesError> {
        self.english = Some(parse::english(text, self)?);
        Ok(())
    }

    /// The version of the data, such as `2026.10.23`. An answer keeps it beside codes and names.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whose data it is and under which licence, in English; to be shown where the data is used.
    pub fn credit(&self) -> &str {
        &self.credit
    }

    /// All provinces, in the order of a dictionary of `language` (`"th"` or `"en"`).
    pub fn provinces(&self, language: &str) -> Vec<Area<'_>> {
        self.list(0, 100 * PROVINCE, PROVINCE, language)
    }

    /// The districts of the province with this code (2 digits), in the order of a dictionary; none
    /// if there is no such province.
    pub fn districts(&self, province: &str, language: &str) -> Vec<Area<'_>> {
        let Some(code) = number(province, 2) else { return Vec::new() };
        let code = code * PROVINCE;
        self.list(code + 1, code + PROVINCE, DISTRICT, language)
    }

    /// The sub-districts of the district with this code (4 digits), in the order of a dictionary;
    /// none if there is no such district.
    pub fn subdistricts(&self, district: &str, language: &str) -> Vec<Place<'_>> {
        let Some(code) = number(district, 4) else { return Vec::new() };
        let code = code * DISTRICT;
        let areas = self.list(code + 1, code + DISTRICT, 1, language);
        areas.into_iter().map(Place).collect()
    }

    /// The sub-district with this code (6 digits).
    pub fn subdistrict(&self, code: &str) -> Option<Place<'_>> {
        let code = number(code, 6)?;
        let index = self.position(code);
        let entry = self.entries.get(index as usize)?;
        (entry.code == code && entry.is_subdistrict()).then(|| Place(self.area(index)))
    }

    /// The sub-districts that use this postcode, in the order of a Thai dictionary. Thai digits and
    /// spaces will do.
    pub fn by_postcode(&self, postcode: &str) -> Vec<Place<'_>> {
        let Some(postcode) = number(&crate::thai::compact_digits(postcode), 5) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for index in 0..self.entries.len() as u32 {
            if self.postcodes(index).contains(&postcode) {
                order::insert(&mut found, usize::MAX, index, &|a, b| self.compare(a, b, "th"));
            }
        }
        found.into_iter().map(|index| Place(self.area(index))).collect()
    }

    /// Whether the sub-district with this code has these Thai names: its own, its district's, its
    /// province's, each without the word for its level. Not so if the code has been abolished, or is
    /// newer than this list: an answer of another [`Places::version`] may be right nevertheless.
    pub fn matches(&self, code: &str, names: [&str; 3]) -> bool {
        self.subdistrict(code)
            .is_some_and(|place| place.areas().map(|area| area.name("th")) == names)
    }

    /// The entries from one code until before another, of those that `step` divides.
    fn list(&self, from: u32, until: u32, step: u32, language: &str) -> Vec<Area<'_>> {
        let mut found = Vec::new();
        for index in self.position(from)..self.position(until) {
            if self.code(index).is_multiple_of(step) {
                order::insert(&mut found, usize::MAX, index, &|a, b| self.compare(a, b, language));
            }
        }
        found.into_iter().map(|index| self.area(index)).collect()
    }

    /// By the names; like names by their provinces', and in one province by code.
    fn compare(&self, one: u32, other: u32, language: &str) -> std::cmp::Ordering {
        let by_name =
            |one, other| order::compare(self.name(one, language), self.name(other, language));
        by_name(one, other)
            .then_with(|| by_name(self.province(one), self.province(other)))
            .then(one.cmp(&other))
    }

    fn area(&self, index: u32) -> Area<'_> {
        Area { places: self, index }
    }

    /// The index of the first entry with this code or a greater one.
    fn position(&self, code: u32) -> u32 {
        self.entries.partition_point(|entry| entry.code < code) as u32
    }

    /// The index of the province that an entry lies in.
    fn province(&self, index: u32) -> u32 {
        let code = self.code(index);
        self.position(code - code % PROVINCE)
    }

    /// The index of the district that an entry lies in.
    fn district(&self, index: u32) -> u32 {
        let code = self.code(index);
        self.position(code - code % DISTRICT)
    }

    fn code(&self, index: u32) -> u32 {
        self.entries.get(index as usize).map_or(0, |entry| entry.code)
    }

    fn name(&self, index: u32, language: &str) -> &str {
        match &self.english {
            Some(english) if language == "en" => english.get(index),
            _ => self.thai.get(index),
        }
    }

    fn postcodes(&self, index: u32) -> &[u32] {
        let start =
            |index: u32| self.entries.get(index as usize).map(|entry| entry.postcodes as usize);
        let end = start(index + 1).unwrap_or(self.postcodes.len());
        start(index).and_then(|start| self.postcodes.get(start..end)).unwrap_or_default()
    }
}

/// The number that a text of exactly so many digits is.
fn number(text: &str, digits: usize) -> Option<u32> {
    let only_digits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if only_digits { text.parse().ok() } else { None }
}
