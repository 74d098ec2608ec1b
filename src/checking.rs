//! Checking a page, and what follows from it: it shows what the engine finds. In the later part,
//! since nothing is checked before something has been entered.

use std::cell::RefCell;
use std::sync::Arc;

use eform::{Finding, NodeId};
use leptos::prelude::*;
use serde_json::Value;

use crate::browser::today;
use crate::filling::Filling;
use crate::screen::Screen;

/// Checks the page that is shown, and goes on.
pub fn proceed(filling: &Arc<Filling>) {
    filling.proceed_now();
}

/// Shows what the agency found, at its fields, and leads to the first.
pub fn show_findings(filling: &Arc<Filling>, findings: Vec<Finding>) {
    filling.show_findings_now(findings);
}

/// What an agency found about an answer: no check of the phone's finds it again, so it holds until the
/// answer is another.
struct Told {
    /// The form on the page.
    filling: *const Filling,
    node: NodeId,
    answer: Option<Value>,
    finding: Finding,
}

thread_local! {
    static TOLD: RefCell<Vec<Told>> = const { RefCell::new(Vec::new()) };
}

impl Filling {
    fn remember(self: &Arc<Self>, told: &[(NodeId, Finding)]) {
        let filling = Arc::as_ptr(self);
        let session = self.session();
        TOLD.with_borrow_mut(|all| {
            all.retain(|told| told.filling != filling);
            all.extend(told.iter().map(|(node, finding)| {
                let (node, finding) = (*node, finding.clone());
                Told { filling, node, answer: session.answer(node).cloned(), finding }
            }));
        });
    }

    /// Whether the agency has found this about an answer that is still the same.
    fn is_told(self: &Arc<Self>, node: NodeId, finding: &Finding) -> bool {
        let session = self.session();
        TOLD.with_borrow(|all| {
            all.iter().any(|told| {
                told.filling == Arc::as_ptr(self)
                    && told.node == node
                    && told.finding == *finding
                    && told.answer.as_ref() == session.answer(node)
            })
        })
    }

    /// Whether this is found about a node or one that it is in: a row or a group leads to what is in it.
    fn is_found_around(&self, node: NodeId, finding: &Finding) -> bool {
        let (session, mut at) = (self.session(), node);
        while at != NodeId::FORM {
            if session.findings_of(at).contains(finding) {
                return true;
            }
            at = session.parent(at);
        }
        false
    }

    /// Looks again when a field has been left: what was put right is no longer shown, at this field and
    /// at those that are listed with it, since one check may be about several; what is odd is said.
    pub(crate) fn look_again(self: &Arc<Self>, node: NodeId) {
        let own = self.session().findings_of(node).to_vec();
        let shown = |node: NodeId| self.found(node).get_untracked();
        let mut looked_at = vec![node];
        for (listed, _) in self.summary.get_untracked() {
            if listed != NodeId::FORM && !looked_at.contains(&listed) {
                looked_at.push(listed);
            }
        }
        looked_at.retain(|node| !shown(*node).is_empty() && self.session().is_there(*node));
        if !looked_at.contains(&node) && own.iter().any(|finding| !finding.is_error()) {
            self.show_found(node, own.clone());
        }
        if looked_at.is_empty() {
            return;
        }
        let together = {
            let session = self.session();
            let page =
                session.field(node).map(|field| session.findings_of_page(field.page).to_vec());
            [page.unwrap_or_default(), session.findings_of_form()].concat()
        };
        for at in looked_at {
            let mut now = if at == node { own.clone() } else { Vec::new() };
            for finding in shown(at) {
                let holds = self.is_found_around(at, &finding)
                    || together.contains(&finding)
                    || self.is_told(at, &finding);
                if holds && !now.contains(&finding) {
                    now.push(finding);
                }
            }
            self.show_found(at, now);
        }
    }

    /// A node and all below it, in the order in which they stand on the page.
    pub(crate) fn under(&self, node: NodeId, all: &mut Vec<NodeId>) {
        all.push(node);
        let children = self.session().children(node).to_vec();
        for child in children {
            self.under(child, all);
        }
    }

