//! What citizens saved as files, opened.

use std::path::Path;

use eform::filed::{FiledError, HEADER_BYTES, PIECE_BYTES, TAG_BYTES};
use eform_agency::{Filed, OpenError};
use serde_json::json;

use crate::support::{
    ID,
    filed::{filed, sealed},
    files::{bytes, claim, sha256},
    right, submission,
};

const VECTOR: &[u8] = include_bytes!("../../../form/tests/data/filed/visit.eform");
const VECTOR_BODY: &[u8] = include_bytes!("../../../form/tests/data/filed/visit.json");

fn all(path: &Path, code: &str) -> Result<(Vec<u8>, Vec<Vec<u8>>), OpenError> {
    let mut filed = Filed::open(path, code)?;
    let mut files = vec![Vec::new(); filed.head.files.len()];
    while let Some((number, some)) = filed.more()? {
        files[number].extend_from_slice(some);
    }
    Ok((filed.body, files))
}

/// A file with these bytes, opened to its end.
fn read(bytes: &[u8], code: &str) -> Result<(Vec<u8>, Vec<Vec<u8>>), OpenError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.eform");
    std::fs::write(&path, bytes).unwrap();
    all(&path, code)
}

fn wrong(bytes: &[u8], code: &str) -> FiledError {
    match read(bytes, code) {
        Err(OpenError::Filed(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_of_another_hand_is_read() {
    for code in ["2345 6789 CDFG HJKM", "23456789cdfghjkm\n"] {
        let (body, files) = read(VECTOR, code).unwrap();
        assert_eq!(body, VECTOR_BODY);
        assert_eq!(files, ["ไฟล์\0\u{ff}".as_bytes()]);
    }
    assert_eq!(wrong(VECTOR, "2345 6789 CDFG HJKN"), FiledError::Code);
    assert_eq!(wrong(VECTOR, "2345 6789 CDFG HJK"), FiledError::Code);
    assert_eq!(wrong(VECTOR, ""), FiledError::Code);
}

#[test]
fn no_byte_of_the_header_can_be_changed_nor_of_what_follows() {
    // The key is made anew for each; every byte that is encrypted is changed in `src/filed.rs`.
    let header = 0..HEADER_BYTES;
    for at in header.chain((HEADER_BYTES..VECTOR.len()).step_by(61)).chain([VECTOR.len() - 1]) {
        let mut changed = VECTOR.to_vec();
        changed[at] ^= 1;
        let expected = match at {
            0..8 | 9..16 => FiledError::NotOne,
            8 => FiledError::Newer,
            32..40 => FiledError::Cut,
            _ => FiledError::Code,
        };
        // One bit more of work is as many rounds as there may be, or another key.
        let found = wrong(&changed, "2345 6789 CDFG HJKM");
        assert!(
            found == expected || (12..16).contains(&at) && found == FiledError::Code,
            "{at}: {found:?}"
        );
    }
}

#[test]
fn a_file_that_is_cut_or_goes_on_or_is_put_together_otherwise_is_not_read() {
    let (first, second) = (bytes(1, 300_000), bytes(2, 400_000));
    let (file, code) = filed(&claim(ID, &[&first, &second]), &[&first, &second]);
    let (body, files) = read(&file, &code).unwrap();
    assert_eq!(files, [first, second]);
    assert_eq!(
        eform::digest(&body),
        eform::digest(claim(ID, &[&files[0], &files[1]]).to_json().as_bytes())
    );

    let sealed = PIECE_BYTES + TAG_BYTES;
    let ends: Vec<usize> = (0..3).map(|number| HEADER_BYTES + number * sealed).collect();
    for cut in [1, HEADER_BYTES - 1, file.len() - 1].iter().chain(&ends) {
        assert_eq!(wrong(&file[..*cut], &code), FiledError::Cut, "{cut}");
    }
    assert_eq!(wrong(&[&file[..], b"\n"].concat(), &code), FiledError::Cut);
    // Cut at a piece, and the header made to fit.
    for pieces in 1..3_u64 {
        let mut short = file[..ends[usize::try_from(pieces).unwrap()]].to_vec();
        short[32..40].copy_from_slice(&(pieces * PIECE_BYTES as u64).to_be_bytes());
        assert_eq!(wrong(&short, &code), FiledError::Code);
    }
    // Two pieces change places; a piece after the first is changed.
    let mut turned = file.clone();
    let (start, rest) = turned.split_at_mut(ends[1]);
    start[HEADER_BYTES..].swap_with_slice(&mut rest[..sealed]);
    assert_eq!(wrong(&turned, &code), FiledError::Code);
    for at in [ends[1], ends[2], file.len() - 1] {
        let mut changed = file.clone();
        changed[at] ^= 128;
        assert_eq!(wrong(&changed, &code), FiledError::Damaged, "{at}");
    }
}

#[test]
fn what_is_well_encrypted_and_is_no_submission_is_not_taken() {
    let code = "23456789CDFGHJKM";
    for contents in [&b""[..], b"\0\0\0\x02{}", &[0xff; 100], &vec![0; 2 * PIECE_BYTES]] {
        let found = wrong(&sealed(contents, code), code);
        // Of nothing there is no piece at all.
        let expected = if contents.is_empty() { FiledError::Cut } else { FiledError::Damaged };
        assert_eq!(found, expected);
    }
    // A head that says another digest than the body has.
    let (body, mut other) = (submission(right()), submission(right()));
    other.answers = json!({ "name": "another" }).as_object().cloned();
    let head = eform::filed::Head {
        id: ID.to_owned(),
        digest: eform::digest(other.to_json().as_bytes()),
        body_bytes: body.to_json().len() as u64,
        url: String::new(),
        site: "https://agency.example/forms/".into(),
        form: String::new(),
        title: json!(null),
        definition: String::new(),
        post: false,
        uploads_url: String::new(),
        files: Vec::new(),
    };
    let contents = [&head.to_bytes()[..], body.to_json().as_bytes()].concat();
    assert_eq!(wrong(&sealed(&contents, code), code), FiledError::Damaged);
    assert_ne!(sha256(body.to_json().as_bytes()), sha256(other.to_json().as_bytes()));
}
