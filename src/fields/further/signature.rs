//! The view of `signature`: the statement, and a box for the signer's name or a pad to sign on. Where
//! the form takes both, the box is there first, for everybody can type; the pad takes its place when
//! it is asked for, so nobody ever gives both. What was entered in the other way comes back with it.

use std::cell::RefCell;
use std::rc::Rc;

use eform::fields::{Signature, SignatureWay};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::pad::Pad;
use crate::dom::{El, button, div, el, value};
use crate::fields::Place;

/// The statement, and a way to sign.
pub fn view(place: &Place) -> El {
    let kind = place.field().kind.get::<Signature>();
    let allows = |way| kind.is_none_or(|kind| kind.allows(way));
    let (types, draws) = (allows(SignatureWay::Typed), allows(SignatureWay::Drawn));
    let words = kind
        .and_then(|kind| kind.statement.as_ref())
        .map(|words| el("p").class("words").attr("id", &place.id("-words")).text(place.say(words)));
    let described = words.as_ref().map_or_else(String::new, |_| place.id("-words "));
    let inside = el("div").maybe(words);
    if !draws {
        let label = el("label").attr("for", &place.id("-typed"));
        return place.around(el("div"), label, inside.child(typed(place, &described, false)));
    }
    let entry = place.entry();
    let has_drawing = entry.get("drawn").and_then(Value::as_str).is_some_and(|it| !it.is_empty());
    let draws_now = ArcRwSignal::new(!types || has_drawing);
    let (this, other) = (place.clone(), Rc::new(RefCell::new(Value::Null)));
    place.group(inside.part(move || {
        let (draws_now, draws, other) = (draws_now.clone(), draws_now.get(), Rc::clone(&other));
        let way = untrack(|| {
            if draws { Pad::view(&this, &described) } else { typed(&this, &described, true) }
        });
        let (label, action, to) = match draws {
            true => (this.pick("พิมพ์ชื่อแทน", "Type the name instead"), "type", "-typed"),
            false => (this.pick("วาดลายเซ็นแทน", "Draw the signature instead"), "draw", "-drawn"),
        };
        let here = this.clone();
        let change = button("secondary", label).attr("data-action", action).click(move || {
            let entry = here.entry();
            let before = other.replace(entry);
            // What is there stays until something comes in the new way.
            if !before.is_null() {
                here.enter(before);
            }
            draws_now.set(!draws);
            here.filling.focus_later(&["#", &here.id(to)].concat());
            here.left();
        });
        let change = types.then(|| div("other-way").child(change));
        Some(el("div").child(way).maybe(change))
    }))
}

/// A box for the name, with a label where the question is above several controls.
fn typed(place: &Place, described: &str, has_label: bool) -> El {
    let (id, how) = (place.id("-typed"), place.id("-how"));
    let entry = place.entry();
    let name = entry.get("typed").or(Some(&entry)).and_then(Value::as_str).unwrap_or_default();
    let (enter, left) = (place.clone(), place.clone());
    let hint =
        place.pick("พิมพ์ชื่อและนามสกุลแทนการลงลายมือชื่อ", "Type your full name in place of a signature");
    let label = has_label
        .then(|| el("label").attr("for", &id).text(place.pick("ชื่อและนามสกุล", "Full name")));
    let control = place
        .control_with("input", &[described, &how].concat())
        .attr("id", &id)
        .attr("type", "text")
        .attr("autocomplete", place.filled_by_browser(Some("name")))
        .attr("value", name)
        .on("input", move |event| enter.enter(json!({ "typed": value(&event) })))
        .on("blur", move |_| left.left());
    let hint = el("p").class("hint").attr("id", &how).text(hint);
    el("div").maybe(label).child(hint).child(control)
}
