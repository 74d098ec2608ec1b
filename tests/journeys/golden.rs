//! What Chromium tells a screen reader of every type of field in every state, and what it paints, is
//! what it was: a change of either is seen in review. `cargo xtask golden` writes both anew.

use std::collections::BTreeMap;

use eform_guide::gallery::{COLUMNS, Sheet, State};
use eform_journeys::{
    agency::{cases, definition},
    browser::Browser,
    cable::Mode,
    form::Form,
    golden::{self, Differences},
    journeys,
    picture::Picture,
    sample::Sample,
    sheet::{self, TODAY},
    stage::Stage,
    tree::Tree,
};
use serde_json::{Value, json};

use crate::{changed, ends, installing};

/// A small phone.
const PHONE: (u32, u32) = (360, 740);
const DESKTOP: (u32, u32) = (1280, 800);

/// A file for each type; in it each state, in Thai and in English.
async fn every_type_tells_a_screen_reader_what_it_told(stage: &Stage) {
    stage.browser.set_screen(PHONE.0, PHONE.1, 1).await;
    let mut files: BTreeMap<&str, String> = BTreeMap::new();
    for state in State::ALL {
        let sheet = Sheet::of_types(state);
        let mut trees = Vec::new();
        for language in ["th", "en"] {
            sheet::open(stage, &sheet, language).await;
            trees.push(Tree::of(&stage.browser).await);
        }
        for one in &sheet.specimens {
            let file = files.entry(one.kind).or_default();
            for (language, tree) in ["th", "en"].iter().zip(&trees) {
                let gap = if file.is_empty() { "" } else { "\n" };
                *file +=
                    &format!("{gap}== {}, {language}\n{}", state.name(), tree.of_field(&one.name));
            }
        }
    }
    let mut differences = Differences::default();
    for (kind, tree) in files {
        differences.text(&golden::folder().join(format!("tree/{kind}.txt")), &tree);
    }
    differences.assert_none();
}

/// A picture for each type: its states beside each other.
async fn every_type_looks_as_it_did(stage: &Stage) {
    prepare(&stage.browser, PHONE).await;
    let mut all: BTreeMap<&str, Vec<Picture>> = BTreeMap::new();
    for state in State::PICTURED {
        let sheet = Sheet::of_types(state);
        sheet::open(stage, &sheet, "th").await;
        if !is_in_our_face(&stage.browser).await {
            return;
        }
        for one in &sheet.specimens {
            let place = stage.browser.ask(PLACE_OF_FIELD, json!(one.name)).await;
            let picture = stage.browser.picture(place_of(&place)).await;
            all.entry(one.kind).or_default().push(picture);
        }
    }
    let mut differences = Differences::default();
    for (kind, pictures) in all {
        let file = golden::folder_of_guide().join(format!("{kind}.png"));
        differences.picture(&file, Picture::grid(&pictures, COLUMNS));
    }
    differences.assert_none();
}

async fn every_page_of_the_farmers_form_looks_as_it_did_on_a_phone(stage: &Stage) {
    every_page(stage, "farmer-registration", "phone", PHONE).await;
}

async fn every_page_of_the_farmers_form_looks_as_it_did_on_a_desktop(stage: &Stage) {
    every_page(stage, "farmer-registration", "desktop", DESKTOP).await;
}

async fn every_page_of_the_survey_looks_as_it_did_on_a_phone(stage: &Stage) {
    every_page(stage, "egov-survey-citizen", "phone", PHONE).await;
}

async fn every_page_of_the_survey_looks_as_it_did_on_a_desktop(stage: &Stage) {
    every_page(stage, "egov-survey-citizen", "desktop", DESKTOP).await;
}

async fn every_page_of_the_application_looks_as_it_did_on_a_phone(stage: &Stage) {
    every_page(stage, "gcio-application", "phone", PHONE).await;
}

async fn every_page_of_the_application_looks_as_it_did_on_a_desktop(stage: &Stage) {
    every_page(stage, "gcio-application", "desktop", DESKTOP).await;
}

