//! The pages that are made are committed: they must be what the engine says now.

use std::fs;
use std::path::Path;

#[test]
fn the_pages_that_are_made_are_current() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src");
    let mut pages = 0;
    for page in eform_guide::pages(&folder).unwrap() {
        let there = fs::read_to_string(folder.join(&page.path)).unwrap_or_default();
        assert!(there == page.text, "docs/src/{}: run `cargo xtask guide`", page.path);
        pages += 1;
    }
    assert!(pages >= 44);
}

#[test]
fn every_page_is_in_the_table_of_contents_and_every_link_leads_somewhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src");
    let summary = fs::read_to_string(folder.join("SUMMARY.md")).unwrap();
    let mut folders = vec![folder.clone()];
    while let Some(in_folder) = folders.pop() {
        for entry in fs::read_dir(in_folder).unwrap() {
            let file = entry.unwrap().path();
            if file.is_dir() {
                folders.push(file);
                continue;
            }
            let name = file.strip_prefix(&folder).unwrap().display().to_string().replace('\\', "/");
            let is_listed = name == "SUMMARY.md" || summary.contains(&format!("({name})"));
            assert!(!name.ends_with(".md") || is_listed, "{name} is not in SUMMARY.md");
            if name.ends_with(".md") {
                check_links(&file, &fs::read_to_string(&file).unwrap());
            }
        }
    }
}

/// Links within the guide lead to pages that are there, and to headings that are in them.
fn check_links(file: &Path, text: &str) {
    for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        if target.ends_with(".png") {
            assert!(file.parent().unwrap().join(target).is_file(), "{target} is not there");
        }
        if target.contains("://") || target.contains(' ') || !target.contains(".md") {
            continue;
        }
        let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
        let to = file.parent().unwrap().join(path);
        let page = fs::read_to_string(&to);
        let page = page.unwrap_or_else(|_| panic!("{}: no page {target}", file.display()));
        let heads = page.lines().filter(|line| line.starts_with('#')).map(anchor_of);
        let is_there = anchor.is_empty() || heads.into_iter().any(|head| head == anchor);
        assert!(is_there, "{}: no heading {target}", file.display());
    }
}

/// As mdBook makes it of a heading.
fn anchor_of(heading: &str) -> String {
    let heading = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
