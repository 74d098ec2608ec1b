//! Finds places by what a person types: parts of names, in any order, and postcodes.

use super::fold::fold_all;
use super::names::{NONE, PREFIX, WHOLE};
use super::{DISTRICT, PROVINCE, Place, Places, number, order};
use crate::thai::{clean_line, fold_digits};

/// As many words as the longest path has in English; what comes after them is not looked at.
const MOST_WORDS: usize = 10;

// In which of the three names a word may be found.
const SUBDISTRICTS: u8 = 1;
const DISTRICTS: u8 = 2;
const PROVINCES: u8 = 4;
const ANY: u8 = SUBDISTRICTS | DISTRICTS | PROVINCES;

/// Words for the levels, written before a name, also without a space.
const BEFORE: [(&str, u8); 9] = [
    ("ตำบล", SUBDISTRICTS),
    ("แขวง", SUBDISTRICTS),
    ("กิ่งอำเภอ", DISTRICTS),
    ("อำเภอ", DISTRICTS),
    ("เขต", DISTRICTS),
    ("จังหวัด", PROVINCES),
    ("ต.", SUBDISTRICTS),
    ("อ.", DISTRICTS),
    ("จ.", PROVINCES),
];

/// The same in English, where they are words of their own.
const BEFORE_ENGLISH: [(&str, u8); 7] = [
    ("tambon", SUBDISTRICTS),
    ("khwaeng", SUBDISTRICTS),
    ("amphoe", DISTRICTS),
    ("khet", DISTRICTS),
    ("district", DISTRICTS),
    ("changwat", PROVINCES),
    ("province", PROVINCES),
];

impl Places {
    /// The sub-districts that fit what was typed, best first, at most `most`; none for nothing.
    ///
    /// Every word must be found: in the name of the sub-district, the district or the province (in
    /// one of them only, if the word says which: `ต.ในเมือง`, `อำเภอเมือง`, `จ. ขอนแก่น`), or, if it
    /// is a number in Arabic or Thai digits, at the beginning of a postcode. A word that is the
    /// whole name is better than its beginning, and that is better than any other part; then the
    /// sub-district's name is better than the district's, and that than the province's; then two of
    /// the names are better than one. Equal ones stand in the order of a Thai dictionary.
    pub fn search(&self, query: &str, most: usize) -> Vec<Place<'_>> {
        let query = Query::read(&fold_digits(&clean_line(query)));
        let mut scores = self.total(&query.words);
        if query.phrases.len() < query.words.len() {
            for (score, whole) in scores.iter_mut().zip(self.total(&query.phrases)) {
                *score = whole.min(*score);
            }
        }

        let score = |index: u32| scores.get(index as usize).copied().unwrap_or(NONE);
        let mut found = Vec::new();
        for index in (0..self.entries.len() as u32).filter(|index| score(*index) != NONE) {
            order::insert(&mut found, most, index, &|a, b| {
                score(a).cmp(&score(b)).then_with(|| self.compare(a, b, "th"))
            });
        }
        found.into_iter().map(|index| Place(self.area(index))).collect()
    }

    /// How well all words together fit each entry; less is better, [`NONE`] where one does not.
    fn total(&self, words: &[Word]) -> Vec<u8> {
        let Some((first, others)) = words.split_first() else { return Vec::new() };
        let mut scores = self.scores(first);
        for word in others {
            if scores.iter().all(|score| *score == NONE) {
                break;
            }
            for (score, other) in scores.iter_mut().zip(self.scores(word)) {
                *score = if other == NONE { NONE } else { score.saturating_add(other) };
            }
        }
        scores
    }

    /// How well a word fits each entry; [`NONE`] for all that are not sub-districts.
    fn scores(&self, word: &Word) -> Vec<u8> {
        let mut found = vec![NONE; self.entries.len()];
        if word.text.iter().all(u8::is_ascii_digit) {
            self.find_postcode(&word.text, &mut found);
        } else {
            // Thai letters are in Thai names only.
            let is_thai = word.text.iter().any(|byte| !byte.is_ascii());
            let names = if is_thai { Some(&self.thai) } else { self.english.as_ref() };
            if let Some(names) = names {
                names.find(&word.text, &mut found);
            }
        }
        let (mut province, mut district) = (NONE, NONE);
        for (entry, found) in self.entries.iter().zip(&mut found) {
            let how = std::mem::replace(found, NONE);
            // How it is found counts most, then where.
            let score = |level: u8| match word.levels & (1 << level) {
                0 => NONE,
                _ if how == NONE => NONE,
                _ => (how * 3 + level) * 2,
            };
            if entry.code.is_multiple_of(PROVINCE) {
                (province, district) = (score(2), NONE);
            } else if entry.code.is_multiple_of(DISTRICT) {
                district = score(1);
            } else {
                let scores = [score(0), district, province];
                // «ขอนแก่น» is rather in «เมืองขอนแก่น» than elsewhere in that province.
                let once = scores.iter().filter(|score| **score != NONE).count() < 2;
                let best = scores.into_iter().fold(NONE, u8::min);
                *found = best.saturating_add(u8::from(once));
            }
        }
        found
    }

    fn find_postcode(&self, digits: &[u8], found: &mut [u8]) {
        let Some(missing) = 5usize.checked_sub(digits.len()) else { return };
        let text = str::from_utf8(digits).unwrap_or_default();
        let Some(begin) = number(text, digits.len()) else { return };
        let unit = 10u32.pow(missing as u32);
        let how = if missing == 0 { WHOLE } else { PREFIX };
        for (index, found) in found.iter_mut().enumerate() {
            if self.postcodes(index as u32).iter().any(|postcode| postcode / unit == begin) {
                *found = how;
            }
        }
    }
}

