//! The search box above the lists of places: a combobox with a list of what fits. What is typed in
//! it is never an answer; a place that is chosen goes to `choose`, which enters it as the lists do.
//!
//! Roles and keys are those of the ARIA Authoring Practices (combobox with a list popup): the focus
//! stays in the box, and `aria-activedescendant` says which place the arrows are at.

use std::cell::RefCell;
use std::rc::Rc;

use eform::places::{Place as Found, Places, Words};
use gloo::timers::callback::Timeout;
use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlInputElement};

use crate::browser::{after_render, member};
use crate::dom::{El, div, el, value};
use crate::fields::Place;

/// How many places are shown.
const MOST: usize = 20;
/// One letter is in most names.
const FEWEST_LETTERS: usize = 2;
/// How long after the last key it is said how many were found, in milliseconds.
const PAUSE: u32 = 700;

/// What the box and its list share.
#[derive(Clone)]
struct Search {
    place: Place,
    places: &'static Places,
    /// What the list shows; it is closed while there is nothing.
    found: ArcRwSignal<Vec<Found<'static>>>,
    /// Where the arrows are in the list.
    at: ArcRwSignal<Option<usize>>,
    said: ArcRwSignal<String>,
    /// What is about to be said.
    soon: Rc<RefCell<Option<Timeout>>>,
    choose: Rc<dyn Fn(Found<'static>)>,
}

/// The box, its list and what is said about them.
pub fn view(
    place: &Place,
    places: &'static Places,
    choose: impl Fn(Found<'static>) + 'static,
) -> El {
    let this = Search {
        place: place.clone(),
        places,
        found: ArcRwSignal::default(),
        at: ArcRwSignal::default(),
        said: ArcRwSignal::default(),
        soon: Rc::default(),
        choose: Rc::new(choose),
    };
    let id = place.id("-search");
    let (found, (at, at_id)) = (this.found.clone(), (this.at.clone(), id.clone()));
    // Without a name: it is no control of the field.
    let input = el("input")
        .attr("type", "text")
        .attr("id", &id)
        .attr("role", "combobox")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .attr("enterkeyhint", "search")
        .attr("aria-autocomplete", "list")
        .attr("aria-controls", &(id.clone() + "-list"))
        .follow("aria-expanded", move || Some(found.with(|found| !found.is_empty()).to_string()))
        .follow("aria-activedescendant", move || at.get().map(|at| option_id(&at_id, at)));
    let (typed, keyed, left) = (this.clone(), this.clone(), this.clone());
    let input = input
        .on("input", move |event| typed.look(&value(&event)))
        .on("keydown", move |event| keyed.key(&event))
        // What is said stays: a line less would move «continue» away under the finger.
        .on("blur", move |_| left.close());
    let (said, drawn, own) = (this.said.clone(), this.clone(), input.clone());
    div("search")
        .child(el("label").attr("for", &id).text(label(place)))
        .child(input)
        .child(el("p").class("hint").attr("role", "status").say(move || said.get()))
        .part(move || {
            let found = drawn.found.get();
            (!found.is_empty()).then(|| untrack(|| drawn.list(&found, &own)))
        })
}

fn label(place: &Place) -> &'static str {
    place.pick("ค้นหาตำบล อำเภอ หรือรหัสไปรษณีย์", "Search sub-district, district or postcode")
}

fn option_id(id: &str, at: usize) -> String {
    [id, "-", &at.to_string()].concat()
}

impl Search {
    /// Lists what fits, and says how much it is after a pause.
    fn look(&self, typed: &str) {
        self.close();
        self.said.set(String::new());
        if typed.trim().chars().count() < FEWEST_LETTERS {
            return;
        }
        // One more shows that these are not all.
        let mut found = self.places.search(typed, MOST + 1);
        let count = match found.len() {
            0 => self.place.pick(
                "ไม่พบ ลองพิมพ์ใหม่ หรือเลือกจากรายการข้างล่าง",
                "Nothing found. Try again, or choose from the lists below.",
            ),
            1..=MOST => self.place.pick("พบ {n} แห่ง", "Found: {n}"),
            _ => self.place.pick("พบเกิน {n} แห่ง โปรดพิมพ์ต่อ", "Over {n} found: type more letters."),
        };
        found.truncate(MOST);
        let count = count.replace("{n}", &found.len().to_string());
        let said = self.said.clone();
        self.soon.replace(Some(Timeout::new(PAUSE, move || said.set(count))));
        self.found.set(found);
    }

