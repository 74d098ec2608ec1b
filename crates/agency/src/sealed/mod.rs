//! Forms whose answers are sealed on the phone (`submit.sealTo`): the keys that open them, what the
//! server can say of what it cannot read, and the officer's command that opens it.

mod age;
pub(crate) mod check;
mod files;
pub mod key_file;
pub mod keys;
pub mod open;
mod opener;
pub mod passphrase;
mod sheet;
mod source;

use eform::Sealed;
use serde::Deserialize;

/// Which key a submission was sealed to; none where it is not sealed.
pub(crate) fn kid(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Body {
        sealed: Option<Sealed>,
    }
    serde_json::from_slice::<Body>(body).ok()?.sealed.map(|sealed| sealed.kid)
}
