//! The program `eform`: what form authors do on a command line. It reads arguments and files and
//! writes what the library `eform::tools` says.
//!
//! It ends with 0 where there is nothing to say, with 1 where something was found, and with 2 where
//! a file cannot be read or the command line is wrong.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Parser, Subcommand};
use eform::{Date, tools};
use serde_json::{Value, json};

/// Tools for people who write forms.
#[derive(Debug, Parser)]
#[command(name = "eform", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say everything that is wrong or odd with forms.
    Check {
        /// The forms' files.
        #[arg(required = true)]
        forms: Vec<PathBuf>,
        /// Write one JSON list for programs.
        #[arg(long)]
        json: bool,
        /// The day to look at the forms on, as 2026-11-20; today unless told.
        #[arg(long, value_parser = day)]
        today: Option<Date>,
    },
    /// Print the JSON Schema of the form language, for editors.
    Language,
}

/// Why a command could not be carried out: the text is what the author sees.
type Failure = String;

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failure) => {
            eprintln!("eform: {failure}");
            ExitCode::from(2)
        }
    }
}

/// Runs a command; whether there was nothing to say.
fn run(command: Command) -> Result<bool, Failure> {
    match command {
        Command::Check { forms, json, today } => check(&forms, json, today.unwrap_or_else(now)),
        Command::Language => print_json(&tools::language()),
    }
}

fn check(forms: &[PathBuf], as_json: bool, today: Date) -> Result<bool, Failure> {
    let (mut all, mut lines, mut good) = (Vec::new(), String::new(), true);
    for form in forms {
        for issue in tools::check(&read(form)?, today) {
            good &= !issue.fails();
            lines += &format!("{}:{issue}\n", form.display());
            let mut issue = serde_json::to_value(&issue).map_err(|error| error.to_string())?;
            issue["file"] = json!(form.display().to_string());
            all.push(issue);
        }
    }
    if as_json {
        print_json(&Value::Array(all))?
    } else {
        print(&lines)?
    };
    Ok(good)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn print_json(value: &Value) -> Result<bool, Failure> {
    print(&format!("{value:#}\n"))
}

/// A reader such as `head` that closes the pipe early has what it wanted.
fn print(text: &str) -> Result<bool, Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write: {error}"))
        }
        _ => Ok(true),
    }
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse_iso(text).ok_or_else(|| "expected a day as 2026-11-20".to_owned())
}

/// Today in Thailand, where the sun is seven hours ahead of UTC.
fn now() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    tools::day_since_1970(((since.as_secs() + 7 * 3600) / 86_400) as u32)
}
