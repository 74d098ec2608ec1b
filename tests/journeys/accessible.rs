//! axe-core finds nothing, on any screen of the form, in any state, in every language, in the light
//! and in the dark.

use eform_journeys::{
    axe::{assert_accessible, assert_readable},
    cable::Mode,
    form::Form,
    journeys,
    sample::Sample,
    stage::Stage,
};
use serde_json::{Value, json};

use crate::{FORM, address, is_ready_for_no_signal, open, sample};

async fn every_screen_in_the_first_language(stage: &Stage) {
    let sample = sample();
    every_screen(stage, &sample, 0, "light").await;
}

async fn every_screen_in_the_second_language(stage: &Stage) {
    let sample = sample();
    every_screen(stage, &sample, 1, "light").await;
}

async fn every_screen_in_the_dark(stage: &Stage) {
    let sample = sample();
    every_screen(stage, &sample, 0, "dark").await;
}

/// Nothing on the page says «dark»: the phone does.
async fn the_form_is_as_dark_as_the_phone(stage: &Stage) {
    assert!(stage.browser.pretend("", "prefers-color-scheme", "dark").await);
    let sample = sample();
    let form = open(stage, &sample).await;
    assert_eq!(paper(stage).await, DARK_PAPER);
    assert_accessible(&stage.browser, "on a dark phone").await;
    form.press("continue").await;
    stage.browser.text("[data-eform=error-summary]").await;
    assert_accessible(&stage.browser, "on a dark phone, with errors").await;
    has_theme(stage, "light").await;
    assert_eq!(paper(stage).await, "rgb(255, 255, 255)");
}

/// Where the reader's own colours take the place of all of ours, what is chosen, wrong or has the focus
/// still looks like it.
async fn what_is_chosen_or_wrong_shows_in_forced_colours(stage: &Stage) {
    assert!(stage.browser.pretend("", "forced-colors", "active").await);
    let sample = sample();
    let form = open(stage, &sample).await;
    form.press("continue").await;
    stage.browser.text("[data-eform=error-summary]").await;
    let look = |selector: &str, what: &str| {
        format!(
            "return all('{selector}').filter(visible).map((one) => getComputedStyle(one).{what})"
        )
    };
    let looks = async |selector: &str, what: &str| {
        let found = stage.browser.ask(&look(selector, what), json!(null)).await;
        found[0].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(
        looks("input[aria-invalid=true]:not([type=radio])", "borderTopStyle").await,
        "double"
    );
    assert_eq!(looks("[data-eform=error-summary]", "outlineStyle").await, "solid");
    assert_eq!(looks("progress", "borderTopWidth").await, "1px");
    form.answer_screen().await;
    assert_eq!(looks(".option:has(:checked)", "outlineStyle").await, "solid");
    assert_eq!(looks(".option:not(:has(:checked))", "outlineStyle").await, "none");
}

/// However dark or light the agency's accent is.
async fn any_accent_can_be_read_in_the_dark(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    has_theme(stage, "dark").await;
    for accent in ["#000", "#00f", "#6b1d3f", "#004d00"] {
        let set = "document.querySelector('e-form').style.setProperty('--eform-accent', args)";
        stage.browser.ask(set, json!(accent)).await;
        assert_accessible(&stage.browser, accent).await;
    }
}

const DARK_PAPER: &str = "rgb(20, 24, 31)";

pub async fn paper(stage: &Stage) -> Value {
    let paper = "return getComputedStyle(all('.e-form')[0]).backgroundColor";
    stage.browser.ask(paper, json!(null)).await
}

pub async fn has_theme(stage: &Stage, theme: &str) {
    let set = "document.querySelector('e-form').setAttribute('theme', args)";
    stage.browser.ask(set, json!(theme)).await;
}

/// What is on the screen, in the form's two languages and two themes: by every rule in each language,
/// and the colours, of which alone a theme has others, in both themes. It stays in the first of each.
pub async fn assert_accessible_in_every_look(stage: &Stage, form: &Form<'_>, state: &str) {
    for language in ["the second language", "the first language"] {
        form.turn_language().await;
        has_theme(stage, "dark").await;
        assert_readable(&stage.browser, &format!("{state}, {language}, dark")).await;
        has_theme(stage, "light").await;
        assert_accessible(&stage.browser, &format!("{state}, {language}, light")).await;
    }
}

async fn every_screen(stage: &Stage, sample: &Sample, language: usize, theme: &str) {
    let language =
        sample.definition()["languages"][language].as_str().expect("the sample has two languages");
    let address = format!("{}&lang={language}", address(stage));
    stage.browser.open(&format!("{}/?lang={language}", stage.cable.origin())).await;
    stage.browser.text("h1").await;
    is_ready_for_no_signal(&stage.browser).await;
    has_theme(stage, theme).await;
    assert_accessible(&stage.browser, "the list of services").await;
    stage.browser.open(&address).await;
    let form = Form::on(&stage.browser, sample);
    form.is_open().await;
    has_theme(stage, theme).await;
    if theme == "dark" {
        assert_eq!(paper(stage).await, DARK_PAPER);
    }
    for page in 1.. {
        if form.shows("submit").await {
            break;
        }
        assert_accessible(&stage.browser, &format!("page {page}, empty")).await;
        form.press("continue").await;
        stage.browser.text("[data-eform=error-summary]").await;
        assert_accessible(&stage.browser, &format!("page {page}, with errors")).await;
        form.answer_screen().await;
        assert_accessible(&stage.browser, &format!("page {page}, filled in")).await;
        form.go_on().await;
    }
    assert_accessible(&stage.browser, "check your answers").await;
    stage.cable.set(Mode::Unplugged).await;
    form.press("submit").await;
    form.becomes("queued").await;
    assert_accessible(&stage.browser, "saved on this phone").await;
    stage.cable.set(Mode::Pass).await;
    form.becomes("received").await;
    assert_accessible(&stage.browser, "received").await;
    assert_eq!(stage.agency.rows(FORM).len(), 1);
    let before = form.screen().await;
    form.press("mine").await;
    form.turns_from(&before).await;
    assert_accessible(&stage.browser, "my submissions").await;
}

journeys!(
    every_screen_in_the_first_language,
    every_screen_in_the_second_language,
    every_screen_in_the_dark,
    any_accent_can_be_read_in_the_dark,
);
journeys!(
    chromium alone:
    the_form_is_as_dark_as_the_phone,
    what_is_chosen_or_wrong_shows_in_forced_colours,
);
