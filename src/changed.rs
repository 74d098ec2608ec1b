//! A draft that was begun with an earlier definition of its form. It goes on with the newer one, and this
//! says what that means for it: what is asked anew, which answers to look at again, and which are asked
//! for no more, until the citizen has seen it. Which those are, the engine finds.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use eform::{Form, NodeId, Revised, Session};
use js_sys::Promise;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use serde_json::Value;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::browser::{self, moment};
use crate::dom::{El, button, div, el};
use crate::fields::focus_target;
use crate::fields::further::lead;
use crate::filling::Filling;
use crate::later::Task;
use crate::outbox::outbox;
use crate::screen::Screen;
use crate::screens::title_of_row;
use crate::words::{LaterWords, later_words};

/// How long the form waits for it, in milliseconds: it should be there before anything that it would move.
const PATIENCE: u32 = 1_500;

/// How many questions a list names.
const MOST: usize = 12;

/// What has changed for a draft.
struct Changed {
    /// When it was last worked on: milliseconds since 1970.
    since: i64,
    /// The draft as the earlier definition has it; none where the phone has that no more.
    before: Option<Session>,
    revised: Revised,
    /// Without the earlier definition: answers to questions that the form does not have.
    strays: Vec<(String, Value)>,
}

type Shown = ArcRwSignal<Option<SendWrapper<Rc<Changed>>>>;

thread_local! {
    /// By form on the page.
    static ALL: RefCell<Vec<(usize, Shown)>> = const { RefCell::new(Vec::new()) };
}

fn of(filling: &Arc<Filling>) -> Shown {
    let number = Arc::as_ptr(filling) as usize;
    ALL.with_borrow_mut(|all| {
        if let Some((_, shown)) = all.iter().find(|(of, _)| *of == number) {
            return shown.clone();
        }
        let shown = Shown::default();
        all.push((number, shown.clone()));
        shown
    })
}

/// Looks what has changed for the draft on the screen, for so long as one may wait for it.
pub fn look(filling: Arc<Filling>) -> Task<()> {
    let shown = of(&filling);
    shown.set(None);
    if !filling.drafts.is_of_another(filling.form().digest())
        || filling.drafts.submitted().is_some()
    {
        return Box::pin(async {});
    }
    let looked = Promise::new(&mut |done, _| {
        let (filling, shown, late) = (Arc::clone(&filling), shown.clone(), done.clone());
        spawn_local(async move {
            if let Some(changed) = find(&filling).await {
                shown.set(Some(SendWrapper::new(Rc::new(changed))));
            }
            // A function of the browser's own.
            _ = done.call0(&JsValue::UNDEFINED);
        });
        let give_up = move || _ = late.call0(&JsValue::UNDEFINED);
        gloo::timers::callback::Timeout::new(PATIENCE, give_up).forget();
    });
    Box::pin(async move { _ = JsFuture::from(looked).await })
}

async fn find(filling: &Arc<Filling>) -> Option<Changed> {
    let draft = filling.drafts.state.borrow().draft.clone();
    // If it cannot be read now, the draft names it still when it is opened again.
    let kept = outbox().await.ok()?.definition(&draft.definition).await.ok()?;
    if filling.drafts.id() != draft.id {
        return None;
    }
    let form = kept.and_then(|text| Form::parse(text.as_bytes()).ok());
    let before = form.map(|form| Session::new(form, &draft.entries, browser::today()));
    let is_known = before.is_some();
    let now = filling.session();
    let revised = before.as_ref().map(|before| Revised::between(before, &now)).unwrap_or_default();
    let is_stray = |id: &str| filling.form().place_of(id).is_none();
    let strays = draft.entries.into_iter().filter(|(id, _)| !is_known && is_stray(id)).collect();
    let changed = Changed { since: draft.updated_at, before, revised, strays };
    if changed.revised.is_empty() && changed.strays.is_empty() {
        drop(now);
        // Nothing that anybody need know.
        filling.drafts.state.borrow_mut().draft.definition = filling.form().digest().to_owned();
        return None;
    }
    Some(changed)
}

/// What has changed, above the answers, until it has been seen.
pub fn view(filling: &Arc<Filling>) -> Option<El> {
    let shown = of(filling).get()?;
    let language = filling.language.get();
    let is_filling = filling.screen.get().is_filling();
    // Another draft, or none, since it has been submitted.
    let is_there = is_filling && filling.drafts.is_kept();
    is_there.then(|| untrack(|| notice(filling, &shown, &language)))
}

