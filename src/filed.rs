//! Submissions as files: saved, to be delivered by another phone or an officer, and taken in from another
//! phone. How the file is made and read is in `eform_outbox::filed`.

use eform::Uploaded;
use eform::filed::in_groups;
use eform_outbox::filed::{self, FileError, Keeper};
use eform_outbox::{Record, StorageError};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::{self, member};
use crate::by_name;
use crate::dom::el;
use crate::outbox::{Outbox, outbox};

/// A submission that was saved as a file.
pub struct Made {
    /// The code that opens it, in groups of four.
    pub code: String,
    /// The file, as the browser shares it.
    file: JsValue,
    /// Its address, for as long as this is kept.
    pub address: String,
    /// What it is called.
    pub name: String,
}

/// Whether this browser can encrypt here: only with TLS.
pub fn is_possible() -> bool {
    let crypto = member(&by_name::window(), "crypto");
    member(&crypto, "subtle").is_object()
}

/// Saves a submission as a file of a name that begins so.
///
/// # Errors
/// The code of what is wrong.
pub async fn make(id: &str, beginning: &str) -> Result<Made, &'static str> {
    let outbox = outbox().await.map_err(|error| error.code())?;
    let location = member(&by_name::window(), "location");
    let part = |name: &str| member(&location, name).as_string().unwrap_or_default();
    let site = part("origin") + &part("pathname");
    let saved = filed::save(&outbox, id, &site).await.map_err(|error| error.code())?;
    let name = [beginning, "-", &browser::today().to_string(), ".eform"].concat();
    wrap(in_groups(&saved.code), saved.file, name).map_err(|_| "file-not-made")
}

fn wrap(code: String, blob: JsValue, name: String) -> Result<Made, JsValue> {
    let file = by_name::make("File", &[by_name::list(&[blob]), name.as_str().into()])?;
    let addresses = member(&by_name::window(), "URL");
    let address = by_name::call(&addresses, "createObjectURL", std::slice::from_ref(&file))?;
    Ok(Made { code, file, address: address.as_string().unwrap_or_default(), name })
}

impl Made {
    /// Hands the file to the browser, which keeps it where it keeps files.
    pub fn download(&self) {
        let link = el("a").attr("href", &self.address).attr("download", &self.name);
        // A browser that keeps no files, as inside an app, may share them.
        _ = by_name::call(link.element(), "click", &[]);
    }

    /// Hands the file to another app.
    pub fn share(&self) {
        let navigator = member(&by_name::window(), "navigator");
        if let Ok(sharing) = by_name::call(&navigator, "share", &[self.shared()]) {
            // Who changes their mind has not shared it.
            wasm_bindgen_futures::spawn_local(async move {
                if let Ok(sharing) = sharing.dyn_into::<js_sys::Promise>() {
                    _ = wasm_bindgen_futures::JsFuture::from(sharing).await;
                }
            });
        }
    }

    /// Whether another app can be handed it.
    pub fn can_be_shared(&self) -> bool {
        let navigator = member(&by_name::window(), "navigator");
        by_name::call(&navigator, "canShare", &[self.shared()]) == Ok(JsValue::TRUE)
    }

    fn shared(&self) -> JsValue {
        let files = by_name::list(std::slice::from_ref(&self.file));
        let options = js_sys::Object::new();
        // Setting a member of a fresh object cannot fail.
        _ = js_sys::Reflect::set(&options, &"files".into(), &files);
        options.into()
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let addresses = member(&by_name::window(), "URL");
        _ = by_name::call(&addresses, "revokeObjectURL", &[self.address.as_str().into()]);
    }
}

/// Copies a text; false where the browser does not.
pub async fn copy(text: &str) -> bool {
    let clipboard = member(&member(&by_name::window(), "navigator"), "clipboard");
    by_name::called(&clipboard, "writeText", &[text.into()]).await.is_ok()
}

/// Puts the submission of a file into the outbox. Gives its id, and whether it was there before.
///
/// # Errors
/// What is wrong with it.
pub async fn take_in(file: &JsValue, typed: &str) -> Result<(String, bool), FileError> {
    let outbox = outbox().await?;
    let location = member(&by_name::window(), "location");
    let here = member(&location, "origin").as_string().unwrap_or_default();
    filed::take_in(&outbox, file, typed, &here).await
}

impl Keeper for Outbox {
    async fn record(&self, id: &str) -> Result<Option<Record>, StorageError> {
        self.submission(id).await
    }

    async fn file(&self, owner: &str, sha256: &str) -> Result<Option<Uint8Array>, StorageError> {
        self.file_bytes(owner, sha256).await
    }

    async fn has_file(&self, owner: &str, file: &Uploaded) -> Result<bool, StorageError> {
        Outbox::has_file(self, owner, file).await
    }

    async fn keep_file(
        &self,
        draft_key: &str,
        sha256: &str,
        bytes: &Uint8Array,
    ) -> Result<(), StorageError> {
        Outbox::keep_file(self, draft_key, sha256, bytes).await
    }

    async fn forget_file(&self, draft_key: &str, sha256: &str) -> Result<(), StorageError> {
        Outbox::forget_file(self, draft_key, sha256).await
    }

    async fn send_now(&self, id: &str) -> Result<(), StorageError> {
        Outbox::send_now(self, id).await
    }

    async fn submit(&self, record: &Record, draft_key: &str) -> Result<(), StorageError> {
        Outbox::submit(self, record, draft_key, None).await.map(drop)
    }
}
