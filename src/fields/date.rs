//! The view of `date`: day, month by name, and year of the Buddhist era, with the day in words
//! below as soon as there is one.

use eform::{Date, month_name};
use leptos::prelude::*;
use serde_json::{Map, Value};

use super::Place;
use crate::words::is_thai;

/// The three parts of a date. `birthday` lets the phone fill it in.
pub fn view(place: Place, birthday: bool) -> AnyView {
    let parts = parts(&place.entry());
    let words = place.words();
    let typed =
        |part: &'static str, label: &'static str, end: &'static str, length: &'static str| {
            let (enter, value) = (place.clone(), text(&parts, part));
            view! {
                <div class="part">
                    <label for=place.dom_id(end)>{label}</label>
                    <input
                        type="text"
                        inputmode="numeric"
                        class=length
                        id=place.dom_id(end)
                        name=place.name()
                        data-part=part
                        autocomplete=autocomplete(birthday, part)
                        prop:value=value
                        aria-describedby=place.described_by()
                        aria-invalid=place.invalid()
                        on:input=move |event| change(&enter, part, event_target_value(&event))
                    />
                </div>
            }
            .into_any()
        };
    let enter = place.clone();
    let chosen = text(&parts, "month");
    let months = (1..=12_u8).map(|month| {
        let value = month.to_string();
        view! { <option value=value.clone() selected=value == chosen>{month_name(month, &place.language)}</option> }
    });
    let month = view! {
        <div class="part">
            <label for=place.dom_id("-month")>{words.month}</label>
            <select
                id=place.dom_id("-month")
                name=place.name()
                data-part="month"
                autocomplete=autocomplete(birthday, "month")
                aria-describedby=place.described_by()
                aria-invalid=place.invalid()
                on:change=move |event| change(&enter, "month", event_target_value(&event))
            >
                <option value="">{words.choose}</option>
                {months.collect_view()}
            </select>
        </div>
    };
    let echo = {
        let place = place.clone();
        move || {
            let answer = place.filling.answer(place.index);
            answer.as_ref().and_then(Value::as_str).and_then(Date::parse_iso).map(|day| {
                let common = is_thai(&place.language).then(|| format!(" (ค.ศ. {})", day.year));
                view! { <p class="echo">{day.in_words(&place.language)}{common}</p> }
            })
        }
    };
    let controls = view! {
        <div class="parts">
            {typed("day", words.day, "", "two")}
            {month}
            {typed("year", words.year, "-year", "four")}
        </div>
        {echo}
    };
    place.group(controls.into_any())
}

fn autocomplete(birthday: bool, part: &str) -> Option<&'static str> {
    match part {
        "day" if birthday => Some("bday-day"),
        "month" if birthday => Some("bday-month"),
        // The phone knows the year of the common era only, which would have to be asked about.
        _ => Some("off"),
    }
}

/// The three boxes for an entry; a kept day is taken apart again.
fn parts(entry: &Value) -> Map<String, Value> {
    match entry {
        Value::Object(parts) => parts.clone(),
        Value::String(iso) => Date::parse_iso(iso).map_or_else(Map::new, |day| {
            let part =
                |name: &str, number: i32| (name.to_owned(), Value::String(number.to_string()));
            [
                part("day", day.day.into()),
                part("month", day.month.into()),
                part("year", day.buddhist_year()),
            ]
            .into_iter()
            .collect()
        }),
        _ => Map::new(),
    }
}

fn text(parts: &Map<String, Value>, name: &str) -> String {
    parts.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn change(place: &Place, part: &str, value: String) {
    let mut parts = parts(&place.entry());
    parts.insert(part.to_owned(), Value::String(value));
    let blank = parts.values().all(|part| part.as_str() == Some(""));
    place.enter(if blank { Value::Null } else { Value::Object(parts) });
}
