//! The first screen of a site of forms: its services, and what this phone keeps.

use std::rc::Rc;

use eform::Text;
use eform_outbox::{Draft, Record};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use serde_json::Value;

use super::{broken, heading, language_button, mine};
use crate::dom::{El, div, el};
use crate::outbox::{Listener, subscribe};
use crate::shelf::Shelf;
use crate::words::later_words;

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
            way(words.open, &address(&record.form, &tongue, Some(&record.id)))
        };
        let go_on = move |draft: &Draft| way(words.go_on, &address(&draft.form, &other, None));
        let none = forms.is_empty().then(|| el("p").text(words.services_none));
        let screen = el("div").child(heading(words.services));
        let screen = screen
            .child(el("p").class("intro").text(words.services_intro))
            .child(services)
            .maybe(none);
        let screen = screen.child(el("h2").text(words.first.mine));
        Some(screen.child(mine::list(&shelf, &language, None, Box::new(open), Box::new(go_on))))
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
    let list: Value = serde_json::from_slice(list).ok()?;
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

fn address(form: &str, language: &str, show: Option<&str>) -> String {
    let show = show.map(|id| "&show=".to_owned() + id).unwrap_or_default();
    "?form=".to_owned() + form + "&lang=" + language + &show
}

/// Follows the outbox for as long as the screen is shown.
fn follow(shelf: &Shelf) {
    let shelf = shelf.clone();
    let refresh = move || {
        let shelf = shelf.clone();
        // Where nothing can be kept, the list stays empty.
        spawn_local(async move { _ = shelf.refresh(|_| ()).await });
    };
    refresh();
    let listener: Listener = Rc::new(move |_| refresh());
    subscribe(&listener);
    let listener = SendWrapper::new(listener);
    on_cleanup(move || drop(listener));
}
