//! The view of `matrix`: questions on one scale, «no opinion» apart. Where there is room it is a
//! table; where there is not, one question after the other. Which of them depends on how wide the
//! place is that it stands in; what was answered and where the focus is stays when that changes.

mod steps;
mod table;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use eform::fields::{Matrix, matrix::NO_OPINION};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use serde_json::{Map, Value};

use super::width;
use crate::browser::focus_in_place;
use crate::dom::{El, div, el};
use crate::fields::Place;
use crate::fields::parts::members;

/// How wide a table must be, in rem: what all need, for the questions, and for each answer.
const LEAST: usize = 36;
const QUESTIONS: usize = 12;
const ANSWER: usize = 4;

/// The questions.
pub fn view(place: &Place) -> El {
    let field = place.filling.form().field(place.at);
    let Some(kind) = field.kind.get::<Matrix>() else { return div("") };
    let columns = kind.scale.len() + usize::from(kind.no_opinion.is_some());
    let outside = div("matrix");
    let element = outside.clone();
    let wide = width::is_at_least(outside.element(), LEAST.max(QUESTIONS + ANSWER * columns));
    let scale = Rc::new(Scale::new(place, kind));
    place.group(outside.part(move || {
        let wide = wide.get();
        Some(untrack(|| {
            scale.soon.take();
            if let Some(focused) = element.find(":focus") {
                // All else that can have the focus may not be there any more.
                let id = match focused.get_attribute("name") {
                    Some(name) => {
                        scale.turn_to(&name);
                        focused.get_attribute("id")
                    }
                    None => scale.id_at_hand(),
                };
                let id = id.unwrap_or_default();
                focus_in_place(&scale.place.filling.root, ["#", &id].concat());
            }
            if wide { scale.table() } else { scale.steps() }
        }))
    }))
}

/// What both ways share.
struct Scale {
    place: Place,
    kind: &'static Matrix,
    /// The question that is shown where one is shown at a time; behind the last, what was answered.
    at: ArcRwSignal<usize>,
    /// Whether the last thing done was a tap, and no key.
    tapped: Cell<bool>,
    /// Whether it has been seen how one gets from question to question.
    has_gone_on: Cell<bool>,
    /// The next question, which is about to come.
    soon: RefCell<Option<Timeout>>,
}

/// An answer of the scale.
struct Answer<'a> {
    value: &'a str,
    label: &'a str,
    /// Whether it is none of the scale.
    apart: bool,
}

impl Scale {
    fn new(place: &Place, kind: &'static Matrix) -> Self {
        let this = Self {
            place: place.clone(),
            kind,
            at: ArcRwSignal::default(),
            tapped: Cell::default(),
            has_gone_on: Cell::default(),
            soon: RefCell::default(),
        };
        let entered = members(&place.entry());
        let open = kind.rows.iter().position(|row| !entered.contains_key(&row.id));
        this.at.set(open.unwrap_or(kind.rows.len()));
        this
    }

    fn answers(&self) -> Vec<Answer<'_>> {
        let mut answers = Vec::new();
        for option in &self.kind.scale {
            let label = self.place.say(&option.label);
            answers.push(Answer { value: &option.value, label, apart: false });
        }
        if let Some(label) = &self.kind.no_opinion {
            let label = self.place.say(label);
            answers.push(Answer { value: NO_OPINION, label, apart: true });
        }
        answers
    }

    fn chosen(&self, row: usize) -> Option<String> {
        let entered = members(&self.place.entry());
        entered.get(&self.kind.rows[row].id).and_then(Value::as_str).map(str::to_owned)
    }

    /// The id of something of a question.
    fn id(&self, row: usize, end: &str) -> String {
        self.place.id(&["-", &self.kind.rows[row].id, end].concat())
    }

    /// The name of the controls of a question.
    fn name(&self, row: usize) -> String {
        [self.place.name(), "-", &self.kind.rows[row].id].concat()
    }

    fn id_of_radio(&self, row: usize, at: usize) -> String {
        // A question may be called `q-1`.
        let end = if at == 0 { String::new() } else { ["--", &at.to_string()].concat() };
        self.id(row, &end)
    }

    /// The radio button with which one comes to the question at hand.
    fn id_at_hand(&self) -> Option<String> {
        let row = self.at.get_untracked().min(self.kind.rows.len().checked_sub(1)?);
        let chosen = self.chosen(row);
        let answers = self.answers();
        let at = answers.iter().position(|answer| Some(answer.value) == chosen.as_deref());
        Some(self.id_of_radio(row, at.unwrap_or_default()))
    }

    /// One radio button of a question. The first is where a finding about it leads to.
    fn radio(self: &Rc<Self>, row: usize, at: usize, value: &str, chosen: bool) -> El {
        let (this, entry) = (Rc::clone(self), value.to_owned());
        el("input")
            .attr("type", "radio")
            .attr("id", &self.id_of_radio(row, at))
            .attr("name", &self.name(row))
            .attr("value", value)
            .flag("checked", chosen)
            .on("change", move |_| {
                let mut answers: Map<String, Value> = members(&this.place.entry());
                answers.insert(this.kind.rows[row].id.clone(), Value::String(entry.clone()));
                this.place.enter(Value::Object(answers));
                this.answered(row);
            })
    }

    /// What is wrong with a question, where it stands; its controls are described by it.
    fn found_at(self: &Rc<Self>, row: usize) -> El {
        let this = Rc::clone(self);
        el("div").attr("id", &self.id_of_found(row)).part(move || {
            let words = this.found(row);
            let said = words.iter().map(|words| el("p").class("found error").text(words)).collect();
            (!words.is_empty()).then(|| el("div").children(said))
        })
    }

    fn id_of_found(&self, row: usize) -> String {
        self.id(row, "--found")
    }

    /// Whether something is wrong with a question, followed, and what, in words.
    fn found(&self, row: usize) -> Vec<String> {
        let end = ["/", &self.kind.rows[row].id].concat();
        let filling = &self.place.filling;
        let found = filling.found(self.place.node).get();
        let found = found.iter().filter(|finding| finding.path.ends_with(&end));
        found.map(|finding| filling.form().message(finding, &self.place.language)).collect()
    }
}
