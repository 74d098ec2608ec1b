//! `bank-account`: an account with a Thai bank, where money is to be paid to.
//!
//! The entry is an object of the texts `bank` (the bank's three digits), `number` and, where the
//! page asks twice, `again`; the answer has `bank` and `number`, digits only. There is no public
//! check digit, so typing the number twice is the only guard against a slip. Banks' codes and the
//! lengths of their numbers are from public lists, not from the Bank of Thailand itself: an unknown
//! code and an unusual length are only asked about.

use serde_json::{Value, json};

use super::typing::{compact, grouped, is_digits, part};
use super::{At, FieldType, Reading, Wording};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// An account with a Thai bank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema))]
pub struct BankAccount {}

/// A bank that people have accounts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bank {
    /// Three digits.
    pub code: &'static str,
    /// The name in Thai.
    pub th: &'static str,
    /// The name in English.
    pub en: &'static str,
}

const fn bank(code: &'static str, th: &'static str, en: &'static str) -> Bank {
    Bank { code, th, en }
}

/// The banks that are offered, by their code. The public lists that we have seen agree on all of
/// these, but for one that has 076 where the others have 011.
pub const BANKS: &[Bank] = &[
    bank("002", "ธนาคารกรุงเทพ", "Bangkok Bank"),
    bank("004", "ธนาคารกสิกรไทย", "Kasikornbank"),
    bank("006", "ธนาคารกรุงไทย", "Krungthai Bank"),
    bank("011", "ธนาคารทหารไทยธนชาต", "TMBThanachart Bank"),
    bank("014", "ธนาคารไทยพาณิชย์", "Siam Commercial Bank"),
    bank("022", "ธนาคารซีไอเอ็มบี ไทย", "CIMB Thai Bank"),
    bank("024", "ธนาคารยูโอบี", "United Overseas Bank (Thai)"),
    bank("025", "ธนาคารกรุงศรีอยุธยา", "Bank of Ayudhya"),
    bank("030", "ธนาคารออมสิน", "Government Savings Bank"),
    bank("033", "ธนาคารอาคารสงเคราะห์", "Government Housing Bank"),
    bank(
        "034",
        "ธนาคารเพื่อการเกษตรและสหกรณ์การเกษตร",
        "Bank for Agriculture and Agricultural Cooperatives",
    ),
    bank("066", "ธนาคารอิสลามแห่งประเทศไทย", "Islamic Bank of Thailand"),
    bank("067", "ธนาคารทิสโก้", "Tisco Bank"),
    bank("069", "ธนาคารเกียรตินาคินภัทร", "Kiatnakin Phatra Bank"),
    bank("070", "ธนาคารไอซีบีซี (ไทย)", "ICBC (Thai)"),
    bank("071", "ธนาคารไทยเครดิต", "Thai Credit Bank"),
    bank("073", "ธนาคารแลนด์ แอนด์ เฮ้าส์", "Land and Houses Bank"),
];

/// The most digits that are taken: the longest account number of ISO 13616 (IBAN).
const MOST: usize = 34;
/// Any other number of digits is asked about.
const USUAL: std::ops::RangeInclusive<usize> = 10..=15;

const BANK: &str = "bank";
const NUMBER: &str = "number";
const AGAIN: &str = "again";

