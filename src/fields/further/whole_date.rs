//! A whole date typed or pasted into one box of it fills the others in, as does a month with its
//! year. No key is swallowed: it is done once what stands in the box is a whole date.

use eform::fields::{date, month};
use js_sys::Reflect;
use leptos::prelude::*;
use serde_json::{Map, Value};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event};

use crate::browser::{call, focus_in_place};
use crate::dom::{El, el, value};
use crate::fields::Place;
use crate::fields::parts::members;

/// Ticks that a whole day contradicts.
const TICKS: &str = ":is([data-part=unknown], [value=lifetime]):checked";

/// Listens to the boxes in `field`; gives what is said for those who do not see them filled in.
pub fn listen(place: &Place, field: &El) -> Option<El> {
    let said = ArcRwSignal::new("");
    let (this, say) = (place.clone(), said.clone());
    // The box has entered its own text before the event gets here.
    field.clone().on("input", move |event| {
        let done = take_apart(&this, &event).is_some();
        say.set(if done {
            this.pick("ใส่วันที่ครบแล้ว", "The date is filled in")
        } else {
            ""
        });
    });
    Some(el("p").class("unseen").attr("role", "status").say(move || said.get().to_owned()))
}

fn take_apart(place: &Place, event: &Event) -> Option<()> {
    let typed_in: Element = event.target()?.dyn_into().ok()?;
    // A list has no type.
    typed_in.get_attribute("data-part").and(typed_in.get_attribute("type"))?;
    let typed = value(event);
    let parts: Vec<(&str, String)> = match place.field().kind.name() {
        "month" => ["month", "year"].into_iter().zip(month::in_parts(&typed)?).collect(),
        _ => ["day", "month", "year"].into_iter().zip(date::in_parts(&typed)?).collect(),
    };
    // Of a range, the day that was typed.
    let around = |selector: &str| call(&typed_in, "closest", &selector.into())?.dyn_into().ok();
    let boxes: Element = around(".parts")?;
    let field: Element = around("[data-field]")?;
    // Who enters a day knows it, and it does not last for life.
    while let Ok(Some(tick)) = field.query_selector(TICKS) {
        call(&tick, "click", &JsValue::UNDEFINED)?;
    }
    let mut entry = Map::new();
    for (name, text) in parts {
        match boxes.query_selector(&["[data-part=", name, "]"].concat()).ok()? {
            // Setting a member of a control cannot fail.
            Some(control) => _ = Reflect::set(&control, &"value".into(), &text.as_str().into()),
            // The box comes back by itself, and all of them are drawn anew.
            None => focus_in_place(&place.filling.root, ["#", &typed_in.id()].concat()),
        }
        entry.insert(name.to_owned(), Value::String(text));
    }
    let entry = Value::Object(entry);
    let range: Option<Element> = around("[data-member]");
    let member = range.and_then(|set| set.get_attribute("data-member"));
    place.enter(match member {
        Some(member) => {
            let mut whole = members(&place.entry());
            whole.insert(member, entry);
            Value::Object(whole)
        }
        None => entry,
    });
    Some(())
}
