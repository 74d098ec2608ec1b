//! Questions on one scale: one at a time on a phone, a table where there is room, and what was
//! answered stays when that changes.

use eform_journeys::{axe::assert_accessible, form::Form, journeys, stage::Stage};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::views::{becomes, open};

fn scale(required: bool) -> Value {
    let option = |value: &str| json!({ "value": value, "label": value.to_uppercase() });
    let row = |id: &str| json!({ "id": id, "label": id });
    let scale = ["bad", "fair", "good"].map(option);
    let rows = ["speed", "staff", "price"].map(row);
    json!([{
        "id": "service", "type": "matrix", "required": required, "noOpinion": "No opinion",
        "scale": scale, "rows": rows
    }])
}

/// The question that is shown, and where it stands.
const STEP: &str = "[root.querySelector('.inner legend')?.textContent,
  root.querySelector('.steps .count')?.textContent]";

/// What was answered, as the summary behind the last question says it.
const ALL: &str = "[...root.querySelectorAll('.matrix .row .answer')].map((it) => it.textContent)";

const RADIOS: &str = "root.querySelectorAll('.matrix input').length";

fn step(question: &str, count: &str) -> Value {
    json!([question, format!("Question {count}")])
}

/// What the element says besides its name, by the ids that it is described by.
fn described(element: &str) -> String {
    format!(
        "{element}.getAttribute('aria-describedby').split(' ')
          .map((id) => root.querySelector(`#${{id}}`).textContent).filter((words) => words !== '')"
    )
}

async fn has_focus(stage: &Stage, selector: &str) {
    becomes(stage, &format!("root.activeElement?.matches('{selector}')"), json!(true)).await;
}

/// As wide as this, whatever the engine makes of its window: the page is.
async fn is_wide(stage: &Stage, pixels: u32) {
    stage.browser.set_width(pixels).await;
    stage.browser.ask("document.body.style.width = `${args}px`", json!(pixels)).await;
}

async fn on_a_phone_one_question_comes_after_the_other(stage: &Stage) {
    let sample = open(stage, scale(true)).await;
    let form = Form::on(&stage.browser, &sample);
    becomes(stage, STEP, step("speed", "1 / 3")).await;
    becomes(stage, RADIOS, json!(4)).await;
    // That a question goes by itself is said before it does.
    let set = described("root.querySelector('.inner')");
    let way = "After you tap an answer, the next question comes";
    becomes(stage, &set, json!([way, "Question 1 / 3"])).await;
    assert_accessible(&stage.browser, "the first question of a table").await;
    // A tap leads on; every question can be passed by and gone back to.
    form.act("service-speed", "good").await;
    becomes(stage, STEP, step("staff", "2 / 3")).await;
    has_focus(stage, "#f-service--step").await;
    becomes(stage, &set, json!(["Question 2 / 3"])).await;
    form.press("next-question").await;
    becomes(stage, STEP, step("price", "3 / 3")).await;
    form.press("previous-question").await;
    form.press("previous-question").await;
    becomes(stage, STEP, step("speed", "1 / 3")).await;
    becomes(stage, "root.querySelector(':checked').value", json!("good")).await;
    assert_accessible(&stage.browser, "a question of a table").await;
    for _ in 0..3 {
        form.press("next-question").await;
    }
    becomes(stage, ALL, json!(["GOOD", "Not answered", "Not answered"])).await;
    form.says("1 of 3 answered").await;
    assert_accessible(&stage.browser, "what was answered of a table").await;

    // A mistake leads to its question.
    form.press("continue").await;
    let listed =
        "[...root.querySelectorAll('[data-eform=error-summary] li')].map((one) => one.textContent)";
    becomes(stage, listed, json!(["Choose an answer for “staff”", "Choose an answer for “price”"]))
        .await;
    stage.browser.tap("[data-eform=error-summary] li:nth-child(2) a").await;
    has_focus(stage, "#f-service-price").await;
    becomes(stage, STEP, step("price", "3 / 3")).await;
    becomes(
        stage,
        "root.querySelector('.inner .found').textContent",
        json!("Choose an answer for “price”"),
    )
    .await;
    becomes(stage, &set, json!(["Question 3 / 3", "Choose an answer for “price”"])).await;

    // With keys nothing runs away: the arrows only choose.
    stage.browser.press(Key::Space).await;
    stage.browser.press(Key::Down).await;
    becomes(stage, "root.querySelector(':checked')?.value", json!("fair")).await;
    form.press("next-question").await;
    becomes(stage, ALL, json!(["GOOD", "Not answered", "FAIR"])).await;
    stage.browser.tap(".matrix .row:nth-child(2) [data-action=change-question]").await;
    becomes(stage, STEP, step("staff", "2 / 3")).await;
    form.act("service-staff", "no-opinion").await;
    becomes(stage, STEP, step("price", "3 / 3")).await;
    form.go_on().await;
    let said = "root.querySelector('.answers .answer').textContent";
    becomes(stage, said, json!("speed: GOOD; staff: No opinion; price: FAIR")).await;
}