field_type!(
    "bank-account",
    BankAccount,
    [
        ("account-bank", "เลือกธนาคาร", "Choose the bank"),
        (
            "account-bank-code",
            "ใส่รหัสธนาคารเป็นเลข 3 หลัก เช่น 006",
            "Enter the bank's code of 3 digits, for example 006",
        ),
        (
            "account-bank-unknown",
            "ไม่รู้จักธนาคารรหัสนี้ โปรดตรวจอีกครั้ง ถ้าถูกแล้วไปต่อได้",
            "This bank's code is not known here; check it, or go on if it is right",
        ),
        ("account-number", "ใส่เลขที่บัญชี", "Enter the number of the account"),
        (
            "account-characters",
            "ใส่เลขที่บัญชีเป็นตัวเลขเท่านั้น",
            "Enter the number of the account with digits only",
        ),
        (
            "account-length",
            "ใส่เลขที่บัญชีไม่เกิน {max} หลัก ตอนนี้มี {have}",
            "Enter at most {max} digits; there are {have} now",
        ),
        (
            "account-unusual",
            "เลขที่บัญชีมักมี {min} ถึง {max} หลัก ตอนนี้มี {have} โปรดตรวจอีกครั้ง ถ้าถูกแล้วไปต่อได้",
            "Most account numbers have {min} to {max} digits; there are {have} now: check them, or go on if they are right",
        ),
        (
            "account-again",
            "เลขที่บัญชีสองช่องไม่ตรงกัน โปรดดูสมุดบัญชีแล้วใส่ให้ตรงกัน",
            "The two numbers are not the same; look at the passbook and enter the same number twice",
        ),
    ]
);

impl BankAccount {
    fn from_members(_: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {})
    }
}

impl FieldType for BankAccount {
    fn read(&self, entry: &Value) -> Reading {
        let parts = match entry {
            Value::Null => return Ok(None),
            Value::Object(parts) => parts,
            _ => return Err(Finding::error("type")),
        };
        let bank = compact(part(parts, BANK)?);
        let number = compact(part(parts, NUMBER)?);
        let again = compact(part(parts, AGAIN)?);
        if bank.is_empty() && number.is_empty() && again.is_empty() {
            return Ok(None);
        }
        if bank.is_empty() {
            return Err(Finding::error("account-bank").part(BANK));
        }
        if bank.len() != 3 || !is_digits(&bank) {
            return Err(Finding::error("account-bank-code").part(BANK));
        }
        if let Some(finding) = check_number(&number) {
            return Err(finding.part(NUMBER));
        }
        // Null or not there: the number was asked for once, or this is an answer.
        let asked_twice = parts.get(AGAIN).is_some_and(|again| !again.is_null());
        if asked_twice && again != number {
            return Err(Finding::error("account-again").part(AGAIN));
        }
        Ok(Some(json!({ BANK: bank, NUMBER: number })))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        if find(said(answer, BANK)).is_none() {
            found.push(Finding::warning("account-bank-unknown").part(BANK));
        }
        let have = said(answer, NUMBER).len();
        if !USUAL.contains(&have) {
            let finding = Finding::warning("account-unusual").part(NUMBER);
            let finding = finding.with("min", *USUAL.start()).with("max", *USUAL.end());
            found.push(finding.with("have", have));
        }
    }

    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let (code, number) = (said(answer, BANK), said(answer, NUMBER));
        let bank = find(code).map_or(code, |bank| wording.pick(bank.th, bank.en));
        // As passbooks print the usual ten digits: 123-4-56789-0.
        let number = if number.len() == 10 { grouped(number, &[3, 4, 9]) } else { number.into() };
        [bank, " ", &number].concat()
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        json!({
            "type": "object",
            "properties": {
                BANK: { "type": "string", "pattern": "^[0-9]{3}$" },
                NUMBER: { "type": "string", "pattern": "^[0-9]{1,34}$" }
            },
            "required": [BANK, NUMBER],
            "additionalProperties": false
        })
    }
}

/// The bank with this code.
pub fn find(code: &str) -> Option<&'static Bank> {
    BANKS.iter().find(|bank| bank.code == code)
}

fn check_number(number: &str) -> Option<Finding> {
    if number.is_empty() {
        return Some(Finding::error("account-number"));
    }
    if !is_digits(number) {
        return Some(Finding::error("account-characters"));
    }
    (number.len() > MOST)
        .then(|| Finding::error("account-length").with("max", MOST).with("have", number.len()))
}

fn said<'a>(answer: &'a Value, name: &str) -> &'a str {
    answer.get(name).and_then(Value::as_str).unwrap_or_default()
}
