//! The guide shows nothing that does not work: every block of JSON in it is read, and what it says
//! comes of a form when somebody fills it in is compared with what does.
//!
//! A block's first line says what it is: `json,form` a whole form, `json,fields` and `json,field`
//! what stands on a page, `json,rule` a rule, `json,cases` cases for the form or fields before it
//! (`json,cases-of,PAGE` for the first form of another page), `json,part` and `json,schema` just
//! JSON. With `wrong` behind it the block must be refused, with the words in the block
//! `text,error` that follows.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use eform::{Date, Field, Finding, Form, NodeId, Rule, Session};
use serde_json::{Map, Value, json};

/// A block of code.
struct Block {
    kind: String,
    text: String,
    /// The page and line, for whoever mends it.
    place: String,
}

impl Block {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{}: {error}", self.place))
    }
}

/// The blocks of every page, by the page's name below `docs/src`.
fn pages() -> BTreeMap<String, Vec<Block>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src");
    let mut pages = BTreeMap::new();
    for folder in [root.clone(), root.join("types")] {
        for entry in fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            if file.extension().is_some_and(|extension| extension == "md") {
                let name = file.strip_prefix(&root).unwrap().display().to_string();
                let text = fs::read_to_string(&file).unwrap();
                pages.insert(name.clone(), blocks(&name, &text));
            }
        }
    }
    pages
}

