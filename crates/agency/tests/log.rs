//! Nothing that a citizen typed reaches the log. A file of its own, because it takes over the
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

    let place = Place::new();
    place.write("site/index.html", "");
    let client = place.start().await;
    let mut wrong = submission(right());
    wrong.answers.insert("members".to_owned(), json!("ห้าคน"));
    wrong.answers.insert("โรคประจำตัว".to_owned(), json!("เบาหวาน"));
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

    let text = log.text();
    let lines = ["status=201", "status=422", "status=503", "/api/submissions/{id}", "a panic"];
    for expected in lines {
        assert!(text.contains(expected), "{expected} is not in the log:\n{text}");
    }
    let reference = receipt["reference"].as_str().unwrap();
    for secret in [
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
        ID,
        reference,
    ] {
        assert!(!text.contains(secret), "{secret} is in the log:\n{text}");
    }
}
