//! The empty form for paper: it opens from the same address as the form, fits on A4, says nothing that
//! only a screen has, and once opened it is there without a signal.

use eform_journeys::{axe::assert_accessible, cable::Mode, journeys, stage::Stage};
use serde_json::{Value, json};

use crate::{FORM, is_ready_for_no_signal, open, sample};

/// A4 without the margins of `blank.css`, in pixels of 1/96 inch.
const PAPER: u32 = 687;

/// The kit's forms, and between how many and how many sheets each is.
const FORMS: [(&str, std::ops::RangeInclusive<usize>); 3] =
    [("egov-survey-citizen", 3..=5), ("farmer-registration", 8..=13), ("gcio-application", 5..=7)];

/// What sticks out of the paper, and what of a box is hidden.
const CUT: &str = r"
  const wrong = [];
  const right = document.documentElement.clientWidth + 1;
  for (const one of all('body *').filter(visible)) {
    const place = one.getBoundingClientRect();
    const name = `${one.localName}.${one.className} «${one.textContent.trim().slice(0, 40)}»`;
    if (place.right > right || place.left < -1) wrong.push(`${name} sticks out`);
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline') {
      wrong.push(`${name} is cut`);
    }
  }
  return wrong;
";

async fn open_blank(stage: &Stage, form: &str, language: &str) {
    let origin = stage.cable.origin();
    stage.browser.open(&format!("{origin}/?form={form}&blank&lang={language}")).await;
    let there = "return location.pathname === args && document.querySelector('h1') !== null";
    let path = format!("/forms/{form}.blank.{language}.html");
    stage.browser.wait_until("the empty form", there, json!(path)).await;
}

async fn it_fits_on_a4_in_both_languages(stage: &Stage) {
    for (form, sheets) in FORMS {
        for language in ["th", "en"] {
            open_blank(stage, form, language).await;
            assert_eq!(
                stage.browser.ask("return document.documentElement.lang", Value::Null).await,
                language
            );
            if stage.browser.pretend("print", "prefers-color-scheme", "dark").await {
                stage.browser.set_width(PAPER).await;
                let wrong = stage.browser.ask(CUT, Value::Null).await;
                assert_eq!(wrong, json!([]), "{form} in {language}");
                assert_eq!(stage.browser.count(".screen-only, a").await, 0, "only ink is printed");
                stage.browser.pretend("", "prefers-color-scheme", "light").await;
                let pdf = stage.browser.print().await.expect("Chromium prints");
                let count = sheets_of(&pdf);
                assert!(sheets.contains(&count), "{form} in {language}: {count} sheets");
            } else if let Some(pdf) = stage.browser.print().await {
                assert!(pdf.starts_with(b"%PDF") && pdf.len() > 20_000, "{} bytes", pdf.len());
            }
        }
    }
}

/// The pages of a PDF of Chromium's, whose page objects are not compressed.
fn sheets_of(pdf: &[u8]) -> usize {
    let page = b"/Type /Page\n";
    pdf.windows(page.len()).filter(|part| part == page).count()
}

/// A table on one scale, and everything else that the journeys' form asks.
async fn it_is_accessible_on_the_screen(stage: &Stage) {
    for form in ["egov-survey-citizen", FORM] {
        open_blank(stage, form, "th").await;
        assert_accessible(&stage.browser, &format!("{form} on paper")).await;
    }
}

/// On the narrowest screen nobody has to scroll sideways to read what will be asked.
async fn it_can_be_read_on_a_phone(stage: &Stage) {
    stage.browser.set_width(320).await;
    for (form, _) in FORMS {
        open_blank(stage, form, "th").await;
        let wider =
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(stage.browser.ask(wider, Value::Null).await, json!(0), "{form}");
    }
}

async fn once_opened_it_is_there_without_a_signal(stage: &Stage) {
    let sample = sample();
    open(stage, &sample).await;
    is_ready_for_no_signal(&stage.browser).await;
    open_blank(stage, FORM, "th").await;
    let title = stage.browser.text("h1").await;
    stage.cable.set(Mode::Captive).await;
    stage.browser.reload().await;
    stage.cable.set(Mode::Unplugged).await;
    open_blank(stage, FORM, "th").await;
    assert_eq!(stage.browser.text("h1").await, title, "not the page of the captive portal");
}

journeys!(
    it_fits_on_a4_in_both_languages,
    it_is_accessible_on_the_screen,
    it_can_be_read_on_a_phone,
    once_opened_it_is_there_without_a_signal,
);
