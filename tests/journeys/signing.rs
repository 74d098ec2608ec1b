//! A signature: the name typed, or drawn on a pad with a finger, a pen or a mouse, and never both.

use eform_journeys::{axe::assert_accessible, form::Form, journeys, stage::Stage};
use serde_json::{Value, json};
use thirtyfour::Key;

use crate::views::{becomes, open};

/// As far across and down the pad, of 1.
const FIRST: [(f64, f64); 4] = [(0.1, 0.2), (0.3, 0.8), (0.5, 0.2), (0.7, 0.8)];
const SECOND: [(f64, f64); 2] = [(0.2, 0.5), (0.9, 0.5)];

/// The path in the draft's entry, and that on the screen.
const PATH: &str = "root.querySelector('.pad path:nth-of-type(2)').getAttribute('d')";

async fn answers(stage: &Stage, form: &Form<'_>) -> Value {
    form.press("submit").await;
    form.becomes("received").await;
    stage.agency.rows("views")[0].submission["answers"].clone()
}

/// Numbers of a path that should be there, give or take what a pixel is.
async fn is_drawn(stage: &Stage, wanted: &[(f64, f64)]) {
    let near = format!(
        "(() => {{
            const found = [...{PATH}.matchAll(/[ML](\\d+) (\\d+)/g)].map((it) => [+it[1], +it[2]]);
            const wanted = {};
            return found.length === wanted.length && found.every(([x, y], at) =>
                Math.abs(x - wanted[at][0] * 1000) < 15 && Math.abs(y - 250 - wanted[at][1] * 500) < 15);
        }})()",
        json!(wanted.iter().map(|(x, y)| json!([x, y])).collect::<Vec<_>>())
    );
    becomes(stage, &near, json!(true)).await;
}

async fn a_signature_is_drawn_kept_and_shown(stage: &Stage) {
    let sample =
        open(stage, json!([{ "id": "sign", "type": "signature", "required": true }])).await;
    let form = Form::on(&stage.browser, &sample);
    form.act("sign", "Somying").await;
    stage.browser.tap("[data-action=draw]").await;
    becomes(stage, "root.activeElement.id", json!("f-sign-drawn")).await;
    stage.browser.draw(".pad svg", &FIRST).await;
    stage.browser.draw(".pad svg", &SECOND).await;
    let both = [&FIRST[..], &SECOND].concat();
    is_drawn(stage, &both).await;
    let label = "root.querySelector('.pad svg').getAttribute('aria-label')";
    becomes(stage, label, json!("Your signature")).await;
    assert_accessible(&stage.browser, "a signature is drawn").await;
    stage.browser.tap("[data-action=undo-stroke]").await;
    is_drawn(stage, &FIRST).await;

    // The name is there again when it is asked for, and so is the drawing.
    stage.browser.tap("[data-action=type]").await;
    becomes(stage, "root.querySelector('input[name=sign]').value", json!("Somying")).await;
    stage.browser.tap("[data-action=draw]").await;
    is_drawn(stage, &FIRST).await;
    form.says("Draft saved on this phone").await;
    form.draft_is_kept(&serde_json::Map::from_iter([("drawn".to_owned(), json!(1))])).await;

    stage.browser.reload().await;
    form.is_open().await;
    is_drawn(stage, &FIRST).await;
    form.go_to_submit().await;
    form.says("Signed by hand").await;
    let shown = "root.querySelector('.answer .signed path').getBoundingClientRect().width > 20";
    becomes(stage, shown, json!(true)).await;
    let answers = answers(stage, &form).await;
    let members = answers["sign"].as_object().unwrap();
    assert!(members.len() == 1 && members["drawn"].as_str().unwrap().starts_with('M'));
}

async fn a_cleared_pad_is_no_signature_and_an_error_leads_to_it(stage: &Stage) {
    let field = json!({ "id": "sign", "type": "signature", "allow": ["drawn"], "required": true });
    let sample = open(stage, json!([field])).await;
    let form = Form::on(&stage.browser, &sample);
    becomes(stage, "root.querySelectorAll('[data-action=type], .field input').length", json!(0))
        .await;
    stage.browser.draw(".pad svg", &[(0.5, 0.5), (0.505, 0.5)]).await;
    form.press("continue").await;
    form.says("This drawing is too small; sign over the whole box").await;
    let follow =
        "(root.querySelector('[data-eform=error-summary] a').click(), root.activeElement.id)";
    becomes(stage, follow, json!("f-sign-drawn")).await;
    stage.browser.tap("[data-action=clear-drawing]").await;
    becomes(stage, PATH, json!("")).await;
    form.press("continue").await;
    form.says("Enter “sign”").await;
    stage.browser.draw(".pad svg", &FIRST).await;
    form.go_on().await;
    form.says("Signed by hand").await;
}

/// Who cannot see the pad, or has no pointer, types.
async fn a_name_is_typed_with_the_keyboard_alone(stage: &Stage) {
    let sample =
        open(stage, json!([{ "id": "sign", "type": "signature", "required": true }])).await;
    let form = Form::on(&stage.browser, &sample);
    for _ in 0..20 {
        stage.browser.press(Key::Tab).await;
        let at = "return focused()?.id";
        if stage.browser.ask(at, json!(null)).await == json!("f-sign-typed") {
            break;
        }
    }
    stage.browser.keys("S").await;
    stage.browser.press(Key::Enter).await;
    form.says("Type the whole name").await;
    let follow =
        "(root.querySelector('[data-eform=error-summary] a').click(), root.activeElement.id)";
    becomes(stage, follow, json!("f-sign-typed")).await;
    stage.browser.keys("omying").await;
    stage.browser.press(Key::Enter).await;
    form.says("Check your answers").await;
    assert_eq!(answers(stage, &form).await, json!({ "sign": { "typed": "Somying" } }));
}

/// Who asks for the pad by mistake has still signed, and after a flat battery too.
async fn a_typed_name_stays_until_something_is_drawn(stage: &Stage) {
    let sample =
        open(stage, json!([{ "id": "sign", "type": "signature", "required": true }])).await;
    let form = Form::on(&stage.browser, &sample);
    form.act("sign", "Somying").await;
    stage.browser.tap("[data-action=draw]").await;
    becomes(stage, "root.activeElement.id", json!("f-sign-drawn")).await;
    let frame = "['role', 'aria-label', 'aria-describedby'].map((it) => root.activeElement.getAttribute(it))";
    becomes(stage, frame, json!(["group", "Box to sign in", "f-sign-how f-sign-found"])).await;
    form.says("Draft saved on this phone").await;
    form.draft_is_kept(&serde_json::Map::from_iter([("typed".to_owned(), json!(1))])).await;
    stage.browser.reload().await;
    form.is_open().await;
    becomes(stage, "root.querySelector('input[name=sign]').value", json!("Somying")).await;
    form.go_to_submit().await;
    assert_eq!(answers(stage, &form).await, json!({ "sign": { "typed": "Somying" } }));
}

journeys!(
    a_typed_name_stays_until_something_is_drawn,
    a_signature_is_drawn_kept_and_shown,
    a_cleared_pad_is_no_signature_and_an_error_leads_to_it,
    a_name_is_typed_with_the_keyboard_alone,
);
