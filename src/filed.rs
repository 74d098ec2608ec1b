//! Submissions as files: saved, to be delivered by another phone or an officer, and taken in from another
//! phone. The file is made and read by the outbox's module (`eform_outbox::Filed`).

use eform::filed::in_groups;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::{self, member};
use crate::by_name;
use crate::dom::el;
use crate::outbox::outbox;

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
pub async fn make(id: &str, beginning: &str) -> Result<Made, String> {
    let outbox = outbox().await.map_err(|error| error.code().to_owned())?;
    let made = by_name::called(outbox.module(), "saveAsFile", &[id.into()]).await;
    let made: Array = made.map_err(|thrown| code(&thrown))?.unchecked_into();
    let (key, blob) = (member(&made, "0").as_string().unwrap_or_default(), member(&made, "1"));
    let today = browser::today().to_string();
    let name = [beginning, "-", &today, ".eform"].concat();
    wrap(in_groups(&key), blob, name).map_err(|thrown| code(&thrown))
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
/// The code of what is wrong.
pub async fn take_in(file: JsValue, typed: &str) -> Result<(String, bool), String> {
    let outbox = outbox().await.map_err(|error| error.code().to_owned())?;
    let taken = by_name::called(outbox.module(), "takeInFile", &[file, typed.into()]).await;
    let taken = taken.map_err(|thrown| code(&thrown))?;
    let id = member(&taken, "0").as_string().unwrap_or_default();
    Ok((id, member(&taken, "1") == JsValue::TRUE))
}

fn code(thrown: &JsValue) -> String {
    thrown.as_string().unwrap_or_default()
}
