//! Fields that are shown by the answers to others. What has been drawn of one stays while it is
//! hidden, and one that has not been shown yet is drawn ahead, a few at a time, once the page is
//! there: so a tap that shows two hundred fields only has to put them on it.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use leptos::prelude::*;

use super::Place;
use crate::browser::{after_render, when_nothing_is_pressed};
use crate::dom::El;

/// Fields that are drawn ahead at a time: a slow phone takes some ten milliseconds for them.
const AT_A_TIME: usize = 4;

/// Draws a field as long as it is shown.
pub fn view(parent: El, place: Place) -> El {
    let (filling, node) = (Arc::clone(&place.filling), place.node);
    let state = Memo::new(move |_| {
        let session = filling.follow(node);
        (session.is_there(node) && session.is_shown(node), session.is_read_only(node))
    });
    let field = Rc::new(Conditional::new(place));
    if !state.get_untracked().0 {
        draw_later(&field);
    }
    parent.part(move || {
        let (shown, is_read_only) = state.get();
        field.is_read_only.set(is_read_only);
        if !shown && !field.stays() {
            field.clear();
        }
        shown.then(|| untrack(|| field.view()))
    })
}

/// A field that is not always there.
struct Conditional {
    place: Place,
    is_read_only: Cell<bool>,
    /// What is drawn of it, and whether only to be read.
    drawn: RefCell<Option<(bool, El)>>,
    /// What is drawn belongs to it: it stays where the effect that shows it runs anew, and goes with
    /// the page, the row or the group around.
    owner: Owner,
}

impl Conditional {
    fn new(place: Place) -> Self {
        let (is_read_only, drawn) = (Cell::new(false), RefCell::default());
        Self { place, is_read_only, drawn, owner: Owner::new() }
    }

    /// The field: what was drawn before, or drawn now.
    fn view(&self) -> El {
        let is_read_only = self.is_read_only.get();
        let kept = self.drawn.borrow().clone();
        if let Some((_, view)) = kept.filter(|(before, _)| *before == is_read_only && self.stays())
        {
            return view;
        }
        self.clear();
        let view = self.owner.with(|| self.place.draw(is_read_only));
        self.drawn.replace(Some((is_read_only, view.clone())));
        view
    }

    /// Ends what is drawn.
    fn clear(&self) {
        self.drawn.take();
        self.owner.cleanup();
    }

    /// Whether what is drawn is right for as long as nobody enters anything into it. Where a default
    /// follows other answers it may not be, and what holds files or rows has an end of its own.
    fn stays(&self) -> bool {
        let field = self.place.field();
        let is_plain = matches!(
            field.kind.name(),
            "text"
                | "textarea"
                | "number"
                | "email"
                | "phone"
                | "thai-national-id"
                | "date"
                | "choice"
                | "choices"
                | "yes-no"
        );
        is_plain && field.default.is_none()
    }
}

thread_local! {
    static AHEAD: RefCell<Vec<Weak<Conditional>>> = const { RefCell::new(Vec::new()) };
}

/// Has a field drawn before it is shown.
fn draw_later(field: &Rc<Conditional>) {
    if field.stays() {
        let is_first = AHEAD.with_borrow_mut(|ahead| {
            ahead.push(Rc::downgrade(field));
            ahead.len() == 1
        });
        if is_first {
            go_on();
        }
    }
}

/// Draws the next of them; those whose page has been turned meanwhile are gone.
fn draw_ahead() {
    let now: Vec<_> = AHEAD.with_borrow_mut(|ahead| {
        let end = ahead.len().min(AT_A_TIME);
        ahead.drain(..end).collect()
    });
    for field in now.iter().filter_map(Weak::upgrade) {
        let is_there = field.drawn.borrow().is_some();
        if !is_there {
            untrack(|| field.view());
        }
    }
    if AHEAD.with_borrow(|ahead| !ahead.is_empty()) {
        go_on();
    }
}

/// Keys and taps come in between.
fn go_on() {
    after_render(|| when_nothing_is_pressed(draw_ahead));
}
