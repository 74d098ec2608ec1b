//! Nothing that a citizen typed reaches the log, and no password. A file of its own, because it takes over the
//! process's log.

use serde_json::json;

mod support;
use support::{
    ID, Place, body,
    captured::Captured,
    files::{TUS, bytes, metadata_of},
    right, submission,
};

#[tokio::test]
async fn no_answer_id_or_reference_is_logged() {
    let log = Captured::default();
    let writer = log.clone();
    eform_agency::start_log_to(move || writer.clone());
    eform_agency::quiet_panics();

    let mut references = Vec::new();
    for place in [Some(Place::new()), Place::on_postgres()].into_iter().flatten() {
        references.push(everything_happens(&place).await);
    }

    let text = log.text();
    let lines = [
        "status=201",
        "status=422",
        "status=503",
        "/api/submissions/{id}",
        "/api/uploads/{id}",
        "the place of uploads failed",
        "a panic",
    ];
    for expected in lines {
        assert!(text.contains(expected), "{expected} is not in the log:\n{text}");
    }
    let secrets = [
        "สมชาย",
        "27/1",
        "1101700230708",
        "1980-01-02",
        "ห้าคน",
        "โรคประจำตัว",
        "เบาหวาน",
        "ความลับ",
        "ตำแหน่งลับ",
        "name=",
        "%E0",
        "s3cret",
        "4LiE4Lin4Liy4Lih4Lil4Lix4Lia",
        "7f3a",
        ID,
    ];
    for secret in secrets.into_iter().chain(references.iter().map(String::as_str)) {
        assert!(!text.contains(secret), "{secret} is in the log:\n{text}");
    }
}

/// What can go well and badly with a submission. Gives the reference.
async fn everything_happens(place: &Place) -> String {
    place.write("site/index.html", "");
    let client = place.start().await;
    let mut wrong = submission(right());
    wrong.answers.as_mut().unwrap().insert("members".to_owned(), json!("ห้าคน"));
    wrong.answers.as_mut().unwrap().insert("โรคประจำตัว".to_owned(), json!("เบาหวาน"));
    let broken = body(&submission(right())).replace("\"th\"", "ความลับ");
    let mut statuses = Vec::new();
    for body in [body(&wrong), broken, body(&submission(right()))] {
        statuses.push(client.put(ID, &body).await.status.as_u16());
    }
    assert_eq!(statuses, [422, 400, 201]);
    let receipt = client.put(ID, &body(&submission(right()))).await.json();
    let location = files_arrive(place).await;
    client.get("/?name=สมชาย".replace("สมชาย", "%E0%B8%AA").as_str()).await;
    // A broken engine: a panic whose message quotes the text.
    let text = "ตำแหน่งลับ".to_owned();
    let panicked = std::panic::catch_unwind(move || text[1..].len());
    assert!(panicked.is_err());
    client.database.close().await;
    assert_eq!(client.put(ID, &body(&submission(right()))).await.status.as_u16(), 503);
    let file = bytes(1, 30_000);
    assert_eq!(client.patch(&location, 0, file).await.status.as_u16(), 503);
    receipt["reference"].as_str().unwrap().to_owned()
}

/// What can go well and badly with files that go before. Gives where one is.
async fn files_arrive(place: &Place) -> String {
    place.write("forms/claim.json", support::files::FORM);
    let client = place.start().await;
    let (file, other) = (bytes(1, 30_000), bytes(2, 30_000));
    let location = client.announce(ID, &file).await.header("location").to_owned();
    client.patch(&location, 0, other).await.refused(460, "upload-digest");
    client.patch(&location, 7, "x").await.refused(409, "upload-offset");
    // As clients of tus do that know no better.
    let named = format!("{},filename {}", metadata_of(ID, &file), "4LiE4Lin4Liy4Lih4Lil4Lix4Lia");
    let headers = [TUS, ("upload-length", "30000"), ("upload-metadata", &*named)];
    client.send(axum::http::Method::POST, "/api/uploads", &headers, "").await.is(201);
    // The place of the bytes is gone, and then it is there again.
    std::fs::rename(place.uploads(), place.path("away")).unwrap();
    client.patch(&location, 0, file.clone()).await.refused(503, "unavailable");
    std::fs::rename(place.path("away"), place.uploads()).unwrap();
    client.patch(&location, 0, file.clone()).await.is(204);
    assert_eq!(client.put_claim(&[&file]).await.status.as_u16(), 409);
    location
}
