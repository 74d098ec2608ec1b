//! One form being filled in: the engine's session, what of it is on the screen, and the way from
//! page to page. It shows what the engine finds and decides nothing about answers.
//!
//! The engine says after each change which nodes have changed; each node that is drawn has a signal
//! that then goes up. Signals are of the reference-counted kind: what is still being saved when the
//! form leaves the page comes to its end.

use std::cell::{Cell, Ref, RefCell};
use std::sync::Arc;

use eform::{Changes, Finding, Form, NodeId, Session};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use serde_json::{Map, Value};
use web_sys::HtmlElement;

use crate::browser::{after_render, today};
use crate::drafts::{Drafts, Note};
use crate::helping::Others;
use crate::later::{self, Later};
use crate::screen::Screen;
use crate::shelf::Shelf;
use crate::{forms, history};

/// A form being filled in.
pub struct Filling {
    /// The language that is read.
    pub language: ArcRwSignal<String>,
    /// What is on the screen.
    pub screen: ArcRwSignal<Screen>,
    /// Goes up when entries change other than by typing here: the page is drawn anew.
    pub revision: ArcRwSignal<u32>,
    /// What the error summary lists, each with the node that it leads to; none where it is not
    /// shown.
    pub summary: ArcRwSignal<Vec<(NodeId, Finding)>>,
    /// Whether a submission is being written to the phone.
    pub submitting: ArcRwSignal<bool>,
    /// Why the last submission could not be written to the phone; nothing where it was not so.
    pub submit_failed: ArcRwSignal<Note>,
    /// What this phone keeps.
    pub shelf: Shelf,
    /// The draft and its saving.
    pub drafts: Drafts,
    /// The element on the page, for events.
    pub host: SendWrapper<HtmlElement>,
    /// Where the view is drawn, for the focus.
    pub root: SendWrapper<HtmlElement>,
    /// Whether the form is the whole page, and may name the tab.
    pub standalone: bool,
    /// Who fills in besides the device's owner.
    pub others: Others,
    /// What stands in place of every screen.
    pub instead: ArcRwSignal<Option<Instead>>,
    form: SendWrapper<Cell<&'static Form>>,
    /// The definition's file, until it has been read with the whole language.
    bytes: SendWrapper<Vec<u8>>,
    /// Goes up when pages are shown or hidden.
    pages: ArcRwSignal<u32>,
    pub(crate) session: SendWrapper<RefCell<Session>>,
    drawn: SendWrapper<RefCell<Vec<Option<Drawn>>>>,
}

/// What stands in place of every screen.
#[derive(Clone)]
pub enum Instead {
    /// The rest of the kit was needed and could not be had.
    Lacking,
    /// What the rest of the language finds wrong with the definition.
    Broken(String),
    /// What this phone keeps is under a PIN that was not entered in this page yet.
    Locked,
}

