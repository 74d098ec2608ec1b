//! One page of the form: where one is, the error summary, the questions, and «continue».

use std::sync::Arc;

use leptos::prelude::*;

use super::{back, heading};
use crate::dom::{El, div, el};
use crate::drafts::Note;
use crate::fields;
use crate::filling::Filling;
use crate::later;
use crate::screen::Screen;
use crate::words::words;

/// A page of the form.
pub fn view(filling: &Arc<Filling>, page: usize, language: &str) -> El {
    let words = words(language);
    let definition = filling.form().page(page);
    let said = |text: &eform::Text| filling.form().text(text, language).to_owned();
    let proceed = Arc::clone(filling);
    let way = div("way");
    let way = if is_first(filling, page) { way } else { way.child(back(filling, words)) };
    let mut form = el("form")
        .flag("novalidate", true)
        .on("submit", move |event| {
            event.prevent_default();
            proceed.proceed();
        })
        .child(step(filling, page, language, way))
        .child(summary(filling, language))
        .child(heading(&said(&definition.title)))
        .maybe(definition.intro.as_ref().map(|intro| el("p").class("intro").text(&said(intro))));
    let nodes = filling.session().on_page(page);
    for node in nodes {
        form = fields::node(form, filling, node, language);
    }
    let proceed = el("button")
        .attr("type", "submit")
        .class("primary")
        .attr("data-eform", "continue")
        .text(words.proceed);
    form.child(div("actions").child(proceed)).child(note(filling, language))
}

fn is_first(filling: &Arc<Filling>, page: usize) -> bool {
    let first = untrack(|| filling.shown_pages()).first().copied();
    let is_change = matches!(filling.screen.get_untracked(), Screen::Change(_));
    first == Some(page) && !is_change && filling.form().definition().start.is_none()
}

/// «Step 2 of 6», in words and as a line that fills.
fn step(filling: &Arc<Filling>, page: usize, language: &str, way: El) -> El {
    let (this, words) = (Arc::clone(filling), words(language));
    let (that, tongue) = (Arc::clone(filling), language.to_owned());
    let steps = Memo::new(move |_| {
        let pages = this.shown_pages();
        // The check of the answers is the last step.
        (pages.iter().filter(|shown| **shown <= page).count(), pages.len() + 1)
    });
    way.part(move || {
        let (n, of) = steps.get();
        let said = [words.step, &n.to_string(), words.of, &of.to_string()].concat();
        let way = later::followed().and_then(|later| (later.way)(&that, &said, &tongue));
        Some(way.unwrap_or_else(|| el("p").class("step").text(&said)))
    })
    .part(move || {
        let (n, of) = steps.get();
        let line = el("progress").attr("max", &of.to_string()).attr("value", &n.to_string());
        Some(line.attr("aria-hidden", "true"))
    })
}

/// All errors of the page in its order. Without the later part none is looked for.
fn summary(filling: &Arc<Filling>, language: &str) -> El {
    let (this, language) = (Arc::clone(filling), language.to_owned());
    // The region is there before its content, so that it is announced when that comes.
    el("div").attr("role", "alert").part(move || {
        this.summary.track();
        later::here().and_then(|later| (later.summary)(&this, &language))
    })
}

/// Whether what was entered is on the phone.
pub fn note(filling: &Arc<Filling>, language: &str) -> El {
    let (note, language) = (filling.drafts.note.clone(), language.to_owned());
    el("p").class("note").attr("role", "status").attr("data-eform", "status").say(move || {
        let note = note.get();
        match later::followed() {
            Some(later) => (later.note)(note, &language),
            None if note == Note::Failed => words(&language).draft_failed.to_owned(),
            None => String::new(),
        }
    })
}
