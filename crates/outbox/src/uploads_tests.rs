use serde_json::json;

use super::*;
use crate::{
    TroubleKind,
    machine::tests::{receipt, record},
    protocol::Tus,
};

const NOW: i64 = 1_795_223_643_000;

fn file() -> Upload {
    Upload::new(eform::hex(&eform::sha256(b"0123456789")), 10)
}

fn announced() -> Upload {
    Upload { address: Some("https://a.example/u/1".into()), ..file() }
}

fn reply(status: u16, tus: Option<Tus>) -> Reply {
    Reply { status, tus, ..Reply::default() }
}

fn at(offset: u64) -> Option<Tus> {
    Some(Tus { offset: Some(offset), ..Tus::default() })
}

fn learn(step: Step, reply: &Reply) -> Learned {
    let mut record = record("a");
    record.uploads_url = "https://a.example/api/uploads".into();
    understand(step, &announced(), &record, Ok(reply), NOW)
}

#[test]
fn a_file_is_announced_asked_after_and_sent_to_its_end() {
    assert_eq!(step(&file(), None), Step::Announce);
    assert_eq!(step(&announced(), None), Step::Look);
    assert_eq!(step(&announced(), Some(0)), Step::Append(0));
    assert_eq!(step(&announced(), Some(9)), Step::Append(9));
    assert_eq!(step(&announced(), Some(10)), Step::Done);
    assert_eq!(step(&Upload { size: 0, ..announced() }, Some(0)), Step::Done);
}

#[test]
fn an_upload_comes_back_as_it_was_stored() {
    for upload in [file(), Upload { sent: 7, ..announced() }] {
        assert_eq!(Upload::from_members(Members::of(upload.to_value()).unwrap()), Some(upload));
    }
    let broken = json!({ "sha256": "00", "size": -1 });
    assert_eq!(Upload::from_members(Members::of(broken).unwrap()), None);
}

#[test]
fn an_address_is_taken_from_the_agency_alone() {
    for (location, expected) in [
        ("/api/uploads/7", Some("https://a.example/api/uploads/7")),
        ("https://a.example/u/7", Some("https://a.example/u/7")),
        ("https://b.example/u/7", None),
        ("https://a.example.evil/u/7", None),
        ("https://a.example:8443/u/7", None),
        ("//b.example/u/7", None),
        ("//a.example/u/7", Some("https://a.example/u/7")),
        ("http://a.example/u/7", None),
        ("uploads/7", Some("https://a.example/api/uploads/7")),
        ("./7?of=a:b", Some("https://a.example/api/./7?of=a:b")),
        ("?id=7", Some("https://a.example/api/uploads?id=7")),
        ("\\\\b.example/u/7", Some("https://a.example/api/\\\\b.example/u/7")),
        ("data:,7", None),
        ("", None),
    ] {
        let tus = Tus { location: Some(location.into()), offset: Some(3), ..Tus::default() };
        let learned = learn(Step::Announce, &reply(201, Some(tus)));
        match expected {
            Some(address) => {
                assert_eq!(learned, Learned::Announced(address.into(), Some(3)), "{location}");
            }
            None => assert_eq!(
                learned,
                Learned::Failed(Outcome::NotDelivered { status: 201 }),
                "{location}"
            ),
        }
    }
}

#[test]
fn only_what_the_agency_says_has_arrived_has_arrived() {
    let portal = Learned::Failed(Outcome::NotDelivered { status: 200 });
    for step in [Step::Look, Step::Append(4)] {
        assert_eq!(learn(step, &reply(200, at(7))), Learned::Arrived(7));
        assert_eq!(learn(step, &reply(200, None)), portal);
        assert_eq!(learn(step, &reply(200, Some(Tus::default()))), portal);
        assert_eq!(learn(step, &reply(200, at(11))), portal, "more than there is");
        let redirected = Reply { redirected: true, ..reply(200, at(7)) };
        assert_eq!(learn(step, &redirected), portal);
    }
    assert_eq!(learn(Step::Look, &reply(200, at(0))), Learned::Arrived(0));
    // It would be sent again and again.
    assert_eq!(learn(Step::Append(4), &reply(200, at(4))), portal);
}

