//! One look at a form with everything that has been entered: what is shown, what the answers are.

use std::cell::RefCell;

use serde_json::{Map, Value};

use crate::fields::{At, Reading};
use crate::{Date, Finding, Form, finding};

/// A form with its entries. What it works out is remembered, so each condition is evaluated once.
pub struct Sheet<'a> {
    form: &'a Form,
    entries: &'a Map<String, Value>,
    shown: RefCell<Vec<Option<bool>>>,
}

impl<'a> Sheet<'a> {
    /// The form with these entries by field id: what was typed, or answers.
    pub fn new(form: &'a Form, entries: &'a Map<String, Value>) -> Self {
        Self { form, entries, shown: RefCell::new(vec![None; form.field_count()]) }
    }

    /// Whether the field at this place is shown.
    pub fn is_shown(&self, index: usize) -> bool {
        if let Some(known) = self.shown.borrow()[index] {
            return known;
        }
        // Conditions do not go in circles: the definition was refused if they did.
        let shown = self.form.is_shown(index, &|other| self.effective(other));
        self.shown.borrow_mut()[index] = Some(shown);
        shown
    }

    fn reading(&self, index: usize) -> Reading {
        let field = self.form.field(index);
        field.kind.read(self.entries.get(&field.id).unwrap_or(&Value::Null))
    }

    /// The answer of the field at this place, where there is one that reads well.
    pub fn answer(&self, index: usize) -> Option<Value> {
        self.reading(index).ok().flatten()
    }

    fn effective(&self, index: usize) -> Value {
        if self.is_shown(index) { self.answer(index).unwrap_or_default() } else { Value::Null }
    }

    /// What is wrong or odd with the field at this place, if it is shown.
    pub fn check(&self, index: usize, today: Date) -> Vec<Finding> {
        if !self.is_shown(index) {
            return Vec::new();
        }
        self.form.field(index).check(self.reading(index), today)
    }
}

impl crate::Field {
    /// What is wrong or odd with what this field was read as, taking the field as shown.
    pub fn check(&self, reading: Reading, today: Date) -> Vec<Finding> {
        let mut found = Vec::new();
        match reading {
            Err(finding) => found.push(finding),
            Ok(Some(answer)) => {
                self.kind.check(&answer, &At { today, required: self.required }, &mut found)
            }
            Ok(None) if self.required && self.kind.is_chosen() => {
                found.push(Finding::error("required-choice"));
            }
            Ok(None) if self.required => found.push(Finding::error("required")),
            Ok(None) => {}
        }
        let path = finding::pointer(&self.id);
        found.into_iter().map(|finding| finding.within(&path)).collect()
    }
}
