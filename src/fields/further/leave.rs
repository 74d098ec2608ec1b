//! When a field is left: what was typed stands there as people write it, what was wrong is looked at
//! again, and what is odd is said now. Nothing is touched under the caret.

use eform::Finding;
use js_sys::Reflect;
use serde_json::Value;
use wasm_bindgen::JsValue;

use crate::by_name::call;
use crate::fields::Place;

/// A field has been left.
pub fn left(place: &Place) {
    let (filling, node) = (&place.filling, place.node);
    // Without the whole language there are no words for what is found.
    if filling.form().is_part() || !filling.session().is_there(node) {
        return;
    }
    write_well(place);
    filling.look_again(node);
}

/// Puts the answer into its box as people write it, where nothing is wrong with it.
fn write_well(place: &Place) {
    let Some(text) = written_well(place) else { return };
    let control = place.filling.root.query_selector(&["#", &place.id("")].concat());
    let Ok(Some(control)) = control else { return };
    // Somebody has come back already.
    if call(&control, "matches", &[":focus".into()]) != Ok(JsValue::FALSE) {
        return;
    }
    // Setting a member of a control cannot fail.
    _ = Reflect::set(&control, &"value".into(), &text.as_str().into());
    let entered = place.filling.session().entry(place.node).clone();
    // What nobody has entered stays given.
    if !entered.is_null() && entered != text.as_str() {
        place.enter(Value::String(text));
    }
}

fn written_well(place: &Place) -> Option<String> {
    let session = place.filling.session();
    if session.findings_of(place.node).iter().any(Finding::is_error) {
        return None;
    }
    place.filling.form().in_box(place.at, session.answer(place.node)?, &place.language)
}
