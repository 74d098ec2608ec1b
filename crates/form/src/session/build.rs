//! Making the nodes of a form, at the beginning and for each new row; taking entries and rows.

use std::cell::Cell;
use std::collections::BinaryHeap;

use serde_json::{Map, Value};

use super::settle::Task;
use super::{Changes, Node, NodeId, PageState, Role, Session};
use crate::fields::Shape;
use crate::{Date, Finding, Form, limits};

impl Session {
    pub(super) fn open(
        form: Form,
        entries: &Map<String, Value>,
        today: Date,
        is_given: bool,
    ) -> Self {
        let pages = form.definition().pages.iter().map(|_| PageState::default()).collect();
        let mut session = Self {
            form: form.clone(),
            today,
            is_given,
            nodes: Vec::new(),
            pages,
            findings: Vec::new(),
            findings_stale: true,
            answers: Value::Object(Map::new()),
            strays: Map::new(),
            queue: BinaryHeap::new(),
            stale: Vec::new(),
            changes: Changes::default(),
            steps: Cell::new(limits::STEPS),
        };
        let root = session.add(Role::Form, 0, NodeId::FORM, 0);
        session.node_mut(root).shown = true;
        for page in 0..session.pages.len() {
            session.pages[page].stale = true;
            for place in &form.page(page).fields {
                let entry = entries.get(&form.field(*place).id);
                session.plant(root, *place, entry.unwrap_or(&Value::Null));
            }
            session.push(Task::Page(page as u32));
        }
        for (id, entry) in entries {
            if form.place_of(id).is_none() {
                session.strays.insert(id.clone(), entry.clone());
            }
        }
        session.settle();
        session.changes = Changes::default();
        session
    }

    fn add(&mut self, role: Role, place: usize, parent: NodeId, at: usize) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node {
            role,
            place,
            parent,
            at,
            children: Vec::new(),
            entry: Value::Null,
            answer: None,
            wrong: None,
            shown: false,
            required: false,
            read_only: false,
            findings: Vec::new(),
            gone: false,
            stale: false,
        });
        id
    }

    /// Makes the node of a field, with all below it, and puts it at the end of its parent's.
    fn plant(&mut self, parent: NodeId, place: usize, entry: &Value) {
        let form = self.form.clone();
        let field = form.field(place);
        let node = self.add(Role::Field, place, parent, field.nth);
        self.node_mut(parent).children.push(node);
        match field.kind.shape() {
            Shape::Answer | Shape::Note => self.node_mut(node).entry = entry.clone(),
            Shape::Group => {
                let none = Map::new();
                let entries = entry.as_object().unwrap_or(&none);
                self.node_mut(node).wrong = field.kind.read(entry).err();
                for child in &field.children {
                    let entry = entries.get(&form.field(*child).id);
                    self.plant(node, *child, entry.unwrap_or(&Value::Null));
                }
            }
            Shape::Rows { min, max } => {
                let rows = entry.as_array().map(Vec::as_slice).unwrap_or_default();
                self.node_mut(node).wrong = if rows.len() > max {
                    Some(Finding::error("too-many-rows").with("max", max))
                } else {
                    field.kind.read(entry).err()
                };
                for row in rows.iter().take(max) {
                    self.plant_row(node, row);
                }
                while self.is_given && self.node(node).children.len() < min {
                    self.plant_row(node, &Value::Null);
                }
            }
        }
    }

    fn plant_row(&mut self, repeat: NodeId, entry: &Value) -> NodeId {
        let (place, at) = (self.node(repeat).place, self.node(repeat).children.len());
        let row = self.add(Role::Row, place, repeat, at);
        self.node_mut(repeat).children.push(row);
        let none = Map::new();
        let entries = match entry {
            Value::Object(entries) => entries,
            Value::Null => &none,
            _ => {
                self.node_mut(row).wrong = Some(Finding::error("type"));
                &none
            }
        };
        let form = self.form.clone();
        if self.nodes.len() < limits::NODES {
            for child in &form.field(place).children {
                let entry = entries.get(&form.field(*child).id);
                self.plant(row, *child, entry.unwrap_or(&Value::Null));
            }
        }
        row
    }

    /// Takes what was typed or chosen for a question.
    pub fn enter(&mut self, node: NodeId, entry: Value) -> Changes {
        if self.is_there(node) && self.node(node).role == Role::Field && !self.has_children(node) {
            self.node_mut(node).entry = entry;
            self.push(Task::Value(node));
        }
        self.settle()
    }

    /// Adds a row at the end of a repeat; none where there are as many as there may be.
    pub fn add_row(&mut self, repeat: NodeId) -> (Option<NodeId>, Changes) {
        let field = self.form.field(self.node(repeat).place);
        let max = match field.kind.shape() {
            Shape::Rows { max, .. } if self.is_rows(repeat) && self.is_there(repeat) => max,
            _ => 0,
        };
        let full = self.nodes.len() >= limits::NODES;
        if full || self.node(repeat).children.len() >= max {
            return (None, Changes::default());
        }
        let row = self.plant_row(repeat, &Value::Null);
        self.open_row(repeat, row);
        (Some(row), self.settle())
    }

    /// Takes a row away, with all that was entered in it.
    pub fn remove_row(&mut self, row: NodeId) -> Changes {
        if self.node(row).role != Role::Row || !self.is_there(row) {
            return Changes::default();
        }
        self.close_row(row);
        let (repeat, at) = (self.node(row).parent, self.node(row).at);
        self.node_mut(repeat).children.remove(at);
        let later: Vec<NodeId> = self.node(repeat).children[at..].to_vec();
        for moved in later {
            self.node_mut(moved).at -= 1;
            // Its findings name it by its number.
            self.mark_under(moved);
        }
        self.bury(row);
        self.settle()
    }

    fn bury(&mut self, node: NodeId) {
        self.node_mut(node).gone = true;
        let children = std::mem::take(&mut self.node_mut(node).children);
        children.into_iter().for_each(|child| self.bury(child));
    }

    /// Puts other entries in place of those that are there: a draft that another page has kept.
    pub fn replace(&mut self, entries: &Map<String, Value>) {
        *self = Self::open(self.form.clone(), entries, self.today, self.is_given);
    }

    /// Goes on with the same definition, read with more of the language (see
    /// [`crate::Vocabulary`]). The nodes stay what they are.
    pub fn take_form(&mut self, form: Form) -> Changes {
        let same =
            form.digest() == self.form.digest() && form.fields().len() == self.form.fields().len();
        if !same {
            let entries = self.entries();
            *self = Self::open(form, &entries, self.today, self.is_given);
            return Changes::default();
        }
        self.form = form;
        self.work_out_all()
    }

    /// Goes on on another day.
    pub fn set_today(&mut self, today: Date) -> Changes {
        if self.today == today {
            return Changes::default();
        }
        // What depends on the day is not in the graph; this is once a day.
        self.today = today;
        self.work_out_all()
    }

    fn work_out_all(&mut self) -> Changes {
        for at in 1..self.nodes.len() {
            let node = NodeId(at as u32);
            if self.is_there(node) {
                self.push(Task::Show(node));
                self.push(Task::Value(node));
                self.mark(node);
            }
        }
        for page in 0..self.pages.len() {
            self.push(Task::Page(page as u32));
            self.pages[page].stale = true;
        }
        self.findings_stale = true;
        self.settle()
    }
}
