//! A page for each type of field, and lists of them.

use std::path::Path;

use anyhow::{Result, bail};
use eform::Finding;
use eform::fields::{Shape, Type};
use serde_json::{Map, Value};

use crate::examples::{file, found, list, text, types};
use crate::markdown::{code, codes, said, table, value, words};
use crate::{Page, findings, json, members, screen};

/// The types by what they are for. Each type of the language is here once.
const GROUPS: [(&str, &[&str]); 9] = [
    ("Words", &["text", "textarea", "email", "phone", "url"]),
    ("Numbers", &["number", "decimal", "money", "percent", "rating", "land-area"]),
    ("Choosing", &["yes-no", "choice", "choices", "ranking", "matrix", "consent"]),
    ("Days and times", &["date", "partial-date", "month", "date-range", "time"]),
    (
        "People and organisations",
        &["thai-name", "thai-national-id", "laser-code", "passport", "juristic-id"],
    ),
    ("Places", &["thai-address", "house-code", "location"]),
    ("Accounts and vehicles", &["bank-account", "promptpay", "vehicle-plate"]),
    ("Files and signatures", &["attachment", "signature"]),
    ("What holds or follows", &["group", "repeat", "note", "calculated", "hidden"]),
];

fn grouped() -> impl Iterator<Item = (&'static str, Vec<&'static Type>)> {
    GROUPS.iter().map(|(title, names)| {
        let known = names.iter().filter_map(|name| types().find(|kind| kind.name == *name));
        (*title, known.collect())
    })
}

/// A page for each type; `folder` is `docs/src`.
pub fn pages(folder: &Path) -> Result<Vec<Page>> {
    let listed: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let all: Vec<&str> = types().map(|kind| kind.name).collect();
    if let Some(name) = all.iter().find(|name| !listed.contains(name)) {
        bail!("the type `{name}` has no place in the list of types of the guide");
    }
    if let Some(name) = listed.iter().find(|name| !all.contains(name)) {
        bail!("the guide lists the type `{name}`, which the language does not have");
    }
    let page = |kind: &'static Type| {
        let text = page(kind, &on_screen(kind, folder)?);
        Ok(Page { path: format!("types/{}.md", kind.name), text })
    };
    types().map(page).collect()
}

/// The types in the table of contents.
pub fn summary() -> String {
    let line = |kind: &Type| format!("  - [`{0}`](types/{0}.md)\n", kind.name);
    // The first line belongs to the same list, or the others would not stand under it.
    let first = "- [Types of field](types/README.md)\n".to_owned();
    first + &grouped().flat_map(|(_, kinds)| kinds).map(line).collect::<String>()
}

/// The types with what they are for.
fn rows_of(kinds: &[&Type]) -> String {
    let row = |kind: &&Type| {
        let about = &file(kind)["about"];
        let name = format!("[`{0}`]({0}.md)", kind.name);
        vec![name, words(text(about, "en")), words(text(about, "th"))]
    };
    let rows: Vec<Vec<String>> = kinds.iter().map(row).collect();
    table(&["Type", "What for", "ภาษาไทย"], &rows)
}

/// All types by what they are for.
pub fn index() -> String {
    let section = |(title, kinds): (&str, Vec<&Type>)| format!("## {title}\n\n{}", rows_of(&kinds));
    grouped().map(section).collect()
}

/// How somebody meets a type: by eye, by keys, by ear.
fn on_screen(kind: &'static Type, folder: &Path) -> Result<String> {
    let behaviour = format!("## On the screen\n\n{}\n\n", text(&file(kind), "behaviour"));
    if kind.name == "hidden" {
        return Ok(behaviour);
    }
    let tree = screen::tree(folder, kind.name)?;
    let told = "### What a screen reader is told\n\n".to_owned() + &screen::told(&tree);
    let keys = "### Keys\n\n".to_owned() + &screen::keys(&tree);
    Ok([behaviour, screen::picture(kind), keys, told].concat())
}

