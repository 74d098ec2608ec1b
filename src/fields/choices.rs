//! The view of `choices`: check boxes.

use eform::fields::Choices;
use leptos::prelude::*;
use serde_json::Value;

use super::Place;

/// Any number of several options.
pub fn view(place: Place, kind: &Choices) -> AnyView {
    let chosen = chosen(&place);
    let boxes = kind.options.iter().enumerate().map(|(at, option)| {
        let (enter, value) = (place.clone(), option.value.clone());
        let id = place.dom_id("-") + &at.to_string();
        let hint_id = id.clone() + "-hint";
        let hint = option.hint.as_ref().map(|hint| place.say(hint));
        let described_by = hint.is_some().then(|| hint_id.clone());
        view! {
            <div class="option">
                <input
                    type="checkbox"
                    id=id.clone()
                    name=place.name()
                    value=option.value.clone()
                    checked=chosen.contains(&option.value)
                    aria-describedby=described_by
                    on:change=move |event| change(&enter, &value, event_target_checked(&event))
                />
                <label for=id>{place.say(&option.label)}</label>
                {hint.map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> })}
            </div>
        }
    });
    place.group(view! { <div class="options">{boxes.collect_view()}</div> }.into_any())
}

fn chosen(place: &Place) -> Vec<String> {
    match place.entry() {
        Value::Array(items) => {
            items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

fn change(place: &Place, value: &str, on: bool) {
    let mut chosen = chosen(place);
    chosen.retain(|other| other != value);
    if on {
        chosen.push(value.to_owned());
    }
    place.enter(if chosen.is_empty() { Value::Null } else { Value::from(chosen) });
}
