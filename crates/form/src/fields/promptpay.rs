//! `promptpay`: what a PromptPay account is known by: a mobile number, the 13 digits of a person or
//! of a juristic person, or the 15 digits of an electronic wallet; kept as digits.
//!
//! [`payload`] gives the text of the QR code that pays to it: EMVCo's «Merchant-Presented Mode»
//! with the Bank of Thailand's template 29, and CRC-16/CCITT (polynomial 1021, from FFFF) at the
//! end. The published codes in the tests are from promptpay-qr (MIT) and pheerathach/promptpay.

use serde_json::Value;

use super::thai_national_id::sums_up;
use super::typing::{compact, is_digits};
use super::{FieldType, Reading, Wording, juristic_id, phone, typed};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// What a PromptPay account is known by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema))]
pub struct Promptpay {}

const MOBILE: usize = 10;
const PERSON: usize = 13;
const WALLET: usize = 15;

field_type!(
    "promptpay",
    Promptpay,
    [
        (
            "promptpay-length",
            "ใส่หมายเลขโทรศัพท์มือถือ 10 หลัก เลขประจำตัว 13 หลัก หรือเลขกระเป๋าเงิน 15 หลัก ตอนนี้มี {have}",
            "Enter a mobile number (10 digits), an identity number (13) or a wallet number (15); there are {have} digits now",
        ),
        (
            "promptpay-characters",
            "ใส่หมายเลขพร้อมเพย์เป็นตัวเลขเท่านั้น",
            "Enter the PromptPay number with digits only",
        ),
        (
            "promptpay-mobile",
            "นี่ไม่ใช่หมายเลขโทรศัพท์มือถือในไทย โปรดตรวจอีกครั้ง เช่น 081 234 5678",
            "This is not a Thai mobile number; check it, for example 081 234 5678",
        ),
        (
            "promptpay-checksum",
            "เลข 13 หลักนี้ไม่ถูกต้อง โปรดตรวจทีละหลัก",
            "These 13 digits are not right; check them one by one",
        ),
    ]
);

impl Promptpay {
    fn from_members(_: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {})
    }
}

impl FieldType for Promptpay {
    fn read(&self, entry: &Value) -> Reading {
        Ok(read(typed(entry)?)?.map(Value::String))
    }

    fn in_words(&self, answer: &Value, _: &Wording) -> String {
        let digits = answer.as_str().unwrap_or_default();
        match (digits.len(), digits.strip_prefix('0')) {
            (MOBILE, Some(national)) => phone::in_words(&["+66", national].concat()),
            (PERSON, _) => juristic_id::in_words(digits),
            _ => digits.to_owned(),
        }
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let mobile = "0(14|6[1-7]|[89][0-9])[0-9]{7}";
        let pattern = ["^(", mobile, "|[0-9]{13}|[0-9]{15})$"].concat();
        serde_json::json!({ "type": "string", "pattern": pattern })
    }
}

fn read(typed: &str) -> Result<Option<String>, Finding> {
    let text = compact(typed).replace(['(', ')', '.'], "");
    if text.is_empty() {
        return Ok(None);
    }
    let (plus, digits) = match text.strip_prefix('+') {
        Some(digits) => (true, digits),
        None => (false, text.as_str()),
    };
    if !is_digits(digits) {
        return Err(Finding::error("promptpay-characters"));
    }
    // A mobile number with the country's code, perhaps with the 0 that people leave in.
    let national = match digits.strip_prefix("66") {
        Some(rest) if plus || digits.len() == 11 => Some(rest.strip_prefix('0').unwrap_or(rest)),
        _ => None,
    };
    let digits = national.map_or_else(|| digits.to_owned(), |rest| ["0", rest].concat());
    let wrong = match digits.len() {
        MOBILE => (!is_mobile(&digits)).then_some("promptpay-mobile"),
        PERSON => (!sums_up(digits.as_bytes())).then_some("promptpay-checksum"),
        WALLET => None,
        have => return Err(Finding::error("promptpay-length").with("have", have)),
    };
    match wrong {
        Some(code) => Err(Finding::error(code)),
        None => Ok(Some(digits)),
    }
}

fn is_mobile(digits: &str) -> bool {
    digits.strip_prefix('0').is_some_and(phone::is_mobile)
}

