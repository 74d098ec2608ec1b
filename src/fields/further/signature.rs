//! The view of `signature`: the statement, and the signer's name, typed.

use eform::fields::Signature;
use serde_json::{Value, json};

use crate::dom::{El, el, value};
use crate::fields::Place;

/// A box for the name.
pub fn view(place: &Place) -> El {
    let kind = place.field().kind.get::<Signature>();
    let statement = kind.and_then(|kind| kind.statement.as_ref());
    let (hint_id, words_id) = (place.id("-how"), place.id("-words"));
    let described = match statement {
        Some(_) => [&words_id, " ", &hint_id].concat(),
        None => hint_id.clone(),
    };
    let statement =
        statement.map(|words| el("p").class("words").attr("id", &words_id).text(place.say(words)));
    let entry = place.entry();
    let typed = entry.get("typed").or(Some(&entry)).and_then(Value::as_str).unwrap_or_default();
    let (enter, left) = (place.clone(), place.clone());
    let hint =
        place.pick("พิมพ์ชื่อและนามสกุลแทนการลงลายมือชื่อ", "Type your full name in place of a signature");
    let hint = el("p").class("hint").attr("id", &hint_id).text(hint);
    let control = place
        .control_with("input", &described)
        .attr("type", "text")
        .attr("autocomplete", "name")
        .attr("value", typed)
        .on("input", move |event| enter.enter(json!({ "typed": value(&event) })))
        .on("blur", move |_| left.left());
    place.single(el("div").maybe(statement).child(hint).child(control))
}
