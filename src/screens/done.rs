//! One submission: what is saved on this phone and what the agency has received, kept apart.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use eform::fields::attachment::size_in_words;
use eform_outbox::{Action, End, EndWords, Record, State, Upload, actions, platform};
use js_sys::Function;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};

use super::{copy, heading, mine, save_file};
use crate::browser::{by_day, member, milliseconds, moment};
use crate::by_name;
use crate::dom::{El, button, div, el};
use crate::drafts::Note;
use crate::filling::Filling;
use crate::outbox::outbox;
use crate::screen::Screen;
use crate::words::{LaterWords, is_thai, later_words};
use crate::{installing, signing_in};

/// For how long, in milliseconds, a tap still belongs to the screen before.
const QUICK_TAPS: i64 = 700;

/// The submission with this id, followed as it changes.
pub fn view(filling: &Arc<Filling>, id: String, language: &str) -> El {
    let words = later_words(language);
    let (again, mine) = (Arc::clone(filling), Arc::clone(filling));
    let (this, loaded, language) =
        (Arc::clone(filling), filling.shelf.loaded.clone(), language.to_owned());
    let shelf = filling.shelf.clone();
    let (may_show, of) = (filling.may_show(&id), id.clone());
    let record = Memo::new(move |_| shelf.record(&of).filter(|_| may_show));
    // The last of several quick taps on «submit» is not meant for what stands there now.
    let drawn = platform::now();
    let meant = move || platform::now() - drawn > QUICK_TAPS;
    let another = button("secondary", words.another).attr("data-action", "another");
    let another = another.click(move || {
        if meant() {
            again.start_anew();
        }
    });
    let all = button("secondary", words.mine).attr("data-action", "mine");
    let all = all.click(move || {
        if meant() {
            mine.go(Screen::Mine);
        }
    });
    let quiet = div("actions quiet").child(another).child(all);
    // On a device of many the way to the next person stands above.
    let quiet = (!filling.others.are_there()).then_some(quiet);
    let copy = copy::view(filling, id.clone(), &language);
    let (head, state, number) = (record, record, record);
    let (can_sign_in, tongue) = (signing_in::address(filling).is_some(), language.clone());
    let said = move |record: &Record| said(record, can_sign_in, &tongue);
    let (titled, told) = (said.clone(), said.clone());
    // The status is there before its words, so that each change is announced, and stays as it is
    // otherwise: the focus may be in it.
    let title = heading("").say(move || match head.get() {
        Some(record) => titled(&record).1.title.to_owned(),
        None if loaded.get() => words.mine.to_owned(),
        None => String::new(),
    });
    let gone = filling.shelf.loaded.clone();
    let text = el("p").say(move || match head.get() {
        Some(record) => told(&record).1.text.to_owned(),
        None if gone.get() => words.submission_gone.to_owned(),
        None => String::new(),
    });
    let class = move || Some(head.get().map_or("panel", |record| said(&record).0).to_owned());
    let panel = el("div").attr("role", "status").attr("data-eform", "status");
    let panel = panel.follow("class", class).child(title).child(text);
    let rest = Memo::new(move |_| record.get().map(|record| settled(&record)));
    el("div")
        .follow("data-eform", move || state.get().map(|_| "submission".to_owned()))
        .follow("data-state", move || state.get().map(|record| record.state.code().to_owned()))
        .follow("data-id", move || number.get().map(|record| record.id))
        .child(panel)
        .part(move || {
            let rest = rest.get()?;
            Some(untrack(|| submission(&this, &rest, record, &language)))
        })
        .maybe(quiet)
        .child(copy)
}

/// How the panel looks and what it says.
fn said(record: &Record, can_sign_in: bool, language: &str) -> (&'static str, EndWords) {
    let class = match record.state {
        State::Received => "panel received",
        State::Attention => "panel attention",
        State::Queued | State::Sending | State::Replaced => "panel saved",
    };
    (class, *End::of(record, can_sign_in).words(is_thai(language)))
}

/// The record without what changes with every try to send it.
pub fn settled(record: &Record) -> Record {
    let mut record = record.clone();
    if record.state == State::Sending {
        record.state = State::Queued;
    }
    (record.attempts, record.next_at, record.last, record.lease) = (0, 0, None, None);
    record.uploads.iter_mut().for_each(|upload| (upload.sent, upload.address) = (0, None));
    record
}

