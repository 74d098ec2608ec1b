//! What is wrong or odd with a node: what its type finds, what is missing, and its own checks.

use super::{NodeId, Role, Session};
use crate::fields::{At, Shape};
use crate::{Check, Finding, Severity};

impl Session {
    /// Checks what has become stale.
    pub(super) fn check_stale(&mut self) {
        for node in std::mem::take(&mut self.stale) {
            self.node_mut(node).stale = false;
            if self.is_there(node) && node != NodeId::FORM {
                self.check(node);
            }
        }
        let form = self.form.clone();
        for page in 0..self.pages.len() {
            if std::mem::take(&mut self.pages[page].stale) {
                let mut found = Vec::new();
                if self.pages[page].shown {
                    self.run(&form.page(page).checks, NodeId::FORM, "", &mut found);
                }
                if self.pages[page].findings != found {
                    self.pages[page].findings = found;
                    self.changes.pages.push(page);
                }
            }
        }
        if std::mem::take(&mut self.findings_stale) {
            let mut found = Vec::new();
            self.run(&form.definition().checks, NodeId::FORM, "", &mut found);
            found.extend(self.files_together());
            self.findings = found;
        }
    }

    fn check(&mut self, node: NodeId) {
        let form = self.form.clone();
        let (role, parent) = (self.node(node).role, self.node(node).parent);
        let field = form.field(self.node(node).place);
        let shown = self.node(node).shown;
        let is_field = role == Role::Field;
        let asked = field
            .required_if
            .as_ref()
            .is_some_and(|rule| shown && is_field && self.holds(Some(rule), parent, false));
        let required = is_field && shown && (field.required || asked);
        let locked = field
            .read_only_if
            .as_ref()
            .is_some_and(|rule| shown && is_field && self.holds(Some(rule), parent, false));
        let read_only = is_field && (field.read_only || field.calculate.is_some() || locked);
        let mut found = Vec::new();
        if shown {
            self.find(node, required, &mut found);
        }
        let path = self.pointer(node);
        let found: Vec<Finding> = found.into_iter().map(|finding| finding.within(&path)).collect();
        let before = self.node(node);
        let same = before.required == required
            && before.read_only == read_only
            && before.findings == found;
        if !same {
            let node_mut = self.node_mut(node);
            (node_mut.required, node_mut.read_only) = (required, read_only);
            node_mut.findings = found;
            self.changes.nodes.push(node);
        }
    }

    /// What is found about a shown node, as seen from itself.
    fn find(&self, node: NodeId, required: bool, found: &mut Vec<Finding>) {
        let (role, parent) = (self.node(node).role, self.node(node).parent);
        let field = self.form.field(self.node(node).place);
        if let Some(wrong) = &self.node(node).wrong {
            found.push(wrong.clone());
            return;
        }
        match (role, field.kind.shape()) {
            (Role::Form, _) | (Role::Field, Shape::Note) => {}
            (Role::Row, _) => self.run(&field.row_checks, node, "", found),
            (Role::Field, Shape::Group) => self.run(&field.checks, node, "", found),
            (Role::Field, Shape::Rows { min, .. }) => {
                if self.children(node).len() < min {
                    found.push(Finding::error("too-few-rows").with("min", min));
                }
                self.run(&field.checks, parent, "", found);
            }
            (Role::Field, Shape::Answer) => match &self.node(node).answer {
                Some(answer) => {
                    let at = At { today: self.today, required };
                    field.kind.check(answer, &at, found);
                    self.run(&field.checks, parent, "", found);
                }
                None if required && field.kind.is_chosen() => {
                    found.push(Finding::error("required-choice"));
                }
                None if required => found.push(Finding::error("required")),
                None => {}
            },
        }
    }

    /// Runs checks as seen from a container.
    fn run(&self, checks: &[Check], container: NodeId, path: &str, found: &mut Vec<Finding>) {
        for check in checks {
            let (value, met_blank) = self.evaluate(&check.assert, container);
            let finding = match value {
                Ok(value) if crate::logic::truth(&value) || met_blank => continue,
                Ok(_) => {
                    let mut finding = Finding::error("check");
                    if let Some(code) = &check.code {
                        finding.code = code.clone().into();
                    }
                    finding.severity = check.severity.unwrap_or(Severity::Error);
                    finding.with("message", check.message.to_value())
                }
                Err(_) => Finding::error("rule-steps"),
            };
            let to = check.at.as_ref().map(|id| crate::finding::pointer(id));
            found.push(finding.within(&to.unwrap_or_default()).within(path));
        }
    }
}
