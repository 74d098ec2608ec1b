//! The browser's functions and classes by their names, for what only the later part asks of it. A
//! binding for each would put glue into what is fetched before the first field works.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::browser::member;

/// What a call gives, or what it throws.
pub type Given = Result<JsValue, JsValue>;

/// Calls a function of an object. What is no function throws, as anywhere.
pub fn call(object: &JsValue, name: &str, arguments: &[JsValue]) -> Given {
    reflect("apply", &member(object, name), object, &list(arguments))
}

/// Calls a function that gives a promise, and waits for it.
pub async fn called(object: &JsValue, name: &str, arguments: &[JsValue]) -> Given {
    JsFuture::from(call(object, name, arguments)?.dyn_into::<Promise>()?).await
}

/// A new object of a class.
pub fn make(class: &str, arguments: &[JsValue]) -> Given {
    let class = member(&window(), class);
    reflect("construct", &class, &list(arguments), &class)
}

/// A new array.
pub fn list(items: &[JsValue]) -> JsValue {
    let list = js_sys::Array::new();
    let push: Function = member(&list, "push").unchecked_into();
    for item in items {
        // An array of ours takes whatever it is given.
        _ = push.call1(&list, item);
    }
    list.into()
}

/// What everything of the browser is a member of.
pub fn window() -> JsValue {
    web_sys::window().map_or(JsValue::UNDEFINED, JsValue::from)
}

fn reflect(name: &str, first: &JsValue, second: &JsValue, third: &JsValue) -> Given {
    let reflect: Function = member(&member(&window(), "Reflect"), name).unchecked_into();
    reflect.call3(&JsValue::UNDEFINED, first, second, third)
}
