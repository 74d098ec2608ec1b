//! «My submissions»: every draft and submission of this phone, its state, and what can be done.

use std::sync::Arc;

use eform::Text;
use eform_outbox::{Action, Draft, Record, State, actions};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::done::send_now;
use super::{back, heading};
use crate::browser::moment;
use crate::dom::{El, button, div, el};
use crate::filling::Filling;
use crate::outbox::outbox;
use crate::screen::Screen;
use crate::shelf::Shelf;
use crate::words::{LaterWords, later_words};

/// The screen of one form: its own submissions.
pub fn screen(filling: &Arc<Filling>, language: &str) -> El {
    let words = later_words(language);
    let (this, form) = (Arc::clone(filling), filling.form().definition().id.clone());
    let open = move |record: &Record| {
        let (this, id) = (Arc::clone(&this), record.id.clone());
        let open = button("link", words.open).attr("data-action", "open");
        open.click(move || this.go(Screen::Done(id.clone())))
    };
    let again = Arc::clone(filling);
    let again = filling.drafts.submitted().is_some().then(|| {
        let again = Arc::clone(&again);
        button("secondary", words.another).click(move || again.start_anew())
    });
    el("div")
        .child(div("way").child(back(filling, words.first)))
        .child(heading(words.first.mine))
        .child(list(&filling.shelf, language, Some(form), Box::new(open), Box::new(|_| el("span"))))
        .child(div("actions quiet").maybe(again))
}

/// The list: of one form, or of all. `open` and `go_on` give the ways to a submission and a draft.
pub fn list(
    shelf: &Shelf,
    language: &str,
    form: Option<String>,
    open: Box<dyn Fn(&Record) -> El>,
    go_on: Box<dyn Fn(&Draft) -> El>,
) -> El {
    let (shelf, language) = (shelf.clone(), language.to_owned());
    el("div").part(move || {
        let words = later_words(&language);
        let mut cards = el("ul").class("cards");
        let mut any = false;
        if form.is_none() {
            for draft in shelf.drafts.get().iter().rev() {
                let when = draft.form.clone() + " · " + &moment(draft.updated_at as f64, &language);
                let card = el("li").class("card").attr("data-state", "draft");
                let card = card.child(el("p").class("state").text(words.draft));
                let card = card.child(el("p").class("hint").text(&when));
                cards = cards.child(card.child(div("actions").child(go_on(draft))));
                any = true;
            }
        }
        for record in shelf.records.get().iter().rev() {
            if form.as_deref().is_none_or(|form| form == record.form) {
                cards = cards.child(card(record, &language, open(record)));
                any = true;
            }
        }
        Some(if any { cards } else { el("p").class("hint").text(words.mine_empty) })
    })
}

fn card(record: &Record, language: &str, open: El) -> El {
    let words = later_words(language);
    let title = Text::from_value(record.title.clone()).unwrap_or_default();
    let reference = record.receipt.as_ref().map(|receipt| {
        let number = el("strong").attr("data-eform-reference", "").text(&receipt.reference);
        el("p").text(words.reference).text(" ").child(number)
    });
    let can = |action: Action| actions(record).contains(&action);
    let saved = words.saved_on_phone.to_owned() + " " + &moment(record.saved_at as f64, language);
    let ways = div("actions")
        .child(open)
        .maybe(can(Action::SendNow).then(|| send_now("link", record.id.clone(), words)))
        .maybe(can(Action::Delete).then(|| delete(record, words)));
    let class = "state ".to_owned() + record.state.code();
    el("li")
        .class("card")
        .attr("data-eform", "submission")
        .attr("data-state", record.state.code())
        .attr("data-id", &record.id)
        .child(el("p").class(&class).text(state(record.state, words)))
        .child(el("p").child(el("strong").text(title.get(language))))
        .maybe(reference)
        .child(el("p").class("hint").text(&saved))
        .child(ways)
}

/// «Delete», asked twice.
fn delete(record: &Record, words: &'static LaterWords) -> El {
    let asked = RwSignal::new(false);
    let id = record.id.clone();
    let sure = if record.receipt.is_some() { words.delete_received } else { words.delete_sure };
    div("asked").part(move || {
        if !asked.get() {
            let ask = button("link", words.delete).attr("data-action", "delete");
            return Some(ask.click(move || asked.set(true)));
        }
        let id = id.clone();
        let delete = button("danger", sure).attr("data-action", "delete-sure").click(move || {
            let id = id.clone();
            spawn_local(async move {
                if let Ok(outbox) = outbox().await {
                    // While it is being sent it stays; the list shows what is there.
                    _ = outbox.delete(&id).await;
                }
            });
        });
        let keep = button("link", words.keep).click(move || asked.set(false));
        Some(el("div").child(delete).child(keep))
    })
}

fn state(state: State, words: &LaterWords) -> &'static str {
    match state {
        State::Queued => words.state_queued,
        State::Sending => words.state_sending,
        State::Received => words.state_received,
        State::Attention => words.state_attention,
        State::Replaced => words.state_replaced,
    }
}
