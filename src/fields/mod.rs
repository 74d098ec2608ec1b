//! The view of each type of field, in a module of the type's name. What they share is here: the
//! label, the hint, what was found, and how they hang together for those who cannot see.

mod choice;
mod choices;
mod conditional;
mod date;
pub mod further;
mod group;
mod note;
mod parts;
mod read_only;
mod text;
mod textarea;
mod yes_no;

use std::cell::Cell;
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use eform::{Field, Finding, NodeId, Text, fields};
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;

use crate::browser::when_nothing_is_pressed;
use crate::dom::{El, el};
use crate::filling::Filling;
use crate::later;
use crate::words::{Words, is_thai, words};

/// One node on the screen: a field in its row.
#[derive(Clone)]
pub struct Place(Rc<Node>);

/// What a place is.
pub struct Node {
    filling: Arc<Filling>,
    node: NodeId,
    /// The field's place in the form.
    at: usize,
    language: String,
    /// The name of its controls: the pointer to the answer, with hyphens.
    name: String,
    /// Whether the field is drawn with a mistake.
    is_wrong: Cell<bool>,
}

impl Deref for Place {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.0
    }
}

/// The attribute of a control that says whether its answer is wrong.
const INVALID: &str = "aria-invalid";

/// Draws a node with what was entered, as long as it is shown.
pub fn node(parent: El, filling: &Arc<Filling>, node: NodeId, language: &str) -> El {
    let (at, name) = {
        let session = filling.session();
        (session.place(node), name_of(&session.pointer(node)))
    };
    let filling = Arc::clone(filling);
    let language = language.to_owned();
    let is_wrong = Cell::new(false);
    let place = Place(Rc::new(Node { filling, node, at, language, name, is_wrong }));
    let field = place.field();
    if field.kind.name() == "hidden" {
        return parent;
    }
    if field.kind.name() == "repeat" {
        return repeat(parent, place);
    }
    let locks = field.read_only_if.is_some();
    if field.show_if.is_none() && !locks {
        let is_read_only = field.read_only || field.calculate.is_some();
        return parent.child(place.draw(is_read_only));
    }
    conditional::view(parent, place)
}

/// A repeat, whose view is in the later part.
fn repeat(parent: El, place: Place) -> El {
    let (filling, node) = (Arc::clone(&place.filling), place.node);
    let shown = Memo::new(move |_| {
        let session = filling.follow(node);
        session.is_there(node) && session.is_shown(node)
    });
    parent.part(move || {
        shown.get().then(|| match later::needed(&place.language) {
            Ok(later) => untrack(|| (later.field)(&place)),
            Err(instead) => instead,
        })
    })
}

/// `plots-0-area` for `/plots/0/area`.
fn name_of(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', "-")
}

/// The address of a node's field within the page.
pub fn anchor(filling: &Filling, node: NodeId) -> String {
    "#f-".to_owned() + &name_of(&filling.session().pointer(node))
}

/// The selector of the control that takes the focus when something leads to a finding at a node.
pub fn focus_target(filling: &Filling, node: NodeId, finding: Option<&Finding>) -> String {
    let session = filling.session();
    if node == NodeId::FORM {
        return "h1".to_owned();
    }
    let pointer = session.pointer(node);
    let part = finding.and_then(|finding| {
        let inside = finding.path.strip_prefix(&pointer).unwrap_or_default();
        let of_date = finding.params.get("part").and_then(Value::as_str);
        of_date.map(str::to_owned).or_else(|| (!inside.is_empty()).then(|| name_of(inside)))
    });
    let name = name_of(&pointer);
    match part {
        Some(part) => ["#f-", &name, "-", &part].concat(),
        // The first control of the field, or the frame to sign in; no button that takes a file away.
        None => {
            let controls =
                "\"] :is(.pad,input,select,textarea,button:not([data-action=remove-file]),output)";
            ["[data-field=\"", &name, controls].concat()
        }
    }
}

