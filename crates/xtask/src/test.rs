//! `cargo xtask test`: every check there is, each announced, and a table and the count at the end.
//! A failing check does not stop the others.

use std::{
    path::Path,
    process::Command,
    str::FromStr,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{finish, kit, serve, setup, sh, size, soak};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The form author's command line, which the page does not have: for this machine only.
const TOOLS: &str = "eform/tools";

#[derive(Default)]
pub struct Options {
    /// Leave the browsers out.
    pub fast: bool,
    /// Only these parts; all when empty.
    pub only: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Lint,
    Host,
    Wasm,
    Browser,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Ok(match name {
            "lint" => Part::Lint,
            "host" => Part::Host,
            "wasm" => Part::Wasm,
            "browser" => Part::Browser,
            _ => return Err(format!("«{name}» is none of lint, host, wasm, browser")),
        })
    }
}

/// Runs everything that was asked for. True when all passed.
pub fn run(options: &Options) -> Result<bool> {
    let asked = |part| options.only.is_empty() || options.only.contains(&part);
    let mut steps = Steps::default();
    if asked(Part::Lint) {
        lint(&mut steps);
    }
    if asked(Part::Host) {
        if !options.fast {
            setup::for_host_tests();
        }
        steps.tests("tests on this machine", || Ok(host_tests(options.fast)));
    }
    if asked(Part::Wasm) {
        wasm(&mut steps, options.fast);
    }
    if asked(Part::Browser) && !options.fast {
        browser(&mut steps);
    }
    Ok(steps.report())
}

fn lint(steps: &mut Steps) {
    if !steps.needs("set-up for lint", setup::for_lint) {
        return;
    }
    steps.check("format", || sh::run(sh::cargo().args(["fmt", "--all", "--check"])));
    steps.check("clippy", || {
        let what = ["clippy", "--workspace", "--all-targets", "--features", TOOLS];
        sh::run(sh::cargo().args(what).args(["--", "-D", "warnings"]))
    });
    steps.check("licences, bans, sources", || {
        sh::run(sh::cargo().args(["deny", "check", "licenses", "bans", "sources"]))
    });
    // The list of advisories comes from outside the registry and cannot always be had.
    if fetch_advisories() {
        steps.check("advisories", || sh::run(sh::cargo().args(["deny", "check", "advisories"])));
    } else {
        steps.skip("advisories", "the list could not be fetched");
    }
}

fn fetch_advisories() -> bool {
    sh::announce(sh::cargo().args(["deny", "fetch", "db"]));
    sh::capture(sh::cargo().args(["deny", "fetch", "db"]).env("GIT_TERMINAL_PROMPT", "0")).is_some()
}

fn host_tests(fast: bool) -> Command {
    let mut command = sh::cargo();
    if !fast {
        command.env("EFORM_HISTORIES", HISTORIES);
    }
    command.args(["test", "--workspace", "--exclude", "eform-journeys", "--no-fail-fast"]);
    command.args(["--features", TOOLS]);
    command
}

fn wasm(steps: &mut Steps, fast: bool) {
    let ready = steps.needs("set-up for wasm", || {
        if !fast {
            setup::for_tests();
        }
        setup::for_build()
    });
    if !ready {
        return;
    }
    steps.check("clippy for wasm", || {
        sh::run(
            sh::cargo()
                .args(["clippy", "--package", "eform-kit", "--package", "eform"])
                .args(["--package", "eform-outbox", "--package", "eform-outbox-page"])
                .args(["--package", "eform-worker"])
                .args(["--package", "eform-seal"])
                .args(["--target", WASM_TARGET])
                .args(["--", "-D", "warnings"]),
        )
    });
    if setup::has_node() {
        steps.tests("wasm tests in Node.js", || {
            let mut command = wasm_tests()?;
            command.env("WASM_BINDGEN_TEST_ONLY_NODE", "1");
            Ok(command)
        });
    } else {
        let instead = if fast { "and the browsers are left out" } else { "Chromium runs them" };
        steps.skip("wasm tests in Node.js", &format!("there is no Node.js, {instead}"));
    }
    if !fast && steps.needs("set-up for browsers", setup::for_browsers) {
        steps.tests("wasm tests in Chromium", || wasm_tests_in("chromedriver"));
        steps.tests("wasm tests in Firefox", || wasm_tests_in("geckodriver"));
    }
    if !steps.needs("kit for release", || kit::build(true)) {
        return;
    }
    if finish::wasm_opt().is_none() {
        steps.skip("size", "this kit is not the one that agencies get: there was no wasm-opt");
        return;
    }
    steps.check("size", || match size::run(false)? {
        true => Ok(()),
        false => bail!("over the budget"),
    });
}

