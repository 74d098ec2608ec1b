//! The view of `choices`: check boxes.

use eform::fields::Choices;
use serde_json::Value;

use super::Place;
use super::choice::{card, tick};
use crate::dom::{El, div, is_checked};

/// Any number of several options.
pub fn view(place: &Place, kind: &Choices) -> El {
    let (chosen, mut group) = (chosen(place), div("options"));
    for (at, option) in kind.options.iter().enumerate() {
        let (enter, value) = (place.clone(), option.value.clone());
        let control = tick(place, "checkbox", at, &value, chosen.contains(&value))
            .on("change", move |event| change(&enter, &value, is_checked(&event)));
        let hint = option.hint.as_ref().map(|hint| place.say(hint));
        group = group.child(card(place, at, control, place.say(&option.label), hint));
    }
    place.group(group)
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