    /// Closes the list.
    fn close(&self) {
        self.soon.take();
        self.at.set(None);
        if self.found.with_untracked(|found| !found.is_empty()) {
            self.found.set(Vec::new());
        }
    }

    /// Acts on the keys of a combobox; all others are the text box's.
    fn key(&self, event: &Event) {
        let is_composed = ["isComposing", "shiftKey", "ctrlKey", "metaKey"]
            .into_iter()
            .any(|held| member(event, held) == JsValue::TRUE);
        let Some(key) = member(event, "key").as_string().filter(|_| !is_composed) else { return };
        let typed = value(event);
        let is_open = || self.found.with_untracked(|found| !found.is_empty());
        let at = self.at.get_untracked();
        match key.as_str() {
            "ArrowDown" | "ArrowUp" => {
                if !is_open() {
                    self.look(&typed);
                }
                let count = self.found.with_untracked(Vec::len);
                if count == 0 {
                    return;
                }
                self.at.set(Some(match (key.as_str(), at) {
                    ("ArrowDown", Some(at)) => (at + 1) % count,
                    ("ArrowDown", None) => 0,
                    (_, Some(at)) => (at + count - 1) % count,
                    (_, None) => count - 1,
                }));
            }
            // Of a search, «Enter» is not «continue».
            "Enter" if !typed.trim().is_empty() => {
                if !is_open() {
                    self.look(&typed);
                }
                let only = self.found.with_untracked(|found| found.len() == 1).then_some(0);
                match at.or(only) {
                    Some(at) => self.take(at, event.target()),
                    None => self.at.set(is_open().then_some(0)),
                }
            }
            "Escape" if is_open() => self.close(),
            "Escape" if !typed.is_empty() => {
                clear(event.target());
                self.look("");
            }
            // The caret moves, so the arrows are in the text again.
            "ArrowLeft" | "ArrowRight" | "Home" | "End" => return self.at.set(None),
            _ => return,
        }
        event.prevent_default();
    }

    /// Chooses a place of the list, and empties the box.
    fn take(&self, at: usize, input: Option<impl JsCast>) {
        let Some(found) = self.found.with_untracked(|found| found.get(at).copied()) else { return };
        clear(input);
        (self.choose)(found);
        let several = match found.postcodes().len() {
            0 | 1 => "",
            _ => self.place.pick(" โปรดเลือกรหัสไปรษณีย์ข้างล่าง", ". Please choose its postcode below."),
        };
        let path = found.path(self.place.language());
        self.close();
        self.said.set([self.place.pick("เลือกแล้ว: ", "Chosen: "), &path, several].concat());
    }

    fn list(&self, found: &[Found<'static>], input: &El) -> El {
        let id = self.place.id("-search");
        let list = el("ul")
            .attr("id", &(id.clone() + "-list"))
            .attr("role", "listbox")
            .attr("aria-label", label(&self.place))
            // The focus stays in the box.
            .on("mousedown", |event| event.prevent_default());
        let options = found.iter().enumerate().map(|(index, found)| {
            let (this, input, at) = (self.clone(), input.clone(), self.at.clone());
            let option = option(*found, self.place.language())
                .attr("id", &option_id(&id, index))
                .click(move || this.take(index, Some(input.element().clone())));
            let element = option.element().clone();
            option.follow("aria-selected", move || {
                let is_here = at.get() == Some(index);
                if is_here {
                    bring_near(&element);
                }
                Some(is_here.to_string())
            })
        });
        let list = list.children(options.collect());
        // A list that opens under the edge of the screen, or under a phone's keyboard.
        let element = list.element().clone();
        after_render(move || bring_near(&element));
        list
    }
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
        .attr("role", "option")
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

fn clear(input: Option<impl JsCast>) {
    if let Some(input) = input {
        input.unchecked_into::<HtmlInputElement>().set_value("");
    }
}

/// Scrolls as little as brings an element into view.
fn bring_near(element: &Element) {
    let options = Object::new();
    // Setting a member of a fresh object cannot fail, and a browser without the function does not
    // scroll.
    _ = Reflect::set(&options, &"block".into(), &"nearest".into());
    if let Ok(scroll) = member(element, "scrollIntoView").dyn_into::<Function>() {
        _ = scroll.call1(element, &options);
    }
}
