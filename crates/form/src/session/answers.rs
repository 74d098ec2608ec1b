//! The tree of answers, kept up to date: rules look into it, and it is what is submitted. A group
//! without answers is not in it; a row is, even if it is empty.

use serde_json::{Map, Value};

use super::{NodeId, Role, Session};
use crate::Finding;
use crate::fields::Shape;
use crate::finding::pointer;

static NONE: Value = Value::Null;

impl Session {
    pub(super) fn is_rows(&self, node: NodeId) -> bool {
        let node = self.node(node);
        let shape = || self.form.field(node.place).kind.shape();
        node.role == Role::Field && matches!(shape(), Shape::Rows { .. })
    }

    pub(super) fn has_children(&self, node: NodeId) -> bool {
        self.form.field(self.node(node).place).is_container()
    }

    /// The answers in the form, a group or a row; null where there are none.
    pub(super) fn answers_of(&self, container: NodeId) -> &Value {
        let node = self.node(container);
        let found = match node.role {
            Role::Form => return &self.answers,
            Role::Row => self.answers_of(node.parent).get(node.at),
            Role::Field => {
                self.answers_of(node.parent).get(self.form.field(node.place).id.as_str())
            }
        };
        found.unwrap_or(&NONE)
    }

    /// The same, to be changed; made where it is not there yet.
    fn answers_mut(&mut self, container: NodeId) -> &mut Value {
        let form = self.form.clone();
        let (role, place, parent, at) = {
            let node = self.node(container);
            (node.role, node.place, node.parent, node.at)
        };
        match role {
            Role::Form => &mut self.answers,
            Role::Row => {
                let rows = self.answers_mut(parent);
                if !rows.is_array() {
                    *rows = Value::Array(Vec::new());
                }
                let Value::Array(rows) = rows else { unreachable!("it was just made") };
                while rows.len() <= at {
                    rows.push(Value::Object(Map::new()));
                }
                &mut rows[at]
            }
            Role::Field => member(self.answers_mut(parent), &form.field(place).id),
        }
    }

    pub(super) fn set_answer(&mut self, node: NodeId, answer: Option<Value>) {
        let form = self.form.clone();
        let (parent, id) = (self.node(node).parent, &form.field(self.node(node).place).id);
        match answer {
            Some(answer) => *member(self.answers_mut(parent), id) = answer,
            None => self.cut(parent, id),
        }
    }

    /// Takes a member out, and the groups around it that are empty now.
    fn cut(&mut self, container: NodeId, id: &str) {
        if self.answers_of(container).get(id).is_none() {
            return;
        }
        let mut emptied = false;
        if let Value::Object(members) = self.answers_mut(container) {
            members.remove(id);
            emptied = members.is_empty();
        }
        if emptied && self.node(container).role == Role::Field {
            let form = self.form.clone();
            let (parent, place) = (self.node(container).parent, self.node(container).place);
            self.cut(parent, &form.field(place).id);
        }
    }

    /// Puts a repeat's rows into the answers, as many as there are: or takes them out, if it is not
    /// shown or has none.
    pub(super) fn set_rows(&mut self, repeat: NodeId) {
        let form = self.form.clone();
        let (parent, id) = (self.node(repeat).parent, &form.field(self.node(repeat).place).id);
        let count = if self.node(repeat).shown { self.node(repeat).children.len() } else { 0 };
        if count == 0 {
            return self.cut(parent, id);
        }
        let rows = member(self.answers_mut(parent), id);
        if !rows.is_array() {
            *rows = Value::Array(Vec::new());
        }
        if let Value::Array(rows) = rows {
            rows.resize(count, Value::Object(Map::new()));
        }
    }

    /// Makes room for a row before another in the answers.
    pub(super) fn make_room(&mut self, repeat: NodeId, at: usize) {
        if self.node(repeat).shown
            && let Value::Array(rows) = self.answers_mut(repeat)
            && at <= rows.len()
        {
            rows.insert(at, Value::Object(Map::new()));
        }
    }

