//! «Save as a file»: the button, and below it the code that opens the file.

use std::cell::RefCell;
use std::rc::Rc;

use eform_outbox::{Action, Record, actions};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use crate::dom::{El, button, div, el};
use crate::file_words::{FileWords, file_words};
use crate::filed::{self, Made};

/// How far the file of a submission is.
#[derive(Clone)]
enum State {
    None,
    Making,
    Failed,
    Made(SendWrapper<Rc<Made>>),
}

thread_local! {
    /// By the submission's id. A list is drawn anew with every try to send: the code stays.
    static FILES: RefCell<Vec<(String, ArcRwSignal<State>)>> = const { RefCell::new(Vec::new()) };
}

fn state_of(id: &str) -> ArcRwSignal<State> {
    FILES.with_borrow_mut(|files| {
        if let Some((_, state)) = files.iter().find(|(of, _)| of == id) {
            return state.clone();
        }
        let state = ArcRwSignal::new(State::None);
        files.push((id.to_owned(), state.clone()));
        state
    })
}

/// The button, and what stands below it once the file is made; none where there is nothing to save, or
/// nothing to encrypt it with.
pub fn view(record: &Record, class: &str, language: &str) -> Option<(El, El)> {
    if !actions(record).contains(&Action::SaveFile) || !filed::is_possible() {
        return None;
    }
    let (words, state) = (file_words(language), state_of(&record.id));
    let (id, form, now) = (record.id.clone(), record.form.clone(), state.clone());
    let news = RwSignal::new("");
    let save = button(class, "").attr("data-action", "save-file");
    let name = state.clone();
    let label = move || match name.get() {
        State::Making => words.making.to_owned(),
        _ => words.save.to_owned(),
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
        let made = Rc::clone(made);
        button("secondary", words.share).attr("data-action", "share").click(move || made.share())
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
