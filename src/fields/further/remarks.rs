//! What is said of an answer between the question and its controls, which are described by it: what
//! was found, and that the answer was there before the citizen gave one.

use eform::Finding;
use leptos::prelude::*;

use crate::dom::{El, el};
use crate::fields::Place;

/// The remarks on an answer, drawn anew as they change; nothing where there are none.
pub fn view(place: &Place) -> Option<El> {
    let found = place.filling.found(place.node).get();
    let given = given(place);
    if found.is_empty() && given.is_none() {
        return None;
    }
    let given = given.map(|words| el("p").class("prefilled").text(words));
    Some(words(place, &found).maybe(given))
}

/// What was found, in words.
pub fn words(place: &Place, found: &[Finding]) -> El {
    let mut said = el("div");
    for finding in found {
        let class = if finding.is_error() { "found error" } else { "found warning" };
        let words = place.filling.form().message(finding, &place.language);
        said = said.child(el("p").class(class).text(&words));
    }
    said
}

/// Whose answer it is, as long as it is not the citizen's own. What is calculated goes without
/// saying.
fn given(place: &Place) -> Option<&'static str> {
    let field = place.field();
    let is_locked = field.read_only || field.read_only_if.is_some();
    if field.default.is_none() && !is_locked || field.calculate.is_some() {
        return None;
    }
    let (filling, node) = (place.filling.clone(), place.node);
    let state = Memo::new(move |_| {
        let session = filling.follow(node);
        let is_there = session.answer(node).is_some();
        (is_there, session.is_read_only(node), session.entry(node).is_null())
    });
    match state.get() {
        (true, true, _) => {
            Some(place.pick("ข้อมูลนี้มีให้แล้ว แก้ไขที่นี่ไม่ได้", "This is given and cannot be changed here"))
        }
        (true, false, true) => {
            Some(place.pick("กรอกไว้ให้แล้ว แก้ไขได้", "Filled in for you; you can change it"))
        }
        _ => None,
    }
}
