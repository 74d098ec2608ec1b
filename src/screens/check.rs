//! All answers in words, each with «change», and «submit».

use std::sync::Arc;

use eform::NodeId;
use eform::fields::Repeat;
use leptos::prelude::*;

use super::{back, heading, page};
use crate::dom::{El, button, div, el};
use crate::fields::further;
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
    let form = &filling.form();
    let nodes = filling.session().on_page(page);
    let title = el("h2").text(form.text(&form.page(page).title, language));
    let section = el("section").class("answers").child(title);
    nodes.into_iter().fold(section, |section, node| answers(section, filling, node, language))
}

/// A node's answer, or those of all below it under a heading of their own.
fn answers(section: El, filling: &Arc<Filling>, node: NodeId, language: &str) -> El {
    let session = filling.session();
    let Some(field) = session.field(node) else { return section };
    // What the page around the form gives is not the citizen's to check.
    let is_theirs = field.kind.has_answer() && field.kind.name() != "hidden";
    if !session.is_shown(node) || !is_theirs {
        return section;
    }
    if !field.is_container() {
        return section.child(el("dl").child(row(filling, node, language)));
    }
    let is_row = session.parent(node) != NodeId::FORM
        && session.field(session.parent(node)).is_some_and(|parent| std::ptr::eq(parent, field));
    let title = filling.form().text(&field.label, language).to_owned();
    let title = if is_row { row_title(filling, node, &title, language) } else { title };
    let is_repeat = !is_row && field.kind.name() == "repeat";
    let change = is_repeat.then(|| div("change").child(change(filling, node, &title, language)));
    let heading = div("row heading").child(el("h3").text(&title)).maybe(change);
    let section = section.child(heading);
    let children = session.children(node).to_vec();
    let none =
        children.is_empty().then(|| el("p").class("none").text(later_words(language).no_answer));
    let inside = children
        .into_iter()
        .fold(div("inside"), |inside, child| answers(inside, filling, child, language));
    section.maybe(none).child(inside)
}

/// What a row of a repeat is called.
pub fn row_title(filling: &Filling, row: NodeId, label: &str, language: &str) -> String {
    let session = filling.session();
    let repeat = session.field(row).and_then(|field| field.kind.get::<Repeat>());
    let number = (session.position(row) + 1).to_string();
    match repeat.and_then(|repeat| repeat.row_title.as_ref()) {
        Some(title) => filling.form().text(title, language).replace("{n}", &number),
        None => [label, " ", &number].concat(),
    }
}

/// «Change», which leads to the question and back.
fn change(filling: &Arc<Filling>, node: NodeId, label: &str, language: &str) -> El {
    let (this, page) = (Arc::clone(filling), filling.session().field(node).map_or(0, |f| f.page));
    button("link", later_words(language).change)
        .attr("data-eform", "change")
        .child(el("span").class("unseen").text(" ").text(label))
        .click(move || {
            this.go(Screen::Change(page));
            this.focus_later(&crate::fields::focus_target(&this, node, None));
        })
}

fn row(filling: &Arc<Filling>, node: NodeId, language: &str) -> El {
    let (words, form, session) = (later_words(language), &filling.form(), filling.session());
    let place = session.place(node);
    let field = form.field(place);
    let label = form.text(&field.label, language);
    let answer = match session.answer(node) {
        Some(answer) => el("dd")
            .class("answer")
            .text(&form.in_words(place, answer, language))
            .maybe(further::to_see(filling, field, answer, language)),
        None => el("dd").class("answer none").text(words.no_answer),
    };
    let warnings = session.findings_of(node).iter().filter(|finding| !finding.is_error());
    let warnings = warnings
        .map(|finding| el("p").class("found warning").text(&form.message(finding, language)));
    let change = (!session.is_read_only(node)).then(|| change(filling, node, label, language));
    div("row")
        .attr("data-field", &field.id)
        .child(el("dt").text(label))
        .child(answer.children(warnings.collect()))
        .child(el("dd").class("change").maybe(change))
}
