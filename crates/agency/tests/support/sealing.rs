//! A form whose answers are sealed, and submissions of it as a phone makes them.

use eform::{Enclosed, SealTo, Submission};
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
    mut answers: Value,
    card: Option<&[u8]>,
) -> Submission {
    let mut names = Vec::new();
    let mut attachments = Vec::new();
    if let Some(card) = card {
        let (plain, sealed) = (Enclosed::new(card), Enclosed::new(&sealed_file(to, id, card)));
        answers["card"] = json!([{
            "name": "card.pdf", "type": "application/pdf", "size": card.len(), "sha256": plain.sha256,
        }]);
        names.push((plain.sha256, sealed.sha256.clone()));
        attachments.push(sealed);
    }
    let mut claim = Submission {
        id: id.to_owned(),
        form: "claim".to_owned(),
        version: "1".to_owned(),
        definition: eform::digest(definition.as_bytes()),
        attachments,
        ..submission(answers)
    };
    seal_answers(to, &mut claim, &names, random(id, 1)).unwrap();
    claim
}

/// Enough for tests: never the same twice.
fn random(id: &str, use_for: u8) -> [u8; 32] {
    eform::sha256(&[id.as_bytes(), &[use_for]].concat())
}
