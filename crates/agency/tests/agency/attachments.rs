//! Files: they come with the answers that name them, or not at all, and officers get them out.

use std::fs;

use eform::{Enclosed, Submission};
use eform_agency::{Contents, Format, Lookup, NoPlace, attachments, cli::CliError, export, show};
use serde_json::{Value, json};

use crate::support::{ID, Place, body, submission};

on_both![
    what_the_answers_name_is_received_and_written_out_byte_for_byte,
    lists_have_the_names_and_the_contents_only_when_asked,
    what_is_not_exactly_what_the_answers_name_is_refused_at_the_answer,
    all_files_together_have_a_limit_and_up_to_it_they_arrive,
];

const FORM: &str = r#"{
  "id": "claim", "version": "1", "title": "Claim", "languages": ["en"],
  "submit": { "url": "/api/submissions" },
  "pages": [{ "id": "who", "title": "Who", "fields": [
    { "id": "name", "type": "text", "label": "Name" },
    { "id": "card", "type": "attachment", "label": "Card", "required": true },
    { "id": "plots", "type": "repeat", "label": "Plots", "fields": [
      { "id": "photos", "type": "attachment", "label": "Photos", "max": 2 }
    ] }
  ] }]
}"#;

/// Bytes that are no text, and some text.
const CARD: &[u8] = b"%PDF-1.7\n\0\xFF\xFE\r\n";
const PHOTO: &[u8] = b"photo";

/// What is done to a claim; then the pointers and the code of what is found.
type Case<'a> = (&'a dyn Fn(&mut Submission), &'a [&'a str], &'a str);

fn answer(name: &str, media: &str, bytes: &[u8]) -> Value {
    let sha256 = Enclosed::new(bytes).sha256;
    json!({ "name": name, "type": media, "size": bytes.len(), "sha256": sha256 })
}

/// A card, and the same photograph of two plots.
fn claim() -> Submission {
    let photo = answer("แปลง.jpg", "image/jpeg", PHOTO);
    let mut claim = submission(json!({
        "name": "ก", "card": [answer("../card.exe", "application/pdf", CARD)],
        "plots": [{ "photos": [photo] }, { "photos": [photo] }]
    }));
    claim.answers.as_mut().unwrap()["card"][0]["name"] = "card.exe".into();
    claim.form = "claim".to_owned();
    claim.version = "1".to_owned();
    claim.definition = eform::digest(FORM.as_bytes());
    claim.attachments = vec![Enclosed::new(CARD), Enclosed::new(PHOTO)];
    claim
}

async fn what_the_answers_name_is_received_and_written_out_byte_for_byte(place: Place) {
    place.write("forms/claim.json", FORM);
    let client = place.start().await;
    let sent = body(&claim());
    let received = client.put(ID, &sent).await;
    assert_eq!(received.status.as_u16(), 201, "{}", received.json());
    assert_eq!(client.put(ID, &sent).await.status.as_u16(), 200);
    let receipt = received.json();
    assert_eq!(receipt["digest"], eform::digest(sent.as_bytes()));

    // None of them went before it, so nobody need know where such files are.
    let (out, uploads) = (place.path("files"), Lookup::new(Err(NoPlace)));
    // Twice, and through no link.
    for _ in 0..2 {
        assert_eq!(attachments(&client.database, &uploads, "claim", None, &out).await.unwrap(), 3);
    }
    let reference = receipt["reference"].as_str().unwrap();
    for (end, bytes) in [
        ("card-1-card.exe.pdf", CARD),
        ("plots-1-photos-1-แปลง.jpg", PHOTO),
        ("plots-2-photos-1-แปลง.jpg", PHOTO),
    ] {
        let file = out.join(format!("{reference}-{end}"));
        assert_eq!(fs::read(&file).unwrap_or_else(|error| panic!("{error} {file:?}")), bytes);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(file.as_path()), mode(out.as_path())), (0o600, 0o700));
        }
    }
    assert_eq!(fs::read_dir(&out).unwrap().count(), 3);

    let one = async |only| attachments(&client.database, &uploads, "claim", Some(only), &out).await;
    assert_eq!(one(reference).await.unwrap(), 3);
    assert!(matches!(one("none").await, Err(CliError::NotFound(_))));
    let other = attachments(&client.database, &uploads, "none", None, &out).await;
    assert!(matches!(other, Err(CliError::UnknownForm(_))));
}

