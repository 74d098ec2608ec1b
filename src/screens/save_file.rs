//! «Save as a file»: the button, and below it the code that opens the file.

use std::cell::RefCell;
use std::rc::Rc;

use eform_outbox::{Action, Record, actions};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use crate::browser::after_render;
use crate::dom::{El, button, div, el};
use crate::file_words::{FileWords, file_words};
use crate::filed::{self, Made};
use crate::words::is_thai;

/// How far the file of a submission is.
#[derive(Clone)]
enum State {
    None,
    Making,
    Failed,
    Made(SendWrapper<Rc<Made>>),
}

/// The file of a submission that is on the screen.
struct Shown {
    id: String,
    state: ArcRwSignal<State>,
    /// How often it is on the screen.
    times: usize,
}

thread_local! {
    /// A list is drawn anew with every try to send: the code stays. It goes with the screen, and the
    /// file's address with it.
    static FILES: RefCell<Vec<Shown>> = const { RefCell::new(Vec::new()) };
}

/// The state of a submission's file for as long as it is drawn.
fn state_of(id: &str) -> ArcRwSignal<State> {
    let state = FILES.with_borrow_mut(|files| {
        if let Some(shown) = files.iter_mut().find(|shown| shown.id == id) {
            shown.times += 1;
            return shown.state.clone();
        }
        let state = ArcRwSignal::new(State::None);
        files.push(Shown { id: id.to_owned(), state: state.clone(), times: 1 });
        state
    });
    let id = id.to_owned();
    on_cleanup(move || {
        FILES.with_borrow_mut(|files| {
            if let Some(shown) = files.iter_mut().find(|shown| shown.id == id) {
                shown.times -= 1;
            }
        });
        // What is only drawn anew is there again by then.
        after_render(forget_unseen);
    });
    state
}

/// Forgets the files and codes that are on the screen no more.
fn forget_unseen() {
    let unseen: Vec<Shown> =
        FILES.with_borrow_mut(|files| files.extract_if(.., |shown| shown.times == 0).collect());
    for shown in unseen {
        // Buttons that are gone may hold the signal as long as the browser likes.
        shown.state.set(State::None);
    }
}

/// Whether this file's code can be read.
fn is_shown(state: &ArcRwSignal<State>) -> bool {
    FILES.with_borrow(|files| files.iter().any(|shown| shown.state == *state))
}

/// Whether a submission was saved as a file on the screen that is shown.
pub fn is_made(id: &str) -> bool {
    FILES.with_borrow(|files| {
        let shown = files.iter().find(|shown| shown.id == id);
        shown.is_some_and(|shown| {
            shown.state.with_untracked(|state| matches!(state, State::Made(_)))
        })
    })
}

/// The button, and what stands below it once the file is made; none where there is nothing to save, or
/// nothing to encrypt it with.
pub fn view(record: &Record, class: &str, language: &str) -> Option<(El, El)> {
    if !actions(record).contains(&Action::SaveFile) || !filed::is_possible() {
        return None;
    }
    let (words, state, thai) = (file_words(language), state_of(&record.id), is_thai(language));
    let (id, form, now) = (record.id.clone(), record.form.clone(), state.clone());
    let news = RwSignal::new("");
    let save = button(class, "").attr("data-action", "save-file");
    let name = state.clone();
    let label = move || match name.get() {
        State::Making => words.making.to_owned(),
        _ => Action::SaveFile.label(thai).to_owned(),
    };
    let save = save.say(label).click(move || {
        if matches!(now.get_untracked(), State::Making) {
            return;
        }
        now.set(State::Making);
        news.set("");
        let (id, form, now) = (id.clone(), form.clone(), now.clone());
        spawn_local(async move {
            let made = filed::make(&id, &form).await;
            // Nobody could read its code.
            if !is_shown(&now) {
                return;
            }
            let said = if made.is_ok() { words.made } else { words.failed };
            // The screen may be another by now.
            _ = news.try_set(said);
            now.set(match made {
                Ok(made) => {
                    made.download();
                    State::Made(SendWrapper::new(Rc::new(made)))
                }
                Err(_) => State::Failed,
            });
        });
    });
    // It is there before its words, so that they are announced, once.
    let status = el("p").attr("role", "status").say(move || news.get().to_owned());
    let below = div("filed").child(status).part(move || match state.get() {
        State::Made(made) => Some(panel(&made, words)),
        State::None | State::Making | State::Failed => None,
    });
    Some((save, below))
}

/// The code, and what to do with it.
fn panel(made: &Rc<Made>, words: &'static FileWords) -> El {
    let (copied, code) = (RwSignal::new(false), made.code.clone());
    let copy = button("secondary", "").attr("data-action", "copy-code");
    let label = move || if copied.get() { words.copied } else { words.copy }.to_owned();
    let copy = copy.say(label).click(move || {
        let code = code.clone();
        spawn_local(async move {
            let is_copied = filed::copy(&code).await;
            _ = copied.try_set(is_copied);
        });
    });
    // A new label is not read out.
    let said = move || if copied.get() { words.copied } else { "" }.to_owned();
    let again = el("a").attr("href", &made.address).attr("download", &made.name).text(words.again);
    let share = made.can_be_shared().then(|| {
        let made = Rc::downgrade(made);
        button("secondary", words.share).attr("data-action", "share").click(move || {
            if let Some(made) = made.upgrade() {
                made.share();
            }
        })
    });
    let number = el("p").class("number").attr("data-eform", "file-code").text(&made.code);
    div("panel saved")
        .child(el("p").text(words.code))
        .child(number)
        .child(el("p").text(words.what))
        .child(el("p").class("hint").text(words.still))
        .child(div("actions").child(copy).maybe(share).child(again))
        .child(el("p").class("unseen").attr("role", "status").say(said))
}
