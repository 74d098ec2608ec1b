//! The view of `land-area`: rai, ngan and square wah, and below them the area in words.

use eform::{fields::land_area, json};
use serde_json::{Map, Value};

use crate::dom::{El, el};
use crate::fields::Place;
use crate::fields::parts::{Part, boxes};

/// The three parts of an area.
pub fn view(place: &Place) -> El {
    let parts = [
        Part::digits("rai", place.pick("ไร่", "Rai"), "four"),
        Part::digits("ngan", place.pick("งาน", "Ngan"), "two"),
        Part {
            keyboard: Some("decimal"),
            ..Part::digits("wah", place.pick("ตารางวา", "Square wah"), "four")
        },
    ];
    let this = place.clone();
    place.group(
        el("div")
            .child(boxes(place, &parts, split))
            .part(move || Some(el("p").class("echo").text(&this.answer_in_words()?))),
    )
}

fn split(answer: &Value) -> Map<String, Value> {
    let mut parts = Map::new();
    if let Value::Number(area) = answer
        && let Some((rai, ngan, wah)) = land_area::parts(area)
    {
        let mut put = |name: &str, text: String| parts.insert(name.to_owned(), text.into());
        put("rai", rai.to_string());
        put("ngan", ngan.to_string());
        put("wah", json::write(&Value::Number(wah)));
    }
    parts
}
