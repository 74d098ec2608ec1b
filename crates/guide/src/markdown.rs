//! Tables and code as Markdown, and values short enough for a cell.

use serde_json::Value;

use crate::json;

/// Texts that are longer are shortened.
const LONG_TEXT: usize = 70;
/// Words that are longer are shortened.
const LONG_WORDS: usize = 160;
/// Lists that are longer are shortened.
const LONG_LIST: usize = 8;

/// A table; columns in which nothing stands are left out.
pub fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let used = |column: &usize| rows.iter().any(|row| !row[*column].is_empty());
    let columns: Vec<usize> = (0..heads.len()).filter(used).collect();
    if columns.is_empty() {
        return String::new();
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        ["| ", &cells.collect::<Vec<_>>().join(" | "), " |\n"].concat()
    };
    let mut out = line(&mut columns.iter().map(|column| heads[*column]));
    out += &line(&mut columns.iter().map(|_| "---"));
    for row in rows {
        out += &line(&mut columns.iter().map(|column| row[*column].as_str()));
    }
    out + "\n"
}

/// Words in a cell.
pub fn words(text: &str) -> String {
    text.trim().replace("\n\n", "<br><br>").replace('\n', " ").replace('|', "\\|")
}

/// A text as code in a cell.
pub fn code(text: &str) -> String {
    let seen: String = text.chars().map(visible).collect();
    let fence = if seen.contains('`') { "``" } else { "`" };
    let pad = if seen.contains('`') || seen.trim() != seen { " " } else { "" };
    [fence, pad, &seen.replace('|', "\\|"), pad, fence].concat()
}

/// A value as code in a cell, shortened.
pub fn value(value: &Value) -> String {
    code(&json::line(&shortened(value)))
}

/// What nobody sees is named.
fn visible(c: char) -> String {
    let unseen = matches!(
        c,
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
            | '\u{00AD}' | '\u{00A0}' | '\u{0000}'..='\u{001F}' | '\u{2000}'..='\u{200A}'
    );
    if unseen { format!("⟨U+{:04X}⟩", c as u32) } else { c.to_string() }
}

/// The value with its long texts and lists cut.
fn shortened(value: &Value) -> Value {
    match value {
        Value::String(text) if eform::thai::length(text) > LONG_TEXT as u64 => {
            let begin: String = text.chars().take(LONG_TEXT / 3).collect();
            let length = eform::thai::length(text);
            format!("{begin}… ({length} characters)").into()
        }
        Value::Array(items) if items.len() > LONG_LIST => {
            let mut items: Vec<Value> = items[..LONG_LIST / 2].iter().map(shortened).collect();
            items.push("…".into());
            Value::Array(items)
        }
        Value::Array(items) => items.iter().map(shortened).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), shortened(value))).collect()
        }
        other => other.clone(),
    }
}

/// What is read of an answer; of a picture or a very long text, the beginning.
pub fn said(text: &str) -> String {
    let begin: String = text.chars().take(LONG_WORDS).map(visible).collect();
    words(&begin) + if text.chars().count() > LONG_WORDS { "…" } else { "" }
}

/// Codes in a row: `a`, `b`.
pub fn codes<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_cell_holds_anything_in_one_line() {
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(value(&json!("สม\u{200B}ชาย")), "`\"สม⟨U+200B⟩ชาย\"`");
        assert_eq!(value(&json!("a\nb")), "`\"a\\nb\"`");
        assert_eq!(words("one\ntwo\n\nthree"), "one two<br><br>three");
        let long = value(&json!("ก".repeat(200)));
        assert!(long.ends_with("… (200 characters)\"`"), "{long}");
    }

    #[test]
    fn empty_columns_are_left_out() {
        let rows = [vec!["1".to_owned(), String::new(), "3".to_owned()]];
        assert_eq!(table(&["a", "b", "c"], &rows), "| a | c |\n| --- | --- |\n| 1 | 3 |\n\n");
        assert_eq!(table(&["a"], &[]), "");
    }
}