/// What was typed, taken apart in two ways.
#[derive(Default)]
struct Query {
    words: Vec<Word>,
    /// The same with words put together that may be one name: «Khon Kaen».
    phrases: Vec<Word>,
}

#[derive(Clone)]
struct Word {
    /// Folded; never empty.
    text: Vec<u8>,
    /// Bits for where it may be found.
    levels: u8,
}

impl Query {
    /// Takes apart what has been cleaned.
    fn read(query: &str) -> Self {
        let mut words = Self::default();
        let mut next = (true, ANY);
        let mut parts = parts(query).into_iter().peekable();
        while let Some(mut part) = parts.next() {
            next.0 |= part == ",";
            for (before, level) in BEFORE {
                if let Some(rest) = part.strip_prefix(before)
                    // There is a sub-district จ.ป.ร.
                    && (!before.ends_with('.') || !rest.contains('.'))
                {
                    (part, next) = (rest, (true, level));
                    break;
                }
            }
            for (before, level) in BEFORE_ENGLISH {
                // There is a sub-district Sam Tambon.
                if part.eq_ignore_ascii_case(before) && parts.peek().is_some() {
                    (part, next) = ("", (true, level));
                }
            }
            if part.trim_end_matches('.') == "กทม" {
                part = "กรุงเทพมหานคร";
            }
            let mut text = Vec::new();
            fold_all(part, &mut text);
            let is_number = text.iter().all(u8::is_ascii_digit);
            if !text.is_empty() && words.words.len() < MOST_WORDS {
                words.push(Word { text, levels: next.1 }, next.0 || is_number);
                next = (is_number, ANY);
            }
        }
        words
    }

    fn push(&mut self, word: Word, begins: bool) {
        match self.phrases.last_mut() {
            Some(phrase) if !begins => phrase.text.extend(&word.text),
            _ => self.phrases.push(word.clone()),
        }
        self.words.push(word);
    }
}

/// Splits at spaces, at commas, which are parts of their own, and between letters and digits.
fn parts(query: &str) -> Vec<&str> {
    const SPACE: u8 = 0;
    let kind = |letter: char| match letter {
        ' ' | '/' | '(' | ')' => SPACE,
        ',' => 1,
        '0'..='9' => 2,
        _ => 3,
    };
    let mut parts = Vec::new();
    let (mut start, mut last) = (0, SPACE);
    // A space at the end, so that the last part ends too.
    for (at, letter) in query.char_indices().chain([(query.len(), ' ')]) {
        if kind(letter) != last {
            if last != SPACE {
                parts.push(&query[start..at]);
            }
            (start, last) = (at, kind(letter));
        }
    }
    parts
}
