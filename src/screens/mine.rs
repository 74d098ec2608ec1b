//! «My submissions»: every draft and submission of this phone, its state, and what can be done.

use std::rc::Rc;
use std::sync::Arc;

use eform::Text;
use eform_outbox::{Action, Draft, Record, State, actions};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use super::done::{InTime, in_time, may_be_wiped, send_now, settled};
use super::services::address;
use super::{back, heading, open_file, pin, save_file};
use crate::browser::{after_render, moment};
use crate::by_name;
use crate::dom::{El, button, div, el};
use crate::filling::Filling;
use crate::installing;
use crate::outbox::outbox;
use crate::screen::Screen;
use crate::shelf::Shelf;
use crate::words::{LaterWords, is_thai, later_words};

/// The screen of one form: its own drafts and submissions.
pub fn screen(filling: &Arc<Filling>, language: &str) -> El {
    let words = later_words(language);
    filling.save_now();
    {
        let this = Arc::clone(filling);
        spawn_local(async move { this.refresh_shelf().await });
    }
    let (this, id) = (Arc::clone(filling), filling.form().definition().id.clone());
    let open = move |record: &Record| {
        let (this, id) = (Arc::clone(&this), record.id.clone());
        let open = button("link", words.open).attr("data-action", "open");
        Some(open.click(move || this.go(Screen::Done(id.clone()))))
    };
    let this = Arc::clone(filling);
    let go_on = move |draft: &Draft| {
        let (this, key) = (Arc::clone(&this), draft.key.clone());
        let go_on = button("link", words.first.go_on).attr("data-action", "go-on");
        go_on.click(move || this.switch_to(key.clone()))
    };
    let this = Arc::clone(filling);
    let forget = move |key: String, id: String| this.delete_draft(key, id);
    let title = filling.form().text(&filling.form().definition().title, language).to_owned();
    let again = Arc::clone(filling);
    let again = filling.drafts.submitted().is_some().then(|| {
        let again = Arc::clone(&again);
        button("secondary", words.another).click(move || again.start_anew())
    });
    let drafts = OfDrafts {
        go_on: Box::new(go_on),
        forget: Rc::new(forget),
        title: Box::new(move |_| title.clone()),
    };
    let ways =
        Ways { lists: Rc::new(move |form| form == id), open: Box::new(open), drafts: Some(drafts) };
    el("div")
        .child(div("way").child(back(filling, words.first)))
        .child(heading(words.mine))
        .child(list(&filling.shelf, language, ways))
        .maybe(open_file::view(language))
        .maybe(filling.others.shared.is_none().then(|| of_other_forms(filling, language)))
        .maybe((!filling.others.are_there()).then(|| pin::view(language)))
        .maybe((!filling.others.are_there()).then(|| installing::view(language)))
        .child(div("actions quiet").maybe(again))
        .maybe((!filling.others.are_there()).then(|| wiped(&filling.shelf, language)))
}

/// What this phone keeps to be sent of the site's other forms: it may have come as a file, and waits here too.
fn of_other_forms(filling: &Arc<Filling>, language: &str) -> El {
    let (id, shelf) = (filling.form().definition().id.clone(), filling.shelf.clone());
    let (language, leads_there) = (language.to_owned(), filling.standalone);
    let (of, records) = (id.clone(), shelf.records.clone());
    let is_one =
        Memo::new(move |_| records.with(|records| records.iter().any(|record| record.form != of)));
    el("div").part(move || {
        if !is_one.get() {
            return None;
        }
        let (id, words, tongue) = (id.clone(), later_words(&language), language.clone());
        let open = move |record: &Record| {
            let href = address(&record.form, &tongue, Some(("show", &record.id)));
            let link = el("a").attr("href", &href).attr("data-action", "open").text(words.open);
            leads_there.then_some(link)
        };
        let lists = Rc::new(move |form: &str| form != id);
        let ways = Ways { lists, open: Box::new(open), drafts: None };
        let title = el("h2").text(words.other_forms);
        Some(el("div").child(title).child(list(&shelf, &language, ways)))
    })
}

/// «Begin a new one», where a draft is there to go on with.
pub fn anew(filling: &Arc<Filling>, language: &str) -> Option<El> {
    let this = Arc::clone(filling);
    filling.drafts.is_begun().then(|| {
        let anew = button("secondary", later_words(language).anew).attr("data-action", "anew");
        anew.click(move || this.start_anew())
    })
}

/// How many submissions are drawn at first, and how many more each time: a phone may have thousands.
const STEP: usize = 50;

/// Whether what is of a form is in a list.
pub type Lists = Rc<dyn Fn(&str) -> bool>;

/// The way to a submission, where there is one.
pub type Open = Box<dyn Fn(&Record) -> Option<El>>;

/// What is in a list, and what can be done with it.
pub struct Ways {
    /// Whether what is of this form is in it.
    pub lists: Lists,
    /// The way to a submission; none where this page has none.
    pub open: Open,
    /// What can be done with drafts; none where they are not in it.
    pub drafts: Option<OfDrafts>,
}

