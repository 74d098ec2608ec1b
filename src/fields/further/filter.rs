//! A search box above long lists of options. Above radio buttons and check boxes it leaves those in
//! sight that fit what is typed, the chosen ones first, and never hides one that is chosen; above a
//! list that opens it is a combobox. It comes with the later part.

use std::cell::RefCell;
use std::rc::Rc;

use eform::thai::{fits, search_key};
use gloo::timers::callback::Timeout;
use js_sys::Reflect;
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement};

use super::combobox::{self, PAUSE, Searched, clear, plain_key};
use crate::browser::{after_render, call, member};
use crate::dom::{El, div, el, value};
use crate::fields::Place;

/// With more options than this there is a search box.
const MANY: usize = 15;

/// Puts the box above the options of a field, if they are many.
pub fn above(place: &Place, field: &El, controls: &str) {
    let many = place.field().kind.options().len() > MANY;
    let Some(options) = field.find(controls).filter(|_| many) else { return };
    // What the options stand in, right below the field.
    let mut top = options;
    while let Ok(parent) = member(&top, "parentElement").dyn_into::<Element>()
        && !is_same(&parent, field.element())
    {
        top = parent;
    }
    let search = if controls == "select" { beside(place, field) } else { over(place, field) };
    _ = call(&top, "before", search.element());
}

/// Compared as values: comparing elements asks the browser in another way, with glue of its own.
fn is_same(one: &Element, other: &Element) -> bool {
    let (one, other): (&JsValue, &JsValue) = (one.as_ref(), other.as_ref());
    one == other
}

fn label(place: &Place) -> &'static str {
    place.pick("ค้นหาในรายการ", "Search the list")
}

/// What of an option is searched.
fn key_of(place: &Place, at: usize) -> Vec<u8> {
    let option = &place.field().kind.options()[at];
    let hint = option.hint.as_ref().map(|hint| place.say(hint)).unwrap_or_default();
    search_key(&[place.say(&option.label), " ", hint].concat())
}

// Above a list that opens

fn beside(place: &Place, field: &El) -> El {
    let keys: Vec<Vec<u8>> =
        (0..place.field().kind.options().len()).map(|at| key_of(place, at)).collect();
    let (found, drawn, chosen, list) = (place.clone(), place.clone(), place.clone(), field.clone());
    combobox::view(Searched {
        place: place.clone(),
        label: label(place),
        fewest: 1,
        find: Box::new(move |typed, most| {
            let typed = search_key(typed);
            let offered = found.filling.session().offered(found.node);
            let fit = |at: &usize| offered.get(*at) == Some(&true) && fits(&typed, &keys[*at]);
            // Those that begin so are meant most often.
            let mut all: Vec<usize> = (0..keys.len()).filter(fit).collect();
            all.sort_by_key(|at| !keys[*at].starts_with(&typed));
            all.into_iter().take(most).map(|at| at as u32).collect()
        }),
        option: Box::new(move |at| {
            let option = &drawn.field().kind.options()[at as usize];
            el("li").child(el("b").text(drawn.say(&option.label)))
        }),
        choose: Box::new(move |at| {
            let option = &chosen.field().kind.options()[at as usize];
            if let Some(list) = list.find("select") {
                // Setting a member of a control cannot fail.
                _ = Reflect::set(&list, &"value".into(), &option.value.as_str().into());
            }
            chosen.enter(Value::String(option.value.clone()));
            chosen.left();
            [chosen.pick("เลือกแล้ว: ", "Chosen: "), chosen.say(&option.label)].concat()
        }),
        counts: [
            place.pick(
                "ไม่พบ ลองพิมพ์ใหม่ หรือเลือกจากรายการข้างล่าง",
                "Nothing found. Try again, or choose from the list below.",
            ),
            place.pick("พบ {n} รายการ", "Found: {n}"),
            place.pick("พบเกิน {n} รายการ โปรดพิมพ์ต่อ", "Over {n} found: type more letters."),
        ],
    })
}

// Above radio buttons and check boxes

/// An option on the screen.
struct Card {
    element: Element,
    control: Element,
    key: Vec<u8>,
}

struct Filter {
    place: Place,
    field: El,
    /// The key of what is typed.
    typed: RefCell<Vec<u8>>,
    /// What the options stand in, and they in their order; made again when others are offered.
    cards: RefCell<(Option<Element>, Vec<Card>)>,
    /// The order in which they stand there now.
    order: RefCell<Vec<usize>>,
    said: ArcRwSignal<String>,
    soon: RefCell<Option<Timeout>>,
}