/// The tests marked `#[wasm_bindgen_test]`, in every package that has some.
fn wasm_tests() -> Result<Command> {
    let mut command = sh::cargo();
    command
        .args(["test", "--lib", "--tests", "--target", WASM_TARGET, "--no-fail-fast"])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        // Seconds; the defaults are for faster machines than a busy server for tests.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30");
    let metadata = ["metadata", "--no-deps", "--format-version", "1"];
    let metadata = sh::capture(sh::cargo().args(metadata)).context("cargo metadata failed")?;
    for package in packages_with_wasm_tests(&metadata)? {
        command.args(["--package", &package]);
    }
    Ok(command)
}

/// Tests that are for browsers. Without Node.js, those for anywhere run here too.
fn wasm_tests_in(driver: &str) -> Result<Command> {
    let mut command = wasm_tests()?;
    for other in ["GECKODRIVER", "CHROMEDRIVER", "SAFARIDRIVER", "MSEDGEDRIVER"] {
        command.env_remove(other);
    }
    let path = sh::find(driver).with_context(|| format!("there is no {driver}"))?;
    command.env(driver.to_uppercase(), path);
    if setup::has_node() {
        command.env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
    } else {
        command.env("WASM_BINDGEN_USE_BROWSER", "1");
    }
    Ok(command)
}

/// Those that depend on `wasm-bindgen-test`, in the output of `cargo metadata`.
fn packages_with_wasm_tests(metadata: &str) -> Result<Vec<String>> {
    let metadata: Value = serde_json::from_str(metadata).context("cargo metadata is not JSON")?;
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    Ok(list(&metadata["packages"])
        .iter()
        .filter(|package| {
            list(&package["dependencies"]).iter().any(|on| on["name"] == "wasm-bindgen-test")
        })
        .filter_map(|package| Some(package["name"].as_str()?.to_owned()))
        .collect())
}

fn browser(steps: &mut Steps) {
    let ready = steps.needs("set-up for browsers", || {
        setup::for_tests();
        setup::for_build()?;
        setup::for_browsers()
    });
    if !ready || !steps.needs("kit for release", || kit::build(true)) {
        return;
    }
    let mut agency = None;
    let built = steps.needs("agency for release", || {
        agency = Some(serve::build_agency(true)?);
        Ok(())
    });
    let Some(agency) = agency.filter(|_| built) else { return };
    soak(steps, &agency);
    steps.tests_or_again("journeys in three browsers", |only| {
        let mut command = sh::cargo();
        command
            .args(["test", "--package", "eform-journeys", "--no-fail-fast"])
            .env("EFORM_DIST", kit::dist())
            .env("EFORM_AGENCY", &agency)
            // It hides what went wrong behind a hundred lines.
            .env("RUST_BACKTRACE", "0");
        if !only.is_empty() {
            command.args(["--", "--exact"]).args(only);
        }
        command
    });
}

/// How many histories of the outbox are drawn by chance, where there is time.
const HISTORIES: &str = "100000";

/// How many runs with faults by chance each engine plays.
const RUNS: u64 = 40;

/// How often each engine is killed.
const KILLS: u64 = 6;

