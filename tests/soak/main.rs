//! `cargo xtask soak`: the outbox as it is built, in a real browser, against the real agency over a
//! cable that breaks, with tabs closed and functions failing at every point where it waits. Then the
//! agency's rows are compared with what was told, byte for byte. In Chromium the kit's own service worker
//! sends too, in the runs by chance, and is stopped while it does. With `--kills`, the whole browser is
//! killed instead, see [`kills`].
//!
//! ```text
//! soak [--engine chromium|firefox|webkit] [--seed S] [--runs N] [--quick]
//! soak [--engine chromium|firefox] [--seed S] --kills N
//! ```

mod chance;
mod kills;
mod waking;

use std::{collections::BTreeMap, fs, process::ExitCode, time::Instant};

use eform_journeys::{
    agency::Agency,
    browser::Browser,
    cable::{Cable, Fault},
    engine::Engine,
};
use serde_json::{Value, json};

use crate::{
    chance::Chance,
    waking::{TELLS, Waking},
};

/// How many runs one page plays: what closed tabs leave in the browser's memory goes with it.
const SPELL: u64 = 8;

/// Some points are passed only now and then; that one fault in so many had no turn is a fault of the soak.
const UNREACHED: usize = 10;

/// How often in a hundred runs the cable breaks by itself.
const CUTS: u64 = 30;

/// Numbers that a seed decides, for whoever plays.
const CHANCE: (&str, &str) = ("soak-chance.js", include_str!("chance.js"));
const PARTS: [(&str, &str); 6] = [
    ("soak.html", include_str!("soak.html")),
    ("soak.js", include_str!("soak.js")),
    CHANCE,
    ("soak-run.js", include_str!("run.js")),
    ("soak-papers.js", include_str!("papers.js")),
    ("soak-tab.js", include_str!("tab.js")),
];
const FORM: &str = include_str!("form.json");

