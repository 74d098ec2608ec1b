//! The view of `thai-address`: house and street in boxes; province, district and sub-district found
//! by a search, or from lists, one after the other, and the postcode that goes with them. Where the
//! list of places cannot be had, they are typed.

mod search;

use eform::fields::ThaiAddress;
use eform::places::{self, Area, Places, Words};
use leptos::prelude::*;
use serde_json::{Map, Value, json};

use crate::dom::{El, div, el, value};
use crate::fields::Place;
use crate::fields::parts::{Part, boxes, members};
use crate::places::{List, list};
use crate::words::is_thai;

/// The parts of an address.
pub fn view(place: &Place) -> El {
    let kind = place.field().kind.get::<ThaiAddress>();
    let asks = |part: &str| kind.is_some_and(|kind| kind.asks(part));
    let named = [
        ("house", place.pick("บ้านเลขที่", "House number"), "four"),
        ("building", place.pick("อาคารหรือหมู่บ้าน", "Building or village"), ""),
        ("moo", place.pick("หมู่ที่", "Moo"), "two"),
        ("soi", place.pick("ตรอกหรือซอย", "Soi"), ""),
        ("road", place.pick("ถนน", "Road"), ""),
    ];
    let named = named.into_iter().filter(|(name, ..)| asks(name));
    let parts: Vec<Part> =
        named.map(|(name, label, class)| Part { class, ..Part::text(name, label) }).collect();
    let absent: Vec<&str> =
        parts.iter().skip_while(|part| part.name == "house").map(|part| part.label).collect();
    let absent = (!absent.is_empty()).then(|| {
        let (before, after) =
            (place.pick("", "Leave empty what there is not: "), place.pick(" ถ้าไม่มี เว้นว่างไว้", ""));
        let between = place.pick(" ", ", ");
        el("p").class("hint").text(before).text(&absent.join(between)).text(after)
    });
    let (this, list) = (place.clone(), list(!is_thai(place.language())));
    let area = el("div").part(move || {
        Some(match list.get() {
            List::Awaited => div("bar"),
            // What was typed by hand would not be seen in the lists.
            List::Here(places) if !untrack(|| is_by_hand(&this)) => {
                untrack(|| lists(&this, places))
            }
            _ => untrack(|| by_hand(&this)),
        })
    });
    let boxes = place.told(absent, boxes(place, &parts, members));
    place.group(el("div").child(boxes).child(area))
}

/// Whether a place was entered without the list.
fn is_by_hand(place: &Place) -> bool {
    let entry = place.entry();
    let named = |part: &Value| match part {
        Value::String(name) => !name.trim().is_empty(),
        part => part["name"].is_string() && !part["code"].is_string(),
    };
    LEVELS.iter().any(|level| entry.get(level).is_some_and(named))
}

fn by_hand(place: &Place) -> El {
    let parts = [
        Part::text("subdistrict", place.pick("ตำบลหรือแขวง", "Sub-district")),
        Part::text("district", place.pick("อำเภอหรือเขต", "District")),
        Part::text("province", place.pick("จังหวัด", "Province")),
        Part::digits("postcode", place.pick("รหัสไปรษณีย์", "Postcode"), "four"),
    ];
    boxes(place, &parts, members)
}

/// The places that are chosen from lists, the largest first.
const LEVELS: [&str; 3] = ["province", "district", "subdistrict"];

/// What goes up when another place is chosen: by the search, then for each level.
type Chosen = [ArcRwSignal<u32>; 4];

/// A list is drawn anew when something above it changes, never when it changes itself: a browser
/// would forget what is being typed in it. The search is above all of them, and is empty again when
/// they are used.
fn lists(place: &Place, places: &'static Places) -> El {
    let chosen: Chosen = [0; 4].map(ArcRwSignal::new);
    let below = |level: usize, draw: fn(&Place, &'static Places, &Chosen, usize) -> El| {
        let (place, chosen) = (place.clone(), chosen.clone());
        move || {
            chosen[..=level].iter().for_each(Track::track);
            Some(untrack(|| draw(&place, places, &chosen, level)))
        }
    };
    let (this, of_lists) = (place.clone(), chosen.clone());
    let search = move || {
        of_lists[1..].iter().for_each(Track::track);
        let (place, searched) = (this.clone(), of_lists[0].clone());
        let choose = move |found| {
            put(&place, whole(places, found));
            searched.update(|count| *count += 1);
        };
        Some(untrack(|| search::view(&this, places, choose)))
    };
    let row = div("parts").part(below(0, list_of)).part(below(1, list_of)).part(below(2, list_of));
    let credit = el("p").class("credit").attr("lang", "en").text(places.credit());
    let postcode = below(3, |place, places, _, _| postcode(place, places));
    el("div").part(search).child(row).part(postcode).child(credit)
}

