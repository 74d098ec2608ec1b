//! How long a text is for a person: the grapheme clusters of Unicode (UAX 29), by rules that are
//! short. Exact for Thai, Lao, Khmer, Burmese, Latin, Hebrew, Arabic, Devanagari and emoji; close for
//! the other scripts of India; letter by letter for the rest.

use super::is_unseen;

/// Zero-width joiner: makes one picture of two.
const JOINER: char = '\u{200D}';

/// The number of characters that a person would count: `น้ำ` is one, and so is a family of emoji.
pub fn length(text: &str) -> u64 {
    let mut count = 0;
    let mut before = None;
    // Of the character that is being counted: whether it is a picture, whether it is half a flag,
    // and the sign at its end that takes the next letter in.
    let (mut picture, mut half_flag, mut link) = (false, false, None);
    for c in text.chars().filter(|c| !is_unseen(*c)) {
        let joined = match before {
            None | Some('\n') => false,
            Some('\r') => c == '\n',
            Some(_) if is_mark(c) => true,
            Some(JOINER) if picture && is_picture(c) => true,
            Some(_) => (half_flag && is_flag(c)) || link.is_some_and(|link| is_conjunct(link, c)),
        };
        count += u64::from(!joined);
        // Of two joiners the second joins nothing.
        picture =
            if is_mark(c) { picture && joined && before != Some(JOINER) } else { is_picture(c) };
        half_flag = is_flag(c) && !joined;
        link = match c {
            JOINER => link,
            _ => is_link(c).then_some(c),
        };
        before = Some(c);
    }
    count
}

/// What stands above, below, before or behind the letter that it belongs to, and what says how an
/// emoji looks.
fn is_mark(c: char) -> bool {
    match c {
        // The scripts of India have one plan for their blocks.
        '\u{0900}'..='\u{0D7F}' => {
            matches!(
                c as u32 & 0x7F,
                0..=3 | 0x3A..=0x3C | 0x3E..=0x4D | 0x51..=0x57 | 0x62 | 0x63
            ) || matches!(c, '\u{094E}' | '\u{094F}')
        }
        _ => MARKS.iter().any(|(first, last)| (*first..=*last).contains(&c)),
    }
}

const MARKS: [(char, char); 42] = [
    ('\u{0300}', '\u{036F}'),
    ('\u{0483}', '\u{0489}'),
    ('\u{0591}', '\u{05BD}'),
    ('\u{05BF}', '\u{05BF}'),
    ('\u{05C1}', '\u{05C2}'),
    ('\u{05C4}', '\u{05C5}'),
    ('\u{05C7}', '\u{05C7}'),
    ('\u{0610}', '\u{061A}'),
    ('\u{064B}', '\u{065F}'),
    ('\u{0670}', '\u{0670}'),
    ('\u{06D6}', '\u{06DC}'),
    ('\u{06DF}', '\u{06E4}'),
    ('\u{06E7}', '\u{06E8}'),
    ('\u{06EA}', '\u{06ED}'),
    ('\u{08CA}', '\u{08E1}'),
    ('\u{08E3}', '\u{08FF}'),
    ('\u{0E31}', '\u{0E31}'),
    ('\u{0E33}', '\u{0E3A}'),
    ('\u{0E47}', '\u{0E4E}'),
    ('\u{0EB1}', '\u{0EB1}'),
    ('\u{0EB3}', '\u{0EBC}'),
    ('\u{0EC8}', '\u{0ECE}'),
    ('\u{102D}', '\u{1037}'),
    ('\u{1039}', '\u{103E}'),
    ('\u{1056}', '\u{1059}'),
    ('\u{105E}', '\u{1060}'),
    ('\u{1071}', '\u{1074}'),
    ('\u{1082}', '\u{1082}'),
    ('\u{1084}', '\u{1086}'),
    ('\u{108D}', '\u{108D}'),
    ('\u{109D}', '\u{109D}'),
    ('\u{17B4}', '\u{17D3}'),
    ('\u{17DD}', '\u{17DD}'),
    ('\u{1AB0}', '\u{1ADD}'),
    ('\u{1DC0}', '\u{1DFF}'),
    ('\u{200C}', JOINER),
    ('\u{20D0}', '\u{20F0}'),
    ('\u{3099}', '\u{309A}'),
    ('\u{FE00}', '\u{FE0F}'),
    ('\u{FE20}', '\u{FE2F}'),
    // Skin tones, and the letters of regional flags.
    ('\u{1F3FB}', '\u{1F3FF}'),
    ('\u{E0020}', '\u{E007F}'),
];

/// Pictures that joiners make one of: symbols and emoji.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{A9}' | '\u{AE}' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
        && !is_flag(c)
}

/// Two of these letters are a flag.
fn is_flag(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Signs that make one of the letters before and behind them, as in `क्ष`.
fn is_link(c: char) -> bool {
    matches!(
        c,
        '\u{094D}'
            | '\u{09CD}'
            | '\u{0ACD}'
            | '\u{0B4D}'
            | '\u{0C4D}'
            | '\u{0D4D}'
            | '\u{1039}'
            | '\u{17D2}'
    )
}

fn is_conjunct(link: char, letter: char) -> bool {
    match link {
        '\u{1039}' => matches!(letter, '\u{1000}'..='\u{102A}'),
        '\u{17D2}' => matches!(letter, '\u{1780}'..='\u{17B3}'),
        _ => {
            link as u32 >> 7 == letter as u32 >> 7
                && matches!(letter as u32 & 0x7F, 0x15..=0x39 | 0x58..=0x5F | 0x78..=0x7F)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::length;
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    fn counted(text: &str) -> u64 {
        text.graphemes(true).count() as u64
    }

    #[test]
    fn length_is_what_a_person_counts() {
        let cases = [
            ("", 0),
            ("น้ำ", 1),
            ("ที่ดิน", 3),
            ("กตัญญู", 4),
            ("พฺรหฺม", 4),
            ("ນ້ຳ", 1),
            ("abc", 3),
            ("e\u{301}", 1),
            ("a\r\nb\n", 4),
            ("\u{301}", 1),
            ("👨‍👩‍👧‍👦", 1),
            ("👩🏽‍🌾👍🏿", 2),
            ("❤️‍🔥", 1),
            ("🇹🇭🇱🇦", 2),
            ("🇹🇭🇱", 2),
            ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", 1),
            ("1️⃣", 1),
            ("مُحَمَّد", 4),
            ("क्षत्रिय", 3),
            ("नमस्ते", 3),
            ("ក្រុង", 2),
            ("မြန်မာ", 4),
        ];
        for (text, count) in cases {
            assert_eq!(length(text), count, "{text}");
            assert_eq!(counted(text), count, "{text}, by the standard");
        }
        assert_eq!(length("\u{FEFF}สม\u{200B}ชาย"), 5);
    }

    proptest! {
        #[test]
        fn letters_agree_with_the_standard(
            text in "[a-zé\u{300}-\u{36F}\u{E00}-\u{EFF}\u{400}-\u{5FF}\u{610}-\u{61B}\u{61D}-\u{6DC}\u{200C}\u{200D} ]{0,12}"
        ) {
            prop_assert_eq!(length(&text), counted(&text), "{:?}", text);
        }

        #[test]
        fn emoji_agree_with_the_standard(
            text in "[👨👩👧🏽🏿\u{200D}❤\u{FE0F}🇹🇭🇱🇦🌾a1\u{20E3}\u{E0067}\u{E007F}ก่]{0,12}"
        ) {
            prop_assert_eq!(length(&text), counted(&text), "{:?}", text);
        }
    }
}
