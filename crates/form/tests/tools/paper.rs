//! The empty form on paper: what it looks like as HTML for the kit's forms and for every type, that
//! conditions are said in words, and that no text of a definition becomes markup.
//!
//! `EFORM_GOLDEN=write cargo test -p eform --features tools paper` writes the golden files anew.

use std::fs;
use std::path::PathBuf;

use eform::Form;
use eform::fields::ALL;
use eform::paper::{Sheet, blank, help};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{both, farm, form, put};

const SAMPLES: [&str; 3] = ["egov-survey-citizen", "farmer-registration", "gcio-application"];

fn at(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn sample(name: &str) -> Form {
    Form::parse(&fs::read(at(&format!("../../public/forms/{name}.json"))).unwrap()).unwrap()
}

fn on_paper(form: &Form, language: &str) -> String {
    blank(form, language, &Sheet::At("../blank.css".to_owned()))
}

/// What stands between the tags, one space between words, each line of the file a line.
fn words(html: &str) -> String {
    let mut words = String::new();
    for line in html.lines() {
        let (mut text, mut in_tag) = (String::new(), false);
        for character in line.chars() {
            match character {
                '<' => (in_tag, text) = (true, text + " "),
                '>' => in_tag = false,
                other if !in_tag => text.push(other),
                _ => {}
            }
        }
        let text: Vec<&str> = text.split_whitespace().collect();
        if !text.is_empty() {
            words += &(text.join(" ") + "\n");
        }
    }
    words
}

fn is_golden(name: &str, page: &str) {
    let file = at("tests/golden/paper").join(name);
    if std::env::var_os("EFORM_GOLDEN").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, page).unwrap();
    }
    let golden = fs::read_to_string(&file).unwrap_or_default();
    let differs = golden.lines().zip(page.lines()).position(|(a, b)| a != b);
    assert!(
        golden == page,
        "{name} is not what it was, from line {:?}: EFORM_GOLDEN=write writes it anew",
        differs.map(|line| line + 1)
    );
}

#[test]
fn the_forms_of_the_kit_are_as_they_were() {
    for name in SAMPLES {
        let form = sample(name);
        for language in ["th", "en"] {
            is_golden(&format!("{name}.{language}.txt"), &words(&on_paper(&form, language)));
        }
        is_golden(&format!("{name}.html"), &on_paper(&form, "th"));
    }
}

/// A form of one page with the fields of a type's examples.
fn of_examples(examples: &str, only: Option<usize>) -> Value {
    let examples: Value = serde_json::from_str(examples).unwrap();
    let mut fields = Vec::new();
    for (at, example) in examples["examples"].as_array().unwrap().iter().enumerate() {
        let mut field = example["field"].clone();
        field["id"] = json!(format!("{}_{at}", field["id"].as_str().unwrap()));
        if field["type"] == "calculated" {
            field["calculate"] = json!({ "+": [1, 2] });
        }
        if only.is_none_or(|only| only == at) {
            fields.push(field);
        }
    }
    json!({
        "id": "example", "version": "1", "title": both("Example"), "languages": ["th", "en"],
        "submit": { "url": "/" },
        "pages": [{ "id": "page", "title": both("Page"), "fields": fields }]
    })
}

/// The questions alone.
fn questions(page: &str) -> &str {
    let to = page.find("<section class=\"office\">").unwrap_or(page.len());
    let from = page.find("<section class=\"page\">").unwrap_or(to);
    &page[from..to]
}

#[test]
fn every_type_has_its_place_on_paper() {
    for kind in ALL.iter().copied().flatten() {
        let examples: Value = serde_json::from_str(kind.examples).unwrap();
        let mut page = String::new();
        for at in 0..examples["examples"].as_array().unwrap().len() {
            let form = form(&of_examples(kind.examples, Some(at)));
            for language in ["th", "en"] {
                page += questions(&on_paper(&form, language));
            }
        }
        is_golden(&format!("types/{}.html", kind.name), &page);
        let there = ["line", "digit", "tick", "note"];
        let is_there = there.iter().any(|class| page.contains(&format!("class=\"{class}")));
        assert_eq!(is_there, kind.name != "hidden", "{}", kind.name);
    }
}

