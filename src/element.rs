//! The seam to `e-form.js`, which owns the custom element: it gives the place to draw, the
//! definition on its way, and the element's attributes; it gets back a handle that takes all down.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use eform::{Form, Vocabulary};
use eform_outbox::{Change, Draft, Record, platform};
use gloo::events::EventListener;
use js_sys::{Array, Function, Promise, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement};

use crate::browser::{after_render, watch_pointer};
use crate::drafts::{Drafts, fresh};
use crate::filling::{Filling, Instead};
use crate::helping::Others;
use crate::later::AsOpened;
use crate::screen::Screen;
use crate::shelf::event_name;
use crate::{forms, history, later, outbox, places, screens};

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
    /// The key of the draft to go on with.
    #[wasm_bindgen(method, getter)]
    fn draft(this: &Asked) -> Option<String>;
    /// Whether the form is the whole page.
    #[wasm_bindgen(method, getter)]
    fn standalone(this: &Asked) -> bool;
    /// Set where someone fills in for others: how many there should be.
    #[wasm_bindgen(method, getter)]
    fn assisted(this: &Asked) -> Option<String>;
    /// Set where everybody uses the device: the minutes after which it covers itself.
    #[wasm_bindgen(method, getter)]
    fn shared(this: &Asked) -> Option<String>;
    /// The bytes of `src`, on their way: a `Uint8Array`, or undefined if they cannot be had.
    #[wasm_bindgen(method, getter)]
    fn bytes(this: &Asked) -> Promise;
    /// Every kept draft as JSON text, on its way: an array, empty where there is none.
    #[wasm_bindgen(method, getter)]
    fn drafts(this: &Asked) -> Promise;
    /// Gives a promise of the outbox's module.
    #[wasm_bindgen(method, getter, js_name = loadOutbox)]
    fn load_outbox(this: &Asked) -> Function;
    /// Gives a promise that the later part is there.
    #[wasm_bindgen(method, getter, js_name = loadLater)]
    fn load_later(this: &Asked) -> Function;
    /// Gives a promise of the text of a file of the kit, by its name.
    #[wasm_bindgen(method, getter, js_name = loadText)]
    fn load_text(this: &Asked) -> Function;
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
    outbox::load_with(asked.load_outbox());
    later::load_with(asked.load_later());
    places::load_with(asked.load_text());
    watch_pointer();
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
            *kept.borrow_mut() = listen(filling);
            let filling = Arc::clone(filling);
            // Once the first field is there.
            after_render(|| {
                spawn_local(async move {
                    // If it cannot be had now, the next page asks again.
                    if let Some(later) = filling.complete().await {
                        (later.refresh_shelf)(filling);
                    }
                });
            });
        }
        stage.set(next);
    });
    Mounted { _owner: owner, _listening: keep }
}

