//! What follows the first field is fetched after it, and the signal is gone by then.

use std::fs;

use crate::{FORM, open, sample};
use eform_journeys::{journeys, stage::Stage};

/// The part of the kit that is fetched once the first field is there, as it is and compressed.
const LATER: [&str; 3] = ["eform-later.wasm", "eform-later.wasm.br", "eform-later.wasm.gz"];

async fn answers_wait_for_the_rest_of_the_kit(stage: &Stage) {
    let sample = sample();
    let site = stage.agency.site();
    let aside = |name: &str| site.join(format!("{name}.aside"));
    for name in LATER {
        fs::rename(site.join(name), aside(name)).expect("the kit has it");
    }
    let form = open(stage, &sample).await;
    // The first page can be filled in; what is wrong on it is said by the part that is not there.
    let mut answers = form.answer_screen().await;
    form.press("continue").await;
    // Twice: it is still not there.
    form.press("try-again").await;
    form.press("try-again").await;
    assert!(!form.shows("submit").await);

    for name in LATER {
        fs::rename(aside(name), site.join(name)).expect("it was put there");
    }
    form.press("try-again").await;
    form.go_on().await;
    while form.shows("continue").await {
        answers.extend(form.answer_screen().await);
        form.go_on().await;
    }
    form.press("submit").await;
    form.becomes("received").await;
    form.is_received_once(&stage.agency.rows(FORM), &answers).await;
}

journeys!(answers_wait_for_the_rest_of_the_kit);