async fn where_there_is_room_it_is_a_table(stage: &Stage) {
    is_wide(stage, 800).await;
    let sample = open(stage, scale(true)).await;
    is_wide(stage, 800).await;
    let form = Form::on(&stage.browser, &sample);
    becomes(stage, RADIOS, json!(12)).await;
    let heads =
        "[...root.querySelectorAll('.scale th')].map((it) => `${it.scope} ${it.textContent}`)";
    let expected = [
        "col BAD",
        "col FAIR",
        "col GOOD",
        "col No opinion",
        "row speed",
        "row staff",
        "row price",
    ];
    becomes(stage, heads, json!(expected)).await;
    assert_accessible(&stage.browser, "a table").await;
    let cells = "[...root.querySelectorAll('.scale tbody td')].every((cell) =>
        cell.getBoundingClientRect().height >= 44 && cell.getBoundingClientRect().width >= 44)";
    becomes(stage, cells, json!(true)).await;

    form.act("service-price", "bad").await;
    form.press("continue").await;
    stage.browser.text("[data-eform=error-summary]").await;
    becomes(stage, "root.querySelectorAll('.scale .wrong').length", json!(2)).await;
    let radio = described("root.querySelector('#f-service-staff--1')");
    becomes(stage, &radio, json!(["Choose an answer for “staff”"])).await;
    becomes(stage, &described("root.querySelector('#f-service-price')"), json!([])).await;
    assert_accessible(&stage.browser, "a table with mistakes").await;
    // The whole cell can be tapped.
    let corner = "const cell = all('.scale tbody tr')[1].children[3];
        cell.scrollIntoView({ block: 'center' });
        const box = cell.getBoundingClientRect();
        const root = cell.getRootNode();
        root.elementFromPoint(box.right - 3, box.bottom - 3).click();
        return [root.querySelector('[name=service-staff]:checked')?.value]";
    assert_eq!(stage.browser.ask(corner, json!(null)).await, json!(["good"]));
    form.act("service-speed", "fair").await;

    // Narrower and wider again: answers and focus stay.
    has_focus(stage, "#f-service-speed--1").await;
    is_wide(stage, 400).await;
    becomes(stage, RADIOS, json!(4)).await;
    has_focus(stage, "#f-service-speed--1:checked").await;
    is_wide(stage, 800).await;
    becomes(stage, RADIOS, json!(12)).await;
    has_focus(stage, "#f-service-speed--1:checked").await;
    form.act("service-price", "no-opinion").await;
    form.go_on().await;
    let said = "root.querySelector('.answers .answer').textContent";
    becomes(stage, said, json!("speed: FAIR; staff: GOOD; price: No opinion")).await;
}

async fn the_focus_stays_with_the_question_when_the_phone_turns(stage: &Stage) {
    is_wide(stage, 400).await;
    let sample = open(stage, scale(true)).await;
    is_wide(stage, 400).await;
    let form = Form::on(&stage.browser, &sample);
    becomes(stage, RADIOS, json!(4)).await;
    form.press("next-question").await;
    has_focus(stage, "#f-service--step").await;
    is_wide(stage, 800).await;
    becomes(stage, RADIOS, json!(12)).await;
    has_focus(stage, "#f-service-staff").await;
    form.act("service-staff", "good").await;
    is_wide(stage, 400).await;
    has_focus(stage, "#f-service-staff--2:checked").await;
    // Behind the last question it is at what was answered last.
    form.press("next-question").await;
    form.press("next-question").await;
    has_focus(stage, "#f-service--step").await;
    is_wide(stage, 800).await;
    has_focus(stage, "#f-service-price").await;
}

async fn questions_of_like_names_are_kept_apart(stage: &Stage) {
    let option = |value: &str| json!({ "value": value, "label": value.to_uppercase() });
    let row = |id: &str| json!({ "id": id, "label": id });
    let scale = ["bad", "fair", "good"].map(option);
    let rows = ["q", "q-1", "q-2"].map(row);
    let fields = json!([{
        "id": "service", "type": "matrix",
        "scale": scale, "rows": rows
    }]);
    is_wide(stage, 800).await;
    _ = open(stage, fields).await;
    is_wide(stage, 800).await;
    becomes(stage, RADIOS, json!(9)).await;
    let ids = "new Set([...root.querySelectorAll('.matrix input')].map((it) => it.id)).size";
    becomes(stage, ids, json!(9)).await;
}

journeys!(
    on_a_phone_one_question_comes_after_the_other,
    where_there_is_room_it_is_a_table,
    the_focus_stays_with_the_question_when_the_phone_turns,
    questions_of_like_names_are_kept_apart,
);
