//! What another definition of the same form means for a draft: which questions are new, which answers are
//! to be looked at again, and which are asked for no more. Both sessions hold the same entries; fields are
//! the same where their ids are, with those of all groups and repeats around them.

use crate::{Field, Form, NodeId, Session};

/// The questions that a newer definition makes somebody look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revised {
    /// In the newer session: what was not asked before, or need not be answered; of a group or a repeat
    /// that is new, only itself. Each question once, in whatever row.
    pub new: Vec<NodeId>,
    /// In both sessions, the newer one last: what has been answered, and the answer does not fit any more,
    /// is read otherwise, or the question is worded otherwise.
    pub again: Vec<(NodeId, NodeId)>,
    /// In the older session: what has been answered, and is not asked any more.
    pub gone: Vec<NodeId>,
}

impl Revised {
    /// What has changed for these entries from one definition to a newer one.
    pub fn between(before: &Session, now: &Session) -> Self {
        let mut revised = Self::default();
        for page in 0..now.form().definition().pages.len() {
            now.on_page(page).into_iter().for_each(|node| revised.find_new(before, now, node));
        }
        for page in 0..before.form().definition().pages.len() {
            before.on_page(page).into_iter().for_each(|node| revised.find_old(before, now, node));
        }
        revised
    }

    /// Whether there is nothing to look at.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.again.is_empty() && self.gone.is_empty()
    }

    fn find_new(&mut self, before: &Session, now: &Session, node: NodeId) {
        let Some(field) = now.field(node).filter(|field| is_asked(field)) else { return };
        if !now.is_shown(node) || now.is_read_only(node) {
            return;
        }
        let place = now.place(node);
        let is_new = match counterpart(now.form(), before.form(), place) {
            None => true,
            Some(_) if field.is_container() => {
                now.children(node).iter().for_each(|child| self.find_new(before, now, *child));
                return;
            }
            Some(_) => {
                let old = before.at(&now.pointer(node));
                let was_required = old.is_some_and(|old| before.is_required(old));
                now.is_required(node) && now.answer(node).is_none() && !was_required
            }
        };
        let is_listed = || self.new.iter().any(|listed| now.place(*listed) == place);
        if is_new && !is_listed() {
            self.new.push(node);
        }
    }

    fn find_old(&mut self, before: &Session, now: &Session, node: NodeId) {
        let Some(field) = before.field(node).filter(|field| is_asked(field)) else { return };
        if field.is_container() {
            before.children(node).iter().for_each(|child| self.find_old(before, now, *child));
            return;
        }
        if before.entry(node).is_null() || !before.is_shown(node) {
            return;
        }
        let same = now.at(&before.pointer(node)).filter(|same| now.is_shown(*same));
        let same = same.zip(same.and_then(|same| now.field(same)));
        let Some((same, asked)) = same.filter(|(_, asked)| !asked.is_container()) else {
            return self.gone.push(node);
        };
        let known = before.findings_of(node);
        let is_wrong = now.findings_of(same).iter().any(|finding| {
            finding.is_error() && !known.iter().any(|known| known.code == finding.code)
        });
        let is_read_otherwise =
            before.answer(node).is_some_and(|answer| now.answer(same) != Some(answer));
        if is_wrong || is_read_otherwise || asked.label != field.label {
            self.again.push((node, same));
        }
    }
}

/// Whether a field is a question, or holds some.
fn is_asked(field: &Field) -> bool {
    field.is_container() || field.kind.has_answer() && field.kind.name() != "hidden"
}

/// The place in `other` of the field at `place` in `form`: one of the same name in the same groups and
/// repeats.
fn counterpart(form: &Form, other: &Form, place: usize) -> Option<usize> {
    let field = form.field(place);
    let container = match field.parent {
        Some(parent) => Some(counterpart(form, other, parent)?),
        None => None,
    };
    let found = other.place_in(container, &field.id)?;
    let same = other.field(found);
    let is_one = same.parent == container
        && same.is_container() == field.is_container()
        && (!field.is_container() || same.kind.name() == field.kind.name());
    is_one.then_some(found)
}

#[cfg(test)]
#[path = "revised_tests.rs"]
mod tests;
