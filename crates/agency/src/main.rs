//! The program `eform-agency`: reads the command line and runs what it asks for.

use std::process::ExitCode;

use clap::Parser;
use eform_agency::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    eform_agency::start_log();
    eform_agency::quiet_panics();
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("eform-agency: {error}");
            ExitCode::FAILURE
        }
    }
}
