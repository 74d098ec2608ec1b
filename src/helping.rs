//! One device, many people: an officer or a volunteer who fills in for others (`assisted`), and a
//! device at a counter that everybody uses (`shared`). Nobody sees what the one before has entered:
//! each has a draft of their own, answers go from the device once the agency has them, and a form
//! that is left alone covers itself.
//!
//! An interview that was broken off stays as a draft of its own, to be gone on with. At a counter it
//! goes: what was not submitted there is deleted, and that is said before it happens.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Weak};

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use wasm_bindgen::JsValue;

use eform_outbox::{Draft, Record, State as RecordState, platform};

use crate::browser::{after_render, member};
use crate::by_name;
use crate::dom::{El, button, div, el};
use crate::filling::Filling;
use crate::outbox::outbox;
use crate::screens::mine;
use crate::words::{LaterWords, later_words};

/// Minutes without a touch or a key after which the form covers itself, unless told.
const IDLE: u32 = 5;

/// Milliseconds that a covered form at a counter still waits before it is cleared. WCAG 2.2.1 asks
/// for 20 seconds at least.
const GRACE: u32 = 60_000;

/// For whom the device is.
#[derive(Debug, Clone, Default)]
pub struct Others {
    /// Someone fills in for others: how many there should be, if that is known.
    pub assisted: Option<String>,
    /// Everybody uses it: the minutes after which it covers itself, unless they are not told.
    pub shared: Option<String>,
}

impl Others {
    /// Whether others than the device's owner fill in.
    pub fn are_there(&self) -> bool {
        self.assisted.is_some() || self.shared.is_some()
    }

    fn quota(&self) -> Option<usize> {
        self.assisted.as_ref()?.parse().ok().filter(|quota| *quota > 0)
    }

    fn idle(&self) -> u32 {
        let told = self.shared.as_ref().and_then(|told| told.parse().ok());
        told.filter(|minutes| *minutes > 0).unwrap_or(IDLE).min(24 * 60) * 60_000
    }

    /// Milliseconds after the last change when a draft at a counter is of somebody who has gone.
    pub fn left_alone(&self) -> i64 {
        i64::from(self.idle() + GRACE)
    }
}

/// What stands above every screen of such a device: whose turn it is, and the way to the next.
pub fn strip(filling: &Arc<Filling>) -> El {
    let idle = Idle::watch(filling);
    if filling.others.shared.is_some() {
        filling.forget_left_alone();
    }
    let (this, count) = (Arc::clone(filling), Arc::clone(filling));
    let said = el("p").say(move || {
        let language = count.language.get();
        whose_turn(&count, later_words(&language))
    });
    // Asked once where something goes with it.
    let asked = RwSignal::new(false);
    let ways = div("ways").part(move || {
        let words = later_words(&this.language.get());
        // Whoever comes next is not asked about the one before.
        this.revision.track();
        let (is_assisted, act) = (this.others.assisted.is_some(), Arc::clone(&this));
        let label = if is_assisted { words.next_person } else { words.clear };
        if asked.get() {
            let yes = button("danger", words.clear_sure).attr("data-action", "clear-sure");
            let yes = yes.click(move || {
                asked.set(false);
                act.next_person();
            });
            let keep = button("link", words.keep).attr("data-action", "keep");
            let back = Arc::clone(&this);
            let no = keep.click(move || {
                asked.set(false);
                back.focus_later("[data-action=next-person]");
            });
            return Some(el("div").child(yes).child(no));
        }
        let way = button("secondary", label).attr("data-action", "next-person");
        Some(way.click(move || {
            if act.others.shared.is_some() && act.is_unsent() {
                asked.set(true);
                act.focus_later("[data-part=strip] [data-action=keep]");
            } else {
                act.next_person();
            }
        }))
    });
    let cover = idle.cover(filling);
    div("turn").child(said).child(ways).child(cover)
}

fn whose_turn(filling: &Filling, words: &LaterWords) -> String {
    if filling.others.assisted.is_none() {
        return words.shared_device.to_owned();
    }
    let form = &filling.form().definition().id;
    let (all, sent, waiting) = filling.shelf.records.with(|records| {
        let counts =
            |record: &&Record| record.form == *form && record.state != RecordState::Replaced;
        let counted = records.iter().filter(counts);
        let received = counted.clone().filter(|record| record.receipt.is_some());
        let waits = counted
            .clone()
            .filter(|record| matches!(record.state, RecordState::Queued | RecordState::Sending));
        (counted.clone().count(), received.count(), waits.count())
    });
    filling.screen.track();
    // The one whose receipt is shown is still this one.
    let turn = all + usize::from(filling.drafts.submitted().is_none());
    let number = |number: usize| number.to_string();
    let whose = match filling.others.quota() {
        Some(quota) if turn <= quota => words.person_of.replace("{of}", &number(quota)),
        Some(_) => [words.person, " · ", words.quota_reached].concat(),
        None => words.person.to_owned(),
    };
    let mut said = [&*whose.replace("{n}", &number(turn)), " · "].concat();
    said += &words.sent.replace("{n}", &number(sent));
    if waiting > 0 {
        said = [&said, " · ", &*words.waiting.replace("{n}", &number(waiting))].concat();
    }
    said + &mine::wanting(&filling.shelf, |record| record.form == *form, words)
}