/// How far the files are that go before the submission: the bytes that have arrived, and all.
fn files_sent(record: &Record) -> Option<(u64, u64)> {
    let sum = |of: fn(&Upload) -> u64| record.uploads.iter().map(of).sum::<u64>();
    let is_on_its_way = matches!(record.state, State::Queued | State::Sending);
    let (sent, all) = (sum(|upload| upload.sent), sum(|upload| upload.size));
    (is_on_its_way && all > 0).then_some((sent, all))
}

/// The same, as words and as a bar.
fn files_on_their_way(now: Memo<Option<Record>>, words: &'static LaterWords) -> El {
    let far = Memo::new(move |_| now.get().as_ref().and_then(files_sent));
    let is_there = Memo::new(move |_| far.get().is_some());
    el("div").part(move || {
        if !is_there.get() {
            return None;
        }
        let far = move || far.get().unwrap_or_default();
        let said = move || {
            let (sent, all) = far();
            let size = |bytes| if bytes == 0 { "0".to_owned() } else { size_in_words(bytes) };
            words.files_sent.replace("{sent}", &size(sent)).replace("{all}", &size(all))
        };
        let percent = move || {
            let (sent, all) = far();
            Some((sent.saturating_mul(100) / all.max(1)).to_string())
        };
        let bar = el("progress").attr("max", "100").follow("value", percent);
        let bar = bar.attr("aria-hidden", "true");
        let words = el("p").class("hint").attr("data-part", "files-sent").say(said);
        Some(div("files-sent").child(words).child(bar))
    })
}

/// What stands below the panel. `now` is the record with what changes with every try.
fn submission(
    filling: &Arc<Filling>,
    record: &Record,
    now: Memo<Option<Record>>,
    language: &str,
) -> El {
    let words = later_words(language);
    let receipt = record.receipt.as_ref();
    let received = receipt.and_then(|receipt| milliseconds(&receipt.received_at));
    let (received, is_received) = (received.map(|at| moment(at, language)), receipt.is_some());
    let received = el("span").say(move || match &received {
        Some(received) => received.clone(),
        None if now.get().is_some_and(|record| record.state == State::Sending) => {
            words.sending.to_owned()
        }
        // The agency has it, and says no time that can be read.
        None if is_received => String::new(),
        None => words.not_yet.to_owned(),
    });
    let reference = receipt.map(|receipt| {
        let number =
            el("p").class("number").attr("data-eform-reference", "").text(&receipt.reference);
        let keep = el("p").class("hint").text(words.keep_reference);
        div("reference").child(el("p").text(words.reference)).child(number).child(keep)
    });
    let stage = |done: bool, name: &str, when: El| {
        let stage = el("li").child(el("span").text(name)).child(when);
        if done { stage.class("done") } else { stage }
    };
    let saved = el("span").text(&moment(record.saved_at as f64, language));
    let stages = el("ol")
        .class("stages")
        .child(stage(true, words.saved_on_phone, saved))
        .child(stage(receipt.is_some(), words.received_by_agency, received));
    let (save, filed) = save_file::view(record, "secondary", language).unzip();
    el("div")
        .maybe(reference)
        .child(stages)
        .child(files_on_their_way(now, words))
        .maybe(errors(filling, record, language))
        .maybe(
            (record.state == State::Queued).then(|| el("p").class("hint").text(words.next_waiting)),
        )
        .maybe(next(filling, record, language))
        .child(buttons(filling, record, language).maybe(save).child(print(words)))
        .child(not_mended(filling, words))
        // It comes after a first try, and moves nothing that somebody is about to tap.
        .maybe((record.state == State::Queued).then(|| why(filling, now, language)))
        .maybe((record.state == State::Queued).then(|| {
            let left = move || now.with(|now| now.as_ref().and_then(in_time)).into_iter().collect();
            may_be_wiped(left, Some(installing::view_where_it_helps), language)
        }))
        .maybe(filed)
        .maybe((record.state == State::Attention).then(|| mine::delete(record, language)))
        .maybe((record.state == State::Attention).then(|| {
            let left: Vec<InTime> = in_time(record).into_iter().collect();
            may_be_wiped(move || left.clone(), Some(installing::view_where_it_helps), language)
        }))
}

