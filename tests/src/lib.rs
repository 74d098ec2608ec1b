//! What the journeys in `journeys/` stand on: browsers, an agency, and a cable between them.

pub mod agency;
pub mod browser;
pub mod cable;
pub mod engine;
pub mod processes;
pub mod screen;
pub mod stage;
pub mod wait;
