use proptest::prelude::*;
use serde_json::json;

use super::*;

fn header(length: u64) -> Header {
    Header { iterations: ITERATIONS, salt: [7; 16], length }
}

fn head() -> Head {
    let file = |size| Uploaded { sha256: "0a".repeat(32), size };
    Head {
        id: "0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b".into(),
        digest: crate::digest(b"{}"),
        body_bytes: 2,
        url: "https://agency.example/api/submissions".into(),
        site: "https://agency.example/forms/".into(),
        form: "visit".into(),
        title: json!({ "th": "คำขอ", "en": "Request" }),
        definition: crate::digest(b"d"),
        post: false,
        uploads_url: "https://agency.example/api/uploads".into(),
        files: vec![file(3), file(0), file(4)],
    }
}

#[test]
fn a_header_is_read_as_it_was_written_and_only_with_all_that_follows() {
    let piece = PIECE_BYTES as u64;
    for (length, pieces) in [(0, 1), (1, 1), (piece, 1), (piece + 1, 2), (3 * piece, 3)] {
        let header = header(length);
        let size = 40 + length + pieces * 16;
        assert_eq!(header.pieces(), pieces);
        let bytes = header.to_bytes();
        assert_eq!(Header::read(&bytes, size), Ok(header));
        assert_eq!(Header::read(&bytes, size - 1), Err(FiledError::Cut));
        assert_eq!(Header::read(&bytes, size + 1), Err(FiledError::Cut));
        let all: u64 = (0..pieces).map(|number| header.piece_length(number) as u64).sum();
        assert_eq!(all, length);
    }
    let bytes = header(5).to_bytes();
    for short in 1..HEADER_BYTES {
        assert_eq!(Header::read(&bytes[..short], short as u64), Err(FiledError::Cut), "{short}");
    }
    for (other, expected) in [
        (&b""[..], FiledError::NotOne),
        (b"PK\x03\x04", FiledError::NotOne),
        (b"\x89EFORM\n", FiledError::NotOne),
        (b"{\"id\":", FiledError::NotOne),
    ] {
        assert_eq!(Header::read(other, 61), Err(expected));
    }
}

#[test]
fn a_header_of_another_version_or_with_other_work_is_not_taken() {
    for (at, byte, expected) in [
        (8, 2, FiledError::Newer),
        (9, 1, FiledError::NotOne),
        (11, 1, FiledError::NotOne),
        (12, 1, FiledError::NotOne),
        (13, 8, FiledError::NotOne),
        (39, 6, FiledError::Cut),
        (32, 255, FiledError::Cut),
    ] {
        let mut bytes = header(5).to_bytes();
        bytes[at] = byte;
        assert_eq!(Header::read(&bytes, 61), Err(expected), "{at}");
    }
    let all = Header { length: u64::MAX, ..header(0) };
    assert_eq!(Header::read(&all.to_bytes(), 61), Err(FiledError::Cut));
}

#[test]
fn no_two_pieces_have_one_nonce_and_only_the_last_is_marked() {
    let header = header(3 * PIECE_BYTES as u64);
    let nonces: Vec<_> = (0..3).map(|number| header.nonce(number)).collect();
    assert_eq!(nonces[0], [0; 12]);
    assert_eq!(nonces[1], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0]);
    assert_eq!(nonces[2], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1]);
}

#[test]
fn a_code_is_read_however_it_is_typed_and_nothing_else() {
    let code =
        code(&[0, 255, 250, 1, 24, 25, 249, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]).unwrap();
    assert_eq!(code, "23Y2Y456789CDFGH");
    assert_eq!(super::code(&[255; 64]), None);
    assert_eq!(in_groups(&code), "23Y2 Y456 789C DFGH");
    for typed in ["23y2-y456-789c-dfgh", " 23Y2 Y456\n789C–DFGH ", "23Y2Y456789CDFGH"] {
        assert_eq!(read_code(typed).as_ref(), Some(&code), "{typed}");
    }
    for typed in [
        "",
        "23Y2 Y456 789C DFG",
        "23Y2 Y456 789C DFGHJ",
        "23Y2 Y456 789C DFGO",
        "๒3Y2 Y456 789C DFGH",
    ] {
        assert_eq!(read_code(typed), None, "{typed}");
    }
}

#[test]
fn a_head_is_read_as_it_was_written_and_must_fit_what_follows() {
    let head = head();
    let mut bytes = head.to_bytes();
    let length = bytes.len();
    let all = length as u64 + 9;
    bytes.extend(b"{}abcdefg");
    assert_eq!(Head::read(&bytes, all), Ok((head.clone(), length)));
    assert_eq!(Head::read(&bytes, all + 1), Err(FiledError::Damaged));
    assert_eq!(Head::read(&bytes[..length - 1], all), Err(FiledError::Damaged));
    assert_eq!(Head::read(&[255; 100], 100), Err(FiledError::Damaged));
    let endless = Head {
        body_bytes: i64::MAX as u64,
        files: vec![Uploaded { sha256: "0a".repeat(32), size: i64::MAX as u64 }; 3],
        ..head.clone()
    };
    assert_eq!(Head::read(&endless.to_bytes(), all), Err(FiledError::Damaged));
    let mut named = head;
    named.files[0].sha256 = "../../etc".into();
    assert_eq!(
        Head::read(&named.to_bytes(), named.contents(named.to_bytes().len()).unwrap()),
        Err(FiledError::Damaged)
    );
}

proptest! {
    #[test]
    fn what_follows_is_told_apart_however_it_is_cut(cuts in proptest::collection::vec(1_usize..4, 9)) {
        let mut rest = Rest::of(&head());
        let (mut bytes, mut found) = (&b"{}abcdefg"[..], vec![Vec::new(); 4]);
        for cut in cuts {
            let (mut now, later) = bytes.split_at(cut.min(bytes.len()));
            while let Some((which, some)) = rest.take(&mut now) {
                found[which].extend_from_slice(some);
            }
            prop_assert!(now.is_empty());
            bytes = later;
        }
        prop_assert_eq!(found, [&b"{}"[..], b"abc", b"", b"defg"]);
        prop_assert_eq!(rest.take(&mut &b"more"[..]), None);
    }

    #[test]
    fn whatever_comes_is_read_without_a_fault(bytes: Vec<u8>, length: u64) {
        let _ = Header::read(&bytes, length);
        let _ = Head::read(&bytes, length);
    }
}
