//! A row that is open: its questions, «done», which checks them, and «remove».

use std::rc::Rc;

use eform::NodeId;
use leptos::prelude::*;

use super::List;
use crate::dom::{El, button, div, el};
use crate::fields::{focus_target, node};

impl List {
    /// The questions of a row.
    pub fn questions(self: &Rc<Self>, at: usize, row: NodeId) -> El {
        let title = self.title(row);
        let mut set = el("fieldset")
            .class("row-of")
            .attr("id", &self.id_of_row(at))
            .attr("data-field", &self.name_of_row(at))
            .attr("tabindex", "-1")
            .child(el("legend").text(&title));
        let (found, this) = (self.filling.found(row), Rc::clone(self));
        set = set.part(move || this.said(&found.get()));
        let fields = self.filling.session().children(row).to_vec();
        for field in fields {
            set = node(set, &self.filling, field, &self.language);
        }
        let done = (!self.is_plain).then(|| self.done(row, &title));
        set.child(div("row-actions").maybe(done).child(self.remover(row, &title, "")))
    }

    fn done(self: &Rc<Self>, row: NodeId, title: &str) -> El {
        let label = self.quoted("", title, " เสร็จแล้ว", "Done with ", "");
        let this = Rc::clone(self);
        button("secondary", &label).attr("data-action", "done-row").click(move || {
            let wrong = this.filling.check_row(row);
            if let Some((node, finding)) = wrong.first() {
                this.open_around(*node);
                let target = focus_target(&this.filling, *node, Some(finding));
                super::lead::to(&this.filling, *node, &finding.path);
                this.filling.focus_later(&target);
                return;
            }
            this.open.update(|open| open.retain(|other| *other != row));
            this.focus_on_row(row, "");
        })
    }
}
