//! The view of `consent`: what is consented to, and a box that is never ticked beforehand.

use eform::fields::Consent;
use serde_json::{Value, json};

use crate::dom::{El, div, el, is_checked};
use crate::fields::Place;
use crate::fields::choice::{card, tick};

/// The words and the box.
pub fn view(place: &Place) -> El {
    let Some(kind) = place.field().kind.get::<Consent>() else { return div("") };
    let given = match place.entry() {
        Value::Bool(given) => given,
        entry => entry.get("given") == Some(&Value::Bool(true)),
    };
    let (enter, version) = (place.clone(), kind.version.clone());
    let tick = tick(place, "checkbox", 0, "given", given).on("change", move |event| {
        enter.enter(json!({ "given": is_checked(&event), "version": version }));
    });
    let agree = place.pick("ข้าพเจ้ายินยอม", "I consent");
    let more = kind.url.as_ref().map(|url| {
        let link = el("a").attr("href", url).attr("target", "_blank").attr("rel", "noopener");
        el("p").child(link.text(place.pick("อ่านทั้งหมด", "Read all of it")))
    });
    // Nobody is to agree to what was not read out.
    let (tick, words_id) = (tick.attr("aria-describedby", &place.id("-words")), place.id("-words"));
    let words = el("p").class("words").attr("id", &words_id).text(place.say(&kind.text));
    let inside = el("div").child(words).maybe(more).child(card(place, 0, tick, agree, None));
    place.group(inside)
}