fn blocks(page: &str, text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (line, text) in text.lines().enumerate() {
        match (text.strip_prefix("```"), open) {
            (Some(kind), false) => {
                let place = format!("docs/src/{page}:{}", line + 1);
                blocks.push(Block { kind: kind.to_owned(), text: String::new(), place });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => {
                let block = blocks.last_mut().unwrap();
                block.text += text;
                block.text.push('\n');
            }
            (None, false) => {}
        }
    }
    assert!(!open, "docs/src/{page}: a block has no end");
    blocks
}

/// A form of one page with these fields, in as many languages as they need.
fn form_of(fields: Value) -> Value {
    json!({
        "id": "guide", "version": "1", "title": "Guide", "languages": ["th", "en"],
        "submit": { "url": "/" },
        "pages": [{ "id": "page", "title": "Page", "fields": fields }]
    })
}

/// The form that a block is, or that its fields make; none for a block of another kind.
fn definition(block: &Block) -> Option<Value> {
    match block.kind.split(',').nth(1)? {
        "form" => Some(block.json()),
        "fields" => Some(form_of(block.json())),
        "field" => Some(form_of(json!([block.json()]))),
        _ => None,
    }
}

/// Reads a form. A field by itself may calculate with others that are not in the block: they are
/// put in.
fn read(block: &Block, mut definition: Value) -> Form {
    let is_alone = block.kind == "json,field";
    for _ in 0..10 {
        let error = match Form::parse(definition.to_string().as_bytes()) {
            Ok(form) => return form,
            Err(error) => error,
        };
        let name = error.expected.strip_prefix("there is no field `").filter(|_| is_alone);
        let name = name.unwrap_or_else(|| panic!("{}: {error}", block.place)).trim_end_matches('`');
        let stub = json!({ "id": name, "type": "number", "label": name });
        definition["pages"][0]["fields"].as_array_mut().unwrap().push(stub);
    }
    panic!("{}: it needs too much", block.place);
}

#[test]
fn every_block_of_json_is_what_it_says() {
    let pages = pages();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (page, blocks) in &pages {
        let mut before: Option<Form> = None;
        for (at, block) in blocks.iter().enumerate() {
            let kinds: Vec<&str> = block.kind.split(',').collect();
            if kinds[0] != "json" {
                assert!(!block.text.trim_start().starts_with('{'), "{}: say json", block.place);
                continue;
            }
            match (kinds.get(1).copied(), kinds.get(2).copied()) {
                (Some("form" | "fields" | "field"), None) => {
                    before = Some(read(block, definition(block).unwrap()));
                }
                (Some("form" | "fields" | "field"), Some("wrong")) => {
                    let definition = definition(block).unwrap();
                    let error = Form::parse(definition.to_string().as_bytes()).unwrap_err();
                    let said = blocks.get(at + 1).filter(|next| next.kind == "text,error");
                    let said = said.unwrap_or_else(|| panic!("{}: no words", block.place));
                    assert_eq!(error.to_string(), said.text.trim(), "{}", block.place);
                }
                (Some("rule"), None) => {
                    Rule::from_value(block.json())
                        .unwrap_or_else(|error| panic!("{}: {error}", block.place));
                }
                (Some("cases"), None) => {
                    let form = before.as_ref().unwrap_or_else(|| panic!("{}", block.place));
                    run(block, form);
                }
                (Some("cases-of"), Some(other)) => {
                    let other = &pages[&format!("{other}.md")];
                    let form = other.iter().find(|block| block.kind == "json,form").unwrap();
                    run(block, &read(form, definition(form).unwrap()));
                }
                (Some("part" | "schema"), None) => _ = block.json(),
                _ => panic!("{}: {page} has JSON that nothing is said of", block.place),
            }
            *counts.entry(kinds[1].to_owned()).or_default() += 1;
        }
    }
    println!("{counts:?}");
    for (kind, least) in [("form", 5), ("fields", 15), ("field", 80), ("rule", 5), ("cases", 20)] {
        assert!(counts.get(kind).is_some_and(|count| *count >= least), "{kind}: {counts:?}");
    }
}

/// Fills in a form as each case says, and compares.
fn run(block: &Block, form: &Form) {
    let file = block.json();
    members(block, &file, &["today", "cases"]);
    for case in file["cases"].as_array().unwrap() {
        members(block, case, &["name", "today", "answers", "expect"]);
        let place = format!("{}: {}", block.place, case["name"].as_str().unwrap());
        let today = case["today"].as_str().or(file["today"].as_str()).unwrap();
        let today = Date::parse_iso(today).unwrap_or_else(|| panic!("{place}: today"));
        let answers = case["answers"].as_object().unwrap();
        let known = |id: &String| form.place_of(id).is_some();
        assert!(answers.keys().all(known), "{place}: there is no such field");
        let session = Session::new(form.clone(), answers, today);
        compare(block, &place, &session, &case["expect"]);
        // What the phone finds good the agency takes.
        if let Some(submission) = session.submission() {
            let found = form.check_submission(submission, today);
            assert!(!found.iter().any(Finding::is_error), "{place}: {found:?}");
        }
    }
}

fn members(block: &Block, object: &Value, known: &[&str]) {
    for name in object.as_object().unwrap().keys() {
        assert!(known.contains(&name.as_str()), "{}: unknown member {name}", block.place);
    }
}

fn compare(block: &Block, place: &str, session: &Session, expect: &Value) {
    let known = [
        "findings",
        "shown",
        "hidden",
        "required",
        "optional",
        "readOnly",
        "pages",
        "offered",
        "values",
        "submission",
    ];
    members(block, expect, &known);
    if !expect["findings"].is_null() {
        findings(block, place, session, expect["findings"].as_array().unwrap());
    }
    let shown = |node| session.is_shown(node);
    each(place, session, &expect["shown"], &shown);
    each(place, session, &expect["hidden"], &|node| !shown(node));
    each(place, session, &expect["required"], &|node| session.is_required(node));
    each(place, session, &expect["optional"], &|node| shown(node) && !session.is_required(node));
    each(place, session, &expect["readOnly"], &|node| session.is_read_only(node));
    if let Some(expected) = expect["pages"].as_array() {
        let pages = session.form().definition().pages.iter().enumerate();
        let pages: Vec<&String> =
            pages.filter(|(at, _)| session.page_is_shown(*at)).map(|(_, page)| &page.id).collect();
        assert_eq!(json!(pages), json!(expected), "{place}: pages");
    }
    for (path, expected) in expect["offered"].as_object().into_iter().flatten() {
        let node = session.at(path).unwrap_or_else(|| panic!("{place}: {path}"));
        let field: &Field = session.field(node).unwrap();
        let options = field.kind.options().iter().zip(session.offered(node));
        let offered: Vec<&String> =
            options.filter(|(_, offered)| *offered).map(|(option, _)| &option.value).collect();
        assert_eq!(json!(offered), *expected, "{place}: {path}");
    }
    let answers = Value::Object(session.answers().clone());
    for (path, expected) in expect["values"].as_object().into_iter().flatten() {
        assert!(session.at(path).is_some(), "{place}: {path}");
        let answer = answers.pointer(path).cloned().unwrap_or_default();
        assert_eq!(answer, *expected, "{place}: {path}");
    }
    if let Some(expected) = expect.get("submission") {
        let submission = session.submission().map(|map| Value::Object(map.clone()));
        let found = session.findings();
        assert_eq!(submission.unwrap_or_default(), *expected, "{place}: {found:?}");
    }
}

fn each(place: &str, session: &Session, paths: &Value, holds: &dyn Fn(NodeId) -> bool) {
    for path in paths.as_array().into_iter().flatten() {
        let path = path.as_str().unwrap();
        let node = session.at(path).unwrap_or_else(|| panic!("{place}: {path}"));
        assert!(holds(node), "{place}: {path}");
    }
}

fn findings(block: &Block, place: &str, session: &Session, expected: &[Value]) {
    let found = session.findings();
    let named = |findings: &[(String, String)]| {
        let mut named: Vec<String> =
            findings.iter().map(|(path, code)| format!("{path} {code}")).collect();
        named.sort();
        named
    };
    let text = |of: &Value, member: &str| of[member].as_str().unwrap().to_owned();
    let wanted: Vec<(String, String)> =
        expected.iter().map(|one| (text(one, "path"), text(one, "code"))).collect();
    let there: Vec<(String, String)> =
        found.iter().map(|one| (one.path.clone(), one.code.to_string())).collect();
    assert_eq!(named(&there), named(&wanted), "{place}");
    for one in expected {
        members(block, one, &["path", "code", "severity", "message"]);
        let same = |finding: &&Finding| {
            finding.path == one["path"] && finding.code == one["code"].as_str().unwrap()
        };
        let finding = found.iter().find(same).unwrap();
        if let Some(severity) = one["severity"].as_str() {
            assert_eq!(severity == "error", finding.is_error(), "{place}");
        }
        let words: &Map<String, Value> = &one["message"].as_object().cloned().unwrap_or_default();
        for (language, expected) in words {
            assert_eq!(session.form().message(finding, language), *expected, "{place}");
        }
    }
}
