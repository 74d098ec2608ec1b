//! Days and months: a whole date in one box, parts that are not known, and the year of the common
//! era beside the other.

use eform_journeys::{axe::assert_accessible, form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::json;

use crate::views::{becomes, open};

fn boxes(field: &str) -> String {
    format!(
        "[...root.querySelectorAll('[data-field={field}] [data-part]:not([type=checkbox])')].map((it) => it.value)"
    )
}

fn echo(field: &str) -> String {
    format!("[...root.querySelectorAll('[data-field={field}] .echo')].map((it) => it.textContent)")
}

async fn open_days(stage: &Stage) -> Sample {
    let field = |id: &str, kind: &str| json!({ "id": id, "type": kind });
    open(
        stage,
        json!([
            field("born", "date"),
            field("part", "partial-date"),
            field("stay", "date-range"),
            field("when", "month")
        ]),
    )
    .await
}

/// Puts a text into a box at once, as pasting does.
async fn paste(stage: &Stage, selector: &str, text: &str) {
    let script = "const box = all(args[0]).find(visible); box.focus(); box.value = args[1];
        box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, inputType: 'insertFromPaste' }));
        return [true]";
    stage.browser.ask(script, json!([selector, text])).await;
}

async fn a_whole_date_fills_all_boxes(stage: &Stage) {
    let sample = open_days(stage).await;
    let form = Form::on(&stage.browser, &sample);
    // Typed: nothing happens before it is whole, and no key is lost.
    form.enter("born", Some("day"), "13/3/256").await;
    becomes(stage, &boxes("born"), json!(["13/3/256", "", ""])).await;
    form.enter("born", Some("day"), "13/3/2566").await;
    becomes(stage, &boxes("born"), json!(["13", "3", "2566"])).await;
    becomes(
        stage,
        "root.querySelector('[data-field=born] [role=status]').textContent",
        json!("The date is filled in"),
    )
    .await;
    paste(stage, "[data-field=part] [data-part=day]", "13 มี.ค. ๒๕๓๓").await;
    becomes(stage, &boxes("part"), json!(["13", "3", "2533"])).await;
    paste(stage, "[data-field=stay] [data-member=from] [data-part=day]", "2026-11-20").await;
    paste(stage, "[data-field=stay] [data-member=to] [data-part=year]", "21/11/2569").await;
    becomes(stage, &boxes("stay"), json!(["20", "11", "2569", "21", "11", "2569"])).await;
    paste(stage, "[data-field=when] [data-part=year]", "พ.ย. 2569").await;
    becomes(stage, &boxes("when"), json!(["11", "2569"])).await;
    form.press("continue").await;
    let shown = "[...root.querySelectorAll('.row .answer')].map((it) => it.textContent)";
    becomes(
        stage,
        shown,
        json!([
            "13 March 2566 B.E. (2023)",
            "13 March 2533 B.E. (1990)",
            "20 November 2569 B.E. (2026) to 21 November 2569 B.E. (2026)",
            "November 2569 B.E. (2026)"
        ]),
    )
    .await;
}

async fn a_year_of_the_common_era_is_asked_about(stage: &Stage) {
    let sample = open_days(stage).await;
    let form = Form::on(&stage.browser, &sample);
    form.enter("born", Some("day"), "13/3/1990").await;
    becomes(stage, &boxes("born"), json!(["13", "3", "1990"])).await;
    form.press("continue").await;
    let listed =
        "[...root.querySelectorAll('[data-eform=error-summary] li')].map((one) => one.textContent)";
    becomes(stage, listed, json!(["Is 1990 a year C.E.? If so, enter the Buddhist year 2533"]))
        .await;
    form.enter("born", Some("year"), "2533").await;
    form.press("continue").await;
    becomes(
        stage,
        "root.querySelector('.row .answer').textContent",
        json!("13 March 2533 B.E. (1990)"),
    )
    .await;
}

async fn what_is_not_known_is_said(stage: &Stage) {
    let life =
        json!([{ "id": "part", "type": "partial-date", "lifetime": true, "default": "1947" }]);
    let sample = open(stage, life).await;
    let form = Form::on(&stage.browser, &sample);
    let ticked =
        "[...root.querySelectorAll('[data-field=part] input:checked')].map((it) => it.value)";
    let said = "root.querySelector('[data-field=part] .hint[role=status]').textContent";
    // Of a year alone, the rest is not known.
    becomes(stage, ticked, json!(["month"])).await;
    becomes(stage, &boxes("part"), json!(["2490"])).await;
    form.act("part.unknown", "month").await;
    becomes(stage, &boxes("part"), json!(["", "", "2490"])).await;
    becomes(stage, said, json!("")).await;
    form.enter("part", Some("day"), "13").await;
    form.act("part.month", "5").await;
    becomes(stage, &echo("part"), json!(["13 May 2490 B.E. (1947)"])).await;
    form.act("part.unknown", "day").await;
    becomes(stage, &boxes("part"), json!(["5", "2490"])).await;
    becomes(stage, &echo("part"), json!(["May 2490 B.E. (1947; day not known)"])).await;
    becomes(stage, said, json!("The day is left out. If you do know it, take the tick away."))
        .await;
    assert_accessible(&stage.browser, "a day that is not known").await;
    form.act("part.unknown", "month").await;
    becomes(stage, ticked, json!(["month"])).await;
    becomes(stage, &boxes("part"), json!(["2490"])).await;
    form.act("part.unknown", "day").await;
    becomes(stage, ticked, json!(["day"])).await;
    // What a tick took out is there again.
    becomes(stage, &boxes("part"), json!(["5", "2490"])).await;
    form.act("part.unknown", "day").await;
    becomes(stage, &boxes("part"), json!(["13", "5", "2490"])).await;
    form.act("part.unknown", "day").await;
    form.act("part.month", "6").await;
    form.press("continue").await;
    let answer = "root.querySelector('.row .answer').textContent";
    becomes(stage, answer, json!("June 2490 B.E. (1947; day not known)")).await;
    // A draft, and coming back, keep the tick.
    form.press("change").await;
    becomes(stage, ticked, json!(["day"])).await;
    form.act("part.unknown", "month").await;
    form.enter("part", Some("year"), "").await;
    form.act("part", "lifetime").await;
    becomes(stage, ticked, json!(["lifetime"])).await;
    form.press("continue").await;
    becomes(stage, answer, json!("For life")).await;
    // Who pastes a day knows it.
    form.press("change").await;
    becomes(stage, ticked, json!(["lifetime"])).await;
    paste(stage, "[data-field=part] [data-part=day]", "13/5/2490").await;
    becomes(stage, ticked, json!([])).await;
    becomes(stage, &boxes("part"), json!(["13", "5", "2490"])).await;
    form.act("part.unknown", "month").await;
    paste(stage, "[data-field=part] [data-part=year]", "14 June 2491").await;
    becomes(stage, ticked, json!([])).await;
    becomes(stage, &boxes("part"), json!(["14", "6", "2491"])).await;
    becomes(stage, "root.activeElement?.dataset.part", json!("year")).await;
    form.press("continue").await;
    becomes(stage, answer, json!("14 June 2491 B.E. (1948)")).await;
}

journeys!(
    a_whole_date_fills_all_boxes,
    a_year_of_the_common_era_is_asked_about,
    what_is_not_known_is_said,
);