/// What can be done with drafts.
pub struct OfDrafts {
    /// The way to a draft.
    pub go_on: Box<dyn Fn(&Draft) -> El>,
    /// Deletes the draft under a key, of an id.
    pub forget: Rc<dyn Fn(String, String)>,
    /// What a form of this id is called.
    pub title: Box<dyn Fn(&str) -> String>,
}

/// What of the list is on the screen. What is not may change as often as it likes.
#[derive(Clone, PartialEq)]
struct Shown {
    drafts: Vec<Draft>,
    /// The ids of submissions, each of which is followed by itself.
    records: Vec<String>,
    /// How many submissions are not.
    more: usize,
}

/// The list: drafts first, the newest on top.
pub fn list(shelf: &Shelf, language: &str, ways: Ways) -> El {
    let (most, language) = (RwSignal::new(STEP), language.to_owned());
    let (all, shelf, lists) =
        (shelf.clone(), shelf.clone(), SendWrapper::new(Rc::clone(&ways.lists)));
    let has_drafts = ways.drafts.is_some();
    let shown = Memo::new(move |_| {
        let mut shown = on_screen(&all, &**lists, most.get());
        if !has_drafts {
            shown.drafts.clear();
        }
        shown
    });
    let ways = Rc::new(ways);
    let around = el("div");
    let inside = around.clone();
    around.part(move || {
        let words = later_words(&language);
        let Shown { drafts, records, more } = shown.get();
        if drafts.is_empty() && records.is_empty() {
            return Some(el("p").class("hint").text(words.mine_empty));
        }
        let mut cards = el("ul").class("cards");
        for (draft, ways) in drafts.iter().zip(ways.drafts.iter().cycle()) {
            cards = cards.child(of_draft(draft, &language, ways));
        }
        let (inside, drawn) = (inside.clone(), drafts.len() + records.len());
        for id in records {
            let (shelf, ways, language) = (shelf.clone(), Rc::clone(&ways), language.clone());
            let now = Memo::new(move |_| shelf.record(&id));
            let record = Memo::new(move |_| now.with(|now| now.as_ref().map(settled)));
            cards = cards.part(move || {
                let record = record.get()?;
                Some(untrack(|| card(&record, now, &language, (ways.open)(&record))))
            });
        }
        let further = (more > 0).then(|| {
            let label = words.show_more.replace("{n}", &more.to_string());
            button("secondary", &label).attr("data-action", "more").click(move || {
                most.update(|most| *most += STEP);
                let inside = inside.clone();
                // Where one would read on.
                let number = (drawn + 1).to_string();
                let first = ["li:nth-child(", &number, ") [data-action=open]"].concat();
                after_render(move || focus(&inside, &first));
            })
        });
        Some(el("div").child(cards).maybe(further))
    })
}

/// « · Needs your attention: 2», where some of these submissions do; followed as they change.
pub fn wanting(shelf: &Shelf, is_meant: impl Fn(&Record) -> bool, words: &LaterWords) -> String {
    let wants = |record: &&Record| record.state == State::Attention && is_meant(record);
    match shelf.records.with(|records| records.iter().filter(wants).count()) {
        0 => String::new(),
        count => [" · ", words.state_attention, ": ", &*count.to_string()].concat(),
    }
}

/// That what has not been sent, of any form, may be wiped, and by which day to come back. It comes late: it
/// is for below everything that somebody may be about to tap.
pub fn wiped(shelf: &Shelf, language: &str) -> El {
    let shelf = shelf.clone();
    let left = move || {
        let is_draft = || shelf.drafts.with(|drafts| drafts.iter().any(Draft::is_readable));
        let asks = |way: &InTime| {
            let is_one = |record: &Record| in_time(record) == Some(*way);
            shelf.records.with(|records| records.iter().any(is_one))
                || (*way == InTime::Finish && is_draft())
        };
        [InTime::Open, InTime::Finish, InTime::Keep].into_iter().filter(asks).collect()
    };
    may_be_wiped(left, None, language)
}

fn on_screen(shelf: &Shelf, is_wanted: &dyn Fn(&str) -> bool, most: usize) -> Shown {
    let mut drafts = shelf.drafts.get();
    drafts.retain(|draft| is_wanted(&draft.form));
    drafts.sort_by_key(|draft| -draft.updated_at);
    shelf.records.with(|records| {
        let mut wanted = records.iter().rev().filter(|record| is_wanted(&record.form));
        let records = wanted.by_ref().take(most).map(|record| record.id.clone()).collect();
        Shown { drafts, records, more: wanted.count() }
    })
}

