//! One cell of a CSV file that people open in a spreadsheet: text stays the text that the citizen
//! typed. It knows nothing of forms.

use serde_json::Value;

/// What marks a cell as text.
const MARK: char = '\'';

/// The longest whole number that a spreadsheet keeps exactly (IEEE 754 has 53 bits).
const EXACT_DIGITS: usize = 15;

/// Words that a spreadsheet reads as part of a date, a time, a number or a truth value, in the
/// languages of the forms. Months are compared by their beginnings.
const WORDS: [&str; 17] = [
    "e",
    "am",
    "pm",
    "a",
    "p",
    "t",
    "z",
    "true",
    "false",
    "จริง",
    "เท็จ",
    "พศ",
    "คศ",
    "บาท",
    "usd",
    "thb",
    "น",
];

/// How the names of the months begin, with their Thai short forms after the dots are gone.
const MONTHS: [&str; 36] = [
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
    "มค",
    "กพ",
    "มีค",
    "เมย",
    "พค",
    "มิย",
    "กค",
    "สค",
    "กย",
    "ตค",
    "พย",
    "ธค",
    "มกรา",
    "กุมภา",
    "มีนา",
    "เมษา",
    "พฤษภา",
    "มิถุนา",
    "กรกฎา",
    "สิงหา",
    "กันยา",
    "ตุลา",
    "พฤศจิกา",
    "ธันวา",
];

/// The cell for one answer: text protected by `text`, numbers and truth values as they are, a choice of
/// several joined by `; `, and so the names of attached files; anything else as JSON.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => {
            let number = number.to_string();
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            if digits > EXACT_DIGITS { marked(&number) } else { number }
        }
        Value::String(value) => text(value),
        Value::Array(values) => {
            let word =
                |value: &'_ Value| value.as_str().map(str::to_owned).or_else(|| file_name(value));
            let words: Option<Vec<String>> = values.iter().map(word).collect();
            words.map_or_else(|| value.to_string(), |words| text(&words.join("; ")))
        }
        Value::Object(_) => value.to_string(),
    }
}

/// The name of an attached file: of what is `{ name, type, size, sha256 }`.
fn file_name(value: &Value) -> Option<String> {
    let is_file = value.as_object()?.len() == 4
        && ["type", "sha256"].iter().all(|name| value.get(name).is_some_and(Value::is_string))
        && value.get("size").is_some_and(Value::is_u64);
    value.get("name").and_then(Value::as_str).filter(|_| is_file).map(str::to_owned)
}

/// Text as a cell, with an apostrophe before it when a spreadsheet would make something else of
/// it: a formula (`=1+1`, which can run programs on the officer's computer), a date (`27/1`, the
/// house number that becomes 27 January), or a number (`0812345678` loses its zero, and
/// `1101700230708` is shown as `1.1017E+12`).
///
/// There is no way that is right in every program, so this one is chosen for what goes wrong:
///
/// - `="27/1"` looks best in Excel, and every other reader gets a formula where data should be.
/// - A tab is invisible in Excel. So nobody sees why a search for `27/1` finds nothing, some
///   programs trim it and then calculate, and OWASP lists the tab itself as a trigger.
/// - Quotes around the cell change nothing: they are part of CSV and gone before the guessing.
/// - An apostrophe is what OWASP and ASVS 1.2.10 name. Google Sheets takes it as the mark for text
///   and hides it; Excel and LibreOffice show it: ugly, and plain to see, and still `27/1`.
///
/// An apostrophe that the citizen typed first gets one too. So a program gets the text back by
/// removing one leading apostrophe, always; better still, it reads the JSON lines.
///
/// The mark protects a file that is opened, not one that is edited and saved: Excel drops it from
/// a cell that a person edits.
pub(crate) fn text(value: &str) -> String {
    if starts_badly(value) || looks_like_a_value(value) { marked(value) } else { value.to_owned() }
}

fn marked(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 1);
    out.push(MARK);
    out.push_str(value);
    out
}

/// The triggers of a formula (OWASP: `= + - @`, tab, CR, LF, and their full-width forms), after
/// white space too, since some programs trim; and our own mark.
fn starts_badly(value: &str) -> bool {
    value.starts_with(['\t', '\r', '\n', '\0', MARK])
        || value
            .trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}')
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// True when every word of letters is one that dates, times and numbers have, and there is a
/// digit, or the word alone is a value. `123 ก` and `ม.4 บ้านดอน` are text to every program.
fn looks_like_a_value(value: &str) -> bool {
    let lower = value.to_lowercase().replace('.', "");
    let mut words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let digits = value.chars().any(char::is_numeric);
    if digits {
        words.all(|word| WORDS.contains(&word) || is_month(word))
    } else {
        matches!(lower.trim(), "true" | "false" | "จริง" | "เท็จ")
    }
}

