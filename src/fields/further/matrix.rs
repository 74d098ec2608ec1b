//! The view of `matrix`: one question after another on the same scale, «no opinion» apart.

use eform::fields::{Matrix, matrix::NO_OPINION};
use serde_json::{Map, Value};

use crate::dom::{El, div, el};
use crate::fields::Place;
use crate::fields::parts::members;

/// The rows of the matrix.
pub fn view(place: &Place) -> El {
    let Some(kind) = place.field().kind.get::<Matrix>() else { return div("") };
    let mut options: Vec<(&str, &str)> = Vec::new();
    for option in &kind.scale {
        options.push((&option.value, place.say(&option.label)));
    }
    if let Some(label) = &kind.no_opinion {
        options.push((NO_OPINION, place.say(label)));
    }
    let entered = members(&place.entry());
    let mut rows = el("div");
    for row in &kind.rows {
        let mut set = el("fieldset").class("inner").child(el("legend").text(place.say(&row.label)));
        set = set.maybe(row.hint.as_ref().map(|hint| el("p").class("hint").text(place.say(hint))));
        let chosen = entered.get(&row.id).and_then(Value::as_str);
        let drawn = options.iter().enumerate().map(|(at, (value, label))| {
            radio(place, &row.id, at, value, label, chosen == Some(value))
        });
        rows = rows.child(set.child(div("options").children(drawn.collect())));
    }
    place.group(rows)
}

fn radio(place: &Place, row: &str, at: usize, value: &str, label: &str, chosen: bool) -> El {
    // The first of a row is where a finding about the row leads to.
    let end = if at == 0 { String::new() } else { ["-", &at.to_string()].concat() };
    let id = place.id(&["-", row, &end].concat());
    let (this, row, entry) = (place.clone(), row.to_owned(), value.to_owned());
    let input = el("input")
        .attr("type", "radio")
        .attr("id", &id)
        .attr("name", &[place.name(), "-", &row].concat())
        .attr("value", value)
        .flag("checked", chosen)
        .on("change", move |_| {
            let mut answers: Map<String, Value> = members(&this.entry());
            answers.insert(row.clone(), Value::String(entry.clone()));
            this.enter(Value::Object(answers));
        });
    div("option").child(input).child(el("label").attr("for", &id).text(label))
}
