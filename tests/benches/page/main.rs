//! The speed of the page beside the same form in hand-written plain HTML, in the same run and the
//! same browser: `cargo xtask bench --page`. Figures to look at, for machines differ; nothing fails
//! by being slow.
//!
//! The two take turns, form by form and round by round, so that a machine that is busy for a while
//! is so for both.

mod figures;
mod forms;
mod phone;
mod plain;
mod scenes;

use std::{
    env, fs,
    process::ExitCode,
    time::{Duration, Instant},
};

use eform::places::Places;
use eform_journeys::agency::{Agency, workspace};
use figures::Figures;
use phone::{Phone, Result};
use scenes::{Rival, SCENES, Scene};

/// No round begins later than this.
const LONGEST: Duration = Duration::from_secs(8 * 60);

/// Where the figures are kept.
const FILE: &str = "docs/performance.md";

fn main() -> ExitCode {
    // Cargo itself adds `--bench`.
    let arguments: Vec<String> = env::args().skip(1).filter(|given| given != "--bench").collect();
    let write = arguments.iter().any(|given| given == "--write");
    let most = arguments.iter().find_map(|given| given.strip_prefix("--rounds=")?.parse().ok());
    let names: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|given| !given.starts_with('-')).collect();
    if let Some(name) = names.iter().find(|name| SCENES.iter().all(|scene| scene.name != **name)) {
        let all: Vec<&str> = SCENES.iter().map(|scene| scene.name).collect();
        eprintln!("error: «{name}» is none of {}", all.join(", "));
        return ExitCode::from(2);
    }
    let runtime = tokio::runtime::Runtime::new();
    let run = runtime.map_err(|error| error.to_string());
    match run.and_then(|runtime| runtime.block_on(run_all(&names, most, write))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run_all(names: &[&str], most: Option<usize>, write: bool) -> Result<()> {
    let scenes = SCENES.iter().filter(|scene| names.is_empty() || names.contains(&scene.name));
    let scenes: Vec<&Scene> = scenes.collect();
    let agency = Agency::start();
    serve(&agency, &scenes)?;
    let phone = Phone::start(agency.address()).await?;
    let mut figures = Figures::default();
    let (begin, busy) = (Instant::now(), busy());
    let rounds = scenes.iter().map(|scene| scene.rounds).max().unwrap_or_default();
    let rounds = most.map_or(rounds, |most| rounds.min(most));
    for round in 0..rounds {
        if begin.elapsed() > LONGEST {
            eprintln!("no time is left for more than {round} rounds");
            break;
        }
        eprintln!("round {} of at most {rounds}, {} s", round + 1, begin.elapsed().as_secs());
        for scene in scenes.iter().filter(|scene| round < scene.rounds) {
            let turns = [Rival::Plain, Rival::Kit];
            for turn in 0..2 {
                let rival = turns[(round + turn) % 2];
                match scene.play(&phone, rival).await {
                    Ok(times) => {
                        for (what, limit, times) in times {
                            figures.add(&what, limit, rival, &times);
                        }
                    }
                    Err(error) => {
                        eprintln!("{} of {rival:?} was not measured: {error}", scene.name)
                    }
                }
            }
        }
    }
    let table = figures.table();
    println!("\n{table}");
    if write {
        let text = document(&table, &machine(&phone, busy).await?);
        fs::write(workspace().join(FILE), text).map_err(|error| format!("{FILE}: {error}"))?;
        println!("{FILE} is written");
    }
    Ok(())
}

/// Puts the forms, and the plain pages with all they need, beside the kit.
fn serve(agency: &Agency, scenes: &[&Scene]) -> Result<()> {
    let read = |name: &str| {
        let file = agency.site().join(name);
        fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    };
    for (looks, plain) in [("e-form.css", "plain.css"), ("e-form-later.css", "plain-later.css")] {
        agency.write(plain, &plain::looks(&read(looks)?));
    }
    for (name, script) in plain::SCRIPTS {
        agency.write(name, script);
    }
    for scene in scenes {
        let form = (scene.form)();
        let id = form["id"].as_str().unwrap_or_default();
        agency.write(&format!("forms/{id}.json"), &form.to_string());
        agency.write(&format!("{id}.html"), &plain::page(&form));
    }
    let places = Places::parse(&read("data/areas.th.txt")?).map_err(|error| error.to_string())?;
    agency.write("plain-places.json", &serde_json::json!(paths(&places)).to_string());
    agency.write("bench-search.html", &plain::search());
    // The agency knows the forms that are there when it starts.
    agency.start_again();
    Ok(())
}

/// A line for each sub-district, in the order of a dictionary.
fn paths(places: &Places) -> Vec<String> {
    let mut paths = Vec::new();
    for province in places.provinces("th") {
        for district in places.districts(&province.code(), "th") {
            for place in places.subdistricts(&district.code(), "th") {
                paths.push([place.path("th"), place.postcodes().join(" ")].join(" "));
            }
        }
    }
    paths.sort();
    paths
}

/// How many programs waited for a processor when it began.
fn busy() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split(' ').next()?.parse().ok()
}

/// The machine and the browser, in a sentence.
async fn machine(phone: &Phone, busy: Option<f64>) -> Result<String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = |line: &str| Some(line.strip_prefix("model name")?.split_once(": ")?.1.to_owned());
    let processor = processors.lines().find_map(named);
    let processor = processor.unwrap_or_else(|| "a processor without a name".to_owned());
    let mut said = format!(
        "Measured on {} in {} with {cores} cores of {processor}.",
        phone.today().await?,
        phone.version().await?
    );
    if let Some(load) = busy.filter(|load| *load > 0.7) {
        said += &format!(
            " The machine was busy with other things as well (load {load:.1}): read proportions."
        );
    }
    Ok(said)
}

fn document(table: &str, machine: &str) -> String {
    let (latency, down, up) = phone::SLOW_4G;
    include_str!("performance.md")
        .replace("{machine}", machine)
        .replace("{table}", table.trim_end())
        .replace("{slower}", &phone::SLOWER.to_string())
        .replace("{latency}", &latency.to_string())
        .replace("{down}", &format!("{:.1}", down / 1_024_000.0))
        .replace("{up}", &format!("{:.0}", up / 1_000.0))
}
