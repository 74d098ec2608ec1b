//! The one outbox of this page, shared by all its forms and opened when first needed.

use std::cell::RefCell;
use std::rc::Rc;

use eform_outbox::{Outbox, StorageError};

thread_local! {
    static OPEN: RefCell<Option<Rc<Outbox>>> = const { RefCell::new(None) };
}

/// The outbox. Delivery starts when it is first opened.
///
/// # Errors
/// The browser keeps nothing: storage is refused, full or broken.
pub async fn outbox() -> Result<Rc<Outbox>, StorageError> {
    let known = || OPEN.with_borrow(Clone::clone);
    if let Some(outbox) = known() {
        return Ok(outbox);
    }
    let opened = Outbox::open().await?;
    // Another form of this page may have been faster.
    if let Some(outbox) = known() {
        return Ok(outbox);
    }
    OPEN.set(Some(Rc::clone(&opened)));
    opened.start();
    Ok(opened)
}
