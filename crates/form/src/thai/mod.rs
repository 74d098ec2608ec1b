//! Thai writing: digits, stray characters, one spelling for what looks the same, and how long a
//! text is for a person.
//!
//! A text is kept in Unicode's composed form (NFC) with the Thai orders that this form leaves open.
//! Never in NFKC, which takes sara am apart.

mod find;
mod latin;
mod length;
mod order;

pub use find::{fits, search_key};
pub use length::length;

/// Turns Thai digits (U+0E50 to U+0E59) and full-width ones into 0 to 9, the typographer's minus
/// into a hyphen, and leaves the rest alone.
pub fn fold_digits(text: &str) -> String {
    text.chars().map(fold_digit).collect()
}

fn fold_digit(c: char) -> char {
    let zero = match c {
        '\u{0E50}'..='\u{0E59}' => 0x0E50,
        // Full width, as keyboards of other Asian languages give them.
        '\u{FF10}'..='\u{FF19}' => 0xFF10,
        '\u{2212}' => return '-',
        _ => return c,
    };
    char::from(b'0' + (c as u32 - zero) as u8)
}

/// Turns 0 to 9 into Thai digits, for showing.
pub fn thai_digits(text: &str) -> String {
    let thai = |c: char| match c.to_digit(10) {
        Some(digit) => char::from_u32(0x0E50 + digit).unwrap_or(c),
        None => c,
    };
    text.chars().map(thai).collect()
}

