//! What the journeys in `journeys/` stand on: browsers, an agency, and a cable between them.

pub mod agency;
pub mod axe;
pub mod browser;
pub mod cable;
pub mod disk;
pub mod engine;
pub mod form;
pub mod golden;
pub mod idle;
pub mod other;
pub mod picture;
pub mod processes;
pub mod sample;
pub mod screen;
pub mod sheet;
pub mod stage;
pub mod tree;
pub mod wait;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A journey that panics tells more than the lock that it poisoned.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
