//! `cargo xtask bench`: what the engine takes for large forms; with `--page` what the page takes beside
//! plain HTML; with `--load` what the agency takes in beside what its database does; with `--queue` what
//! a phone takes on which thousands wait; as tables. Figures to look at, not a test: machines differ, and nothing fails
//! by being slow.

use anyhow::{Result, bail};

use crate::{kit, serve, setup, sh};

/// What to measure.
#[derive(Default)]
pub struct Options {
    /// What to measure; the engine unless told.
    pub what: What,
    /// Writes the figures to the page that has them in `docs`.
    pub write: bool,
    /// At most so many rounds, for a quick look.
    pub rounds: Option<u32>,
    /// How many submissions wait; 10,000 unless told.
    pub count: Option<u32>,
    /// Only these of the page's scenes; all when empty.
    pub only: Vec<String>,
}

/// What is measured.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The engine.
    #[default]
    Engine,
    /// The page in Chromium.
    Page,
    /// The agency's server.
    Load,
    /// A phone on which thousands wait.
    Queue,
}

/// What was measured, in nanoseconds.
#[derive(Debug, PartialEq, Eq)]
struct Figure {
    name: String,
    time: u64,
    spread: u64,
}

/// Measures and prints.
pub fn run(options: &Options) -> Result<()> {
    match options.what {
        What::Engine => engine(),
        What::Page => page(options),
        What::Load => load(options),
        What::Queue => queue(options),
    }
}

/// The agency as agencies get it, and phones that do nothing else but send.
fn load(options: &Options) -> Result<()> {
    setup::for_host_tests();
    let agency = serve::build_agency(true)?;
    let mut command = sh::cargo();
    command.args(["run", "--package", "eform-load", "--profile", "release-server", "--"]);
    command.args(options.write.then_some("--write"));
    command.args(options.rounds.map(|rounds| format!("--rounds={rounds}")));
    sh::run(command.env("EFORM_AGENCY", agency))
}

/// The kit as agencies get it, in Chromium, on this machine as it is.
fn queue(options: &Options) -> Result<()> {
    setup::for_build()?;
    setup::for_browsers()?;
    kit::build(true)?;
    let agency = serve::build_agency(true)?;
    let mut command = sh::cargo();
    command.args(["bench", "--package", "eform-journeys", "--bench", "queue", "--profile", "dev"]);
    command.arg("--").args(options.write.then_some("--write"));
    command.args(options.count.map(|count| format!("--count={count}")));
    sh::run(command.env("EFORM_DIST", kit::dist()).env("EFORM_AGENCY", agency))
}

/// The kit as agencies get it, in Chromium as on a slow phone.
fn page(options: &Options) -> Result<()> {
    setup::for_build()?;
    setup::for_browsers()?;
    kit::build(true)?;
    let agency = serve::build_agency(true)?;
    let mut command = sh::cargo();
    // What is measured is in the browser: the program that asks need not be fast.
    command.args(["bench", "--package", "eform-journeys", "--bench", "page", "--profile", "dev"]);
    command.arg("--").args(&options.only).args(options.write.then_some("--write"));
    command.args(options.rounds.map(|rounds| format!("--rounds={rounds}")));
    sh::run(command.env("EFORM_DIST", kit::dist()).env("EFORM_AGENCY", agency))
}

fn engine() -> Result<()> {
    let mut command = sh::cargo();
    // As the agency's server is built. In the page it is some times slower.
    command.args(["bench", "--package", "eform", "--bench", "forms"]);
    command.args(["--profile", "release-server", "--", "--output-format", "bencher"]);
    let (status, output) = sh::tee(&mut command)?;
    if !status.success() {
        bail!("the benches did not run");
    }
    println!("\n{:<48}{:>12}{:>12}", "", "time", "+/-");
    for Figure { name, time, spread } in output.lines().filter_map(Figure::of) {
        println!("{name:<48}{:>12}{:>12}", in_units(time), in_units(spread));
    }
    Ok(())
}

impl Figure {
    /// Reads `test flat/parse ... bench:   5,671,608 ns/iter (+/- 27,562)`.
    fn of(line: &str) -> Option<Self> {
        let (name, figures) = line.strip_prefix("test ")?.split_once(" ... bench:")?;
        let (time, spread) = figures.split_once(" ns/iter (+/- ")?;
        let number = |text: &str| text.trim().replace(',', "").parse().ok();
        let spread = number(spread.strip_suffix(')')?)?;
        Some(Self { name: name.to_owned(), time: number(time)?, spread })
    }
}

fn in_units(nanoseconds: u64) -> String {
    match nanoseconds {
        0..1_000 => format!("{nanoseconds} ns"),
        1_000..1_000_000 => format!("{:.1} µs", nanoseconds as f64 / 1e3),
        _ => format!("{:.1} ms", nanoseconds as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::{Figure, in_units};

    #[test]
    fn figures_are_read_and_said_in_units() {
        let line = "test 2,000 fields/one answer ... bench:       1,913 ns/iter (+/- 8)";
        let figure = Figure { name: "2,000 fields/one answer".to_owned(), time: 1_913, spread: 8 };
        assert_eq!(Figure::of(line), Some(figure));
        assert_eq!(Figure::of("test limits ... ok"), None);
        assert_eq!([8, 1_913, 5_671_608].map(in_units), ["8 ns", "1.9 µs", "5.7 ms"]);
    }
}