fn page(kind: &Type, on_screen: &str) -> String {
    let file = file(kind);
    let about = &file["about"];
    let mut out = format!(
        "<!-- Made by `cargo xtask guide` from crates/form/src/fields/{0}.json and the code beside \
         it: change it there. -->\n\n# `{0}`\n\n{1}\n\n<span lang=\"th\">{2}</span>\n\n",
        kind.name,
        text(about, "en"),
        text(about, "th")
    );
    out += on_screen;
    out += "## Members\n\n";
    let own = members::own(kind);
    out += if own.is_empty() { "It has no members of its own.\n\n" } else { &own };
    out += &format!(
        "Of the [members that many types have](../pages-and-fields.md#what-every-field-may-have) it \
         may have {}.\n\n",
        members::shared(kind)
    );
    out += "## Examples\n\n";
    if file.to_string().contains("today") {
        out += "Today is 20 November 2569 (2026) in them.\n\n";
    }
    for example in list(&file, "examples") {
        out += &one(kind, example);
    }
    out += &answer(kind, &file);
    out += &findings::of_type(kind);
    let source = text(&file, "source");
    if !source.is_empty() {
        out += &format!("## Where this comes from\n\n{source}.\n");
    }
    out.trim_end().to_owned() + "\n"
}

/// One field of the examples, with what is taken and what is refused.
fn one(kind: &Type, example: &Value) -> String {
    let field = &example["field"];
    let mut out = format!("```json,field\n{}\n```\n\n", json::pretty(field));
    let entry = if kind.name == "calculated" { "The rule gives" } else { "Entered" };
    let valid = list(example, "valid");
    let usual = usual(example);
    let rows: Vec<Vec<String>> = valid.iter().map(|case| taken(field, case, usual)).collect();
    if !rows.is_empty() {
        out += "What is taken:\n\n";
        let heads = [entry, "Answer", "Read in Thai", "Read in English", "Asked about", "Note"];
        out += &table(&heads, &rows);
    }
    let blank = list(example, "blank");
    if !blank.is_empty() && !valid.is_empty() {
        let blank: Vec<String> = blank.iter().map(value).collect();
        out += &format!("What counts as no answer: {}.\n\n", blank.join(", "));
    }
    let rows: Vec<Vec<String>> =
        list(example, "invalid").iter().map(|case| refused(field, case, usual)).collect();
    if !rows.is_empty() {
        out += "What is refused:\n\n";
        let heads = [entry, "Where", "Code", "In Thai", "In English", "Note"];
        out += &table(&heads, &rows);
    }
    if let Some(usual) = usual.filter(|_| out.contains("`{ …")) {
        let whole = value(&usual["entry"]);
        out += &format!("`…` stands for the rest of {whole} or of its answer.\n\n");
    }
    out
}

/// The case that most others are like: of those only what differs is shown.
fn usual(example: &Value) -> Option<&Value> {
    let cases = || list(example, "valid").iter().chain(list(example, "invalid"));
    // What is the same counts for one, what must be said besides against it.
    let alike = |one: &&Value| -> i64 {
        let score = |case: &Value| {
            let (members, gone) = is_like(&case["entry"], &one["entry"])?;
            let equal = members.iter().filter(|(name, value)| one["entry"][*name] == **value);
            let equal = equal.count();
            Some(2 * equal as i64 - members.len() as i64 - 3 * gone.len() as i64)
        };
        cases().filter_map(score).sum()
    };
    // Of several the first.
    list(example, "valid").iter().rev().max_by_key(alike)
}

fn taken(field: &Value, case: &Value, usual: Option<&Value>) -> Vec<String> {
    let is_same = case["entry"] == case["answer"] && case["answer"].is_object();
    let answer = if is_same {
        "the same".to_owned()
    } else {
        differing(&case["answer"], usual.map(|usual| &usual["answer"]))
    };
    let said_in = |language: &str| said(text(&case["words"], language));
    let code_of = text(case, "warning");
    let asked = match code_of {
        "" => String::new(),
        code_of => {
            let path = text(case, "path");
            let (_, english) = worded(field, &case["entry"], path, code_of);
            format!("{}: {english}", code(code_of))
        }
    };
    vec![
        differing(&case["entry"], usual.map(|usual| &usual["entry"])),
        answer,
        said_in("th"),
        said_in("en"),
        asked,
        words(text(case, "source")),
    ]
}

