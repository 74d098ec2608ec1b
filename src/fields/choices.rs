//! The view of `choices`: check boxes.

use eform::fields::ChoiceOption;
use serde_json::Value;

use super::Place;
use super::choice::{card, offered, tick};
use crate::dom::{El, div, is_checked};

/// Any number of several options.
pub fn view(place: &Place) -> El {
    place.group(offered(place, boxes))
}

fn boxes(place: &Place, options: &[(usize, &ChoiceOption)]) -> El {
    let (chosen, mut group) = (chosen(place), div("options"));
    for (at, option) in options {
        let (enter, value) = (place.clone(), option.value.clone());
        let control = tick(place, "checkbox", *at, &value, chosen.contains(&value))
            .on("change", move |event| change(&enter, &value, is_checked(&event)));
        let hint = option.hint.as_ref().map(|hint| place.say(hint));
        group = group.child(card(place, *at, control, place.say(&option.label), hint));
    }
    group
}

/// The values that are ticked, in the order they were.
pub fn chosen(place: &Place) -> Vec<String> {
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
    place.enter(Value::from(chosen));
}
