//! The form on an agency's own page: one element among others.

use eform_journeys::{form::Form, journeys, stage::Stage};
use serde_json::{Value, json};

use crate::{FORM, sample};

/// Serves an agency's page with these elements in it, and opens it.
async fn open_page(stage: &Stage, forms: &str) {
    stage.agency.write("page.html", &include_str!("host_page/page.html").replace("FORMS", forms));
    stage.agency.write("watch.js", include_str!("host_page/watch.js"));
    stage.browser.open(&format!("{}/page.html", stage.cable.origin())).await;
}

/// What the agency's own script has heard go wrong.
async fn wrong(stage: &Stage) -> Vec<Value> {
    let wrong = stage
        .browser
        .ask("return window.wrong ?? ['the script of the page did not run']", json!(null))
        .await;
    wrong.as_array().cloned().unwrap_or_default()
}

async fn one_script_and_one_element_are_enough_and_break_no_policy(stage: &Stage) {
    let sample = sample();
    open_page(stage, &format!("<e-form id='one' src='forms/{FORM}.json'></e-form>")).await;
    let form = Form::on(&stage.browser, &sample);
    let answers = form.fill_in().await;
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
    let told =
        "return window.told.some(([type, from]) => type === 'eform-received' && from === 'one')";
    stage.browser.wait_until("the page is told", told, json!(null)).await;
    assert_eq!(wrong(stage).await, Vec::<Value>::new());
}

async fn two_forms_on_one_page_do_not_mix(stage: &Stage) {
    let first = sample();
    let second = first.renamed("second-form");
    stage.agency.write("forms/second-form.json", &second.definition().to_string());
    stage.agency.start_again();
    let forms = format!(
        "<e-form id='one' src='forms/{FORM}.json'></e-form> <e-form id='two' src='forms/second-form.json'></e-form>"
    );
    open_page(stage, &forms).await;
    let one = Form::in_element(&stage.browser, &first, "#one");
    let two = Form::in_element(&stage.browser, &second, "#two");
    one.is_open().await;
    two.is_open().await;
    let mut answers_one = one.answer_screen().await;
    let answers_two = two.fill_in().await;
    two.press("submit").await;
    two.becomes("received").await;
    two.is_received_once(&stage.agency.rows("second-form"), &answers_two).await;
    assert!(one.states().await.is_empty(), "the other form is still being filled in");
    one.go_on().await;
    answers_one.extend(one.fill_in().await);
    one.press("submit").await;
    one.becomes("received").await;
    one.is_received_once(&stage.agency.rows(FORM), &answers_one).await;
    assert_eq!(wrong(stage).await, Vec::<Value>::new());
}

/// The webmaster sees where the mistake is; the rest of the page works.
async fn a_broken_definition_is_shown_to_the_webmaster_and_breaks_nothing_else(stage: &Stage) {
    let sample = sample();
    let mut broken = sample.definition().clone();
    broken["pages"][0]["fields"][0]["type"] = json!("no-such-type");
    // Beside the folder of forms: the agency's server does not serve a broken one from there.
    stage.agency.write("broken.json", &broken.to_string());
    let forms = format!(
        "<e-form id='one' src='broken.json'></e-form> <e-form id='two' src='forms/{FORM}.json'></e-form>"
    );
    open_page(stage, &forms).await;
    let one = Form::in_element(&stage.browser, &sample, "#one");
    one.says("/pages/0/fields/0").await;
    assert!(one.words().await.contains("no-such-type"), "{}", one.words().await);
    let two = Form::in_element(&stage.browser, &sample, "#two");
    two.is_open().await;
    stage.browser.tap("#count").await;
    assert_eq!(stage.browser.text("#count").await, "1");
}

/// A single-page application takes the element away and puts it back.
async fn taken_off_the_page_and_put_back_it_has_lost_nothing(stage: &Stage) {
    let sample = sample();
    open_page(stage, &format!("<e-form id='one' src='forms/{FORM}.json'></e-form>")).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    form.answer_screen().await;
    let entered = form.controls().await;
    let again = "
      const element = document.querySelector('e-form');
      element.remove();
      await new Promise((resolve) => requestAnimationFrame(resolve));
      document.body.append(element);
    ";
    stage.browser.ask(&format!("return (async () => {{ {again} }})()"), json!(null)).await;
    form.is_open().await;
    form.has_entered(&entered).await;
    assert_eq!(wrong(stage).await, Vec::<Value>::new());
}

journeys!(
    one_script_and_one_element_are_enough_and_break_no_policy,
    two_forms_on_one_page_do_not_mix,
    a_broken_definition_is_shown_to_the_webmaster_and_breaks_nothing_else,
    taken_off_the_page_and_put_back_it_has_lost_nothing,
);
