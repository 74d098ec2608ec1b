//! «Open a saved file»: what was saved as a file on another phone goes from this one.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use eform::Text;

use crate::browser::{member, moment};
use crate::dom::{El, button, div, el};
use crate::file_words::{FileWords, file_words};
use crate::filed;
use crate::outbox::outbox;

/// What is said of the last file.
#[derive(Clone, PartialEq)]
enum Said {
    Nothing,
    Good(String),
    Bad(String),
}

/// A file to choose, its code, and what became of it; none where nothing can be decrypted.
pub fn view(language: &str) -> Option<El> {
    if !filed::is_possible() {
        return None;
    }
    let (words, language) = (file_words(language), language.to_owned());
    let (said, opening) = (RwSignal::new(Said::Nothing), RwSignal::new(false));
    // No `accept`: phones know no type for these files, and some then let none be chosen.
    let file = el("input").attr("type", "file").attr("id", "saved-file");
    let code =
        el("input").attr("type", "text").attr("id", "saved-code").attr("autocomplete", "off");
    let code = code.attr("autocapitalize", "characters").attr("spellcheck", "false");
    let (chosen, code_box) = (file.clone(), code.clone());
    let label = move || if opening.get() { words.opening } else { words.open }.to_owned();
    let open =
        button("secondary", "").attr("data-action", "open-file").say(label).click(move || {
            let file = member(&member(chosen.element(), "files"), "0");
            let typed = member(code_box.element(), "value").as_string().unwrap_or_default();
            if opening.get_untracked() {
                return;
            }
            if !file.is_object() || typed.trim().is_empty() {
                return said.set(Said::Bad(words.choose.to_owned()));
            }
            said.set(Said::Nothing);
            opening.set(true);
            let (inputs, language) = ([chosen.clone(), code_box.clone()], language.clone());
            spawn_local(async move {
                let became = take_in(file, &typed, words, &language).await;
                if matches!(became, Said::Good(_)) {
                    // Ready for the next.
                    for input in inputs {
                        _ = js_sys::Reflect::set(input.element(), &"value".into(), &"".into());
                    }
                }
                _ = said.try_set(became);
                _ = opening.try_set(false);
            });
        });
    let good = el("p").attr("role", "status").attr("data-eform", "file-opened");
    let good = good.say(move || match said.get() {
        Said::Good(text) => text,
        _ => String::new(),
    });
    let bad = el("p")
        .attr("role", "alert")
        .class("wrong")
        .attr("id", "saved-wrong")
        .attr("data-eform", "file-wrong");
    let bad = bad.say(move || match said.get() {
        Said::Bad(text) => text,
        _ => String::new(),
    });
    let label = |of: &str, text: &str| el("label").attr("for", of).text(text);
    let inside = div("filed")
        .child(el("p").text(words.open_text))
        .child(label("saved-file", words.file))
        .child(file.attr("aria-describedby", "saved-wrong"))
        .child(label("saved-code", words.code))
        .child(code.attr("aria-describedby", "saved-wrong"))
        .child(div("actions").child(open))
        .child(good)
        .child(bad);
    let summary = el("summary").attr("data-action", "saved-file").text(words.open_saved);
    Some(el("details").class("open-file").child(summary).child(inside))
}

async fn take_in(file: JsValue, typed: &str, words: &'static FileWords, language: &str) -> Said {
    let (id, was_here) = match filed::take_in(&file, typed).await {
        Ok(taken) => taken,
        Err(error) => return Said::Bad(words.wrong(&error)),
    };
    let record = match outbox().await {
        Ok(outbox) => outbox.submission(&id).await.ok().flatten(),
        Err(_) => None,
    };
    let what = record.map(|record| {
        let title = Text::from_value(record.title).unwrap_or_default();
        [title.get(language), ", ", &moment(record.completed_at as f64, language), ". "].concat()
    });
    let became = if was_here { words.was_here } else { words.taken };
    Said::Good(what.unwrap_or_default() + became)
}
