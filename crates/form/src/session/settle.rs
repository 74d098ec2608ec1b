//! Working out what follows from a change, in the order of the form's graph.

use std::cell::Cell;
use std::cmp::Reverse;

use serde_json::Value;

use super::{Changes, NodeId, Role, Session};
use crate::fields::Shape;
use crate::graph::{self, Aspect, Owner, Use};
use crate::logic::{Data, RuleError};
use crate::{Finding, Rule, limits, order};

/// Something to work out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Task {
    /// Whether a page is shown.
    Page(u32),
    /// Whether a node is shown.
    Show(NodeId),
    /// What a node's answer is.
    Value(NodeId),
}

impl Session {
    pub(super) fn push(&mut self, task: Task) {
        let graph = self.form.graph();
        let knot = match task {
            Task::Page(page) => graph.page(page as usize),
            Task::Show(node) => graph::shown(self.node(node).place),
            Task::Value(node) => graph::value(self.node(node).place),
        };
        let rank = graph.ranks[knot];
        self.queue.push(Reverse((rank, task)));
    }

    /// Works out all that is waiting, and tells what has changed.
    pub(super) fn settle(&mut self) -> Changes {
        self.steps.set(limits::STEPS);
        let mut last = None;
        while let Some(Reverse((_, task))) = self.queue.pop() {
            // The same task may have been asked for by several.
            if last == Some(task) {
                continue;
            }
            last = Some(task);
            match task {
                Task::Page(page) => self.show_page(page as usize),
                Task::Show(node) if self.is_there(node) => self.show(node),
                Task::Value(node) if self.is_there(node) => self.work_out(node),
                _ => {}
            }
        }
        self.check_stale();
        self.round += 1;
        let mut changes = std::mem::take(&mut self.changes);
        changes.nodes.retain(|node| self.is_there(*node));
        order::sort(&mut changes.nodes, &|a, b| a < b);
        changes.nodes.dedup();
        order::sort(&mut changes.pages, &|a, b| a < b);
        changes.pages.dedup();
        changes
    }

    fn show_page(&mut self, page: usize) {
        let form = self.form.clone();
        let shown = self.holds(form.page(page).show_if.as_ref(), NodeId::FORM, true);
        if self.pages[page].shown == shown {
            return;
        }
        self.pages[page].shown = shown;
        self.doubt_all(Some(page));
        self.changes.pages.push(page);
        for node in self.on_page(page) {
            self.push(Task::Show(node));
        }
    }

    fn show(&mut self, node: NodeId) {
        let form = self.form.clone();
        let (role, parent) = (self.node(node).role, self.node(node).parent);
        let field = form.field(self.node(node).place);
        let outside = match parent {
            NodeId::FORM => self.pages[field.page].shown,
            _ => self.node(parent).shown,
        };
        let own = role == Role::Row || self.holds(field.show_if.as_ref(), parent, true);
        let shown = outside && own;
        if self.node(node).shown == shown {
            return;
        }
        self.node_mut(node).shown = shown;
        self.changes.nodes.push(node);
        self.changes.pages.push(field.page);
        self.mark(node);
        match (role, field.kind.shape()) {
            (Role::Field, Shape::Answer) => self.push(Task::Value(node)),
            (Role::Field, Shape::Note) => {}
            (Role::Field, Shape::Rows { .. }) => {
                self.set_rows(node);
                self.notify(node);
                self.show_children(node);
            }
            _ => self.show_children(node),
        }
    }

    fn show_children(&mut self, node: NodeId) {
        for child in self.node(node).children.clone() {
            // A row has no knot of its own: it is shown as its repeat is.
            if self.node(child).role == Role::Row {
                self.show(child);
            } else {
                self.push(Task::Show(child));
            }
        }
    }

    /// Shows a row that has been added.
    pub(super) fn open_row(&mut self, repeat: NodeId, row: NodeId) {
        self.changes.nodes.push(repeat);
        self.mark(repeat);
        if self.node(repeat).shown {
            self.set_rows(repeat);
            self.notify(repeat);
            self.show(row);
        }
    }

    /// Takes a row's answers out, before the row itself goes.
    pub(super) fn close_row(&mut self, row: NodeId) {
        let repeat = self.node(row).parent;
        self.changes.nodes.push(repeat);
        self.mark(repeat);
        self.notify_under(row);
        self.notify(repeat);
        self.cut_row(row);
    }

