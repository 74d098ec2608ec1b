//! Nothing that a citizen typed reaches the log, and no password. A file of its own, because it takes over the
//! process's log.

use serde_json::json;

mod support;
use support::{ID, Place, body, captured::Captured, right, submission};

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
    let lines = ["status=201", "status=422", "status=503", "/api/submissions/{id}", "a panic"];
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
    client.get("/?name=สมชาย".replace("สมชาย", "%E0%B8%AA").as_str()).await;
    // A broken engine: a panic whose message quotes the text.
    let text = "ตำแหน่งลับ".to_owned();
    let panicked = std::panic::catch_unwind(move || text[1..].len());
    assert!(panicked.is_err());
    client.database.close().await;
    assert_eq!(client.put(ID, &body(&submission(right()))).await.status.as_u16(), 503);
    receipt["reference"].as_str().unwrap().to_owned()
}
