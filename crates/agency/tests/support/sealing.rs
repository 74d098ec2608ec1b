//! A form whose answers are sealed, and submissions of it as a phone makes them.

use eform::{Enclosed, SealTo, Submission, Uploaded};
use eform_seal::{FileSealer, seal_answers};
use serde_json::{Value, json};

use super::submission;

/// The definition of a form that seals to this key.
pub fn claim_form(to: &SealTo) -> String {
    let form = json!({
        "id": "claim", "version": "1", "title": "Claim", "languages": ["en"],
        "submit": { "url": "/", "sealTo": { "kid": to.kid, "publicKey": to.public_key } },
        "pages": [{ "id": "who", "title": "Who", "fields": [
            { "id": "name", "type": "text", "label": "Name", "required": true },
            { "id": "age", "type": "number", "label": "Age", "max": 120 },
            { "id": "card", "type": "attachment", "label": "Card" },
        ] }]
    });
    form.to_string()
}

/// The same, whose files go before its submissions: at most this many bytes of them.
pub fn claim_form_with_uploads(to: &SealTo, most: usize) -> String {
    let mut form: Value = serde_json::from_str(&claim_form(to)).unwrap();
    form["submit"]["uploads"] = json!({ "url": "/api/uploads", "maxSize": most });
    form["pages"][0]["fields"][2]["maxSize"] = most.into();
    form.to_string()
}

/// Bytes that are no text, and more than one piece of them.
pub fn card() -> Vec<u8> {
    (0..300_000).map(|at| (at % 251) as u8).collect()
}

/// A file, sealed.
pub fn sealed_file(to: &SealTo, id: &str, file: &[u8]) -> Vec<u8> {
    let (digest, mut out) = (eform::hex(&eform::sha256(file)), Vec::new());
    let mut sealer = FileSealer::new(to, id, &digest, random(id, 2), &mut out).unwrap();
    sealer.write(file, &mut out).unwrap();
    sealer.finish(&mut out).unwrap();
    out
}

/// A claim with these answers and perhaps a card, sealed to a key by the definition with these bytes.
pub fn claim(
    to: &SealTo,
    definition: &str,
    id: &str,
    answers: Value,
    card: Option<&[u8]>,
) -> Submission {
    made(to, definition, id, answers, card, false)
}

/// One whose card goes before it.
pub fn claim_after(to: &SealTo, definition: &str, id: &str, card: &[u8]) -> Submission {
    made(to, definition, id, json!({ "name": "ก" }), Some(card), true)
}

fn made(
    to: &SealTo,
    definition: &str,
    id: &str,
    mut answers: Value,
    card: Option<&[u8]>,
    goes_before: bool,
) -> Submission {
    let (mut names, mut attachments, mut uploads) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(card) = card {
        let file = sealed_file(to, id, card);
        let (plain, sealed) = (Enclosed::new(card), Enclosed::new(&file));
        answers["card"] = json!([{
            "name": "card.pdf", "type": "application/pdf", "size": card.len(), "sha256": plain.sha256,
        }]);
        names.push((plain.sha256, sealed.sha256.clone()));
        if goes_before {
            uploads.push(Uploaded { sha256: sealed.sha256, size: file.len() as u64 });
        } else {
            attachments.push(sealed);
        }
    }
    let mut claim = Submission {
        id: id.to_owned(),
        form: "claim".to_owned(),
        version: "1".to_owned(),
        definition: eform::digest(definition.as_bytes()),
        attachments,
        uploads,
        ..submission(answers)
    };
    seal_answers(to, &mut claim, &names, random(id, 1)).unwrap();
    claim
}

/// Enough for tests: never the same twice.
fn random(id: &str, use_for: u8) -> [u8; 32] {
    eform::sha256(&[id.as_bytes(), &[use_for]].concat())
}
