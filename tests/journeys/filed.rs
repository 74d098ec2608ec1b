//! What cannot be sent is saved as a file, and another phone or an officer delivers it; the phone that
//! made it comes back, and there is one row and one receipt.

use std::{fs, path::PathBuf};

use eform_journeys::{
    agency::definition, axe::assert_accessible, browser::Browser, cable::Mode, form::Form,
    journeys, sample::Sample, stage::Stage,
};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::{FORM, narrow::nothing_is_cut, open, open_list, sample, way};

/// Keeps what is saved, for the journey to carry it.
const CATCH: &str = "
  const make = URL.createObjectURL;
  window.savedFiles = [];
  URL.createObjectURL = (file) => { window.savedFiles.push(file); return make.call(URL, file); };
";

const CAUGHT: &str = "
  return window.savedFiles[0].arrayBuffer().then((buffer) =>
    [btoa(String.fromCharCode(...new Uint8Array(buffer))), window.savedFiles[0].name]);
";

/// A file on a memory card, and its code on paper.
struct Carried {
    _card: TempDir,
    path: PathBuf,
    code: String,
}

/// A submission for which there is no signal, on the screen.
async fn waits<'a>(stage: &'a Stage, sample: &'a Sample) -> (Form<'a>, Map<String, Value>) {
    let form = open(stage, sample).await;
    let answers = form.fill_in().await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.is_kept().await;
    (form, answers)
}

/// Saves the submission that is on the screen as a file. Nothing of it can be read.
async fn saved(stage: &Stage) -> Carried {
    let browser = &stage.browser;
    browser.ask(CATCH, json!(null)).await;
    browser.tap("[data-action=save-file]").await;
    let code = browser.text("[data-eform=file-code]").await;
    assert_eq!(code.split(' ').map(str::len).collect::<Vec<_>>(), [4, 4, 4, 4], "{code}");
    let caught = browser.ask(CAUGHT, json!(null)).await;
    let name = caught[1].as_str().expect("a name");
    assert!(name.starts_with(FORM) && name.ends_with(".eform"), "{name}");
    let bytes = eform::base64::decode(caught[0].as_str().expect("base 64")).expect("base 64");
    assert!(!bytes.windows(7).any(|some| some == FORM.as_bytes()), "its form can be read");
    let card = tempfile::tempdir().expect("a temporary folder");
    let path = card.path().join(name);
    fs::write(&path, bytes).expect("a temporary folder is writable");
    Carried { _card: card, path, code }
}

/// Opens a carried file in the list of services.
async fn take_in(browser: &Browser, carried: &Carried, code: &str) {
    browser.choose_files("#saved-file", std::slice::from_ref(&carried.path)).await;
    let find = "return all('#saved-code').find(visible)";
    browser.type_into("the code", find, json!(null), code).await;
    browser.tap("[data-action=open-file]").await;
}

async fn is_received_here(browser: &Browser) -> String {
    let state = "return all('[data-state]').some((one) => one.dataset.state === 'received')";
    browser.wait_until("it is received", state, json!(null)).await;
    let reference = browser.text("[data-eform-reference]").await;
    reference.split_whitespace().collect()
}

async fn another_phone_delivers_it_and_both_have_one_receipt(stage: &Stage) {
    let sample = sample();
    let (form, answers) = waits(stage, &sample).await;
    let carried = saved(stage).await;
    assert_accessible(&stage.browser, "it is saved as a file").await;
    stage.browser.set_width(320).await;
    nothing_is_cut(stage, "it is saved as a file").await;
    assert_ne!(form.states().await, ["received"], "it still goes by itself");
    stage.browser.kill();

    stage.cable.set(Mode::Pass).await;
    let other = Browser::start(stage.browser.engine()).await;
    other.open(&format!("{}/?lang=en", stage.cable.origin())).await;
    other.tap("summary[data-action=saved-file]").await;
    take_in(&other, &carried, "2345 6789 CDFG HJKM").await;
    other.text("[data-eform=file-wrong]").await;
    let wrong = "return all('[data-eform=file-wrong]').some((one) => one.innerText.includes('16'))";
    other.wait_until("the code is said to be wrong", wrong, json!(null)).await;
    assert_accessible(&other, "the code is wrong").await;
    assert!(stage.agency.rows(FORM).is_empty());
    let typed = carried.code.to_lowercase();
    other.ask("all('#saved-code')[0].value = ''", json!(null)).await;
    take_in(&other, &carried, &typed).await;
    other.text("[data-eform=file-opened]").await;
    let reference = is_received_here(&other).await;
    Form::on(&other, &sample).is_received_once(&stage.agency.rows(FORM), &answers).await;
    assert_accessible(&other, "a file was opened").await;

    stage.browser.start_again().await;
    open_list(stage, &sample).await;
    assert_eq!(is_received_here(&stage.browser).await, reference);
    assert_eq!(stage.agency.rows(FORM).len(), 1);
}