    fn notify_under(&mut self, node: NodeId) {
        // The rows in a row are read as well, answered or not.
        if self.node(node).answer.is_some() || self.is_rows(node) {
            self.notify(node);
        }
        for child in self.node(node).children.clone() {
            self.notify_under(child);
        }
    }

    /// Works out a question's answer.
    fn work_out(&mut self, node: NodeId) {
        let form = self.form.clone();
        let field = form.field(self.node(node).place);
        if self.node(node).role != Role::Field || field.kind.shape() != Shape::Answer {
            return;
        }
        let reading = if !self.node(node).shown {
            Ok(None)
        } else if let Some(rule) = &field.calculate {
            self.value(rule, self.node(node).parent).and_then(|value| field.kind.read(&value))
        } else if let (Value::Null, Some(rule), true) =
            (&self.node(node).entry, &field.default, self.is_given)
        {
            self.value(rule, self.node(node).parent).and_then(|value| field.kind.read(&value))
        } else {
            read_bounded(field, &self.node(node).entry)
        };
        let (mut answer, mut wrong) = match reading {
            Ok(answer) => (answer, None),
            Err(finding) => (None, Some(finding)),
        };
        let has_conditions = field.kind.options().iter().any(|option| option.show_if.is_some());
        if has_conditions {
            let offered = self.offers(node);
            let refused = |chosen: &Value| {
                let options = field.kind.options().iter().zip(&offered);
                options
                    .filter(|(_, offered)| !**offered)
                    .any(|(option, _)| *chosen == *option.value)
            };
            let is_refused = match &answer {
                Some(Value::Array(items)) => items.iter().any(refused),
                Some(one) => refused(one),
                None => false,
            };
            if is_refused {
                (answer, wrong) = (None, Some(Finding::error("option")));
            }
            self.changes.nodes.push(node);
        }
        self.node_mut(node).wrong = wrong;
        self.mark(node);
        if self.node(node).answer != answer {
            self.set_answer(node, answer.clone());
            self.node_mut(node).answer = answer;
            self.changes.nodes.push(node);
            self.notify(node);
        }
    }

    /// For each option of a question, whether it is offered.
    pub fn offered(&self, node: NodeId) -> Vec<bool> {
        // However often a page asks, the steps are there.
        self.steps.set(limits::STEPS);
        self.offers(node)
    }

    fn offers(&self, node: NodeId) -> Vec<bool> {
        let Some(field) = self.field(node) else { return Vec::new() };
        let parent = self.node(node).parent;
        let options = field.kind.options().iter();
        options.map(|option| self.holds(option.show_if.as_ref(), parent, true)).collect()
    }

    // Rules

    /// Evaluates a rule as seen from a container. The second value tells whether something that is
    /// compared in size or calculated with had no answer.
    pub(super) fn evaluate(
        &self,
        rule: &Rule,
        container: NodeId,
    ) -> (Result<Value, RuleError>, bool) {
        let mut scopes = Vec::new();
        let mut at = container;
        loop {
            scopes.push(self.answers_of(at));
            if at == NodeId::FORM {
                break;
            }
            at = match self.node(at).role {
                // A row stands in its repeat, which is no scope.
                Role::Row => self.node(self.node(at).parent).parent,
                _ => self.node(at).parent,
            };
        }
        let met_blank = Cell::new(false);
        let data = Data {
            scopes: &scopes,
            today: Some(self.today),
            steps: &self.steps,
            met_blank: Some(&met_blank),
        };
        (rule.evaluate(&data), met_blank.get())
    }

    fn value(&self, rule: &Rule, container: NodeId) -> Result<Value, Finding> {
        self.evaluate(rule, container).0.map_err(|_| Finding::error("rule-steps"))
    }

    /// Whether a condition holds; `otherwise` where there is none.
    pub(super) fn holds(&self, rule: Option<&Rule>, container: NodeId, otherwise: bool) -> bool {
        let Some(rule) = rule else { return otherwise };
        // A rule that takes too long leaves its field shown: nobody loses a question by it.
        self.evaluate(rule, container).0.map_or(true, |value| crate::logic::truth(&value))
    }

    // Who is to look again

    /// Tells all that read a node's answer that it has changed.
    pub(super) fn notify(&mut self, node: NodeId) {
        let form = self.form.clone();
        let mut at = Some(self.node(node).place);
        while let Some(place) = at {
            let first = form.graph().uses_before[place];
            for (nth, one) in form.graph().uses[place].iter().enumerate() {
                self.tell(node, one, first + nth);
            }
            at = form.field(place).parent;
        }
    }

