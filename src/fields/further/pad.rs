//! A pad to sign on, by finger, pen or mouse, and a drawn signature as it is shown elsewhere. It is
//! drawn as SVG in the colour of the text: so it can be seen in the dark, where colours are forced,
//! and on paper. What becomes of a line, the engine says (`eform::fields::drawing`).

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::slice::from_ref;

use eform::fields::drawing::{Drawing, Point};
use js_sys::Array;
use leptos::prelude::*;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Event;

use crate::browser::member;
use crate::by_name::call;
use crate::dom::{El, button, div, el, svg};
use crate::fields::Place;

/// What of the square of an answer the pad shows: left, top, width, height. A signature is wider
/// than high.
const SHOWN: [f64; 4] = [0.0, 250.0, 1000.0, 500.0];

/// The same where a drawing came from elsewhere and reaches beyond.
const WHOLE: [f64; 4] = [0.0, 0.0, 1000.0, 1000.0];

/// Space around a drawing that is shown.
const AROUND: u16 = 20;

/// The line that one signs on.
const BASELINE: &str = "M80 640 L920 640";

/// The pad of one field.
pub struct Pad {
    place: Place,
    drawing: RefCell<Drawing>,
    shown: [f64; 4],
    surface: El,
    /// The strokes that have ended, and the one that is being drawn.
    ended: El,
    current: El,
    /// The pointer that draws.
    pointer: Cell<Option<f64>>,
    strokes: ArcRwSignal<usize>,
    /// What has happened last.
    said: ArcRwSignal<String>,
}

impl Pad {
    /// A pad with what has been drawn, and what takes it back.
    /// `described` are the ids of what else describes it, each with a space behind it.
    pub fn view(place: &Place, described: &str) -> El {
        let entry = place.entry();
        let drawing = Drawing::read(entry.get("drawn").and_then(Value::as_str).unwrap_or_default());
        let (_, top, _, height) = drawing.bounds();
        let beyond = !drawing.is_empty() && (top < 250 || top + height > 750);
        let shown = if beyond { WHOLE } else { SHOWN };
        let ended = svg("path").attr("d", &drawing.path());
        let current = svg("path");
        let surface = svg("svg")
            .attr("viewBox", &shown.map(|number| number.to_string()).join(" "))
            .attr("role", "img")
            .child(svg("path").class("baseline").attr("d", BASELINE))
            .child(ended.clone())
            .child(current.clone());
        let pad = Rc::new(Self {
            place: place.clone(),
            strokes: ArcRwSignal::new(drawing.strokes()),
            drawing: RefCell::new(drawing),
            shown,
            surface,
            ended,
            current,
            pointer: Cell::new(None),
            said: ArcRwSignal::default(),
        });
        pad.draw(described)
    }

    fn draw(self: &Rc<Self>, described: &str) -> El {
        let act = |act: fn(&Self, &Event)| {
            let this = Rc::clone(self);
            move |event: Event| act(&this, &event)
        };
        let (strokes, said, this) = (self.strokes.clone(), self.said.clone(), Rc::clone(self));
        let surface = self
            .surface
            .clone()
            .on("pointerdown", act(Self::begin))
            .on("pointermove", act(Self::go_on))
            .on("pointerup", act(Self::end))
            .on("pointercancel", act(Self::end))
            .on("lostpointercapture", act(Self::end))
            .follow("aria-label", move || Some(this.name(strokes.get())));
        let pick = |th, en| self.place.pick(th, en);
        let hint = pick(
            "เซ็นชื่อในกรอบด้วยนิ้ว ปากกา หรือเมาส์",
            "Sign in the box with a finger, a pen or a mouse",
        );
        let undo =
            self.taker("undo-stroke", pick("ลบเส้นล่าสุด", "Undo the last stroke"), Drawing::undo);
        let clear =
            self.taker("clear-drawing", pick("ลบทั้งหมด", "Clear"), |all| {
                *all = Drawing::default()
            });
        // Where an error leads.
        let how = self.place.id("-how");
        let field = &self.place;
        let hinted = if field.field().hint.is_some() { field.id("-hint ") } else { String::new() };
        let described = [described, &hinted, &how, " ", &field.id("-found")].concat();
        let frame = div("pad")
            .attr("id", &field.id("-drawn"))
            .attr("tabindex", "-1")
            .attr("role", "group")
            .attr("aria-label", pick("กรอบสำหรับเซ็นชื่อ", "Box to sign in"))
            .attr("aria-describedby", &described);
        el("div")
            .child(el("p").class("hint").attr("id", &how).text(hint))
            .child(frame.child(surface))
            .child(div("below").child(undo).text(" ").child(clear))
            .child(el("p").class("unseen").attr("role", "status").say(move || said.get()))
    }

