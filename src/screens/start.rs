//! The page before the first: what the form is for, how long it takes, what to have ready, who gets
//! the answers, and the way in. A citizen who left off goes on from here.

use std::sync::Arc;

use leptos::prelude::*;

use super::{heading, page};
use crate::dom::{El, div, el};
use crate::filling::Filling;
use crate::later;
use crate::words::{Words, is_thai, words};

/// The start page.
pub fn view(filling: &Arc<Filling>, language: &str) -> El {
    let (words, definition) = (words(language), filling.form().definition());
    let said = |text: &eform::Text| filling.form().text(text, language).to_owned();
    let start = definition.start.as_ref();
    let minutes = start.and_then(|start| start.minutes).map(|minutes| {
        el("p")
            .class("intro")
            .text(&[words.takes, &minutes.to_string(), counted(words.minutes, minutes)].concat())
    });
    let ready = start.map(|start| &start.ready).filter(|ready| !ready.is_empty()).map(|ready| {
        let list = ready.iter().map(|one| el("li").text(&said(one))).collect();
        let title = el("h2").text(words.ready);
        el("section").child(title).child(el("ul").children(list))
    });
    let (this, more, tongue) = (Arc::clone(filling), Arc::clone(filling), language.to_owned());
    let label = if filling.drafts.is_begun() { words.go_on } else { words.start };
    let go = el("button").attr("type", "button").class("primary").text(label);
    let go = go.attr("data-eform", "start").click(move || this.resume());
    let actions = div("actions")
        .child(go)
        .part(move || later::followed().and_then(|later| untrack(|| (later.anew)(&more, &tongue))));
    div("start")
        .child(heading(&said(&definition.title)))
        .maybe(definition.summary.as_ref().map(|words| el("p").class("intro").text(&said(words))))
        .maybe(minutes)
        .maybe(ready)
        .maybe(definition.privacy.as_ref().map(|_| privacy(filling, language, words)))
        .child(actions)
        .child(page::note(filling, language))
}

/// «1 minute» in the languages that count so.
fn counted(unit: &str, number: u32) -> &str {
    if number == 1 { unit.trim_end_matches('s') } else { unit }
}

/// What the answers are used for, who sees them, and for how long (PDPA, B.E. 2562, section 23).
fn privacy(filling: &Filling, language: &str, words: &Words) -> El {
    let said = |text: &eform::Text| filling.form().text(text, language).to_owned();
    let section = el("section").child(el("h2").text(words.privacy));
    let Some(privacy) = &filling.form().definition().privacy else { return section };
    let others = privacy.recipients.iter().map(|one| el("li").text(&said(one))).collect::<Vec<_>>();
    let others = (!others.is_empty())
        .then(|| el("div").child(el("p").text(words.others)).child(el("ul").children(others)));
    let kept = privacy.retention_days.map(|days| {
        let (number, unit) =
            if days % 365 == 0 { (days / 365, words.years) } else { (days, words.days) };
        el("p").text(&[words.kept_for, &number.to_string(), counted(unit, number)].concat())
    });
    let link = privacy.url.as_ref().map(|url| el("p").child(el("a").attr("href", url).text(url)));
    let basis = privacy.basis_in_words(is_thai(language)).map(|words| el("p").text(&words));
    let section = section.child(el("p").text(&said(&privacy.purpose))).maybe(basis);
    section.maybe(others).maybe(kept).maybe(link)
}
