//! The later part: code and words that nothing needs before the first field works. A release build
//! has them in a wasm module of their own that shares memory and functions with the first
//! (`crates/xtask/src/split.rs`); there is no border but [`Later`]. What can be reached only through
//! this table is put into the later part by itself, whatever module of the source it is in.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::Arc;

use eform::{DefinitionError, Finding, Form};
use eform_outbox::{Change, Draft, StorageError};
use js_sys::{Function, Promise};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

use crate::browser::{self, after_render};
use crate::dom::El;
use crate::drafts::Note;
use crate::fields::{Place, further};
use crate::filling::Filling;
use crate::screens::{self, check, done, foot, mine, pin, services, summary, tab, tasks};
use crate::{changed, checking, definitions, drafts, helping, prefill, signing_in};

/// What is waited for.
pub type Task<T> = Pin<Box<dyn Future<Output = T>>>;

/// The submission and the draft that a link leads to, and whether a language was chosen.
pub type AsOpened = (Option<String>, Option<String>, bool);

/// What the first part calls in the later one.
pub struct Later {
    // Screens
    pub check: fn(&Arc<Filling>, &str) -> El,
    pub done: fn(&Arc<Filling>, String, &str) -> El,
    pub mine: fn(&Arc<Filling>, &str) -> El,
    pub tasks: fn(&Arc<Filling>, &str) -> El,
    pub way: fn(&Arc<Filling>, &str, &str) -> Option<El>,
    pub anew: fn(&Arc<Filling>, &str) -> Option<El>,
    pub foot: fn(&Arc<Filling>) -> El,
    pub strip: fn(&Arc<Filling>) -> El,
    pub note: fn(Note, &str) -> String,
    pub name_tab: fn(&Filling),
    pub services: fn(&[u8], String) -> El,
    pub unlock: fn(&str) -> El,
    pub lock: fn(Arc<Filling>, Option<AsOpened>),
    // The rest of the language
    pub whole: fn(&[u8]) -> Result<Form, DefinitionError>,
    pub opened: fn(Arc<Filling>) -> Task<()>,
    pub changed: fn(&Arc<Filling>) -> Option<El>,
    pub field: fn(&Place) -> El,
    pub below: fn(&Place, &El) -> Option<El>,
    pub remarks: fn(&Place) -> Option<El>,
    pub field_left: fn(&Place),
    pub proceed: fn(&Arc<Filling>),
    pub show_findings: fn(&Arc<Filling>, Vec<Finding>),
    pub summary: fn(&Arc<Filling>, &str) -> Option<El>,
    // The outbox
    pub write_draft: fn(Arc<Filling>, Draft) -> Task<Result<(), StorageError>>,
    pub left: fn(&Arc<Filling>, bool),
    pub changed_elsewhere: fn(Arc<Filling>, Change),
    pub refresh_shelf: fn(Arc<Filling>),
    pub keep_definition: fn(String, String, Vec<u8>),
    pub kept_definition: fn(String) -> Task<Option<Vec<u8>>>,
}

static LATER: Later = Later {
    check: check::view,
    done: done::view,
    mine: mine::screen,
    tasks: tasks::view,
    way: tasks::way,
    anew: mine::anew,
    foot: foot::view,
    strip: helping::strip,
    note: drafts::in_words,
    name_tab: tab::name,
    services: services::view,
    unlock: pin::ask,
    lock: crate::locking::lock,
    whole: Form::parse,
    opened: |filling| {
        prefill::fill(&filling);
        changed::look(filling)
    },
    changed: changed::view,
    field: further::view,
    below: further::below::view,
    remarks: further::remarks::view,
    field_left: further::leave::left,
    proceed: checking::proceed,
    show_findings: checking::show_findings,
    summary: summary::view,
    write_draft: |filling, draft| {
        Box::pin(async move {
            let written = filling.write_draft(draft).await;
            crate::locking::look(&filling, &written);
            written
        })
    },
    left: drafts::left,
    changed_elsewhere: drafts::changed_elsewhere,
    refresh_shelf: |filling| {
        signing_in::came_back();
        spawn_local(async move { filling.refresh_shelf().await });
    },
    keep_definition: definitions::keep,
    kept_definition: |src| Box::pin(definitions::kept(src)),
};

