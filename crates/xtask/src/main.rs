//! The project's commands, run as `cargo xtask COMMAND`. This file reads the arguments; each
//! command has a module. They install what is missing and otherwise call cargo, trunk and npm as
//! a person would.

mod areas;
mod bench;
mod finish;
mod golden;
mod guide;
mod kit;
mod precache;
mod serve;
mod setup;
mod sh;
mod shorten;
mod size;
mod soak;
mod split;
mod test;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use lexopt::{Arg, Parser, ValueExt as _};

const USAGE: &str = "\
cargo xtask serve [--port N] [--db FILE] [--debug]
    Build the kit and the agency's server, and serve them on http://127.0.0.1:8080.
cargo xtask build
    Build both as an agency runs them: the site in dist, and target/release-server/eform-agency.
cargo xtask test [--fast] [--only lint|host|wasm|browser]...
    Run every test there is; --fast leaves the browsers out.
cargo xtask size [--json]
    Measure what the first field needs, against the budget.
cargo xtask areas [--check]
    Make the lists of provinces, districts and sub-districts in public/data; --check compares.
cargo xtask bench
    Measure what the engine takes for large forms.
cargo xtask bench --page [--write] [--only SCENE]... [--rounds N]
    Measure the page in Chromium beside plain HTML; --write puts the figures into docs/performance.md.
cargo xtask bench --load [--write] [--rounds N]
    Measure what the agency receives in a second, beside bare inserts; --write: docs/load.md.
cargo xtask bench --queue [--write] [--count N]
    Measure a phone on which 10,000 submissions wait: to open the list, to send; --write: docs/load.md.
cargo xtask soak [--runs N] [--seed S] [--engine chromium|firefox|webkit] [--quick]
    Close tabs and break functions wherever the outbox waits, and look whether anything is lost.
cargo xtask soak --kills N [--seed S] [--engine chromium|firefox]
    Kill the whole browser while somebody fills in and sends, and look whether anything is lost.
cargo xtask guide [--check]
    Write the guide's reference pages in docs/src from the engine, and the book if mdbook is there.
cargo xtask golden
    Write anew what the browser tells a screen reader and what it paints: tests/golden and the guide.
cargo xtask setup
    Only install what the commands above would install.
";

enum Task {
    Serve(serve::Options),
    Build,
    Test(test::Options),
    Size {
        json: bool,
    },
    Areas {
        check: bool,
    },
    Bench(bench::Options),
    Soak(soak::Options),
    Guide {
        check: bool,
    },
    Golden,
    Setup,
    /// Called by Trunk after each build (see Trunk.toml), not by people.
    Finish,
    Help,
}

fn main() -> ExitCode {
    let task = match parse(Parser::from_env()) {
        Ok(task) => task,
        Err(error) => {
            eprintln!("error: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(task) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// True when all is well; false when what is wrong was printed already.
fn run(task: Task) -> Result<bool> {
    match task {
        Task::Serve(options) => serve::run(&options).map(|()| true),
        Task::Build => serve::build().map(|()| true),
        Task::Test(options) => test::run(&options),
        Task::Size { json } => size::run(json),
        Task::Areas { check } => areas::run(check),
        Task::Bench(options) => bench::run(&options).map(|()| true),
        Task::Soak(options) => soak::run(&options).map(|()| true),
        Task::Guide { check } => guide::run(check),
        Task::Golden => golden::run(),
        Task::Setup => setup::for_build()
            .and_then(|()| setup::for_lint())
            .and_then(|()| setup::for_browsers())
            .map(|()| {
                setup::for_host_tests();
                true
            }),
        Task::Finish => finish::run().map(|()| true),
        Task::Help => {
            print!("{USAGE}");
            Ok(true)
        }
    }
}

fn parse(mut args: Parser) -> Result<Task, lexopt::Error> {
    let mut task = match args.next()? {
        Some(Arg::Value(name)) => match name.string()?.as_str() {
            "serve" => Task::Serve(serve::Options::default()),
            "build" => Task::Build,
            "test" => Task::Test(test::Options::default()),
            "size" => Task::Size { json: false },
            "areas" => Task::Areas { check: false },
            "bench" => Task::Bench(bench::Options::default()),
            "soak" => Task::Soak(soak::Options::default()),
            "guide" => Task::Guide { check: false },
            "golden" => Task::Golden,
            "setup" => Task::Setup,
            "finish" => Task::Finish,
            "help" => Task::Help,
            other => return Err(format!("there is no command «{other}»").into()),
        },
        None | Some(Arg::Long("help") | Arg::Short('h')) => Task::Help,
        Some(other) => return Err(other.unexpected()),
    };
    while let Some(arg) = args.next()? {
        match (&mut task, arg) {
            (_, Arg::Long("help") | Arg::Short('h')) => return Ok(Task::Help),
            (Task::Serve(options), Arg::Long("port")) => options.port = args.value()?.parse()?,
            (Task::Serve(options), Arg::Long("db")) => options.db = PathBuf::from(args.value()?),
            (Task::Serve(options), Arg::Long("debug")) => options.debug = true,
            (Task::Test(options), Arg::Long("fast")) => options.fast = true,
            (Task::Test(options), Arg::Long("only")) => {
                let part = args.value()?.parse_with(str::parse)?;
                options.only.push(part);
            }
            (Task::Bench(options), Arg::Long("page")) => options.what = bench::What::Page,
            (Task::Bench(options), Arg::Long("load")) => options.what = bench::What::Load,
            (Task::Bench(options), Arg::Long("queue")) => options.what = bench::What::Queue,
            (Task::Bench(options), Arg::Long("count")) => {
                options.count = Some(args.value()?.parse()?);
            }
            (Task::Bench(options), Arg::Long("write")) => options.write = true,
            (Task::Bench(options), Arg::Long("rounds")) => {
                options.rounds = Some(args.value()?.parse()?);
            }
            (Task::Bench(options), Arg::Long("only")) => {
                options.only.push(args.value()?.string()?);
            }
            (Task::Soak(options), Arg::Long("runs")) => options.runs = Some(args.value()?.parse()?),
            (Task::Soak(options), Arg::Long("seed")) => options.seed = Some(args.value()?.parse()?),
            (Task::Soak(options), Arg::Long("engine")) => {
                options.engine = Some(args.value()?.string()?);
            }
            (Task::Soak(options), Arg::Long("kills")) => {
                options.kills = Some(args.value()?.parse()?);
            }
            (Task::Soak(options), Arg::Long("quick")) => options.quick = true,
            (Task::Size { json }, Arg::Long("json")) => *json = true,
            (Task::Areas { check } | Task::Guide { check }, Arg::Long("check")) => *check = true,
            (_, arg) => return Err(arg.unexpected()),
        }
    }
    Ok(task)
}
