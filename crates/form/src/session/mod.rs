//! A form being filled in: every question as it stands in its row, what was entered, what follows
//! from it. After each change only what depends on it is worked out again.
//!
//! The questions are nodes of a tree: under the form stand its fields, under a group its fields,
//! under a repeat its rows, under a row its fields. A node keeps its name while rows come and go
//! around it, so a page can hold on to it.

mod answers;
mod attached;
mod build;
mod check;
mod rows;
mod settle;
mod together;

use std::cell::Cell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde_json::{Map, Value};

use crate::{Date, Field, Finding, Form};
use together::Together;

pub use attached::Attached;

/// A question in its row, a row, a group, or the form as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The form as a whole.
    pub const FORM: Self = Self(0);

    /// A number of its own, small enough for a list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Form,
    Field,
    /// A row of the repeat that is its parent.
    Row,
}

#[derive(Debug)]
struct Node {
    role: Role,
    /// The field's place; a row has that of its repeat.
    place: usize,
    parent: NodeId,
    /// Which of its parent's children it is.
    at: usize,
    children: Vec<NodeId>,
    /// What was entered; null where nobody has touched the question. Where there are nodes below,
    /// what none of them has: members that the form does not know, rows that are too many, or all
    /// of it where it is of another shape.
    entry: Value,
    /// The answer, where there is one and it is shown.
    answer: Option<Value>,
    /// Why what was entered is no answer.
    wrong: Option<Finding>,
    shown: bool,
    required: bool,
    read_only: bool,
    findings: Vec<Finding>,
    /// Taken away with its row.
    gone: bool,
    /// In the list of what is to be checked.
    stale: bool,
}

#[derive(Debug, Default)]
struct PageState {
    shown: bool,
    together: Together,
}

/// What a change has changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The nodes that are now shown or hidden, have another answer, other findings, other options,
    /// or other rows, or are now required or not: each once.
    pub nodes: Vec<NodeId>,
    /// The pages that are now shown or hidden, or have other findings: each once.
    pub pages: Vec<usize>,
}

/// A form being filled in.
///
/// ```
/// use eform::{Date, Form, Session};
/// use serde_json::{Map, json};
///
/// let form = Form::parse(br#"{
///   "id": "farm", "version": "1", "title": "Farm", "languages": ["en"],
///   "submit": { "url": "/api/submissions" },
///   "pages": [{ "id": "land", "title": "Land", "fields": [
///     { "id": "has_land", "type": "yes-no", "label": "Do you have land?", "required": true },
///     { "id": "area", "type": "number", "label": "How much?", "required": true,
///       "showIf": { "var": "has_land" } }
///   ] }]
/// }"#)?;
/// let today = Date { year: 2026, month: 11, day: 20 };
/// let mut session = Session::new(form, &Map::new(), today);
/// let (has_land, area) = (session.at("/has_land").unwrap(), session.at("/area").unwrap());
/// assert!(!session.is_shown(area));
///
/// let changes = session.enter(has_land, json!(true));
/// assert!(changes.nodes.contains(&area) && session.is_shown(area));
/// assert_eq!(session.findings()[0].path, "/area");
///
/// session.enter(area, json!("๑๒"));
/// assert_eq!(session.submission(), json!({ "has_land": true, "area": 12 }).as_object());
/// # Ok::<(), eform::DefinitionError>(())
/// ```
#[derive(Debug)]
pub struct Session {
    form: Form,
    today: Date,
    /// Whether fields that nobody has touched have their default and repeats their first rows; not
    /// where answers are checked that have been given.
    is_given: bool,
    nodes: Vec<Node>,
    /// How many of them are there.
    there: usize,
    /// The repeats with rows for which there is no room.
    overfull: Vec<NodeId>,
    pages: Vec<PageState>,
    together: Together,
    answers: Value,
    /// What is to be worked out, first what others need.
    queue: BinaryHeap<Reverse<(u32, settle::Task)>>,
    /// What is to be checked once all is worked out.
    stale: Vec<NodeId>,
    /// Where checks are to be run: on these pages, or, for none, in the form.
    doubtful: Vec<Option<usize>>,
    /// For each use in the graph, of which row the readers were told last, and in which round.
    told: Vec<(NodeId, u32)>,
    /// How many changes have been worked out, the one that is being worked out counted.
    round: u32,
    changes: Changes,
    /// The steps that rules may still take before the next change.
    steps: Cell<u32>,
}

