//! One page of the form: where one is, the error summary, the questions, and «continue».

use std::sync::Arc;

use leptos::prelude::*;

use crate::browser::{focus, time_of_day};
use crate::drafts::Note;
use crate::fields;
use crate::filling::Filling;
use crate::words::words;

/// A page of the form.
pub fn view(filling: &Arc<Filling>, page: usize, language: &str) -> AnyView {
    let words = words(language);
    let definition = filling.form.page(page);
    let said = |text: &eform::Text| filling.form.text(text, language).to_owned();
    let proceed = {
        let this = Arc::clone(filling);
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            this.proceed();
        }
    };
    let questions = filling.form.fields_of(page).map(|index| question(filling, index, language));
    view! {
        <form novalidate on:submit=proceed>
            <div class="way">
                {not_first(filling, page).then(|| super::back(filling, words))}
                {step(filling, page, language)}
            </div>
            {summary(filling, page, language)}
            <h1 tabindex="-1">{said(&definition.title)}</h1>
            {definition.intro.as_ref().map(|intro| view! { <p class="intro">{said(intro)}</p> })}
            {questions.collect_view()}
            <div class="actions">
                <button type="submit" class="primary" data-eform="continue">{words.proceed}</button>
            </div>
            {note(filling, language)}
        </form>
    }
    .into_any()
}

fn not_first(filling: &Arc<Filling>, page: usize) -> bool {
    let first = untrack(|| filling.shown_pages()).first().copied();
    first != Some(page)
        || matches!(filling.screen.get_untracked(), crate::screen::Screen::Change(_))
}

/// A field, there only while its condition holds.
fn question(filling: &Arc<Filling>, index: usize, language: &str) -> AnyView {
    let conditional = filling.form.field(index).show_if.is_some();
    if !conditional {
        return fields::field(filling, index, language);
    }
    let (this, language) = (Arc::clone(filling), language.to_owned());
    (move || this.is_shown(index).then(|| fields::field(&this, index, &language))).into_any()
}

/// «Step 2 of 6», in words and as a line that fills.
fn step(filling: &Arc<Filling>, page: usize, language: &str) -> AnyView {
    let (this, words) = (Arc::clone(filling), words(language));
    let step = move || {
        let pages = this.shown_pages();
        let n = pages.iter().filter(|shown| **shown <= page).count();
        // The check of the answers is the last step.
        let of = pages.len() + 1;
        let said = words.step.replace("{n}", &n.to_string()).replace("{of}", &of.to_string());
        view! {
            <p class="step">{said}</p>
            <progress max=of.to_string() value=n.to_string() aria-hidden="true"></progress>
        }
    };
    step.into_any()
}

/// All errors of the page in its order; each leads to its field.
fn summary(filling: &Arc<Filling>, page: usize, language: &str) -> AnyView {
    let (this, language) = (Arc::clone(filling), language.to_owned());
    let summary = move || {
        if !this.summary.get() {
            return None;
        }
        let error = |index: usize| {
            let finding = this.finding(index).get().filter(eform::Finding::is_error)?;
            let field = this.form.field(index);
            let selector = fields::focus_target(field);
            let (href, root) = (selector.clone(), this.root.clone());
            let lead = move |event: web_sys::MouseEvent| {
                event.prevent_default();
                focus(&root, &selector);
            };
            let said = this.form.message(&finding, &language);
            Some(view! { <li><a href=href on:click=lead>{said}</a></li> })
        };
        let errors: Vec<_> = this.form.fields_of(page).filter_map(error).collect();
        (!errors.is_empty()).then(|| {
            view! {
                <div class="summary" data-eform="error-summary" role="alert" tabindex="-1">
                    <h2>{words(&language).summary_title}</h2>
                    <ul>{errors}</ul>
                </div>
            }
        })
    };
    summary.into_any()
}

/// Whether what was entered is on the phone.
pub fn note(filling: &Arc<Filling>, language: &str) -> AnyView {
    let (note, language) = (filling.drafts.note.clone(), language.to_owned());
    let said = move || {
        let words = words(&language);
        match note.get() {
            Note::Nothing => String::new(),
            Note::Saved(at) => {
                words.draft_saved.replace("{time}", &time_of_day(at as f64, &language))
            }
            Note::Failed => words.draft_failed.to_owned(),
            Note::NoStorage => words.no_storage.to_owned(),
        }
    };
    view! { <p class="note" role="status" data-eform="status">{said}</p> }.into_any()
}
