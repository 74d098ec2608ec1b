//! The form definitions that the phone keeps: as long as a draft or a submission was filled in
//! with one, and the newest of each address, so that a form opens with no network.

use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast, JsValue};

use crate::{
    StorageError,
    idb::{DEFINITIONS, DRAFTS, Mode, OUTBOX, Read},
    js, platform,
    store::{Store, text},
};

/// How long a definition that nothing names is kept beside a newer one, in milliseconds: longer
/// than a page stays open before anything is typed.
const SPARE_MS: f64 = 7.0 * 86_400_000.0;

/// A form's file as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDefinition {
    /// [`eform::digest`] of the text.
    pub digest: String,
    /// Where it was fetched from.
    pub url: String,
    /// The file.
    pub text: String,
}

impl Store {
    /// Keeps a definition, or notes that it is in use today.
    ///
    /// # Errors
    /// When it was not kept.
    pub async fn keep_definition(
        &self,
        digest: &str,
        url: &str,
        text: &str,
    ) -> Result<(), StorageError> {
        let row = js::object(&[
            ("digest", &digest.into()),
            ("url", &url.into()),
            ("text", &text.into()),
            #[expect(clippy::cast_precision_loss)]
            ("at", &(platform::now() as f64).into()),
        ]);
        let reads = [Read::One(DEFINITIONS, digest)];
        self.run(Mode::Relaxed, &reads, &mut |_, writer| writer.put(DEFINITIONS, &row)).await
    }

    /// The definition with this digest.
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn definition(&self, digest: &str) -> Result<Option<KeptDefinition>, StorageError> {
        let row = self.read(Read::One(DEFINITIONS, digest)).await?;
        Ok((!row.is_undefined()).then(|| kept(&row)))
    }

    /// The newest definition that was fetched from this address.
    ///
    /// # Errors
    /// When it could not be read.
    pub async fn definition_at(&self, url: &str) -> Result<Option<KeptDefinition>, StorageError> {
        let rows = self.read(Read::All(DEFINITIONS)).await?;
        Ok(newest(rows.unchecked_ref(), url).map(|row| kept(&row)))
    }

    /// Deletes definitions that no draft and no submission names, that have a newer one at their
    /// address, and that were last in use a week ago.
    ///
    /// # Errors
    /// When nothing was deleted.
    pub async fn prune_definitions(&self) -> Result<(), StorageError> {
        #[expect(clippy::cast_precision_loss)]
        let now = platform::now() as f64;
        let reads = [Read::All(DEFINITIONS), Read::All(OUTBOX), Read::All(DRAFTS)];
        self.run(Mode::Relaxed, &reads, &mut |found, writer| {
            let rows: &Array = found[0].unchecked_ref();
            for row in rows.iter() {
                let digest = text(&row, "digest");
                let spare = at(&row) + SPARE_MS < now
                    && newest(rows, &text(&row, "url")).is_some_and(|newest| newest != row);
                // Of a submission, in its JSON: the digest is 64 hexadecimal digits, and where its
                // text stands, it is named. Of a draft, beside what is secret.
                let names = |user: JsValue| {
                    let json: JsString = js::member(&user, "json").unchecked_into();
                    text(&user, "definition") == digest
                        || json.is_string() && json.includes(&digest, 0)
                };
                let mut users = found[1..].iter();
                if spare && !users.any(|all| all.unchecked_ref::<Array>().iter().any(names)) {
                    writer.delete(DEFINITIONS, &digest)?;
                }
            }
            Ok(())
        })
        .await
    }
}

fn newest(rows: &Array, url: &str) -> Option<JsValue> {
    let mut newest: Option<JsValue> = None;
    for row in rows.iter().filter(|row| text(row, "url") == url) {
        if newest.as_ref().is_none_or(|newest| at(newest) <= at(&row)) {
            newest = Some(row);
        }
    }
    newest
}

fn at(row: &JsValue) -> f64 {
    js::member(row, "at").as_f64().unwrap_or_default()
}

fn kept(row: &JsValue) -> KeptDefinition {
    KeptDefinition { digest: text(row, "digest"), url: text(row, "url"), text: text(row, "text") }
}
