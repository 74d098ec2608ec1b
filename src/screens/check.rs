//! All answers in words, each with «change», and «submit».

use std::sync::Arc;

use leptos::prelude::*;

use crate::filling::Filling;
use crate::screen::Screen;
use crate::words::words;

/// The check of the answers.
pub fn view(filling: &Arc<Filling>, language: &str) -> AnyView {
    let words = words(language);
    let pages =
        untrack(|| filling.shown_pages()).into_iter().map(|page| section(filling, page, language));
    let (submit, submitting, failed) =
        (Arc::clone(filling), filling.submitting.clone(), filling.submit_failed.clone());
    let label = {
        let submitting = submitting.clone();
        move || if submitting.get() { words.submitting } else { words.submit }
    };
    let trouble = move || {
        failed.get().then(|| {
            view! { <p class="summary" role="alert" tabindex="-1" data-part="failed">{words.submit_failed}</p> }
        })
    };
    view! {
        <div class="way">{super::back(filling, words)}</div>
        <h1 tabindex="-1">{words.check_title}</h1>
        <p class="intro">{words.check_intro}</p>
        {pages.collect_view()}
        {trouble}
        <p class="hint">{words.submit_intro}</p>
        <div class="actions">
            <button
                type="button"
                class="primary"
                data-eform="submit"
                aria-disabled=move || submitting.get().then_some("true")
                on:click=move |_| submit.submit()
            >
                {label}
            </button>
        </div>
        {super::page::note(filling, language)}
    }
    .into_any()
}

fn section(filling: &Arc<Filling>, page: usize, language: &str) -> AnyView {
    let form = &filling.form;
    let shown = form.fields_of(page).filter(|index| untrack(|| filling.is_shown(*index)));
    let rows = shown.map(|index| row(filling, page, index, language));
    view! {
        <section class="answers">
            <h2>{form.text(&form.page(page).title, language).to_owned()}</h2>
            <dl>{rows.collect_view()}</dl>
        </section>
    }
    .into_any()
}

fn row(filling: &Arc<Filling>, page: usize, index: usize, language: &str) -> AnyView {
    let (words, form) = (words(language), &filling.form);
    let label = form.text(&form.field(index).label, language).to_owned();
    let answer = untrack(|| filling.answer(index));
    let (said, class) = match &answer {
        Some(answer) => (form.in_words(index, answer, language), "answer"),
        None => (words.no_answer.to_owned(), "answer none"),
    };
    let warning = filling.finding(index).get_untracked().filter(|finding| !finding.is_error());
    let warning = warning
        .map(|finding| view! { <p class="found warning">{form.message(&finding, language)}</p> });
    let this = Arc::clone(filling);
    let change = move |_| {
        this.go(Screen::Change(page));
        this.focus_later(&crate::fields::focus_target(this.form.field(index)));
    };
    view! {
        <div class="row" data-field=form.field(index).id.clone()>
            <dt>{label.clone()}</dt>
            <dd class=class>{said}{warning}</dd>
            <dd class="change">
                <button type="button" class="link" data-eform="change" on:click=change>
                    {words.change}<span class="unseen">" "{label}</span>
                </button>
            </dd>
        </div>
    }
    .into_any()
}
