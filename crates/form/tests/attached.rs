//! Files over the whole form: what they have together, and what must come with the answers.

use eform::{Date, Enclosed, Form, Session, limits::ATTACHED_BYTES};
use serde_json::{Map, Value, json};

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

fn form() -> Form {
    let form = json!({
        "id": "claim", "version": "1", "title": "Claim", "languages": ["en"],
        "submit": { "url": "/" },
        "pages": [{ "id": "page", "title": "Page", "fields": [
            { "id": "card", "type": "attachment", "label": "Card" },
            { "id": "more", "type": "yes-no", "label": "More?" },
            { "id": "plots", "type": "repeat", "label": "Plots", "showIf": { "var": "more" }, "fields": [
                { "id": "photos", "type": "attachment", "label": "Photos", "max": 3 }
            ] }
        ] }]
    });
    Form::parse(form.to_string().as_bytes()).unwrap()
}

fn file(name: &str, size: u64, sha256: &str) -> Value {
    json!({ "name": name, "type": "image/jpeg", "size": size, "sha256": sha256 })
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn said(session: &Session) -> Vec<(String, String)> {
    let findings = session.findings().into_iter();
    findings.map(|finding| (finding.path, finding.code.into_owned())).collect()
}

#[test]
fn all_files_of_a_form_have_a_limit_together() {
    let digest = |digit: &str| digit.repeat(64);
    let of = |size| file("a.jpg", size, &digest("a"));
    let entries = json!({
        "card": [of(ATTACHED_BYTES - 10)], "more": true,
        "plots": [{ "photos": [file("b.jpg", 10, &digest("b"))] }, {}]
    });
    let mut session = Session::new(form(), &map(entries), TODAY);
    assert_eq!((said(&session), session.attached_bytes()), (vec![], ATTACHED_BYTES));

    let second = session.at("/plots/1/photos").unwrap();
    session.enter(second, json!([file("c.jpg", 1, &digest("c"))]));
    let too_much = ("/plots/1/photos".to_owned(), "attachment-total".to_owned());
    let too_much = vec![too_much];
    assert_eq!(said(&session), too_much);

    // What is not shown has no answer, and what is taken away counts no more.
    let more = session.at("/more").unwrap();
    session.enter(more, json!(false));
    assert_eq!(said(&session), []);
    session.enter(more, json!(true));
    assert_eq!(said(&session), too_much);
    session.remove_row(session.at("/plots/0").unwrap());
    assert_eq!((said(&session), session.attached_bytes()), (vec![], ATTACHED_BYTES - 9));

    // A row without files before it gives it another name.
    let entries = json!({ "card": [of(ATTACHED_BYTES)], "more": true,
        "plots": [{}, { "photos": [file("b.jpg", 10, &digest("b"))] }] });
    let mut moved = Session::new(form(), &map(entries), TODAY);
    moved.remove_row(moved.at("/plots/0").unwrap());
    assert_eq!(said(&moved)[0].0, "/plots/0/photos");

    // One field with too much is found there, once.
    let card = session.at("/card").unwrap();
    session.enter(card, json!([of(ATTACHED_BYTES + 1)]));
    assert_eq!(said(&session)[0], ("/card/0".to_owned(), "attachment-size".to_owned()));
    let photos = session.at("/plots/0/photos").unwrap();
    session.enter(card, json!([]));
    let three = [("1", 3 << 20), ("2", 3 << 20), ("3", 3 << 20)];
    session.enter(photos, three.map(|(d, size)| file("d.jpg", size, &digest(d))).into());
    assert_eq!(said(&session), [("/plots/0/photos".to_owned(), "attachment-total".to_owned())]);
}

/// Answers, what comes with them, and where what is found.
type Case<'a> = (Value, Vec<Enclosed>, Vec<(&'a str, &'a str)>);

#[test]
fn what_comes_with_the_answers_is_exactly_what_they_name() {
    let (a, b) = (Enclosed::new(b"a"), Enclosed::new(b"bb"));
    let broken = Enclosed { content: "Yg==".to_owned(), ..a.clone() };
    let no_base64 = Enclosed { content: "YQ".to_owned(), ..a.clone() };
    let answers = |size: u64| {
        json!({ "card": [file("a.jpg", size, &a.sha256)], "more": true, "plots": [
            {}, { "photos": [file("b.jpg", 2, &b.sha256), file("a.jpg", 1, &a.sha256)] }
        ] })
    };
    let missing = |at: &'static str| (at, "attachment-missing");
    let (first, second, third) = ("/card/0", "/plots/1/photos/0", "/plots/1/photos/1");
    let digest = [(first, "attachment-digest"), (third, "attachment-digest")];
    let cases: [Case; 9] = [
        (answers(1), vec![a.clone(), b.clone()], vec![]),
        (answers(1), vec![b.clone(), a.clone()], vec![]),
        (answers(1), vec![a.clone()], vec![missing(second)]),
        (answers(1), vec![], vec![missing(first), missing(second), missing(third)]),
        (answers(1), vec![broken, b.clone()], digest.to_vec()),
        (answers(1), vec![no_base64, b.clone()], digest.to_vec()),
        (answers(7), vec![a.clone(), b.clone()], vec![(first, "attachment-length")]),
        (answers(1), vec![a.clone(), b.clone(), a.clone()], vec![("", "attachment-unknown")]),
        (json!({}), vec![a.clone()], vec![("", "attachment-unknown")]),
    ];
    for (answers, enclosed, expected) in cases {
        let session = Session::of_answers(form(), &map(answers), TODAY);
        let found = session.check_enclosed(&enclosed);
        let found: Vec<(&str, &str)> =
            found.iter().map(|finding| (finding.path.as_str(), finding.code.as_ref())).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn an_answer_never_holds_the_file() {
    let mut chosen = file("a.jpg", 1, &Enclosed::new(b"a").sha256);
    chosen["content"] = json!("YQ==");
    let session = Session::new(form(), &map(json!({ "card": [chosen] })), TODAY);
    assert!(session.answers()["card"][0].get("content").is_none());

    // Chosen and not read yet: it is there, and cannot be submitted.
    let mut chosen = file("a.jpg", 1, "");
    chosen.as_object_mut().unwrap().remove("sha256");
    let session = Session::new(form(), &map(json!({ "card": [chosen] })), TODAY);
    assert_eq!(said(&session), [("/card/0".to_owned(), "attachment-unread".to_owned())]);
    assert!(session.submission().is_none());
}
