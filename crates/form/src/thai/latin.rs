//! Letters and their accents in one piece: the composed form of Unicode (NFC) for the letters of
//! western and central Europe and of Vietnam, and the canonical order of the marks of Latin, Thai
//! and Lao. Exact for these; other letters stay as they come.
//!
//! The crate for all scripts (`unicode-normalization`) is 49 KB brotli in the page, and is what the
//! tests compare with.

/// By accent: letters, each with the letter that it makes. Latin-1, Extended-A and Vietnamese.
#[rustfmt::skip]
const LETTERS: [(char, &str); 16] = [
    ('\u{0300}', "AÀEÈIÌOÒUÙaàeèiìoòuùÂẦâầĂẰăằÊỀêềÔỒôồƠỜơờƯỪưừYỲyỳ"),
    ('\u{0301}', "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzźÂẤâấĂẮăắÊẾêếÔỐôốƠỚơớƯỨưứ"),
    ('\u{0302}', "AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷẠẬạậẸỆẹệỌỘọộ"),
    ('\u{0303}', "AÃNÑOÕaãnñoõIĨiĩUŨuũÂẪâẫĂẴăẵEẼeẽÊỄêễÔỖôỗƠỠơỡƯỮưữYỸyỹ"),
    ('\u{0304}', "AĀaāEĒeēIĪiīOŌoōUŪuū"),
    ('\u{0306}', "AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭẠẶạặ"),
    ('\u{0307}', "CĊcċEĖeėGĠgġIİZŻzż"),
    ('\u{0308}', "AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸ"),
    ('\u{0309}', "AẢaảÂẨâẩĂẲăẳEẺeẻÊỂêểIỈiỉOỎoỏÔỔôổƠỞơởUỦuủƯỬưửYỶyỷ"),
    ('\u{030A}', "AÅaåUŮuů"),
    ('\u{030B}', "OŐoőUŰuű"),
    ('\u{030C}', "CČcčDĎdďEĚeěLĽlľNŇnňRŘrřSŠsšTŤtťZŽzž"),
    ('\u{031B}', "OƠoơUƯuư"),
    ('\u{0323}', "AẠaạEẸeẹIỊiịOỌoọƠỢơợUỤuụƯỰưựYỴyỵ"),
    ('\u{0327}', "CÇcçGĢgģKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţ"),
    ('\u{0328}', "AĄaąEĘeęIĮiįUŲuų"),
];

/// The text with its letters composed.
pub(super) fn compose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // A letter and its marks.
    let mut cluster = Vec::new();
    for c in text.chars() {
        if class(c) == 0 {
            write_cluster(&mut out, &cluster);
            cluster.clear();
        }
        decompose(c, &mut cluster);
    }
    write_cluster(&mut out, &cluster);
    out
}

fn decompose(c: char, parts: &mut Vec<char>) {
    match c {
        '\u{C0}'..='\u{1B0}' | '\u{1EA0}'..='\u{1EF9}' => {}
        '\u{340}' => return parts.push('\u{300}'),
        '\u{341}' => return parts.push('\u{301}'),
        '\u{343}' => return parts.push('\u{313}'),
        '\u{344}' => return parts.extend(['\u{308}', '\u{301}']),
        _ => return parts.push(c),
    }
    for (mark, letters) in LETTERS {
        if let Some((letter, _)) = pairs(letters).find(|(_, whole)| *whole == c) {
            decompose(letter, parts);
            return parts.push(mark);
        }
    }
    parts.push(c);
}

fn composed(letter: char, mark: char) -> Option<char> {
    let (_, letters) = LETTERS.iter().find(|(known, _)| *known == mark)?;
    pairs(letters).find(|(known, _)| *known == letter).map(|(_, whole)| whole)
}

fn pairs(letters: &str) -> impl Iterator<Item = (char, char)> {
    let mut letters = letters.chars();
    std::iter::from_fn(move || Some((letters.next()?, letters.next()?)))
}