impl Session {
    /// The form with these entries by field id: what was typed, or answers. `today` is the day on
    /// which the form is filled in.
    pub fn new(form: Form, entries: &Map<String, Value>, today: Date) -> Self {
        Self::open(form, entries, today, true)
    }

    /// The form with answers as they were submitted: nothing is added to them.
    pub fn of_answers(form: Form, answers: &Map<String, Value>, today: Date) -> Self {
        Self::open(form, answers, today, false)
    }

    /// What [`Form::check_submission`] finds in the answers that this was opened with.
    pub fn check_submitted(&self, answers: &Map<String, Value>) -> Vec<Finding> {
        let mut findings = self.findings();
        self.compare(answers, &mut findings);
        findings
    }

    /// The form that is filled in.
    pub fn form(&self) -> &Form {
        &self.form
    }

    // Nodes

    /// The node that a JSON Pointer into the answers leads to: `/plots/0/area`. The empty pointer
    /// is the form.
    pub fn at(&self, pointer: &str) -> Option<NodeId> {
        let mut found = NodeId::FORM;
        for step in pointer.split('/').skip(1) {
            let node = self.node(found);
            found = match node.role {
                Role::Field if self.is_rows(found) => {
                    *node.children.get(step.parse::<usize>().ok()?)?
                }
                _ => {
                    let container = (node.role != Role::Form).then_some(node.place);
                    // No id has what a pointer would escape.
                    let place = self.form.place_in(container, step)?;
                    *node.children.get(self.form.field(place).nth)?
                }
            };
        }
        Some(found)
    }

    /// The node nearest to a place that a finding's path leads to: the field, for a part of its
    /// answer.
    pub fn near(&self, pointer: &str) -> NodeId {
        let mut pointer = pointer;
        loop {
            match (self.at(pointer), pointer.rfind('/')) {
                (Some(node), _) => return node,
                (None, Some(end)) => pointer = &pointer[..end],
                (None, None) => return NodeId::FORM,
            }
        }
    }

    /// Where the node's answer is, as an RFC 6901 pointer into the answers.
    pub fn pointer(&self, node: NodeId) -> String {
        let mut steps = Vec::new();
        let mut at = node;
        while at != NodeId::FORM {
            let node = self.node(at);
            steps.push(match node.role {
                Role::Row => ["/", &node.at.to_string()].concat(),
                _ => crate::finding::pointer(&self.form.field(node.place).id),
            });
            at = node.parent;
        }
        steps.reverse();
        steps.concat()
    }

    /// The nodes of a page that stand in no group and no repeat, in order.
    pub fn on_page(&self, page: usize) -> Vec<NodeId> {
        self.outermost(page).to_vec()
    }

    fn outermost(&self, page: usize) -> &[NodeId] {
        let places = &self.form.page(page).fields;
        let first = places.first().map_or(0, |place| self.form.field(*place).nth);
        &self.node(NodeId::FORM).children[first..first + places.len()]
    }

    /// The fields of a group or a row, or the rows of a repeat.
    pub fn children(&self, node: NodeId) -> &[NodeId] {
        &self.node(node).children
    }

    /// What a node stands in; the form stands in itself.
    pub fn parent(&self, node: NodeId) -> NodeId {
        self.node(node).parent
    }

    /// Which of its parent's children a node is, counted from 0.
    pub fn position(&self, node: NodeId) -> usize {
        self.node(node).at
    }

    /// The definition of a node's field; of the repeat for a row, and none for the form.
    pub fn field(&self, node: NodeId) -> Option<&Field> {
        (node != NodeId::FORM).then(|| self.form.field(self.node(node).place))
    }

    /// The place of a node's field in the order of the form (see [`Form::field`]).
    pub fn place(&self, node: NodeId) -> usize {
        self.node(node).place
    }

    /// Whether the node is still there: rows are taken away with all they hold.
    pub fn is_there(&self, node: NodeId) -> bool {
        !self.node(node).gone
    }

    fn node(&self, node: NodeId) -> &Node {
        &self.nodes[node.index()]
    }

    fn node_mut(&mut self, node: NodeId) -> &mut Node {
        &mut self.nodes[node.index()]
    }

    // What is known of a node