#[test]
fn what_is_all_there_is_what_it_should_be() {
    let with = |digest: String| {
        let tus = Tus { offset: Some(10), digest: Some(digest), ..Tus::default() };
        learn(Step::Append(4), &reply(204, Some(tus)))
    };
    let told = |bytes: &[u8]| protocol::content_digest(bytes);
    assert_eq!(with(told(b"0123456789")), Learned::Arrived(10));
    assert_eq!(with(["md5=:AA==:, ", &told(b"0123456789")].concat()), Learned::Arrived(10));
    assert_eq!(with(told(b"other")), Learned::Gone);
    assert_eq!(with("sha-512=:AA==:".into()), Learned::Arrived(10));
}

#[test]
fn every_other_reply_ends_the_try_or_leads_back() {
    use Step::{Announce, Append, Look};
    for (step, status, expected) in [
        (Append(4), 409, Learned::Uncertain),
        (Append(4), 404, Learned::Gone),
        (Append(4), 460, Learned::Gone),
        (Look, 404, Learned::Gone),
        (Look, 410, Learned::Gone),
        (Look, 403, Learned::Gone),
        (Look, 423, Learned::Failed(Outcome::Later { status: 423, after: None })),
        (Append(4), 503, Learned::Failed(Outcome::Later { status: 503, after: None })),
        (Announce, 200, Learned::Failed(Outcome::NotDelivered { status: 200 })),
    ] {
        assert_eq!(learn(step, &reply(status, at(4))), expected, "{step:?} {status}");
    }
    for (step, status, kind) in [
        (Announce, 413, TroubleKind::Refused),
        (Announce, 404, TroubleKind::Refused),
        (Announce, 401, TroubleKind::NotAllowed),
        (Look, 400, TroubleKind::Refused),
        (Append(4), 415, TroubleKind::Refused),
    ] {
        let Learned::Failed(Outcome::Attention(trouble)) = learn(step, &reply(status, None)) else {
            panic!("{step:?} {status}");
        };
        assert_eq!((trouble.kind, trouble.status), (kind, status));
    }
    let none = understand(Look, &announced(), &record("a"), Err(NoAnswer::Network), NOW);
    assert_eq!(none, Learned::Failed(Outcome::NoAnswer(NoAnswer::Network)));
}

#[test]
fn a_receipt_is_no_answer_about_a_file() {
    let body = serde_json::to_string(&receipt(&record("a"))).unwrap();
    for status in [200, 201] {
        let content_type = "application/json".into();
        let receipt = Reply { status, content_type, body: body.clone(), ..Reply::default() };
        for step in [Step::Announce, Step::Look, Step::Append(4)] {
            let learned = learn(step, &receipt);
            let expected = Learned::Failed(Outcome::NotDelivered { status: 200 });
            assert_eq!(learned, expected, "{step:?}");
        }
    }
}

#[test]
fn what_is_announced_says_whose_it_is() {
    let headers = headers(Step::Announce, &file(), &record("a"));
    let value = |name: &str| &headers.iter().find(|header| header.0 == name).unwrap().1;
    assert_eq!(value("Upload-Length"), "10");
    let told = value("Upload-Metadata");
    let told: Vec<(&str, Vec<u8>)> = told
        .split(',')
        .map(|pair| pair.split_once(' ').unwrap())
        .map(|(name, value)| (name, base64::decode(value).unwrap()))
        .collect();
    let expected = [
        ("submission", b"a".to_vec()),
        ("sha256", file().sha256.into_bytes()),
        ("definition", record("a").definition.into_bytes()),
    ];
    assert_eq!(told, expected);
}
