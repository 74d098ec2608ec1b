//! The view of `group`: its questions under one legend.

use super::{Place, node};
use crate::dom::{El, el};

/// The questions of a group.
pub fn view(place: &Place) -> El {
    let mut set = place
        .described(el("fieldset"))
        .class("group")
        .attr("data-field", place.name())
        .attr("id", &place.id(""))
        .attr("tabindex", "-1")
        .child(place.worded(el("legend"), &place.field().label))
        .maybe(place.hint())
        .child(place.remarks());
    for child in place.children() {
        set = node(set, &place.filling, child, &place.language);
    }
    set
}
