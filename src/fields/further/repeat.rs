//! The view of `repeat`: a box for each row with its questions, «remove», and «add».

use leptos::prelude::*;

use crate::dom::{El, button, el};
use crate::fields::{Place, node};
use crate::screens::row_title;
use crate::words::later_words;

/// The rows of a repeat.
pub fn view(place: &Place) -> El {
    let (found, this) = (place.filling.found(place.node), place.clone());
    let rows = place.clone();
    // Drawn anew when rows come or go, not when something is typed in one.
    let rows = Memo::new(move |_| rows.filling.follow(rows.node).children(rows.node).to_vec());
    let (list, add) = (place.clone(), place.clone());
    let max = place.repeat().and_then(|repeat| repeat.max).unwrap_or(u64::MAX);
    let has_room = Memo::new(move |_| rows.with(|rows| (rows.len() as u64) < max));
    el("fieldset")
        .class("repeat")
        .attr("data-field", place.name())
        .attr("id", &place.id(""))
        .attr("tabindex", "-1")
        .child(el("legend").text(place.say(&place.field().label)))
        .maybe(place.hint())
        .part(move || this.said(&found.get()))
        .part(move || {
            let rows = rows.get();
            Some(untrack(|| {
                let drawn = rows.iter().enumerate().map(|(at, row)| list.row(at, *row));
                el("div").children(drawn.collect())
            }))
        })
        .part(move || {
            let full =
                || el("p").class("hint").text(add.pick("ครบจำนวนแล้ว", "There can be no more"));
            Some(if has_room.get() { untrack(|| add.add()) } else { full() })
        })
}

impl Place {
    fn repeat(&self) -> Option<&eform::fields::Repeat> {
        self.field().kind.get()
    }

    fn row(&self, at: usize, row: eform::NodeId) -> El {
        let label = self.say(&self.field().label);
        let title = row_title(&self.filling, row, label, &self.language);
        let mut set = el("fieldset")
            .class("row-of")
            .attr("id", &self.id(&["-", &at.to_string()].concat()))
            .attr("tabindex", "-1")
            .child(el("legend").text(&title));
        let (found, this) = (self.filling.found(row), self.clone());
        set = set.part(move || this.said(&found.get()));
        let fields = self.filling.session().children(row).to_vec();
        for field in fields {
            set = node(set, &self.filling, field, &self.language);
        }
        let this = self.clone();
        let remove = button("link", later_words(&self.language).remove)
            .attr("data-action", "remove-row")
            .text(" ")
            .text(&title)
            .click(move || {
                this.filling.remove_row(row);
                this.filling.focus_later(&["#", &this.id("")].concat());
            });
        set.child(remove)
    }

    fn add(&self) -> El {
        let label = self.repeat().and_then(|repeat| repeat.add_label.as_ref());
        let label = label.map_or(later_words(&self.language).add_row, |label| self.say(label));
        let this = self.clone();
        button("secondary", label).attr("data-action", "add-row").click(move || {
            if this.filling.add_row(this.node).is_some() {
                let last = this.children().len() - 1;
                this.filling
                    .focus_later(&["#", &this.id(&["-", &last.to_string()].concat())].concat());
            }
        })
    }
}
