//! Definitions that this phone keeps for its drafts and submissions.

use leptos::task::spawn_local;

use crate::outbox::outbox;

/// Keeps a definition for as long as a draft or a submission needs it.
pub fn keep(digest: String, src: String, bytes: Vec<u8>) {
    spawn_local(async move {
        if let (Ok(outbox), Ok(text)) = (outbox().await, String::from_utf8(bytes)) {
            // Without it the form still works as long as it can be fetched.
            _ = outbox.keep_definition(&digest, &src, &text).await;
        }
    });
}

/// What was kept of this address.
pub async fn kept(src: String) -> Option<Vec<u8>> {
    let text = outbox().await.ok()?.definition_at(&src).await.ok()??;
    Some(text.into_bytes())
}