    /// Rows share their readers: they are told once, and look again only after all that they read
    /// has been worked out.
    fn tell(&mut self, changed: NodeId, one: &Use, number: usize) {
        let Some(from) = self.shared_row(changed, one.common) else { return };
        let now = (from, self.round);
        if std::mem::replace(&mut self.told[number], now) == now {
            return;
        }
        match (one.owner, one.aspect) {
            (Owner::Page(page), Aspect::Show) => self.push(Task::Page(page as u32)),
            (Owner::Page(page), Aspect::Check(check)) => self.doubt(Some(page), check),
            (Owner::Form, Aspect::Check(check)) => self.doubt(None, check),
            // A page and the form have no more than that.
            (Owner::Page(_) | Owner::Form, _) => {}
            (Owner::Field(place), aspect) => {
                for reader in self.readers(from, place) {
                    match aspect {
                        Aspect::Show => self.push(Task::Show(reader)),
                        Aspect::Value => self.push(Task::Value(reader)),
                        Aspect::Rest | Aspect::Check(_) => self.mark(reader),
                        Aspect::Rows => self.mark_rows(reader),
                    }
                }
            }
        }
    }

    /// The row that a node stands in which is the `common`th from the outermost; for none the form.
    fn shared_row(&self, node: NodeId, common: usize) -> Option<NodeId> {
        if common == 0 {
            return Some(NodeId::FORM);
        }
        let mut rows = Vec::new();
        let mut at = node;
        while at != NodeId::FORM {
            if self.node(at).role == Role::Row {
                rows.push(at);
            }
            at = self.node(at).parent;
        }
        // They were gathered from the innermost.
        rows.len().checked_sub(common).map(|index| rows[index])
    }

    /// The nodes of the field at `place` in a row, or in the form.
    fn readers(&self, from: NodeId, place: usize) -> Vec<NodeId> {
        let end = (from != NodeId::FORM).then(|| self.node(from).place);
        let mut way = Vec::new();
        let mut at = Some(place);
        while at != end {
            let Some(place) = at else { return Vec::new() };
            way.push(place);
            at = self.form.field(place).parent;
        }
        let mut found = vec![from];
        while let Some(place) = way.pop() {
            let field = self.form.field(place);
            let here = found.iter().filter_map(|node| self.node(*node).children.get(field.nth));
            found = here.copied().collect();
            if !way.is_empty() && matches!(field.kind.shape(), Shape::Rows { .. }) {
                found = found.iter().flat_map(|repeat| self.children(*repeat)).copied().collect();
            }
        }
        found
    }

    /// Puts a node on the list of what is to be checked.
    pub(super) fn mark(&mut self, node: NodeId) {
        if !std::mem::replace(&mut self.node_mut(node).stale, true) {
            self.stale.push(node);
        }
    }

    /// The same for one row, or for all rows of a repeat.
    fn mark_rows(&mut self, node: NodeId) {
        if self.is_rows(node) {
            self.node(node).children.clone().into_iter().for_each(|row| self.mark(row));
        } else {
            self.mark(node);
        }
    }

    /// The same for all with findings in a row and below it: they name the row by its number.
    pub(super) fn mark_found(&mut self, node: NodeId) {
        if !self.node(node).findings.is_empty() {
            self.mark(node);
        }
        for at in 0..self.node(node).children.len() {
            self.mark_found(self.node(node).children[at]);
        }
    }
}

/// Reads an entry that is not too much for any field.
fn read_bounded(field: &crate::Field, entry: &Value) -> crate::fields::Reading {
    match too_much(entry) {
        Some(finding) => Err(finding),
        None => field.kind.read(entry),
    }
}

/// Finds a text that is too long, or more choices than a question can have, anywhere in an entry.
fn too_much(entry: &Value) -> Option<Finding> {
    match entry {
        Value::String(text) if text.len() > limits::TEXT_BYTES => {
            let finding = Finding::error("too-long").with("max", limits::TEXT_BYTES / 3);
            Some(finding.with("length", crate::thai::length(text)))
        }
        Value::Array(items) if items.len() > limits::OPTIONS => Some(Finding::error("type")),
        Value::Object(members) if members.len() > limits::OPTIONS => Some(Finding::error("type")),
        Value::Array(items) => items.iter().find_map(too_much),
        Value::Object(members) => members.values().find_map(too_much),
        _ => None,
    }
}
