//! The view of `choice`: radio buttons, or a list to pick from.

use eform::fields::{Choice, ChoiceLook, ChoiceOption};
use leptos::prelude::*;
use serde_json::Value;

use super::Place;
use crate::dom::{El, div, el, value};

/// One of several options.
pub fn view(place: &Place) -> El {
    let kind = place.field().kind.get::<Choice>();
    match kind.map(Choice::look) {
        Some(ChoiceLook::Select) => place.completed(place.single(offered(place, select))),
        _ => place.group(offered(place, radios)),
    }
}

/// What can be chosen, drawn anew when other options are offered.
pub fn offered(place: &Place, draw: fn(&Place, &[(usize, &ChoiceOption)]) -> El) -> El {
    let options = place.field().kind.options();
    let all: Vec<(usize, &ChoiceOption)> = options.iter().enumerate().collect();
    if options.iter().all(|option| option.show_if.is_none()) {
        return draw(place, &all);
    }
    let (filling, node, this) = (place.filling.clone(), place.node, place.clone());
    let offered = Memo::new(move |_| filling.follow(node).offered(node));
    el("div").part(move || {
        let offered = offered.get();
        let options = this.field().kind.options().iter().enumerate();
        let options: Vec<(usize, &ChoiceOption)> =
            options.filter(|(at, _)| offered.get(*at) == Some(&true)).collect();
        Some(untrack(|| draw(&this, &options)))
    })
}

fn radios(place: &Place, options: &[(usize, &ChoiceOption)]) -> El {
    let (entry, mut group) = (place.entry(), div("options"));
    for (at, option) in options {
        let chosen = entry.as_str() == Some(&option.value);
        let hint = option.hint.as_ref().map(|hint| place.say(hint));
        let enter = Value::String(option.value.clone());
        let control = radio(place, *at, &option.value, chosen, enter);
        group = group.child(card(place, *at, control, place.say(&option.label), hint));
    }
    group
}

/// One radio button of a group; choosing it enters `entry`.
pub fn radio(place: &Place, at: usize, value: &str, chosen: bool, entry: Value) -> El {
    let enter = place.clone();
    tick(place, "radio", at, value, chosen).on("change", move |_| enter.enter(entry.clone()))
}

/// A radio button or a check box of a group.
pub fn tick(place: &Place, kind: &str, at: usize, value: &str, chosen: bool) -> El {
    el("input")
        .attr("type", kind)
        .attr("id", &(place.id("-") + &at.to_string()))
        .attr("name", place.name())
        .attr("value", value)
        .flag("checked", chosen)
}

/// A control with its label and hint, that can be tapped anywhere.
pub fn card(place: &Place, at: usize, control: El, label: &str, hint: Option<&str>) -> El {
    let id = place.id("-") + &at.to_string();
    let hint_id = id.clone() + "-hint";
    let control = control.attr_if("aria-describedby", hint.map(|_| hint_id.as_str()));
    let hint = hint.map(|hint| el("p").class("hint").attr("id", &hint_id).text(hint));
    div("option").child(control).child(el("label").attr("for", &id).text(label)).maybe(hint)
}

fn select(place: &Place, options: &[(usize, &ChoiceOption)]) -> El {
    let (enter, left, entry) = (place.clone(), place.clone(), place.entry());
    let mut list = place
        .control("select", &place.id(""))
        .on("input", move |event| enter.enter(Value::String(value(&event))))
        .on("blur", move |_| left.left())
        .child(el("option").attr("value", "").text(place.words().choose));
    for (_, option) in options {
        let chosen = entry.as_str() == Some(&option.value);
        let option_element = el("option").attr("value", &option.value).flag("selected", chosen);
        list = list.child(option_element.text(place.say(&option.label)));
    }
    list
}
