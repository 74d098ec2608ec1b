//! The views of the types that some forms use. They are in the later part of the kit.

mod attachment;
mod bank_account;
pub mod below;
mod combobox;
mod consent;
mod date_range;
mod echo;
mod filter;
pub mod kept;
mod land_area;
pub mod lead;
pub mod leave;
mod location;
mod matrix;
mod month;
mod pad;
mod partial_date;
mod photograph;
mod position;
mod ranking;
mod rating;
pub mod remarks;
mod repeat;
mod signature;
mod thai_address;
mod thai_name;
mod vehicle_plate;
mod whole_date;
mod width;

use std::sync::Arc;

use eform::fields::Decimal;
use eform::{Field, Finding};
use serde_json::Value;

use super::{Place, text};
use crate::dom::{El, el};
use crate::filling::Filling;
use crate::words::is_thai;

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

/// What there is to see of an answer besides its words: pictures of files, a signature.
/// The files are beside the draft that is filled in.
pub fn to_see(
    filling: Option<&Arc<Filling>>,
    field: &Field,
    answer: &Value,
    language: &str,
) -> Option<El> {
    match field.kind.name() {
        "attachment" => {
            let words = if is_thai(language) { "ภาพของ " } else { "Preview of " };
            Some(attachment::pictures(filling?, answer, words))
        }
        "signature" => answer.get("drawn").and_then(Value::as_str).map(pad::picture),
        _ => None,
    }
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
        let hint = self.field().hint.as_ref().map_or_else(String::new, |_| self.id("-hint "));
        let by = [&hint, how, " ", &self.id("-found")].concat();
        self.control(tag, &self.id("")).attr("aria-describedby", &by)
    }

    /// What was found, in words; for what has no other remarks.
    fn said(&self, found: &[Finding]) -> Option<El> {
        (!found.is_empty()).then(|| remarks::words(self, found).attr("id", &self.id("-found")))
    }
}
