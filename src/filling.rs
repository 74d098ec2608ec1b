//! One form being filled in: a signal for each entry, a memo for each condition, the screen, and
//! the way from page to page. It shows what the engine finds and decides nothing about answers.
//!
//! Signals are of the reference-counted kind: what is still being saved when the form leaves the
//! page comes to its end.

use std::sync::{Arc, Weak};

use eform::{Finding, Form, Severity};
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde_json::{Map, Value};
use web_sys::HtmlElement;

use crate::browser::{after_render, today};
use crate::drafts::Drafts;
use crate::screen::Screen;
use crate::shelf::Shelf;
use crate::{history, later};

/// A form being filled in.
pub struct Filling {
    /// The form.
    pub form: Form,
    /// The language that is read.
    pub language: ArcRwSignal<String>,
    /// What is on the screen.
    pub screen: ArcRwSignal<Screen>,
    /// Goes up when entries change other than by typing here: the page is drawn anew.
    pub revision: ArcRwSignal<u32>,
    /// Whether the error summary is shown.
    pub summary: ArcRwSignal<bool>,
    /// Whether a submission is being written to the phone.
    pub submitting: ArcRwSignal<bool>,
    /// Whether writing the last submission to the phone failed.
    pub submit_failed: ArcRwSignal<bool>,
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
    entries: Vec<Entry>,
}

/// What is known of one field while it is filled in.
struct Entry {
    value: ArcRwSignal<Value>,
    shown: ArcMemo<bool>,
    finding: ArcRwSignal<Option<Finding>>,
}

impl Filling {
    /// A form with nothing filled in, on its first page.
    pub fn new(
        form: Form,
        language: String,
        drafts: Drafts,
        host: HtmlElement,
        root: HtmlElement,
        standalone: bool,
    ) -> Arc<Self> {
        Arc::new_cyclic(|this: &Weak<Self>| Self {
            entries: (0..form.field_count()).map(|index| Entry::new(this.clone(), index)).collect(),
            language: ArcRwSignal::new(language),
            screen: ArcRwSignal::new(Screen::Page(0)),
            revision: ArcRwSignal::default(),
            summary: ArcRwSignal::default(),
            submitting: ArcRwSignal::default(),
            submit_failed: ArcRwSignal::default(),
            shelf: Shelf::default(),
            drafts,
            host: SendWrapper::new(host),
            root: SendWrapper::new(root),
            standalone,
            form,
        })
    }

    // Entries

    /// What is entered in a field.
    pub fn entry(&self, index: usize) -> Value {
        self.entries[index].value.get_untracked()
    }

    /// A field's answer as it would be submitted, followed as it changes.
    pub fn answer(&self, index: usize) -> Option<Value> {
        self.entries[index]
            .value
            .with(|entry| self.form.field(index).kind.read(entry).ok().flatten())
    }

    /// Whether a field is shown, followed as it changes.
    pub fn is_shown(&self, index: usize) -> bool {
        self.entries[index].shown.get()
    }

    /// What was found about a field when it was last checked.
    pub fn finding(&self, index: usize) -> ArcRwSignal<Option<Finding>> {
        self.entries[index].finding.clone()
    }

    /// Takes what was typed or chosen.
    pub fn enter(self: &Arc<Self>, index: usize, value: Value) {
        self.entries[index].value.set(value);
        self.save_soon();
    }

    /// Everything entered, also in fields that are not shown.
    pub fn all_entries(&self) -> Map<String, Value> {
        let mut entered = Map::new();
        for (index, entry) in self.entries.iter().enumerate() {
            let value = entry.value.get_untracked();
            if !value.is_null() {
                entered.insert(self.form.field(index).id.clone(), value);
            }
        }
        entered
    }

    /// Puts entries in place of those that are there. Where `keep` says so, what has been entered
    /// here stays.
    pub fn take_entries(&self, entries: &Map<String, Value>, keep: bool) {
        let mut changed = false;
        for (index, entry) in self.entries.iter().enumerate() {
            let value = entries.get(&self.form.field(index).id).cloned().unwrap_or_default();
            let here = entry.value.get_untracked();
            if here != value && (!keep || here.is_null()) {
                entry.value.set(value);
                entry.finding.set(None);
                changed = true;
            }
        }
        if changed {
            self.revision.update(|revision| *revision += 1);
        }
    }

    // Checking

    /// Checks a field and shows what is found. True if it is an error.
    pub fn check(&self, index: usize) -> bool {
        let entry = &self.entries[index];
        let found = if untrack(|| entry.shown.get()) {
            let field = self.form.field(index);
            field.check(entry.value.with_untracked(|value| field.kind.read(value)), today())
        } else {
            None
        };
        let is_error = found.as_ref().is_some_and(Finding::is_error);
        if entry.finding.with_untracked(|before| *before != found) {
            entry.finding.set(found);
        }
        is_error
    }

    /// When a field is left: what was wrong is looked at again, and what is odd is said now.
    pub fn left(&self, index: usize) {
        let had = self.entries[index].finding.with_untracked(Option::is_some);
        let is_odd = || {
            let field = self.form.field(index);
            let reading = self.entries[index].value.with_untracked(|value| field.kind.read(value));
            field.check(reading, today()).is_some_and(|found| found.severity == Severity::Warning)
        };
        if had || is_odd() {
            self.check(index);
        }
    }

