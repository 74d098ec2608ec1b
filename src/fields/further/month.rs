//! The view of `month`: a month by name, and a year of the Buddhist era.

use serde_json::{Map, Value};

use super::echo::echo;
use crate::dom::{El, el};
use crate::fields::Place;
use crate::fields::date::{month, split as split_day};
use crate::fields::parts::{Part, boxes};

/// Month and year.
pub fn view(place: &Place) -> El {
    let words = place.words();
    let parts = [month(place), Part::digits("year", words.year, "four")];
    let this = place.clone();
    place.group(el("div").child(boxes(place, &parts, split)).part(move || {
        let words = this.answer_in_words()?;
        Some(echo(&this, &words, this.answer()?.as_str()?))
    }))
}

fn split(answer: &Value) -> Map<String, Value> {
    let first = [answer.as_str().unwrap_or_default(), "-01"].concat();
    split_day(&Value::String(first))
}
