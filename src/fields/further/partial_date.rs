//! The view of `partial-date`: as a date, of which day and month may stay blank, and where the
//! definition has it a box for what lasts for life.

use eform::fields::PartialDate;
use serde_json::{Map, Value};

use crate::dom::{El, el, is_checked};
use crate::fields::Place;
use crate::fields::choice::{card, tick};
use crate::fields::date::{month, split as split_day};
use crate::fields::parts::{Part, boxes};

/// Day, month and year.
pub fn view(place: &Place) -> El {
    let words = place.words();
    let parts = [
        Part::digits("day", words.day, "two"),
        month(place),
        Part::digits("year", words.year, "four"),
    ];
    let known = place.pick(
        "ถ้าไม่ทราบวันหรือเดือน ให้เว้นว่างไว้",
        "Leave the day or the month blank if it is not known",
    );
    let this = place.clone();
    let known = el("p").class("hint").text(known);
    let may_last = place.field().kind.get::<PartialDate>().is_some_and(|kind| kind.lifetime);
    place.group(
        el("div")
            .child(place.told(Some(known), boxes(place, &parts, split)))
            .maybe(may_last.then(|| lifetime(place)))
            .part(move || Some(el("p").class("echo").text(&this.answer_in_words()?))),
    )
}

fn lifetime(place: &Place) -> El {
    let lasts = entered(place).get("lifetime") == Some(&Value::Bool(true));
    let this = place.clone();
    let tick = tick(place, "checkbox", 0, "lifetime", lasts).on("change", move |event| {
        let mut parts = entered(&this);
        parts.insert("lifetime".to_owned(), is_checked(&event).into());
        this.enter(Value::Object(parts));
    });
    card(place, 0, tick, place.pick("ตลอดชีพ", "For life"), None)
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
        parts.remove("day");
    }
    if known < 2 {
        parts.remove("month");
    }
    parts
}
