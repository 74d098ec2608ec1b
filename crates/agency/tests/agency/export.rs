//! What officers get out: lists, single submissions, tables.

use eform_agency::{Contents, Database, Format, cli::CliError, export, list, show};
use serde_json::{Value, json};

use crate::support::{FORM, ID, Place, body, right, submission};

on_both![
    csv_has_thai_intact_and_every_text_as_it_was_typed,
    jsonl_is_what_was_received_and_given,
    one_submission_is_found_by_id_and_by_any_spelling_of_its_reference,
    a_list_has_aligned_columns_and_can_be_of_one_form,
    a_form_that_was_never_here_is_an_error,
];

async fn exported(database: &Database, format: Format) -> String {
    let mut out = Vec::new();
    export(database, "visit", format, Contents::LeftOut, &mut out).await.unwrap();
    String::from_utf8(out).unwrap()
}

async fn csv_has_thai_intact_and_every_text_as_it_was_typed(place: Place) {
    let client = place.start().await;
    let mut first = submission(right());
    first.answers.as_mut().unwrap().insert("name".to_owned(), json!("=HYPERLINK(\"http://x\")"));
    let receipt = client.put(ID, &body(&first)).await.json();

    // A newer definition without one field, with another.
    let newer = FORM.replace("2569.1", "2569.2").replace("\"members\"", "\"people\"");
    place.write("forms/visit.json", &newer);
    let mut second =
        submission(json!({ "name": "สมหญิง, \"แดง\"", "people": 2, "has_land": false }));
    second.id = "0197a1b2-c3d4-7e5f-8a6b-000000000001".to_owned();
    second.version = "2569.2".to_owned();
    second.definition = eform::digest(newer.as_bytes());
    assert_eq!(client.put(&second.id, &body(&second)).await.status.as_u16(), 201);

    let csv = exported(&client.database, Format::Csv).await;
    let text = csv.strip_prefix('\u{feff}').expect("a byte order mark");
    assert_eq!(text.matches("\r\n").count(), 3);
    assert_eq!(text.matches('\n').count(), 3);
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap(),
        "reference,id,version,receivedAt,completedAt,language,\
         name,house,national_id,born,people,has_land,crops,members"
    );
    let reference = receipt["reference"].as_str().unwrap();
    let received_at = receipt["receivedAt"].as_str().unwrap();
    assert_eq!(
        lines.next().unwrap(),
        format!(
            "{reference},{ID},'2569.1,{received_at},2026-03-01T08:14:03+07:00,th,\
             \"'=HYPERLINK(\"\"http://x\"\")\",'27/1,'1101700230708,'1980-01-02,,true,rice; maize,4"
        )
    );
    assert!(lines.next().unwrap().ends_with(",th,\"สมหญิง, \"\"แดง\"\"\",,,,2,false,,"));
}

async fn jsonl_is_what_was_received_and_given(place: Place) {
    let client = place.start().await;
    let sent = submission(right());
    let receipt = client.put(ID, &body(&sent)).await.json();
    let lines = exported(&client.database, Format::Jsonl).await;
    let line: Value = serde_json::from_str(lines.trim_end()).unwrap();
    assert_eq!(line, json!({ "submission": sent, "receipt": receipt }));
}

async fn one_submission_is_found_by_id_and_by_any_spelling_of_its_reference(place: Place) {
    let client = place.start().await;
    let sent = submission(right());
    let receipt = client.put(ID, &body(&sent)).await.json();
    let reference = receipt["reference"].as_str().unwrap();
    let small = reference.to_lowercase().replace('-', "");
    for asked in [ID, reference, small.as_str()] {
        let mut out = Vec::new();
        show(&client.database, asked, &mut out).await.unwrap();
        let shown: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(shown, json!({ "submission": sent, "receipt": receipt }), "{asked}");
    }
    let nothing = show(&client.database, "none", &mut Vec::new()).await;
    assert!(matches!(nothing, Err(CliError::NotFound(_))));
}

async fn a_list_has_aligned_columns_and_can_be_of_one_form(place: Place) {
    let client = place.start().await;
    client.put(ID, &body(&submission(right()))).await;
    for (form, rows) in [(None, 1), (Some("visit"), 1), (Some("other"), 0)] {
        let mut out = Vec::new();
        list(&client.database, form, &mut out).await.unwrap();
        let text = String::from_utf8(out).unwrap();
        let mut lines = text.lines();
        let head = lines.next().unwrap();
        let at = head.find("receivedAt").unwrap();
        let lines: Vec<&str> = lines.collect();
        assert_eq!(lines.len(), rows, "{form:?}");
        assert!(lines.iter().all(|line| line[at..].ends_with('Z') && line.contains(ID)), "{text}");
    }
}

async fn a_form_that_was_never_here_is_an_error(place: Place) {
    let client = place.start().await;
    let result =
        export(&client.database, "none", Format::Csv, Contents::LeftOut, &mut Vec::new()).await;
    assert!(matches!(result, Err(CliError::UnknownForm(_))));
}
