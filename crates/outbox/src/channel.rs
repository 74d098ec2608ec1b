//! Who is told when something changes: the interface of this page, and the other tabs and the
//! worker of this origin, by a `BroadcastChannel` where there is one. A message says what to read
//! again, never what it contains.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::{Rc, Weak},
};

use wasm_bindgen::prelude::*;

use crate::{js, store::text};

const NAME: &str = "eform";

/// What to read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The list of submissions. In other tabs: `{ type: "outbox" }`.
    Outbox,
    /// The submission with this id, which was in the list before and still is: thousands may wait, and
    /// each is told of several times while it is sent. In other tabs: `{ type: "outbox", id }`, so that
    /// an earlier version reads the list.
    Submission(String),
    /// The draft with this key, which another tab wrote or deleted: `{ type: "draft", key }`.
    Draft(String),
}

type Listener = Rc<dyn Fn(&Change)>;

/// The listeners of this page, and the line to the others.
#[derive(Default)]
pub struct Channel {
    listeners: RefCell<Vec<(u32, Listener)>>,
    last: Cell<u32>,
    /// Called first when another tab or the worker changed something.
    pub from_others: OnceCell<Listener>,
    line: Option<js::BroadcastChannel>,
}

/// Keeps a listener; dropping it stops it.
#[must_use]
pub struct Subscription {
    channel: Weak<Channel>,
    number: u32,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(channel) = self.channel.upgrade() {
            channel.listeners.borrow_mut().retain(|(number, _)| *number != self.number);
        }
    }
}

impl Channel {
    /// The channel of this page or worker.
    pub fn open() -> Rc<Self> {
        let exists = js::member(&js_sys::global(), "BroadcastChannel").is_function();
        let line = if exists { js::BroadcastChannel::open(NAME).ok() } else { None };
        let channel = Rc::new(Self { line, ..Self::default() });
        if let Some(line) = &channel.line {
            let weak = Rc::downgrade(&channel);
            let receive = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
                let message = js::member(&event, "data");
                let change = match text(&message, "type").as_str() {
                    "outbox" => match text(&message, "id") {
                        id if id.is_empty() => Change::Outbox,
                        id => Change::Submission(id),
                    },
                    "draft" => Change::Draft(text(&message, "key")),
                    _ => return,
                };
                if let Some(channel) = weak.upgrade() {
                    if let Some(listener) = channel.from_others.get() {
                        listener(&change);
                    }
                    channel.tell_here(&change);
                }
            });
            line.set_onmessage(receive.into_js_value().unchecked_ref());
        }
        channel
    }

    /// Calls `listener` after each change until the subscription is dropped.
    pub fn subscribe(self: &Rc<Self>, listener: Listener) -> Subscription {
        let number = self.last.get() + 1;
        self.last.set(number);
        self.listeners.borrow_mut().push((number, listener));
        Subscription { channel: Rc::downgrade(self), number }
    }

    /// Tells this page and the others.
    pub fn tell(&self, change: &Change) {
        self.tell_others(change);
        self.tell_here(change);
    }

    /// Tells the others.
    pub fn tell_others(&self, change: &Change) {
        let Some(line) = &self.line else { return };
        let message = match change {
            Change::Outbox => js::object(&[("type", &"outbox".into())]),
            Change::Submission(id) => js::object(&[("type", &"outbox".into()), ("id", &id.into())]),
            Change::Draft(key) => js::object(&[("type", &"draft".into()), ("key", &key.into())]),
        };
        // A closed line is a page on its way out.
        let _ = line.post(&message);
    }

    fn tell_here(&self, change: &Change) {
        // Copied, so that a listener may subscribe and unsubscribe.
        let listeners = self.listeners.borrow().clone();
        for (_, listener) in listeners {
            listener(change);
        }
    }
}
