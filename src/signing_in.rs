//! Signing in at the agency's. What the agency takes only from people who have signed in waits while the
//! citizen goes to the page for that, in this tab; it is sent when they come back, whichever way they do.

use std::sync::Arc;

use eform_outbox::{Action, Record, TroubleKind};
use gloo::events::EventListener;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

use crate::browser::{self, member};
use crate::by_name;
use crate::dom::{El, button};
use crate::filling::Filling;
use crate::outbox::outbox;
use crate::screens::services;
use crate::words::is_thai;

/// Where this tab notes the form whose submissions wait for a sign-in.
const NOTE: &str = "eform-signing-in";

/// Where one signs in for this form; none where it does not say, or where it would be nobody's own: on a
/// device at a counter.
pub fn address(filling: &Filling) -> Option<&'static str> {
    if filling.others.shared.is_some() {
        return None;
    }
    filling.form().definition().submit.signs_in_at()
}

/// «Sign in»; none where the form does not say where.
pub fn way(filling: &Arc<Filling>, record: &Record, class: &str, language: &str) -> Option<El> {
    let leads_to = leads_to(filling, record, language)?;
    let form = record.form.clone();
    let way = button(class, Action::SignIn.label(is_thai(language)));
    Some(way.attr("data-action", "sign-in").click(move || {
        note(&form);
        let location = member(&by_name::window(), "location");
        // An address that was read is not refused.
        _ = by_name::call(&location, "assign", &[leads_to.as_str().into()]);
    }))
}

/// The page for it, told where to come back to.
fn leads_to(filling: &Filling, record: &Record, language: &str) -> Option<String> {
    let location = member(&by_name::window(), "location");
    let part = |name: &str| member(&location, name).as_string().unwrap_or_default();
    let url = by_name::make("URL", &[address(filling)?.into(), part("href").into()]).ok()?;
    let of = |name: &str| member(&url, name).as_string().unwrap_or_default();
    // However the browser reads it.
    if of("origin") != part("origin") && of("protocol") != "https:" {
        return None;
    }
    let back = match filling.standalone {
        true => {
            let query = services::address(&record.form, language, Some(("show", &record.id)));
            [part("origin"), part("pathname"), query].concat()
        }
        false => part("href"),
    };
    let query = member(&url, "searchParams");
    by_name::call(&query, "set", &["return".into(), back.into()]).ok()?;
    Some(of("href"))
}

fn session() -> JsValue {
    member(&by_name::window(), "sessionStorage")
}

/// Notes that somebody signs in for a form, and watches for them where this page stays, as when another
/// app does it or the browser keeps the page for «back».
fn note(form: &str) {
    // Where nothing can be noted, «send now» stands beside it.
    _ = by_name::call(&session(), "setItem", &[NOTE.into(), form.into()]);
    let document = member(&by_name::window(), "document");
    let watch = |target: JsValue, name: &'static str| {
        let target: web_sys::EventTarget = target.into();
        let seen = move |_: &web_sys::Event| {
            if browser::is_visible() {
                came_back();
            }
        };
        EventListener::new(&target, name, seen).forget();
    };
    watch(document, "visibilitychange");
    watch(by_name::window(), "pageshow");
}

/// Sends what waits for a sign-in, if somebody went to sign in in this tab.
pub fn came_back() {
    let noted = by_name::call(&session(), "getItem", &[NOTE.into()]).ok();
    let Some(form) = noted.and_then(|form| form.as_string()) else { return };
    _ = by_name::call(&session(), "removeItem", &[NOTE.into()]);
    spawn_local(async move {
        let Ok(outbox) = outbox().await else { return };
        let waits = |record: &Record| {
            let trouble = record.trouble.as_ref();
            record.form == form
                && !record.carried
                && trouble.is_some_and(|trouble| trouble.kind == TroubleKind::NotAllowed)
        };
        for record in outbox.list().await.unwrap_or_default().iter().filter(|it| waits(it)) {
            // What becomes of it shows in its state.
            _ = outbox.send_now(&record.id).await;
        }
    });
}
