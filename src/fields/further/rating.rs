//! The view of `rating`: one of several numbers. The words for both ends stand with the first and
//! the last of them, wherever these are on the screen, and are read out with them.

use eform::fields::Rating;
use serde_json::Value;

use crate::dom::{El, div};
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
        let end = match number {
            1 => &kind.low,
            _ if number == kind.max => &kind.high,
            _ => &None,
        };
        let words = end.as_ref().map(|words| [" – ", place.say(words)].concat());
        let label = text + &words.unwrap_or_default();
        row = row.child(card(place, at, control, &label, None));
    }
    place.group(row)
}
