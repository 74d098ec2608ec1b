//! Delivery with no page open. A service worker starts this module anew in each `sync` event, so it
//! has only what sending needs: the same outbox as the page's (`crates/outbox-page`), without the
//! half of it that keeps what a citizen does.

#![cfg(target_arch = "wasm32")]

use eform_outbox::Outbox;
use wasm_bindgen::prelude::*;

/// Sends everything that is due, and says whether nothing is left to be sent. What is under a PIN is
/// left to a page in which it is entered.
///
/// # Errors
/// The code of what is wrong with the storage.
#[wasm_bindgen]
pub async fn deliver() -> Result<bool, JsValue> {
    let outbox = Outbox::open().await.map_err(|error| JsValue::from_str(error.code()))?;
    let drained = outbox.drain().await;
    // A worker that sleeps must not hold up a page of the next version.
    outbox.store().let_go();
    Ok(!drained.busy && drained.next.is_none())
}
