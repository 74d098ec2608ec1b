//! What stands on the screen: the frame around every screen, and which screen it is.

mod answers;
pub mod broken;
pub mod check;
mod copy;
pub mod done;
pub mod foot;
pub mod mine;
mod open_file;
mod page;
pub mod pin;
mod save_file;
pub mod services;
mod size;
mod start;
pub mod summary;
pub mod tab;
pub mod tasks;

pub use answers::{row_title, title_of_row};
pub use page::draw_rest;

use std::sync::Arc;

use leptos::prelude::*;

use crate::dom::{El, button, div, el};
use crate::element::Stage;
use crate::filling::{Filling, Instead};
use crate::later;
use crate::screen::Screen;
use crate::words::Words;

/// The root of the view.
pub fn root(stage: ArcRwSignal<Stage>, language: String) -> El {
    el("div").part(move || match stage.get() {
        Stage::Loading => Some(bare(bars())),
        Stage::NotLoaded => Some(broken::not_loaded(&language)),
        Stage::Broken(fault) => Some(broken::broken(&fault)),
        Stage::Services(list) => Some(match later::needed(&language) {
            Ok(later) => (later.services)(&list, language.clone()),
            Err(instead) => bare(instead),
        }),
        Stage::Filling(filling) => Some(frame(&filling)),
    })
}

/// The frame of a page, while what belongs in it is on its way; `e-form.js` shows the same before.
fn bare(inside: El) -> El {
    let masthead = el("header").class("masthead").child(el("p").class("title").text("\u{A0}"));
    div("e-form").child(masthead).child(div("screen").child(inside))
}

/// What is shown of a screen that is on its way.
pub fn bars() -> El {
    let bars = ["bar", "bar wide", "bar box", "bar box"].map(|class| el("p").class(class));
    el("div").attr("aria-busy", "true").children(bars.into())
}

/// The form's name and languages, and below them the screen.
fn frame(filling: &Arc<Filling>) -> El {
    let (this, that) = (Arc::clone(filling), Arc::clone(filling));
    let agency = filling.form().definition().agency.is_some().then(|| {
        el("p").class("agency").say(move || {
            let agency = this.form().definition().agency.as_ref();
            agency.map(|agency| this.text(&agency.name)).unwrap_or_default()
        })
    });
    let title = el("p").class("title").say(move || that.text(&that.form().definition().title));
    let masthead = el("header")
        .class("masthead")
        .attr("part", "masthead")
        .child(el("div").maybe(agency).child(title))
        .maybe(languages(filling));
    let this = Arc::clone(filling);
    // Its room is there before what stands in it: nothing moves under a finger.
    let strip = filling.others.are_there().then(|| {
        div("strip")
            .attr("data-part", "strip")
            .part(move || later::followed().map(|later| untrack(|| (later.strip)(&this))))
    });
    let this = Arc::clone(filling);
    let changed = el("div").part(move || later::followed().and_then(|it| (it.changed)(&this)));
    let (this, language) = (Arc::clone(filling), filling.language.clone());
    // The whole screen is drawn anew in the other language; the entries live elsewhere.
    let screen = div("screen").attr("part", "screen").part(move || {
        let language = this.language.get();
        this.revision.track();
        match this.instead.get() {
            None => {}
            Some(Instead::Broken(fault)) => return Some(broken::broken(&fault)),
            Some(Instead::Lacking) => {
                let again = Arc::clone(&this);
                // What needed the rest asks for it again.
                return Some(broken::not_here(&language, move || {
                    again.instead.set(None);
                    // At once: who answers meanwhile must not lose the place.
                    again.focus_later("h1");
                    again.whole(|_, _| ());
                }));
            }
            Some(Instead::Locked) => return later::here().map(|later| (later.unlock)(&language)),
        }
        let screen = this.screen.get();
        if screen == Screen::Start {
            return Some(start::view(&this, &language));
        }
        if let Some(page) = screen.page() {
            return Some(page::view(&this, page, &language));
        }
        let later = match later::needed(&language) {
            Ok(later) => later,
            Err(instead) => return Some(instead),
        };
        Some(match screen {
            Screen::Done(id) => (later.done)(&this, id, &language),
            Screen::Mine => (later.mine)(&this, &language),
            Screen::Tasks => (later.tasks)(&this, &language),
            _ => (later.check)(&this, &language),
        })
    });
    let this = Arc::clone(filling);
    let foot = el("footer")
        .class("foot")
        .part(move || later::followed().map(|later| untrack(|| (later.foot)(&this))));
    div("e-form")
        .attr("part", "form")
        .follow("lang", move || Some(language.get()))
        .child(masthead)
        .maybe(strip)
        .child(changed)
        .child(screen)
        .child(foot)
}

/// The button that chooses a language.
fn language_button(
    tag: &str,
    chosen: impl Fn() -> bool + 'static,
    choose: impl Fn() + 'static,
) -> El {
    let name = match tag {
        "th" => "ไทย",
        "en" => "English",
        other => other,
    };
    button("", name)
        .attr("data-eform", "language")
        .attr("lang", tag)
        .follow("aria-pressed", move || Some(if chosen() { "true" } else { "false" }.to_owned()))
        .click(choose)
}

fn languages(filling: &Arc<Filling>) -> Option<El> {
    let tags = &filling.form().definition().languages;
    let mut buttons = div("languages");
    for tag in tags {
        let (this, chosen, wanted) = (Arc::clone(filling), tag.clone(), tag.clone());
        let shown = filling.language.clone();
        let choose = move || {
            this.language.set(wanted.clone());
            this.name_tab();
            if this.drafts.is_begun() {
                this.save_soon();
            }
        };
        buttons = buttons.child(language_button(tag, move || shown.get() == chosen, choose));
    }
    (tags.len() > 1).then_some(buttons)
}

/// The heading of a screen, which takes the focus when the screen changes.
fn heading(text: &str) -> El {
    el("h1").attr("tabindex", "-1").text(text)
}

/// «Back».
fn back(filling: &Arc<Filling>, words: &Words) -> El {
    let this = Arc::clone(filling);
    button("link back", words.back).attr("data-eform", "back").click(move || this.back())
}
