//! Thai letters in the one order in which they are looked for. Two spellings may look the same on
//! the screen, and Unicode's own normal forms leave some of them apart.

use super::latin::class;

/// Vowels above and below come before the tone, a repeated tone is one, `เเ` is `แ`, and a
/// nikhahit with a sara aa is a sara am (`ํา` is `ำ`), also with a tone between them.
pub(super) fn put_in_order(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == 'เ' && chars.next_if_eq(&'เ').is_some() {
            out.push('แ');
            continue;
        }
        if !is_mark(c) {
            out.push(c);
            continue;
        }
        let (mut marks, mut tones) = (String::new(), String::new());
        let mut next = Some(c);
        while let Some(mark) = next {
            if !is_tone(mark) {
                marks.push(mark);
            } else if !tones.ends_with(mark) {
                tones.push(mark);
            }
            next = chars.next_if(|next| is_mark(*next));
        }
        let sara_am = marks.contains(NIKHAHIT) && chars.next_if_eq(&'า').is_some();
        for mark in marks.chars().filter(|mark| !sara_am || *mark != NIKHAHIT) {
            out.push(mark);
        }
        out.push_str(&tones);
        if sara_am {
            out.push('ำ');
        }
    }
    out
}

const NIKHAHIT: char = '\u{0E4D}';

/// The four tones, and the thanthakhat, which stands as they do.
fn is_tone(c: char) -> bool {
    matches!(c, '\u{0E48}'..='\u{0E4C}')
}

/// All marks on a Thai letter. Those that Unicode puts in order itself are among them, so that both
/// orders hold at once.
fn is_mark(c: char) -> bool {
    class(c) != 0
        || matches!(c, '\u{0E31}' | '\u{0E34}'..='\u{0E37}' | '\u{0E47}' | '\u{0E4C}'..='\u{0E4E}')
}
