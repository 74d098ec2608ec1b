//! The view of `bank-account`: the bank, the number, and the number once more.

use eform::fields::bank_account::BANKS;
use serde_json::{Map, Value};

use crate::dom::El;
use crate::fields::Place;
use crate::fields::parts::{Part, boxes};

/// The three parts of an account.
pub fn view(place: &Place) -> El {
    let banks = BANKS.iter().map(|bank| (bank.code.to_owned(), place.pick(bank.th, bank.en)));
    let banks = banks.map(|(code, name)| (code, name.to_owned())).collect();
    let parts = [
        Part::list("bank", place.pick("ธนาคาร", "Bank"), banks),
        Part::digits("number", place.pick("เลขที่บัญชี", "Account number"), ""),
        Part::digits("again", place.pick("เลขที่บัญชีอีกครั้ง", "Account number again"), ""),
    ];
    place.group(boxes(place, &parts, split))
}

/// A kept account has been entered twice already.
fn split(answer: &Value) -> Map<String, Value> {
    answer.as_object().cloned().unwrap_or_default()
}
