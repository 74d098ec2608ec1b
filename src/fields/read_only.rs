//! An answer that is shown and cannot be changed: calculated, or given before.

use super::Place;
use crate::dom::{El, el};

/// The answer in words, followed as it changes.
pub fn view(place: &Place) -> El {
    let this = place.clone();
    let output = place.described(el("output")).attr("id", &place.id("")).attr("name", place.name());
    // Where a check leads that looks at a calculated answer.
    let output = output.attr("tabindex", "-1");
    let inside = output.class("given").say(move || this.answer_in_words().unwrap_or_default());
    el("div")
        .class("field")
        .attr("data-field", place.name())
        .child(place.worded(el("label").attr("for", &place.id("")), &place.field().label))
        .maybe(place.hint())
        .child(place.remarks())
        .child(inside)
}
