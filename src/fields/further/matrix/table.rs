//! The scale as a table: a row for each question, a column for each answer, a radio button in each
//! cell, which can be tapped anywhere.

use std::rc::Rc;

use super::Scale;
use crate::dom::{El, el};

impl Scale {
    /// All questions at once.
    pub fn table(self: &Rc<Self>) -> El {
        let answers = self.answers();
        let column = |at: usize| self.place.id(&["--", &at.to_string()].concat());
        let mut head = el("tr").child(el("td"));
        for (at, answer) in answers.iter().enumerate() {
            let cell = el("th").attr("scope", "col").attr("id", &column(at)).text(answer.label);
            head = head.child(if answer.apart { cell.class("apart") } else { cell });
        }
        let mut body = el("tbody");
        for (row, question) in self.kind.rows.iter().enumerate() {
            let (id, chosen, this) = (self.id(row, "--row"), self.chosen(row), Rc::clone(self));
            let hint_id = question.hint.as_ref().map(|_| self.id(row, "--hint"));
            let hint = question.hint.as_ref().map(|hint| {
                let hint = el("p").class("hint").text(self.place.say(hint));
                hint.attr_if("id", hint_id.as_deref())
            });
            let label = el("span").attr("id", &id).text(self.place.say(&question.label));
            let hint_id = hint_id.map(|id| id + " ").unwrap_or_default();
            let described = hint_id + &self.id_of_found(row);
            let mut line = el("tr")
                .follow("class", move || (!this.found(row).is_empty()).then(|| "wrong".to_owned()))
                .child(
                    el("th")
                        .attr("scope", "row")
                        .child(label)
                        .maybe(hint)
                        .child(self.found_at(row)),
                );
            for (at, answer) in answers.iter().enumerate() {
                let is_chosen = chosen.as_deref() == Some(answer.value);
                let radio = self
                    .radio(row, at, answer.value, is_chosen)
                    .attr("aria-labelledby", &[&id, " ", &column(at)].concat())
                    .attr("aria-describedby", &described);
                let cell = el("td").child(el("label").class("cell").child(radio));
                line = line.child(if answer.apart { cell.class("apart") } else { cell });
            }
            body = body.child(line);
        }
        let table = el("table").class("scale").attr("aria-label", self.name_of_all());
        table.child(el("thead").child(head)).child(body)
    }

    fn name_of_all(&self) -> &str {
        self.place.say(&self.place.field().label)
    }
}
