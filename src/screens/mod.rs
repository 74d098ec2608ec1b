//! What stands on the screen: the frame around every screen, and which screen it is.

mod broken;
mod check;
mod done;
mod mine;
mod page;
mod services;

use std::sync::Arc;

use leptos::prelude::*;

use crate::element::Stage;
use crate::filling::Filling;
use crate::screen::Screen;
use crate::words::{Words, words};

/// The root of the view.
pub fn root(stage: ArcRwSignal<Stage>, language: String) -> impl IntoView {
    move || match stage.get() {
        Stage::Loading => ().into_any(),
        Stage::NotLoaded => broken::not_loaded(&language),
        Stage::Broken(fault) => broken::broken(fault),
        Stage::Services(list) => services::view(&list, language.clone()),
        Stage::Filling(filling) => frame(filling),
    }
}

/// The form's name and languages, and below them the screen.
fn frame(filling: Arc<Filling>) -> AnyView {
    let definition = filling.form.definition();
    let title = {
        let this = Arc::clone(&filling);
        move || this.text(&this.form.definition().title)
    };
    let agency = definition.agency.is_some().then(|| {
        let this = Arc::clone(&filling);
        let name =
            move || this.form.definition().agency.as_ref().map(|agency| this.text(&agency.name));
        view! { <p class="agency">{name}</p> }
    });
    let language = filling.language.clone();
    let screen = {
        let this = Arc::clone(&filling);
        // The whole screen is drawn anew in the other language; the entries live elsewhere.
        move || {
            let language = this.language.get();
            this.revision.track();
            match this.screen.get() {
                Screen::Page(page) | Screen::Change(page) => page::view(&this, page, &language),
                Screen::Check => check::view(&this, &language),
                Screen::Done(id) => done::view(&this, id, &language),
                Screen::Mine => mine::screen(&this, &language),
            }
        }
    };
    view! {
        <div class="e-form" part="form" lang=move || language.get()>
            <header class="masthead" part="masthead">
                <div>
                    {agency}
                    <p class="title">{title}</p>
                </div>
                {languages(&filling)}
            </header>
            <div class="screen" part="screen">{screen}</div>
            {footer(&filling)}
        </div>
    }
    .into_any()
}

/// One button for each other language.
fn languages(filling: &Arc<Filling>) -> AnyView {
    let buttons = filling.form.definition().languages.clone().into_iter().map(|language| {
        let (this, tag) = (Arc::clone(filling), language.clone());
        let name = match language.as_str() {
            "th" => "ไทย",
            "en" => "English",
            other => other,
        };
        let (other, name, shown) = (language.clone(), name.to_owned(), filling.language.clone());
        let pressed = move || if shown.get() == other { "true" } else { "false" };
        let choose = move |_| {
            this.language.set(language.clone());
            if this.drafts.is_begun() {
                this.save_soon();
            }
        };
        view! {
            <button type="button" data-eform="language" lang=tag aria-pressed=pressed on:click=choose>
                {name}
            </button>
        }
    });
    let buttons: Vec<_> = buttons.collect();
    (buttons.len() > 1).then(|| view! { <div class="languages">{buttons}</div> }).into_any()
}

/// The way to what this phone keeps, what the answers are for, and whom to ask.
fn footer(filling: &Arc<Filling>) -> AnyView {
    let this = Arc::clone(filling);
    let content = move || {
        let language = this.language.get();
        let words = words(&language);
        let definition = this.form.definition();
        let count = this.shelf.records.with(Vec::len);
        let open = {
            let this = Arc::clone(&this);
            move |_| this.go(Screen::Mine)
        };
        let mine = (count > 0 && this.screen.get() != Screen::Mine).then(|| {
            view! { <button type="button" class="link" on:click=open>{words.mine}" ("{count}")"</button> }
        });
        let all = this.standalone.then(|| view! { <a href="./">{words.all_services}</a> });
        let privacy = definition.privacy.as_ref().map(|privacy| {
            let link = privacy.url.clone().map(|url| {
                let shown = url.clone();
                view! { " "<a href=url>{shown}</a> }
            });
            view! { <details><summary>{words.privacy}</summary><p>{this.text(&privacy.purpose)}{link}</p></details> }
        });
        let contact =
            definition.agency.as_ref().and_then(|agency| agency.contact.clone()).map(|contact| {
                let phone = contact.phone.map(|phone| {
                    let shown = eform::fields::phone_in_words(&phone);
                    view! { <a href="tel:".to_owned() + &phone>{shown}</a> }
                });
                view! { <p>{words.contact}" "{phone}</p> }
            });
        view! { <div class="links">{mine}{all}</div>{privacy}{contact} }
    };
    view! { <footer class="foot">{content}</footer> }.into_any()
}

/// What the tab is called while this screen is shown.
pub fn title(filling: &Filling) -> String {
    let language = filling.language.get_untracked();
    let words = words(&language);
    let said = |text: &eform::Text| filling.form.text(text, &language).to_owned();
    let form = said(&filling.form.definition().title);
    let screen = match filling.screen.get_untracked() {
        Screen::Page(page) | Screen::Change(page) => said(&filling.form.page(page).title),
        Screen::Check => words.check_title.to_owned(),
        Screen::Done(_) | Screen::Mine => words.mine.to_owned(),
    };
    let error =
        if filling.summary.get_untracked() { words.error.to_owned() + ": " } else { String::new() };
    error + &screen + " · " + &form
}

/// «Back».
fn back(filling: &Arc<Filling>, words: &Words) -> AnyView {
    let this = Arc::clone(filling);
    view! {
        <button type="button" class="link back" data-eform="back" on:click=move |_| this.back()>
            {words.back}
        </button>
    }
    .into_any()
}
