//! The view of each type of field, in a module of the type's name. What they share is here: the
//! label, the hint, what was found, and how they hang together for those who cannot see.

mod choice;
mod choices;
mod date;
mod text;
mod textarea;
mod yes_no;

use std::rc::Rc;
use std::sync::Arc;

use eform::{Field, Finding, Kind, Text};
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::JsCast;

use crate::browser::when_nothing_is_pressed;
use crate::dom::{El, el};
use crate::filling::Filling;
use crate::words::{Words, words};

/// One field on the screen.
#[derive(Clone)]
pub struct Place {
    filling: Arc<Filling>,
    index: usize,
    language: Rc<str>,
}

/// Draws a field with what was entered.
pub fn field(filling: &Arc<Filling>, index: usize, language: &str) -> El {
    let place = Place { filling: Arc::clone(filling), index, language: language.into() };
    match &filling.form.field(index).kind {
        Kind::Text(kind) => text::view(&place, "text", None, kind.autocomplete.as_deref()),
        Kind::Number(kind) => text::number(&place, kind),
        Kind::Email(_) => text::view(&place, "text", Some("email"), Some("email")),
        Kind::Phone(_) => text::view(&place, "tel", Some("tel"), Some("tel")),
        Kind::ThaiNationalId(_) => text::view(&place, "text", Some("numeric"), None),
        Kind::Textarea(kind) => textarea::view(&place, kind.rows.unwrap_or(4)),
        Kind::Date(kind) => date::view(&place, kind.autocomplete.is_some()),
        Kind::Choice(kind) => choice::view(&place, kind),
        Kind::Choices(kind) => choices::view(&place, kind),
        Kind::YesNo(_) => yes_no::view(&place),
    }
}

/// The selector of the control that takes the focus when the error summary leads to a field.
pub fn focus_target(field: &Field) -> String {
    let end = match &field.kind {
        Kind::Choice(kind) if kind.look() == eform::fields::ChoiceLook::Radios => "-0",
        Kind::Choices(_) | Kind::YesNo(_) => "-0",
        _ => "",
    };
    "#f-".to_owned() + &field.id + end
}

impl Place {
    fn field(&self) -> &Field {
        self.filling.form.field(self.index)
    }

    fn words(&self) -> &'static Words {
        words(&self.language)
    }

    fn say<'a>(&'a self, text: &'a Text) -> &'a str {
        self.filling.form.text(text, &self.language)
    }

    /// The name of every control of the field.
    fn name(&self) -> &str {
        &self.field().id
    }

    fn id(&self, end: &str) -> String {
        "f-".to_owned() + &self.field().id + end
    }

    fn entry(&self) -> Value {
        self.filling.entry(self.index)
    }

    fn entry_text(&self) -> String {
        match self.entry() {
            Value::String(text) => text,
            number @ Value::Number(_) => eform::json::write(&number),
            _ => String::new(),
        }
    }

    fn enter(&self, value: Value) {
        self.filling.enter(self.index, value);
    }

    fn left(&self) {
        let (filling, index) = (Arc::clone(&self.filling), self.index);
        filling.save_now();
        when_nothing_is_pressed(move || filling.left(index));
    }

    /// A control with the field's name, described by the hint and by what was found.
    fn control(&self, tag: &str, id: &str) -> El {
        let finding = self.filling.finding(self.index);
        let wrong = move || finding.with(|finding| finding.as_ref().is_some_and(Finding::is_error));
        self.described(el(tag))
            .attr("id", id)
            .attr("name", self.name())
            .follow("aria-invalid", move || wrong().then(|| "true".to_owned()))
    }

    fn described(&self, element: El) -> El {
        let finding = self.filling.finding(self.index);
        let (hint, found) =
            (self.field().hint.as_ref().map(|_| self.id("-hint")), self.id("-found"));
        element.follow("aria-describedby", move || {
            let found = finding.with(Option::is_some).then(|| found.clone());
            match (hint.clone(), found) {
                (Some(hint), Some(found)) => Some(hint + " " + &found),
                (hint, found) => hint.or(found),
            }
        })
    }

    /// The question as a label or a legend, the hint, and what was found, above `inside`.
    fn around(&self, outer: El, question: El, inside: El) -> El {
        let field = self.field();
        let optional = (!field.required)
            .then(|| el("span").class("optional").text(" ").text(self.words().optional));
        let hint = field.hint.as_ref();
        let hint = hint
            .map(|hint| el("p").class("hint").attr("id", &self.id("-hint")).text(self.say(hint)));
        let (finding, this) = (self.filling.finding(self.index), self.clone());
        let wrong = self.filling.finding(self.index);
        outer
            .attr("data-field", self.name())
            .follow("class", move || {
                let wrong = wrong.with(|finding| finding.as_ref().is_some_and(Finding::is_error));
                Some(if wrong { "field wrong" } else { "field" }.to_owned())
            })
            .child(question.text(self.say(&field.label)).maybe(optional))
            .maybe(hint)
            .part(move || {
                let finding = finding.get()?;
                let class = if finding.is_error() { "found error" } else { "found warning" };
                let said = this.filling.form.message(&finding, &this.language);
                Some(el("p").class(class).attr("id", &this.id("-found")).text(&said))
            })
            .child(inside)
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
        self.around(outer, el("legend"), inside)
    }
}
