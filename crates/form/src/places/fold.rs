//! One byte for every letter, so that a search compares bytes in a third of the text. What does not
//! matter to a search (capitals, Thai digits, spaces, hyphens, dots) is gone.

/// Stands for a letter that no name has.
const UNKNOWN: u8 = 0xFF;

/// The byte of a letter; none if it does not matter. Thai letters are 0x81 to 0xCE.
pub fn fold(letter: char) -> Option<u8> {
    match letter {
        'A'..='Z' => Some(letter as u8 | 0x20),
        'a'..='z' | '0'..='9' => Some(letter as u8),
        // Paiyannoi: «กรุงเทพฯ» is to find «กรุงเทพมหานคร».
        '\u{0E2F}' => None,
        '\u{0E50}'..='\u{0E59}' => Some(b'0' + (letter as u32 - 0x0E50) as u8),
        '\u{0E01}'..='\u{0E4E}' => Some((letter as u32 - 0x0E00) as u8 | 0x80),
        '\0'..='\u{7F}' | '\u{2010}'..='\u{201F}' => None,
        _ => Some(UNKNOWN),
    }
}

/// What the letters of a name or of a word are folded to.
pub fn fold_all(text: &str, folded: &mut Vec<u8>) {
    for letter in text.chars() {
        if let Some(byte) = fold(letter) {
            folded.push(byte);
        }
    }
}
