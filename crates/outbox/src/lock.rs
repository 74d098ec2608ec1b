//! One sender at a time per origin, by a Web Lock. The browser frees the lock when its holder
//! closes or crashes. Whoever has waited too long for it goes apart, under a lock that those who do
//! share: while nobody has that one, what they left behind is nobody's. Where there are no Web Locks
//! (an old browser, a page without TLS), the lease in each record does the same, only slower after a
//! crash.

use std::pin::Pin;

use js_sys::Function;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::js;

const NAME: &str = "eform-outbox";
const APART: &str = "eform-outbox-apart";

/// Who may send.
pub enum Hold {
    /// This page or worker has what it asked for, until this is dropped.
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

/// What is asked for.
#[derive(Clone, Copy)]
pub enum Ask<'a> {
    /// The lock, if it is free.
    First,
    /// The lock, once it is free, or until this is aborted.
    InLine(&'a js::AbortController),
    /// A share in going apart, had as soon as nobody is just making sure that nobody does.
    Apart,
    /// That nobody is apart, nor goes, for as long as it is held: for no longer than it takes to know.
    NobodyApart,
}

/// Asks for a lock, and says whether it is had.
pub fn hold(ask: Ask<'_>) -> Pin<Box<dyn Future<Output = Hold> + '_>> {
    Box::pin(hold_unboxed(ask))
}

async fn hold_unboxed(ask: Ask<'_>) -> Hold {
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
    let name = match ask {
        Ask::First | Ask::InLine(_) => NAME,
        Ask::Apart | Ask::NobodyApart => APART,
    };
    let options = match ask {
        Ask::InLine(turn) => js::object(&[("signal", &turn.signal())]),
        Ask::Apart => js::object(&[("mode", &"shared".into())]),
        Ask::First | Ask::NobodyApart => js::object(&[("ifAvailable", &JsValue::TRUE)]),
    };
    let Ok(request) = locks.request(name, &options, callback.unchecked_ref()) else {
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
