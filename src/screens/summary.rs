//! The list of all errors on a page. In the later part, as the checking is.

use std::sync::Arc;

use eform::NodeId;
use leptos::prelude::*;

use super::row_title;
use crate::browser::focus;
use crate::dom::{El, div, el};
use crate::fields;
use crate::fields::further::lead;
use crate::filling::Filling;
use crate::words::later_words;

/// The errors that are still there; each leads to its field.
pub fn view(filling: &Arc<Filling>, language: &str) -> Option<El> {
    let mut list = el("ul");
    let mut any = false;
    for (node, finding) in &filling.summary.get_untracked() {
        // What has been put right since is not listed any more.
        let stays = filling.found(*node).with(|found| found.contains(finding));
        if !stays && *node != NodeId::FORM {
            continue;
        }
        let said = row_of(filling, *node, language) + &filling.form().message(finding, language);
        let selector = fields::focus_target(filling, *node, Some(finding));
        let (this, node, path) = (Arc::clone(filling), *node, finding.path.clone());
        let link = el("a").attr("href", &fields::anchor(filling, node)).text(&said).on(
            "click",
            move |event| {
                event.prevent_default();
                if !focus(&this.root, &selector) {
                    lead::to(&this, node, &path);
                    this.focus_later(&selector);
                }
            },
        );
        list = list.child(el("li").child(link));
        any = true;
    }
    let title = el("h2").text(later_words(language).summary_title);
    let summary = div("summary").attr("data-eform", "error-summary").attr("tabindex", "-1");
    any.then(|| summary.child(title).child(list))
}

/// «Plot 2, Crop 1: » for what is found in a row; several may lack the same.
fn row_of(filling: &Filling, node: NodeId, language: &str) -> String {
    let session = filling.session();
    let (mut names, mut at) = (Vec::new(), node);
    while at != NodeId::FORM {
        let parent = session.parent(at);
        let fields = session.field(at).zip(session.field(parent));
        if let Some((field, _)) = fields.filter(|(field, list)| std::ptr::eq(*field, *list)) {
            let label = filling.form().text(&field.label, language);
            names.insert(0, row_title(filling, at, label, language));
        }
        at = parent;
    }
    if names.is_empty() { String::new() } else { names.join(", ") + ": " }
}