    /// Takes a row out of the answers.
    pub(super) fn cut_row(&mut self, row: NodeId) {
        let (repeat, at) = (self.node(row).parent, self.node(row).at);
        let last = self.node(repeat).children.len() == 1;
        if !self.node(repeat).shown {
            return;
        }
        if last {
            let form = self.form.clone();
            let (parent, place) = (self.node(repeat).parent, self.node(repeat).place);
            self.cut(parent, &form.field(place).id);
        } else if let Value::Array(rows) = self.answers_mut(repeat)
            && at < rows.len()
        {
            rows.remove(at);
        }
    }

    /// Finds where given answers are not those that the engine would write.
    pub(crate) fn compare(&self, given: &Map<String, Value>, findings: &mut Vec<Finding>) {
        let errors = findings.iter().filter(|finding| finding.is_error());
        let mut refused: Vec<String> = errors.map(|finding| finding.path.clone()).collect();
        refused.sort_unstable();
        self.compare_in(NodeId::FORM, given, &refused, findings);
    }

    /// `refused` are the paths of answers with errors, in order: one word about each is enough.
    fn compare_in(
        &self,
        container: NodeId,
        given: &Map<String, Value>,
        refused: &[String],
        findings: &mut Vec<Finding>,
    ) {
        let node = self.node(container);
        let scope = (node.role != Role::Form).then_some(node.place);
        let kept = self.answers_of(container);
        let at = self.pointer(container);
        for (id, value) in given {
            if kept.get(id) == Some(value) {
                continue;
            }
            let path = [at.as_str(), &pointer(id)].concat();
            let place = self.form.place_in(scope, id);
            let child = place.and_then(|place| node.children.get(self.form.field(place).nth));
            let code = match (child, kept.get(id)) {
                (None, _) => "unknown-field",
                (Some(child), Some(_)) if self.compare_inside(*child, value, refused, findings) => {
                    continue;
                }
                _ if has_under(refused, &path) => continue,
                (Some(child), None) if !self.is_shown(*child) => "not-shown",
                _ => "not-canonical",
            };
            findings.push(Finding { path, ..Finding::error(code) });
        }
        // What is calculated must have been sent.
        for (id, _) in kept.as_object().into_iter().flatten() {
            if !given.contains_key(id) {
                let path = [at.as_str(), &pointer(id)].concat();
                findings.push(Finding { path, ..Finding::error("not-canonical") });
            }
        }
    }

    /// Looks inside a group or the rows of a repeat; false where the answer is of another shape.
    fn compare_inside(
        &self,
        node: NodeId,
        given: &Value,
        refused: &[String],
        findings: &mut Vec<Finding>,
    ) -> bool {
        match given {
            Value::Object(members) if self.has_children(node) && !self.is_rows(node) => {
                self.compare_in(node, members, refused, findings);
                true
            }
            Value::Array(rows) if self.is_rows(node) && rows.len() == self.children(node).len() => {
                let objects = rows.iter().all(Value::is_object);
                for (row, given) in self.children(node).iter().zip(rows) {
                    if let Value::Object(members) = given {
                        self.compare_in(*row, members, refused, findings);
                    }
                }
                objects
            }
            _ => false,
        }
    }
}

/// Whether a path, or one that goes on from it, is among these, which are in order.
fn has_under(paths: &[String], path: &str) -> bool {
    let inside = [path, "/"].concat();
    [path, &inside].iter().any(|from| {
        let at = paths.partition_point(|known| known.as_str() < *from);
        paths.get(at).is_some_and(|found| found == path || found.starts_with(&inside))
    })
}

/// A member of an object; of what is no object yet, an object is made.
fn member<'a>(object: &'a mut Value, id: &str) -> &'a mut Value {
    if !object.is_object() {
        *object = Value::Object(Map::new());
    }
    let Value::Object(members) = object else { unreachable!("it was just made") };
    if !members.contains_key(id) {
        members.insert(id.to_owned(), Value::Null);
    }
    let Some(member) = members.get_mut(id) else { unreachable!("it was just put in") };
    member
}