async fn lists_have_the_names_and_the_contents_only_when_asked(place: Place) {
    place.write("forms/claim.json", FORM);
    let client = place.start().await;
    let sent = claim();
    let receipt = client.put(ID, &body(&sent)).await.json();

    let uploads = Lookup::new(Err(NoPlace));
    let exported = async |format, contents: Contents<'_>| {
        let mut out = Vec::new();
        export(&client.database, "claim", format, contents, &mut out).await.unwrap();
        String::from_utf8(out).unwrap()
    };
    let whole = exported(Format::Jsonl, Contents::Whole(&uploads)).await;
    let whole: Value = serde_json::from_str(&whole).unwrap();
    assert_eq!(whole, json!({ "submission": sent, "receipt": receipt }));

    let mut short = whole.clone();
    for file in short["submission"]["attachments"].as_array_mut().unwrap() {
        file.as_object_mut().unwrap().remove("content").unwrap();
    }
    let lines = exported(Format::Jsonl, Contents::LeftOut).await;
    assert_eq!(serde_json::from_str::<Value>(&lines).unwrap(), short);

    let csv = exported(Format::Csv, Contents::LeftOut).await;
    assert!(csv.lines().nth(1).unwrap().contains(",ก,card.exe,"), "{csv}");

    let mut shown = Vec::new();
    show(&client.database, ID, &mut shown).await.unwrap();
    let shown: Value = serde_json::from_slice(&shown).unwrap();
    assert_eq!(shown["submission"], short["submission"]);
    let reference = receipt["reference"].as_str().unwrap();
    assert_eq!(
        shown["files"][1],
        json!({ "file": format!("{reference}-plots-1-photos-1-แปลง.jpg"),
                "pointer": "/plots/0/photos/0", "size": 5, "sha256": sent.attachments[1].sha256 })
    );
}

async fn what_is_not_exactly_what_the_answers_name_is_refused_at_the_answer(place: Place) {
    place.write("forms/claim.json", FORM);
    let client = place.start().await;
    let photos = ["/plots/0/photos/0", "/plots/1/photos/0"];
    let cases: [Case; 7] = [
        (&|s| drop(s.attachments.pop()), &photos, "attachment-missing"),
        (&|s| s.attachments.clear(), &["/card/0", photos[0], photos[1]], "attachment-missing"),
        (&|s| s.attachments[1].content = "cGhvdG8h".into(), &photos, "attachment-digest"),
        (&|s| s.attachments[1].content = "?".into(), &photos, "attachment-digest"),
        (
            &|s| s.answers.as_mut().unwrap()["card"][0]["size"] = 7.into(),
            &["/card/0"],
            "attachment-length",
        ),
        (&|s| s.attachments.push(Enclosed::new(b"more")), &[""], "attachment-unknown"),
        (&|s| s.attachments.push(Enclosed::new(PHOTO)), &[""], "attachment-unknown"),
    ];
    for (change, pointers, code) in cases {
        let mut sent = claim();
        change(&mut sent);
        let answer = client.put(ID, &body(&sent)).await;
        assert_eq!(answer.status.as_u16(), 422, "{code}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        let errors = problem["errors"].as_array().unwrap();
        let told: Vec<&str> = errors.iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert_eq!(told, pointers, "{problem}");
        assert!(errors.iter().all(|error| error["code"] == code), "{problem}");
    }
    let mut named_more = body(&claim());
    named_more = named_more.replacen(r#""content":"#, r#""name":"x","content":"#, 1);
    assert_eq!(client.put(ID, &named_more).await.status.as_u16(), 400);
    assert_eq!(client.put(ID, &body(&claim())).await.status.as_u16(), 201);
}

async fn all_files_together_have_a_limit_and_up_to_it_they_arrive(place: Place) {
    place.write("forms/claim.json", FORM);
    let client = place.start().await;
    let sized = |sizes: [usize; 2]| {
        let mut sent = claim();
        let files = sizes.map(|size| vec![7_u8; size]);
        sent.answers
            .as_mut()
            .unwrap()
            .insert("card".into(), json!([answer("a.pdf", "application/pdf", &files[0])]));
        let photos = json!([answer("b.jpg", "image/jpeg", &files[1])]);
        sent.answers.as_mut().unwrap().insert("plots".into(), json!([{ "photos": photos }]));
        sent.attachments = files.iter().map(|file| Enclosed::new(file)).collect();
        body(&sent)
    };
    let most = usize::try_from(eform::limits::ATTACHED_BYTES).unwrap();
    let too_large = client.put(ID, &sized([most / 2, most / 2 + 1])).await;
    assert_eq!(too_large.status.as_u16(), 422);
    assert_eq!(too_large.json()["errors"][0]["code"], "attachment-total");
    assert_eq!(too_large.json()["errors"][0]["pointer"], "/plots/0/photos");
    assert_eq!(client.put(ID, &sized([most - 1, 1])).await.status.as_u16(), 201);
}
