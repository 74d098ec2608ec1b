//! The check before «submit»: all answers, what is declared by submitting, and «submit».

use std::sync::Arc;

use leptos::prelude::*;

use super::answers::Answers;
use super::{back, heading, page};
use crate::dom::{El, div, el};
use crate::drafts::Note;
use crate::filling::Filling;
use crate::words::later_words;

/// The check of the answers.
pub fn view(filling: &Arc<Filling>, language: &str) -> El {
    let words = later_words(language);
    let form = filling.form();
    let sections = {
        let session = filling.session();
        Answers { form, session: &session, language, change: Some(filling) }.sections()
    };
    let declared = form.definition().declaration.as_ref().map(|text| {
        let text = el("p").text(form.text(text, language));
        el("section").class("declaration").child(el("h2").text(words.declaration)).child(text)
    });
    let label_of = if declared.is_some() { words.declare_submit } else { words.submit };
    let (this, failed) = (Arc::clone(filling), filling.submit_failed.clone());
    let (label, disabled) = (filling.submitting.clone(), filling.submitting.clone());
    let submit = el("button")
        .attr("type", "button")
        .class("primary")
        .attr("data-eform", "submit")
        .follow("aria-disabled", move || disabled.get().then(|| "true".to_owned()))
        .say(move || if label.get() { words.submitting } else { label_of }.to_owned())
        .click(move || this.submit());
    let trouble = el("div").attr("role", "alert").part(move || {
        let text = || el("p").class("summary").attr("tabindex", "-1").attr("data-part", "failed");
        match failed.get() {
            Note::Nothing => None,
            Note::Full => Some(text().text(&[words.submit_failed, " ", words.full].concat())),
            _ => Some(text().text(words.submit_failed)),
        }
    });
    el("div")
        .child(div("way").child(back(filling, words.first)))
        .child(heading(words.check_title))
        .child(el("p").class("intro").text(words.check_intro))
        .children(sections)
        .child(trouble)
        .maybe(declared)
        .child(el("p").class("hint before-submit").text(words.submit_intro))
        .child(div("actions").child(submit))
        .child(page::note(filling, language))
}
