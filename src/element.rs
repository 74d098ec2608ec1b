//! The seam to `e-form.js`, which owns the custom element: it gives the place to draw, the
//! definition on its way, and the element's attributes; it gets back a handle that takes all down.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use eform::Form;
use eform_outbox::{Change, Record, Subscription};
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use js_sys::{Promise, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::drafts::{Drafts, Note, fresh};
use crate::filling::Filling;
use crate::screen::Screen;
use crate::screens;
use crate::shelf::event_name;

/// How long the first screen waits for a kept draft, in milliseconds.
const PATIENCE: u32 = 800;

#[wasm_bindgen]
extern "C" {
    /// What the element was asked for.
    pub type Asked;
    /// The address of the definition, absolute; none for the list of services.
    #[wasm_bindgen(method, getter)]
    fn src(this: &Asked) -> Option<String>;
    /// The language to begin with, if one was asked for.
    #[wasm_bindgen(method, getter)]
    fn lang(this: &Asked) -> Option<String>;
    /// The submission to show.
    #[wasm_bindgen(method, getter)]
    fn show(this: &Asked) -> Option<String>;
    /// Whether the form is the whole page.
    #[wasm_bindgen(method, getter)]
    fn standalone(this: &Asked) -> bool;
    /// The bytes of `src`, on their way: a `Uint8Array`, or undefined if they cannot be had.
    #[wasm_bindgen(method, getter)]
    fn bytes(this: &Asked) -> Promise;
}

/// A form that stands on the page. Dropping it (`free()` in JavaScript) takes it away.
#[wasm_bindgen]
pub struct Mounted {
    _owner: Owner,
    _listening: Rc<RefCell<Option<Listening>>>,
}

/// What the root shows.
#[derive(Clone)]
pub(crate) enum Stage {
    Loading,
    /// The definition could not be fetched and was never kept.
    NotLoaded,
    /// The definition is wrong: place and words for the webmaster.
    Broken(String),
    Services(Vec<u8>),
    Filling(Arc<Filling>),
}

/// Draws what was asked for into `root`, for the element `host`.
#[wasm_bindgen]
pub fn mount(host: HtmlElement, root: HtmlElement, asked: Asked) -> Mounted {
    let stage = ArcRwSignal::new(Stage::Loading);
    let language = asked.lang().unwrap_or_else(|| "th".to_owned());
    let shown = stage.clone();
    // What is drawn belongs to this owner, and goes with it.
    let owner = Owner::new();
    // Only the first form of a page need do this.
    _ = any_spawner::Executor::init_wasm_bindgen();
    owner.with(|| screens::root(shown, language).fill(&root));
    let keep = Rc::new(RefCell::new(None));
    let kept = Rc::clone(&keep);
    spawn_local(async move {
        let next = load(host, root, asked).await;
        if let Stage::Filling(filling) = &next {
            // Only as long as the element is on the page.
            *kept.borrow_mut() = listen(filling).await;
        }
        stage.set(next);
    });
    Mounted { _owner: owner, _listening: keep }
}

/// What follows the browser while a form is on the page.
struct Listening {
    filling: Arc<Filling>,
    _listeners: [EventListener; 3],
    _subscription: Option<Subscription>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.filling.save_now();
    }
}

async fn load(host: HtmlElement, root: HtmlElement, asked: Asked) -> Stage {
    let fetched = JsFuture::from(asked.bytes()).await.ok();
    let fetched =
        fetched.and_then(|bytes| bytes.dyn_into::<Uint8Array>().ok()).map(|bytes| bytes.to_vec());
    let Some(src) = asked.src() else {
        return fetched.map_or(Stage::NotLoaded, Stage::Services);
    };
    let bytes = match fetched {
        Some(bytes) => bytes,
        // Without a service worker, what was kept with an earlier draft still opens.
        None => match kept(&src).await {
            Some(bytes) => bytes,
            None => return Stage::NotLoaded,
        },
    };
    match Form::parse(&bytes) {
        Ok(form) => {
            let first = form.definition().languages.first().cloned().unwrap_or_default();
            let wanted = asked.lang().filter(|lang| form.definition().languages.contains(lang));
            let chosen = wanted.is_some();
            let language = wanted.unwrap_or(first);
            let drafts = Drafts::new(fresh(&form, &language));
            let filling = Filling::new(form, language, drafts, host, root, asked.standalone());
            open(&filling, asked.show(), chosen).await;
            keep(&filling, src, bytes);
            Stage::Filling(filling)
        }
        Err(error) => {
            let place = error
                .position
                .map(|(line, column)| format!("{src}:{line}:{column}"))
                .unwrap_or(src);
            Stage::Broken(format!("{place}\n{error}"))
        }
    }
}

