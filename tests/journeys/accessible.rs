//! axe-core finds nothing, on any screen of the form, in any state, in every language.

use eform_journeys::{
    axe::assert_accessible, cable::Mode, form::Form, journeys, sample::Sample, stage::Stage,
};

use crate::{FORM, address, is_ready_for_no_signal, sample};

async fn every_screen_in_the_first_language(stage: &Stage) {
    let sample = sample();
    every_screen(stage, &sample, 0).await;
}

async fn every_screen_in_the_second_language(stage: &Stage) {
    let sample = sample();
    every_screen(stage, &sample, 1).await;
}

async fn every_screen(stage: &Stage, sample: &Sample, language: usize) {
    let language =
        sample.definition()["languages"][language].as_str().expect("the sample has two languages");
    let address = format!("{}&lang={language}", address(stage));
    stage.browser.open(&format!("{}/?lang={language}", stage.cable.origin())).await;
    stage.browser.text("h1").await;
    is_ready_for_no_signal(&stage.browser).await;
    assert_accessible(&stage.browser, "the list of services").await;
    stage.browser.open(&address).await;
    let form = Form::on(&stage.browser, sample);
    form.is_open().await;
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

journeys!(every_screen_in_the_first_language, every_screen_in_the_second_language);
