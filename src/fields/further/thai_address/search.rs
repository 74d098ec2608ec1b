//! The search above the lists of places. A place that is chosen goes to `choose`, which enters it as
//! the lists do.

use eform::places::{Place as Found, Places, Words};

use crate::dom::{El, el};
use crate::fields::Place;
use crate::fields::further::combobox::{self, Searched};

/// One letter is in most names.
const FEWEST_LETTERS: usize = 2;

/// The box, its list and what is said about them.
pub fn view(
    place: &Place,
    places: &'static Places,
    choose: impl Fn(Found<'static>) + 'static,
) -> El {
    let (listed, chosen) = (place.clone(), place.clone());
    combobox::view(Searched {
        place: place.clone(),
        label: place
            .pick("ค้นหาตำบล อำเภอ หรือรหัสไปรษณีย์", "Search sub-district, district or postcode"),
        fewest: FEWEST_LETTERS,
        find: Box::new(move |typed, most| {
            let found = places.search(typed, most);
            found.iter().filter_map(|found| found.subdistrict().code().parse().ok()).collect()
        }),
        option: Box::new(move |code| match of(places, code) {
            Some(found) => option(found, listed.language()),
            None => el("li"),
        }),
        choose: Box::new(move |code| {
            let Some(found) = of(places, code) else { return String::new() };
            choose(found);
            said(&chosen, found)
        }),
        counts: [
            place.pick(
                "ไม่พบ ลองพิมพ์ใหม่ หรือเลือกจากรายการข้างล่าง",
                "Nothing found. Try again, or choose from the lists below.",
            ),
            place.pick("พบ {n} แห่ง", "Found: {n}"),
            place.pick("พบเกิน {n} แห่ง โปรดพิมพ์ต่อ", "Over {n} found: type more letters."),
        ],
    })
}

/// The place of a code: six digits, the first of them no zero.
fn of(places: &'static Places, code: u32) -> Option<Found<'static>> {
    places.subdistrict(&code.to_string())
}

fn said(place: &Place, found: Found) -> String {
    let several = match found.postcodes().len() {
        0 | 1 => "",
        _ => place.pick(" โปรดเลือกรหัสไปรษณีย์ข้างล่าง", ". Please choose its postcode below."),
    };
    [place.pick("เลือกแล้ว: ", "Chosen: "), &found.path(place.language()), several].concat()
}

/// «ตำบล › อำเภอ › จังหวัด รหัสไปรษณีย์»: names are not unique, paths are.
fn option(found: Found, language: &str) -> El {
    let [subdistrict, district, province] = found.areas();
    let words = Words::of(&province.code(), "th");
    let named = |word: &str, name: &str| match language {
        "en" => name.to_owned(),
        _ => [word, name].concat(),
    };
    el("li")
        .child(el("b").text(&named(words.subdistrict, subdistrict.name(language))))
        .child(then())
        .text(&named(words.district, district.name(language)))
        .child(then())
        .text(province.name(language))
        .text(" ")
        .child(el("span").class("code").text(&found.postcodes().join(", ")))
}

/// What stands between two names. The spaces are there for those who hear the names, too.
fn then() -> El {
    let sign = el("span").attr("aria-hidden", "true").text("›");
    el("span").text(" ").child(sign).text(" ")
}