/// The one way from the first part to [`LATER`]. The names are those that the tool looks for; it
/// makes one of both, and the first part must not call it before the later part is there.
#[cfg(split)]
mod border {
    #![allow(improper_ctypes, improper_ctypes_definitions, reason = "both sides are one program")]

    use super::{LATER, Later};

    #[link(wasm_import_module = "__wasm_split_placeholder__")]
    unsafe extern "C" {
        #[link_name = "__wasm_split_00later00_import_00000000000000000000000000000000"]
        pub safe fn later() -> &'static Later;
    }

    #[unsafe(export_name = "__wasm_split_00later00_export_00000000000000000000000000000000")]
    extern "C" fn table() -> &'static Later {
        &LATER
    }
}

#[cfg(not(split))]
mod border {
    pub fn later() -> &'static super::Later {
        &super::LATER
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Away,
    Here,
    /// It was needed and could not be had.
    Failed,
}

struct State {
    part: Cell<Part>,
    /// Goes up when what waits for the part is to be drawn anew.
    revision: ArcRwSignal<u32>,
    load: RefCell<Option<Function>>,
    /// Where the focus goes once it is drawn: the root and the selector.
    focus: RefCell<Option<(HtmlElement, String)>>,
}

thread_local! {
    static STATE: State = State {
        part: Cell::new(Part::Away),
        revision: ArcRwSignal::default(),
        load: RefCell::default(),
        focus: RefCell::default(),
    };
}

fn now(part: Part) {
    let revision = STATE.with(|state| {
        state.part.set(part);
        state.revision.clone()
    });
    revision.update(|revision| *revision += 1);
}

/// Says how the part is loaded: a function that gives a promise, the same each time.
pub fn load_with(load: Function) {
    STATE.with(|state| state.load.replace(Some(load)));
}

/// The later part, fetched if need be; none if it cannot be had now.
pub async fn get() -> Option<&'static Later> {
    if !is_here() {
        let fetched = cfg!(not(split)) || fetch().await;
        // Another may have waited for the same.
        if fetched && !is_here() {
            now(Part::Here);
            after_render(|| {
                if let Some((root, selector)) = STATE.with(|state| state.focus.take()) {
                    focus(root, selector);
                }
            });
        }
    }
    if is_here() { Some(border::later()) } else { None }
}

async fn fetch() -> bool {
    let load = STATE.with(|state| state.load.borrow().clone());
    let Some(Ok(loading)) = load.map(|load| load.call0(&JsValue::NULL)) else { return false };
    JsFuture::from(loading.unchecked_into::<Promise>()).await.is_ok()
}

/// The later part, if it is there.
pub fn here() -> Option<&'static Later> {
    if is_here() { Some(border::later()) } else { None }
}

/// The later part for what is only added once it is there, followed until it is.
pub fn followed() -> Option<&'static Later> {
    if !is_here() {
        STATE.with(|state| state.revision.clone()).track();
    }
    here()
}

fn is_here() -> bool {
    STATE.with(|state| state.part.get()) == Part::Here
}

/// Acts once the later part is there, and not at all if it cannot be had now.
pub fn then(act: impl FnOnce(&'static Later) + 'static) {
    let act: Box<dyn FnOnce(&'static Later)> = Box::new(act);
    spawn_local(async move {
        if let Some(later) = get().await {
            act(later);
        }
    });
}

/// The later part for what is drawn. While it is not there: what stands in its place, until this
/// is drawn anew.
pub fn needed(language: &str) -> Result<&'static Later, El> {
    let (part, revision) = STATE.with(|state| (state.part.get(), state.revision.clone()));
    if part == Part::Here {
        return Ok(border::later());
    }
    revision.track();
    if part == Part::Failed {
        return Err(screens::broken::not_here(language, || now(Part::Away)));
    }
    spawn_local(async {
        if get().await.is_none() {
            now(Part::Failed);
        }
    });
    Err(screens::bars())
}

/// Moves the focus to what `selector` finds inside `root`; if it is not drawn yet because its code
/// is on its way, once it is.
pub fn focus(root: HtmlElement, selector: String) {
    let is_there = browser::focus(&root, &selector);
    let is_there = is_there || screens::draw_rest() && browser::focus(&root, &selector);
    STATE.with(|state| state.focus.replace((!is_there).then_some((root, selector))));
}
