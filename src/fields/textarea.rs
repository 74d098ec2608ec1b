//! The view of `textarea`.

use eform::fields::Textarea;
use serde_json::Value;

use super::Place;
use crate::dom::{El, value};

/// A box of several lines.
pub fn view(place: &Place) -> El {
    let kind = place.field().kind.get::<Textarea>();
    let rows = kind.and_then(|kind| kind.rows).unwrap_or(4);
    let (enter, left) = (place.clone(), place.clone());
    let control = place
        .control("textarea", &place.id(""))
        .attr("rows", &rows.to_string())
        .text(&place.entry_text())
        .on("input", move |event| enter.enter(Value::String(value(&event))))
        .on("blur", move |_| left.left());
    place.single(control)
}
