//! The view of `date`: day, month by name, and year of the Buddhist era, with the day in words
//! below as soon as there is one.

use eform::{Date, month_name};
use serde_json::{Map, Value};

use super::Place;
use crate::dom::{El, div, el, value};
use crate::words::is_thai;

/// The three parts of a date. `birthday` lets the phone fill it in.
pub fn view(place: &Place, birthday: bool) -> El {
    let (parts, words) = (parts(&place.entry()), place.words());
    let chosen = text(&parts, "month");
    let mut month = control(place, "select", "month", "-month", birthday)
        .child(el("option").attr("value", "").text(words.choose));
    for number in 1..=12_u8 {
        let value = number.to_string();
        let option = el("option").attr("value", &value).flag("selected", value == chosen);
        month = month.child(option.text(month_name(number, &place.language)));
    }
    let typed = |part: &'static str, end: &str, class: &str| {
        control(place, "input", part, end, birthday)
            .attr("type", "text")
            .attr("inputmode", "numeric")
            .class(class)
            .attr("value", text(&parts, part))
    };
    let part = |label: &str, end: &str, control: El| {
        div("part").child(el("label").attr("for", &place.id(end)).text(label)).child(control)
    };
    let boxes = div("parts")
        .child(part(words.day, "", typed("day", "", "two")))
        .child(part(words.month, "-month", month))
        .child(part(words.year, "-year", typed("year", "-year", "four")));
    let this = place.clone();
    place.group(el("div").child(boxes).part(move || {
        let answer = this.filling.answer(this.index)?;
        let day = Date::parse_iso(answer.as_str()?)?;
        let common = if is_thai(&this.language) {
            format!(" (ค.ศ. {})", day.year)
        } else {
            String::new()
        };
        Some(el("p").class("echo").text(&day.in_words(&this.language)).text(&common))
    }))
}

fn control(place: &Place, tag: &str, part: &'static str, end: &str, birthday: bool) -> El {
    let enter = place.clone();
    place
        .control(tag, &place.id(end))
        .attr("data-part", part)
        .attr("autocomplete", autocomplete(birthday, part))
        .on("input", move |event| change(&enter, part, value(&event)))
}

fn autocomplete(birthday: bool, part: &str) -> &'static str {
    match part {
        "day" if birthday => "bday-day",
        "month" if birthday => "bday-month",
        // The phone knows the year of the common era only, which would have to be asked about.
        _ => "off",
    }
}

/// The three boxes for an entry; a kept day is taken apart again.
fn parts(entry: &Value) -> Map<String, Value> {
    match entry {
        Value::Object(parts) => parts.clone(),
        Value::String(iso) => {
            let mut parts = Map::new();
            if let Some(day) = Date::parse_iso(iso) {
                let mut put = |name: &str, number: i32| {
                    parts.insert(name.to_owned(), number.to_string().into())
                };
                put("day", day.day.into());
                put("month", day.month.into());
                put("year", day.buddhist_year());
            }
            parts
        }
        _ => Map::new(),
    }
}

fn text<'a>(parts: &'a Map<String, Value>, name: &str) -> &'a str {
    parts.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn change(place: &Place, part: &str, value: String) {
    let mut parts = parts(&place.entry());
    parts.insert(part.to_owned(), Value::String(value));
    let blank = parts.values().all(|part| part.as_str() == Some(""));
    place.enter(if blank { Value::Null } else { Value::Object(parts) });
}
