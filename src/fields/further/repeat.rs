//! The view of `repeat`: rows with their questions, and rows that are closed: a card each, with what
//! was answered in words. What is closed draws no controls, so a form with hundreds of rows costs
//! what its open ones do. Rows of one or two plain questions are never closed.
//!
//! Which rows are open belongs to the screen; what was entered is in the engine, open or not.

mod card;
mod row;

use std::cell::RefCell;
use std::rc::Rc;

use eform::{Finding, NodeId};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde_json::Value;

use super::kept::Aside;
use super::{attachment, lead};
use crate::browser::focus_in_place;
use crate::dom::{El, button, div, el};
use crate::fields::Place;
use crate::screens::row_title;
use crate::words::later_words;

/// More questions than this in a row, and it is closed once it is filled in.
const MOST_PLAIN: usize = 2;

/// The rows of a repeat.
pub fn view(place: &Place) -> El {
    let (found, this) = (place.filling.found(place.node), place.clone());
    let list = Rc::new(List::new(place));
    let (filling, node) = (place.filling.clone(), place.node);
    let rows = Memo::new(move |_| filling.follow(node).children(node).to_vec());
    let max = place.repeat().and_then(|repeat| repeat.max).unwrap_or(u64::MAX);
    let has_room = Memo::new(move |_| rows.with(|rows| (rows.len() as u64) < max));
    let (said, add, end) = (list.said.clone(), Rc::clone(&list), Rc::clone(&list));
    let (led, listed) = (Rc::clone(&list), Rc::clone(&list));
    let gone = SendWrapper::new(Rc::clone(&list));
    on_cleanup(move || gone.no_undo());
    el("fieldset")
        .class("repeat")
        .attr("data-field", place.name())
        .attr("id", &place.id(""))
        .attr("tabindex", "-1")
        .child(place.worded(el("legend"), &place.field().label))
        .maybe(place.hint())
        .part(move || this.said(&found.get()))
        .child(el("p").class("unseen").attr("role", "status").say(move || said.get()))
        .child(list.rows(rows))
        .child(div("").part(move || end.undo(rows.with(Vec::len), true)))
        .part(move || {
            let full =
                || el("p").class("hint").text(add.pick("ครบจำนวนแล้ว", "There can be no more"));
            Some(if has_room.get() { untrack(|| add.add()) } else { full() })
        })
        // Nothing is drawn by these two.
        .part(move || {
            let wrong: Vec<NodeId> =
                listed.filling.summary.with(|all| all.iter().map(|(node, _)| *node).collect());
            untrack(|| listed.after_check(&wrong));
            None
        })
        .part(move || {
            let goal = lead::followed(&led.filling);
            untrack(|| goal.into_iter().for_each(|(node, _)| led.open_around(node)));
            None
        })
}

/// A row that was taken away.
#[derive(Clone)]
struct Removed {
    at: usize,
    entry: Rc<Aside>,
    title: String,
}

/// What the rows of a repeat share.
struct List {
    place: Place,
    is_plain: bool,
    /// The rows whose questions are shown.
    open: ArcRwSignal<Vec<NodeId>>,
    /// The last row that was taken away, until rows change again.
    removed: ArcRwSignal<Option<Removed>>,
    /// The row that came back last without files that were still being read, and what is said of
    /// them there.
    lost: ArcRwSignal<Option<(NodeId, String)>>,
    /// For those who do not see rows come and go.
    said: ArcRwSignal<String>,
}

impl std::ops::Deref for List {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.place
    }
}

impl Place {
    fn repeat(&self) -> Option<&eform::fields::Repeat> {
        self.field().kind.get()
    }

    /// Whether a row of these questions is less than a card would be.
    fn is_plain(&self) -> bool {
        let children = &self.field().children;
        let fields = || children.iter().map(|place| self.filling.form().field(*place));
        let asked = fields().filter(|field| {
            field.calculate.is_none() && !matches!(field.kind.name(), "note" | "hidden")
        });
        asked.count() <= MOST_PLAIN && !fields().any(eform::Field::is_container)
    }
}

impl List {
    fn new(place: &Place) -> Self {
        let list = Self {
            place: place.clone(),
            is_plain: place.is_plain(),
            open: ArcRwSignal::default(),
            removed: ArcRwSignal::default(),
            lost: ArcRwSignal::default(),
            said: ArcRwSignal::default(),
        };
        let mut open = place.children();
        open.retain(|row| !list.is_finished(*row));
        list.open.set(open);
        list
    }

    /// Whether somebody has filled a row in and nothing is wrong with it.
    fn is_finished(&self, row: NodeId) -> bool {
        !self.is_blank(row) && !self.is_wrong(row)
    }

    /// Whether there is nothing in a row that somebody has entered.
    fn is_blank(&self, node: NodeId) -> bool {
        let session = self.filling.session();
        let children = session.children(node);
        if !children.is_empty() {
            return children.iter().all(|child| self.is_blank(*child));
        }
        let is_given = session.is_read_only(node)
            || session.field(node).is_some_and(|field| field.kind.name() == "hidden");
        // What is there by default is nobody's answer yet.
        is_given || is_nothing(session.entry(node))
    }

