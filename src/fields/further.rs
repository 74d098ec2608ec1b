//! The views of the types that some forms use. They are in the later part of the kit.

mod attachment;
mod bank_account;
mod consent;
mod date_range;
mod land_area;
mod location;
mod matrix;
mod month;
mod partial_date;
mod ranking;
mod rating;
mod repeat;
mod signature;
mod thai_address;
mod thai_name;
mod vehicle_plate;

use super::{Place, text};
use crate::dom::El;

/// The view of a field by its type.
pub fn view(place: &Place) -> El {
    match place.field().kind.name() {
        "attachment" => attachment::view(place),
        "bank-account" => bank_account::view(place),
        "consent" => consent::view(place),
        "date-range" => date_range::view(place),
        "house-code" | "juristic-id" | "promptpay" => {
            text::view(place, "text", Some("numeric"), None)
        }
        "land-area" => land_area::view(place),
        "location" => location::view(place),
        "matrix" => matrix::view(place),
        "month" => month::view(place),
        "partial-date" => partial_date::view(place),
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