/// The code of a place that was chosen.
fn code(place: &Place, part: &str) -> String {
    let entry = place.entry();
    let code = entry.get(part).and_then(|part| part.get("code"));
    code.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list_of(place: &Place, places: &'static Places, chosen: &Chosen, level: usize) -> El {
    let language = place.language();
    let province = code(place, "province");
    let words = Words::of(&province, language);
    let (label, areas): (&str, Vec<Area>) = match level {
        0 => (place.pick("จังหวัด", "Province"), places.provinces(language)),
        1 => (words.district, places.districts(&province, language)),
        _ => {
            let found = places.subdistricts(&code(place, "district"), language);
            (words.subdistrict, found.iter().map(|place| place.subdistrict()).collect())
        }
    };
    let (part, this, chosen) = (LEVELS[level], place.clone(), chosen[level + 1].clone());
    let options = areas.iter().map(|area| (area.code(), area.name(language).to_owned()));
    let select = select(place, part, options.collect(), &code(place, part));
    let select = select.on("change", move |event| {
        choose(&this, places, part, &value(&event));
        chosen.update(|count| *count += 1);
    });
    labelled(place, part, label, select)
}

fn postcode(place: &Place, places: &Places) -> El {
    let subdistrict = code(place, "subdistrict");
    let postcodes = places.subdistrict(&subdistrict).map(|place| place.postcodes());
    let label = place.pick("รหัสไปรษณีย์", "Postcode");
    match postcodes {
        Some(codes) if codes.len() > 1 => {
            let entered = place.entry();
            let entered = entered.get("postcode").and_then(Value::as_str).unwrap_or_default();
            let options = codes.into_iter().map(|code| (code.clone(), code)).collect();
            let this = place.clone();
            let select = select(place, "postcode", options, entered);
            let select = select.on("change", move |event| {
                put(&this, vec![("postcode", Some(value(&event).into()))]);
            });
            labelled(place, "postcode", label, select)
        }
        _ => boxes(place, &[Part::digits("postcode", label, "four")], members),
    }
}

fn labelled(place: &Place, part: &str, label: &str, control: El) -> El {
    let id = place.id(&["-", part].concat());
    div("part").child(el("label").attr("for", &id).text(label)).child(control)
}

fn select(place: &Place, part: &str, options: Vec<(String, String)>, chosen: &str) -> El {
    let mut list = place
        .control("select", &place.id(&["-", part].concat()))
        .attr("data-part", part)
        .child(el("option").attr("value", "").text(place.words().choose));
    for (value, label) in options {
        let option = el("option").attr("value", &value).flag("selected", value == chosen);
        list = list.child(option.text(&label));
    }
    list
}

/// Takes a place that was chosen; what lies below another one is gone with it.
fn choose(place: &Place, places: &'static Places, part: &str, code: &str) {
    let of = |areas: Vec<Area<'_>>| areas.into_iter().find(|area| area.code() == code).map(named);
    let mut changes = match part {
        "province" => vec![
            ("province", of(places.provinces("th"))),
            ("district", None),
            ("subdistrict", None),
            ("postcode", None),
        ],
        "district" => {
            let province = code.get(..2).unwrap_or_default();
            let district = of(places.districts(province, "th"));
            vec![("district", district), ("subdistrict", None), ("postcode", None)]
        }
        _ => match places.subdistrict(code) {
            Some(found) => return put(place, whole(places, found)),
            None => vec![("subdistrict", None), ("postcode", None)],
        },
    };
    changes.push(version(places));
    put(place, changes);
}

/// What goes into the entry of an address.
type Change = (&'static str, Option<Value>);

/// A sub-district with all that it lies in.
fn whole(places: &Places, found: places::Place) -> Vec<Change> {
    let [subdistrict, district, province] = found.areas().map(|area| Some(named(area)));
    let mut postcodes = found.postcodes();
    // Where there are several, the person chooses.
    let postcode = if postcodes.len() == 1 { postcodes.pop() } else { None };
    vec![
        ("province", province),
        ("district", district),
        ("subdistrict", subdistrict),
        ("postcode", postcode.map(Value::from)),
        version(places),
    ]
}

fn named(area: Area) -> Value {
    json!({ "code": area.code(), "name": area.name("th") })
}

fn version(places: &Places) -> Change {
    ("data", Some(places.version().into()))
}

fn put(place: &Place, changes: Vec<Change>) {
    let mut parts: Map<String, Value> = members(&place.entry());
    for (part, value) in changes {
        parts.insert(part.to_owned(), value.unwrap_or_else(|| "".into()));
    }
    place.enter(Value::Object(parts));
}