#[test]
fn conditions_are_said_in_words_with_the_numbers_of_questions() {
    let table = [
        (json!({ "==": [{ "var": "has_land" }, true] }), "ข้อ 1.4 ตอบว่า “ใช่”", "1.4 is “Yes”"),
        (json!({ "var": "has_land" }), "ข้อ 1.4 ตอบว่า “ใช่”", "1.4 is “Yes”"),
        (json!({ "!": { "var": "has_land" } }), "ข้อ 1.4 ไม่ได้ตอบว่า “ใช่”", "1.4 is not “Yes”"),
        (json!({ "!=": [{ "var": "kind" }, "new"] }), "ข้อ 1.3 ไม่ได้ตอบว่า “New”", "1.3 is not “New”"),
        (
            json!({ "in": [{ "var": "kind" }, ["new", "renewal"]] }),
            "ข้อ 1.3 ตอบว่า “New” หรือ “Renewal”",
            "1.3 is “New” or “Renewal”",
        ),
        (
            json!({ "in": ["rice", { "var": "crops" }] }),
            "ข้อ 2.1 เลือก “Rice”",
            "2.1 has a tick at “Rice”",
        ),
        (
            json!({ "!": { "in": ["rice", { "var": "crops" }] } }),
            "ข้อ 2.1 ไม่ได้เลือก “Rice”",
            "2.1 has no tick at “Rice”",
        ),
        (json!({ "==": [{ "var": "name" }, ""] }), "ข้อ 1.1 ไม่มีคำตอบ", "1.1 has no answer"),
        (json!({ ">=": [{ "var": "acres" }, 20] }), "ข้อ 3.1 ตั้งแต่ 20 ขึ้นไป", "3.1 is at least 20"),
        (json!({ "<": [20, { "var": "acres" }] }), "ข้อ 3.1 มากกว่า 20", "3.1 is more than 20"),
        (
            json!({ "!": { "<": [{ "var": "acres" }, 20] } }),
            "ข้อ 3.1 ตั้งแต่ 20 ขึ้นไป",
            "3.1 is at least 20",
        ),
        (
            json!({ "<=": [1, { "var": "acres" }, 20] }),
            "ข้อ 3.1 ตั้งแต่ 1 ขึ้นไป และ ข้อ 3.1 ไม่เกิน 20",
            "3.1 is at least 1 and 3.1 is at most 20",
        ),
        (
            json!({ "<": [{ "var": "born" }, "2000-01-01"] }),
            "ข้อ 1.2 อยู่ก่อน 1 มกราคม พ.ศ. 2543",
            "1.2 is before 1 January 2543 B.E. (2000)",
        ),
        (
            json!({ ">=": [{ "years-between": [{ "var": "born" }, { "today": [] }] }, 60] }),
            "นับจากข้อ 1.2 ถึงวันที่ยื่น ตั้งแต่ 60 ปี ขึ้นไป",
            "the time from 1.2 to the day you hand this in is at least 60 years",
        ),
        (
            json!({ ">": [{ "count": [{ "var": "plots" }] }, 0] }),
            "ข้อ 2.2 มีรายการ",
            "2.2 has entries",
        ),
        // What more is said about a question says that it has an answer.
        (
            json!({ "and": [{ "var": "kind" }, { "!=": [{ "var": "kind" }, "new"] }] }),
            "ข้อ 1.3 ไม่ได้ตอบว่า “New”",
            "1.3 is not “New”",
        ),
        (
            json!({ "and": [{ "var": "has_land" }, { "or": [{ "==": [{ "var": "kind" }, "new"] }, { "var": "name" }] }] }),
            "ข้อ 1.4 ตอบว่า “ใช่” และ (ข้อ 1.3 ตอบว่า “New” หรือ ข้อ 1.1 มีคำตอบ)",
            "1.4 is “Yes” and (1.3 is “New” or 1.1 has an answer)",
        ),
        // De Morgan.
        (
            json!({ "!": { "or": [{ "var": "has_land" }, { "==": [{ "var": "kind" }, "new"] }] } }),
            "ข้อ 1.4 ไม่ได้ตอบว่า “ใช่” และ ข้อ 1.3 ไม่ได้ตอบว่า “New”",
            "1.4 is not “Yes” and 1.3 is not “New”",
        ),
    ];
    for (rule, th, en) in table {
        let page = asked_if(&rule);
        assert!(page.0.contains(&format!("ตอบเฉพาะเมื่อ {th}\n")), "{rule}: {th}\n{}", page.0);
        assert!(page.1.contains(&format!("Answer only if {en}\n")), "{rule}: {en}\n{}", page.1);
    }
}

/// The words of the farm's paper in both languages, with one more question under this condition.
fn asked_if(rule: &Value) -> (String, String) {
    let mut definition = farm();
    let more = json!({ "id": "more", "title": both("More"), "fields": [
        { "id": "acres", "type": "number", "label": both("Acres") },
        { "id": "asked", "type": "text", "label": both("Asked"), "showIf": rule }
    ] });
    put(&mut definition, "/pages/-", Some(more));
    let form = form(&definition);
    (words(&on_paper(&form, "th")), words(&on_paper(&form, "en")))
}

