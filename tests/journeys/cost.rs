//! What a page costs does not depend on what else is in the form: a page that is not on the screen
//! costs nothing, and a key costs what depends on the answer. Counted, not timed; in Chromium, which
//! says how many nodes and listeners a page has.

use eform_journeys::{
    form::Form,
    journeys,
    sample::Sample,
    stage::Stage,
    wait::{PATIENCE, wait_at_most, wait_for},
};
use serde_json::{Value, json};

use crate::is_ready_for_no_signal;

/// Nodes and listeners of the page, once nothing more is swept away.
async fn settled(stage: &Stage) -> (u64, u64) {
    let mut before = (0, 0);
    wait_for("nodes and listeners that stay", async || {
        let now = counters(stage).await;
        let is_settled = std::mem::replace(&mut before, now) == now;
        is_settled.then_some(now)
    })
    .await
}

/// Nodes and listeners of the page, once what is not used any more has been swept away.
pub async fn counters(stage: &Stage) -> (u64, u64) {
    let devtools = async |command: &str| {
        let told = stage.browser.try_devtools(command, json!({})).await;
        told.unwrap_or_else(|error| panic!("{command}: {error}"))
    };
    devtools("HeapProfiler.collectGarbage").await;
    let counted = devtools("Memory.getDOMCounters").await;
    let number = |name: &str| counted[name].as_u64().unwrap_or_default();
    (number("nodes"), number("jsEventListeners"))
}

/// Waits until no more nodes and listeners are there than `before`, but for a few: a browser sweeps
/// away what a page before has left in its own time.
pub async fn settles_at(stage: &Stage, before: (u64, u64)) {
    let mut now = (0, 0);
    let settled = wait_at_most(PATIENCE, async || {
        now = counters(stage).await;
        (now.0 < before.0 + 20 && now.1 < before.1 + 5).then_some(())
    })
    .await;
    assert!(settled.is_some(), "nodes and listeners: {before:?} before, {now:?} now");
}

/// Pages of ten fields each, that need not be answered.
async fn open_pages(stage: &Stage, pages: usize) -> Sample {
    let field = |page: usize, at: usize| json!({ "id": format!("f{page}-{at}"), "type": "text", "label": "Question" });
    let page = |page: usize| {
        let fields: Vec<Value> = (0..10).map(|at| field(page, at)).collect();
        json!({ "id": format!("p{page}"), "title": format!("Page {page}"), "fields": fields })
    };
    open(stage, (0..pages).map(page).collect()).await
}

async fn open(stage: &Stage, pages: Vec<Value>) -> Sample {
    let definition = json!({
        "id": "cost", "version": "1", "title": "Cost", "languages": ["en"],
        "submit": { "url": "/api/submissions" }, "pages": pages
    });
    stage.agency.write("forms/cost.json", &definition.to_string());
    // Away from the form that was open before.
    stage.browser.open("about:blank").await;
    stage.browser.open(&format!("{}/?form=cost&lang=en", stage.cable.origin())).await;
    let sample = Sample::new(definition);
    Form::on(&stage.browser, &sample).is_open().await;
    is_ready_for_no_signal(&stage.browser).await;
    // What comes later draws what belongs to it, once.
    stage.browser.text(".foot a").await;
    sample
}

async fn a_page_that_is_not_on_the_screen_costs_nothing(stage: &Stage) {
    // The first time, no worker watches for new versions yet.
    for _ in 0..2 {
        _ = open_pages(stage, 2).await;
    }
    let few = settled(stage).await;
    _ = open_pages(stage, 200).await;
    settles_at(stage, few).await;
}

/// «Continue» without a tap: a driver holds on to what it has tapped, and so to the page around it.
async fn turn_to(stage: &Stage, page: usize) {
    let there = "const root = document.querySelector('e-form').shadowRoot;
        if (root.querySelector('h1')?.textContent === args) return true;
        if (window.asked !== args) root.querySelector('[data-eform=continue]').click();
        window.asked = args;
        return false";
    let title = json!(format!("Page {page}"));
    stage.browser.wait_until("the next page", there, title).await;
}

async fn a_page_that_was_left_costs_nothing(stage: &Stage) {
    _ = open_pages(stage, 20).await;
    for page in 1..=2 {
        turn_to(stage, page).await;
    }
    let third = settled(stage).await;
    for page in 3..20 {
        turn_to(stage, page).await;
    }
    settles_at(stage, third).await;
}

/// What is changed in the page until the draft is kept, the line that says so left out.
const CHANGED: &str = r"
    const root = document.querySelector('e-form').shadowRoot;
    const said = root.querySelector('.note');
    window.changed ??= [];
    changed.length = 0;
    const note = (record) => changed.push(`${record.type} of ${record.target.localName} ${record.target.id}`);
    window.watch ??= new MutationObserver((records) => records.filter((one) => one.target !== said).forEach(note));
    watch.observe(root, { attributes: true, characterData: true, childList: true, subtree: true });
    said.textContent = '';
    root.querySelector(args).focus();
";

async fn a_key_costs_what_depends_on_the_answer(stage: &Stage) {
    let mut fields: Vec<Value> = (0..2_000)
        .map(|at| json!({ "id": format!("f{at}"), "type": "text", "label": "Question", "required": true }))
        .collect();
    fields[1_500]["showIf"] = json!({ "==": [{ "var": "f1000" }, "a"] });
    _ = open(stage, vec![json!({ "id": "page", "title": "Page", "fields": fields })]).await;
    let kept = "return document.querySelector('e-form').shadowRoot.querySelector('.note').textContent !== ''";
    let mut changed = Vec::new();
    for (field, key) in [("f500", "b"), ("f1000", "a"), ("f1000", "b")] {
        stage.browser.ask(CHANGED, json!(format!("[name={field}]"))).await;
        stage.browser.keys(key).await;
        stage.browser.wait_until("the draft is kept", kept, json!(null)).await;
        changed.push(stage.browser.ask("return changed", json!(null)).await);
    }
    let form = json!(["childList of form "]);
    assert_eq!(changed, [json!([]), form.clone(), form], "nothing, one field more, one field less");
}

journeys!(
    chromium alone: a_page_that_is_not_on_the_screen_costs_nothing,
    a_page_that_was_left_costs_nothing,
    a_key_costs_what_depends_on_the_answer,
);
