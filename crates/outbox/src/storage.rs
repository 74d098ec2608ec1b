//! How well the browser keeps what is given to it: whether it may be wiped, and how much room is left.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::{Outbox, js};

/// What must be left beside files, in bytes: for drafts and the submission.
const BESIDE: f64 = 4_000_000.0;

impl Outbox {
    /// Asks the browser, once, not to wipe this origin when space or days run out. It may refuse.
    pub(crate) fn ask_to_persist(&self) {
        if self.asked_to_persist.replace(true) {
            return;
        }
        if let Some(asked) = manager("persist").and_then(|storage| storage.persist().ok()) {
            js::ignore(asked);
        }
    }

    /// Whether the browser has said that it wipes this origin only when the citizen asks for it. Where
    /// it does not say, it may.
    pub async fn is_persistent(&self) -> bool {
        let asked = manager("persisted").and_then(|storage| storage.persisted().ok());
        answer(asked).await.is_truthy()
    }

    /// Whether there is room for so many bytes more, as far as the browser says.
    pub async fn has_room(&self, bytes: u64) -> bool {
        let asked = manager("estimate").and_then(|storage| storage.estimate().ok());
        let estimate = answer(asked).await;
        let number = |name| js::member(&estimate, name).as_f64();
        let (Some(quota), Some(usage)) = (number("quota"), number("usage")) else { return true };
        quota - usage >= bytes as f64 + BESIDE
    }
}

/// The browser's storage manager, where it has this function: workers have not all.
fn manager(function: &str) -> Option<js::StorageManager> {
    let navigator = js::member(&js_sys::global(), "navigator");
    js::object_member::<js::StorageManager>(&navigator, "storage")
        .filter(|storage| js::member(storage, function).is_function())
}

/// What was answered; `undefined` where nothing was, or an error.
async fn answer(asked: Option<Promise>) -> JsValue {
    match asked {
        Some(asked) => JsFuture::from(asked).await.unwrap_or_default(),
        None => JsValue::UNDEFINED,
    }
}
