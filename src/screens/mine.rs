//! «My submissions»: every draft and submission of this phone, its state, and what can be done.

use std::sync::Arc;

use eform::Text;
use eform_outbox::{Action, Draft, Record, State, actions};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::done::send_now;
use crate::browser::moment;
use crate::filling::Filling;
use crate::outbox::outbox;
use crate::screen::Screen;
use crate::shelf::Shelf;
use crate::words::{Words, words};

/// The screen of one form: its own submissions.
pub fn screen(filling: &Arc<Filling>, language: &str) -> AnyView {
    let words = words(language);
    let (this, form) = (Arc::clone(filling), filling.form.definition().id.clone());
    let open = move |record: &Record| {
        let (this, id) = (Arc::clone(&this), record.id.clone());
        let go = move |_| this.go(Screen::Done(id.clone()));
        view! { <button type="button" class="link" data-action="open" on:click=go>{words.open}</button> }.into_any()
    };
    let again = {
        let this = Arc::clone(filling);
        move |_| this.start_anew()
    };
    let again = filling.drafts.submitted().is_some().then(|| {
        view! { <button type="button" class="secondary" on:click=again>{words.another}</button> }
    });
    view! {
        <div class="way">{super::back(filling, words)}</div>
        <h1 tabindex="-1">{words.mine}</h1>
        {list(&filling.shelf, language, Some(form), open, |_| ().into_any())}
        <div class="actions quiet">{again}</div>
    }
    .into_any()
}

/// The list: of one form, or of all. `open` and `go_on` give the ways to a submission and a draft.
pub fn list(
    shelf: &Shelf,
    language: &str,
    form: Option<String>,
    open: impl Fn(&Record) -> AnyView + Send + 'static,
    go_on: impl Fn(&Draft) -> AnyView + Send + 'static,
) -> AnyView {
    let (shelf, language) = (shelf.clone(), language.to_owned());
    let content = move || {
        let words = words(&language);
        let of_form = |id: &str| form.as_deref().is_none_or(|form| form == id);
        let mut records = shelf.records.get();
        records.retain(|record| of_form(&record.form));
        let mut drafts = shelf.drafts.get();
        drafts.retain(|draft| form.is_none() && of_form(&draft.form));
        if records.is_empty() && drafts.is_empty() {
            return view! { <p class="hint">{words.mine_empty}</p> }.into_any();
        }
        let drafts = drafts.iter().rev().map(|draft| {
            view! {
                <li class="card" data-state="draft">
                    <p class="state">{words.draft}</p>
                    <p class="hint">{draft.form.clone()}" · "{moment(draft.updated_at as f64, &language)}</p>
                    <div class="actions">{go_on(draft)}</div>
                </li>
            }
        });
        let records = records.iter().rev().map(|record| card(record, &language, open(record)));
        view! { <ul class="cards">{drafts.collect_view()}{records.collect_view()}</ul> }.into_any()
    };
    content.into_any()
}

fn card(record: &Record, language: &str, open: AnyView) -> AnyView {
    let words = words(language);
    let title: Text = serde_json::from_value(record.title.clone()).unwrap_or_default();
    let reference = record.receipt.as_ref().map(|receipt| {
        view! { <p>{words.reference}" "<strong data-eform-reference>{receipt.reference.clone()}</strong></p> }
    });
    let can = |action: Action| actions(record).contains(&action);
    let id = record.id.clone();
    let send = can(Action::SendNow).then(|| {
        let send = move |_| send_now(id.clone());
        view! { <button type="button" class="link" data-action="send-now" on:click=send>{words.send_now}</button> }
    });
    view! {
        <li class="card" data-eform="submission" data-state=record.state.code() data-id=record.id.clone()>
            <p class=format!("state {}", record.state.code())>{state(record.state, words)}</p>
            <p><strong>{title.get(language).to_owned()}</strong></p>
            {reference}
            <p class="hint">{words.saved_on_phone}" "{moment(record.saved_at as f64, language)}</p>
            <div class="actions">
                {open}
                {send}
                {can(Action::Delete).then(|| delete(record, words))}
            </div>
        </li>
    }
    .into_any()
}

/// «Delete», asked twice.
fn delete(record: &Record, words: &'static Words) -> AnyView {
    let asked = ArcRwSignal::new(false);
    let id = record.id.clone();
    let sure = if record.receipt.is_some() { words.delete_received } else { words.delete_sure };
    let button = move || {
        let (ask, keep, id) = (asked.clone(), asked.clone(), id.clone());
        if !asked.get() {
            let ask = move |_| ask.set(true);
            return view! { <button type="button" class="link" data-action="delete" on:click=ask>{words.delete}</button> }.into_any();
        }
        let delete = move |_| {
            let id = id.clone();
            spawn_local(async move {
                if let Ok(outbox) = outbox().await {
                    // While it is being sent it stays; the list shows what is there.
                    _ = outbox.delete(&id).await;
                }
            });
        };
        view! {
            <button type="button" class="danger" data-action="delete-sure" on:click=delete>{sure}</button>
            <button type="button" class="link" on:click=move |_| keep.set(false)>{words.keep}</button>
        }
        .into_any()
    };
    button.into_any()
}

fn state(state: State, words: &Words) -> &'static str {
    match state {
        State::Queued => words.state_queued,
        State::Sending => words.state_sending,
        State::Received => words.state_received,
        State::Attention => words.state_attention,
        State::Replaced => words.state_replaced,
    }
}
