//! How wide an element is, followed while it is on the screen: what stands in a narrow column of an
//! agency's page is narrow however wide the window is. All is asked for by name, so that nothing is
//! added to what is fetched before the first field works.

use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use crate::browser::{call, member};
use crate::dom::callback;

/// Pixels to a rem where the page does not say.
const USUAL: usize = 16;

/// Whether an element is at least so many rem wide; not before it is on the screen, nor in a browser
/// that cannot tell.
pub fn is_at_least(element: &Element, rems: usize) -> ArcRwSignal<bool> {
    let wide = ArcRwSignal::new(false);
    let (seen, measured) = (wide.clone(), element.clone());
    let look = callback(move || {
        let width = member(&measured, "clientWidth").as_f64().unwrap_or_default();
        let now = width >= (rems * rem()) as f64;
        if seen.get_untracked() != now {
            seen.set(now);
        }
    });
    if let Some(observer) = observe(element, &look) {
        let observer = SendWrapper::new(observer);
        on_cleanup(move || _ = call(&observer, "disconnect", &JsValue::UNDEFINED));
    }
    wide
}

/// Pixels to a rem.
fn rem() -> usize {
    let asked = || {
        let window = web_sys::window()?;
        let page = window.document()?.document_element()?;
        let style = call(&window, "getComputedStyle", &page)?;
        let size = member(&style, "fontSize").as_string()?;
        let digits = size.bytes().take_while(u8::is_ascii_digit).count();
        size[..digits].parse().ok()
    };
    asked().unwrap_or(USUAL)
}

fn observe(element: &Element, look: &JsValue) -> Option<JsValue> {
    let window = web_sys::window()?;
    let (class, reflect) = (member(&window, "ResizeObserver"), member(&window, "Reflect"));
    let arguments = Object::new();
    for (name, value) in [("0", look), ("length", &JsValue::from(1))] {
        // Setting a member of a fresh object cannot fail.
        _ = Reflect::set(&arguments, &name.into(), value);
    }
    let construct = member(&reflect, "construct").dyn_into::<Function>().ok()?;
    let observer = construct.call3(&reflect, &class, &arguments, &class).ok()?;
    call(&observer, "observe", element)?;
    Some(observer)
}