/// The whole page, as far as it can be scrolled, with the answers of one of the form's own cases.
async fn every_page(stage: &Stage, id: &str, screen: &str, size: (u32, u32)) {
    let form = definition(id);
    let cases = cases(id);
    let mut differences = Differences::default();
    prepare(&stage.browser, size).await;
    for (at, page) in form["pages"].as_array().into_iter().flatten().enumerate() {
        let entries = answers_with_page(&form, &cases, at);
        // A form of its own, since another page has another draft.
        let page_id = page["id"].as_str().unwrap_or_default();
        let mut copy = form.clone();
        let name = format!("{id}-{page_id}");
        copy["id"] = json!(name);
        stage.agency.write(&format!("forms/{name}.json"), &copy.to_string());
        let draft = json!({ "id": name, "entries": entries, "page": page_id });
        sheet::open_form(stage, &format!("?form={name}&lang=th"), &draft).await;
        let title = page["title"]["th"].as_str().or(page["title"].as_str()).unwrap_or_default();
        let shown = "return all('h1').find(visible)?.innerText.trim() === args && !all('.bar').some(visible)";
        stage.browser.wait_until(title, shown, json!(title)).await;
        if !is_in_our_face(&stage.browser).await {
            return;
        }
        let place = stage.browser.ask(PLACE_OF_PAGE, json!(null)).await;
        let picture = stage.browser.picture(place_of(&place)).await;
        let file = format!("image/{name}-{screen}.png");
        differences.picture(&golden::folder().join(file), picture);
    }
    differences.assert_none();
}

async fn every_screen_around_the_pages_looks_as_it_did_on_a_phone(stage: &Stage) {
    around_the_pages(stage, "phone", PHONE).await;
}

async fn every_screen_around_the_pages_looks_as_it_did_on_a_desktop(stage: &Stage) {
    around_the_pages(stage, "desktop", DESKTOP).await;
}

/// The way through a whole form, but for its pages: from the services that are offered to the receipt
/// and what is kept of it on the phone.
async fn around_the_pages(stage: &Stage, screen: &str, size: (u32, u32)) {
    let browser = &stage.browser;
    let id = "farmer-registration";
    let (definition, cases) = (definition(id), cases(id));
    let mut differences = Differences::default();
    prepare(browser, size).await;
    let mut look = async |what: &str| {
        if !is_in_our_face(browser).await {
            return false;
        }
        browser.ask(OTHER_EACH_TIME, json!(null)).await;
        let mut place = place_of(&browser.ask(PLACE_OF_PAGE, json!(null)).await);
        // All answers of a long form: the rest looks as the first of it.
        place[3] = place[3].min(2400.0);
        let picture = browser.picture(place).await;
        differences.picture(&golden::folder().join(format!("image/{what}-{screen}.png")), picture);
        true
    };
    let sample = Sample::new(definition.clone());
    let form = Form::on(browser, &sample);
    let origin = stage.cable.origin();

    browser.open(&format!("{origin}/?lang=th")).await;
    browser.wait_until("the services", "return all('.cards').some(visible)", json!(null)).await;
    if !look("services").await {
        return;
    }
    browser.open(&format!("{origin}/?form={id}&lang=th")).await;
    browser.text("[data-eform=start]").await;
    look("start").await;
    form.leave_by("start").await;
    form.press("continue").await;
    browser.text("[data-eform=error-summary]").await;
    look("errors").await;

    let last = definition["pages"].as_array().map_or(0, Vec::len) - 1;
    let page = definition["pages"][last]["id"].clone();
    let entries = answers_with_page(&definition, &cases, last);
    let draft = json!({ "id": id, "entries": entries, "page": page });
    sheet::open_form(stage, &format!("?form={id}&lang=th"), &draft).await;
    form.is_open().await;
    form.leave_by("tasks").await;
    look("tasks").await;
    browser.ask("history.back()", json!(null)).await;
    form.is_open().await;
    form.leave_by("continue").await;
    form.says("ตรวจคำตอบ").await;
    look("check").await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    tells_by_when(browser, "27 พ.ย.").await;
    look("queued").await;
    stage.cable.set(Mode::Pass).await;
    browser.tap("[data-action=send-now]").await;
    form.becomes("received").await;
    look("received").await;
    // A tap right after a receipt is drawn is taken for one more on «submit».
    browser.ask("const now = Date.now(); Date.now = () => now + 1000", json!(null)).await;
    form.leave_by("mine").await;
    look("mine").await;
    differences.assert_none();
}

