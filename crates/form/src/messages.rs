//! What findings say to people, by code, in Thai and English. They tell what to do, they never
//! repeat the answer. `{label}` is the question; the other names are the finding's parameters.

use serde_json::{Map, Value};

use crate::{Date, json};

/// Code, Thai, English.
const CATALOGUE: [(&str, &str, &str); 35] = [
    ("required", "กรุณากรอก “{label}”", "Enter “{label}”"),
    ("required-choice", "กรุณาเลือกคำตอบของ “{label}”", "Choose an answer for “{label}”"),
    (
        "too-short",
        "ใส่อย่างน้อย {min} ตัวอักษร ตอนนี้มี {length}",
        "Enter at least {min} characters; there are {length} now",
    ),
    (
        "too-long",
        "ใส่ไม่เกิน {max} ตัวอักษร ตอนนี้มี {length}",
        "Enter at most {max} characters; there are {length} now",
    ),
    (
        "pattern",
        "“{label}” ไม่ตรงตามรูปแบบที่กำหนด โปรดตรวจอีกครั้ง",
        "Check “{label}”: it is not in the expected form",
    ),
    ("number", "ใส่เป็นตัวเลข เช่น 12", "Enter a number, for example 12"),
    ("number-whole", "ใส่เป็นจำนวนเต็ม ไม่มีจุดทศนิยม", "Enter a whole number, without decimals"),
    (
        "number-decimals",
        "ใส่ทศนิยมได้ไม่เกิน {decimals} ตำแหน่ง",
        "Enter at most {decimals} decimal places",
    ),
    ("number-digits", "ใส่ตัวเลขไม่เกิน {max} หลัก", "Enter at most {max} digits"),
    ("too-small", "ใส่จำนวนตั้งแต่ {min} ขึ้นไป", "Enter {min} or more"),
    ("too-large", "ใส่จำนวนไม่เกิน {max}", "Enter {max} or less"),
    (
        "date",
        "ใส่วัน เดือน และปี พ.ศ. เป็นตัวเลข เช่น 13 3 2566",
        "Enter the day, the month and the B.E. year as numbers, for example 13 3 2566",
    ),
    ("date-incomplete", "ใส่วันที่ให้ครบ ยังขาด{part}", "Complete the date: the {part} is missing"),
    (
        "date-not-real",
        "ไม่มีวันที่นี้ในปฏิทิน โปรดตรวจวันและเดือน",
        "There is no such day; check the day and the month",
    ),
    (
        "date-year",
        "ใส่ปี พ.ศ. เป็นเลข 4 หลัก เช่น 2566",
        "Enter the Buddhist year (B.E.) with 4 digits, for example 2566",
    ),
    (
        "date-era",
        "{year} เป็นปี ค.ศ. ใช่หรือไม่ ถ้าใช่ ให้ใส่ปี พ.ศ. {buddhist}",
        "Is {year} a year C.E.? If so, enter the Buddhist year {buddhist}",
    ),
    ("date-past", "ใส่วันนี้หรือวันหลังจากนี้", "Enter today or a later day"),
    ("date-future", "ใส่วันนี้หรือวันที่ผ่านมาแล้ว", "Enter today or an earlier day"),
    ("date-early", "ใส่วันที่ตั้งแต่ {min} เป็นต้นไป", "Enter {min} or a later day"),
    ("date-late", "ใส่วันที่ไม่เกิน {max}", "Enter {max} or an earlier day"),
    ("option", "เลือกจากรายการที่มี", "Choose one of the options"),
    ("too-few", "เลือกอย่างน้อย {min} ข้อ", "Choose at least {min}"),
    ("too-many", "เลือกไม่เกิน {max} ข้อ", "Choose at most {max}"),
    ("email", "ใส่อีเมลให้ครบ เช่น name@example.com", "Enter an e-mail address like name@example.com"),
    (
        "phone",
        "ไม่มีหมายเลขโทรศัพท์แบบนี้ในไทย โปรดตรวจอีกครั้ง เช่น 081 234 5678",
        "There is no such Thai telephone number; check it, for example 081 234 5678",
    ),
    (
        "phone-length",
        "หมายเลขนี้ต้องมี {needs} หลัก ตอนนี้มี {have}",
        "This number needs {needs} digits; there are {have} now",
    ),
    (
        "phone-zero",
        "ขึ้นต้นหมายเลขด้วย 0 เช่น 081 234 5678",
        "Start the number with 0, for example 081 234 5678",
    ),
    (
        "phone-characters",
        "ใส่หมายเลขโทรศัพท์เป็นตัวเลขเท่านั้น",
        "Enter the telephone number with digits only",
    ),
    ("phone-foreign", "ใส่หมายเลขโทรศัพท์ในประเทศไทย", "Enter a telephone number in Thailand"),
    (
        "national-id-length",
        "ใส่เลข {needs} หลัก ตอนนี้มี {have}",
        "Enter {needs} digits; there are {have} now",
    ),
    (
        "national-id-characters",
        "ใส่เฉพาะตัวเลข 13 หลักตามบัตรประชาชน",
        "Enter only the 13 digits on the identity card",
    ),
    (
        "national-id-checksum",
        "เลขนี้ไม่ถูกต้อง โปรดตรวจทีละหลักกับบัตรประชาชน",
        "This number is not right; compare each digit with the identity card",
    ),
    (
        "national-id-kind",
        "แบบฟอร์มนี้ไม่รับเลขประจำตัวประเภทนี้ โปรดตรวจหลักแรก",
        "This form does not take this kind of identity number; check the first digit",
    ),
    (
        "national-id-province",
        "หลักที่ 2 และ 3 ไม่ใช่รหัสจังหวัด โปรดตรวจอีกครั้ง ถ้าถูกแล้วไปต่อได้",
        "Digits 2 and 3 are not the code of a province; check them, or go on if they are right",
    ),
    (
        "type",
        "คำตอบอยู่ในรูปแบบที่ระบบอ่านไม่ได้ โปรดตอบใหม่",
        "This answer cannot be read; please answer again",
    ),
];

/// For answers that no page of ours would send, and codes that this version does not know.
const UNEXPECTED: (&str, &str) =
    ("ระบบรับคำตอบนี้ไม่ได้ โปรดตรวจอีกครั้ง", "This answer cannot be taken; please check it");

/// The catalogue's words in `language`, or else in English.
pub(crate) fn message(
    code: &str,
    params: &Map<String, Value>,
    label: &str,
    language: &str,
) -> String {
    let (th, en) = CATALOGUE
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or(UNEXPECTED, |(_, th, en)| (*th, *en));
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
            other => json::write(other),
        };
        out = out.replace(&format!("{{{name}}}"), &value);
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
        for (index, (code, th, en)) in CATALOGUE.iter().enumerate() {
            assert!(!th.is_empty() && !en.is_empty(), "{code}");
            assert!(
                !CATALOGUE[..index].iter().any(|(earlier, ..)| earlier == code),
                "{code} twice"
            );
            let names = |text: &str| text.matches('{').count();
            assert_eq!(names(th), names(en), "{code}: the same parameters in both languages");
        }
    }

    #[test]
    fn parameters_are_put_in() {
        let params = json!({ "needs": 13, "have": 12 });
        let said = message("national-id-length", params.as_object().unwrap(), "", "th");
        assert_eq!(said, "ใส่เลข 13 หลัก ตอนนี้มี 12");
        let params = json!({ "min": "2023-03-13" });
        assert_eq!(
            message("date-early", params.as_object().unwrap(), "", "en"),
            "Enter 13 March 2566 B.E. (2023) or a later day"
        );
    }
}
