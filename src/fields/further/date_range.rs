//! The view of `date-range`: the first day and the last, each in words as soon as it is one.

use eform::fields::date::day_of;

use super::echo::echo;
use crate::dom::{El, el};
use crate::fields::Place;
use crate::fields::date::{month, split};
use crate::fields::parts::{Part, boxes_of};

/// Two days.
pub fn view(place: &Place) -> El {
    let from = day(place, "from", place.pick("ตั้งแต่", "From"));
    let to = day(place, "to", place.pick("ถึง", "To"));
    place.group(el("div").child(from).child(to))
}

fn day(place: &Place, member: &'static str, label: &str) -> El {
    let words = place.words();
    let parts = [
        Part::digits("day", words.day, "two"),
        month(place),
        Part::digits("year", words.year, "four"),
    ];
    let this = place.clone();
    el("fieldset")
        .class("inner")
        .attr("data-member", member)
        .child(el("legend").text(label))
        .child(boxes_of(place, member, &parts, split))
        .part(move || {
            _ = this.filling.follow(this.node);
            let day = day_of(this.entry().get(member)?)?;
            Some(echo(&this, &day.in_words(&this.language), &day.to_string()))
        })
}
