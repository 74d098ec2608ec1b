//! The view of `choice`: radio buttons, or a list to pick from.

use eform::fields::{Choice, ChoiceLook, ChoiceOption};
use leptos::prelude::*;
use serde_json::Value;

use super::Place;

/// One of several options.
pub fn view(place: Place, kind: &Choice) -> AnyView {
    match kind.look() {
        ChoiceLook::Radios => radios(place, &kind.options),
        ChoiceLook::Select => select(place, &kind.options),
    }
}

fn radios(place: Place, options: &[ChoiceOption]) -> AnyView {
    let entry = place.entry();
    let radios = options.iter().enumerate().map(|(at, option)| {
        let chosen = entry.as_str() == Some(&option.value);
        let value = Value::String(option.value.clone());
        let hint = option.hint.as_ref().map(|hint| place.say(hint));
        radio(&place, at, option.value.clone(), place.say(&option.label), hint, chosen, value)
    });
    place.group(view! { <div class="options">{radios.collect_view()}</div> }.into_any())
}

/// One radio button of a group; `entry` is what choosing it enters.
pub fn radio(
    place: &Place,
    at: usize,
    value: String,
    label: String,
    hint: Option<String>,
    chosen: bool,
    entry: Value,
) -> AnyView {
    let enter = place.clone();
    let id = place.dom_id("-") + &at.to_string();
    let hint_id = id.clone() + "-hint";
    let described_by = hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="option">
            <input
                type="radio"
                id=id.clone()
                name=place.name()
                value=value
                checked=chosen
                aria-describedby=described_by
                on:change=move |_| enter.enter(entry.clone())
            />
            <label for=id>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
        </div>
    }
    .into_any()
}

fn select(place: Place, options: &[ChoiceOption]) -> AnyView {
    let (enter, left) = (place.clone(), place.clone());
    let entry = place.entry();
    let options = options.iter().map(|option| {
        let chosen = entry.as_str() == Some(&option.value);
        view! { <option value=option.value.clone() selected=chosen>{place.say(&option.label)}</option> }
    });
    let control = view! {
        <select
            id=place.dom_id("")
            name=place.name()
            aria-describedby=place.described_by()
            aria-invalid=place.invalid()
            on:change=move |event| enter.enter(Value::String(event_target_value(&event)))
            on:blur=move |_| left.left()
        >
            <option value="">{place.words().choose}</option>
            {options.collect_view()}
        </select>
    };
    place.single(control.into_any())
}
