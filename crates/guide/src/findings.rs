//! The codes of findings with their words.

use eform::fields::{Message, Type};
use eform::reference::SHARED_MESSAGES;

use crate::examples::{codes, types};
use crate::markdown::{code, table, words};

/// A code with its words, and the types that have it.
struct Row {
    message: &'static Message,
    /// Names of types, with whether it blocks there.
    types: Vec<(&'static str, bool)>,
}

fn all() -> Vec<Row> {
    let own = types().flat_map(Type::messages);
    let mut rows: Vec<Row> = SHARED_MESSAGES
        .iter()
        .chain(own)
        .map(|message| Row { message, types: Vec::new() })
        .collect();
    for kind in types() {
        let found = codes(kind);
        for row in &mut rows {
            let code = row.message.0;
            let blocks = found.iter().find(|(known, _)| known == code).map(|(_, blocks)| *blocks);
            let is_own = kind.messages().iter().any(|(own, ..)| *own == code);
            if blocks.is_some() || is_own {
                row.types.push((kind.name, blocks.unwrap_or(true)));
            }
        }
    }
    rows
}

fn weight(types: &[(&str, bool)]) -> String {
    match (types.iter().any(|(_, blocks)| *blocks), types.iter().any(|(_, blocks)| !*blocks)) {
        (true, true) => "error or warning",
        (false, true) => "warning",
        _ => "error",
    }
    .to_owned()
}

/// The tables of the chapter: what all types have, then what some have.
pub fn tables() -> String {
    let rows = all();
    let is_shared = |row: &&Row| SHARED_MESSAGES.iter().any(|(code, ..)| *code == row.message.0);
    let cells = |row: &Row, with_types: bool| {
        let (name, thai, english) = *row.message;
        let links = row.types.iter().map(|(name, _)| format!("[`{name}`](types/{name}.md)"));
        let types = if with_types { links.collect::<Vec<_>>().join(", ") } else { String::new() };
        vec![code(name), weight(&row.types), words(thai), words(english), types]
    };
    let heads = ["Code", "Weight", "Thai", "English", "Types"];
    let shared: Vec<Vec<String>> =
        rows.iter().filter(is_shared).map(|row| cells(row, false)).collect();
    let mut own: Vec<&Row> = rows.iter().filter(|row| !is_shared(row)).collect();
    own.sort_by_key(|row| row.message.0);
    let own: Vec<Vec<String>> = own.into_iter().map(|row| cells(row, true)).collect();
    format!(
        "### Codes of every type\n\n{}### Codes of some types\n\n{}",
        table(&heads, &shared),
        table(&heads, &own)
    )
}

/// What can be found in fields of a type.
pub fn of_type(kind: &Type) -> String {
    let rows: Vec<Vec<String>> = all()
        .into_iter()
        .filter_map(|row| {
            let own = row.types.iter().find(|(name, _)| *name == kind.name)?;
            let (name, thai, english) = *row.message;
            Some(vec![code(name), weight(&[*own]), words(thai), words(english)])
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let rows = table(&["Code", "Weight", "Thai", "English"], &rows);
    format!(
        "## Findings\n\nYou can put your own words in place of these, in the field's `messages`, by \
         the code. See [Findings](../findings.md).\n\n{rows}"
    )
}
