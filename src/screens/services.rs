//! The first screen of a site of forms: its services, and what this phone keeps.

use std::rc::Rc;

use eform::Text;
use eform_outbox::{Change, Draft, Record};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use serde_json::Value;

use super::mine::{self, OfDrafts, Ways};
use super::{broken, heading, language_button, open_file, pin};
use crate::by_name;
use crate::dom::{El, div, el};
use crate::locking;
use crate::outbox::{Listener, outbox, subscribe};
use crate::shelf::Shelf;
use crate::words::later_words;
use crate::{installing, signing_in};

/// One entry of `forms/index.json`.
struct Service {
    id: String,
    title: Text,
    summary: Text,
    languages: Vec<String>,
}

impl Service {
    /// Where the empty form for paper is.
    fn paper(&self, language: &str) -> String {
        let known = self.languages.iter().any(|known| known == language);
        let language = if known { [".", language].concat() } else { String::new() };
        ["forms/", &self.id, ".blank", &language, ".html"].concat()
    }
}

/// The list of services from the bytes of `forms/index.json`.
pub fn view(list: &[u8], language: String) -> El {
    let Some(forms) = read(list) else {
        return broken::broken(
            "forms/index.json: expected { \"forms\": [ { \"id\", \"title\" } ] }",
        );
    };
    let shelf = Shelf::default();
    follow(&shelf);
    signing_in::came_back();
    let shown = RwSignal::new(language);
    let screen = div("screen").attr("part", "screen").part(move || {
        let language = shown.get();
        let words = later_words(&language);
        let mut services = el("ul").class("cards");
        for service in &forms {
            let href = address(&service.id, &language, None);
            let link =
                el("a").class("service").attr("href", &href).text(service.title.get(&language));
            let summary = el("p").text(service.summary.get(&language));
            let paper = if language == "th" {
                "พิมพ์แบบฟอร์มเปล่า"
            } else {
                "Print the empty form"
            };
            let paper = el("a").attr("href", &service.paper(&language)).text(paper);
            let card = el("li").class("card").child(link).child(summary);
            services = services.child(card.child(div("actions").child(paper)));
        }
        let (tongue, other) = (language.clone(), language.clone());
        let way = |label: &str, href: &str| {
            el("a").attr("href", href).attr("data-action", "open").text(label)
        };
        let open = move |record: &Record| {
            Some(way(words.open, &address(&record.form, &tongue, Some(("show", &record.id)))))
        };
        let go_on = move |draft: &Draft| {
            way(words.first.go_on, &address(&draft.form, &other, Some(("draft", &draft.key))))
        };
        let none = forms.is_empty().then(|| el("p").text(words.services_none));
        let screen = el("div").child(heading(words.services));
        let screen = screen
            .child(el("p").class("intro").text(words.services_intro))
            .child(services)
            .maybe(none);
        if locking::is_locked() {
            return Some(screen.child(pin::ask(&language)));
        }
        let screen = screen.child(el("h2").text(words.mine));
        let titles: Vec<(String, String)> = forms
            .iter()
            .map(|form| (form.id.clone(), form.title.get(&language).to_owned()))
            .collect();
        let title = move |form: &str| {
            let known = titles.iter().find(|(id, _)| id == form);
            // What was kept of a form that is not served any more is shown all the same.
            known.map_or(form, |(_, title)| title).to_owned()
        };
        let kept = shelf.clone();
        let forget = move |key: String, id: String| {
            let kept = kept.clone();
            spawn_local(async move {
                if let Ok(outbox) = outbox().await {
                    // What is not deleted is still in the list.
                    _ = outbox.delete_draft(&key, &id).await;
                    _ = kept.refresh(&|_| ()).await;
                }
            });
        };
        let drafts =
            OfDrafts { go_on: Box::new(go_on), forget: Rc::new(forget), title: Box::new(title) };
        let ways = Ways { lists: Rc::new(|_| true), open: Box::new(open), drafts: Some(drafts) };
        let screen = screen.child(mine::list(&shelf, &language, ways));
        let screen = screen.maybe(open_file::view(&language)).child(pin::view(&language));
        Some(screen.child(installing::view(&language)).child(mine::wiped(&shelf, &language)))
    });
    let mut languages = div("languages");
    for tag in ["th", "en"] {
        let (chosen, choose) = (move || shown.get() == tag, move || shown.set(tag.to_owned()));
        languages = languages.child(language_button(tag, chosen, choose));
    }
    let title = el("p").class("title").text("e-Form");
    let masthead =
        el("header").class("masthead").attr("part", "masthead").child(title).child(languages);
    let page = div("e-form").attr("part", "form").follow("lang", move || Some(shown.get()));
    page.child(masthead).child(screen)
}

fn read(list: &[u8]) -> Option<Vec<Service>> {
    let list = eform::json::read(list).ok()?;
    let service = |entry: &Value| {
        Some(Service {
            id: entry.get("id")?.as_str()?.to_owned(),
            title: Text::from_value(entry.get("title")?.clone())?,
            summary: entry.get("summary").cloned().and_then(Text::from_value).unwrap_or_default(),
            languages: entry
                .get("languages")
                .and_then(Value::as_array)
                .map(|tags| tags.iter().filter_map(Value::as_str).map(str::to_owned).collect())
                .unwrap_or_default(),
        })
    };
    list.get("forms")?.as_array()?.iter().map(service).collect()
}

/// The address of a form, with what is to be shown of it.
pub fn address(form: &str, language: &str, what: Option<(&str, &str)>) -> String {
    let what = what.map(|(name, value)| {
        let value = by_name::call(&js_sys::global(), "encodeURIComponent", &[value.into()]);
        let value = value.ok().and_then(|value| value.as_string()).unwrap_or_default();
        ["&", name, "=", &value].concat()
    });
    ["?form=", form, "&lang=", language, &what.unwrap_or_default()].concat()
}

/// Follows the outbox for as long as the screen is shown.
fn follow(shelf: &Shelf) {
    let shelf = shelf.clone();
    let follow = move |change: &Change| {
        let (shelf, change) = (shelf.clone(), change.clone());
        spawn_local(async move {
            // Where nothing can be kept, the list stays empty.
            _ = match change {
                Change::Submission(id) => shelf.follow(id, &|_| ()).await,
                Change::Outbox | Change::Draft(_) => shelf.refresh(&|_| ()).await,
            };
        });
    };
    follow(&Change::Outbox);
    let listener: Listener = Rc::new(follow);
    subscribe(&listener);
    let listener = SendWrapper::new(listener);
    on_cleanup(move || drop(listener));
}