/// The text of the QR code that pays to `proxy`, which is read as a field of this type reads it.
/// `amount` is in baht, as `100` or `4.22`; without it the payer puts it in. None for a proxy or an
/// amount that cannot be read, and for an amount of nothing.
pub fn payload(proxy: &str, amount: Option<&str>) -> Option<String> {
    let proxy = read(proxy).ok().flatten()?;
    let account = match (proxy.len(), proxy.strip_prefix('0')) {
        (MOBILE, Some(national)) => element("01", &["0066", national].concat()),
        (PERSON, _) => element("02", &proxy),
        _ => element("03", &proxy),
    };
    // 11: can be paid again and again; 12: for one payment.
    let (method, amount) = match amount {
        None => ("11", String::new()),
        Some(amount) => ("12", element("54", &satang(amount)?)),
    };
    let mut out = [
        element("00", "01"),
        element("01", method),
        element("29", &[element("00", "A000000677010111"), account].concat()),
        element("53", "764"),
        amount,
        element("58", "TH"),
        "6304".to_owned(),
    ]
    .concat();
    let sum = crc(out.as_bytes());
    out.push_str(&format!("{sum:04X}"));
    Some(out)
}

/// A data object: its name, its length in two digits, its value, which is shorter than 100.
fn element(name: &str, value: &str) -> String {
    format!("{name}{:02}{value}", value.len())
}

/// An amount with two digits behind the point; at most 13 characters, as EMVCo has it.
fn satang(amount: &str) -> Option<String> {
    let (baht, satang) = amount.split_once('.').unwrap_or((amount, "00"));
    let baht = baht.trim_start_matches('0');
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let something = [baht, satang].concat().bytes().any(|digit| digit != b'0');
    if !digits(baht) || !is_digits(satang) || satang.len() > 2 || baht.len() > 10 || !something {
        return None;
    }
    let baht = if baht.is_empty() { "0" } else { baht };
    Some([baht, ".", satang, if satang.len() == 1 { "0" } else { "" }].concat())
}

fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum: u16, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum, _| {
            let carry = sum & 0x8000 != 0;
            (sum << 1) ^ if carry { 0x1021 } else { 0 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_the_published_codes() {
        let golden = "00020101021129370016A0000006770101110113006681234567853037645802TH6304823E";
        assert_eq!(payload("0812345678", None).as_deref(), Some(golden));
        assert_eq!(payload("+66 81-234-5678", None).as_deref(), Some(golden));
        let body = "00020101021229370016A000000677010111011300668123456785303764";
        let with_amount = payload("081-234-5678", Some("4.2")).unwrap();
        assert!(with_amount.starts_with(&[body, "54044.205802TH6304"].concat()), "{with_amount}");
        let person = payload("1-1120-34563-56-2", None).unwrap();
        assert!(person.contains("29370016A00000067701011102131112034563562"), "{person}");
        let wallet = payload("004999000281286", Some("100")).unwrap();
        let account = "29390016A0000006770101110315004999000281286";
        assert!(wallet.contains(&[account, "53037645406100.005802TH"].concat()), "{wallet}");
    }

    #[test]
    fn no_code_for_what_cannot_be_paid() {
        for proxy in ["", "081234567", "1101700230705", "12345678901234", "025057370"] {
            assert_eq!(payload(proxy, None), None, "{proxy}");
        }
        for amount in ["", "0", "0.00", "-1", "1.234", "1.", ".", "1e3", "12345678901", "๑"] {
            assert_eq!(payload("0812345678", Some(amount)), None, "{amount}");
        }
        for (amount, written) in
            [(".5", "54040.50"), ("007", "54047.00"), ("9999999999.99", "54139999999999.99")]
        {
            let made = payload("0812345678", Some(amount)).unwrap();
            assert!(made.contains(&["5303764", written, "5802TH"].concat()), "{made}");
        }
    }

    #[test]
    fn published_codes_end_with_their_sum() {
        // Four of promptpay-qr's tests, which write tag 58 before tag 53, and three of
        // pheerathach/promptpay's.
        for code in [
            "00020101021129370016A000000677010111011300668012345675802TH530376463046197",
            "00020101021129370016A000000677010111011300668912345675802TH5303764630429C1",
            "00020101021129370016A000000677010111021301234567890125802TH530376463040CBD",
            "00020101021229370016A000000677010111011300660000000005802TH530376454044.226304E469",
            "00020101021129370016A0000006770101110113006600000000053037645406100.005802TH6304D19E",
            "00020101021129370016A0000006770101110113006600000000053037645802TH630456EA",
            "00020101021129370016A00000067701011101130066000000000530376454040.005802TH6304FB56",
        ] {
            let (text, sum) = code.split_at(code.len() - 4);
            assert_eq!(format!("{:04X}", crc(text.as_bytes())), sum, "{code}");
        }
    }
}
