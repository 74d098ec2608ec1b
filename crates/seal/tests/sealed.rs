//! What is sealed comes back as it was, and nothing else ever does.

use eform::{Enclosed, SealTo, Submission, Uploaded, base64};
use eform_seal::{
    Error, FileOpener, FileSealer, PrivateKey, is_sealed_file, looks_sealed, open_answers,
    plain_size, seal_answers, sealed_size,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const KID: &str = "2569-1";

fn private() -> PrivateKey {
    PrivateKey::new([1; 32])
}

fn to() -> SealTo {
    private().seal_to(KID)
}

fn submission(answers: Value) -> Submission {
    Submission {
        id: "0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b".to_owned(),
        form: "visit".to_owned(),
        version: "2569.1".to_owned(),
        definition: "sha256:00".to_owned(),
        language: "th".to_owned(),
        completed_at: "2026-11-20T08:14:03+07:00".to_owned(),
        replaces: None,
        answers: answers.as_object().cloned(),
        sealed: None,
        attachments: vec![Enclosed::new(b"sealed file")],
        uploads: vec![Uploaded { sha256: "ab".to_owned(), size: 7 }],
    }
}

fn sealed(answers: Value) -> Submission {
    let mut submission = submission(answers);
    let files = [("plain".to_owned(), "sealed".to_owned())];
    seal_answers(&to(), &mut submission, &files, [2; 32]).unwrap();
    submission
}

#[test]
fn answers_come_back_as_they_were_and_do_not_show() {
    let answers =
        json!({ "name": "สมชาย ใจดี", "plots": [{ "area": 1.25 }], "big": 123456789012345_u64 });
    let mut sent = sealed(answers.clone());
    assert!(sent.answers.is_none() && !sent.to_json().contains("สมชาย"));
    assert!(looks_sealed(sent.sealed.as_ref().unwrap()));
    let opened = open_answers(&private(), &sent).unwrap();
    assert_eq!(Value::Object(opened.answers), answers);
    assert_eq!(opened.files["plain"], "sealed");
    // Nothing that is sealed is there without a key, and none twice.
    assert_eq!(seal_answers(&to(), &mut sent, &[], [2; 32]), Err(Error::Nothing));
    assert_eq!(open_answers(&private(), &submission(json!({}))), Err(Error::Nothing));
}

#[test]
fn a_key_that_is_none_leaves_the_answers_where_they_are() {
    let mut one = submission(json!({ "name": "ก" }));
    for key in [String::new(), base64::encode(&[0; 32])] {
        let none = SealTo { public_key: key, ..to() };
        assert_eq!(seal_answers(&none, &mut one, &[], [2; 32]), Err(Error::Key));
        let mut out = Vec::new();
        assert!(FileSealer::new(&none, "id", "digest", [3; 32], &mut out).is_err());
    }
    assert_eq!(one, submission(json!({ "name": "ก" })));
}

type Change = fn(&mut Submission);

#[test]
fn answers_belong_to_every_member_of_their_submission() {
    let sent = sealed(json!({ "name": "ก" }));
    let changes: [Change; 18] = [
        |s| s.id.replace_range(..1, "1"),
        |s| s.form.push('s'),
        |s| s.version.push('0'),
        |s| s.definition.push('0'),
        |s| s.language = "en".to_owned(),
        |s| s.completed_at.replace_range(..4, "2025"),
        |s| s.replaces = Some("0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2c".to_owned()),
        |s| s.attachments.clear(),
        |s| s.attachments[0].sha256 = "ab".to_owned(),
        |s| s.attachments.push(Enclosed::new(b"more")),
        |s| s.uploads.clear(),
        |s| s.uploads[0].size = 8,
        |s| s.uploads[0].sha256.push('c'),
        |s| {
            let file = s.attachments.remove(0);
            s.uploads.push(Uploaded { sha256: file.sha256, size: 1 });
        },
        // A part of one member that moves into the next.
        |s| {
            s.form.push('2');
            s.version.remove(0);
        },
        |s| s.sealed.as_mut().unwrap().kid.push('0'),
        |s| s.sealed.as_mut().unwrap().enc = base64::encode(&[9; 32]),
        // What was sealed with another submission, to the same key.
        |s| {
            let mut other = submission(json!({ "name": "ข" }));
            other.id.replace_range(..1, "1");
            seal_answers(&to(), &mut other, &[], [4; 32]).unwrap();
            s.sealed = other.sealed;
        },
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut changed = sent.clone();
        change(&mut changed);
        assert_eq!(open_answers(&private(), &changed), Err(Error::Changed), "change {number}");
    }
    let others: [(Change, Error); 4] = [
        (|s| s.sealed.as_mut().unwrap().suite.push('2'), Error::Suite),
        (|s| s.sealed.as_mut().unwrap().enc.push('='), Error::Shape),
        (|s| s.sealed.as_mut().unwrap().ciphertext.push('='), Error::Shape),
        (|s| s.sealed.as_mut().unwrap().ciphertext.clear(), Error::Changed),
    ];
    for (change, error) in others {
        let mut changed = sent.clone();
        change(&mut changed);
        assert_eq!(open_answers(&private(), &changed), Err(error));
        assert!(!looks_sealed(changed.sealed.as_ref().unwrap()));
    }
    let other = PrivateKey::new([5; 32]);
    assert_eq!(open_answers(&other, &sent), Err(Error::Changed));
}

const ID: &str = "0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

fn digest(bytes: &[u8]) -> String {
    eform::hex(&eform::sha256(bytes))
}

/// Seals a file that comes in parts of this size.
fn seal(file: &[u8], part: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sealer = FileSealer::new(&to(), ID, &digest(file), [3; 32], &mut out).unwrap();
    for part in file.chunks(part) {
        sealer.write(part, &mut out).unwrap();
    }
    sealer.finish(&mut out).unwrap();
    out
}

fn open(sealed: &[u8], part: usize, id: &str, sha256: &str) -> Result<Vec<u8>, Error> {
    let (private, mut out) = (private(), Vec::new());
    let mut opener = FileOpener::new(&private, KID, id, sha256);
    for part in sealed.chunks(part) {
        opener.write(part, &mut out)?;
    }
    opener.finish(&mut out).map(|()| out)
}

const PIECE: usize = 256 << 10;

#[test]
fn files_of_any_length_come_back_however_they_are_cut_into_parts() {
    let all: Vec<u8> = (0..3 * PIECE).map(|at| (at % 251) as u8).collect();
    for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7, 3 * PIECE] {
        let file = &all[..length];
        let whole = seal(file, usize::MAX);
        assert_eq!(seal(file, 100_003), whole, "{length}");
        for part in [64 << 10, 262_161, usize::MAX] {
            assert_eq!(open(&whole, part, ID, &digest(file)).unwrap(), file, "{length}");
        }
        assert!(is_sealed_file(KID, &whole));
        assert_eq!(plain_size(KID, whole.len() as u64), Some(length as u64));
        assert_eq!(sealed_size(KID, length as u64), whole.len() as u64);
    }
    let small = seal(b"small", 1);
    assert_eq!(open(&small, 1, ID, &digest(b"small")).unwrap(), b"small");
}