fn over(place: &Place, field: &El) -> El {
    let this = Rc::new(Filter {
        place: place.clone(),
        field: field.clone(),
        typed: RefCell::default(),
        cards: RefCell::default(),
        order: RefCell::default(),
        said: ArcRwSignal::default(),
        soon: RefCell::default(),
    });
    let id = place.id("-search");
    let (typed, keyed, said, followed) =
        (Rc::clone(&this), Rc::clone(&this), this.said.clone(), Rc::clone(&this));
    // Without a name: it is no control of the field. But an error leads to it first.
    let input = place
        .described(el("input"))
        .attr("type", "text")
        .attr("id", &id)
        .attr("autocomplete", "off")
        .attr("autocapitalize", "none")
        .attr("spellcheck", "false")
        .attr("enterkeyhint", "search")
        .on("input", move |event| typed.look(value(&event)))
        .on("keydown", move |event| keyed.key(&event));
    div("search filter")
        .child(el("label").attr("for", &id).text(label(place)))
        .child(input)
        .child(el("p").class("hint").attr("role", "status").say(move || said.get()))
        .part(move || {
            // Other options may be offered now.
            _ = followed.place.filling.follow(followed.place.node);
            let this = Rc::clone(&followed);
            after_render(move || this.again());
            None
        })
}

impl Filter {
    fn look(&self, typed: String) {
        *self.typed.borrow_mut() = search_key(&typed);
        self.said.set(String::new());
        let count = self.narrow();
        let words = match count {
            _ if typed.trim().is_empty() => String::new(),
            0 => self.place.pick("ไม่พบ ลองพิมพ์คำอื่น", "Nothing found. Try other words.").to_owned(),
            _ => {
                let of = self.cards.borrow().1.len().to_string();
                let words = self.place.pick("พบ {n} จาก {of}", "{n} of {of} found");
                words.replace("{n}", &count.to_string()).replace("{of}", &of)
            }
        };
        let said = self.said.clone();
        self.soon.replace(Some(Timeout::new(PAUSE, move || said.set(words))));
    }

    /// Once other options are on the screen than before, the same holds for them.
    fn again(&self) {
        let options = self.field.find(".options");
        let is_new = options.is_some_and(|options| !self.knows(&options));
        if is_new && !self.typed.borrow().is_empty() {
            self.narrow();
        }
    }

    fn knows(&self, options: &Element) -> bool {
        self.cards.borrow().0.as_ref().is_some_and(|known| is_same(known, options))
    }

    /// What the options stand in, with its cards known.
    fn options(&self) -> Option<Element> {
        let options = self.field.find(".options")?;
        if !self.knows(&options) {
            let cards = self.cards_in(&options);
            *self.order.borrow_mut() = (0..cards.len()).collect();
            *self.cards.borrow_mut() = (Some(options.clone()), cards);
        }
        Some(options)
    }

    /// The first, as they stand now, that fits what is typed.
    fn first(&self) -> Option<HtmlElement> {
        _ = self.options()?;
        let (typed, order, cards) = (self.typed.borrow(), self.order.borrow(), self.cards.borrow());
        let mut cards = order.iter().filter_map(|at| cards.1.get(*at));
        cards.find(|card| fits(&typed, &card.key))?.control.clone().dyn_into().ok()
    }

    /// Leaves in sight what fits and what is chosen; gives how many fit.
    fn narrow(&self) -> usize {
        let Some(options) = self.options() else { return 0 };
        let (typed, cards) = (self.typed.borrow(), &self.cards.borrow().1);
        let (mut first, mut others, mut count) = (Vec::new(), Vec::new(), 0);
        for (at, card) in cards.iter().enumerate() {
            let is_chosen = member(&card.control, "checked") == JsValue::TRUE;
            let fit = fits(&typed, &card.key);
            count += usize::from(fit);
            let hide = JsValue::from(!fit && !is_chosen);
            // Setting a member of an element cannot fail.
            _ = Reflect::set(&card.element, &"hidden".into(), &hide);
            if is_chosen && !typed.is_empty() { &mut first } else { &mut others }.push(at);
        }
        others.into_iter().for_each(|at| first.push(at));
        // They move only now, when nobody is about to tap one.
        if *self.order.borrow() != first {
            for at in &first {
                _ = options.append_with_node_1(&cards[*at].element);
            }
            *self.order.borrow_mut() = first;
        }
        count
    }

    fn cards_in(&self, options: &Element) -> Vec<Card> {
        let mut cards = Vec::new();
        let mut next = member(options, "firstElementChild");
        while let Ok(element) = next.dyn_into::<Element>() {
            next = member(&element, "nextElementSibling");
            let Ok(Some(control)) = element.query_selector("input") else { continue };
            let value = control.get_attribute("value");
            let known = self.place.field().kind.options().iter();
            let at = known.map(|option| Some(&option.value)).position(|it| it == value.as_ref());
            let key = at.map(|at| key_of(&self.place, at)).unwrap_or_default();
            cards.push(Card { element, control, key });
        }
        cards
    }

    fn key(&self, event: &Event) {
        match plain_key(event).as_deref() {
            // Of a search, «Enter» is not «continue»: it goes to the first that was found.
            Some("Enter") => {
                if let Some(first) = self.first() {
                    // An element that cannot take the focus simply does not get it.
                    _ = first.focus();
                }
            }
            Some("Escape") if !value(event).is_empty() => {
                clear(event.target());
                self.look(String::new());
            }
            _ => return,
        }
        event.prevent_default();
    }
}
