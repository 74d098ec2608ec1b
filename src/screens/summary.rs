//! The list of all errors on a page. In the later part, as the checking is.

use std::sync::Arc;

use eform::{Finding, NodeId};
use leptos::prelude::*;
use web_sys::Event;

use super::row_title;
use crate::browser::focus;
use crate::dom::{El, div, el};
use crate::fields;
use crate::fields::further::lead;
use crate::filling::Filling;
use crate::words::later_words;

/// The errors that are still there; each leads to its field. It is drawn once: what has been put right
/// goes from it, and it is not announced again.
pub fn view(filling: &Arc<Filling>, language: &str) -> Option<El> {
    let this = Arc::clone(filling);
    let any = Memo::new(move |_| this.has_errors());
    let is_there = any.get();
    // The tab says that there are errors.
    filling.name_tab();
    is_there.then(|| untrack(|| summary(filling, language)))
}

fn summary(filling: &Arc<Filling>, language: &str) -> El {
    let mut list = el("ul");
    for (node, finding) in filling.summary.get_untracked() {
        let (this, language) = (Arc::clone(filling), language.to_owned());
        let of = Arc::clone(filling);
        let kept = finding.clone();
        let stays = Memo::new(move |_| of.is_still(node, &kept));
        list = list
            .part(move || stays.get().then(|| untrack(|| item(&this, node, &finding, &language))));
    }
    let title = el("h2").text(later_words(language).summary_title);
    let summary = div("summary").attr("data-eform", "error-summary").attr("tabindex", "-1");
    summary.child(title).child(list)
}

fn item(filling: &Arc<Filling>, node: NodeId, finding: &Finding, language: &str) -> El {
    let (of, message) = (Arc::clone(filling), filling.form().message(finding, language));
    let tongue = language.to_owned();
    // A row gets another number when one before it goes.
    let said = move || row_of(&of, node, &tongue) + &message;
    let selector = fields::focus_target(filling, node, Some(finding));
    let (this, path) = (Arc::clone(filling), finding.path.clone());
    let lead = move |event: Event| {
        event.prevent_default();
        if !focus(&this.root, &selector) {
            lead::to(&this, node, &path);
            this.focus_later(&selector);
        }
    };
    let link = el("a").attr("href", &fields::anchor(filling, node)).say(said);
    el("li").child(link.on("click", lead))
}

impl Filling {
    /// Whether an error that was listed is still there, followed.
    fn is_still(&self, node: NodeId, finding: &Finding) -> bool {
        node == NodeId::FORM || self.found(node).with(|found| found.contains(finding))
    }

    /// Whether any error is listed, followed.
    pub(crate) fn has_errors(&self) -> bool {
        self.summary.get().iter().any(|(node, finding)| self.is_still(*node, finding))
    }
}

/// «Plot 2, Crop 1: » for what is found in a row; several may lack the same.
fn row_of(filling: &Filling, node: NodeId, language: &str) -> String {
    let (mut names, mut at) = (Vec::new(), node);
    if !filling.session().is_there(node) {
        return String::new();
    }
    while at != NodeId::FORM {
        let parent = filling.session().parent(at);
        let session = filling.follow(parent);
        let fields = session.field(at).zip(session.field(parent));
        if let Some((field, _)) = fields.filter(|(field, list)| std::ptr::eq(*field, *list)) {
            let label = filling.form().text(&field.label, language);
            names.insert(0, row_title(filling, at, label, language));
        }
        at = parent;
    }
    if names.is_empty() { String::new() } else { names.join(", ") + ": " }
}