#[test]
fn a_file_that_is_cut_or_put_together_anew_is_no_file() {
    let file: Vec<u8> = (0..2 * PIECE + 9).map(|at| (at % 251) as u8).collect();
    let (sealed, digest) = (seal(&file, usize::MAX), digest(&file));
    let sizes = (PIECE + 16, 9 + 16);
    let header = sealed.len() - 2 * sizes.0 - sizes.1;
    let (first, rest) = sealed[header..].split_at(sizes.0);
    let (second, last) = rest.split_at(sizes.0);
    let header = &sealed[..header];
    assert_eq!(open(&[header, first, second, last].concat(), 9999, ID, &digest).unwrap(), file);
    for (parts, error) in [
        (vec![header, first, second], Error::Changed),
        (vec![header, first], Error::Changed),
        (vec![header, second, first, last], Error::Changed),
        (vec![header, first, last], Error::Changed),
        (vec![header, first, second, last, last], Error::Changed),
        (vec![header, first, second, &last[..20]], Error::Changed),
        (vec![header], Error::Shape),
        (vec![&header[..9]], Error::Shape),
        (vec![], Error::Shape),
        (vec![&header[1..], first, second, last], Error::Shape),
    ] {
        let size = parts.concat().len();
        assert_eq!(open(&parts.concat(), 9999, ID, &digest), Err(error), "{size} bytes");
    }
    // Of another submission, under another name, and to another key.
    let other_id = ID.replace('0', "1");
    assert_eq!(open(&sealed, 9999, &other_id, &digest), Err(Error::Changed));
    assert_eq!(open(&sealed, 9999, ID, &"0".repeat(64)), Err(Error::Changed));
    let other = PrivateKey::new([5; 32]);
    let mut opener = FileOpener::new(&other, KID, ID, &digest);
    assert_eq!(opener.write(&sealed, &mut Vec::new()), Err(Error::Changed));
    assert!(
        !is_sealed_file("2569-2", &sealed) && !is_sealed_file(KID, &header[..header.len() - 1])
    );
    for length in [0, 10, header.len() as u64, header.len() as u64 + 15] {
        assert_eq!(plain_size(KID, length), None, "{length}");
    }
}

