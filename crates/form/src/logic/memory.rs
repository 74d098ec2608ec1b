//! Where the values live that a rule makes, until it has been evaluated. So all values of an
//! evaluation are plain references, and nothing has to be dropped on the way: that is half the code.

use std::cell::{Cell, OnceCell};

use serde_json::Value;

/// The values made so far: each holds the place for the next.
pub(super) type Place = OnceCell<Box<Made>>;

pub(super) struct Made {
    value: Value,
    next: Place,
}

/// Keeps a value; `last` is the place for it, and then that for the next one.
pub(super) fn keep<'a>(last: &Cell<&'a Place>, value: Value) -> &'a Value {
    let made = last.get().get_or_init(|| Box::new(Made { value, next: Place::new() }));
    last.set(&made.next);
    &made.value
}

/// Drops all values, one after the other: left to itself, each would drop the next within itself.
pub(super) fn forget(first: Place) {
    let mut next = first.into_inner();
    while let Some(made) = next {
        next = made.next.into_inner();
    }
}
