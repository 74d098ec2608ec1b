//! The view of `location`: latitude and longitude, or zone, easting and northing.

use eform::fields::{Coordinates, Location};

use crate::dom::{El, el};
use crate::fields::Place;
use crate::fields::parts::{Part, boxes, members};

/// The boxes of every way that the field takes.
pub fn view(place: &Place) -> El {
    let kind = place.field().kind.get::<Location>();
    let mut ways = el("div");
    if kind.is_none_or(|kind| kind.takes(Coordinates::Degrees)) {
        let decimal = |name, label| Part { keyboard: Some("decimal"), ..Part::text(name, label) };
        let parts = [
            decimal("lat", place.pick("ละติจูด", "Latitude")),
            decimal("long", place.pick("ลองจิจูด", "Longitude")),
        ];
        ways = ways.child(boxes(place, &parts, members));
    }
    if kind.is_none_or(|kind| kind.takes(Coordinates::Utm)) {
        let zones = ["47", "48"].map(|zone| (zone.to_owned(), zone.to_owned())).into();
        let parts = [
            Part::list("zone", place.pick("โซน UTM", "UTM zone"), zones),
            Part::digits("easting", place.pick("ค่า X (ตะวันออก)", "X (easting)"), "eight"),
            Part::digits("northing", place.pick("ค่า Y (เหนือ)", "Y (northing)"), "eight"),
        ];
        ways = ways.child(boxes(place, &parts, members));
    }
    place.group(ways)
}
