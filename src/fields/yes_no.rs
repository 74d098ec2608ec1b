//! The view of `yes-no`: two radio buttons, neither chosen beforehand.

use eform::fields::yes_no_in_words;
use leptos::prelude::*;
use serde_json::Value;

use super::{Place, choice::radio};

/// Yes or no.
pub fn view(place: Place) -> AnyView {
    let entry = place.entry();
    let radios = [true, false].into_iter().enumerate().map(|(at, yes)| {
        let label = yes_no_in_words(yes, &place.language).to_owned();
        radio(&place, at, yes.to_string(), label, None, entry == Value::Bool(yes), Value::Bool(yes))
    });
    place.group(view! { <div class="options inline">{radios.collect_view()}</div> }.into_any())
}
