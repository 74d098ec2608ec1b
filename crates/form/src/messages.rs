//! What findings say to people, by code, in Thai and English. They tell what to do, they never
//! repeat the answer. `{label}` is the question; the other names are the finding's parameters.

use serde_json::{Map, Value};

use crate::fields::Message;
use crate::{Date, Text, Vocabulary, json};

/// What every type of field may find; the others are with the types.
pub(crate) const SHARED: [Message; 5] = [
    ("required", "กรุณากรอก “{label}”", "Enter “{label}”"),
    ("required-choice", "กรุณาเลือกคำตอบของ “{label}”", "Choose an answer for “{label}”"),
    (
        "type",
        "คำตอบอยู่ในรูปแบบที่ระบบอ่านไม่ได้ โปรดตอบใหม่",
        "This answer cannot be read; please answer again",
    ),
    (
        "too-much",
        "แบบฟอร์มนี้มีข้อมูลรวมมากเกินไป รายการท้าย ๆ ของ “{label}” ยังไม่ถูกนับ โปรดลบบางรายการ",
        "This form holds too much altogether: the last of “{label}” do not count. Remove some",
    ),
    (
        "rule-steps",
        "ระบบคำนวณส่วนนี้ไม่สำเร็จ โปรดแจ้งหน่วยงานเจ้าของแบบฟอร์ม",
        "This cannot be worked out; please tell the agency whose form it is",
    ),
];

/// For answers that no page of ours would send, and codes that this version does not know.
pub(crate) const UNEXPECTED: (&str, &str) =
    ("ระบบรับคำตอบนี้ไม่ได้ โปรดตรวจอีกครั้ง", "This answer cannot be taken; please check it");

/// The words of a code in Thai and English, as far as they are at hand.
pub(crate) fn find(code: &str, vocabulary: &Vocabulary) -> (&'static str, &'static str) {
    let own = vocabulary.messages.iter().copied().flatten().copied().flatten();
    let found = SHARED.iter().chain(own).find(|(known, ..)| *known == code);
    found.map_or(UNEXPECTED, |(_, th, en)| (*th, *en))
}

/// The catalogue's words in `language`, or else in English.
pub(crate) fn message(
    code: &str,
    params: &Map<String, Value>,
    label: &str,
    language: &str,
    vocabulary: &Vocabulary,
) -> String {
    let (th, en) = find(code, vocabulary);
    fill(if language == "th" { th } else { en }, params, label, language)
}

/// Puts the label and the parameters into the words.
pub(crate) fn fill(
    words: &str,
    params: &Map<String, Value>,
    label: &str,
    language: &str,
) -> String {
    let mut out = words.replace("{label}", label);
    for (name, value) in params {
        let value = match value {
            Value::String(text) => said(text, language),
            words @ Value::Object(_) => {
                let words = Text::from_value(words.clone()).unwrap_or_default();
                words.get(language).to_owned()
            }
            other => json::write(other),
        };
        out = out.replace(&["{", name, "}"].concat(), &value);
    }
    out
}

fn said(text: &str, language: &str) -> String {
    if let Some(day) = Date::parse_iso(text) {
        return day.in_words(language);
    }
    match (text, language) {
        ("day", "th") => "วัน",
        ("month", "th") => "เดือน",
        ("year", "th") => "ปี",
        _ => text,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_message_is_there_once_in_both_languages() {
        let own = Vocabulary::WHOLE.messages.iter().copied().flatten().copied().flatten();
        let all: Vec<&Message> = SHARED.iter().chain(own).collect();
        for (index, (code, th, en)) in all.iter().enumerate() {
            assert!(!th.is_empty() && !en.is_empty(), "{code}");
            let twice = all[..index].iter().any(|(earlier, ..)| earlier == code);
            assert!(!twice, "{code} twice");
            let names = |text: &str| {
                let mut names: Vec<String> = text
                    .split('{')
                    .skip(1)
                    .map(|rest| rest.split('}').next().unwrap().to_owned())
                    .collect();
                names.sort();
                names
            };
            assert_eq!(names(th), names(en), "{code}: the same parameters in both languages");
        }
    }

    #[test]
    fn parameters_are_put_in() {
        let params = json!({ "needs": 13, "have": 12 });
        let said =
            message("national-id-length", params.as_object().unwrap(), "", "th", Vocabulary::WHOLE);
        assert_eq!(said, "ใส่เลข 13 หลัก ตอนนี้มี 12");
        let params = json!({ "min": "2023-03-13" });
        assert_eq!(
            message("date-early", params.as_object().unwrap(), "", "en", Vocabulary::WHOLE),
            "Enter 13 March 2566 B.E. (2023) or a later day"
        );
    }
}
