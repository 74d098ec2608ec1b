//! The forms on offer: what is read, what is served, and what becomes of older ones.

use axum::http::{Method, StatusCode};
use eform_agency::{Forms, FormsError, UPLOAD_LIMIT};
use serde_json::json;

use crate::support::{
    FORM, ID, Place, body, files,
    program::{log_of_start, serving},
    right, submission,
};

on_both![a_changed_form_is_picked_up_and_the_older_one_still_counts,];

#[tokio::test]
async fn a_form_is_served_byte_by_byte_and_asked_for_again_for_nothing() {
    let place = Place::new();
    let client = place.start().await;
    let answer = client.get("/forms/visit.json").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, FORM.as_bytes());
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-cache");
    let tag = answer.header("etag").to_owned();
    let headers = [("if-none-match", tag.as_str())];
    let again = client.send(Method::GET, "/forms/visit.json", &headers, "").await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    for path in ["/forms/none.json", "/forms/visit", "/forms/..%2fdata%2fagency.db.key"] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.body, b"not found\n", "{path}");
    }
}

#[tokio::test]
async fn the_index_has_every_form_that_can_be_read_sorted_by_id() {
    let place = Place::new();
    place.write("forms/a.json", &FORM.replace("\"visit\"", "\"zebra\""));
    place.write("forms/broken.json", "{");
    place.write("forms/wrong.json", r#"{ "id": "wrong" }"#);
    place.write("forms/index.json", r#"{ "forms": ["old"] }"#);
    place.write("forms/notes.txt", "not a form");
    place.write("forms/visit.cases.json", &FORM.replace("\"visit\"", "\"cases\""));
    let client = place.start().await;
    let index = client.get("/forms/index.json").await.json();
    let forms = index["forms"].as_array().unwrap();
    let ids: Vec<&str> = forms.iter().map(|form| form["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["visit", "zebra"]);
    assert_eq!(forms[0]["version"], "2569.1");
    assert_eq!(forms[0]["title"]["en"], "Home visit");
    assert_eq!(forms[0]["languages"], json!(["th", "en"]));
}

async fn a_changed_form_is_picked_up_and_the_older_one_still_counts(place: Place) {
    let client = place.start().await;
    let stricter =
        FORM.replace("2569.1", "2569.2").replace("\"maxLength\": 20", "\"maxLength\": 3");
    place.write("forms/visit.json", &stricter);
    let mut new = submission(right());
    new.version = "2569.2".to_owned();
    new.definition = eform::digest(stricter.as_bytes());

    // The new one is known when the first submission names it, and its rules hold.
    assert_eq!(client.put(ID, &body(&new)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(client.get("/forms/visit.json").await.body, stricter.as_bytes());
    new.answers.as_mut().unwrap().insert("house".to_owned(), json!("7"));
    assert_eq!(client.put(ID, &body(&new)).await.status, StatusCode::CREATED);

    // The older one too, by its own rules, and after a restart, when no file has it any more.
    for id in ["0197a1b2-c3d4-7e5f-8a6b-000000000001", "0197a1b2-c3d4-7e5f-8a6b-000000000002"] {
        let mut old = submission(right());
        old.id = id.to_owned();
        let client = place.start().await;
        assert_eq!(client.put(id, &body(&old)).await.status, StatusCode::CREATED);
        old.version = "2569.2".to_owned();
        old.id = id.replace("-7e5f-", "-7e60-");
        let mixed = client.put(&old.id, &body(&old)).await;
        assert_eq!(mixed.status, StatusCode::NOT_FOUND, "that version has another definition");
    }
}

#[tokio::test]
async fn new_and_removed_files_are_noticed_and_a_broken_one_takes_nothing_away() {
    let place = Place::new();
    let client = place.start().await;
    place.write("forms/second.json", &FORM.replace("\"visit\"", "\"second\""));
    assert_eq!(client.get("/forms/second.json").await.status, StatusCode::OK);
    place.write("forms/second.json", "{");
    assert_eq!(client.get("/forms/second.json").await.status, StatusCode::OK);
    std::fs::remove_file(place.path("forms/second.json")).unwrap();
    assert_eq!(client.get("/forms/second.json").await.status, StatusCode::NOT_FOUND);
    let index = client.get("/forms/index.json").await.json();
    assert_eq!(index["forms"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_empty_form_for_paper_is_made_of_what_is_in_the_folder() {
    let place = Place::new();
    let client = place.start().await;
    for (path, language) in [
        ("/forms/visit.blank.html", "th"),
        ("/forms/visit.blank.th.html", "th"),
        ("/forms/visit.blank.en.html", "en"),
    ] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        let page = String::from_utf8(answer.body.clone()).unwrap();
        assert!(page.contains(&format!("<html lang=\"{language}\">")), "{path}");
        assert!(page.contains("href=\"../blank.css\"") && !page.contains("<script"), "{path}");
        let tag = answer.header("etag").to_owned();
        let again = client.send(Method::GET, path, &[("if-none-match", &tag)], "").await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
    }
    for path in ["/forms/visit.blank.fr.html", "/forms/none.blank.html", "/forms/visit.html"] {
        assert_eq!(client.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    place.write("forms/visit.json", &FORM.replace("Home visit", "Visit <at> home"));
    let page = client.get("/forms/visit.blank.en.html").await.body;
    assert!(String::from_utf8(page).unwrap().contains("<h1>Visit &lt;at&gt; home</h1>"));
}

#[tokio::test]
async fn the_page_of_help_knows_every_form_in_the_folder() {
    let place = Place::new();
    place.write("site/help.html", "what the build has written");
    place.write("forms/second.json", &FORM.replace("\"visit\"", "\"second\""));
    let client = place.start().await;
    let answer = client.get("/help.html").await;
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let page = String::from_utf8(answer.body).unwrap();
    for name in ["visit", "second"] {
        assert!(page.contains(&format!("href=\"forms/{name}.blank.th.html\"")), "{name}");
    }
}

/// Citizens would choose a file, and be refused once it is on its way.
#[test]
fn an_operator_is_told_of_a_form_that_takes_larger_files_than_the_server() {
    let place = Place::new();
    place.write("forms/claim.json", files::FORM);
    let log = |limit: &str| {
        let mut serving = serving(&place);
        serving.args(["--upload-limit", limit]);
        log_of_start(serving)
    };
    let said = log("19999999");
    for wanted in
        ["files of 20000000 bytes", "--upload-limit is 19999999", "form=claim", "field=scans"]
    {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert!(!log("20000000").contains("--upload-limit"));
}

#[tokio::test]
async fn a_missing_folder_is_an_error_that_names_it() {
    let place = Place::new();
    let database = place.database().await;
    let result = Forms::load(place.path("nowhere"), &database, UPLOAD_LIMIT).await;
    let Err(error @ FormsError::Folder { .. }) = result else { panic!("loaded nothing") };
    assert!(error.to_string().contains("nowhere"), "{error}");
}
