//! The browser's history and the form's own Back are one. Each screen of a form is one entry of
//! the session history; its name is kept in the entry's state beside what the host page and other
//! forms keep there.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

const MEMBER: &str = "eform";

fn history() -> Option<web_sys::History> {
    web_sys::window()?.history().ok()
}

fn state() -> JsValue {
    history().and_then(|history| history.state().ok()).unwrap_or(JsValue::NULL)
}

fn member(object: &JsValue, name: &str) -> JsValue {
    if object.is_object() {
        Reflect::get(object, &name.into()).unwrap_or(JsValue::NULL)
    } else {
        JsValue::NULL
    }
}

/// The screen that the current entry shows for the form `key`.
pub fn current(key: &str) -> Option<String> {
    member(&member(&state(), MEMBER), key).as_string()
}

/// The current state with the screen of one form changed.
fn changed(key: &str, screen: &str) -> Object {
    let state = Object::assign(&Object::new(), &Object::from(state()));
    let forms = Object::assign(&Object::new(), &Object::from(member(&state, MEMBER)));
    // Setting a member of a fresh object cannot fail.
    _ = Reflect::set(&forms, &key.into(), &screen.into());
    _ = Reflect::set(&state, &MEMBER.into(), &forms);
    state
}

/// Adds an entry on top.
pub fn push(key: &str, screen: &str) {
    // Browsers refuse after hundreds of entries in a short time; then Back goes one step further.
    _ = history().map(|history| history.push_state_with_url(&changed(key, screen), "", None));
}

/// Changes the current entry.
pub fn replace(key: &str, screen: &str) {
    _ = history().map(|history| history.replace_state_with_url(&changed(key, screen), "", None));
}

/// What the browser's own Back does.
pub fn back() {
    _ = history().map(|history| history.back());
}
