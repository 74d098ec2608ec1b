//! Writes JSON. `serde_json` writes it too, with tables for every `f64` there is; in the page the
//! numbers are those that people type (see `decimal`).

use serde_json::Value;

use crate::decimal;

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
    use super::write;
    use serde_json::{Value, json};

    #[test]
    fn what_is_written_reads_back() {
        let value = json!({
            "a": [null, true, false, -5, 1.25, 18446744073709551615_u64, "น้ำ \"\\\n\r\t\u{1}\u{7f}😀"],
            "": {}, "b": { "c": [] }
        });
        assert_eq!(serde_json::from_str::<Value>(&write(&value)).unwrap(), value);
        assert_eq!(write(&json!({ "a": [1, "x"] })), r#"{"a":[1,"x"]}"#);
    }
}
