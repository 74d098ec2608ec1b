//! One page of the form: where one is, the error summary, the questions, and «continue».

use std::sync::Arc;

use leptos::prelude::*;

use super::{back, heading};
use crate::browser::{focus, time_of_day};
use crate::dom::{El, div, el};
use crate::drafts::Note;
use crate::fields;
use crate::filling::Filling;
use crate::screen::Screen;
use crate::words::words;

/// A page of the form.
pub fn view(filling: &Arc<Filling>, page: usize, language: &str) -> El {
    let words = words(language);
    let definition = filling.form.page(page);
    let said = |text: &eform::Text| filling.form.text(text, language).to_owned();
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
        .child(summary(filling, page, language))
        .child(heading(&said(&definition.title)))
        .maybe(definition.intro.as_ref().map(|intro| el("p").class("intro").text(&said(intro))));
    for index in filling.form.fields_of(page) {
        form = question(form, filling, index, language);
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
    first == Some(page) && !matches!(filling.screen.get_untracked(), Screen::Change(_))
}

/// A field, there only while its condition holds.
fn question(form: El, filling: &Arc<Filling>, index: usize, language: &str) -> El {
    if filling.form.field(index).show_if.is_none() {
        return form.child(fields::field(filling, index, language));
    }
    let (this, language) = (Arc::clone(filling), language.to_owned());
    let shown = Memo::new(move |_| this.is_shown(index));
    let this = Arc::clone(filling);
    form.part(move || shown.get().then(|| untrack(|| fields::field(&this, index, &language))))
}

/// «Step 2 of 6», in words and as a line that fills.
fn step(filling: &Arc<Filling>, page: usize, language: &str, way: El) -> El {
    let (this, words) = (Arc::clone(filling), words(language));
    let steps = Memo::new(move |_| {
        let pages = this.shown_pages();
        // The check of the answers is the last step.
        (pages.iter().filter(|shown| **shown <= page).count(), pages.len() + 1)
    });
    way.part(move || {
        let (n, of) = steps.get();
        let (n, of) = (n.to_string(), of.to_string());
        Some(el("p").class("step").text(&words.step.replace("{n}", &n).replace("{of}", &of)))
    })
    .part(move || {
        let (n, of) = steps.get();
        let line = el("progress").attr("max", &of.to_string()).attr("value", &n.to_string());
        Some(line.attr("aria-hidden", "true"))
    })
}

/// All errors of the page in its order; each leads to its field.
fn summary(filling: &Arc<Filling>, page: usize, language: &str) -> El {
    let (this, language) = (Arc::clone(filling), language.to_owned());
    // The region is there before its content, so that it is announced when that comes.
    el("div").attr("role", "alert").part(move || {
        if !this.summary.get() {
            return None;
        }
        let mut list = el("ul");
        let mut any = false;
        for index in this.form.fields_of(page) {
            let Some(finding) = this.finding(index).get().filter(eform::Finding::is_error) else {
                continue;
            };
            let selector = fields::focus_target(this.form.field(index));
            let root = this.root.clone();
            let link =
                el("a").attr("href", &selector).text(&this.form.message(&finding, &language));
            let link = link.on("click", move |event| {
                event.prevent_default();
                focus(&root, &selector);
            });
            list = list.child(el("li").child(link));
            any = true;
        }
        let title = el("h2").text(words(&language).summary_title);
        let summary = div("summary").attr("data-eform", "error-summary").attr("tabindex", "-1");
        any.then(|| summary.child(title).child(list))
    })
}

/// Whether what was entered is on the phone.
pub fn note(filling: &Arc<Filling>, language: &str) -> El {
    let (note, language) = (filling.drafts.note.clone(), language.to_owned());
    el("p").class("note").attr("role", "status").attr("data-eform", "status").say(move || {
        let words = words(&language);
        match note.get() {
            Note::Nothing => String::new(),
            Note::Saved(at) => {
                words.draft_saved.replace("{time}", &time_of_day(at as f64, &language))
            }
            Note::Failed => words.draft_failed.to_owned(),
            Note::NoStorage => words.no_storage.to_owned(),
        }
    })
}