    /// What was entered; null where nobody has touched the question.
    pub fn entry(&self, node: NodeId) -> &Value {
        &self.node(node).entry
    }

    /// The answer, where there is one and the question is shown.
    pub fn answer(&self, node: NodeId) -> Option<&Value> {
        self.node(node).answer.as_ref()
    }

    /// Whether the question is shown.
    pub fn is_shown(&self, node: NodeId) -> bool {
        self.node(node).shown
    }

    /// Whether an answer must be given.
    pub fn is_required(&self, node: NodeId) -> bool {
        self.node(node).required
    }

    /// Whether the answer is shown and cannot be changed.
    pub fn is_read_only(&self, node: NodeId) -> bool {
        self.node(node).read_only
    }

    /// What is wrong or odd with this node itself; a group's or row's fields have their own.
    pub fn findings_of(&self, node: NodeId) -> &[Finding] {
        &self.node(node).findings
    }

    /// Whether any field of a page is shown.
    pub fn page_is_shown(&self, page: usize) -> bool {
        self.pages[page].shown && self.outermost(page).iter().any(|node| self.is_shown(*node))
    }

    /// What the checks of a page find about its answers together.
    pub fn findings_of_page(&self, page: usize) -> &[Finding] {
        &self.pages[page].together.findings
    }

    /// What is found about all answers together: by the checks of the form, and about its files.
    pub fn findings_of_form(&self) -> Vec<Finding> {
        self.together.findings.iter().cloned().chain(self.files_together()).collect()
    }

    /// Everything wrong or odd, in the order of the form.
    pub fn findings(&self) -> Vec<Finding> {
        let mut all = Vec::new();
        self.each_finding(&mut |findings| all.extend_from_slice(findings));
        all
    }

    fn each_finding(&self, take: &mut dyn FnMut(&[Finding])) {
        for (page, state) in self.pages.iter().enumerate() {
            for node in self.outermost(page) {
                self.each_under(*node, take);
            }
            take(&state.together.findings);
        }
        take(&self.findings_of_form());
    }

    fn each_under(&self, node: NodeId, take: &mut dyn FnMut(&[Finding])) {
        let node = self.node(node);
        for child in &node.children {
            self.each_under(*child, take);
        }
        take(&node.findings);
    }

    /// The answers as they are submitted: of shown fields only, written as the engine writes them.
    pub fn answers(&self) -> &Map<String, Value> {
        match &self.answers {
            Value::Object(answers) => answers,
            _ => unreachable!("it is made as an object, and only its members change"),
        }
    }

    /// The answers, if nothing is wrong with them.
    pub fn submission(&self) -> Option<&Map<String, Value>> {
        let mut is_wrong = false;
        self.each_finding(&mut |findings| is_wrong |= findings.iter().any(Finding::is_error));
        (!is_wrong).then(|| self.answers())
    }

    /// Everything entered, also in questions that are not shown, of fields that the form does not
    /// have, and in rows that are too many: what a draft keeps.
    pub fn entries(&self) -> Map<String, Value> {
        self.entries_in(NodeId::FORM)
    }

    fn entries_in(&self, container: NodeId) -> Map<String, Value> {
        let strays = self.node(container).entry.as_object();
        let mut entries = strays.cloned().unwrap_or_default();
        for child in &self.node(container).children {
            let field = self.form.field(self.node(*child).place);
            let entry = self.entry_under(*child);
            if !entry.is_null() {
                entries.insert(field.id.clone(), entry);
            }
        }
        entries
    }

    fn entry_under(&self, node: NodeId) -> Value {
        let Node { role, entry, children, .. } = self.node(node);
        let rows = || children.iter().map(|row| self.entry_under(*row));
        match entry {
            _ if !self.has_children(node) => entry.clone(),
            Value::Null if self.is_rows(node) && children.is_empty() => Value::Null,
            Value::Null if self.is_rows(node) => Value::Array(rows().collect()),
            Value::Array(more) if self.is_rows(node) => {
                Value::Array(rows().chain(more.iter().cloned()).collect())
            }
            Value::Null | Value::Object(_) if !self.is_rows(node) => {
                let inside = self.entries_in(node);
                let is_blank = inside.is_empty() && *role == Role::Field;
                if is_blank { Value::Null } else { Value::Object(inside) }
            }
            another_shape => another_shape.clone(),
        }
    }
}