/// Whether the agency has what was sent in its stead, or in the stead of that.
fn is_received_in_the_end(records: &[Record], record: &Record) -> bool {
    let stands_in = |record: &&Record| {
        let by = record.replaced_by.as_ref()?;
        records.iter().find(|other| other.id == *by)
    };
    let chain = std::iter::successors(Some(record), stands_in).take(records.len());
    // What is not here any more had been received.
    chain.last().is_some_and(|last| last.receipt.is_some() || last.replaced_by.is_some())
}

impl Filling {
    /// Makes room for the next person: nothing of this one is on the screen or behind «back».
    pub fn next_person(self: &Arc<Self>) {
        if self.submitting.get_untracked() {
            return;
        }
        if self.others.shared.is_some() && self.is_unsent() {
            self.delete_draft(self.drafts.key(), self.drafts.id());
        } else {
            self.begin_another();
        }
        self.go_instead(self.first_screen());
        self.focus_later("h1");
        self.forget_received();
    }

    /// Whether something has been entered that would go with its person.
    fn is_unsent(&self) -> bool {
        self.drafts.is_begun() && self.drafts.submitted().is_none()
    }

    /// On a device of many, what was corrected goes once the agency has what went in its stead. At a
    /// counter that goes as well, but for the receipt on the screen. What the agency has not received yet
    /// stays, unseen, until it has.
    pub fn forget_received(self: &Arc<Self>) {
        if !self.others.are_there()
            || self.shelf.records.with_untracked(|records| self.done_with(records).is_empty())
        {
            return;
        }
        let this = Arc::clone(self);
        spawn_local(async move {
            let Ok(outbox) = outbox().await else { return };
            // What is on the screen may be behind: one in a corrected one's stead may have come since.
            let Ok(records) = outbox.list().await else { return };
            for (id, received) in this.done_with(&records) {
                // If it stays now, it goes when the list is read again.
                _ = outbox.delete(&id, received).await;
            }
        });
    }

    /// What need not stay on a device of many, each with whether the agency has it.
    fn done_with(&self, records: &[Record]) -> Vec<(String, bool)> {
        let at_counter = self.others.shared.is_some();
        let is_done = |record: &&Record| match record.state {
            _ if !record.forget || self.is_theirs(&record.id) => false,
            RecordState::Received => at_counter,
            RecordState::Replaced => is_received_in_the_end(records, record),
            _ => false,
        };
        let done = records.iter().filter(is_done);
        done.map(|record| (record.id.clone(), record.receipt.is_some())).collect()
    }

    /// At a counter, what somebody has left unsent and walked away from goes when the form is opened.
    fn forget_left_alone(self: &Arc<Self>) {
        let (this, key) = (Arc::clone(self), self.drafts.key());
        let until = platform::now() - self.others.left_alone();
        spawn_local(async move {
            let Ok(outbox) = outbox().await else { return };
            let form = &this.form().definition().id;
            let here = Draft::key_at_counter(form, "");
            for draft in outbox.list_drafts().await.unwrap_or_default() {
                let is_left = draft.form == *form && draft.key.starts_with(&*here);
                if is_left && draft.key != key && draft.updated_at < until {
                    // What cannot be deleted now goes the next time.
                    _ = outbox.delete_draft(&draft.key, &draft.id).await;
                }
            }
        });
    }

    /// Whether a submission may be shown: at a counter, only that of the person who is there.
    pub fn may_show(&self, id: &str) -> bool {
        self.others.shared.is_none() || self.is_theirs(id)
    }

    /// Whether its answers may be shown: on a device of many, only to the person who is there.
    pub fn may_show_answers(&self, id: &str) -> bool {
        !self.others.are_there() || self.is_theirs(id)
    }

    fn is_theirs(&self, id: &str) -> bool {
        self.drafts.submitted().as_deref() == Some(id)
    }
}

/// Covers the form when nobody touches it. It goes by the clock: timers stand still while a device
/// sleeps.
struct Idle {
    covered: ArcRwSignal<bool>,
    /// When it was touched last, or covered: milliseconds since 1970.
    since: Cell<i64>,
    state: RefCell<Watching>,
    filling: Weak<Filling>,
    after: u32,
}

#[derive(Default)]
struct Watching {
    timer: Option<Timeout>,
    listeners: Vec<EventListener>,
    /// What had the focus when the cover came.
    focused: JsValue,
}

