//! What is wrong or odd with a node: what its type finds, what is missing, and its own checks.

use super::{Node, NodeId, Role, Session};
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
        self.check_together();
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
        let read_only =
            is_field && shown && (field.read_only || field.calculate.is_some() || locked);
        let mut found = Vec::new();
        if shown {
            self.find(node, required, &mut found);
            if !found.is_empty() {
                let path = self.pointer(node);
                found = found.into_iter().map(|finding| finding.within(&path)).collect();
            }
            self.run_all(node, &mut found);
        }
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

    /// What is found about a shown node besides its checks, as seen from itself.
    fn find(&self, node: NodeId, required: bool, found: &mut Vec<Finding>) {
        let role = self.node(node).role;
        let field = self.form.field(self.node(node).place);
        if let Some(wrong) = &self.node(node).wrong {
            found.push(wrong.clone());
            return;
        }
        match (role, field.kind.shape()) {
            (Role::Form | Role::Row, _) | (Role::Field, Shape::Note | Shape::Group) => {}
            (Role::Field, Shape::Rows { min, .. }) => {
                if self.children(node).len() < min {
                    found.push(Finding::error("too-few-rows").with("min", min));
                }
            }
            (Role::Field, Shape::Answer) => match &self.node(node).answer {
                Some(answer) => {
                    let at = At { today: self.today, required };
                    field.kind.check(answer, &at, found);
                }
                None if required && field.kind.is_chosen() => {
                    found.push(Finding::error("required-choice"));
                }
                None if required => found.push(Finding::error("required")),
                None => {}
            },
        }
    }

    /// Runs the checks of a shown node: those of a group or a row look from inside it, those of a
    /// repeat and of a question from where it stands.
    fn run_all(&self, node: NodeId, found: &mut Vec<Finding>) {
        let Node { role, place, parent, wrong, answer, .. } = self.node(node);
        let field = self.form.field(*place);
        let (checks, container) = match (role, field.kind.shape()) {
            _ if wrong.is_some() => return,
            (Role::Row, _) => (&field.row_checks, node),
            (_, Shape::Group) => (&field.checks, node),
            (_, Shape::Rows { .. }) => (&field.checks, *parent),
            (_, Shape::Answer) if answer.is_some() => (&field.checks, *parent),
            _ => return,
        };
        found.extend(checks.iter().filter_map(|check| self.run(check, container, node)));
    }

    /// What a check finds, as seen from a container, about a node or the field beside or in it that
    /// the check names.
    pub(super) fn run(&self, check: &Check, container: NodeId, node: NodeId) -> Option<Finding> {
        let (value, met_blank) = self.evaluate(&check.assert, container);
        let finding = match value {
            Ok(value) if crate::logic::truth(&value) || met_blank => return None,
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
        Some(match &check.at {
            None => finding.within(&self.pointer(node)),
            Some(id) => finding.part(id).within(&self.pointer(container)),
        })
    }
}
