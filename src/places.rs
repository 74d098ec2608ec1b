//! The list of provinces, districts and sub-districts, fetched when a form first needs it.

use std::cell::{Cell, RefCell};

use eform::places::Places;
use js_sys::{Function, JsString, Promise};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Where the list stands.
#[derive(Clone, Copy)]
pub enum List {
    /// On its way.
    Awaited,
    Here(&'static Places),
    /// It cannot be had now: places are typed by hand.
    Away,
}

thread_local! {
    static LIST: ArcRwSignal<List> = ArcRwSignal::new(List::Awaited);
    static LOADING: Cell<bool> = const { Cell::new(false) };
    static ENGLISH: Cell<bool> = const { Cell::new(false) };
    static LOAD: RefCell<Option<Function>> = RefCell::default();
}

/// Says how a file of the kit is fetched: a function of its name that gives a promise of its text.
pub fn load_with(load: Function) {
    LOAD.with(|known| known.replace(Some(load)));
}

/// The list, to be followed; fetched if need be, with names for readers of other languages where
/// `english` says so. What could not be had is asked for again by the next field that is drawn.
pub fn list(english: bool) -> ArcRwSignal<List> {
    let list = LIST.with(Clone::clone);
    let is_here = matches!(list.get_untracked(), List::Here(_));
    if (!is_here || english && !ENGLISH.get()) && !LOADING.replace(true) {
        let list = list.clone();
        spawn_local(async move {
            let places = fetch(english).await;
            LOADING.set(false);
            match places {
                Some(places) => list.set(List::Here(places)),
                None if is_here => {}
                None => list.set(List::Away),
            }
        });
    }
    list
}

async fn fetch(english: bool) -> Option<&'static Places> {
    let mut places = Places::parse(&text("data/areas.th.txt").await?).ok()?;
    if english && let Some(names) = text("data/areas.en.txt").await {
        // Without it, names are in Thai.
        ENGLISH.set(places.with_english(&names).is_ok());
    }
    Some(Box::leak(Box::new(places)))
}

async fn text(name: &str) -> Option<String> {
    let load = LOAD.with(|load| load.borrow().clone())?;
    let loading = load.call1(&JsValue::NULL, &name.into()).ok()?;
    let text = JsFuture::from(loading.unchecked_into::<Promise>()).await.ok()?;
    text.dyn_into::<JsString>().ok().map(String::from)
}
