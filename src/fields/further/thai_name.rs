//! The view of `thai-name`: the prefix, which may be any, and the names.

use eform::fields::ThaiName;

use crate::dom::{El, el};
use crate::fields::Place;
use crate::fields::parts::{Part, boxes, members};

/// The parts of a name.
pub fn view(place: &Place) -> El {
    let kind = place.field().kind.get::<ThaiName>();
    let box_of = |name, label, token| Part { autocomplete: Some(token), ..Part::text(name, label) };
    let mut parts = Vec::new();
    if kind.is_none_or(ThaiName::asks_prefix) {
        let prefix = box_of("prefix", place.pick("คำนำหน้า", "Title"), "honorific-prefix");
        parts.push(Part { class: "eight", ..prefix });
    }
    parts.push(box_of("first", place.pick("ชื่อ", "First name"), "given-name"));
    if kind.is_some_and(|kind| kind.middle) {
        parts.push(box_of("middle", place.pick("ชื่อกลาง", "Middle name"), "additional-name"));
    }
    parts.push(box_of("last", place.pick("นามสกุล", "Last name"), "family-name"));
    let prefixes = kind.map(ThaiName::prefixes).unwrap_or_default();
    let hint = [place.pick("เช่น ", "For example "), &prefixes.join(", ")].concat();
    let hint = (!prefixes.is_empty()).then(|| el("p").class("hint").text(&hint));
    place.group(place.told(hint, boxes(place, &parts, members)))
}
