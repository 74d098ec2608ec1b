//! The view of `partial-date`: as a date, of which day and month may stay blank.

use serde_json::{Map, Value};

use crate::dom::{El, el};
use crate::fields::Place;
use crate::fields::date::{months, split as split_day};
use crate::fields::parts::{Part, boxes};

/// Day, month and year.
pub fn view(place: &Place) -> El {
    let words = place.words();
    let parts = [
        Part::digits("day", words.day, "two"),
        Part::list("month", words.month, months(place.language())),
        Part::digits("year", words.year, "four"),
    ];
    let known = place.pick(
        "ถ้าไม่ทราบวันหรือเดือน ให้เว้นว่างไว้",
        "Leave the day or the month blank if it is not known",
    );
    let this = place.clone();
    let inside = el("div").child(el("p").class("hint").text(known));
    place.group(
        inside
            .child(boxes(place, &parts, split))
            .part(move || Some(el("p").class("echo").text(&this.answer_in_words()?))),
    )
}

fn split(answer: &Value) -> Map<String, Value> {
    let text = answer.as_str().unwrap_or_default();
    let (rest, known) = match text.len() {
        4 => ("-04-01", 1),
        7 => ("-01", 2),
        _ => ("", 3),
    };
    let mut parts = split_day(&Value::String([text, rest].concat()));
    if known < 3 {
        parts.remove("day");
    }
    if known < 2 {
        parts.remove("month");
    }
    parts
}
