//! The view of `location`: latitude and longitude, which the phone can fill in where it stands, or
//! zone, easting and northing.

use std::cell::Cell;
use std::rc::Rc;

use eform::fields::{Coordinates, Location, utm};
use eform::json;
use leptos::prelude::*;
use serde_json::{Map, Value};
use wasm_bindgen::JsValue;

use super::position::{self, Position, Trouble};
use crate::dom::{El, button, el};
use crate::fields::Place;
use crate::fields::parts::{Part, boxes, members};

/// Metres beyond which a position is too rough for a plot of land.
const ROUGH: f64 = 500.0;

/// The boxes of every way that the field takes.
pub fn view(place: &Place) -> El {
    let kind = place.field().kind.get::<Location>();
    let takes = |way| kind.is_none_or(|kind| kind.takes(way));
    let (degrees, utm) = (takes(Coordinates::Degrees), takes(Coordinates::Utm));
    let Some(asked) = position::asked() else { return place.group(ways(place, degrees, utm)) };
    let finder = Rc::new(Finder {
        place: place.clone(),
        asked,
        degrees,
        utm,
        state: ArcRwSignal::new(State::Idle),
        filled: ArcRwSignal::default(),
        turn: Cell::new(0),
    });
    on_cleanup({
        let finder = send_wrapper::SendWrapper::new(Rc::clone(&finder));
        move || _ = finder.begin()
    });
    place.group(finder.view())
}

fn ways(place: &Place, degrees: bool, utm: bool) -> El {
    let mut ways = el("div");
    if degrees {
        let decimal = |name, label| Part { keyboard: Some("decimal"), ..Part::text(name, label) };
        let parts = [
            decimal("lat", place.pick("ละติจูด", "Latitude")),
            decimal("long", place.pick("ลองจิจูด", "Longitude")),
        ];
        ways = ways.child(boxes(place, &parts, members));
    }
    if utm {
        let zones = ["47", "48"].map(|zone| (zone.to_owned(), zone.to_owned())).into();
        let parts = [
            Part::list("zone", place.pick("โซน UTM", "UTM zone"), zones),
            Part::digits("easting", place.pick("ค่า X (ตะวันออก)", "X (easting)"), "eight"),
            Part::digits("northing", place.pick("ค่า Y (เหนือ)", "Y (northing)"), "eight"),
        ];
        ways = ways.child(boxes(place, &parts, members));
    }
    ways
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Idle,
    Waiting,
    /// Metres.
    Filled(f64),
    Failed(Trouble),
    /// Beyond the zones of the grid that a field takes.
    Beyond,
}

/// «Use my position».
struct Finder {
    place: Place,
    asked: JsValue,
    /// The ways that the field takes.
    degrees: bool,
    utm: bool,
    state: ArcRwSignal<State>,
    /// Goes up when the boxes are filled in.
    filled: ArcRwSignal<u32>,
    /// Goes up when what was asked for before is not waited for any more.
    turn: Cell<u32>,
}

impl Finder {
    fn view(self: &Rc<Self>) -> El {
        let (filled, this) = (self.filled.clone(), Rc::clone(self));
        let boxes = el("div").part(move || {
            filled.track();
            Some(untrack(|| ways(&this.place, this.degrees, this.utm)))
        });
        let (typed, tapped, this) = (Rc::clone(self), Rc::clone(self), Rc::clone(self));
        let (waiting, state) = (self.state.clone(), self.state.clone());
        let label = self.place.pick("ใช้ตำแหน่งปัจจุบัน", "Use my position");
        let find = button("secondary", label)
            .attr("data-action", "position")
            .follow("aria-disabled", move || {
                (waiting.get() == State::Waiting).then(|| "true".to_owned())
            })
            .click(move || tapped.find());
        let said = el("p").class("hint").attr("role", "status");
        el("div")
            .child(boxes.on("input", move |_| typed.typed()))
            .child(el("div").class("position").child(find))
            .child(said.say(move || this.words(state.get())))
    }

    /// Another turn: what comes of the one before is not for this field any more.
    fn begin(&self) -> u32 {
        self.turn.set(self.turn.get() + 1);
        self.turn.get()
    }

