//! «Keep the forms on this phone»: what the browser offers is kept until somebody wants it, and shown only
//! where what waits may be wiped and beside «my submissions». An installed site may keep what it has. Only
//! on the kit's own page: another page's manifest is that page's affair.

use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::browser::member;
use crate::by_name;
use crate::dom::{El, button, div, el};
use crate::words::later_words;

/// How the page can be kept.
#[derive(Clone)]
enum Way {
    /// Not at all, or it is already.
    None,
    /// The browser asks, when told to by this event of its own.
    Offered(SendWrapper<JsValue>),
    /// By the browser's own menu, which the page can only tell of.
    ByMenu,
    /// It has just been.
    Done,
}

thread_local! {
    static WAY: ArcRwSignal<Way> = watched();
}

/// The way that there is now, followed as the browser says otherwise.
fn watched() -> ArcRwSignal<Way> {
    let way = ArcRwSignal::new(found());
    let on = |event: &'static str, act: Box<dyn Fn(JsValue)>| {
        let target: web_sys::EventTarget = by_name::window().into();
        let heard = move |event: &web_sys::Event| act(JsValue::from(event));
        gloo::events::EventListener::new(&target, event, heard).forget();
    };
    let (offered, done) = (way.clone(), way.clone());
    on("beforeinstallprompt", Box::new(move |_| offered.set(found())));
    on("appinstalled", Box::new(move |_| done.set(Way::Done)));
    way
}

fn found() -> Way {
    let window = by_name::window();
    let document = member(&window, "document");
    let own = by_name::call(&document, "querySelector", &["e-form[standalone]".into()]);
    let media = by_name::call(&window, "matchMedia", &["(display-mode: standalone)".into()]);
    let is_installed = media.is_ok_and(|media| member(&media, "matches") == JsValue::TRUE);
    if !own.is_ok_and(|own| own.is_object()) || is_installed {
        return Way::None;
    }
    // `e-form.js` has kept it: it came before this part did.
    let offer = member(&window, "eformInstall");
    if offer.is_object() {
        return Way::Offered(SendWrapper::new(offer));
    }
    let navigator = member(&window, "navigator");
    let agent = member(&navigator, "userAgent").as_string().unwrap_or_default();
    let is_in_app = ["Line/", "FBAN", "FBAV", "Instagram"].iter().any(|app| agent.contains(app));
    // Only browsers of iOS say whether they were opened from the home screen.
    match member(&navigator, "standalone") == JsValue::FALSE && !is_in_app {
        true => Way::ByMenu,
        false => Way::None,
    }
}

/// The offer, or how to do it; nothing where it cannot be, or is done.
pub fn view(language: &str) -> El {
    let (way, language) = (WAY.with(Clone::clone), language.to_owned());
    el("div").part(move || {
        let words = later_words(&language);
        let inside = match way.get() {
            Way::None => return None,
            Way::Done => el("p").attr("role", "status").text(words.install_done),
            Way::ByMenu => el("p").class("hint").text(words.install_ios),
            Way::Offered(event) => offer(event, &way, &language),
        };
        Some(div("install").attr("data-part", "install").child(inside))
    })
}

/// The same where it saves what waits: what a browser keeps for the home screen by its own menu is apart from
/// what is here.
pub fn view_where_it_helps(language: &str) -> El {
    let (way, language) = (WAY.with(Clone::clone), language.to_owned());
    el("div").part(move || match way.get() {
        Way::ByMenu => None,
        _ => Some(view(&language)),
    })
}

fn offer(event: SendWrapper<JsValue>, way: &ArcRwSignal<Way>, language: &str) -> El {
    let (words, way) = (later_words(language), way.clone());
    let install = button("secondary", words.install).attr("data-action", "install");
    let install = install.click(move || {
        let (event, way) = (event.clone(), way.clone());
        spawn_local(async move {
            // It can be asked once.
            _ = js_sys::Reflect::set(&by_name::window(), &"eformInstall".into(), &JsValue::NULL);
            let asked = by_name::call(&event, "prompt", &[]).unwrap_or_default();
            let mut choice = outcome(asked).await;
            if choice.is_none() {
                choice = outcome(member(&event, "userChoice")).await;
            }
            let is_done = choice.as_deref() == Some("accepted");
            way.set(if is_done { Way::Done } else { Way::None });
            if is_done {
                let storage = member(&member(&by_name::window(), "navigator"), "storage");
                // It was asked before; now it has a reason to say yes.
                _ = by_name::called(&storage, "persist", &[]).await;
            }
        });
    });
    div("offer").child(el("p").class("hint").text(words.install_text)).child(install)
}

/// What somebody chose, once they have; older browsers say it elsewhere.
async fn outcome(choosing: JsValue) -> Option<String> {
    let chosen = JsFuture::from(Promise::resolve(&choosing)).await.unwrap_or_default();
    member(&chosen, "outcome").as_string()
}
