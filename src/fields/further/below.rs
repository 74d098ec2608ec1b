//! What a field of the first part is given by the later one. Below controls that can be ticked: the
//! button that takes an answer back, and the words for those who cannot see that an option which
//! stands alone has unticked others; until then «continue» says what cannot be together. Above many
//! options: a search. To the boxes of a day: that a whole date may be typed into one.

use eform::fields::ChoiceOption;
use js_sys::Reflect;
use leptos::prelude::*;
use serde_json::{Map, Value};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlElement};

use super::{filter, whole_date};
use crate::browser::focus_in_place;
use crate::dom::{El, button, div, el, is_checked, value};
use crate::fields::{Place, choices};

/// Completes a field that has been drawn; gives what belongs below its controls.
pub fn view(place: &Place, group: &El) -> Option<El> {
    match place.field().kind.name() {
        "choices" => {
            filter::above(place, group, ".options");
            alone(place, group)
        }
        "choice" if group.find("select").is_some() => {
            filter::above(place, group, "select");
            None
        }
        "choice" => {
            filter::above(place, group, ".options");
            taken_back(place, group)
        }
        "matrix" | "rating" | "yes-no" => taken_back(place, group),
        "date" | "date-range" | "month" | "partial-date" => whole_date::listen(place, group),
        _ => None,
    }
}

/// Keeps an option that stands alone alone, and says what was unticked.
fn alone(place: &Place, group: &El) -> Option<El> {
    if !place.field().kind.options().iter().any(|option| option.exclusive) {
        return None;
    }
    let said = ArcRwSignal::new(String::new());
    let (this, drawn, say) = (place.clone(), group.clone(), said.clone());
    // The control has entered its own change before the event gets here.
    group.clone().on("change", move |event| say.set(untick(&this, &drawn, &event)));
    Some(el("p").class("unseen").attr("role", "status").say(move || said.get()))
}

/// Unticks what cannot be together with what was ticked just now.
fn untick(place: &Place, group: &El, event: &Event) -> String {
    let (options, ticked) = (place.field().kind.options(), value(event));
    let Some(now) = options.iter().find(|option| option.value == ticked) else {
        return String::new();
    };
    if !is_checked(event) {
        return String::new();
    }
    let mut chosen = choices::chosen(place);
    let goes =
        |option: &ChoiceOption| option.value != now.value && (now.exclusive || option.exclusive);
    let mut labels: Vec<&str> = Vec::new();
    for (at, option) in options.iter().enumerate() {
        if goes(option) && chosen.contains(&option.value) {
            chosen.retain(|value| *value != option.value);
            labels.push(place.say(&option.label));
            // One that is not offered now is not on the screen.
            if let Some(control) = control(group, &["#", &place.id("-"), &at.to_string()].concat())
            {
                untick_one(&control);
            }
        }
    }
    if labels.is_empty() {
        return String::new();
    }
    place.enter(Value::from(chosen));
    [place.pick("ยกเลิกการเลือกแล้ว: ", "No longer ticked: "), &labels.join(", ")].concat()
}

/// «Clear the answer», while there is one and none must be given: a radio button cannot be
/// unticked by itself.
fn taken_back(place: &Place, group: &El) -> Option<El> {
    let field = place.field();
    // Nothing, but not the nothing of a question that nobody has touched, which has its default.
    let nothing = match field.kind.name() {
        "matrix" => Value::Object(Map::new()),
        "yes-no" if field.default.is_some() => return None,
        "yes-no" => Value::Null,
        _ => Value::String(String::new()),
    };
    let (this, drawn, filling, node) =
        (place.clone(), group.clone(), place.filling.clone(), place.node);
    let can = Memo::new(move |_| {
        let session = filling.follow(node);
        !session.is_required(node) && session.answer(node).is_some()
    });
    let label = match field.kind.name() {
        "matrix" => place.pick("ล้างคำตอบทั้งตาราง", "Clear the whole table"),
        _ => place.pick("ล้างคำตอบ", "Clear the answer"),
    };
    Some(div("below").part(move || {
        let (this, drawn, nothing) = (this.clone(), drawn.clone(), nothing.clone());
        can.get().then(|| {
            button("link", label).attr("data-action", "clear").click(move || {
                while let Some(chosen) = control(&drawn, ":checked") {
                    untick_one(&chosen);
                }
                this.enter(nothing.clone());
                match control(&drawn, "input") {
                    // An element that cannot take the focus simply does not get it.
                    Some(first) => _ = first.focus(),
                    // It comes with the first question of a table that asks one at a time.
                    None => {
                        let first = ["[data-field=\"", this.name(), "\"] input"].concat();
                        focus_in_place(&this.filling.root, first);
                    }
                }
            })
        })
    }))
}

/// Said by name: a setter of its own would be fetched before the first field works.
fn untick_one(control: &HtmlElement) {
    // Setting a member of a control cannot fail.
    _ = Reflect::set(control, &"checked".into(), &JsValue::FALSE);
}

fn control(group: &El, selector: &str) -> Option<HtmlElement> {
    group.find(selector)?.dyn_into().ok()
}
