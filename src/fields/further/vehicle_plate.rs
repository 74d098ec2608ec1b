//! The view of `vehicle-plate`: letters, number and province.

use eform::fields::vehicle_plate::places;

use crate::dom::El;
use crate::fields::Place;
use crate::fields::parts::{Part, boxes, members};

/// The three parts of a plate.
pub fn view(place: &Place) -> El {
    let provinces = places().map(|name| (name.to_owned(), name.to_owned())).collect();
    let parts = [
        Part {
            class: "eight", ..Part::text("series", place.pick("หมวดอักษร", "Letters"))
        },
        Part::digits("number", place.pick("หมายเลข", "Number"), "four"),
        Part::list("province", place.pick("จังหวัด", "Province"), provinces),
    ];
    place.group(boxes(place, &parts, members))
}
