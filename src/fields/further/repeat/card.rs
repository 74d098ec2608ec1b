//! A row that is closed: what it is called, the first of its answers in words, «change» and
//! «remove».

use std::rc::Rc;

use eform::NodeId;

use super::List;
use crate::dom::{El, button, div, el};
use crate::words::later_words;

/// How many answers are shown.
const MOST: usize = 4;

impl List {
    /// The card of a row.
    pub fn card(self: &Rc<Self>, at: usize, row: NodeId) -> El {
        let (title, id) = (self.title(row), self.id_of_row(at));
        let name_id = [&id, "-title"].concat();
        let (facts, this) = (Rc::clone(self), Rc::clone(self));
        let change = button("link", later_words(&self.language).change)
            .attr("data-action", "change-row")
            .child(el("span").class("unseen").text(" ").text(&title))
            .click(move || {
                this.close_finished(&|open| open == row);
                this.open(row);
                let at = this.filling.session().position(row);
                this.filling.focus_later(&["#", &this.id_of_row(at)].concat());
            });
        div("card of-row")
            .attr("id", &id)
            .attr("data-field", &self.name_of_row(at))
            .attr("role", "group")
            .attr("aria-labelledby", &name_id)
            .attr("tabindex", "-1")
            .child(el("p").class("name").attr("id", &name_id).text(&title))
            .part(move || Some(facts.facts(row)))
            .child(div("row-actions").child(change).child(self.remover(row, &title, "unseen")))
    }

    /// The first answers, how many more there are, and what is odd about any.
    fn facts(&self, row: NodeId) -> El {
        let (mut list, mut odd, mut count) = (el("dl").class("facts"), el("div"), 0);
        let mut nodes = Vec::new();
        self.leaves(row, &mut nodes);
        for node in nodes {
            let session = self.filling.session();
            let Some(field) = session.field(node) else { continue };
            // What was entered stays while the row is closed; what follows from other answers may not.
            let follows = field.calculate.is_some() || field.show_if.is_some();
            let said = self.said_of(node);
            drop(session);
            if follows || said.is_some() && count < MOST {
                _ = self.filling.follow(node);
            }
            if let Some((label, answer)) = said {
                count += 1;
                if count <= MOST {
                    let pair = el("div").child(el("dt").text(&label));
                    list = list.child(pair.child(el("dd").text(&answer)));
                }
            }
            let session = self.filling.session();
            for finding in session.findings_of(node).iter().filter(|finding| !finding.is_error()) {
                let words = self.filling.form().message(finding, &self.language);
                odd = odd.child(el("p").class("found warning").text(&words));
            }
        }
        if count == 0 {
            return el("p").class("hint").text(later_words(&self.language).no_answer);
        }
        let more = (count > MOST).then(|| {
            let more = (count - MOST).to_string();
            let words = self.quoted("และอีก ", &more, " คำตอบ", "and ", " more");
            let words = if more == "1" || self.is_thai() { words } else { words + " answers" };
            el("p").class("hint").text(&words)
        });
        el("div").child(list).maybe(more).child(odd)
    }

    /// The questions of a row, also those in its groups; a repeat in it counts as one.
    fn leaves(&self, node: NodeId, found: &mut Vec<NodeId>) {
        let children = self.filling.session().children(node).to_vec();
        for child in children {
            let session = self.filling.session();
            let is_group = session.field(child).is_some_and(|field| field.kind.name() == "group");
            drop(session);
            if is_group {
                self.leaves(child, found);
            } else {
                found.push(child);
            }
        }
    }

    /// A question and its answer in words, or how many rows there are.
    fn said_of(&self, node: NodeId) -> Option<(String, String)> {
        let session = self.filling.session();
        let field = session.field(node)?;
        if !session.is_shown(node) || field.kind.name() == "hidden" {
            return None;
        }
        let form = self.filling.form();
        let answer = match field.kind.name() {
            "repeat" => {
                let count = session.children(node).len();
                let (count, end) = (count.to_string(), if count == 1 { "" } else { " rows" });
                if count == "0" {
                    return None;
                }
                let end = if end.is_empty() { " row" } else { end };
                self.quoted("", &count, " รายการ", "", end)
            }
            _ => form.in_words(session.place(node), session.answer(node)?, &self.language),
        };
        Some((self.say(&field.label).to_owned(), answer))
    }
}
