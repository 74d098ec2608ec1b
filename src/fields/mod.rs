//! The view of each type of field, in a module of the type's name. What they share is here: the
//! label, the hint, what was found, and how they hang together for those who cannot see.

mod choice;
mod choices;
mod date;
mod text;
mod textarea;
mod yes_no;

use std::sync::Arc;

use eform::{Field, Kind, Text};
use leptos::prelude::*;
use serde_json::Value;

use crate::filling::Filling;
use crate::words::{Words, words};

/// One field on the screen.
#[derive(Clone)]
pub struct Place {
    filling: Arc<Filling>,
    index: usize,
    language: String,
}

/// Draws a field with what was entered.
pub fn field(filling: &Arc<Filling>, index: usize, language: &str) -> AnyView {
    let place = Place { filling: Arc::clone(filling), index, language: language.to_owned() };
    match &place.field().kind {
        Kind::Text(kind) => text::view(place.clone(), "text", None, kind.autocomplete.clone()),
        Kind::Number(kind) => text::number(place.clone(), kind),
        Kind::Email(_) => text::view(place, "email", Some("email"), Some("email".to_owned())),
        Kind::Phone(_) => text::view(place, "tel", Some("tel"), Some("tel".to_owned())),
        Kind::ThaiNationalId(_) => text::view(place, "text", Some("numeric"), None),
        Kind::Textarea(kind) => textarea::view(place.clone(), kind.rows.unwrap_or(4)),
        Kind::Date(kind) => date::view(place.clone(), kind.autocomplete.is_some()),
        Kind::Choice(kind) => choice::view(place.clone(), kind),
        Kind::Choices(kind) => choices::view(place.clone(), kind),
        Kind::YesNo(_) => yes_no::view(place),
    }
}

/// The part of a field that takes the focus when the error summary leads to it.
pub fn focus_target(field: &Field) -> String {
    "#".to_owned() + &first_control(field)
}

fn first_control(field: &Field) -> String {
    let end = match &field.kind {
        Kind::Choice(kind) if kind.look() == eform::fields::ChoiceLook::Radios => "-0",
        Kind::Choices(_) | Kind::YesNo(_) => "-0",
        _ => "",
    };
    "f-".to_owned() + &field.id + end
}

impl Place {
    fn field(&self) -> &Field {
        self.filling.form.field(self.index)
    }

    fn words(&self) -> &'static Words {
        words(&self.language)
    }

    fn say(&self, text: &Text) -> String {
        self.filling.form.text(text, &self.language).to_owned()
    }

    /// The name of every control of the field.
    fn name(&self) -> String {
        self.field().id.clone()
    }

    fn dom_id(&self, end: &str) -> String {
        "f-".to_owned() + &self.field().id + end
    }

    fn entry(&self) -> Value {
        self.filling.entry(self.index)
    }

    fn entry_text(&self) -> String {
        match self.entry() {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        }
    }

    fn enter(&self, value: Value) {
        self.filling.enter(self.index, value);
    }

    fn left(&self) {
        self.filling.left(self.index);
    }

    /// Whether there is an error, followed as it changes.
    fn is_wrong(&self) -> impl Fn() -> bool + Clone + Send + Sync + 'static {
        let finding = self.filling.finding(self.index);
        move || finding.with(|finding| finding.as_ref().is_some_and(eform::Finding::is_error))
    }

    /// `aria-invalid`: only there when there is an error.
    fn invalid(&self) -> impl Fn() -> Option<&'static str> + Clone + Send + Sync + 'static {
        let wrong = self.is_wrong();
        move || wrong().then_some("true")
    }

    /// `aria-describedby`: the hint, and what was found.
    fn described_by(&self) -> impl Fn() -> Option<String> + Clone + Send + Sync + 'static {
        let finding = self.filling.finding(self.index);
        let (hint, found) = (self.field().hint.is_some(), self.dom_id("-found"));
        let hint = hint.then(|| self.dom_id("-hint"));
        move || {
            let found = finding.with(Option::is_some).then(|| found.clone());
            match (hint.clone(), found) {
                (Some(hint), Some(found)) => Some(hint + " " + &found),
                (hint, found) => hint.or(found),
            }
        }
    }

    fn optional(&self) -> Option<AnyView> {
        let words = self.words();
        (!self.field().required)
            .then(|| view! { <span class="optional">" "{words.optional}</span> }.into_any())
    }

    fn hint(&self) -> Option<AnyView> {
        let hint = self.field().hint.as_ref().map(|hint| self.say(hint))?;
        Some(view! { <p class="hint" id=self.dom_id("-hint")>{hint}</p> }.into_any())
    }

    /// What was found, in words.
    fn found(&self) -> AnyView {
        let (place, finding) = (self.clone(), self.filling.finding(self.index));
        let shown = move || {
            finding.get().map(|finding| {
                let said = place.filling.form.message(&finding, &place.language);
                let class = if finding.is_error() { "found error" } else { "found warning" };
                view! { <p class=class id=place.dom_id("-found")>{said}</p> }
            })
        };
        shown.into_any()
    }

    /// A field of one control, with a label of its own.
    fn single(&self, control: AnyView) -> AnyView {
        let wrong = self.is_wrong();
        view! {
            <div class="field" class:wrong=wrong data-field=self.name()>
                <label for=self.dom_id("")>{self.say(&self.field().label)}{self.optional()}</label>
                {self.hint()}
                {self.found()}
                {control}
            </div>
        }
        .into_any()
    }

    /// A field of several controls under one legend.
    fn group(&self, controls: AnyView) -> AnyView {
        let (wrong, described_by) = (self.is_wrong(), self.described_by());
        let (place, name) = (self.clone(), self.name());
        // Left is the group when the focus goes to another name.
        let left = move |event: web_sys::FocusEvent| {
            use wasm_bindgen::JsCast;
            let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Element>().ok());
            if to.and_then(|to| to.get_attribute("name")).as_deref() != Some(&name) {
                place.left();
            }
        };
        view! {
            <fieldset
                class="field"
                class:wrong=wrong
                data-field=self.name()
                aria-describedby=described_by
                on:focusout=left
            >
                <legend>{self.say(&self.field().label)}{self.optional()}</legend>
                {self.hint()}
                {self.found()}
                {controls}
            </fieldset>
        }
        .into_any()
    }
}