/// Whether it is plain that a submission does not go at once. Followed where it is.
pub fn does_not_go(record: &Record) -> bool {
    let navigator = member(&by_name::window(), "navigator");
    record.last.is_some() || member(&navigator, "onLine") == JsValue::FALSE
}

/// What to do in time with what is on the phone alone.
#[derive(Clone, Copy, PartialEq)]
pub enum InTime {
    /// To open the page where there is a signal: it goes by itself.
    Open,
    /// To finish or correct it.
    Finish,
    /// To send it, or to save it as a file: it cannot be corrected here.
    Keep,
}

/// `None` where it goes at once, the agency has it, or nothing helps.
pub fn in_time(record: &Record) -> Option<InTime> {
    let can = |action: Action| actions(record).contains(&action);
    match record.state {
        State::Queued | State::Sending => does_not_go(record).then_some(InTime::Open),
        State::Attention if can(Action::Mend) => Some(InTime::Finish),
        State::Attention if can(Action::SaveFile) => Some(InTime::Keep),
        _ => None,
    }
}

/// What the browser said last: a screen that is drawn again, in the other language or with what became of a
/// submission, says it at once.
static MAY_BE_WIPED: AtomicBool = AtomicBool::new(false);

/// What to do in time where the browser has not said that it keeps what is here, as long as something is
/// `left` to do; and what helps, where that is not on the screen.
pub fn may_be_wiped(
    left: impl Fn() -> Vec<InTime> + Send + Sync + 'static,
    helps: Option<fn(&str) -> El>,
    language: &str,
) -> El {
    // Safari's promise, which begins anew with each visit.
    const DAYS: f64 = 7.0 * 86_400_000.0;
    let until = by_day(platform::now() as f64 + DAYS, language);
    let words = later_words(language);
    let tongue = language.to_owned();
    let is_told = RwSignal::new(MAY_BE_WIPED.load(Ordering::Relaxed));
    spawn_local(async move {
        if let Ok(outbox) = outbox().await {
            let wipes = !outbox.is_persistent().await;
            MAY_BE_WIPED.store(wipes, Ordering::Relaxed);
            // The screen may be gone by now.
            _ = is_told.try_set(wipes);
        }
    });
    let left = Memo::new(move |_| if is_told.get() { left() } else { Vec::new() });
    el("div").part(move || {
        let left = left.get();
        if left.is_empty() {
            return None;
        }
        let mut told = words.may_be_wiped.to_owned();
        for way in left {
            let way = match way {
                InTime::Open => words.send_in_time,
                InTime::Finish => words.finish_in_time,
                InTime::Keep => words.keep_in_time,
            };
            told = [&told, " ", &way.replace("{until}", &until)].concat();
        }
        let told = el("p").class("hint").attr("data-part", "may-be-wiped").text(&told);
        Some(el("div").child(told).maybe(helps.map(|helps| helps(&tongue))))
    })
}

/// What happens once the agency has it.
fn next(filling: &Arc<Filling>, record: &Record, language: &str) -> Option<El> {
    let next = filling.form().definition().next.as_ref()?;
    let title = el("h2").text(later_words(language).next);
    let text = el("p").text(filling.form().text(next, language));
    let counts = matches!(record.state, State::Queued | State::Sending | State::Received);
    counts.then(|| el("section").class("next").child(title).child(text))
}

/// What the agency found, in the citizen's language where this form knows the code.
fn errors(filling: &Arc<Filling>, record: &Record, language: &str) -> Option<El> {
    let trouble = record.trouble.as_ref()?;
    let mut list = el("ul").class("refusals");
    for error in &trouble.errors {
        let finding = crate::drafts::finding(error);
        let place = filling.form().place_at(&error.pointer);
        let label =
            place.map(|place| filling.form().text(&filling.form().field(place).label, language));
        let said = filling.form().message(&finding, language);
        let item = match label {
            Some(label) => el("li").text(label).text(": "),
            None => el("li"),
        };
        list = list.child(item.text(&said));
    }
    (!trouble.errors.is_empty()).then_some(list)
}

