//! Where the kit cannot start, or should better start elsewhere: people are told what is the matter,
//! whom to call and where the empty form is, and in the browser inside another app, the way out.

use eform_journeys::{
    axe::assert_accessible, browser::Browser, form::Form, journeys, stage::Stage,
};
use serde_json::{Value, json};

use crate::{FORM, address, open, sample};

const KIT: &str = "eform-kit_bg.wasm";

/// The attribute of the first element that matches and can be seen.
async fn attribute(browser: &Browser, selector: &str, name: &str) -> String {
    let script = "return all(args[0]).find(visible)?.getAttribute(args[1])";
    let value = browser.wait_until(selector, script, json!([selector, name])).await;
    value.as_str().unwrap_or_default().to_owned()
}

/// The files of the kit are not all there, or the browser takes no wasm: to the page it is the same.
async fn without_the_kit_people_learn_whom_to_call_and_can_try_again(stage: &Stage) {
    let put_back = stage.agency.take_away(KIT);
    stage.browser.open(&address(stage)).await;
    assert_eq!(stage.browser.text("[role=alert] h1").await, "เปิดแบบฟอร์มไม่ได้");
    assert_eq!(stage.browser.text("[role=alert] h2").await, "The form cannot be opened");
    let sample = sample();
    let agency = &sample.definition()["agency"];
    let phone = agency["contact"]["phone"].as_str().expect("the journeys' form has a telephone");
    let calls = attribute(&stage.browser, "[role=alert] a[href^='tel:']", "href").await;
    assert_eq!(calls, format!("tel:{phone}"));
    let words = stage.browser.text("[role=alert]").await;
    assert!(words.contains(agency["name"]["th"].as_str().expect("a name")), "{words}");
    assert_accessible(&stage.browser, "the kit cannot start").await;

    let paper = attribute(&stage.browser, "[role=alert] a[href*='.blank.']", "href").await;
    put_back();
    stage.browser.tap("[data-action=try-again]").await;
    Form::on(&stage.browser, &sample).is_open().await;
    stage.browser.open(&paper).await;
    assert!(stage.browser.text(".version").await.contains(FORM));
}

/// What the webmaster wrote in the element is for this.
async fn on_an_agencys_page_its_own_words_are_there_too(stage: &Stage) {
    let _gone = stage.agency.take_away(KIT);
    let page = format!(
        "<!doctype html><html lang='th'><meta charset='utf-8'><title>An agency's own page</title>
         <script type='module' src='e-form.js'></script>
         <main><e-form src='forms/{FORM}.json'><p id='own'>Call 1555</p></e-form></main>"
    );
    stage.agency.write("page.html", &page);
    stage.browser.open(&format!("{}/page.html", stage.cable.origin())).await;
    stage.browser.text("[role=alert] h1").await;
    assert_eq!(stage.browser.text("#own").await, "Call 1555");
    // Not even the file that says more.
    let _gone_too = stage.agency.take_away("e-form-failed.js");
    stage.browser.reload().await;
    assert!(stage.browser.text("[role=alert]").await.contains("The form cannot be opened"));
    assert_eq!(stage.browser.text("#own").await, "Call 1555");
}

/// The page before is there until the next one is.
async fn is_headed(stage: &Stage, title: &str) {
    let script = "return all('h1').find(visible)?.innerText.trim() === args";
    stage.browser.wait_until(title, script, json!(title)).await;
}

/// `e-form.js` itself does not come, or the browser is too old to understand it.
async fn without_the_first_script_there_is_a_way_to_help(stage: &Stage) {
    let _gone = stage.agency.take_away("e-form.js");
    stage.browser.open(&address(stage)).await;
    // Not before a slow phone could have it.
    stage.browser.tap("e-form a[href='help.html']").await;
    is_headed(stage, "เปิดแบบฟอร์มบนเครื่องนี้ไม่ได้").await;
    assert!(stage.browser.count("a[href^='tel:']").await > 0);
    assert_accessible(&stage.browser, "help").await;
    stage.browser.set_width(320).await;
    let wider =
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(stage.browser.ask(wider, Value::Null).await, json!(0));
    stage.browser.tap("a[href='forms/farmer-registration.blank.th.html']").await;
    is_headed(stage, "ขึ้นทะเบียนเกษตรกร").await;
}

async fn without_scripts_help_comes_at_once(stage: &Stage) {
    assert!(stage.browser.run_no_scripts(true).await);
    stage.browser.open(&address(stage)).await;
    let help = format!("{}/help.html", stage.cable.origin());
    let there = eform_journeys::wait::wait_for("help", async || {
        (stage.browser.address().await == help).then_some(())
    });
    there.await;
    stage.browser.run_no_scripts(false).await;
    is_headed(stage, "เปิดแบบฟอร์มบนเครื่องนี้ไม่ได้").await;
}

