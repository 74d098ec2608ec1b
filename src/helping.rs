//! One device, many people: an officer or a volunteer who fills in for others (`assisted`), and a
//! device at a counter that everybody uses (`shared`). Nobody sees what the one before has entered:
//! each has a draft of their own, answers go from the device once the agency has them, and a form
//! that is left alone covers itself.
//!
//! An interview that was broken off stays as a draft of its own, to be gone on with. At a counter it
//! goes: what was not submitted there is deleted, and that is said before it happens.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Weak};

use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;

use crate::dom::{El, button, div, el};
use crate::filling::Filling;
use crate::outbox::outbox;
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
}

/// What stands above every screen of such a device: whose turn it is, and the way to the next.
pub fn strip(filling: &Arc<Filling>) -> Option<El> {
    if !filling.others.are_there() {
        return None;
    }
    let idle = Idle::watch(filling);
    let (this, count) = (Arc::clone(filling), Arc::clone(filling));
    let said = el("p").say(move || {
        let language = count.language.get();
        whose_turn(&count, later_words(&language))
    });
    // Asked once where something goes with it.
    let asked = RwSignal::new(false);
    let ways = div("ways").part(move || {
        let words = later_words(&this.language.get());
        this.screen.track();
        let (is_assisted, act) = (this.others.assisted.is_some(), Arc::clone(&this));
        let label = if is_assisted { words.next_person } else { words.clear };
        if asked.get() {
            let yes = button("danger", words.clear_sure).attr("data-action", "clear-sure");
            let yes = yes.click(move || {
                asked.set(false);
                act.next_person();
            });
            let no = button("link", words.keep).click(move || asked.set(false));
            return Some(el("div").child(yes).child(no));
        }
        let way = button("secondary", label).attr("data-action", "next-person");
        Some(way.click(move || {
            let goes = !is_assisted && act.drafts.is_begun() && act.drafts.submitted().is_none();
            if goes {
                asked.set(true);
            } else {
                act.next_person();
            }
        }))
    });
    let cover = idle.cover(filling);
    Some(div("strip").attr("data-part", "strip").child(said).child(ways).child(cover))
}

fn whose_turn(filling: &Filling, words: &LaterWords) -> String {
    if filling.others.assisted.is_none() {
        return words.shared_device.to_owned();
    }
    let form = &filling.form().definition().id;
    let sent = filling.shelf.records.with(|records| {
        let counts = |record: &&eform_outbox::Record| {
            record.form == *form && record.state != eform_outbox::State::Replaced
        };
        records.iter().filter(counts).count()
    });
    filling.screen.track();
    // The one whose receipt is shown is still this one.
    let turn = sent + usize::from(filling.drafts.submitted().is_none());
    let number = |number: usize| number.to_string();
    match filling.others.quota() {
        Some(quota) => {
            let said = words.person_of.replace("{n}", &number(turn));
            said.replace("{of}", &number(quota)).replace("{sent}", &number(sent))
        }
        None => words.person.replace("{n}", &number(turn)).replace("{sent}", &number(sent)),
    }
}

impl Filling {
    /// Makes room for the next person: nothing of this one is on the screen or behind «back».
    pub fn next_person(self: &Arc<Self>) {
        let (draft, sent) = (self.drafts.key(), self.drafts.submitted());
        let is_shared = self.others.shared.is_some();
        if is_shared && self.drafts.is_begun() && sent.is_none() {
            self.delete_draft(draft);
        } else {
            self.start_anew();
        }
        self.go_instead(self.first_screen());
        self.focus_later("h1");
        let done = sent.and_then(|id| self.shelf.record(&id));
        // What the agency has not received yet stays, unseen, until it has.
        if let Some(record) = done.filter(|record| is_shared && record.receipt.is_some()) {
            spawn_local(async move {
                if let Ok(outbox) = outbox().await {
                    // The answers are gone already; what is left names nobody.
                    _ = outbox.delete(&record.id).await;
                }
            });
        }
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

/// Covers the form when nobody touches it.
struct Idle {
    covered: ArcRwSignal<bool>,
    state: RefCell<State>,
    after: u32,
    filling: Weak<Filling>,
}

#[derive(Default)]
struct State {
    timer: Option<Timeout>,
    listeners: Vec<EventListener>,
}

impl Idle {
    fn watch(filling: &Arc<Filling>) -> Rc<Self> {
        let idle = Rc::new(Self {
            covered: ArcRwSignal::new(false),
            state: RefCell::default(),
            after: filling.others.idle(),
            filling: Arc::downgrade(filling),
        });
        let Some(window) = web_sys::window() else { return idle };
        for name in ["pointerdown", "keydown", "input", "wheel"] {
            let weak = Rc::downgrade(&idle);
            let capture = EventListenerOptions::run_in_capture_phase();
            let listener = EventListener::new_with_options(&window, name, capture, move |_| {
                if let Some(idle) = weak.upgrade() {
                    idle.again();
                }
            });
            idle.state.borrow_mut().listeners.push(listener);
        }
        idle.again();
        let kept = SendWrapper::new(Rc::clone(&idle));
        on_cleanup(move || drop(kept));
        idle
    }

    /// Begins to wait anew, unless the form is covered: then somebody must say so.
    fn again(self: &Rc<Self>) {
        if self.covered.get_untracked() {
            return;
        }
        let weak = Rc::downgrade(self);
        let timer = Timeout::new(self.after, move || {
            if let Some(idle) = weak.upgrade() {
                idle.put_cover();
            }
        });
        self.state.borrow_mut().timer = Some(timer);
    }

    fn put_cover(self: &Rc<Self>) {
        let Some(filling) = self.filling.upgrade() else { return };
        filling.save_now();
        self.covered.set(true);
        filling.focus_later("[data-action=stay]");
        self.state.borrow_mut().timer = None;
        if filling.others.shared.is_some() {
            let weak = Rc::downgrade(self);
            let timer = Timeout::new(GRACE, move || {
                if let Some(idle) = weak.upgrade() {
                    idle.leave();
                }
            });
            self.state.borrow_mut().timer = Some(timer);
        }
    }

    fn take_cover_off(self: &Rc<Self>) {
        self.covered.set(false);
        self.again();
    }

    fn leave(self: &Rc<Self>) {
        self.take_cover_off();
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
            let (stay, leave) = (Rc::clone(&idle), Rc::clone(&idle));
            let focus = Arc::clone(&this);
            let stay = button("primary", words.stay).attr("data-action", "stay").click(move || {
                stay.take_cover_off();
                focus.focus_later("h1");
            });
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
    for part in [".masthead", ".screen", ".foot", ".strip > p", ".strip > .ways"] {
        if let Ok(Some(part)) = filling.root.query_selector(part) {
            // An attribute of that name is never refused.
            _ = if hide { part.set_attribute("inert", "") } else { part.remove_attribute("inert") };
        }
    }
}
