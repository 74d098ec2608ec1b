//! What starts delivery in a page: opening it, `online`, becoming visible, coming back from the
//! back-forward cache, and a timer to the next due time. The service worker has its `sync` event
//! instead, which a page asks for, and calls [`Outbox::drain`]: so it is sent with no page open.

use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{Outbox, js};

/// The shortest the timer is set to, in milliseconds: whatever goes wrong, it does not spin.
const SHORTEST_MS: i64 = 1_000;

/// The tag of the service worker's `sync` event; `public/sw.js` has it too.
const SYNC: &str = "eform-outbox";

impl Outbox {
    /// Wires everything that starts delivery, and starts it now. The second call does nothing.
    pub fn start(self: &Rc<Self>) {
        let outbox = Rc::clone(self);
        let on_timer = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            outbox.timer.take();
            outbox.wake(false);
        });
        if self.on_timer.set(on_timer.into_js_value().unchecked_into()).is_err() {
            return;
        }
        self.listen();
        self.wake(true);
        let outbox = Rc::clone(self);
        spawn_local(async move {
            // Housekeeping: the next start tries again.
            let _ = outbox.store.prune_definitions().await;
            let _ = outbox.store.sweep_files(&crate::stash::ids()).await;
            outbox.sweep_stash().await;
            let _ = outbox.forget_old_keys().await;
            outbox.store.be_ready_to_stash(0).await;
        });
    }

    fn listen(self: &Rc<Self>) {
        let outbox = Rc::clone(self);
        let document = js::member(&js_sys::global(), "document");
        let on_event = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let persisted = || js::member(&event, "persisted").is_truthy();
            let starts = match js::member(&event, "type").as_string().as_deref() {
                // Kept for «back», it would hold up what other pages write.
                Some("pagehide") => {
                    if persisted() && !outbox.cannot_stash.replace(false) {
                        outbox.store.let_go();
                    }
                    false
                }
                Some("visibilitychange") => {
                    let visible = !js::is_hidden();
                    if !visible {
                        outbox.leave_the_line();
                    }
                    // What waits is the service worker's, should the page not come back.
                    if !visible && (outbox.running.get() || outbox.timer.borrow().is_some()) {
                        ask_for_sync();
                    }
                    visible
                }
                Some("pageshow") => persisted(),
                _ => true,
            };
            if starts {
                outbox.wake(true);
            }
        });
        let on_event = on_event.into_js_value();
        let global: js::EventTarget = js_sys::global().unchecked_into();
        // Where an event cannot be listened to, the timer is left.
        let _ = global.listen("online", on_event.unchecked_ref());
        let _ = global.listen("pageshow", on_event.unchecked_ref());
        let _ = global.listen("pagehide", on_event.unchecked_ref());
        if document.is_object() {
            let document: js::EventTarget = document.unchecked_into();
            let _ = document.listen("visibilitychange", on_event.unchecked_ref());
        }
    }

    /// Sets the timer to the next due time, in milliseconds from now; to none when nothing waits.
    pub(crate) fn arm(&self, next: Option<i64>) {
        if let Some(timer) = self.timer.take() {
            js::clear_timeout(&timer);
        }
        if let (Some(next), Some(on_timer)) = (next, self.on_timer.get()) {
            let ms = i32::try_from(next.max(SHORTEST_MS)).unwrap_or(i32::MAX);
            self.timer.replace(Some(js::set_timeout(on_timer, ms)));
        }
    }
}

/// Has the browser wake the service worker when there is a network. A browser that cannot do that, as
/// Firefox and Safari, or may not, or a page without a service worker, is left with what a page does.
pub(crate) fn ask_for_sync() {
    let navigator = js::member(&js_sys::global(), "navigator");
    let workers = js::member(&navigator, "serviceWorker");
    // Fulfilled once there is a worker.
    let Some(ready) = js::object_member::<js::AnyPromise>(&workers, "ready") else { return };
    let register = Closure::once_into_js(|registration: JsValue| {
        if let Some(sync) = js::object_member::<js::SyncManager>(&registration, "sync")
            && let Ok(asked) = sync.register(SYNC)
        {
            js::ignore(asked);
        }
    });
    js::ignore(ready.then(register.unchecked_ref(), register.unchecked_ref()));
}
