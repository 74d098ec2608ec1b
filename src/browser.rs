//! The little that the page asks of the browser, in one place: today, focus, what is
//! pressed, words for a time.

use std::cell::RefCell;

use eform::Date;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use crate::words::is_thai;

/// Today by the phone's clock and time zone.
pub fn today() -> Date {
    day(js_sys::Date::now())
}

/// The day of a moment, in milliseconds since 1970, by the phone's time zone.
pub fn day(milliseconds: f64) -> Date {
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds));
    Date {
        year: date.get_full_year() as i32,
        month: date.get_month() as u8 + 1,
        day: date.get_date() as u8,
    }
}

/// A moment for people: day and time of day, as short as it can be understood.
pub fn moment(milliseconds: f64, language: &str) -> String {
    let between = if is_thai(language) { " " } else { ", " };
    by_day(milliseconds, language) + between + &time_of_day(milliseconds, language)
}

/// The day of a moment for people.
pub fn by_day(milliseconds: f64, language: &str) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds));
    let options = js_sys::Object::new();
    for (name, value) in [("day", "numeric"), ("month", "short"), ("year", "numeric")] {
        // Setting a member of a fresh object cannot fail.
        _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    let locale = if is_thai(language) { "th-TH" } else { "en-GB" };
    date.to_locale_string(locale, &options).into()
}

/// The hour and minute of a moment.
pub fn time_of_day(milliseconds: f64, language: &str) -> String {
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds));
    let two = |number: u32| {
        if number < 10 { "0".to_owned() + &number.to_string() } else { number.to_string() }
    };
    let (hour, minute) = (two(date.get_hours()), two(date.get_minutes()));
    if is_thai(language) { hour + "." + &minute + " น." } else { hour + ":" + &minute }
}

/// Milliseconds since 1970 of an RFC 3339 text; none where it is not one.
pub fn milliseconds(rfc3339: &str) -> Option<f64> {
    let time = js_sys::Date::parse(rfc3339);
    (!time.is_nan()).then_some(time)
}

/// A member of a browser's object by its name; undefined where there is none. Bindings of their own
/// would put glue into what is fetched before the first field works.
pub fn member(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Calls a function of a browser's object by its name, with one argument; none where there is no such
/// function, or it fails.
pub fn call(object: &JsValue, name: &str, argument: &JsValue) -> Option<JsValue> {
    let function = member(object, name).dyn_into::<js_sys::Function>().ok()?;
    function.call1(object, argument).ok()
}

/// Whether the page can be seen.
pub fn is_visible() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| !document.hidden())
}

/// Once what has just changed is on the screen.
pub fn after_render(then: impl FnOnce() + 'static) {
    Timeout::new(0, then).forget();
}

thread_local! {
    static POINTER: RefCell<Pointer> = RefCell::default();
}

#[derive(Default)]
struct Pointer {
    watched: bool,
    is_down: bool,
    waiting: Vec<Box<dyn FnOnce()>>,
}

/// Does what may move things on the screen: now, or as soon as no finger and no mouse button is
/// down, since what moves away under a tap is not tapped.
pub fn when_nothing_is_pressed(then: impl FnOnce() + 'static) {
    let then = POINTER.with_borrow_mut(|pointer| {
        if pointer.is_down {
            pointer.waiting.push(Box::new(then));
            None
        } else {
            Some(then)
        }
    });
    if let Some(then) = then {
        then();
    }
}

/// Begins to watch what is pressed; once a page is enough.
pub fn watch_pointer() {
    let Some(window) = web_sys::window() else { return };
    if POINTER.with_borrow_mut(|pointer| std::mem::replace(&mut pointer.watched, true)) {
        return;
    }
    let on = |name, act: fn()| {
        let capture = EventListenerOptions::run_in_capture_phase();
        EventListener::new_with_options(&window, name, capture, move |_| act()).forget();
    };
    on("pointerdown", || POINTER.with_borrow_mut(|pointer| pointer.is_down = true));
    for name in ["pointerup", "pointercancel", "dragend"] {
        on(name, || {
            POINTER.with_borrow_mut(|pointer| pointer.is_down = false);
            // The click comes after this event, before the next task.
            after_render(|| {
                let waiting =
                    POINTER.with_borrow_mut(|pointer| std::mem::take(&mut pointer.waiting));
                waiting.into_iter().for_each(|then| then());
            });
        });
    }
}

/// Moves the focus once what has just changed is on the screen, and the screen only if it must.
pub fn focus_in_place(root: &HtmlElement, selector: String) {
    let root = root.clone();
    after_render(move || {
        let found = root.query_selector(&selector).ok().flatten();
        if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            // An element that cannot take the focus simply does not get it.
            _ = element.focus();
        }
    });
}

/// Moves the focus to what `selector` finds inside `root`, and brings it into view. False where
/// there is no such element.
pub fn focus(root: &HtmlElement, selector: &str) -> bool {
    let found = root.query_selector(selector).ok().flatten();
    let found = found.and_then(|found| found.dyn_into::<HtmlElement>().ok());
    if let Some(element) = &found {
        // An element that cannot take the focus simply does not get it.
        _ = element.focus();
        element.scroll_into_view_with_bool(true);
    }
    found.is_some()
}
