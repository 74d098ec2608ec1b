//! The view of `note`: words between the questions.

use eform::fields::Note;

use super::Place;
use crate::dom::{El, div, el};

/// The words, each paragraph by itself, below the label if there is one.
pub fn view(place: &Place) -> El {
    let label = place.say(&place.field().label);
    let heading = (!label.is_empty()).then(|| el("h2").text(label));
    let text = place.field().kind.get::<Note>().map(|note| place.say(&note.text));
    let mut words = div("words").attr("data-field", place.name()).maybe(heading);
    let mut paragraph = el("p");
    for line in text.unwrap_or_default().split('\n') {
        if line.is_empty() {
            words = words.child(paragraph);
            paragraph = el("p");
        } else {
            paragraph = paragraph.text(line).text(" ");
        }
    }
    words.child(paragraph)
}