    fn is_wrong(&self, node: NodeId) -> bool {
        let session = self.filling.session();
        session.findings_of(node).iter().any(Finding::is_error)
            || session.children(node).iter().any(|child| self.is_wrong(*child))
    }

    fn title(&self, row: NodeId) -> String {
        row_title(&self.filling, row, self.say(&self.field().label), &self.language)
    }

    fn open(&self, row: NodeId) {
        self.open.update(|open| {
            if !open.contains(&row) {
                open.push(row);
            }
        });
    }

    /// Closes the rows that are filled in and right, but for those that `stay`.
    fn close_finished(&self, stay: &dyn Fn(NodeId) -> bool) {
        let mut open = self.open.get_untracked();
        let before = open.len();
        open.retain(|row| stay(*row) || !self.is_finished(*row));
        if open.len() != before {
            self.open.set(open);
        }
    }

    /// The row of this repeat that a node is, or stands in.
    fn row_around(&self, node: NodeId) -> Option<NodeId> {
        let session = self.filling.session();
        let mut at = node;
        while at != NodeId::FORM {
            let parent = session.parent(at);
            if parent == self.node {
                return session.is_there(at).then_some(at);
            }
            at = parent;
        }
        None
    }

    fn open_around(&self, node: NodeId) {
        if let Some(row) = self.row_around(node) {
            self.open(row);
        }
    }

    /// What is wrong is open to be mended, and what is right is closed.
    fn after_check(&self, wrong: &[NodeId]) {
        if !wrong.is_empty() {
            let rows: Vec<NodeId> =
                wrong.iter().filter_map(|node| self.row_around(*node)).collect();
            rows.iter().for_each(|row| self.open(*row));
            self.close_finished(&|row| rows.contains(&row));
        }
    }

    /// The rows in their order. A row is drawn anew when it moves, since its controls have its
    /// number in their names; those before it are not touched.
    fn rows(self: &Rc<Self>, rows: Memo<Vec<NodeId>>) -> El {
        let list = el("div");
        let (this, inside, owner) = (Rc::clone(self), list.clone(), Owner::current());
        let drawn: RefCell<Vec<(NodeId, El, Owner)>> = RefCell::default();
        list.part(move || {
            let rows = rows.get();
            let mut drawn = drawn.borrow_mut();
            let same = drawn.iter().zip(&rows).take_while(|((row, ..), now)| row == *now).count();
            drawn.drain(same..).for_each(|(_, element, _)| element.element().remove());
            for (at, row) in rows.into_iter().enumerate().skip(same) {
                // It belongs to the list, not to this turn.
                let own = owner.as_ref().map_or_else(Owner::new, |owner| owner.with(Owner::new));
                let element = own.with(|| untrack(|| this.row(at, row)));
                _ = inside.clone().child(element.clone());
                drawn.push((row, element, own));
            }
            None
        })
    }

    fn row(self: &Rc<Self>, at: usize, row: NodeId) -> El {
        let (open, is_plain) = (self.open.clone(), self.is_plain);
        let is_open = Memo::new(move |_| is_plain || open.with(|open| open.contains(&row)));
        let (this, before) = (Rc::clone(self), Rc::clone(self));
        let before = move || before.lost(row).or_else(|| before.undo(at, false));
        el("div").part(before).part(move || {
            let is_open = is_open.get();
            Some(untrack(|| if is_open { this.questions(at, row) } else { this.card(at, row) }))
        })
    }

    fn id_of_row(&self, at: usize) -> String {
        self.id(&["-", &at.to_string()].concat())
    }

    fn name_of_row(&self, at: usize) -> String {
        [self.name(), "-", &at.to_string()].concat()
    }

    /// Moves the focus within a row, once it is drawn.
    fn focus_in_row(&self, at: usize, inside: &str) {
        focus_in_place(&self.filling.root, ["#", &self.id_of_row(at), inside].concat());
    }

    fn add(self: &Rc<Self>) -> El {
        let label = self.repeat().and_then(|repeat| repeat.add_label.as_ref());
        let label = label.map_or(later_words(&self.language).add_row, |label| self.say(label));
        let this = Rc::clone(self);
        button("secondary", label).attr("data-action", "add-row").click(move || {
            let Some(row) = this.filling.add_row(this.node) else { return };
            this.no_undo();
            this.close_finished(&|open| open == row);
            this.open(row);
            let last = this.children().len() - 1;
            this.filling.focus_later(&["#", &this.id_of_row(last)].concat());
        })
    }

    // Taking away

