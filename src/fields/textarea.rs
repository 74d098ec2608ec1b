//! The view of `textarea`.

use serde_json::Value;

use super::Place;
use crate::dom::{El, value};

/// A box of several lines.
pub fn view(place: &Place, rows: u32) -> El {
    let (enter, left) = (place.clone(), place.clone());
    let control = place
        .control("textarea", &place.id(""))
        .attr("rows", &rows.to_string())
        .text(&place.entry_text())
        .on("input", move |event| enter.enter(Value::String(value(&event))))
        .on("blur", move |_| left.left());
    place.single(control)
}