#[test]
fn what_cannot_be_said_shortly_or_is_the_offices_is_left_to_judgement() {
    for rule in [
        json!({ "some": [{ "var": "plots" }, { ">": [{ "var": "area" }, 1] }] }),
        json!({ ">": [{ "+": [{ "var": "acres" }, 1] }, 20] }),
        // The office reckons it.
        json!({ ">": [{ "var": "total" }, 20] }),
        json!({ "matches": [{ "var": "name" }, "a.*"] }),
    ] {
        let (th, en) = asked_if(&rule);
        assert!(th.contains("ตอบถ้าเกี่ยวข้องกับท่าน\n"), "{rule}\n{th}");
        assert!(en.contains("Answer if it applies to you\n"), "{rule}\n{en}");
    }
    let (never, _) = asked_if(&json!(false));
    assert!(!never.contains("Asked"), "{never}");
    let (always, _) = asked_if(&json!({ "or": [true, { "var": "name" }] }));
    assert!(always.contains("Asked") && !always.contains("3.2 Asked\nตอบ"), "{always}");
}

#[test]
fn who_signs_is_asked_to_declare_and_a_survey_is_not() {
    let declares = |form: &Form| on_paper(form, "th").contains("คำรับรอง");
    assert!(!declares(&sample("egov-survey-citizen")), "nobody is named");
    assert!(!declares(&sample("gcio-application")), "the form has a signature of its own");
    let mut with_name = farm();
    put(&mut with_name, "/pages/0/fields/0/type", Some(json!("thai-name")));
    put(&mut with_name, "/pages/0/fields/0/maxLength", None);
    assert!(declares(&form(&with_name)));
}

/// Every tag with its attributes; addresses hold texts of the definition.
fn tags(html: &str) -> Vec<String> {
    let mut tags = Vec::new();
    for part in html.split('<').skip(1) {
        let tag = part.split_once('>').expect("every tag ends").0;
        tags.push(tag.split(" href=").next().unwrap().to_owned());
    }
    tags
}

/// Puts `text` in place of all words for people.
fn say(value: &mut Value, text: &str, is_words: bool) {
    const WORDS: [&str; 18] = [
        "title",
        "summary",
        "name",
        "purpose",
        "intro",
        "label",
        "hint",
        "unit",
        "text",
        "other",
        "statement",
        "rowTitle",
        "low",
        "high",
        "noOpinion",
        "recipients",
        "address",
        "prefixes",
    ];
    match value {
        Value::String(words) if is_words => *words = text.to_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| say(item, text, is_words)),
        Value::Object(members) => {
            for (name, member) in members {
                let more =
                    WORDS.contains(&name.as_str()) || is_words && ["th", "en"].contains(&&**name);
                say(member, text, more);
            }
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_text_of_a_definition_becomes_markup(evil in "[a<>&\"'/=;! -]{3,30}") {
        // As long, so that it is laid out the same; neither begins or ends with a space.
        let evil = format!("<{evil}>");
        let tame = "a".repeat(evil.chars().count());
        let examples = ALL.iter().copied().flatten().map(|kind| of_examples(kind.examples, None));
        let samples = SAMPLES.map(|name| {
            let file = at(&format!("../../public/forms/{name}.json"));
            serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
        });
        for definition in examples.chain(samples) {
            let said = |text: &str| {
                let mut definition = definition.clone();
                say(&mut definition, text, false);
                let form = form(&definition);
                let all = on_paper(&form, "th") + &help(&[("a", &form)]);
                tags(&all)
            };
            prop_assert_eq!(said(&evil), said(&tame));
        }
    }
}

#[test]
fn styles_are_in_a_file_or_in_the_page_and_there_is_no_script() {
    let form = sample("gcio-application");
    let linked = on_paper(&form, "en");
    assert!(linked.contains("<link rel=\"stylesheet\" href=\"../blank.css\">"));
    assert!(!linked.contains("<style") && !linked.contains(" style="));
    let whole = blank(&form, "en", &Sheet::Inside);
    assert!(whole.contains("<style>") && !whole.contains("<link"));
    for page in [linked, whole] {
        assert!(!page.contains("<script") && !page.contains("javascript:"));
    }
}

#[test]
fn help_names_every_service_with_its_telephone_and_its_empty_form() {
    let forms = SAMPLES.map(|name| (name, sample(name)));
    let page = help(&forms.each_ref().map(|(name, form)| (*name, form)));
    for (name, form) in &forms {
        assert!(page.contains(&format!("href=\"forms/{name}.blank.th.html\"")), "{name}");
        assert!(page.contains(&format!("href=\"forms/{name}.blank.en.html\"")), "{name}");
        assert!(page.contains(form.definition().title.get("th")), "{name}");
    }
    assert!(page.contains("<a href=\"tel:+6625793004\">02-579-3004</a>"));
}
