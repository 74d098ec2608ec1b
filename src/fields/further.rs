//! The views of the types that some forms use. They are in the later part of the kit.

mod attachment;
mod bank_account;
pub mod below;
mod combobox;
mod consent;
mod date_range;
mod echo;
mod filter;
mod land_area;
pub mod lead;
mod location;
mod matrix;
mod month;
mod partial_date;
mod position;
mod ranking;
mod rating;
mod repeat;
mod signature;
mod thai_address;
mod thai_name;
mod vehicle_plate;
mod whole_date;
mod width;

use eform::Finding;
use eform::fields::Decimal;

use super::{Place, is_wrong, text};
use crate::dom::{El, el};

/// The view of a field by its type.
pub fn view(place: &Place) -> El {
    match place.field().kind.name() {
        "attachment" => attachment::view(place),
        "bank-account" => bank_account::view(place),
        "consent" => consent::view(place),
        "date-range" => date_range::view(place),
        "decimal" => {
            let unit = place.field().kind.get::<Decimal>().and_then(|kind| kind.unit.as_ref());
            text::counted(place, "decimal", unit.map(|unit| place.say(unit)))
        }
        "house-code" | "juristic-id" | "promptpay" => {
            text::view(place, "text", Some("numeric"), None)
        }
        "land-area" => land_area::view(place),
        "location" => location::view(place),
        "matrix" => matrix::view(place),
        "money" => text::counted(place, "decimal", Some(place.pick("บาท", "baht"))),
        "month" => month::view(place),
        "partial-date" => partial_date::view(place),
        "percent" => text::counted(place, "decimal", Some("%")),
        "ranking" => ranking::view(place),
        "rating" => rating::view(place),
        "repeat" => repeat::view(place),
        "signature" => signature::view(place),
        "thai-address" => thai_address::view(place),
        "thai-name" => thai_name::view(place),
        "time" => text::view(place, "text", Some("decimal"), None),
        "url" => text::view(place, "text", Some("url"), Some("url")),
        "vehicle-plate" => vehicle_plate::view(place),
        _ => text::view(place, "text", None, None),
    }
}

/// What was found about a field, in words.
pub fn said(place: &Place, found: &[Finding]) -> El {
    found.iter().fold(el("div").attr("id", &place.id("-found")), |said, finding| {
        let class = if finding.is_error() { "found error" } else { "found warning" };
        let words = place.filling.form().message(finding, place.language());
        said.child(el("p").class(class).text(&words))
    })
}

impl Place {
    /// Boxes under words of their own, which are read out when somebody comes to them.
    fn told(&self, words: Option<El>, boxes: El) -> El {
        let Some(words) = words else { return boxes };
        let id = self.id("-told");
        let group = el("div").attr("role", "group").attr("aria-describedby", &id);
        group.child(words.attr("id", &id)).child(boxes)
    }

    /// A control with the field's name, described by `how`, the ids of more words than those of the
    /// hint and of what was found.
    fn control_with(&self, tag: &str, how: &str) -> El {
        let (wrong, found) = (self.filling.found(self.node), self.filling.found(self.node));
        let mut by = self.field().hint.as_ref().map_or_else(String::new, |_| self.id("-hint "));
        by += how;
        let found_id = self.id("-found");
        el(tag)
            .attr("id", &self.id(""))
            .attr("name", self.name())
            .follow("aria-invalid", move || is_wrong(&wrong).then(|| "true".to_owned()))
            .follow("aria-describedby", move || {
                let has_found = leptos::prelude::With::with(&found, |found| !found.is_empty());
                Some(if has_found { [&by, " ", &found_id].concat() } else { by.clone() })
            })
    }
}
