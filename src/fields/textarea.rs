//! The view of `textarea`.

use leptos::prelude::*;
use serde_json::Value;

use super::Place;

/// A box of several lines.
pub fn view(place: Place, rows: u32) -> AnyView {
    let (enter, left) = (place.clone(), place.clone());
    let control = view! {
        <textarea
            id=place.dom_id("")
            name=place.name()
            rows=rows.to_string()
            prop:value=place.entry_text()
            aria-describedby=place.described_by()
            aria-invalid=place.invalid()
            on:input=move |event| enter.enter(Value::String(event_target_value(&event)))
            on:blur=move |_| left.left()
        ></textarea>
    };
    place.single(control.into_any())
}
