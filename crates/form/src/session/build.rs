//! Making the nodes of a form, at the beginning and for each new row; taking entries.

use std::cell::Cell;
use std::collections::BinaryHeap;

use serde_json::{Map, Value};

use super::settle::Task;
use super::{Changes, Node, NodeId, PageState, Role, Session, Together};
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
            there: 0,
            overfull: Vec::new(),
            pages,
            together: Together::default(),
            answers: Value::Object(Map::new()),
            queue: BinaryHeap::new(),
            stale: Vec::new(),
            doubtful: Vec::new(),
            told: vec![(NodeId::FORM, 0); form.graph().uses_before.last().copied().unwrap_or(0)],
            round: 1,
            changes: Changes::default(),
            steps: Cell::new(limits::STEPS),
        };
        let root = session.add(Role::Form, 0, NodeId::FORM, 0);
        session.node_mut(root).shown = true;
        for page in 0..session.pages.len() {
            session.plant_all(root, &form.page(page).fields, entries);
            session.push(Task::Page(page as u32));
            session.doubt_all(Some(page));
        }
        session.doubt_all(None);
        session.keep_strays(root, None, entries);
        session.settle();
        session.changes = Changes::default();
        session
    }

    fn add(&mut self, role: Role, place: usize, parent: NodeId, at: usize) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.there += 1;
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
            Shape::Group => self.plant_members(node, entry),
            Shape::Rows { min, .. } => {
                match entry {
                    Value::Array(rows) => self.plant_rows(node, rows),
                    Value::Null => {}
                    _ => self.keep_whole(node, entry),
                }
                while self.is_given && self.node(node).children.len() < min && !self.is_full() {
                    self.plant_row(node, &Value::Null);
                }
            }
        }
    }

    fn plant_all(&mut self, parent: NodeId, places: &[usize], entries: &Map<String, Value>) {
        let form = self.form.clone();
        for place in places {
            let entry = entries.get(&form.field(*place).id);
            self.plant(parent, *place, entry.unwrap_or(&Value::Null));
        }
    }

    /// Makes the nodes in a group or a row.
    fn plant_members(&mut self, node: NodeId, entry: &Value) {
        let (form, place) = (self.form.clone(), self.node(node).place);
        let none = Map::new();
        let entries = match entry {
            Value::Object(entries) => entries,
            Value::Null => &none,
            _ => {
                self.keep_whole(node, entry);
                &none
            }
        };
        self.plant_all(node, &form.field(place).children, entries);
        self.keep_strays(node, Some(place), entries);
    }

    /// Makes as many rows as there may be, and keeps the others.
    fn plant_rows(&mut self, repeat: NodeId, rows: &[Value]) {
        let mut rows = rows.iter();
        while self.has_room(repeat)
            && let Some(row) = rows.next()
        {
            self.plant_row(repeat, row);
        }
        if !rows.as_slice().is_empty() {
            self.node_mut(repeat).entry = rows.as_slice().into();
            self.overfull.push(repeat);
            self.say_overfull(repeat);
        }
    }

    pub(super) fn plant_row(&mut self, repeat: NodeId, entry: &Value) -> NodeId {
        let (place, at) = (self.node(repeat).place, self.node(repeat).children.len());
        let row = self.add(Role::Row, place, repeat, at);
        self.node_mut(repeat).children.push(row);
        self.plant_members(row, entry);
        row
    }

    /// Whether there are as many nodes as there may be.
    fn is_full(&self) -> bool {
        self.there >= limits::NODES
    }

    fn max_rows(&self, repeat: NodeId) -> usize {
        match self.form.field(self.node(repeat).place).kind.shape() {
            Shape::Rows { max, .. } if self.is_rows(repeat) => max,
            _ => 0,
        }
    }

    pub(super) fn has_room(&self, repeat: NodeId) -> bool {
        self.node(repeat).children.len() < self.max_rows(repeat) && !self.is_full()
    }

    // What has no node of its own

    /// Keeps an entry that is no group, row or list of rows at all.
    fn keep_whole(&mut self, node: NodeId, entry: &Value) {
        self.node_mut(node).entry = entry.clone();
        self.node_mut(node).wrong = Some(Finding::error("type"));
    }

    /// Keeps the members that the form, a group or a row does not know.
    fn keep_strays(&mut self, node: NodeId, scope: Option<usize>, entries: &Map<String, Value>) {
        // One by one: to build a map at once is code of its own.
        let mut strays = Map::new();
        for (id, entry) in entries {
            if self.form.place_in(scope, id).is_none() {
                strays.insert(id.clone(), entry.clone());
            }
        }
        if !strays.is_empty() {
            self.node_mut(node).entry = Value::Object(strays);
        }
    }

    /// Says of a repeat that there are more rows than it can take.
    pub(super) fn say_overfull(&mut self, repeat: NodeId) {
        let max = self.max_rows(repeat);
        self.node_mut(repeat).wrong = Some(if self.node(repeat).children.len() >= max {
            Finding::error("too-many-rows").with("max", max)
        } else {
            Finding::error("too-much").with("max", limits::NODES)
        });
    }

    /// Moves rows up that were too many, as far as there is room now.
    pub(super) fn refill(&mut self) {
        for repeat in std::mem::take(&mut self.overfull) {
            if !self.is_there(repeat) {
                continue;
            }
            let mut kept = Vec::new();
            if let Value::Array(rows) = self.node_mut(repeat).entry.take() {
                kept = rows;
            }
            let mut rows = kept.iter();
            while self.has_room(repeat)
                && let Some(entry) = rows.next()
            {
                let row = self.plant_row(repeat, entry);
                self.open_row(repeat, row);
            }
            if rows.as_slice().is_empty() {
                self.node_mut(repeat).wrong = None;
            } else {
                self.node_mut(repeat).entry = rows.as_slice().into();
                self.say_overfull(repeat);
                self.overfull.push(repeat);
            }
            self.mark(repeat);
        }
    }

    /// Forgets what was of another shape, in a container and all around it: now somebody answers.
    pub(super) fn answer_anew(&mut self, container: NodeId) {
        let mut at = container;
        while at != NodeId::FORM {
            let fits = match &self.node(at).entry {
                Value::Null => true,
                Value::Array(_) => self.is_rows(at),
                Value::Object(_) => !self.is_rows(at),
                _ => false,
            };
            if !fits {
                (self.node_mut(at).entry, self.node_mut(at).wrong) = (Value::Null, None);
                self.mark(at);
            }
            at = self.node(at).parent;
        }
    }

    // What a person does

    /// Takes what was typed or chosen for a question.
    pub fn enter(&mut self, node: NodeId, entry: Value) -> Changes {
        if self.is_there(node) && self.node(node).role == Role::Field && !self.has_children(node) {
            self.node_mut(node).entry = entry;
            self.push(Task::Value(node));
            self.answer_anew(self.node(node).parent);
        }
        self.settle()
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
            self.doubt_all(Some(page));
        }
        self.doubt_all(None);
        self.settle()
    }
}
