//! What the tab is called while a screen is shown, and in which language the page is.

use crate::filling::Filling;
use crate::screen::Screen;
use crate::words::later_words;

/// Names the tab, where the form is the whole page.
pub fn name(filling: &Filling) {
    if !filling.standalone {
        return;
    }
    let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
    document.set_title(&title(filling));
    if let Some(root) = document.document_element() {
        // An attribute of that name is never refused.
        _ = root.set_attribute(
            "lang",
            &leptos::prelude::GetUntracked::get_untracked(&filling.language),
        );
    }
}

fn title(filling: &Filling) -> String {
    use leptos::prelude::*;

    let language = filling.language.get_untracked();
    let words = later_words(&language);
    let said = |text: &eform::Text| filling.form().text(text, &language).to_owned();
    let form = said(&filling.form().definition().title);
    let screen = match filling.screen.get_untracked() {
        Screen::Start => return form,
        Screen::Page(page) | Screen::Change(page) => said(&filling.form().page(page).title),
        Screen::Tasks => words.tasks.to_owned(),
        Screen::Check => words.check_title.to_owned(),
        Screen::Done(_) | Screen::Mine => words.mine.to_owned(),
    };
    let has_errors = untrack(|| filling.has_errors());
    let error = if has_errors { words.error.to_owned() + ": " } else { String::new() };
    error + &screen + " · " + &form
}
