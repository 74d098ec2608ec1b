//! All answers in words, each with «change», and «submit».

use std::sync::Arc;

use leptos::prelude::*;

use super::{back, heading, page};
use crate::dom::{El, button, div, el};
use crate::filling::Filling;
use crate::screen::Screen;
use crate::words::later_words;

/// The check of the answers.
pub fn view(filling: &Arc<Filling>, language: &str) -> El {
    let words = later_words(language);
    let sections = untrack(|| filling.shown_pages()).into_iter();
    let sections = sections.map(|page| untrack(|| section(filling, page, language))).collect();
    let (this, failed) = (Arc::clone(filling), filling.submit_failed.clone());
    let (label, disabled) = (filling.submitting.clone(), filling.submitting.clone());
    let submit = el("button")
        .attr("type", "button")
        .class("primary")
        .attr("data-eform", "submit")
        .follow("aria-disabled", move || disabled.get().then(|| "true".to_owned()))
        .say(move || if label.get() { words.submitting } else { words.submit }.to_owned())
        .click(move || this.submit());
    let trouble = el("div").attr("role", "alert").part(move || {
        let text = || el("p").class("summary").attr("tabindex", "-1").attr("data-part", "failed");
        failed.get().then(|| text().text(words.submit_failed))
    });
    el("div")
        .child(div("way").child(back(filling, words.first)))
        .child(heading(words.first.check_title))
        .child(el("p").class("intro").text(words.check_intro))
        .children(sections)
        .child(trouble)
        .child(el("p").class("hint before-submit").text(words.submit_intro))
        .child(div("actions").child(submit))
        .child(page::note(filling, language))
}

fn section(filling: &Arc<Filling>, page: usize, language: &str) -> El {
    let form = &filling.form;
    let mut list = el("dl");
    for index in form.fields_of(page).filter(|index| filling.is_shown(*index)) {
        list = list.child(row(filling, page, index, language));
    }
    let title = el("h2").text(form.text(&form.page(page).title, language));
    el("section").class("answers").child(title).child(list)
}

fn row(filling: &Arc<Filling>, page: usize, index: usize, language: &str) -> El {
    let (words, form) = (later_words(language), &filling.form);
    let field = form.field(index);
    let label = form.text(&field.label, language);
    let answer = match filling.answer(index) {
        Some(answer) => el("dd").class("answer").text(&form.in_words(index, &answer, language)),
        None => el("dd").class("answer none").text(words.no_answer),
    };
    let warning = filling.finding(index).get_untracked().filter(|finding| !finding.is_error());
    let warning = warning
        .map(|finding| el("p").class("found warning").text(&form.message(&finding, language)));
    let this = Arc::clone(filling);
    let change = button("link", words.change)
        .attr("data-eform", "change")
        .child(el("span").class("unseen").text(" ").text(label))
        .click(move || {
            this.go(Screen::Change(page));
            this.focus_later(&crate::fields::focus_target(this.form.field(index)));
        });
    div("row")
        .attr("data-field", &field.id)
        .child(el("dt").text(label))
        .child(answer.maybe(warning))
        .child(el("dd").class("change").child(change))
}
