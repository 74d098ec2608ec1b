//! Everybody can use every type of field in every state: axe-core finds nothing on the examples that
//! the engine's tests and the guide have, in both languages, in the light and in the dark.

use eform_guide::gallery::{Sheet, State};
use eform_journeys::{
    axe::{assert_accessible, assert_readable},
    journeys, sheet,
    stage::Stage,
};

use crate::accessible::has_theme;

async fn empty(stage: &Stage) {
    can_be_used(stage, State::Empty).await;
}

async fn filled(stage: &Stage) {
    can_be_used(stage, State::Filled).await;
}

async fn with_an_error(stage: &Stage) {
    can_be_used(stage, State::Error).await;
}

async fn with_a_warning(stage: &Stage) {
    can_be_used(stage, State::Warning).await;
}

async fn read_only(stage: &Stage) {
    can_be_used(stage, State::ReadOnly).await;
}

async fn prefilled(stage: &Stage) {
    can_be_used(stage, State::Prefilled).await;
}

async fn with_many_options(stage: &Stage) {
    can_be_used(stage, State::Many).await;
}

async fn in_a_repeat(stage: &Stage) {
    can_be_used(stage, State::Row).await;
}

/// Other words do not change colours, and other colours no words: between them both languages and
/// both themes are seen in full.
async fn can_be_used(stage: &Stage, state: State) {
    let sheet = match state {
        // How it looks there is of the type, not of what the example is about.
        State::Row | State::ReadOnly => Sheet::of_types(state),
        _ => Sheet::of_examples(state),
    };
    for (language, theme, other) in [("th", "light", "dark"), ("en", "dark", "light")] {
        sheet::open(stage, &sheet, language).await;
        has_theme(stage, theme).await;
        let said = format!("{}, {language}, {theme}", sheet.id);
        assert_accessible(&stage.browser, &said).await;
        has_theme(stage, other).await;
        assert_readable(&stage.browser, &format!("{}, {language}, {other}", sheet.id)).await;
    }
}

journeys!(
    empty,
    filled,
    with_an_error,
    with_a_warning,
    read_only,
    prefilled,
    with_many_options,
    in_a_repeat,
);