fn refused(field: &Value, case: &Value, usual: Option<&Value>) -> Vec<String> {
    let (path, code_of) = (text(case, "path"), text(case, "code"));
    let (thai, english) = worded(field, &case["entry"], path, code_of);
    let place = if path.is_empty() { String::new() } else { code(path) };
    let note = words(text(case, "source"));
    let usual = usual.map(|usual| &usual["entry"]);
    vec![differing(&case["entry"], usual), place, code(code_of), thai, english, note]
}

/// What a finding says in Thai and English.
fn worded(field: &Value, entry: &Value, path: &str, code: &str) -> (String, String) {
    let path = ["/", text(field, "id"), path].concat();
    let Some((form, findings)) = found(field, entry) else { return Default::default() };
    let wanted = |finding: &&Finding| finding.code == code && finding.path == path;
    let Some(finding) = findings.iter().find(wanted) else { return Default::default() };
    (words(&form.message(finding, "th")), words(&form.message(finding, "en")))
}

/// The members of an object that is much like another one, and those that only the other has.
fn is_like<'a>(
    entry: &'a Value,
    usual: &'a Value,
) -> Option<(&'a Map<String, Value>, Vec<&'a str>)> {
    let (members, usual) = (entry.as_object()?, usual.as_object()?);
    let same = members.iter().filter(|(name, value)| usual.get(*name) == Some(value)).count();
    let gone: Vec<&str> =
        usual.keys().filter(|name| !members.contains_key(*name)).map(String::as_str).collect();
    let is_equal = same == members.len() && gone.is_empty();
    (same >= 2 && !is_equal && gone.len() < 2).then_some((members, gone))
}

/// A value; of an object that is much like the usual one, only what differs.
fn differing(entry: &Value, usual: Option<&Value>) -> String {
    let Some((usual, (members, gone))) =
        usual.and_then(|usual| Some((usual, is_like(entry, usual)?)))
    else {
        return value(entry);
    };
    let mut parts = vec!["…".to_owned()];
    for (name, there) in json::sorted(members) {
        if usual[name] != *there {
            let cell = value(there);
            parts.push(format!("\"{name}\": {}", cell.trim_matches('`').trim()));
        }
    }
    let shown = ["`{ ", &parts.join(", "), " }`"].concat();
    if gone.is_empty() { shown } else { format!("{shown} without {}", codes(gone)) }
}

/// The shape of the answer.
fn answer(kind: &Type, file: &Value) -> String {
    let field = &file["examples"][0]["field"];
    let heading = "## The answer\n\n";
    let Some((form, _)) = found(field, &Value::Null) else { return String::new() };
    let field = form.field(0);
    if field.kind.shape() == Shape::Note {
        return heading.to_owned() + "It has none.\n\n";
    }
    let mut out = heading.to_owned();
    let schema = kind.members();
    let about = text(&schema, "description");
    if about.contains("answer") {
        out += &format!("{}\n\n", paragraphs(about));
    }
    if let Some(first) = list(&file["examples"][0], "valid").first() {
        out += &format!("Sent to the agency, for example, as {}.\n\n", value(&first["answer"]));
    }
    out += "Programs can check the answer to the first example with this JSON Schema";
    if field.is_container() {
        out += "; what is in it depends on its fields";
    }
    out + &format!(":\n\n```json,schema\n{}\n```\n\n", json::pretty(&field.kind.schema()))
}

/// Lines that belong together in one.
fn paragraphs(text: &str) -> String {
    let joined = text.split("\n\n").map(|paragraph| paragraph.replace('\n', " "));
    joined.collect::<Vec<_>>().join("\n\n")
}
