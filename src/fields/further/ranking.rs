//! The view of `ranking`: for each option a list of ranks.

use eform::fields::Ranking;
use serde_json::{Map, Value};

use crate::dom::{El, div};
use crate::fields::Place;
use crate::fields::parts::{Part, boxes};

/// A rank for each option.
pub fn view(place: &Place) -> El {
    let Some(kind) = place.field().kind.get::<Ranking>() else { return div("") };
    let ranks = (1..=kind.top()).map(|rank| (rank.to_string(), rank.to_string()));
    let ranks: Vec<(String, String)> = ranks.collect();
    let parts: Vec<Part> = kind
        .options
        .iter()
        .map(|option| Part::list(&option.value, place.say(&option.label), ranks.clone()))
        .collect();
    place.group(boxes(place, &parts, split).class("parts lines"))
}

/// The rank of each option of a kept order.
fn split(answer: &Value) -> Map<String, Value> {
    let order = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let ranked = order.iter().enumerate().filter_map(|(at, value)| {
        Some((value.as_str()?.to_owned(), Value::String((at + 1).to_string())))
    });
    ranked.collect()
}
