//! The view of `note`: words between the questions.

use eform::fields::Note;

use super::Place;
use crate::dom::{El, div, el};

/// The words, each paragraph by itself, below the label if there is one.
pub fn view(place: &Place) -> El {
    let label = place.say(&place.field().label);
    let heading = (!label.is_empty()).then(|| el("h2").text(label));
    let text = place.field().kind.get::<Note>().map(|note| place.say(&note.text));
    let paragraphs = text.unwrap_or_default().split("\n\n");
    let paragraphs = paragraphs.map(|words| el("p").text(words)).collect();
    div("words").attr("data-field", place.name()).maybe(heading).children(paragraphs)
}
