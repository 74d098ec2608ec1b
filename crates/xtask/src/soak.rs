//! `cargo xtask soak`: the outbox in a real browser against the real agency, with tabs closed and
//! functions failing wherever it waits, or the kit's own page with the whole browser killed
//! (`tests/soak`).

use std::path::Path;

use anyhow::Result;

use crate::{kit, serve, setup, sh};

/// What to play.
#[derive(Default)]
pub struct Options {
    /// How many runs with faults by chance; 300 unless told.
    pub runs: Option<u64>,
    /// What the chance is drawn from; 1 unless told.
    pub seed: Option<u64>,
    /// chromium, firefox or webkit; chromium unless told.
    pub engine: Option<String>,
    /// Leaves out the part in which every point has its turn.
    pub quick: bool,
    /// How often the whole browser is killed; nothing else is played then.
    pub kills: Option<u64>,
}

/// Builds what is needed, and plays.
pub fn run(options: &Options) -> Result<()> {
    setup::for_build()?;
    setup::for_browsers()?;
    kit::build(true)?;
    play(options, &serve::build_agency(true)?)
}

/// The same where the kit and the agency are built.
pub fn play(options: &Options, agency: &Path) -> Result<()> {
    // `cargo run` would build no other program, and WebKit's window is one.
    sh::run(sh::cargo().args(["build", "--quiet", "--package", "eform-journeys", "--bins"]))?;
    let mut command = sh::cargo();
    command.args(["run", "--quiet", "--package", "eform-journeys", "--bin", "soak", "--"]);
    let told = [
        ("--runs", options.runs.map(|runs| runs.to_string())),
        ("--seed", options.seed.map(|seed| seed.to_string())),
        ("--kills", options.kills.map(|kills| kills.to_string())),
        ("--engine", options.engine.clone()),
    ];
    for (name, value) in told {
        command.args(value.into_iter().flat_map(|value| [name.to_owned(), value]));
    }
    command.args(options.quick.then_some("--quick"));
    sh::run(command.env("EFORM_DIST", kit::dist()).env("EFORM_AGENCY", agency))
}
