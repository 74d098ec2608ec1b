//! Files over the whole form: what they have together, and what must come with the answers.

use eform::{
    Date, Enclosed, Form, Session, Uploaded,
    limits::{ATTACHED_BYTES, UPLOADED_BYTES},
};
use serde_json::{Map, Value, json};

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

fn form() -> Form {
    form_of(json!({ "url": "/" }), json!({})).unwrap()
}

/// A form with this `submit`, whose first question has these members too.
fn form_of(submit: Value, card: Value) -> Result<Form, eform::DefinitionError> {
    let mut form = json!({
        "id": "claim", "version": "1", "title": "Claim", "languages": ["en"],
        "submit": submit,
        "pages": [{ "id": "page", "title": "Page", "fields": [
            { "id": "card", "type": "attachment", "label": "Card" },
            { "id": "more", "type": "yes-no", "label": "More?" },
            { "id": "plots", "type": "repeat", "label": "Plots", "showIf": { "var": "more" }, "fields": [
                { "id": "photos", "type": "attachment", "label": "Photos", "max": 3 }
            ] }
        ] }]
    });
    let question = form["pages"][0]["fields"][0].as_object_mut().unwrap();
    question.extend(map(card));
    Form::parse(form.to_string().as_bytes())
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

#[test]
fn files_that_go_before_the_submission_have_more_room() {
    let uploads = |max| json!({ "url": "/", "uploads": { "url": "/uploads", "maxSize": max } });
    let told = form_of(uploads(json!(10 << 20)), json!({ "maxSize": 10 << 20 })).unwrap();
    let untold = json!({ "url": "/", "uploads": { "url": "/uploads" } });
    let untold = form_of(untold, json!({ "maxSize": UPLOADED_BYTES })).unwrap();
    for (form, most) in [(told, 10 << 20), (untold, UPLOADED_BYTES)] {
        let of = |size| map(json!({ "card": [file("a.jpg", size, &"a".repeat(64))] }));
        let session = Session::new(form.clone(), &of(most), TODAY);
        assert_eq!((said(&session), session.attached_limit()), (vec![], most));
        let mut entries = of(most);
        entries.extend(map(
            json!({ "more": true, "plots": [{ "photos": [file("b.jpg", 1, &"b".repeat(64))] }] }),
        ));
        let session = Session::new(form, &entries, TODAY);
        assert_eq!(said(&session), [("/plots/0/photos".to_owned(), "attachment-total".to_owned())]);
    }
    for (submit, card, at) in [
        (
            json!({ "url": "/" }),
            json!({ "maxSize": ATTACHED_BYTES + 1 }),
            "/pages/0/fields/0/maxSize",
        ),
        (uploads(json!(9)), json!({ "maxSize": 10 }), "/pages/0/fields/0/maxSize"),
        (uploads(json!(1_u64 << 40)), json!({}), "/submit/uploads/maxSize"),
        (json!({ "url": "/", "uploads": {} }), json!({}), "/submit/uploads/url"),
        (json!({ "url": "/", "sealTo": { "kid": "1" } }), json!({}), "/submit/sealTo/publicKey"),
        (
            json!({ "url": "/", "sealTo": { "kid": "a key", "publicKey": "" } }),
            json!({}),
            "/submit/sealTo/kid",
        ),
    ] {
        assert_eq!(form_of(submit, card).unwrap_err().path, at);
    }
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
        let find = |enclosed: &[Enclosed], uploaded: &[Uploaded]| {
            let found = session.check_enclosed(enclosed, uploaded).into_iter();
            found.map(|finding| (finding.path, finding.code.into_owned())).collect::<Vec<_>>()
        };
        let expected: Vec<(String, String)> =
            expected.into_iter().map(|(at, code)| (at.to_owned(), code.to_owned())).collect();
        assert_eq!(find(&enclosed, &[]), expected);
        // It is the same whether they come inside or went before.
        let whole: Option<Vec<Uploaded>> = enclosed
            .iter()
            .map(|one| {
                Some(Uploaded { sha256: one.sha256.clone(), size: one.bytes()?.len() as u64 })
            })
            .collect();
        let Some(whole) = whole else { continue };
        assert_eq!(find(&[], &whole), expected);
        if let Some((first, rest)) = whole.split_first() {
            assert_eq!(find(&enclosed[..1], rest), expected);
            let twice = [("".to_owned(), "attachment-unknown".to_owned())];
            assert!(find(&enclosed, std::slice::from_ref(first)).ends_with(&twice));
        }
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
