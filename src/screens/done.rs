//! One submission: what is saved on this phone and what the agency has received, kept apart.

use std::sync::Arc;

use eform_outbox::{Action, Record, State, TroubleKind, actions};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::{milliseconds, moment};
use crate::filling::Filling;
use crate::outbox::outbox;
use crate::screen::Screen;
use crate::words::{Words, words};

/// The submission with this id, followed as it changes.
pub fn view(filling: &Arc<Filling>, id: String, language: &str) -> AnyView {
    let words = words(language);
    let again = {
        let this = Arc::clone(filling);
        move |_| this.start_anew()
    };
    let mine = {
        let this = Arc::clone(filling);
        move |_| this.go(Screen::Mine)
    };
    let (this, language) = (Arc::clone(filling), language.to_owned());
    let shown = id.clone();
    let record = ArcMemo::new(move |_| this.shelf.record(&shown));
    let (this, loaded) = (Arc::clone(filling), filling.shelf.loaded.clone());
    let content = move || match record.get() {
        Some(record) => submission(&this, &record, &language),
        None if loaded.get() => {
            view! { <h1 tabindex="-1">{words.mine}</h1><p>{words.submission_gone}</p> }.into_any()
        }
        None => ().into_any(),
    };
    view! {
        {content}
        <div class="actions quiet">
            <button type="button" class="secondary" on:click=again>{words.another}</button>
            <button type="button" class="secondary" on:click=mine>{words.mine}</button>
        </div>
    }
    .into_any()
}

fn submission(filling: &Arc<Filling>, record: &Record, language: &str) -> AnyView {
    let words = words(language);
    let (class, title, text) = match record.state {
        State::Received => ("panel received", words.received_title, words.received_text),
        State::Attention => ("panel attention", words.attention_title, trouble(record, words)),
        State::Queued | State::Sending | State::Replaced => {
            ("panel saved", words.saved_title, words.saved_text)
        }
    };
    let received = record.receipt.as_ref().map(|receipt| {
        let at = milliseconds(&receipt.received_at).map(|at| moment(at, language));
        (at.unwrap_or_default(), receipt.reference.clone())
    });
    let reference = received.as_ref().map(|(_, reference)| {
        view! {
            <div class="reference">
                <p>{words.reference}</p>
                <p class="number" data-eform-reference>{reference.clone()}</p>
                <p class="hint">{words.keep_reference}</p>
            </div>
        }
    });
    let received = match (received, record.state) {
        (Some((at, _)), _) => at,
        (None, State::Sending) => words.sending.to_owned(),
        (None, _) => words.not_yet.to_owned(),
    };
    let waits = matches!(record.state, State::Queued | State::Sending);
    let done = record.receipt.is_some();
    view! {
        <div data-eform="submission" data-state=record.state.code() data-id=record.id.clone()>
            <div class=class role="status" data-eform="status">
                <h1 tabindex="-1">{title}</h1>
                <p>{text}</p>
            </div>
            {reference}
            <ol class="stages">
                <li class="done">
                    <span>{words.saved_on_phone}</span>
                    <span>{moment(record.saved_at as f64, language)}</span>
                </li>
                <li class:done=done>
                    <span>{words.received_by_agency}</span>
                    <span>{received}</span>
                </li>
            </ol>
            {errors(filling, record, language)}
            {waits.then(|| view! { <p class="hint">{words.next_waiting}</p> })}
            {buttons(filling, record, words)}
        </div>
    }
    .into_any()
}

fn trouble(record: &Record, words: &Words) -> &'static str {
    match record.trouble.as_ref().map(|trouble| trouble.kind) {
        Some(TroubleKind::Refused) | None => words.refused,
        Some(TroubleKind::NotAllowed) => words.not_allowed,
        Some(TroubleKind::Conflict) => words.conflict,
        Some(TroubleKind::Unreadable) => words.unreadable,
    }
}

/// What the agency found, in the citizen's language where this form knows the code.
fn errors(filling: &Arc<Filling>, record: &Record, language: &str) -> Option<AnyView> {
    let trouble = record.trouble.as_ref()?;
    let said = trouble.errors.iter().map(|error| {
        let finding = eform::Finding {
            path: error.pointer.clone(),
            code: error.code.clone().into(),
            params: error.params.clone(),
            severity: eform::Severity::Error,
        };
        let label = filling.form.index_at(&error.pointer).map(|index| {
            filling.form.text(&filling.form.field(index).label, language).to_owned() + ": "
        });
        view! { <li>{label}{filling.form.message(&finding, language)}</li> }
    });
    let said: Vec<_> = said.collect();
    (!said.is_empty()).then(|| view! { <ul class="refusals">{said}</ul> }.into_any())
}

/// What can be done with a submission in its state.
fn buttons(filling: &Arc<Filling>, record: &Record, words: &'static Words) -> AnyView {
    let button = |action: &Action| {
        let (this, id) = (Arc::clone(filling), record.id.clone());
        match action {
            Action::SendNow => {
                let send = move |_| send_now(id.clone());
                Some(view! { <button type="button" class="secondary" data-action="send-now" on:click=send>{words.send_now}</button> }.into_any())
            }
            Action::Mend => {
                let mend = move |_| this.mend(id.clone());
                Some(view! { <button type="button" class="primary" data-action="mend" on:click=mend>{words.mend}</button> }.into_any())
            }
            Action::Delete | Action::SaveFile => None,
        }
    };
    let buttons: Vec<_> = actions(record).iter().filter_map(button).collect();
    view! { <div class="actions">{buttons}</div> }.into_any()
}

/// «Send now».
pub fn send_now(id: String) {
    spawn_local(async move {
        if let Ok(outbox) = outbox().await {
            // What becomes of it shows in its state.
            _ = outbox.send_now(&id).await;
        }
    });
}
