//! One sender at a time per origin, by a Web Lock. The browser frees the lock when its holder
//! closes or crashes. Where there are no Web Locks (an old browser, a page without TLS), the
//! lease in each record does the same, only slower after a crash.

use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::js;

const NAME: &str = "eform-outbox";

/// Who may send.
pub enum Hold {
    /// This page or worker, until this is dropped.
    Mine(#[expect(dead_code, reason = "held for its Drop")] Guard),
    /// Another one is at it.
    Busy,
    /// Nobody can know: leases decide.
    NoLocks,
}

/// The lock; dropping it lets the next one send.
pub struct Guard {
    release: Function,
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::UNDEFINED);
    }
}

/// Takes the lock, if it is free; or waits in line for its `turn`, until that is aborted.
pub async fn hold(turn: Option<&js::AbortController>) -> Hold {
    let navigator = js::member(&js_sys::global(), "navigator");
    let Some(locks) = js::object_member::<js::Locks>(&navigator, "locks") else {
        return Hold::NoLocks;
    };
    let (answered, answer) = js::deferred();
    let (held, release) = js::deferred();
    let failed = answer.clone();
    // The browser holds the lock until the promise returned here is fulfilled.
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let granted = lock.is_object();
        let _ = answer.call1(&JsValue::UNDEFINED, &granted.into());
        if granted { held.into() } else { JsValue::UNDEFINED }
    });
    let options = match turn {
        None => js::object(&[("ifAvailable", &JsValue::TRUE)]),
        Some(turn) => js::object(&[("signal", &turn.signal())]),
    };
    let Ok(request) = locks.request(NAME, &options, callback.unchecked_ref()) else {
        return Hold::NoLocks;
    };
    // Aborted, or refused altogether (an opaque origin, a page being unloaded): it answers with the error.
    let _ = request.unchecked_into::<js::AnyPromise>().then(&failed, &failed);
    match JsFuture::from(answered).await {
        Ok(answer) if answer == JsValue::TRUE => Hold::Mine(Guard { release }),
        Ok(answer) if answer == JsValue::FALSE => Hold::Busy,
        _ => Hold::NoLocks,
    }
}
