//! The view of `date`: day, month by name, and year of the Buddhist era, with the day in words
//! below as soon as there is one.

use eform::{Date, fields, month_name};
use serde_json::{Map, Value};

use super::Place;
use super::parts::{Part, boxes};
use crate::dom::{El, el};
use crate::words::is_thai;

/// The three parts of a date.
pub fn view(place: &Place) -> El {
    let kind = place.field().kind.get::<fields::Date>();
    // The phone knows the year of the common era only, which would have to be asked about.
    let is_birthday = kind.is_some_and(|kind| kind.autocomplete.is_some());
    let birthday = |token| is_birthday.then_some(token);
    let words = place.words();
    let day = Part { autocomplete: birthday("bday-day"), ..Part::digits("day", words.day, "two") };
    let months = months(place.language());
    let month =
        Part { autocomplete: birthday("bday-month"), ..Part::list("month", words.month, months) };
    let year = Part::digits("year", words.year, "four");
    let this = place.clone();
    let boxes = boxes(place, &[day, month, year], split);
    place.group(el("div").child(boxes).part(move || {
        let session = this.filling.follow(this.node);
        let day = Date::parse_iso(session.answer(this.node)?.as_str()?)?;
        let year = [" (ค.ศ. ", &day.year.to_string(), ")"].concat();
        let common = if is_thai(&this.language) { year.as_str() } else { "" };
        Some(el("p").class("echo").text(&day.in_words(&this.language)).text(common))
    }))
}

/// The months by number and name.
pub fn months(language: &str) -> Vec<(String, String)> {
    (1..=12).map(|month| (month.to_string(), month_name(month, language).to_owned())).collect()
}

/// A kept day as its three boxes show it.
pub fn split(answer: &Value) -> Map<String, Value> {
    let mut parts = Map::new();
    if let Some(day) = answer.as_str().and_then(Date::parse_iso) {
        let mut put =
            |name: &str, number: i32| parts.insert(name.to_owned(), number.to_string().into());
        put("day", day.day.into());
        put("month", day.month.into());
        put("year", day.buddhist_year());
    }
    parts
}