impl Place {
    /// The view by the field's type.
    fn draw(&self, is_read_only: bool) -> El {
        self.is_wrong.set(untrack(|| self.has_error()));
        let kind = &self.field().kind;
        if is_read_only {
            return read_only::view(self);
        }
        match kind.name() {
            "textarea" => textarea::view(self),
            "number" => text::number(self),
            "email" => text::view(self, "text", Some("email"), Some("email")),
            "phone" => text::view(self, "tel", Some("tel"), Some("tel")),
            "thai-national-id" => text::view(self, "text", Some("numeric"), None),
            "date" => date::view(self),
            "choice" => choice::view(self),
            "choices" => choices::view(self),
            "yes-no" => yes_no::view(self),
            "group" => group::view(self),
            "text" => {
                let text = kind.get::<fields::Text>();
                text::view(self, "text", None, text.and_then(|kind| kind.autocomplete.as_deref()))
            }
            "note" => note::view(self),
            // The others are in the later part; it is there if the form has been read with it.
            _ => match later::needed(&self.language) {
                Ok(later) if !kind.is_waiting() => (later.field)(self),
                Ok(_) => crate::screens::bars(),
                Err(instead) => instead,
            },
        }
    }

    fn field(&self) -> &Field {
        self.filling.form().field(self.at)
    }

    fn language(&self) -> &str {
        &self.language
    }