async fn every_screen_of_what_fails_looks_as_it_did_on_a_phone(stage: &Stage) {
    what_fails(stage, "phone", PHONE).await;
}

async fn every_screen_of_what_fails_looks_as_it_did_on_a_desktop(stage: &Stage) {
    what_fails(stage, "desktop", DESKTOP).await;
}

/// A form that has changed, a sign-in that is asked for, a portal in between, and the offer to keep the
/// page: in Thai and in English.
async fn what_fails(stage: &Stage, screen: &str, size: (u32, u32)) {
    let browser = &stage.browser;
    let mut differences = Differences::default();
    prepare(browser, size).await;
    let mut look = async |what: &str| {
        if is_in_our_face(browser).await {
            browser.ask(OTHER_EACH_TIME, json!(null)).await;
            let place = place_of(&browser.ask(PLACE_OF_PAGE, json!(null)).await);
            let picture = browser.picture(place).await;
            let file = format!("image/{what}-{screen}.png");
            differences.picture(&golden::folder().join(file), picture);
        }
    };
    let (old, new) = (Sample::new(changed::before()), Sample::new(changed::now()));
    changed::begin(stage, &old).await;
    changed::publish(stage, &changed::now());
    let form = changed::open_newest(stage, &new).await;
    browser.text("[data-eform=changed]").await;
    look("changed-en").await;
    form.turn_language().await;
    look("changed-th").await;

    let sample = Sample::new(ends::definition());
    stage.cable.next("PUT", ends::answer(401, ends::PROBLEM));
    let form = ends::submitted(stage, &sample).await;
    form.becomes("attention").await;
    tells_by_when(browser, "27 Nov").await;
    look("sign-in-en").await;
    form.turn_language().await;
    tells_by_when(browser, "27 พ.ย.").await;
    look("sign-in-th").await;
    browser.open(&format!("{}/?lang=th", stage.cable.origin())).await;
    browser.text("h1").await;
    browser.ask(installing::OFFER, json!("accepted")).await;
    browser.text("[data-action=install]").await;
    tells_by_when(browser, "27 พ.ย.").await;
    look("install-th").await;
    differences.assert_none();
}

/// The browser was asked whether it keeps what is here, and the page says by when to do something.
async fn tells_by_when(browser: &Browser, day: &str) {
    let told = "return all('[data-part=may-be-wiped]').some((one) => visible(one) && one.innerText.includes(args))";
    browser.wait_until("by when", told, json!(day)).await;
}

/// The answers of the fullest case in which this page is shown.
fn answers_with_page(form: &Value, cases: &Value, page: usize) -> Value {
    let form = eform::Form::parse(form.to_string().as_bytes()).expect("the kit's own form");
    let today = eform::Date::parse_iso(&TODAY[..10]).expect("a date");
    let answers = cases["cases"].as_array().into_iter().flatten().filter_map(|case| {
        let session = eform::Session::new(form.clone(), case["answers"].as_object()?, today);
        session.page_is_shown(page).then(|| Value::Object(session.answers().clone()))
    });
    let fullest = answers.max_by_key(|answers| answers.to_string().len());
    fullest.expect("a case that shows the page")
}

/// A screen on which nothing moves, on the day of the examples.
async fn prepare(browser: &Browser, (width, height): (u32, u32)) {
    browser.set_screen(width, height, 1).await;
    assert!(browser.pretend("", "prefers-reduced-motion", "reduce").await);
    let with = json!({ "source": sheet::clock() });
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", with).await;
}