async fn kept(src: &str) -> Option<Vec<u8>> {
    let kept = crate::outbox::outbox().await.ok()?.definition_at(src).await.ok()??;
    Some(kept.text.into_bytes())
}

/// Keeps the definition for as long as a draft or a submission needs it.
fn keep(filling: &Arc<Filling>, src: String, bytes: Vec<u8>) {
    let digest = filling.form.digest().to_owned();
    spawn_local(async move {
        if let (Ok(outbox), Ok(text)) = (crate::outbox::outbox().await, String::from_utf8(bytes)) {
            // Without it the form still works as long as it can be fetched.
            _ = outbox.keep_definition(&digest, &src, &text).await;
        }
    });
}

/// Goes on where this phone left off: a kept draft, a submission to show, or the first page.
async fn open(filling: &Arc<Filling>, show: Option<String>, language_chosen: bool) {
    let (done, ready) = promised();
    let this = Arc::clone(filling);
    let done_late = done.clone();
    spawn_local(async move {
        match restore(&this, show, language_chosen).await {
            Ok(()) => {}
            Err(_) => this.drafts.note.set(Note::NoStorage),
        }
        done();
    });
    Timeout::new(PATIENCE, done_late).forget();
    // Neither of the two can fail to come.
    _ = JsFuture::from(ready).await;
}

/// A promise and the function that fulfils it.
fn promised() -> (impl Fn() + Clone + 'static, Promise) {
    let mut resolve = None;
    let promise = Promise::new(&mut |fulfil, _| resolve = Some(fulfil));
    let fulfil = move || {
        if let Some(resolve) = &resolve {
            // Calling a promise's own function does not throw.
            _ = resolve.call0(&JsValue::NULL);
        }
    };
    (fulfil, promise)
}

async fn restore(
    filling: &Arc<Filling>,
    show: Option<String>,
    language_chosen: bool,
) -> Result<(), eform_outbox::StorageError> {
    let outbox = crate::outbox::outbox().await?;
    let draft = outbox.load_draft(&filling.drafts.key()).await?;
    filling.refresh_shelf().await;
    if let Some(draft) = draft {
        if !language_chosen && filling.form.definition().languages.contains(&draft.language) {
            filling.language.set(draft.language.clone());
        }
        filling.take_draft(draft);
    }
    if let Some(id) = show {
        filling.show(Screen::Done(id));
    } else if !filling.drafts.is_begun() && !filling.follow_history() {
        let first = untrack(|| filling.shown_pages()).first().copied().unwrap_or(0);
        filling.begin_at(first);
    }
    Ok(())
}

async fn listen(filling: &Arc<Filling>) -> Option<Listening> {
    let window = web_sys::window()?;
    let document = window.document()?;
    let weak = Arc::downgrade(filling);
    let on = |target: &web_sys::EventTarget, name: &'static str, act: fn(&Arc<Filling>)| {
        let weak = weak.clone();
        EventListener::new(target, name, move |_| {
            if let Some(filling) = weak.upgrade() {
                act(&filling);
            }
        })
    };
    let listeners = [
        on(&window, "popstate", |filling| _ = filling.follow_history()),
        on(&window, "pagehide", Filling::save_now),
        on(&document, "visibilitychange", Filling::save_now),
    ];
    let subscription = crate::outbox::outbox().await.ok().map(|outbox| {
        let changed = move |change: &Change| {
            let Some(filling) = weak.upgrade() else { return };
            match change {
                Change::Outbox => spawn_local(async move {
                    filling.refresh_shelf().await;
                    // Another tab may have submitted this draft.
                    _ = filling.draft_changed().await;
                }),
                Change::Draft(key) if *key == filling.drafts.key() => spawn_local(async move {
                    // If it cannot be read now, the next saving tells.
                    _ = filling.draft_changed().await;
                }),
                Change::Draft(_) => {}
            }
        };
        outbox.subscribe(Rc::new(changed))
    });
    Some(Listening {
        filling: Arc::clone(filling),
        _listeners: listeners,
        _subscription: subscription,
    })
}

/// Tells the page around the form what became of a submission: an event that bubbles, with the id
/// and, once received, the reference. It holds no answer.
pub(crate) fn tell(host: &HtmlElement, record: &Record) {
    let Some(name) = event_name(record.state) else { return };
    let detail = js_sys::Object::new();
    let set = |member: &str, value: &str| {
        // Setting a member of a fresh object cannot fail.
        _ = js_sys::Reflect::set(&detail, &member.into(), &value.into());
    };
    set("id", &record.id);
    set("form", &record.form);
    if let Some(receipt) = &record.receipt {
        set("reference", &receipt.reference);
    }
    let init = CustomEventInit::new();
    init.set_bubbles(true);
    init.set_composed(true);
    init.set_detail(&detail);
    if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
        _ = host.dispatch_event(&event);
    }
}