/// The outbox, with tabs closed and functions failing: every point in turn in Chromium, some 500 runs, and
/// by chance in all three. Then the page, with the whole browser killed.
fn soak(steps: &mut Steps, agency: &Path) {
    for (name, engine) in [
        ("soak in Chromium", "chromium"),
        ("soak in Firefox", "firefox"),
        ("soak in WebKit", "webkit"),
    ] {
        steps.check(name, || {
            let (runs, engine) = (Some(RUNS), Some(engine.to_owned()));
            let quick = engine.as_deref() != Some("chromium");
            let options = soak::Options { runs, engine, quick, ..soak::Options::default() };
            soak::play(&options, agency)
        });
    }
    for (name, engine) in [("kills of Chromium", "chromium"), ("kills of Firefox", "firefox")] {
        steps.check(name, || {
            let (kills, engine) = (Some(KILLS), Some(engine.to_owned()));
            soak::play(&soak::Options { kills, engine, ..soak::Options::default() }, agency)
        });
    }
}

/// So many tests may run again: three browsers on a busy machine stumble now and then. Where more
/// fail, it is the kit.
const AGAIN: usize = 3;

/// What has run so far.
#[derive(Default)]
struct Steps {
    done: Vec<Step>,
}

struct Step {
    name: &'static str,
    count: Count,
    time: Duration,
    /// Why it was skipped or failed.
    note: String,
}

impl Steps {
    /// Something that the next steps need. It counts only when it fails.
    fn needs(&mut self, name: &'static str, action: impl FnOnce() -> Result<()>) -> bool {
        self.step(name, || action().map(|()| (Count::default(), String::new())))
    }

    /// A check that counts as one test.
    fn check(&mut self, name: &'static str, action: impl FnOnce() -> Result<()>) {
        let one = Count { passed: 1, ..Count::default() };
        self.step(name, || action().map(|()| (one, String::new())));
    }

    /// A command that runs tests and prints how many passed.
    fn tests(&mut self, name: &'static str, command: impl FnOnce() -> Result<Command>) {
        self.step(name, || Ok((run_tests(&mut command()?)?.0, String::new())));
    }

    /// As [`Steps::tests`], of tests that may stumble over the machine: few that fail run once more,
    /// and count by that. The report names them. `command` takes the names to run; all when none.
    fn tests_or_again(&mut self, name: &'static str, command: impl Fn(&[String]) -> Command) {
        self.step(name, || {
            let (mut count, output) = run_tests(&mut command(&[]))?;
            let failed = failed_tests(&output);
            // Where a program ended without a result, nobody knows what else there was.
            let is_told = Count::of(&output).failed == failed.len();
            if !is_told || !has_all_results(&output) || !(1..=AGAIN).contains(&failed.len()) {
                return Ok((count, String::new()));
            }
            println!("\n== {name}: once more {}", failed.join(" "));
            let (again, output) = run_tests(&mut command(&failed))?;
            if again.passed + again.failed != failed.len() {
                return Ok((count, String::new()));
            }
            let still = failed_tests(&output);
            count.failed = again.failed;
            count.passed += again.passed;
            let passed: Vec<&str> =
                failed.iter().filter(|name| !still.contains(name)).map(String::as_str).collect();
            let note = match passed.is_empty() {
                true => String::new(),
                false => format!("at the second try: {}", passed.join(" ")),
            };
            Ok((count, note))
        });
    }

    fn skip(&mut self, name: &'static str, why: &str) {
        println!("\n== {name}: skipped, {why}");
        let note = format!("skipped: {why}");
        self.done.push(Step { name, count: Count::default(), time: Duration::ZERO, note });
    }

    fn step(
        &mut self,
        name: &'static str,
        action: impl FnOnce() -> Result<(Count, String)>,
    ) -> bool {
        println!("\n== {name}");
        let begin = Instant::now();
        let (count, note) = match action() {
            Ok(told) => told,
            Err(error) => {
                println!("error: {error:#}");
                (Count { failed: 1, ..Count::default() }, format!("{:#}", error.root_cause()))
            }
        };
        self.done.push(Step { name, count, time: begin.elapsed(), note });
        count.failed == 0
    }