fn write_cluster(out: &mut String, cluster: &[char]) {
    let (mut letter, marks) = match cluster {
        [first, rest @ ..] if class(*first) == 0 => (Some(*first), rest),
        marks => (None, marks),
    };
    let mut kept = String::new();
    let (mut done, mut blocked) = (0, 0);
    // By rising class and within a class as they stand. There are few classes, and a sort is more
    // code than these passes.
    while let Some(next) = marks.iter().map(|mark| class(*mark)).filter(|class| *class > done).min()
    {
        for mark in marks.iter().filter(|mark| class(**mark) == next) {
            match letter.and_then(|letter| composed(letter, *mark)) {
                Some(whole) if blocked < next => letter = Some(whole),
                _ => {
                    kept.push(*mark);
                    blocked = next;
                }
            }
        }
        done = next;
    }
    if let Some(letter) = letter {
        out.push(letter);
    }
    out.push_str(&kept);
}

/// The canonical combining class of Unicode, of the marks that are put in order; zero for the rest.
pub(super) fn class(c: char) -> u8 {
    match c {
        '\u{034F}' => 0,
        '\u{0334}'..='\u{0338}' => 1,
        '\u{0E3A}' | '\u{0EBA}' => 9,
        '\u{0E38}' | '\u{0E39}' => 103,
        '\u{0E48}'..='\u{0E4B}' => 107,
        '\u{0EB8}' | '\u{0EB9}' => 118,
        '\u{0EC8}'..='\u{0ECB}' => 122,
        '\u{0321}' | '\u{0322}' | '\u{0327}' | '\u{0328}' => 202,
        '\u{031B}' => 216,
        '\u{0316}'..='\u{0319}'
        | '\u{031C}'..='\u{0333}'
        | '\u{0339}'..='\u{033C}'
        | '\u{0347}'..='\u{0349}'
        | '\u{034D}'
        | '\u{034E}'
        | '\u{0353}'..='\u{0356}'
        | '\u{0359}'
        | '\u{035A}' => 220,
        '\u{0315}' | '\u{031A}' | '\u{0358}' => 232,
        '\u{035C}' | '\u{035F}' | '\u{0362}' => 233,
        '\u{035D}' | '\u{035E}' | '\u{0360}' | '\u{0361}' => 234,
        '\u{0345}' => 240,
        '\u{0300}'..='\u{036F}' => 230,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{class, compose};
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    /// The letters and marks that this module is exact for.
    fn is_known(c: char) -> bool {
        matches!(c,
            '\0'..='\u{17F}' | 'Ơ' | 'ơ' | 'Ư' | 'ư' | '\u{300}'..='\u{36F}' | '\u{E00}'..='\u{EFF}'
            | '\u{1EA0}'..='\u{1EF9}')
    }

    /// The composed form; none if letters that are not in the table come out.
    fn nfc(text: &str) -> Option<String> {
        let composed: String = text.nfc().collect();
        composed.chars().all(is_known).then_some(composed)
    }

    #[test]
    fn every_letter_with_every_mark_is_as_unicode_has_it() {
        let known = || ('\0'..='\u{1EFF}').filter(|c| is_known(*c));
        let marks: Vec<char> = known().filter(|c| class(*c) > 0).collect();
        assert_eq!(marks.len(), 111 + 7 + 7);
        for letter in known() {
            assert_eq!(Some(compose(&letter.to_string())), nfc(&letter.to_string()));
            for mark in &marks {
                let text = String::from_iter([letter, *mark]);
                if let Some(nfc) = nfc(&text) {
                    assert_eq!(compose(&text), nfc, "{text:?}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn texts_are_as_unicode_has_them(
            text in "[a-zA-Z\u{C0}-\u{17F}\u{300}-\u{36F}\u{E00}-\u{EFF}\u{1EA0}-\u{1EF9}]{0,12}"
        ) {
            if let Some(nfc) = nfc(&text) {
                prop_assert_eq!(compose(&text), nfc);
            }
        }

        #[test]
        fn marks_on_marks_are_as_unicode_has_them(
            text in "([aeoOuUEìก][\u{300}\u{301}\u{302}\u{303}\u{309}\u{31B}\u{323}\u{328}\u{334}\u{E38}\u{E48}]{0,5}){0,3}"
        ) {
            if let Some(nfc) = nfc(&text) {
                prop_assert_eq!(compose(&text), nfc);
            }
        }

        #[test]
        fn other_scripts_stay_as_they_come(text in "[\u{370}-\u{DFF}\u{F00}-\u{1DFF}\u{2000}-\u{1FFFF}]{0,8}") {
            prop_assert_eq!(compose(&text), text);
        }
    }
}
