//! `docs/accessibility.md` has a line for every criterion, and the journeys that it names are there.

use std::fs;
use std::path::Path;

/// The criteria of levels A and AA of WCAG 2.2 by guideline: the numbers of their last part.
const CRITERIA: [(&str, &[u8]); 13] = [
    ("1.1", &[1]),
    ("1.2", &[1, 2, 3, 4, 5]),
    ("1.3", &[1, 2, 3, 4, 5]),
    ("1.4", &[1, 2, 3, 4, 5, 10, 11, 12, 13]),
    ("2.1", &[1, 2, 4]),
    ("2.2", &[1, 2]),
    ("2.3", &[1]),
    ("2.4", &[1, 2, 3, 4, 5, 6, 7, 11]),
    ("2.5", &[1, 2, 3, 4, 7, 8]),
    ("3.1", &[1, 2]),
    ("3.2", &[1, 2, 3, 4, 6]),
    ("3.3", &[1, 2, 3, 4, 7, 8]),
    ("4.1", &[2, 3]),
];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn every_criterion_has_a_line() {
    let page = fs::read_to_string(root().join("docs/accessibility.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with('|'));
    let rows: Vec<&str> = rows.skip(2).map(|row| row.trim_start_matches("| ")).collect();
    let wanted = CRITERIA.iter().flat_map(|(guideline, criteria)| {
        criteria.iter().map(move |criterion| format!("{guideline}.{criterion} "))
    });
    let wanted: Vec<String> = wanted.collect();
    assert_eq!(wanted.len(), 55);
    assert_eq!(rows.len(), wanted.len());
    for (row, wanted) in rows.iter().zip(&wanted) {
        assert!(row.starts_with(wanted.as_str()), "{wanted}is missing before {row}");
        let cells: Vec<&str> = row.split(" | ").collect();
        assert_eq!(cells.len(), 4, "{row}");
        assert!(cells.iter().all(|cell| !cell.trim_matches([' ', '|']).is_empty()), "{row}");
    }
}

#[test]
fn the_journeys_that_it_names_are_there() {
    let page = fs::read_to_string(root().join("docs/accessibility.md")).unwrap();
    let named = page.split('`').skip(1).step_by(2).filter_map(|code| code.split_once("::"));
    let mut count = 0;
    for (chapter, journey) in named.filter(|(chapter, _)| *chapter != "chapter") {
        let file = root().join(format!("tests/journeys/{chapter}.rs"));
        let text = fs::read_to_string(&file).unwrap_or_default();
        assert!(text.contains(&format!("async fn {journey}(")), "{chapter}::{journey}");
        count += 1;
    }
    assert!(count > 30);
}