/// Opens the form in a browser that says this of itself.
async fn open_in(stage: &Stage, user_agent: &str, query: &str) {
    let script = format!(
        "Object.defineProperty(Navigator.prototype, 'userAgent', {{ get: () => {} }});",
        json!(user_agent)
    );
    stage.agency.write("agent.js", &script);
    stage.agency.write(
        "app.html",
        "<!doctype html><html lang='th'><meta charset='utf-8'><title>The kit's page</title>
         <script src='agent.js'></script><script type='module' src='e-form.js'></script>
         <main><e-form standalone></e-form></main>",
    );
    stage.browser.open(&format!("{}/app.html?form={FORM}{query}", stage.cable.origin())).await;
}

const LINE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 \
     (KHTML, like Gecko) Mobile/15E148 Safari Line/14.20.0";
const FACEBOOK: &str = "Mozilla/5.0 (Linux; Android 14; SM-A155F; wv) AppleWebKit/537.36 (KHTML, \
     like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/489.0.0.0;]";

async fn in_line_a_tap_opens_the_phones_own_browser(stage: &Stage) {
    open_in(stage, LINE, "&lang=en").await;
    let sample = sample();
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    assert_eq!(stage.browser.text(".inapp .what").await, "You are using this form inside LINE");
    let outside = attribute(&stage.browser, "[data-action=open-outside]", "href").await;
    let page = stage.browser.address().await;
    assert_eq!(outside, format!("{page}&openExternalBrowser=1"));
    let small = "return all('.inapp a, .inapp button').filter((one) => one.getBoundingClientRect().height < 44).length";
    assert_eq!(stage.browser.ask(small, Value::Null).await, json!(0), "fit for a finger");
    assert_accessible(&stage.browser, "in LINE").await;

    // It follows the form's language, and does not come back once it was closed.
    let thai = "return all('[data-eform=language]').find((one) => one.lang === 'th')";
    stage.browser.tap_found("Thai", thai, Value::Null).await;
    let said = "return all('.inapp .what')[0]?.innerText === 'ท่านกำลังเปิดแบบฟอร์มใน LINE'";
    stage.browser.wait_until("the notice in Thai", said, Value::Null).await;
    stage.browser.tap("[data-action=close-notice]").await;
    assert_eq!(stage.browser.count(".inapp").await, 0);
    stage.browser.reload().await;
    form.is_open().await;
    assert_eq!(stage.browser.count(".inapp").await, 0);
}

async fn in_facebook_the_menu_is_told_and_the_address_can_be_copied(stage: &Stage) {
    open_in(stage, FACEBOOK, "").await;
    let sample = sample();
    Form::on(&stage.browser, &sample).is_open().await;
    let words = stage.browser.text(".inapp").await;
    assert!(words.contains("เปิดในเบราว์เซอร์ภายนอก"), "{words}");
    assert_eq!(stage.browser.count("[data-action=open-outside]").await, 0, "only LINE knows it");
    assert_accessible(&stage.browser, "in Facebook").await;
    // As where an app does not let a page copy.
    let refuse = "Object.defineProperty(navigator, 'clipboard', { value: undefined })";
    stage.browser.ask(refuse, Value::Null).await;
    stage.browser.tap("[data-action=copy-address]").await;
    let shown = "return all('.inapp input').find(visible)?.value";
    let shown = stage.browser.wait_until("the address", shown, Value::Null).await;
    assert_eq!(shown, json!(stage.browser.address().await));
}

async fn in_a_browser_of_its_own_there_is_no_notice(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    assert_eq!(stage.browser.count(".inapp").await, 0);
    // By the page; the service worker keeps it for whoever needs it.
    let fetched = "return performance.getEntriesByType('resource').filter(({ name }) => name.includes('inapp')).length";
    assert_eq!(stage.browser.ask(fetched, Value::Null).await, json!(0));
}

journeys!(
    without_the_kit_people_learn_whom_to_call_and_can_try_again,
    on_an_agencys_page_its_own_words_are_there_too,
    without_the_first_script_there_is_a_way_to_help,
    in_line_a_tap_opens_the_phones_own_browser,
    in_facebook_the_menu_is_told_and_the_address_can_be_copied,
    in_a_browser_of_its_own_there_is_no_notice,
);
journeys!(chromium alone: without_scripts_help_comes_at_once);
