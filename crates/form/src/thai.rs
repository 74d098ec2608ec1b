//! Thai writing: digits, stray characters, and how long a text is for a person.

/// Turns Thai digits (U+0E50 to U+0E59) and full-width ones into 0 to 9 and leaves the rest alone.
pub fn fold_digits(text: &str) -> String {
    text.chars().map(fold_digit).collect()
}

/// Turns 0 to 9 into Thai digits.
pub fn thai_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(0x0E50 + (c as u32 - 0x30)).unwrap_or(c),
            _ => c,
        })
        .collect()
}

fn fold_digit(c: char) -> char {
    match c {
        '\u{0E50}'..='\u{0E59}' => char::from(b'0' + (c as u32 - 0x0E50) as u8),
        // Full width, as keyboards of other Asian languages give them.
        '\u{FF10}'..='\u{FF19}' => char::from(b'0' + (c as u32 - 0xFF10) as u8),
        _ => c,
    }
}

/// Thai digits folded, spaces and hyphens of every kind left out: `๑-1120 34` is `1112034`.
pub fn compact_digits(text: &str) -> String {
    text.chars().filter(|c| !is_separator(*c)).map(fold_digit).collect()
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || is_invisible(c) || matches!(c, '-' | '\u{2010}'..='\u{2015}')
}

/// Characters that nobody sees and that break comparing: zero width ones and the soft hyphen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// A line of text as it is kept: no invisible characters, every white space one plain space, none
/// at the ends, and sara am in one piece (`ํา` becomes `ำ`, also with a tone mark between). Never
/// NFKC, which would take sara am apart again.
pub fn clean_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in clean(text).split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Like [`clean_line`], but the lines and the spaces within them stay.
pub fn clean_lines(text: &str) -> String {
    let text = clean(text).replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Code points since a nikhahit (U+0E4D) that may turn out to be half of a sara am.
    let mut chars = text.chars().filter(|c| !is_invisible(*c)).peekable();
    while let Some(c) = chars.next() {
        if c != '\u{0E4D}' && !is_tone(c) {
            out.push(if c == '\u{00A0}' { ' ' } else { c });
            continue;
        }
        let mut nikhahit = c == '\u{0E4D}';
        let mut marks = String::from(c);
        while let Some(next) =
            chars.next_if(|next| is_tone(*next) || (*next == '\u{0E4D}' && !nikhahit))
        {
            nikhahit |= next == '\u{0E4D}';
            marks.push(next);
        }
        if nikhahit && chars.next_if_eq(&'\u{0E32}').is_some() {
            out.extend(marks.chars().filter(|mark| is_tone(*mark)));
            out.push('\u{0E33}');
        } else {
            out.push_str(&marks);
        }
    }
    out
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{0E48}'..='\u{0E4B}')
}

/// The number of characters that a person would count: `น้ำ` is one.
pub fn length(text: &str) -> u64 {
    text.chars().filter(|c| !is_mark(*c)).count() as u64
}

/// Marks that stand above, below or behind the letter before them: Thai vowels and tones, and the
/// common combining marks of other scripts.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{0E31}' | '\u{0E33}'..='\u{0E3A}' | '\u{0E47}'..='\u{0E4E}'
        | '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{065F}' | '\u{FE00}'..='\u{FE0F}')
        || is_invisible(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thai_digits_become_arabic_ones() {
        assert_eq!(fold_digits("๐๑๒๓๔๕๖๗๘๙ ก1０９"), "0123456789 ก109");
        assert_eq!(compact_digits("๑-1120-34563 56\u{2013}2\u{200B}"), "1112034563562");
    }

    #[test]
    fn sara_am_is_put_together_and_the_rest_stays() {
        let cases = [
            ("\u{0E01}\u{0E4D}\u{0E32}", "\u{0E01}\u{0E33}"),
            ("\u{0E19}\u{0E4D}\u{0E49}\u{0E32}", "\u{0E19}\u{0E49}\u{0E33}"),
            ("\u{0E19}\u{0E49}\u{0E4D}\u{0E32}", "\u{0E19}\u{0E49}\u{0E33}"),
            ("น้ำ", "น้ำ"),
            ("ก่อน", "ก่อน"),
            ("ก\u{0E4D}ข", "ก\u{0E4D}ข"),
            (" สม\u{200B}ชาย\u{00A0} ใจดี ", "สมชาย ใจดี"),
        ];
        for (typed, kept) in cases {
            assert_eq!(clean_line(typed), kept, "{typed:?}");
            assert_eq!(clean_line(kept), kept, "twice: {typed:?}");
        }
        assert_eq!(clean_lines(" a \r\n b  c\r\n\r\n"), "a\n b  c");
    }

    #[test]
    fn length_is_what_a_person_counts() {
        for (text, count) in [("", 0), ("น้ำ", 1), ("ที่ดิน", 3), ("กตัญญู", 4), ("abc", 3)]
        {
            assert_eq!(length(text), count, "{text}");
        }
    }
}
