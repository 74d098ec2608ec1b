//! The adapters in a real browser: IndexedDB, Web Locks and timers as they are, `fetch` stubbed.
//!
//! ```sh
//! CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner CHROMEDRIVER=chromedriver \
//!     cargo test -p eform-outbox --target wasm32-unknown-unknown --test browser
//! ```
#![cfg(target_arch = "wasm32")]

mod at_rest;
mod delivery;
mod drafts;
mod files;
mod phone;
mod submitted;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
