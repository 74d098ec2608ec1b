//! How large the form is drawn: three steps, kept on this phone for all forms of the site. The
//! browser's own zoom works as well; this is for those who do not know it, and for browsers inside
//! apps, which have none.

use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::browser::member;
use crate::by_name;
use crate::dom::{El, button, div, el};
use crate::words::LaterWords;

/// Where the choice is kept; `public/e-form.js` reads it before anything is drawn.
const KEY: &str = "eform-size";

/// The steps, as the CSS property `zoom` takes them.
const STEPS: [&str; 3] = ["", "1.2", "1.45"];

/// The three buttons.
pub fn control(root: &HtmlElement, words: &LaterWords) -> El {
    let style = member(root, "style");
    let now = member(&style, "zoom").as_string().unwrap_or_default();
    let chosen = RwSignal::new(STEPS.iter().position(|step| *step == now).unwrap_or(0));
    let labels = [words.size_normal, words.size_large, words.size_largest];
    let group = div("sizes").attr("role", "group").attr("aria-labelledby", "text-size");
    let title = el("span").attr("id", "text-size").text(words.text_size);
    let buttons = labels.into_iter().enumerate().map(|(at, label)| {
        let style = style.clone();
        button("", label)
            .attr("data-action", "text-size")
            .follow("aria-pressed", move || {
                Some(if chosen.get() == at { "true" } else { "false" }.to_owned())
            })
            .click(move || {
                chosen.set(at);
                // The style of an element takes any text.
                _ = js_sys::Reflect::set(&style, &"zoom".into(), &STEPS[at].into());
                keep(STEPS[at]);
            })
    });
    group.child(title).children(buttons.collect())
}

/// Where storage is refused, the size holds for as long as the page.
fn keep(step: &str) {
    let storage = member(&js_sys::global(), "localStorage");
    _ = by_name::call(&storage, "setItem", &[KEY.into(), step.into()]);
}
