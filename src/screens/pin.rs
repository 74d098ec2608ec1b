//! The PIN: asked for where it was set, and set, changed or taken away in «my submissions».

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::heading;
use super::mine::{sure, sure_of};
use crate::browser::member;
use crate::by_name;
use crate::dom::{El, button, div, el};
use crate::locking;
use crate::pin::{self, Failed, SHORTEST, State};
use crate::pin_words::{PinWords, pin_words};

/// What is said of what was done last.
#[derive(Clone, Copy, PartialEq)]
enum Said {
    Nothing,
    Good(&'static str),
    Bad(&'static str),
}

/// A box for a PIN, with its label.
fn pin_box(id: &'static str, label: &str, is_new: bool, described: &str) -> (El, El) {
    let field = el("input").attr("type", "password").attr("id", id).attr("name", id);
    // Of a page that many forms share: a password manager must not take it for a log-in.
    let field = field.attr("autocomplete", if is_new { "new-password" } else { "off" });
    let field = field.attr("aria-describedby", described);
    (el("label").attr("for", id).text(label), field)
}

fn value(field: &El) -> String {
    member(field.element(), "value").as_string().unwrap_or_default()
}

fn focus(field: &El) {
    // A box that is gone does not take it.
    _ = by_name::call(field.element(), "focus", &[]);
}

fn clear(field: &El) {
    _ = js_sys::Reflect::set(field.element(), &"value".into(), &"".into());
}

fn told(said: RwSignal<Said>, id: &str) -> (El, El) {
    let good =
        el("p").attr("role", "status").attr("data-eform", "pin-done").say(move || {
            match said.get() {
                Said::Good(text) => text.to_owned(),
                _ => String::new(),
            }
        });
    let bad = el("p").attr("role", "alert").class("wrong").attr("id", id);
    let bad = bad.attr("data-eform", "pin-wrong").say(move || match said.get() {
        Said::Bad(text) => text.to_owned(),
        _ => String::new(),
    });
    (good, bad)
}

/// A form of its own, so that «enter» does what the button does.
fn asked(class: &str, act: impl Fn() + 'static) -> El {
    el("form").class(class).flag("novalidate", true).on("submit", move |event| {
        event.prevent_default();
        act();
    })
}

/// Asks for the PIN, in place of any other screen.
pub fn ask(language: &str) -> El {
    let words = pin_words(language);
    let (said, opening) = (RwSignal::new(Said::Nothing), RwSignal::new(false));
    let (label, field) = pin_box("pin", words.pin, false, "pin-wrong");
    let (_, bad) = told(said, "pin-wrong");
    let typed = field.clone();
    let open = move || {
        let entered = value(&typed);
        if opening.get_untracked() || entered.is_empty() {
            return focus(&typed);
        }
        said.set(Said::Nothing);
        opening.set(true);
        let typed = typed.clone();
        spawn_local(async move {
            if let Err(failed) = pin::unlock(&entered).await {
                _ = said.try_set(Said::Bad(match failed {
                    Failed::Wrong => words.wrong,
                    Failed::NotDone => words.not_done,
                }));
                clear(&typed);
                focus(&typed);
            }
            _ = opening.try_set(false);
        });
    };
    let name = move || if opening.get() { words.opening } else { words.open }.to_owned();
    let button = el("button").attr("type", "submit").class("primary");
    let button = button.attr("data-action", "unlock").say(name);
    let forget = sure(
        || words.forget_sure,
        language,
        move || {
            spawn_local(async move {
                if pin::forget().await.is_err() {
                    _ = said.try_set(Said::Bad(words.not_done));
                }
            });
        },
    );
    let forgotten = el("details")
        .class("open-file")
        .child(el("summary").attr("data-action", "pin-forgotten").text(words.forgotten))
        .child(div("filed").child(el("p").text(words.forgotten_text)).child(forget));
    el("div")
        .attr("data-eform", "locked")
        .child(heading(words.locked))
        .child(el("p").class("intro").text(words.locked_text))
        .child(
            asked("filed", open)
                .child(label)
                .child(field)
                .child(bad)
                .child(div("actions").child(button)),
        )
        .child(forgotten)
}

/// Sets a PIN, or changes it or takes it away.
pub fn view(language: &str) -> El {
    let language = language.to_owned();
    let (state, said) = (RwSignal::new(None), RwSignal::new(Said::Nothing));
    let look = move || {
        spawn_local(async move {
            let now = pin::state().await;
            if now == State::Locked {
                locking::locked();
            }
            _ = state.try_set(Some(now));
        });
    };
    look();
    el("div").part(move || {
        let words = pin_words(&language);
        let is_set = match state.get()? {
            State::None => false,
            State::Open => true,
            State::Impossible | State::Locked => return None,
        };
        let title = if is_set { words.title_set } else { words.title };
        let (good, bad) = told(said, "pin-set-wrong");
        let text = if is_set { words.text_set } else { words.text };
        let inside = div("filed").child(el("p").text(text));
        let inside = match is_set {
            true => inside.child(change(words, &language, said, look)),
            false => inside.child(el("p").text(words.warning)).child(set(words, said, look)),
        };
        let inside = inside.child(good).child(bad);
        let summary = el("summary").attr("data-action", "pin").text(title);
        let details = el("details").class("open-file");
        // It was opened to do what was done.
        Some(
            details
                .flag("open", said.get_untracked() != Said::Nothing)
                .child(summary)
                .child(inside),
        )
    })
}

/// Where a PIN is set: «lock now», another one, or none any more. The latter two ask for the one there is.
fn change(
    words: &'static PinWords,
    language: &str,
    said: RwSignal<Said>,
    look: impl Fn() + Copy + 'static,
) -> El {
    let lock = button("secondary", words.lock_now).attr("data-action", "lock-now").click(|| {
        // The PIN is entered for a page, and that is over then.
        let location = member(&by_name::window(), "location");
        _ = by_name::call(&location, "reload", &[]);
    });
    let changing = RwSignal::new(false);
    let (label, old) = pin_box("old-pin", words.old, false, "pin-set-wrong");
    let (new, boxes) = new_boxes(words);
    let typed = old.clone();
    let act = move |new: Option<String>, done: &'static str| {
        let (entered, typed) = (value(&typed), typed.clone());
        if changing.get_untracked() {
            return;
        }
        if entered.is_empty() {
            return focus(&typed);
        }
        said.set(Said::Nothing);
        changing.set(true);
        spawn_local(async move {
            let became = match pin::change(&entered, new.as_deref()).await {
                Ok(()) => Said::Good(done),
                Err(Failed::Wrong) => Said::Bad(words.wrong),
                Err(Failed::NotDone) => Said::Bad(words.not_done),
            };
            _ = said.try_set(became);
            _ = changing.try_set(false);
            match became {
                Said::Good(_) => look(),
                _ => {
                    clear(&typed);
                    focus(&typed);
                }
            }
        });
    };
    let none = act.clone();
    let remove = move || none(None, words.removed);
    let remove = sure_of(("remove-pin", words.remove), || words.remove_sure, language, remove);
    let change = move || {
        if let Some(new) = entered_twice(words, &boxes, said) {
            act(Some(new), words.is_set);
        }
    };
    let name = move || if changing.get() { words.setting } else { words.change }.to_owned();
    let button = el("button").attr("type", "submit").class("secondary");
    let button = button.attr("data-action", "set-pin").say(name);
    asked("", change)
        .child(div("actions").child(lock))
        .child(label)
        .child(old)
        .child(new)
        .child(div("actions").child(button))
        .child(el("p").class("hint").text(words.no_new))
        .child(remove)
}

/// Where there is no PIN: two boxes for one.
fn set(words: &'static PinWords, said: RwSignal<Said>, look: impl Fn() + Copy + 'static) -> El {
    let setting = RwSignal::new(false);
    let (new, boxes) = new_boxes(words);
    let set = move || {
        if setting.get_untracked() {
            return;
        }
        let Some(entered) = entered_twice(words, &boxes, said) else { return };
        said.set(Said::Nothing);
        setting.set(true);
        spawn_local(async move {
            let done = pin::set(&entered).await;
            _ = said.try_set(match done {
                Ok(()) => Said::Good(words.is_set),
                Err(_) => Said::Bad(words.not_done),
            });
            _ = setting.try_set(false);
            look();
        });
    };
    let name = move || if setting.get() { words.setting } else { words.set }.to_owned();
    let button = el("button").attr("type", "submit").class("secondary");
    let button = button.attr("data-action", "set-pin").say(name);
    asked("", set).child(new).child(div("actions").child(button))
}

fn new_boxes(words: &'static PinWords) -> (El, [El; 2]) {
    let (label, first) = pin_box("new-pin", words.new, true, "pin-rule pin-set-wrong");
    let (label_again, second) = pin_box("new-pin-again", words.again, true, "pin-set-wrong");
    let both = [first.clone(), second.clone()];
    let boxes = el("div")
        .child(label)
        .child(el("p").class("hint").attr("id", "pin-rule").text(words.rule))
        .child(first)
        .child(label_again)
        .child(second);
    (boxes, both)
}

/// The new PIN, where it is one and was entered twice; says so where not.
fn entered_twice(
    words: &'static PinWords,
    boxes: &[El; 2],
    said: RwSignal<Said>,
) -> Option<String> {
    let [entered, again] = [value(&boxes[0]), value(&boxes[1])];
    if entered.chars().count() < SHORTEST {
        said.set(Said::Bad(words.too_short));
        focus(&boxes[0]);
        return None;
    }
    if entered != again {
        said.set(Said::Bad(words.differ));
        clear(&boxes[1]);
        focus(&boxes[1]);
        return None;
    }
    Some(entered)
}
