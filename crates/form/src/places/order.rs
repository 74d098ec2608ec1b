//! The order of a Thai dictionary: a vowel written before its consonant (เ แ โ ใ ไ) counts after it,
//! and tones and other marks count only between words that are otherwise alike. The same as the
//! Unicode collation's for Thai, which is too large for the page.

use std::{cmp::Ordering, str::Chars};

/// Which comes first in a dictionary, of Thai or of English.
pub fn compare(one: &str, other: &str) -> Ordering {
    let letters = Weights::new(one, letter).cmp(Weights::new(other, letter));
    letters.then_with(|| Weights::new(one, mark).cmp(Weights::new(other, mark)))
}

/// Puts an item where it belongs in a sorted list of at most so many.
pub fn insert(list: &mut Vec<u32>, most: usize, item: u32, compare: &dyn Fn(u32, u32) -> Ordering) {
    let precedes = |there: u32| compare(there, item) != Ordering::Greater;
    if list.len() >= most && list.last().is_none_or(|last| precedes(*last)) {
        return;
    }
    let place = list.partition_point(|there| precedes(*there));
    list.insert(place, item);
    list.truncate(most);
}

/// The weights of a text's letters, in the order in which they count.
struct Weights<'a> {
    letters: Chars<'a>,
    /// A vowel that waits for its consonant to go first.
    vowel: Option<char>,
    weight: fn(char) -> u8,
}

impl<'a> Weights<'a> {
    fn new(text: &'a str, weight: fn(char) -> u8) -> Self {
        Self { letters: text.chars(), vowel: None, weight }
    }

    fn letter(&mut self) -> Option<char> {
        if let Some(vowel) = self.vowel.take() {
            return Some(vowel);
        }
        let letter = self.letters.next()?;
        if matches!(letter, '\u{0E40}'..='\u{0E44}')
            && let Some(consonant @ '\u{0E01}'..='\u{0E2E}') = self.letters.clone().next()
        {
            self.letters.next();
            self.vowel = Some(letter);
            return Some(consonant);
        }
        Some(letter)
    }
}

impl Iterator for Weights<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        loop {
            let weight = (self.weight)(self.letter()?);
            if weight > 0 {
                return Some(weight);
            }
        }
    }
}

/// The weight of a letter; none for marks and punctuation.
fn letter(c: char) -> u8 {
    match c {
        ' ' => 1,
        '0'..='9' | 'a'..='z' => c as u8,
        'A'..='Z' => c as u8 | 0x20,
        '\u{0E01}'..='\u{0E2E}' | '\u{0E30}'..='\u{0E45}' => (c as u32 - 0x0E00) as u8 | 0x80,
        _ => 0,
    }
}

/// The weight of a mark; every letter weighs less.
fn mark(c: char) -> u8 {
    match c {
        '\u{0E47}'..='\u{0E4E}' => c as u32 as u8,
        _ => u8::from(letter(c) > 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_as_in_a_dictionary() {
        let sorted = [
            "กก",
            "กระบี่",
            "กรุงเทพมหานคร",
            "กล้วย",
            "กะทิ",
            "กา",
            "กำแพงเพชร",
            "กิ่ง",
            "เก",
            "เก่ง",
            "เกาะ",
            "แก",
            "แก้ว",
            "โก",
            "ใก้",
            "ไก่",
            "ขน",
            "ขอนแก่น",
            "เขา",
            "ชลบุรี",
            "ชัยนาท",
            "เชียงราย",
            "เชียงใหม่",
            "แพร่",
            "ฤทธิ์",
            "ลำปาง",
            "เลย",
            "ฮอด",
        ];
        for pair in sorted.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
            assert_eq!(compare(pair[1], pair[0]), Ordering::Greater, "{pair:?}");
        }
    }

    #[test]
    fn marks_decide_last() {
        for (first, second) in [
            ("ขา", "ข่า"),
            ("ข่า", "ข้า"),
            ("ข้า", "ขาด"),
            ("เกง", "เก็ง"),
            ("เก็ง", "เก่ง"),
            ("จันทร", "จันทร์"),
        ] {
            assert_eq!(compare(first, second), Ordering::Less, "{first} {second}");
        }
    }

    #[test]
    fn english_goes_word_by_word_without_capitals() {
        for (first, second) in [("Ban Tai", "Bang Rak"), ("ang Thong", "Bangkok"), ("Ko", "Ko Tao")]
        {
            assert_eq!(compare(first, second), Ordering::Less, "{first} {second}");
        }
        assert_eq!(compare("Ko Pha-ngan", "Ko Phangan"), Ordering::Equal);
    }

    #[test]
    fn only_the_first_are_kept() {
        let mut list = Vec::new();
        for item in [5, 3, 9, 1, 3, 7] {
            insert(&mut list, 4, item, &|a, b| a.cmp(&b));
        }
        assert_eq!(list, [1, 3, 3, 5]);
        insert(&mut list, 0, 1, &|a, b| a.cmp(&b));
        assert!(list.is_empty());
    }
}