/// Something that needs the whole language.
type Act = Box<dyn FnOnce(&'static Later, &Arc<Filling>)>;

/// What a node's view follows.
#[derive(Clone, Default)]
struct Drawn {
    changed: ArcRwSignal<u32>,
    found: ArcRwSignal<Vec<Finding>>,
}

impl Filling {
    /// A form with nothing filled in, on its first page.
    pub fn new(
        form: &'static Form,
        bytes: Vec<u8>,
        language: String,
        drafts: Drafts,
        (host, root): (HtmlElement, HtmlElement),
        (standalone, others): (bool, Others),
    ) -> Arc<Self> {
        let session = Session::new(form.clone(), &Map::new(), today());
        Arc::new(Self {
            language: ArcRwSignal::new(language),
            screen: ArcRwSignal::new(Screen::Page(0)),
            revision: ArcRwSignal::default(),
            summary: ArcRwSignal::default(),
            submitting: ArcRwSignal::default(),
            submit_failed: ArcRwSignal::new(Note::Nothing),
            shelf: Shelf::default(),
            drafts,
            host: SendWrapper::new(host),
            root: SendWrapper::new(root),
            standalone,
            others,
            pages: ArcRwSignal::default(),
            session: SendWrapper::new(RefCell::new(session)),
            drawn: SendWrapper::new(RefCell::default()),
            instead: ArcRwSignal::default(),
            bytes: SendWrapper::new(bytes),
            form: SendWrapper::new(Cell::new(form)),
        })
    }

    // The form

    /// The form, as far as it is read.
    pub fn form(&self) -> &'static Form {
        self.form.get()
    }

    /// Whether a page has fields of types that are in the later part.
    pub fn is_waiting(&self, page: usize) -> bool {
        let on_page = |field: &&eform::Field| field.page == page;
        self.form().fields().iter().filter(on_page).any(|field| field.kind.is_waiting())
    }

    /// Reads the definition with the whole language, once the later part is there. None if it
    /// cannot be had now.
    pub async fn complete(self: &Arc<Self>) -> Option<&'static Later> {
        let later = later::get().await?;
        if !self.form().is_part() {
            return Some(later);
        }
        match (later.whole)(&self.bytes) {
            Ok(form) => {
                let screen = self.screen.get_untracked();
                // What checks and submits shows all answers.
                let redraw = screen == Screen::Check
                    || screen.page().is_some_and(|page| self.is_waiting(page));
                let form = forms::keep(form);
                self.form.set(form);
                let changes = self.session.borrow_mut().take_form(form.clone());
                self.tell(changes);
                (later.opened)(Arc::clone(self)).await;
                self.name_tab();
                if redraw {
                    self.revision.update(|revision| *revision += 1);
                }
            }
            Err(error) => self.instead.set(Some(Instead::Broken(error.to_string()))),
        }
        Some(later)
    }

    /// Acts once the definition has been read with the whole language; says so where that cannot be.
    pub fn whole(self: &Arc<Self>, act: impl FnOnce(&'static Later, &Arc<Self>) + 'static) {
        // At once where it can be: a focus that moves later may move away from where one types.
        if let (Some(later), false) = (later::here(), self.form().is_part()) {
            return act(later, self);
        }
        let (this, act): (_, Act) = (Arc::clone(self), Box::new(act));
        spawn_local(async move {
            match this.complete().await {
                Some(later) => act(later, &this),
                None => this.instead.set(Some(Instead::Lacking)),
            }
        });
    }

    // Nodes

    /// The engine's session, to look into.
    pub fn session(&self) -> Ref<'_, Session> {
        self.session.borrow()
    }

    /// The same, followed as this node changes.
    pub fn follow(&self, node: NodeId) -> Ref<'_, Session> {
        self.drawn(node).changed.track();
        self.session.borrow()
    }

    fn drawn(&self, node: NodeId) -> Drawn {
        let (mut drawn, at) = (self.drawn.borrow_mut(), node.index());
        if drawn.len() <= at {
            drawn.resize(at + 1, None);
        }
        drawn[at].get_or_insert_default().clone()
    }

    /// What was found about a node when it was last checked.
    pub fn found(&self, node: NodeId) -> ArcRwSignal<Vec<Finding>> {
        self.drawn(node).found
    }

    /// Takes what was typed or chosen.
    pub fn enter(self: &Arc<Self>, node: NodeId, value: Value) {
        let changes = self.session.borrow_mut().enter(node, value);
        self.tell(changes);
        self.save_soon();
    }

    /// Adds a row at the end of a repeat.
    pub fn add_row(self: &Arc<Self>, repeat: NodeId) -> Option<NodeId> {
        let (row, changes) = self.session.borrow_mut().add_row(repeat);
        self.tell(changes);
        self.save_soon();
        row
    }

    /// Puts a row with these entries at a place among the rows of a repeat.
    pub fn insert_row(
        self: &Arc<Self>,
        repeat: NodeId,
        at: usize,
        entry: &Value,
    ) -> Option<NodeId> {
        let (row, changes) = self.session.borrow_mut().insert_row(repeat, at, entry);
        self.tell(changes);
        self.save_soon();
        row
    }

    /// Takes a row away, and what was found about it.
    pub fn remove_row(self: &Arc<Self>, row: NodeId) {
        let mut gone = Vec::new();
        self.under(row, &mut gone);
        gone.into_iter().for_each(|node| self.show_found(node, Vec::new()));
        let changes = self.session.borrow_mut().remove_row(row);
        self.tell(changes);
        self.save_soon();
    }

    pub(crate) fn tell(&self, changes: Changes) {
        for node in changes.nodes {
            let drawn = self.drawn.borrow().get(node.index()).cloned().flatten();
            if let Some(drawn) = drawn {
                drawn.changed.update(|count| *count += 1);
            }
        }
        if !changes.pages.is_empty() {
            self.pages.update(|count| *count += 1);
        }
    }

    /// Everything entered, also in fields that are not shown.
    pub fn all_entries(&self) -> Map<String, Value> {
        self.session().entries()
    }

    /// Puts entries in place of those that are there. Where `keep` says so, what has been entered
    /// here stays.
    pub fn take_entries(&self, entries: &Map<String, Value>, keep: bool) {
        let here = self.all_entries();
        let mut taken = entries.clone();
        if keep {
            for (id, entry) in &here {
                taken.insert(id.clone(), entry.clone());
            }
        }
        if taken != here {
            self.session.borrow_mut().replace(&taken);
            self.drawn.borrow_mut().clear();
            self.pages.update(|count| *count += 1);
            self.revision.update(|revision| *revision += 1);
        }
    }

    // Checking

    /// Nothing that was found is shown any more.
    pub fn forget_found(&self) {
        self.drawn.borrow_mut().clear();
        self.summary.set(Vec::new());
        self.revision.update(|revision| *revision += 1);
    }

    /// Shows what is found about a node.
    pub fn show_found(&self, node: NodeId, now: Vec<Finding>) {
        let found = self.found(node);
        if found.with_untracked(|before| *before != now) {
            found.set(now);
        }
    }

    /// Shows what the agency found, at its fields, and leads to the first.
    pub fn show_findings(self: &Arc<Self>, findings: Vec<Finding>) {
        if !findings.is_empty() {
            self.whole(move |later, this| (later.show_findings)(this, findings));
        }
    }

    /// Lists errors, and leads to the list.
    pub(crate) fn show_summary(&self, errors: Vec<(NodeId, Finding)>) {
        self.summary.set(errors);
        self.name_tab();
        self.focus_later("[data-eform=error-summary]");
    }

    // The way through the form

    /// The shown pages, followed as they change.
    pub fn shown_pages(&self) -> Vec<usize> {
        self.pages.track();
        let session = self.session();
        (0..self.form().definition().pages.len())
            .filter(|page| session.page_is_shown(*page))
            .collect()
    }

    /// «Continue».
    pub fn proceed(self: &Arc<Self>) {
        self.whole(|later, this| (later.proceed)(this));
    }

    /// «Back»: the same as the browser's.
    pub fn back(&self) {
        history::back();
    }

    /// The screen that a form that nobody has begun opens with.
    pub fn first_screen(&self) -> Screen {
        if self.form().definition().start.is_some() {
            return Screen::Start;
        }
        Screen::Page(untrack(|| self.shown_pages()).first().copied().unwrap_or(0))
    }

    /// What the session history keeps of a screen: its name, and the draft that it is about.
    fn kept_as(&self, screen: &Screen) -> String {
        [&screen.name(self.form()), "\n", &self.drafts.key()].concat()
    }

    /// Shows a screen as a new entry of the session history.
    pub fn go(self: &Arc<Self>, screen: Screen) {
        history::push(&self.form().definition().id, &self.kept_as(&screen));
        self.show(screen);
        self.focus_later("h1");
    }

    /// Shows a screen in place of the entry that the session history is at.
    pub fn go_instead(self: &Arc<Self>, screen: Screen) {
        history::replace(&self.form().definition().id, &self.kept_as(&screen));
        self.show(screen);
    }

    /// From the start page to the questions: to the first, or to where the draft was left.
    pub fn resume(self: &Arc<Self>) {
        self.begin_at(self.page_left());
        self.focus_later("h1");
    }

    /// Where the draft was left; the first page where it is new.
    pub fn page_left(&self) -> usize {
        let page = self.drafts.page();
        let known = self.form().definition().pages.iter().position(|known| known.id == page);
        known.unwrap_or(0)
    }

    /// Shows a screen in place of the one that is shown.
    pub fn show(self: &Arc<Self>, screen: Screen) {
        self.summary.set(Vec::new());
        self.submit_failed.set(Note::Nothing);
        let filling = screen.is_filling();
        // A submission that is shown already is not drawn anew under a finger.
        if filling || self.screen.with_untracked(|before| *before != screen) {
            self.screen.set(screen);
        }
        self.name_tab();
        // What is only looked at is not newer for it.
        let screen = self.screen.get_untracked();
        let is_new = match screen.page() {
            Some(page) => self.drafts.turn_to(&self.form().page(page).id),
            None => screen == Screen::Check,
        };
        if is_new && self.drafts.is_begun() {
            self.save_soon();
        }
    }

    /// Goes where the session history says: after Back, Forward or a reload.
    pub fn follow_history(self: &Arc<Self>) -> bool {
        let Some(name) = history::current(&self.form().definition().id) else { return false };
        let Some(screen) = Screen::named(&name, self.form()) else { return false };
        let key = self.drafts.key();
        let is_of_another = name.split_once('\n').is_some_and(|(_, of)| of != key);
        let screen = match (self.drafts.submitted(), &screen) {
            // What has been submitted cannot be changed by going back.
            (Some(id), _) if screen.is_filling() => Screen::Done(id),
            (None, Screen::Done(id)) if !self.may_show(id) => self.first_screen(),
            // The page of another draft holds nothing of this one.
            (None, _) if screen.is_filling() && is_of_another => self.first_screen(),
            _ => screen,
        };
        if self.kept_as(&screen) != name {
            history::replace(&self.form().definition().id, &self.kept_as(&screen));
        }
        if self.screen.get_untracked() != screen {
            self.show(screen);
            self.focus_later("h1");
        }
        true
    }

    /// Begins at a page as if all the pages before it had been passed one by one, so that Back goes
    /// through them.
    pub fn begin_at(self: &Arc<Self>, page: usize) {
        let id = &self.form().definition().id;
        let pages = untrack(|| self.shown_pages());
        let page = page.max(pages.first().copied().unwrap_or(0));
        let mut last = self.first_screen();
        history::replace(id, &self.kept_as(&last));
        for passed in pages.into_iter().filter(|shown| *shown <= page).map(Screen::Page) {
            if passed != last {
                history::push(id, &self.kept_as(&passed));
                last = passed;
            }
        }
        self.show(last);
    }

    /// Moves the focus once the screen is drawn.
    pub fn focus_later(&self, selector: &str) {
        let (root, selector) = (HtmlElement::clone(&self.root), selector.to_owned());
        after_render(move || later::focus(root, selector));
    }

    /// Says in the tab what is shown, and to the browser in which language.
    pub fn name_tab(&self) {
        if let Some(later) = later::here() {
            (later.name_tab)(self);
        }
    }

    /// A text of the definition in the language that is read, followed as it changes.
    pub fn text(&self, text: &eform::Text) -> String {
        self.language.with(|language| self.form().text(text, language).to_owned())
    }
}