    /// The pad's name for those who cannot see it.
    fn name(&self, strokes: usize) -> String {
        match strokes {
            0 => self.place.pick("กรอบสำหรับเซ็นชื่อ ยังว่าง", "Box to sign in, empty").to_owned(),
            _ => self.place.pick("ลายเซ็นของท่าน", "Your signature").to_owned(),
        }
    }

    /// A button that takes something of the drawing away.
    fn taker(self: &Rc<Self>, action: &str, label: &str, take: fn(&mut Drawing)) -> El {
        let (this, strokes) = (Rc::clone(self), self.strokes.clone());
        button("link", label)
            .attr("data-action", action)
            .follow("aria-disabled", move || (strokes.get() == 0).then(|| "true".to_owned()))
            .click(move || {
                if !this.drawing.borrow().is_empty() {
                    take(&mut this.drawing.borrow_mut());
                    this.changed();
                }
            })
    }

    fn begin(&self, event: &Event) {
        let is_ours = member(event, "isPrimary") != JsValue::FALSE
            && member(event, "button").as_f64() == Some(0.0);
        if !is_ours {
            return;
        }
        // Of a line whose end was never told, what there is of it stays.
        if self.pointer.take().is_some() {
            self.finish();
        }
        // Neither the page nor its words are taken hold of.
        event.prevent_default();
        let pointer = member(event, "pointerId");
        // Without it a line ends at the edge.
        _ = call(self.surface.element(), "setPointerCapture", from_ref(&pointer));
        if self.drawing.borrow_mut().begin(self.point(event)) {
            self.pointer.set(pointer.as_f64());
            self.current.clone().attr("d", &self.drawing.borrow().last_path());
        } else {
            self.said.set(self.place.pick("กรอบเต็มแล้ว", "There is no more room").to_owned());
        }
    }

    fn go_on(&self, event: &Event) {
        if !self.is_drawing(event) {
            return;
        }
        // A slow phone tells of several moves at once.
        let moves = call(event, "getCoalescedEvents", &[]).ok();
        let moves = moves.and_then(|moves| moves.dyn_into::<Array>().ok()).unwrap_or_default();
        let mut drawing = self.drawing.borrow_mut();
        moves.iter().for_each(|event| drawing.go_on(self.point(&event)));
        drawing.go_on(self.point(event));
        self.current.clone().attr("d", &drawing.last_path());
    }

    fn end(&self, event: &Event) {
        if self.is_drawing(event) {
            self.pointer.set(None);
            self.finish();
        }
    }

    fn finish(&self) {
        self.drawing.borrow_mut().end();
        self.changed();
    }

    fn is_drawing(&self, event: &Event) -> bool {
        self.pointer.get().is_some() && member(event, "pointerId").as_f64() == self.pointer.get()
    }

    /// Shows the drawing as it is now, and enters it.
    fn changed(&self) {
        let (path, strokes) = {
            let drawing = self.drawing.borrow();
            (drawing.path(), drawing.strokes())
        };
        self.ended.clone().attr("d", &path);
        self.current.clone().attr("d", "");
        // Said when it is there and when it is gone, and not at each line.
        if (strokes == 0) != (self.strokes.get_untracked() == 0) {
            self.said.set(self.name(strokes));
        }
        self.strokes.set(strokes);
        self.place.enter(json!({ "drawn": path }));
        self.place.left();
    }

    /// Where an event is on the square of the answer.
    fn point(&self, event: &JsValue) -> Point {
        let frame = call(self.surface.element(), "getBoundingClientRect", &[]).unwrap_or_default();
        let number = |of: &JsValue, name| member(of, name).as_f64().unwrap_or_default();
        let [left, top, across, down] = self.shown;
        let (width, height) = (number(&frame, "width"), number(&frame, "height"));
        let scale = (width / across).min(height / down).max(f64::MIN_POSITIVE);
        let place = |at: f64, size: f64, least: f64, length: f64| {
            let inside = (at - (size - length * scale) / 2.0) / scale;
            // Whole and from 0 to 1000.
            (least + inside.clamp(0.0, length)).round() as u16
        };
        (
            place(number(event, "clientX") - number(&frame, "left"), width, left, across),
            place(number(event, "clientY") - number(&frame, "top"), height, top, down),
        )
    }
}

/// A drawn signature; words beside it say what it is.
pub fn picture(path: &str) -> El {
    let drawing = Drawing::read(path);
    let (left, top, width, height) = drawing.bounds();
    let frame = [
        left.saturating_sub(AROUND).to_string(),
        top.saturating_sub(AROUND).to_string(),
        (width + 2 * AROUND).to_string(),
        (height + 2 * AROUND).to_string(),
    ];
    svg("svg")
        .class("signed")
        .attr("viewBox", &frame.join(" "))
        .attr("aria-hidden", "true")
        .child(svg("path").attr("d", &drawing.path()))
}
