//! `cargo xtask bench --load`: how many submissions a second the agency takes from so many phones at once,
//! and how long each waits for its receipt, beside what the database takes of the same rows without the
//! agency. The real server, connections that are kept, the real form; the two take turns, so that a machine
//! that is busy for a while is so for both. Figures to look at: nothing fails by being slow, but everything
//! does by a receipt that is wrong.

mod bare;
#[path = "../../agency/tests/support/cluster.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod cluster;
mod figures;
mod phones;
mod sample;
mod server;

use std::{env, path::PathBuf, process::ExitCode, time::Duration};

use cluster::{Cluster, Disk};
use figures::{Figures, Rival};
use server::Server;

/// How many phones, or writers, at once.
const AT_ONCE: [usize; 3] = [1, 16, 64];

pub type Result<T> = std::result::Result<T, String>;

struct Options {
    write: bool,
    rounds: u32,
    /// How long the phones of one turn begin new submissions.
    turn: Duration,
}

fn main() -> ExitCode {
    let run = options().and_then(|options| {
        let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
        runtime.block_on(measure(&options))
    });
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Options> {
    let mut options = Options { write: false, rounds: 3, turn: Duration::from_secs(4) };
    for arg in env::args().skip(1) {
        let number = |text: &str| text.parse().map_err(|_| format!("{text} is not a number"));
        match arg.split_once('=') {
            None if arg == "--write" => options.write = true,
            Some(("--rounds", text)) => options.rounds = number(text)?,
            Some(("--seconds", text)) => options.turn = Duration::from_secs(number(text)?.into()),
            _ => return Err(format!("unknown: {arg}")),
        }
    }
    Ok(options)
}

async fn measure(options: &Options) -> Result<()> {
    let program = env::var_os("EFORM_AGENCY").map(PathBuf::from);
    let program = program.ok_or("EFORM_AGENCY says where the agency's server is")?;
    let busy = figures::busy();
    let mut figures = Figures::default();
    on("SQLite", &Server::start(&program, None)?, options, &mut figures).await?;
    match Cluster::start(&Disk::Waits) {
        Some(cluster) => {
            let server = Server::start(&program, Some(&cluster))?;
            on("PostgreSQL", &server, options, &mut figures).await?;
        }
        None => eprintln!("PostgreSQL is left out: it is not installed"),
    }
    let table = figures.table();
    println!("\n{table}");
    if options.write { figures::write(&table, busy) } else { Ok(()) }
}

async fn on(name: &str, server: &Server, options: &Options, figures: &mut Figures) -> Result<()> {
    let bare = bare::Bare::beside(server).await?;
    let mut sample = sample::Sample::read()?;
    for round in 1..=options.rounds {
        for at_once in AT_ONCE {
            eprintln!("{name}, {at_once} at once, round {round} of {}", options.rounds);
            let turn = phones::turn(server, &mut sample, at_once, options.turn).await?;
            figures.add((name, at_once, Rival::Agency), turn.took, &turn.waits);
            figures.add_processor((name, at_once), turn.processor);
            let rows = turn.rows;
            let (took, waits) = bare.turn(rows, at_once).await?;
            figures.add((name, at_once, Rival::Bare), took, &waits);
        }
    }
    let kept = bare::count(&server.db()).await?;
    if kept != figures.received(name) {
        return Err(format!("{} receipts of {name}, and {kept} rows", figures.received(name)));
    }
    Ok(())
}
