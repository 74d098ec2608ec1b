//! An address as people write it, in Thai and in English.

use serde_json::Value;

use super::{
    OF_DISTRICT, OF_PROVINCE, OF_ROAD, OF_SOI, OF_SUBDISTRICT, bare, code_in, name_in, text_of,
};

/// How people write Bangkok.
const BANGKOK: [&str; 6] = ["กรุงเทพมหานคร", "กรุงเทพฯ", "กรุงเทพ", "กทม.", "กทม", "Bangkok"];

fn is_bangkok(answer: &Value) -> bool {
    let name = name_in(answer, "province").map(|name| bare(name, OF_PROVINCE));
    code_in(answer, "province") == Some("10")
        || name.is_some_and(|name| BANGKOK.iter().any(|known| name.eq_ignore_ascii_case(known)))
}

/// «27/1 หมู่ 4 ถนนเชียงใหม่-ดอยสะเก็ด ต.ต้นเปา อ.สันกำแพง จ.เชียงใหม่ 50130»
pub(super) fn in_thai(answer: &Value) -> String {
    let bangkok = is_bangkok(answer);
    let mut said: Vec<String> = Vec::new();
    let mut say = |before: &str, name: Option<&str>| {
        let Some(name) = name else { return };
        // Thai words join; digits and Latin letters stand apart from the word before them.
        let gap = name.starts_with(|c: char| c.is_ascii()) && !before.ends_with(['.']);
        let gap = if gap && !before.is_empty() { " " } else { "" };
        said.push([before, gap, name].concat());
    };
    say("", text_of(answer, "house"));
    say("", text_of(answer, "building"));
    say("หมู่", text_of(answer, "moo"));
    say("ซอย", text_of(answer, "soi").map(|name| bare(name, OF_SOI)));
    say("ถนน", text_of(answer, "road").map(|name| bare(name, OF_ROAD)));
    let place = |part: &str, before: &[&str]| name_in(answer, part).map(|name| bare(name, before));
    let (tambon, amphoe, changwat) =
        if bangkok { ("แขวง", "เขต", "") } else { ("ต.", "อ.", "จ.") };
    say(tambon, place("subdistrict", OF_SUBDISTRICT));
    say(amphoe, place("district", OF_DISTRICT));
    say(changwat, place("province", OF_PROVINCE));
    say("", text_of(answer, "postcode"));
    said.join(" ")
}

/// `27/1 Moo 4, Soi 5, ต้นเปา Subdistrict, สันกำแพง District, เชียงใหม่ 50130`: names are not turned
/// into Latin letters, since there is more than one way.
pub(super) fn in_english(answer: &Value) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut say = |before: &str, name: Option<&str>, behind: &str| {
        said.extend(name.map(|name| [before, name, behind].concat()));
    };
    let moo = text_of(answer, "moo").map(|moo| ["Moo ", moo].concat());
    say("", together([text_of(answer, "house"), moo.as_deref()]).as_deref(), "");
    say("", text_of(answer, "building"), "");
    say("Soi ", text_of(answer, "soi").map(|name| bare(name, OF_SOI)), "");
    let road = text_of(answer, "road").map(|name| bare(name, OF_ROAD));
    let named = road.is_some_and(|road| road.ends_with("Road") || road.ends_with("Rd"));
    say("", road, if named { "" } else { " Road" });
    let place = |part: &str, before: &[&str]| name_in(answer, part).map(|name| bare(name, before));
    say("", place("subdistrict", OF_SUBDISTRICT), " Subdistrict");
    say("", place("district", OF_DISTRICT), " District");
    say("", together([place("province", OF_PROVINCE), text_of(answer, "postcode")]).as_deref(), "");
    said.join(", ")
}

/// What there is of two, with a space between.
fn together(two: [Option<&str>; 2]) -> Option<String> {
    let there: Vec<&str> = two.into_iter().flatten().collect();
    (!there.is_empty()).then(|| there.join(" "))
}
