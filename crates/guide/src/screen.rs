//! A type as people meet it: the picture, the keys, and what a screen reader is told. The picture and
//! what is told are files that the journeys compare with the browser's (`cargo xtask golden`).

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use eform::fields::Type;

use crate::gallery::{COLUMNS, State, pictured};
use crate::markdown::table;

/// The states that the page tells of: nothing answered, and something refused.
const TOLD: [(&str, &str); 2] =
    [("empty", "With nothing answered:"), ("error", "After «continue», with a mistake:")];

/// What is told of a type in every state, beside the guide's folder `docs/src`.
pub fn tree(folder: &Path, kind: &str) -> Result<String> {
    let file = folder.join(format!("../../tests/golden/tree/{kind}.txt"));
    fs::read_to_string(&file)
        .with_context(|| format!("cannot read {}: run `cargo xtask golden`", file.display()))
}

/// The picture of a type's states, on a phone, and what they are.
pub fn picture(kind: &'static Type) -> String {
    let states: Vec<&str> = pictured(kind).into_iter().map(words).collect();
    let rows: Vec<String> = states.chunks(COLUMNS).map(|row| row.join(", ")).collect();
    let states = rows.join("; ");
    format!(
        "![A field of type {0}: {states}](pictures/{0}.png)\n\nOn a phone: {states}.\n\n",
        kind.name
    )
}

fn words(state: State) -> &'static str {
    match state {
        State::Empty => "with no answer",
        State::Filled => "answered",
        State::Error => "with a mistake",
        State::Warning => "with something odd",
        State::ReadOnly => "`readOnly`",
        State::Prefilled => "with a `default`",
        State::Many => "with 20 options",
        State::Row => "in a row",
    }
}

/// Whether a line of a tree tells of a control of some sort.
type Tells<'a> = &'a dyn Fn(&str) -> bool;

/// The keys that its controls take.
pub fn keys(tree: &str) -> String {
    let is_there = |wanted: Tells| tree.lines().map(str::trim).any(wanted);
    let control = |role: &'static str| move |line: &str| line.split(' ').next() == Some(role);
    let is_list = |line: &str| line.starts_with("combobox ") && line.contains("hasPopup=menu");
    let is_search =
        |line: &str| line.starts_with("combobox ") && line.contains("autocomplete=list");
    let is_box = |line: &str| line.starts_with("textbox ") && !line.contains(" multiline");
    let is_area = |line: &str| line.starts_with("textbox ") && line.contains(" multiline");
    let known: [(Tells, &str, &str); 8] = [
        (&is_box, "`Enter` in a box", "the same as «continue»"),
        (&is_area, "`Enter` in a box of several lines", "a new line"),
        (
            &control("radio"),
            "`↑` `↓` `←` `→`, `Space` at radio buttons",
            "choose; all of a question are one stop of `Tab`",
        ),
        (&control("checkbox"), "`Space` at a check box", "ticks it, and takes the tick away"),
        (&is_list, "`↑` `↓`, or the first letters, at a list", "choose; `Alt` `↓` opens it"),
        (
            &is_search,
            "`↓` `↑` in a search",
            "go through what is found; `Enter` takes it, `Esc` closes the list, then empties the box",
        ),
        (&control("button"), "`Enter` or `Space` at a button", "does what it says"),
        (&control("link"), "`Enter` at a link", "follows it"),
    ];
    let rows: Vec<Vec<String>> = known
        .iter()
        .filter(|(is_told, ..)| is_there(is_told))
        .map(|(_, keys, what)| vec![(*keys).to_owned(), (*what).to_owned()])
        .collect();
    if rows.is_empty() {
        return "It takes no keys.\n\n".to_owned();
    }
    let tab =
        vec!["`Tab`, `Shift` `Tab`".to_owned(), "the next control, the one before".to_owned()];
    table(&["Keys", "What they do"], &[vec![tab], rows].concat())
}

/// What a screen reader is told, in English.
pub fn told(tree: &str) -> String {
    let blocks = TOLD.iter().filter_map(|(state, words)| {
        let (_, rest) = tree.split_once(&format!("== {state}, en\n"))?;
        let told = rest.split("\n== ").next()?.trim_end();
        (!told.is_empty()).then(|| format!("{words}\n\n```text\n{told}\n```\n\n"))
    });
    blocks.collect()
}

#[cfg(test)]
mod tests {
    use super::{keys, told};

    const TREE: &str = "== empty, th\ntextbox “ชื่อ” required\n\n== empty, en\ntextbox “Name” required\n\n== filled, en\nx\n";

    #[test]
    fn the_keys_are_those_of_the_controls() {
        assert!(keys(TREE).contains("«continue»"));
        assert!(!keys(TREE).contains("Space"));
        assert!(keys("group “Sex”\n  radio “Man” checked=false\n").contains("radio buttons"));
        assert_eq!(keys("text “Words”\n"), "It takes no keys.\n\n");
    }

    #[test]
    fn what_is_told_is_that_of_one_state_in_english() {
        assert_eq!(
            told(TREE),
            "With nothing answered:\n\n```text\ntextbox “Name” required\n```\n\n"
        );
    }
}
