//! The forms in `public/forms`, and the one of the journeys in `tests/forms`: they can be read, and
//! they say everything in each of their languages.

use std::fs;
use std::path::PathBuf;

use eform::{Form, Vocabulary};
use serde_json::{Value, json};

/// Members that hold words for people; a plain string there is in one language only.
const WORDS: [&str; 17] = [
    "title",
    "summary",
    "name",
    "purpose",
    "intro",
    "label",
    "hint",
    "unit",
    "text",
    "message",
    "other",
    "statement",
    "rowTitle",
    "addLabel",
    "low",
    "high",
    "noOpinion",
];

const FOLDERS: [&str; 2] = ["../../public/forms", "../../tests/forms"];

/// Name and bytes of every form's file, by name.
fn files() -> Vec<(String, Vec<u8>)> {
    let folders = FOLDERS.map(|folder| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder));
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path))
        .filter(|(name, _)| {
            name.ends_with(".json") && name != "index.json" && !name.ends_with(".cases.json")
        })
        .map(|(name, path)| (name, fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

fn parse(name: &str, bytes: &[u8]) -> Form {
    Form::parse(bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Where words are not there in every one of `languages`, as pointers.
fn gaps(node: &Value, path: &str, languages: &[String], found: &mut Vec<String>) {
    match node {
        Value::Object(members) if languages.iter().any(|tag| members.contains_key(tag)) => {
            let said = |tag: &String| {
                members.get(tag).and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
            };
            if !languages.iter().all(said) {
                found.push(path.to_owned());
            }
        }
        Value::Object(members) => {
            for (key, value) in members {
                let path = format!("{path}/{key}");
                if languages.len() > 1 && value.is_string() && WORDS.contains(&key.as_str()) {
                    found.push(path);
                } else {
                    gaps(value, &path, languages, found);
                }
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                gaps(item, &format!("{path}/{at}"), languages, found);
            }
        }
        _ => {}
    }
}

#[test]
fn every_form_can_be_read_and_says_everything_in_each_of_its_languages() {
    for (name, bytes) in files() {
        let form = parse(&name, &bytes);
        assert_eq!(name, format!("{}.json", form.definition().id), "a form's file has its id");
        let mut found = Vec::new();
        let root = serde_json::from_slice(&bytes).unwrap();
        gaps(&root, "", &form.definition().languages, &mut found);
        assert!(found.is_empty(), "{name}: not in every language: {found:#?}");
    }
}

#[test]
fn gaps_in_the_words_are_found() {
    let form = json!({ "id": "x", "submit": { "url": "/" }, "pages": [
        { "title": { "th": "ก", "en": "A" }, "showIf": { "var": "x" } },
        { "title": { "en": "A" } }, { "title": { "th": "ก", "en": " " } }, { "title": "A" },
        { "messages": { "required": { "th": "ก" } } }
    ] });
    let mut found = Vec::new();
    gaps(&form, "", &["th".into(), "en".into()], &mut found);
    assert_eq!(
        found,
        ["/pages/1/title", "/pages/2/title", "/pages/3/title", "/pages/4/messages/required"]
    );
}

#[test]
fn questions_are_short() {
    for (name, bytes) in files() {
        let form = parse(&name, &bytes);
        for field in form.fields() {
            for language in &form.definition().languages {
                let label = form.text(&field.label, language);
                assert!(label.chars().count() <= 60, "{name}: {}: {label}", field.id);
            }
        }
    }
}

/// A page begins with the common types of field: what stands on the first page must not wait for
/// the others.
#[test]
fn the_first_page_of_every_form_is_of_common_types() {
    for (name, bytes) in files() {
        let form = Form::parse_with(&bytes, Vocabulary::FIRST).unwrap();
        for field in form.fields().iter().filter(|field| field.page == 0) {
            assert!(!field.kind.is_waiting(), "{name}: {}", field.id);
        }
    }
}
