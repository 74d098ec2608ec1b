//! Submissions as files, made as a phone makes them.

use std::num::NonZeroU32;

use eform::filed::{Head, Header, ITERATIONS, PIECE_BYTES, code, in_groups};
use eform::{Submission, Uploaded};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    pbkdf2,
};

/// The file of a submission with the files that go before it, and its code as people get it.
pub fn filed(submission: &Submission, files: &[&[u8]]) -> (Vec<u8>, String) {
    let body = submission.to_json();
    let uploaded = |file: &&[u8]| Uploaded {
        sha256: eform::hex(&eform::sha256(file)),
        size: file.len() as u64,
    };
    let head = Head {
        id: submission.id.clone(),
        digest: eform::digest(body.as_bytes()),
        body_bytes: body.len() as u64,
        url: "https://agency.example/api/submissions".to_owned(),
        site: "https://agency.example/forms/".into(),
        form: submission.form.clone(),
        title: "Home visit".into(),
        definition: submission.definition.clone(),
        post: false,
        uploads_url: "https://agency.example/api/uploads".to_owned(),
        files: files.iter().map(uploaded).collect(),
    };
    let code = code(&(0..64).collect::<Vec<u8>>()).unwrap();
    (
        sealed(&[&head.to_bytes(), body.as_bytes(), &files.concat()].concat(), &code),
        in_groups(&code),
    )
}

/// Any contents as a file.
pub fn sealed(contents: &[u8], code: &str) -> Vec<u8> {
    let header = Header { iterations: ITERATIONS, salt: [9; 16], length: contents.len() as u64 };
    let mut key = [0; 32];
    let iterations = NonZeroU32::new(ITERATIONS).unwrap();
    let how = pbkdf2::PBKDF2_HMAC_SHA256;
    pbkdf2::derive(how, iterations, &header.salt, code.as_bytes(), &mut key);
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key).unwrap());
    let mut file = header.to_bytes().to_vec();
    for (number, piece) in contents.chunks(PIECE_BYTES).enumerate() {
        let nonce = Nonce::assume_unique_for_key(header.nonce(number as u64));
        let mut piece = piece.to_vec();
        key.seal_in_place_append_tag(nonce, Aad::from(header.to_bytes()), &mut piece).unwrap();
        file.extend(piece);
    }
    file
}