    /// Words in Thai for Thai readers, in English for all others.
    fn pick(&self, th: &'static str, en: &'static str) -> &'static str {
        if is_thai(&self.language) { th } else { en }
    }

    fn is_thai(&self) -> bool {
        is_thai(&self.language)
    }

    fn words(&self) -> &'static Words {
        words(&self.language)
    }

    fn say<'a>(&'a self, text: &'a Text) -> &'a str {
        self.filling.form().text(text, &self.language)
    }

    /// Adds a text, marked where it is there in another language only: it is read out in that.
    fn worded(&self, element: El, text: &Text) -> El {
        let words = self.say(text);
        match self.filling.form().other_language(text, &self.language) {
            Some(other) => element.child(el("span").attr("lang", other).text(words)),
            None => element.text(words),
        }
    }

    /// The name of every control of the field.
    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self, end: &str) -> String {
        ["f-", &self.name, end].concat()
    }

    fn children(&self) -> Vec<NodeId> {
        self.filling.session().children(self.node).to_vec()
    }

    /// What was entered, or what is there before anybody has.
    fn entry(&self) -> Value {
        let session = self.filling.session();
        match session.entry(self.node) {
            Value::Null => session.answer(self.node).cloned().unwrap_or_default(),
            entry => entry.clone(),
        }
    }

    fn entry_text(&self) -> String {
        match self.entry() {
            Value::String(text) => text,
            number @ Value::Number(_) => eform::json::write(&number),
            _ => String::new(),
        }
    }

    /// The answer as it is now, without following it.
    fn answer(&self) -> Option<Value> {
        self.filling.session().answer(self.node).cloned()
    }

    /// The answer in words, followed as it changes.
    fn answer_in_words(&self) -> Option<String> {
        let session = self.filling.follow(self.node);
        let answer = session.answer(self.node)?;
        Some(self.filling.form().in_words(self.at, answer, &self.language))
    }

    /// The HTML `autocomplete` token of a control. On a device of many, the browser does not offer
    /// what somebody else has typed.
    fn filled_by_browser<'a>(&self, token: Option<&'a str>) -> &'a str {
        token.filter(|_| !self.filling.others.are_there()).unwrap_or("off")
    }

    fn enter(&self, value: Value) {
        self.filling.enter(self.node, value);
    }

    fn left(&self) {
        let this = self.clone();
        self.filling.save_now();
        // Without the later part there are no words for what is found.
        when_nothing_is_pressed(move || {
            if let Some(later) = later::here() {
                (later.field_left)(&this);
            }
        });
    }

    /// A control with the field's name, described by the hint and by what was found.
    fn control(&self, tag: &str, id: &str) -> El {
        let control = self.described(el(tag)).attr("id", id).attr("name", self.name());
        control.attr(INVALID, invalid(self.is_wrong.get()))
    }

    /// Described by the hint and by what is remarked, which is empty where there is nothing to.
    fn described(&self, element: El) -> El {
        let hint = if self.field().hint.is_some() { self.id("-hint ") } else { String::new() };
        element.attr("aria-describedby", &(hint + &self.id("-found")))
    }

    /// «(optional)», while no answer must be given.
    fn optional(&self, question: El) -> El {
        let field = self.field();
        let mark = |words: &Words| el("span").class("optional").text(" ").text(words.optional);
        if field.required || !field.kind.needs_label() {
            return question;
        }
        if field.required_if.is_none() {
            return question.child(mark(self.words()));
        }
        let this = self.clone();
        question.part(move || {
            let required = this.filling.follow(this.node).is_required(this.node);
            (!required).then(|| mark(this.words()))
        })
    }

    fn hint(&self) -> Option<El> {
        let hint = self.field().hint.as_ref()?;
        Some(self.worded(el("p").class("hint").attr("id", &self.id("-hint")), hint))
    }

    /// The question as a label or a legend, the hint, and what was found, above `inside`.
    fn around(&self, outer: El, question: El, inside: El) -> El {
        let (this, drawn) = (self.clone(), outer.clone());
        // One effect for all that changes with what is found: each is a task and an owner of its own.
        let remarks = self.remarks_with(move || {
            let wrong = this.has_error();
            if this.is_wrong.replace(wrong) != wrong {
                this.mark(&drawn, wrong);
            }
        });
        outer
            .attr("data-field", self.name())
            .class(class(self.is_wrong.get()))
            .child(self.optional(self.worded(question, &self.field().label)))
            .maybe(self.hint())
            .child(remarks)
            .child(inside)
    }

    fn has_error(&self) -> bool {
        self.filling.found(self.node).with(|found| found.iter().any(Finding::is_error))
    }

    /// Marks the field and its controls as wrong, or as right.
    fn mark(&self, field: &El, wrong: bool) {
        _ = field.clone().class(class(wrong));
        let before = ["[name=\"", self.name(), "\"][", INVALID, "=", invalid(!wrong), "]"].concat();
        while let Some(control) = field.find(&before) {
            // An attribute of that name is there.
            _ = control.set_attribute(INVALID, invalid(wrong));
        }
    }

    /// Where the later part says what there is to say of the answer.
    fn remarks(&self) -> El {
        self.remarks_with(|| ())
    }

    fn remarks_with(&self, before: impl Fn() + 'static) -> El {
        let this = self.clone();
        el("div").attr("id", &self.id("-found")).part(move || {
            before();
            later::followed().and_then(|later| (later.remarks)(&this))
        })
    }

    /// A field of one control, with a label of its own.
    fn single(&self, inside: El) -> El {
        self.around(el("div"), el("label").attr("for", &self.id("")), inside)
    }

    /// A field of several controls under one legend.
    fn group(&self, inside: El) -> El {
        let this = self.clone();
        // The group is left when the focus goes to a control of another name.
        let left = move |event: web_sys::Event| {
            let to = event
                .dyn_ref::<web_sys::FocusEvent>()
                .and_then(web_sys::FocusEvent::related_target);
            let to = to.and_then(|to| to.dyn_into::<web_sys::Element>().ok());
            if to.and_then(|to| to.get_attribute("name")).as_deref() != Some(this.name()) {
                this.left();
            }
        };
        let outer = self.described(el("fieldset")).on("focusout", left);
        self.completed(self.around(outer, el("legend"), inside))
    }

    /// The field with what the later part adds to it, once that is there.
    fn completed(&self, field: El) -> El {
        let (this, drawn) = (self.clone(), field.clone());
        field.part(move || {
            later::followed().and_then(|later| untrack(|| (later.below)(&this, &drawn)))
        })
    }
}

fn class(is_wrong: bool) -> &'static str {
    if is_wrong { "field wrong" } else { "field" }
}

fn invalid(is_wrong: bool) -> &'static str {
    if is_wrong { "true" } else { "false" }
}