    fn report(&self) -> bool {
        println!("\n{:<32}{:>8}{:>8}{:>9}{:>9}", "", "passed", "failed", "ignored", "time");
        let nothing = |step: &&Step| {
            step.count == Count::default() && step.note.is_empty() && step.time.as_secs() == 0
        };
        for Step { name, count, time, note } in self.done.iter().filter(|step| !nothing(step)) {
            let time = format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60);
            let Count { passed, failed, ignored } = count;
            println!("{name:<32}{passed:>8}{failed:>8}{ignored:>9}{time:>9}  {note}");
        }
        let passed: usize = self.done.iter().map(|step| step.count.passed).sum();
        let failed: usize = self.done.iter().map(|step| step.count.failed).sum();
        println!("\n{passed} passed, {failed} failed");
        failed == 0
    }
}

/// Runs a command that runs tests, and counts; with what it printed.
fn run_tests(command: &mut Command) -> Result<(Count, String)> {
    let (status, output) = sh::tee(command)?;
    let mut count = Count::of(&output);
    // It did not compile, or a test killed its process.
    if !status.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok((count, output))
}

/// Whether every program that said how many tests it runs said what became of them.
fn has_all_results(output: &str) -> bool {
    let begun = output.lines().filter(|line| {
        line.strip_prefix("running ")
            .is_some_and(|rest| rest.ends_with(" test") || rest.ends_with(" tests"))
    });
    begun.count() == output.lines().filter(|line| line.starts_with("test result: ")).count()
}

/// The names in the lines `test NAME ... FAILED`.
fn failed_tests(output: &str) -> Vec<String> {
    let failed = output.lines().filter_map(|line| line.strip_suffix(" ... FAILED"));
    failed.filter_map(|line| line.strip_prefix("test ")).map(str::to_owned).collect()
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Count {
    passed: usize,
    failed: usize,
    ignored: usize,
}

impl Count {
    /// Adds up the lines `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    fn of(output: &str) -> Count {
        let mut count = Count::default();
        for line in output.lines() {
            let Some((_, numbers)) = line.split_once("test result: ") else { continue };
            for part in numbers.split(['.', ';']) {
                match part.trim().split_once(' ') {
                    Some((n, "passed")) => count.passed += n.parse().unwrap_or(0),
                    Some((n, "failed")) => count.failed += n.parse().unwrap_or(0),
                    Some((n, "ignored")) => count.ignored += n.parse().unwrap_or(0),
                    _ => {}
                }
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_all_test_programs_are_added_up() {
        let output = "\
running 3 tests
test a ... ok
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s
     Running tests/b.rs
test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s
a test that prints: 9 passed; 9 failed
";
        assert_eq!(Count::of(output), Count { passed: 4, failed: 2, ignored: 1 });
    }

    #[test]
    fn failed_tests_are_named() {
        let output = "test a::b ... ok\ntest a::c ... FAILED\nfailures:\n    a::c\n";
        assert_eq!(failed_tests(output), ["a::c"]);
    }

    #[test]
    fn a_program_that_ended_without_a_result_is_noticed() {
        let whole = "running 1 test\ntest a ... ok\ntest result: ok. 1 passed; 0 failed;\n";
        assert!(has_all_results(whole));
        assert!(!has_all_results(&[whole, "running 2 tests\ntest b ... FAILED\n"].concat()));
    }

    #[test]
    fn colours_do_not_hide_a_result() {
        let output = "test result: \u{1b}[32mok\u{1b}[m. 2 passed; 0 failed; 0 ignored; 0 measured";
        assert_eq!(Count::of(output), Count { passed: 2, ..Count::default() });
    }

    #[test]
    fn wasm_tests_are_found_by_what_their_package_needs() {
        let metadata = r#"{ "packages": [
            { "name": "a", "dependencies": [{ "name": "serde" }, { "name": "wasm-bindgen-test" }] },
            { "name": "b", "dependencies": [{ "name": "serde" }] } ] }"#;
        assert_eq!(packages_with_wasm_tests(metadata).unwrap(), ["a"]);
    }

    #[test]
    fn a_program_that_ran_nothing_counts_nothing() {
        assert_eq!(Count::of("no tests to run!\n"), Count::default());
    }
}