#[test]
fn a_file_that_is_not_what_it_was_called_is_told() {
    let (private, claimed, mut out) = (private(), digest(b"what is claimed"), Vec::new());
    let mut sealer = FileSealer::new(&to(), ID, &claimed, [3; 32], &mut out).unwrap();
    sealer.write(b"what is there", &mut out).unwrap();
    sealer.finish(&mut out).unwrap();
    let mut opener = FileOpener::new(&private, KID, ID, &claimed);
    let mut plain = Vec::new();
    opener.write(&out, &mut plain).unwrap();
    assert_eq!(opener.finish(&mut plain), Err(Error::Digest));
}

proptest! {
    #[test]
    fn any_byte_of_sealed_answers_that_is_changed_is_noticed(at: prop::sample::Index, bit in 0..8_u8) {
        let mut sent = sealed(json!({ "name": "ก" }));
        let sealed = sent.sealed.as_mut().unwrap();
        let mut bytes = [base64::decode(&sealed.enc).unwrap(), base64::decode(&sealed.ciphertext).unwrap()].concat();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        // X25519 does not look at the highest bit of a key (RFC 7748, section 5), HPKE does.
        (sealed.enc, sealed.ciphertext) = (base64::encode(&bytes[..32]), base64::encode(&bytes[32..]));
        prop_assert_eq!(open_answers(&private(), &sent), Err(Error::Changed));
    }

    #[test]
    fn any_byte_of_a_sealed_file_that_is_changed_is_noticed(
        file in prop::collection::vec(any::<u8>(), 0..300), at: prop::sample::Index, bit in 0..8_u8,
    ) {
        let mut sealed = seal(&file, 100);
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(open(&sealed, 100, ID, &digest(&file)).is_err());
    }

    #[test]
    fn any_bytes_are_refused_and_nothing_panics(bytes: Vec<u8>, text: String) {
        prop_assert!(open(&bytes, 7, ID, "").is_err());
        prop_assert!(!is_sealed_file(&text, &bytes));
        let mut one = sealed(json!({}));
        let sealed = one.sealed.as_mut().unwrap();
        sealed.ciphertext = text;
        prop_assert!(open_answers(&private(), &one).is_err());
    }
}
