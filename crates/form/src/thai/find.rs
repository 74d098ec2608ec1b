//! Finding a name in a list by what a person types of it. Keys are bytes of UTF-8: they are only
//! compared, and what works on characters is code of its own in the page.

use super::{clean_line, fold_digits};

/// What of a text matters to a search: what looks the same is the same, digits are of one kind,
/// letters are small, and tones, marks of silent letters, full stops and brackets are left out, since
/// people who type on a phone leave them out.
pub fn search_key(text: &str) -> Vec<u8> {
    let text = fold_digits(&clean_line(text)).to_lowercase();
    let (mut key, mut rest) = (Vec::new(), text.as_bytes());
    loop {
        rest = match rest {
            [] => return key,
            // U+0E48 to U+0E4C.
            [0xE0, 0xB9, 0x88..=0x8C, behind @ ..] | [b'.' | b'(' | b')', behind @ ..] => behind,
            [byte, behind @ ..] => {
                key.push(*byte);
                behind
            }
        };
    }
}

/// Whether every word that was typed is in a text, anywhere and in any order. Both are given as
/// their keys; where nothing was typed, all texts fit.
pub fn fits(typed: &[u8], text: &[u8]) -> bool {
    typed
        .split(|byte| *byte == b' ')
        .all(|word| word.is_empty() || text.windows(word.len()).any(|part| part == word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_parts_of_it() {
        let cases = [
            ("เชียงใหม่", "เชียง", true),
            ("เชียงใหม่", "  ใหม ", true),
            ("เชียงใหม่", "ใหม่เชียง", false),
            ("เชียงใหม่", "ใหม่ เชียง", true),
            ("แพร่", "แพร", true),
            ("แพร", "แพร่", true),
            ("น้ำพอง", "น\u{0E49}\u{0E4D}าพอง", true),
            ("จันทบุรี", "จันท์", true),
            ("พ.ศ. ๒๕๖๙", "2569", true),
            ("Chiang Mai", "MAI chi", true),
            ("Chiang Mai", "mae", false),
            ("อื่น ๆ", "", true),
            ("", "ก", false),
        ];
        for (text, typed, found) in cases {
            assert_eq!(fits(&search_key(typed), &search_key(text)), found, "{typed} in {text}");
        }
    }
}
