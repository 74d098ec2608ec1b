//! The view of `date-range`: the first day and the last.

use crate::dom::{El, el};
use crate::fields::Place;
use crate::fields::date::{month, split};
use crate::fields::parts::{Part, boxes_of};

/// Two days.
pub fn view(place: &Place) -> El {
    let words = place.words();
    let day = |member: &'static str, label: &str| {
        let parts = [
            Part::digits("day", words.day, "two"),
            month(place),
            Part::digits("year", words.year, "four"),
        ];
        let legend = el("legend").text(label);
        el("fieldset").class("inner").child(legend).child(boxes_of(place, member, &parts, split))
    };
    let from = day("from", place.pick("ตั้งแต่", "From"));
    let to = day("to", place.pick("ถึง", "To"));
    place.group(el("div").child(from).child(to))
}