    /// Shows what is found on a page. Gives the errors, in order.
    fn check(&self, page: usize, with_form: bool) -> Vec<(NodeId, Finding)> {
        let changes = self.session.borrow_mut().set_today(today());
        self.tell(changes);
        let mut nodes = Vec::new();
        let outermost = self.session().on_page(page);
        outermost.iter().for_each(|node| self.under(*node, &mut nodes));
        let mut found = self.find_at(&nodes);
        {
            let session = self.session();
            let together = session.findings_of_page(page).iter();
            let of_form = if with_form { session.findings_of_form() } else { Vec::new() };
            for finding in together.chain(&of_form) {
                let node = session.near(&finding.path);
                let elsewhere = session.field(node).is_some_and(|field| field.page != page);
                if !elsewhere {
                    found.push((node, finding.clone()));
                }
            }
        }
        self.show_at(nodes, found)
    }

    /// Shows what is found in a row. Gives the errors, in order.
    pub(crate) fn check_row(&self, row: NodeId) -> Vec<(NodeId, Finding)> {
        let mut nodes = Vec::new();
        self.under(row, &mut nodes);
        let found = self.find_at(&nodes);
        self.show_at(nodes, found)
    }

    /// What the engine found at these nodes, each with the node that it leads to.
    fn find_at(&self, nodes: &[NodeId]) -> Vec<(NodeId, Finding)> {
        let session = self.session();
        let mut found = Vec::new();
        for node in nodes {
            let own = session.findings_of(*node).iter();
            found.extend(own.map(|finding| (session.near(&finding.path), finding.clone())));
        }
        found
    }

    /// Shows at each of these nodes what leads to it; gives the errors.
    fn show_at(
        &self,
        nodes: Vec<NodeId>,
        mut found: Vec<(NodeId, Finding)>,
    ) -> Vec<(NodeId, Finding)> {
        for node in &nodes {
            let own = found.iter().filter(|(of, _)| of == node);
            self.show_found(*node, own.map(|(_, finding)| finding.clone()).collect());
        }
        found.retain(|(_, finding)| finding.is_error());
        // What is of the page as a whole stands at its heading, before all.
        found
            .sort_by_key(|(of, _)| nodes.iter().position(|node| node == of).map_or(0, |at| at + 1));
        found
    }

    fn show_findings_now(self: &Arc<Self>, findings: Vec<Finding>) {
        let mut told: Vec<(NodeId, Finding)> = Vec::new();
        for finding in findings {
            told.push((self.session().near(&finding.path), finding));
        }
        self.remember(&told);
        for (node, _) in &told {
            let own = told.iter().filter(|(of, _)| of == node);
            self.show_found(*node, own.map(|(_, finding)| finding.clone()).collect());
        }
        let pages = told.iter().filter_map(|(node, _)| Some(self.session().field(*node)?.page));
        if let Some(page) = pages.min() {
            let on_page =
                |node: &NodeId| self.session().field(*node).is_none_or(|f| f.page == page);
            told.retain(|(node, _)| on_page(node));
            self.go(Screen::Change(page));
            self.show_summary(told);
        }
    }

    fn proceed_now(self: &Arc<Self>) {
        let screen = self.screen.get_untracked();
        let Some(page) = screen.page() else { return };
        let wrong = self.check(page, false);
        if !wrong.is_empty() {
            self.show_summary(wrong);
            return;
        }
        self.drafts.pass(&self.form().page(page).id);
        let next = untrack(|| self.shown_pages()).into_iter().find(|shown| *shown > page);
        self.go(match (screen, next) {
            (Screen::Page(_), Some(next)) => Screen::Page(next),
            _ => Screen::Check,
        });
    }

    /// Checks every field; on an error, leads to the first page that has one.
    pub fn check_all(self: &Arc<Self>) -> bool {
        let pages = untrack(|| self.shown_pages());
        let mut first = None;
        for page in pages {
            let wrong = self.check(page, true);
            if !wrong.is_empty() && first.is_none() {
                first = Some((page, wrong));
            }
        }
        let Some((page, wrong)) = first else { return true };
        self.go(Screen::Change(page));
        self.show_summary(wrong);
        false
    }
}
