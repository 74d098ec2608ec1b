//! The example in `docs/sealed.example.json`, for those who write what seals or opens in another
//! language: it is what is made here, and it is opened after its own words by HPKE alone.

use eform::{Enclosed, SealTo, Submission, base64};
use eform_seal::{FileSealer, PrivateKey, open_answers, seal_answers};
use hpke::{Deserializable as _, OpModeR};
use serde_json::{Value, json};

type Kem = hpke::kem::X25519HkdfSha256;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sealed.example.json");
const FILE: &[u8] = "แผนที่แปลง\n".as_bytes();

fn private() -> PrivateKey {
    PrivateKey::from_bytes(&eform::sha256(b"an example, not a key")).unwrap()
}

fn netstrings(texts: &[&str]) -> String {
    texts.iter().map(|text| format!("{}:{text},", text.len())).collect()
}

/// The example, made anew.
fn example() -> Value {
    let to: SealTo = private().seal_to("2569-1");
    let (ikm_answers, ikm_file) = (eform::sha256(b"answers"), eform::sha256(b"file"));
    let id = "0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
    let digest = eform::hex(&eform::sha256(FILE));

    let mut sealed = Vec::new();
    let mut sealer = FileSealer::new(&to, id, &digest, ikm_file, &mut sealed).unwrap();
    sealer.write(FILE, &mut sealed).unwrap();
    sealer.finish(&mut sealed).unwrap();
    let enclosed = Enclosed::new(&sealed);
    let of_sealed = enclosed.sha256.clone();

    // By name, as every `serde_json` writes them, whatever else is built beside.
    let answers = json!({
        "map": [{ "name": "map.txt", "sha256": digest, "size": FILE.len(), "type": "text/plain" }],
        "name": "สมชาย ใจดี",
    });
    let mut submission = Submission {
        id: id.to_owned(),
        form: "farmer-registration".to_owned(),
        version: "2569.1".to_owned(),
        definition: eform::digest(b"the definition's file"),
        language: "th".to_owned(),
        completed_at: "2026-11-20T08:14:03+07:00".to_owned(),
        replaces: None,
        answers: answers.as_object().cloned(),
        sealed: None,
        attachments: vec![enclosed],
        uploads: Vec::new(),
    };
    let names = [(digest.clone(), of_sealed.clone())];
    seal_answers(&to, &mut submission, &names, ikm_answers).unwrap();

    let suite = eform_seal::SUITE;
    let bound = [
        id,
        "farmer-registration",
        "2569.1",
        &submission.definition,
        "th",
        "2026-11-20T08:14:03+07:00",
        "",
        "attachment",
        &of_sealed,
    ];
    let enc = sealed.split(|byte| *byte == b'\n').nth(3).unwrap();
    json!({
        "sealTo": { "kid": to.kid, "publicKey": to.public_key },
        "privateKey": base64::encode(&private().to_bytes()),
        "answers": {
            "ikmE": eform::hex(&ikm_answers),
            "info": netstrings(&["eform sealed answers", suite, "2569-1"]),
            "aad": netstrings(&bound),
            "opened": { "answers": answers, "files": { digest.clone(): of_sealed } },
            "submission": submission,
        },
        "file": {
            "ikmE": eform::hex(&ikm_file),
            "info": netstrings(&["eform sealed file", suite, "2569-1", id, &digest]),
            "aad": "last",
            "enc": std::str::from_utf8(enc).unwrap(),
            "header": String::from_utf8_lossy(&sealed[..sealed.len() - FILE.len() - 16]),
            "opened": std::str::from_utf8(FILE).unwrap(),
            "sealed": base64::encode(&sealed),
        },
    })
}

#[test]
fn the_published_example_is_what_is_made() {
    let made = example();
    if std::env::var_os("EFORM_WRITE").is_some() {
        std::fs::write(PATH, format!("{made:#}\n")).unwrap();
    }
    let published = std::fs::read(PATH).unwrap_or_default();
    let published: Value = serde_json::from_slice(&published).unwrap_or_default();
    assert!(
        published == made,
        "docs/sealed.example.json is of another version; look at what changed, and write it anew:\n\
         EFORM_WRITE=1 cargo test -p eform-seal --test published"
    );
    let submission: Submission =
        serde_json::from_value(published["answers"]["submission"].clone()).unwrap();
    let opened = open_answers(&private(), &submission).unwrap();
    assert_eq!(json!(opened.answers), published["answers"]["opened"]["answers"]);
}

#[test]
fn the_published_example_is_opened_after_its_own_words() {
    let example = example();
    let bytes = |value: &Value| base64::decode(value.as_str().unwrap()).unwrap();
    let key = <Kem as hpke::Kem>::PrivateKey::from_bytes(&bytes(&example["privateKey"])).unwrap();
    let open = |of: &Value, enc: &Value, sealed: &[u8]| {
        let enc = <Kem as hpke::Kem>::EncappedKey::from_bytes(&bytes(enc)).unwrap();
        let text = |name: &str| of[name].as_str().unwrap().as_bytes();
        hpke::setup_receiver::<hpke::aead::ChaCha20Poly1305, hpke::kdf::HkdfSha256, Kem>(
            &OpModeR::Base,
            &key,
            &enc,
            text("info"),
        )
        .unwrap()
        .open(sealed, text("aad"))
        .unwrap()
    };
    let answers = &example["answers"];
    let sealed = &answers["submission"]["sealed"];
    let plain = open(answers, &sealed["enc"], &bytes(&sealed["ciphertext"]));
    assert_eq!(plain.len(), 1024);
    assert_eq!(serde_json::from_slice::<Value>(&plain).unwrap(), answers["opened"]);
    let file = &example["file"];
    let header = file["header"].as_str().unwrap().len();
    assert_eq!(open(file, &file["enc"], &bytes(&file["sealed"])[header..]), FILE);
}