    fn find(self: &Rc<Self>) {
        if self.state.get_untracked() == State::Waiting {
            return;
        }
        let (this, turn) = (Rc::clone(self), self.begin());
        self.state.set(State::Waiting);
        position::ask(&self.asked, move |found| {
            if this.turn.get() == turn {
                this.take(found);
            }
        });
    }

    fn take(&self, found: Result<Position, Trouble>) {
        match found {
            Ok(position) => match self.entry(position) {
                Some(entry) => {
                    self.place.enter(entry);
                    self.filled.update(|filled| *filled += 1);
                    self.state.set(State::Filled(position.accuracy));
                    self.place.left();
                }
                None => self.state.set(State::Beyond),
            },
            Err(trouble) if self.state.get_untracked() == State::Waiting => {
                self.state.set(State::Failed(trouble));
            }
            // Something has been said already.
            Err(_) => {}
        }
    }

    /// The texts that somebody would have typed: degrees with six decimal places at most, or whole
    /// metres where the field takes the grid alone. None beyond its zones.
    fn entry(&self, position: Position) -> Option<Value> {
        let Position { lat, long, accuracy } = position;
        let written = |number: f64| Value::String(json::write(&Value::from(number)));
        let mut parts = Map::new();
        let mut put = |name: &str, number| parts.insert(name.to_owned(), written(number));
        if self.degrees {
            let six_places = |degrees: f64| (degrees * 1e6).round() / 1e6;
            put("lat", six_places(lat));
            put("long", six_places(long));
        } else {
            let (zone, easting, northing) = utm::from_degrees(lat, long)?;
            put("zone", zone.into());
            put("easting", easting.round());
            put("northing", northing.round());
        }
        put("accuracy", accuracy.ceil());
        Some(Value::Object(parts))
    }

    /// What is typed is not the phone's: neither is its accuracy, nor is it to be written over.
    fn typed(&self) {
        self.begin();
        self.state.set(State::Idle);
        let mut parts = members(&self.place.entry());
        if parts.remove("accuracy").is_some() {
            self.place.enter(Value::Object(parts));
        }
    }

    fn words(&self, state: State) -> String {
        let pick = |th, en| self.place.pick(th, en).to_owned();
        match state {
            State::Idle => String::new(),
            State::Waiting => pick(
                "กำลังหาตำแหน่ง อาจใช้เวลาถึง 20 วินาที",
                "Finding your position. It can take up to 20 seconds",
            ),
            State::Filled(metres) => self.accuracy(metres),
            State::Beyond => pick(
                "ตำแหน่งนี้อยู่นอกโซน UTM 47 และ 48 พิมพ์พิกัดเอง",
                "Your position is outside the UTM zones 47 and 48. Type the coordinates",
            ),
            State::Failed(Trouble::Denied) => pick(
                "เบราว์เซอร์ไม่ได้รับอนุญาตให้ใช้ตำแหน่ง อนุญาตในการตั้งค่าของเบราว์เซอร์แล้วกดใหม่ หรือพิมพ์พิกัดเอง",
                "The browser may not use your position. Allow it in the browser’s settings and try again, or type the coordinates",
            ),
            State::Failed(Trouble::Unavailable) => pick(
                "หาตำแหน่งไม่ได้ เปิดตำแหน่ง (GPS) ของเครื่องแล้วกดใหม่ หรือพิมพ์พิกัดเอง",
                "Your position cannot be found. Turn on location (GPS) on the phone and try again, or type the coordinates",
            ),
            State::Failed(Trouble::TimedOut) => pick(
                "หาตำแหน่งไม่ทันเวลา ออกไปที่โล่งแล้วกดใหม่ หรือพิมพ์พิกัดเอง",
                "Finding your position took too long. Try again in the open, or type the coordinates",
            ),
        }
    }

    fn accuracy(&self, metres: f64) -> String {
        let number = json::write(&Value::from(metres.ceil()));
        let place = &self.place;
        let mut words = vec![
            place.pick("ใส่พิกัดแล้ว คลาดเคลื่อนประมาณ ", "Filled in, accurate to about "),
            &number,
            place.pick(" เมตร", if number == "1" { " metre" } else { " metres" }),
        ];
        if metres > ROUGH {
            words.push(place.pick(
                " ยังไม่แม่นยำ ออกไปที่โล่งแล้วกดใหม่ หรือพิมพ์พิกัดเอง",
                ". That is rough: try again in the open, or type the coordinates",
            ));
        }
        words.concat()
    }
}
