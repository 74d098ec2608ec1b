//! The forms in `public/forms`: they can be read, and they say everything in each of their
//! languages.

// For the long answers in `json!`.
#![recursion_limit = "256"]

use std::fs;
use std::path::PathBuf;

use eform::{Date, Form};
use serde_json::{Value, json};

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

/// Members that hold words for people; a plain string there is in one language only.
const WORDS: [&str; 8] = ["title", "summary", "name", "purpose", "intro", "label", "hint", "unit"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../public/forms")
}

/// Name and bytes of every form's file, by name.
fn files() -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries
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
    Form::parse(bytes).unwrap_or_else(|error| panic!("public/forms/{name}: {error}"))
}

fn farmer_registration() -> Form {
    let name = "farmer-registration.json";
    parse(name, &fs::read(folder().join(name)).unwrap())
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
        assert!(found.is_empty(), "public/forms/{name}: not in every language: {found:#?}");
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
fn farmer_registration_is_a_form_of_some_size() {
    let form = farmer_registration();
    assert!(form.definition().pages.len() >= 5);
    assert!(form.fields().len() >= 25);
    for field in form.fields() {
        for language in ["th", "en"] {
            let label = form.text(&field.label, language);
            assert!(label.chars().count() <= 60, "{}: {label}", field.id);
        }
    }
}

/// A person who farms rented land.
fn person_with_land() -> Value {
    json!({
        "request_kind": "update",
        "farmer_code": "000000000000",
        "person_kind": "natural",
        "prefix": "other",
        "prefix_other": "ดร.",
        "first_name": "ชื่อทดสอบ",
        "last_name": "นามสกุลทดสอบ",
        "national_id": "1100100000000",
        "birth_date": "1967-03-13",
        "marital_status": "married",
        "phone": "+66812345678",
        "email": "name@example.com",
        "house_number": "27/1",
        "moo": 4,
        "road": "ถนนทดสอบ",
        "sub_district": "บางทดสอบ",
        "district": "เมืองทดสอบ",
        "province": "เชียงใหม่",
        "postcode": "50000",
        "house_code": "10010123456",
        "main_occupation": "farming",
        "household_members": 4,
        "farm_helpers": 2,
        "farm_income": 60000,
        "other_income": 0,
        "debt": 12500.5,
        "activity_kinds": ["crop", "livestock"],
        "species": "ข้าวหอมมะลิ โคเนื้อ",
        "planting_date": "2026-07-01",
        "harvest_date": "2026-11-25",
        "planted_area": 3.25,
        "water_sources": ["rain", "pond"],
        "sustainable_kinds": ["integrated"],
        "contract_farming": true,
        "contract_detail": "บริษัททดสอบ รับซื้อข้าว",
        "has_land": true,
        "tenure": "lease_contract",
        "lease_end": "2029-12-31",
        "deed_type": "chanote",
        "deed_number": "12345",
        "area_rai": 3,
        "area_ngan": 2,
        "area_wah": 50.5,
        "irrigation": "out",
        "remarks": "มีอีกหนึ่งแปลง",
        "certify": ["true_and_complete"]
    })
}

/// An organisation that raises fish where there is no land.
fn organisation_without_land() -> Value {
    json!({
        "request_kind": "new",
        "person_kind": "juristic",
        "juristic_name": "สหกรณ์ทดสอบ",
        "registration_number": "0000000000000",
        "registration_date": "2017-03-13",
        "phone": "+6625793004",
        "house_number": "99/1-2",
        "sub_district": "บางทดสอบ",
        "district": "เมืองทดสอบ",
        "province": "ตราด",
        "postcode": "23000",
        "activity_kinds": ["aquaculture"],
        "species": "ปลากะพง",
        "water_sources": ["river"],
        "contract_farming": false,
        "has_land": false,
        "certify": ["true_and_complete"]
    })
}

#[test]
fn farmer_registration_accepts_whole_answers() {
    let form = farmer_registration();
    for answers in [person_with_land(), organisation_without_land()] {
        let findings = form.check_submission(answers.as_object().unwrap(), TODAY);
        assert!(findings.is_empty(), "{findings:#?}");
    }
}

#[test]
fn farmer_registration_asks_only_what_applies() {
    let form = farmer_registration();
    let refused = |mut answers: Value, changes: Value| -> Vec<String> {
        for (id, value) in changes.as_object().unwrap() {
            answers[id] = value.clone();
        }
        let findings = form.check_submission(answers.as_object().unwrap(), TODAY);
        findings.iter().map(|finding| format!("{} {}", finding.path, finding.code)).collect()
    };
    let cases = [
        (json!({ "household_members": 3 }), vec!["/household_members not-shown"]),
        (json!({ "area_rai": 3 }), vec!["/area_rai not-shown"]),
        (
            json!({ "has_land": true }),
            vec![
                "/tenure required-choice",
                "/deed_type required-choice",
                "/area_rai required",
                "/irrigation required-choice",
            ],
        ),
        (json!({ "postcode": "0230" }), vec!["/postcode pattern"]),
        (
            json!({ "activity_kinds": ["crop"] }),
            vec!["/planting_date required", "/planted_area required"],
        ),
    ];
    for (changes, expected) in cases {
        assert_eq!(refused(organisation_without_land(), changes.clone()), expected, "{changes}");
    }
    assert_eq!(
        refused(person_with_land(), json!({ "deed_type": "none" })),
        ["/deed_number not-shown"]
    );
}
