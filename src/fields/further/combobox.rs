//! A search box above lists: a combobox with a list of what fits. What is typed in it is never an
//! answer; what is chosen is told to whoever made it, and entered as the lists below do.
//!
//! Roles and keys are those of the ARIA Authoring Practices (combobox with a list popup): the focus
//! stays in the box, and `aria-activedescendant` says which option the arrows are at.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::timers::callback::Timeout;
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlInputElement};

use crate::browser::{after_render, call, member};
use crate::dom::{El, div, el, value};
use crate::fields::Place;

/// How many are shown.
const MOST: usize = 20;
/// How long after the last key it is said how many were found, in milliseconds.
pub const PAUSE: u32 = 700;

/// Gives what fits what was typed, the best first, and at most so many.
pub type Find = Box<dyn Fn(&str, usize) -> Vec<u32>>;

/// What is searched, and what is done with what is found. What can be found has numbers, whose
/// meaning is known here only to its maker.
pub struct Searched {
    /// The field above whose lists it stands. An error leads to the box first, so it is described
    /// by what was found.
    pub place: Place,
    /// What stands above it.
    pub label: &'static str,
    /// Fewer letters than this find nothing.
    pub fewest: usize,
    /// What fits.
    pub find: Find,
    /// One of them, as it stands in the list: an `<li>`.
    pub option: Box<dyn Fn(u32) -> El>,
    /// Takes one that was chosen, and gives what is said then.
    pub choose: Box<dyn Fn(u32) -> String>,
    /// What is said where nothing fits, where some do, and where more do than are shown. `{n}` is
    /// how many are shown.
    pub counts: [&'static str; 3],
}

/// What the box and its list share.
#[derive(Clone)]
struct Search {
    searched: Rc<Searched>,
    /// What the list shows; it is closed while there is nothing.
    found: ArcRwSignal<Vec<u32>>,
    /// Where the arrows are in the list.
    at: ArcRwSignal<Option<usize>>,
    said: ArcRwSignal<String>,
    /// What is about to be said.
    soon: Rc<RefCell<Option<Timeout>>>,
}

/// The box, its list and what is said about them.
pub fn view(searched: Searched) -> El {
    let (id, label) = (searched.id(), searched.label);
    let input = searched.place.described(el("input"));
    let this = Search {
        searched: Rc::new(searched),
        found: ArcRwSignal::default(),
        at: ArcRwSignal::default(),
        said: ArcRwSignal::default(),
        soon: Rc::default(),
    };
    let (found, (at, at_id)) = (this.found.clone(), (this.at.clone(), id.clone()));
    // Without a name: it is no control of the field.
    let input = input
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
        .child(el("label").attr("for", &id).text(label))
        .child(input)
        .child(el("p").class("hint").attr("role", "status").say(move || said.get()))
        .part(move || {
            let found = drawn.found.get();
            (!found.is_empty()).then(|| untrack(|| drawn.list(&found, &own)))
        })
}

impl Searched {
    /// The id of the box.
    fn id(&self) -> String {
        self.place.id("-search")
    }
}

fn option_id(id: &str, at: usize) -> String {
    [id, "-", &at.to_string()].concat()
}

/// The key that was pressed, if nothing is held with it and no letter is being composed.
pub fn plain_key(event: &Event) -> Option<String> {
    let held = ["isComposing", "shiftKey", "ctrlKey", "metaKey"];
    let is_held = held.into_iter().any(|held| member(event, held) == JsValue::TRUE);
    member(event, "key").as_string().filter(|_| !is_held)
}

impl Search {
    /// Lists what fits, and says how much it is after a pause.
    fn look(&self, typed: &str) {
        self.close();
        self.said.set(String::new());
        if typed.trim().chars().count() < self.searched.fewest {
            return;
        }
        // One more shows that these are not all.
        let mut found = (self.searched.find)(typed, MOST + 1);
        let [none, some, over] = self.searched.counts;
        let count = match found.len() {
            0 => none,
            1..=MOST => some,
            _ => over,
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
        let Some(key) = plain_key(event) else { return };
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

    /// Chooses one of the list, and empties the box.
    fn take(&self, at: usize, input: Option<impl JsCast>) {
        let Some(found) = self.found.with_untracked(|found| found.get(at).copied()) else { return };
        clear(input);
        let said = (self.searched.choose)(found);
        self.close();
        self.said.set(said);
    }

    fn list(&self, found: &[u32], input: &El) -> El {
        let id = &self.searched.id();
        let list = el("ul")
            .attr("id", &[id, "-list"].concat())
            .attr("role", "listbox")
            .attr("aria-label", self.searched.label)
            // The focus stays in the box.
            .on("mousedown", |event| event.prevent_default());
        let options = found.iter().enumerate().map(|(index, found)| {
            let (this, input, at) = (self.clone(), input.clone(), self.at.clone());
            let option = (self.searched.option)(*found)
                .attr("role", "option")
                .attr("id", &option_id(id, index))
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

/// Empties a text box.
pub fn clear(input: Option<impl JsCast>) {
    if let Some(input) = input {
        input.unchecked_into::<HtmlInputElement>().set_value("");
    }
}

/// Scrolls as little as brings an element into view; not at all in a browser that cannot.
fn bring_near(element: &Element) {
    let options = Object::new();
    // Setting a member of a fresh object cannot fail.
    _ = Reflect::set(&options, &"block".into(), &"nearest".into());
    _ = call(element, "scrollIntoView", &options);
}
