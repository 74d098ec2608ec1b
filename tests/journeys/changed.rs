//! The agency publishes its form anew while somebody has a draft of it: nothing that was typed is lost, and
//! what has changed is pointed out. What was submitted goes as what it was.

use eform_journeys::{
    axe::assert_accessible, cable::Mode, form::Form, journeys, sample::Sample, stage::Stage,
};
use serde_json::{Value, json};

use crate::{
    narrow::nothing_is_cut,
    way::{has, is_kept, is_on},
};

pub const ID: &str = "changing";

fn text(id: &str, thai: &str, english: &str) -> Value {
    json!({ "id": id, "type": "text", "label": { "th": thai, "en": english } })
}

fn choice(values: &[&str]) -> Value {
    let thai = |value: &str| match value {
        "rice" => "ข้าว",
        "rubber" => "ยางพารา",
        _ => "ผลไม้",
    };
    let option =
        |value: &&str| json!({ "value": value, "label": { "th": thai(value), "en": value } });
    let options: Vec<Value> = values.iter().map(option).collect();
    let label = json!({ "th": "ท่านปลูกอะไร", "en": "What do you grow?" });
    json!({ "id": "crop", "type": "choice", "label": label, "options": options })
}

fn form(version: &str, fields: [Vec<Value>; 2]) -> Value {
    let [who, land] = fields;
    json!({
        "id": ID, "version": version,
        "title": { "th": "ขึ้นทะเบียนเกษตรกร", "en": "Register of farmers" },
        "agency": { "name": { "th": "หน่วยงานทดสอบ", "en": "Test Agency" } },
        "languages": ["en", "th"], "submit": { "url": "/api/submissions" },
        "pages": [
            { "id": "who", "title": { "th": "ผู้ขอ", "en": "Who asks" }, "fields": who },
            { "id": "land", "title": { "th": "ที่ดินของท่าน", "en": "Your land" }, "fields": land }
        ]
    })
}

pub fn before() -> Value {
    let village = text("village", "หมู่บ้าน", "Village");
    let name = text("full_name", "ชื่อ", "Name");
    let fax = text("fax", "เบอร์โทรสาร", "Fax number");
    form("1", [vec![name, fax], vec![choice(&["rice", "rubber"]), village]])
}

pub fn now() -> Value {
    let village = text("village", "หมู่บ้านหรือชุมชน", "Village or quarter");
    let name = text("full_name", "ชื่อ", "Name");
    let mut mobile = text("mobile", "เบอร์มือถือ", "Mobile number");
    mobile["required"] = json!(true);
    form("2", [vec![name, mobile], vec![choice(&["rice", "fruit"]), village]])
}

pub fn publish(stage: &Stage, definition: &Value) {
    stage.agency.write(&format!("forms/{ID}.json"), &definition.to_string());
}

async fn open<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    stage.browser.open(&format!("{}/?form={ID}&lang=en", stage.cable.origin())).await;
    let form = Form::on(&stage.browser, sample);
    form.is_open().await;
    form
}

/// Opens it on a phone that has seen that there is a newer version: it is shown at once what it has, and
/// fetches what is new for the next time.
pub async fn open_newest<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    open(stage, sample).await;
    let version = json!([ID, sample.definition().to_string()]);
    let is_kept = "
      return (async () => {
        const kept = await caches.match(new URL(`/forms/${args[0]}.json`, location.href));
        return kept === undefined || (await kept.text()) === args[1];
      })()";
    stage.browser.wait_until("the newer form", is_kept, version).await;
    open(stage, sample).await
}

/// A draft of the earlier version, both pages filled in.
pub async fn begin<'a>(stage: &'a Stage, sample: &'a Sample) -> Form<'a> {
    publish(stage, sample.definition());
    let form = open(stage, sample).await;
    form.enter("full_name", None, "Somchai").await;
    form.enter("fax", None, "02-111-2222").await;
    form.go_on().await;
    form.act("crop", "rubber").await;
    form.enter("village", None, "Ban Rai").await;
    is_kept(&form).await;
    form
}