/// What can be done with a submission in its state.
fn buttons(filling: &Arc<Filling>, record: &Record, language: &str) -> El {
    let mut row = div("actions");
    let thai = is_thai(language);
    for action in actions(record) {
        let (this, id) = (Arc::clone(filling), record.id.clone());
        row = row.maybe(match action {
            Action::SendNow => Some(send_now("secondary", id, language)),
            Action::SignIn => signing_in::way(filling, record, "primary", language),
            Action::Mend => {
                let mend = button("primary", action.label(thai)).attr("data-action", "mend");
                Some(mend.click(move || this.mend(id.clone())))
            }
            Action::Delete | Action::SaveFile => None,
        });
    }
    row
}

/// That it could not be opened again to be mended.
fn not_mended(filling: &Arc<Filling>, words: &'static LaterWords) -> El {
    let failed = filling.submit_failed.clone();
    el("div").attr("role", "alert").part(move || {
        let note = failed.get();
        let full = (note == Note::Full).then(|| el("p").text(words.full));
        let said = el("p").text(words.not_mended);
        let said = div("found error").attr("data-part", "not-mended").child(said).maybe(full);
        (note != Note::Nothing).then_some(said)
    })
}

/// Why it has not gone yet, and what to do, once a try has come to something.
fn why(filling: &Arc<Filling>, now: Memo<Option<Record>>, language: &str) -> El {
    let can_sign_in = signing_in::address(filling).is_some();
    let end = Memo::new(move |_| {
        // What is being tried again stands as it did.
        let record = Record { state: State::Queued, ..now.get()? };
        let asked = record.last.as_ref().is_some_and(|last| last.asked);
        Some((End::of(&record, can_sign_in), asked.then_some(record.next_at)))
    });
    let (this, language, tongue) = (Arc::clone(filling), language.to_owned(), language.to_owned());
    let status = el("div").attr("role", "status").part(move || {
        let (end, asked) = end.get()?;
        let why = end.words(is_thai(&language)).why;
        let asked = asked.map(|at| {
            let when = moment(at as f64, &language);
            el("p").text(&later_words(&language).again_at.replace("{when}", &when))
        });
        let told = || div("hint").attr("data-part", "why").child(el("p").text(why)).maybe(asked);
        (!why.is_empty()).then(told)
    });
    let is_at_the_door = Memo::new(move |_| end.get().is_some_and(|(end, _)| end == End::Door));
    el("div").child(status).part(move || {
        let record = is_at_the_door.get().then(|| now.get_untracked()).flatten()?;
        signing_in::way(&this, &record, "secondary", &tongue)
    })
}

/// «Print»: the receipt on paper, as the style sheet has it there.
fn print(words: &LaterWords) -> El {
    button("secondary", words.print).attr("data-action", "print").click(|| {
        let window = js_sys::global();
        // Found by its name: `web_sys` would have its own function for it in the first part. A
        // browser that cannot print, as inside an app, does nothing.
        if let Ok(print) = member(&window, "print").dyn_into::<Function>() {
            _ = print.call0(&window);
        }
    })
}

/// «Send now», and below it that it does not go where that cannot even be noted.
pub fn send_now(class: &str, id: String, language: &str) -> El {
    let words = later_words(language);
    let failed = RwSignal::new(Note::Nothing);
    let send = button(class, Action::SendNow.label(is_thai(language)));
    let send = send.attr("data-action", "send-now").click(move || {
        let id = id.clone();
        spawn_local(async move {
            let told = async { outbox().await?.send_now(&id).await }.await;
            // What becomes of it shows in its state, which may have taken this from the screen.
            _ = failed.try_set(told.err().map_or(Note::Nothing, Note::from));
        });
    });
    let said = el("div").attr("role", "alert").part(move || {
        let full = (failed.get() == Note::Full).then(|| el("p").text(words.full));
        let said = el("p").text(words.not_sent);
        let said = div("found error").attr("data-part", "not-sent").child(said).maybe(full);
        (failed.get() != Note::Nothing).then_some(said)
    });
    el("div").class(&["with-", class].concat()).child(send).child(said)
}
