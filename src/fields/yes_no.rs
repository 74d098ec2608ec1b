//! The view of `yes-no`: two radio buttons, neither chosen beforehand.

use eform::fields::yes_no::in_words;
use serde_json::Value;

use super::Place;
use super::choice::{card, radio};
use crate::dom::{El, div};

/// Yes or no.
pub fn view(place: &Place) -> El {
    let (entry, mut group) = (place.entry(), div("options inline"));
    for (at, yes) in [true, false].into_iter().enumerate() {
        let value = Value::Bool(yes);
        let control = radio(place, at, if yes { "true" } else { "false" }, entry == value, value);
        group = group.child(card(place, at, control, in_words(yes, &place.language), None));
    }
    place.group(group)
}