fn notice(filling: &Arc<Filling>, changed: &Rc<Changed>, language: &str) -> El {
    let words = later_words(language);
    let when = moment(changed.since as f64, language);
    let title = el("h2").attr("id", "changed").text(&words.changed_since.replace("{when}", &when));
    let this = Arc::clone(filling);
    let seen = button("secondary", words.changed_seen).attr("data-action", "changed-seen");
    let seen = seen.click(move || {
        let digest = this.form().digest().to_owned();
        this.drafts.state.borrow_mut().draft.definition = digest;
        this.save_soon();
        of(&this).set(None);
        this.focus_later("h1");
    });
    let inside = div("panel saved")
        .child(title)
        .child(el("p").text(words.changed_text))
        .maybe(asked_anew(filling, changed, language))
        .maybe(to_look_at(filling, changed, language))
        .maybe(not_asked(changed, language))
        .child(div("actions").child(seen));
    el("section")
        .class("changed")
        .attr("aria-labelledby", "changed")
        .attr("data-eform", "changed")
        .child(inside)
}

/// A list under its heading; none where there is nothing in it.
fn list(title: &str, part: &str, items: Vec<El>, words: &LaterWords) -> Option<El> {
    if items.is_empty() {
        return None;
    }
    let more = items.len().saturating_sub(MOST);
    let list = el("ul").children(items.into_iter().take(MOST).collect());
    let more =
        (more > 0).then(|| el("li").text(&words.changed_more.replace("{n}", &more.to_string())));
    Some(el("div").attr("data-part", part).child(el("h3").text(title)).child(list.maybe(more)))
}

fn asked_anew(filling: &Arc<Filling>, changed: &Changed, language: &str) -> Option<El> {
    let words = later_words(language);
    let item = |node: &NodeId| {
        let must = filling.session().is_required(*node);
        let item = el("li").child(way(filling, *node, language));
        if must { item.text(" ").text(words.changed_required) } else { item }
    };
    let there = changed.revised.new.iter().filter(|node| filling.session().is_there(**node));
    list(words.changed_new, "changed-new", there.map(item).collect(), words)
}

fn to_look_at(filling: &Arc<Filling>, changed: &Changed, language: &str) -> Option<El> {
    let words = later_words(language);
    let before = changed.before.as_ref()?;
    let item = |(old, node): &(NodeId, NodeId)| {
        let was = [words.changed_was, &answer(before, *old, language)].concat();
        let way = way(filling, *node, language);
        el("li").child(way).child(el("p").class("hint").text(&was))
    };
    let pairs = &changed.revised.again;
    let there = pairs.iter().filter(|(_, node)| filling.session().is_there(*node));
    list(words.changed_again, "changed-again", there.map(item).collect(), words)
}

fn not_asked(changed: &Changed, language: &str) -> Option<El> {
    let words = later_words(language);
    let item = |label: &str, answer: &str| {
        let label = el("strong").text(label).text(": ");
        el("li").child(label).child(el("span").class("answer").text(answer))
    };
    let mut items = Vec::new();
    if let Some(before) = &changed.before {
        for node in &changed.revised.gone {
            let label = label(before.form(), before, *node, language);
            items.push(item(&label, &answer(before, *node, language)));
        }
    }
    for (id, entry) in &changed.strays {
        items.push(item(id, &as_typed(entry)));
    }
    list(words.changed_gone, "changed-gone", items, words)
}

/// The way to a question.
fn way(filling: &Arc<Filling>, node: NodeId, language: &str) -> El {
    let label = {
        let session = filling.session();
        label(filling.form(), &session, node, language)
    };
    let this = Arc::clone(filling);
    button("link", &label).attr("data-action", "changed").click(move || {
        let page = this.session().field(node).map(|field| field.page);
        let Some(page) = page else { return };
        let selector = focus_target(&this, node, None);
        if this.screen.get_untracked().page() != Some(page) {
            this.go(Screen::Page(page));
        }
        lead::to(&this, node, "");
        this.focus_later(&selector);
    })
}

/// What a question is called, with the rows that it stands in.
fn label(form: &Form, session: &Session, node: NodeId, language: &str) -> String {
    let (mut names, mut at) = (Vec::new(), node);
    while let Some(field) = session.field(at) {
        let parent = session.parent(at);
        let is_row = session.field(parent).is_some_and(|list| std::ptr::eq(list, field));
        let label = form.text(&field.label, language);
        if is_row {
            names.insert(0, title_of_row(form, session, at, label, language));
        } else if at == node {
            names.push(label.to_owned());
        }
        at = parent;
    }
    names.join(", ")
}

/// An answer in words; what is none as it was typed.
fn answer(session: &Session, node: NodeId, language: &str) -> String {
    match session.answer(node) {
        Some(answer) => session.form().in_words(session.place(node), answer, language),
        None => as_typed(session.entry(node)),
    }
}

fn as_typed(entry: &Value) -> String {
    match entry {
        Value::String(text) => text.clone(),
        Value::Array(entries) => entries.iter().map(as_typed).collect::<Vec<_>>().join(", "),
        Value::Object(parts) => parts.values().map(as_typed).collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
