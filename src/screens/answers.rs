//! All answers in words, page by page: for the check before they are submitted, each with «change»,
//! and as they were submitted.

use std::sync::Arc;

use eform::fields::Repeat;
use eform::{Form, NodeId, Session};

use crate::dom::{El, button, div, el};
use crate::fields::further::{self, lead};
use crate::filling::Filling;
use crate::screen::Screen;
use crate::words::later_words;

/// What is shown of a form.
pub struct Answers<'a> {
    /// The form that the answers are of.
    pub form: &'static Form,
    /// The form with its answers.
    pub session: &'a Session,
    /// The language that is read.
    pub language: &'a str,
    /// Where the answers can still be changed.
    pub change: Option<&'a Arc<Filling>>,
}

/// What a row of a repeat is called.
pub fn row_title(filling: &Filling, row: NodeId, label: &str, language: &str) -> String {
    title_of_row(filling.form(), &filling.session(), row, label, language)
}

/// The same for any session of any form.
pub fn title_of_row(
    form: &Form,
    session: &Session,
    row: NodeId,
    label: &str,
    language: &str,
) -> String {
    let repeat = session.field(row).and_then(|field| field.kind.get::<Repeat>());
    let number = (session.position(row) + 1).to_string();
    match repeat.and_then(|repeat| repeat.row_title.as_ref()) {
        Some(title) => form.text(title, language).replace("{n}", &number),
        None => [label, " ", &number].concat(),
    }
}

impl Answers<'_> {
    /// A section for each page that is shown.
    pub fn sections(&self) -> Vec<El> {
        let pages = 0..self.form.definition().pages.len();
        pages
            .filter(|page| self.session.page_is_shown(*page))
            .map(|page| {
                let title = self.form.text(&self.form.page(page).title, self.language);
                let section = el("section").class("answers").child(el("h2").text(title));
                let nodes = self.session.on_page(page).into_iter();
                nodes.fold(section, |section, node| self.node(section, node))
            })
            .collect()
    }

    /// A node's answer, or those of all below it under a heading of their own.
    fn node(&self, section: El, node: NodeId) -> El {
        let session = self.session;
        let Some(field) = session.field(node) else { return section };
        // What the page around the form gives is not the citizen's to check.
        let is_theirs = field.kind.has_answer() && field.kind.name() != "hidden";
        if !session.is_shown(node) || !is_theirs {
            return section;
        }
        if !field.is_container() {
            return section.child(el("dl").child(self.row(node)));
        }
        let is_row = session.parent(node) != NodeId::FORM
            && session
                .field(session.parent(node))
                .is_some_and(|parent| std::ptr::eq(parent, field));
        let title = self.form.text(&field.label, self.language).to_owned();
        let title = match is_row {
            true => title_of_row(self.form, session, node, &title, self.language),
            false => title,
        };
        let is_repeat = !is_row && field.kind.name() == "repeat";
        let change = self.change.filter(|_| is_repeat);
        let change = change.map(|filling| div("change").child(self.change(filling, node, &title)));
        let heading = div("row heading").child(el("h3").text(&title)).maybe(change);
        let children = session.children(node);
        let none = el("p").class("none").text(later_words(self.language).no_answer);
        let none = children.is_empty().then_some(none);
        let inside = children.iter().fold(div("inside"), |inside, child| self.node(inside, *child));
        section.child(heading).maybe(none).child(inside)
    }

    fn row(&self, node: NodeId) -> El {
        let (words, session) = (later_words(self.language), self.session);
        let place = session.place(node);
        let field = self.form.field(place);
        let label = self.form.text(&field.label, self.language);
        let answer = match session.answer(node) {
            Some(answer) => {
                let words = self.form.in_words(place, answer, self.language);
                let to_see = further::to_see(self.change, field, answer, self.language);
                el("dd").class("answer").text(&words).maybe(to_see)
            }
            None => el("dd").class("answer none").text(words.no_answer),
        };
        let row = div("row").attr("data-field", &field.id).child(el("dt").text(label));
        let Some(filling) = self.change else { return row.child(answer) };
        let warnings = session.findings_of(node).iter().filter(|finding| !finding.is_error());
        let said = |finding| self.form.message(finding, self.language);
        let warnings = warnings.map(|found| el("p").class("found warning").text(&said(found)));
        let change = (!session.is_read_only(node)).then(|| self.change(filling, node, label));
        row.child(answer.children(warnings.collect())).child(el("dd").class("change").maybe(change))
    }

    /// «Change», which leads to the question and back.
    fn change(&self, filling: &Arc<Filling>, node: NodeId, label: &str) -> El {
        let (this, page) = (Arc::clone(filling), self.session.field(node).map_or(0, |f| f.page));
        button("link", later_words(self.language).change)
            .attr("data-eform", "change")
            .child(el("span").class("unseen").text(" ").text(label))
            .click(move || {
                lead::to(&this, node, "");
                this.go(Screen::Change(page));
                this.focus_later(&crate::fields::focus_target(&this, node, None));
            })
    }
}
