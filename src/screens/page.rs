//! One page of the form: where one is, the error summary, the questions, and «continue».
//!
//! A page begins with the questions that a phone shows; the others follow piece by piece, each as
//! long as all before it, so that the first can be answered before a long page is drawn. What
//! leads to a question that is not there yet has all of them drawn at once.

use std::cell::RefCell;
use std::sync::Arc;

use eform::NodeId;
use leptos::prelude::*;

use super::{back, heading};
use crate::browser::{after_render, when_nothing_is_pressed};
use crate::dom::{El, Mark, div, el};
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
        .attr("data-page", &page.to_string())
        .on("submit", move |event| {
            event.prevent_default();
            proceed.proceed();
        })
        .child(step(filling, page, language, way))
        .child(summary(filling, language))
        .child(
            heading(&said(&definition.title))
                .attr_if("lang", filling.form().other_language(&definition.title, language)),
        )
        .maybe(definition.intro.as_ref().map(|intro| el("p").class("intro").text(&said(intro))));
    // Whoever reads it in another language, or sees another tab's answers come, stays where they are.
    let same_page = ["form[data-page=\"", &page.to_string(), "\"]"].concat();
    let is_anew = filling.root.query_selector(&same_page).is_ok_and(|form| form.is_some());
    let nodes = filling.session().on_page(page);
    let end = if is_anew { nodes.len() } else { at_once(filling, &nodes) };
    form =
        nodes[..end].iter().fold(form, |form, node| fields::node(form, filling, *node, language));
    form = Rest::follow(form, filling, &nodes, end, language);
    let proceed = el("button")
        .attr("type", "submit")
        .class("primary")
        .attr("data-eform", "continue")
        .text(words.proceed);
    form.child(div("actions").child(proceed)).child(note(filling, language))
}

/// Questions that a page begins with: more than a phone shows.
const AT_ONCE: usize = 10;

/// The attribute of a page of which there is more to draw.
const MORE: &str = "data-more";

/// How many nodes have so many questions that are shown.
fn at_once(filling: &Filling, nodes: &[NodeId]) -> usize {
    let (session, mut shown) = (filling.session(), 0);
    let end = nodes.iter().position(|node| {
        shown += usize::from(session.is_shown(*node));
        shown > AT_ONCE
    });
    end.unwrap_or(nodes.len())
}

thread_local! {
    static RESTS: RefCell<Vec<Rest>> = const { RefCell::new(Vec::new()) };
}

/// The questions of a page that are not drawn yet.
struct Rest {
    filling: Arc<Filling>,
    language: String,
    nodes: Vec<NodeId>,
    /// How many of them are there.
    drawn: usize,
    form: El,
    /// They come before it.
    mark: Mark,
    /// What is drawn belongs to the page, and goes with it.
    owner: Owner,
}

impl Rest {
    /// Has the questions after the first follow in `form`.
    fn follow(
        form: El,
        filling: &Arc<Filling>,
        nodes: &[NodeId],
        drawn: usize,
        language: &str,
    ) -> El {
        let Some(owner) = Owner::current().filter(|_| nodes.len() > drawn) else { return form };
        let mark = Mark::at_the_end_of(&form);
        let form = form.attr(MORE, "");
        let (filling, language) = (Arc::clone(filling), language.to_owned());
        let nodes = nodes.to_vec();
        let rest = Self { filling, language, nodes, drawn, form: form.clone(), mark, owner };
        RESTS.with_borrow_mut(|rests| rests.push(rest));
        go_on();
        form
    }

    /// Draws up to so many questions more. Gives what is still left; nothing where the page has been
    /// turned meanwhile.
    fn draw(mut self, most: usize) -> Option<Self> {
        if !self.mark.is_connected() {
            return None;
        }
        let end = self.nodes.len().min(self.drawn.saturating_add(most));
        let nodes = &self.nodes[self.drawn..end];
        let drawn = self.owner.with(|| {
            let draw =
                |piece, node: &NodeId| fields::node(piece, &self.filling, *node, &self.language);
            nodes.iter().fold(El::fragment(), draw)
        });
        self.mark.put_before(&drawn);
        self.drawn = end;
        if end < self.nodes.len() {
            return Some(self);
        }
        // An attribute of that name is there.
        _ = self.form.element().remove_attribute(MORE);
        None
    }
}

/// The next piece of every page.
fn draw_more() {
    let rests = RESTS.with_borrow_mut(std::mem::take);
    let left = rests.into_iter().filter_map(|rest| {
        let most = rest.drawn;
        rest.draw(most)
    });
    let left: Vec<Rest> = left.collect();
    if !left.is_empty() {
        RESTS.with_borrow_mut(|rests| rests.extend(left));
        go_on();
    }
}

/// Not while a finger is down: what is below moves.
fn go_on() {
    after_render(|| when_nothing_is_pressed(draw_more));
}

/// Draws all that is left, at once. False where all is there.
pub fn draw_rest() -> bool {
    let rests = RESTS.with_borrow_mut(std::mem::take);
    let were_left = !rests.is_empty();
    rests.into_iter().for_each(|rest| _ = rest.draw(usize::MAX));
    were_left
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
