//! What stands in a box once it has been left: an amount with commas, a number in the groups that are
//! printed on the card. It reads as the answer that it is made of, so it can be the entry.
//!
//! A list, and no method of each type: what is in the table of a type that comes with the page comes
//! with the page.

use serde_json::Value;

use super::{Kind, Number, Wording, money, number};
use crate::decimal;

/// Digits of a number without a unit that stay together: it may be a year.
const OF_A_YEAR: usize = 4;

/// An answer as it stands in the box that it was typed in; none where it stays as it was typed.
pub(crate) fn in_box(kind: &Kind, answer: &Value, wording: &Wording) -> Option<String> {
    match (kind.name(), answer) {
        ("money", Value::Number(amount)) => Some(money::in_words(amount)),
        ("number" | "decimal" | "percent", Value::Number(count)) => {
            let written = decimal::write(count);
            let has_unit = kind.get::<Number>().is_none_or(|kind| kind.unit.is_some());
            let may_be_year = !has_unit && written.len() == OF_A_YEAR;
            Some(if may_be_year { written } else { number::grouped(&written) })
        }
        (
            "house-code" | "juristic-id" | "laser-code" | "phone" | "promptpay"
            | "thai-national-id",
            _,
        ) => Some(kind.in_words(answer, wording)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use crate::fields::{ALL, examples};
    use crate::{Form, Session};

    fn form(digits: &str, field: &serde_json::Value) -> Form {
        let form = json!({
            "id": "box", "version": "1", "title": "Box", "languages": ["th", "en"],
            "digits": digits, "submit": { "url": "/" },
            "pages": [{ "id": "page", "title": "Page", "fields": [field] }]
        });
        Form::parse(form.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn boxes_show_answers_as_people_write_them() {
        let cases = [
            (json!({ "type": "money" }), "1234567.5", "1,234,567.50"),
            (json!({ "type": "money" }), "฿1200.-", "1,200"),
            (json!({ "type": "decimal", "decimals": 3 }), "-1234.125 ", "-1,234.125"),
            (json!({ "type": "percent", "max": 9999 }), "1250%", "1,250"),
            (json!({ "type": "number" }), "20000", "20,000"),
            (json!({ "type": "number" }), "2569", "2569"),
            (json!({ "type": "number", "unit": "บาท" }), "2569 บาท", "2,569"),
            (json!({ "type": "thai-national-id" }), "1112034563562", "1-1120-34563-56-2"),
            (json!({ "type": "phone" }), "0812345678", "081-234-5678"),
            (json!({ "type": "phone", "extension": true }), "025057370x12", "02-505-7370 ext. 12"),
            (json!({ "type": "house-code" }), "10010123456", "1001-012345-6"),
        ];
        for (mut field, typed, boxed) in cases {
            field["id"] = json!("it");
            field["label"] = json!("It");
            let answers = form("arabic", &field)
                .answers(&Map::from_iter([("it".to_owned(), json!(typed))]), examples::TODAY);
            let found = form("arabic", &field).in_box(0, &answers["it"], "en");
            assert_eq!(found.as_deref(), Some(boxed), "{typed}");
        }
    }

    #[test]
    fn what_stands_in_a_box_reads_as_the_answer() {
        let mut boxed = 0;
        for kind in ALL.iter().copied().flatten() {
            for (_, example) in examples::of(kind) {
                let id = example["field"]["id"].as_str().unwrap();
                for case in example["valid"].as_array().into_iter().flatten() {
                    for (digits, language) in [("arabic", "th"), ("thai", "th"), ("thai", "en")] {
                        let form = form(digits, &example["field"]);
                        let Some(text) = form.in_box(0, &case["answer"], language) else {
                            continue;
                        };
                        let entries = Map::from_iter([(id.to_owned(), json!(text))]);
                        let session = Session::new(form, &entries, examples::TODAY);
                        let answer =
                            session.at(&format!("/{id}")).and_then(|it| session.answer(it));
                        assert_eq!(answer, Some(&case["answer"]), "{}: {text}", kind.name);
                        boxed += 1;
                    }
                }
            }
        }
        assert!(boxed > 100, "{boxed}");
    }

    proptest::proptest! {
        #[test]
        fn every_number_in_a_box_reads_as_itself(
            hundredths in -99_999_999_999_999_i64..=99_999_999_999_999, thai in proptest::bool::ANY
        ) {
            let digits = if thai { "thai" } else { "arabic" };
            let least = -1_000_000_000_000_i64;
            for field in [
                json!({ "id": "it", "label": "It", "type": "money", "min": least }),
                json!({ "id": "it", "label": "It", "type": "number", "decimals": 2 }),
            ] {
                let form = form(digits, &field);
                let read = |text: &str| form.field(0).kind.read(&json!(text)).unwrap().unwrap();
                let sign = if hundredths < 0 { "-" } else { "" };
                let (whole, rest) = (hundredths.abs() / 100, hundredths.abs() % 100);
                let answer = read(&format!("{sign}{whole}.{rest:02}"));
                let text = form.in_box(0, &answer, "th").unwrap();
                proptest::prop_assert_eq!(read(&text), answer);
            }
        }
    }
}