fn of_draft(draft: &Draft, language: &str, ways: &OfDrafts) -> El {
    let words = later_words(language);
    let when = words.last_changed.to_owned() + " " + &moment(draft.updated_at as f64, language);
    let (draft_key, id, forget) = (draft.key.clone(), draft.id.clone(), Rc::clone(&ways.forget));
    let act = move || forget(draft_key.clone(), id.clone());
    let delete = sure(move || words.draft_delete_sure, language, act);
    let is_readable = draft.is_readable();
    let go_on = is_readable.then(|| (ways.go_on)(draft));
    let actions = div("actions").maybe(go_on).child(delete);
    let lost = (!is_readable).then(|| el("p").class("found error").text(words.draft_unreadable));
    el("li")
        .class("card")
        .attr("data-state", "draft")
        .child(el("p").class("state draft").text(words.draft))
        .child(el("p").child(el("strong").text(&(ways.title)(&draft.form))))
        .child(el("p").class("hint").text(&when))
        .maybe(lost)
        .child(actions)
}

/// `now` is the record with what changes with every try to send it: what somebody is about to tap stays
/// where it is meanwhile.
fn card(record: &Record, now: Memo<Option<Record>>, language: &str, open: Option<El>) -> El {
    let words = later_words(language);
    let title = Text::from_value(record.title.clone()).unwrap_or_default();
    let reference = record.receipt.as_ref().map(|receipt| {
        let number = el("strong").attr("data-eform-reference", "").text(&receipt.reference);
        el("p").text(words.reference).text(" ").child(number)
    });
    let can = |action: Action| actions(record).contains(&action);
    let saved = words.saved_on_phone.to_owned() + " " + &moment(record.saved_at as f64, language);
    let (save, filed) = save_file::view(record, "link", language).unzip();
    let ways = div("actions")
        .maybe(open)
        .maybe(can(Action::SendNow).then(|| send_now("link", record.id.clone(), language)))
        .maybe(save)
        .maybe(can(Action::Delete).then(|| delete(record, language)));
    let stands = move || now.with(|now| now.as_ref().map(|now| now.state));
    let code = move || stands().map(|state| state.code().to_owned());
    let class = move || stands().map(|state| "state ".to_owned() + state.code());
    let state = move || stands().map_or_else(String::new, |now| state(now, words).to_owned());
    el("li")
        .class("card")
        .attr("data-eform", "submission")
        .follow("data-state", code)
        .attr("data-id", &record.id)
        .child(el("p").follow("class", class).say(state))
        .child(el("p").child(el("strong").text(title.get(language))))
        .maybe(reference)
        .child(el("p").class("hint").text(&saved))
        .child(ways)
        .maybe(filed)
}

/// «Delete» of a submission.
pub fn delete(record: &Record, language: &str) -> El {
    let (id, of, words) = (record.id.clone(), record.id.clone(), later_words(language));
    let is_received = record.receipt.is_some();
    // It may have been saved as a file meanwhile.
    let asked = move || match is_received {
        true => words.delete_received,
        false if save_file::is_made(&of) => words.delete_filed,
        false => words.delete_sure,
    };
    let stays = RwSignal::new(false);
    let delete = sure(asked, language, move || {
        let id = id.clone();
        stays.set(false);
        spawn_local(async move {
            let deleted = async { outbox().await?.delete(&id, is_received).await }.await;
            // The card may be gone by now, and what is said there with it.
            _ = stays.try_set(deleted != Ok(true));
        });
    });
    let said = el("div")
        .attr("role", "alert")
        .part(move || stays.get().then(|| el("p").class("found error").text(words.not_deleted)));
    el("div").child(delete).child(said)
}

/// «Delete», asked twice: `asked` says what it means.
pub fn sure(
    asked: impl Fn() -> &'static str + 'static,
    language: &str,
    act: impl Fn() + 'static,
) -> El {
    sure_of(("delete", Action::Delete.label(is_thai(language))), asked, language, act)
}

/// Something of this name asked twice: `asked` says what it means. The focus follows what is asked.
pub fn sure_of(
    (name, label): (&'static str, &'static str),
    asked: impl Fn() -> &'static str + 'static,
    language: &str,
    act: impl Fn() + 'static,
) -> El {
    let words = later_words(language);
    let (is_asked, act) = (RwSignal::new(false), Rc::new(act));
    let around = div("asked");
    let inside = around.clone();
    around.part(move || {
        let turn = |to: bool| {
            let inside = inside.clone();
            move || {
                is_asked.set(to);
                let inside = inside.clone();
                after_render(move || focus(&inside, "button"));
            }
        };
        if !is_asked.get() {
            let ask = button("link", label).attr("data-action", name);
            return Some(ask.click(turn(true)));
        }
        let act = Rc::clone(&act);
        let delete = button("danger", asked()).attr("data-action", &[name, "-sure"].concat());
        let keep = button("link", words.keep).attr("data-action", "keep").click(turn(false));
        // The harmless one comes first, and has the focus.
        Some(el("div").child(keep).child(delete.click(move || act())))
    })
}

fn focus(inside: &El, selector: &str) {
    if let Some(button) = inside.find(selector) {
        // A button that is gone does not take the focus.
        _ = by_name::call(&button, "focus", &[]);
    }
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
