//! The view of `month`: a month by name, and a year of the Buddhist era.

use serde_json::{Map, Value};

use crate::dom::El;
use crate::fields::Place;
use crate::fields::date::{month, split as split_day};
use crate::fields::parts::{Part, boxes};

/// Month and year.
pub fn view(place: &Place) -> El {
    let words = place.words();
    let parts = [month(place), Part::digits("year", words.year, "four")];
    place.group(boxes(place, &parts, split))
}

fn split(answer: &Value) -> Map<String, Value> {
    let first = [answer.as_str().unwrap_or_default(), "-01"].concat();
    split_day(&Value::String(first))
}
