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

/// Takes the lock, if it is free, or waits in line for so many milliseconds. After that leases decide:
/// whoever has it may be a page that the system has put to sleep.
pub async fn hold(wait: Option<i32>) -> Hold {
    let navigator = js::member(&js_sys::global(), "navigator");
    let Some(locks) = js::object_member::<js::Locks>(&navigator, "locks") else {
        return Hold::NoLocks;
    };
    let (answered, answer) = js::deferred();
    let (held, release) = js::deferred();
    let (failed, give_up) = (answer.clone(), release.clone());
    // The browser holds the lock until the promise returned here is fulfilled.
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let granted = lock.is_object();
        let _ = answer.call1(&JsValue::UNDEFINED, &granted.into());
        if granted { held.into() } else { JsValue::UNDEFINED }
    });
    let options = js::object(&[("ifAvailable", &wait.is_none().into())]);
    let Ok(request) = locks.request(NAME, &options, callback.unchecked_ref()) else {
        return Hold::NoLocks;
    };
    // Refused altogether (an opaque origin, a page being unloaded): it answers with the error.
    let _ = request.unchecked_into::<js::AnyPromise>().then(&failed, &failed);
    let answer = match wait {
        None => JsFuture::from(answered).await,
        Some(wait) => {
            let (late, timer) = js::sleep(wait);
            let answer = js::first(&[&answered, &late]).await;
            js::clear_timeout(&timer);
            answer
        }
    };
    match answer {
        Ok(answer) if answer == JsValue::TRUE => Hold::Mine(Guard { release }),
        Ok(answer) if answer == JsValue::FALSE => Hold::Busy,
        _ => {
            // Where its turn comes after all, it is the next one's at once.
            let _ = give_up.call0(&JsValue::UNDEFINED);
            Hold::NoLocks
        }
    }
}
