//! All parts of a long form: where each stands, and the way to it.

use std::sync::Arc;

use leptos::prelude::*;

use super::{back, heading};
use crate::dom::{El, button, div, el};
use crate::filling::Filling;
use crate::screen::Screen;
use crate::words::{LaterWords, later_words};

/// A form of fewer parts is seen as a whole anyway.
const LONG: usize = 4;

/// Where a part stands.
#[derive(Clone, Copy, PartialEq)]
enum Standing {
    NotStarted,
    InProgress,
    Done,
}

/// Where one is, as the way to the list, on each page of a long form.
pub fn way(filling: &Arc<Filling>, step: &str, language: &str) -> Option<El> {
    let (this, words) = (Arc::clone(filling), later_words(language));
    (untrack(|| filling.shown_pages()).len() >= LONG).then(|| {
        let way = button("link step", step).attr("data-action", "tasks");
        way.child(el("span").class("unseen").text(", ").text(words.tasks))
            .click(move || this.go(Screen::Tasks))
    })
}

/// The list.
pub fn view(filling: &Arc<Filling>, language: &str) -> El {
    let words = later_words(language);
    let pages = untrack(|| filling.shown_pages());
    let standings: Vec<Standing> = pages.iter().map(|page| standing(filling, *page)).collect();
    let done = standings.iter().filter(|standing| **standing == Standing::Done).count();
    let progress = words.tasks_done.replace("{n}", &done.to_string());
    let progress = progress.replace("{of}", &pages.len().to_string());
    let mut list = el("ol").class("tasks");
    for (page, standing) in pages.iter().zip(&standings) {
        let title = filling.form().text(&filling.form().page(*page).title, language);
        list = list.child(task(filling, Screen::Page(*page), title, Some(*standing), words));
    }
    list = list.child(task(filling, Screen::Check, words.check_title, None, words));
    el("div")
        .child(div("way").child(back(filling, words.first)))
        .child(heading(words.tasks))
        .child(el("p").class("intro").text(&progress))
        .child(list)
}

fn task(
    filling: &Arc<Filling>,
    to: Screen,
    title: &str,
    standing: Option<Standing>,
    words: &LaterWords,
) -> El {
    let this = Arc::clone(filling);
    let way = button("link", title).attr("data-action", "task").click(move || this.go(to.clone()));
    let standing = standing.map(|standing| {
        let (class, said) = match standing {
            Standing::NotStarted => ("state not-started", words.not_started),
            Standing::InProgress => ("state in-progress", words.in_progress),
            Standing::Done => ("state done", words.done),
        };
        // Read out with the way, as one.
        el("span").class(class).text(said)
    });
    el("li").child(way.maybe(standing))
}

/// By what the engine finds and what has been passed. Nothing is checked or shown by it.
fn standing(filling: &Filling, page: usize) -> Standing {
    let mut nodes = Vec::new();
    let outermost = filling.session().on_page(page);
    outermost.iter().for_each(|node| filling.under(*node, &mut nodes));
    let session = filling.session();
    let wrong = |findings: &[eform::Finding]| findings.iter().any(eform::Finding::is_error);
    let is_wrong = wrong(session.findings_of_page(page))
        || nodes.iter().any(|node| wrong(session.findings_of(*node)));
    let is_passed = filling.drafts.has_passed(&filling.form().page(page).id);
    let is_touched = nodes.iter().any(|node| !session.entry(*node).is_null());
    match (is_passed, is_touched, is_wrong) {
        (true, _, false) => Standing::Done,
        (false, false, _) => Standing::NotStarted,
        _ => Standing::InProgress,
    }
}
