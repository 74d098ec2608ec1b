//! The view of `rating`: one number of a row, with words at both ends.

use eform::fields::Rating;
use serde_json::Value;

use crate::dom::{El, div, el};
use crate::fields::Place;
use crate::fields::choice::{card, radio};

/// The numbers from 1.
pub fn view(place: &Place) -> El {
    let Some(kind) = place.field().kind.get::<Rating>() else { return div("") };
    let entry = place.entry_text();
    let mut row = div("options inline");
    for (at, number) in (1..=kind.max).enumerate() {
        let text = number.to_string();
        let control = radio(place, at, &text, entry == text, Value::from(number));
        row = row.child(card(place, at, control, &text, None));
    }
    let end =
        |words: &Option<eform::Text>| words.as_ref().map(|words| el("span").text(place.say(words)));
    let ends = div("ends").maybe(end(&kind.low)).maybe(end(&kind.high));
    place.group(el("div").child(row).child(ends))
}