struct Options {
    engine: Engine,
    runs: u64,
    seed: u64,
    /// Leaves out the part in which every point has its turn.
    quick: bool,
    /// How often the whole browser is killed; nothing else is played then.
    kills: Option<u64>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    let missing = options.engine.missing();
    if !missing.is_empty() {
        eprintln!("error: {} needs {}", options.engine, missing.join(" and "));
        return ExitCode::from(2);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let right = runtime.block_on(async {
        match options.kills {
            Some(kills) => kills::run(options.engine, kills, options.seed).await,
            None => soak(&options).await,
        }
    });
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, String> {
    let engine = Engine::Chromium;
    let mut options = Options { engine, runs: 300, seed: 1, quick: false, kills: None };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        let number = |text: String| text.parse().map_err(|_| format!("{text} is not a number"));
        match arg.as_str() {
            "--engine" => {
                options.engine = match value()?.as_str() {
                    "chromium" => Engine::Chromium,
                    "firefox" => Engine::Firefox,
                    "webkit" => Engine::WebKit,
                    other => return Err(format!("«{other}» is none of chromium, firefox, webkit")),
                };
            }
            "--runs" => options.runs = number(value()?)?,
            "--seed" => options.seed = number(value()?)?,
            "--kills" => options.kills = Some(number(value()?)?),
            "--quick" => options.quick = true,
            _ => return Err(format!("unknown: {arg}")),
        }
    }
    Ok(options)
}

/// What one run came to.
struct Run {
    form: String,
    digest: String,
    files: Vec<String>,
    happened: usize,
    /// What was sent first was refused.
    is_mended: bool,
    /// Its correction was deleted, and made once more.
    took_back: bool,
}

async fn soak(options: &Options) -> bool {
    let agency = Agency::start();
    for (name, text) in PARTS {
        agency.write(name, text);
    }
    agency.write("forms/soak.json", FORM);
    let uploads = r#", "uploads": { "url": "/api/uploads" }"#;
    let inside = FORM.replace(uploads, "").replace(r#""id": "soak""#, r#""id": "soak-inside""#);
    agency.write("forms/soak-inside.json", &inside);
    let worker = fs::read_to_string(agency.site().join("sw.js")).expect("the kit has a worker");
    agency.write("sw.js", &[TELLS, &worker].concat());
    agency.start_again();
    let cable = Cable::to(agency.address());
    let browser = Browser::start(options.engine).await;
    let mut waking = (options.engine == Engine::Chromium).then(|| Waking::new(options.seed));
    let begin = Instant::now();
    let (mut runs, mut failed, mut points) = (BTreeMap::new(), 0, Value::Null);
    if !options.quick {
        let mut left;
        // Points in the code of what happens rarely have their turn by chance.
        loop {
            let from = runs.len();
            let ask = format!("return soak.inTurn({from}, {SPELL}, {})", options.seed);
            let told = spell(&browser, &cable, &ask).await;
            failed += note(&told, &mut runs);
            left = told["left"].as_array().cloned().unwrap_or_default();
            points = told["points"].clone();
            if told["isOver"] == true || failed > 0 {
                break;
            }
        }
        println!("every point in turn: {} runs in {:.0?}", runs.len(), begin.elapsed());
        let known = points.as_object().map_or(0, serde_json::Map::len);
        if failed == 0 {
            left.iter().for_each(|point| println!("  not reached: {point}"));
        }
        // A point can go wrong in two ways.
        if failed == 0 && left.len() * UNREACHED > known * 2 {
            println!("FAILED: {} faults at {known} points had no turn", left.len());
            failed += 1;
        }
    }
    let all = runs.len() as u64 + options.runs;
    while (runs.len() as u64) < all && failed == 0 {
        let from = runs.len() as u64;
        let seed = options.seed.wrapping_mul(1_000_003);
        cut_now_and_then(&cable, seed.wrapping_add(from));
        let ask = format!("return soak.atRandom({from}, {}, {seed})", SPELL.min(all - from));
        let told = match &mut waking {
            Some(waking) => waking.spell(&browser, &cable, &ask).await,
            None => spell(&browser, &cable, &ask).await,
        };
        failed += note(&told, &mut runs);
        points = told["points"].clone();
    }
    drop(browser);
    report(&points);
    if let Some(Waking { woken, stopped, asked, .. }) = waking {
        println!(
            "the service worker: woken {woken} times, stopped {stopped}, asked the agency {asked}"
        );
        if options.runs > 0 && failed == 0 && asked == 0 {
            println!("FAILED: it never sent anything");
            failed += 1;
        }
    }
    let happened: usize = runs.values().map(|run| run.happened).sum();
    let mended = runs.values().filter(|run| run.is_mended).count();
    let took_back = runs.values().filter(|run| run.took_back).count();
    let took = begin.elapsed();
    let right = is_at_the_agency(&agency, &runs);
    println!(
        "{} in {}: {} runs (seed {}), {mended} of them refused and mended ({took_back} twice), {happened} faults, {failed} failed, in {:.0?} ({:.0?} each)",
        if failed == 0 && right { "ok" } else { "FAILED" },
        options.engine,
        runs.len(),
        options.seed,
        took,
        took / u32::try_from(runs.len().max(1)).unwrap_or(u32::MAX),
    );
    failed == 0 && right
}

/// A page of its own for so many runs; what it tells.
async fn spell(browser: &Browser, cable: &Cable, ask: &str) -> Value {
    open(browser, cable).await;
    browser.ask(ask, json!(null)).await
}

async fn open(browser: &Browser, cable: &Cable) {
    browser.open(&format!("{}/soak.html", cable.origin())).await;
    if browser.engine() == Engine::Chromium {
        browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
    }
    browser.wait_until("the page", "return Boolean(window.soak)", json!(null)).await;
}

/// Breaks of the cable itself, for the next requests: which and where is decided by `seed`.
fn cut_now_and_then(cable: &Cable, seed: u64) {
    let mut chance = Chance::new(seed);
    for method in ["PUT", "PATCH", "POST", "HEAD"] {
        if chance.percent(CUTS) {
            let after = usize::try_from(chance.below(3000)).unwrap_or_default();
            let busy =
                || Fault::Answer { status: 503, content_type: "text/plain", body: String::new() };
            cable.next(
                method,
                match chance.below(3) {
                    0 => Fault::CutRequestAfter(after),
                    1 => Fault::CutResponseAfter(after / 8),
                    _ => busy(),
                },
            );
        }
    }
}

/// Adds what was played; how many failed.
fn note(told: &Value, runs: &mut BTreeMap<String, Run>) -> usize {
    let mut failed = 0;
    for run in told["runs"].as_array().into_iter().flatten() {
        let text = |name: &str| run[name].as_str().unwrap_or_default().to_owned();
        let list = |name: &str| -> Vec<String> {
            let list = run[name].as_array().into_iter().flatten();
            list.filter_map(|one| one.as_str().map(str::to_owned)).collect()
        };
        if let Some(error) = run["error"].as_str() {
            failed += 1;
            println!("FAILED: run {} (seed {}): {error}", run["number"], run["seed"]);
            for one in list("happened") {
                println!("  {one}");
            }
        }
        let (form, digest, files) = (text("form"), text("digest"), list("files"));
        let happened = list("happened").len();
        let (is_mended, took_back) = (run["isMended"] == true, run["tookBack"] == true);
        runs.insert(text("id"), Run { form, digest, files, happened, is_mended, took_back });
    }
    failed
}

/// Every submission is there once, of the bytes that were told, with its files, and no other is.
fn is_at_the_agency(agency: &Agency, runs: &BTreeMap<String, Run>) -> bool {
    let (mut right, mut there) = (true, 0);
    for form in ["soak", "soak-inside"] {
        let mut references = BTreeMap::new();
        for row in agency.rows(form) {
            let text = |name: &str| row.receipt[name].as_str().unwrap_or_default().to_owned();
            there += 1;
            match runs.get(&text("id")) {
                Some(run) if run.digest == text("digest") && run.form == form => {
                    if references.insert(text("reference"), run.files.clone()).is_some() {
                        println!("FAILED: one reference for two");
                        right = false;
                    }
                }
                _ => {
                    println!("FAILED: {} is not what was told", text("id"));
                    right = false;
                }
            }
        }
        let mut files: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, bytes) in agency.files(form) {
            let reference = name.get(..14).unwrap_or_default().to_owned();
            files.entry(reference).or_default().push(eform::hex(&eform::sha256(&bytes)));
        }
        for (reference, mut named) in references {
            let mut there = files.remove(&reference).unwrap_or_default();
            named.sort();
            there.sort();
            if named != there {
                println!("FAILED: the files of {reference} are not those that were attached");
                right = false;
            }
        }
    }
    if there != runs.len() {
        println!("FAILED: {there} at the agency, and {} were told that they are", runs.len());
        right = false;
    }
    right
}

fn report(points: &Value) {
    println!("\n{:<44}{:>9}{:>8}{:>8}", "point", "passed", "closed", "failed");
    for (name, count) in points.as_object().into_iter().flatten() {
        let number = |what: &str| count[what].as_u64().unwrap_or_default();
        println!("{name:<44}{:>9}{:>8}{:>8}", number("passed"), number("kill"), number("fail"));
    }
    println!();
}
