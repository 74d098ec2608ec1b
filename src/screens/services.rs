//! The first screen of a site of forms: its services, and what this phone keeps.

use std::rc::Rc;

use eform::Text;
use eform_outbox::{Change, Draft, Record};
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use serde::Deserialize;

use super::{broken, mine};
use crate::outbox::outbox;
use crate::shelf::Shelf;
use crate::words::words;

/// `forms/index.json`.
#[derive(Deserialize)]
struct Index {
    forms: Vec<Service>,
}

#[derive(Clone, Deserialize)]
struct Service {
    id: String,
    title: Text,
    #[serde(default)]
    summary: Text,
}

/// The list of services from the bytes of `forms/index.json`.
pub fn view(list: &[u8], language: String) -> AnyView {
    let index: Index = match serde_json::from_slice(list) {
        Ok(index) => index,
        Err(error) => return broken::broken(format!("forms/index.json: {error}")),
    };
    let shelf = Shelf::default();
    follow(&shelf);
    let shown = RwSignal::new(language);
    let forms = index.forms;
    let content = move || {
        let language = shown.get();
        let words = words(&language);
        let services = forms.iter().map(|service| {
            let href = address(&service.id, &language, None);
            let summary = service.summary.get(&language).to_owned();
            view! {
                <li class="card">
                    <a class="service" href=href>{service.title.get(&language).to_owned()}</a>
                    <p>{summary}</p>
                </li>
            }
        });
        let services: Vec<_> = services.collect();
        let none = services.is_empty().then(|| view! { <p>{words.services_none}</p> });
        let (tongue, other) = (language.clone(), language.clone());
        let open = move |record: &Record| {
            let href = address(&record.form, &tongue, Some(&record.id));
            view! { <a href=href data-action="open">{words.open}</a> }.into_any()
        };
        let go_on = move |draft: &Draft| {
            view! { <a href=address(&draft.form, &other, None) data-action="open">{words.go_on}</a> }.into_any()
        };
        view! {
            <h1 tabindex="-1">{words.services}</h1>
            <p class="intro">{words.services_intro}</p>
            <ul class="cards">{services}</ul>
            {none}
            <h2>{words.mine}</h2>
            {mine::list(&shelf, &language, None, open, go_on)}
        }
    };
    let switch = ["th", "en"].map(|tag| {
        let choose = move |_| shown.set(tag.to_owned());
        let pressed = move || if shown.get() == tag { "true" } else { "false" };
        let name = if tag == "th" { "ไทย" } else { "English" };
        view! {
            <button type="button" data-eform="language" lang=tag aria-pressed=pressed on:click=choose>{name}</button>
        }
    });
    view! {
        <div class="e-form" part="form" lang=move || shown.get()>
            <header class="masthead" part="masthead">
                <p class="title">"e-Form"</p>
                <div class="languages">{switch.into_iter().collect_view()}</div>
            </header>
            <div class="screen" part="screen">{content}</div>
        </div>
    }
    .into_any()
}

fn address(form: &str, language: &str, show: Option<&str>) -> String {
    let show = show.map(|id| "&show=".to_owned() + id).unwrap_or_default();
    "?form=".to_owned() + form + "&lang=" + language + &show
}

/// Follows the outbox for as long as the screen is shown.
fn follow(shelf: &Shelf) {
    let refresh = {
        let shelf = shelf.clone();
        move || {
            let shelf = shelf.clone();
            spawn_local(async move {
                _ = shelf.refresh(|_| ()).await;
            })
        }
    };
    let kept = SendWrapper::new(Rc::new(std::cell::RefCell::new(None)));
    let keep = Rc::clone(&kept);
    spawn_local(async move {
        refresh();
        if let Ok(outbox) = outbox().await {
            let changed = move |change: &Change| {
                if matches!(change, Change::Outbox | Change::Draft(_)) {
                    refresh();
                }
            };
            *keep.borrow_mut() = Some(outbox.subscribe(Rc::new(changed)));
        }
    });
    on_cleanup(move || drop(kept));
}
