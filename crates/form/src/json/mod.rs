//! JSON as it is read and written in the page. `serde_json` writes it too, with tables for every
//! `f64` there is; in the page the numbers are those that people type (see `decimal`).

mod read;

use serde_json::Value;

use crate::decimal;

pub use read::{NotJson, read};

/// A value as JSON text, without white space.
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    value_to(&mut out, value);
    out
}

fn value_to(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&decimal::write(number)),
        Value::String(text) => string_to(out, text),
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                value_to(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (index, (name, item)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                string_to(out, name);
                out.push(':');
                value_to(out, item);
            }
            out.push('}');
        }
    }
}

fn string_to(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    // What needs no escape is copied in one piece: a file in base 64 is millions of letters.
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[copied..at]);
        copied = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            _ => {
                out.push_str("\\u00");
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    out.push_str(&text[copied..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{read, write};

    #[test]
    fn what_is_written_reads_back() {
        let value = json!({
            "a": [null, true, false, -5, 1.25, 18446744073709551615_u64, "น้ำ \"\\\n\r\t\u{1}\u{7f}😀"],
            "": {}, "b": { "c": [] }
        });
        assert_eq!(serde_json::from_str::<Value>(&write(&value)).unwrap(), value);
        assert_eq!(write(&json!({ "a": [1, "x"] })), r#"{"a":[1,"x"]}"#);
    }

    /// As `serde_json` reads it, but for the last bit of a number of many digits.
    fn is_read_alike(text: &[u8]) {
        let (ours, theirs) = (read(text), serde_json::from_slice::<Value>(text));
        let said = String::from_utf8_lossy(text);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => assert!(is_alike(&ours, &theirs), "{said}: {ours}, {theirs}"),
            (Err(_), Err(_)) => {}
            (ours, theirs) => panic!("{said}: {ours:?}, {theirs:?}"),
        }
    }

    fn is_alike(ours: &Value, theirs: &Value) -> bool {
        match (ours, theirs) {
            (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
                let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
                a == b || (a - b).abs() <= a.abs().max(f64::MIN_POSITIVE) * 4.0 * f64::EPSILON
            }
            (Value::Array(a), Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_alike(a, b))
            }
            (Value::Object(a), Value::Object(b)) => {
                a.len() == b.len()
                    && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| is_alike(a, b)))
            }
            _ => ours == theirs,
        }
    }

    #[test]
    fn hard_cases_are_read_as_serde_json_reads_them() {
        let deep = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
        let cases = [
            "",
            " ",
            "null",
            "nul",
            "nullx",
            "true false",
            "[1,]",
            "[,1]",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\" 1}",
            "{\"a\":1,\"a\":2}",
            "{\"\":{}}",
            "[]]",
            "[",
            "\"",
            "\"\\",
            "\"\t\"",
            "\"\\t\\/\\b\\f\"",
            "\"\\x\"",
            "\"\\u0e01\"",
            "\"\\u0E0\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83dx\"",
            "\"\\ud83d\\n\"",
            "\"\\ud83d\\u0e01\"",
            "\u{feff}1",
            "0",
            "-0",
            "00",
            "01",
            "-",
            "+1",
            ".5",
            "1.",
            "1.e1",
            "1e",
            "1e+",
            "1E+2",
            "1e-2",
            "0.1",
            "-0.10",
            "1.7976931348623157e308",
            "1e309",
            "-1e309",
            "1e-400",
            "0e999999999999",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "-9223372036854775809",
            "123456789012345678901234567890",
            "0.000000000000000000000000000001",
            "100.12345678901234",
            "1e99999999999999999999",
            "/**/1",
            "'a'",
        ];
        cases.iter().for_each(|case| is_read_alike(case.as_bytes()));
        is_read_alike(b"\"\xff\"");
        is_read_alike(b"\"\xe0\xb8\"");
        is_read_alike(deep(127).as_bytes());
        is_read_alike(deep(128).as_bytes());
        is_read_alike(deep(100_000).as_bytes());
    }

    #[test]
    fn the_place_where_it_ceases_to_be_json_is_said() {
        let place =
            |text: &str| read(text.as_bytes()).map_err(|not| (not.expected, not.line, not.column));
        assert_eq!(place("{\n  \"a\": 1\n  \"b\""), Err(("`,` or `}`", 3, 3)));
        assert_eq!(place("[1] 2"), Err(("nothing more", 1, 5)));
        assert_eq!(read(b"\"a\n\xff").map_err(|not| (not.line, not.column)), Err((2, 1)));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 60, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..8)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_is_read_as_serde_json_reads_it(value in values()) {
            is_read_alike(value.to_string().as_bytes());
            is_read_alike(format!("{value:#}").as_bytes());
        }

        #[test]
        fn what_is_nearly_json_is_read_or_refused_alike(
            value in values(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
        ) {
            let mut text = value.to_string().into_bytes();
            let at = at.index(text.len());
            if cut { text.truncate(at) } else { text[at] = byte }
            is_read_alike(&text);
        }
    }
}