/// The items of a list of the notice.
const LISTED: &str = "
  const items = all(`[data-part=changed-${args[0]}] li`).filter(visible);
  return JSON.stringify(items.map((one) => one.innerText.replace(/\\s+/g, ' ').trim())) === JSON.stringify(args[1])";

async fn lists(stage: &Stage, part: &str, items: Value) {
    stage.browser.wait_until(part, LISTED, json!([part, items])).await;
}

async fn a_draft_goes_on_with_the_new_form_and_says_what_has_changed(stage: &Stage) {
    let old = Sample::new(before());
    begin(stage, &old).await;
    publish(stage, &now());
    let new = Sample::new(now());
    let form = open_newest(stage, &new).await;
    is_on(stage, "Your land").await;
    form.says("This form has changed since you filled it in on").await;
    lists(stage, "new", json!(["Mobile number (must be answered)"])).await;
    let again =
        ["What do you grow? You answered: rubber", "Village or quarter You answered: Ban Rai"];
    lists(stage, "again", json!(again)).await;
    lists(stage, "gone", json!(["Fax number: 02-111-2222"])).await;
    assert_accessible(&stage.browser, "the form has changed").await;
    stage.browser.set_width(320).await;
    nothing_is_cut(stage, "the form has changed").await;
    form.turn_language().await;
    form.says("แบบฟอร์มนี้เปลี่ยนไป").await;
    form.turn_language().await;

    // It is still there after a reload, and nothing was thrown away.
    stage.browser.reload().await;
    lists(stage, "gone", json!(["Fax number: 02-111-2222"])).await;
    has(stage, "village", "Ban Rai").await;

    // The way to the new question.
    stage.browser.tap("[data-part=changed-new] [data-action=changed]").await;
    is_on(stage, "Who asks").await;
    let focused = "return focused()?.name === 'mobile'";
    stage.browser.wait_until("the new question has the focus", focused, json!(null)).await;
    form.enter("mobile", None, "081-234-5678").await;
    stage.browser.tap("[data-action=changed-seen]").await;
    let gone = "return all('[data-eform=changed]').length === 0";
    stage.browser.wait_until("it was seen", gone, json!(null)).await;
    is_kept(&form).await;
    stage.browser.reload().await;
    is_on(stage, "Who asks").await;
    has(stage, "mobile", "081-234-5678").await;
    stage.browser.wait_until("it was seen", gone, json!(null)).await;

    form.go_on().await;
    form.act("crop", "fruit").await;
    form.go_on().await;
    form.press("submit").await;
    form.becomes("received").await;
    let rows = stage.agency.rows(ID);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].submission["version"], "2");
    let answers = json!({
        "full_name": "Somchai", "mobile": "081-234-5678", "crop": "fruit", "village": "Ban Rai"
    });
    assert_eq!(rows[0].submission["answers"], answers);
}

/// What changes nothing for anybody is not told.
async fn a_hint_that_is_worded_otherwise_is_no_change(stage: &Stage) {
    let old = Sample::new(before());
    begin(stage, &old).await;
    let mut other = before();
    other["version"] = json!("1.1");
    other["pages"][0]["fields"][0]["hint"] = json!("As on your ID card");
    publish(stage, &other);
    let new = Sample::new(other);
    let form = open_newest(stage, &new).await;
    has(stage, "village", "Ban Rai").await;
    // Once the later part has come, there would be something.
    form.says("Draft saved on this phone").await;
    assert_eq!(stage.browser.count("[data-eform=changed]").await, 0);
}

async fn what_was_submitted_before_goes_as_what_it_was(stage: &Stage) {
    let old = Sample::new(before());
    let form = begin(stage, &old).await;
    form.go_on().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    publish(stage, &now());
    stage.cable.set(Mode::Pass).await;
    stage.browser.reload().await;
    form.becomes("received").await;
    let rows = stage.agency.rows(ID);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].submission["version"], "1");
    assert_eq!(rows[0].submission["answers"]["fax"], "02-111-2222");
}

journeys!(
    a_draft_goes_on_with_the_new_form_and_says_what_has_changed,
    a_hint_that_is_worded_otherwise_is_no_change,
    what_was_submitted_before_goes_as_what_it_was,
);
