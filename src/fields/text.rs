//! The view of everything that is typed in one line: `text`, `number`, `email`, `phone`,
//! `thai-national-id`. Always a plain text box: `type=number` refuses Thai digits, and the
//! browser's own checks would speak another language. What is typed stays as it is typed; no key
//! is swallowed and nothing is put right under the caret.

use eform::fields::Number;
use serde_json::Value;

use super::Place;
use crate::dom::{El, div, el, value};

/// A box of one line. `keyboard` is the HTML `inputmode`.
pub fn view(place: &Place, kind: &str, keyboard: Option<&str>, autocomplete: Option<&str>) -> El {
    place.single(line(place, kind, keyboard, autocomplete))
}

/// A box for a number, with what is counted behind it.
pub fn number(place: &Place) -> El {
    let kind = place.field().kind.get::<Number>();
    let whole = kind.is_some_and(|kind| kind.decimals == 0);
    let unit = kind.and_then(|kind| kind.unit.as_ref()).map(|unit| place.say(unit));
    counted(place, if whole { "numeric" } else { "decimal" }, unit)
}

/// A box for a number, with its unit behind it.
pub fn counted(place: &Place, keyboard: &str, unit: Option<&str>) -> El {
    let line = line(place, "text", Some(keyboard), None);
    // One more label, so that it is read out with the question.
    let label = || el("label").attr("for", &place.id("")).class("unit");
    place.single(match unit {
        Some(unit) => div("with-unit").child(line).child(label().text(unit)),
        None => line,
    })
}

fn line(place: &Place, kind: &str, keyboard: Option<&str>, autocomplete: Option<&str>) -> El {
    let (enter, left) = (place.clone(), place.clone());
    place
        .control("input", &place.id(""))
        .attr("type", kind)
        .attr_if("inputmode", keyboard)
        .attr("autocomplete", place.filled_by_browser(autocomplete))
        .attr("value", &place.entry_text())
        .on("input", move |event| enter.enter(Value::String(value(&event))))
        .on("blur", move |_| left.left())
}
