//! What hands and phones put into a box that holds a number or a code: full-width forms, Thai
//! digits, spaces and hyphens of every kind. Here it is folded away, for every type that has such
//! a box. It knows nothing of any one number.

use serde_json::{Map, Value};

use super::typed;
use crate::{Finding, thai};

/// Spaces and hyphens left out, Thai and full-width digits as 0 to 9, full-width letters and signs
/// as plain ones: `ＪＴ０-๑๒ 3` is `JT0123`.
pub(super) fn compact(text: &str) -> String {
    thai::compact_digits(&narrow(text))
}

/// Full-width letters, digits and signs as plain ones.
pub(super) fn narrow(text: &str) -> String {
    let narrow = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from((c as u32 - 0xFEE0) as u8),
        // The minus sign, which some keyboards give for a hyphen.
        '\u{2212}' => '-',
        _ => c,
    };
    text.chars().map(narrow).collect()
}

/// Whether there is nothing but digits 0 to 9, and at least one.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The text of one part of an entry that is typed in several boxes.
pub(super) fn part<'a>(parts: &'a Map<String, Value>, name: &str) -> Result<&'a str, Finding> {
    typed(parts.get(name).unwrap_or(&Value::Null)).map_err(|finding| finding.part(name))
}

/// Says how many digits or letters a code needs and how many there are.
pub(super) fn wrong_length(code: &'static str, needs: usize, text: &str) -> Finding {
    Finding::error(code).with("needs", needs).with("have", text.chars().count())
}

/// A text cut before the character at each of `places`, its pieces joined by hyphens; the text
/// itself where it is not ASCII or too short.
pub(super) fn grouped(text: &str, places: &[usize]) -> String {
    if !text.is_ascii() || places.iter().any(|place| *place >= text.len()) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + places.len());
    for (place, c) in text.char_indices() {
        if places.contains(&place) {
            out.push('-');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{compact, grouped};

    #[test]
    fn folds_what_keyboards_give() {
        let cases = [
            ("０１２-３ ４", "01234"),
            ("๑\u{00A0}๒\u{2013}๓\u{2212}๔\u{200B}", "1234"),
            ("ＪＴ（＋", "JT(+"),
            ("ก", "ก"),
        ];
        for (typed, folded) in cases {
            assert_eq!(compact(typed), folded, "{typed:?}");
        }
    }

    #[test]
    fn groups_where_told_and_leaves_what_does_not_fit() {
        assert_eq!(grouped("10010123456", &[4, 10]), "1001-012345-6");
        assert_eq!(grouped("1001", &[4, 10]), "1001");
        assert_eq!(grouped("กข", &[1]), "กข");
    }
}