async fn an_officer_takes_it_in_and_the_phone_gets_that_receipt(stage: &Stage) {
    let sample = sample();
    let (form, _) = waits(stage, &sample).await;
    let carried = saved(stage).await;
    let said = stage.agency.import(&carried.path, &carried.code);
    let rows = stage.agency.rows(FORM);
    assert_eq!(rows.len(), 1, "{said}");
    let reference = rows[0].receipt["reference"].as_str().unwrap_or_default();
    assert!(said.trim().ends_with(reference), "{said}");

    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    assert_eq!(is_received_here(&stage.browser).await, reference);
    assert_eq!(stage.agency.rows(FORM), rows);
    assert!(stage.agency.import(&carried.path, &carried.code).contains("already"));
}

/// Whose endpoint would not let this page send: it would wait for ever.
async fn a_file_of_another_site_is_refused_and_says_where_it_can_be_opened(stage: &Stage) {
    let sample = sample();
    waits(stage, &sample).await;
    let carried = saved(stage).await;
    // The same machine without the cable is another origin.
    stage.browser.open(&format!("http://{}/?lang=en", stage.agency.address())).await;
    stage.browser.tap("summary[data-action=saved-file]").await;
    take_in(&stage.browser, &carried, &carried.code).await;
    let site = stage.cable.origin().replace("http://", "");
    let words = "return all('[data-eform=file-wrong]').some((one) => one.innerText.includes(args))";
    stage.browser.wait_until("where it can be opened", words, json!(format!("at {site}."))).await;
    assert_accessible(&stage.browser, "the file is for another site").await;
    assert_eq!(stage.browser.count("[data-state]").await, 0);
    assert!(stage.agency.rows(FORM).is_empty());
}

/// It came by a form of this site, and waits where the citizen is.
async fn one_of_another_form_is_listed_where_it_was_opened(stage: &Stage) {
    let sample = sample();
    waits(stage, &sample).await;
    let carried = saved(stage).await;
    stage.browser.kill();

    stage.cable.set(Mode::Pass).await;
    let other = Browser::start(stage.browser.engine()).await;
    let own = Sample::new(definition(way::ID));
    other.open(&format!("{}/?form={}&lang=en", stage.cable.origin(), way::ID)).await;
    let form = Form::on(&other, &own);
    form.is_open().await;
    form.leave_by("start").await;
    form.fill_in().await;
    form.press("submit").await;
    form.becomes("received").await;
    form.leave_by("mine").await;
    stage.cable.set(Mode::Unplugged).await;
    other.tap("summary[data-action=saved-file]").await;
    take_in(&other, &carried, &carried.code).await;
    form.says("Of other forms").await;
    let listed = "return all('[data-state=queued]').filter(visible).length === 1";
    other.wait_until("it waits in the list", listed, json!(null)).await;
    assert_accessible(&other, "one of another form").await;
    stage.cable.set(Mode::Pass).await;
    let both = "return all('[data-state=received]').filter(visible).length === 2";
    other.wait_until("both are received", both, json!(null)).await;
    assert_eq!(stage.agency.rows(FORM).len(), 1);
    other.tap("h2 + div [data-action=open]").await;
    Form::on(&other, &sample).becomes("received").await;
}

/// The code can be read as long as the screen is shown, and goes with it, and so does the file.
async fn the_file_and_its_code_go_from_memory_with_the_screen(stage: &Stage) {
    let sample = sample();
    let (form, _) = waits(stage, &sample).await;
    let watch = "
      const { createObjectURL, revokeObjectURL } = URL;
      window.addresses = new Set();
      URL.createObjectURL = (file) => {
        const address = createObjectURL.call(URL, file);
        window.addresses.add(address);
        return address;
      };
      URL.revokeObjectURL = (address) => {
        window.addresses.delete(address);
        revokeObjectURL.call(URL, address);
      };";
    stage.browser.ask(watch, json!(null)).await;
    stage.browser.tap("[data-action=save-file]").await;
    let code = stage.browser.text("[data-eform=file-code]").await;
    let kept = "return window.addresses.size";
    assert_eq!(stage.browser.ask(kept, json!(null)).await, 1);
    // Drawn anew in another language, it is the same.
    form.turn_language().await;
    assert_eq!(stage.browser.text("[data-eform=file-code]").await, code);
    assert_eq!(stage.browser.ask(kept, json!(null)).await, 1);
    form.leave_by("another").await;
    stage
        .browser
        .wait_until("the file is gone", "return window.addresses.size === 0", json!(null))
        .await;
    assert!(!form.words().await.contains(&code));
    stage.browser.back().await;
    form.is_kept().await;
    assert_eq!(stage.browser.count("[data-eform=file-code]").await, 0);
}

journeys!(
    a_file_of_another_site_is_refused_and_says_where_it_can_be_opened,
    one_of_another_form_is_listed_where_it_was_opened,
    the_file_and_its_code_go_from_memory_with_the_screen,
    another_phone_delivers_it_and_both_have_one_receipt,
    an_officer_takes_it_in_and_the_phone_gets_that_receipt,
);