fn is_month(word: &str) -> bool {
    MONTHS.iter().any(|month| word.starts_with(month))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_stay_what_was_answered() {
        for (answer, expected) in [
            // House numbers.
            (json!("27/1"), "'27/1"),
            (json!("99/1-2"), "'99/1-2"),
            (json!("๒๗/๑"), "'๒๗/๑"),
            (json!("123 ก"), "123 ก"),
            (json!("27/1 หมู่ 4"), "27/1 หมู่ 4"),
            // Digits that are not a quantity.
            (json!("0812345678"), "'0812345678"),
            (json!("1101700230708"), "'1101700230708"),
            (json!("10200"), "'10200"),
            (json!("2569.10"), "'2569.10"),
            (json!("1E5"), "'1E5"),
            (json!("12e3"), "'12e3"),
            (json!("50%"), "'50%"),
            (json!("฿1,000"), "'฿1,000"),
            (json!("1000 บาท"), "'1000 บาท"),
            (json!("(5)"), "'(5)"),
            // Dates and times.
            (json!("2026-11-20"), "'2026-11-20"),
            (json!("2026-11-20T08:14:03Z"), "'2026-11-20T08:14:03Z"),
            (json!("27 ม.ค. 2569"), "'27 ม.ค. 2569"),
            (json!("27 มกราคม พ.ศ. 2569"), "'27 มกราคม พ.ศ. 2569"),
            (json!("1 Jan"), "'1 Jan"),
            (json!("MAR1"), "'MAR1"),
            (json!("SEPT2"), "'SEPT2"),
            (json!("5 December 2026"), "'5 December 2026"),
            (json!("8:30 PM"), "'8:30 PM"),
            (json!("09.00 น."), "'09.00 น."),
            // Truth values that were typed, and those that were chosen.
            (json!("TRUE"), "'TRUE"),
            (json!("จริง"), "'จริง"),
            (json!(true), "true"),
            (json!(false), "false"),
            // Formulas.
            (json!("=1+1"), "'=1+1"),
            (json!("+66812345678"), "'+66812345678"),
            (json!("-"), "'-"),
            (json!("- ไม่มี"), "'- ไม่มี"),
            (json!("@SUM(A1)"), "'@SUM(A1)"),
            (json!("\t=1"), "'\t=1"),
            (json!("\rx"), "'\rx"),
            (json!("\n=1"), "'\n=1"),
            (json!("  =1"), "'  =1"),
            (json!("\u{a0}=1"), "'\u{a0}=1"),
            (json!("＝1+1"), "'＝1+1"),
            (json!("=cmd|'/c calc'!A1"), "'=cmd|'/c calc'!A1"),
            // Our own mark can be taken off again.
            (json!("'27/1"), "''27/1"),
            (json!("ป้าแดง's"), "ป้าแดง's"),
            // Text.
            (json!("สมชาย ใจดี"), "สมชาย ใจดี"),
            (json!("May"), "May"),
            (json!("somchai@example.go.th"), "somchai@example.go.th"),
            (json!("a1@example.go.th"), "a1@example.go.th"),
            (json!(""), ""),
            (json!(null), ""),
            // Numbers are numbers, unless a spreadsheet would round them.
            (json!(12), "12"),
            (json!(-3.5), "-3.5"),
            (json!(123_456_789_012_345_u64), "123456789012345"),
            (json!(1_234_567_890_123_456_u64), "'1234567890123456"),
            // Several.
            (json!(["rice", "maize"]), "rice; maize"),
            (json!(["1", "2"]), "'1; 2"),
            (json!(["-1"]), "'-1"),
            (json!([]), ""),
            (json!([{"a": 1}]), r#"[{"a":1}]"#),
            (json!([{"name": "a.pdf"}]), r#"[{"name":"a.pdf"}]"#),
            (
                json!([{"name": "=a.pdf", "type": "application/pdf", "size": 1, "sha256": "0"},
                       {"name": "ข.jpg", "type": "image/jpeg", "size": 2, "sha256": "1"}]),
                "'=a.pdf; ข.jpg",
            ),
            (
                json!({"code": "10", "name": "กรุงเทพมหานคร"}),
                r#"{"code":"10","name":"กรุงเทพมหานคร"}"#,
            ),
        ] {
            assert_eq!(cell(&answer), expected, "{answer}");
        }
    }
}