    /// «Remove», asked once where there is something to lose. `title` is shown, or only said.
    fn remover(self: &Rc<Self>, row: NodeId, title: &str, title_class: &str) -> El {
        let asked = ArcRwSignal::new(false);
        let (this, title, class) = (Rc::clone(self), title.to_owned(), title_class.to_owned());
        div("asked").part(move || {
            let (that, ask, name) = (Rc::clone(&this), asked.clone(), title.clone());
            if !asked.get() {
                let named = el("span").class(&class).text(" ").text(&title);
                let remove = button("link", later_words(&this.language).remove)
                    .attr("data-action", "remove-row");
                return Some(remove.child(named).click(move || {
                    if that.is_blank(row) {
                        that.remove(row, &name);
                    } else {
                        ask.set(true);
                        that.focus_on_action(row, "remove-row-sure");
                    }
                }));
            }
            let label = this.quoted("เอา “", &title, "” ออก", "Remove “", "”");
            let sure = button("danger", &label).attr("data-action", "remove-row-sure");
            let sure = sure.click(move || that.remove(row, &name));
            let (that, ask) = (Rc::clone(&this), asked.clone());
            let keep = button("link", this.pick("ไม่เอาออก", "Keep it"));
            let keep = keep.attr("data-action", "keep-row").click(move || {
                ask.set(false);
                that.focus_on_action(row, "remove-row");
            });
            Some(div("actions").child(sure).child(keep))
        })
    }

    /// To one of a row's own buttons, and not to one of a row in it.
    fn focus_on_action(&self, row: NodeId, action: &str) {
        self.focus_on_row(row, &[" > .row-actions [data-action=", action, "]"].concat());
    }

    fn focus_on_row(&self, row: NodeId, inside: &str) {
        let at = self.filling.session().position(row);
        self.focus_in_row(at, inside);
    }

    fn quoted(&self, th: &str, title: &str, th_end: &str, en: &str, en_end: &str) -> String {
        if self.is_thai() { [th, title, th_end].concat() } else { [en, title, en_end].concat() }
    }

    fn remove(self: &Rc<Self>, row: NodeId, title: &str) {
        let (at, entry) = {
            let session = self.filling.session();
            (session.position(row), session.entry_of_row(row))
        };
        self.open.update(|open| open.retain(|other| *other != row));
        self.filling.remove_row(row);
        self.said.set(self.quoted("เอา “", title, "” ออกแล้ว", "Removed “", "”"));
        let entry = Aside::put(&self.filling, entry);
        self.no_undo();
        self.removed.set(Some(Removed { at, entry, title: title.to_owned() }));
        focus_in_place(&self.filling.root, ["#", &self.id_of_undo()].concat());
    }

    /// «Removed … · Undo», where the row was: before the row that is now at `at`, or behind the last.
    fn undo(self: &Rc<Self>, at: usize, is_end: bool) -> Option<El> {
        let removed = self.removed.get()?;
        if removed.at != at && !(is_end && removed.at > at) {
            return None;
        }
        let this = Rc::clone(self);
        let title = &removed.title;
        let words = self.quoted("เอา “", title, "” ออกแล้ว", "Removed “", "”");
        let of = self.quoted(" การเอา “", title, "” ออก", " the removal of “", "”");
        let undo = button("link", self.pick("เลิกทำ", "Undo"))
            .attr("id", &self.id_of_undo())
            .attr("data-action", "undo-remove")
            .child(el("span").class("unseen").text(&of))
            .click(move || this.put_back());
        Some(div("undo").child(el("p").text(&words)).child(undo))
    }

    /// What is said of files that did not come back with a row.
    fn lost(&self, row: NodeId) -> Option<El> {
        let (_, words) = self.lost.get().filter(|(of, _)| *of == row)?;
        Some(el("p").class("found warning").text(&words))
    }

    fn id_of_undo(&self) -> String {
        self.id("--undo")
    }

    fn put_back(&self) {
        let Some(removed) = self.removed.get_untracked() else { return };
        let row = self.filling.insert_row(self.node, removed.at, &removed.entry.entry);
        let Some(row) = row else { return };
        let unread = attachment::take_out_unread(&self.filling, row);
        self.no_undo();
        if !self.is_finished(row) {
            self.open(row);
        }
        let mut said = self.quoted("“", &removed.title, "” กลับมาแล้ว", "“", "” is back");
        if !unread.is_empty() {
            let lost = [later_words(&self.language).choose_again, &*unread.join(", ")].concat();
            said = [&said, ". ", &lost].concat();
            self.lost.set(Some((row, lost)));
        }
        self.said.set(said);
        self.focus_on_row(row, "");
    }

    /// What was taken away comes back no more, if it is not back already.
    fn no_undo(&self) {
        if self.lost.with_untracked(Option::is_some) {
            self.lost.set(None);
        }
        if let Some(removed) = self.removed.get_untracked() {
            self.removed.set(None);
            removed.entry.give_up(&self.filling);
        }
    }
}

/// Whether an entry is as good as none.
fn is_nothing(entry: &Value) -> bool {
    match entry {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(is_nothing),
        Value::Object(members) => members.values().all(is_nothing),
        _ => false,
    }
}
