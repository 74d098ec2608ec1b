//! The agency refuses, for a reason that the phone could not know: its own clock is wrong.

use eform_journeys::{
    axe::assert_accessible, form::Control, journeys, sample::Entry, stage::Stage,
};
use serde_json::json;

use crate::{FORM, open, sample};

/// From now on, until the page is loaded again, the phone believes that it is two years later.
pub const TWO_YEARS_AHEAD: &str = "
  const Real = Date;
  const ahead = 2 * 366 * 24 * 3600 * 1000;
  window.Date = class Date extends Real {
    constructor(...of) {
      if (of.length === 0) super(Real.now() + ahead);
      else super(...of);
    }
    static now() { return Real.now() + ahead; }
  };
  return new Date(Real.now() + ahead).getFullYear() + 543;
";

async fn the_citizen_sees_the_mistake_at_its_field_mends_it_and_sends_again(stage: &Stage) {
    let sample = sample();
    let until_today = sample.field_until_today();
    let form = open(stage, &sample).await;
    let year = stage.browser.ask(TWO_YEARS_AHEAD, json!(null)).await;
    // A day that has not come for anybody but this phone.
    let year = year.as_u64().and_then(|year| u16::try_from(year).ok()).expect("a year");
    let tomorrow = Entry::Date { day: 1, month: 1, year };
    let other = |control: &Control| (control.name == until_today).then(|| tomorrow.clone());
    let mut answers = form.fill_in_with(other).await;
    form.press("submit").await;
    form.becomes("attention").await;
    assert!(stage.agency.rows(FORM).is_empty());

    // The clock is right again.
    stage.browser.reload().await;
    form.becomes("attention").await;
    assert_accessible(&stage.browser, "needs attention").await;
    form.press("mend").await;
    stage.browser.text("[data-eform=error-summary]").await;
    assert_accessible(&stage.browser, "a page to mend").await;
    let wrong = "return all('[aria-invalid=true]').filter(visible).map((control) => control.name)";
    let wrong = stage.browser.ask(wrong, json!(null)).await;
    let wrong: Vec<_> = wrong.as_array().into_iter().flatten().collect();
    assert!(
        !wrong.is_empty() && wrong.iter().all(|name| **name == until_today),
        "marked as wrong: {wrong:?}"
    );

    form.answer(until_today).await;
    answers.insert(until_today.to_owned(), sample.answer(until_today));
    form.go_to_submit().await;
    form.press("submit").await;
    form.becomes("received").await;
    let rows = stage.agency.rows(FORM);
    form.is_received_once(&rows, &answers).await;
    let refused = &stage.cable.requests("PUT")[0].path;
    let replaces = rows[0].submission["replaces"].as_str().unwrap_or_default();
    assert!(
        refused.ends_with(replaces) && !replaces.is_empty(),
        "{replaces} is not what {refused} was"
    );
}

journeys!(the_citizen_sees_the_mistake_at_its_field_mends_it_and_sends_again);
