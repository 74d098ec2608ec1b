//! The view of `partial-date`: as a date, of which one can say that the day, or the day and the
//! month, are not known, and where the definition has it a box for what lasts for life.

use std::cell::RefCell;
use std::rc::Rc;

use eform::fields::{Least, PartialDate};
use js_sys::Reflect;
use leptos::prelude::*;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use super::echo::echo;
use crate::dom::{El, div, el, is_checked};
use crate::fields::Place;
use crate::fields::choice::{card, tick};
use crate::fields::date::{month, split as split_day};
use crate::fields::parts::{Part, boxes};

/// Stands in the entry for a part that somebody says is not known.
const UNKNOWN: &str = "ไม่ทราบ";

/// What is said not to be known.
#[derive(Clone)]
struct Unknown {
    /// How many parts: none, the day, or the day and the month.
    many: ArcRwSignal<usize>,
    /// What stood in them, for a tick that is taken away again.
    before: Rc<RefCell<Map<String, Value>>>,
}

/// Day, month and year.
pub fn view(place: &Place) -> El {
    let many = ArcRwSignal::new(said_unknown(place));
    let unknown = Unknown { many: many.clone(), before: Rc::default() };
    let (drawn, left_out, this) = (place.clone(), many.clone(), place.clone());
    let kind = place.field().kind.get::<PartialDate>();
    let may_last = kind.is_some_and(|kind| kind.lifetime);
    let ticks = div("options").child(tick_of(place, 1, &unknown));
    let ticks = match kind.and_then(|kind| kind.least) {
        Some(Least::Month) => ticks,
        _ => ticks.child(tick_of(place, 2, &unknown)),
    };
    let said = many;
    let inside = el("div")
        .part(move || {
            let left_out = left_out.get();
            Some(untrack(|| {
                let words = drawn.words();
                let parts = [
                    Part::digits("day", words.day, "two"),
                    month(&drawn),
                    Part::digits("year", words.year, "four"),
                ];
                boxes(&drawn, &parts[left_out..], split)
            }))
        })
        .part(move || Some(echo(&this, &this.answer_in_words()?, this.answer()?.as_str()?)));
    let words = place.clone();
    let status = el("p").class("hint").attr("role", "status").say(move || {
        let words = match said.get() {
            0 => "",
            1 => words.pick(
                "ไม่ต้องใส่วัน ถ้าทราบ ให้เอาเครื่องหมายออก",
                "The day is left out. If you do know it, take the tick away.",
            ),
            _ => words.pick(
                "ไม่ต้องใส่วันและเดือน ถ้าทราบ ให้เอาเครื่องหมายออก",
                "The day and the month are left out. If you do know them, take the tick away.",
            ),
        };
        words.to_owned()
    });
    let lifetime = may_last.then(|| div("options").child(lifetime(place, &unknown)));
    place.group(inside.child(ticks).child(status).maybe(lifetime))
}

/// «I don't know the day», or the day and the month.
fn tick_of(place: &Place, many: usize, unknown: &Unknown) -> El {
    let is_said = unknown.many.get_untracked() == many;
    let label = match many {
        1 => place.pick("ไม่ทราบวัน", "I don’t know the day"),
        _ => place.pick("ไม่ทราบวันและเดือน", "I don’t know the day and the month"),
    };
    let value = if many == 1 { "day" } else { "month" };
    let (this, state, follows) = (place.clone(), unknown.clone(), unknown.many.clone());
    let control = tick(place, "checkbox", many, value, is_said);
    let element = control.element().clone();
    let control = control.attr("data-part", "unknown").on("change", move |event| {
        say_unknown(&this, &state, if is_checked(&event) { many } else { 0 });
    });
    card(place, many, control, label, None).part(move || {
        // One of the two, or none.
        let is_said = JsValue::from(follows.get() == many);
        // Setting a member of a control cannot fail.
        _ = Reflect::set(&element, &"checked".into(), &is_said);
        None
    })
}

/// Takes out what stands in the boxes that go; it is there again in those that come back.
fn say_unknown(place: &Place, unknown: &Unknown, many: usize) {
    let (mut parts, mut before) = (entered(place), unknown.before.borrow_mut());
    for (at, part) in ["day", "month"].into_iter().enumerate() {
        let named = |text: Value| (part.to_owned(), text);
        match (at < unknown.many.get_untracked(), at < many) {
            (false, true) => {
                let stood = parts.insert(part.to_owned(), UNKNOWN.into());
                before.extend(stood.map(named));
            }
            (true, false) => {
                parts.remove(part);
                parts.extend(before.remove(part).map(named));
            }
            _ => {}
        }
    }
    if many > 0 {
        parts.remove("lifetime");
    }
    drop(before);
    place.enter(Value::Object(parts));
    unknown.many.set(many);
}

fn said_unknown(place: &Place) -> usize {
    let parts = entered(place);
    let is_unknown = |part: &&&str| parts.get(**part).is_some_and(|text| *text == *UNKNOWN);
    ["day", "month"].iter().take_while(is_unknown).count()
}

fn lifetime(place: &Place, unknown: &Unknown) -> El {
    let lasts = entered(place).get("lifetime") == Some(&Value::Bool(true));
    let (this, unknown, follows) = (place.clone(), unknown.clone(), unknown.many.clone());
    let tick = tick(place, "checkbox", 0, "lifetime", lasts);
    let element = tick.element().clone();
    let tick = tick.on("change", move |event| {
        let lasts = is_checked(&event);
        // What lasts for life has no day that could be unknown.
        if lasts && unknown.many.get_untracked() > 0 {
            let before = unknown.before.take();
            say_unknown(&this, &unknown, 0);
            unknown.before.replace(before);
        }
        let mut parts = entered(&this);
        parts.insert("lifetime".to_owned(), lasts.into());
        this.enter(Value::Object(parts));
    });
    card(place, 0, tick, place.pick("ตลอดชีพ", "For life"), None).part(move || {
        if follows.get() > 0 {
            // Setting a member of a control cannot fail.
            _ = Reflect::set(&element, &"checked".into(), &JsValue::FALSE);
        }
        None
    })
}

fn entered(place: &Place) -> Map<String, Value> {
    match place.entry() {
        Value::Object(parts) => parts,
        // What was typed as a line, or comes from a default.
        _ => place.answer().map(|answer| split(&answer)).unwrap_or_default(),
    }
}

fn split(answer: &Value) -> Map<String, Value> {
    let text = answer.as_str().unwrap_or_default();
    if text == "9999-12-31" {
        return Map::from_iter([("lifetime".to_owned(), Value::Bool(true))]);
    }
    let (rest, known) = match text.len() {
        4 => ("-04-01", 1),
        7 => ("-01", 2),
        _ => ("", 3),
    };
    let mut parts = split_day(&Value::String([text, rest].concat()));
    if known < 3 {
        parts.insert("day".to_owned(), UNKNOWN.into());
    }
    if known < 2 {
        parts.insert("month".to_owned(), UNKNOWN.into());
    }
    parts
}
