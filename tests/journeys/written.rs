//! What stands in a box: left as it is while one types, written well once the box is left, and said
//! to be given where it was there before.

use eform_journeys::{axe::assert_accessible, form::Form, journeys, stage::Stage};
use serde_json::json;

use crate::views::{becomes, open};

fn value(name: &str) -> String {
    format!("root.querySelector('[name={name}]').value")
}

async fn a_box_is_written_well_once_it_is_left(stage: &Stage) {
    let fields = json!([
        { "id": "cost", "type": "money" },
        { "id": "id_card", "type": "thai-national-id" },
        { "id": "phone", "type": "phone" },
        { "id": "year", "type": "number" },
        { "id": "weight", "type": "number", "unit": "kg" },
        { "id": "wrong", "type": "money" }
    ]);
    let sample = open(stage, fields).await;
    let form = Form::on(&stage.browser, &sample);
    form.enter("cost", None, "1234567.5").await;
    // Under the caret nothing moves.
    becomes(stage, &value("cost"), json!("1234567.5")).await;
    form.enter("id_card", None, "1112034563562").await;
    becomes(stage, &value("cost"), json!("1,234,567.50")).await;
    form.enter("phone", None, "๐๘๑๒๓๔๕๖๗๘").await;
    becomes(stage, &value("id_card"), json!("1-1120-34563-56-2")).await;
    form.enter("year", None, "2569").await;
    becomes(stage, &value("phone"), json!("081-234-5678")).await;
    form.enter("weight", None, "2569").await;
    form.enter("wrong", None, "12 apples").await;
    becomes(stage, &value("weight"), json!("2,569")).await;
    becomes(stage, &value("year"), json!("2569")).await;
    // What was written well can be changed as it stands there.
    form.enter("cost", None, "7654321").await;
    becomes(stage, &value("wrong"), json!("12 apples")).await;
    form.enter("wrong", None, " ").await;
    becomes(stage, &value("cost"), json!("7,654,321")).await;
    form.draft_is_kept(&serde_json::Map::new()).await;
    stage.browser.reload().await;
    form.is_open().await;
    becomes(stage, &value("cost"), json!("7,654,321")).await;
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    assert_eq!(
        stage.agency.rows("views")[0].submission["answers"],
        json!({
            "cost": 7_654_321, "id_card": "1112034563562", "phone": "+66812345678", "year": 2569,
            "weight": 2569
        })
    );
}

async fn what_was_there_before_is_said_to_be_given(stage: &Stage) {
    let fields = json!([
        { "id": "amount", "type": "number", "default": 12000 },
        { "id": "agrees", "type": "yes-no", "default": true },
        { "id": "own", "type": "text" },
        { "id": "office", "type": "text", "default": "Bangkok", "readOnly": true }
    ]);
    let sample = open(stage, fields).await;
    let form = Form::on(&stage.browser, &sample);
    // What is said through `aria-describedby`.
    let described = |selector: &str| {
        format!(
            "(root.querySelector('{selector}').getAttribute('aria-describedby') ?? '').split(' ')
                .map((id) => root.getElementById(id)?.textContent ?? '').join(' ').trim()"
        )
    };
    let filled_in = json!("Filled in for you; you can change it");
    becomes(stage, &described("[name=amount]"), filled_in.clone()).await;
    becomes(stage, &described("[data-field=agrees]"), filled_in.clone()).await;
    becomes(stage, &described("[name=own]"), json!("")).await;
    let given = json!("This is given and cannot be changed here");
    becomes(stage, &described("output[name=office]"), given).await;
    assert_accessible(&stage.browser, "answers are given").await;
    // Left without a change it is given still, and written well.
    let focus = "(root.querySelector('[name=amount]').focus(), root.activeElement.name)";
    becomes(stage, focus, json!("amount")).await;
    form.enter("own", None, "mine").await;
    becomes(stage, &value("amount"), json!("12,000")).await;
    becomes(stage, &described("[name=amount]"), filled_in).await;
    form.enter("amount", None, "12001").await;
    becomes(stage, &described("[name=amount]"), json!("")).await;
    form.enter("amount", None, "x").await;
    form.press("continue").await;
    becomes(stage, &described("[name=amount]"), json!("Enter a number, for example 12")).await;
}

journeys!(a_box_is_written_well_once_it_is_left, what_was_there_before_is_said_to_be_given);