    /// Shows what the agency found, at its fields, and leads to the first.
    pub fn show_findings(self: &Arc<Self>, findings: Vec<Finding>) {
        let mut first = None;
        for finding in findings {
            if let Some(index) = self.form.index_at(&finding.path) {
                first = Some(first.map_or(index, |first: usize| first.min(index)));
                self.entries[index].finding.set(Some(finding));
            }
        }
        if let Some(index) = first {
            self.go(Screen::Change(self.form.page_of(index)));
            self.show_summary();
        }
    }

    fn show_summary(&self) {
        self.summary.set(true);
        self.name_tab();
        self.focus_later("[data-eform=error-summary]");
    }

    // The way through the form

    /// Whether any field of a page is shown, followed as it changes.
    pub fn page_is_shown(&self, page: usize) -> bool {
        self.form.fields_of(page).any(|index| self.is_shown(index))
    }

    /// The shown pages, followed as they change.
    pub fn shown_pages(&self) -> Vec<usize> {
        (0..self.form.definition().pages.len()).filter(|page| self.page_is_shown(*page)).collect()
    }

    /// «Continue».
    pub fn proceed(self: &Arc<Self>) {
        let screen = self.screen.get_untracked();
        let Some(page) = screen.page() else { return };
        let wrong = self.form.fields_of(page).filter(|index| self.check(*index)).count();
        if wrong > 0 {
            self.show_summary();
            return;
        }
        let next = untrack(|| self.shown_pages()).into_iter().find(|shown| *shown > page);
        self.go(match (screen, next) {
            (Screen::Page(_), Some(next)) => Screen::Page(next),
            _ => Screen::Check,
        });
    }

    /// «Back»: the same as the browser's.
    pub fn back(&self) {
        history::back();
    }

    /// Checks every field; on an error, leads to the first page that has one.
    pub fn check_all(self: &Arc<Self>) -> bool {
        let wrong: Vec<usize> =
            (0..self.form.field_count()).filter(|index| self.check(*index)).collect();
        let Some(first) = wrong.first() else { return true };
        self.go(Screen::Change(self.form.page_of(*first)));
        self.show_summary();
        false
    }

    /// Shows a screen as a new entry of the session history.
    pub fn go(self: &Arc<Self>, screen: Screen) {
        history::push(&self.form.definition().id, &screen.name(&self.form));
        self.show(screen);
        self.focus_later("h1");
    }

    /// Shows a screen in place of the one that is shown.
    pub fn show(self: &Arc<Self>, screen: Screen) {
        self.summary.set(false);
        self.submit_failed.set(false);
        let filling = screen.is_filling();
        self.screen.set(screen);
        self.name_tab();
        if filling && self.drafts.is_begun() {
            self.save_soon();
        }
    }

    /// Goes where the session history says: after Back, Forward or a reload.
    pub fn follow_history(self: &Arc<Self>) -> bool {
        let name = history::current(&self.form.definition().id);
        let Some(screen) = name.and_then(|name| Screen::named(&name, &self.form)) else {
            return false;
        };
        let screen = match self.drafts.submitted() {
            // What has been submitted cannot be changed by going back.
            Some(id) if screen.is_filling() => Screen::Done(id),
            _ => screen,
        };
        if self.screen.get_untracked() != screen {
            self.show(screen);
            self.focus_later("h1");
        }
        true
    }

    /// Begins at a page as if all the pages before it had been passed one by one, so that Back goes
    /// through them.
    pub fn begin_at(self: &Arc<Self>, page: usize) {
        let id = &self.form.definition().id;
        let pages = untrack(|| self.shown_pages());
        let mut passed = pages.into_iter().filter(|shown| *shown <= page);
        let first = passed.next().unwrap_or(0);
        history::replace(id, &Screen::Page(first).name(&self.form));
        let mut last = first;
        for page in passed {
            history::push(id, &Screen::Page(page).name(&self.form));
            last = page;
        }
        self.show(Screen::Page(last));
    }

    /// Moves the focus once the screen is drawn.
    pub fn focus_later(&self, selector: &str) {
        let (root, selector) = (HtmlElement::clone(&self.root), selector.to_owned());
        after_render(move || later::focus(root, selector));
    }

    /// Says in the tab what is shown, and to the browser in which language.
    pub fn name_tab(&self) {
        if self.standalone {
            let title = crate::screens::title(self);
            if let Some(document) = web_sys::window().and_then(|window| window.document()) {
                document.set_title(&title);
                if let Some(root) = document.document_element() {
                    // An attribute of that name is never refused.
                    _ = root.set_attribute("lang", &self.language.get_untracked());
                }
            }
        }
    }

    /// A text of the definition in the language that is read, followed as it changes.
    pub fn text(&self, text: &eform::Text) -> String {
        self.language.with(|language| self.form.text(text, language).to_owned())
    }
}

impl Entry {
    fn new(filling: Weak<Filling>, index: usize) -> Self {
        let shown = ArcMemo::new(move |_| {
            let Some(filling) = filling.upgrade() else { return false };
            let answer = |other: usize| match filling.is_shown(other) {
                true => filling.answer(other).unwrap_or_default(),
                false => Value::Null,
            };
            filling.form.is_shown(index, &answer)
        });
        Self { value: ArcRwSignal::new(Value::Null), shown, finding: ArcRwSignal::new(None) }
    }
}