/// Thai digits folded, spaces and hyphens of every kind left out: `๑-1120 34` is `1112034`.
pub fn compact_digits(text: &str) -> String {
    text.chars().filter(|c| !is_separator(*c)).map(fold_digit).collect()
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || is_unseen(c)
        || is_joiner(c)
        || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Characters that nobody sees and that break comparing: the zero-width space, the word joiner, the
/// byte order mark and the soft hyphen.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// The zero-width joiner and non-joiner.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// A line of text as it is kept: one spelling for what looks the same (NFC, and sara am in one
/// piece, `เเ` as `แ`, vowels before the tone, no tone twice), no invisible characters, every white
/// space one plain space, none at the ends.
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
    let text = clean(text);
    // A line may end with one of them, or with both.
    let lines = text.lines().flat_map(|line| line.split('\r'));
    let lines: Vec<&str> = lines.map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

fn clean(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    latin::compose(&order::put_in_order(&without_unseen(text)))
}

/// The text without characters that nobody sees, and no-break spaces as spaces. Joiners stay where they have work to do: they make
/// one emoji of several and shape the letters of some scripts. Between Latin or Thai letters, and
/// at the ends, they do nothing.
fn without_unseen(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut joiners = String::new();
    let mut before = None;
    for c in text.chars().filter(|c| !is_unseen(*c)) {
        if is_joiner(c) {
            joiners.push(c);
            continue;
        }
        if before.is_some_and(takes_joiners) && takes_joiners(c) {
            out.push_str(&joiners);
        }
        joiners.clear();
        out.push(if c == '\u{00A0}' { ' ' } else { c });
        before = Some(c);
    }
    out
}

/// Arabic, the scripts of India, symbols, emoji and whatever else is not Latin, Greek, Cyrillic,
/// Thai or Lao.
fn takes_joiners(c: char) -> bool {
    c >= '\u{0600}'
        && !matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1E00}'..='\u{1FFF}')
        && !c.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_of_three_kinds_are_the_same() {
        assert_eq!(fold_digits("\u{2212}๐๑๒๓๔๕๖๗๘๙ ก1０９"), "-0123456789 ก109");
        assert_eq!(thai_digits("0123456789 ก๑"), "๐๑๒๓๔๕๖๗๘๙ ก๑");
        assert_eq!(compact_digits("๑-1120-34563 56\u{2013}2\u{200B}\u{200D}"), "1112034563562");
    }

    #[test]
    fn what_looks_the_same_is_kept_the_same() {
        let cases = [
            // Sara am in two pieces, and a tone before, between and behind them.
            ("\u{0E01}\u{0E4D}\u{0E32}", "\u{0E01}\u{0E33}"),
            ("\u{0E19}\u{0E4D}\u{0E49}\u{0E32}", "\u{0E19}\u{0E49}\u{0E33}"),
            ("\u{0E19}\u{0E49}\u{0E4D}\u{0E32}", "\u{0E19}\u{0E49}\u{0E33}"),
            ("\u{0E08}\u{0E4D}\u{0E32}เป็น", "จำเป็น"),
            ("น้ำ", "น้ำ"),
            ("ก\u{0E4D}ข", "ก\u{0E4D}ข"),
            // Sara ae of two sara e.
            ("\u{0E40}\u{0E40}\u{0E21}\u{0E48}", "\u{0E41}\u{0E21}\u{0E48}"),
            ("\u{0E40}\u{200B}\u{0E40}\u{0E21}\u{0E48}", "\u{0E41}\u{0E21}\u{0E48}"),
            ("เกเร", "เกเร"),
            // A vowel above or below comes before the tone and the thanthakhat.
            ("\u{0E01}\u{0E48}\u{0E34}", "\u{0E01}\u{0E34}\u{0E48}"),
            ("\u{0E01}\u{0E48}\u{0E38}", "\u{0E01}\u{0E38}\u{0E48}"),
            ("ก\u{0E49}\u{0E31}น", "กั้น"),
            ("สิทธ\u{0E4C}\u{0E34}", "สิทธิ์"),
            // A tone twice.
            ("ก\u{0E48}\u{0E48}อน", "ก่อน"),
            ("ก\u{0E48}\u{0E34}\u{0E48}", "กิ่"),
            ("ก\u{0E48}\u{0E49}", "ก\u{0E48}\u{0E49}"),
            // What nobody sees.
            (" สม\u{200B}ชาย\u{00A0} ใจดี ", "สมชาย ใจดี"),
            ("\u{FEFF}ที่\u{00AD}ดิน\u{2060}", "ที่ดิน"),
            ("ก\u{200D}ข\u{200C}ค", "กขค"),
            ("So\u{200D}m\u{200C}", "Som"),
            ("👨\u{200D}👩\u{200D}👧", "👨\u{200D}👩\u{200D}👧"),
            ("\u{200D}👨\u{200D}ก", "👨ก"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("क्\u{200D}ष", "क्\u{200D}ष"),
            // Accents.
            ("Jose\u{0301} Nguye\u{0302}\u{0303}n", "José Nguyễn"),
            ("ກ\u{0EC8}\u{0EB8}", "ກ\u{0EB8}\u{0EC8}"),
            ("ABC 123", "ABC 123"),
        ];
        for (typed, kept) in cases {
            assert_eq!(clean_line(typed), kept, "{typed:?}");
            assert_eq!(clean_line(kept), kept, "twice: {typed:?}");
        }
        assert_eq!(clean_lines(" a \r\n b  c\r\n\r\n"), "a\n b  c");
        assert_eq!(clean_lines("ก\u{00A0}\u{00A0}ข\u{00A0}"), "ก  ข");
    }

    #[test]
    fn a_long_row_of_marks_takes_no_time() {
        let marks = "ก".to_owned() + &"\u{0E48}\u{0E38}\u{0301}\u{200D}\u{0E34}".repeat(50_000);
        assert!(clean_line(&marks).chars().count() < 200_000);
        assert_eq!(length(&marks), 1);
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in "[กนเแำาaeé \u{A0}\u{AD}\u{E31}\u{E34}-\u{E3A}\u{E47}-\u{E4E}\u{EB8}\u{EC8}\u{300}-\u{338}\u{200B}-\u{200D}\u{2060}👨\n\r]{0,16}") {
            let (line, lines) = (clean_line(&text), clean_lines(&text));
            prop_assert_eq!(clean_line(&line), line);
            prop_assert_eq!(clean_lines(&lines), lines);
        }

        #[test]
        fn any_text_can_be_cleaned(text: String) {
            let line = clean_line(&text);
            prop_assert_eq!(clean_line(&line), line);
        }
    }
}