const PLACE_OF_FIELD: &str = "
  const field = document.querySelector('e-form').shadowRoot.querySelector(`[data-field='${args}']`);
  const { top, height } = field.getBoundingClientRect();
  return [0, Math.floor(top + scrollY) - 12, innerWidth, Math.ceil(height) + 24];
";

const PLACE_OF_PAGE: &str = "
  return [0, 0, innerWidth, Math.max(innerHeight, document.documentElement.scrollHeight)];
";

fn place_of(place: &Value) -> [f64; 4] {
    [0, 1, 2, 3].map(|at| place[at].as_f64().unwrap_or_default())
}

/// Loads the kit's own typeface, whatever the phone has, and hides what moves by itself.
const OUR_FACE: &str = "
  const { ready } = await import(new URL('/fonts/fonts.js', location.href));
  (await ready).forEach((face) => document.fonts.add(face));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { animation: none !important; caret-color: transparent !important; transition: none !important; }');
  for (const { shadowRoot } of all('e-form')) shadowRoot.adoptedStyleSheets = [sheet];
  focused()?.blur();
  scrollTo(0, 0);
  await document.fonts.ready;
";

/// Puts every character that is painted where the browser can be asked for its typefaces. (The page's
/// words are in a shadow root, and there are many.)
const CHARACTERS: &str = "
  const painted = new Set();
  const add = (text) => [...(text ?? '')].forEach((one) => one.trim() && painted.add(one));
  for (const one of all('*').filter(visible)) {
    for (const node of one.childNodes) if (node.nodeType === Node.TEXT_NODE) add(node.data);
    if (one.matches('input:not([type=file]), textarea')) add(one.value);
    for (const part of ['::before', '::after']) {
      const { content } = getComputedStyle(one, part);
      if (/^\"/.test(content)) add(content.slice(1, -1));
    }
  }
  const root = all('.e-form')[0];
  const probe = document.createElement('p');
  probe.id = 'probe';
  // A mark of Thai stands on a letter.
  const mark = /\\p{M}/u;
  probe.textContent = [...painted].sort().map((one) => (mark.test(one) ? 'ก' + one : one)).join(' ');
  root.append(probe);
";

/// Puts what the agency gives and when in place of what is another each time.
const OTHER_EACH_TIME: &str = "
  for (const one of all('[data-eform-reference]')) one.textContent = 'FARM-2026-0000001';
  for (const one of all('.stages .done:last-child span:last-child')) one.textContent = '20 พ.ย. 2569 10.00 น.';
";

/// Whether all that is painted is in the kit's own face: what is not would look otherwise on another
/// machine, so nothing can be compared.
async fn is_in_our_face(browser: &Browser) -> bool {
    browser.ask(&format!("return (async () => {{ {OUR_FACE} }})()"), json!(null)).await;
    browser.ask(CHARACTERS, json!(null)).await;
    let faces = browser.faces_of("#probe").await;
    browser.ask("all('#probe').forEach((probe) => probe.remove())", json!(null)).await;
    let others: Vec<&String> = faces.iter().filter(|face| !face.contains("Sarabun")).collect();
    if others.is_empty() && !faces.is_empty() {
        return true;
    }
    println!("skipped: pictures need every letter in Sarabun, and this one has {faces:?}");
    false
}

journeys!(
    chromium alone:
    every_type_tells_a_screen_reader_what_it_told,
    every_type_looks_as_it_did,
    every_page_of_the_farmers_form_looks_as_it_did_on_a_phone,
    every_page_of_the_farmers_form_looks_as_it_did_on_a_desktop,
    every_page_of_the_survey_looks_as_it_did_on_a_phone,
    every_page_of_the_survey_looks_as_it_did_on_a_desktop,
    every_page_of_the_application_looks_as_it_did_on_a_phone,
    every_page_of_the_application_looks_as_it_did_on_a_desktop,
    every_screen_around_the_pages_looks_as_it_did_on_a_phone,
    every_screen_around_the_pages_looks_as_it_did_on_a_desktop,
    every_screen_of_what_fails_looks_as_it_did_on_a_phone,
    every_screen_of_what_fails_looks_as_it_did_on_a_desktop,
);
