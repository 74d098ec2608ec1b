//! The forms that this page has read. Each is kept for as long as the page is: what is drawn from it
//! refers to it.

use std::cell::RefCell;

use eform::Form;

thread_local! {
    static FORMS: RefCell<Vec<&'static Form>> = const { RefCell::new(Vec::new()) };
}

/// The form, read once however often it is put on the page.
pub fn keep(form: Form) -> &'static Form {
    FORMS.with_borrow_mut(|forms| {
        let is_same = |kept: &&&'static Form| {
            kept.digest() == form.digest() && kept.is_part() == form.is_part()
        };
        if let Some(kept) = forms.iter().find(is_same) {
            return *kept;
        }
        let kept: &'static Form = Box::leak(Box::new(form));
        forms.push(kept);
        kept
    })
}