/// What follows the browser while a form is on the page.
struct Listening {
    filling: Arc<Filling>,
    _listeners: [EventListener; 4],
    _listener: outbox::Listener,
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
        None => match kept(src.clone()).await {
            Some(bytes) => bytes,
            None => return Stage::NotLoaded,
        },
    };
    match Form::parse_with(&bytes, Vocabulary::FIRST) {
        Ok(form) => {
            let first = form.definition().languages.first().cloned().unwrap_or_default();
            let wanted = asked.lang().filter(|lang| form.definition().languages.contains(lang));
            let chosen = wanted.is_some();
            let language = wanted.unwrap_or(first);
            let drafts = Drafts::new(fresh(&form, &language));
            let others = Others { assisted: asked.assisted(), shared: asked.shared() };
            let setting = (asked.standalone(), others);
            let (form, kept) = (forms::keep(form), bytes.clone());
            let filling = Filling::new(form, kept, language, drafts, (host, root), setting);
            open(&filling, asked.drafts(), asked.show(), asked.draft(), chosen).await;
            let page = filling.screen.get_untracked().page();
            // What is shown now must be there at once, whatever it needs; on a device of many, the way
            // to the next person too.
            let needs_all = page.is_some_and(|page| filling.is_waiting(page));
            // What has changed stands above the rest.
            let needs_all = needs_all || filling.drafts.is_of_another(filling.form().digest());
            if (needs_all || filling.others.are_there()) && filling.complete().await.is_none() {
                filling.instead.set(Some(Instead::Lacking));
            }
            filling.name_tab();
            let digest = filling.form().digest().to_owned();
            later::then(move |later| (later.keep_definition)(digest, src, bytes));
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

async fn kept(src: String) -> Option<Vec<u8>> {
    (later::get().await?.kept_definition)(src).await
}

/// Goes on where this phone left off: a kept draft, a submission to show, or the first page.
async fn open(
    filling: &Arc<Filling>,
    drafts: Promise,
    show: Option<String>,
    wanted: Option<String>,
    language_chosen: bool,
) {
    let drafts = JsFuture::from(drafts).await.unwrap_or_default();
    let drafts = drafts.dyn_into::<Array>().unwrap_or_default();
    if drafts.includes(&"locked".into(), 0) {
        let filling = Arc::clone(filling);
        let opened = Some((show, wanted, language_chosen));
        return later::then(move |later| (later.lock)(filling, opened));
    }
    let drafts = drafts.iter().filter_map(|json| Draft::from_json(&json.as_string()?));
    open_with(filling, drafts.collect(), (show, wanted, language_chosen));
}

/// Goes on where these drafts left off.
pub(crate) fn open_with(
    filling: &Arc<Filling>,
    drafts: Vec<Draft>,
    (show, wanted, language_chosen): AsOpened,
) {
    // A link leads to a submission; after that, the history says what is shown.
    let show = show.filter(|_| history::current(&filling.form().definition().id).is_none());
    if let Some(id) = show {
        return filling.go_instead(Screen::Done(id));
    }
    // The one that was worked on last: the form's own, or one that mends a submission.
    let drafts = drafts.into_iter().filter(|draft| draft.form == filling.form().definition().id);
    let (drafts, unreadable): (Vec<_>, Vec<_>) = drafts.partition(Draft::is_readable);
    let is_taken = |key: &str| unreadable.iter().any(|draft| draft.key == key);
    if is_taken(&filling.drafts.key()) {
        // It stays beside what can be read.
        filling.drafts.set_apart(false);
    }
    // The one that this tab was about, or that a link leads to, comes before all others.
    let here = history::current(&filling.form().definition().id);
    if let (Some(Screen::Done(id)), true) = (
        here.as_ref().and_then(|name| Screen::named(name, filling.form())),
        filling.others.are_there(),
    ) {
        // A reload is not the next person.
        filling.drafts.set_submitted(&id);
    }
    let here = here.as_ref().and_then(|here| Some(here.split_once('\n')?.1));
    let here = here.filter(|key| !is_taken(key));
    let wanted = here.or(wanted.as_deref());
    let is_wanted = |draft: &Draft| wanted == Some(&*draft.key);
    let mut draft = drafts.into_iter().max_by_key(|draft| (is_wanted(draft), draft.updated_at));
    if filling.others.are_there() {
        // The last one's is not the next one's.
        filling.drafts.set_apart(filling.others.shared.is_some());
        draft = draft.filter(is_wanted);
        // At a counter not even that, once it has been left alone.
        if filling.others.shared.is_some() {
            draft = draft
                .filter(|draft| platform::now() - draft.updated_at < filling.others.left_alone());
        }
    }
    if let (Some(key), false) = (here, filling.others.are_there())
        && draft.as_ref().is_none_or(|draft| draft.key != key)
    {
        // Nothing had been entered in it yet, or it could not be read in time: no other takes its
        // place.
        draft = None;
        filling.drafts.rename(key);
    }
    if let Some(draft) = draft {
        if !language_chosen && filling.form().definition().languages.contains(&draft.language) {
            filling.language.set(draft.language.clone());
        }
        let is_beside = is_taken(&draft.key);
        filling.take_draft(draft, false);
        if is_beside {
            // It was left before it got a key of its own.
            filling.save_soon();
        }
    }
    // With no draft there are no answers to go back to, whatever page the history remembers.
    let kept = || filling.follow_history() && !filling.screen.get_untracked().is_filling();
    if !filling.drafts.is_begun() && !kept() {
        filling.go_instead(filling.first_screen());
    }
}

fn listen(filling: &Arc<Filling>) -> Option<Listening> {
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
        on(&window, "pagehide", |filling| left(filling, true)),
        on(&window, "pageshow", |filling| left(filling, false)),
        on(&document, "visibilitychange", |filling| {
            filling.save_now();
            let filling = Arc::clone(filling);
            // What another tab wrote while this one slept.
            let change = Change::Draft(filling.drafts.key());
            later::then(|later| (later.changed_elsewhere)(filling, change));
        }),
    ];
    let changed: outbox::Listener = Rc::new(move |change: &Change| {
        let Some(filling) = weak.upgrade() else { return };
        let change = change.clone();
        later::then(|later| (later.changed_elsewhere)(filling, change));
    });
    outbox::subscribe(&changed);
    Some(Listening { filling: Arc::clone(filling), _listeners: listeners, _listener: changed })
}

/// Nothing has been kept yet without the later part.
fn left(filling: &Arc<Filling>, left: bool) {
    if let Some(later) = later::here() {
        (later.left)(filling, left);
    }
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
