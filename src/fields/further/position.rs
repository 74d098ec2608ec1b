//! Where the phone is, asked of the browser once. Nothing of it is written down anywhere but in the
//! answer.

use gloo::timers::callback::Timeout;
use js_sys::{Function, Object, Promise, Reflect};
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::browser::member;

/// Milliseconds that the browser may look for the position.
const LOOKING: u32 = 20_000;

/// Milliseconds after which nobody waits any more: browsers that show the question of permission
/// inside another app, or whose question is put away unanswered, never say anything.
const WAITING: u32 = 60_000;

/// A position on WGS 84: degrees, and the accuracy in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    pub lat: f64,
    pub long: f64,
    pub accuracy: f64,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The browser or the person does not allow it.
    Denied,
    /// The phone does not know, as where its location is turned off.
    Unavailable,
    /// It took too long.
    TimedOut,
}

/// What can be asked; none in a browser, or a page, that has no such thing.
pub fn asked() -> Option<JsValue> {
    let window = web_sys::window()?;
    let asked = member(&member(&window, "navigator"), "geolocation");
    (member(&window, "isSecureContext") == JsValue::TRUE && asked.is_object()).then_some(asked)
}

/// Asks for the position. `then` may be called again, with a position, after it was told that it
/// took too long.
pub fn ask(asked: &JsValue, then: impl Fn(Result<Position, Trouble>) + Clone + 'static) {
    let options = Object::new();
    for (name, value) in [("enableHighAccuracy", JsValue::TRUE), ("timeout", LOOKING.into())] {
        // Setting a member of a fresh object cannot fail.
        _ = Reflect::set(&options, &name.into(), &value);
    }
    let answer = Promise::new(&mut |found, failed| {
        let get = member(asked, "getCurrentPosition").unchecked_into::<Function>();
        // What cannot be called is told of when nobody has said anything.
        _ = get.call3(asked, &found, &failed, &options);
    });
    let late = then.clone();
    Timeout::new(WAITING, move || late(Err(Trouble::TimedOut))).forget();
    spawn_local(async move {
        then(match JsFuture::from(answer).await {
            Ok(position) => read(&position).ok_or(Trouble::Unavailable),
            Err(error) => Err(match member(&error, "code").as_f64() {
                Some(1.0) => Trouble::Denied,
                Some(3.0) => Trouble::TimedOut,
                _ => Trouble::Unavailable,
            }),
        });
    });
}

fn read(position: &JsValue) -> Option<Position> {
    let coordinates = member(position, "coords");
    let number = |name| member(&coordinates, name).as_f64().filter(|it| it.is_finite());
    let accuracy = number("accuracy").unwrap_or_default();
    Some(Position { lat: number("latitude")?, long: number("longitude")?, accuracy })
}