impl Idle {
    fn watch(filling: &Arc<Filling>) -> Rc<Self> {
        let idle = Rc::new(Self {
            covered: ArcRwSignal::new(false),
            since: Cell::new(platform::now()),
            state: RefCell::default(),
            filling: Arc::downgrade(filling),
            after: filling.others.idle(),
        });
        let Some(window) = web_sys::window() else { return idle };
        for name in ["pointerdown", "keydown", "input", "wheel", "pageshow", "focus"] {
            let weak = Rc::downgrade(&idle);
            let capture = EventListenerOptions::run_in_capture_phase();
            let listener = EventListener::new_with_options(&window, name, capture, move |_| {
                if let Some(idle) = weak.upgrade() {
                    idle.touched();
                }
            });
            idle.state.borrow_mut().listeners.push(listener);
        }
        idle.wait(idle.after);
        let kept = SendWrapper::new(Rc::clone(&idle));
        on_cleanup(move || drop(kept));
        idle
    }

    /// Looks again in so many milliseconds.
    fn wait(self: &Rc<Self>, time: u32) {
        let weak = Rc::downgrade(self);
        let timer = Timeout::new(time, move || {
            if let Some(idle) = weak.upgrade() {
                idle.over(true);
            }
        });
        self.state.borrow_mut().timer = Some(timer);
    }

    fn touched(self: &Rc<Self>) {
        if !self.over(false) && !self.covered.get_untracked() {
            self.since.set(platform::now());
            self.wait(self.after);
        }
    }

    /// Covers or clears the form if it is time: by the clock, or because the timer says so.
    fn over(self: &Rc<Self>, by_timer: bool) -> bool {
        let Some(filling) = self.filling.upgrade() else { return false };
        let alone = platform::now() - self.since.get();
        let is_covered = self.covered.get_untracked();
        let limit = if is_covered { GRACE } else { self.after };
        if !by_timer && alone < i64::from(limit) {
            return false;
        }
        let clears = filling.others.shared.is_some();
        let long_ago = !is_covered && alone >= i64::from(self.after) + i64::from(GRACE);
        match (is_covered || long_ago, clears) {
            (true, true) => self.leave(),
            (true, false) if is_covered => return false,
            _ => self.put_cover(&filling),
        }
        true
    }

    fn put_cover(self: &Rc<Self>, filling: &Arc<Filling>) {
        self.since.set(platform::now());
        // There is nothing to hide.
        if !filling.drafts.is_begun() && filling.drafts.submitted().is_none() {
            return self.wait(self.after);
        }
        filling.save_now();
        let root = by_name::call(&filling.root, "getRootNode", &[]).unwrap_or_default();
        self.state.borrow_mut().focused = member(&root, "activeElement");
        self.covered.set(true);
        filling.focus_later("[data-action=stay]");
        self.state.borrow_mut().timer = None;
        if filling.others.shared.is_some() {
            self.wait(GRACE);
        }
    }

    /// Somebody is there.
    fn stay(self: &Rc<Self>) {
        self.covered.set(false);
        self.since.set(platform::now());
        self.wait(self.after);
        let focused = std::mem::take(&mut self.state.borrow_mut().focused);
        // Once it can be reached again. What is gone does not take the focus.
        after_render(move || _ = by_name::call(&focused, "focus", &[]));
    }

    fn leave(self: &Rc<Self>) {
        self.covered.set(false);
        self.since.set(platform::now());
        self.wait(self.after);
        if let Some(filling) = self.filling.upgrade() {
            filling.next_person();
        }
    }

    /// A dialogue over all of the page; what is below can neither be read nor reached.
    fn cover(self: &Rc<Self>, filling: &Arc<Filling>) -> El {
        let (idle, this) = (Rc::clone(self), Arc::clone(filling));
        el("div").part(move || {
            let is_covered = idle.covered.get();
            hide_all(&this, is_covered);
            if !is_covered {
                return None;
            }
            let words = later_words(&this.language.get());
            let leave = Rc::clone(&idle);
            let stay = button("primary", words.stay).attr("data-action", "stay");
            let stay = {
                let idle = Rc::clone(&idle);
                stay.click(move || idle.stay())
            };
            let label = if this.others.shared.is_some() { words.clear } else { words.next_person };
            let leave = button("secondary", label)
                .attr("data-action", "leave")
                .click(move || leave.leave());
            let text =
                if this.others.shared.is_some() { words.idle_clears } else { words.idle_text };
            let panel = div("panel saved")
                .child(el("h2").attr("id", "idle-title").text(words.idle_title))
                .child(el("p").attr("id", "idle-text").text(text))
                .child(div("actions").child(stay).child(leave));
            let cover = div("cover").attr("role", "alertdialog").attr("aria-modal", "true");
            let cover = cover.attr("aria-labelledby", "idle-title");
            Some(cover.attr("aria-describedby", "idle-text").child(panel))
        })
    }
}

/// Takes what is below the cover out of reach, also for those who do not see it.
fn hide_all(filling: &Filling, hide: bool) {
    for part in [".masthead", ".screen", ".foot", ".turn > p", ".turn > .ways"] {
        if let Ok(Some(part)) = filling.root.query_selector(part) {
            // An attribute of that name is never refused.
            _ = if hide { part.set_attribute("inert", "") } else { part.remove_attribute("inert") };
        }
    }
}
