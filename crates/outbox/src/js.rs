//! The few browser functions that the adapters call, bound by hand: `web-sys` lacks the options of
//! `transaction()`, and everything here must also exist in a service worker. No decisions.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    pub fn set_timeout(callback: &Function, ms: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    pub fn clear_timeout(id: &JsValue);
    #[wasm_bindgen(catch)]
    pub fn fetch(url: &str, init: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues)]
    pub fn get_random_values(bytes: &mut [u8]);

    #[derive(Clone)]
    #[wasm_bindgen(extends = Object)]
    pub type AbortController;
    #[wasm_bindgen(constructor)]
    pub fn new() -> AbortController;
    #[wasm_bindgen(method, getter)]
    pub fn signal(this: &AbortController) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn abort(this: &AbortController) -> Function;

    #[wasm_bindgen(extends = Object)]
    pub type Response;
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Response) -> u16;
    #[wasm_bindgen(method, getter)]
    pub fn redirected(this: &Response) -> bool;
    #[wasm_bindgen(method, getter, js_name = type)]
    pub fn kind(this: &Response) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn headers(this: &Response) -> Headers;
    #[wasm_bindgen(method, getter)]
    pub fn body(this: &Response) -> Option<Stream>;

    #[wasm_bindgen(extends = Object)]
    pub type Headers;
    #[wasm_bindgen(method)]
    pub fn get(this: &Headers, name: &str) -> Option<String>;

    #[wasm_bindgen(extends = Object)]
    pub type Stream;
    #[wasm_bindgen(method, catch, js_name = getReader)]
    pub fn get_reader(this: &Stream) -> Result<Reader, JsValue>;
    #[wasm_bindgen(extends = Object)]
    pub type Reader;
    #[wasm_bindgen(method, catch)]
    pub fn read(this: &Reader) -> Result<Promise, JsValue>;

    #[wasm_bindgen(extends = Object)]
    pub type EventTarget;
    #[wasm_bindgen(method, catch, js_name = addEventListener)]
    pub fn listen(this: &EventTarget, name: &str, callback: &Function) -> Result<(), JsValue>;

    #[wasm_bindgen(extends = Object)]
    pub type BroadcastChannel;
    #[wasm_bindgen(constructor, catch)]
    pub fn open(name: &str) -> Result<BroadcastChannel, JsValue>;
    #[wasm_bindgen(method, catch, js_name = postMessage)]
    pub fn post(this: &BroadcastChannel, message: &JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method, setter)]
    pub fn set_onmessage(this: &BroadcastChannel, callback: &Function);

    #[wasm_bindgen(extends = Object)]
    pub type Locks;
    #[wasm_bindgen(method, catch)]
    pub fn request(
        this: &Locks,
        name: &str,
        options: &JsValue,
        callback: &Function,
    ) -> Result<Promise, JsValue>;

    #[wasm_bindgen(extends = Object)]
    pub type StorageManager;
    #[wasm_bindgen(method, catch)]
    pub fn persist(this: &StorageManager) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn persisted(this: &StorageManager) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub fn estimate(this: &StorageManager) -> Result<Promise, JsValue>;

    #[wasm_bindgen(extends = Object)]
    pub type SyncManager;
    #[wasm_bindgen(method, catch)]
    pub fn register(this: &SyncManager, tag: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(extends = Promise)]
    pub type AnyPromise;
    #[wasm_bindgen(method)]
    pub fn then(this: &AnyPromise, done: &Function, failed: &Function) -> Promise;
}

/// A member of the global object (of a page or a worker), or of anything else; `undefined` when
/// it is not there or may not be read.
pub fn member(of: &JsValue, name: &str) -> JsValue {
    Reflect::get(of, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A member that is an object, as the type that its name promises.
pub fn object_member<T: JsCast>(of: &JsValue, name: &str) -> Option<T> {
    let value = member(of, name);
    (value.is_object()).then(|| value.unchecked_into())
}

/// A plain object.
pub fn object(members: &[(&str, &JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // Setting a member of a new plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// A copy of a plain object, with one member set.
pub fn with(object: &JsValue, name: &str, value: &JsValue) -> JsValue {
    let copy = Object::assign(&Object::new(), object.unchecked_ref());
    let _ = Reflect::set(&copy, &JsValue::from_str(name), value);
    copy.into()
}

/// A promise and the function that fulfils it.
pub fn deferred() -> (Promise, Function) {
    // Not `Function::default()`: it evaluates a text, which the Content-Security-Policy forbids.
    let mut resolve = JsValue::UNDEFINED;
    let promise = Promise::new(&mut |done, _| resolve = done.into());
    // A promise calls its executor at once.
    (promise, resolve.unchecked_into())
}

/// A promise that is fulfilled after `ms` milliseconds, and its timer for [`clear_timeout`].
pub fn sleep(ms: i32) -> (Promise, JsValue) {
    let (promise, resolve) = deferred();
    let timer = set_timeout(&resolve, ms);
    (promise, timer)
}

/// Whether this is a page that cannot be seen: in another tab, behind another app, or being left.
pub fn is_hidden() -> bool {
    let document = member(&js_sys::global(), "document");
    member(&document, "visibilityState") == "hidden"
}

/// Waits until the first of these promises is settled.
pub async fn first(promises: &[&Promise]) -> Result<JsValue, JsValue> {
    let all = Array::new();
    for promise in promises {
        all.push(promise);
    }
    JsFuture::from(Promise::race(&all)).await
}

/// Lets a promise go whose result does not matter, so that its failure is not reported.
pub fn ignore(promise: Promise) {
    let (_, resolve) = deferred();
    let _ = promise.unchecked_into::<AnyPromise>().then(&resolve, &resolve);
}
