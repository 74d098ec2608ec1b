//! Fields that come and go with the answers to others: what was entered comes back with them, and what
//! is gone does nothing any more.

use eform_journeys::{form::Form, journeys, sample::Sample, stage::Stage, wait::wait_for};
use serde_json::{Map, Value, json};

use crate::{
    cost::{counters, settles_at},
    views::becomes,
};

async fn open(stage: &Stage, fields: Value) -> Sample {
    let definition = json!({
        "id": "hiding", "version": "1", "title": "Hiding", "languages": ["en"],
        "submit": { "url": "/api/submissions" },
        "pages": [{ "id": "page", "title": "Page", "fields": fields }]
    });
    stage.agency.write("forms/hiding.json", &definition.to_string());
    stage.browser.open(&format!("{}/?form=hiding&lang=en", stage.cable.origin())).await;
    let sample = Sample::new(definition);
    Form::on(&stage.browser, &sample).is_open().await;
    sample
}

fn shown_by_q(mut field: Value) -> Value {
    field["showIf"] = json!({ "var": "q" });
    field
}

/// What the boxes and buttons hold, after the field's name.
const HELD: &str =
    "[...root.querySelectorAll('[data-field]')].map((field) => `${field.dataset.field} ${
  [...field.querySelectorAll('input, output')].map((one) => one.matches('output') ? one.textContent
    : one.type === 'radio' ? (one.checked ? one.value : '') : one.value).join('')}`)";

async fn what_was_entered_comes_back_and_what_was_given_is_given_anew(stage: &Stage) {
    let choice = json!([{ "value": "a", "label": "A" }, { "value": "b", "label": "B" }]);
    let sample = open(
        stage,
        json!([
            { "id": "q", "type": "yes-no", "label": "Q" },
            { "id": "lock", "type": "yes-no", "label": "Lock" },
            { "id": "n", "type": "number", "label": "N", "max": 9, "showIf": { "var": "q" },
              "readOnlyIf": { "var": "lock" } },
            shown_by_q(json!({ "id": "given", "type": "text", "label": "G", "default": { "var": "m" } })),
            shown_by_q(json!({ "id": "sum", "type": "number", "label": "S",
              "calculate": { "+": [{ "var": "n" }, 1] } })),
            shown_by_q(json!({ "id": "c", "type": "choice", "label": "C", "options": choice })),
            { "id": "m", "type": "text", "label": "M" }
        ]),
    )
    .await;
    let form = Form::on(&stage.browser, &sample);
    let holds = async |held: Value| becomes(stage, HELD, held).await;
    form.act("m", "one").await;
    form.act("q", "true").await;
    form.act("n", "5").await;
    form.act("c", "b").await;
    holds(json!(["q true", "lock ", "n 5", "given one", "sum 6", "c b", "m one"])).await;
    form.act("q", "false").await;
    holds(json!(["q false", "lock ", "m one"])).await;
    form.act("m", "two").await;
    form.act("lock", "true").await;
    form.act("q", "true").await;
    // Locked, it is given; what nobody has touched follows what it comes from.
    holds(json!(["q true", "lock true", "n 5", "given two", "sum 6", "c b", "m two"])).await;
    form.act("lock", "false").await;
    form.act("n", "7").await;
    holds(json!(["q true", "lock false", "n 7", "given two", "sum 8", "c b", "m two"])).await;
}

/// A position that is found late, when its field has been hidden and shown again meanwhile.
async fn what_was_asked_before_a_field_was_hidden_answers_nobody(stage: &Stage) {
    let fields = json!([
        { "id": "plot", "type": "location", "label": "Plot", "accept": ["degrees"] },
        shown_by_q(json!({ "id": "remark", "type": "text", "label": "Remark" }))
    ]);
    let group = json!({ "id": "g", "type": "group", "label": "Group", "fields": fields });
    let sample =
        open(stage, json!([{ "id": "q", "type": "yes-no", "label": "Q" }, shown_by_q(group)]))
            .await;
    let form = Form::on(&stage.browser, &sample);
    let wait_for_answer = "
      window.asked = [];
      const asks = (...asked) => window.asked.push(asked);
      Object.defineProperty(navigator, 'geolocation', { value: { getCurrentPosition: asks } });";
    stage.browser.ask(wait_for_answer, json!(null)).await;
    form.act("q", "true").await;
    stage.browser.tap("[data-action=position]").await;
    form.act("q", "false").await;
    form.act("q", "true").await;
    form.act("g-plot.lat", "14.1").await;
    form.act("g-plot.long", "100.1").await;
    let answer = "window.asked[0][0]({ coords: { latitude: 1, longitude: 2, accuracy: 1 } })";
    stage.browser.ask(answer, json!(null)).await;
    form.act("g-remark", "later").await;
    let remark = json!({ "remark": "later" }).as_object().cloned().unwrap_or_else(Map::new);
    form.draft_is_kept(&remark).await;
    becomes(
        stage,
        HELD,
        json!(["q true", "g 14.1100.1later", "g-plot 14.1100.1", "g-remark later"]),
    )
    .await;
}

async fn what_is_hidden_and_shown_many_times_costs_no_more(stage: &Stage) {
    let text = |at: usize| json!({ "id": format!("c{at}"), "type": "text", "label": "Child" });
    let children: Vec<Value> = (0..20).map(|at| shown_by_q(text(at))).collect();
    let group = json!({ "id": "g", "type": "group", "label": "Group", "fields": children });
    let mut fields = vec![json!({ "id": "q", "type": "yes-no", "label": "Q" }), shown_by_q(group)];
    fields.extend((20..40).map(|at| shown_by_q(text(at))));
    let sample = open(stage, json!(fields)).await;
    crate::is_ready_for_no_signal(&stage.browser).await;
    let form = Form::on(&stage.browser, &sample);
    let toggle = async |times: usize| {
        for _ in 0..times {
            for answer in ["true", "false"] {
                form.act("q", answer).await;
            }
        }
    };
    toggle(2).await;
    wait_for("the page at rest", async || {
        let before = counters(stage).await;
        (counters(stage).await == before).then_some(())
    })
    .await;
    let before = counters(stage).await;
    toggle(10).await;
    settles_at(stage, before).await;
}

journeys!(
    what_was_entered_comes_back_and_what_was_given_is_given_anew,
    what_was_asked_before_a_field_was_hidden_answers_nobody,
);
journeys!(chromium alone: what_is_hidden_and_shown_many_times_costs_no_more);
