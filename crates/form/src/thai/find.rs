//! Finding a name in a list by what a person types of it.

use super::{clean_line, fold_digits};

/// What of a text matters to a search: what looks the same is the same, digits are of one kind,
/// letters are small, and tones, marks of silent letters and full stops are left out, since they
/// are what people leave out who type on a phone.
pub fn search_key(text: &str) -> String {
    let text = fold_digits(&clean_line(text)).to_lowercase();
    text.chars().filter(|c| !is_left_out(*c)).collect()
}

fn is_left_out(c: char) -> bool {
    matches!(c, '\u{0E48}'..='\u{0E4C}' | '.' | '(' | ')')
}

/// Whether every word that was typed is in a text, anywhere and in any order. Both are given as
/// their keys; where nothing was typed, all texts fit.
pub fn fits(typed: &str, text: &str) -> bool {
    typed.split(' ').all(|word| is_in(word.as_bytes(), text.as_bytes()))
}

/// The plain way: texts are short, and the library's is code of its own.
fn is_in(word: &[u8], text: &[u8]) -> bool {
    word.is_empty() || text.windows(word.len()).any(|part| part == word)
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
