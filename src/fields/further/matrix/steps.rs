//! The scale on a narrow screen: one question at a time, and behind the last one what was answered.
//! A tap on an answer leads to the next question; keys choose among the answers first, so with them
//! one goes on by the buttons. Every question can be reached without answering.

use std::rc::Rc;

use gloo::timers::callback::Timeout;
use leptos::prelude::*;

use super::Scale;
use crate::browser::focus_in_place;
use crate::dom::{El, button, div, el};
use crate::fields::further::lead;
use crate::words::later_words;

/// How long an answer is seen before the next question comes, in milliseconds.
const PAUSE: u32 = 250;

impl Scale {
    /// One question at a time.
    pub fn steps(self: &Rc<Self>) -> El {
        let (tapped, keyed) = (Rc::clone(self), Rc::clone(self));
        let (led, cleared, drawn) = (Rc::clone(self), Rc::clone(self), Rc::clone(self));
        el("div")
            .on("pointerdown", move |_| tapped.tapped.set(true))
            .on("keydown", move |_| keyed.tapped.set(false))
            // Nothing is drawn by these two.
            .part(move || {
                let goal = lead::followed(&led.place.filling);
                if let Some((_, path)) = goal.filter(|(node, _)| *node == led.place.node) {
                    led.turn_to_row(path.rsplit('/').next().unwrap_or_default());
                }
                None
            })
            .part(move || {
                let filling = &cleared.place.filling;
                let is_empty =
                    filling.follow(cleared.place.node).answer(cleared.place.node).is_none();
                if is_empty && cleared.at.get_untracked() == cleared.kind.rows.len() {
                    cleared.at.set(0);
                }
                None
            })
            .part(move || {
                let at = drawn.at.get();
                let is_question = at < drawn.kind.rows.len();
                Some(untrack(|| if is_question { drawn.question(at) } else { drawn.all() }))
            })
    }

    /// Shows the question whose controls have this name.
    pub fn turn_to(&self, name: &str) {
        if let Some(row) = (0..self.kind.rows.len()).find(|row| self.name(*row) == name) {
            self.at.set(row);
        }
    }

    fn turn_to_row(&self, id: &str) {
        if let Some(row) = self.kind.rows.iter().position(|row| row.id == id) {
            self.at.set(row);
        }
    }

    /// A question has been answered: after a tap, the next one comes.
    pub fn answered(self: &Rc<Self>, row: usize) {
        if self.tapped.get() {
            let this = Rc::clone(self);
            let next = Timeout::new(PAUSE, move || {
                if this.at.get_untracked() == row {
                    this.has_gone_on.set(true);
                    this.go_to(row + 1);
                }
            });
            self.soon.replace(Some(next));
        }
    }

    fn go_to(&self, at: usize) {
        self.soon.take();
        self.at.set(at);
        focus_in_place(&self.place.filling.root, ["#", &self.step_id()].concat());
    }

    fn step_id(&self) -> String {
        self.place.id("--step")
    }

    fn question(self: &Rc<Self>, row: usize) -> El {
        let (question, chosen, place) = (&self.kind.rows[row], self.chosen(row), &self.place);
        let count_id = place.id("--count");
        let mut described = [&count_id, " ", &self.id_of_found(row)].concat();
        let mut hint = |id: String, words: &str| {
            described = [&id, " ", &described].concat();
            el("p").class("hint").attr("id", &id).text(words)
        };
        let of_question = question.hint.as_ref();
        let of_question = of_question.map(|words| hint(self.id(row, "--hint"), place.say(words)));
        // That the question goes by itself is said before it happens for the first time.
        let way = (!self.has_gone_on.get()).then(|| {
            let words = place.pick(
                "แตะคำตอบแล้วจะไปข้อถัดไปเอง",
                "After you tap an answer, the next question comes",
            );
            hint(place.id("--way"), words)
        });
        let mut options = div("options");
        for (at, answer) in self.answers().iter().enumerate() {
            let is_chosen = chosen.as_deref() == Some(answer.value);
            let radio = self.radio(row, at, answer.value, is_chosen);
            let label = el("label").attr("for", &self.id_of_radio(row, at)).text(answer.label);
            let class = if answer.apart { "option apart" } else { "option" };
            options = options.child(div(class).child(radio).child(label));
        }
        let set = el("fieldset")
            .class("inner")
            .attr("id", &self.step_id())
            .attr("tabindex", "-1")
            .attr("aria-describedby", &described)
            .child(el("legend").text(place.say(&question.label)))
            .maybe(of_question)
            .child(self.found_at(row))
            .child(options);
        let turn = |th, en, action: &str, to: usize| {
            let this = Rc::clone(self);
            let turn = button("secondary", place.pick(th, en)).attr("data-action", action);
            turn.click(move || this.go_to(to))
        };
        let back = (row > 0).then(|| turn("ข้อก่อน", "Previous", "previous-question", row - 1));
        let next = turn("ข้อถัดไป", "Next", "next-question", row + 1);
        let count = [&(row + 1).to_string(), " / ", &self.kind.rows.len().to_string()].concat();
        let count = el("p")
            .class("count")
            .attr("id", &count_id)
            .child(el("span").class("unseen").text(place.pick("ข้อ ", "Question ")))
            .text(&count);
        el("div").maybe(way).child(set).child(div("steps").maybe(back).child(count).child(next))
    }

    /// What was answered, each with «change».
    fn all(self: &Rc<Self>) -> El {
        let (place, answers) = (&self.place, self.answers());
        let words = later_words(&place.language);
        let (mut list, mut answered) = (el("dl"), 0);
        for (row, question) in self.kind.rows.iter().enumerate() {
            let chosen = self.chosen(row);
            let chosen = answers.iter().find(|answer| Some(answer.value) == chosen.as_deref());
            answered += usize::from(chosen.is_some());
            let answer = match chosen {
                Some(answer) => el("dd").class("answer").text(answer.label),
                None => el("dd").class("answer none").text(words.no_answer),
            };
            let (label, this) = (place.say(&question.label), Rc::clone(self));
            let change = button("link", words.change)
                .attr("data-action", "change-question")
                .child(el("span").class("unseen").text(" ").text(label))
                .click(move || this.go_to(row));
            list = list.child(
                div("row")
                    .child(el("dt").text(label))
                    .child(answer)
                    .child(el("dd").class("change").child(change)),
            );
        }
        let of = self.kind.rows.len();
        let count = place.pick("ตอบแล้ว {n} จาก {of} ข้อ", "{n} of {of} answered");
        let count = count.replace("{n}", &answered.to_string()).replace("{of}", &of.to_string());
        let class = if answered == of { "echo" } else { "hint" };
        el("div")
            .attr("id", &self.step_id())
            .attr("tabindex", "-1")
            .child(el("p").class(class).text(&count))
            .child(list)
    }
}
